/* The workers, the ledger and the bar of a run over files.
 *
 * Thread: one thread.
 */
#pragma once

#include "cli/archive/pool.h"
#include "cli/progress.h"

G_BEGIN_DECLS

/* The ledger where none is named. */
#define SAXID_ARCHIVE_LEDGER "saxid-ledger.sqlite"

typedef struct
{
  const char *verb; /* for messages */
  SaxidArchiveLedger *ledger;
  SaxidArchivePool *pool;
  SaxidProgress *progress; /* or NULL */
  gboolean dry_run, retry;
  const char *tags; /* where they go: SAXID_ARCHIVE_IN_FILE, … */
  guint64 n_done, n_failed, n_skipped, n_curve;
  guint64 n_failed_before; /* of those that are skipped */
} SaxidArchiveRun;

/* A file that was left as it is now, by this model, needs nothing; one that failed would
 * fail again, and is counted. Errors: those of the ledger. */
gboolean saxid_archive_run_needs (SaxidArchiveRun *run, const char *path, gboolean *needs, GError **error);
/* Gives idle workers those of the paths from *next on that need it; the others are skipped. Ends at an interruption. */
gboolean saxid_archive_run_hand_out (SaxidArchiveRun *run, const GPtrArray *paths, guint *next, GError **error);
/* Whether it was a growing file when it was left, and its tags are not complete: the work
 * was stopped, or took its worker with it and left a side file. */
gboolean saxid_archive_run_is_followed (const SaxidArchiveRun *run, const char *path, gboolean *followed, GError **error);
/* Says what a person should know of a file that is followed. */
void saxid_archive_run_remark (const SaxidArchiveRun *run, const SaxidArchiveOutcome *outcome);
/* Puts curves of a file that is still followed into the ledger. */
gboolean saxid_archive_run_keep (SaxidArchiveRun *run, const SaxidArchiveOutcome *outcome, GError **error);
/* Counts it, says what went wrong, and puts it into the ledger. */
gboolean saxid_archive_run_note (SaxidArchiveRun *run, const SaxidArchiveOutcome *outcome, GError **error);

/* "13 as they were (1 of them failed before, --retry tries it again), 0 failed". g_free */
char *saxid_archive_run_rest (const SaxidArchiveRun *run);

G_END_DECLS
