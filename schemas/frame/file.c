/* Which kind of detector file is this, and what does it say of its frames?
 *
 * Thread: see frame/file.h.
 */
#include "schemas/frame/file.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "reducers/error.h"
#include "schemas/disk/door.h"
#include "schemas/frame/format.h"
#include "schemas/frame/pixels.h"
#include "schemas/hdf5/superblock.h"
#include "schemas/technique/words.h"

/* Enough of a file to tell its kind. */
#define HEAD 1024
#define MOST_NOTES (256u << 10) /* bytes of the text beside a frame */

/* Beside HDF5, which is looked for everywhere in the file. */
static const SaxidFrameFormat *const formats[] = {
  &saxid_frame_tiff,
  &saxid_frame_cbf,
  &saxid_frame_smv, /* before EDF, which begins alike */
  &saxid_frame_edf,
};

gboolean
saxid_frame_check_shape (guint64 height, guint64 width, guint64 n_frame, GError **error)
{
  if (height < 1 || width < 1 || n_frame < 1)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                   "image has %" G_GUINT64_FORMAT " × %" G_GUINT64_FORMAT
                   " pixels and %" G_GUINT64_FORMAT " frames, at least one is needed",
                   height, width, n_frame);
      return FALSE;
    }
  if (height > SAXID_FRAME_MAX_PIXELS || width > SAXID_FRAME_MAX_PIXELS
      || height * width > SAXID_FRAME_MAX_PIXELS || n_frame > SAXID_FRAME_MAX_FRAMES)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT,
                   "image has %" G_GUINT64_FORMAT " × %" G_GUINT64_FORMAT
                   " pixels and %" G_GUINT64_FORMAT " frames, %u pixels and %u frames are read",
                   height, width, n_frame, SAXID_FRAME_MAX_PIXELS, SAXID_FRAME_MAX_FRAMES);
      return FALSE;
    }
  return TRUE;
}

void
saxid_frame_lacks (SaxidFrameInfo *info, const char *what)
{
  char *before = info->lacks;

  info->lacks = before != NULL ? g_strconcat (before, ", ", what, NULL) : g_strdup (what);
  g_free (before);
}

void
saxid_frame_turned (SaxidFrameInfo *info, const char *name, double degree)
{
  g_autofree char *said = NULL;

  if (fabs (degree) < SAXID_FRAME_LEAST_TURN)
    return;
  said = g_strdup_printf (SAXID_FRAME_TURNED " (%s = %.4g degree, its axis and its sign are not told)", name, degree);
  saxid_frame_lacks (info, said);
}

void
saxid_frame_note (SaxidFrameInfo *info, const char *format, ...)
{
  g_autofree char *before = info->note, *said = NULL;
  va_list arguments;

  va_start (arguments, format);
  said = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  info->note = before != NULL ? g_strconcat (before, "; ", said, NULL) : g_steal_pointer (&said);
}

gboolean
saxid_frame_is_unset (double distance, double x, double y, gsize height, gsize width)
{
  const double middle = 0.006; /* of pixels, written with two digits */

  return distance == 1
         && ((x == 0 && y == 0)
             || (fabs (x - (double) width / 2) < middle && fabs (y - (double) height / 2) < middle));
}

static const SaxidFrameFormat *
probe (const char *path, GError **error)
{
  guint8 head[HEAD];
  guint64 size;
  int fd = saxid_door_open (path, &size, error);
  gssize n;
  gboolean hdf5;
  guint writer;

  if (fd < 0)
    return NULL;
  n = pread (fd, head, sizeof head, 0);
  if (n < 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "file cannot be read: %s", g_strerror (errno));
      close (fd);
      return NULL;
    }
  hdf5 = saxid_superblock_find (fd, &writer); /* it may stand behind a user block */
  close (fd);
  if (hdf5)
    return &saxid_frame_hdf5;
  for (gsize k = 0; k < G_N_ELEMENTS (formats); k++)
    if (formats[k]->probe (head, (gsize) n))
      return formats[k];
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
               n == 0 ? "file is empty, HDF5, TIFF, CBF, EDF and SMV images are read"
                      : "file is no detector image, HDF5, TIFF, CBF, EDF and SMV are read");
  return NULL;
}

