/* What of a reduction is done already, beside its output, for one that is stopped.
 *
 *   OUTPUT.resume   "saxid-resume-1\n", SHA-256 of the reduction, then a row for each frame
 *
 * A row has the sums of a frame, or what was wrong with it, and ends with a checksum: one that
 * was torn counts as not written, with all behind it. Rows are in the order of files and frames;
 * a frame without a row, before one of its file that has one, was left out.
 *
 * Units: as of SaxidSums. Thread: one thread; one process at a time, which holds a lock.
 */
#pragma once

#include "cli/reduce/job.h"
#include "reducers/run.h"

G_BEGIN_DECLS

/* Behind the name of the output. */
#define SAXID_REDUCE_JOURNAL_SUFFIX ".resume"

typedef struct SaxidReduceJournal SaxidReduceJournal;

/* Takes a frame of the journal: FALSE ends the reading with an error. */
typedef gboolean (*SaxidReduceJournalTake) (const SaxidRunFrame *frame, gpointer data, GError **error);

/* paths: the files of the run, NULL-terminated. grow: they may have changed since, and are known
 * by their inodes. *begun_anew: there was a journal, of another reduction or of files that have
 * changed since. Errors: SAXID_ERROR_IO. */
SaxidReduceJournal *saxid_reduce_journal_open (const SaxidReduceJob *job, const SaxidPreparedChain *prepared, char **paths,
                                               gboolean grow, gboolean *begun_anew, GError **error);
/* Keeps what is there. */
void saxid_reduce_journal_close (SaxidReduceJournal *journal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidReduceJournal, saxid_reduce_journal_close)

/* Gives the rows of file `file` (of paths) that are whole, once; files in their order. Errors: those of take. */
gboolean saxid_reduce_journal_read (SaxidReduceJournal *journal, guint file, SaxidReduceJournalTake take, gpointer data,
                                    GError **error);

/* Whether there are rows that were not given yet. */
gboolean saxid_reduce_journal_has_more (SaxidReduceJournal *journal);

/* The frame of file `file` is done; rows that were not given are dropped. Errors: SAXID_ERROR_IO. */
gboolean saxid_reduce_journal_put (SaxidReduceJournal *journal, guint file, const SaxidRunFrame *frame, GError **error);

/* The output is there, or what is kept is of no worth: takes the journal away. */
void saxid_reduce_journal_done (SaxidReduceJournal *journal);

G_END_DECLS
