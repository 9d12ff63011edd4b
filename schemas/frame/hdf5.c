/* Where are the frames of a NeXus file, and what goes with them?
 *
 * Images are looked for in NXentry/NXinstrument/NXdetector/data, then in
 * NXentry/NXdata (@signal, data, data_000001…, as the masters of Eiger detectors
 * have them); stack.h says which shapes they may have. What goes with them is that
 * of the detector that has them (nexus.h), as are the geometry (nexus-geometry.h) and
 * the masks (nexus-planes.h).
 *
 * Nothing here prints: HDF5's error stack is silenced around each entry and left
 * as it was found.
 * Thread: a file belongs to one thread at a time.
 */
#include <math.h>
#include <string.h>

#include "reducers/error.h"
#include "schemas/frame/chunks.h"
#include "schemas/frame/format.h"
#include "schemas/frame/nexus.h"
#include "schemas/frame/nexus-geometry.h"
#include "schemas/frame/nexus-planes.h"
#include "schemas/frame/stack.h"
#include "schemas/hdf5/input.h"
#include "schemas/technique/fields.h"

#define MAX_CHUNK_BYTES ((gsize) 1 << 30)
#define MAX_SERIES 999999
#define MAX_LOOKED (1u << 18) /* children of groups: a thousand scans of 250 counters before the first image */
#define WIDE_NO_DATA 0x1.fffffep63 /* 2⁶⁴ - 1, and what rounding makes of it */

/* One dataset of images; a run may be spread over a thousand, of which one is open. */
typedef struct
{
  char *path;
  SaxidStack stack;
} Images;

typedef struct
{
  SaxidInput *input;
  GArray *images; /* of Images */
  hid_t open;     /* the one that was read last, or < 0 */
  guint opened;
  hid_t frame_masks; /* a mask for each frame, or < 0 */
  SaxidChunks *chunks; /* of the images `chunked`, or NULL: HDF5 reads them */
  gssize chunked;
  gboolean growing; /* a writer has it open: places may change */
  gboolean wide;  /* integers of 64 bits, which are read as double */
  char *odd;      /* what stands where images are looked for, and is none; or NULL */
} Handle;

/* ---- images --------------------------------------------------------------- */

/* Refuses what has another shape than images. Of rank 4 the last axis may be times of flight
 * instead of columns, as NXdetector allows. */
static gboolean
check_rank (const Handle *handle, hid_t space, const char *path, SaxidStack *stack, GError **error)
{
  g_autofree char *group = g_path_get_dirname (path), *times = g_strconcat (group, "/time_of_flight", NULL);

  if (!saxid_stack_of (space, stack))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                   "dataset %s has rank %d, images have 2 or 3, or 4 with a first or second edge of 1", path,
                   H5Sget_simple_extent_ndims (space));
      return FALSE;
    }
  if (stack->rank < 4 || !saxid_input_has (handle->input, handle->input->file, times))
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED,
               "dataset %s has rank 4 and a time_of_flight beside it, images have none", path);
  return FALSE;
}

/* A dataset of images, with its shape. */
static hid_t
open_images (const Handle *handle, const char *path, SaxidStack *stack, GError **error)
{
  g_auto (SaxidHid) dataset = saxid_input_dataset (handle->input, handle->input->file, path);
  g_auto (SaxidHid) space = H5I_INVALID_HID;
  g_auto (SaxidHid) creation = H5I_INVALID_HID;

  if (dataset < 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE,
                   "dataset %s cannot be opened; links into other files are followed only on request (--follow-links)",
                   path);
      return -1;
    }
  space = H5Dget_space (dataset);
  creation = H5Dget_create_plist (dataset);
  if (!check_rank (handle, space, path, stack, error)
      || !saxid_input_check_number_type (dataset, path, error)
      || !saxid_frame_check_shape (stack->height, stack->width, stack->n, error)
      || !saxid_input_check_storage (handle->input, dataset, path, error))
    return -1;
  if (H5Dget_storage_size (dataset) == 0 && H5Pget_layout (creation) != H5D_VIRTUAL
      && H5Pget_external_count (creation) == 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "images of %s were never written", path);
      return -1;
    }
  return saxid_hid_steal (&dataset);
}

/* What pixels become in memory: the type that they have, but double for wide integers
 * and float for short floats. */
