/* Which scores of a study answer a question, and what do they come to?
 *
 * Accuracies are means over training sessions ± 3 standard deviations, as in Monge et al.
 * 2024, https://doi.org/10.1107/S2053273324000950.
 *
 * Units: accuracies are parts, 0 to 1; texts are in per cent. Thread: no state.
 */
#pragma once

#include "cli/learn/study-ledger.h"

G_BEGIN_DECLS

/* What is wanted of the records; NULL: any. */
typedef struct
{
  const char *experiment, *preprocess, *training, *representation, *classifier, *test;
  gboolean with_q;
} SaxidStudyQuery;

gboolean saxid_study_matches (const SaxidStudyRecord *record, const SaxidStudyQuery *query);

/* Element: pointer to a record of the ledger. */
GPtrArray *saxid_study_find (const SaxidStudyLedger *ledger, const SaxidStudyQuery *query);

/* Of the same records. Element: double. */
GArray *saxid_study_accuracies (const SaxidStudyLedger *ledger, const SaxidStudyQuery *query);

/* NAN where there are too few values. */
double saxid_study_mean (const GArray *values);
double saxid_study_deviation (const GArray *values);

/* "86.7 ± 1.6", in per cent; "–" where there is nothing. */
char *saxid_study_measure (const GArray *values);

/* Whether a rank-sum test could find a difference between so many sessions: even the clearest
 * order of them comes by chance once in so many orders. */
gboolean saxid_study_could_tell (gsize n, gsize m);

/* Whether such a test, which could, finds none. */
gboolean saxid_study_is_alike (const GArray *own, const GArray *best);

/* How many of the pairs of methods the second score puts in the order of the first; *all gets
 * the number of pairs that differ in both. */
guint saxid_study_agreements (guint n, const double *first, const double *second, guint *all);

G_END_DECLS
