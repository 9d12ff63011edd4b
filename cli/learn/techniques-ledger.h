/* What a study of techniques has found so far: the scores of each way and split, by name.
 *
 * Thread: one thread at a time.
 */
#pragma once

#include "cli/learn/techniques-study.h"

G_BEGIN_DECLS

typedef struct SaxidTechniquesLedger SaxidTechniquesLedger;

/* Opens or begins that of settings->directory. Errors: as saxid_study_file_open. */
SaxidTechniquesLedger *saxid_techniques_ledger_open (const SaxidTechniquesStudy *settings, GError **error);
void saxid_techniques_ledger_free (SaxidTechniquesLedger *ledger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidTechniquesLedger, saxid_techniques_ledger_free)

/* The n numbers of a unit; FALSE where it is not done, or has another number of them. */
gboolean saxid_techniques_ledger_get (const SaxidTechniquesLedger *ledger, const char *unit, double *numbers, guint n);
/* Errors: SAXID_ERROR_IO. */
gboolean saxid_techniques_ledger_put (SaxidTechniquesLedger *ledger, const char *unit, const double *numbers, guint n, GError **error);

G_END_DECLS
