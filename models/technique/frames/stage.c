/* Which detectors stand where, for which technique?
 *
 * Detectors: data sheets of Dectris, X-Spectrum and Rayonix; LOQ and SANS2D, D11, D22, NG7, EQ-SANS. Distances, wavelengths and ranges
 * of q are those of instruments of the four techniques.
 *
 * Thread: see stage.h.
 */
#include "models/technique/frames/stage.h"

#include <math.h>
#include <stdlib.h>

#include "reducers/order.h"

#define MOST_TRIES 200
#define AS_GRAZING 0.2 /* of frames in transmission: the detector stands as for a film */
#define MAPPED 0.07     /* of frames of wide angles that graze: over (q_r, q_z) already */
#define STITCHED 0.08   /* of modules: moved and put together, without gaps */
#define CROPPED 0.08    /* of all: a part of the detector was read out or kept */
#define ASIDE 0.06      /* of all frames */
#define UPRIGHT 0.6     /* of all detectors: within the width of a pixel */
#define NEUTRONS 0.04   /* of frames of small angles in transmission: what reduces one reduces the other */
#define GRID 24 /* of the percentile of q */

typedef enum
{
  KIND_MODULES,
  KIND_CAMERA,
  KIND_SHEET,
  KIND_PLATE
} Kind;

/* Weights of the four techniques: flat panels and image plates stand close to the sample, wires far. */
static const struct
{
  double weight[SAXID_N_TECHNIQUE];
  guint width, height;
  double pixel; /* µm */
  Kind kind;
  guint module_x, module_y, gap_x, gap_y;
} detectors[] = {
  { { 1, 1, 0.7, 0.7 }, 487, 195, 172, KIND_MODULES, 487, 195, 7, 17 },
  { { 2.5, 1.5, 2, 1.5 }, 487, 619, 172, KIND_MODULES, 487, 195, 7, 17 },
  { { 0.6, 2, 0.4, 1.2 }, 1475, 195, 172, KIND_MODULES, 487, 195, 7, 17 },
  { { 0.4, 1.2, 0.3, 1 }, 1475, 619, 172, KIND_MODULES, 487, 195, 7, 17 },
  { { 4.5, 2, 5, 4 }, 981, 1043, 172, KIND_MODULES, 487, 195, 7, 17 },
  { { 2.5, 1.5, 2.5, 1.5 }, 1475, 1679, 172, KIND_MODULES, 487, 195, 7, 17 },
  { { 0.2, 0.7, 0.1, 0.2 }, 2463, 2527, 172, KIND_MODULES, 487, 195, 7, 17 },
  { { 0.8, 0.8, 0.6, 0.6 }, 1028, 512, 75, KIND_MODULES, 1030, 514, 10, 37 },
  { { 2, 1.2, 2, 1.5 }, 1030, 1065, 75, KIND_MODULES, 1030, 514, 10, 37 },
  { { 1.5, 1.5, 1.2, 1.5 }, 2070, 2167, 75, KIND_MODULES, 1030, 514, 10, 37 },
  { { 0.4, 1, 0.3, 0.8 }, 2068, 512, 75, KIND_MODULES, 1030, 514, 10, 37 },
  { { 0.8, 0.8, 0.8, 0.8 }, 1556, 516, 55, KIND_MODULES, 256, 256, 4, 4 },
  { { 1.2, 1, 1, 1 }, 1024, 1024, 158, KIND_CAMERA, 0, 0, 0, 0 },
  { { 1.2, 2, 1.2, 2.2 }, 2048, 2048, 79, KIND_CAMERA, 0, 0, 0, 0 },
  { { 1.2, 0.2, 0.6, 0.2 }, 1024, 1024, 136, KIND_SHEET, 0, 0, 0, 0 },
  { { 0.15, 2.5, 0.1, 0.4 }, 2048, 2048, 200, KIND_SHEET, 0, 0, 0, 0 },
  { { 0.3, 1.8, 0.2, 0.5 }, 2300, 2300, 150, KIND_PLATE, 0, 0, 0, 0 },
};

