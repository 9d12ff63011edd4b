/* Where does a beam go that grazes a film, and how much of it?
 *
 * Vineyard (1982), doi:10.1103/PhysRevB.26.4146: geometry; Yoneda (1963).
 *
 * Thread: see grazing.h.
 */
#include "models/technique/frames/grazing.h"

#include <math.h>

#include "models/technique/frames/scene.h"

#define CU 1.54

/* δ at 1.54 Å, to be multiplied by the share of the volume that is filled. */
static const double substrates[] = { 7.6e-6, 7.6e-6, 7.6e-6, 7.1e-6, 7.1e-6, 1.3e-5 };
static const double films[] = { 3.6e-6, 3.6e-6, 1.2e-5, 1.3e-5, 3.2e-5, 4.7e-5 };

double
saxid_optical_delta (double delta_at_cu, double wavelength)
{
  return delta_at_cu * pow (wavelength / CU, 2);
}

double
saxid_optical_critical (const SaxidOptical *optical)
{
  return sqrt (2 * optical->delta);
}

double complex
saxid_optical_sine (const SaxidOptical *optical, double alpha)
{
  return csqrt (pow (sin (alpha), 2) - 2 * optical->delta + 2 * I * optical->beta);
}

double
saxid_optical_transmitted (const SaxidOptical *optical, double alpha)
{
  const double sine = sin (alpha);

  if (!(sine > 0))
    return 0;
  return pow (cabs (2 * sine / (sine + saxid_optical_sine (optical, alpha))), 2);
}

double complex
saxid_optical_reflected (const SaxidOptical *optical, double alpha)
{
  const double complex inside = saxid_optical_sine (optical, alpha);

  return (sin (alpha) - inside) / (sin (alpha) + inside);
}

double
saxid_grazing_yoneda (const SaxidGrazing *grazing, double alpha_f)
{
  return grazing->from_film * saxid_optical_transmitted (&grazing->film, alpha_f)
         + (1 - grazing->from_film) * saxid_optical_transmitted (&grazing->substrate, alpha_f);
}

/* A cylinder of height H on the surface along q_z: sinc (q_z H / 2) e^{i q_z H / 2}. */
static double complex
column (double q_z, double height)
{
  const double half = q_z * height / 2;

  return (fabs (half) < 1e-6 ? 1 : sin (half) / half) * cexp (I * half);
}

/* Four ways through the substrate's surface: reflected neither before nor after, after, before,
 * both. Waves are e^{-i k_z z} downwards where absorption is +iβ, which r has. */
double
saxid_grazing_island (const SaxidGrazing *grazing, double alpha_f, double height)
{
  const double k = grazing->stage->k, kf = k * sin (alpha_f), ki = k * grazing->sin_i;
  const double complex rf = saxid_optical_reflected (&grazing->substrate, alpha_f);
  const double complex ri = saxid_optical_reflected (&grazing->substrate, grazing->alpha_i);

  if (!(alpha_f > 0))
    return 0;
  return pow (cabs (column (-kf - ki, height) + rf * column (kf - ki, height) + ri * column (ki - kf, height)
                    + ri * rf * column (kf + ki, height)), 2);
}

void
saxid_grazing_draw (SaxidGrazing *grazing, const SaxidStage *stage, double alpha_i, SaxidRandom *random)
{
  const double filled = saxid_random_uniform (random, 0.15, 1);

  *grazing = (SaxidGrazing) { .stage = stage, .alpha_i = alpha_i };
  grazing->film.delta
    = saxid_optical_delta (filled * films[saxid_chance_index (random, G_N_ELEMENTS (films))], stage->wavelength);
  grazing->film.beta = grazing->film.delta * saxid_random_log_uniform (random, 0.002, 0.1);
  grazing->substrate.delta
    = saxid_optical_delta (substrates[saxid_chance_index (random, G_N_ELEMENTS (substrates))], stage->wavelength);
  grazing->substrate.beta = grazing->substrate.delta * saxid_random_log_uniform (random, 0.01, 0.04);
  grazing->lean = saxid_chance (random, 0.5) ? 0 : G_PI / 180 * saxid_chance_normal (random);
  grazing->cos_lean = cos (grazing->lean);
  grazing->sin_lean = sin (grazing->lean);
  grazing->cos_i = cos (alpha_i);
  grazing->sin_i = sin (alpha_i);
  grazing->from_film = saxid_random_unit (random);
  grazing->below = saxid_random_log_uniform (random, 1e-6, 0.25);
  grazing->edge = saxid_random_uniform (random, 0.4, 4);
  grazing->decay = stage->height * saxid_random_log_uniform (random, 0.03, 1);
}

