/* What stands between the counts of a pixel and an intensity?
 *
 * Modular corrections: Pauw, Smith, Snow, Terrill & Thünemann, J. Appl. Cryst.
 * 50 (2017) 1800, doi:10.1107/S1600576717015096.
 *
 * Thread: pure.
 */
#include "reducers/correct.h"

#include <math.h>

/* P = ½ (1 + cos² 2θ - f cos 2(χ + axis) sin² 2θ).
 * Kahn et al., J. Appl. Cryst. 15 (1982) 330, doi:10.1107/S0021889882012060. */
void
saxid_polarisation_plane (const SaxidGeometryMap *map, double factor, double axis, float *out)
{
  for (gsize k = 0; k < map->n; k++)
    {
      double cos_squared = (double) map->cos_two_theta[k] * map->cos_two_theta[k];

      out[k]
          = (float) (0.5
                     * (1 + cos_squared - factor * cos (2 * (map->chi[k] + axis)) * (1 - cos_squared)));
    }
}

/* A ray scattered at depth x of t leaves through (t - x) / cos 2θ; averaged over
 * x, with µt = -ln T and a = µt (1 / cos 2θ - 1), this is T (1 - e^-a) / a.
 * Brûlet et al., J. Appl. Cryst. 40 (2007) 165, doi:10.1107/S0021889806051442. */
void
saxid_transmission_plane (const SaxidGeometryMap *map, double transmission, float *out)
{
  double thickness = -log (transmission);

  for (gsize k = 0; k < map->n; k++)
    {
      double a = thickness * (1 / (double) map->cos_two_theta[k] - 1);

      /* at 90° and beyond nothing leaves through the back face */
      if (!(map->cos_two_theta[k] > 0))
        out[k] = 0;
      else
        out[k] = (float) (transmission * (a > 1e-8 ? -expm1 (-a) / a : 1));
    }
}

/* A ray at the angle α from the normal has 1 / cos α of the sensor to be stopped in:
 * (1 - t^(1/cos α)) / (1 - t), relative to normal incidence. The solid angle is cos³ α.
 * Zaleski, Wu & Coppens, J. Appl. Cryst. 31 (1998) 302. */
void
saxid_absorption_plane (const SaxidGeometryMap *map, double transmission, float *out)
{
  for (gsize k = 0; k < map->n; k++)
    {
      const double cosine = cbrt ((double) map->solid_angle[k]);

      out[k] = (float) ((1 - pow (transmission, 1 / cosine)) / (1 - transmission));
    }
}
