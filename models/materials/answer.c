/* Is a curve that of a disordered material, and what does it tell of it?
 *
 * Thread: pure.
 */
#include "models/materials/answer.h"

#include <math.h>
#include <string.h>

#include "models/fit/coarse.h"
#include "models/fit/contest.h"
#include "models/materials/normal.h"
#include "reducers/error.h"
#include "reducers/noise.h"

/* The window: what q a must reach at both ends, and its length. Chosen on glassy carbon of several
 * instruments, where shorter ones give other lengths. */
#define LEAST_LAST 1.4
#define LAST_FOR_SHAPE 3.0
#define LEAST_POROSITY 1e-3 /* of an invariant */
#define MOST_DENSITY 22.6   /* g/cm³, osmium */
#define MOST_FIRST 0.7
#define LEAST_RATIO 8.0
/* An exponential covariance has its slope later, and without a peak the slope alone tells it from chains. */
static const double least_last[SAXID_MATERIAL_LAWS] = { LEAST_LAST, 3.0, 2.0 };
/* Beyond noise no more than this: measured glassy carbon has 1 to 3 %, spheres of 25 % width 7 %. */
#define MOST_EXCESS 0.03
/* A kind with more that is free is taken where it leaves so many times less beyond noise, and one with no more. */
#define MUCH_BETTER 3.0
#define SOME_BETTER 1.5
#define EXCESS_FLOOR 0.004
/* Points count where the structure is so many sigma, and so much of the intensity. */
#define SEEN 3.0
#define MOST_OF 0.5
/* Standard deviations of a 90 % interval, and what the lengths of one sample scatter among instruments: it is a floor
 * of the errors where the model departs from the curve by more than noise. */
#define SIDES 1.6448536269514722
#define INSTRUMENTS 0.02
/* A level of the field so near its bound, in standard deviations, is not one that the curve tells. */
#define LEAST_SHAPE 0.03

static const char *const basis_names[] = { "", "shape", "invariant", "given" };
static const char *const status_names[] = { "", "found", "window too short", "not of this kind" };

const char *
saxid_material_basis_name (SaxidMaterialBasis basis)
{
  return basis_names[basis];
}

const char *
saxid_material_status_name (SaxidMaterialStatus status)
{
  return status_names[status];
}

SaxidMaterialLaw
saxid_material_law (SaxidMaterialKind kind)
{
  return kind == SAXID_MATERIAL_RANDOM ? SAXID_MATERIAL_LAW_RANDOM
         : kind == SAXID_MATERIAL_WAVE ? SAXID_MATERIAL_LAW_TEUBNER_STREY
                                       : SAXID_MATERIAL_LAW_RANDOM_FIELD;
}

gboolean
saxid_material_known_check (const SaxidMaterialKnown *known, GError **error)
{
  const struct
  {
    const char *name;
    double value, most;
  } values[] = { { "porosity", known->porosity, 0.999 },
                 { "contrast", known->contrast, 1000 },
                 { "density of the sample", known->density, 30 },
                 { "scattering length density by density", known->per_density, 1000 } };

  for (gsize k = 0; k < G_N_ELEMENTS (values); k++)
    if (!(values[k].value >= 0 && values[k].value <= values[k].most))
      {
        g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "%s is %g, above 0 to %g is possible", values[k].name, values[k].value,
                     values[k].most);
        return FALSE;
      }
  if ((known->density > 0) == (known->per_density > 0))
    return TRUE;
  g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                       "a density of the sample and the scattering length density by density of its solid are needed together");
  return FALSE;
}

/* --- misfit ------------------------------------------------------------------------------- */

typedef struct
{
  double *structure, *all; /* [n] of the fit */
} Drawn;

static void
draw (const SaxidMaterialFit *fit, const SaxidCurve *curve, Drawn *drawn)
{
  drawn->structure = g_new (double, curve->n);
  drawn->all = g_new (double, curve->n);
  saxid_material_fit_intensity (fit, SAXID_MATERIAL_STRUCTURE, curve, drawn->structure);
  saxid_material_fit_intensity (fit, SAXID_MATERIAL_ALL, curve, drawn->all);
}

