/* A file that is being tagged: read, judged curve by curve, written at once.
 *
 * Thread: a job belongs to one thread at a time.
 */
#pragma once

#include "plugin/pipeline.h"

G_BEGIN_DECLS

/* options may be NULL. Errors: those of the reader. */
struct saxid_job *saxid_job_new (const struct saxid_context *context, const char *path,
                                 const struct saxid_tag_options *options, GError **error);
void saxid_job_free (struct saxid_job *job);

/* Curves of the data set i_path, which are not read then. take: curve k of `curves` as a copy,
 * q in 1/Å. Errors: SAXID_ERROR_ARGUMENT (no such data set, another number, too late). */
typedef SaxidCurve *(*SaxidJobTake) (gconstpointer curves, gsize k);
gboolean saxid_job_hold (struct saxid_job *job, const char *i_path, gconstpointer curves, gsize n, SaxidJobTake take,
                         GError **error);

/* Judges the next curve, and fits it where seed is not NULL and it can be. *done is set
 * when there was none left.
 * Errors: SAXID_ERROR_MODEL; a curve that cannot be read is REJECTED. */
gboolean saxid_job_next (struct saxid_job *job, struct saxid_workspace *workspace,
                         struct saxid_row *row, SaxidJudgement *judgement, SaxidSeed *seed,
                         gboolean *has_seed, gboolean *done, GError **error);

/* Writes what was judged; nothing on a dry run. Errors: those of the writer;
 * SAXID_ERROR_ARGUMENT when curves are left. */
gboolean saxid_job_commit (struct saxid_job *job, GError **error);

G_END_DECLS
