/* What do the scenes of all techniques share?
 *
 * Thread: see scene.h.
 */
#include "models/technique/frames/scene.h"

#include <math.h>

#include "models/technique/frames/chance.h"

#define TABLE 2048
#define MOST_WIDTHS 6.0 /* of a line or spot that are drawn */

void
saxid_scene_spot (const SaxidStage *stage, double x, double y, double width_x, double width_y, double height, float *image)
{
  const double column = x / stage->pitch + stage->beam_x - 0.5, row = stage->height - 0.5 - (y / stage->pitch + stage->beam_y);
  const double reach_x = MOST_WIDTHS * width_x, reach_y = MOST_WIDTHS * width_y;
  const int left = (int) floor (fmax (column - reach_x, 0)), right = (int) ceil (fmin (column + reach_x, stage->width - 1.0));
  const int top = (int) floor (fmax (row - reach_y, 0)), bottom = (int) ceil (fmin (row + reach_y, stage->height - 1.0));

  for (int j = top; j <= bottom; j++)
    for (int i = left; i <= right; i++)
      {
        const double u = (i - column) / width_x, v = (j - row) / width_y;

        image[(gsize) j * stage->width + (gsize) i] += (float) (height * exp (-0.5 * (u * u + v * v)));
      }
}

SaxidDiffuse
saxid_scene_diffuse_draw (SaxidRandom *random, gboolean shows_lines)
{
  SaxidDiffuse diffuse = { .height = 0 };
  gboolean is_near;

  if (saxid_chance (random, 0.6))
    diffuse.power = saxid_random_uniform (random, 0.5, 2);
  if (saxid_chance (random, 0.8))
    diffuse.height = saxid_random_log_uniform (random, 0.02, 20);
  is_near = shows_lines && diffuse.height > 1;
  diffuse.reach = is_near ? saxid_random_log_uniform (random, 0.15, 1.2) : saxid_random_log_uniform (random, 0.3, 4);
  if (is_near && diffuse.power > 0)
    diffuse.power = fmax (diffuse.power, 1);
  return diffuse;
}

double
saxid_scene_diffuse (const SaxidDiffuse *diffuse, double q)
{
  const double away = q / diffuse->reach;

  return diffuse->height * (diffuse->power > 0 ? pow (1 + away * away, -diffuse->power) : exp (-away));
}

void
saxid_scene_beam (const SaxidStage *stage, SaxidRandom *random, float *image)
{
  const double width = saxid_random_uniform (random, 0.4, 1.6);

  if (saxid_chance (random, 0.3))
    saxid_scene_spot (stage, 0, 0, width, width * saxid_random_uniform (random, 0.6, 1.6), saxid_random_log_uniform (random, 1, 1e5), image);
}

double
saxid_scene_line (double away, double share)
{
  const double square = away * away;

  return share / (1 + square) + (1 - share) * exp (-G_LN2 * square);
}

void
saxid_radial_init (SaxidRadialTable *table, double q_max)
{
  *table = (SaxidRadialTable) { q_max, TABLE, g_new0 (double, TABLE) };
}

void
saxid_radial_clear (SaxidRadialTable *table)
{
  g_clear_pointer (&table->value, g_free);
}

double
saxid_radial_q (const SaxidRadialTable *table, guint at)
{
  return table->q_max * (at + 0.5) / table->n;
}

double
saxid_radial_at (const SaxidRadialTable *table, double q)
{
  const double at = fmax (q / table->q_max * table->n - 0.5, 0);
  const guint k = MIN ((guint) at, table->n - 2);

  return table->value[k] + fmin (at - k, 1) * (table->value[k + 1] - table->value[k]);
}

void
saxid_radial_line (SaxidRadialTable *table, double q, double width, double height, double share)
{
  for (guint k = 0; k < table->n; k++)
    table->value[k] += height * saxid_scene_line ((saxid_radial_q (table, k) - q) / width, share);
}

void
saxid_radial_norm (SaxidRadialTable *table)
{
  double most = 0;

  for (guint k = 0; k < table->n; k++)
    most = fmax (most, table->value[k]);
  for (guint k = 0; k < table->n && most > 0; k++)
    table->value[k] /= most;
}
