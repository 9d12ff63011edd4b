/* What became of the files of an archive: an SQLite file that survives any kill.
 *
 *   file   path, size, mtime (as they were left), state, model, time, seconds, attempts,
 *          error, tags (where they are), file_time (of the file before it was tagged)
 *   curve  path, entry, data, frame, status, label, confidence, outlier, outlier_score,
 *          measured (when), title, sample, instrument (as the file has them), vector (of a frame:
 *          its row beside the ledger, vectors.h)
 *
 * `saxid sort` notes frames as curves: the technique is the label.
 *
 * Every file is one transaction. One run at a time writes a ledger; anyone may read it.
 *
 * Thread: one thread at a time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct SaxidArchiveLedger SaxidArchiveLedger;

/* file.state */
#define SAXID_ARCHIVE_DONE "done"
#define SAXID_ARCHIVE_FAILED "failed"   /* an error of the file: a rerun would say the same */
#define SAXID_ARCHIVE_BUSY "busy"       /* a writer is at work on it: a rerun may find it done */
#define SAXID_ARCHIVE_CRASHED "crashed" /* took its worker with it, or more time than there is */
#define SAXID_ARCHIVE_FOLLOWED "followed" /* it grows, and its tags are not complete */

/* file.tags */
#define SAXID_ARCHIVE_IN_FILE "file"
#define SAXID_ARCHIVE_BESIDE "side file"
#define SAXID_ARCHIVE_IN_LEDGER "ledger" /* here alone */

/* Opens it, or makes it; for writing, unless another run does (SAXID_ERROR_UNSUPPORTED).
 * Errors: SAXID_ERROR_IO, SAXID_ERROR_FORMAT for a file that is no ledger. */
SaxidArchiveLedger *saxid_archive_ledger_open (const char *path, gboolean writing, GError **error);
void saxid_archive_ledger_free (SaxidArchiveLedger *ledger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidArchiveLedger, saxid_archive_ledger_free)

typedef struct
{
  char *entry, *data, *status, *label; /* label NULL: none */
  char *measured, *title, *sample, *instrument; /* what the file says; NULL: nothing */
  gint64 frame;
  double confidence, outlier_score;
  gboolean outlier;
  char *code;    /* what the worker said of its vector; or NULL */
  gint64 vector; /* row of it; -1: none */
} SaxidArchiveCurve;

typedef struct
{
  const char *path, *state, *model, *error; /* error NULL: none */
  const char *tags;                         /* SAXID_ARCHIVE_IN_FILE, …; NULL: nowhere */
  gint64 size, mtime;                       /* bytes, ns */
  gint64 mtime_before;                      /* ns, as it was read; -1: not known */
  double seconds;
  const GPtrArray *curves; /* of SaxidArchiveCurve */
  gboolean goes_on;        /* curves that are known already stay */
} SaxidArchiveFile;

void saxid_archive_curve_free (SaxidArchiveCurve *curve);

/* Replaces what is known of the file, or, where it goes on, adds to it. Errors: SAXID_ERROR_IO. */
gboolean saxid_archive_ledger_put (SaxidArchiveLedger *ledger, const SaxidArchiveFile *file, GError **error);

/* What is known of it: NULL where nothing is, else its state, to be freed; same: it is as
 * it was left, by this model, and (written) not with its tags in the ledger alone. */
char *saxid_archive_ledger_state (SaxidArchiveLedger *ledger, const char *path, gint64 size, gint64 mtime,
                                  const char *model, gboolean written, gboolean *same, GError **error);

/* Adds the files of another ledger, the later of two entries staying. */
gboolean saxid_archive_ledger_merge (SaxidArchiveLedger *ledger, const char *other, GError **error);

/* Called for each row, values as text, NULL where there is none. FALSE stops. */
typedef gboolean (*SaxidArchiveRow) (guint n, const char *const *name, const char *const *value, gpointer data);

/* Rows of curves joined with their files for which the question (archive/query.h) is true.
 * Errors: SAXID_ERROR_ARGUMENT for a question that is not understood. */
gboolean saxid_archive_ledger_list (SaxidArchiveLedger *ledger, const char *question, SaxidArchiveRow row, gpointer data,
                                    GError **error);

/* Path, frame and label of the frame with this vector. */
gboolean saxid_archive_ledger_vector (SaxidArchiveLedger *ledger, gint64 vector, SaxidArchiveRow row, gpointer data, GError **error);

/* One row: of how many curves, and files, it is true. */
gboolean saxid_archive_ledger_total (SaxidArchiveLedger *ledger, const char *question, SaxidArchiveRow row, gpointer data,
                                     GError **error);

/* Files in each state: state and number by turns. */
gboolean saxid_archive_ledger_count (SaxidArchiveLedger *ledger, SaxidArchiveRow row, gpointer data, GError **error);

G_END_DECLS
