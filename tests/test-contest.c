/* Do fits find the simplest form factor that describes a curve, whatever departs from it smoothly? */
#include <glib.h>
#include <math.h>

#include "models/fit/contest.h"
#include "models/fit/spread.h"
#include "models/shapes/shape.h"

#define N 160

static char *const classes[] = { (char *) "sphere", (char *) "cylinder", (char *) "core_shell_sphere", (char *) "disc",
                                 (char *) "core_shell_disc", NULL };
#define N_CLASS 5

static const SaxidSpace *
space_of (const char *name)
{
  return saxid_space_find (saxid_shape_find (name));
}

static void
lay_q (double *q, double first, double last)
{
  for (guint k = 0; k < N; k++)
    q[k] = first * pow (last / first, k / (N - 1.0));
}

/* Particles of which all sizes vary together, one after the other. */
static void
add_up (const SaxidSpace *space, const SaxidSpacePoint *seen, const double *q, double *out)
{
  const SaxidShape *shape = saxid_space_shape (space);
  const double width = seen->width;
  double volume = 0, one[N];

  for (guint k = 0; k < N; k++)
    out[k] = 0;
  for (int j = -700; j <= 400; j++)
    {
      const double away = j / 100.0, bell = exp (-0.5 * away * away), lambda = exp (width * away);
      SaxidSpacePoint point = *seen;

      saxid_space_scale (space, lambda, &point);
      /* the bell is number times lambda⁶: of intensity per volume lambda³, of volume lambda⁻³ */
      g_assert_true (saxid_shape_intensity (shape, point.value, 0, SAXID_DISTRIBUTION_SCHULZ, N, q, one, NULL));
      volume += bell / (lambda * lambda * lambda);
      for (guint k = 0; k < N; k++)
        out[k] += bell / (lambda * lambda * lambda) * one[k];
    }
  for (guint k = 0; k < N; k++)
    out[k] /= volume;
}

static void
test_spread (void)
{
  static const struct
  {
    const char *class;
    double size, width;
  } cases[] = { { "sphere", 60, 0.1 }, { "sphere", 60, 0.4 }, { "core_shell_sphere", 50, 0.2 }, { "oblate", 25, 0.15 },
                { "disc", 90, 0.3 }, { "core_shell_cylinder", 20, 0.2 } };
  const double part[SAXID_SPACE_MOST] = { 0, 0.4, 0.5, 0.5, 0.6 };
  double q[N], all[N], out[N];

  lay_q (q, 0.005, 0.3);
  for (guint c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      const SaxidSpace *space = space_of (cases[c].class);
      SaxidSpacePoint point;
      double most = 0, sum = 0, scale = 0;

      saxid_space_place (space, part, cases[c].size, &point);
      point.width = cases[c].width;
      point.together = TRUE;
      add_up (space, &point, q, all);
      g_assert_true (saxid_spread_intensity (saxid_space_shape (space), &point, N, q, out, NULL));
      /* far sizes, which are left out, have volume, too: the scale is less precise than the curve */
      for (guint k = 0; k < N; k++)
        scale += log (out[k] / all[k]) / N;
      g_assert_cmpfloat (fabs (scale), <, 0.05);
      for (guint k = 0; k < N; k++)
        {
          const double off = fabs (out[k] / all[k] * exp (-scale) - 1);

          most = fmax (most, off);
          sum += off;
        }
      g_test_message ("%s, width %g: off by %.3g at most, %.3g in the mean", cases[c].class, cases[c].width, most, sum / N);
      /* minima are what far sizes leave there */
      g_assert_cmpfloat (most, <, 0.1);
      g_assert_cmpfloat (sum / N, <, 0.02);
    }
}

/* What the width means may be changed, and changed back; and a narrow population stays about the same. */
static void
test_apart (void)
{
  const SaxidSpace *space = space_of ("core_shell_sphere");
  const double part[SAXID_SPACE_MOST] = { 0, 0.4, 0.5, 0.6 };
  double q[N], apart[N], together[N];
  SaxidSpacePoint point, other;

  lay_q (q, 0.005, 0.05);
  saxid_space_place (space, part, 50, &point);
  point.width = 0.05;
  other = point;
  g_assert_true (saxid_spread_intensity (saxid_space_shape (space), &point, N, q, apart, NULL));
  saxid_spread_together (space, &other);
  g_assert_true (other.together);
  g_assert_true (saxid_spread_intensity (saxid_space_shape (space), &other, N, q, together, NULL));
  for (guint k = 0; k < N; k++)
    g_assert_cmpfloat (fabs (together[k] / apart[k] - 1), <, 0.05);
  saxid_spread_apart (space, &other);
  g_assert_false (other.together);
  for (guint k = 0; k < saxid_space_shape (space)->n_parameter; k++)
    g_assert_cmpfloat_with_epsilon (other.value[k], point.value[k], 1e-9 * fabs (point.value[k]));
}

