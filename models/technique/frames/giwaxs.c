/* What does a frame of wide angles under grazing incidence look like?
 *
 * Reflections at (|q|, ω) with ω = atan (|q_r| / q_z) from the normal of the film: polymers,
 * perovskites, small molecules on rods, powders, what is amorphous, a bare substrate. Lines are
 * broadened by the footprint of the beam, and weakened towards the horizon. Some frames come
 * mapped to (q_r, q_z) already, with the wedge that no wave reaches missing:
 * |q_r| < q_z² / 2k (Baker et al. 2010, doi:10.1021/la904840q).
 *
 * Thread: pure.
 */
#include "models/technique/frames/grazing.h"
#include "models/technique/frames/scene.h"

#include <math.h>

#define MOST_LINES 40
#define FAR_ABOVE 8 /* critical angles */
#define MOST_REACH 6.0 /* widths */

typedef struct
{
  double q, width, height;
  double omega, spread; /* of the arc; spread 0: a whole ring */
  double floor;         /* what of it is not oriented */
} Line;

typedef struct
{
  double q_r, q_z, height; /* spots on rods */
} Spot;

typedef struct
{
  const SaxidGrazing *grazing;
  SaxidRandom *random;
  double q_max, footprint;
  guint n_line, n_spot;
  Line line[MOST_LINES];
  Spot spot[MOST_LINES];
  double spot_width, rod;
  double flat, low, absorbing, critical;
  SaxidDiffuse diffuse;
} Film;

static double
uniform (const Film *film, double from, double to)
{
  return saxid_random_uniform (film->random, from, to);
}

static double
log_uniform (const Film *film, double from, double to)
{
  return saxid_random_log_uniform (film->random, from, to);
}

static void
add_line (Film *film, double q, double width, double height, double omega, double spread, double floor)
{
  if (film->n_line < MOST_LINES)
    film->line[film->n_line++] = (Line) { q, hypot (width, q * film->footprint), height, omega, spread, floor };
}

static void
add_halo (Film *film)
{
  add_line (film, uniform (film, 1.25, 1.5), uniform (film, 0.15, 0.35), log_uniform (film, 0.05, 0.8), 0, 0, 1);
}

/* A lamellar series one way, π-stacking the other. */
static void
fill_polymer (Film *film)
{
  const double first = uniform (film, 0.2, 0.48), width = uniform (film, 0.015, 0.06), spread = uniform (film, 0.08, 0.5);
  const gboolean edge_on = saxid_chance (film->random, 0.6);
  const double floor = log_uniform (film, 0.01, 0.5);
  double height = log_uniform (film, 0.5, 10);

  for (guint m = 1; m <= 4; m++, height *= uniform (film, 0.1, 0.5))
    add_line (film, m * first, width, height, edge_on ? 0 : G_PI / 2, spread, floor);
  add_line (film, uniform (film, 1.55, 1.85), uniform (film, 0.05, 0.15), log_uniform (film, 0.1, 1.5), edge_on ? G_PI / 2 : 0,
            spread * uniform (film, 1, 2), floor);
  add_halo (film);
}

static void
fill_perovskite (Film *film)
{
  static const double squares[] = { 1, 2, 3, 4, 5, 6, 8, 9, 10 };
  static const double angles[] = { 0, G_PI / 4, G_PI / 2 };
  const double first = uniform (film, 0.95, 1.05), width = uniform (film, 0.008, 0.03), floor = log_uniform (film, 0.02, 1);
  const double spread = log_uniform (film, 0.05, 0.6);

  for (guint k = 0; k < G_N_ELEMENTS (squares); k++)
    add_line (film, first * sqrt (squares[k]), width, exp (saxid_chance_normal (film->random) - 0.15 * squares[k]),
              angles[saxid_chance_index (film->random, 3)], spread, floor);
  if (saxid_chance (film->random, 0.5))
    add_line (film, 0.9, width, log_uniform (film, 0.05, 2), 0, log_uniform (film, 0.1, 1), log_uniform (film, 0.05, 1));
  for (guint m = 1; m <= 3 && saxid_chance (film->random, 0.6); m++)
    add_line (film, 0.3 * m, width, log_uniform (film, 0.05, 1), 0, spread, floor);
}

