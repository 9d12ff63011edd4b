/* What does a frame of small angles under grazing incidence look like?
 *
 * Islands in the distorted-wave Born approximation with its four terms and a one-dimensional
 * paracrystal (Renaud et al. 2009, doi:10.1016/j.surfrep.2009.07.002); lamellae along the film or
 * upright; spots of a lattice, doubled by reflection; a rough surface (Sinha et al. 1988,
 * doi:10.1103/PhysRevB.38.2297); a grating. All but the islands' own terms are multiplied by what
 * is transmitted on the way in and out.
 *
 * Thread: pure.
 */
#include "models/technique/frames/grazing.h"
#include "models/technique/frames/scene.h"

#include <math.h>

#define TABLE 1024
#define RADII 7
#define MOST_PEAKS 24
#define MOST_WIDTHS 40.0 /* of a peak that are drawn */
#define FADES 0.7        /* of all samples */
#define GAUSS 1.1774     /* half width at half height of a Gaussian of width 1: √(2 ln 2) */

/* What the scene is made of: a factor along the surface, one along the normal, and peaks. */
typedef struct
{
  const SaxidGrazing *grazing;
  SaxidRandom *random;
  double q_r_max, alpha_least, alpha_most;
  double along[TABLE];  /* of |q_r| from 0 to q_r_max */
  double normal[TABLE]; /* of α_f from alpha_least to alpha_most */
  double yoneda[TABLE];
  double inside[TABLE], inside_i; /* k_z inside the film, on the way out and in */
  double islands;       /* share of along × normal */
  guint n_peak;
  double peak_r[MOST_PEAKS], peak_z[MOST_PEAKS], height[MOST_PEAKS], width_r, width_z, rod;
  double tails;                                   /* share of a Lorentzian in a peak along the surface */
  double fade_q, fade; /* what is thick or rough fades from the horizon on: (1 + (q_z / fade_q)²)^-fade */
  double ring, ring_width, ring_height; /* of what is not oriented */
  double rough, xi, hurst, correlated, thickness; /* diffuse scattering of rough surfaces */
} Film;

static double
table_at (const double *table, double from, double to, double value)
{
  const double at = fmin (fmax ((value - from) / (to - from) * TABLE - 0.5, 0), TABLE - 1.001);
  const guint k = (guint) at;

  return table[k] + (at - k) * (table[k + 1] - table[k]);
}

/* k_z inside the film: both channels are k_zf + k_zi and k_zf - k_zi. */
static double
inside_film (const SaxidGrazing *grazing, double alpha)
{
  return grazing->stage->k * creal (saxid_optical_sine (&grazing->film, alpha));
}

/* ---- islands ----------------------------------------------------------------------------- */

double
saxid_paracrystal (double q, double spacing, double omega)
{
  const double phi = exp (-0.5 * pow (q * spacing * omega, 2));

  return (1 - phi * phi) / (1 + phi * phi - 2 * phi * cos (q * spacing));
}

static void
fill_islands (Film *film)
{
  SaxidRandom *random = film->random;
  const double spacing = 2 * G_PI / (film->q_r_max * saxid_random_log_uniform (random, 0.05, 0.6));
  const double radius = spacing * saxid_random_uniform (random, 0.15, 0.45), width = saxid_random_uniform (random, 0.05, 0.4);
  const double height = radius * saxid_random_log_uniform (random, 0.4, 4), omega = saxid_random_uniform (random, 0.12, 0.45);

  for (guint k = 0; k < TABLE; k++)
    {
      const double q = film->q_r_max * (k + 0.5) / TABLE;
      const double alpha = film->alpha_least + (film->alpha_most - film->alpha_least) * (k + 0.5) / TABLE;
      double sum = 0;

      for (int r = -RADII / 2; r <= RADII / 2; r++)
        {
          const double x = q * radius * fmax (1 + width * 2 * r / (RADII / 2) / 2.0, 0.1);

          sum += exp (-0.5 * r * r / 2.0) * pow (x < 1e-3 ? 1 : 2 * j1 (x) / x, 2);
        }
      film->along[k] = sum * saxid_paracrystal (q, spacing, omega);
      film->normal[k] = saxid_grazing_island (film->grazing, alpha, height);
    }
  film->islands = 1;
}

/* ---- peaks -------------------------------------------------------------------------------- */

static void
add_peak (Film *film, double q_r, double q_z, double height)
{
  if (film->n_peak == MOST_PEAKS)
    return;
  film->peak_r[film->n_peak] = q_r;
  film->peak_z[film->n_peak] = q_z;
  film->height[film->n_peak++] = height;
}