/* Neutrons are counted by wires and tubes, whose pixels are drawn as they are. */
static const struct
{
  guint width, height;
  double pixel; /* mm */
} wires[] = { { 128, 128, 5 }, { 128, 128, 7.5 }, { 128, 256, 5 }, { 192, 192, 5 }, { 192, 256, 5 }, { 64, 64, 10 } };

/* What a technique allows: 95 % of q, distance, spread of tilts, and how often the beam misses the detector. */
static const struct
{
  double least_q, most_q, least_distance, most_distance, tilt, outside;
} ranges[SAXID_N_TECHNIQUE] = {
  [SAXID_TECHNIQUE_SAXS] = { 0.02, 0.75, 300, 12000, 0.005, 0.05 },
  [SAXID_TECHNIQUE_WAXS] = { 1.4, 12, 60, 2500, 0.14, 0.2 },
  [SAXID_TECHNIQUE_GISAXS] = { 0.04, 0.6, 300, 12000, 0.005, 0.05 },
  [SAXID_TECHNIQUE_GIWAXS] = { 1.3, 5, 60, 700, 0.07, 0.2 },
};

void
saxid_stage_lean (SaxidStage *stage, double tilt_x, double tilt_y)
{
  stage->tilt_x = tilt_x;
  stage->tilt_y = tilt_y;
  stage->cos_x = cos (tilt_x);
  stage->sin_x = sin (tilt_x);
  stage->cos_y = cos (tilt_y);
  stage->sin_y = sin (tilt_y);
}

double
saxid_stage_x (const SaxidStage *stage, guint column)
{
  return (column + 0.5 - stage->beam_x) * stage->pitch;
}

double
saxid_stage_y (const SaxidStage *stage, guint row)
{
  return (stage->height - row - 0.5 - stage->beam_y) * stage->pitch;
}

double
saxid_stage_q (const SaxidStage *stage, double x, double y, double *chi)
{
  const double along_x = x * stage->cos_x, along_y = y * stage->cos_y;
  const double z = stage->distance + x * stage->sin_x + y * stage->sin_y;
  const double cosine = z / sqrt (along_x * along_x + along_y * along_y + z * z);

  if (chi != NULL)
    *chi = atan2 (along_y, along_x);
  return 2 * stage->k * sqrt (fmax (1 - cosine, 0) / 2); /* 2 k sin θ */
}

double
saxid_stage_radius (const SaxidStage *stage, double q)
{
  const double sine = q * stage->wavelength / (4 * G_PI), two_theta = 2 * asin (fmin (sine, 1));

  return two_theta < G_PI / 2 ? stage->distance * tan (two_theta) : 0;
}

static void
fill_q (const SaxidStage *stage, double *q)
{
  for (guint j = 0; j < GRID; j++)
    for (guint i = 0; i < GRID; i++)
      q[j * GRID + i] = saxid_stage_q (stage, ((i + 0.5) / GRID * stage->width - stage->beam_x) * stage->pitch,
                                       ((j + 0.5) / GRID * stage->height - stage->beam_y) * stage->pitch, NULL);
  qsort (q, GRID * GRID, sizeof *q, saxid_compare_doubles);
}

/* The q below which 95 % of the pixels are. */
static double
q95_of (const SaxidStage *stage)
{
  double q[GRID * GRID];

  fill_q (stage, q);
  return q[GRID * GRID * 95 / 100];
}

double
saxid_stage_q_max (const SaxidStage *stage)
{
  double q[GRID * GRID];

  fill_q (stage, q);
  return q[GRID * GRID - 1] * 1.05;
}

/* ---- draws ------------------------------------------------------------------------------- */