/* Relative residual, and what of it noise does not explain, where the structure is seen. Noisy points, whose squares
 * scatter by more than the limit itself, hardly count in the latter. noise: [n] of the points. */
static void
find_excess (const SaxidMaterialFit *fit, const SaxidCurve *curve, const double *noise, SaxidMaterialAnswer *answer)
{
  double square = 0, beyond = 0, noises = 0, weights = 0, n = 0;
  Drawn drawn;

  draw (fit, curve, &drawn);
  for (gsize k = 0; k < curve->n; k++)
    if (drawn.structure[k] > SEEN * noise[k] && drawn.structure[k] > MOST_OF * drawn.all[k])
      {
        const double residual = pow ((curve->intensity[k] - drawn.all[k]) / drawn.all[k], 2);
        const double expected = pow (noise[k] / drawn.all[k], 2);
        const double weight = pow (1 + expected / (MOST_EXCESS * MOST_EXCESS), -2);

        square += residual;
        beyond += weight * (residual - expected);
        noises += weight * expected;
        weights += weight;
        n++;
      }
  answer->rms = n > 0 ? sqrt (square / n) : INFINITY;
  answer->excess = n > 0 ? sqrt (fmax (beyond, 0) / weights) : INFINITY;
  answer->noise = n > 0 ? sqrt (noises / weights) : INFINITY;
  g_free (drawn.structure);
  g_free (drawn.all);
}

/* The coarse curve as it is judged, and its noise alone. */
typedef struct
{
  SaxidCurve *curve; /* sigma: with what is held against nothing */
  double *noise;     /* [n] */
  double blur;
} Coarse;

/* Noise of the coarse points by the curve's own sigma: the scatter of neighbours, which the coarse curve has
 * where that is larger, takes the steep parts of a curve for noise. */
static void
find_noise (const SaxidCurve *curve, const SaxidCurve *coarse, double *noise)
{
  gsize k = 0;

  for (gsize j = 0; j < coarse->n; j++)
    {
      const double end = j + 1 < coarse->n ? sqrt (coarse->q[j] * coarse->q[j + 1]) : INFINITY;
      double square = 0, n = 0;

      for (; k < curve->n && curve->q[k] < end; k++, n++)
        square += curve->sigma[k] * curve->sigma[k];
      noise[j] = n > 0 ? sqrt (square) / n : coarse->sigma[j];
    }
}

static gboolean
coarse_init (Coarse *coarse, const SaxidCurve *curve, GError **error)
{
  g_autoptr (SaxidCurve) plain = NULL;

  *coarse = (Coarse) { 0 };
  plain = saxid_coarse_curve (curve, &coarse->blur, error);
  if (plain == NULL)
    return FALSE;
  coarse->curve = saxid_contest_curve (curve, &coarse->blur, NULL);
  coarse->noise = g_memdup2 (plain->sigma, plain->n * sizeof *plain->sigma);
  if (curve->sigma != NULL)
    find_noise (curve, plain, coarse->noise);
  return coarse->curve != NULL;
}

static void
coarse_clear (Coarse *coarse)
{
  saxid_curve_free (coarse->curve);
  g_free (coarse->noise);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Coarse, coarse_clear)

/* --- the kind ----------------------------------------------------------------------------- */

/* Whether a kind that is tried later is taken: with no more that is free where it is better at all. */
static gboolean
is_better (const SaxidMaterialAnswer *trial, const SaxidMaterialAnswer *best)
{
  const gboolean is_richer = saxid_material_kind_n_free (trial->fit.kind) > saxid_material_kind_n_free (best->fit.kind);

  return best->excess + EXCESS_FLOOR > (is_richer ? MUCH_BETTER : SOME_BETTER) * (trial->excess + EXCESS_FLOOR);
}

