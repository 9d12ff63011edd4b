/* How does a scene become the counts of a detector?
 *
 * Thread: see spoil.h.
 */
#include "models/technique/frames/spoil.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reducers/order.h"

#define LEAST_COUNTS 8.0 /* the brightest thousandth */
#define MOST_COUNTS 3e5
#define MOST_NEUTRONS 3e3
#define GREATEST 2147483647.0
#define MANY 100.0 /* counts that are as good as normal */

/* ---- shadows ---------------------------------------------------------------------------------- */

/* A shape that lets a share through, with an edge; all in drawn pixels from the beam. */
typedef struct
{
  double through, edge;
  double x, y;       /* middle of a disc or plate */
  double size_x, size_y;
  double angle;      /* of an arm */
} Shadow;

typedef double (*Inside) (const Shadow *shadow, double x, double y); /* drawn pixels inside, < 0 outside */

static double
in_disc (const Shadow *s, double x, double y)
{
  return s->size_x - hypot (x - s->x, y - s->y);
}

static double
out_of_disc (const Shadow *s, double x, double y)
{
  return -in_disc (s, x, y);
}

static double
in_plate (const Shadow *s, double x, double y)
{
  return fmin (s->size_x - fabs (x - s->x), s->size_y - fabs (y - s->y));
}

static double
in_arm (const Shadow *s, double x, double y)
{
  const double c = cos (s->angle), sine = sin (s->angle);
  const double along = c * (x - s->x) + sine * (y - s->y), across = sine * (x - s->x) - c * (y - s->y);

  return along < 0 ? -1e3 : s->size_x - fabs (across);
}

static double
behind_line (const Shadow *s, double x, double y)
{
  return cos (s->angle) * (x - s->x) + sin (s->angle) * (y - s->y);
}

static double
in_corner (const Shadow *s, double x, double y)
{
  return fmin (s->size_x * (x - s->x), s->size_y * (y - s->y));
}

static void
cast (const SaxidStage *stage, const Shadow *shadow, Inside inside, float *image)
{
  for (guint row = 0; row < stage->height; row++)
    for (guint column = 0; column < stage->width; column++)
      {
        const double x = column + 0.5 - stage->beam_x, y = stage->height - row - 0.5 - stage->beam_y;
        const double depth = inside (shadow, x, y) / shadow->edge;
        const double hidden = depth > 6 ? 1 : depth < -6 ? 0 : 1 / (1 + exp (-2 * depth));

        if (hidden > 0)
          image[(gsize) row * stage->width + column] *= (float) (1 - hidden * (1 - shadow->through));
      }
}

static double
draw_through (SaxidRandom *random)
{
  return saxid_chance (random, 0.4) ? saxid_random_log_uniform (random, 1e-4, 0.1) : 1e-6;
}

static void
cast_beamstop (const SaxidStage *stage, SaxidRandom *random, float *image)
{
  const double side = MIN (stage->width, stage->height);
  Shadow stop = { .through = draw_through (random), .edge = saxid_random_uniform (random, 0.3, 2) };

  stop.size_x = side * saxid_random_log_uniform (random, 0.01, 0.07);
  stop.size_y = stop.size_x * saxid_random_uniform (random, 0.6, 1.7);
  stop.x = 0.2 * stop.size_x * saxid_chance_normal (random);
  stop.y = 0.2 * stop.size_y * saxid_chance_normal (random);
  cast (stage, &stop, saxid_chance (random, 0.7) ? in_disc : in_plate, image);
  if (saxid_chance (random, 0.55))
    {
      Shadow arm = { .through = draw_through (random), .edge = stop.edge, .size_x = stop.size_x * saxid_random_uniform (random, 0.15, 0.8) };

      arm.angle = saxid_chance (random, 0.6) ? G_PI / 2 * saxid_chance_index (random, 4) : saxid_random_uniform (random, -G_PI, G_PI);
      cast (stage, &arm, in_arm, image);
    }
}

/* Over the specular beam alone, held from the side; another one is over the direct beam. */
static void
cast_second_stop (const SaxidStage *stage, SaxidRandom *random, float *image)
{
  const double side = MIN (stage->width, stage->height);
  Shadow stop = { .through = draw_through (random), .edge = saxid_random_uniform (random, 0.3, 2) };
  Shadow arm;

  stop.size_x = side * saxid_random_log_uniform (random, 0.01, 0.04);
  stop.y = stage->height * saxid_random_uniform (random, 0.03, 0.3);
  arm = stop;
  arm.size_x *= saxid_random_uniform (random, 0.1, 0.6);
  arm.angle = saxid_chance (random, 0.5) ? 0 : G_PI;
  arm.angle += 0.3 * saxid_chance_normal (random);
  cast (stage, &stop, in_disc, image);
  cast (stage, &arm, in_arm, image);
}