static void
fill_parallel (Film *film)
{
  const double first = film->q_r_max * saxid_random_log_uniform (film->random, 0.08, 0.5);
  double height = 1;

  for (guint m = 1; m <= 5; m++, height *= saxid_random_uniform (film->random, 0.2, 0.8))
    add_peak (film, 0, m * first, height);
  film->width_z = first * saxid_random_uniform (film->random, 0.03, 0.15);
  film->width_r = first * saxid_random_uniform (film->random, 0.03, 0.3);
  film->ring = first;
  film->ring_width = film->width_z;
  film->ring_height = saxid_chance (film->random, 0.5) ? saxid_random_log_uniform (film->random, 0.01, 0.7) : 0;
}

static void
fill_upright (Film *film)
{
  const double first = film->q_r_max * saxid_random_log_uniform (film->random, 0.08, 0.6);
  double height = 1;

  for (guint m = 1; m <= 4; m++, height *= saxid_random_uniform (film->random, 0.1, 0.6))
    add_peak (film, m * first, 0, height);
  film->width_r = first * saxid_random_uniform (film->random, 0.03, 0.3);
  film->width_z = film->q_r_max * saxid_random_uniform (film->random, 0.3, 2);
  film->ring = first;
  film->ring_width = film->width_r;
  film->ring_height = saxid_chance (film->random, 0.4) ? saxid_random_log_uniform (film->random, 0.01, 0.7) : 0;
}

static void
fill_lattice (Film *film)
{
  const double r = film->q_r_max * saxid_random_uniform (film->random, 0.1, 0.4), z = r * saxid_random_uniform (film->random, 0.4, 1.6);
  const gboolean centred = saxid_chance (film->random, 0.6);

  for (guint h = 0; h < 4; h++)
    for (guint l = h == 0 ? 1 : 0; l < 5; l++)
      if (!centred || (h + l) % 2 == 0)
        add_peak (film, h * r, l * z, exp (saxid_chance_normal (film->random) - 0.3 * (h + l)));
  film->width_r = film->width_z = r * saxid_random_uniform (film->random, 0.03, 0.15);
  film->rod = saxid_random_log_uniform (film->random, 0.01, 0.6);
}

static void
fill_grating (Film *film)
{
  const double first = film->q_r_max * saxid_random_log_uniform (film->random, 0.03, 0.2);
  double height = 1;

  for (guint m = 0; m < MOST_PEAKS; m++, height *= saxid_random_uniform (film->random, 0.6, 1))
    add_peak (film, m * first, 0, height);
  film->width_r = first * saxid_random_uniform (film->random, 0.02, 0.12);
  film->width_z = film->q_r_max * saxid_random_uniform (film->random, 0.1, 1);
}

static void
fill_rough (Film *film)
{
  film->rough = 1;
}

static const struct
{
  double weight;
  const char *name;
  void (*fill) (Film *film);
} samples[] = {
  { 5, "islands", fill_islands },
  { 2, "parallel", fill_parallel },
  { 3, "upright", fill_upright },
  { 2, "lattice", fill_lattice },
  { 2, "rough", fill_rough },
  { 0.6, "grating", fill_grating },
};

static double
peaks_at (const Film *film, double q_r, const double q_z[2])
{
  double sum = 0;

  for (guint k = 0; k < film->n_peak; k++)
    {
      const double away_r = (fabs (q_r) - film->peak_r[k]) / film->width_r;
      double along;

      if (fabs (away_r) > MOST_WIDTHS)
        continue;
      along = film->height[k] * saxid_scene_line (away_r / GAUSS, film->tails);
      for (guint channel = 0; channel < 2; channel++)
        {
          const double away_z = (q_z[channel] - film->peak_z[k]) / film->width_z;

          sum += along * (exp (-0.5 * away_z * away_z) * (channel == 0 ? 1 : 0.4) + film->rod * 0.5);
        }
    }
  return sum;
}

static double
rough_at (const Film *film, double q_r, double q_z)
{
  const double diffuse = pow (1 + pow (q_r * film->xi, 2), -(1 + film->hurst));

  return diffuse * (1 + film->correlated * cos (q_z * film->thickness)) * exp (-q_z / film->q_r_max);
}

static double
faded (const Film *film, double q_z)
{
  return film->fade > 0 ? pow (1 + pow (q_z / film->fade_q, 2), -film->fade) : 1;
}

