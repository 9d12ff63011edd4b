/* How does an ellipsoid of revolution inside a shell scatter?
 *
 *   F(q, u) = (rho_core - rho_shell) V_c Phi(q r_c) + (rho_shell - rho_solvent) V_s Phi(q r_s)
 *   r^2 = equatorial^2 (1 - u^2) + polar^2 u^2, Phi(x) = 3 (sin x - x cos x) / x^3
 *   core a, x_core a; whole a + t, x_core a + x_polar_shell t
 *   averaged over orientations, normalised to the volume of the whole
 *
 * Kotlarchyk & Chen, J. Chem. Phys. 79 (1983) 2461, doi:10.1063/1.446055.
 *
 * Units: Å, 1e-6/Å^2, 1/Å. Thread: pure.
 */
#include "models/shapes/forms.h"

#include <string.h>

#include "models/shapes/elementary.h"
#include "models/shapes/ellipsoid-pair.h"

enum
{
  RADIUS_EQUAT_CORE,
  X_CORE,
  THICK_SHELL,
  X_POLAR_SHELL,
  SLD_CORE,
  SLD_SHELL,
  SLD_SOLVENT,
  N_PARAMETERS
};

#define REST                                                                                           \
  [RADIUS_EQUAT_CORE] = { "radius_equat_core", "Ang", 20, 0, G_MAXDOUBLE, TRUE },                      \
  [THICK_SHELL] = { "thick_shell", "Ang", 30, 0, G_MAXDOUBLE, TRUE },                                  \
  [X_POLAR_SHELL] = { "x_polar_shell", "", 1, 0, G_MAXDOUBLE, TRUE }, [SLD_CORE] = { "sld_core",       \
                                                                                     "1e-6/Ang^2",     \
                                                                                     2,                \
                                                                                     -G_MAXDOUBLE,     \
                                                                                     G_MAXDOUBLE,      \
                                                                                     FALSE },          \
  [SLD_SHELL] = { "sld_shell", "1e-6/Ang^2", 1, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },                    \
  [SLD_SOLVENT] = { "sld_solvent", "1e-6/Ang^2", 6.3, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE }

static const SaxidShapeParameter oblate_parameters[N_PARAMETERS] = {
  [X_CORE] = { "x_core", "", 1.0 / 3.0, 0, G_MAXDOUBLE, TRUE },
  REST,
};

static const SaxidShapeParameter prolate_parameters[N_PARAMETERS] = {
  [X_CORE] = { "x_core", "", 3, 0, G_MAXDOUBLE, TRUE },
  REST,
};

typedef struct
{
  double equatorial, polar;
} Body;

static inline Body
core_of (const double *value)
{
  return (Body){ value[RADIUS_EQUAT_CORE], value[RADIUS_EQUAT_CORE] * value[X_CORE] };
}

static inline Body
whole_of (const double *value)
{
  return (Body){ value[RADIUS_EQUAT_CORE] + value[THICK_SHELL],
                 value[RADIUS_EQUAT_CORE] * value[X_CORE] + value[THICK_SHELL] * value[X_POLAR_SHELL] };
}

static inline double
body_volume (Body body)
{
  return 4.0 / 3.0 * G_PI * body.polar * body.equatorial * body.equatorial;
}

static inline double
radius_along (Body body, double u, double v)
{
  return sqrt (body.polar * u * body.polar * u + body.equatorial * v * body.equatorial * v);
}

static double
volume (const double *value)
{
  return body_volume (whole_of (value));
}

static double
extent (const double *value)
{
  const Body whole = whole_of (value);

  return MAX (whole.polar, whole.equatorial);
}

/* d/da sqrt (Re^2 sin^2 a + Rp^2 cos^2 a) is largest where it is |Rp - Re|. */
static double
span (const double *value)
{
  const Body core = core_of (value), whole = whole_of (value);

  return MAX (fabs (core.polar - core.equatorial), fabs (whole.polar - whole.equatorial));
}

