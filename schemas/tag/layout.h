/* The saxid group: its members, in one table for writer and reader, and the
 * HDF5 manners that both keep. Included by files of this room only.
 *
 * Thread: const data; the functions as HDF5 itself.
 */
#pragma once

#include <glib.h>

#include "schemas/hdf5/hid.h"
#include "schemas/tag/record.h"

G_BEGIN_DECLS

#define SAXID_TAG_PROGRAM "saxid"
#define SAXID_TAG_CANSAS "SASprocess" /* canSAS_class: SasView shows name, date and description of such groups */
#define SAXID_TAG_MAX_CLASSES 127       /* class_index is a signed byte */
#define SAXID_TAG_MAX_NAME 63           /* bytes of a group's or a class's name */
#define SAXID_TAG_MAX_PATH 4096         /* bytes of a path inside the file */
#define SAXID_TAG_MAX_TEXT (16u << 20)  /* bytes of a text field */
#define SAXID_TAG_MAX_CHUNK (64u << 20) /* bytes that are unpacked to reach a value */

typedef enum
{
  SAXID_TAG_FLOAT32,
  SAXID_TAG_INT8,
  SAXID_TAG_UINT8
} SaxidTagElement;

/* An array of SaxidRecord, [n_curve] (rank 1) or [n_curve × names] (rank 2). */
typedef struct
{
  const char *name; /* in the group result */
  SaxidTagElement element;
  guint rank;
  gsize offset;  /* of the pointer in SaxidRecord */
  const char *long_name;
  gsize columns; /* of rank 2: of the number of names in SaxidRecord; where that is 0 there is no array */
} SaxidTagArray;

/* The names of the columns of arrays. */
typedef struct
{
  const char *name; /* in the group result */
  gsize offset;     /* of the char ** in SaxidRecord */
  gsize count;      /* of their number in SaxidRecord */
  gboolean required;
} SaxidTagNames;

/* A text of SaxidRecord, or one that is always the same. */
typedef struct
{
  const char *group; /* below the saxid group, "" = itself */
  const char *name;
  const char *constant; /* NULL: the record tells */
  gsize offset;         /* of the char * in SaxidRecord */
  gboolean required;
  gsize max_bytes;
} SaxidTagText;

typedef struct
{
  const char *name;
  const char *nx_class;
} SaxidTagGroup;

/* Each ends with a row whose name is NULL. */
extern const SaxidTagArray saxid_tag_arrays[];
extern const SaxidTagNames saxid_tag_names[];
extern const SaxidTagText saxid_tag_texts[];
extern const SaxidTagGroup saxid_tag_groups[];

gsize saxid_tag_element_size (SaxidTagElement element);
guint saxid_tag_columns_of (const SaxidRecord *record, const SaxidTagArray *array);
char **saxid_tag_names_of (const SaxidRecord *record, const SaxidTagNames *names);
guint saxid_tag_count_of (const SaxidRecord *record, const SaxidTagNames *names);
void *saxid_tag_array_of (const SaxidRecord *record, const SaxidTagArray *array);
char **saxid_tag_text_of (SaxidRecord *record, const SaxidTagText *text);

/* Whether a name can be that of one group: no slash, not "." or "..", not
 * empty, valid UTF-8 and short. */
gboolean saxid_tag_name_is_sound (const char *name);

/* Whether a path is absolute and short; ".." has no meaning in HDF5. */
gboolean saxid_tag_path_is_sound (const char *path);

/* An access list with which nothing outside the file is opened: crossing an
 * external link fails. cls: H5P_LINK_ACCESS, H5P_GROUP_ACCESS, … */
hid_t saxid_tag_access_inside (hid_t cls);

/* Whether the values of a dataset lie inside the file, in chunks of a sane size, packed with
 * nothing that would have to be loaded: deflate, shuffle and checksums are part of HDF5. */
gboolean saxid_tag_storage_is_sound (hid_t dataset);

/* A text attribute of one fixed-length string of at most so many bytes; NULL where there is
 * none. Free with g_free. */
char *saxid_tag_read_attribute (hid_t object, const char *name, gsize max_bytes);

/* NX_class of an object, "" where it has none that is a string of a sane size.
 * Free with g_free. */
char *saxid_tag_class_of (hid_t object);

/* A field of our group, which never is a link to somewhere else; -1 where there is none. */
hid_t saxid_tag_open_field (hid_t group, const char *name);

/* Takes the blanks off a text that was read in this type of the file, where those fill it up. */
void saxid_tag_unpad (hid_t type, char *text);

/* A text field of one fixed-length string, NULL where there is no such field. */
char *saxid_tag_read_text (hid_t group, const char *name, gsize max_bytes);

/* A field of one whole number; 0 where there is no such field. */
int saxid_tag_read_count (hid_t group, const char *name);

/* Whether parent/name is a group that saxid wrote. */
gboolean saxid_tag_is_ours (hid_t parent, const char *name);

/* What `saxid reduce` puts into a group of this name, and tags leave alone: the technique of the
 * frames (schemas/curve/technique-group.h). */
#define SAXID_TAG_TECHNIQUE "technique"

/* Whether parent/name holds the technique of frames, and no tags. */
gboolean saxid_tag_is_technique (hid_t parent, const char *name);

/* What HDF5 says about its last failure, innermost cause first. g_free. */
char *saxid_tag_hdf5_reason (void);

G_END_DECLS