static const struct
{
  gboolean is_real, is_signed;
  gsize most; /* bytes */
  SaxidPixelType type;
} kinds[] = {
  { FALSE, FALSE, 1, SAXID_PIXEL_TYPE_UINT8 },  { FALSE, TRUE, 1, SAXID_PIXEL_TYPE_INT8 },
  { FALSE, FALSE, 2, SAXID_PIXEL_TYPE_UINT16 }, { FALSE, TRUE, 2, SAXID_PIXEL_TYPE_INT16 },
  { FALSE, FALSE, 4, SAXID_PIXEL_TYPE_UINT32 }, { FALSE, TRUE, 4, SAXID_PIXEL_TYPE_INT32 },
  { TRUE, TRUE, 4, SAXID_PIXEL_TYPE_FLOAT },    { TRUE, TRUE, 8, SAXID_PIXEL_TYPE_DOUBLE },
};

/* Row of kinds; what is in none is double. */
static guint
find_kind (gboolean is_real, gboolean is_signed, gsize size)
{
  guint k = 0;

  while (k + 1 < G_N_ELEMENTS (kinds)
         && !(kinds[k].is_real == is_real && kinds[k].is_signed == is_signed && size <= kinds[k].most))
    k++;
  return k;
}

static hid_t
memory_type (SaxidPixelType type)
{
  const hid_t types[SAXID_N_PIXEL_TYPES] = {
    [SAXID_PIXEL_TYPE_UINT8] = H5T_NATIVE_UINT8,   [SAXID_PIXEL_TYPE_INT8] = H5T_NATIVE_INT8,
    [SAXID_PIXEL_TYPE_UINT16] = H5T_NATIVE_UINT16, [SAXID_PIXEL_TYPE_INT16] = H5T_NATIVE_INT16,
    [SAXID_PIXEL_TYPE_UINT32] = H5T_NATIVE_UINT32, [SAXID_PIXEL_TYPE_INT32] = H5T_NATIVE_INT32,
    [SAXID_PIXEL_TYPE_FLOAT] = H5T_NATIVE_FLOAT,   [SAXID_PIXEL_TYPE_DOUBLE] = H5T_NATIVE_DOUBLE,
  };

  return types[type];
}

/* Adds a dataset of images to the handle; the first one gives the shape. */
static gboolean
add_images (SaxidFrameFile *file, Handle *handle, const char *path, GError **error)
{
  SaxidFrameInfo *info = &file->info;
  SaxidStack stack;
  gboolean is_real, is_signed;
  guint kind;
  g_auto (SaxidHid) dataset = open_images (handle, path, &stack, error);
  g_auto (SaxidHid) type = H5I_INVALID_HID;
  Images images;
  gsize size;

  if (dataset < 0)
    return FALSE;
  if (handle->images->len > 0 && (stack.height != info->height || stack.width != info->width))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                   "dataset %s has other images than the one before it", path);
      return FALSE;
    }

  type = H5Dget_type (dataset);
  size = H5Tget_size (type);
  is_real = H5Tget_class (type) == H5T_FLOAT;
  is_signed = is_real || H5Tget_sign (type) == H5T_SGN_2;
  kind = find_kind (is_real, is_signed, size);
  if (handle->images->len > 0 && kinds[kind].type != info->type)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "dataset %s has pixels of another type than the one before it", path);
      return FALSE;
    }
  info->type = kinds[kind].type;
  handle->wide = !is_real && size > 4;
  images = (Images) { g_strdup (path), stack };
  info->below_zero = is_real;
  info->height = (gsize) stack.height;
  info->width = (gsize) stack.width;
  info->n_frame += (gsize) stack.n;
  if (info->place == NULL)
    info->place = g_strdup (path);
  g_array_append_val (handle->images, images);
  return saxid_frame_check_shape (info->height, info->width, info->n_frame, error);
}

/* How much a dataset looks like images; whatever is none of this is remembered for the message. */
typedef enum
{
  NO_IMAGES,
  LINES, /* an edge of 1: a strip, or a diode that was read several times */
  IMAGES
} Likeness;

static Likeness
find_likeness (Handle *handle, const char *path)
{
  g_auto (SaxidHid) dataset = saxid_input_dataset (handle->input, handle->input->file, path);
  g_auto (SaxidHid) space = dataset >= 0 ? H5Dget_space (dataset) : H5I_INVALID_HID;
  g_autoptr (GError) cause = NULL;
  SaxidStack stack;

  if (space < 0)
    return NO_IMAGES;
  if (check_rank (handle, space, path, &stack, &cause))
    return MIN (stack.height, stack.width) > 1 ? IMAGES : LINES;
  if (handle->odd == NULL)
    handle->odd = g_strdup (cause->message);
  return NO_IMAGES;
}

