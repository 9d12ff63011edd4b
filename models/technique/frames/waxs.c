/* What does a frame of wide-angle scattering in transmission look like?
 *
 * Rings at |q| of the reflections of random cells, as powder, bunched into arcs, or as the
 * spots of grains; halos of what is amorphous; fibres; single crystals. With it the Compton
 * background, the polarisation of the beam and the solid angle of a flat detector.
 *
 * Thread: pure.
 */
#include "models/technique/frames/scene.h"

#include <math.h>

#define GROUPS 3       /* of rings that are oriented alike */
#define MOST_RINGS 160
#define MOST_INDEX 9
#define BEHENATE 0.1076 /* 1/Å, the first line; Huang et al. (1993), doi:10.1107/S0021889892009762 */

typedef struct
{
  const SaxidStage *stage;
  SaxidRandom *random;
  double q_min, q_max, blur;
  guint n;
  double q[MOST_RINGS], height[MOST_RINGS];
} Crystal;

typedef struct
{
  SaxidRadialTable table[GROUPS];
  double angle[GROUPS], bunch[GROUPS], floor[GROUPS]; /* bunch 0: round */
  guint n;
} Rings;

/* 1/d² of a cubic, hexagonal or monoclinic cell times 4π². */
static double
square_of (guint kind, const double cell[4], int h, int k, int l)
{
  const double a = cell[0], b = cell[1], c = cell[2], sine = sin (cell[3]), cosine = cos (cell[3]);

  if (kind == 0)
    return (h * h + k * k + l * l) / (a * a);
  if (kind == 1)
    return 4.0 / 3 * (h * h + h * k + k * k) / (a * a) + l * l / (c * c);
  return (h * h / (a * a) + k * k * sine * sine / (b * b) + l * l / (c * c) - 2 * h * l * cosine / (a * c)) / (sine * sine);
}

/* centring: P, I, F; density: of those that are allowed; spread: of ln strength. */
static void
find_rings (Crystal *crystal, guint kind, const double cell[4], guint centring, double density, double spread)
{
  crystal->n = 0;
  for (int h = 0; h < MOST_INDEX; h++)
    for (int k = 0; k < MOST_INDEX; k++)
      for (int l = kind == 2 ? -MOST_INDEX : 0; l < MOST_INDEX; l++)
        {
          const double q = 2 * G_PI * sqrt (square_of (kind, cell, h, k, l));
          const gboolean odd = (h + k + l) % 2 != 0, mixed = (h + k) % 2 != 0 || (h + l) % 2 != 0;

          if (crystal->n == MOST_RINGS || !(q > crystal->q_min && q < crystal->q_max) || (centring == 1 && odd)
              || (centring == 2 && mixed) || !saxid_chance (crystal->random, density))
            continue;
          crystal->q[crystal->n] = q;
          crystal->height[crystal->n++] = exp (spread * saxid_chance_normal (crystal->random) - pow (q / 8, 2));
        }
}

static void
draw_crystal (Crystal *crystal, double density)
{
  SaxidRandom *random = crystal->random;
  const guint kind = saxid_chance_index (random, 3);
  const double cell[] = { saxid_random_log_uniform (random, 3, 14), saxid_random_log_uniform (random, 3, 14),
                          saxid_random_log_uniform (random, 3, 14), saxid_random_uniform (random, 1.58, 2.1) };

  find_rings (crystal, kind, cell, saxid_chance_index (random, 3), density, 1.4);
}

/* Width of a ring: of the crystallites and of a pixel. */
static double
draw_width (const Crystal *crystal, double q)
{
  return hypot (crystal->blur, q * saxid_random_log_uniform (crystal->random, 5e-4, 8e-3));
}