void
saxid_grazing_place (const SaxidGrazing *grazing, double x, double y, SaxidGrazingPlace *place)
{
  const SaxidStage *stage = grazing->stage;
  const double turned_x = grazing->cos_lean * x + grazing->sin_lean * y;
  const double turned_y = grazing->cos_lean * y - grazing->sin_lean * x;
  const double z = stage->distance + x * stage->sin_x + y * stage->sin_y, flat = sqrt (turned_x * turned_x + z * z);
  double cosine;

  place->alpha_f = atan2 (turned_y, flat) - grazing->alpha_i;
  cosine = cos (place->alpha_f);
  place->q_x = stage->k * (cosine * z / flat - grazing->cos_i);
  place->q_y = stage->k * cosine * turned_x / flat;
  place->q_z = stage->k * (sin (place->alpha_f) + grazing->sin_i);
  place->q_r = copysign (sqrt (place->q_x * place->q_x + place->q_y * place->q_y), x);
}

double
saxid_grazing_y (const SaxidGrazing *grazing, double alpha_f)
{
  return grazing->stage->distance * tan (alpha_f + grazing->alpha_i);
}

void
saxid_grazing_horizon (const SaxidGrazing *grazing, float *image)
{
  const SaxidStage *stage = grazing->stage;
  const double horizon = saxid_grazing_y (grazing, 0);

  for (guint row = 0; row < stage->height; row++)
    for (guint column = 0; column < stage->width; column++)
      {
        const double x = saxid_stage_x (stage, column), y = saxid_stage_y (stage, row);
        const double above = (grazing->cos_lean * y - grazing->sin_lean * x - horizon) / stage->pitch; /* drawn pixels */
        const double shown = 1 / (1 + exp (-fmin (fmax (above / grazing->edge, -40), 40)));
        const double seen = above < 0 ? grazing->below * exp (above / grazing->decay) : grazing->below;

        image[(gsize) row * stage->width + column] *= (float) (shown + (1 - shown) * seen);
      }
}

void
saxid_grazing_air (const SaxidGrazing *grazing, SaxidRandom *random, float *image)
{
  const SaxidStage *stage = grazing->stage;
  const double flat = saxid_random_log_uniform (random, 1e-6, 0.1), air = saxid_random_log_uniform (random, 1e-5, 1);
  const double exponent = saxid_random_uniform (random, 0.8, 2.2), reach = 0.05 * MAX (stage->width, stage->height) * stage->pitch;

  for (guint row = 0; row < stage->height; row++)
    for (guint column = 0; column < stage->width; column++)
      {
        const double r = hypot (saxid_stage_x (stage, column), saxid_stage_y (stage, row));

        image[(gsize) row * stage->width + column] += (float) (flat + air * pow (r / reach + 0.1, -exponent));
      }
}

void
saxid_grazing_beams (const SaxidGrazing *grazing, SaxidRandom *random, double height, float *image)
{
  const SaxidStage *stage = grazing->stage;
  const double specular = saxid_grazing_y (grazing, grazing->alpha_i), width = saxid_random_uniform (random, 0.6, 3);
  const double bright = height * saxid_random_log_uniform (random, 1, 1e3);

  saxid_scene_spot (stage, 0, specular, width, width * saxid_random_uniform (random, 0.7, 3), bright, image);
  if (saxid_chance (random, 0.5)) /* rod */
    saxid_scene_spot (stage, 0, specular, width, stage->height * saxid_random_uniform (random, 0.03, 0.3),
                      height * saxid_random_log_uniform (random, 0.05, 5), image);
  if (saxid_chance (random, 0.25)) /* what slits and the sample's edge scatter, below the horizon too */
    saxid_scene_spot (stage, 0, 0, width * saxid_random_uniform (random, 0.5, 1.5), stage->height * saxid_random_uniform (random, 0.05, 0.4),
                      height * saxid_random_log_uniform (random, 0.02, 3), image);
  if (saxid_chance (random, 0.45)) /* direct beam and its halo */
    {
      const double halo = saxid_random_uniform (random, 2, 12);

      saxid_scene_spot (stage, 0, 0, width, width, bright * saxid_random_log_uniform (random, 0.1, 30), image);
      saxid_scene_spot (stage, 0, 0, halo, halo, height * saxid_random_log_uniform (random, 0.05, 5), image);
    }
}
