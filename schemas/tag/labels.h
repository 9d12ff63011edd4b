/* The verdict of each curve in words, for who reads a file without saxid.
 * Included by files of this room only.
 *
 * Thread: as HDF5 itself.
 */
#pragma once

#include "schemas/hdf5/hid.h"
#include "schemas/tag/record.h"

G_BEGIN_DECLS

/* The field label, one string a curve: "sphere", "none of the classes (nearest sphere)", or the
 * name of the status. FALSE: saxid_tag_hdf5_reason says why. */
gboolean saxid_tag_put_labels (hid_t result, const SaxidRecord *record);

/* The values of that field, *width bytes a curve, padded with zeros. Shape: n_curve × width. g_free. */
char *saxid_tag_labels_of (const SaxidRecord *record, gsize *width);

/* What all curves come to: "form factor: sphere, p = 0.98", "300 curves: 298 sphere, 2 none of
 * the classes", the commonest first. g_free. */
char *saxid_tag_description_of (const SaxidRecord *record);

/* Bytes that the labels have before they are deflated. */
guint64 saxid_tag_labels_space (const SaxidRecord *record);

G_END_DECLS
