/* Are simulated frames where the formulas say, and pictures what they should be?
 *
 * Goldens: tests/golden/gisaxs.json, made by tests/golden/make-gisaxs.py.
 */
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "models/technique/frames/experiment.h"
#include "models/technique/frames/grazing.h"
#include "models/technique/frames/scene.h"
#include "models/technique/frames/stage.h"
#include "models/technique/features.h"
#include "models/technique/judge.h"
#include "models/technique/picture.h"
#include "reducers/order.h"

static SaxidStage
flat_stage (double wavelength, double distance)
{
  SaxidStage stage = { .width = 300, .height = 200, .pitch = 0.5, .scale = 2, .wavelength = wavelength, .k = 2 * G_PI / wavelength,
                       .distance = distance, .beam_x = 150, .beam_y = 20, .n_column = 300, .n_row = 200 };

  saxid_stage_lean (&stage, 0, 0);
  return stage;
}

/* The (111) ring of silicon, d = 3.1356 Å: L tan (2 asin (λ / 2d)). */
static void
test_rings (void)
{
  const SaxidStage stage = flat_stage (1.5406, 100);
  const double q = 2 * G_PI / 3.1356, radius = 100 * tan (28.442 * G_PI / 180);
  double chi;

  g_assert_cmpfloat_with_epsilon (saxid_stage_radius (&stage, q), radius, 3e-3);
  g_assert_cmpfloat_with_epsilon (saxid_stage_q (&stage, 0, radius, &chi), q, 1e-4);
  g_assert_cmpfloat_with_epsilon (chi, G_PI / 2, 1e-12);
  g_assert_cmpfloat (saxid_stage_radius (&stage, 2 * stage.k), ==, 0); /* backwards */
}

/* A detector that leans by τ sees the ring at L tan (2θ) only across; along, the sine rule has
 * it at L sin 2θ / cos (2θ - τ) when it leans towards the sample. */
static void
test_leaning (void)
{
  SaxidStage stage = flat_stage (1.5406, 100);
  const double q = 2 * G_PI / 3.1356, two_theta = 28.442 * G_PI / 180, tau = 0.1;

  saxid_stage_lean (&stage, 0, -tau);
  g_assert_cmpfloat_with_epsilon (saxid_stage_q (&stage, 100 * tan (two_theta), 0, NULL), q, 1e-4);
  g_assert_cmpfloat_with_epsilon (saxid_stage_q (&stage, 0, 100 * sin (two_theta) / cos (two_theta - tau), NULL), q, 1e-4);
}

/* Silicon: δ 7.6e-6 at 1.54 Å; critical angle 0.223°, 0.145° at 1 Å. */
static void
test_yoneda (void)
{
  SaxidOptical silicon = { saxid_optical_delta (7.6e-6, 1.54), 0 };
  double best = 0, at = 0;

  silicon.beta = silicon.delta / 44; /* of silicon at 8 keV */
  g_assert_cmpfloat_with_epsilon (saxid_optical_critical (&silicon) * 180 / G_PI, 0.223, 5e-4);
  for (double alpha = 1e-5; alpha < 0.02; alpha += 1e-6)
    if (saxid_optical_transmitted (&silicon, alpha) > best)
      {
        best = saxid_optical_transmitted (&silicon, alpha);
        at = alpha;
      }
  g_assert_cmpfloat_with_epsilon (best, 3.6, 0.15);
  g_assert_cmpfloat_with_epsilon (at / saxid_optical_critical (&silicon), 0.98, 0.01);
  g_assert_cmpfloat_with_epsilon (saxid_optical_transmitted (&silicon, 0.2), 1, 1e-3);
  g_assert_cmpfloat_with_epsilon (cabs (saxid_optical_reflected (&silicon, 1e-7)), 1, 1e-3);
  silicon.delta = saxid_optical_delta (7.6e-6, 1);
  g_assert_cmpfloat_with_epsilon (saxid_optical_critical (&silicon) * 180 / G_PI, 0.145, 5e-4);
}

