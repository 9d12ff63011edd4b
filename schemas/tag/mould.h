/* Moulds: finished saxid groups in memory, from which those of the next files are made with other
 * values. Included by files of this room, and by who keeps moulds from file to file.
 *
 * In an archive of small files most groups differ in their values alone, and to build one takes a
 * third of the time that a file takes.
 *
 * Thread: moulds belong to one thread at a time; the functions as HDF5 itself, but for
 * saxid_tag_moulds_new and saxid_tag_moulds_free, which call none of it.
 */
#pragma once

#include "schemas/tag/record.h"

G_BEGIN_DECLS

typedef struct _SaxidTagMoulds SaxidTagMoulds;

SaxidTagMoulds *saxid_tag_moulds_new (void);
void saxid_tag_moulds_free (SaxidTagMoulds *moulds);

/* Whether each of these records has a mould. source_name: of the file that holds the curves, where
 * the group lies in another one, or NULL. moulds may be NULL. */
gboolean saxid_tag_moulds_fit (const SaxidTagMoulds *moulds, SaxidRecord *const *records, guint n, const char *source_name);

G_END_DECLS
