/* A data set that is being made, and survives its maker.
 *
 * Blocks of curves are appended to FILE.part as they come, each with its checksum;
 * when all are there they become the data set FILE, in one piece and with the same
 * bytes, whether the run was interrupted or not. A run that was killed loses the
 * block at hand.
 *
 * The spool is of this machine (its byte order) and of this run: it is taken up
 * again only by a run that would make the same curves.
 *
 * Thread: one thread at a time.
 */
#pragma once

#include "schemas/learn/dataset.h"

G_BEGIN_DECLS

/* Curves in every block but the last. */
#define SAXID_SPOOL_BLOCK 256

typedef struct SaxidDatasetSpool SaxidDatasetSpool;

/* Opens FILE.part, or begins it. identity: all that the curves depend on besides
 * the header. n_done: curves that are there already; anew: forget them.
 * Errors: SAXID_ERROR_IO; SAXID_ERROR_ARGUMENT when it is of another set;
 * SAXID_ERROR_UNSUPPORTED when another run is writing it. */
SaxidDatasetSpool *saxid_dataset_spool_open (const char *path, const SaxidDatasetHeader *header,
                                             const char *identity, gboolean anew, gsize *n_done, GError **error);

/* Errors: SAXID_ERROR_IO. */
gboolean saxid_dataset_spool_append (SaxidDatasetSpool *spool, const SaxidDatasetRows *rows, GError **error);

/* Makes the data set of the first n_curve curves, and removes the spool. */
gboolean saxid_dataset_spool_finish (SaxidDatasetSpool *spool, gsize n_curve, GError **error);

/* The name of FILE.part. */
const char *saxid_dataset_spool_path (const SaxidDatasetSpool *spool);

/* Frees; the spool stays for the next run, unless nothing is in it. */
void saxid_dataset_spool_free (SaxidDatasetSpool *spool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidDatasetSpool, saxid_dataset_spool_free)

G_END_DECLS
