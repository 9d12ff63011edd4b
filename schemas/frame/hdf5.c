/* Where are the frames of a NeXus file, and what does it say of the instrument?
 *
 * Images are looked for in NXentry/NXinstrument/NXdetector/data, then in
 * NXentry/NXdata (@signal, data, data_000001…, as the masters of Eiger detectors
 * have them): [height × width] or a stack [frame × height × width].
 *
 * Geometry is taken from NXdetector (distance, beam_center_x and _y,
 * x_pixel_size, y_pixel_size) and NXmonochromator or NXbeam; x is the fast axis
 * there. A length counts only with its unit: the attribute `units`, or the last
 * word of areaDetector's NDAttrDescription ("…, mm"). Files of the APS-USAXS
 * kind, which keep {pin,waxs}_ccd_tilt_x and _y in Metadata, follow Nika: there x
 * is the slow axis, and the two tilts make one of Fit2D's, asin √(sin² x + sin² y)
 * in the direction atan2 (-sin x, sin y).
 * Nika: Ilavsky, J. Appl. Cryst. 45 (2012) 324, doi:10.1107/S0021889812004037.
 * Where NXtransformations turn the detector, or tell what these do not, transformations.h has it.
 * NeXus: https://manual.nexusformat.org/classes/base_classes/NXdetector.html.
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
#include "schemas/frame/transformations.h"
#include "schemas/hdf5/input.h"
#include "schemas/technique/fields.h"
#include "schemas/units.h"

#define MAX_CHILDREN 1024
#define MAX_CHUNK_BYTES ((gsize) 1 << 30)
#define MAX_SERIES 999999
#define WIDE_NO_DATA 0x1.fffffep63 /* 2⁶⁴ - 1, and what rounding makes of it */

/* One dataset of images; a run may be spread over a thousand, of which one is open. */
typedef struct
{
  char *path;
  gsize n_frame;
  gboolean is_stack;
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
} Handle;

/* ---- names ---------------------------------------------------------------- */

/* The children of a group that are groups of a NeXus class, or have the name
 * that such a group usually has: paths, in the order of their names. */
static GPtrArray *
groups_of_class (const Handle *handle, const char *parent, const char *class_name, const char *usual)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_auto (SaxidHid) group = saxid_input_group (handle->input, handle->input->file, parent);
  H5G_info_t info;

  if (group < 0)
    return paths;
  if (H5Gget_info (group, &info) < 0)
    info.nlinks = 0;
  for (hsize_t k = 0; k < MIN (info.nlinks, MAX_CHILDREN); k++)
    {
      char name[256];
      ssize_t length = H5Lget_name_by_idx (group, ".", H5_INDEX_NAME, H5_ITER_INC, k, name, sizeof name,
                                           H5P_DEFAULT);
      g_autofree char *path = NULL, *found = NULL;
      g_auto (SaxidHid) child = H5I_INVALID_HID;

      if (length <= 0 || (gsize) length >= sizeof name)
        continue;
      path = g_strconcat (strcmp (parent, "/") == 0 ? "" : parent, "/", name, NULL);
      child = saxid_input_group (handle->input, group, name);
      if (child < 0)
        continue;
      found = saxid_input_text (handle->input, child, "NX_class");
      if (found != NULL ? strcmp (found, class_name) == 0 : strcmp (name, usual) == 0)
        g_ptr_array_add (paths, g_steal_pointer (&path));
    }
  return paths;
}

/* ---- numbers -------------------------------------------------------------- */

static gboolean
metres (const char *unit, double *factor)
{
  if (!saxid_units_length (unit, factor))
    return FALSE;
  *factor *= 1e-10;
  return TRUE;
}

/* What a unit is worth: in m, eV or rad. */
typedef gboolean (*Quantity) (const char *unit, double *factor);

