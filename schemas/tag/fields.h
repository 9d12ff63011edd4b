/* Single fields of the saxid group, by plain HDF5, and what a record must be to be written.
 * Included by files of this room only.
 *
 * Errors: FALSE; where there is no GError, saxid_tag_hdf5_reason says why.
 * Thread: as HDF5 itself.
 */
#pragma once

#include "schemas/tag/layout.h"

G_BEGIN_DECLS

/* FALSE, with a message that names the file and the group. */
gboolean saxid_tag_refuse (GError **error, const char *path, const SaxidRecord *record, int code,
                           const char *what);

/* Errors: SAXID_ERROR_ARGUMENT for a record that is incomplete or out of range,
 * SAXID_ERROR_LIMIT for one that is too large. path: for the message. */
gboolean saxid_tag_check_record (const char *path, SaxidRecord *record, GError **error);

/* The label of the axis of the classes. Viewers plot against numbers only (silx 1.1 stops
 * with an exception at an axis of strings), so the names stand here. g_free. */
char *saxid_tag_class_label (const SaxidRecord *record);

/* The group that is to hold the record's, if it is in this file itself; else < 0. */
hid_t saxid_tag_open_parent (hid_t file, const SaxidRecord *record);

/* An attribute: one string (rows 0), or `rows` of them of the same width, which have no
 * terminator and so are padded for readers in C. */
gboolean saxid_tag_put_attribute (hid_t object, const char *name, const char *text, gsize width, hsize_t rows);

/* One string of fixed length, or an array of n of them. */
gboolean saxid_tag_put_strings (hid_t group, const char *name, const char *const *values, gsize n,
                                gboolean is_array);

/* The names of classes, families and structures. */
gboolean saxid_tag_put_names (hid_t result, const SaxidRecord *record);

/* A whole number. stored_as: type in the file. */
gboolean saxid_tag_put_integer (hid_t group, const char *name, gint64 value, hid_t stored_as);

/* What the file has of a text of the layout, or NULL. source_name: as below. */
const char *saxid_tag_text_value (SaxidRecord *record, const SaxidTagText *text, const char *source_name);

/* All texts of the layout, below groups that are there. source_name: of the file that
 * holds the curves, NULL = this one. */
gboolean saxid_tag_put_texts (hid_t group, SaxidRecord *record, const char *source_name);

/* The next place among the NXprocess groups of parent: NeXus counts the steps of a chain
 * from 1. */
int saxid_tag_next_index (hid_t parent);

G_END_DECLS