/* Why a run of several datasets ends, where there is one more that cannot be opened. */
static void
note_end (const Handle *handle, SaxidFrameInfo *info, const char *path)
{
  if (handle->images->len == 0)
    return;
  if (handle->input->refused_file != NULL)
    saxid_frame_note (info, "%s lies in another file (%s): frames from there on are not read without --follow-links",
                      path, handle->input->refused_file);
  else if (saxid_input_has (handle->input, handle->input->file, path))
    saxid_frame_note (info, "%s cannot be opened: frames from there on are not read", path);
}

/* data_000001, data_000002, … of a detector that spreads its run. */
static gboolean
add_series (SaxidFrameFile *file, Handle *handle, const char *group, GError **error)
{
  for (guint k = 1; k <= MAX_SERIES; k++)
    {
      g_autofree char *path = g_strdup_printf ("%s/data_%06u", group, k);
      g_auto (SaxidHid) dataset = saxid_input_dataset (handle->input, handle->input->file, path);

      if (dataset < 0)
        {
          note_end (handle, &file->info, path);
          break;
        }
      if (!add_images (file, handle, path, error))
        return FALSE;
    }
  return TRUE;
}

static char *
signal_of (const Handle *handle, const char *group)
{
  g_auto (SaxidHid) id = saxid_input_group (handle->input, handle->input->file, group);
  g_autofree char *signal = id >= 0 ? saxid_input_text (handle->input, id, "signal") : NULL;

  return g_strconcat (group, "/", signal != NULL ? signal : "data", NULL);
}

/* NXdata of an entry, the one that it shows by default first. */
static GPtrArray *
find_plots (const Handle *handle, const char *entry, gboolean *has_default)
{
  GPtrArray *plots = saxid_nexus_groups (handle->input, entry, "NXdata", "data");
  g_auto (SaxidHid) id = saxid_input_group (handle->input, handle->input->file, entry);
  g_autofree char *name = id >= 0 ? saxid_input_text (handle->input, id, "default") : NULL;
  g_autofree char *path = g_strconcat (entry, "/", name, NULL);
  guint at;

  *has_default = name != NULL && g_ptr_array_find_with_equal_func (plots, path, g_str_equal, &at);
  if (*has_default)
    g_ptr_array_insert (plots, 0, g_ptr_array_steal_index (plots, at));
  *has_default |= plots->len == 1;
  return plots;
}

/* The detectors that have images: those with the most likeness. */
static GPtrArray *
find_cameras (Handle *handle, const GPtrArray *detectors)
{
  GPtrArray *cameras = g_ptr_array_new ();
  Likeness most = LINES;

  for (guint k = 0; k < detectors->len; k++)
    {
      g_autofree char *path = g_strconcat (detectors->pdata[k], "/data", NULL);
      const Likeness likeness = find_likeness (handle, path);

      if (likeness > most)
        g_ptr_array_set_size (cameras, 0);
      most = MAX (likeness, most);
      if (likeness == most)
        g_ptr_array_add (cameras, detectors->pdata[k]);
    }
  return cameras;
}

/* Of several, the one that the file shows by default, or the first by name; both are a guess,
 * which is said. */
static const char *
choose_camera (const Handle *handle, SaxidFrameInfo *info, const GPtrArray *cameras, const char *shown)
{
  const char *camera = shown != NULL ? saxid_nexus_holder (handle->input, cameras, shown) : NULL;
  const char *other;

  if (camera == NULL)
    camera = cameras->pdata[0];
  info->is_one_of_several = cameras->len > 1;
  other = cameras->pdata[camera == cameras->pdata[0] && cameras->len > 1 ? 1 : 0];
  if (info->is_one_of_several)
    saxid_frame_note (info, "%u detectors have images, those of %s/data are taken; --path %s/data takes %s",
                      cameras->len, camera, other, cameras->len == 2 ? "the other" : "another");
  return camera;
}

