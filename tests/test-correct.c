/* Does each correction touch the plane it should, and no other? */
#include <math.h>

#include "reducers/correct.h"
#include "reducers/mask.h"

static SaxidPixels *
frame (void)
{
  static const float counts[6] = { 0, 1, 4, NAN, 9, 100 };
  SaxidPixels *pixels = saxid_pixels_new (2, 3);

  saxid_pixels_load (pixels, counts);
  return pixels;
}

static void
assert_dropped (const SaxidPixels *pixels, gsize k)
{
  g_assert_cmpfloat (pixels->signal[k], ==, 0);
  g_assert_cmpfloat (pixels->variance[k], ==, 0);
  g_assert_cmpfloat (pixels->normalisation[k], ==, 0);
  g_assert_cmpfloat (pixels->count[k], ==, 0);
}

static void
test_load (void)
{
  g_autoptr (SaxidPixels) pixels = frame ();

  g_assert_cmpuint (saxid_pixels_in_use (pixels), ==, 5);
  assert_dropped (pixels, 3);
  g_assert_cmpfloat (pixels->signal[5], ==, 100);
  g_assert_cmpfloat (pixels->normalisation[5], ==, 1);
  g_assert_cmpfloat (pixels->variance[5], ==, 0);
}

static void
test_mask_and_limits (void)
{
  static const guint8 bad[6] = { 0, 1, 0, 0, 0, 4 };
  static const float image[3] = { 0, 2, NAN };
  g_autoptr (SaxidPixels) pixels = frame ();
  g_autofree guint8 *mask = saxid_mask_from_image (image, 3);

  saxid_mask_apply (pixels, bad);
  assert_dropped (pixels, 1);
  assert_dropped (pixels, 5);
  g_assert_cmpuint (saxid_pixels_in_use (pixels), ==, 3);
  saxid_limits_apply (pixels, 1, 4);
  assert_dropped (pixels, 0);
  assert_dropped (pixels, 4);
  g_assert_cmpfloat (pixels->signal[2], ==, 4);

  g_assert_cmpuint (mask[0], ==, 0);
  g_assert_cmpuint (mask[1], ==, 1);
  g_assert_cmpuint (mask[2], ==, 1); /* NaN is bad */
}

static void
test_poisson (void)
{
  g_autoptr (SaxidPixels) pixels = frame ();

  saxid_poisson_apply (pixels, 0);
  g_assert_cmpfloat (pixels->variance[0], ==, 0);
  g_assert_cmpfloat (pixels->variance[5], ==, 100);
  saxid_poisson_apply (pixels, 1);
  g_assert_cmpfloat (pixels->variance[0], ==, 1);
  g_assert_cmpfloat (pixels->variance[2], ==, 4);
  assert_dropped (pixels, 3);
}

static void
test_dark (void)
{
  static const float dark[6] = { 2, 2, 2, 2, NAN, -1 };
  g_autoptr (SaxidPixels) pixels = frame ();

  saxid_poisson_apply (pixels, 0);
  saxid_dark_apply (pixels, dark, 0.5, 4);
  g_assert_cmpfloat (pixels->signal[2], ==, 3);
  g_assert_cmpfloat (pixels->variance[2], ==, 4 + 0.25 * 2 / 4);
  g_assert_cmpfloat (pixels->normalisation[2], ==, 1);
  g_assert_cmpfloat (pixels->signal[0], ==, -1); /* negative differences are kept */
  assert_dropped (pixels, 4);
  g_assert_cmpfloat (pixels->signal[5], ==, 100.5f);
  g_assert_cmpfloat (pixels->variance[5], ==, 100);
}