/* The horizon is at L tan α_i, the specular beam at L tan 2α_i, and q there is 2 k sin α_i along the normal. */
static void
test_grazing_places (void)
{
  const SaxidStage stage = flat_stage (1, 2000);
  const double alpha = 0.2 * G_PI / 180;
  SaxidGrazing grazing = { .stage = &stage, .alpha_i = alpha, .cos_lean = 1, .cos_i = cos (alpha), .sin_i = sin (alpha) };
  SaxidGrazingPlace place;

  g_assert_cmpfloat_with_epsilon (saxid_grazing_y (&grazing, 0), 2000 * tan (alpha), 1e-9);
  saxid_grazing_place (&grazing, 0, 2000 * tan (2 * alpha), &place);
  g_assert_cmpfloat_with_epsilon (place.alpha_f, alpha, 1e-12);
  g_assert_cmpfloat_with_epsilon (place.q_z, 2 * stage.k * sin (alpha), 1e-9);
  g_assert_cmpfloat_with_epsilon (fabs (place.q_r), 0, 1e-9);
  /* |q| of the sample's frame is that of the laboratory's */
  saxid_grazing_place (&grazing, 40, 60, &place);
  g_assert_cmpfloat_with_epsilon (hypot (place.q_r, place.q_z), saxid_stage_q (&stage, 40, 60, NULL), 1e-5);
  g_assert_cmpfloat (place.q_r, >, 0);
}

/* Rods of islands at a distance D stand near 2π/D. */
static void
test_rods (void)
{
  const double spacing = 300;
  double best = 0, at = 0;

  for (double q = 0.008; q < 0.035; q += 1e-5)
    if (saxid_paracrystal (q, spacing, 0.15) > best)
      {
        best = saxid_paracrystal (q, spacing, 0.15);
        at = q;
      }
  g_assert_cmpfloat_with_epsilon (at * spacing / (2 * G_PI), 1, 0.01);
  g_assert_cmpfloat (best, >, 2);
  g_assert_cmpfloat_with_epsilon (saxid_paracrystal (1, spacing, 0.3), 1, 1e-6); /* no order is left */
}

/* One case of tests/golden/gisaxs.json: both over their greatest value. */
static void
compare_islands (JsonObject *golden)
{
  const double wavelength = json_object_get_double_member (golden, "wavelength"), delta = json_object_get_double_member (golden, "delta");
  const double phi = json_object_get_double_member (golden, "phi"), alpha_i = json_object_get_double_member (golden, "alpha_i");
  const SaxidStage stage = flat_stage (wavelength, 2000);
  const SaxidGrazing grazing = { .stage = &stage, .alpha_i = alpha_i, .sin_i = sin (alpha_i), .cos_i = cos (alpha_i),
                                 .substrate = { delta, json_object_get_double_member (golden, "beta") } };
  JsonArray *alpha = json_object_get_array_member (golden, "alpha_f"), *intensity = json_object_get_array_member (golden, "intensity");
  const guint n = json_array_get_length (alpha);
  g_autofree double *ours = g_new (double, n);
  double most = 0;

  for (guint k = 0; k < n; k++)
    {
      const double alpha_f = json_array_get_double_element (alpha, k);
      const double q_r = stage.k * hypot (cos (alpha_f) * cos (phi) - cos (alpha_i), cos (alpha_f) * sin (phi));
      const double x = q_r * json_object_get_double_member (golden, "radius");

      ours[k] = saxid_grazing_island (&grazing, alpha_f, json_object_get_double_member (golden, "height")) * pow (2 * j1 (x) / x, 2);
      most = fmax (most, ours[k]);
    }
  g_assert_cmpuint (n, >=, 20);
  for (guint k = 0; k < n; k++) /* a pixel of BornAgain sees a little less of the sphere higher up */
    g_assert_cmpfloat_with_epsilon (ours[k] / most / json_array_get_double_element (intensity, k), 1, 1e-3);
}