static void
paint (const Film *film, float *image)
{
  const SaxidGrazing *grazing = film->grazing;
  const SaxidStage *stage = grazing->stage;

  for (guint row = 0; row < stage->height; row++)
    for (guint column = 0; column < stage->width; column++)
      {
        SaxidGrazingPlace place;
        double q_z[2], sum, transmitted, inside;

        saxid_grazing_place (grazing, saxid_stage_x (stage, column), saxid_stage_y (stage, row), &place);
        place.alpha_f = fmax (place.alpha_f, 0.02 * grazing->alpha_i); /* the horizon is made afterwards */
        inside = table_at (film->inside, film->alpha_least, film->alpha_most, place.alpha_f);
        q_z[0] = inside + film->inside_i;
        q_z[1] = inside - film->inside_i;
        transmitted = table_at (film->yoneda, film->alpha_least, film->alpha_most, place.alpha_f);
        sum = peaks_at (film, place.q_r, q_z) + film->rough * rough_at (film, place.q_r, place.q_z);
        if (film->ring_height > 0)
          sum += film->ring_height * exp (-0.5 * pow ((hypot (place.q_r, q_z[0]) - film->ring) / film->ring_width, 2));
        sum *= transmitted;
        if (film->islands > 0)
          sum += film->islands * table_at (film->along, 0, film->q_r_max, fabs (place.q_r))
                 * table_at (film->normal, film->alpha_least, film->alpha_most, place.alpha_f);
        sum *= faded (film, stage->k * sin (place.alpha_f));
        image[(gsize) row * stage->width + column] = (float) sum;
      }
}

static void
begin_film (Film *film, const SaxidGrazing *grazing, SaxidRandom *random)
{
  const SaxidStage *stage = grazing->stage;
  const double top = atan2 (stage->pitch * (stage->height - stage->beam_y), stage->distance) - grazing->alpha_i;
  const double widest = stage->pitch * fmax (stage->beam_x, stage->width - stage->beam_x);

  *film = (Film) { .grazing = grazing, .random = random, .alpha_least = 0, .alpha_most = fmax (top, grazing->alpha_i) * 1.02,
                   .q_r_max = stage->k * sin (atan2 (fmax (widest, stage->pitch * stage->width * 0.3), stage->distance)) * 1.05,
                   .width_r = 1, .width_z = 1 };
  film->tails = saxid_random_unit (random);
  if (saxid_chance (random, FADES))
    {
      film->fade_q = stage->k * sin (film->alpha_most) * saxid_random_log_uniform (random, 0.05, 1);
      film->fade = saxid_random_uniform (random, 0.5, 2);
    }
  film->xi = saxid_random_log_uniform (random, 3, 100) / film->q_r_max;
  film->hurst = saxid_random_uniform (random, 0.1, 0.9);
  film->rough = saxid_chance (random, 0.85) ? saxid_random_log_uniform (random, 0.02, 3) : 1e-3;
  film->correlated = saxid_chance (random, 0.33) ? saxid_random_uniform (random, 0.2, 0.9) : 0;
  film->thickness = saxid_random_log_uniform (random, 10, 120) / film->q_r_max;
  for (guint k = 0; k < TABLE; k++)
    {
      film->yoneda[k] = saxid_grazing_yoneda (grazing, film->alpha_most * (k + 0.5) / TABLE);
      film->inside[k] = inside_film (grazing, film->alpha_most * (k + 0.5) / TABLE);
    }
  film->inside_i = inside_film (grazing, grazing->alpha_i);
}

const char *
saxid_scene_gisaxs (const SaxidStage *stage, SaxidRandom *random, float *image)
{
  const double critical = sqrt (2 * saxid_optical_delta (7.6e-6, stage->wavelength));
  const double alpha_i = saxid_chance (random, 0.5) ? critical * saxid_random_uniform (random, 0.7, 1.6)
                                                    : saxid_random_uniform (random, 0.15, 0.6) * G_PI / 180;
  const guint kind = saxid_chance_row (random, &samples[0].weight, sizeof samples[0], G_N_ELEMENTS (samples));
  SaxidGrazing grazing;
  Film film;

  saxid_grazing_draw (&grazing, stage, alpha_i, random);
  begin_film (&film, &grazing, random);
  samples[kind].fill (&film);
  paint (&film, image);
  saxid_grazing_horizon (&grazing, image);
  saxid_grazing_air (&grazing, random, image);
  saxid_grazing_beams (&grazing, random, 1, image);
  return samples[kind].name;
}