static void
test_normalise (void)
{
  static const float factor[6] = { 0.5f, 0, 2, 1, -1, NAN };
  g_autoptr (SaxidPixels) pixels = frame ();

  saxid_normalise_plane (pixels, factor);
  g_assert_cmpfloat (pixels->normalisation[0], ==, 0.5);
  g_assert_cmpfloat (pixels->signal[2], ==, 4); /* never the signal */
  g_assert_cmpfloat (pixels->normalisation[2], ==, 2);
  assert_dropped (pixels, 1);
  assert_dropped (pixels, 4);
  assert_dropped (pixels, 5);
  saxid_normalise_frame (pixels, 10);
  g_assert_cmpfloat (pixels->normalisation[2], ==, 20);
  assert_dropped (pixels, 3);
}

/* Corrections commute: that is why their order within a phase is free. */
static void
test_commute (void)
{
  static const float one[6] = { 0.5f, 0.25f, 2, 1, 4, 8 }, two[6] = { 1, 2, 3, 4, 5, 6 };
  g_autoptr (SaxidPixels) a = frame (), b = frame ();

  saxid_normalise_plane (a, one);
  saxid_normalise_plane (a, two);
  saxid_normalise_frame (a, 3);
  saxid_normalise_frame (b, 3);
  saxid_normalise_plane (b, two);
  saxid_normalise_plane (b, one);
  for (gsize k = 0; k < 6; k++)
    g_assert_cmpfloat_with_epsilon (a->normalisation[k], b->normalisation[k],
                                    1e-12 + 1e-6 * (double) a->normalisation[k]);
}

/* Four pixels at 2θ = 60°: along ±axis 2 and ±axis 1. */
static void
test_polarisation (void)
{
  float chi[4] = { 0, (float) (G_PI / 2), (float) -G_PI, (float) (-G_PI / 2) };
  float cosine[4] = { 0.5f, 0.5f, 0.5f, 0.5f }, out[4];
  const SaxidGeometryMap map = { .height = 2, .width = 2, .n = 4, .chi = chi, .cos_two_theta = cosine };

  saxid_polarisation_plane (&map, 1, 0, out); /* all in the plane of axis 2 */
  g_assert_cmpfloat_with_epsilon (out[0], 0.25, 1e-6);
  g_assert_cmpfloat_with_epsilon (out[1], 1, 1e-6);
  g_assert_cmpfloat_with_epsilon (out[2], 0.25, 1e-6);
  g_assert_cmpfloat_with_epsilon (out[3], 1, 1e-6);
  saxid_polarisation_plane (&map, 1, G_PI / 2, out);
  g_assert_cmpfloat_with_epsilon (out[0], 1, 1e-6);
  saxid_polarisation_plane (&map, 0, 0, out); /* none */
  for (gsize k = 0; k < 4; k++)
    g_assert_cmpfloat_with_epsilon (out[k], (1 + 0.25) / 2, 1e-6);
}

/* Against the integral over depth that the closed form stands for. */
static void
test_transmission (void)
{
  float cosine[4] = { 1, 0.9f, 0.3f, -0.2f }, out[4];
  const SaxidGeometryMap map = { .height = 2, .width = 2, .n = 4, .cos_two_theta = cosine };
  const double transmission = 0.3;

  saxid_transmission_plane (&map, transmission, out);
  for (gsize k = 0; k < 3; k++)
    {
      double sum = 0, thickness = -log (transmission);
      const int steps = 20000;

      for (int i = 0; i < steps; i++)
        {
          double depth = (i + 0.5) / steps;

          sum += exp (-thickness * depth - thickness * (1 - depth) / (double) cosine[k]) / steps;
        }
      g_assert_cmpfloat_with_epsilon (out[k], sum, 1e-6);
    }
  g_assert_cmpfloat (out[3], ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/correct/load", test_load);
  g_test_add_func ("/correct/mask-and-limits", test_mask_and_limits);
  g_test_add_func ("/correct/poisson", test_poisson);
  g_test_add_func ("/correct/dark", test_dark);
  g_test_add_func ("/correct/normalise", test_normalise);
  g_test_add_func ("/correct/commute", test_commute);
  g_test_add_func ("/correct/polarisation", test_polarisation);
  g_test_add_func ("/correct/transmission", test_transmission);
  return g_test_run ();
}
