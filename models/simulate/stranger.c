/* What is measured at instruments and is none of the classes?
 *
 * Where sasmodels has a kind it is called so; + is a sum, @ a product with a structure factor.
 *
 * power_law                    with a flat background
 * poly_gauss_coil              Debye, J. Phys. Colloid Chem. 51 (1947) 18, doi:10.1021/j150451a002,
 *                              of a Schulz-Zimm distribution
 * correlation_length+dab       a gel: Ornstein & Zernike's Lorentzian with any exponent, and Debye,
 *                              Anderson & Brumberger 1957, doi:10.1063/1.1722830
 * teubner_strey                a microemulsion: Teubner & Strey 1987, doi:10.1063/1.453006
 * fractal                      spheres in a mass fractal, Teixeira 1988, doi:10.1107/S0021889888000263
 * lamellar_stack_paracrystal   lamellae with a distance of Hosemann & Bagchi
 * particle@hardsphere          particles of a class at high concentration (structure-factor.h)
 * guinier_porod+guinier_porod  two levels, Hammouda 2010, doi:10.1107/S0021889810015773
 * power_law+gaussian_peak      powder rings of a lattice
 *
 * Units: q 1/Å, I 1/cm. Thread: pure.
 */
#include "models/simulate/stranger.h"

#include <math.h>

#include "models/simulate/broad-spheres.h"
#include "models/simulate/structure-factor.h"

/* The highest intensity in the window, 1/cm. */
#define LEAST_LEVEL 1e-3
#define MOST_LEVEL 1e3

/* No power law goes on below this part of the first q. */
#define NEAREST 0.3

typedef struct
{
  SaxidRandom *random;
  double first, last; /* the window, 1/Å */
  gsize n;
  const double *q, *base;
  double *out;
} Scene;

/* A q near the window, where something happens. */
static double
place (const Scene *scene, double below, double above)
{
  return saxid_random_log_uniform (scene->random, scene->first / below, scene->last * above);
}

static double
uniform (const Scene *scene, double lower, double upper)
{
  return saxid_random_uniform (scene->random, lower, upper);
}

static void
add_flat (const Scene *scene, double part)
{
  double highest = 0;

  for (gsize k = 0; k < scene->n; k++)
    if (scene->q[k] >= scene->first && scene->q[k] <= scene->last)
      highest = fmax (highest, scene->out[k]);
  for (gsize k = 0; k < scene->n; k++)
    scene->out[k] += part * highest;
}

static void
power_law (const Scene *scene)
{
  const double exponent = uniform (scene, 0.3, 4.5);

  for (gsize k = 0; k < scene->n; k++)
    scene->out[k] = pow (scene->q[k] / scene->first, -exponent);
  add_flat (scene, saxid_random_log_uniform (scene->random, 1e-6, 1));
}

static void
poly_gauss_coil (const Scene *scene)
{
  const double radius = 1 / place (scene, 2, 0.5), u = uniform (scene, 0.02, 2);

  for (gsize k = 0; k < scene->n; k++)
    {
      const double x = scene->q[k] * scene->q[k] * radius * radius / (1 + 2 * u);

      scene->out[k] = x < 1e-3 ? 1 - x * (1 + 2 * u) / 3 : 2 * (pow (1 + u * x, -1 / u) + x - 1) / ((1 + u) * x * x);
    }
}

static void
correlation_length_and_dab (const Scene *scene)
{
  const double xi = 1 / place (scene, 2, 0.5), long_xi = xi * saxid_random_log_uniform (scene->random, 1, 30);
  const double share = uniform (scene, 0, 1) < 0.5 ? 0 : saxid_random_log_uniform (scene->random, 0.01, 100);
  const double exponent = uniform (scene, 1.5, 3);

  for (gsize k = 0; k < scene->n; k++)
    {
      const double y = 1 + pow (scene->q[k] * long_xi, 2);

      scene->out[k] = 1 / (1 + pow (scene->q[k] * xi, exponent)) + share / (y * y);
    }
}

static void
teubner_strey (const Scene *scene)
{
  const double peak = place (scene, 1, 1), d = 2 * G_PI / peak, xi = d * saxid_random_log_uniform (scene->random, 0.2, 2);
  const double k2 = pow (2 * G_PI / d, 2), x2 = 1 / (xi * xi);

  for (gsize k = 0; k < scene->n; k++)
    {
      const double q2 = scene->q[k] * scene->q[k];

      scene->out[k] = 1 / (pow (k2 + x2, 2) - 2 * (k2 - x2) * q2 + q2 * q2);
    }
}

