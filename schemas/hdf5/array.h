/* An array of numbers in an HDF5 file, read one curve at a time.
 *
 * An array I[a, b, …, q] is seen as frames of n points along one axis, the
 * others flattened in C order. Frames are read in blocks of bounded size, so
 * that memory does not grow with the file.
 *
 * Thread: one thread at a time.
 */
#pragma once

#include <glib.h>

#include "schemas/hdf5/input.h"

G_BEGIN_DECLS

typedef struct SaxidArray SaxidArray;

/* Opens and checks: storage, type, rank, sizes against the limits and against
 * the file. what: its role, for messages ("intensity"). Takes no ownership.
 * Errors: SAXID_ERROR_FORMAT, _DATA, _LIMIT, _UNSUPPORTED, without the place. */
SaxidArray *saxid_array_open (SaxidInput *input, hid_t dataset, const char *what, GError **error);
/* The same for marks of points, which may be truth values as well: 0 and not 0. */
SaxidArray *saxid_array_open_flags (SaxidInput *input, hid_t dataset, const char *what, GError **error);
void saxid_array_free (SaxidArray *array);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidArray, saxid_array_free)

guint saxid_array_rank (const SaxidArray *array);
guint64 saxid_array_size (const SaxidArray *array, guint axis);
/* "[120 × 1617]" */
char *saxid_array_shape (const SaxidArray *array);
/* Whether all axes but one have one element; that axis is *axis. */
gboolean saxid_array_is_line (const SaxidArray *array, guint *axis);

/* Keeps only what lies at `index` of an axis, which then has one element; before set_axis. */
void saxid_array_pick (SaxidArray *array, guint axis, guint64 index);

/* Chooses the axis along which a curve runs; before the first read.
 * Errors: SAXID_ERROR_LIMIT. */
gboolean saxid_array_set_axis (SaxidArray *array, guint axis, GError **error);
guint saxid_array_axis (const SaxidArray *array);
gsize saxid_array_n_frame (const SaxidArray *array);
gsize saxid_array_n_point (const SaxidArray *array);

/* Gives back what is kept for the frames beside the one read last. */
void saxid_array_forget (SaxidArray *array);

/* Copies frame `frame` to out, n_point doubles.
 * Errors: SAXID_ERROR_IO when the file cannot be read there. */
gboolean saxid_array_read (SaxidArray *array, gsize frame, double *out, GError **error);

G_END_DECLS
