/* What does a frame of small-angle scattering in transmission look like?
 *
 * A power law towards the beam and one sample: spheres with or without a structure factor, two
 * populations, a gel, a broad peak, a series of lines, fibres, spots of a grain, or nothing. In
 * part of them the scattering is drawn out in one direction, or bunched into arcs.
 * Spheres: Rayleigh (1911); S(q): Percus & Yevick, models/simulate/structure-factor.h; gel:
 * Shibayama (1998); silver behenate: Huang et al. (1993), doi:10.1107/S0021889892009762.
 *
 * Thread: pure.
 */
#include "models/technique/frames/scene.h"

#include <math.h>

#include "models/simulate/structure-factor.h"

#define RADII 9
#define BEHENATE 0.1076 /* 1/Å, the first line */
#define CALIBRANT 0.1  /* share of the frames */

typedef struct
{
  const SaxidStage *stage;
  SaxidRandom *random;
  SaxidRadialTable *table;
  double q_min, q_max;
  gboolean calibrant; /* silver behenate, a powder */
} Sample;

static double
sphere (double x)
{
  const double amplitude = x < 1e-2 ? 1 - x * x / 10 : 3 * (sin (x) - x * cos (x)) / (x * x * x);

  return amplitude * amplitude;
}

/* Spheres of a normal distribution of radii, each weighed by its volume squared. */
static void
add_spheres (const Sample *sample, double radius, double width, double phi, double scale)
{
  for (guint k = 0; k < sample->table->n; k++)
    {
      const double q = saxid_radial_q (sample->table, k);
      double sum = 0, weights = 0;

      for (int r = -RADII / 2; r <= RADII / 2; r++)
        {
          const double away = 2.0 * r / (RADII / 2), one = fmax (1 + width * away, 0.1);
          const double weight = exp (-0.5 * away * away) * pow (one, 6);

          sum += weight * sphere (q * radius * one);
          weights += weight;
        }
      if (phi > 0)
        sum *= saxid_structure_hard_spheres (2 * q * radius, phi);
      sample->table->value[k] += scale * sum / weights;
    }
}

static double
draw_radius (const Sample *sample)
{
  return saxid_random_log_uniform (sample->random, 2 / sample->q_max, 0.8 / sample->q_min);
}

static void
fill_spheres (const Sample *sample)
{
  const double phi = saxid_chance (sample->random, 0.4) ? saxid_random_uniform (sample->random, 0.05, 0.45) : 0;

  add_spheres (sample, draw_radius (sample), saxid_random_uniform (sample->random, 0.03, 0.35), phi, 1);
}

static void
fill_two (const Sample *sample)
{
  for (guint k = 0; k < 2; k++)
    add_spheres (sample, draw_radius (sample), saxid_random_uniform (sample->random, 0.05, 0.4), 0,
                 saxid_random_log_uniform (sample->random, 0.03, 1));
}

static void
fill_gel (const Sample *sample)
{
  const double xi = saxid_random_log_uniform (sample->random, 1.5 / sample->q_max, 0.5 / sample->q_min);
  const double p = saxid_random_uniform (sample->random, 0.7, 2);

  for (guint k = 0; k < sample->table->n; k++)
    sample->table->value[k] = pow (1 + pow (saxid_radial_q (sample->table, k) * xi, 2), -p);
}

static void
fill_peak (const Sample *sample)
{
  const double q = saxid_random_uniform (sample->random, 0.15, 0.8) * sample->q_max;

  saxid_radial_line (sample->table, q, q * saxid_random_uniform (sample->random, 0.08, 0.4), 1, 0.7);
}

/* Lamellae, a hexagonal or cubic lattice, or the calibrant. */
static void
fill_series (const Sample *sample)
{
  static const double orders[][8] = {
    { 1, 2, 3, 4, 5, 6, 7, 8 },
    { 1, 1.7321, 2, 2.6458, 3, 3.4641, 3.6056, 4 },
    { 1, 1.4142, 1.7321, 2, 2.2361, 2.4495, 2.8284, 3 },
  };
  const gboolean calibrant = sample->calibrant;
  const guint kind = calibrant ? 0 : saxid_chance_index (sample->random, G_N_ELEMENTS (orders));
  const double q1 = calibrant ? BEHENATE : sample->q_max * saxid_random_log_uniform (sample->random, 0.08, 0.6);
  const double blur = sample->q_max * saxid_random_log_uniform (sample->random, 0.003, 0.02);
  double height = 1;

  for (guint k = 0; k < G_N_ELEMENTS (orders[0]); k++)
    {
      saxid_radial_line (sample->table, q1 * orders[kind][k], hypot (blur, 0.01 * q1), height, 0.5);
      height *= saxid_random_log_uniform (sample->random, 0.15, 0.9);
    }
}