SAXID_EVERY_PROCESSOR static void
accumulate (double weight, double core, double core_radius, double whole, double whole_radius, gsize n,
            const double *q, double *out)
{
  for (gsize k = 0; k < n; k++)
    {
      double f = core * saxid_amplitude_sphere (q[k] * core_radius)
                 + whole * saxid_amplitude_sphere (q[k] * whole_radius);

      out[k] += weight * (f * f);
    }
}

static void
square (const double *value, const SaxidOrientations *orientations, gsize n, const double *q,
        double *out)
{
  const Body core = core_of (value), whole = whole_of (value);
  const double core_scale = (value[SLD_CORE] - value[SLD_SHELL]) * body_volume (core);
  const double whole_scale = (value[SLD_SHELL] - value[SLD_SOLVENT]) * body_volume (whole);

  memset (out, 0, n * sizeof *out);
  for (gsize k = 0; k < orientations->n; k++)
    {
      const double u = orientations->cosine[k], v = orientations->sine[k];

      accumulate (orientations->weight[k], core_scale, radius_along (core, u, v), whole_scale,
                  radius_along (whole, u, v), n, q, out);
    }
}

/* Small q as it is, large q by the densities of ellipsoid-pair.c. */
static void
population_of (const SaxidShape *shape, const double *value, double width,
               SaxidDistribution distribution, gsize n, const double *q, double *out)
{
  const SaxidEllipsoidPair pair = { .size = value[RADIUS_EQUAT_CORE],
                                    .width = width,
                                    .distribution = distribution,
                                    .power = shape->power,
                                    .aspect = value[X_CORE],
                                    .thickness = value[THICK_SHELL],
                                    .polar = value[THICK_SHELL] * value[X_POLAR_SHELL],
                                    .core = value[SLD_CORE] - value[SLD_SHELL],
                                    .whole = value[SLD_SHELL] - value[SLD_SOLVENT] };
  const double from = saxid_ellipsoid_pair_from (&pair);
  gsize below = 0;

  while (below < n && q[below] < from)
    below++;
  if (below > 0)
    saxid_shape_general (shape, value, width, distribution, below, q, out);
  if (below < n)
    {
      double largest[N_PARAMETERS];

      memcpy (largest, value, sizeof largest);
      largest[RADIUS_EQUAT_CORE]
          = saxid_distribution_largest (distribution, pair.size, width, shape->power);
      saxid_ellipsoid_pair (&pair, extent (largest), n - below, q + below, out + below);
    }
}

static void
oblate_population (const double *value, double width, SaxidDistribution distribution, gsize n,
                   const double *q, double *out)
{
  population_of (&saxid_core_shell_oblate, value, width, distribution, n, q, out);
}

static void
prolate_population (const double *value, double width, SaxidDistribution distribution, gsize n,
                    const double *q, double *out)
{
  population_of (&saxid_core_shell_prolate, value, width, distribution, n, q, out);
}

#define CORE_SHELL_ELLIPSOID(name_, title_, parameters_, population_)                                  \
  {                                                                                                    \
    .name = name_, .model = "core_shell_ellipsoid", .category = "Ellipsoid", .title = title_,          \
    .reference = "Kotlarchyk & Chen 1983, doi:10.1063/1.446055", .n_parameter = N_PARAMETERS,          \
    .parameter = parameters_, .main_size = RADIUS_EQUAT_CORE, .power = 6, .volume = volume,            \
    .extent = extent, .span = span, .square = square, .population = population_,                       \
  }

const SaxidShape saxid_core_shell_oblate
    = CORE_SHELL_ELLIPSOID ("core_shell_oblate", "core-shell oblate ellipsoid", oblate_parameters,
                            oblate_population);
const SaxidShape saxid_core_shell_prolate
    = CORE_SHELL_ELLIPSOID ("core_shell_prolate", "core-shell prolate ellipsoid", prolate_parameters,
                            prolate_population);
