/* How does one look into an HDF5 file that may be hostile?
 *
 * HDF5 reads whatever a file claims. Here every claim is looked at before the
 * library is asked to act on it: where a link leads, what an object is, how
 * long a text is, how much a chunk unpacks to. What is left are defects of the
 * library itself, against which long runs read in worker processes.
 *
 * Thread: an input belongs to one thread at a time.
 */
#include "schemas/hdf5/input.h"

#include <errno.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "reducers/clean-text.h"
#include "reducers/error.h"
#include "schemas/disk/door.h"
#include "schemas/hdf5/superblock.h"

/* A stack of a week at 1 kHz is 6e8 frames; no curve of a detector has a
 * million points. Chunks of that size are read one at a time. */
const SaxidReadLimits saxid_read_limits_default = {
  .objects = 50000,
  .depth = 16,
  .sources = 4096,
  .points = 1 << 20,
  .all_points = 1 << 24,
  .frames = 1 << 30,
  .chunk_bytes = 256 << 20,
  .text_bytes = 1 << 16,
};

/* Strings in one attribute: axes have a rank of at most 32. */
#define MOST_TEXTS 64
#define CHUNK_CACHE (16 << 20)

/* Twenty pauses from 1 ns, doubled: a millisecond in all. */
#define SWMR_ATTEMPTS 20

/* Where HDF5 looks for a file that another one names: as it stands, and beside that one. A pipe
 * there would hold it for ever. */
static gboolean
is_no_file (const char *from_file, const char *to_file)
{
  g_autofree char *directory = g_path_get_dirname (from_file);
  g_autofree char *base = g_path_get_basename (to_file);
  g_autofree char *beside = g_build_filename (directory, to_file, NULL);
  g_autofree char *bare = g_build_filename (directory, base, NULL);
  const char *const places[] = { to_file, beside, bare };

  for (gsize k = 0; k < G_N_ELEMENTS (places); k++)
    if (g_file_test (places[k], G_FILE_TEST_EXISTS) && !saxid_door_is_file (places[k]))
      return TRUE;
  return FALSE;
}

/* Called by HDF5 when it is about to follow an external link. */
static herr_t
decide_external (const char *from_file, const char *from_group, const char *to_file,
                 const char *to_object, unsigned *flags, hid_t access, void *data)
{
  SaxidInput *input = data;
  g_autofree char *target = NULL;

  (void) from_group;
  (void) access;
  if (input->follow_links && !is_no_file (from_file, to_file))
    {
      *flags = H5F_ACC_RDONLY;
      return 0;
    }
  g_free (input->refused_file);
  target = g_strdup_printf ("%s:%s", to_file, to_object);
  input->refused_file = saxid_clean_text (target, -1);
  if (input->refused_first == NULL && !input->follow_links)
    input->refused_first = g_strdup (input->refused_file);
  return -1;
}

/* Says early, in plain words, what HDF5 would call "unable to open file". */
static gboolean
check_system (SaxidInput *input, const char *path, guint *writer, GError **error)
{
  int fd = saxid_door_open (path, &input->size, error);

  if (fd < 0)
    return FALSE;
  input->is_hdf5 = saxid_superblock_find (fd, writer);
  close (fd);
  if (input->size > 0)
    return TRUE;
  g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "file is empty");
  return FALSE;
}

gboolean
saxid_input_is_growing (const char *path)
{
  guint writer;

  return saxid_superblock_of (path, &writer) && (writer & SAXID_WRITER_SWMR) != 0;
}

/* A file that a detector writes in SWMR mode is read in SWMR mode. */
static hid_t
open_hdf5 (const char *path, guint writer)
{
  g_auto (SaxidHid) access = H5Pcreate (H5P_FILE_ACCESS);

#if H5_VERSION_GE(1, 10, 7)
  /* Read-only and network file systems have no locks; that is no obstacle. */
  H5Pset_file_locking (access, TRUE, TRUE);
#endif
  /* Unpacked chunks are kept while neighbouring frames are read from them. */
  H5Pset_cache (access, 0, 521, CHUNK_CACHE, 0.75);
  if (!(writer & SAXID_WRITER_SWMR))
    return H5Fopen (path, H5F_ACC_RDONLY, access);
  /* HDF5's own 100 attempts double their pause each time: a damaged file would
   * hold us for ever. */
  H5Pset_metadata_read_attempts (access, SWMR_ATTEMPTS);
  return H5Fopen (path, H5F_ACC_RDONLY | H5F_ACC_SWMR_READ, access);
}

