/* The links of a side file to the curves it speaks of. Included by files of this
 * room only.
 *
 * Thread: as HDF5 itself.
 */
#pragma once

#include <glib.h>

#include "schemas/hdf5/hid.h"
#include "schemas/tag/record.h"

G_BEGIN_DECLS

/* Makes the groups down to record->parent in file, and links the curve that the
 * record was made from. What is there already is left as it is. source_name:
 * the file with the curves, in the same directory. FALSE where HDF5 fails. */
gboolean saxid_tag_link_curves (hid_t file, const char *source_name, const SaxidRecord *record);

/* Whether a side file holds nothing but groups of tags, links as above to that source, and
 * the groups between. */
gboolean saxid_tag_side_is_ours (hid_t file, const char *source_name);

G_END_DECLS
