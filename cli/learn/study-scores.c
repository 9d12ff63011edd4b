/* Which scores of a study answer a question, and what do they come to?
 *
 * Thread: no state.
 */
#include "config.h"

#include "cli/learn/study-scores.h"

#include <math.h>
#include <string.h>

#include "models/learn/study/rank-sum.h"

#define SIGNIFICANT 0.01

gboolean
saxid_study_matches (const SaxidStudyRecord *record, const SaxidStudyQuery *query)
{
#define SAME(member_) (query->member_ == NULL || strcmp (record->member_, query->member_) == 0)
  return SAME (experiment) && SAME (preprocess) && SAME (training) && SAME (representation) && SAME (classifier)
         && SAME (test) && record->with_q == query->with_q;
#undef SAME
}

GPtrArray *
saxid_study_find (const SaxidStudyLedger *ledger, const SaxidStudyQuery *query)
{
  const GPtrArray *records = saxid_study_ledger_records (ledger);
  GPtrArray *found = g_ptr_array_new ();

  for (guint k = 0; k < records->len; k++)
    if (saxid_study_matches (records->pdata[k], query))
      g_ptr_array_add (found, records->pdata[k]);
  return found;
}

GArray *
saxid_study_accuracies (const SaxidStudyLedger *ledger, const SaxidStudyQuery *query)
{
  g_autoptr (GPtrArray) found = saxid_study_find (ledger, query);
  GArray *values = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint k = 0; k < found->len; k++)
    g_array_append_val (values, ((SaxidStudyRecord *) found->pdata[k])->accuracy);
  return values;
}

double
saxid_study_mean (const GArray *values)
{
  double sum = 0;

  for (guint k = 0; k < values->len; k++)
    sum += g_array_index (values, double, k);
  return values->len > 0 ? sum / values->len : NAN;
}

double
saxid_study_deviation (const GArray *values)
{
  double mean = saxid_study_mean (values), sum = 0;

  for (guint k = 0; k < values->len; k++)
    sum += (g_array_index (values, double, k) - mean) * (g_array_index (values, double, k) - mean);
  return values->len > 1 ? sqrt (sum / (values->len - 1)) : NAN;
}

char *
saxid_study_measure (const GArray *values)
{
  if (values->len == 0)
    return g_strdup ("–");
  if (values->len == 1)
    return g_strdup_printf ("%.1f", 100 * saxid_study_mean (values));
  return g_strdup_printf ("%.1f ± %.1f", 100 * saxid_study_mean (values), 300 * saxid_study_deviation (values));
}

gboolean
saxid_study_could_tell (gsize n, gsize m)
{
  double orders = 1;

  for (gsize k = 1; k <= n; k++)
    orders *= (double) (m + k) / (double) k;
  return 2 / orders < SIGNIFICANT;
}

gboolean
saxid_study_is_alike (const GArray *own, const GArray *best)
{
  return saxid_study_could_tell (own->len, best->len)
         && saxid_rank_sum (own->len, (const double *) (gpointer) own->data, best->len,
                            (const double *) (gpointer) best->data)
              >= SIGNIFICANT;
}

guint
saxid_study_agreements (guint n, const double *first, const double *second, guint *all)
{
  guint agreed = 0;

  *all = 0;
  for (guint k = 0; k < n; k++)
    for (guint j = 0; j < k; j++)
      {
        const double product = (first[k] - first[j]) * (second[k] - second[j]);

        *all += product < 0 || product > 0;
        agreed += product > 0;
      }
  return agreed;
}