/* A writer of the HDF5 library holds an exclusive flock. */
static gboolean
is_locked (const char *path)
{
  guint64 size;
  int fd = saxid_door_open (path, &size, NULL);
  gboolean locked = fd >= 0 && flock (fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;

  if (fd >= 0)
    close (fd);
  return locked;
}

SaxidInput *
saxid_input_open (const char *path, gboolean follow_links, const SaxidReadLimits *limits, GError **error)
{
  g_autoptr (SaxidInput) input = g_new0 (SaxidInput, 1);
  g_autofree char *base = g_path_get_basename (path);
  guint writer;

  input->file = H5I_INVALID_HID;
  input->links = H5I_INVALID_HID;
  input->name = saxid_clean_text (base, -1);
  input->follow_links = follow_links;
  input->limits = limits != NULL ? *limits : saxid_read_limits_default;
  if (!check_system (input, path, &writer, error))
    return NULL;

  input->file = open_hdf5 (path, writer);
  if (input->file < 0)
    {
      if (input->is_hdf5 && is_locked (path))
        g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_BUSY, "another program has the file open for writing");
      else
        g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                             writer != 0      ? "HDF5 file is open for writing, or its writer died"
                             : input->is_hdf5 ? "HDF5 file is truncated or damaged"
                                              : "not an HDF5 file");
      return NULL;
    }
  input->links = H5Pcreate (H5P_LINK_ACCESS);
  if (input->links < 0 || H5Pset_nlinks (input->links, 8) < 0
      || H5Pset_elink_cb (input->links, decide_external, input) < 0)
    {
      g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "HDF5 has no room for another file");
      return NULL;
    }
  return g_steal_pointer (&input);
}

void
saxid_input_free (SaxidInput *input)
{
  if (input == NULL)
    return;
  saxid_hid_close (input->links);
  saxid_hid_close (input->file);
  g_free (input->name);
  g_free (input->refused_file);
  g_free (input->refused_first);
  g_free (input);
}

gboolean
saxid_input_has (SaxidInput *input, hid_t from, const char *name)
{
  return name[0] != '\0' && H5Lexists (from, name, input->links) > 0;
}

/* H5I_BADID of what is neither a group nor a data set. */
static H5I_type_t
type_of (SaxidInput *input, hid_t from, const char *name)
{
  H5O_info_t info;

  g_clear_pointer (&input->refused_file, g_free);
  if (name[0] == '\0' || H5Oget_info_by_name2 (from, name, &info, H5O_INFO_BASIC, input->links) < 0)
    return H5I_BADID;
  return info.type == H5O_TYPE_GROUP ? H5I_GROUP : info.type == H5O_TYPE_DATASET ? H5I_DATASET : H5I_BADID;
}

hid_t
saxid_input_object (SaxidInput *input, hid_t from, const char *name, H5I_type_t *type)
{
  /* The kind of object first: opening a named type or something unknown is of no use. */
  *type = type_of (input, from, name);
  return *type != H5I_BADID ? H5Oopen (from, name, input->links) : H5I_INVALID_HID;
}

static hid_t
object_of_type (SaxidInput *input, hid_t from, const char *name, H5I_type_t wanted)
{
  return type_of (input, from, name) == wanted ? H5Oopen (from, name, input->links) : H5I_INVALID_HID;
}

hid_t
saxid_input_group (SaxidInput *input, hid_t from, const char *name)
{
  return object_of_type (input, from, name, H5I_GROUP);
}

hid_t
saxid_input_dataset (SaxidInput *input, hid_t from, const char *name)
{
  return object_of_type (input, from, name, H5I_DATASET);
}

gboolean
saxid_input_identity (hid_t object, guint64 identity[2])
{
  H5O_info_t info;

  if (H5Oget_info2 (object, &info, H5O_INFO_BASIC) < 0)
    return FALSE;
  identity[0] = info.fileno;
  identity[1] = info.addr;
  return TRUE;
}

/* The number of elements of a small data space, 0 where it is none. */
static gsize
small_extent (hid_t space, gsize most)
{
  H5S_class_t extent = H5Sget_simple_extent_type (space);
  hssize_t n;

  if (extent != H5S_SCALAR && extent != H5S_SIMPLE)
    return 0;
  n = H5Sget_simple_extent_npoints (space);
  return n > 0 && (gsize) n <= most ? (gsize) n : 0;
}

