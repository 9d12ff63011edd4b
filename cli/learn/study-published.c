/* Which accuracies does the paper give? A table of them.
 *
 * Thread: no state.
 */
#include "config.h"

#include "cli/learn/study-published.h"

#include <math.h>
#include <string.h>

typedef struct
{
  const char *representation;
  gboolean with_q;
  const char *classifier, *training, *test;
  double mean, spread; /* of 3 standard deviations; NAN where it is not given */
} Published;

static const Published published[] = {
  { "I", FALSE, "KNN", "xeuss", "xeuss", 55.4, 0.0 },
  { "I", FALSE, "RF", "xeuss", "xeuss", 75.0, 0.9 },
  { "I", FALSE, "XGBoost", "xeuss", "xeuss", 73.8, 1.1 },
  { "PCA90", FALSE, "KNN", "xeuss", "xeuss", 64.9, 0.3 },
  { "PCA90", FALSE, "RF", "xeuss", "xeuss", 69.5, 1.6 },
  { "PCA90", FALSE, "XGBoost", "xeuss", "xeuss", 70.0, 1.8 },
  { "CAE200", FALSE, "KNN", "xeuss", "xeuss", 66.5, 1.3 },
  { "CAE200", FALSE, "RF", "xeuss", "xeuss", 69.6, 1.0 },
  { "CAE200", FALSE, "XGBoost", "xeuss", "xeuss", 70.1, 1.5 },
  { "CNN", FALSE, "KNN", "xeuss", "xeuss", 84.1, 1.1 },
  { "CNN", FALSE, "RF", "xeuss", "xeuss", 84.9, 1.2 },
  { "CNN", FALSE, "XGBoost", "xeuss", "xeuss", 86.7, 1.6 },
  { "CNN", TRUE, "XGBoost", "xeuss", "xeuss", 88.5, 0.8 },
  { "CNN", FALSE, "perceptron", "xeuss", "xeuss", 83.4, NAN },
  { "CNN", TRUE, "XGBoost", "xeuss", "nano", 44.5, 4.8 },
  { "CNN", TRUE, "XGBoost", "nano", "xeuss", 56.1, 4.2 },
  { "CNN", TRUE, "XGBoost", "nano", "nano", 86.8, 1.2 },
  { "CNN", TRUE, "XGBoost", "comp", "xeuss", 85.2, 1.3 },
  { "CNN", TRUE, "XGBoost", "comp", "nano", 85.2, 1.7 },
  { "CNN", TRUE, "XGBoost", "full", "xeuss", 87.5, 1.1 },
  { "CNN", TRUE, "XGBoost", "full", "nano", 87.4, 0.8 },
};

static const Published *
find_row (const SaxidStudyQuery *query)
{
  const char *training = query->training != NULL ? query->training : "xeuss";

  for (gsize k = 0; k < G_N_ELEMENTS (published); k++)
    if (published[k].with_q == query->with_q && strcmp (published[k].representation, query->representation) == 0
        && strcmp (published[k].classifier, query->classifier) == 0 && strcmp (published[k].training, training) == 0
        && strcmp (published[k].test, query->test) == 0)
      return &published[k];
  return NULL;
}

double
saxid_study_published (const SaxidStudyQuery *query)
{
  const Published *row = find_row (query);

  return row != NULL ? row->mean : NAN;
}

char *
saxid_study_published_text (const SaxidStudyQuery *query)
{
  const Published *row = find_row (query);

  if (row == NULL)
    return g_strdup ("–");
  return isnan (row->spread) ? g_strdup_printf ("%.1f", row->mean)
                             : g_strdup_printf ("%.1f ± %.1f", row->mean, row->spread);
}
