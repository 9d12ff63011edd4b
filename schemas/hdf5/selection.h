/* A column of a data set, named behind its path: "/profiles/000000[:,0]".
 *
 * One word for each dimension: ":" is all of it, a number is one index of it
 * (negative: from the end); "..." stands for as many ":" as are missing.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

#include "schemas/hdf5/array.h"

G_BEGIN_DECLS

/* The path without the brackets at its end. */
char *saxid_selection_path (const char *path);

/* The brackets at the end of a path, "" where there are none. */
const char *saxid_selection_of (const char *path);

/* Keeps of an array what the brackets say.
 * Errors: SAXID_ERROR_ARGUMENT, without the place. */
gboolean saxid_selection_apply (const char *brackets, SaxidArray *array, GError **error);

G_END_DECLS
