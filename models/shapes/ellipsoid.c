/* How does a homogeneous ellipsoid of revolution scatter?
 *
 *   <F^2>(q) = (drho V)^2 int_0^1 Phi^2(q r(u)) du,  r^2 = Re^2 (1 - u^2) + Rp^2 u^2
 *   Phi(x) = 3 (sin x - x cos x) / x^3, V = 4 pi Rp Re^2 / 3
 *
 * Guinier, Ann. Phys. 12 (1939) 161, doi:10.1051/anphys/193911120161;
 * Feigin & Svergun, Structure Analysis by Small-Angle X-Ray and Neutron
 * Scattering, Plenum 1987, doi:10.1007/978-1-4757-6624-0.
 *
 * Where the polar radius alone is distributed, with the number density w, both
 * integrals collapse into one over the radius r that q meets, because the
 * integrand knows nothing else. With t = u sqrt |Rp^2 - Re^2|:
 *
 *   <Rp^2 int Phi^2 du> = int_0 G+(t) Phi^2(q sqrt (Re^2 + t^2)) dt
 *                         + int_0^Re G-(t) Phi^2(q sqrt (Re^2 - t^2)) dt
 *   G+-(t) = int_t w(rho) rho dtau,  rho = sqrt (Re^2 +- tau^2)
 *
 * G is 0 beyond the largest radius and constant up to the smallest, and does
 * not depend on q.
 *
 * Units: Å, 1e-6/Å^2, 1/Å. Thread: pure.
 */
#include "models/shapes/forms.h"

#include <string.h>

#include "models/shapes/elementary.h"
#include "models/shapes/sampling.h"

/* A distribution of some 12 standard deviations is exact to 1e-8 in so many. */
#define BELL_PANELS 3
/* More than any population that ships needs. */
#define MOST_PANELS 1000

enum
{
  SLD,
  SLD_SOLVENT,
  RADIUS_POLAR,
  RADIUS_EQUATORIAL,
  N_PARAMETERS
};

#define POLAR(initial_) [RADIUS_POLAR] = { "radius_polar", "Ang", initial_, 0, G_MAXDOUBLE, TRUE }
#define EQUATORIAL(initial_)                                                                           \
  [RADIUS_EQUATORIAL] = { "radius_equatorial", "Ang", initial_, 0, G_MAXDOUBLE, TRUE }