static void
fill_powder (Crystal *crystal, Rings *rings, G_GNUC_UNUSED float *image)
{
  const double share = saxid_random_unit (crystal->random), width = draw_width (crystal, 2);

  draw_crystal (crystal, saxid_random_uniform (crystal->random, 0.2, 1));
  for (guint k = 0; k < crystal->n; k++)
    saxid_radial_line (&rings->table[0], crystal->q[k], width, crystal->height[k], share);
}

static void
add_halo (Crystal *crystal, SaxidRadialTable *table, double height)
{
  saxid_radial_line (table, saxid_random_uniform (crystal->random, 0.5, 2.2),
                     saxid_random_uniform (crystal->random, 0.12, 0.5), height, 0.4);
}

static void
fill_amorphous (Crystal *crystal, Rings *rings, G_GNUC_UNUSED float *image)
{
  const guint n = 1 + saxid_chance_index (crystal->random, 3);

  for (guint k = 0; k < n; k++)
    add_halo (crystal, &rings->table[0], saxid_random_log_uniform (crystal->random, 0.2, 1));
  if (saxid_chance (crystal->random, 0.4))
    saxid_radial_line (&rings->table[0], saxid_random_uniform (crystal->random, 2.5, 5.5), 0.6, 0.3, 0.3);
}

static void
fill_semicrystalline (Crystal *crystal, Rings *rings, float *image)
{
  const guint n = 2 + saxid_chance_index (crystal->random, 6);

  fill_amorphous (crystal, rings, image);
  for (guint k = 0; k < n; k++)
    {
      const double q = saxid_random_uniform (crystal->random, 0.4, 3.2);

      saxid_radial_line (&rings->table[0], q, hypot (crystal->blur, q * saxid_random_log_uniform (crystal->random, 0.004, 0.04)),
                         saxid_random_log_uniform (crystal->random, 0.1, 4), 0.6);
    }
}

/* What distance and wavelength are found with: lanthanum hexaboride, ceria, silicon, corundum, gold,
 * silver behenate. Rings of known cells, of smooth strengths, all around. */
static void
fill_calibrant (Crystal *crystal, Rings *rings, G_GNUC_UNUSED float *image)
{
  static const struct
  {
    guint kind, centring;
    double a, c;
  } cells[] = { { 0, 0, 4.157, 4.157 }, { 0, 0, 4.157, 4.157 }, { 0, 2, 5.411, 5.411 }, { 0, 2, 5.431, 5.431 },
                { 1, 0, 4.759, 12.99 }, { 0, 2, 4.078, 4.078 }, { 0, 0, 0, 0 } };
  const guint which = saxid_chance_index (crystal->random, G_N_ELEMENTS (cells));
  const double width = draw_width (crystal, 1), share = saxid_random_unit (crystal->random);
  const double cell[] = { cells[which].a, cells[which].a, cells[which].c, G_PI / 2 };

  if (cell[0] > 0)
    find_rings (crystal, cells[which].kind, cell, cells[which].centring, 1, 0.7);
  else
    for (crystal->n = 0; crystal->n < 16; crystal->n++)
      {
        crystal->q[crystal->n] = BEHENATE * (crystal->n + 1);
        crystal->height[crystal->n] = exp (0.5 * saxid_chance_normal (crystal->random) - 0.12 * crystal->n);
      }
  for (guint k = 0; k < crystal->n; k++)
    saxid_radial_line (&rings->table[0], crystal->q[k], width, crystal->height[k], share);
  if (cell[0] == 0) /* its chains, side by side */
    saxid_radial_line (&rings->table[0], 1.37, 0.03, 0.2, 0.5);
}

static void
bunch_groups (Crystal *crystal, Rings *rings, double least, double most)
{
  const double about = saxid_random_uniform (crystal->random, 0, G_PI);

  rings->n = GROUPS;
  for (guint k = 0; k < GROUPS; k++)
    {
      rings->angle[k] = about + (k == 0 ? 0 : k == 1 ? G_PI / 2 : saxid_random_uniform (crystal->random, 0.3, 1.3));
      rings->bunch[k] = saxid_random_log_uniform (crystal->random, least, most);
      rings->floor[k] = saxid_random_log_uniform (crystal->random, 0.003, 0.6);
    }
}