static void
fractal (const Scene *scene)
{
  const double radius = 1 / place (scene, 0.3, 3), xi = radius * saxid_random_log_uniform (scene->random, 4, 200);
  const double d = uniform (scene, 1.1, 2.9), blur = uniform (scene, 0.05, 0.3);

  for (gsize k = 0; k < scene->n; k++)
    {
      const double x = scene->q[k] * xi;
      const double s = 1
                       + d * tgamma (d - 1) / pow (scene->q[k] * radius, d) / pow (1 + 1 / (x * x), (d - 1) / 2)
                           * sin ((d - 1) * atan (x));

      scene->out[k] = s * saxid_broad_spheres (scene->q[k] * radius, blur);
    }
}

static void
lamellar_stack_paracrystal (const Scene *scene)
{
  const double peak = place (scene, 1, 1), d = 2 * G_PI / peak, thickness = d * uniform (scene, 0.15, 0.9);
  const double disorder = saxid_random_log_uniform (scene->random, 0.01, 0.3), blur = uniform (scene, 0.02, 0.2);
  const double layers = saxid_random_log_uniform (scene->random, 2, 50);

  for (gsize k = 0; k < scene->n; k++)
    {
      const double q = scene->q[k], x = q * thickness / 2;
      const double fade = exp (-0.5 * pow (q * d * disorder, 2)) * (1 - 1 / layers), c = cos (q * d);
      const double s = (1 - fade * fade) / (1 - 2 * fade * c + fade * fade);
      const double form = 0.5 * (1 - exp (-2 * blur * blur * x * x) * cos (2 * x)) / (x * x);

      scene->out[k] = s * form / (q * q);
    }
}

static void
particle_at_hardsphere (const Scene *scene)
{
  const double radius = G_PI / place (scene, 0.5, 0.3), phi = uniform (scene, 0.15, 0.5);

  for (gsize k = 0; k < scene->n; k++)
    scene->out[k] = scene->base[k] * saxid_structure_hard_spheres (2 * scene->q[k] * radius, phi);
}

static double
guinier_porod (double q, double radius, double s, double exponent)
{
  const double at = sqrt ((exponent - s) * (3 - s) / 2) / radius;

  if (q < at)
    return pow (q, -s) * exp (-q * q * radius * radius / (3 - s));
  return exp (-(exponent - s) / 2) * pow (at, exponent - s) * pow (q, -exponent);
}

static void
guinier_porod_twice (const Scene *scene)
{
  const double large = 1 / place (scene, 2, 0.1), small = large / saxid_random_log_uniform (scene->random, 3, 50);
  const double one = uniform (scene, 1.2, 4), other = uniform (scene, 1.2, 4), s = uniform (scene, 0, 1);
  const double share = saxid_random_log_uniform (scene->random, 1e-4, 0.3);
  const double first = guinier_porod (scene->first, large, s, one);
  const double second = guinier_porod (scene->first, small, 0, other);

  for (gsize k = 0; k < scene->n; k++)
    scene->out[k] = guinier_porod (scene->q[k], large, s, one) / first
                    + share * guinier_porod (scene->q[k], small, 0, other) / second;
}

/* Peaks where a lattice has them, on what lies below. */
static void
gaussian_peaks (const Scene *scene)
{
  static const double lattice[][6] = {
    { 1, 2, 3, 4, 5, 6 },
    { 1, 1.7320508, 2, 2.6457513, 3, 3.4641016 },
    { 1, 1.4142136, 1.7320508, 2, 2.2360680, 2.4494897 },
    { 1, 1.1547005, 1.6329932, 1.9148542, 2, 2.3094011 },
  };
  const double *order = lattice[(guint) uniform (scene, 0, G_N_ELEMENTS (lattice))];
  const double first = place (scene, 1.5, 0.8), width = saxid_random_log_uniform (scene->random, 3e-3, 0.06);
  const double exponent = uniform (scene, 0, 4), fall = uniform (scene, 0, 3);
  const double height = saxid_random_log_uniform (scene->random, 0.2, 100);

  for (gsize k = 0; k < scene->n; k++)
    {
      const double q = scene->q[k], under = pow (q / first, -exponent);
      double peaks = 0;

      for (guint p = 0; p < 6; p++)
        {
          const double x = (q / first - order[p]) / (width * order[p]);

          peaks += pow (order[p], -fall) * exp (-0.5 * x * x);
        }
      scene->out[k] = under + height * peaks;
    }
}

/* Nothing, as often as something flat, or hardly inclined. */
static void
empty (const Scene *scene)
{
  const gboolean nothing = uniform (scene, -1, 1) < 0;
  const double exponent = uniform (scene, -0.3, 0.3);

  for (gsize k = 0; k < scene->n; k++)
    scene->out[k] = nothing ? 0 : pow (scene->q[k] / scene->first, -exponent);
}