/* The simplest kind that does about as well as any. */
static gboolean
choose_kind (const Coarse *coarse, SaxidMaterialAnswer *answer, GError **error)
{
  gboolean any = FALSE;

  for (SaxidMaterialKind kind = 0; kind < SAXID_MATERIAL_KINDS; kind++)
    {
      SaxidMaterialAnswer trial = *answer;

      if (!saxid_material_fit (kind, coarse->curve, coarse->blur, NULL, &trial.fit, kind == 0 ? error : NULL))
        continue;
      find_excess (&trial.fit, coarse->curve, coarse->noise, &trial);
      if (any && !is_better (&trial, answer))
        continue;
      *answer = trial;
      any = TRUE;
      if (answer->excess < EXCESS_FLOOR)
        break;
    }
  if (any)
    g_clear_error (error);
  answer->misfit = answer->fit.chi2 / (double)coarse->curve->n;
  return any;
}

/* --- refusals ----------------------------------------------------------------------------- */

static void G_GNUC_PRINTF (3, 4)
refuse (SaxidMaterialAnswer *answer, SaxidMaterialStatus status, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_vsnprintf (answer->reason, sizeof answer->reason, format, arguments);
  va_end (arguments);
  answer->status = status;
}

/* How much of the intensity at q is the structure's. */
static double
share_at (const SaxidMaterialFit *fit, double q)
{
  return saxid_material_fit_at (fit, SAXID_MATERIAL_STRUCTURE, q) / saxid_material_fit_at (fit, SAXID_MATERIAL_ALL, q);
}

/* Where in units of 1/a a curve of this material turns from its start to its slope. */
static double
turn_of (const SaxidMaterial *material)
{
  return material->covariance == SAXID_COVARIANCE_EXPONENTIAL ? hypot (1, material->wave) : 1;
}

static gboolean
is_at_end (const SaxidMaterialFit *fit)
{
  return fit->kind != SAXID_MATERIAL_TWO && (fit->at_bound[SAXID_MATERIAL_LEVEL] || fit->at_bound[SAXID_MATERIAL_THIRD]);
}

static void
check_kind (const SaxidCurve *curve, SaxidMaterialAnswer *answer)
{
  const SaxidMaterial *material = &answer->fit.material;
  const double a = material->length, turn = turn_of (material), first = curve->q[0] * a / turn;
  const double last = curve->q[curve->n - 1] * a / turn;
  const double least = least_last[saxid_material_law (answer->fit.kind)], slope = fmax (least, 2);

  answer->status = SAXID_MATERIAL_FOUND;
  if (!isfinite (answer->excess))
    refuse (answer, SAXID_MATERIAL_REFUSED, "nowhere is the structure of the best mean curve seen above noise, background and upturn");
  else if (!(answer->excess <= MOST_EXCESS))
    refuse (answer, SAXID_MATERIAL_REFUSED, "the best mean curve departs by %.3g %% beyond noise, %.3g %% is the limit",
            100 * answer->excess, 100 * MOST_EXCESS);
  else if (last < least || first > MOST_FIRST || last < LEAST_RATIO * first)
    refuse (answer, SAXID_MATERIAL_SHORT, "q a goes from %.2g to %.2g (a = %.3g A), %.2g to %.2g are needed", first * turn,
            last * turn, a, MOST_FIRST * turn, least * turn);
  else if (!(share_at (&answer->fit, slope * turn / a) > MOST_OF && share_at (&answer->fit, MOST_FIRST * turn / a) > MOST_OF))
    refuse (answer, SAXID_MATERIAL_REFUSED, "at q = %.2g/a and %.2g/a most of the intensity is no structure of a = %.3g A",
            MOST_FIRST * turn, slope * turn, a);
  else if (is_at_end (&answer->fit))
    refuse (answer, SAXID_MATERIAL_REFUSED, "only a %s at the ends of what is possible comes near",
            answer->fit.kind == SAXID_MATERIAL_THREE ? "layer"
            : answer->fit.kind == SAXID_MATERIAL_WAVE ? "distance of the phases"
                                                      : "spectrum or a porosity");
}