/* Finds the images below an entry. TRUE with no images is no error. */
static gboolean
find_images (SaxidFrameFile *file, Handle *handle, const char *entry, const GPtrArray *detectors, GError **error)
{
  gboolean has_default;
  g_autoptr (GPtrArray) plots = find_plots (handle, entry, &has_default), cameras = find_cameras (handle, detectors);

  if (cameras->len > 0)
    {
      g_autofree char *shown = has_default ? signal_of (handle, plots->pdata[0]) : NULL;
      g_autofree char *path = g_strconcat (choose_camera (handle, &file->info, cameras, shown), "/data", NULL);

      return add_images (file, handle, path, error);
    }
  for (guint k = 0; k < plots->len && handle->images->len == 0; k++)
    {
      g_autofree char *path = signal_of (handle, plots->pdata[k]);

      if (find_likeness (handle, path) != NO_IMAGES ? !add_images (file, handle, path, error)
                                                    : !add_series (file, handle, plots->pdata[k], error))
        return FALSE;
    }
  return TRUE;
}

/* ---- what goes with the images -------------------------------------------- */

static gboolean
mask_hdf5 (SaxidFrameFile *file, gsize index, guint8 *out, GError **error)
{
  const Handle *handle = file->handle;
  gboolean done;

  memset (out, 0, file->info.height * file->info.width);
  H5E_BEGIN_TRY
  {
    done = saxid_nexus_frame_mask (&file->info, handle->frame_masks, index, out);
  }
  H5E_END_TRY
  if (!done)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "mask of frame %" G_GSIZE_FORMAT " cannot be read", index);
  return done;
}

static void
read_monitor (const Handle *handle, const char *entry, SaxidFrameInfo *info)
{
  static const char *const names[] = { "data", "integral" };
  g_autoptr (GPtrArray) monitors = saxid_nexus_groups (handle->input, entry, "NXmonitor", "control");

  for (guint k = 0; k < monitors->len && info->monitor == NULL; k++)
    for (gsize i = 0; i < G_N_ELEMENTS (names) && info->monitor == NULL; i++)
      {
        g_autofree char *path = g_strconcat (g_ptr_array_index (monitors, k), "/", names[i], NULL);
        gsize n = 0;

        info->monitor = saxid_input_numbers_of (handle->input, handle->input->file, path, SAXID_FRAME_MAX_FRAMES, &n,
                                                NULL);
        if (info->monitor != NULL && n != 1 && n != info->n_frame)
          g_clear_pointer (&info->monitor, g_free); /* says nothing of these frames */
        info->n_monitor = info->monitor != NULL ? n : 0;
      }
}

static void
read_saturation (const Handle *handle, const char *detector, SaxidFrameInfo *info)
{
  g_autofree char *path = g_strconcat (detector, "/saturation_value", NULL);
  gsize n;
  g_autofree double *values
    = saxid_input_numbers_of (handle->input, handle->input->file, path, SAXID_FRAME_MAX_FRAMES, &n, NULL);

  info->saturation = values != NULL && isfinite (values[0]) && values[0] > 0 ? values[0] : 0;
}

static void
read_companions (Handle *handle, const char *entry, const char *detector, SaxidFrameInfo *info)
{
  g_autofree char *title = g_strconcat (entry, "/title", NULL);
  g_autofree char *start = g_strconcat (entry, "/start_time", NULL);

  handle->frame_masks = saxid_nexus_masks (handle->input, detector, info);
  info->flat = saxid_nexus_plane (handle->input, detector, "flatfield", info);
  read_saturation (handle, detector, info);
  info->title = saxid_input_text_of (handle->input, handle->input->file, title);
  info->start_time = saxid_input_text_of (handle->input, handle->input->file, start);
  read_monitor (handle, entry, info);
}

static void
read_technique (const Handle *handle, const char *entry, const char *instrument, const char *detector, SaxidFrameInfo *info)
{
  SaxidTechniqueWords words = SAXID_TECHNIQUE_WORDS_INIT (&info->technique);

  saxid_technique_fields (&words, handle->input, entry, instrument, detector);
  saxid_technique_words_end (&words);
}

/* All that an entry says of the images that were found. A detector's fields may stand in the
 * instrument where it has none. */
