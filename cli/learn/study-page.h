/* Where the page of a study goes, with its picture.
 *
 * Thread: pure but for the files.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Writes directory/name, and the picture first, so that no page shows one that is not there. The
 * directory is made where it is missing. picture: its name in the directory, and what it is; or NULL.
 * Errors: SAXID_ERROR_IO. */
gboolean saxid_study_page_save (const char *directory, const char *name, const GString *text, const char *picture,
                                GBytes *drawing, GError **error);

G_END_DECLS