/* --- the fit of all points ---------------------------------------------------------------- */

/* All points, with sigma, or their scatter where the curve has none, and what the model is known not to explain. */
static SaxidCurve *
with_noise (const SaxidCurve *curve, double excess)
{
  SaxidCurve *copy = saxid_curve_copy (curve);

  if (copy->sigma == NULL)
    {
      copy->sigma = g_new (double, copy->n);
      saxid_noise (copy->n, copy->intensity, copy->sigma);
    }
  for (gsize k = 0; k < copy->n; k++)
    copy->sigma[k] = hypot (copy->sigma[k], excess * copy->intensity[k]);
  return copy;
}

/* Whether the departure is more than chance: by the 99 % point of chi² (Wilson and Hilferty 1931,
 * doi:10.1073/pnas.17.12.684). */
static gboolean
is_beyond_noise (const SaxidMaterialFit *fit, gsize n)
{
  const double freedom = (double)n - fit->n_free, part = 2 / (9 * freedom);

  return fit->reduced_chi2 > pow (1 - part + 2.3263 * sqrt (part), 3);
}

/* By the curve's own sigma, whatever the fit was made with. */
static void
count_misfit (const SaxidCurve *curve, SaxidMaterialFit *fit)
{
  g_autofree double *all = g_new (double, curve->n);

  saxid_material_fit_intensity (fit, SAXID_MATERIAL_ALL, curve, all);
  fit->chi2 = 0;
  for (gsize k = 0; k < curve->n; k++)
    fit->chi2 += pow ((curve->intensity[k] - all[k]) / curve->sigma[k], 2);
  fit->reduced_chi2 = fit->chi2 / (double)(curve->n > fit->n_free ? curve->n - fit->n_free : 1);
}

/* FALSE where the errors are not known. */
static gboolean
fit_all (const SaxidCurve *curve, SaxidMaterialAnswer *answer, gboolean *is_beyond)
{
  g_autoptr (SaxidCurve) noisy = with_noise (curve, 0), wider = NULL;
  const SaxidMaterial start = answer->fit.material;
  SaxidMaterialFit fit;
  gboolean done;

  *is_beyond = FALSE;
  if (!saxid_material_fit (answer->fit.kind, noisy, 0, &start, &fit, NULL))
    return FALSE;
  if (is_beyond_noise (&fit, noisy->n))
    {
      *is_beyond = TRUE;
      wider = with_noise (curve, fmax (answer->excess, EXCESS_FLOOR));
      if (!saxid_material_fit (answer->fit.kind, wider, 0, &start, &fit, NULL))
        return FALSE;
    }
  answer->fit = fit;
  done = saxid_material_fit_errors (wider != NULL ? wider : noisy, &answer->fit, NULL);
  count_misfit (noisy, &answer->fit);
  return done;
}

/* --- what it tells ------------------------------------------------------------------------ */

static const SaxidMaterialInterval unknown = { NAN, NAN, NAN };

static SaxidMaterialInterval
logarithmic (double value, double deviation)
{
  return (SaxidMaterialInterval) { value, value * exp (-SIDES * deviation), value * exp (SIDES * deviation) };
}

/* The interval of the porosity from that of the level: one-sided where it touches 1/2. */
static SaxidMaterialInterval
porosity_interval (const SaxidMaterialFit *fit, double deviation)
{
  const double value = fit->value[SAXID_MATERIAL_LEVEL], low = value - SIDES * deviation, high = value + SIDES * deviation;

  if (fit->material.phases == 3)
    return (SaxidMaterialInterval) { fit->material.porosity, saxid_normal_share (low), saxid_normal_share (high) };
  return (SaxidMaterialInterval) { fit->material.porosity, saxid_normal_share (-sqrt (fmax (high, 0))),
                                   saxid_normal_share (-sqrt (fmax (low, 0))) };
}

