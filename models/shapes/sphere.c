/* How does a homogeneous sphere scatter?
 *
 *   F(q) = drho V 3 (sin qR - qR cos qR) / (qR)^3,   V = 4 pi R^3 / 3
 *
 * Rayleigh, Proc. R. Soc. A 90 (1914) 219, doi:10.1098/rspa.1914.0045.
 *
 * Units: Å, 1e-6/Å^2, 1/Å. Thread: pure.
 */
#include "models/shapes/forms.h"

#include "models/shapes/elementary.h"

enum
{
  SLD,
  SLD_SOLVENT,
  RADIUS,
  N_PARAMETERS
};

static const SaxidShapeParameter parameters[N_PARAMETERS] = {
  [SLD] = { "sld", "1e-6/Ang^2", 1, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
  [SLD_SOLVENT] = { "sld_solvent", "1e-6/Ang^2", 6, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
  [RADIUS] = { "radius", "Ang", 50, 0, G_MAXDOUBLE, TRUE },
};

static double
volume (const double *value)
{
  return 4.0 / 3.0 * G_PI * value[RADIUS] * value[RADIUS] * value[RADIUS];
}

static double
extent (const double *value)
{
  return value[RADIUS];
}

SAXID_EVERY_PROCESSOR static void
square (const double *value, const SaxidOrientations *orientations G_GNUC_UNUSED, gsize n,
        const double *q, double *out)
{
  const double radius = value[RADIUS];
  const double scale = (value[SLD] - value[SLD_SOLVENT]) * volume (value);

  for (gsize k = 0; k < n; k++)
    {
      double f = scale * saxid_amplitude_sphere (q[k] * radius);

      out[k] = f * f;
    }
}

const SaxidShape saxid_sphere = {
  .name = "sphere",
  .model = "sphere",
  .category = "Sphere",
  .title = "sphere",
  .reference = "Rayleigh 1914, doi:10.1098/rspa.1914.0045",
  .n_parameter = N_PARAMETERS,
  .parameter = parameters,
  .main_size = RADIUS,
  .power = 6,
  .volume = volume,
  .extent = extent,
  .square = square,
};