/* Fixed-length text: read in the file's own type, so that nothing is converted;
 * padding is taken off by hand. */
static void
add_fixed (GPtrArray *out, const char *buffer, gsize n, gsize width)
{
  for (gsize k = 0; k < n; k++)
    {
      const char *from = buffer + k * width;

      g_ptr_array_add (out, saxid_clean_text (from, (gssize) strnlen (from, width)));
    }
}

typedef herr_t (*ReadText) (hid_t object, hid_t type, void *buffer);

static herr_t
read_attribute (hid_t object, hid_t type, void *buffer)
{
  return H5Aread (object, type, buffer);
}

static herr_t
read_dataset (hid_t object, hid_t type, void *buffer)
{
  return H5Dread (object, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer);
}

static GStrv
read_texts (const SaxidInput *input, hid_t object, hid_t type, hid_t space, ReadText read)
{
  g_autoptr (GPtrArray) out = g_ptr_array_new_with_free_func (g_free);
  gsize n = small_extent (space, MOST_TEXTS);
  gsize width = H5Tget_size (type);

  if (n == 0 || H5Tget_class (type) != H5T_STRING)
    return NULL;
  if (H5Tis_variable_str (type) > 0)
    {
      g_autofree char **pointers = g_new0 (char *, n);

      if (read (object, type, pointers) < 0)
        return NULL;
      for (gsize k = 0; k < n; k++)
        {
          const char *text = pointers[k] != NULL ? pointers[k] : "";

          g_ptr_array_add (out, saxid_clean_text (text, (gssize) strnlen (text, input->limits.text_bytes)));
        }
      H5Dvlen_reclaim (type, space, H5P_DEFAULT, pointers);
    }
  else
    {
      g_autofree char *buffer = NULL;

      if (width == 0 || width > input->limits.text_bytes || width * n > input->limits.text_bytes)
        return NULL;
      buffer = g_malloc0 (width * n + 1);
      if (read (object, type, buffer) < 0)
        return NULL;
      add_fixed (out, buffer, n, width);
    }
  g_ptr_array_add (out, NULL);
  return (GStrv) g_ptr_array_steal (out, NULL);
}

GStrv
saxid_input_texts (SaxidInput *input, hid_t object, const char *attribute)
{
  g_auto (SaxidHid) id = H5I_INVALID_HID;
  g_auto (SaxidHid) type = H5I_INVALID_HID;
  g_auto (SaxidHid) space = H5I_INVALID_HID;

  if (H5Aexists (object, attribute) <= 0)
    return NULL;
  id = H5Aopen (object, attribute, H5P_DEFAULT);
  if (id < 0 || (type = H5Aget_type (id)) < 0 || (space = H5Aget_space (id)) < 0)
    return NULL;
  return read_texts (input, id, type, space, read_attribute);
}

/* Other integers would go through the library's bit-by-bit conversion, which trusts their
 * description. */
static gboolean
plain_integer (hid_t type)
{
  size_t size = H5Tget_size (type);

  return (size == 1 || size == 2 || size == 4 || size == 8) && H5Tget_offset (type) == 0
         && H5Tget_precision (type) == 8 * size;
}

static char *
number_attribute (hid_t object, const char *attribute)
{
  g_auto (SaxidHid) id = H5I_INVALID_HID;
  g_auto (SaxidHid) type = H5I_INVALID_HID;
  g_auto (SaxidHid) space = H5I_INVALID_HID;
  long long value;

  if (H5Aexists (object, attribute) <= 0)
    return NULL;
  id = H5Aopen (object, attribute, H5P_DEFAULT);
  if (id < 0 || (type = H5Aget_type (id)) < 0 || (space = H5Aget_space (id)) < 0)
    return NULL;
  if (H5Tget_class (type) != H5T_INTEGER || !plain_integer (type) || small_extent (space, 1) != 1
      || H5Aread (id, H5T_NATIVE_LLONG, &value) < 0)
    return NULL;
  return g_strdup_printf ("%lld", value);
}

char *
saxid_input_text (SaxidInput *input, hid_t object, const char *attribute)
{
  g_auto (GStrv) texts = saxid_input_texts (input, object, attribute);

  if (texts == NULL)
    return number_attribute (object, attribute);
  return g_strdup (texts[0]);
}

