/* What does a population of ellipsoids inside shells scatter, at large q?
 *
 * For one size a and one direction u the amplitude is
 *   q^3 F = P_c (sin X_c - X_c cos X_c) + P_s (sin X_s - X_s cos X_s),
 *   X = q r, P = 3 drho V / r^3,
 *   r_c = a g, g^2 = 1 + (x^2 - 1) u^2, x the aspect of the core
 *   r_s^2 = a^2 g^2 + 2 a t B + t^2 C, B = 1 - u^2 + x p u^2, C = 1 - u^2 + p^2 u^2,
 * t the thickness at the equator and p t at the poles. Its square has, for each
 * of the pairs core-core, core-whole and whole-whole, with K = P_1 P_2 (twice for
 * core-whole), sums s = r_1 + r_2 and differences d = r_1 - r_2,
 *   K/2 [ -cos qs - q s sin qs + q^2 r_1 r_2 cos qs ]
 * + K/2 [  cos qd + q d sin qd + q^2 r_1 r_2 cos qd ].
 *
 * Sums: for a given u each s belongs to one a, in closed form (a^2 drops out of
 * s^2 = (r_c + r_s)^2), so the averages over sizes become densities in s on one
 * grid of equal steps, which the trapezoidal rule integrates to the accuracy of
 * the distribution's transform: no oscillation is sampled in a, and where the
 * width has damped all of them the sums are dropped. The two integrals become
 * one, and Clenshaw's recurrence sums it.
 *
 * Differences change by less than t: their density is replaced by that on some
 * Chebyshev points, which serves every q.
 *
 * Below q r = 1 the powers of q cancel, and the integral is better done as it is.
 *
 * Units: Å, 1e-6/Å^2, 1/Å. Thread: pure.
 */
#include "models/shapes/ellipsoid-pair.h"

#include <math.h>
#include <string.h>

#include "models/shapes/sampling.h"
#include "models/shapes/table.h"

/* The smallest q r of the mean core, and the largest loss of digits with it. */
#define FIRST_PHASE 1.0
#define LARGEST_ASPECT 40.0
/* Steps of s; more than any population that ships needs. */
#define MOST_STEPS 32768
/* "No largest q": far beyond any, and its products are numbers still (a host may trap overflow). */
#define ANY_Q 1e30
/* Directions at which frequencies are looked at. */
#define CELLS 64
/* Smooth functions of u: see `direction`. */
#define SMOOTH_PHASE 60.0
#define SMOOTH_PHASE_PER_UNIT 25.0
/* A Chebyshev interpolation of exp (i w x) is exact to 1e-10 with so many points. */
#define POINTS(w_) (16 + (gsize) (1.3 * (w_)))

/* What the radii along one direction are made of. */
typedef struct
{
  double weight; /* du */
  double g, b, c;
} Direction;

static double
stretch_of (const SaxidEllipsoidPair *pair)
{
  return MAX (acosh (MAX (pair->aspect, 1.0 / pair->aspect)), 0.1);
}

/* u = sinh y / sinh Y or tanh y / tanh Y, along which ln r changes by 1 at most
 * per unit of y. eta = y / Y runs from 0 to 1. */
static Direction
direction (const SaxidEllipsoidPair *pair, double eta, double weight)
{
  const double end = stretch_of (pair), y = end * eta, x = pair->aspect;
  const double polar = pair->thickness > 0 ? pair->polar / pair->thickness : 0;
  double u, slope;

  if (x > 1)
    {
      u = sinh (y) / sinh (end);
      slope = end * cosh (y) / sinh (end);
    }
  else
    {
      u = tanh (y) / tanh (end);
      slope = end / (cosh (y) * cosh (y) * tanh (end));
    }
  return (Direction){ weight * slope, sqrt (1.0 + (x * x - 1.0) * u * u),
                      1.0 + (x * polar - 1.0) * u * u, 1.0 + (polar * polar - 1.0) * u * u };
}

static inline double
whole_radius (const SaxidEllipsoidPair *pair, const Direction *at, double a)
{
  const double t = pair->thickness;

  return sqrt (a * a * at->g * at->g + 2.0 * a * t * at->b + t * t * at->c);
}

static inline double
whole_slope (const SaxidEllipsoidPair *pair, const Direction *at, double a)
{
  return (a * at->g * at->g + pair->thickness * at->b) / whole_radius (pair, at, a);
}

