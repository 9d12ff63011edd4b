/* How does a cylinder inside a shell scatter, the ends covered too?
 *
 *   F(q, a) = (rho_core - rho_shell) V_c Psi(R, L) + (rho_shell - rho_solvent) V_s Psi(R + t, L + 2 t)
 *   Psi(R, L) = 2 J1(q R sin a) / (q R sin a) sinc(q L cos a / 2)
 *   averaged over orientations, normalised to the volume of the whole
 *
 * Livsey, J. Chem. Soc. Faraday Trans. 2, 83 (1987) 1445, doi:10.1039/F29878301445.
 *
 * Units: Å, 1e-6/Å^2, 1/Å. Thread: pure.
 */
#include "models/shapes/forms.h"

#include <string.h>

#include "models/shapes/elementary.h"

enum { SLD_CORE, SLD_SHELL, SLD_SOLVENT, RADIUS, THICKNESS, LENGTH, N_PARAMETERS };

static const SaxidShapeParameter parameters[N_PARAMETERS] = {
  [SLD_CORE] = { "sld_core", "1e-6/Ang^2", 4, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
  [SLD_SHELL] = { "sld_shell", "1e-6/Ang^2", 4, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
  [SLD_SOLVENT] = { "sld_solvent", "1e-6/Ang^2", 1, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
  [RADIUS] = { "radius", "Ang", 20, 0, G_MAXDOUBLE, TRUE },
  [THICKNESS] = { "thickness", "Ang", 20, 0, G_MAXDOUBLE, TRUE },
  [LENGTH] = { "length", "Ang", 400, 0, G_MAXDOUBLE, TRUE },
};

static double
volume (const double *value)
{
  const double outer = value[RADIUS] + value[THICKNESS];

  return G_PI * outer * outer * (value[LENGTH] + 2.0 * value[THICKNESS]);
}

static double
extent (const double *value)
{
  return hypot (value[RADIUS] + value[THICKNESS], 0.5 * value[LENGTH] + value[THICKNESS]);
}

/* One of the two bodies at one orientation. */
typedef struct
{
  double scale, across, along;
} Body;

SAXID_EVERY_PROCESSOR static void
accumulate (double weight, const Body *core, const Body *whole, gsize n, const double *q, double *out)
{
  const Body c = *core, w = *whole;

  for (gsize k = 0; k < n; k++)
    {
      double f = c.scale * saxid_amplitude_disc (q[k] * c.across) * saxid_amplitude_rod (q[k] * c.along)
                 + w.scale * saxid_amplitude_disc (q[k] * w.across) * saxid_amplitude_rod (q[k] * w.along);

      out[k] += weight * (f * f);
    }
}

static void
square (const double *value, const SaxidOrientations *orientations, gsize n, const double *q, double *out)
{
  const double radius = value[RADIUS], half = 0.5 * value[LENGTH], thickness = value[THICKNESS];
  const double core_scale
    = (value[SLD_CORE] - value[SLD_SHELL]) * G_PI * radius * radius * value[LENGTH];
  const double whole_scale = (value[SLD_SHELL] - value[SLD_SOLVENT]) * volume (value);

  memset (out, 0, n * sizeof *out);
  for (gsize k = 0; k < orientations->n; k++)
    {
      const double across = orientations->sine[k], along = orientations->cosine[k];
      const Body core = { core_scale, radius * across, half * along };
      const Body whole = { whole_scale, (radius + thickness) * across, (half + thickness) * along };

      accumulate (orientations->weight[k], &core, &whole, n, q, out);
    }
}

const SaxidShape saxid_core_shell_cylinder = {
  .name = "core_shell_cylinder",
  .model = "core_shell_cylinder",
  .category = "Cylinder",
  .title = "core-shell cylinder",
  .reference = "Livsey 1987, doi:10.1039/F29878301445",
  .n_parameter = N_PARAMETERS,
  .parameter = parameters,
  .main_size = RADIUS,
  .power = 4,
  .volume = volume,
  .extent = extent,
  .span = extent,
  .square = square,
};
