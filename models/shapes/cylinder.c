/* How does a cylinder scatter, be it a rod or a disc?
 *
 *   <F^2>(q) = (drho V)^2 int_0^(pi/2) [ 2 J1(q R sin a) / (q R sin a) ]^2
 *                                      sinc^2(q L cos a / 2) sin a da,   V = pi R^2 L
 *
 * Fournet, Bull. Soc. Fr. Mineral. Cristallogr. 74 (1951) 39, doi:10.3406/bulmi.1951.4767.
 *
 * Where the radius alone is distributed, its average g(p) = <R^4 [2 J1(pR)/(pR)]^2>
 * is a function of p = q sin a only: it is tabulated once, and what is left for
 * each q is one integral over a of g(q sin a) sinc^2(q L cos a / 2) sin a.
 *
 * Units: Å, 1e-6/Å^2, 1/Å. Thread: pure.
 */
#include "models/shapes/forms.h"

#include <string.h>

#include "models/shapes/rod.h"
#include "models/shapes/table.h"

enum
{
  SLD,
  SLD_SOLVENT,
  RADIUS,
  LENGTH,
  N_PARAMETERS
};

#define REST                                                                                           \
  [SLD] = { "sld", "1e-6/Ang^2", 4, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },                                \
  [SLD_SOLVENT] = { "sld_solvent", "1e-6/Ang^2", 1, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE }

static const SaxidShapeParameter rod_parameters[N_PARAMETERS] = {
  REST,
  [RADIUS] = { "radius", "Ang", 20, 0, G_MAXDOUBLE, TRUE },
  [LENGTH] = { "length", "Ang", 400, 0, G_MAXDOUBLE, TRUE },
};