/* The first number of a dataset and its unit, which may be NULL. */
static gboolean
read_number (const Handle *handle, const char *path, double *value, char **unit)
{
  SaxidInput *input = handle->input;
  gsize n;
  g_autofree double *values
      = saxid_input_numbers_of (input, input->file, path, SAXID_FRAME_MAX_FRAMES, &n, unit);

  if (values == NULL || !isfinite (values[0]))
    return FALSE;
  *value = values[0];
  if (unit != NULL && *unit == NULL) /* areaDetector: "Distance to the detector, mm" */
    {
      g_auto (SaxidHid) dataset = saxid_input_dataset (input, input->file, path);
      g_autofree char *description = saxid_input_text (input, dataset, "NDAttrDescription");
      const char *comma = description != NULL ? strrchr (description, ',') : NULL;

      *unit = comma != NULL ? g_strstrip (g_strdup (comma + 1)) : NULL;
    }
  return TRUE;
}

/* A number in m, eV or rad. FALSE when it is missing or without a unit. */
static gboolean
read_quantity (const Handle *handle, const char *group, const char *name, Quantity quantity,
               double *value)
{
  g_autofree char *path = g_strconcat (group, "/", name, NULL), *unit = NULL;
  double factor;

  if (!read_number (handle, path, value, &unit) || unit == NULL || !quantity (unit, &factor))
    return FALSE;
  *value *= factor;
  return TRUE;
}

/* ---- geometry ------------------------------------------------------------- */

/* A beam centre in pixels, given in pixels or as a length. */
static gboolean
read_centre (const Handle *handle, const char *detector, const char *name, double pixel, double *centre)
{
  g_autofree char *path = g_strconcat (detector, "/", name, NULL), *unit = NULL;
  double factor;

  if (!read_number (handle, path, centre, &unit) || unit == NULL)
    return FALSE;
  if (g_ascii_strncasecmp (unit, "pixel", 5) == 0 || strcmp (unit, "px") == 0)
    return TRUE;
  if (!metres (unit, &factor) || !(pixel > 0))
    return FALSE;
  *centre *= factor / pixel;
  return TRUE;
}

#define HC 1.23984198433e-6 /* eV m, CODATA 2018 */

static gboolean
read_wavelength (const Handle *handle, const char *entry, const char *instrument, double *wavelength)
{
  static const struct
  {
    gboolean in_instrument;
    const char *group, *name;
    Quantity quantity;
  } places[] = {
    { TRUE, "monochromator", "wavelength", metres },
    { TRUE, "beam", "incident_wavelength", metres },
    { FALSE, "sample/beam", "incident_wavelength", metres },
    { TRUE, "monochromator", "energy", saxid_units_energy },
    { TRUE, "beam", "incident_energy", saxid_units_energy },
    { FALSE, "sample/beam", "incident_energy", saxid_units_energy },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (places); k++)
    {
      g_autofree char *group
          = g_strconcat (places[k].in_instrument ? instrument : entry, "/", places[k].group, NULL);

      if (!read_quantity (handle, group, places[k].name, places[k].quantity, wavelength)
          || !(*wavelength > 0))
        continue;
      if (places[k].quantity == saxid_units_energy)
        *wavelength = HC / *wavelength;
      return TRUE;
    }
  return FALSE;
}

/* The tilts of Nika, in rad; FALSE for a file of another kind. */
static gboolean
read_nika_tilts (const Handle *handle, const char *entry, double *tilt_x, double *tilt_y)
{
  static const char *const prefixes[] = { "pin_ccd", "waxs_ccd" };
  g_autofree char *metadata = g_strconcat (entry, "/Metadata", NULL);

  for (gsize k = 0; k < G_N_ELEMENTS (prefixes); k++)
    {
      g_autofree char *x = g_strconcat (prefixes[k], "_tilt_x", NULL);
      g_autofree char *y = g_strconcat (prefixes[k], "_tilt_y", NULL);

      if (read_quantity (handle, metadata, x, saxid_units_angle, tilt_x)
          && read_quantity (handle, metadata, y, saxid_units_angle, tilt_y))
        return TRUE;
    }
  return FALSE;
}

