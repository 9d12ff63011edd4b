/* How does a cylinder scatter?
 *
 *   <F^2>(q) = (drho V)^2 int_0^(pi/2) [ 2 J1(q R sin a) / (q R sin a) ]^2
 *                                      sinc^2(q L cos a / 2) sin a da,   V = pi R^2 L
 *
 * Fournet, Bull. Soc. Fr. Mineral. Cristallogr. 74 (1951) 39, doi:10.3406/bulmi.1951.4767.
 *
 * Units: Å, 1e-6/Å^2, 1/Å. Thread: pure.
 */
#include "models/shapes/forms.h"

#include <string.h>

#include "models/shapes/elementary.h"

enum { SLD, SLD_SOLVENT, RADIUS, LENGTH, N_PARAMETERS };

static const SaxidShapeParameter parameters[N_PARAMETERS] = {
  [SLD] = { "sld", "1e-6/Ang^2", 4, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
  [SLD_SOLVENT] = { "sld_solvent", "1e-6/Ang^2", 1, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
  [RADIUS] = { "radius", "Ang", 20, 0, G_MAXDOUBLE, TRUE },
  [LENGTH] = { "length", "Ang", 400, 0, G_MAXDOUBLE, TRUE },
};

static double
volume (const double *value)
{
  return G_PI * value[RADIUS] * value[RADIUS] * value[LENGTH];
}

static double
extent (const double *value)
{
  return hypot (value[RADIUS], 0.5 * value[LENGTH]);
}

SAXID_EVERY_PROCESSOR static void
accumulate (double weight, double across, double along, gsize n, const double *q, double *out)
{
  for (gsize k = 0; k < n; k++)
    {
      double f = saxid_amplitude_disc (q[k] * across) * saxid_amplitude_rod (q[k] * along);

      out[k] += weight * (f * f);
    }
}

static void
square (const double *value, const SaxidOrientations *orientations, gsize n, const double *q, double *out)
{
  const double scale = (value[SLD] - value[SLD_SOLVENT]) * volume (value);

  memset (out, 0, n * sizeof *out);
  for (gsize k = 0; k < orientations->n; k++)
    accumulate (scale * scale * orientations->weight[k], value[RADIUS] * orientations->sine[k],
                0.5 * value[LENGTH] * orientations->cosine[k], n, q, out);
}

const SaxidShape saxid_cylinder = {
  .name = "cylinder",
  .model = "cylinder",
  .category = "Cylinder",
  .title = "cylinder",
  .reference = "Fournet 1951, doi:10.3406/bulmi.1951.4767",
  .n_parameter = N_PARAMETERS,
  .parameter = parameters,
  .main_size = RADIUS,
  .power = 4,
  .volume = volume,
  .extent = extent,
  .span = extent,
  .square = square,
};