/* ln of a sum of material.h that a coordinate moves, and its standard deviation by all of them. */
static double
deviation_of (const SaxidMaterialFit *fit, double (*value_of) (const SaxidMaterialSums *sums))
{
  const guint n = SAXID_MATERIAL_MOST_FREE;
  double slope[SAXID_MATERIAL_MOST_FREE] = { 0 }, square = 0;

  for (guint k = 0; k < n; k++)
    {
      SaxidMaterialSums low, high;
      SaxidMaterial material = fit->material;
      const double step = 1e-4;

      saxid_material_sums (&material, &low);
      if (k == SAXID_MATERIAL_LN_LENGTH)
        material.length *= exp (step);
      else if (k == SAXID_MATERIAL_LEVEL && material.phases == 2)
        material.porosity = saxid_normal_share (-sqrt (fit->value[k] + step));
      else if (k == SAXID_MATERIAL_LEVEL)
        material.porosity = saxid_normal_share (fit->value[k] + step);
      else if (material.phases == 3)
        material.share = MIN (material.share + step, SAXID_MATERIAL_MOST_SHARE);
      saxid_material_sums (&material, &high);
      slope[k] = log (value_of (&high) / value_of (&low)) / step;
    }
  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < n; j++)
      square += slope[i] * slope[j] * fit->covariance[i][j];
  return sqrt (fmax (square, 0));
}

static double
surface_of (const SaxidMaterialSums *sums)
{
  return sums->surface;
}

static double
porod_length_of (const SaxidMaterialSums *sums)
{
  return sums->porod_length;
}

/* Porosity by the invariant of two phases, per volume of the sample; NAN where none is. I in 1/cm and q in 1/Å: an invariant
 * of 1/(cm Å³) is 1e-8 Å^-4. */
static double
invariant_porosity (const SaxidMaterialKnown *known, double invariant)
{
  const double reduced = invariant * 1e-8 / (2 * G_PI * G_PI);

  if (known->contrast > 0)
    {
      const double product = reduced / pow (known->contrast * 1e-6, 2);

      return product < 0.25 ? 0.5 - sqrt (0.25 - product) : NAN;
    }
  if (known->density > 0)
    {
      /* the solid is denser than the sample by 1 / (1 - porosity) */
      const double ratio = reduced / pow (known->per_density * known->density * 1e-6, 2);

      return ratio / (1 + ratio);
    }
  return NAN;
}

/* The invariant, and what of it lies outside the window. */
static void
find_invariant (const SaxidCurve *curve, SaxidMaterialAnswer *answer)
{
  enum { STEPS = 400 };
  const double first = curve->q[0], last = curve->q[curve->n - 1], step = log (last / first) / STEPS;
  SaxidMaterialSums sums;
  double inside = 0, above;

  saxid_material_sums (&answer->fit.material, &sums);
  answer->invariant = 2 * G_PI * G_PI * answer->fit.scale * sums.variance;
  for (guint k = 0; k <= STEPS; k++)
    {
      const double q = first * exp (k * step);

      inside += (k == 0 || k == STEPS ? 0.5 : 1) * saxid_material_fit_at (&answer->fit, SAXID_MATERIAL_STRUCTURE, q) * q * q * q * step;
    }
  above = answer->fit.scale * sums.porod / last; /* int porod q^-2 dq */
  answer->above = above / answer->invariant;
  answer->below = fmax (1 - (inside + above) / answer->invariant, 0);
}