static SaxidAtlas *
atlas_of_classes (void)
{
  const SaxidShape *shape[N_CLASS];

  for (guint c = 0; c < N_CLASS; c++)
    shape[c] = saxid_shape_find (classes[c]);
  return saxid_atlas_new (N_CLASS, shape, 120, 3, 1);
}

/* A curve with sigma of 0.5 %, which departs from its form factor by 5 %, smoothly, with a flat background. */
static SaxidCurve *
departing (const SaxidSpace *space, const SaxidSpacePoint *truth)
{
  SaxidCurve *curve = saxid_curve_new (N, TRUE, FALSE);

  lay_q (curve->q, 0.006, 0.25);
  g_assert_true (saxid_spread_intensity (saxid_space_shape (space), truth, N, curve->q, curve->intensity, NULL));
  for (guint k = 0; k < N; k++)
    {
      const double ln_q = log (curve->q[k]);

      curve->intensity[k] *= 1 + 0.05 * sin (3.1 * ln_q + 0.4) + 0.03 * cos (5.3 * ln_q);
      curve->intensity[k] += 1e-5 * curve->intensity[0];
      curve->sigma[k] = 0.005 * curve->intensity[k];
    }
  return curve;
}

static guint
best_of (const float *probability)
{
  guint best = 0;

  for (guint c = 1; c < N_CLASS; c++)
    if (probability[c] > probability[best])
      best = c;
  return best;
}

static void
test_occam (void)
{
  g_autoptr (SaxidAtlas) atlas = atlas_of_classes ();
  const SaxidForms forms = { atlas, N_CLASS, classes };
  /* of each class; shells are thick, and of the opposite sign */
  static const double part[N_CLASS][SAXID_SPACE_MOST] = {
    { 0, 0.6 }, { 0, 0.6, 0.65 }, { 0, 0.6, 0.65, 0.15 }, { 0, 0.6, 0.65 }, { 0, 0.6, 0.75, 0.65, 0.1 },
  };

  for (guint c = 0; c < N_CLASS; c++)
    {
      const SaxidSpace *space = space_of (classes[c]);
      float probability[N_CLASS];
      g_autoptr (SaxidCurve) curve = NULL;
      SaxidSpacePoint truth;
      SaxidContest contest;
      double sum = 0;

      saxid_space_place (space, part[c], 45, &truth);
      truth.width = 0.12;
      curve = departing (space, &truth);
      for (guint k = 0; k < N_CLASS; k++)
        probability[k] = 1.0f / N_CLASS;
      g_assert_true (saxid_contest (&forms, SAXID_CONTEST_OF_FITS, curve, probability, &contest, NULL));
      for (guint k = 0; k < N_CLASS; k++)
        g_test_message ("%s: %s misfit %.3g", classes[c], classes[k], contest.class[k].misfit);
      g_assert_cmpfloat (contest.misfit, <, 6);
      saxid_contest_apply (&contest, probability);
      g_assert_cmpstr (classes[best_of (probability)], ==, classes[c]);
      for (guint k = 0; k < N_CLASS; k++)
        sum += (double) probability[k];
      g_assert_cmpfloat_with_epsilon (sum, 1, 1e-5);
      /* a class that contains the right one describes the curve as well, and pays for it */
      if (c == 0)
        {
          g_assert_cmpfloat (contest.class[2].misfit, <, 1.3 * contest.class[0].misfit);
          g_assert_cmpfloat (contest.class[2].log_weight, <, contest.class[0].log_weight - 1);
        }
    }
}

