/* Which curves of a long run are plotted?
 *
 * Thread: no state.
 */
#include "cli/report-page/choice.h"

#include <math.h>

#define N_OUTLIERS 3 /* of the representatives */

typedef struct
{
  gboolean *shown;
  guint n, limit;
} Choice;

static void
choose (Choice *choice, const SaxidReportPage *page, gsize index)
{
  if (choice->n >= choice->limit || choice->shown[index] || page->curve[index].curve == NULL)
    return;
  choice->shown[index] = TRUE;
  choice->n++;
}

/* The most and the least certain curve of each class that was found. */
static void
choose_extremes (Choice *choice, const SaxidReportPage *page)
{
  g_autoptr (GArray) seen = g_array_new (FALSE, FALSE, sizeof (gsize));

  for (gsize k = 0; k < page->n_curve; k++)
    {
      gsize most = k, least = k;
      gboolean known = page->curve[k].curve == NULL || saxid_report_curve_probability (&page->curve[k]) < 0;

      for (guint s = 0; s < seen->len && !known; s++)
        known = saxid_report_curve_same_best (&page->curve[k], &page->curve[g_array_index (seen, gsize, s)]);
      if (known)
        continue;
      g_array_append_val (seen, k);
      for (gsize j = k; j < page->n_curve; j++)
        if (page->curve[j].curve != NULL && saxid_report_curve_same_best (&page->curve[k], &page->curve[j]))
          {
            if (saxid_report_curve_probability (&page->curve[j]) > saxid_report_curve_probability (&page->curve[most]))
              most = j;
            if (saxid_report_curve_probability (&page->curve[j]) < saxid_report_curve_probability (&page->curve[least]))
              least = j;
          }
      choose (choice, page, most);
      choose (choice, page, least);
    }
}

static void
choose_outliers (Choice *choice, const SaxidReportPage *page)
{
  double ceiling = INFINITY;

  for (guint round = 0; round < N_OUTLIERS; round++)
    {
      gsize farthest = page->n_curve;

      for (gsize k = 0; k < page->n_curve; k++)
        if (page->curve[k].outlier && page->curve[k].outlier_score < ceiling
            && (farthest == page->n_curve
                || page->curve[k].outlier_score > page->curve[farthest].outlier_score))
          farthest = k;
      if (farthest == page->n_curve)
        return;
      choose (choice, page, farthest);
      ceiling = page->curve[farthest].outlier_score;
    }
}

gboolean *
saxid_report_choice (const SaxidReportPage *page, guint *n_shown)
{
  guint limit = page->max_plots > 0 ? page->max_plots : SAXID_REPORT_PLOTS;
  Choice choice = { g_new0 (gboolean, page->n_curve + 1), 0, limit };

  if (page->n_curve > limit)
    {
      choose (&choice, page, 0);
      choose (&choice, page, page->n_curve - 1);
      choose_outliers (&choice, page);
      choose_extremes (&choice, page);
      for (guint k = 0; k < limit; k++)
        choose (&choice, page, (gsize) ((double) k * (double) (page->n_curve - 1) / limit));
    }
  for (gsize k = 0; k < page->n_curve; k++)
    choose (&choice, page, k);
  *n_shown = choice.n;
  return choice.shown;
}