/* Porosity, and what follows from it and the Porod length. */
static void
set_porosity (SaxidMaterialAnswer *answer, SaxidMaterialBasis basis, SaxidMaterialInterval porosity)
{
  const SaxidMaterialInterval l = answer->porod_length;
  const double p = porosity.value, low = porosity.lower * (1 - porosity.lower), high = porosity.upper * (1 - porosity.upper);

  answer->basis = basis;
  answer->porosity = porosity;
  answer->surface = (SaxidMaterialInterval) { 4 * p * (1 - p) / l.value, 4 * fmin (low, high) / l.upper, 4 * fmax (low, high) / l.lower };
  if (porosity.lower < 0.5 && porosity.upper > 0.5)
    answer->surface.upper = 1 / l.lower;
  answer->pore_chord = (SaxidMaterialInterval) { l.value / (1 - p), l.lower / (1 - porosity.lower), l.upper / (1 - porosity.upper) };
  answer->solid_chord = (SaxidMaterialInterval) { l.value / p, l.lower / porosity.upper, l.upper / porosity.lower };
}

static void G_GNUC_PRINTF (2, 3)
warn (SaxidMaterialAnswer *answer, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_vsnprintf (answer->warning, sizeof answer->warning, format, arguments);
  va_end (arguments);
}

/* Whether what the user told can be, together with the curve: a porosity that is nothing or all,
 * or a solid denser than any, comes from another unit of I or another density. */
static gboolean
check_invariant (const SaxidMaterialKnown *known, double porosity, SaxidMaterialAnswer *answer)
{
  if (isnan (porosity))
    warn (answer, "the invariant is more than two phases of contrast %g can have: is I in 1/cm?", known->contrast);
  else if (porosity < LEAST_POROSITY)
    warn (answer, "the invariant gives pores of %.2g %%, %g %% is possible: is I in 1/cm, and the %s right?", 100 * porosity,
          100 * LEAST_POROSITY, known->contrast > 0 ? "contrast" : "density");
  else if (known->density > MOST_DENSITY * (1 - porosity))
    warn (answer, "the invariant gives a solid of %.3g g/cm3, %g is possible: is I in 1/cm, and the density right?",
          known->density / (1 - porosity), MOST_DENSITY);
  else
    return TRUE;
  return FALSE;
}

/* Two phases alone have an invariant that tells the porosity. */
static gboolean
try_known (SaxidMaterialAnswer *answer, const SaxidMaterialKnown *known)
{
  const double error = hypot (answer->fit.scale_error / answer->fit.scale, INSTRUMENTS);
  const double porosity = invariant_porosity (known, answer->invariant);

  if (known->porosity > 0)
    {
      set_porosity (answer, SAXID_MATERIAL_GIVEN, (SaxidMaterialInterval) { known->porosity, known->porosity, known->porosity });
      return TRUE;
    }
  if (answer->fit.material.phases != 2 || (known->contrast == 0 && known->density == 0))
    return FALSE;
  if (!check_invariant (known, porosity, answer))
    return FALSE;
  set_porosity (answer, SAXID_MATERIAL_INVARIANT,
                (SaxidMaterialInterval) { porosity, invariant_porosity (known, answer->invariant * exp (-SIDES * error)),
                                          invariant_porosity (known, answer->invariant * exp (SIDES * error)) });
  if (isnan (answer->porosity.upper))
    answer->porosity.upper = 0.5;
  return TRUE;
}

/* ln (a / w) by the covariance of both. */
static SaxidMaterialInterval
repeat_of (const SaxidMaterialFit *fit, double floor)
{
  const double wave = fit->material.wave, (*c)[SAXID_MATERIAL_MOST_FREE] = fit->covariance;
  const double square = c[SAXID_MATERIAL_LN_LENGTH][SAXID_MATERIAL_LN_LENGTH] - 2 * c[SAXID_MATERIAL_LN_LENGTH][SAXID_MATERIAL_THIRD] / wave
                        + c[SAXID_MATERIAL_THIRD][SAXID_MATERIAL_THIRD] / (wave * wave);

  return logarithmic (2 * G_PI * fit->material.length / wave, hypot (sqrt (fmax (square, 0)), floor));
}

