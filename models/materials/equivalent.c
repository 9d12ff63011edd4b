/* With which model of SasView does the fit of a material go on?
 *
 * Thread: pure.
 */
#include "models/materials/equivalent.h"

#include <cminpack.h>
#include <math.h>
#include <string.h>

/* Points of the curve that is to be met, equidistant in ln q. */
#define POINTS 120
#define MOST_FREE 3
#define EVALUATIONS 200
/* Below the q at which an upturn is more than this part of I, a model without one does not hold; it needs
 * a window of LEAST_RATIO. */
#define MOST_UPTURN 0.02
#define LEAST_RATIO 8.0
/* Bounds of a length in a fitting program: so many times less and more. */
#define LENGTH_RANGE 5.0
/* What SasView itself begins with: densities cannot be told from the scale. */
#define SHARE 0.5
#define SLD_A 0.3
#define SLD_B 6.3
#define POROD 4.0
/* Standard deviations of a 90 % interval. */
#define SIDES 1.6448536269514722

/* The curve of a fit without its background. */
typedef struct
{
  gsize n;
  double q[POINTS], structure[POINTS], all[POINTS]; /* structure with the upturn; all with the background too */
} Target;

typedef struct
{
  const char *name, *unit;
  double (*of) (const double *x, double factor, double rest); /* of the coordinates and both factors */
  gboolean is_free;
  double lower, upper; /* of what is free, as parts of the value */
} Parameter;

#define MOST_PARAMETERS 7
typedef struct
{
  const char *name;
  gboolean has_upturn;
  guint n_free;
  gboolean is_factor_held; /* the scale of SasView stays 1 */
  double (*shape) (double q, const double *x);   /* for factor 1 */
  void (*begin) (const SaxidMaterial *material, double *x);
  guint n_parameter; /* besides scale and background */
  Parameter parameter[MOST_PARAMETERS];
} Model;

/* --- the models --------------------------------------------------------------------------- */

/* ln of lengths are free. Random phases: L³ / (1 + (q L)²)² */
static double
dab_shape (double q, const double *x)
{
  const double l = exp (x[0]), square = 1 + q * q * l * l;

  return l * l * l / (square * square);
}

static double
length_of (const double *x, double factor G_GNUC_UNUSED, double rest G_GNUC_UNUSED)
{
  return exp (x[0]);
}

static double
second_of (const double *x, double factor G_GNUC_UNUSED, double rest G_GNUC_UNUSED)
{
  return exp (x[1]);
}

static void
dab_begin (const SaxidMaterial *material, double *x)
{
  x[0] = log (material->covariance == SAXID_COVARIANCE_RANDOM_FIELD ? 2 * material->length : material->length);
}

/* sasmodels: 1e-4 8 pi volfraction (1 - volfraction) (sld_a - sld_b)² xi³ / (a2 + c1 q² + c2 q⁴) */
static double
wave_shape (double q, const double *x)
{
  const double d = exp (x[0]), xi = exp (x[1]), k = 2 * G_PI * xi / d, square = q * q * xi * xi;
  const double contrast = SLD_A - SLD_B;

  return 1e-4 * 8 * G_PI * SHARE * (1 - SHARE) * contrast * contrast * xi * xi * xi
         / ((1 + k * k) * (1 + k * k) + 2 * (1 - k * k) * square + square * square);
}

static void
wave_begin (const SaxidMaterial *material, double *x)
{
  const gboolean is_field = material->covariance == SAXID_COVARIANCE_RANDOM_FIELD;
  const double wave = is_field ? 1.3 : fmax (material->wave, 0.3);

  x[1] = log (is_field ? 2 * material->length : material->length);
  x[0] = log (2 * G_PI / wave) + x[1];
}

/* 1 / (1 + (q xi)^m) */
static double
correlation_shape (double q, const double *x)
{
  return 1 / (1 + pow (q * exp (x[0]), exp (x[1])));
}

static void
correlation_begin (const SaxidMaterial *material, double *x)
{
  x[0] = log (material->covariance == SAXID_COVARIANCE_RANDOM_FIELD ? 1.3 * material->length : material->length);
  x[1] = log (POROD);
}

static double
factor_of (const double *x G_GNUC_UNUSED, double factor, double rest G_GNUC_UNUSED)
{
  return factor;
}

static double
rest_of (const double *x G_GNUC_UNUSED, double factor G_GNUC_UNUSED, double rest)
{
  return rest;
}