static void
fill_nothing (G_GNUC_UNUSED const Sample *sample)
{
}

static const struct
{
  double weight;
  const char *name;
  void (*fill) (const Sample *sample);
} samples[] = {
  { 5, "spheres", fill_spheres },
  { 1.5, "two", fill_two },
  { 2, "gel", fill_gel },
  { 2, "peak", fill_peak },
  { 3.5, "series", fill_series },
  { 0.7, "nothing", fill_nothing },
};

/* How the pattern departs from being round. */
typedef struct
{
  double stretch; /* q² → q² (e cos² + sin²/e) */
  double bunch;   /* arcs exp (κ (cos² - 1)) */
  double floor;   /* what of it stays round */
  double angle;
} Shape;

static Shape
draw_shape (SaxidRandom *random, gboolean round)
{
  Shape shape = { 1, 0, 1, saxid_random_uniform (random, 0, G_PI) };

  if (round || !saxid_chance (random, 0.4))
    return shape;
  if (saxid_chance (random, 0.5))
    shape.stretch = saxid_random_log_uniform (random, 1.15, 6);
  else
    {
      shape.bunch = saxid_random_log_uniform (random, 0.5, 30);
      shape.floor = saxid_random_log_uniform (random, 0.01, 0.5);
    }
  if (saxid_chance (random, 0.6))
    shape.angle = saxid_chance (random, 0.5) ? 0 : G_PI / 2;
  return shape;
}

/* What is in every such frame beside the sample. */
typedef struct
{
  double low, exponent, q_low; /* power law of the sample */
  double air, air_exponent;
  double kapton, flat;
  double streak, streak_angle, streak_width, streak_decay; /* of the slits */
} Surroundings;

static Surroundings
draw_surroundings (SaxidRandom *random, const Sample *sample)
{
  Surroundings all = {
    .low = saxid_chance (random, 0.85) ? saxid_random_log_uniform (random, 0.1, 30) : saxid_random_log_uniform (random, 0.003, 0.1),
    .exponent = saxid_random_uniform (random, 2, 4.2),
    .q_low = 2 * sample->q_min,
    .air = saxid_random_log_uniform (random, 1e-4, 0.1),
    .air_exponent = saxid_random_uniform (random, 0.8, 2.2),
    .flat = saxid_random_log_uniform (random, 1e-6, 3e-2),
  };

  if (saxid_chance (random, 0.15))
    all.kapton = saxid_random_log_uniform (random, 1e-3, 0.1);
  if (saxid_chance (random, 0.3))
    {
      all.streak = saxid_random_log_uniform (random, 0.01, 3);
      all.streak_angle = saxid_random_uniform (random, 0, G_PI / 2);
      all.streak_width = sample->stage->pitch * saxid_random_uniform (random, 0.6, 2.5);
      all.streak_decay = sample->stage->pitch * sample->stage->width * saxid_random_uniform (random, 0.02, 0.2);
    }
  return all;
}

static double
beside (const Surroundings *all, double q, double q_soft, double x, double y)
{
  const double kapton = (q - 0.4) / 0.03, c = cos (all->streak_angle), s = sin (all->streak_angle);
  double sum = all->flat + all->air * pow (q_soft / all->q_low, -all->air_exponent);

  if (all->kapton > 0)
    sum += all->kapton / (1 + kapton * kapton);
  if (all->streak > 0)
    {
      const double along = c * x + s * y, across = s * x - c * y;

      sum += all->streak * (exp (-fabs (across) / all->streak_width - fabs (along) / all->streak_decay)
                            + exp (-fabs (along) / all->streak_width - fabs (across) / all->streak_decay));
    }
  return sum;
}

