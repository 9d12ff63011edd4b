/* Can any bytes make the readers of detector frames, HDF5, TIFF, CBF and EDF, do what they must not? */
#include <stdint.h>

#include <gmodule.h>
#include <hdf5.h>

#include "schemas/frame/file.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

#define MOST_FRAMES 3
#define MOST_PIXELS ((gsize) 1 << 18) /* a larger image is opened, not read: what is tried is the logic */

/* HDF5 1.10 leaks memory of its own over damaged files. */
G_MODULE_EXPORT const char *__lsan_default_suppressions (void);

const char *
__lsan_default_suppressions (void)
{
  return "leak:libhdf5\n";
}

static void
check_info (const SaxidFrameInfo *info)
{
  const gsize n = info->height * info->width;

  g_assert_cmpuint (info->height, >, 0);
  g_assert_cmpuint (info->width, >, 0);
  g_assert_cmpuint (n, <=, SAXID_FRAME_MAX_PIXELS);
  g_assert_cmpuint (info->n_frame, >, 0);
  g_assert_cmpuint (info->n_frame, <=, SAXID_FRAME_MAX_FRAMES);
  g_assert_true (info->n_monitor == 0 || info->n_monitor == 1 || info->n_monitor == info->n_frame);
  touch (info->mask, n * sizeof *info->mask);
  touch (info->flat, n * sizeof *info->flat);
  touch (info->monitor, info->n_monitor * sizeof *info->monitor);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  g_autofree char *path = memory_file (bytes, n);
  g_autoptr (GError) error = NULL;
  SaxidFrameFile *file;

  be_strict ();
  file = saxid_frame_file_open (path, NULL, &error);
  if (file == NULL)
    check_error (error);
  else
    {
      const SaxidFrameInfo *info = saxid_frame_file_info (file);
      const gsize n_pixel = info->height * info->width, step = MAX (info->n_frame / MOST_FRAMES, 1);
      g_autofree float *frame = g_new (float, MIN (n_pixel, MOST_PIXELS));

      check_info (info);
      for (gsize k = 0; k < info->n_frame && n_pixel <= MOST_PIXELS; k += step)
        {
          g_autoptr (GError) unread = NULL;

          if (!saxid_frame_file_read (file, k, frame, &unread))
            check_error (unread);
        }
    }
  saxid_frame_file_close (file);
  g_assert_cmpint (H5Fget_obj_count ((hid_t) H5F_OBJ_ALL, H5F_OBJ_ALL), ==, 0);
  g_unlink (path);
  return 0;
}