#define HELD(number)                                                                                                   \
  static double held_##number (const double *x G_GNUC_UNUSED, double factor G_GNUC_UNUSED, double rest G_GNUC_UNUSED)  \
  {                                                                                                                    \
    return number;                                                                                                     \
  }
HELD (SHARE)
HELD (SLD_A)
HELD (SLD_B)
HELD (POROD)

#define LENGTH_PARAMETER(name, of) { name, "Ang", of, TRUE, 1 / LENGTH_RANGE, LENGTH_RANGE }
#define HELD_PARAMETER(name, unit, of) { name, unit, of, FALSE, 0, 0 }
#define FACTOR_PARAMETER(name, of) { name, "", of, TRUE, 0, INFINITY }

static const Model models[] = {
  { "dab", FALSE, 1, FALSE, dab_shape, dab_begin, 1, { LENGTH_PARAMETER ("cor_length", length_of) } },
  { "teubner_strey", FALSE, 2, FALSE, wave_shape, wave_begin, 5,
    { HELD_PARAMETER ("volfraction_a", "", held_SHARE), HELD_PARAMETER ("sld_a", "1e-6/Ang^2", held_SLD_A),
      HELD_PARAMETER ("sld_b", "1e-6/Ang^2", held_SLD_B), LENGTH_PARAMETER ("d", length_of), LENGTH_PARAMETER ("xi", second_of) } },
  { "correlation_length", TRUE, 2, TRUE, correlation_shape, correlation_begin, 5,
    { FACTOR_PARAMETER ("lorentz_scale", factor_of), FACTOR_PARAMETER ("porod_scale", rest_of),
      LENGTH_PARAMETER ("cor_length", length_of), HELD_PARAMETER ("porod_exp", "", held_POROD),
      { "lorentz_exp", "", second_of, TRUE, 0.25, 2 } } },
};

/* --- the fit ------------------------------------------------------------------------------ */

typedef struct
{
  const Model *model;
  const Target *target;
  double factor, rest;
} Problem;

/* The factors that suit at x; relative residuals in out. */
static void
evaluate (Problem *problem, const double *x, double *out)
{
  const Target *target = problem->target;
  double ss = 0, sr = 0, rr = 0, st = 0, rt = 0;

  for (gsize k = 0; k < target->n; k++)
    {
      const double weight = 1 / (target->all[k] * target->all[k]), shape = problem->model->shape (target->q[k], x);
      const double rest = pow (target->q[k], -POROD);

      ss += weight * shape * shape;
      sr += weight * shape * rest;
      rr += weight * rest * rest;
      st += weight * shape * target->structure[k];
      rt += weight * rest * target->structure[k];
    }
  problem->rest = problem->model->has_upturn ? fmax ((ss * rt - sr * st) / (ss * rr - sr * sr), 0) : 0;
  problem->factor = fmax ((st - problem->rest * sr) / ss, 0);
  for (gsize k = 0; k < target->n; k++)
    out[k] = (problem->factor * problem->model->shape (target->q[k], x) + problem->rest * pow (target->q[k], -POROD)
              - target->structure[k])
             / target->all[k];
}

static int
residuals (void *data, int m G_GNUC_UNUSED, int n G_GNUC_UNUSED, const double *x, double *out, int flag G_GNUC_UNUSED)
{
  evaluate (data, x, out);
  return 0;
}

/* Fits; the departure. Shape: x MOST_FREE. */
static double
descend (Problem *problem, double *x)
{
  const int m = (int) problem->target->n, n = (int) problem->model->n_free;
  double out[POINTS], jacobian[POINTS * MOST_FREE], diagonal[MOST_FREE], qtf[MOST_FREE], wa1[MOST_FREE], wa2[MOST_FREE];
  double wa3[MOST_FREE], wa4[POINTS], square = 0;
  int permutation[MOST_FREE], evaluations;

  lmdif (residuals, problem, m, n, x, out, 1e-12, 1e-12, 0, EVALUATIONS, 1e-12, diagonal, 1, 1, 0, &evaluations, jacobian, m,
         permutation, qtf, wa1, wa2, wa3, wa4);
  evaluate (problem, x, out);
  for (int k = 0; k < m; k++)
    square += out[k] * out[k];
  return isfinite (square) ? sqrt (square / m) : INFINITY;
}

/* --- the curve that is to be met ---------------------------------------------------------- */

