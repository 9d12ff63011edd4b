/* Is a frame the same curve in each type of pixel, and is what the host masks left out? */
#include <glib.h>
#include <gmodule.h>
#include <math.h>
#include <string.h>

#include "plugin/saxid-plugin.h"

#define ROWS    240
#define COLUMNS 220
#define PIXELS  (ROWS * COLUMNS)
#define MOST    1000

typedef struct
{
  const struct saxid_plugin *table;
  struct saxid_context *context;
  struct saxid_workspace *workspace;
} Host;

static Host host;
static double counts[PIXELS];

static void
open_host (void)
{
  g_autofree char *poni = g_build_filename (g_getenv ("SAXID_SRCDIR"), "demo", "frame.poni", NULL);
  g_autofree char *text = NULL, *quoted = NULL, *json = NULL;
  struct saxid_error error = { .struct_size = sizeof error };
  saxid_plugin_query_function query;
  GModule *module = g_module_open (g_getenv ("SAXID_PLUGIN"), G_MODULE_BIND_LOCAL);

  g_assert_nonnull (module);
  g_assert_true (g_module_symbol (module, SAXID_PLUGIN_SYMBOL, (gpointer *) &query));
  host.table = query (SAXID_ABI_MAJOR);
  g_assert_true (g_file_get_contents (poni, &text, NULL, NULL));
  quoted = g_strescape (text, NULL);
  json = g_strdup_printf ("{\"geometry\": \"%s\"}", quoted);
  g_assert_cmpint (host.table->open (json, &host.context, &error), >=, 0);
  g_assert_cmpint (host.table->workspace_new (host.context, &host.workspace, &error), >=, 0);
}

/* Whole numbers that all types have, of spheres of 60 Å. */
static void
expose (void)
{
  for (int k = 0; k < PIXELS; k++)
    {
      const double off = hypot (k / COLUMNS - 120.9, k % COLUMNS - 98.2) * 4e-4;
      const double x = 4 * G_PI / 1.0332 * sin (atan2 (off, 0.9) / 2) * 60 + 1e-6;

      counts[k] = floor (6e4 * pow (3 * (sin (x) - x * cos (x)) / (x * x * x), 2) + 20);
    }
}

static gsize
process (guint32 type, const void *pixels, const guint8 *mask, double *intensity, struct saxid_verdict *verdict)
{
  struct saxid_error error = { .struct_size = sizeof error };
  const struct saxid_frame frame = { .struct_size = sizeof frame, .pixel_type = type, .n_row = ROWS,
                                     .n_column = COLUMNS, .pixels = pixels, .mask = mask };
  struct saxid_integrated curve = { .struct_size = sizeof curve, .capacity = MOST, .intensity = intensity };

  g_assert_cmpint (host.table->process_frame (host.context, host.workspace, &frame, &curve, verdict, &error), >=, 0);
  return curve.n;
}

/* The counts as pixels of a type; to be freed. */
static gpointer
convert (guint32 type)
{
  gpointer pixels = g_malloc (PIXELS * sizeof (double));

  for (int k = 0; k < PIXELS; k++)
    switch (type)
      {
      case SAXID_PIXEL_FLOAT:
        ((float *) pixels)[k] = (float) counts[k];
        break;
      case SAXID_PIXEL_DOUBLE:
        ((double *) pixels)[k] = counts[k];
        break;
      case SAXID_PIXEL_INT32:
        ((gint32 *) pixels)[k] = (gint32) counts[k];
        break;
      case SAXID_PIXEL_UINT32:
        ((guint32 *) pixels)[k] = (guint32) counts[k];
        break;
      default:
        ((guint16 *) pixels)[k] = (guint16) counts[k];
      }
  return pixels;
}

static void
test_types (void)
{
  struct saxid_verdict first = { .struct_size = sizeof first };
  double expected[MOST], found[MOST];
  gsize n = 0;

  for (guint32 type = SAXID_PIXEL_FLOAT; type <= SAXID_PIXEL_UINT16; type++)
    {
      struct saxid_verdict verdict = { .struct_size = sizeof verdict };
      g_autofree gpointer pixels = convert (type);
      const gsize points = process (type, pixels, NULL, type == SAXID_PIXEL_FLOAT ? expected : found,
                                    type == SAXID_PIXEL_FLOAT ? &first : &verdict);

      if (type == SAXID_PIXEL_FLOAT)
        {
          n = points;
          g_assert_cmpuint (n, >, 100);
          g_assert_cmpint (first.label, ==, 0); /* sphere */
          continue;
        }
      g_assert_cmpuint (points, ==, n);
      g_assert_cmpmem (found, n * sizeof *found, expected, n * sizeof *expected);
      g_assert_cmpint (verdict.label, ==, first.label);
    }
}

/* A bright spot that the host masks does not show. */
static void
test_mask (void)
{
  struct saxid_verdict verdict = { .struct_size = sizeof verdict };
  g_autofree double *pixels = convert (SAXID_PIXEL_DOUBLE);
  g_autofree guint8 *mask = g_malloc0 (PIXELS);
  double clean[MOST], spoiled[MOST], masked[MOST];
  gsize n, differ = 0;

  mask[60 * COLUMNS + 150] = 1;
  n = process (SAXID_PIXEL_DOUBLE, pixels, mask, clean, &verdict);
  pixels[60 * COLUMNS + 150] = 1e9;
  g_assert_cmpuint (process (SAXID_PIXEL_DOUBLE, pixels, mask, masked, &verdict), ==, n);
  g_assert_cmpmem (masked, n * sizeof *masked, clean, n * sizeof *clean);
  g_assert_cmpuint (process (SAXID_PIXEL_DOUBLE, pixels, NULL, spoiled, &verdict), ==, n);
  for (gsize k = 0; k < n; k++)
    differ += fabs (spoiled[k] / clean[k] - 1) > 1;
  g_assert_cmpuint (differ, ==, 1);
}

static void
test_unknown_type (void)
{
  struct saxid_error error = { .struct_size = sizeof error };
  struct saxid_verdict verdict = { .struct_size = sizeof verdict };
  struct saxid_frame frame = { .struct_size = sizeof frame, .pixel_type = 99, .n_row = ROWS, .n_column = COLUMNS,
                               .pixels = counts };

  g_assert_cmpint (host.table->process_frame (host.context, host.workspace, &frame, NULL, &verdict, &error), <, 0);
  g_assert_nonnull (strstr (error.message, "99"));
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  open_host ();
  expose ();
  g_test_add_func ("/process-frame/types", test_types);
  g_test_add_func ("/process-frame/mask", test_mask);
  g_test_add_func ("/process-frame/unknown-type", test_unknown_type);
  result = g_test_run ();
  host.table->workspace_free (host.workspace);
  host.table->close (host.context);
  return result;
}