/* What NXdetector says by itself, where the detector is not turned. */
static void
read_beam (const Handle *handle, const char *entry, const char *detector, SaxidFrameInfo *info)
{
  double x = 0, y = 0, distance = 0, size_x = 0, size_y = 0, tilt_x = 0, tilt_y = 0, sine, turned;
  gboolean nika = read_nika_tilts (handle, entry, &tilt_x, &tilt_y);

  if (!read_quantity (handle, detector, "x_pixel_size", metres, &size_x) || !(size_x > 0)
      || !read_quantity (handle, detector, "y_pixel_size", metres, &size_y) || !(size_y > 0))
    saxid_frame_lacks (info, "pixel size");
  if (!read_quantity (handle, detector, "distance", metres, &distance) || !(distance > 0))
    saxid_frame_lacks (info, "distance");
  if (!read_centre (handle, detector, "beam_center_x", size_x, &x)
      || !read_centre (handle, detector, "beam_center_y", size_y, &y))
    saxid_frame_lacks (info, "beam centre");
  else if (saxid_frame_is_unset (distance, x, y, info->height, info->width))
    saxid_frame_lacks (info, SAXID_FRAME_UNSET);
  if (read_quantity (handle, detector, "polar_angle", saxid_units_angle, &turned) && turned != 0)
    saxid_frame_lacks (info, "how the detector is turned but for its polar_angle");

  info->pixel1 = info->geometry.pixel1 = nika ? size_x : size_y;
  info->pixel2 = info->geometry.pixel2 = nika ? size_y : size_x;
  if (info->lacks != NULL)
    return;
  sine = hypot (sin (tilt_x), sin (tilt_y));
  saxid_geometry_from_beam (&info->geometry, distance, nika ? x : y, nika ? y : x, asin (MIN (sine, 1)),
                            atan2 (-sin (tilt_x), sin (tilt_y)));
}

/* Distance and centre are believed where the detector is not turned; the transformations count
 * where it is, or where those are missing. */
static void
read_geometry (const Handle *handle, const char *entry, const char *instrument, const char *detector, SaxidFrameInfo *info)
{
  g_autoptr (GPtrArray) modules = groups_of_class (handle, detector, "NXdetector_module", "module");
  SaxidGeometry moved = { 0 };
  gboolean whole;
  const SaxidTransformed how = saxid_frame_transformed (handle->input, detector, modules->len == 1 ? modules->pdata[0] : NULL,
                                                        &moved, &whole);

  read_beam (handle, entry, detector, info);
  if (how == SAXID_TRANSFORMED_UNKNOWN)
    saxid_frame_lacks (info, "where its NXtransformations take the detector");
  else if (whole && (how == SAXID_TRANSFORMED_TURNED || info->lacks != NULL))
    {
      g_clear_pointer (&info->lacks, g_free);
      info->geometry = moved;
      info->pixel1 = moved.pixel1;
      info->pixel2 = moved.pixel2;
    }
  if (!read_wavelength (handle, entry, instrument, &info->geometry.wavelength))
    saxid_frame_lacks (info, "wavelength");
}

/* ---- images --------------------------------------------------------------- */