static gint64 *
integers_in (const char *text, gsize *n)
{
  gint64 *values = g_new (gint64, MOST_TEXTS);
  char *end;

  for (*n = 0; *n < MOST_TEXTS; ++*n, text = end)
    {
      text += strspn (text, " ,:;[]()");
      values[*n] = g_ascii_strtoll (text, &end, 10);
      if (end == text)
        break;
    }
  return values;
}

gint64 *
saxid_input_integers (SaxidInput *input, hid_t object, const char *attribute, gsize *n)
{
  g_auto (SaxidHid) id = H5I_INVALID_HID;
  g_auto (SaxidHid) type = H5I_INVALID_HID;
  g_auto (SaxidHid) space = H5I_INVALID_HID;
  g_auto (GStrv) texts = saxid_input_texts (input, object, attribute);
  g_autofree gint64 *values = NULL;

  *n = 0;
  if (texts != NULL)
    {
      g_autofree char *text = g_strjoinv (",", texts);

      values = integers_in (text, n);
      return *n > 0 ? g_steal_pointer (&values) : NULL;
    }
  if (H5Aexists (object, attribute) <= 0)
    return NULL;
  id = H5Aopen (object, attribute, H5P_DEFAULT);
  if (id < 0 || (type = H5Aget_type (id)) < 0 || (space = H5Aget_space (id)) < 0
      || H5Tget_class (type) != H5T_INTEGER || !plain_integer (type) || (*n = small_extent (space, MOST_TEXTS)) == 0)
    return NULL;
  values = g_new0 (gint64, *n);
  if (H5Aread (id, H5T_NATIVE_INT64, values) >= 0)
    return g_steal_pointer (&values);
  *n = 0;
  return NULL;
}

GStrv
saxid_input_texts_of (SaxidInput *input, hid_t from, const char *dataset)
{
  g_auto (SaxidHid) id = saxid_input_dataset (input, from, dataset);
  g_auto (SaxidHid) type = H5I_INVALID_HID;
  g_auto (SaxidHid) space = H5I_INVALID_HID;

  if (id < 0 || !saxid_input_check_storage (input, id, dataset, NULL)
      || (type = H5Dget_type (id)) < 0 || (space = H5Dget_space (id)) < 0)
    return NULL;
  return read_texts (input, id, type, space, read_dataset);
}

char *
saxid_input_text_of (SaxidInput *input, hid_t from, const char *dataset)
{
  g_auto (GStrv) texts = saxid_input_texts_of (input, from, dataset);

  return texts != NULL ? g_strdup (texts[0]) : NULL;
}