/* Nearly of one size: fringes so fine that the steps of an atlas and of the coarse curve pass over them. */
static void
test_narrow (void)
{
  static const double radius[] = { 25, 60, 100, 180, 300 }, width[] = { 0.01, 0.02, 0.04 };
  g_autoptr (SaxidAtlas) atlas = atlas_of_classes ();
  const SaxidForms forms = { atlas, N_CLASS, classes };
  const SaxidSpace *space = space_of ("sphere");
  g_autoptr (GRand) random = g_rand_new_with_seed (4);

  for (guint r = 0; r < G_N_ELEMENTS (radius); r++)
    for (guint w = 0; w < G_N_ELEMENTS (width); w++)
      {
        float probability[N_CLASS] = { 0.9f, 0.02f, 0.04f, 0.02f, 0.02f };
        const double part[SAXID_SPACE_MOST] = { 0, 0.5 };
        g_autoptr (SaxidCurve) curve = saxid_curve_new (400, TRUE, FALSE);
        SaxidSpacePoint truth;
        SaxidContest contest;

        saxid_space_place (space, part, radius[r], &truth);
        truth.width = width[w];
        for (guint k = 0; k < curve->n; k++)
          curve->q[k] = 0.004 * pow (100, k / (curve->n - 1.0));
        g_assert_true (saxid_spread_intensity (saxid_space_shape (space), &truth, curve->n, curve->q, curve->intensity, NULL));
        for (guint k = 0; k < curve->n; k++)
          {
            const double two = sqrt (-2 * log (1 - g_rand_double (random))) * cos (2 * G_PI * g_rand_double (random));

            curve->sigma[k] = 0.02 * curve->intensity[k] + 1e-6 * curve->intensity[0];
            curve->intensity[k] += 1e-5 * curve->intensity[0] + two * curve->sigma[k];
          }
        g_assert_true (saxid_contest (&forms, SAXID_CONTEST_OF_FITS, curve, probability, &contest, NULL));
        g_test_message ("radius %g, width %g: misfit %.3g at %g, width %g, core_shell_sphere %.3g", radius[r], width[w],
                        contest.class[0].misfit, contest.class[0].fit.point.value[saxid_space_shape (space)->main_size], contest.class[0].fit.point.width,
                        contest.class[2].misfit);
        g_assert_cmpfloat (contest.misfit, <, SAXID_CONTEST_MOST_MISFIT);
        saxid_contest_apply (&contest, probability);
        g_assert_cmpstr (classes[best_of (probability)], ==, "sphere");
      }
}

/* A template of the right form factor and of the right size, and no fit: spheres, and what a sphere is not. */
static void
test_templates (void)
{
  g_autoptr (SaxidAtlas) atlas = atlas_of_classes ();
  const SaxidForms forms = { atlas, N_CLASS, classes };
  static const double part[N_CLASS][SAXID_SPACE_MOST] = { { 0, 0.6 }, { 0, 0.6, 0.65 } };

  for (guint c = 0; c < 2; c++)
    {
      const SaxidSpace *space = space_of (classes[c]);
      const guint main_size = saxid_space_shape (space)->main_size;
      float probability[N_CLASS] = { 0.2f, 0.2f, 0.2f, 0.2f, 0.2f };
      g_autoptr (SaxidCurve) curve = NULL;
      SaxidSpacePoint truth;
      SaxidContest contest;

      saxid_space_place (space, part[c], 45, &truth);
      truth.width = 0.12;
      curve = departing (space, &truth);
      g_assert_true (saxid_contest (&forms, SAXID_CONTEST_OF_TEMPLATES, curve, probability, &contest, NULL));
      g_test_message ("%s: misfit %.3g, size %g", classes[c], contest.misfit, contest.class[c].fit.point.value[main_size]);
      g_assert_cmpfloat (contest.class[c].fit.point.value[main_size] / truth.value[main_size], >, 0.7);
      g_assert_cmpfloat (contest.class[c].fit.point.value[main_size] / truth.value[main_size], <, 1.4);
      g_assert_cmpuint (contest.class[c].fit.evaluations, ==, 0);
      saxid_contest_apply (&contest, probability);
      g_assert_cmpstr (classes[best_of (probability)], ==, classes[c]);
    }
}

/* Classes that the network rules out are not fitted, and keep what they had. */
static void
test_ruled_out (void)
{
  g_autoptr (SaxidAtlas) atlas = atlas_of_classes ();
  const SaxidForms forms = { atlas, N_CLASS, classes };
  float probability[N_CLASS] = { 0.6f, 0.001f, 0.398f, 0.001f, 0 };
  const double part[SAXID_SPACE_MOST] = { 0, 0.5 };
  g_autoptr (SaxidCurve) curve = NULL;
  SaxidSpacePoint truth;
  SaxidContest contest;

  saxid_space_place (space_of ("sphere"), part, 50, &truth);
  curve = departing (space_of ("sphere"), &truth);
  g_assert_true (saxid_contest (&forms, SAXID_CONTEST_OF_FITS, curve, probability, &contest, NULL));
  saxid_contest_apply (&contest, probability);
  g_assert_false (contest.class[1].fitted);
  g_assert_false (contest.class[3].fitted);
  g_assert_cmpfloat (fabs (probability[1] - 0.001f), <, 1e-9);
  g_assert_cmpfloat_with_epsilon ((double) (probability[0] + probability[2]), 0.998, 1e-5);
  g_assert_cmpfloat (probability[0], >, probability[2]);
}