/* A dataset of images, with its shape as [frame × height × width]. */
static hid_t
open_images (const Handle *handle, const char *path, hsize_t shape[3], gboolean *is_stack, GError **error)
{
  g_auto (SaxidHid) dataset = saxid_input_dataset (handle->input, handle->input->file, path);
  g_auto (SaxidHid) space = H5I_INVALID_HID;
  g_auto (SaxidHid) creation = H5I_INVALID_HID;
  int rank;

  if (dataset < 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE,
                   "dataset %s cannot be opened; links into other files are followed only on request",
                   path);
      return -1;
    }
  space = H5Dget_space (dataset);
  creation = H5Dget_create_plist (dataset);
  rank = H5Sget_simple_extent_ndims (space);
  if (rank != 2 && rank != 3)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "dataset %s has rank %d, images have 2 or 3", path, rank);
      return -1;
    }
  shape[0] = 1;
  H5Sget_simple_extent_dims (space, shape + (rank == 2), NULL);
  if (!saxid_input_check_number_type (dataset, path, error)
      || !saxid_frame_check_shape (shape[1], shape[2], shape[0], error)
      || !saxid_input_check_storage (handle->input, dataset, path, error))
    return -1;
  if (H5Dget_storage_size (dataset) == 0 && H5Pget_layout (creation) != H5D_VIRTUAL
      && H5Pget_external_count (creation) == 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "images of %s were never written", path);
      return -1;
    }
  *is_stack = rank == 3;
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
  hsize_t shape[3];
  gboolean is_stack, is_real, is_signed;
  guint kind;
  g_auto (SaxidHid) dataset = open_images (handle, path, shape, &is_stack, error);
  g_auto (SaxidHid) type = H5I_INVALID_HID;
  Images images;
  gsize size;

  if (dataset < 0)
    return FALSE;
  if (handle->images->len > 0 && (shape[1] != info->height || shape[2] != info->width))
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
  images = (Images) { g_strdup (path), (gsize) shape[0], is_stack };
  info->below_zero = is_real;
  info->height = (gsize) shape[1];
  info->width = (gsize) shape[2];
  info->n_frame += images.n_frame;
  if (info->place == NULL)
    info->place = g_strdup (path);
  g_array_append_val (handle->images, images);
  return saxid_frame_check_shape (info->height, info->width, info->n_frame, error);
}

static gboolean
has_images (const Handle *handle, const char *path)
{
  g_auto (SaxidHid) dataset = saxid_input_dataset (handle->input, handle->input->file, path);
  g_auto (SaxidHid) space = dataset >= 0 ? H5Dget_space (dataset) : H5I_INVALID_HID;
  const int rank = space >= 0 ? H5Sget_simple_extent_ndims (space) : -1;

  return rank == 2 || rank == 3;
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
        break;
      if (!add_images (file, handle, path, error))
        return FALSE;
    }
  return TRUE;
}