double *
saxid_input_numbers_of (SaxidInput *input, hid_t from, const char *dataset, gsize most, gsize *n, char **units)
{
  g_auto (SaxidHid) id = saxid_input_dataset (input, from, dataset);
  g_auto (SaxidHid) space = H5I_INVALID_HID;
  g_autofree double *values = NULL;

  if (id < 0 || !saxid_input_check_storage (input, id, dataset, NULL)
      || !saxid_input_check_number_type (id, dataset, NULL) || (space = H5Dget_space (id)) < 0
      || (*n = small_extent (space, most)) == 0)
    return NULL;
  values = g_new (double, *n);
  if (H5Dread (id, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
    return NULL;
  if (units != NULL)
    *units = saxid_input_text (input, id, "units");
  return g_steal_pointer (&values);
}

gboolean
saxid_input_number_of (SaxidInput *input, hid_t from, const char *dataset, double *value, char **units)
{
  gsize n;
  g_autofree double *values = saxid_input_numbers_of (input, from, dataset, 1, &n, units);

  if (values == NULL)
    return FALSE;
  *value = values[0];
  return TRUE;
}

/* Filters that are no part of HDF5: what they are, and what brings them. */
static const struct
{
  H5Z_filter_t filter;
  gboolean own; /* unpacked by who reads images (schemas/frame/unpack.c) */
  const char *name, *source;
} filters[] = {
  { 307, FALSE, "bzip2", "apt install hdf5-filter-plugin" },
  { 32000, FALSE, "LZF", "it comes with h5py" },
  { 32001, FALSE, "Blosc", "apt install hdf5-plugin-blosc, or the wheel hdf5plugin" },
  { 32004, TRUE, "LZ4", "apt install hdf5-filter-plugin" },
  { 32008, TRUE, "bitshuffle", "apt install bitshuffle" },
  { 32015, FALSE, "Zstandard", "the wheel hdf5plugin has it" },
};

static gboolean
check_filters (const SaxidInput *input, hid_t creation, const char *what, GError **error)
{
  int n = H5Pget_nfilters (creation);

  for (int k = 0; k < n; k++)
    {
      unsigned flags, config;
      size_t n_value = 0;
      char name[64] = "";
      H5Z_filter_t filter
        = H5Pget_filter2 (creation, (unsigned) k, &flags, &n_value, NULL, sizeof name, name, &config);
      g_autofree char *clean = saxid_clean_text (name, (gssize) strnlen (name, sizeof name));
      const char *known = clean, *source = "see HDF5_PLUGIN_PATH";
      gboolean own = FALSE;

      for (gsize i = 0; i < G_N_ELEMENTS (filters); i++)
        if (filters[i].filter == filter)
          {
            known = clean[0] != '\0' ? clean : filters[i].name;
            source = filters[i].source;
            own = filters[i].own && input->limits.unpacks;
          }
      if (own || (filter >= 0 && H5Zfilter_avail (filter) > 0))
        continue;
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED,
                   "%s is compressed by HDF5 filter %d%s%s, whose plugin is not installed (%s)", what, (int) filter,
                   known[0] != '\0' ? " " : "", known, source);
      return FALSE;
    }
  return TRUE;
}

gboolean
saxid_input_check_chunk (hid_t dataset, hid_t creation, gsize most, const char *what, GError **error)
{
  g_auto (SaxidHid) type = H5Dget_type (dataset);
  hsize_t edge[H5S_MAX_RANK];
  int rank = H5Pget_chunk (creation, H5S_MAX_RANK, edge);
  guint64 bytes = type >= 0 ? H5Tget_size (type) : 0;

  for (int k = 0; k < rank && bytes <= most; k++)
    {
      if (edge[k] == 0 || edge[k] > most)
        bytes = G_MAXUINT64;
      else
        bytes *= edge[k];
    }
  if (rank > 0 && bytes > 0 && bytes <= most)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT,
               "%s is stored in chunks of more than %" G_GSIZE_FORMAT " bytes", what, most);
  return FALSE;
}

gboolean
saxid_input_check_extent (hid_t dataset, hid_t creation, const char *what, GError **error)
{
  g_auto (SaxidHid) type = H5Dget_type (dataset);
  g_auto (SaxidHid) space = H5Dget_space (dataset);
  const H5D_layout_t layout = creation >= 0 ? H5Pget_layout (creation) : H5D_LAYOUT_ERROR;
  const hssize_t points = space >= 0 ? H5Sget_simple_extent_npoints (space) : -1;
  const guint64 size = type >= 0 ? H5Tget_size (type) : 0, stored = H5Dget_storage_size (dataset);

  if (layout == H5D_CHUNKED || layout == H5D_VIRTUAL || (creation >= 0 && H5Pget_external_count (creation) > 0))
    return TRUE;
  if (points >= 0 && size > 0
      && ((guint64) points <= stored / size || (layout == H5D_CONTIGUOUS && stored == 0)))
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
               "%s has %" G_GINT64_FORMAT " values of %" G_GUINT64_FORMAT " bytes, %" G_GUINT64_FORMAT
               " bytes are stored", what, (gint64) points, size, stored);
  return FALSE;
}

#define MOST_SOURCES 100000

/* Of a virtual data set. */
static gboolean
sources_are_files (hid_t dataset, hid_t creation, const char *what, GError **error)
{
  char file[4096] = "", source[4096];
  size_t n = 0;

  if (H5Fget_name (dataset, file, sizeof file) < 0 || H5Pget_virtual_count (creation, &n) < 0 || n > MOST_SOURCES)
    n = MOST_SOURCES + 1;
  for (size_t k = 0; k < n && n <= MOST_SOURCES; k++)
    {
      const gssize length = H5Pget_virtual_filename (creation, k, source, sizeof source);

      if (length < 0 || (gsize) length >= sizeof source || (strcmp (source, ".") != 0 && is_no_file (file, source)))
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED, "%s is a virtual data set over what is no file", what);
          return FALSE;
        }
    }
  if (n <= MOST_SOURCES)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT, "%s is a virtual data set over more than %d parts", what, MOST_SOURCES);
  return FALSE;
}

