/* Can any bytes make the reader do what it must not: crash, hang, read outside,
 * print, or leave a handle open? */
#include <stdint.h>

#include <gmodule.h>
#include <hdf5.h>

#include "schemas/curve/reader.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

#define MOST_FRAMES 3

/* HDF5 1.10 leaks memory of its own over damaged files; ours is still checked,
 * and so are handles, which are ours. */
G_MODULE_EXPORT const char *__lsan_default_suppressions (void);

const char *
__lsan_default_suppressions (void)
{
  return "leak:libhdf5\n";
}

static void
read_all (SaxidReader *reader)
{
  for (guint k = 0; k < saxid_reader_source_count (reader); k++)
    {
      const SaxidSource *source = saxid_reader_source (reader, k);
      gsize step = MAX (source->n_frame / MOST_FRAMES, 1);

      for (gsize frame = 0; frame < source->n_frame; frame += step)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (SaxidCurve) curve = saxid_reader_curve (reader, k, frame, &error);

          g_assert_true ((curve == NULL) == (error != NULL));
          if (curve != NULL)
            saxid_curve_clean (curve, NULL, NULL);
        }
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  /* Small limits: what is tried is the logic, not the machine. */
  const SaxidReadOptions options = { .max_objects = 2000, .max_points = 10000, .max_frames = 10000 };
  g_autofree char *path = memory_file (bytes, n);
  g_autoptr (GError) error = NULL;
  SaxidReader *reader;

  saxid_reader_silence_program ();
  reader = saxid_reader_open (path, &options, &error);
  if (reader != NULL)
    read_all (reader);
  else
    check_error (error);
  saxid_reader_free (reader);
  g_assert_cmpint (H5Fget_obj_count ((hid_t) H5F_OBJ_ALL, H5F_OBJ_ALL), ==, 0);
  g_unlink (path);
  return 0;
}
