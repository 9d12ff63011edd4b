/* Bytes that lie deflated in chunks, unpacked by libdeflate, which takes a third of the time of
 * HDF5's own filter.
 *
 * Thread: one thread at a time per file.
 */
#pragma once

#include <glib.h>
#include <hdf5.h>

G_BEGIN_DECLS

/* Reads a data set of rank 1, bytes, that are deflated and no more. Whoever calls has checked its storage
 * (input.h). FALSE: it is of another kind, or a chunk does not unpack: HDF5 may read it, and say what
 * is wrong. Shape: bytes [n], all that it has. */
gboolean saxid_deflated_read (hid_t set, gsize n, guint8 *bytes);

G_END_DECLS