/* Finds the images below an entry. TRUE with no images is no error. */
static gboolean
find_images (SaxidFrameFile *file, Handle *handle, const char *entry, const char *detector,
             GError **error)
{
  g_autoptr (GPtrArray) data = groups_of_class (handle, entry, "NXdata", "data");
  g_autofree char *in_detector = g_strconcat (detector, "/data", NULL);

  if (has_images (handle, in_detector))
    return add_images (file, handle, in_detector, error);
  for (guint k = 0; k < data->len && handle->images->len == 0; k++)
    {
      const char *group = g_ptr_array_index (data, k);
      g_auto (SaxidHid) id = saxid_input_group (handle->input, handle->input->file, group);
      g_autofree char *signal = saxid_input_text (handle->input, id, "signal");
      g_autofree char *path = g_strconcat (group, "/", signal != NULL ? signal : "data", NULL);

      if (has_images (handle, path) ? !add_images (file, handle, path, error)
                                    : !add_series (file, handle, group, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- what goes with the images -------------------------------------------- */

/* What somebody should know of a field that is there. */
static void
note_unused (SaxidFrameInfo *info, const char *name, const char *why)
{
  saxid_frame_note (info, "%s is not used: %s", name, why);
}

/* Whether it is a boolean as h5py writes it: HDF5 makes numbers of an enumeration's values. */
static gboolean
is_boolean (hid_t dataset)
{
  g_auto (SaxidHid) type = H5Dget_type (dataset);
  g_auto (SaxidHid) base = H5Tget_class (type) == H5T_ENUM ? H5Tget_super (type) : H5I_INVALID_HID;

  return base >= 0 && H5Tget_class (base) == H5T_INTEGER && H5Tget_size (base) == 1 && H5Tget_precision (base) == 8;
}

/* An image of the detector's shape, [height × width] or [1 × height × width]. */
static float *
fetch_plane (const Handle *handle, const SaxidFrameInfo *info, hid_t dataset, const char *name, GError **error)
{
  g_auto (SaxidHid) space = H5Dget_space (dataset);
  g_autofree float *plane = NULL;
  hsize_t shape[3] = { 1, 1, 1 };
  const int rank = H5Sget_simple_extent_ndims (space);

  if (!saxid_input_check_storage (handle->input, dataset, "it", error)
      || (!is_boolean (dataset) && !saxid_input_check_number_type (dataset, "it", error)))
    return NULL;
  if ((rank != 2 && rank != 3) || H5Sget_simple_extent_dims (space, shape + (rank == 2), NULL) < 0 || shape[0] != 1
      || shape[1] != info->height || shape[2] != info->width)
    {
      g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_DATA, "it has another shape than the images");
      return NULL;
    }
  plane = g_new (float, info->height * info->width);
  if (H5Dread (dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, plane) < 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "%s cannot be read", name);
      return NULL;
    }
  return g_steal_pointer (&plane);
}

/* A name that leads nowhere, though there is something. */
static void
note_missing (const Handle *handle, SaxidFrameInfo *info, const char *path, const char *name)
{
  g_autofree char *why = NULL;

  if (handle->input->refused_file != NULL)
    {
      why = g_strdup_printf ("it lies in another file (%s), which is followed only on request", handle->input->refused_file);
      note_unused (info, name, why);
    }
  else if (saxid_input_has (handle->input, handle->input->file, path))
    note_unused (info, name, "it cannot be opened");
}

static float *
read_plane (const Handle *handle, SaxidFrameInfo *info, const char *group, const char *name)
{
  g_autofree char *path = g_strconcat (group, "/", name, NULL);
  g_auto (SaxidHid) dataset = saxid_input_dataset (handle->input, handle->input->file, path);
  g_autoptr (GError) cause = NULL;
  float *plane = dataset >= 0 ? fetch_plane (handle, info, dataset, name, &cause) : NULL;

  if (cause != NULL)
    note_unused (info, name, cause->message);
  else if (dataset < 0)
    note_missing (handle, info, path, name);
  return plane;
}

/* ---- masks ------------------------------------------------------------------ */

/* Bits 0 to 15 of a NeXus mask say that a pixel is none (gap, dead, under- or overresponding,
 * noisy, in a cluster, masked by the user); higher ones only mark it, such as that it was
 * interpolated. */
#define BAD_BITS 0xFFFF
#define MOST_MASKS 32 /* pixel_mask_1 … */

/* Adds plane `index` of a mask dataset to mask; a mask of floats has no bits. */
static gboolean
join_mask_plane (const SaxidFrameInfo *info, hid_t dataset, int rank, hsize_t index, guint8 *mask)
{
  const hsize_t start[3] = { index, 0, 0 }, count[3] = { 1, info->height, info->width };
  const gsize two = rank == 2, n = info->height * info->width;
  g_auto (SaxidHid) space = H5Dget_space (dataset);
  g_auto (SaxidHid) memory = H5Screate_simple (2, count + 1, NULL);
  g_auto (SaxidHid) type = H5Dget_type (dataset);
  const gboolean is_real = H5Tget_class (type) == H5T_FLOAT;
  g_autofree gint64 *bits = is_real ? NULL : g_try_new (gint64, n);
  g_autofree double *real = is_real ? g_try_new (double, n) : NULL;

  if ((bits == NULL && real == NULL)
      || H5Sselect_hyperslab (space, H5S_SELECT_SET, start + two, NULL, count + two, NULL) < 0
      || H5Dread (dataset, is_real ? H5T_NATIVE_DOUBLE : H5T_NATIVE_INT64, memory, space, H5P_DEFAULT,
                  is_real ? (void *) real : (void *) bits) < 0)
    return FALSE;
  for (gsize k = 0; k < n; k++)
    mask[k] |= is_real ? !(real[k] == 0) : (bits[k] & BAD_BITS) != 0;
  return TRUE;
}

/* A mask dataset of the detector's shape, [height × width] or [plane × height × width]; how
 * many planes in *n. < 0 with the reason where it is none. */
static hid_t
open_mask (const Handle *handle, const SaxidFrameInfo *info, const char *path, int *rank, hsize_t *n, GError **error)
{
  g_auto (SaxidHid) dataset = saxid_input_dataset (handle->input, handle->input->file, path);
  g_auto (SaxidHid) space = dataset >= 0 ? H5Dget_space (dataset) : H5I_INVALID_HID;
  hsize_t shape[3] = { 1, 1, 1 };

  if (dataset < 0)
    return -1;
  *rank = H5Sget_simple_extent_ndims (space);
  if (!saxid_input_check_storage (handle->input, dataset, "it", error)
      || (!is_boolean (dataset) && !saxid_input_check_number_type (dataset, "it", error)))
    return -1;
  if ((*rank != 2 && *rank != 3) || H5Sget_simple_extent_dims (space, shape + (*rank == 2), NULL) < 0
      || shape[1] != info->height || shape[2] != info->width || shape[0] < 1 || shape[0] > SAXID_FRAME_MAX_FRAMES)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "it has another shape than the images%s",
                   shape[1] == info->width && shape[2] == info->height ? ": rows and columns are exchanged" : "");
      return -1;
    }
  *n = shape[0];
  return saxid_hid_steal (&dataset);
}

