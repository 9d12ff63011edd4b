/* Where do the packed bytes of each image of an HDF5 data set lie?
 *
 * HDF5 only tells the places; who has them reads and unpacks without its lock. That is
 * possible where a chunk is a whole image (or the data set is one run of bytes), the type
 * is that of the machine, and the filters are known here. The places of a long series
 * would cost HDF5 1.10 a walk over all chunks for each: its bytes are taken through HDF5,
 * which looks one chunk up quickly, still packed.
 *
 * Thread: with HDF5, one at a time.
 */
#pragma once

#include "schemas/frame/format.h"
#include "schemas/hdf5/hid.h"

G_BEGIN_DECLS

typedef struct SaxidChunks SaxidChunks;

/* Of a data set whose storage has been checked; NULL where its images have to be read by HDF5.
 * memory: the type that pixels have in memory. */
SaxidChunks *saxid_chunks_new (hid_t dataset, const SaxidFrameInfo *info, hid_t memory);
void saxid_chunks_free (SaxidChunks *chunks);

/* As saxid_frame_file_packed. */
gboolean saxid_chunks_fetch (const SaxidChunks *chunks, hid_t dataset, gsize frame, SaxidPackedFrame *packed, GError **error);

G_END_DECLS
