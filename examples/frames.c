/* A host that has detector frames: integrates each by a geometry, and judges the curve.
 *
 *   cc frames.c -o frames $(pkg-config --cflags saxid) -ldl -lm
 *   ./frames /usr/lib/saxid/saxid.so FILE.poni
 *
 * The geometry (a .poni file of pyFAI) is part of the context. The frame here is one of spheres
 * in the middle of nowhere; a host passes its own pixels, of any of five types.
 *
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <math.h>
#include <string.h>

#include "host.h"

#define ROWS    240
#define COLUMNS 220

/* {"geometry": "TEXT"}: line ends and quotes of the text are written as JSON wants them. */
static char *
configure (const char *path)
{
  FILE *file = fopen (path, "r");
  char *json = calloc (1, 65536), *out = json;
  int c;

  if (file == NULL || json == NULL)
    {
      fprintf (stderr, "%s: cannot be read\n", path);
      exit (1);
    }
  out += sprintf (out, "{\"geometry\": \"");
  while ((c = fgetc (file)) != EOF && out < json + 65000)
    switch (c)
      {
      case '\n':
        *out++ = '\\', *out++ = 'n';
        break;
      case '"':
      case '\\':
        *out++ = '\\';
        /* fall through */
      default:
        *out++ = (char) c;
      }
  fclose (file);
  strcpy (out, "\"}");
  return json;
}

/* Counts of spheres of 60 Å around the beam, without noise. */
static void
expose (int32_t *pixels)
{
  for (int row = 0; row < ROWS; row++)
    for (int column = 0; column < COLUMNS; column++)
      {
        const double off = hypot (row - 120.9, column - 98.2) * 4e-4, angle = atan2 (off, 0.9);
        const double x = 4 * 3.14159265 / 1.0332 * sin (angle / 2) * 60 + 1e-6;
        const double amplitude = 3 * (sin (x) - x * cos (x)) / (x * x * x);

        pixels[row * COLUMNS + column] = (int32_t) (4e5 * amplitude * amplitude + 60);
      }
}

int
main (int argc, char **argv)
{
  const struct saxid_plugin *saxid = host_load (argc > 1 ? argv[1] : "saxid.so");
  struct saxid_error error = { .struct_size = sizeof error };
  struct saxid_context *context = NULL;
  struct saxid_workspace *workspace = NULL;
  struct saxid_description about = { .struct_size = sizeof about };
  struct saxid_verdict verdict = { .struct_size = sizeof verdict };
  static int32_t pixels[ROWS * COLUMNS];
  struct saxid_frame frame = { .struct_size = sizeof frame, .pixel_type = SAXID_PIXEL_INT32, .n_row = ROWS,
                               .n_column = COLUMNS, .pixels = pixels };
  struct saxid_integrated curve = { .struct_size = sizeof curve };
  char *configuration;

  if (argc < 3)
    return fprintf (stderr, "usage: frames MODULE FILE.poni\n"), 2;
  configuration = configure (argv[2]);
  host_check (saxid->open (configuration, &context, &error), &error);
  free (configuration);
  host_check (saxid->workspace_new (context, &workspace, &error), &error);
  host_check (saxid->describe (context, &about, &error), &error);
  curve.capacity = about.n_bin;
  curve.q = calloc (about.n_bin, sizeof *curve.q);
  curve.intensity = calloc (about.n_bin, sizeof *curve.intensity);

  expose (pixels);
  host_check (saxid->process_frame (context, workspace, &frame, &curve, &verdict, &error), &error);
  printf ("%zu points, q %.4f to %.4f 1/Å: ", curve.n, curve.q[0], curve.q[curve.n - 1]);
  host_print (saxid, context, &verdict);

  free (curve.q);
  free (curve.intensity);
  saxid->workspace_free (workspace);
  saxid->close (context);
  return 0;
}