/* Joins one mask dataset; one plane for each frame is kept for when that is read. */
static void
join_mask (Handle *handle, SaxidFrameInfo *info, const char *group, const char *name)
{
  g_autofree char *path = g_strconcat (group, "/", name, NULL);
  g_autofree guint8 *mask = NULL;
  g_autoptr (GError) cause = NULL;
  hsize_t n = 0;
  int rank = 0;
  g_auto (SaxidHid) dataset = open_mask (handle, info, path, &rank, &n, &cause);

  if (cause != NULL)
    note_unused (info, name, cause->message);
  else if (dataset < 0)
    note_missing (handle, info, path, name);
  if (dataset < 0)
    return;
  if (n > 1 && n == info->n_frame && handle->frame_masks < 0)
    {
      handle->frame_masks = saxid_hid_steal (&dataset);
      info->frame_masks = TRUE;
      return;
    }
  mask = g_new0 (guint8, info->height * info->width);
  for (hsize_t k = 0; k < n; k++)
    if (!join_mask_plane (info, dataset, rank, k, mask))
      {
        note_unused (info, name, "it cannot be read");
        return;
      }
  if (info->mask == NULL)
    info->mask = g_steal_pointer (&mask);
  else
    for (gsize k = 0; k < info->height * info->width; k++)
      info->mask[k] |= mask[k];
}

static void
read_masks (Handle *handle, const char *detector, SaxidFrameInfo *info)
{
  join_mask (handle, info, detector, "pixel_mask");
  for (guint k = 1; k <= MOST_MASKS; k++)
    {
      g_autofree char *name = g_strdup_printf ("pixel_mask_%u", k), *path = g_strconcat (detector, "/", name, NULL);

      if (!saxid_input_has (handle->input, handle->input->file, path))
        break;
      join_mask (handle, info, detector, name);
    }
}

