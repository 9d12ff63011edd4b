/* How does a shell scatter that is filled with its solvent?
 *
 *   F(q) = (rho - rho_solvent) [ V_o Phi(q (R + t)) - V_i Phi(q R) ]
 *   Phi(x) = 3 (sin x - x cos x) / x^3; normalised to the volume of the shell,
 *   and multiplied by volfraction, as SasView does.
 *
 * Guinier & Fournet, Small-Angle Scattering of X-Rays, Wiley 1955.
 *
 * A thin shell is the difference of two nearly equal terms: V and Phi lose the
 * digits that t/R does, which leaves 1e-10 for t = R/1e6.
 *
 * Units: Å, 1e-6/Å^2, 1/Å. Thread: pure.
 */
#include "models/shapes/forms.h"

#include "models/shapes/elementary.h"

enum
{
  SLD,
  SLD_SOLVENT,
  VOLFRACTION,
  RADIUS,
  THICKNESS,
  N_PARAMETERS
};

static const SaxidShapeParameter parameters[N_PARAMETERS] = {
  [SLD] = { "sld", "1e-6/Ang^2", 0.5, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
  [SLD_SOLVENT] = { "sld_solvent", "1e-6/Ang^2", 6.36, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
  [VOLFRACTION] = { "volfraction", "", 0.05, 0, 1, FALSE },
  [RADIUS] = { "radius", "Ang", 100, 0, G_MAXDOUBLE, TRUE },
  [THICKNESS] = { "thickness", "Ang", 30, 0, G_MAXDOUBLE, TRUE },
};

static double
volume (const double *value)
{
  double r = value[RADIUS], t = value[THICKNESS];

  return 4.0 / 3.0 * G_PI * t * (3.0 * r * r + 3.0 * r * t + t * t);
}

static double
extent (const double *value)
{
  return value[RADIUS] + value[THICKNESS];
}

SAXID_EVERY_PROCESSOR static void
square (const double *value, const SaxidOrientations *orientations G_GNUC_UNUSED, gsize n,
        const double *q, double *out)
{
  const double inner = value[RADIUS], outer = inner + value[THICKNESS];
  const double contrast = value[SLD] - value[SLD_SOLVENT];
  const double hole = 4.0 / 3.0 * G_PI * inner * inner * inner, shell = volume (value);

  for (gsize k = 0; k < n; k++)
    {
      double at_outer = saxid_amplitude_sphere (q[k] * outer);
      double f
          = contrast * (shell * at_outer + hole * (at_outer - saxid_amplitude_sphere (q[k] * inner)));

      out[k] = value[VOLFRACTION] * f * f;
    }
}

const SaxidShape saxid_hollow_sphere = {
  .name = "hollow_sphere",
  .model = "vesicle",
  .category = "Sphere",
  .title = "hollow sphere",
  .reference = "Guinier & Fournet 1955, chapter 2",
  .n_parameter = N_PARAMETERS,
  .parameter = parameters,
  .main_size = RADIUS,
  .power = 4,
  .volume = volume,
  .extent = extent,
  .square = square,
};