static const SaxidShapeParameter disc_parameters[N_PARAMETERS] = {
  REST,
  [RADIUS] = { "radius", "Ang", 200, 0, G_MAXDOUBLE, TRUE },
  [LENGTH] = { "length", "Ang", 40, 0, G_MAXDOUBLE, TRUE },
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
square (const double *value, const SaxidOrientations *orientations, gsize n, const double *q,
        double *out)
{
  const double scale = (value[SLD] - value[SLD_SOLVENT]) * volume (value);

  memset (out, 0, n * sizeof *out);
  for (gsize k = 0; k < orientations->n; k++)
    accumulate (scale * scale * orientations->weight[k], value[RADIUS] * orientations->sine[k],
                0.5 * value[LENGTH] * orientations->cosine[k], n, q, out);
}

/* g(p), as one sum over the radii. */
typedef struct
{
  double radius, width;
  SaxidDistribution distribution;
} Across;

SAXID_EVERY_PROCESSOR static void
accumulate_discs (double weight, double radius, gsize n, const double *p, double *out)
{
  for (gsize k = 0; k < n; k++)
    {
      double f = saxid_amplitude_disc (p[k] * radius);

      out[k] += weight * (f * f);
    }
}

static void
across (gconstpointer data, gsize n, const double *p, double *out)
{
  const Across *discs = data;
  g_autoptr (SaxidRule) rule = saxid_distribution_rule (
      discs->distribution, discs->radius, discs->width, saxid_cylinder.power, 2.0 * p[n - 1]);
  double area = 0;

  memset (out, 0, n * sizeof *out);
  for (gsize k = 0; k < rule->n; k++)
    {
      const double square_radius = rule->x[k] * rule->x[k];

      area += rule->weight[k] * square_radius;
      accumulate_discs (rule->weight[k] * square_radius * square_radius, rule->x[k], n, p, out);
    }
  for (gsize k = 0; k < n; k++)
    out[k] /= area;
}

typedef struct
{
  const SaxidTable *table; /* g / <R^2> */
  double scale, half;      /* contrast^2 pi L, L / 2 */
  SaxidRodSize size;
} Rods;

SAXID_EVERY_PROCESSOR static void
accumulate_rods (double weight, double sine, double along, const SaxidTable *table, gsize n,
                 const double *q, double *out)
{
  double *const coefficient[SAXID_TABLE_ORDER]
      = { table->coefficient[0], table->coefficient[1], table->coefficient[2],
          table->coefficient[3], table->coefficient[4], table->coefficient[5] };
  const double per_unit = table->per_unit * sine;

  for (gsize k = 0; k < n; k++)
    {
      const double f = saxid_amplitude_rod (q[k] * along);

      out[k] += weight * (f * f) * saxid_table_at (coefficient, saxid_table_place (per_unit, q[k]));
    }
}

/* Cylinders that differ in length too: what is along the axis is tabulated as well. */
typedef struct
{
  const SaxidTable *table, *axis;
  double scale;  /* contrast^2 pi */
  double smooth; /* the weighted sum of L / (L / 2)^2 */
  SaxidRodSize size;
} ManyRods;

SAXID_EVERY_PROCESSOR static void
accumulate_squares (double weight, double half, gsize n, const double *p, double *out)
{
  for (gsize k = 0; k < n; k++)
    {
      const double f = saxid_amplitude_rod (p[k] * half);

      out[k] += weight * (f * f);
    }
}

SAXID_EVERY_PROCESSOR static void
accumulate_many (double weight, double sine, double cosine, const ManyRods *rods, gsize n, const double *q, double *out)
{
  double *const *across = rods->table->coefficient, *const *along = rods->axis->coefficient;
  double *const c[] = { across[0], across[1], across[2], across[3], across[4], across[5] };
  double *const a[] = { along[0], along[1], along[2], along[3], along[4], along[5] };
  const double per_across = rods->table->per_unit * sine, per_along = rods->axis->per_unit * cosine;

  for (gsize k = 0; k < n; k++)
    out[k] += weight * saxid_table_at (c, saxid_table_place (per_across, q[k]))
              * saxid_table_at (a, saxid_table_place (per_along, q[k]));
}

/* Where the oscillation along the axis is left out (rod.h). */
SAXID_EVERY_PROCESSOR static void
accumulate_smooth (double weight, double sine, const SaxidTable *table, gsize n, const double *q,
                   double *out)
{
  double *const coefficient[SAXID_TABLE_ORDER]
      = { table->coefficient[0], table->coefficient[1], table->coefficient[2],
          table->coefficient[3], table->coefficient[4], table->coefficient[5] };
  const double per_unit = table->per_unit * sine;

  for (gsize k = 0; k < n; k++)
    out[k] += weight / (q[k] * q[k]) * saxid_table_at (coefficient, saxid_table_place (per_unit, q[k]));
}

static void
rods (gconstpointer data, gsize n, const double *q, double *out)
{
  const Rods *rod = data;
  g_autoptr (SaxidRodRule) rule = saxid_rod_rule (q[0], q[n - 1], &rod->size);

  memset (out, 0, n * sizeof *out);
  for (gsize k = 0; k < rule->n; k++)
    {
      if (rule->full[k] > 0)
        accumulate_rods (rod->scale * rule->full[k], rule->sine[k], rod->half * rule->cosine[k],
                         rod->table, n, q, out);
      if (rule->smooth[k] > 0)
        accumulate_smooth (0.5 * rod->scale * rule->smooth[k] / (rod->half * rod->half), rule->sine[k],
                           rod->table, n, q, out);
    }
}

/* What cylinders of several lengths have of q cos a: the weighted sum of L sinc^2. */
static void
along (gconstpointer data, gsize n, const double *p, double *out)
{
  const SaxidShapeSizes *lengths = data;

  memset (out, 0, n * sizeof *out);
  for (gsize j = 0; j < lengths->n; j++)
    accumulate_squares (lengths->weight[j] * lengths->size[j], 0.5 * lengths->size[j], n, p, out);
}

static void
many_rods (gconstpointer data, gsize n, const double *q, double *out)
{
  const ManyRods *rods = data;
  g_autoptr (SaxidRodRule) rule = saxid_rod_rule (q[0], q[n - 1], &rods->size);

  memset (out, 0, n * sizeof *out);
  for (gsize k = 0; k < rule->n; k++)
    {
      if (rule->full[k] > 0)
        accumulate_many (rods->scale * rule->full[k], rule->sine[k], rule->cosine[k], rods, n, q, out);
      if (rule->smooth[k] > 0)
        accumulate_smooth (0.5 * rods->scale * rods->smooth * rule->smooth[k], rule->sine[k], rods->table, n, q, out);
    }
}

static gboolean
population_sum (const double *value, double width, SaxidDistribution distribution, const SaxidShapeSizes *lengths,
                gsize n, const double *q, double *out)
{
  const Across discs = { value[RADIUS], width, distribution };
  const double largest
      = saxid_distribution_largest (distribution, value[RADIUS], width, saxid_cylinder.power);
  const double contrast = value[SLD] - value[SLD_SOLVENT];
  double shortest = G_MAXDOUBLE, longest = 0, smooth = 0;

  if (lengths->parameter != LENGTH)
    return FALSE;
  for (gsize j = 0; j < lengths->n; j++)
    {
      shortest = MIN (shortest, 0.5 * lengths->size[j]);
      longest = MAX (longest, 0.5 * lengths->size[j]);
      smooth += 4.0 * lengths->weight[j] / lengths->size[j];
    }
  {
    g_autoptr (SaxidTable) table = saxid_table_new (across, &discs, largest, q[n - 1]);
    g_autoptr (SaxidTable) axis = saxid_table_new (along, lengths, longest, q[n - 1]);
    const ManyRods rods = { table, axis, contrast * contrast * G_PI, smooth,
                            { shortest, longest, 0, largest, 0,
                              0.5 * saxid_distribution_band (distribution, value[RADIUS], width) } };

    saxid_sample (many_rods, &rods, hypot (largest, longest), n, q, out);
  }
  return TRUE;
}

static void
population (const double *value, double width, SaxidDistribution distribution, gsize n, const double *q,
            double *out)
{
  const Across discs = { value[RADIUS], width, distribution };
  const double largest
      = saxid_distribution_largest (distribution, value[RADIUS], width, saxid_cylinder.power);
  const double contrast = value[SLD] - value[SLD_SOLVENT];
  g_autoptr (SaxidTable) table = saxid_table_new (across, &discs, largest, q[n - 1]);
  const Rods rod = { table, contrast * contrast * G_PI * value[LENGTH], 0.5 * value[LENGTH],
                     { 0.5 * value[LENGTH], 0.5 * value[LENGTH], 0, largest, 0,
                       0.5 * saxid_distribution_band (distribution, value[RADIUS], width) } };

  saxid_sample (rods, &rod, hypot (largest, rod.half), n, q, out);
}

#define CYLINDER(name_, title_, parameters_)                                                           \
  {                                                                                                    \
    .name = name_, .model = "cylinder", .category = "Cylinder", .title = title_,                       \
    .reference = "Fournet 1951, doi:10.3406/bulmi.1951.4767", .n_parameter = N_PARAMETERS,             \
    .parameter = parameters_, .main_size = RADIUS, .power = 4, .volume = volume, .extent = extent,     \
    .span = extent, .square = square, .population = population, .population_sum = population_sum,       \
  }

const SaxidShape saxid_cylinder = CYLINDER ("cylinder", "cylinder", rod_parameters);
const SaxidShape saxid_disc = CYLINDER ("disc", "disc", disc_parameters);
