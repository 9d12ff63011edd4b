/* Geometry files of pyFAI (.poni), versions 1, 2 and 2.1.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

#include "reducers/geometry.h"

G_BEGIN_DECLS

/* Reads a .poni file. The shape of geometry is that of the detector where the
 * file or its detector's name tells it, else 0.
 * Errors: SAXID_ERROR_IO; SAXID_ERROR_FORMAT for a file that is none or lacks a
 * value; SAXID_ERROR_UNSUPPORTED for a version, a detector or an orientation
 * that is not known; SAXID_ERROR_DATA as of saxid_geometry_check. */
gboolean saxid_poni_file_read (const char *path, SaxidGeometry *geometry, GError **error);

/* The same from text; place names it in messages. */
gboolean
saxid_poni_parse (const char *text, const char *place, SaxidGeometry *geometry, GError **error);

G_END_DECLS
