/* Which frames does an experiment give?
 *
 * Thread: pure.
 */
#include "models/technique/frames/experiment.h"

#include <math.h>

#include "models/technique/frames/scene.h"
#include "models/technique/frames/spoil.h"
#include "reducers/order.h"

#define MOST_FRAMES 4096u /* of one experiment */

static const SaxidScene scenes[SAXID_N_TECHNIQUE] = {
  [SAXID_TECHNIQUE_SAXS] = saxid_scene_saxs,
  [SAXID_TECHNIQUE_WAXS] = saxid_scene_waxs,
  [SAXID_TECHNIQUE_GISAXS] = saxid_scene_gisaxs,
  [SAXID_TECHNIQUE_GIWAXS] = saxid_scene_giwaxs,
};

void
saxid_simulated_frame_clear (SaxidSimulatedFrame *frame)
{
  g_clear_pointer (&frame->pixels, g_free);
}

/* What a frame is made of. shadows: how often something stands in the way. */
typedef struct
{
  SaxidScene scene;
  double shadows;
  SaxidTechnique technique;
} Kind;

static void
draw (guint64 seed, guint32 experiment, guint32 frame, const Kind *what, SaxidSimulatedFrame *out)
{
  SaxidRandom of, one;
  SaxidStage stage;
  g_autofree float *image = NULL;
  const char *kind;

  saxid_random_init (&of, seed, experiment, SAXID_STREAM_EXPERIMENT);
  saxid_random_init (&one, seed, (guint64) experiment * MOST_FRAMES + frame, SAXID_STREAM_EXPOSURE);
  saxid_stage_draw (&stage, what->technique, &of);
  stage.beam_x += saxid_random_uniform (&one, -1, 1);
  stage.beam_y += saxid_random_uniform (&one, -1, 1);
  image = g_new0 (float, (gsize) stage.width * stage.height);
  kind = what->scene (&stage, &of, image);
  if (what->shadows >= 1 || saxid_chance (&of, what->shadows))
    saxid_spoil_shadows (&stage, &of, image);
  *out = (SaxidSimulatedFrame) { what->technique, stage.n_column, stage.n_row, g_new (float, (gsize) stage.n_column * stage.n_row), kind, stage };
  saxid_spoil_count (&stage, image, &of, &one, out->pixels);
}

void
saxid_simulated_frame_draw (guint64 seed, guint32 experiment, guint32 frame, SaxidSimulatedFrame *out)
{
  const SaxidTechnique technique = (SaxidTechnique) (experiment % SAXID_N_TECHNIQUE);

  draw (seed, experiment, frame, &(Kind) { scenes[technique], 1, technique }, out);
}

/* ---- strangers --------------------------------------------------------------------------------------- */

static const char *
paint_flat (const SaxidStage *stage, SaxidRandom *random, float *image)
{
  const double slope = saxid_chance (random, 0.5) ? saxid_random_uniform (random, -0.4, 0.4) : 0;

  for (guint row = 0; row < stage->height; row++)
    for (guint column = 0; column < stage->width; column++)
      image[(gsize) row * stage->width + column] = (float) (1 + slope * column / stage->width);
  return "flat";
}

/* It meets the detector somewhere, wherever the scattering would be, and on more pixels than the brightest thousandth,
 * by which frames are exposed. */
static const char *
paint_beam (const SaxidStage *stage, SaxidRandom *random, float *image)
{
  const double width = saxid_random_uniform (random, 1.2, 8);
  const double column = fmin (fmax (stage->beam_x, 0.05 * stage->width), 0.95 * stage->width);
  const double row = fmin (fmax (stage->beam_y, 0.05 * stage->height), 0.95 * stage->height);

  saxid_scene_spot (stage, (column - stage->beam_x) * stage->pitch, (row - stage->beam_y) * stage->pitch, width,
                    width * saxid_random_uniform (random, 0.7, 1.4), 1, image);
  for (gsize k = 0; k < (gsize) stage->width * stage->height; k++)
    image[k] += 1e-6f;
  return "beam";
}

/* A body that the beam shines through: chords of a few ellipsoids. */
static const char *
paint_radiograph (const SaxidStage *stage, SaxidRandom *random, float *image)
{
  const guint n = 1 + saxid_chance_index (random, 6);

  for (guint body = 0; body < n; body++)
    {
      const double x0 = stage->width * saxid_random_uniform (random, 0.2, 0.8), y0 = stage->height * saxid_random_uniform (random, 0.2, 0.8);
      const double a = stage->width * saxid_random_uniform (random, 0.05, 0.4), b = stage->height * saxid_random_uniform (random, 0.05, 0.4);
      const double dense = saxid_random_uniform (random, 0.2, 3);

      for (guint row = 0; row < stage->height; row++)
        for (guint column = 0; column < stage->width; column++)
          image[(gsize) row * stage->width + column]
            += (float) (dense * sqrt (fmax (1 - pow ((column - x0) / a, 2) - pow ((row - y0) / b, 2), 0)));
    }
  for (gsize k = 0; k < (gsize) stage->width * stage->height; k++)
    image[k] = expf (-image[k]);
  return "radiograph";
}

/* Far too long: most of it is as bright as can be. */
static const char *
paint_saturated (const SaxidStage *stage, SaxidRandom *random, float *image)
{
  const gsize n = (gsize) stage->width * stage->height;
  const double full = saxid_random_uniform (random, 0.03, 0.4); /* of the pixels are below the limit */
  g_autofree double *value = g_new (double, n);
  double most;

  saxid_scene_saxs (stage, random, image);
  for (gsize k = 0; k < n; k++)
    value[k] = image[k];
  most = saxid_order_select (value, n, (gsize) (full * (double) (n - 1)));
  for (gsize k = 0; k < n; k++)
    image[k] = fminf (image[k], (float) most);
  return "saturated";
}

static const char *
paint_dark (const SaxidStage *stage, SaxidRandom *random, float *image)
{
  for (guint row = 0; row < stage->height; row++)
    for (guint column = 0; column < stage->width; column++)
      image[(gsize) row * stage->width + column] = (float) (saxid_chance (random, 1e-3) ? 1 : 1e-4);
  return "dark";
}

/* Flat fields and radiographs are made without a beamstop. */
static const Kind strange[] = {
  { paint_flat, 0.2, SAXID_TECHNIQUE_SAXS }, { paint_beam, 0.7, SAXID_TECHNIQUE_SAXS }, { paint_radiograph, 0.1, SAXID_TECHNIQUE_SAXS },
  { paint_dark, 0.5, SAXID_TECHNIQUE_SAXS }, { paint_saturated, 1, SAXID_TECHNIQUE_SAXS },
};

void
saxid_simulated_stranger_draw (guint64 seed, guint32 experiment, guint32 frame, SaxidSimulatedFrame *out)
{
  const guint kind = experiment % G_N_ELEMENTS (strange);

  draw (seed, experiment, frame, &strange[kind], out);
  out->technique = SAXID_TECHNIQUE_UNKNOWN;
}
