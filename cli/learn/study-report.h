/* The page of a study: tables as in the paper, and its figures.
 *
 * Thread: no state.
 */
#pragma once

#include "cli/learn/study-ledger.h"

G_BEGIN_DECLS

/* Writes README.md and the figures into a directory, which is made if it is not there.
 * Errors: SAXID_ERROR_IO, SAXID_ERROR_DATA when the ledger has no result. */
gboolean saxid_study_report (const SaxidStudyLedger *ledger, const char *directory, GError **error);

G_END_DECLS