static void
read_entry (Handle *handle, const char *entry, const GPtrArray *detectors, SaxidFrameInfo *info)
{
  g_autoptr (GPtrArray) instruments = saxid_nexus_groups (handle->input, entry, "NXinstrument", "instrument");
  const char *images = g_array_index (handle->images, Images, 0).path;
  const char *owner = saxid_nexus_detector_of (handle->input, detectors, images);
  g_autofree char *instrument = owner != NULL ? g_path_get_dirname (owner)
                                              : g_strdup (instruments->len > 0 ? instruments->pdata[0] : entry);
  const char *detector = owner != NULL ? owner : instrument;
  const gboolean is_unknown = owner == NULL && detectors->len > 0;

  if (is_unknown)
    {
      g_autofree char *what
        = g_strdup_printf ("which of its %u NXdetector groups the images are of", detectors->len);

      saxid_frame_lacks (info, what);
    }
  read_companions (handle, entry, detector, info);
  saxid_nexus_geometry (handle->input, entry, instrument, is_unknown ? NULL : detector, info);
  read_technique (handle, entry, instrument, detector, info);
}

/* ---- the format ----------------------------------------------------------- */

/* Looks through the entries; *done where one has the images. Those that were asked for are of an
 * entry by their name, or else by their detector. */
static gboolean
look_through (SaxidFrameFile *file, Handle *handle, const GPtrArray *entries, gboolean by_name, gboolean *done,
              GError **error)
{
  const char *path = file->options.path;

  for (guint k = 0; k < entries->len && !*done; k++)
    {
      const char *entry = entries->pdata[k];
      g_autoptr (GPtrArray) detectors = NULL;

      if (path != NULL && by_name && !saxid_nexus_lies_in (path, entry))
        continue;
      detectors = saxid_nexus_detectors (handle->input, entry);
      if (path != NULL && !by_name && saxid_nexus_holder (handle->input, detectors, path) == NULL)
        continue;
      if (handle->images->len == 0 && !find_images (file, handle, entry, detectors, error))
        return FALSE;
      *done = handle->images->len > 0;
      if (*done)
        read_entry (handle, entry, detectors, &file->info);
    }
  return TRUE;
}

static void
say_no_images (const Handle *handle, guint n_entry, GError **error)
{
  const SaxidInput *input = handle->input;
  g_autofree char *links = g_strdup ("");

  if (input->refused_first != NULL)
    {
      g_free (links);
      links = g_strdup_printf ("; links out of the file were not followed (%s), --follow-links follows them",
                               input->refused_first);
    }
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE,
               "no images in %u NXentry groups: looked for "
               "NXinstrument/NXdetector/data, NXdata/@signal and NXdata/data_000001%s%s%s",
               n_entry, handle->odd != NULL ? "; " : "", handle->odd != NULL ? handle->odd : "", links);
}

static gboolean
look_into (SaxidFrameFile *file, Handle *handle, GError **error)
{
  g_autoptr (GPtrArray) entries = saxid_nexus_groups (handle->input, "/", "NXentry", "entry");
  gboolean done = FALSE;

  if (file->options.path != NULL && !add_images (file, handle, file->options.path, error))
    return FALSE;
  if (!look_through (file, handle, entries, TRUE, &done, error)
      || (!done && file->options.path != NULL && !look_through (file, handle, entries, FALSE, &done, error)))
    return FALSE;
  if (!done && handle->images->len > 0)
    saxid_frame_lacks (&file->info, "instrument");
  if (handle->images->len > 0)
    return TRUE;
  say_no_images (handle, entries->len, error);
  return FALSE;
}

static void
images_clear (gpointer data)
{
  g_free (((Images *) data)->path);
}

static gboolean
open_hdf5 (SaxidFrameFile *file, GError **error)
{
  Handle *handle = g_new0 (Handle, 1);
  SaxidReadLimits limits = saxid_read_limits_default;
  gboolean done = FALSE;

  limits.objects = MAX_LOOKED;
  limits.chunk_bytes = MAX_CHUNK_BYTES; /* a chunk may be a whole image, and several */
  handle->images = g_array_new (FALSE, TRUE, sizeof (Images));
  g_array_set_clear_func (handle->images, images_clear);
  handle->open = -1;
  handle->chunked = -1;
  handle->frame_masks = -1;
  handle->growing = saxid_input_is_growing (file->path);
  limits.unpacks = !handle->growing;
  file->handle = handle;
  H5E_BEGIN_TRY
  {
    handle->input = saxid_input_open (file->path, file->options.follow_links, &limits, error);
    done = handle->input != NULL && look_into (file, handle, error);
  }
  H5E_END_TRY
  return done;
}