gboolean
saxid_frame_file_is_image (const char *path)
{
  const SaxidFrameFormat *format = probe (path, NULL);

  return format != NULL && format != &saxid_frame_hdf5;
}

/* The Advanced Light Source has what its stages say in FRAME.txt beside FRAME.edf. */
static void
read_notes_beside (SaxidTechniqueWords *words, const char *path)
{
  const char *name = strrchr (path, '/') != NULL ? strrchr (path, '/') : path, *dot = strrchr (name, '.');
  g_autofree char *stem = dot != NULL ? g_strndup (path, (gsize) (dot - path)) : g_strdup (path);
  g_autofree char *beside = g_strconcat (stem, ".txt", NULL), *text = NULL;
  gsize n;

  if (strcmp (beside, path) != 0 && saxid_door_is_file (beside) && saxid_door_read (beside, MOST_NOTES, &text, &n, NULL))
    saxid_technique_lines (words, "text beside the frame", text);
}

/* What a person called the frame says less than any field. */
static void
read_technique (SaxidFrameFile *file)
{
  SaxidTechniqueWords words = SAXID_TECHNIQUE_WORDS_INIT (&file->info.technique);
  g_autofree char *name = g_path_get_basename (file->path);

  if (file->format != &saxid_frame_hdf5)
    read_notes_beside (&words, file->path);
  if (file->info.title != NULL)
    saxid_technique_title (&words, "title", file->info.title);
  saxid_technique_title (&words, "name of the file", name);
  saxid_technique_words_end (&words);
}

SaxidFrameFile *
saxid_frame_file_open (const char *path, const SaxidFrameOptions *options, GError **error)
{
  g_autoptr (SaxidFrameFile) file = g_new0 (SaxidFrameFile, 1);

  file->path = g_strdup (path);
  if (options != NULL)
    file->options = *options;
  file->info.type = SAXID_PIXEL_TYPE_FLOAT;
  file->format = probe (path, error);
  if (file->format != NULL)
    file->info.format = file->format->name;
  if (file->format == NULL || !file->format->open (file, error))
    {
      saxid_error_add_place (error, "%s", path);
      return NULL;
    }
  read_technique (file);
  return g_steal_pointer (&file);
}

void
saxid_frame_file_close (SaxidFrameFile *file)
{
  if (file == NULL)
    return;
  if (file->format != NULL)
    file->format->close (file);
  g_free (file->path);
  g_free (file->info.place);
  g_free (file->info.title);
  g_free (file->info.start_time);
  g_free (file->info.lacks);
  g_free (file->info.note);
  saxid_technique_header_clear (&file->info.technique);
  g_free (file->info.mask);
  g_free (file->info.flat);
  g_free (file->info.monitor);
  g_free (file->packed.bytes);
  g_free (file->raw);
  g_clear_pointer (&file->unpacker, saxid_unpacker_free);
  g_free (file);
}

const SaxidFrameInfo *
saxid_frame_file_info (const SaxidFrameFile *file)
{
  return &file->info;
}

const char *
saxid_frame_file_path (const SaxidFrameFile *file)
{
  return file->path;
}

static gboolean
check_index (const SaxidFrameFile *file, gsize index, GError **error)
{
  if (index < file->info.n_frame)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
               "frame %" G_GSIZE_FORMAT " is asked for, there are %" G_GSIZE_FORMAT " from 0 (%s)", index,
               file->info.n_frame, file->path);
  return FALSE;
}

/* In the type of the file: unpacked here where the packing is known, so that no filter of HDF5 is
 * needed, and by the format elsewhere. */
static gboolean
read_as_it_is (SaxidFrameFile *file, gsize index, void *out, GError **error)
{
  GError *cause = NULL;

  if (saxid_frame_file_packed (file, index, &file->packed, &cause))
    {
      if (file->unpacker == NULL)
        file->unpacker = saxid_unpacker_new ();
      if (saxid_packed_frame_unpack (&file->packed, file->unpacker, out, error))
        return TRUE;
      g_prefix_error (error, "frame %" G_GSIZE_FORMAT " cannot be read: ", index);
      return FALSE;
    }
  if (cause == NULL)
    return file->format->read_raw (file, index, out, error);
  g_propagate_error (error, cause);
  return FALSE;
}

