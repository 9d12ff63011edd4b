/* Which kind of detector file is this, and what does it say of its frames?
 *
 * Thread: see frame/file.h.
 */
#include "schemas/frame/file.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <unistd.h>

#include "reducers/error.h"
#include "schemas/disk/door.h"
#include "schemas/frame/format.h"
#include "schemas/hdf5/superblock.h"

/* Enough of a file to tell its kind. */
#define HEAD 1024

/* Beside HDF5, which is looked for everywhere in the file. */
static const SaxidFrameFormat *const formats[] = {
  &saxid_frame_tiff,
  &saxid_frame_cbf,
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
saxid_frame_is_unset (double distance, double x, double y)
{
  return distance == 1 && x == 0 && y == 0;
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
               n == 0 ? "file is empty, HDF5, TIFF, CBF and EDF images are read"
                      : "file is no detector image, HDF5, TIFF, CBF and EDF are read");
  return NULL;
}

SaxidFrameFile *
saxid_frame_file_open (const char *path, const SaxidFrameOptions *options, GError **error)
{
  g_autoptr (SaxidFrameFile) file = g_new0 (SaxidFrameFile, 1);

  file->path = g_strdup (path);
  if (options != NULL)
    file->options = *options;
  file->format = probe (path, error);
  if (file->format != NULL)
    file->info.format = file->format->name;
  if (file->format == NULL || !file->format->open (file, error))
    {
      saxid_error_add_place (error, "%s", path);
      return NULL;
    }
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
  g_free (file->info.mask);
  g_free (file->info.flat);
  g_free (file->info.monitor);
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

gboolean
saxid_frame_file_read (SaxidFrameFile *file, gsize index, float *out, GError **error)
{
  if (index >= file->info.n_frame)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "frame %" G_GSIZE_FORMAT " is asked for, there are %" G_GSIZE_FORMAT " from 0 (%s)",
                   index, file->info.n_frame, file->path);
      return FALSE;
    }
  if (file->format->read (file, index, out, error))
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