static inline double
whole_volume (const SaxidEllipsoidPair *pair, double a)
{
  const double outer = a + pair->thickness;

  return 4.0 / 3.0 * G_PI * outer * outer * (pair->aspect * a + pair->polar);
}

/* What the quadratures are sized by. */
typedef struct
{
  double lower, upper; /* sizes */
  double band;         /* of the distribution, 1/Å */
  double last;         /* the largest q */
  double slope;        /* the smallest ds/da */
  double drift;        /* the largest |dd/da| */
  double phase;        /* of the sums and */
  double wander;       /* of the differences along u */
} Frame;

static Frame
frame_of (const SaxidEllipsoidPair *pair, double last)
{
  const double largest
      = saxid_distribution_largest (pair->distribution, pair->size, pair->width, pair->power);
  Frame frame = { .last = last, .slope = G_MAXDOUBLE };
  double before = 0, apart = 0;

  saxid_distribution_range (pair->distribution, pair->size, pair->width, pair->power, &frame.lower,
                            &frame.upper);
  frame.band = saxid_distribution_band (pair->distribution, pair->size, pair->width);
  for (guint k = 0; k <= CELLS; k++)
    {
      const Direction at = direction (pair, (double) k / CELLS, 1.0);
      const double sizes[] = { frame.lower, pair->size, frame.upper };
      const double whole = whole_radius (pair, &at, largest), gap = whole - largest * at.g;
      double slope = at.g;

      for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
        {
          const double one = whole_slope (pair, &at, sizes[i]);

          slope = MIN (slope, one);
          frame.drift = MAX (frame.drift, fabs (one - at.g));
        }
      slope *= 2.0;
      frame.slope = MIN (frame.slope, slope);
      if (k > 0)
        {
          frame.phase = MAX (frame.phase,
                             2.0 * CELLS * MIN (last, frame.band / slope) * fabs (whole - before));
          frame.wander = MAX (frame.wander, CELLS * last * fabs (gap - apart));
        }
      before = whole;
      apart = gap;
    }
  return frame;
}

static gsize
steps_of (const Frame *frame, const SaxidEllipsoidPair *pair, double *step)
{
  const double band = frame->band / frame->slope;
  const double largest = frame->upper * MAX (pair->aspect, 1.0) + MAX (pair->thickness, pair->polar);

  *step = 2.0 * G_PI / (band + MIN (frame->last, band));
  return (gsize) MIN (2.0 * largest / *step, 2.0 * MOST_STEPS) + 2;
}

double
saxid_ellipsoid_pair_from (const SaxidEllipsoidPair *pair)
{
  const double band = saxid_distribution_band (pair->distribution, pair->size, pair->width);
  double step;
  Frame frame;

  if (!(band > 0) || !(pair->aspect > 1.0 / LARGEST_ASPECT) || !(pair->aspect < LARGEST_ASPECT))
    return G_MAXDOUBLE;
  frame = frame_of (pair, ANY_Q);
  if (!(frame.lower > 0) || steps_of (&frame, pair, &step) > MOST_STEPS)
    return G_MAXDOUBLE;
  return FIRST_PHASE / (pair->size * MIN (pair->aspect, 1.0));
}

/* The number density over sizes from `lower` on. */
typedef struct
{
  const SaxidEllipsoidPair *pair;
  double lower;
} Density;

static void
density (gconstpointer data, gsize n, const double *x, double *out)
{
  const Density *one = data;

  for (gsize k = 0; k < n; k++)
    out[k] = exp (saxid_distribution_log_density (one->pair->distribution, one->pair->size,
                                                  one->pair->width, one->lower + x[k]));
}

/* Densities in s at first step + k steps: of K, and of K r_1 r_2. */
typedef struct
{
  double step;
  gsize first, n;
  double *flat, *square;
} Sums;

static gsize
step_after (const Sums *sums, double s)
{
  const double at = ceil (s / sums->step) - (double) sums->first;

  return (gsize) CLAMP (at, 0.0, (double) sums->n);
}

