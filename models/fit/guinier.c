/* How large is the particle, before anything is assumed about its shape?
 *
 *   I(q) = I(0) exp (-q² R_g² / 3),   q R_g < 1.3
 *
 * Guinier, Ann. Phys. 11 (1939) 161, doi:10.1051/anphys/193911120161. That the
 * range is to be found by the program, and judged, is the idea of AUTORG,
 * Petoukhov et al. (2007), doi:10.1107/S0021889807002853; how it is found here:
 *
 * Every window of neighbouring points is a candidate (a few hundred starts and
 * ends; running sums make each fit free). It must fall, end at q R_g <= 1.3,
 * begin at q R_g <= 1, and be straight in ln I against q²: a quadratic term is
 * accepted when it is insignificant or changes the slope by less than a tenth.
 * Residuals must be noise, or small: their size is held against that of the
 * differences between neighbours, whatever sigma says (von Neumann's ratio,
 * doi:10.1214/aoms/1177731677). And the curve must go on falling beyond.
 * A power law q^-p, which is what an upturn is, has local q R_g = sqrt (3p/2)
 * and excludes itself for p > 1.13. Of the rest the window wins that covers most
 * of the range 0 < q R_g < 1.3, less what the error of R_g, the misfit and the part
 * of the curve left out below it take away. The law is then fitted to the intensities
 * themselves, because the logarithm of a noisy intensity is biased.
 *
 * Units: q 1/Å, R_g Å.
 * Thread: no state.
 */
#include "models/fit/guinier.h"

#include <math.h>
#include <string.h>

/* Candidate starts and ends; more do not change R_g by a tenth of its error. */
#define MAX_STEPS     240
#define START_LIMIT   1.0  /* q_min R_g */
#define MIN_SPAN      0.35 /* (q_max - q_min) R_g */
#define MAX_OMISSION  0.5  /* of the curve's range of ln q, left out below the window */
#define MAX_RESIDUAL  0.03 /* of I: larger ones must be noise */
#define NOISE_RATIO   3.0  /* residual variance over that of neighbours' differences */
#define MAX_UPTURN    10.0 /* times I(0): a larger one hides what the plateau is */
#define BEYOND_LOW    1.8  /* times q_max: there ... */
#define BEYOND_HIGH   2.2
#define BEYOND_LEVEL  0.8 /* ... the curve must be below this share of the law at q_max */
#define MAX_CURVATURE 0.1 /* share of the drop that the quadratic term may have */
#define SIGNIFICANT   2.5 /* standard deviations */
#define COST_OF_ERROR 3.0 /* of a relative error of R_g, in units of the span */
#define COST_OF_MISFIT                                                                                 \
  0.1 /* of each factor e in reduced chi2; a wrong sigma costs every window alike */
#define SMALL_SCATTER    1e-4 /* variance of ln I below which no misfit is seen without sigma */
#define COST_OF_OMISSION 0.15 /* of each factor e of q left out at the low end */

/* Powers of x = q² up to the fourth, and y = ln I with them up to the second. */
typedef struct
{
  double n, w, x, xx, xxx, xxxx, y, xy, xxy, yy;
  double difference;          /* w (y - y of the point before)² / 2 */
  double intensity, variance; /* of all points, positive or not */
  double highest;             /* intensity so far: no sum, and not for differences */
} Sums;

typedef struct
{
  double intercept, slope;
  double slope_variance;
  double curvature, curvature_error; /* of the quadratic term, as share of the drop */
  double reduced_chi2;
  double residual;    /* root mean square, of I */
  double noise_ratio; /* of residuals to differences, as variances: 1 for noise */
} Line;

static const char *const texts[] = {
  [SAXID_GUINIER_OK] = "Guinier law holds",
  [SAXID_GUINIER_TOO_FEW] = "no Guinier fit: fewer than 5 positive points",
  [SAXID_GUINIER_NO_DECAY] = "no Guinier fit: no range in which I(q) falls as the law wants",
  [SAXID_GUINIER_TOO_LARGE]
  = "no Guinier fit: I(q) falls too steeply from the first q on (large particles, or an upturn)",
  [SAXID_GUINIER_TOO_NOISY] = "no Guinier fit: R_g would be known to less than 30 %",
};

