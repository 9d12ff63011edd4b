/* What stands between the counts of a pixel and an intensity?
 *
 * Modular corrections: Pauw, Smith, Snow, Terrill & Thünemann, J. Appl. Cryst.
 * 50 (2017) 1800, doi:10.1107/S1600576717015096.
 *
 * Thread: pure.
 */
#include "reducers/correct.h"

#include <math.h>

void
saxid_poisson_apply (SaxidPixels *pixels, double least)
{
  float floor_ = (float) least;

  for (gsize k = 0; k < pixels->n; k++)
    if (pixels->count[k] > 0)
      pixels->variance[k] = MAX (pixels->signal[k], floor_);
}

void
saxid_dark_apply (SaxidPixels *pixels, const float *dark, double scale, double n_frame)
{
  for (gsize k = 0; k < pixels->n; k++)
    {
      if (!(pixels->count[k] > 0))
        continue;
      if (!isfinite (dark[k]))
        {
          saxid_pixels_drop (pixels, k);
          continue;
        }
      pixels->signal[k] -= (float) (scale * dark[k]);
      pixels->variance[k] += (float) (scale * scale * MAX (dark[k], 0) / n_frame);
    }
}

void
saxid_normalise_plane (SaxidPixels *pixels, const float *factor)
{
  for (gsize k = 0; k < pixels->n; k++)
    {
      pixels->normalisation[k] *= factor[k];
      if (!(pixels->normalisation[k] > 0 && isfinite (pixels->normalisation[k])))
        saxid_pixels_drop (pixels, k);
    }
}

void
saxid_normalise_frame (SaxidPixels *pixels, double factor)
{
  for (gsize k = 0; k < pixels->n; k++)
    {
      pixels->normalisation[k] = (float) (pixels->normalisation[k] * factor);
      if (!(pixels->normalisation[k] > 0 && isfinite (pixels->normalisation[k])))
        saxid_pixels_drop (pixels, k);
    }
}

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
