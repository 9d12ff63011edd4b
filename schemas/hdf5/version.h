/* The HDF5 library that is at work.
 *
 * Thread: as HDF5 itself.
 */
#pragma once

/* "1.10.8"; "unknown" where it will not say. Static. */
const char *saxid_hdf5_version (void);