/* Over direct beam and specular. */
static void
cast_strip (const SaxidStage *stage, SaxidRandom *random, float *image)
{
  const double side = MIN (stage->width, stage->height);
  Shadow strip = { .through = draw_through (random), .edge = saxid_random_uniform (random, 0.3, 2) };

  strip.size_x = side * saxid_random_log_uniform (random, 0.006, 0.04);
  strip.size_y = stage->height * saxid_random_uniform (random, 0.05, 0.6);
  strip.y = strip.size_y * saxid_random_uniform (random, 0, 0.8);
  cast (stage, &strip, in_plate, image);
}

/* What leads to the detector, and where it ends in two rings one behind the other, the second one too. */
static void
cast_tube (const SaxidStage *stage, SaxidRandom *random, float *image)
{
  const double longest = MAX (stage->width, stage->height);
  Shadow tube = { .through = saxid_random_log_uniform (random, 1e-5, 0.2), .edge = saxid_random_log_uniform (random, 0.5, 12) };

  tube.x = stage->width * saxid_random_uniform (random, 0.28, 0.72) - stage->beam_x;
  tube.y = stage->height * saxid_random_uniform (random, 0.28, 0.72) - stage->beam_y;
  tube.size_x = longest * saxid_random_uniform (random, 0.32, 0.7);
  cast (stage, &tube, out_of_disc, image);
  if (!saxid_chance (random, 0.35))
    return;
  tube.through = saxid_random_log_uniform (random, 0.02, 0.6);
  tube.x += longest * saxid_random_uniform (random, -0.05, 0.05);
  tube.y += longest * saxid_random_uniform (random, -0.05, 0.05);
  tube.size_x *= saxid_random_uniform (random, 1, 1.15);
  cast (stage, &tube, out_of_disc, image);
}

static void
cast_line (const SaxidStage *stage, SaxidRandom *random, float *image)
{
  Shadow line = { .through = saxid_random_log_uniform (random, 1e-4, 0.7), .edge = saxid_random_log_uniform (random, 0.4, 8) };
  const gboolean straight = saxid_chance (random, 0.6);

  line.angle = saxid_chance (random, 0.7) ? G_PI / 2 * saxid_chance_index (random, 4) : saxid_random_uniform (random, -G_PI, G_PI);
  line.x = stage->width * (0.5 + cos (line.angle) * saxid_random_uniform (random, 0.25, 0.48)) - stage->beam_x;
  line.y = stage->height * (0.5 + sin (line.angle) * saxid_random_uniform (random, 0.25, 0.48)) - stage->beam_y;
  line.size_x = saxid_chance (random, 0.5) ? 1 : -1;
  line.size_y = saxid_chance (random, 0.5) ? 1 : -1;
  cast (stage, &line, straight ? behind_line : in_corner, image);
}

/* How often the tube that leads to the detector, or a window before it, is in the way. */
static const double tubes[SAXID_N_TECHNIQUE] = { 0.5, 0.12, 0.5, 0.12 };

void
saxid_spoil_shadows (const SaxidStage *stage, SaxidRandom *random, float *image)
{
  const gboolean grazing = saxid_technique_is_grazing (stage->technique);

  if (stage->mapped)
    return;

  if (saxid_chance (random, grazing ? 0.5 : 0.07)) /* a grazing beamline measures in transmission too */
    cast_strip (stage, random, image);
  if (saxid_chance (random, grazing ? 0.25 : 0.03))
    cast_second_stop (stage, random, image);
  if (saxid_chance (random, 0.85))
    cast_beamstop (stage, random, image);
  if (saxid_chance (random, tubes[stage->technique]))
    cast_tube (stage, random, image);
  if (saxid_chance (random, 0.2))
    cast_line (stage, random, image);
}

/* ---- counts -------------------------------------------------------------------------------------- */