const char *
saxid_guinier_status_text (SaxidGuinierStatus status)
{
  return (gsize) status < G_N_ELEMENTS (texts) ? texts[status] : "no Guinier fit";
}

double
saxid_guinier_intensity (const SaxidGuinier *fit, double q)
{
  return fit->i0 * exp (-q * q * fit->rg * fit->rg / 3);
}

/* Running sums over the positive points; x in units of x_unit, so that its
 * fourth power stays of order one. */
static Sums *
running_sums (const SaxidCurve *curve, double x_unit)
{
  Sums *sums = g_new0 (Sums, curve->n + 1);
  double before = NAN;

  for (gsize k = 0; k < curve->n; k++)
    {
      Sums *s = &sums[k + 1];
      double intensity = curve->intensity[k];

      *s = sums[k];
      s->intensity += intensity;
      s->highest = MAX (s->highest, intensity);
      s->variance += curve->sigma != NULL ? curve->sigma[k] * curve->sigma[k] : 0;
      if (intensity > 0)
        {
          double x = curve->q[k] * curve->q[k] / x_unit;
          double y = log (intensity);
          double w = curve->sigma != NULL ? intensity / curve->sigma[k] : 1;

          w *= w;
          s->n += 1;
          s->w += w;
          s->x += w * x;
          s->xx += w * x * x;
          s->xxx += w * x * x * x;
          s->xxxx += w * x * x * x * x;
          s->y += w * y;
          s->xy += w * x * y;
          s->xxy += w * x * x * y;
          s->yy += w * y * y;
          s->difference += isnan (before) ? 0 : 0.5 * w * (y - before) * (y - before);
          before = y;
        }
    }
  return sums;
}

static Sums
between (const Sums *sums, gsize first, gsize end)
{
  const Sums *a = &sums[first], *b = &sums[end];

  return (Sums) { .n = b->n - a->n,
                 .w = b->w - a->w,
                 .x = b->x - a->x,
                 .xx = b->xx - a->xx,
                 .xxx = b->xxx - a->xxx,
                 .xxxx = b->xxxx - a->xxxx,
                 .y = b->y - a->y,
                 .xy = b->xy - a->xy,
                 .xxy = b->xxy - a->xxy,
                 .yy = b->yy - a->yy,
                 .difference = b->difference - a->difference,
                 .intensity = b->intensity - a->intensity,
                 .variance = b->variance - a->variance };
}

/* Straight line, and what a quadratic term orthogonal to it would add. */
static gboolean
fit_line (const Sums *s, double x_end, gboolean known_sigma, Line *line)
{
  double mx = s->x / s->w, my = s->y / s->w;
  double vxx = s->xx - s->w * mx * mx;
  double vxy = s->xy - s->w * mx * my;
  double vyy = s->yy - s->w * my * my;
  double mq, vqx, vqq, vqy, share, rest, scale;

  if (s->n < SAXID_GUINIER_MIN_POINTS || !(vxx > 0))
    return FALSE;
  line->slope = vxy / vxx;
  line->intercept = my - line->slope * mx;
  rest = MAX (vyy - line->slope * vxy, 0);
  line->reduced_chi2 = rest / (s->n - 2);
  line->residual = sqrt (rest / s->w);
  line->noise_ratio = rest / (s->n - 2) / (s->difference / s->n);
  /* sigma may be too small, never too large for what is seen */
  scale = known_sigma ? MAX (1, line->reduced_chi2) : line->reduced_chi2;
  line->slope_variance = scale / vxx;

  mq = s->xx / s->w;
  vqx = s->xxx - s->w * mq * mx;
  vqq = s->xxxx - s->w * mq * mq - vqx * vqx / vxx;
  vqy = s->xxy - s->w * mq * my - line->slope * vqx;
  line->curvature = 0;
  line->curvature_error = 0;
  share = line->slope != 0 ? x_end / fabs (line->slope) : 0;
  if (vqq > 1e-12 * s->xxxx)
    {
      double left = MAX (rest - vqy * vqy / vqq, 0) / MAX (s->n - 3, 1);

      line->curvature = fabs (vqy / vqq) * share;
      line->curvature_error = sqrt ((known_sigma ? MAX (1, left) : left) / vqq) * share;
    }
  return TRUE;
}