static void
fill_texture (Crystal *crystal, Rings *rings, G_GNUC_UNUSED float *image)
{
  const double width = draw_width (crystal, 2), share = saxid_random_unit (crystal->random);

  draw_crystal (crystal, saxid_random_uniform (crystal->random, 0.2, 1));
  bunch_groups (crystal, rings, 1, 60);
  for (guint k = 0; k < crystal->n; k++)
    saxid_radial_line (&rings->table[saxid_chance_index (crystal->random, GROUPS)], crystal->q[k], width, crystal->height[k], share);
}

static void
fill_fibre (Crystal *crystal, Rings *rings, float *image)
{
  const guint n = 3 + saxid_chance_index (crystal->random, 10);

  fill_amorphous (crystal, rings, image);
  bunch_groups (crystal, rings, 6, 200);
  rings->floor[0] = 1;
  rings->bunch[0] = 0;
  for (guint k = 0; k < n; k++)
    {
      const double q = saxid_random_uniform (crystal->random, 0.4, 3.5);

      saxid_radial_line (&rings->table[1 + saxid_chance_index (crystal->random, 2)], q,
                         hypot (crystal->blur, q * saxid_random_log_uniform (crystal->random, 0.006, 0.04)),
                         saxid_random_log_uniform (crystal->random, 0.3, 20), 0.6);
    }
}

static void
add_spots (Crystal *crystal, guint n, gboolean on_rings, float *image)
{
  const SaxidStage *stage = crystal->stage;

  for (guint k = 0; k < n; k++)
    {
      const guint ring = crystal->n > 0 ? saxid_chance_index (crystal->random, crystal->n) : 0;
      const double q = on_rings && crystal->n > 0 ? crystal->q[ring]
                                                  : saxid_random_uniform (crystal->random, crystal->q_min, crystal->q_max);
      const double r = saxid_stage_radius (stage, q), chi = saxid_random_uniform (crystal->random, 0, 2 * G_PI);
      const double width = saxid_random_log_uniform (crystal->random, 0.4, 2);

      saxid_scene_spot (stage, r * cos (chi), r * sin (chi), width, width,
                        exp (1.2 * saxid_chance_normal (crystal->random)), image);
    }
}

static void
fill_grains (Crystal *crystal, Rings *rings, float *image)
{
  const double share = saxid_random_log_uniform (crystal->random, 0.01, 1);

  fill_powder (crystal, rings, image);
  for (guint k = 0; k < rings->table[0].n; k++)
    rings->table[0].value[k] *= share;
  add_spots (crystal, (guint) saxid_random_log_uniform (crystal->random, 15, 1200), TRUE, image);
}

static void
fill_single (Crystal *crystal, Rings *rings, float *image)
{
  add_halo (crystal, &rings->table[0], 0.05);
  add_spots (crystal, (guint) saxid_random_log_uniform (crystal->random, 10, 150), FALSE, image);
}

/* The diamonds that press a sample: a few spots, far brighter than it. */
static void
add_anvils (Crystal *crystal, float *image)
{
  const guint n = 2 + saxid_chance_index (crystal->random, 10);

  for (guint k = 0; k < n; k++)
    {
      const double r = saxid_stage_radius (crystal->stage, saxid_random_uniform (crystal->random, crystal->q_min, crystal->q_max));
      const double chi = saxid_random_uniform (crystal->random, 0, 2 * G_PI), width = saxid_random_uniform (crystal->random, 0.6, 3);

      saxid_scene_spot (crystal->stage, r * cos (chi), r * sin (chi), width, width, saxid_random_log_uniform (crystal->random, 3, 1e3), image);
    }
}