/* The scene as the detector hangs: quarters of a turn, then a mirror. */
static void
turn (const SaxidStage *stage, const float *image, float *pixels)
{
  for (guint row = 0; row < stage->n_row; row++)
    for (guint column = 0; column < stage->n_column; column++)
      {
        const guint x = stage->mirror ? stage->n_column - 1 - column : column, y = row;
        guint i = x, j = y;

        if (stage->turn == 1)
          {
            i = y;
            j = stage->n_column - 1 - x;
          }
        else if (stage->turn == 2)
          {
            i = stage->n_column - 1 - x;
            j = stage->n_row - 1 - y;
          }
        else if (stage->turn == 3)
          {
            i = stage->n_row - 1 - y;
            j = x;
          }
        pixels[(gsize) row * stage->n_column + column] = image[(gsize) j * stage->width + i];
      }
}

/* The value that one thousandth of the pixels exceed. */
static double
brightest (const float *pixels, gsize n)
{
  const gsize step = n / 20000 + 1;
  g_autofree double *some = g_new (double, n / step + 1);
  gsize m = 0;

  for (gsize k = 0; k < n; k += step)
    if (isfinite (pixels[k]))
      some[m++] = pixels[k];
  if (m == 0)
    return 1;
  qsort (some, m, sizeof *some, saxid_compare_doubles);
  return fmax (some[(gsize) (0.999 * (double) (m - 1))], 1e-30);
}

typedef struct
{
  double exposure, exponent, pedestal, noise, flat, edge, saturation, corners;
  guint n_dead, n_hot, n_zinger; /* pixels of the detector */
  guint n_blind;                 /* drawn pixels of which none works */
  gboolean dead_module, is_marked, is_picture;
  guint n_line;        /* dead rows and columns */
  double constant;     /* what a corner is overwritten with, or 0 */
} Readout;

static Readout
draw_readout (const SaxidStage *stage, SaxidRandom *of, SaxidRandom *frame)
{
  static const double limits[] = { 1048576, 65535, 1.3e5 };
  Readout readout = {
    .exposure = saxid_random_log_uniform (of, LEAST_COUNTS, stage->neutrons ? MOST_NEUTRONS : MOST_COUNTS),
    .flat = 0.01, .edge = saxid_chance (of, 0.4) ? saxid_random_uniform (of, 1, 1.6) : 1,
    .saturation = limits[saxid_chance_index (of, 3)],
    .n_dead = saxid_chance_index (of, 80), .n_hot = saxid_chance_index (of, 7), .n_blind = saxid_chance_index (of, 4),
    .dead_module = saxid_chance (of, 0.08) && stage->module_x > 0,
    .is_marked = saxid_chance (of, 0.7), .is_picture = saxid_chance (of, 0.03),
    .constant = saxid_chance (of, 0.02) ? saxid_random_log_uniform (of, 1e4, 1e7) : 0,
    .n_line = saxid_chance (of, 0.15) ? 1 + saxid_chance_index (of, 4) : 0,
  };

  if (stage->camera)
    {
      readout.pedestal = saxid_random_log_uniform (of, 5, 1100);
      readout.noise = saxid_random_uniform (of, 0.8, 6);
      readout.corners = saxid_chance (of, 0.4) ? saxid_random_uniform (of, 0.1, 0.8) : 0;
      readout.n_zinger = saxid_chance_index (of, 12);
      readout.saturation = 65535;
    }
  readout.exposure *= saxid_random_uniform (frame, 0.8, 1.2);
  readout.exponent = saxid_random_uniform (frame, 0.93, 1.07);
  return readout;
}

/* One drawn pixel stands for scale² of the detector, and counts for all of them. */
static double
count_pixel (const SaxidStage *stage, const Readout *readout, double mean, double corner, SaxidRandom *frame)
{
  const double many = stage->scale * stage->scale;
  const double uneven = 1 + readout->flat * sqrt (12) * (saxid_random_unit (frame) - 0.5);
  double counts = mean * uneven * (1 - readout->corners * corner), expected;

  counts = fmin (fmax (counts, 0), readout->saturation);
  expected = fmin (counts * many, GREATEST);
  counts = (expected > MANY ? fmax (expected + sqrt (expected) * saxid_chance_normal (frame), 0)
                            : saxid_random_poisson (frame, expected)) / many;
  if (stage->camera)
    counts += readout->pedestal + readout->noise / stage->scale * saxid_chance_normal (frame);
  return counts;
}