gboolean
saxid_input_check_storage (SaxidInput *input, hid_t dataset, const char *what, GError **error)
{
  g_auto (SaxidHid) creation = H5Dget_create_plist (dataset);
  H5D_layout_t layout = creation >= 0 ? H5Pget_layout (creation) : H5D_LAYOUT_ERROR;

  if (layout == H5D_LAYOUT_ERROR)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "%s is damaged", what);
      return FALSE;
    }
  if (layout == H5D_VIRTUAL && !input->follow_links)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED,
                   "%s is a virtual data set over other files, which are followed only on request", what);
      return FALSE;
    }
  if (layout == H5D_VIRTUAL && !sources_are_files (dataset, creation, what, error))
    return FALSE;
  if (H5Pget_external_count (creation) > 0 && !input->follow_links)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED,
                   "%s is stored outside of the file, where it is followed only on request", what);
      return FALSE;
    }
  if (layout == H5D_CHUNKED)
    return saxid_input_check_chunk (dataset, creation, input->limits.chunk_bytes, what, error)
           && check_filters (input, creation, what, error);
  return saxid_input_check_extent (dataset, creation, what, error);
}

/* Sign, exponent and mantissa where IEEE 754 has them, for the same reason. */
static gboolean
ieee_float (hid_t type)
{
  static const struct
  {
    size_t size, sign, exponent, exponent_bits, mantissa_bits, bias;
  } known[] = { { 2, 15, 10, 5, 10, 15 }, { 4, 31, 23, 8, 23, 127 }, { 8, 63, 52, 11, 52, 1023 } };
  size_t sign, exponent, exponent_bits, mantissa, mantissa_bits;
  size_t size = H5Tget_size (type);

  if (H5Tget_fields (type, &sign, &exponent, &exponent_bits, &mantissa, &mantissa_bits) < 0
      || (H5Tget_order (type) != H5T_ORDER_LE && H5Tget_order (type) != H5T_ORDER_BE))
    return FALSE;
  for (gsize k = 0; k < G_N_ELEMENTS (known); k++)
    if (size == known[k].size)
      return sign == known[k].sign && exponent == known[k].exponent && mantissa == 0
             && exponent_bits == known[k].exponent_bits && mantissa_bits == known[k].mantissa_bits
             && H5Tget_ebias (type) == known[k].bias && H5Tget_norm (type) == H5T_NORM_IMPLIED
             && H5Tget_offset (type) == 0 && H5Tget_precision (type) == 8 * size;
  return FALSE;
}

static const char *
class_name (H5T_class_t type_class)
{
  static const char *const names[] = {
    [H5T_INTEGER] = "integers",     [H5T_FLOAT] = "floats",        [H5T_TIME] = "times",
    [H5T_STRING] = "text",          [H5T_BITFIELD] = "bit fields", [H5T_OPAQUE] = "opaque bytes",
    [H5T_COMPOUND] = "a compound",  [H5T_REFERENCE] = "references", [H5T_ENUM] = "an enumeration",
    [H5T_VLEN] = "lists",           [H5T_ARRAY] = "arrays",
  };

  return type_class >= 0 && type_class < (int) G_N_ELEMENTS (names) ? names[type_class] : "unknown";
}

gboolean
saxid_input_check_number_type (hid_t dataset, const char *what, GError **error)
{
  g_auto (SaxidHid) type = H5Dget_type (dataset);
  H5T_class_t type_class = type >= 0 ? H5Tget_class (type) : H5T_NO_CLASS;

  if ((type_class == H5T_FLOAT && ieee_float (type)) || (type_class == H5T_INTEGER && plain_integer (type)))
    return TRUE;
  if (type_class == H5T_FLOAT || type_class == H5T_INTEGER)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                 "%s is stored in %s of an unusual kind, plain ones of up to 64 bits are read", what,
                 class_name (type_class));
  else
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "%s is %s, numbers are needed", what,
                 class_name (type_class));
  return FALSE;
}

gboolean
saxid_input_check_flag_type (hid_t dataset, const char *what, GError **error)
{
  g_auto (SaxidHid) type = H5Dget_type (dataset);

  if (type >= 0 && H5Tget_class (type) == H5T_ENUM)
    {
      g_auto (SaxidHid) base = H5Tget_super (type);

      if (base >= 0 && H5Tget_class (base) == H5T_INTEGER && plain_integer (base))
        return TRUE;
    }
  return saxid_input_check_number_type (dataset, what, error);
}