static const SaxidShapeParameter oblate_parameters[N_PARAMETERS] = {
  [SLD] = { "sld", "1e-6/Ang^2", 4, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
  [SLD_SOLVENT] = { "sld_solvent", "1e-6/Ang^2", 1, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
  POLAR (20),
  EQUATORIAL (400),
};

static const SaxidShapeParameter prolate_parameters[N_PARAMETERS] = {
  [SLD] = { "sld", "1e-6/Ang^2", 4, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
  [SLD_SOLVENT] = { "sld_solvent", "1e-6/Ang^2", 1, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
  POLAR (400),
  EQUATORIAL (20),
};

static double
volume (const double *value)
{
  return 4.0 / 3.0 * G_PI * value[RADIUS_POLAR] * value[RADIUS_EQUATORIAL] * value[RADIUS_EQUATORIAL];
}

static double
extent (const double *value)
{
  return MAX (value[RADIUS_POLAR], value[RADIUS_EQUATORIAL]);
}

/* d/da sqrt (Re^2 sin^2 a + Rp^2 cos^2 a) is largest where it is |Rp - Re|. */
static double
span (const double *value)
{
  return fabs (value[RADIUS_POLAR] - value[RADIUS_EQUATORIAL]);
}

SAXID_EVERY_PROCESSOR static void
accumulate (double weight, double radius, gsize n, const double *q, double *out)
{
  for (gsize k = 0; k < n; k++)
    {
      double phi = saxid_amplitude_sphere (q[k] * radius);

      out[k] += weight * (phi * phi);
    }
}

static void
square (const double *value, const SaxidOrientations *orientations, gsize n, const double *q,
        double *out)
{
  const double polar = value[RADIUS_POLAR], equatorial = value[RADIUS_EQUATORIAL];
  const double scale = (value[SLD] - value[SLD_SOLVENT]) * volume (value);

  memset (out, 0, n * sizeof *out);
  for (gsize k = 0; k < orientations->n; k++)
    {
      const double u = orientations->cosine[k] * polar, v = orientations->sine[k] * equatorial;

      accumulate (scale * scale * orientations->weight[k], sqrt (u * u + v * v), n, q, out);
    }
}

/* One of the two sides, rho > Re or rho < Re, along a coordinate x in which the
 * phase of the integrand turns evenly: rho = sqrt (Re^2 + x^2), or Re cos x. */
typedef struct
{
  double (*coordinate) (double equatorial, double rho);
  double (*radius) (double equatorial, double x);
  double (*stretch) (double equatorial, double rho); /* dt/dx at rho */
  double (*slope) (double equatorial, double rho);   /* |drho/dx| */
} Side;

static double
outer_coordinate (double equatorial, double rho)
{
  return sqrt ((rho - equatorial) * (rho + equatorial));
}

static double
outer_radius (double equatorial, double x)
{
  return sqrt (equatorial * equatorial + x * x);
}

static double
outer_stretch (double equatorial G_GNUC_UNUSED, double rho G_GNUC_UNUSED)
{
  return 1.0;
}

static double
outer_slope (double equatorial, double rho)
{
  return outer_coordinate (equatorial, rho) / rho;
}

static double
inner_coordinate (double equatorial, double rho)
{
  return atan2 (sqrt ((equatorial - rho) * (equatorial + rho)), rho);
}

static double
inner_radius (double equatorial, double x)
{
  return equatorial * cos (x);
}

static double
inner_stretch (double equatorial G_GNUC_UNUSED, double rho)
{
  return rho;
}

static double
inner_slope (double equatorial, double rho)
{
  return sqrt ((equatorial - rho) * (equatorial + rho));
}

static const Side outer_side = { outer_coordinate, outer_radius, outer_stretch, outer_slope };
static const Side inner_side = { inner_coordinate, inner_radius, inner_stretch, inner_slope };

typedef struct
{
  double polar, equatorial, width;
  SaxidDistribution distribution;
  double lower, upper; /* polar radii that matter */
  /* From values at the points of a panel to integrals from its points to its end. */
  double rest[SAXID_PANEL][SAXID_PANEL];
  double scale; /* contrast^2 4 pi / 3 Re^2 */
} Mixture;

/* Row i: int from x_i to 1 of the polynomial through the values at the points,
 * by its Legendre series; int P_k = (P_(k+1) - P_(k-1)) / (2k + 1). */
static void
fill_rest (double rest[SAXID_PANEL][SAXID_PANEL])
{
  g_autoptr (SaxidRule) rule = saxid_rule_panels (-1.0, 1.0, 1);
  double legendre[SAXID_PANEL + 1][SAXID_PANEL];

  for (guint i = 0; i < SAXID_PANEL; i++)
    {
      legendre[0][i] = 1.0;
      legendre[1][i] = rule->x[i];
      for (guint k = 1; k < SAXID_PANEL; k++)
        legendre[k + 1][i]
            = ((2 * k + 1) * rule->x[i] * legendre[k][i] - k * legendre[k - 1][i]) / (k + 1);
    }
  for (guint i = 0; i < SAXID_PANEL; i++)
    for (guint j = 0; j < SAXID_PANEL; j++)
      {
        double sum = 1.0 - rule->x[i];

        for (guint k = 1; k < SAXID_PANEL; k++)
          sum -= legendre[k][j] * (legendre[k + 1][i] - legendre[k - 1][i]);
        rest[i][j] = 0.5 * rule->weight[j] * sum;
      }
}

/* The polar radii between from and to, all on one side: adds their part to out
 * and their number times radius to mean. */
static void
add_side (const Mixture *mixture, const Side *side, double from, double to, gsize n, const double *q,
          double *out, double *mean)
{
  const double equatorial = mixture->equatorial, near = side->coordinate (equatorial, from);
  const double far = side->coordinate (equatorial, to);
  const double turn = 2.0 * q[n - 1];
  /* The phase turns fastest at the far end. */
  const double phase = MIN (turn * side->slope (equatorial, to) * (far - near),
                            MOST_PANELS * SAXID_PANEL_PHASE);
  const gsize panels = MAX (BELL_PANELS, 1 + (gsize) (phase / SAXID_PANEL_PHASE));
  g_autoptr (SaxidRule) bell = saxid_rule_panels (near, far, panels);
  g_autoptr (SaxidRule) flat = saxid_rule_new (0, near, turn * side->slope (equatorial, from) * near);
  const double half = 0.5 * (far - near) / (double) panels;
  double beyond = 0;

  for (gsize p = panels; p-- > 0;)
    {
      const double *x = bell->x + p * SAXID_PANEL, *weight = bell->weight + p * SAXID_PANEL;
      double density[SAXID_PANEL], radius[SAXID_PANEL], inside = 0;

      for (guint i = 0; i < SAXID_PANEL; i++)
        {
          double number;

          radius[i] = side->radius (equatorial, x[i]);
          number = radius[i]
                   * exp (saxid_distribution_log_density (mixture->distribution, mixture->polar,
                                                          mixture->width, radius[i]));
          *mean += weight[i] * number * side->slope (equatorial, radius[i]);
          density[i] = number * side->stretch (equatorial, radius[i]);
          inside += weight[i] * density[i];
        }
      for (guint i = 0; i < SAXID_PANEL; i++)
        {
          double above = beyond;

          for (guint j = 0; j < SAXID_PANEL; j++)
            above += half * mixture->rest[i][j] * density[j];
          accumulate (weight[i] * above * side->stretch (equatorial, radius[i]), radius[i], n, q, out);
        }
      beyond += inside;
    }
  for (gsize k = 0; k < flat->n && near > 0; k++)
    {
      const double radius = side->radius (equatorial, flat->x[k]);

      accumulate (flat->weight[k] * beyond * side->stretch (equatorial, radius), radius, n, q, out);
    }
}

static void
mix (gconstpointer data, gsize n, const double *q, double *out)
{
  const Mixture *mixture = data;
  double mean = 0;

  memset (out, 0, n * sizeof *out);
  if (mixture->upper > mixture->equatorial)
    add_side (mixture, &outer_side, MAX (mixture->lower, mixture->equatorial), mixture->upper, n, q,
              out, &mean);
  if (mixture->lower < mixture->equatorial)
    add_side (mixture, &inner_side, MIN (mixture->upper, mixture->equatorial), mixture->lower, n, q,
              out, &mean);
  for (gsize k = 0; k < n; k++)
    out[k] *= mixture->scale / mean;
}

static void
population (const double *value, double width, SaxidDistribution distribution, gsize n, const double *q,
            double *out)
{
  const double contrast = value[SLD] - value[SLD_SOLVENT], equatorial = value[RADIUS_EQUATORIAL];
  Mixture mixture = { .polar = value[RADIUS_POLAR],
                      .equatorial = equatorial,
                      .width = width,
                      .distribution = distribution,
                      .scale = contrast * contrast * 4.0 / 3.0 * G_PI * equatorial * equatorial };

  fill_rest (mixture.rest);
  saxid_distribution_range (distribution, value[RADIUS_POLAR], width, saxid_prolate.power,
                            &mixture.lower, &mixture.upper);
  saxid_sample (mix, &mixture,
                MAX (equatorial, saxid_distribution_largest (distribution, value[RADIUS_POLAR], width,
                                                             saxid_prolate.power)),
                n, q, out);
}

#define ELLIPSOID(name_, parameters_)                                                                  \
  {                                                                                                    \
    .name = name_, .model = "ellipsoid", .category = "Ellipsoid", .title = name_ " ellipsoid",         \
    .reference = "Guinier 1939, doi:10.1051/anphys/193911120161", .n_parameter = N_PARAMETERS,         \
    .parameter = parameters_, .main_size = RADIUS_POLAR, .power = 2, .volume = volume,                 \
    .extent = extent, .span = span, .square = square, .population = population,                        \
  }

const SaxidShape saxid_oblate = ELLIPSOID ("oblate", oblate_parameters);
const SaxidShape saxid_prolate = ELLIPSOID ("prolate", prolate_parameters);