/* Rows and columns of which nothing is read, and a corner in which a program has written something. */
static void
add_lines (const SaxidStage *stage, const Readout *readout, float nothing, SaxidRandom *of, float *pixels)
{
  const guint width = stage->n_column, height = stage->n_row;

  for (guint k = 0; k < readout->n_line; k++)
    {
      const gboolean across = saxid_chance (of, 0.4);
      const guint at = saxid_chance_index (of, across ? height : width);

      for (guint j = 0; j < (across ? width : height); j++)
        pixels[across ? (gsize) at * width + j : (gsize) j * width + at] = nothing;
    }
  if (readout->constant > 0)
    {
      const guint wide = 1 + saxid_chance_index (of, width / 6), high = 1 + saxid_chance_index (of, height / 6);
      const guint left = saxid_chance (of, 0.5) ? 0 : width - wide, top = saxid_chance (of, 0.5) ? 0 : height - high;

      for (guint row = top; row < top + high; row++)
        for (guint column = left; column < left + wide; column++)
          pixels[(gsize) row * width + column] = (float) readout->constant;
    }
}

/* A picture of 256 grey levels, as programs save them: logarithms, scaled to what is in it. */
static void
make_picture (float *pixels, gsize n)
{
  double most = 1;

  for (gsize k = 0; k < n; k++)
    most = isfinite (pixels[k]) ? fmax (most, pixels[k]) : most;
  for (gsize k = 0; k < n; k++)
    pixels[k] = isfinite (pixels[k]) ? floorf ((float) (255 * log1p (fmax (pixels[k], 0)) / log1p (most))) : 0;
}

static void
add_faults (const SaxidStage *stage, const Readout *readout, SaxidRandom *of, float *pixels)
{
  const gsize n = (gsize) stage->n_column * stage->n_row;
  const float nothing = readout->is_marked ? NAN : 0, one = (float) (1 / (stage->scale * stage->scale));

  for (guint k = 0; k < readout->n_dead; k++)
    pixels[saxid_chance_index (of, (guint) n)] *= readout->is_marked ? 1 : 1 - fminf (one, 1);
  for (guint k = 0; k < readout->n_blind; k++)
    pixels[saxid_chance_index (of, (guint) n)] = nothing;
  for (guint k = 0; k < readout->n_hot + readout->n_zinger; k++)
    pixels[saxid_chance_index (of, (guint) n)] += one * (float) (readout->saturation * saxid_random_log_uniform (of, 0.01, 1));
  if (readout->dead_module)
    {
      const guint width = MAX ((guint) (stage->module_x / stage->scale / (saxid_chance (of, 0.5) ? 1 : 8)), 1);
      const guint height = MAX ((guint) (stage->module_y / stage->scale / (saxid_chance (of, 0.5) ? 1 : 2)), 1);
      const guint left = saxid_chance_index (of, stage->n_column), top = saxid_chance_index (of, stage->n_row);

      for (guint row = top; row < MIN (top + height, stage->n_row); row++)
        for (guint column = left; column < MIN (left + width, stage->n_column); column++)
          pixels[(gsize) row * stage->n_column + column] = nothing;
    }
  add_lines (stage, readout, nothing, of, pixels);
  if (readout->is_picture)
    make_picture (pixels, n);
}

void
saxid_spoil_count (const SaxidStage *stage, const float *image, SaxidRandom *of, SaxidRandom *frame, float *pixels)
{
  const gsize n = (gsize) stage->n_column * stage->n_row;
  const Readout readout = draw_readout (stage, of, frame);
  double most;

  turn (stage, image, pixels);
  most = brightest (pixels, n);
  for (guint row = 0; row < stage->n_row; row++)
    for (guint column = 0; column < stage->n_column; column++)
      {
        float *pixel = &pixels[(gsize) row * stage->n_column + column];
        const double x = 2.0 * column / stage->n_column - 1, y = 2.0 * row / stage->n_row - 1;
        const double share = saxid_stage_share (stage, column, row);

        if (!isfinite (*pixel))
          continue;
        *pixel = (float) count_pixel (stage, &readout, readout.exposure * pow (fmax (*pixel, 0) / most, readout.exponent),
                                      fmax (hypot (x, y) - 0.9, 0), frame);
        if (share < 0.35)
          *pixel = readout.is_marked ? NAN : 0;
        else if (share < 1)
          *pixel *= (float) (readout.is_marked ? readout.edge : share);
      }
  add_faults (stage, &readout, of, pixels);
}