/* Spots on rods of constant q_r. */
static void
fill_molecules (Film *film)
{
  const double spacing = uniform (film, 0.25, 0.9), tilt = uniform (film, 0, 0.3);
  const guint n_rod = 2 + saxid_chance_index (film->random, 5);

  for (guint k = 0; k < n_rod; k++)
    {
      const double q_r = k == 0 ? 0 : uniform (film, 0.6, 2.4), height = exp (saxid_chance_normal (film->random));

      for (guint m = k == 0 ? 1 : 0; m < 6 && film->n_spot < MOST_LINES; m++)
        film->spot[film->n_spot++] = (Spot) { q_r, (m + tilt * k) * spacing, height * log_uniform (film, 0.05, 1) };
    }
  film->spot_width = uniform (film, 0.015, 0.05);
  film->rod = log_uniform (film, 0.003, 0.2);
  add_halo (film);
}

static void
fill_powder (Film *film)
{
  const guint n = 3 + saxid_chance_index (film->random, 16);

  for (guint k = 0; k < n; k++)
    add_line (film, uniform (film, 0.4, 4.5), log_uniform (film, 0.006, 0.05), exp (saxid_chance_normal (film->random)), 0, 0, 1);
}

static void
fill_amorphous (Film *film)
{
  add_halo (film);
  add_line (film, uniform (film, 0.4, 2.5), uniform (film, 0.15, 0.5), log_uniform (film, 0.2, 2), 0, uniform (film, 0.3, 2),
            uniform (film, 0.1, 1));
}

static void
fill_bare (Film *film)
{
  add_line (film, uniform (film, 1.4, 1.7), uniform (film, 0.2, 0.4), log_uniform (film, 0.02, 0.2), 0, 0, 1);
}

static const struct
{
  double weight;
  const char *name;
  void (*fill) (Film *film);
} samples[] = {
  { 5, "polymer", fill_polymer },
  { 4, "perovskite", fill_perovskite },
  { 2.5, "molecules", fill_molecules },
  { 1.5, "powder", fill_powder },
  { 1, "amorphous", fill_amorphous },
  { 0.5, "bare", fill_bare },
};

static double
lines_at (const Film *film, double q, double omega)
{
  double sum = 0;

  for (guint k = 0; k < film->n_line; k++)
    {
      const Line *line = &film->line[k];
      const double away = (q - line->q) / line->width;
      double one, turned;

      if (fabs (away) > MOST_REACH * 2)
        continue;
      one = line->height * saxid_scene_line (away, 0.4);
      turned = line->spread > 0 ? (omega - line->omega) / line->spread : 0;
      sum += line->spread > 0 ? one * (line->floor + (1 - line->floor) * exp (-0.5 * turned * turned)) : one;
    }
  return sum;
}

static double
spots_at (const Film *film, double q_r, double q_z)
{
  double sum = 0;

  for (guint k = 0; k < film->n_spot; k++)
    {
      const double r = (q_r - film->spot[k].q_r) / film->spot_width, z = (q_z - film->spot[k].q_z) / (1.5 * film->spot_width);

      if (fabs (r) > MOST_REACH)
        continue;
      sum += film->spot[k].height * exp (-0.5 * r * r) * (exp (-0.5 * z * z) + film->rod);
    }
  return sum;
}

/* |t|² is 1 well above the critical angle. */
static double
transmitted_at (const Film *film, double alpha)
{
  return alpha > FAR_ABOVE * film->critical ? 1 : saxid_optical_transmitted (&film->grazing->film, alpha);
}

