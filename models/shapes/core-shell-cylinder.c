/* How does a cylinder inside a shell scatter, the ends covered too?
 *
 *   F(q, a) = (rho_core - rho_shell) V_c Psi(R, L) + (rho_shell - rho_solvent) V_s Psi(R + t, L + 2 t)
 *   Psi(R, L) = 2 J1(q R sin a) / (q R sin a) sinc(q L cos a / 2)
 *   averaged over orientations, normalised to the volume of the whole
 *
 * Livsey, J. Chem. Soc. Faraday Trans. 2, 83 (1987) 1445, doi:10.1039/F29878301445.
 *
 * Where the radius alone is distributed, the square of the sum has three terms
 * (core, whole, cross), each a function of q sin a, averaged over the radius and
 * tabulated once, times a product of sinc of q cos a (see cylinder.c).
 *
 * Units: Å, 1e-6/Å^2, 1/Å. Thread: pure.
 */
#include "models/shapes/forms.h"

#include <string.h>

#include "models/shapes/table.h"

enum
{
  SLD_CORE,
  SLD_SHELL,
  SLD_SOLVENT,
  RADIUS,
  THICKNESS,
  LENGTH,
  N_PARAMETERS
};

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
      double f
          = c.scale * saxid_amplitude_disc (q[k] * c.across) * saxid_amplitude_rod (q[k] * c.along)
            + w.scale * saxid_amplitude_disc (q[k] * w.across) * saxid_amplitude_rod (q[k] * w.along);

      out[k] += weight * (f * f);
    }
}

static void
square (const double *value, const SaxidOrientations *orientations, gsize n, const double *q,
        double *out)
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

/* One of the three terms over the mean of the squared outer radius. */
typedef struct
{
  double radius, thickness, width;
  SaxidDistribution distribution;
  double add[2]; /* the two discs of the product have the radius + add */
} Across;

SAXID_EVERY_PROCESSOR static void
accumulate_discs (double weight, double one, double other, gsize n, const double *p, double *out)
{
  for (gsize k = 0; k < n; k++)
    out[k] += weight * saxid_amplitude_disc (p[k] * one) * saxid_amplitude_disc (p[k] * other);
}

static void
across (gconstpointer data, gsize n, const double *p, double *out)
{
  const Across *discs = data;
  g_autoptr (SaxidRule) rule
      = saxid_distribution_rule (discs->distribution, discs->radius, discs->width,
                                 saxid_core_shell_cylinder.power, 2.0 * p[n - 1]);
  double area = 0;

  memset (out, 0, n * sizeof *out);
  for (gsize k = 0; k < rule->n; k++)
    {
      const double outer = rule->x[k] + discs->thickness;
      const double one = rule->x[k] + discs->add[0], other = rule->x[k] + discs->add[1];

      area += rule->weight[k] * outer * outer;
      accumulate_discs (rule->weight[k] * one * one * other * other, one, other, n, p, out);
    }
  for (gsize k = 0; k < n; k++)
    out[k] /= area;
}

enum
{
  CORE,
  CROSS,
  WHOLE,
  N_TERMS
};

typedef struct
{
  const SaxidTable *table[N_TERMS];
  double scale[N_TERMS];
  double half_core, half_whole;
  double largest; /* how far the surface reaches */
} Rods;

SAXID_EVERY_PROCESSOR static void
accumulate_rods (double weight, double sine, double cosine, const Rods *rods, gsize n, const double *q,
                 double *out)
{
  double *const *core = rods->table[CORE]->coefficient;
  double *const *cross = rods->table[CROSS]->coefficient;
  double *const *whole = rods->table[WHOLE]->coefficient;
  double *const c[] = { core[0], core[1], core[2], core[3], core[4], core[5] };
  double *const x[] = { cross[0], cross[1], cross[2], cross[3], cross[4], cross[5] };
  double *const w[] = { whole[0], whole[1], whole[2], whole[3], whole[4], whole[5] };
  const double per_unit = rods->table[CORE]->per_unit * sine;
  const double core_scale = weight * rods->scale[CORE], cross_scale = weight * rods->scale[CROSS];
  const double whole_scale = weight * rods->scale[WHOLE];
  const double core_along = rods->half_core * cosine, whole_along = rods->half_whole * cosine;

  for (gsize k = 0; k < n; k++)
    {
      const SaxidTablePlace place = saxid_table_place (per_unit, q[k]);
      const double a = saxid_amplitude_rod (q[k] * core_along);
      const double b = saxid_amplitude_rod (q[k] * whole_along);

      out[k] += core_scale * (a * a) * saxid_table_at (c, place)
                + cross_scale * (a * b) * saxid_table_at (x, place)
                + whole_scale * (b * b) * saxid_table_at (w, place);
    }
}

static void
rods (gconstpointer data, gsize n, const double *q, double *out)
{
  const Rods *rod = data;
  g_autoptr (SaxidOrientations) orientations = saxid_orientations_new ();

  saxid_orientations_fit (orientations, G_PI * q[n - 1] * rod->largest);
  memset (out, 0, n * sizeof *out);
  for (gsize k = 0; k < orientations->n; k++)
    accumulate_rods (orientations->weight[k], orientations->sine[k], orientations->cosine[k], rod, n, q,
                     out);
}

static void
population (const double *value, double width, SaxidDistribution distribution, gsize n, const double *q,
            double *out)
{
  const double radius = value[RADIUS], thickness = value[THICKNESS], length = value[LENGTH];
  const double outer
      = thickness
        + saxid_distribution_largest (distribution, radius, width, saxid_core_shell_cylinder.power);
  const double outer_length = length + 2.0 * thickness;
  /* Amplitudes over pi R^2, and the volume over pi R^2 too. */
  const double core = (value[SLD_CORE] - value[SLD_SHELL]) * length;
  const double whole = (value[SLD_SHELL] - value[SLD_SOLVENT]) * outer_length;
  const double unit = G_PI / outer_length;
  const double add[N_TERMS][2] = { { 0, 0 }, { 0, thickness }, { thickness, thickness } };
  SaxidTable *table[N_TERMS];
  Rods rod = { .scale = { unit * core * core, unit * 2.0 * core * whole, unit * whole * whole },
               .half_core = 0.5 * length,
               .half_whole = 0.5 * outer_length,
               .largest = hypot (outer, 0.5 * outer_length) };

  for (guint term = 0; term < N_TERMS; term++)
    {
      const Across discs = { radius, thickness, width, distribution, { add[term][0], add[term][1] } };

      table[term] = saxid_table_new (across, &discs, outer, q[n - 1]);
      rod.table[term] = table[term];
    }
  saxid_sample (rods, &rod, rod.largest, n, q, out);
  for (guint term = 0; term < N_TERMS; term++)
    saxid_table_free (table[term]);
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
  .population = population,
};
