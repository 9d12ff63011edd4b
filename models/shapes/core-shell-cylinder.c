/* How does a cylinder inside a shell scatter, the ends covered too, be it a rod
 * or a disc?
 *
 *   F(q, a) = (rho_core - rho_face) V_c Psi(R, L) + (rho_face - rho_rim) V_f Psi(R, L + 2 f)
 *             + (rho_rim - rho_solvent) V_w Psi(R + t, L + 2 f)
 *   Psi(R, L) = 2 J1(q R sin a) / (q R sin a) sinc(q L cos a / 2)
 *   averaged over orientations, normalised to the volume of the whole
 *
 * f: thickness of the shell on the faces, of density rho_face and radius R;
 * t: its thickness around the rim, over the whole length. SasView's bicelle, and
 * its core-shell cylinder where both thicknesses and both densities are the same.
 *
 * Livsey, J. Chem. Soc. Faraday Trans. 2, 83 (1987) 1445, doi:10.1039/F29878301445.
 *
 * Where the radius alone is distributed, the square of F has three terms (inner
 * disc, outer disc, cross), each a function of q sin a, averaged over the radius
 * and tabulated once, times functions of q cos a (see cylinder.c).
 *
 * Units: Å, 1e-6/Å^2, 1/Å. Thread: pure.
 */
#include "models/shapes/forms.h"

#include <string.h>

#include "models/shapes/rod.h"
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

enum
{
  DISC_RADIUS,
  DISC_THICK_RIM,
  DISC_THICK_FACE,
  DISC_LENGTH,
  DISC_SLD_CORE,
  DISC_SLD_FACE,
  DISC_SLD_RIM,
  DISC_SLD_SOLVENT,
  N_DISC_PARAMETERS
};

