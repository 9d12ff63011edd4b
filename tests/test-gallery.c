/* Are the nearest examples the nearest, do bytes come back as they went, and are those of
 * others refused? */
#include <math.h>
#include <string.h>

#include "models/learn/outlier/gallery.h"
#include "models/learn/portrait.h"
#include "models/simulate/random.h"
#include "reducers/error.h"

#define EXAMPLES 60
#define WIDTH 37 /* not a whole number of lanes */
#define CLASSES 3

static void
draw (guint64 sample, gsize n, float *out)
{
  SaxidRandom random;

  saxid_random_init (&random, 4, sample, SAXID_STREAM_PARTICLE);
  for (gsize k = 0; k < n; k++)
    out[k] = (float) saxid_random_uniform (&random, -1, 1);
}

/* A sphere's curve, of a window of its own. */
static void
portray (guint sample, float *portrait)
{
  double q[80], intensity[80], sigma[80];

  for (guint k = 0; k < 80; k++)
    {
      double x;

      q[k] = 0.004 * pow (8 + sample, k / 79.0);
      x = q[k] * 80;
      intensity[k] = 9 * pow ((sin (x) - x * cos (x)) / (x * x * x), 2) + 1e-3;
      sigma[k] = 1e-3 + 0.01 * intensity[k];
    }
  g_assert_true (saxid_portrait_take (80, q, intensity, sigma, portrait));
}

static SaxidGallery *
make (float *features)
{
  SaxidGallery *gallery = saxid_gallery_new (EXAMPLES, WIDTH);
  float portrait[SAXID_PORTRAIT_CHANNELS * SAXID_PORTRAIT_WIDTH];

  for (guint k = 0; k < EXAMPLES; k++)
    {
      draw (k, WIDTH, features + k * WIDTH);
      portray (k, portrait);
      saxid_gallery_set (gallery, k, (guint8) (k % CLASSES), portrait, features + k * WIDTH);
    }
  return gallery;
}

static double
away (const float *a, const float *b)
{
  double product = 0, one = 0, other = 0;

  for (guint k = 0; k < WIDTH; k++)
    {
      product += (double) a[k] * (double) b[k];
      one += (double) a[k] * (double) a[k];
      other += (double) b[k] * (double) b[k];
    }
  return 1 - product / sqrt (one * other);
}

static void
test_nearest (void)
{
  float features[EXAMPLES * WIDTH], asked[WIDTH];
  g_autoptr (SaxidGallery) gallery = make (features);
  gsize nearest[EXAMPLES];
  double distance[EXAMPLES];

  for (guint64 turn = 0; turn < 20; turn++)
    {
      double mean = 0, told;

      draw (1000 + turn, WIDTH, asked);
      told = saxid_gallery_nearest (gallery, asked, SAXID_GALLERY_NEAREST, nearest, distance);
      for (guint k = 0; k < SAXID_GALLERY_NEAREST; k++)
        {
          guint nearer = 0;

          g_assert_cmpfloat_with_epsilon (distance[k], away (asked, features + nearest[k] * WIDTH), 1e-5);
          mean += distance[k] / SAXID_GALLERY_NEAREST;
          for (guint e = 0; e < EXAMPLES; e++)
            nearer += away (asked, features + e * WIDTH) < distance[k] - 1e-5;
          g_assert_cmpuint (nearer, <=, k);
        }
      g_assert_cmpfloat_with_epsilon (told, mean, 1e-9);
    }
  /* an example is nearest to itself, whatever its length */
  for (guint k = 0; k < WIDTH; k++)
    asked[k] = 7 * features[5 * WIDTH + k];
  saxid_gallery_nearest (gallery, asked, EXAMPLES, nearest, distance);
  g_assert_cmpuint (nearest[0], ==, 5);
  g_assert_cmpfloat (distance[0], <, 1e-6);
  for (guint k = 1; k < EXAMPLES; k++)
    g_assert_cmpfloat (distance[k], >=, distance[k - 1]);
  /* nothing is a direction of its own, and no error */
  memset (asked, 0, sizeof asked);
  g_assert_true (isfinite (saxid_gallery_nearest (gallery, asked, 3, nearest, distance)));
}

static void
test_curve (void)
{
  float features[EXAMPLES * WIDTH];
  g_autoptr (SaxidGallery) gallery = make (features);
  double log_q[SAXID_PORTRAIT_WIDTH], log_i[SAXID_PORTRAIT_WIDTH];
  const guint last = SAXID_PORTRAIT_WIDTH - 1;

  saxid_gallery_curve (gallery, 12, log_q, log_i);
  /* steps are of the window's part each, and end half of one from its ends */
  g_assert_cmpfloat_with_epsilon (log_q[last] - log_q[0], log (20) * last / SAXID_PORTRAIT_WIDTH, 1e-4);
  g_assert_cmpfloat_with_epsilon (log_q[0], -log_q[last], 1e-6);
  for (guint k = 20; k < last; k += 40)
    {
      const double middle = 0.5 * log (0.004 * 0.08), x = exp (log_q[k] + middle) * 80;
      const double y = exp (log_q[20] + middle) * 80;
      const double here = log (9 * pow ((sin (x) - x * cos (x)) / (x * x * x), 2) + 1e-3);
      const double there = log (9 * pow ((sin (y) - y * cos (y)) / (y * y * y), 2) + 1e-3);

      g_assert_cmpfloat_with_epsilon (log_i[k] - log_i[20], here - there, 0.05);
    }
}

static void
test_bytes (void)
{
  float features[EXAMPLES * WIDTH];
  g_autoptr (SaxidGallery) gallery = make (features), again = NULL;
  g_autoptr (GBytes) bytes = saxid_gallery_to_bytes (gallery), twice = NULL;
  g_autoptr (GError) error = NULL;

  again = saxid_gallery_from_bytes (WIDTH, CLASSES, bytes, &error);
  g_assert_no_error (error);
  twice = saxid_gallery_to_bytes (again);
  g_assert_true (g_bytes_equal (bytes, twice));
  g_assert_cmpmem (gallery->level, EXAMPLES * SAXID_PORTRAIT_WIDTH * sizeof (float), again->level,
                   EXAMPLES * SAXID_PORTRAIT_WIDTH * sizeof (float));
}

static void
assert_refused (gsize width, guint n_class, const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;

  g_assert_null (saxid_gallery_from_bytes (width, n_class, bytes, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_MODEL);
}

static void
test_refuses (void)
{
  float features[EXAMPLES * WIDTH];
  g_autoptr (SaxidGallery) gallery = make (features);
  g_autoptr (GBytes) bytes = saxid_gallery_to_bytes (gallery);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autofree guint8 *copy = g_memdup2 (data, size);

  assert_refused (WIDTH, CLASSES - 1, data, size);      /* a class that is not there */
  assert_refused (WIDTH + 1, CLASSES, data, size);      /* of another network */
  assert_refused (WIDTH, CLASSES, data, size - 1);      /* cut */
  assert_refused (WIDTH, CLASSES, data, 0);
  copy[size - 2] ^= 0x7f;                               /* a vector that is not of length one */
  assert_refused (WIDTH, CLASSES, copy, size);
  copy[size - 2] ^= 0x7f;
  memset (copy + EXAMPLES, 0xff, sizeof (float));       /* a window that is not finite */
  assert_refused (WIDTH, CLASSES, copy, size);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gallery/nearest", test_nearest);
  g_test_add_func ("/gallery/curve", test_curve);
  g_test_add_func ("/gallery/bytes", test_bytes);
  g_test_add_func ("/gallery/refuses", test_refuses);
  return g_test_run ();
}