/* What a place of the sample's frame scatters. */
static double
scattered (const Film *film, const SaxidGrazingPlace *place)
{
  const double q_r = fabs (place->q_r), q_z = fmax (place->q_z, 1e-6), q = hypot (q_r, q_z);
  const double alpha = fmax (place->alpha_f, 1e-4);
  double sum = film->flat + film->low * pow (fmax (q, 0.02) / 0.3, -2.5) + saxid_scene_diffuse (&film->diffuse, q);

  sum += lines_at (film, q, atan2 (q_r, q_z)) + (film->n_spot > 0 ? spots_at (film, q_r, q_z) : 0);
  sum *= 0.25 + 0.75 * transmitted_at (film, alpha);
  return sum * exp (-film->absorbing / alpha);
}

static void
paint (const Film *film, float *image)
{
  const SaxidStage *stage = film->grazing->stage;

  for (guint row = 0; row < stage->height; row++)
    for (guint column = 0; column < stage->width; column++)
      {
        SaxidGrazingPlace place;

        saxid_grazing_place (film->grazing, saxid_stage_x (stage, column), saxid_stage_y (stage, row), &place);
        image[(gsize) row * stage->width + column] = (float) scattered (film, &place);
      }
}

/* The picture over (q_r, q_z) that a program has made of a frame; NaN or 0 in the missing wedge. */
static void
paint_mapped (const Film *film, float *image)
{
  const SaxidStage *stage = film->grazing->stage;
  const double step = film->q_max / MAX (stage->width, stage->height) * uniform (film, 0.9, 1.3);
  const double middle = saxid_chance (film->random, 0.7) ? 0.5 : uniform (film, 0.03, 0.97), lowest = uniform (film, 0, 0.1);
  const float nothing = saxid_chance (film->random, 0.5) ? NAN : 0;

  for (guint row = 0; row < stage->height; row++)
    for (guint column = 0; column < stage->width; column++)
      {
        const double q_r = (column + 0.5 - stage->width * middle) * step;
        const double q_z = (stage->height - row - 0.5 - lowest * stage->height) * step;
        const SaxidGrazingPlace place = { .alpha_f = asin (fmin (fmax (q_z / stage->k - sin (film->grazing->alpha_i), -1), 1)),
                                          .q_z = q_z, .q_r = q_r };
        const gboolean missing = fabs (q_r) < q_z * q_z / (2 * stage->k);

        image[(gsize) row * stage->width + column] = missing ? nothing : (float) (q_z > 0 ? scattered (film, &place) : 0);
      }
}

const char *
saxid_scene_giwaxs (const SaxidStage *stage, SaxidRandom *random, float *image)
{
  const double most = saxid_chance (random, 0.75) ? 0.5 : 3; /* near the critical angle, as a rule */
  const double alpha_i = saxid_random_log_uniform (random, 0.08, most) * G_PI / 180;
  const guint kind = saxid_chance_row (random, &samples[0].weight, sizeof samples[0], G_N_ELEMENTS (samples));
  SaxidGrazing grazing;
  Film film = { .random = random, .grazing = &grazing, .q_max = saxid_stage_q_max (stage) };

  saxid_grazing_draw (&grazing, stage, alpha_i, random);
  film.critical = saxid_optical_critical (&grazing.film);
  film.footprint = saxid_random_uniform (random, 1, 15) / stage->distance / 2.355;
  film.flat = saxid_random_log_uniform (random, 3e-3, 0.6);
  film.low = saxid_chance (random, 0.6) ? saxid_random_log_uniform (random, 1e-3, 0.5) : 0;
  film.diffuse = saxid_scene_diffuse_draw (random, FALSE);
  film.absorbing = alpha_i * saxid_random_log_uniform (random, 0.003, 0.5);
  samples[kind].fill (&film);
  if (stage->mapped)
    {
      paint_mapped (&film, image);
      return "mapped";
    }
  paint (&film, image);
  saxid_grazing_horizon (&grazing, image);
  saxid_grazing_air (&grazing, random, image);
  saxid_grazing_beams (&grazing, random, 1, image);
  return samples[kind].name;
}
