/* HDF5, and a handle that closes itself.
 *
 * Handles whose closing counts are closed by hand, since HDF5 does more there than to count
 * them down: H5Dclose tells whether what was written came into the file, and lets go of the
 * dataset even if it did not; H5Fclose flushes a file that somebody else in the process has
 * open too. Predefined types and H5P_DEFAULT belong to HDF5.
 *
 * Thread: as HDF5 itself.
 */
#pragma once

#include <glib.h>

#ifndef H5_USE_110_API
#define H5_USE_110_API
#endif
#include <hdf5.h>

G_BEGIN_DECLS

/* Closes any kind of HDF5 handle; used as g_auto (SaxidHid) x = H5Gopen2 (…). */
typedef hid_t SaxidHid;

static inline void
saxid_hid_close (SaxidHid id)
{
  if (id > 0)
    H5Idec_ref (id);
}

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (SaxidHid, saxid_hid_close, H5I_INVALID_HID)

/* The handle, which the caller has to close from now on. */
static inline hid_t
saxid_hid_steal (SaxidHid *id)
{
  const hid_t taken = *id;

  *id = H5I_INVALID_HID;
  return taken;
}

G_END_DECLS
