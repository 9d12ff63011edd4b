/* How do the curves of a run change from frame to frame?
 *
 * Thread: see runs.h.
 */
#include "cli/report-page/runs.h"

#include <math.h>

#include "cli/report-page/put.h"

#define FRAMES_FOR_PLOT 8 /* frames; from here on a run is drawn over time */
#define MAX_FRAME_PLOTS 12

/* A run: frames of one entry that one model looked at. */
static gboolean
same_run (const SaxidReportCurve *a, const SaxidReportCurve *b)
{
  return a->frame >= 0 && b->frame >= 0 && g_strcmp0 (a->file, b->file) == 0
         && g_strcmp0 (a->entry, b->entry) == 0 && a->n_class == b->n_class;
}

static void
put_heat (GString *out, const SaxidReportPage *page, gsize first, gsize end)
{
  const SaxidReportCurve *curve = &page->curve[first];
  g_autofree const SaxidCurve **curves = g_new (const SaxidCurve *, end - first);
  g_autofree char *title = g_strdup_printf ("%s, %" G_GSIZE_FORMAT " frames", curve->file != NULL ? curve->file : "run", end - first);

  for (gsize k = first; k < end; k++)
    curves[k - first] = page->curve[k].curve;
  saxid_report_put_drawing (out, saxid_plot_heat (&(SaxidHeatPlot) { .title = title, .n_frame = end - first, .curve = curves,
                                                                    .intensity_unit = curve->i_unit, .width = 1100 },
                                                 SAXID_CANVAS_SVG_INLINE));
}

static void
append_run (GString *out, const SaxidReportPage *page, gsize first, gsize end)
{
  const SaxidReportCurve *curve = &page->curve[first];
  guint n_class = curve->n_class;
  g_autofree float *probability = g_new (float, (end - first) * n_class + 1);
  g_autofree char *title = g_strdup_printf ("%s – class probabilities over %" G_GSIZE_FORMAT " frames",
                                            curve->file != NULL ? curve->file : "run", end - first);

  for (gsize k = first; k < end; k++)
    for (guint c = 0; c < n_class; c++)
      {
        const float *p = page->curve[k].probability;

        probability[(k - first) * n_class + c] = p != NULL && isfinite (p[c]) ? p[c] : -1;
      }
  g_string_append (out, "<section class=\"card wide\">\n");
  put_heat (out, page, first, end);
  saxid_report_put_drawing (out, saxid_plot_frames (&(SaxidFramesPlot) { .title = title,
                                                              .n_class = n_class,
                                                              .name = curve->class_name,
                                                              .n_frame = end - first,
                                                              .probability = probability,
                                                              .width = 1100 },
                                          SAXID_CANVAS_SVG_INLINE));
  g_string_append (out, "</section>\n");
}

void
saxid_report_runs (GString *out, const SaxidReportPage *page)
{
  guint drawn = 0;

  for (gsize k = 0; k < page->n_curve && drawn < MAX_FRAME_PLOTS;)
    {
      gsize end = k + 1;

      while (end < page->n_curve && same_run (&page->curve[k], &page->curve[end]))
        end++;
      if (end - k >= FRAMES_FOR_PLOT && page->curve[k].n_class > 0)
        {
          append_run (out, page, k, end);
          drawn++;
        }
      k = end;
    }
}