SAXID_EVERY_PROCESSOR static void
add_core (const SaxidEllipsoidPair *pair, const Direction *at, const SaxidTable *table, double lower,
          gsize begin, gsize end, const Sums *sums)
{
  double *const c[] = { table->coefficient[0], table->coefficient[1], table->coefficient[2],
                        table->coefficient[3], table->coefficient[4], table->coefficient[5] };
  const double per_unit = table->per_unit, step = sums->step, inverse = 0.5 / at->g;
  const double amplitude = 4.0 * G_PI * pair->core * pair->aspect / (at->g * at->g * at->g);
  const double weight = at->weight * step * inverse * amplitude * amplitude;
  double *flat = sums->flat, *square = sums->square;
  const double first = (double) sums->first;

  for (gsize k = begin; k < end; k++)
    {
      const double s = (first + (double) k) * step;
      const double value
          = weight * saxid_table_at (c, saxid_table_place (per_unit, s * inverse - lower));

      flat[k] += value;
      square[k] += value * 0.25 * s * s;
    }
}

SAXID_EVERY_PROCESSOR static void
add_whole (const SaxidEllipsoidPair *pair, const Direction *at, const SaxidTable *table, double lower,
           gsize begin, gsize end, const Sums *sums)
{
  double *const c[] = { table->coefficient[0], table->coefficient[1], table->coefficient[2],
                        table->coefficient[3], table->coefficient[4], table->coefficient[5] };
  const double per_unit = table->per_unit, step = sums->step;
  const double t = pair->thickness, x = pair->aspect, polar = pair->polar;
  const double g2 = at->g * at->g, tb = t * at->b, excess = tb * tb - g2 * t * t * at->c;
  const double scale = 4.0 * G_PI * pair->whole, weight = 0.5 * at->weight * step * scale * scale;
  double *flat = sums->flat, *square = sums->square;
  const double first = (double) sums->first;

  for (gsize k = begin; k < end; k++)
    {
      const double s = (first + (double) k) * step, r = 0.5 * s, r2 = r * r;
      const double root = sqrt (excess + g2 * r2);
      const double a = (root - tb) / g2, outer = a + t;
      const double amplitude = outer * outer * (x * a + polar) / (r2 * r);
      const double value = weight * (amplitude * amplitude * r / root)
                           * saxid_table_at (c, saxid_table_place (per_unit, a - lower));

      flat[k] += value;
      square[k] += value * r2;
    }
}

SAXID_EVERY_PROCESSOR static void
add_cross (const SaxidEllipsoidPair *pair, const Direction *at, const SaxidTable *table, double lower,
           gsize begin, gsize end, const Sums *sums)
{
  double *const c[] = { table->coefficient[0], table->coefficient[1], table->coefficient[2],
                        table->coefficient[3], table->coefficient[4], table->coefficient[5] };
  const double per_unit = table->per_unit, step = sums->step;
  const double t = pair->thickness, x = pair->aspect, polar = pair->polar;
  const double g = at->g, tb = t * at->b, t2c = t * t * at->c;
  const double scale = 4.0 * G_PI * pair->whole;
  const double weight = 2.0 * at->weight * step * scale * 4.0 * G_PI * pair->core * x / (g * g * g);
  double *flat = sums->flat, *square = sums->square;
  const double first = (double) sums->first;

  for (gsize k = begin; k < end; k++)
    {
      const double s = (first + (double) k) * step;
      const double a = 0.5 * (s * s - t2c) / (tb + s * g), outer = a + t;
      const double core = a * g, r = s - core;
      /* ds/da = g + (a g^2 + t B) / r_s */
      const double amplitude = outer * outer * (x * a + polar) / (r * r * (g * r + core * g + tb));
      const double value = weight * amplitude
                           * saxid_table_at (c, saxid_table_place (per_unit, a - lower));

      flat[k] += value;
      square[k] += value * (core * r);
    }
}

static void
fill_sums (const SaxidEllipsoidPair *pair, const Frame *frame, const SaxidRule *rule, Sums *sums)
{
  const Density one = { pair, frame->lower };
  g_autoptr (SaxidTable) table
      = saxid_table_new (density, &one, 0.5 * frame->band, frame->upper - frame->lower);
  const double lower = frame->lower, upper = frame->upper;

  for (gsize k = 0; k < rule->n; k++)
    {
      const Direction at = direction (pair, rule->x[k], rule->weight[k]);
      const double core[] = { lower * at.g, upper * at.g };
      const double whole[] = { whole_radius (pair, &at, lower), whole_radius (pair, &at, upper) };

      add_core (pair, &at, table, lower, step_after (sums, 2.0 * core[0]),
                step_after (sums, 2.0 * core[1]), sums);
      add_cross (pair, &at, table, lower, step_after (sums, core[0] + whole[0]),
                 step_after (sums, core[1] + whole[1]), sums);
      add_whole (pair, &at, table, lower, step_after (sums, 2.0 * whole[0]),
                 step_after (sums, 2.0 * whole[1]), sums);
    }
}

