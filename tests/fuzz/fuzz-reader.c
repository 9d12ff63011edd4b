/* Can any bytes make the reader do what it must not: crash, hang, read outside,
 * print, or leave a handle open? */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include <hdf5.h>

#include "reducers/error.h"
#include "schemas/reader.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

#define MOST_FRAMES 3

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

static void
check_error (const GError *error)
{
  g_assert_nonnull (error);
  g_assert_true (error->domain == SAXID_ERROR);
  for (const char *c = error->message; *c != '\0'; c++)
    g_assert_false (g_ascii_iscntrl (*c));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  /* Small limits: what is tried is the logic, not the machine. */
  const SaxidReadOptions options = { .max_objects = 2000, .max_points = 10000, .max_frames = 10000 };
  int fd = memfd_create ("fuzz", MFD_CLOEXEC);
  char path[64];
  g_autoptr (GError) error = NULL;
  SaxidReader *reader;

  if (fd < 0 || write (fd, bytes, n) != (ssize_t) n)
    {
      close (fd);
      return 0;
    }
  snprintf (path, sizeof path, "/proc/self/fd/%d", fd);
  reader = saxid_reader_open (path, &options, &error);
  if (reader != NULL)
    read_all (reader);
  else
    check_error (error);
  saxid_reader_free (reader);
  close (fd);
  return 0;
}
