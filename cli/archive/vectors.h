/* The vectors of the frames of an archive, beside its ledger: LEDGER.vectors.
 *
 * A head of 128 bytes (what it is, numbers of a vector, checksum of the network), then a row a frame
 * of 16-bit floats, little endian. The ledger knows which row is of which frame (curve.vector);
 * rows of frames that have changed since stay, and are of none.
 *
 * Thread: one thread at a time.
 */
#pragma once

#include "cli/archive/ledger.h"

G_BEGIN_DECLS

typedef struct SaxidArchiveVectors SaxidArchiveVectors;

/* Opens those beside a ledger. writing: rows come to the end; what is there of another network
 * is dropped. Otherwise that is an error.
 * Errors: SAXID_ERROR_IO, SAXID_ERROR_FORMAT for what is no such file. */
SaxidArchiveVectors *saxid_archive_vectors_open (const char *ledger, const char *model, gsize width, gboolean writing, GError **error);
void saxid_archive_vectors_free (SaxidArchiveVectors *vectors);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidArchiveVectors, saxid_archive_vectors_free)

/* For the words of a worker: base64 of a row; NULL for an image without a vector. g_free. */
char *saxid_archive_vectors_say (const float *vector, gsize width);

/* Adds what saxid_archive_vectors_say gave. *row: its place, -1 where it is none.
 * Errors: SAXID_ERROR_IO. */
gboolean saxid_archive_vectors_add (SaxidArchiveVectors *vectors, const char *said, gint64 *row, GError **error);

/* On the disk. Errors: SAXID_ERROR_IO. */
gboolean saxid_archive_vectors_sync (SaxidArchiveVectors *vectors, GError **error);

/* A frame that looks like the one that was asked for. */
typedef struct
{
  char *path, *label; /* label NULL: none */
  gint64 frame;
  double distance;    /* 1 - cosine */
} SaxidArchiveNear;

/* The `most` nearest frames that the ledger knows, the nearest first. Returns how many; -1 on error.
 * Shape: vector [width], near [most], each to be cleared.
 * Errors: SAXID_ERROR_IO, SAXID_ERROR_DATA for a vector without a length. */
int saxid_archive_vectors_nearest (SaxidArchiveVectors *vectors, SaxidArchiveLedger *ledger, const float *vector, guint most,
                                   SaxidArchiveNear *near, GError **error);
void saxid_archive_near_clear (SaxidArchiveNear *near);

G_END_DECLS
