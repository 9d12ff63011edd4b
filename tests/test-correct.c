/* Is each correction the factor that its formula says? */
#include <math.h>

#include "reducers/correct.h"
#include "reducers/mask.h"
#include "reducers/recipe.h"

static void
test_mask (void)
{
  static const float image[3] = { 0, 2, NAN };
  static const guint8 other[3] = { 4, 0, 0 };
  g_autofree guint8 *mask = saxid_mask_from_image (image, 3);

  g_assert_cmpuint (mask[0], ==, 0);
  g_assert_cmpuint (mask[1], ==, 1);
  g_assert_cmpuint (mask[2], ==, 1); /* NaN is bad */
  saxid_mask_join (mask, other, 3);
  g_assert_cmpuint (mask[0], ==, 1);
  g_assert_cmpuint (mask[1], ==, 1); /* joined, not replaced */
}

/* One plane of all factors; a pixel that comes to nothing takes no part. */
static void
test_multiply (void)
{
  static const float one[6] = { 0.5f, 0.25f, 2, 1, 4, 8 }, two[6] = { 1, 0, 3, -4, NAN, 6 };
  static const guint8 bad[6] = { 0, 1, 0, 1, 1, 0 };
  SaxidRecipe recipe = { 0 };

  saxid_recipe_multiply (&recipe, one, 6);
  g_assert_null (recipe.bad);
  saxid_recipe_multiply (&recipe, two, 6);
  g_assert_cmpmem (recipe.bad, 6, bad, 6);
  g_assert_cmpfloat (recipe.normalisation[0], ==, 0.5);
  g_assert_cmpfloat (recipe.normalisation[2], ==, 6);
  g_assert_cmpfloat (recipe.normalisation[4], ==, 0);
  saxid_recipe_clear (&recipe);
}

/* A sensor that stops half of what comes straight stops 3/4 at 60°. */
static void
test_absorption (void)
{
  float solid_angle[2] = { 1, 0.125f }, out[2];
  const SaxidGeometryMap map = { .height = 1, .width = 2, .n = 2, .solid_angle = solid_angle };

  saxid_absorption_plane (&map, 0.5, out);
  g_assert_cmpfloat_with_epsilon (out[0], 1, 1e-6);
  g_assert_cmpfloat_with_epsilon (out[1], 1.5, 1e-6);
  saxid_absorption_plane (&map, 0, out); /* stops everything */
  g_assert_cmpfloat_with_epsilon (out[1], 1, 1e-6);
}

/* Four pixels at 2θ = 60°: along ±axis 2 and ±axis 1. */
static void
test_polarisation (void)
{
  double chi[4] = { 0, G_PI / 2, -G_PI, -G_PI / 2 };
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
  g_test_add_func ("/correct/mask", test_mask);
  g_test_add_func ("/correct/multiply", test_multiply);
  g_test_add_func ("/correct/absorption", test_absorption);
  g_test_add_func ("/correct/polarisation", test_polarisation);
  g_test_add_func ("/correct/transmission", test_transmission);
  return g_test_run ();
}
