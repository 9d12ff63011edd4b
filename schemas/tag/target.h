/* The file into which the tags of a file go: it itself, or a side file.
 *
 * Thread: pure but for the files; saxid_tag_side_source as HDF5 itself.
 */
#pragma once

#include <glib.h>

#include "schemas/tag/writer.h"

G_BEGIN_DECLS

#define SAXID_TAG_SIDE_SUFFIX "_saxid.nxs"

/* <stem>_saxid.nxs; <name>_saxid.nxs, with the ending in it, where that is there: of run.h5 and
 * run.nxs one has the first, and the other the second. Free with g_free. */
char *saxid_tag_side_path (const char *path);

/* The file that saxid_tag_write would write: path itself or its side file, which is not one of
 * another file. NULL with SAXID_ERROR_IO when path does not exist. Free with g_free. */
char *saxid_tag_target (const char *path, const SaxidWriteOptions *options, GError **error);

/* How a side file names the file of the curves: without directory, since the two move together;
 * wholly, where it is in another directory (NULL: it is not). Free with g_free. */
char *saxid_tag_source_name (const char *path, const char *directory);

/* The file whose tags are in a side file, as it names it; NULL where it holds none, or cannot be
 * read. Free with g_free. */
char *saxid_tag_side_source (const char *side);

/* Makes the directory of a target where side files go under another one.
 * Errors: SAXID_ERROR_IO. */
gboolean saxid_tag_make_side_dir (const char *target, const SaxidWriteOptions *options, GError **error);

G_END_DECLS