/* Differences, at so few places as their range asks for, and what does not
 * depend on q but for its power: the pairs of a radius with itself. */
typedef struct
{
  gsize n;
  double *at, *flat, *square;
  double still, still_square;
  double mean_volume;
} Differences;

static void
fill_differences (const SaxidEllipsoidPair *pair, const Frame *frame, const SaxidRule *rule,
                  Differences *differences)
{
  g_autoptr (SaxidRule) sizes = saxid_distribution_rule (
      pair->distribution, pair->size, pair->width, pair->power, frame->last * frame->drift);
  const gsize n = rule->n * sizes->n;
  g_autofree double *apart = g_new (double, 3 * n);
  double *flat = apart + n, *square = flat + n;
  double least = G_MAXDOUBLE, most = 0, middle, half;
  g_autofree double *moment = NULL;
  gsize i = 0;

  for (gsize k = 0; k < sizes->n; k++)
    differences->mean_volume += sizes->weight[k] * whole_volume (pair, sizes->x[k]);
  for (gsize j = 0; j < rule->n; j++)
    {
      const Direction at = direction (pair, rule->x[j], rule->weight[j]);
      const double p_core = 4.0 * G_PI * pair->core * pair->aspect / (at.g * at.g * at.g);

      for (gsize k = 0; k < sizes->n; k++, i++)
        {
          const double a = sizes->x[k], core = a * at.g, whole = whole_radius (pair, &at, a);
          const double p_whole = 3.0 * pair->whole * whole_volume (pair, a) / (whole * whole * whole);
          const double weight = 0.5 * at.weight * sizes->weight[k];

          apart[i] = whole - core;
          flat[i] = 2.0 * weight * p_core * p_whole;
          square[i] = flat[i] * core * whole;
          differences->still += weight * (p_core * p_core + p_whole * p_whole);
          differences->still_square
              += weight * (p_core * p_core * core * core + p_whole * p_whole * whole * whole);
          least = MIN (least, apart[i]);
          most = MAX (most, apart[i]);
        }
    }

  middle = 0.5 * (most + least);
  half = MAX (0.5 * (most - least), 1e-6 * pair->size);
  differences->n = POINTS (frame->last * half);
  differences->at = g_new0 (double, 3 * differences->n);
  differences->flat = differences->at + differences->n;
  differences->square = differences->flat + differences->n;
  moment = g_new0 (double, 2 * differences->n);
  for (i = 0; i < n; i++)
    {
      const double x = (apart[i] - middle) / half;
      double before = x, here = 1.0;

      for (gsize k = 0; k < differences->n; k++)
        {
          const double after = 2.0 * x * here - before;

          moment[2 * k] += here * flat[i];
          moment[2 * k + 1] += here * square[i];
          before = here;
          here = after;
        }
    }
  for (gsize j = 0; j < differences->n; j++)
    {
      const double angle = G_PI * ((double) j + 0.5) / (double) differences->n;

      differences->at[j] = middle + half * cos (angle);
      for (gsize k = 0; k < differences->n; k++)
        {
          const double share = (k == 0 ? 1.0 : 2.0) / (double) differences->n;
          const double factor = share * cos ((double) k * angle);

          differences->flat[j] += factor * moment[2 * k];
          differences->square[j] += factor * moment[2 * k + 1];
        }
    }
}

SAXID_EVERY_PROCESSOR static void
add_differences (const Differences *differences, gsize n, const double *q, double *out)
{
  for (gsize k = 0; k < n; k++)
    out[k] = differences->still + q[k] * q[k] * differences->still_square;
  for (gsize j = 0; j < differences->n; j++)
    {
      const double d = differences->at[j], flat = differences->flat[j];
      const double square = differences->square[j];

      for (gsize k = 0; k < n; k++)
        {
          const double x = q[k] * d;
          double sine, cosine;

          saxid_sincos (x, &sine, &cosine);
          out[k] += flat * (cosine + x * sine) + square * q[k] * q[k] * cosine;
        }
    }
}

/* sum_k c_k exp (i k w) = b_0 - b_1 exp (-i w), b_k = c_k + 2 cos w b_(k+1) - b_(k+2)
 * (Clenshaw), for the three series of the sums at once. */
