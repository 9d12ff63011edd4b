/* The groups of fits below a saxid group: seed_CLASS, NXparameters.
 *
 *   @model           sasmodels' name
 *   chi2, weight     float64 [n_curve]
 *   q_min, q_max     float64 [n_curve] @units
 *   order            names of the parameters as a form factor has them
 *   PARAMETER        float64 [n_curve] @units @vary
 *   PARAMETER_errors, PARAMETER_min, PARAMETER_max   float64 [n_curve]
 *
 * Included by files of this room only. Thread: as HDF5 itself.
 */
#pragma once

#include "schemas/hdf5/hid.h"
#include "schemas/tag/record.h"

G_BEGIN_DECLS

/* More parameters than any form factor has. */
#define SAXID_TAG_MOST_PARAMETERS 32

/* Bytes that the groups take at most. */
guint64 saxid_tag_seeds_space (const SaxidRecord *record);
gboolean saxid_tag_seeds_write (hid_t group, const SaxidRecord *record);
/* Adds those of the group to the record. most_bytes: that their arrays may take in memory.
 * FALSE: a group that saxid does not write. */
gboolean saxid_tag_seeds_read (hid_t group, guint64 most_bytes, SaxidRecord *record);

G_END_DECLS