/* A fibre or muscle: a streak along the equator, a series and layer lines along the meridian. */
static void
add_fibre (const Sample *sample, double angle, float *image)
{
  const SaxidStage *stage = sample->stage;
  const double spacing = sample->q_max * saxid_random_uniform (sample->random, 0.06, 0.4);
  const double equator = saxid_random_log_uniform (sample->random, 0.1, 10), layers = saxid_random_log_uniform (sample->random, 0.05, 2);
  const double width = spacing * saxid_random_uniform (sample->random, 0.03, 0.15);
  const double reach = sample->q_max * saxid_random_uniform (sample->random, 0.1, 0.5);

  for (guint row = 0; row < stage->height; row++)
    for (guint column = 0; column < stage->width; column++)
      {
        const double x = saxid_stage_x (stage, column), y = saxid_stage_y (stage, row);
        const double factor = stage->k / stage->distance;
        const double qx = factor * (cos (angle) * x + sin (angle) * y), qy = factor * (cos (angle) * y - sin (angle) * x);
        const double order = round (qy / spacing), away = (qy - order * spacing) / width;
        const double along = exp (-fabs (qx) / reach);
        double sum = equator * exp (-0.5 * pow (qy / width, 2)) * along;

        if (order != 0)
          sum += layers / fabs (order) * exp (-0.5 * away * away) * along;
        image[(gsize) row * stage->width + column] += (float) sum;
      }
}

static void
add_spots (const Sample *sample, float *image)
{
  const SaxidStage *stage = sample->stage;
  const guint n = 4 + saxid_chance_index (sample->random, 40);
  const double q1 = sample->q_max * saxid_random_uniform (sample->random, 0.1, 0.5);

  for (guint k = 0; k < n; k++)
    {
      const double q = q1 * sqrt (1 + saxid_chance_index (sample->random, 6)), chi = saxid_random_uniform (sample->random, 0, 2 * G_PI);
      const double r = saxid_stage_radius (stage, q), width = saxid_random_uniform (sample->random, 0.5, 2);

      saxid_scene_spot (stage, r * cos (chi), r * sin (chi), width, width, saxid_random_log_uniform (sample->random, 0.05, 5), image);
    }
}

static void
paint (const Sample *sample, const Shape *shape, const Surroundings *all, double share, float *image)
{
  const SaxidStage *stage = sample->stage;
  const double softness = 0.3 * sample->q_min;

  for (guint row = 0; row < stage->height; row++)
    for (guint column = 0; column < stage->width; column++)
      {
        const double x = saxid_stage_x (stage, column), y = saxid_stage_y (stage, row);
        double chi;
        const double q = saxid_stage_q (stage, x, y, &chi), q_soft = hypot (q, softness);
        const double c2 = pow (cos (chi - shape->angle), 2);
        const double drawn = q * sqrt (shape->stretch * c2 + (1 - c2) / shape->stretch);
        const double arc = shape->floor + (1 - shape->floor) * exp (shape->bunch * (c2 - 1));
        double sum = share * saxid_radial_at (sample->table, drawn) * arc;

        sum += all->low * pow (hypot (drawn, softness) / all->q_low, -all->exponent);
        image[(gsize) row * stage->width + column] += (float) (sum + beside (all, q, q_soft, x, y));
      }
}

const char *
saxid_scene_saxs (const SaxidStage *stage, SaxidRandom *random, float *image)
{
  g_auto (SaxidRadialTable) table = { 0 };
  const double q_max = saxid_stage_q_max (stage);
  const Sample sample = { stage, random, &table, q_max * saxid_random_log_uniform (random, 0.01, 0.06), q_max,
                          saxid_chance (random, CALIBRANT) && q_max > 1.3 * BEHENATE };
  const Shape shape = draw_shape (random, sample.calibrant);
  const Surroundings all = draw_surroundings (random, &sample);
  const guint kind = saxid_chance_row (random, &samples[0].weight, sizeof samples[0], G_N_ELEMENTS (samples));

  saxid_radial_init (&table, q_max * 2.6);
  if (sample.calibrant)
    fill_series (&sample);
  else
    samples[kind].fill (&sample);
  saxid_radial_norm (&table);
  paint (&sample, &shape, &all, saxid_random_log_uniform (random, 0.03, 10), image);
  if (saxid_chance (random, 0.07))
    add_fibre (&sample, shape.angle, image);
  if (saxid_chance (random, 0.05))
    add_spots (&sample, image);
  saxid_scene_beam (stage, random, image);
  return sample.calibrant ? "calibrant" : samples[kind].name;
}