static double
draw_wavelength (const SaxidStage *stage, SaxidRandom *random)
{
  static const double lines[] = { 1.5406, 1.5406, 1.5406, 1.3414, 0.7107 };

  if (stage->neutrons)
    return saxid_random_uniform (random, 4, 12);
  if (saxid_chance (random, 0.35))
    return lines[saxid_chance_index (random, G_N_ELEMENTS (lines))];
  if (stage->technique == SAXID_TECHNIQUE_WAXS && saxid_chance (random, 0.2))
    return saxid_random_uniform (random, 0.14, 0.5);
  return saxid_chance (random, 0.8) ? saxid_random_uniform (random, 0.7, 1.4) : saxid_random_uniform (random, 0.41, 1.9);
}

static void
choose_wires (SaxidStage *stage, SaxidRandom *random)
{
  const guint row = saxid_chance_index (random, G_N_ELEMENTS (wires));

  stage->scale = 1;
  stage->n_column = wires[row].width;
  stage->n_row = wires[row].height;
  stage->pitch = wires[row].pixel;
}

static void
choose_detector (SaxidStage *stage, SaxidRandom *random)
{
  const guint row = saxid_chance_row (random, &detectors[0].weight[stage->technique], sizeof detectors[0], G_N_ELEMENTS (detectors));
  const double side = saxid_random_uniform (random, 170, 230);
  const gboolean cropped = saxid_chance (random, CROPPED);
  const double width = detectors[row].width * (cropped ? saxid_random_uniform (random, 0.4, 1) : 1);
  const double height = detectors[row].height * (cropped ? saxid_random_uniform (random, 0.4, 1) : 1);

  stage->mapped = stage->technique == SAXID_TECHNIQUE_GIWAXS && saxid_chance (random, MAPPED);
  stage->scale = fmax (width, height) / side;
  stage->n_column = (guint) (width / stage->scale);
  stage->n_row = (guint) (height / stage->scale);
  stage->pitch = detectors[row].pixel * 1e-3 * stage->scale;
  stage->module_x = stage->mapped || saxid_chance (random, STITCHED) ? 0 : detectors[row].module_x;
  stage->module_y = detectors[row].module_y;
  stage->gap_x = detectors[row].gap_x;
  stage->gap_y = detectors[row].gap_y;
  stage->camera = detectors[row].kind == KIND_CAMERA;
  stage->round = detectors[row].kind == KIND_PLATE && !stage->mapped && !cropped;
}

static void
hang_detector (SaxidStage *stage, SaxidRandom *random)
{
  const gboolean grazing = saxid_technique_is_grazing (stage->technique);

  *stage = (SaxidStage) { .technique = stage->technique };
  stage->neutrons = stage->technique == SAXID_TECHNIQUE_SAXS && saxid_chance (random, NEUTRONS);
  (stage->neutrons ? choose_wires : choose_detector) (stage, random);
  stage->turn = grazing && saxid_chance (random, 0.7) ? 0 : saxid_chance_index (random, 4);
  if (stage->mapped)
    stage->turn = saxid_chance (random, 0.75) ? 0 : 2; /* q_z may grow down the rows of a file */
  stage->mirror = saxid_chance (random, 0.5);
  stage->width = stage->turn % 2 == 0 ? stage->n_column : stage->n_row;
  stage->height = stage->turn % 2 == 0 ? stage->n_row : stage->n_column;
}

/* One module of several, or an arm that stands aside: the beam is far outside, whatever the
 * technique, and no horizon need be in sight. */
static void
stand_aside (SaxidStage *stage, SaxidRandom *random)
{
  const gboolean grazing = saxid_technique_is_grazing (stage->technique);

  stage->aside = TRUE;
  stage->beam_x = stage->width * saxid_random_uniform (random, -1.5, 2.5);
  stage->beam_y = stage->height * saxid_random_uniform (random, -1.5, grazing ? 0.3 : 2.5);
}

/* Where the beam meets it: of grazing frames below most of the scene, and of some others that
 * the same beamline measures. */