/* Integers whose marks for no data the converters know; NULL: others. */
static SaxidPixelConvert
find_converter (const SaxidFrameInfo *info)
{
  static const SaxidPixelKind kinds[SAXID_N_PIXEL_TYPES] = {
    [SAXID_PIXEL_TYPE_INT8] = SAXID_PIXELS_SIGNED, [SAXID_PIXEL_TYPE_INT16] = SAXID_PIXELS_SIGNED,
    [SAXID_PIXEL_TYPE_INT32] = SAXID_PIXELS_SIGNED, /* the others are unsigned */
  };
  const SaxidPixelKind kind = kinds[info->type];

  if (info->type == SAXID_PIXEL_TYPE_FLOAT || info->type == SAXID_PIXEL_TYPE_DOUBLE)
    return NULL;
  return saxid_pixels_converter (kind == SAXID_PIXELS_SIGNED && info->below_zero ? SAXID_PIXELS_DIFFERENCE : kind,
                                 8 * (guint) saxid_pixel_size (info->type));
}

/* A frame in the type of the file as float, with NaN where there is no pixel. */
static gboolean
read_converted (SaxidFrameFile *file, gsize index, float *out, GError **error)
{
  const SaxidFrameInfo *info = &file->info;
  const SaxidPixelConvert convert = find_converter (info);
  const gsize n = info->height * info->width;
  g_autofree double *wide = convert == NULL ? g_try_new (double, n) : NULL;
  double least, greatest;

  if (file->raw == NULL) /* kept, since every new page of it costs more than its pixels */
    file->raw = g_try_malloc_n (MAX (n, 1), saxid_pixel_size (info->type));
  if (file->raw == NULL || (wide == NULL && convert == NULL))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT, "there is no memory for frame %" G_GSIZE_FORMAT, index);
      return FALSE;
    }
  if (!read_as_it_is (file, index, file->raw, error))
    return FALSE;
  if (convert != NULL)
    {
      convert (file->raw, n, out);
      return TRUE;
    }
  saxid_pixel_widen (info->type, file->raw, n, wide);
  saxid_pixel_range (info->type, info->below_zero, &least, &greatest);
  for (gsize k = 0; k < n; k++)
    out[k] = wide[k] >= least && wide[k] <= greatest ? (float) wide[k] : NAN;
  return TRUE;
}

gboolean
saxid_frame_file_read (SaxidFrameFile *file, gsize index, float *out, GError **error)
{
  if (!check_index (file, index, error))
    return FALSE;
  if (file->format->read != NULL ? file->format->read (file, index, out, error) : read_converted (file, index, out, error))
    return TRUE;
  saxid_error_add_place (error, "%s", file->path);
  return FALSE;
}

gboolean
saxid_frame_file_read_raw (SaxidFrameFile *file, gsize index, void *out, GError **error)
{
  if (!check_index (file, index, error))
    return FALSE;
  if (file->format->read_raw != NULL ? read_as_it_is (file, index, out, error) : file->format->read (file, index, out, error))
    return TRUE;
  saxid_error_add_place (error, "%s", file->path);
  return FALSE;
}

gboolean
saxid_frame_file_packed (SaxidFrameFile *file, gsize index, SaxidPackedFrame *packed, GError **error)
{
  return file->format->packed != NULL && index < file->info.n_frame && file->format->packed (file, index, packed, error);
}

gboolean
saxid_frame_file_mask (SaxidFrameFile *file, gsize index, guint8 *out, GError **error)
{
  if (!check_index (file, index, error))
    return FALSE;
  if (file->format->mask != NULL && file->format->mask (file, index, out, error))
    return TRUE;
  saxid_error_add_place (error, "%s", file->path);
  return FALSE;
}

double
saxid_frame_info_monitor (const SaxidFrameInfo *info, gsize index)
{
  if (info->n_monitor == 0)
    return NAN;
  return info->monitor[info->n_monitor == 1 ? 0 : MIN (index, info->n_monitor - 1)];
}