static void
tell (const SaxidCurve *curve, const SaxidMaterialKnown *known, gboolean is_beyond, SaxidMaterialAnswer *answer)
{
  const SaxidMaterialFit *fit = &answer->fit;
  const double floor = is_beyond ? INSTRUMENTS / SIDES : 0;
  const double level = sqrt (fit->covariance[SAXID_MATERIAL_LEVEL][SAXID_MATERIAL_LEVEL]);
  const double third = sqrt (fmax (fit->covariance[SAXID_MATERIAL_THIRD][SAXID_MATERIAL_THIRD], 0));
  SaxidMaterialSums sums;

  answer->density = known->density;
  saxid_material_sums (&fit->material, &sums);
  answer->length = logarithmic (fit->material.length, hypot (sqrt (fit->covariance[0][0]), floor));
  answer->porod_length = logarithmic (sums.porod_length, hypot (deviation_of (fit, porod_length_of), floor));
  if (fit->kind == SAXID_MATERIAL_WAVE)
    answer->repeat = repeat_of (fit, floor);
  if (fit->kind == SAXID_MATERIAL_THREE || fit->kind == SAXID_MATERIAL_TWO_ORDER)
    *(fit->kind == SAXID_MATERIAL_THREE ? &answer->share : &answer->order)
        = (SaxidMaterialInterval) { fit->value[SAXID_MATERIAL_THIRD], fit->value[SAXID_MATERIAL_THIRD] - SIDES * third,
                                    fit->value[SAXID_MATERIAL_THIRD] + SIDES * third };
  find_invariant (curve, answer);
  if (try_known (answer, known))
    return;
  if (fit->material.covariance == SAXID_COVARIANCE_EXPONENTIAL)
    {
      if (answer->warning[0] == '\0')
        warn (answer, "porosity withheld: the shape of this curve does not have it; give --density or --contrast");
      return;
    }
  answer->shape = porosity_interval (fit, level);
  if (curve->q[curve->n - 1] * fit->material.length < LAST_FOR_SHAPE)
    {
      if (answer->warning[0] == '\0')
        warn (answer, "porosity withheld: q a ends at %.2g, its shape is told above %g; give --density or --contrast",
              curve->q[curve->n - 1] * fit->material.length, LAST_FOR_SHAPE);
      return;
    }
  if (fit->at_bound[SAXID_MATERIAL_LEVEL] || fmin (answer->shape.value, 1 - answer->shape.value) < LEAST_SHAPE)
    {
      if (answer->warning[0] == '\0')
        warn (answer, "porosity withheld: the shape has it at its bound, so the material has another covariance; give --density or --contrast");
      return;
    }
  set_porosity (answer, SAXID_MATERIAL_SHAPE, answer->shape);
  /* shape and length hang together: the interface by the fit itself */
  answer->surface = logarithmic (sums.surface, hypot (deviation_of (fit, surface_of), floor));
}

gboolean
saxid_material_answer (const SaxidCurve *curve, const SaxidMaterialKnown *known, SaxidMaterialAnswer *answer, GError **error)
{
  static const SaxidMaterialKnown nothing = { 0 };
  g_auto (Coarse) coarse = { 0 };
  gboolean is_beyond;

  *answer = (SaxidMaterialAnswer) { .status = SAXID_MATERIAL_REFUSED, .q_first = curve->q[0], .q_last = curve->q[curve->n - 1],
                                    .misfit = INFINITY, .rms = NAN, .excess = INFINITY, .noise = INFINITY };
  answer->length = answer->order = answer->share = answer->repeat = answer->shape = answer->porod_length = unknown;
  answer->porosity = answer->surface = answer->pore_chord = answer->solid_chord = unknown;
  if (!coarse_init (&coarse, curve, error) || !choose_kind (&coarse, answer, error))
    return FALSE;
  check_kind (curve, answer);
  if (answer->status == SAXID_MATERIAL_FOUND && !fit_all (curve, answer, &is_beyond))
    refuse (answer, SAXID_MATERIAL_REFUSED, "the curve does not tell the material's length and porosity apart");
  if (answer->status == SAXID_MATERIAL_FOUND)
    tell (curve, known != NULL ? known : &nothing, is_beyond, answer);
  return TRUE;
}