static void
aim_beam (SaxidStage *stage, SaxidRandom *random)
{
  const gboolean grazing = saxid_technique_is_grazing (stage->technique), as_grazing = grazing || saxid_chance (random, AS_GRAZING);
  double x = 0.5 + 0.04 * saxid_chance_normal (random), y = 0.5 + 0.04 * saxid_chance_normal (random);

  if (saxid_chance (random, ranges[stage->technique].outside))
    {
      const double away = saxid_random_uniform (random, 1.02, 1.6);

      if (!grazing && saxid_chance (random, 0.5))
        x = saxid_chance (random, 0.5) ? away : 1 - away;
      else
        y = grazing || saxid_chance (random, 0.5) ? 1 - away : away;
    }
  else if (as_grazing)
    {
      x = saxid_chance (random, 0.75) ? 0.5 + 0.1 * saxid_chance_normal (random) : saxid_random_uniform (random, 0.02, 0.98);
      y = saxid_random_uniform (random, 0.01, 0.4);
    }
  else if (saxid_chance (random, 0.5))
    {
      x = saxid_random_uniform (random, 0.02, 0.98);
      y = saxid_random_uniform (random, 0.02, 0.98);
      if (saxid_chance (random, 0.4)) /* at an edge */
        x = saxid_chance (random, 0.5) ? 0.03 : 0.97;
    }
  stage->beam_x = x * stage->width;
  stage->beam_y = y * stage->height;
}

/* Most detectors stand upright, and their rings are round. */
static void
lean (SaxidStage *stage, double tilt, SaxidRandom *random)
{
  const gboolean leans = !saxid_chance (random, UPRIGHT);
  const double tilt_x = leans && saxid_chance (random, 0.7) ? tilt * saxid_chance_normal (random) : 0;
  const double tilt_y = leans && saxid_chance (random, 0.7) ? tilt * saxid_chance_normal (random) : 0;

  saxid_stage_lean (stage, tilt_x, tilt_y);
}

void
saxid_stage_draw (SaxidStage *stage, SaxidTechnique technique, SaxidRandom *random)
{
  const double tilt = ranges[technique].tilt;
  double q95 = 0;

  stage->technique = technique;
  for (guint tries = 0; tries < MOST_TRIES; tries++)
    {
      hang_detector (stage, random);
      if (saxid_chance (random, ASIDE))
        stand_aside (stage, random);
      else
        aim_beam (stage, random);
      stage->wavelength = draw_wavelength (stage, random);
      stage->k = 2 * G_PI / stage->wavelength;
      stage->distance = saxid_random_log_uniform (random, ranges[technique].least_distance, ranges[technique].most_distance);
      lean (stage, tilt, random);
      q95 = q95_of (stage);
      if (q95 >= ranges[technique].least_q && q95 <= ranges[technique].most_q)
        return;
    }
  /* what was drawn last, at the distance that is needed */
  stage->distance *= q95 / sqrt (ranges[technique].least_q * ranges[technique].most_q);
}

static double
share_along (guint at, double scale, guint module, guint gap)
{
  const double from = at * scale, to = from + scale, period = module + gap;
  double hidden = 0;

  for (double start = floor (from / period) * period; start < to; start += period)
    hidden += fmax (fmin (to, start + period) - fmax (from, start + module), 0);
  return 1 - hidden / scale;
}

double
saxid_stage_share (const SaxidStage *stage, guint column, guint row)
{
  if (stage->round)
    {
      const double x = column + 0.5 - stage->n_column / 2.0, y = row + 0.5 - stage->n_row / 2.0;

      return hypot (x, y) < MIN (stage->n_column, stage->n_row) / 2.0 ? 1 : 0;
    }
  if (stage->module_x == 0)
    return 1;
  return share_along (column, stage->scale, stage->module_x, stage->gap_x)
         * share_along (row, stage->scale, stage->module_y, stage->gap_y);
}
