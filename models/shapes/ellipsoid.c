/* How does a homogeneous ellipsoid of revolution scatter?
 *
 *   <F^2>(q) = (drho V)^2 int_0^1 Phi^2(q r(u)) du,  r^2 = Re^2 (1 - u^2) + Rp^2 u^2
 *   Phi(x) = 3 (sin x - x cos x) / x^3, V = 4 pi Rp Re^2 / 3
 *
 * Guinier, Ann. Phys. 12 (1939) 161, doi:10.1051/anphys/193911120161;
 * Feigin & Svergun, Structure Analysis by Small-Angle X-Ray and Neutron
 * Scattering, Plenum 1987, doi:10.1007/978-1-4757-6624-0.
 *
 * Units: Å, 1e-6/Å^2, 1/Å. Thread: pure.
 */
#include "models/shapes/forms.h"

#include <string.h>

#include "models/shapes/elementary.h"

enum { SLD, SLD_SOLVENT, RADIUS_POLAR, RADIUS_EQUATORIAL, N_PARAMETERS };

#define POLAR(initial_)                                                                                \
  [RADIUS_POLAR] = { "radius_polar", "Ang", initial_, 0, G_MAXDOUBLE, TRUE }
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
square (const double *value, const SaxidOrientations *orientations, gsize n, const double *q, double *out)
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

#define ELLIPSOID(name_, parameters_)                                                                  \
  {                                                                                                    \
    .name = name_, .model = "ellipsoid", .category = "Ellipsoid", .title = name_ " ellipsoid",         \
    .reference = "Guinier 1939, doi:10.1051/anphys/193911120161", .n_parameter = N_PARAMETERS,         \
    .parameter = parameters_, .main_size = RADIUS_POLAR, .power = 2, .volume = volume,                 \
    .extent = extent, .span = span, .square = square,                                                                \
  }

const SaxidShape saxid_oblate = ELLIPSOID ("oblate", oblate_parameters);
const SaxidShape saxid_prolate = ELLIPSOID ("prolate", prolate_parameters);
