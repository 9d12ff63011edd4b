/* Reads a saxid group of a file back.
 *
 * Errors: SAXID_ERROR_NO_CURVE when the file has no such group,
 * SAXID_ERROR_FORMAT when it is not what saxid writes, SAXID_ERROR_LIMIT when
 * it is larger than anything that saxid writes, SAXID_ERROR_IO.
 * Thread: as HDF5 itself; no state of ours.
 */
#pragma once

#include "schemas/tag/record.h"

G_BEGIN_DECLS

/* The record at parent/name, for example "/entry" and "saxid". Nothing outside
 * the file is opened; ranks, types, sizes and indices are checked before they
 * are believed. NULL on error. */
SaxidRecord *saxid_tag_read (const char *path, const char *parent, const char *name, GError **error);

/* The same of a private copy, which nobody else has open: one that is small is read in one piece. */
SaxidRecord *saxid_tag_read_private (const char *path, const char *parent, const char *name, GError **error);

/* All records of a file, in the order of their paths: saxid groups at most
 * three levels below the root. An empty array when there are none; an element
 * is a SaxidRecord, freed with the array. */
GPtrArray *saxid_tag_read_all (const char *path, GError **error);

/* The paths of these groups, which are not read: sound or not, they are ours. An element is
 * freed with the array. NULL on error. */
GPtrArray *saxid_tag_find (const char *path, GError **error);

G_END_DECLS
