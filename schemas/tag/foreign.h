/* What stands in a group of ours that we did not write?
 *
 * An analyst adds his fit or his opinion beside our tags. Whoever replaces the
 * group looks for that first.
 *
 * Thread: as HDF5 itself.
 */
#pragma once

#include "schemas/hdf5/hid.h"

G_BEGIN_DECLS

/* The path, in the group, of the first member or attribute that saxid does not write;
 * NULL where there is none. What cannot be looked at is not ours. */
char *saxid_tag_foreign (hid_t group);

G_END_DECLS