/* Where the upturn is no more than that part of I. */
static double
first_without_upturn (const SaxidMaterialAnswer *answer)
{
  double q = answer->q_first;

  for (; q < answer->q_last; q *= 1.02)
    if (answer->fit.upturn * pow (q, -4) < MOST_UPTURN * fabs (saxid_material_fit_at (&answer->fit, SAXID_MATERIAL_ALL, q)))
      break;
  return q;
}

static void
target_init (Target *target, const SaxidMaterialAnswer *answer, double first)
{
  const double step = log (answer->q_last / first) / (POINTS - 1);

  target->n = POINTS;
  for (gsize k = 0; k < POINTS; k++)
    target->q[k] = first * exp ((double) k * step);
  for (gsize k = 0; k < POINTS; k++)
    {
      target->all[k] = saxid_material_fit_at (&answer->fit, SAXID_MATERIAL_ALL, target->q[k]);
      target->structure[k] = target->all[k] - answer->fit.background;
      target->all[k] = fabs (target->all[k]);
    }
}

/* --- what it gives ------------------------------------------------------------------------ */

static void
fill (const Problem *problem, const SaxidMaterialAnswer *answer, const double *x, SaxidEquivalent *out)
{
  const Model *model = problem->model;
  const double scale = model->is_factor_held ? 1 : problem->factor;

  out->model = model->name;
  out->category = "Shape-Independent";
  out->n_value = 0;
  out->value[out->n_value++] = (SaxidSeedValue) { "scale", "", scale, NAN, 0, INFINITY, !model->is_factor_held, FALSE };
  out->value[out->n_value++]
    = (SaxidSeedValue) { "background", "", answer->fit.background, NAN, -INFINITY, INFINITY, TRUE, FALSE };
  for (guint k = 0; k < model->n_parameter; k++)
    {
      const Parameter *p = &model->parameter[k];
      const double value = p->of (x, problem->factor, problem->rest);
      SaxidSeedValue *to = &out->value[out->n_value++];

      *to = (SaxidSeedValue) { p->name, p->unit, value, NAN, -INFINITY, INFINITY, p->is_free, FALSE };
      if (!p->is_free)
        continue;
      to->lower = p->lower * value;
      to->upper = isinf (p->upper) ? INFINITY : p->upper * value;
    }
}

/* Lengths of a model that is the material's have the errors of the fit. */
static void
set_errors (const SaxidMaterialAnswer *answer, SaxidEquivalent *out)
{
  const struct
  {
    SaxidMaterialLaw law;
    const char *model, *name;
    SaxidMaterialInterval interval;
  } shared[] = { { SAXID_MATERIAL_LAW_RANDOM, "dab", "cor_length", answer->length },
                 { SAXID_MATERIAL_LAW_TEUBNER_STREY, "teubner_strey", "xi", answer->length },
                 { SAXID_MATERIAL_LAW_TEUBNER_STREY, "teubner_strey", "d", answer->repeat } };

  out->is_same = FALSE;
  for (gsize k = 0; k < G_N_ELEMENTS (shared); k++)
    for (guint j = 0; j < out->n_value; j++)
      if (saxid_material_law (answer->fit.kind) == shared[k].law && strcmp (out->model, shared[k].model) == 0
          && strcmp (out->value[j].name, shared[k].name) == 0)
        {
          out->value[j].error = (shared[k].interval.upper - shared[k].interval.lower) / (2 * SIDES);
          out->is_same = TRUE;
        }
}

gboolean
saxid_material_equivalent (const SaxidMaterialAnswer *answer, SaxidEquivalent *equivalent)
{
  const double first = first_without_upturn (answer);

  *equivalent = (SaxidEquivalent) { .departure = INFINITY };
  for (gsize k = 0; k < G_N_ELEMENTS (models); k++)
    {
      const double from = models[k].has_upturn ? answer->q_first : first;
      double x[MOST_FREE] = { 0 }, departure;
      Target target;
      Problem problem = { .model = &models[k], .target = &target };

      if (answer->q_last < LEAST_RATIO * from)
        continue;
      target_init (&target, answer, from);
      models[k].begin (&answer->fit.material, x);
      departure = descend (&problem, x);
      if (!(departure < equivalent->departure))
        continue;
      fill (&problem, answer, x, equivalent);
      set_errors (answer, equivalent);
      equivalent->q_min = from;
      equivalent->q_max = answer->q_last;
      equivalent->departure = departure;
      if (departure < SAXID_EQUIVALENT_MOST)
        return TRUE;
    }
  return FALSE;
}