/* Peaks of a crystal are no particle's. */
static void
test_none (void)
{
  g_autoptr (SaxidAtlas) atlas = atlas_of_classes ();
  const SaxidForms forms = { atlas, N_CLASS, classes };
  float probability[N_CLASS] = { 0.2f, 0.2f, 0.2f, 0.2f, 0.2f };
  g_autoptr (SaxidCurve) curve = saxid_curve_new (N, TRUE, FALSE);
  SaxidContest contest;

  lay_q (curve->q, 0.01, 0.5);
  for (guint k = 0; k < N; k++)
    {
      curve->intensity[k] = 0.001;
      for (guint order = 1; order <= 4; order++)
        {
          const double away = (curve->q[k] - 0.107 * order) / 0.006;

          curve->intensity[k] += 1000 / order * exp (-0.5 * away * away);
        }
      curve->sigma[k] = 0.01 * curve->intensity[k];
    }
  g_assert_true (saxid_contest (&forms, SAXID_CONTEST_OF_FITS, curve, probability, &contest, NULL));
  g_assert_cmpfloat (contest.misfit, >, SAXID_CONTEST_MOST_MISFIT);
}

/* The fits make an outlier of anything that they do not describe, and less of one of what they do. */
static void
test_outlier (void)
{
  const SaxidContest near = { .misfit = 0.8 }, nearer = { .misfit = 0.1 }, middle = { .misfit = 20 };
  const SaxidContest far = { .misfit = SAXID_CONTEST_MOST_MISFIT + 1 }, flat = { .misfit = 0.8, .is_flat = TRUE };

  g_assert_false (saxid_contest_outlier (&middle, 0.89, 0.9));
  g_assert_true (saxid_contest_outlier (&middle, 0.91, 0.9));
  g_assert_false (saxid_contest_outlier (&near, 0.91, 0.9));
  g_assert_true (saxid_contest_outlier (&near, 0.98, 0.9));
  g_assert_true (saxid_contest_outlier (&nearer, 0.98, 0.9)); /* a good fit is no more than a good fit */
  g_assert_true (saxid_contest_outlier (&near, 1, 0.9));
  g_assert_true (saxid_contest_outlier (&far, 0, 0.9));
  g_assert_true (saxid_contest_outlier (&flat, 0.1, 0.9));
}

/* Vesicles of many radii with one bilayer. */
static void
test_bilayer (void)
{
  static char *const names[] = { (char *) "hollow_sphere", NULL };
  const SaxidShape *shape = saxid_shape_find (names[0]);
  g_autoptr (SaxidAtlas) atlas = saxid_atlas_new (1, &shape, 120, 3, 1);
  const SaxidForms forms = { atlas, 1, names };
  const float probability[] = { 1 };
  const double part[SAXID_SPACE_MOST] = { 0, 0.3, 0.5 };
  g_autoptr (SaxidCurve) curve = NULL;
  SaxidSpacePoint truth;
  SaxidContest contest;

  saxid_space_place (saxid_space_find (shape), part, 150, &truth);
  truth.width = 0.35;
  curve = departing (saxid_space_find (shape), &truth);
  g_assert_true (saxid_contest (&forms, SAXID_CONTEST_OF_FITS, curve, probability, &contest, NULL));
  g_test_message ("misfit %g, width %g", contest.misfit, contest.class[0].fit.point.width);
  g_assert_false (contest.class[0].fit.point.together);
  g_assert_cmpfloat_with_epsilon (contest.class[0].fit.point.width, 0.35, 0.1);
  g_assert_cmpfloat (contest.misfit, <, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/contest/spread", test_spread);
  g_test_add_func ("/contest/apart", test_apart);
  g_test_add_func ("/contest/occam", test_occam);
  g_test_add_func ("/contest/templates", test_templates);
  g_test_add_func ("/contest/narrow", test_narrow);
  g_test_add_func ("/contest/ruled-out", test_ruled_out);
  g_test_add_func ("/contest/none", test_none);
  g_test_add_func ("/contest/outlier", test_outlier);
  g_test_add_func ("/contest/bilayer", test_bilayer);
  return g_test_run ();
}