typedef struct
{
  gsize first, end;
  double score;
  Line line;
} Window;

static gsize
first_at (const SaxidCurve *curve, double q)
{
  gsize low = 0, high = curve->n;

  while (low < high)
    {
      gsize middle = (low + high) / 2;

      if (curve->q[middle] < q)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* A step of an upturn, or a ripple of noise, levels off where a particle does not. */
static gboolean
goes_on_falling (const SaxidCurve *curve, const Sums *sums, double x_unit, gsize end, const Line *line)
{
  double q = curve->q[end - 1];
  double law = exp (line->intercept + line->slope * q * q / x_unit);
  gsize first = first_at (curve, BEYOND_LOW * q), last = first_at (curve, BEYOND_HIGH * q);
  Sums s = between (sums, first, last);
  double count = (double) (last - first);

  return last == first || s.intensity / count - 2 * sqrt (s.variance) / count < BEYOND_LEVEL * law;
}

static gboolean
search (const SaxidCurve *curve, const Sums *sums, double x_unit, Window *best,
        gboolean *plateau_missed)
{
  gsize n = curve->n;
  gsize step = MAX (1, n / MAX_STEPS);
  gboolean known_sigma = curve->sigma != NULL;
  double q_latest = curve->q[0] * pow (curve->q[n - 1] / curve->q[0], MAX_OMISSION);

  *best = (Window) { .score = -INFINITY };
  *plateau_missed = FALSE;
  for (gsize first = 0; first + SAXID_GUINIER_MIN_POINTS <= n && curve->q[first] <= q_latest;
       first += step)
    for (gsize end = first + SAXID_GUINIER_MIN_POINTS; end <= n; end += step)
      {
        Sums s = between (sums, first, end);
        double q_first = curve->q[first], q_last = curve->q[end - 1];
        double rg, span, score, error, misfit;
        Line line;

        /* a window of which a part is not positive is no plateau */
        if (s.n < 0.8 * (double) (end - first)
            || !fit_line (&s, q_last * q_last / x_unit, known_sigma, &line) || line.slope >= 0)
          continue;
        rg = sqrt (-3 * line.slope / x_unit);
        if (q_last * rg > SAXID_GUINIER_LIMIT)
          {
            /* falling too steeply right from the start; a longer window seldom mends it */
            *plateau_missed |= first == 0;
            continue;
          }
        span = (q_last - q_first) * rg;
        if (q_first * rg > START_LIMIT || span < MIN_SPAN
            || line.curvature > MAX_CURVATURE + SIGNIFICANT * line.curvature_error
            || sums[first].highest > MAX_UPTURN * exp (line.intercept)
            || (line.residual > MAX_RESIDUAL && line.noise_ratio > NOISE_RATIO))
          continue;
        /* sigma (R_g) / R_g is half of that of the slope */
        error = 0.5 * sqrt (line.slope_variance) / -line.slope;
        misfit = log (MAX (1, known_sigma ? line.reduced_chi2 : line.reduced_chi2 / SMALL_SCATTER));
        score = span - COST_OF_ERROR * error - COST_OF_MISFIT * misfit
                - COST_OF_OMISSION * log (q_first / curve->q[0]);
        if (score > best->score && goes_on_falling (curve, sums, x_unit, end, &line))
          *best = (Window) { first, end, score, line };
      }
  return isfinite (best->score);
}

/* Gauss–Newton on I itself, with A = ln I(0) and B = R_g²/3 (in units 1/x_unit):
 * the points that came out low or negative count as they should. */
static void
refine (const SaxidCurve *curve, double x_unit, const Window *window, double *a, double *b,
        double covariance[3], double *reduced_chi2)
{
  gsize count = window->end - window->first;
  double saa = 0, sab = 0, sbb = 0, chi2 = 0, determinant;

  for (guint round = 0; round < 20; round++)
    {
      double ga = 0, gb = 0, da, db;

      saa = sab = sbb = chi2 = 0;
      for (gsize k = window->first; k < window->end; k++)
        {
          double x = curve->q[k] * curve->q[k] / x_unit;
          double law = exp (*a - *b * x);
          double w = 1 / (curve->sigma[k] * curve->sigma[k]);
          double r = curve->intensity[k] - law;

          ga += w * r * law;
          gb -= w * r * law * x;
          saa += w * law * law;
          sab -= w * law * law * x;
          sbb += w * law * law * x * x;
          chi2 += w * r * r;
        }
      determinant = saa * sbb - sab * sab;
      if (!(determinant > 0))
        break;
      da = (sbb * ga - sab * gb) / determinant;
      db = (saa * gb - sab * ga) / determinant;
      da = CLAMP (da, -1.0, 1.0);
      db = CLAMP (db, -0.5 * *b, 0.5 * *b);
      *a += da;
      *b += db;
      if (fabs (da) < 1e-10 && fabs (db) < 1e-10 * *b)
        break;
    }
  determinant = saa * sbb - sab * sab;
  covariance[0] = sbb / determinant;
  covariance[1] = saa / determinant;
  covariance[2] = -sab / determinant;
  *reduced_chi2 = chi2 / (double) (count - 2);
}

/* Do the points left out below the window lie on one side of the law? */
static void
look_below (const SaxidCurve *curve, SaxidGuinier *result)
{
  double sum = 0, spread;

  if (result->first == 0)
    return;
  for (gsize k = 0; k < result->first; k++)
    {
      double law = saxid_guinier_intensity (result, curve->q[k]);

      /* a hundredth of the law: what is smaller is not worth a word */
      spread = curve->sigma != NULL ? hypot (curve->sigma[k], 0.01 * law) : 0.03 * law;
      sum += (curve->intensity[k] - law) / spread;
    }
  spread = sqrt ((double) result->first);
  result->upturn = sum > 3 * spread;
  result->downturn = sum < -3 * spread;
}

static gboolean
refuse (SaxidGuinier *result, SaxidGuinierStatus status)
{
  *result = (SaxidGuinier) { .status = status };
  return FALSE;
}

gboolean
saxid_guinier_fit (const SaxidCurve *curve, SaxidGuinier *result)
{
  g_autofree Sums *sums = NULL;
  gboolean plateau_missed;
  double x_unit, a, b, covariance[3], enlarge;
  Window window;

  g_return_val_if_fail (curve != NULL && result != NULL, FALSE);

  if (curve->n < SAXID_GUINIER_MIN_POINTS)
    return refuse (result, SAXID_GUINIER_TOO_FEW);
  x_unit = curve->q[curve->n - 1] * curve->q[curve->n - 1];
  sums = running_sums (curve, x_unit);
  if (sums[curve->n].n < SAXID_GUINIER_MIN_POINTS)
    return refuse (result, SAXID_GUINIER_TOO_FEW);
  if (!search (curve, sums, x_unit, &window, &plateau_missed))
    return refuse (result, plateau_missed ? SAXID_GUINIER_TOO_LARGE : SAXID_GUINIER_NO_DECAY);

  *result = (SaxidGuinier) { .first = window.first, .n_point = window.end - window.first };
  a = window.line.intercept;
  b = -window.line.slope;
  if (curve->sigma != NULL)
    {
      refine (curve, x_unit, &window, &a, &b, covariance, &result->reduced_chi2);
      enlarge = sqrt (MAX (1, result->reduced_chi2));
    }
  else
    {
      Sums s = between (sums, window.first, window.end);
      double vxx = s.xx - s.x * s.x / s.w;

      covariance[0] = 1 / s.w + s.x * s.x / (s.w * s.w * vxx);
      covariance[1] = 1 / vxx;
      enlarge = sqrt (window.line.reduced_chi2);
      result->reduced_chi2 = NAN;
    }
  result->rg = sqrt (3 * b / x_unit);
  result->rg_error = enlarge * 0.5 * result->rg * sqrt (covariance[1]) / b;
  result->i0 = exp (a);
  result->i0_error = enlarge * result->i0 * sqrt (covariance[0]);
  result->q_min = curve->q[window.first];
  result->q_max = curve->q[window.end - 1];
  if (!isfinite (result->rg) || !isfinite (result->i0) || !isfinite (result->rg_error)
      || !(result->rg_error < SAXID_GUINIER_MAX_ERROR * result->rg))
    return refuse (result, SAXID_GUINIER_TOO_NOISY);
  look_below (curve, result);
  return TRUE;
}