/* Islands on a substrate, by BornAgain. */
static void
test_islands (void)
{
  const char *source = g_getenv ("SAXID_SRCDIR") != NULL ? g_getenv ("SAXID_SRCDIR") : "..";
  g_autofree char *path = g_build_filename (source, "tests", "golden", "gisaxs.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonArray *cases;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  cases = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "cases");
  g_assert_cmpuint (json_array_get_length (cases), >=, 4);
  for (guint k = 0; k < json_array_get_length (cases); k++)
    compare_islands (json_array_get_object_element (cases, k));
}

static guint
differing (const SaxidSimulatedFrame *a, const SaxidSimulatedFrame *b)
{
  guint n = 0;

  g_assert_cmpuint (a->width * a->height, ==, b->width * b->height);
  for (gsize k = 0; k < (gsize) a->width * a->height; k++)
    n += memcmp (&a->pixels[k], &b->pixels[k], sizeof (float)) != 0;
  return n;
}

/* A frame is the same whenever it is drawn; frames of one experiment are alike, not equal. */
static void
test_experiments (void)
{
  for (guint32 experiment = 0; experiment < 8; experiment++)
    {
      SaxidSimulatedFrame frame, again, next;
      double most = 0;

      saxid_simulated_frame_draw (7, experiment, 0, &frame);
      saxid_simulated_frame_draw (7, experiment, 0, &again);
      saxid_simulated_frame_draw (7, experiment, 1, &next);
      g_assert_cmpint (frame.technique, ==, (int) (experiment % 4));
      g_assert_cmpuint (differing (&frame, &again), ==, 0);
      g_assert_cmpuint (differing (&frame, &next), >, 0);
      for (gsize k = 0; k < (gsize) frame.width * frame.height; k++)
        {
          g_assert_true (isnan (frame.pixels[k]) || frame.pixels[k] > -100);
          most = fmax (most, (double) frame.pixels[k]);
        }
      g_assert_cmpfloat (most, >, 1);
      saxid_simulated_frame_clear (&frame);
      saxid_simulated_frame_clear (&again);
      saxid_simulated_frame_clear (&next);
    }
}

/* A picture over (q_r, q_z) hangs on no detector: q_z goes up or down, and nothing stands in the way of it. */
static void
test_mapped (void)
{
  guint n = 0;

  for (guint32 experiment = SAXID_TECHNIQUE_GIWAXS; experiment < 400; experiment += SAXID_N_TECHNIQUE)
    {
      SaxidSimulatedFrame frame;

      saxid_simulated_frame_draw (3, experiment, 0, &frame);
      if (frame.stage.mapped)
        {
          g_assert_cmpuint (frame.stage.turn % 2, ==, 0);
          g_assert_cmpuint (frame.stage.module_x, ==, 0);
          g_assert_false (frame.stage.round);
          g_assert_cmpstr (frame.kind, ==, "mapped");
          n++;
        }
      saxid_simulated_frame_clear (&frame);
    }
  g_assert_cmpuint (n, >=, 1);
  g_assert_cmpuint (n, <, 30);
}

/* How many pixels are brighter than halfway from the median to the brightest thousandth, of how many. */
static gsize
count_bright (const SaxidSimulatedFrame *frame, gsize *n)
{
  const gsize all = (gsize) frame->width * frame->height;
  g_autofree double *value = g_new (double, all);
  double median, most;
  gsize bright = 0;

  *n = 0;
  for (gsize k = 0; k < all; k++)
    if (isfinite (frame->pixels[k]))
      value[(*n)++] = (double) frame->pixels[k];
  median = saxid_order_select (value, *n, *n / 2);
  most = saxid_order_select (value, *n, *n - 1 - *n / 1000);
  for (gsize k = 0; k < *n; k++)
    bright += value[k] > median + 0.5 * (most - median);
  return bright;
}

/* Each kind of what is no scattering is drawn; of the beam alone little is bright. */
static void
test_strangers (void)
{
  g_autoptr (GHashTable) kinds = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint32 experiment = 0; experiment < 20; experiment++)
    {
      SaxidSimulatedFrame frame;
      gsize n, bright;

      saxid_simulated_stranger_draw (3, experiment, 0, &frame);
      g_assert_cmpint (frame.technique, ==, SAXID_TECHNIQUE_UNKNOWN);
      g_hash_table_add (kinds, (gpointer) frame.kind);
      bright = count_bright (&frame, &n);
      g_test_message ("%s: %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT, frame.kind, bright, n);
      if (strcmp (frame.kind, "beam") == 0)
        g_assert_cmpuint (bright, <, n / 10);
      saxid_simulated_frame_clear (&frame);
    }
  g_assert_cmpuint (g_hash_table_size (kinds), ==, 5);
}

/* The gaps of a Pilatus are 7 of 494 columns and 17 of 212 rows. */
static void
test_gaps (void)
{
  const SaxidStage stage = { .n_column = 981, .n_row = 1043, .scale = 1, .module_x = 487, .module_y = 195, .gap_x = 7, .gap_y = 17 };
  guint dark = 0;

  for (guint row = 0; row < stage.n_row; row++)
    for (guint column = 0; column < stage.n_column; column++)
      dark += !(saxid_stage_share (&stage, column, row) > 0.5);
  g_assert_cmpuint (dark, ==, 981 * 1043 - 2 * 487 * 5 * 195);
}

/* ---- pictures ---------------------------------------------------------------------------------- */

static SaxidPicture *
picture_of (const float *pixels, gsize height, gsize width)
{
  SaxidPicture *picture = g_new (SaxidPicture, 1);

  if (saxid_picture_make (pixels, NULL, height, width, picture))
    return picture;
  g_free (picture);
  return NULL;
}

/* A slope in the logarithm is the same picture whatever the scale, the pedestal or the size. */
static void
test_picture_scale (void)
{
  static const struct
  {
    gsize height, width;
    double scale, pedestal;
  } of[] = { { 256, 256, 1e3, 0 }, { 300, 517, 1e3, 0 }, { 256, 256, 1e5, 0 }, { 195, 1475, 1e4, 0 }, { 64, 700, 1e4, 0 } };
  g_autofree SaxidPicture *first = NULL;

  for (gsize k = 0; k < G_N_ELEMENTS (of); k++)
    {
      const gsize n = of[k].height * of[k].width;
      g_autofree float *pixels = g_new (float, n);
      g_autofree SaxidPicture *picture = NULL;
      guint far = 0;

      for (gsize i = 0; i < n; i++)
        pixels[i] = (float) (of[k].pedestal + of[k].scale * exp (3.0 * (double) (i % of[k].width) / (double) of[k].width));
      picture = picture_of (pixels, of[k].height, of[k].width);
      g_assert_nonnull (picture);
      if (first == NULL)
        first = g_memdup2 (picture, sizeof *picture);
      for (guint i = 0; i < SAXID_PICTURE_SIDE * SAXID_PICTURE_SIDE; i++)
        {
          far += abs (picture->grey[i] - first->grey[i]) > 3;
          g_assert_cmpuint (picture->share[i], >=, 254);
        }
      g_assert_cmpuint (far, ==, 0);
    }
}

/* Hot pixels, gaps and a corner of a huge constant do not decide the shades. */
static void
test_picture_faults (void)
{
  const gsize side = 512, n = side * side;
  g_autofree float *pixels = g_new (float, n), *spoilt = g_new (float, n);
  g_autofree SaxidPicture *sound = NULL, *picture = NULL;
  guint far = 0;

  for (gsize k = 0; k < n; k++)
    pixels[k] = spoilt[k] = (float) (100 + (k % side) * 10);
  spoilt[77777] = 1e6f;
  for (gsize row = 200; row < 220; row++)
    for (gsize column = 0; column < side; column++)
      spoilt[row * side + column] = NAN;
  sound = picture_of (pixels, side, side);
  picture = picture_of (spoilt, side, side);
  for (guint k = 0; k < SAXID_PICTURE_SIDE * SAXID_PICTURE_SIDE; k++)
    far += picture->grey[k] > 0 && abs (sound->grey[k] - picture->grey[k]) > 3;
  g_assert_cmpuint (far, <=, 2); /* the cell of the hot pixel */
  g_assert_cmpuint (picture->share[52 * SAXID_PICTURE_SIDE], ==, 0);
  g_assert_cmpuint (picture->grey[52 * SAXID_PICTURE_SIDE], ==, 0);
}

static void
test_picture_none (void)
{
  g_autofree float *pixels = g_new0 (float, 256 * 256);
  SaxidPicture *picture = g_new (SaxidPicture, 1);

  g_assert_false (saxid_picture_make (pixels, NULL, 256, 256, picture)); /* all the same */
  for (gsize k = 0; k < 256 * 256; k++)
    pixels[k] = NAN;
  g_assert_false (saxid_picture_make (pixels, NULL, 256, 256, picture));
  g_free (picture);
}

/* Two greys, half of each: one bit; a chessboard differs along rows and not along diagonals. */
static void
test_features (void)
{
  enum { SIDE = 16, N = SIDE * SIDE };
  guint8 grey[N];
  float hf[SAXID_FEATURES_HF], moments[SAXID_FEATURES_HF], glcm[SAXID_FEATURES_GLCM];
  const double mean = 1.0 / 256, variance = (2 * pow (0.5 - mean, 2) + 254 * mean * mean) / 256;

  for (guint k = 0; k < N; k++)
    grey[k] = (k / SIDE + k) % 2 == 0 ? 0 : 255;
  saxid_features_hf (grey, SIDE, hf);
  saxid_features_hf_moments (grey, SIDE, moments);
  saxid_features_glcm (grey, SIDE, glcm);
  g_assert_cmpfloat_with_epsilon (hf[0], 1, 1e-6);                               /* entropy */
  g_assert_cmpfloat_with_epsilon (hf[1] / (2 * pow (0.5 / N, 2) * 1e9), 1, 1e-6); /* energy */
  g_assert_cmpfloat_with_epsilon (hf[2], 127.5, 1e-4);
  g_assert_cmpfloat_with_epsilon (hf[3] / variance, 1, 1e-5); /* of the 256 values p */
  g_assert_cmpfloat_with_epsilon (hf[6], 1 - 1 / (1 + variance), 1e-6);
  g_assert_cmpfloat_with_epsilon (moments[3] / pow (255 * 255 / 256.0 / 2, 2), 1, 1e-3); /* of the grey, at the middles of bins */
  g_assert_cmpfloat_with_epsilon (moments[4], 0, 1e-6);
  g_assert_cmpfloat_with_epsilon (moments[5], -2, 1e-5); /* of two values */
  for (guint k = 0; k < 4; k++)
    {
      const gboolean diagonal = k % 2 == 1;

      g_assert_cmpfloat_with_epsilon (glcm[6 * k], diagonal ? 0 : 255.0 * 255, 1e-2);
      g_assert_cmpfloat_with_epsilon (glcm[6 * k + 1], diagonal ? 1 : -1, 0.02);
      g_assert_cmpfloat_with_epsilon (glcm[6 * k + 2], sqrt (glcm[6 * k + 4]), 1e-6);
      g_assert_cmpfloat_with_epsilon (glcm[6 * k + 3], diagonal ? 1 : 1 / (1 + 255.0 * 255), 1e-6);
      g_assert_cmpfloat_with_epsilon (glcm[6 * k + 4], 0.5, 1e-2);
      g_assert_cmpfloat_with_epsilon (glcm[6 * k + 5], 1, 1e-2);
    }
}

/* Margins become halves: (GISAXS + GIWAXS) over the four. */
static void
test_answer (void)
{
  const float margin[SAXID_TECHNIQUE_OUTPUTS] = { 0, 0, (float) log (6), (float) log (2), -20 }, strange[SAXID_TECHNIQUE_OUTPUTS] = { 0, 0, 0, 0, 9 };
  SaxidTechniqueAnswer answer;

  saxid_technique_answer (margin, 1, &answer);
  g_assert_true (answer.image.known);
  g_assert_cmpfloat_with_epsilon (answer.probability[SAXID_TECHNIQUE_GISAXS], 0.6, 1e-5);
  g_assert_cmpfloat_with_epsilon (answer.image.half[SAXID_HALF_GRAZING], log (8 / 2.0), 1e-4);
  g_assert_cmpfloat_with_epsilon (answer.image.half[SAXID_HALF_WIDE], log (3 / 7.0), 1e-4);
  saxid_technique_answer (strange, 1, &answer);
  g_assert_false (answer.image.known);
  g_assert_cmpfloat (answer.outlier, >, 0.99);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/technique-frames/rings", test_rings);
  g_test_add_func ("/technique-frames/leaning", test_leaning);
  g_test_add_func ("/technique-frames/yoneda", test_yoneda);
  g_test_add_func ("/technique-frames/grazing-places", test_grazing_places);
  g_test_add_func ("/technique-frames/rods", test_rods);
  g_test_add_func ("/technique-frames/islands", test_islands);
  g_test_add_func ("/technique-frames/experiments", test_experiments);
  g_test_add_func ("/technique-frames/mapped", test_mapped);
  g_test_add_func ("/technique-frames/strangers", test_strangers);
  g_test_add_func ("/technique-frames/gaps", test_gaps);
  g_test_add_func ("/technique-frames/picture-scale", test_picture_scale);
  g_test_add_func ("/technique-frames/picture-faults", test_picture_faults);
  g_test_add_func ("/technique-frames/picture-none", test_picture_none);
  g_test_add_func ("/technique-frames/answer", test_answer);
  g_test_add_func ("/technique-frames/features", test_features);
  return g_test_run ();
}
