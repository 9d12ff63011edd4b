/* How does a sphere inside a shell scatter?
 *
 *   F(q) = (rho_core - rho_shell) V_c Phi(q R) + (rho_shell - rho_solvent) V_s Phi(q (R + t))
 *   Phi(x) = 3 (sin x - x cos x) / x^3; normalised to the volume of the whole
 *
 * Guinier & Fournet, Small-Angle Scattering of X-Rays, Wiley 1955.
 *
 * Units: Å, 1e-6/Å^2, 1/Å. Thread: pure.
 */
#include "models/shapes/forms.h"

#include "models/shapes/elementary.h"

enum
{
  RADIUS,
  THICKNESS,
  SLD_CORE,
  SLD_SHELL,
  SLD_SOLVENT,
  N_PARAMETERS
};

static const SaxidShapeParameter parameters[N_PARAMETERS] = {
  [RADIUS] = { "radius", "Ang", 60, 0, G_MAXDOUBLE, TRUE },
  [THICKNESS] = { "thickness", "Ang", 10, 0, G_MAXDOUBLE, TRUE },
  [SLD_CORE] = { "sld_core", "1e-6/Ang^2", 1, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
  [SLD_SHELL] = { "sld_shell", "1e-6/Ang^2", 2, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
  [SLD_SOLVENT] = { "sld_solvent", "1e-6/Ang^2", 3, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
};

static inline double
ball (double radius)
{
  return 4.0 / 3.0 * G_PI * radius * radius * radius;
}

static double
volume (const double *value)
{
  return ball (value[RADIUS] + value[THICKNESS]);
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
  const double core = (value[SLD_CORE] - value[SLD_SHELL]) * ball (inner);
  const double whole = (value[SLD_SHELL] - value[SLD_SOLVENT]) * ball (outer);

  for (gsize k = 0; k < n; k++)
    {
      double f = core * saxid_amplitude_sphere (q[k] * inner)
                 + whole * saxid_amplitude_sphere (q[k] * outer);

      out[k] = f * f;
    }
}

const SaxidShape saxid_core_shell_sphere = {
  .name = "core_shell_sphere",
  .model = "core_shell_sphere",
  .category = "Sphere",
  .title = "core-shell sphere",
  .reference = "Guinier & Fournet 1955, chapter 2",
  .n_parameter = N_PARAMETERS,
  .parameter = parameters,
  .main_size = RADIUS,
  .power = 6,
  .volume = volume,
  .extent = extent,
  .square = square,
};