/* Slopes that change at random: ln I is a random walk that mostly falls. */
static void
wandering (const Scene *scene)
{
  const double scale = saxid_random_log_uniform (scene->random, 0.1, 1); /* of ln q, between changes */
  double slope = uniform (scene, 0, 4), next = uniform (scene, 0, 5), x = 0, level = 0;

  for (gsize k = 0; k < scene->n; k++)
    {
      const double step = k > 0 ? log (scene->q[k] / scene->q[k - 1]) : 0;
      const double here = x < 1 ? slope + (next - slope) * x * x * (3 - 2 * x) : next;

      level -= here * step;
      scene->out[k] = exp (CLAMP (level, -300, 300));
      if (scene->q[k] < scene->first)
        continue;
      x += step / scale;
      if (x < 1)
        continue;
      slope = next;
      next = uniform (scene, -2, 6);
      x = 0;
    }
}

/* A detector that fails: modules of another gain, saturation, dead zones, spikes. */
static void
broken (const Scene *scene)
{
  const guint fault = (guint) uniform (scene, 0, 4);
  const double at = place (scene, 0.9, 0.9), gain = exp (uniform (scene, -1, 1) < 0 ? uniform (scene, -3, -0.5) : uniform (scene, 0.5, 3));
  const double density = saxid_random_log_uniform (scene->random, 0.01, 0.2), width = uniform (scene, 0.05, 0.4);
  double cut = 0;

  for (gsize k = 0; k < scene->n; k++)
    if (scene->q[k] <= at)
      cut = scene->base[k];
  for (gsize k = 0; k < scene->n; k++)
    {
      const double q = scene->q[k];
      double value = scene->base[k];

      if (fault == 0 && q > at)
        value *= gain;
      else if (fault == 1)
        value = fmin (value, cut);
      else if (fault == 2 && fabs (log (q / at)) < width)
        value = 0;
      else if (fault == 3 && saxid_random_unit (scene->random) < density)
        value *= exp (uniform (scene, -4, 4));
      scene->out[k] = value;
    }
}

static const struct
{
  const char *name;
  gboolean needs_base;
  void (*draw) (const Scene *scene);
} kinds[] = {
  { "power_law", FALSE, power_law },
  { "poly_gauss_coil", FALSE, poly_gauss_coil },
  { "correlation_length+dab", FALSE, correlation_length_and_dab },
  { "teubner_strey", FALSE, teubner_strey },
  { "fractal", FALSE, fractal },
  { "lamellar_stack_paracrystal", FALSE, lamellar_stack_paracrystal },
  { "particle@hardsphere", TRUE, particle_at_hardsphere },
  { "guinier_porod+guinier_porod", FALSE, guinier_porod_twice },
  { "power_law+gaussian_peak", FALSE, gaussian_peaks },
  { "empty", FALSE, empty },
  { "wandering", FALSE, wandering },
  { "broken", TRUE, broken },
};

/* Those of the table, then the bodies. */
guint
saxid_stranger_count (void)
{
  return G_N_ELEMENTS (kinds) + saxid_body_kind_count ();
}

const char *
saxid_stranger_name (guint kind)
{
  return kind < G_N_ELEMENTS (kinds) ? kinds[kind].name : saxid_body_kind_name (kind - G_N_ELEMENTS (kinds));
}

/* Whether it is a body of another shape. */
static gboolean
needs_bodies (guint kind)
{
  return kind >= G_N_ELEMENTS (kinds) && kind < saxid_stranger_count ();
}

gboolean
saxid_stranger_needs_base (guint kind)
{
  return kind < G_N_ELEMENTS (kinds) && kinds[kind].needs_base;
}

void
saxid_stranger_draw (guint kind, SaxidRandom *random, double first, double last, gsize n, const double *q,
                     const double *base, const SaxidBodies *bodies, double *out)
{
  g_autofree double *at = g_new (double, n);
  const Scene scene = { random, first, last, n, at, base, out };
  const double level = saxid_random_log_uniform (random, LEAST_LEVEL, MOST_LEVEL);
  double highest = 0;

  g_return_if_fail (kind < saxid_stranger_count ());
  g_return_if_fail (base != NULL || !saxid_stranger_needs_base (kind));
  g_return_if_fail (bodies != NULL || !needs_bodies (kind));

  /* what rises towards q = 0 would outshine the beam */
  for (gsize k = 0; k < n; k++)
    at[k] = fmax (q[k], NEAREST * first);
  if (needs_bodies (kind))
    saxid_bodies_draw (bodies, kind - G_N_ELEMENTS (kinds), random, first, last, n, at, out);
  else
    kinds[kind].draw (&scene);
  for (gsize k = 0; k < n; k++)
    if (q[k] >= first && q[k] <= last && isfinite (out[k]))
      highest = fmax (highest, out[k]);
  for (gsize k = 0; k < n; k++)
    out[k] = isfinite (out[k]) && highest > 0 ? fmax (out[k] / highest * level, 0) : 0;
}