/* has_lines: strong ones, which are seen beside what else is scattered, or further out than that reaches. */
static const struct
{
  double weight;
  const char *name;
  void (*fill) (Crystal *crystal, Rings *rings, float *image);
  gboolean has_lines;
} samples[] = {
  { 22, "powder", fill_powder, TRUE },
  { 10, "calibrant", fill_calibrant, TRUE },
  { 17, "semicrystalline", fill_semicrystalline, FALSE },
  { 13, "texture", fill_texture, TRUE },
  { 14, "grains", fill_grains, TRUE },
  { 13, "amorphous", fill_amorphous, FALSE },
  { 8, "fibre", fill_fibre, FALSE },
  { 5, "single", fill_single, FALSE },
};

/* What multiplies and adds to all of it. */
typedef struct
{
  double compton, flat, low, low_exponent, polarisation;
  SaxidDiffuse diffuse;
} Around;

static double
rings_at (const Rings *rings, double q, double chi)
{
  double sum = 0;

  for (guint k = 0; k < rings->n; k++)
    {
      const double one = saxid_radial_at (&rings->table[k], q), c2 = pow (cos (chi - rings->angle[k]), 2);

      sum += rings->bunch[k] > 0 ? one * (rings->floor[k] + (1 - rings->floor[k]) * exp (rings->bunch[k] * (c2 - 1))) : one;
    }
  return sum;
}

static void
paint (const Crystal *crystal, const Rings *rings, const Around *around, float *image)
{
  const SaxidStage *stage = crystal->stage;

  for (guint row = 0; row < stage->height; row++)
    for (guint column = 0; column < stage->width; column++)
      {
        float *pixel = &image[(gsize) row * stage->width + column];
        double chi;
        const double q = saxid_stage_q (stage, saxid_stage_x (stage, column), saxid_stage_y (stage, row), &chi);
        const double two_theta = 2 * asin (fmin (q / (2 * stage->k), 1));
        const double polarised = 1 - around->polarisation * pow (sin (two_theta) * cos (chi), 2);
        double sum = *pixel + rings_at (rings, q, chi) + around->compton * (1 - exp (-q * q / 20)) + around->flat
                     + saxid_scene_diffuse (&around->diffuse, q);

        if (around->low > 0)
          sum += around->low * pow (fmax (q, 0.02) / 0.1, -around->low_exponent);
        *pixel = (float) (sum * polarised * pow (cos (two_theta), 3));
      }
}

const char *
saxid_scene_waxs (const SaxidStage *stage, SaxidRandom *random, float *image)
{
  const double q_max = saxid_stage_q_max (stage);
  Crystal crystal = { .stage = stage, .random = random, .q_min = 0.3, .q_max = q_max,
                      .blur = stage->k * stage->pitch / stage->distance * saxid_random_log_uniform (random, 0.45, 1.5) };
  Around around = { .compton = saxid_random_log_uniform (random, 3e-3, 0.5), .flat = saxid_random_log_uniform (random, 1e-3, 0.5),
                    .polarisation = saxid_random_uniform (random, 0, 0.98), .low_exponent = saxid_random_uniform (random, 1.5, 3.5) };
  const guint kind = saxid_chance_row (random, &samples[0].weight, sizeof samples[0], G_N_ELEMENTS (samples));
  Rings rings = { .n = 1 };

  for (guint k = 0; k < GROUPS; k++)
    saxid_radial_init (&rings.table[k], q_max * 1.2);
  around.diffuse = saxid_scene_diffuse_draw (random, samples[kind].has_lines);
  if (saxid_chance (random, 0.45))
    around.low = saxid_random_log_uniform (random, 0.01, 3);
  samples[kind].fill (&crystal, &rings, image);
  if (saxid_chance (random, 0.05))
    add_anvils (&crystal, image);
  paint (&crystal, &rings, &around, image);
  saxid_scene_beam (stage, random, image);
  for (guint k = 0; k < GROUPS; k++)
    saxid_radial_clear (&rings.table[k]);
  return samples[kind].name;
}