SAXID_EVERY_PROCESSOR static void
add_sums (const Sums *sums, const double *moment, gsize n, const double *q, double *out)
{
  const double *flat = sums->flat, *square = sums->square;
  const double step = sums->step, first = (double) sums->first;
  const gsize count = sums->n;

  for (gsize block = 0; block < n; block += SAXID_VECTOR)
    {
      double twice[SAXID_VECTOR], f0[SAXID_VECTOR], f1[SAXID_VECTOR], m0[SAXID_VECTOR];
      double m1[SAXID_VECTOR], s0[SAXID_VECTOR], s1[SAXID_VECTOR];

      for (gsize k = 0; k < SAXID_VECTOR; k++)
        {
          double sine, cosine;

          saxid_sincos (q[block + k] * step, &sine, &cosine);
          twice[k] = 2.0 * cosine;
          f0[k] = f1[k] = m0[k] = m1[k] = s0[k] = s1[k] = 0;
        }
      for (gsize i = count; i-- > 0;)
        {
          const double f = flat[i], m = moment[i], s = square[i];

          for (gsize k = 0; k < SAXID_VECTOR; k++)
            {
              const double f2 = f + twice[k] * f0[k] - f1[k];
              const double m2 = m + twice[k] * m0[k] - m1[k];
              const double s2 = s + twice[k] * s0[k] - s1[k];

              f1[k] = f0[k];
              f0[k] = f2;
              m1[k] = m0[k];
              m0[k] = m2;
              s1[k] = s0[k];
              s0[k] = s2;
            }
        }
      for (gsize k = 0; k < SAXID_VECTOR; k++)
        {
          const double at = q[block + k];
          double sine, cosine, sine_before, cosine_before;

          saxid_sincos (at * step * first, &sine, &cosine);
          saxid_sincos (at * step * fabs (first - 1.0), &sine_before, &cosine_before);
          if (first < 1.0)
            sine_before = -sine_before;
          out[block + k] += 0.5 * at * at * (s0[k] * cosine - s1[k] * cosine_before)
                            - 0.5 * (f0[k] * cosine - f1[k] * cosine_before)
                            - 0.5 * at * (m0[k] * sine - m1[k] * sine_before);
        }
    }
}

typedef struct
{
  Sums sums;
  double *moment; /* s times the density of K */
  double damped;  /* the q beyond which the sums are gone */
  Differences differences;
} Terms;

static void
terms (gconstpointer data, gsize n, const double *q, double *out)
{
  const Terms *all = data;

  add_differences (&all->differences, n, q, out);
  if (q[0] < all->damped)
    add_sums (&all->sums, all->moment, n, q, out);
  for (gsize k = 0; k < n; k++)
    {
      const double square = q[k] * q[k];

      out[k] /= square * square * square * all->differences.mean_volume;
    }
}

void
saxid_ellipsoid_pair (const SaxidEllipsoidPair *pair, double extent, gsize n, const double *q,
                      double *out)
{
  const Frame frame = frame_of (pair, q[n - 1]);
  const double smooth = SMOOTH_PHASE + SMOOTH_PHASE_PER_UNIT * stretch_of (pair);
  g_autoptr (SaxidRule) rule = saxid_rule_new (0, 1, MAX (smooth, frame.phase));
  g_autoptr (SaxidRule) slow = saxid_rule_new (0, 1, MAX (smooth, frame.wander));
  Terms all = { .damped = frame.band / frame.slope };
  Sums *sums = &all.sums;
  g_autofree double *series = NULL;

  sums->n = steps_of (&frame, pair, &sums->step);
  /* No sum is below the smallest core's. */
  sums->first = (gsize) (2.0 * frame.lower * MIN (pair->aspect, 1.0) / sums->step);
  sums->n -= MIN (sums->first, sums->n);
  series = g_new0 (double, 3 * sums->n);
  sums->flat = series;
  sums->square = series + sums->n;
  all.moment = series + 2 * sums->n;
  fill_sums (pair, &frame, rule, sums);
  for (gsize k = 0; k < sums->n; k++)
    all.moment[k] = (double) (sums->first + k) * sums->step * sums->flat[k];
  fill_differences (pair, &frame, slow, &all.differences);

  saxid_sample (terms, &all, extent, n, q, out);
  g_free (all.differences.at);
}
