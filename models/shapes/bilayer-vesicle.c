/* How does a closed bilayer scatter: solvent, heads, tails, heads, solvent?
 *
 *   F(q) = (rho_head - rho_solvent) [ V_4 Phi(q R_4) - V_1 Phi(q R_1) ]
 *          + (rho_tail - rho_head) [ V_3 Phi(q R_3) - V_2 Phi(q R_2) ]
 *   R_1 = R, R_2 = R + h, R_3 = R + h + t, R_4 = R + 2 h + t, V_i = 4/3 pi R_i^3
 *   Phi(x) = 3 (sin x - x cos x) / x^3; normalised to the volume V_4, lumen included,
 *   as SasView's core_multi_shell does.
 *
 * Guinier & Fournet, Small-Angle Scattering of X-Rays, Wiley 1955; for vesicles Kučerka,
 * Nagle, Feller & Balgavý, Phys. Rev. E 69 (2004) 051903, doi:10.1103/PhysRevE.69.051903.
 *
 * Units: Å, 1e-6/Å^2, 1/Å. Thread: pure.
 */
#include "models/shapes/forms.h"

#include "models/shapes/elementary.h"

enum
{
  SLD_HEAD,
  SLD_TAIL,
  SLD_SOLVENT,
  RADIUS,
  THICK_HEAD,
  THICK_TAIL,
  N_PARAMETERS
};

static const SaxidShapeParameter parameters[N_PARAMETERS] = {
  [SLD_HEAD] = { "sld_head", "1e-6/Ang^2", 12.5, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
  [SLD_TAIL] = { "sld_tail", "1e-6/Ang^2", 7.5, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
  [SLD_SOLVENT] = { "sld_solvent", "1e-6/Ang^2", 9.44, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
  [RADIUS] = { "radius", "Ang", 250, 0, G_MAXDOUBLE, TRUE },
  [THICK_HEAD] = { "thick_head", "Ang", 8, 0, G_MAXDOUBLE, TRUE },
  [THICK_TAIL] = { "thick_tail", "Ang", 28, 0, G_MAXDOUBLE, TRUE },
};

static double
ball (double radius)
{
  return 4.0 / 3.0 * G_PI * radius * radius * radius;
}

static double
extent (const double *value)
{
  return value[RADIUS] + 2.0 * value[THICK_HEAD] + value[THICK_TAIL];
}

static double
volume (const double *value)
{
  return ball (extent (value));
}

/* V_o Phi_o - V_i Phi_i without the digits that a thin shell loses. */
SAXID_INLINE double
amplitude_shell (double q, double inner, double outer, double hole, double shell)
{
  const double at_outer = saxid_amplitude_sphere (q * outer);

  return shell * at_outer + hole * (at_outer - saxid_amplitude_sphere (q * inner));
}

static double
shell_volume (double inner, double thickness)
{
  return 4.0 / 3.0 * G_PI * thickness
         * (3.0 * inner * inner + 3.0 * inner * thickness + thickness * thickness);
}

SAXID_EVERY_PROCESSOR static void
square (const double *value, const SaxidOrientations *orientations G_GNUC_UNUSED, gsize n,
        const double *q, double *out)
{
  const double h = value[THICK_HEAD], t = value[THICK_TAIL];
  const double one = value[RADIUS], two = one + h, three = two + t, four = three + h;
  const double head = value[SLD_HEAD] - value[SLD_SOLVENT], tail = value[SLD_TAIL] - value[SLD_HEAD];
  const double lumen = ball (one), within = ball (two);
  const double all = shell_volume (one, 2.0 * h + t), middle = shell_volume (two, t);

  for (gsize k = 0; k < n; k++)
    {
      const double f = head * amplitude_shell (q[k], one, four, lumen, all)
                       + tail * amplitude_shell (q[k], two, three, within, middle);

      out[k] = f * f;
    }
}

const SaxidShape saxid_bilayer_vesicle = {
  .name = "bilayer_vesicle",
  .model = "core_multi_shell",
  .category = "Sphere",
  .title = "vesicle with a bilayer",
  .reference = "Kucerka 2004, doi:10.1103/PhysRevE.69.051903",
  .n_parameter = N_PARAMETERS,
  .parameter = parameters,
  .main_size = RADIUS,
  .power = 4,
  .volume = volume,
  .extent = extent,
  .square = square,
};
