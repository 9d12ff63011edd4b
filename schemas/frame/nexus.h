/* The groups of a NeXus file: which are of a class, and which detector has the images?
 *
 * A group counts by its NX_class, and one without by the name that such a group usually has.
 * Links inside the file are followed; which lead out of it, the input decides.
 *
 * Thread: as the input; HDF5's error stack is silent already.
 */
#pragma once

#include "schemas/hdf5/input.h"

G_BEGIN_DECLS

/* Paths of the children of a group that are groups of a class, in the order of their names. */
GPtrArray *saxid_nexus_groups (SaxidInput *input, const char *parent, const char *class_name, const char *usual);

/* NXdetector in all instruments of an entry. */
GPtrArray *saxid_nexus_detectors (SaxidInput *input, const char *entry);

/* Whether a path of the file is below a group, by whole names: /entry1 has nothing of /entry10. */
gboolean saxid_nexus_lies_in (const char *path, const char *group);

/* The one of the groups that has this data set: below it, by a link, or as the attribute `target`
 * of the data set says. NULL: none. */
const char *saxid_nexus_holder (SaxidInput *input, const GPtrArray *groups, const char *dataset);

/* The detector that these images are of: their holder, or the only one that can be it. NULL: the
 * file does not say. */
const char *saxid_nexus_detector_of (SaxidInput *input, const GPtrArray *detectors, const char *images);

G_END_DECLS
