/* Does the clip drop what is unlike the others, and pyFAI's rule what pyFAI drops? */
#include <math.h>

#include "reducers/clip.h"

/* A row of pixels that all fall into one bin. */
typedef struct
{
  SaxidGeometryMap *map;
  SaxidBinning *binning;
  SaxidBinningRequest request;
} Row;

static Row
make_row (gsize n, SaxidErrors errors)
{
  const SaxidGeometry geometry
      = { .dist = 1, .poni1 = 0.3e-3, .poni2 = -2e-3, .pixel1 = 1e-3, .pixel2 = 1e-3, .wavelength = 1e-10 };
  Row row = { .map = saxid_geometry_map_new (&geometry, 1, n, NULL), .request = { .n_bin = 1, .errors = errors, .least = 1 } };

  row.binning = saxid_binning_new (row.map, NULL, &row.request, NULL);
  return row;
}

/* The sums of what a clip leaves. */
static SaxidSums *
clip_row (const Row *row, const SaxidClipRequest *request, const float *counts, gsize *dropped)
{
  const SaxidBinningPixels none = { 0 };
  SaxidClip *clip = saxid_clip_new (row->map, &row->request, saxid_binning_bins (row->binning), &none, request);
  SaxidClipScratch *scratch = saxid_clip_scratch_new (clip);
  g_autoptr (SaxidIntegrator) integrator = saxid_integrator_new (row->binning);
  g_autofree guint8 *found = g_new0 (guint8, row->map->n);
  SaxidFrames frames = { .type = SAXID_PIXEL_TYPE_FLOAT, .n = 1, .counts = { counts } };
  SaxidSums *sums = saxid_sums_new (1);

  *dropped = saxid_clip_find (clip, scratch, &frames, 0, found);
  frames.bad[0] = found;
  saxid_integrate (integrator, &frames, &sums);
  saxid_clip_scratch_free (scratch);
  saxid_clip_free (clip);
  return sums;
}

/* Ten pixels and what pyFAI makes of them. */
static void
test_ten (void)
{
  static const float ten[] = { 10, 12, 9, 11, 8, 10, 13, 9, 10, 60 };
  static const struct
  {
    SaxidErrors errors;
    double threshold, intensity, sem, count;
  } cases[] = {
    { SAXID_ERRORS_POISSON, 3, 10.2222222, 1.06574, 9 },
    { SAXID_ERRORS_AZIMUTHAL, 3, 15.2, NAN, 10 }, /* of ten none lies beyond 9/√10 deviations */
    { SAXID_ERRORS_AZIMUTHAL, 0, 10, 0, 3 },
    { SAXID_ERRORS_HYBRID, 3, 15.2, 1.2328828, 10 }, /* goes by scatter: 60 stays; √152 / 10 */
    { SAXID_ERRORS_HYBRID, 0, 10, 1.8257419, 3 },    /* √30 / 3 */
    { SAXID_ERRORS_HYBRID, 2.5, 10.2222222, 1.0657403, 9 },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      const SaxidClipRequest request = { .rule = SAXID_CLIP_MEAN, .threshold = cases[k].threshold, .iterations = 10 };
      Row row = make_row (10, cases[k].errors);
      gsize dropped;
      g_autoptr (SaxidSums) sums = clip_row (&row, &request, ten, &dropped);

      g_assert_cmpfloat (sums->count[0], ==, cases[k].count);
      g_assert_cmpuint (dropped, ==, 10 - (gsize) cases[k].count);
      g_assert_cmpfloat_with_epsilon (sums->signal[0] / sums->normalisation[0], cases[k].intensity, 1e-6);
      if (!isnan (cases[k].sem))
        g_assert_cmpfloat_with_epsilon (sqrt (sums->variance[0]) / sums->normalisation[0], cases[k].sem, 1e-5);
      saxid_binning_free (row.binning);
      saxid_geometry_map_free (row.map);
    }
}

/* One 500 among four tens: the mean rule loses all, the median keeps the tens. */
static void
test_spot (void)
{
  static const float spot[] = { 10, 10, 500, 10, 10 };
  const SaxidClipRequest mean = { .rule = SAXID_CLIP_MEAN, .threshold = 3, .iterations = 5 };
  Row row = make_row (5, SAXID_ERRORS_POISSON);
  gsize dropped;

  for (guint scale = SAXID_CLIP_MAD; scale <= SAXID_CLIP_POISSON; scale++)
    {
      const SaxidClipRequest median = { .scale = (SaxidClipScale) scale, .threshold = 5, .iterations = 5 };
      g_autoptr (SaxidSums) sums = clip_row (&row, &median, spot, &dropped);

      g_assert_cmpuint (dropped, ==, 1);
      g_assert_cmpfloat (sums->signal[0] / sums->normalisation[0], ==, 10);
    }
  g_clear_pointer (&(SaxidSums *) { clip_row (&row, &mean, spot, &dropped) }, saxid_sums_free);
  g_assert_cmpuint (dropped, ==, 5);
  saxid_binning_free (row.binning);
  saxid_geometry_map_free (row.map);
}

/* Counting alone: next to nothing goes, at many counts and at few. */
static void
test_counting (void)
{
  const gsize n = 20000;
  g_autofree float *counts = g_new (float, n);
  static const double means[] = { 0.05, 0.5, 5, 50 };

  for (gsize i = 0; i < G_N_ELEMENTS (means); i++)
    {
      const SaxidClipRequest median = { .threshold = 6, .iterations = 5 };
      g_autoptr (GRand) random = g_rand_new_with_seed (7);
      Row row = make_row (n, SAXID_ERRORS_POISSON);
      gsize dropped;

      for (gsize k = 0; k < n; k++)
        {
          double limit = exp (-means[i]), product = g_rand_double (random);

          for (counts[k] = 0; product > limit; counts[k]++)
            product *= g_rand_double (random);
        }
      g_clear_pointer (&(SaxidSums *) { clip_row (&row, &median, counts, &dropped) }, saxid_sums_free);
      g_assert_cmpuint (dropped, <=, 5);
      counts[17] = 1000;
      g_clear_pointer (&(SaxidSums *) { clip_row (&row, &median, counts, &dropped) }, saxid_sums_free);
      g_assert_cmpuint (dropped, >=, 1);
      g_assert_cmpuint (dropped, <=, 6);
      saxid_binning_free (row.binning);
      saxid_geometry_map_free (row.map);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clip/ten", test_ten);
  g_test_add_func ("/clip/spot", test_spot);
  g_test_add_func ("/clip/counting", test_counting);
  return g_test_run ();
}
