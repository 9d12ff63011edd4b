/* Processes that go through files of others, one file each at a time.
 *
 * A file that kills libhdf5, takes too long or too much memory costs its worker, not the
 * run. A worker that dies may have been damaged by a file that it had before: then the one
 * at work is tried once more, by a new one. Workers are forked before anything else runs,
 * load the model themselves, and tell over a pipe what they found. They tag; a verb that does
 * something else with files brings its own work.
 *
 * Thread: one thread, and no other in the process when the pool is made.
 */
#pragma once

#include "cli/archive/ledger.h"
#include "cli/module.h"
#include "cli/reduce/job.h"
#include "plugin/saxid-plugin.h"

G_BEGIN_DECLS

typedef struct SaxidArchivePool SaxidArchivePool;

/* What a worker does with a file instead of tagging it. It tells of that by a last line in
 * answer: "D\n", or "F\t", what is wrong in printable text, and "\n".
 * Thread: in the process of a worker. */
typedef void (*SaxidArchiveWork) (const char *path, GString *answer, gpointer data);

typedef struct
{
  guint workers;
  SaxidArchiveWork work; /* NULL: tag, or follow; otherwise no model is loaded */
  gpointer work_data;
  const char *work_model; /* checksum of what it asks, for the ledger; or NULL */
  const char *model, *classes, *prior; /* NULL: shipped, all, shipped */
  const char *element; /* of particles of atoms; NULL: as the file says, or found */
  SaxidEvidence evidence; /* of files that grow: no fits */
  struct saxid_tag_options tag;
  double time_limit;    /* s for one file, or for one sign of life where files are followed */
  guint64 memory_limit; /* bytes of address space of a worker */
  gboolean follow;      /* files that grow, see follow.h: the workers load the model when there
                           is something to do */
  double poll, idle;    /* s, as in follow.h */
  const SaxidReduceOptions *reduce; /* how files of frames become curves first; NULL: they are none */
} SaxidArchivePoolOptions;

typedef struct
{
  const char *path;
  const char *state;  /* SAXID_ARCHIVE_DONE, … */
  char *error;        /* or NULL */
  double seconds;
  gint64 size, mtime; /* of what the outcome is about, also where the file has changed since */
  gint64 mtime_before; /* as it was given */
  gboolean is_followed; /* by a worker that follows files, whose tags are in a side file */
  GPtrArray *curves;  /* of SaxidArchiveCurve */
  guint first_new;    /* of them: those before were part of an outcome already, or are old */
  gboolean more;      /* the file is still at work: these curves are new, more will come */
  gboolean to_keep;   /* with more: they are for the ledger, and not told again at the end */
  gboolean goes_on;   /* with to_keep or at the end: those of to_keep before still count */
  GPtrArray *remarks; /* of char *: what a person should know; or NULL */
} SaxidArchiveOutcome;

/* Size in bytes and time of the last change in ns; -1 of a file that is gone. */
void saxid_archive_look_at (const char *path, gint64 *size, gint64 *mtime);

/* Errors: SAXID_ERROR_IO, and what the first worker says of the model. */
SaxidArchivePool *saxid_archive_pool_new (const SaxidArchivePoolOptions *options, GError **error);
void saxid_archive_pool_free (SaxidArchivePool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidArchivePool, saxid_archive_pool_free)

/* The checksum of the model that the workers ask; empty where they have work of their own. */
const char *saxid_archive_pool_model (const SaxidArchivePool *pool);

/* Whether a worker is free. */
gboolean saxid_archive_pool_idle (const SaxidArchivePool *pool);
guint saxid_archive_pool_busy (const SaxidArchivePool *pool);
/* Gives a free worker a file. Errors: SAXID_ERROR_IO. */
gboolean saxid_archive_pool_give (SaxidArchivePool *pool, const char *path, GError **error);
/* Waits for the next outcome, `ms` at most; FALSE where there is none by then. The outcome
 * is valid until the next call. */
gboolean saxid_archive_pool_take (SaxidArchivePool *pool, int ms, SaxidArchiveOutcome *outcome);

/* Workers that follow files are to close them; their outcomes say what was done till then. */
void saxid_archive_pool_stop (SaxidArchivePool *pool);

G_END_DECLS