static const SaxidShapeParameter disc_parameters[N_DISC_PARAMETERS] = {
  [DISC_RADIUS] = { "radius", "Ang", 80, 0, G_MAXDOUBLE, TRUE },
  [DISC_THICK_RIM] = { "thick_rim", "Ang", 10, 0, G_MAXDOUBLE, TRUE },
  [DISC_THICK_FACE] = { "thick_face", "Ang", 10, 0, G_MAXDOUBLE, TRUE },
  [DISC_LENGTH] = { "length", "Ang", 50, 0, G_MAXDOUBLE, TRUE },
  [DISC_SLD_CORE] = { "sld_core", "1e-6/Ang^2", 1, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
  [DISC_SLD_FACE] = { "sld_face", "1e-6/Ang^2", 4, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
  [DISC_SLD_RIM] = { "sld_rim", "1e-6/Ang^2", 4, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
  [DISC_SLD_SOLVENT] = { "sld_solvent", "1e-6/Ang^2", 1, -G_MAXDOUBLE, G_MAXDOUBLE, FALSE },
};

/* One particle of either kind. */
typedef struct
{
  double radius, rim;      /* of the core, and what the shell adds */
  double length, face;     /* the same along the axis; faces are two */
  double core, lid, whole; /* the three differences of density */
} Layers;

static Layers
cylinder_layers (const double *value)
{
  return (Layers){ .radius = value[RADIUS],
                   .rim = value[THICKNESS],
                   .length = value[LENGTH],
                   .face = value[THICKNESS],
                   .core = value[SLD_CORE] - value[SLD_SHELL],
                   .whole = value[SLD_SHELL] - value[SLD_SOLVENT] };
}

static Layers
disc_layers (const double *value)
{
  return (Layers){ .radius = value[DISC_RADIUS],
                   .rim = value[DISC_THICK_RIM],
                   .length = value[DISC_LENGTH],
                   .face = value[DISC_THICK_FACE],
                   .core = value[DISC_SLD_CORE] - value[DISC_SLD_FACE],
                   .lid = value[DISC_SLD_FACE] - value[DISC_SLD_RIM],
                   .whole = value[DISC_SLD_RIM] - value[DISC_SLD_SOLVENT] };
}

static double
volume_of (const Layers *layers)
{
  const double outer = layers->radius + layers->rim;

  return G_PI * outer * outer * (layers->length + 2.0 * layers->face);
}

static double
extent_of (const Layers *layers)
{
  return hypot (layers->radius + layers->rim, 0.5 * layers->length + layers->face);
}

/* Amplitude along the axis, from q cos a: one factor for the inner disc, which
 * core and lids share, and one for the outer. */
typedef struct
{
  double core, lid, whole; /* difference of density times length */
  double half_core, half_whole;
} Axis;

static Axis
axis_of (const Layers *layers)
{
  const double whole = layers->length + 2.0 * layers->face;

  return (Axis){ layers->core * layers->length, layers->lid * whole, layers->whole * whole,
                 0.5 * layers->length, 0.5 * whole };
}

SAXID_EVERY_PROCESSOR static void
accumulate (double weight, const Axis *axis, double inner, double outer, double sine, double cosine,
            gsize n, const double *q, double *out)
{
  const Axis one = *axis;
  const double inner_area = G_PI * inner * inner, outer_area = G_PI * outer * outer;
  const double inner_across = inner * sine, outer_across = outer * sine;
  const double core_along = one.half_core * cosine, whole_along = one.half_whole * cosine;

  for (gsize k = 0; k < n; k++)
    {
      const double a = saxid_amplitude_rod (q[k] * core_along);
      const double b = saxid_amplitude_rod (q[k] * whole_along);
      const double f
          = inner_area * saxid_amplitude_disc (q[k] * inner_across) * (one.core * a + one.lid * b)
            + outer_area * saxid_amplitude_disc (q[k] * outer_across) * (one.whole * b);

      out[k] += weight * (f * f);
    }
}

static void
square_of (const Layers *layers, const SaxidOrientations *orientations, gsize n, const double *q,
           double *out)
{
  const Axis axis = axis_of (layers);

  memset (out, 0, n * sizeof *out);
  for (gsize k = 0; k < orientations->n; k++)
    accumulate (orientations->weight[k], &axis, layers->radius, layers->radius + layers->rim,
                orientations->sine[k], orientations->cosine[k], n, q, out);
}

/* One of the three terms over the mean of the squared outer radius. */
typedef struct
{
  double radius, rim, width;
  SaxidDistribution distribution;
  double add[2]; /* the two discs of the product have the radius + add */
} Across;

SAXID_EVERY_PROCESSOR static void
accumulate_discs (double weight, double one, double other, gsize n, const double *p, double *out)
{
  for (gsize k = 0; k < n; k++)
    out[k] += weight * saxid_amplitude_disc (p[k] * one) * saxid_amplitude_disc (p[k] * other);
}

SAXID_EVERY_PROCESSOR static void
accumulate_squares (double weight, double radius, gsize n, const double *p, double *out)
{
  for (gsize k = 0; k < n; k++)
    {
      const double f = saxid_amplitude_disc (p[k] * radius);

      out[k] += weight * (f * f);
    }
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
      const double outer = rule->x[k] + discs->rim;
      const double one = rule->x[k] + discs->add[0], other = rule->x[k] + discs->add[1];

      area += rule->weight[k] * outer * outer;
      if (discs->add[0] < discs->add[1])
        accumulate_discs (rule->weight[k] * one * one * other * other, one, other, n, p, out);
      else
        accumulate_squares (rule->weight[k] * one * one * one * one, one, n, p, out);
    }
  for (gsize k = 0; k < n; k++)
    out[k] /= area;
}

enum
{
  INNER,
  CROSS,
  OUTER,
  N_TERMS
};

typedef struct
{
  SaxidTable *table[N_TERMS];
  Axis axis;
  double scale; /* pi / length of the whole */
  SaxidRodSize size;
} Rods;

SAXID_EVERY_PROCESSOR static void
accumulate_rods (double weight, double sine, double cosine, const Rods *rods, gsize n, const double *q,
                 double *out)
{
  double *const *inner = rods->table[INNER]->coefficient;
  double *const *cross = rods->table[CROSS]->coefficient;
  double *const *outer = rods->table[OUTER]->coefficient;
  double *const c[] = { inner[0], inner[1], inner[2], inner[3], inner[4], inner[5] };
  double *const x[] = { cross[0], cross[1], cross[2], cross[3], cross[4], cross[5] };
  double *const w[] = { outer[0], outer[1], outer[2], outer[3], outer[4], outer[5] };
  const double per_unit = rods->table[INNER]->per_unit * sine;
  const Axis axis = rods->axis;
  const double core_along = axis.half_core * cosine, whole_along = axis.half_whole * cosine;

  for (gsize k = 0; k < n; k++)
    {
      const SaxidTablePlace place = saxid_table_place (per_unit, q[k]);
      const double a = saxid_amplitude_rod (q[k] * core_along);
      const double b = saxid_amplitude_rod (q[k] * whole_along);
      const double inside = axis.core * a + axis.lid * b, outside = axis.whole * b;

      out[k] += weight
                * (inside * inside * saxid_table_at (c, place)
                   + 2.0 * inside * outside * saxid_table_at (x, place)
                   + outside * outside * saxid_table_at (w, place));
    }
}

/* Where the oscillation along the axis is left out (rod.h). */
SAXID_EVERY_PROCESSOR static void
accumulate_smooth (double weight, double sine, double cosine, const Rods *rods, gsize n,
                   const double *q, double *out)
{
  double *const *inner = rods->table[INNER]->coefficient;
  double *const *cross = rods->table[CROSS]->coefficient;
  double *const *outer = rods->table[OUTER]->coefficient;
  double *const c[] = { inner[0], inner[1], inner[2], inner[3], inner[4], inner[5] };
  double *const x[] = { cross[0], cross[1], cross[2], cross[3], cross[4], cross[5] };
  double *const w[] = { outer[0], outer[1], outer[2], outer[3], outer[4], outer[5] };
  const double per_unit = rods->table[INNER]->per_unit * sine;
  const Axis axis = rods->axis;
  const double core = axis.core / axis.half_core, lid = axis.lid / axis.half_whole;
  const double whole = axis.whole / axis.half_whole;
  const double apart = (axis.half_whole - axis.half_core) * cosine;

  for (gsize k = 0; k < n; k++)
    {
      const SaxidTablePlace place = saxid_table_place (per_unit, q[k]);
      double sine_apart, cosine_apart;

      saxid_sincos (q[k] * apart, &sine_apart, &cosine_apart);
      out[k] += 0.5 * weight / (q[k] * q[k])
                * ((core * core + lid * lid + 2.0 * core * lid * cosine_apart)
                       * saxid_table_at (c, place)
                   + 2.0 * whole * (core * cosine_apart + lid) * saxid_table_at (x, place)
                   + whole * whole * saxid_table_at (w, place));
    }
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
        accumulate_rods (rod->scale * rule->full[k], rule->sine[k], rule->cosine[k], rod, n, q, out);
      if (rule->smooth[k] > 0)
        accumulate_smooth (rod->scale * rule->smooth[k], rule->sine[k], rule->cosine[k], rod, n, q,
                           out);
    }
}

/* What is common to cylinders that differ in their length. */
static void
prepare_rods (const Layers *layers, double width, SaxidDistribution distribution, double last, Rods *rod)
{
  const double radius = layers->radius, rim = layers->rim;
  const double add[N_TERMS][2] = { { 0, 0 }, { 0, rim }, { rim, rim } };
  const double outer
      = rim + saxid_distribution_largest (distribution, radius, width, saxid_core_shell_cylinder.power);

  for (guint term = 0; term < N_TERMS; term++)
    {
      const Across discs = { radius, rim, width, distribution, { add[term][0], add[term][1] } };

      rod->table[term] = saxid_table_new (across, &discs, outer, last);
    }
  rod->size = (SaxidRodSize) { .apart = layers->face, .radius = outer, .rim = rim,
                               .fading = 0.5 * saxid_distribution_band (distribution, radius, width) };
}

static void
clear_rods (Rods *rod)
{
  for (guint term = 0; term < N_TERMS; term++)
    saxid_table_free (rod->table[term]);
}

static void
population_of (const Layers *layers, double width, SaxidDistribution distribution, gsize n, const double *q,
               double *out)
{
  Rods rod = { .axis = axis_of (layers) };

  prepare_rods (layers, width, distribution, q[n - 1], &rod);
  /* Amplitudes over pi R^2, and the volume over pi R^2 too. */
  rod.scale = G_PI / (2.0 * rod.axis.half_whole);
  rod.size.shortest = rod.axis.half_core;
  rod.size.longest = rod.axis.half_whole;
  saxid_sample (rods, &rod, hypot (rod.size.radius, rod.size.longest), n, q, out);
  clear_rods (&rod);
}

/* Cylinders that differ in length too: the three terms along the axis are tabulated as
 * well, as weighted sums over the lengths. */
typedef struct
{
  const Layers *layers;
  const SaxidShapeSizes *lengths;
  guint term;
} Along;

SAXID_EVERY_PROCESSOR static void
accumulate_along (double weight, const Axis *axis, guint term, gsize n, const double *p, double *out)
{
  const Axis one = *axis;
  /* inside inside, inside outside, outside outside */
  const double in = term == OUTER ? 0.0 : 1.0, twice = term == INNER ? 1.0 : 0.0;

  for (gsize k = 0; k < n; k++)
    {
      const double a = saxid_amplitude_rod (p[k] * one.half_core);
      const double b = saxid_amplitude_rod (p[k] * one.half_whole);
      const double inside = one.core * a + one.lid * b, outside = one.whole * b;
      const double first = in * inside + (1.0 - in) * outside, second = twice * inside + (1.0 - twice) * outside;

      out[k] += weight * first * second;
    }
}

static void
along (gconstpointer data, gsize n, const double *p, double *out)
{
  const Along *self = data;

  memset (out, 0, n * sizeof *out);
  for (gsize j = 0; j < self->lengths->n; j++)
    {
      Layers layers = *self->layers;
      Axis axis;

      layers.length = self->lengths->size[j];
      axis = axis_of (&layers);
      accumulate_along (self->lengths->weight[j] * G_PI / (2.0 * axis.half_whole), &axis, self->term, n, p, out);
    }
}

typedef struct
{
  Rods rods;           /* tables, axis (densities over half lengths), size */
  SaxidTable *along[N_TERMS];
  double smooth_scale; /* the weighted sum of pi / length of the whole */
} ManyRods;

SAXID_EVERY_PROCESSOR static void
accumulate_many (double weight, double sine, double cosine, const SaxidTable *across, const SaxidTable *axis, gsize n,
                 const double *q, double *out)
{
  double *const *one = across->coefficient, *const *other = axis->coefficient;
  double *const c[] = { one[0], one[1], one[2], one[3], one[4], one[5] };
  double *const a[] = { other[0], other[1], other[2], other[3], other[4], other[5] };
  const double per_across = across->per_unit * sine, per_along = axis->per_unit * cosine;

  for (gsize k = 0; k < n; k++)
    out[k] += weight * saxid_table_at (c, saxid_table_place (per_across, q[k]))
              * saxid_table_at (a, saxid_table_place (per_along, q[k]));
}

static void
many_rods (gconstpointer data, gsize n, const double *q, double *out)
{
  const ManyRods *many = data;
  const Rods *rod = &many->rods;
  g_autoptr (SaxidRodRule) rule = saxid_rod_rule (q[0], q[n - 1], &rod->size);

  memset (out, 0, n * sizeof *out);
  for (gsize k = 0; k < rule->n; k++)
    {
      for (guint term = 0; rule->full[k] > 0 && term < N_TERMS; term++)
        accumulate_many ((term == CROSS ? 2.0 : 1.0) * rule->full[k], rule->sine[k], rule->cosine[k],
                         rod->table[term], many->along[term], n, q, out);
      if (rule->smooth[k] > 0)
        accumulate_smooth (many->smooth_scale * rule->smooth[k], rule->sine[k], rule->cosine[k], rod, n, q, out);
    }
}

static void
population_sum_of (const Layers *layers, double width, SaxidDistribution distribution, const SaxidShapeSizes *lengths,
                   gsize n, const double *q, double *out)
{
  /* what is left of the amplitudes where they are smooth has the lengths divided out */
  ManyRods many = { .rods = { .axis = axis_of (layers) } };
  SaxidRodSize *size = &many.rods.size;

  prepare_rods (layers, width, distribution, q[n - 1], &many.rods);
  size->shortest = G_MAXDOUBLE;
  for (gsize j = 0; j < lengths->n; j++)
    {
      const double half = 0.5 * lengths->size[j];

      size->shortest = MIN (size->shortest, half);
      size->longest = MAX (size->longest, half + layers->face);
      many.smooth_scale += lengths->weight[j] * G_PI / (2.0 * (half + layers->face));
    }
  for (guint term = 0; term < N_TERMS; term++)
    {
      const Along axis = { layers, lengths, term };

      many.along[term] = saxid_table_new (along, &axis, size->longest, q[n - 1]);
    }
  saxid_sample (many_rods, &many, hypot (size->radius, size->longest), n, q, out);
  for (guint term = 0; term < N_TERMS; term++)
    saxid_table_free (many.along[term]);
  clear_rods (&many.rods);
}

/* The functions of one row of the table, from its parameters. */
#define FUNCTIONS(kind_, length_)                                                                      \
  static double kind_##_volume (const double *value)                                                   \
  {                                                                                                    \
    const Layers layers = kind_##_layers (value);                                                      \
                                                                                                       \
    return volume_of (&layers);                                                                        \
  }                                                                                                    \
                                                                                                       \
  static double kind_##_extent (const double *value)                                                   \
  {                                                                                                    \
    const Layers layers = kind_##_layers (value);                                                      \
                                                                                                       \
    return extent_of (&layers);                                                                        \
  }                                                                                                    \
                                                                                                       \
  static void kind_##_square (const double *value, const SaxidOrientations *orientations, gsize n,     \
                              const double *q, double *out)                                            \
  {                                                                                                    \
    const Layers layers = kind_##_layers (value);                                                      \
                                                                                                       \
    square_of (&layers, orientations, n, q, out);                                                      \
  }                                                                                                    \
                                                                                                       \
  static void kind_##_population (const double *value, double width, SaxidDistribution distribution,   \
                                  gsize n, const double *q, double *out)                               \
  {                                                                                                    \
    const Layers layers = kind_##_layers (value);                                                      \
                                                                                                       \
    population_of (&layers, width, distribution, n, q, out);                                           \
  }                                                                                                    \
                                                                                                       \
  static gboolean kind_##_population_sum (const double *value, double width,                           \
                                          SaxidDistribution distribution, const SaxidShapeSizes *sizes, \
                                          gsize n, const double *q, double *out)                       \
  {                                                                                                    \
    const Layers layers = kind_##_layers (value);                                                      \
                                                                                                       \
    if (sizes->parameter != length_)                                                                   \
      return FALSE;                                                                                    \
    population_sum_of (&layers, width, distribution, sizes, n, q, out);                                \
    return TRUE;                                                                                       \
  }

FUNCTIONS (cylinder, LENGTH)
FUNCTIONS (disc, DISC_LENGTH)

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
  .volume = cylinder_volume,
  .extent = cylinder_extent,
  .span = cylinder_extent,
  .square = cylinder_square,
  .population = cylinder_population,
  .population_sum = cylinder_population_sum,
};

const SaxidShape saxid_core_shell_disc = {
  .name = "core_shell_disc",
  .model = "core_shell_bicelle",
  .category = "Cylinder",
  .title = "core-shell disc",
  .reference = "Livsey 1987, doi:10.1039/F29878301445",
  .n_parameter = N_DISC_PARAMETERS,
  .parameter = disc_parameters,
  .main_size = DISC_RADIUS,
  .power = 4,
  .volume = disc_volume,
  .extent = disc_extent,
  .span = disc_extent,
  .square = disc_square,
  .population = disc_population,
  .population_sum = disc_population_sum,
};
