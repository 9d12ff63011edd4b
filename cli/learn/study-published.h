/* Which accuracies does the paper give?
 *
 * Monge, Deschamps & Amini 2024, Acta Cryst. A80, 202,
 * https://doi.org/10.1107/S2053273324000950, tables 1 and 2.
 *
 * Units: per cent. Thread: no state.
 */
#pragma once

#include "cli/learn/study-scores.h"

G_BEGIN_DECLS

/* The mean, NAN where the paper has none. query: representation, with_q, classifier, training
 * (NULL: the Xeuss configuration) and test. */
double saxid_study_published (const SaxidStudyQuery *query);

/* "86.7 ± 1.6", "–" where the paper has none. */
char *saxid_study_published_text (const SaxidStudyQuery *query);

G_END_DECLS