static gboolean
mask_hdf5 (SaxidFrameFile *file, gsize index, guint8 *out, GError **error)
{
  const Handle *handle = file->handle;
  gboolean done;

  memset (out, 0, file->info.height * file->info.width);
  H5E_BEGIN_TRY
  {
    done = join_mask_plane (&file->info, handle->frame_masks, 3, index, out);
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
  g_autoptr (GPtrArray) monitors = groups_of_class (handle, entry, "NXmonitor", "control");

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
read_companions (Handle *handle, const char *entry, const char *detector, SaxidFrameInfo *info)
{
  g_autofree char *title = g_strconcat (entry, "/title", NULL);
  g_autofree char *start = g_strconcat (entry, "/start_time", NULL);
  g_autofree char *saturation = g_strconcat (detector, "/saturation_value", NULL);

  read_masks (handle, detector, info);
  info->flat = read_plane (handle, info, detector, "flatfield");
  if (!read_number (handle, saturation, &info->saturation, NULL) || !(info->saturation > 0))
    info->saturation = 0;
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

/* ---- the format ----------------------------------------------------------- */

static gboolean
look_into (SaxidFrameFile *file, Handle *handle, GError **error)
{
  g_autoptr (GPtrArray) entries = groups_of_class (handle, "/", "NXentry", "entry");

  if (file->options.path != NULL && !add_images (file, handle, file->options.path, error))
    return FALSE;
  for (guint k = 0; k < entries->len; k++)
    {
      const char *entry = g_ptr_array_index (entries, k);
      g_autoptr (GPtrArray) instruments = groups_of_class (handle, entry, "NXinstrument", "instrument");
      const char *instrument = instruments->len > 0 ? g_ptr_array_index (instruments, 0) : entry;
      g_autoptr (GPtrArray) detectors = groups_of_class (handle, instrument, "NXdetector", "detector");
      const char *detector = detectors->len > 0 ? g_ptr_array_index (detectors, 0) : instrument;

      if (file->options.path != NULL && !g_str_has_prefix (file->options.path, entry))
        continue;
      if (handle->images->len == 0 && !find_images (file, handle, entry, detector, error))
        return FALSE;
      if (handle->images->len == 0)
        continue;
      read_companions (handle, entry, detector, &file->info);
      read_geometry (handle, entry, instrument, detector, &file->info);
      read_technique (handle, entry, instrument, detector, &file->info);
      return TRUE;
    }
  if (handle->images->len > 0)
    {
      saxid_frame_lacks (&file->info, "instrument");
      return TRUE;
    }
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE,
               "no images in %u NXentry groups: looked for "
               "NXinstrument/NXdetector/data, NXdata/@signal and NXdata/data_000001",
               entries->len);
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
  hsize_t shape[3];
  gboolean is_stack;

  if (handle->open >= 0 && handle->opened == number)
    return TRUE;
  saxid_hid_close (handle->open);
  handle->open = open_images (handle, images->path, shape, &is_stack, error);
  handle->opened = number;
  if (handle->open < 0)
    return FALSE;
  if (shape[0] >= images->n_frame && shape[1] == info->height && shape[2] == info->width && is_stack == images->is_stack)
    return TRUE;
  saxid_hid_close (handle->open);
  handle->open = -1;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "images of %s have changed meanwhile", images->path);
  return FALSE;
}

static gboolean
read_silently (const Handle *handle, const SaxidFrameInfo *info, gsize index, hid_t type, void *out, GError **error)
{
  const hsize_t start[3] = { index, 0, 0 }, count[3] = { 1, info->height, info->width };
  gboolean two = !g_array_index (handle->images, Images, handle->opened).is_stack;
  g_auto (SaxidHid) space = H5Dget_space (handle->open);
  g_auto (SaxidHid) memory = H5Screate_simple (2, count + 1, NULL);

  if (H5Sselect_hyperslab (space, H5S_SELECT_SET, start + two, NULL, count + two, NULL) >= 0
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

  while (at >= g_array_index (handle->images, Images, number).n_frame)
    at -= g_array_index (handle->images, Images, number++).n_frame;
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

  while (at >= g_array_index (handle->images, Images, number).n_frame)
    at -= g_array_index (handle->images, Images, number++).n_frame;
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
  g_free (handle);
  file->handle = NULL;
}

const SaxidFrameFormat saxid_frame_hdf5 = { "HDF5", NULL, open_hdf5, NULL, read_raw, close_hdf5, packed_hdf5, mask_hdf5 };
