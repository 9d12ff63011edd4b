/* An HDF5 file that nobody has checked yet, and the few safe ways to look into it.
 *
 * What is behind a name is looked at (link kind, object type, rank, size) before
 * anything is read. External links are followed on request only; soft links and
 * cycles are bounded. Texts come out as UTF-8 whatever they were.
 *
 * Thread: one thread at a time, and HDF5 itself one at a time where the library
 * is built without thread safety.
 */
#pragma once

#include <glib.h>

#include "schemas/hdf5/hid.h"

G_BEGIN_DECLS

typedef struct
{
  guint objects;       /* looked at in one file */
  guint depth;         /* of groups */
  guint sources;       /* sets of curves in one file */
  gsize points;        /* of one curve */
  gsize all_points;    /* of one curve of every source together */
  gsize frames;        /* of one source */
  gsize chunk_bytes;   /* of one chunk, unpacked */
  gboolean unpacks;    /* the caller unpacks LZ4 and bitshuffle itself, HDF5 need not be able to */
  gsize text_bytes;    /* of one text, and of one attribute */
} SaxidReadLimits;

extern const SaxidReadLimits saxid_read_limits_default;

typedef struct
{
  hid_t file;
  hid_t links;        /* link access: nothing external unless asked for */
  char *name;         /* of the file, for messages: no directory */
  guint64 size;       /* of the file, bytes */
  gboolean is_hdf5;
  gboolean follow_links;
  SaxidReadLimits limits;
  guint looked;       /* children of NeXus groups so far, limits.objects at most */
  char *refused_file; /* where the last external link pointed that was not followed */
  char *refused_first; /* and the first one; both NULL where there was none */
} SaxidInput;

/* All of the functions below expect HDF5's error stack to be silent already. */

/* Errors: SAXID_ERROR_IO, SAXID_ERROR_FORMAT, without the place. */
SaxidInput *saxid_input_open (const char *path, gboolean follow_links,
                              const SaxidReadLimits *limits, GError **error);
void saxid_input_free (SaxidInput *input);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidInput, saxid_input_free)

/* Whether a writer has the file open in SWMR mode, or died so. */
gboolean saxid_input_is_growing (const char *path);

/* A handle on the object, or H5I_INVALID_HID without an error where the name
 * leads nowhere. *type is H5I_GROUP, H5I_DATASET or something else. */
hid_t saxid_input_object (SaxidInput *input, hid_t from, const char *name, H5I_type_t *type);
hid_t saxid_input_group (SaxidInput *input, hid_t from, const char *name);
hid_t saxid_input_dataset (SaxidInput *input, hid_t from, const char *name);

/* Whether a link of that name is there, wherever it leads. */
gboolean saxid_input_has (SaxidInput *input, hid_t from, const char *name);

/* What tells one object from another, whatever it is called. */
gboolean saxid_input_identity (hid_t object, guint64 identity[2]);

/* All strings of a text attribute, or NULL where there is none or it is no text. */
GStrv saxid_input_texts (SaxidInput *input, hid_t object, const char *attribute);
/* The first of them; a number is given as its decimal text. */
char *saxid_input_text (SaxidInput *input, hid_t object, const char *attribute);
/* The integers of an attribute, or those in a text like "0, 1"; how many in *n, NULL where there are none. */
gint64 *saxid_input_integers (SaxidInput *input, hid_t object, const char *attribute, gsize *n);
/* The text in a scalar or one-element data set. */
char *saxid_input_text_of (SaxidInput *input, hid_t from, const char *dataset);
/* The texts in a data set of one dimension; NULL where there are none. */
GStrv saxid_input_texts_of (SaxidInput *input, hid_t from, const char *dataset);
/* All numbers of a data set that has no more than `most`, how many in *n, and the text of
 * its units, which may be NULL. NULL where there are none. */
double *saxid_input_numbers_of (SaxidInput *input, hid_t from, const char *dataset, gsize most, gsize *n,
                                char **units);
/* The number in a scalar or one-element data set, and the text of its units. */
gboolean saxid_input_number_of (SaxidInput *input, hid_t from, const char *dataset,
                                double *value, char **units);

/* Refuses a data set whose values lie outside the file (virtual, external
 * storage) unless links are followed, and one with filters or chunks that
 * should not be unpacked. what: its role, "intensity". */
gboolean saxid_input_check_storage (SaxidInput *input, hid_t dataset, const char *what, GError **error);

/* Refuses a chunked data set of which more than `most` bytes have to be unpacked at once.
 * creation: its property list, which is dear to get. */
gboolean saxid_input_check_chunk (hid_t dataset, hid_t creation, gsize most, const char *what, GError **error);

/* Refuses a data set that is not chunked and claims more values than are stored for it:
 * libhdf5 1.10 believes the claim and hands out what lies beyond. */
gboolean saxid_input_check_extent (hid_t dataset, hid_t creation, const char *what, GError **error);

/* Plain numbers: integers, and IEEE floats of 2, 4 or 8 bytes. */
gboolean saxid_input_check_number_type (hid_t dataset, const char *what, GError **error);

/* Plain numbers, or truth values: enumerations of plain integers, as h5py writes them. */
gboolean saxid_input_check_flag_type (hid_t dataset, const char *what, GError **error);

G_END_DECLS
