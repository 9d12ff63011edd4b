/* What a mould is made of, and what is made of it, in the hands of the writer. Included by files
 * of this room only.
 *
 * Thread: as HDF5 itself.
 */
#pragma once

#include "schemas/hdf5/hid.h"
#include "schemas/tag/mould.h"

G_BEGIN_DECLS

#define SAXID_TAG_MOULD_GROUP "mould" /* name of the group in the file of saxid_tag_moulds_fill */

/* Keeps scratch/name, the finished group of this record, where it is small. */
void saxid_tag_moulds_keep (SaxidTagMoulds *moulds, hid_t scratch, const char *name, SaxidRecord *record,
                            const char *source_name);

/* A file in memory with the group of this record, for which there is a mould. Closed by hand; < 0 where
 * HDF5 fails, and saxid_tag_hdf5_reason says why. */
hid_t saxid_tag_moulds_fill (SaxidTagMoulds *moulds, SaxidRecord *record, const char *source_name, int sequence_index);

G_END_DECLS