/* Opens the images of that number where they are not open. */
static gboolean
turn_to (Handle *handle, guint number, const SaxidFrameInfo *info, GError **error)
{
  const Images *images = &g_array_index (handle->images, Images, number);
  SaxidStack stack;

  if (handle->open >= 0 && handle->opened == number)
    return TRUE;
  saxid_hid_close (handle->open);
  handle->open = open_images (handle, images->path, &stack, error);
  handle->opened = number;
  if (handle->open < 0)
    return FALSE;
  if (stack.n >= images->stack.n && stack.height == info->height && stack.width == info->width
      && stack.rank == images->stack.rank && stack.axis == images->stack.axis)
    return TRUE;
  saxid_hid_close (handle->open);
  handle->open = -1;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "images of %s have changed meanwhile", images->path);
  return FALSE;
}

static gboolean
read_silently (const Handle *handle, const SaxidFrameInfo *info, gsize index, hid_t type, void *out, GError **error)
{
  const hsize_t plane[2] = { info->height, info->width };
  hsize_t start[SAXID_STACK_MOST_RANK], count[SAXID_STACK_MOST_RANK];
  g_auto (SaxidHid) space = H5Dget_space (handle->open);
  g_auto (SaxidHid) memory = H5Screate_simple (2, plane, NULL);

  saxid_stack_select (&g_array_index (handle->images, Images, handle->opened).stack, index, start, count);
  if (H5Sselect_hyperslab (space, H5S_SELECT_SET, start, NULL, count, NULL) >= 0
      && H5Dread (handle->open, type, memory, space, H5P_DEFAULT, out) >= 0)
    return TRUE;
  g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "its bytes are damaged or missing");
  return FALSE;
}

/* Of wide integers, which have become double: what the detector marks as no data. */
static void
drop_no_data (const SaxidFrameFile *file, double *out)
{
  for (gsize k = 0; k < file->info.height * file->info.width; k++)
    if (out[k] < 0 || out[k] >= WIDE_NO_DATA)
      out[k] = NAN;
}

static gboolean
read_raw (SaxidFrameFile *file, gsize index, void *out, GError **error)
{
  Handle *handle = file->handle;
  gsize at = index;
  g_autoptr (GError) cause = NULL;
  gboolean done = FALSE;
  guint number = 0;

  while (at >= g_array_index (handle->images, Images, number).stack.n)
    at -= g_array_index (handle->images, Images, number++).stack.n;
  H5E_BEGIN_TRY
  {
    done = turn_to (handle, number, &file->info, &cause)
           && read_silently (handle, &file->info, at, memory_type (file->info.type), out, &cause);
  }
  H5E_END_TRY
  if (done && handle->wide)
    drop_no_data (file, out);
  if (!done)
    g_set_error (error, SAXID_ERROR, cause->code, "frame %" G_GSIZE_FORMAT " cannot be read: %s", index, cause->message);
  return done;
}

/* The places of one dataset of images are found when it is turned to. */
static gboolean
packed_hdf5 (SaxidFrameFile *file, gsize index, SaxidPackedFrame *packed, GError **error)
{
  Handle *handle = file->handle;
  gsize at = index;
  guint number = 0;
  gboolean done = FALSE;

  while (at >= g_array_index (handle->images, Images, number).stack.n)
    at -= g_array_index (handle->images, Images, number++).stack.n;
  H5E_BEGIN_TRY
  {
    if (!handle->growing && !handle->wide && turn_to (handle, number, &file->info, NULL))
      {
        if (handle->chunked != (gssize) number)
          {
            saxid_chunks_free (handle->chunks);
            handle->chunks = saxid_chunks_new (handle->open, &file->info, memory_type (file->info.type));
            handle->chunked = number;
          }
        done = handle->chunks != NULL && saxid_chunks_fetch (handle->chunks, handle->open, at, packed, error);
      }
  }
  H5E_END_TRY
  return done;
}

static void
close_hdf5 (SaxidFrameFile *file)
{
  Handle *handle = file->handle;

  if (handle == NULL)
    return;
  H5E_BEGIN_TRY
  {
    saxid_chunks_free (handle->chunks);
    saxid_hid_close (handle->frame_masks);
    saxid_hid_close (handle->open);
    saxid_input_free (handle->input);
  }
  H5E_END_TRY
  g_array_unref (handle->images);
  g_free (handle->odd);
  g_free (handle);
  file->handle = NULL;
}

const SaxidFrameFormat saxid_frame_hdf5 = { "HDF5", NULL, open_hdf5, NULL, read_raw, close_hdf5, packed_hdf5, mask_hdf5 };
