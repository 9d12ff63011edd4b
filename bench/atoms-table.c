/* How often does the exhaustive fit find the particle that a curve is of?
 *
 *   atoms-table CURVES SEED [perfect|rough]
 *
 * draws particles of nine polyhedra (radius 5 to 25 Å, width 0 to 0.2, any element, d 3 % about the element's, B 0.1 to 1.5)
 * on a flat background of 0 to 20 % of N f(0)², with a rising one of 0 to 5 % and a halo at 2 1/Å of 0 to 3 %, 1 to 5 % noise, q from
 * 0.02 … 0.1 to 5 … 16. rough: in half of them each surface atom is missing with a probability up to one half, of one size only
 * then. Prints a line for each curve, and how often family and shape are right, how well the weights are
 * calibrated, and the time of a fit.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "models/atomic/fit.h"
#include "models/materials/normal.h"
#include "models/simulate/random.h"

#define MOST_POINTS 1200
#define BINS 10
/* About as saxid seed has it. */
#define MOST_RADIUS 12.0
#define LAST 62.0

typedef struct
{
  const SaxidClusterAtlas *atlas;
  const SaxidElement *element;
  SaxidClusterFit truth;
  gboolean is_rough;
} Draw;

typedef struct
{
  guint n, family, shape, weighed[BINS], right[BINS];
  double sum[BINS], seconds;
} Tally;

static double
seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Of a polyhedron at random the page whose radius is nearest to one at random. */
static guint
draw_page (const SaxidClusterAtlas *atlas, SaxidRandom *random, double d)
{
  guint n_polyhedron = 0, which, best = 0;
  const double radius = saxid_random_log_uniform (random, 5, 25) / d;
  double least = INFINITY;

  while (saxid_polyhedron_at (n_polyhedron) != NULL)
    n_polyhedron++;
  which = MIN ((guint)(saxid_random_unit (random) * n_polyhedron), n_polyhedron - 1);
  for (guint k = 0; k < atlas->n; k++)
    {
      /* rows of decahedra share what is near */
      const double away = fabs (log (atlas->page[k].radius / radius)) + 0.05 * saxid_random_unit (random);

      if (atlas->page[k].polyhedron == saxid_polyhedron_at (which) && away < least)
        {
          least = away;
          best = k;
        }
    }
  return best;
}

/* A particle whose surface is not complete: those with fewer than nine atoms near by may be missing. */
static SaxidDebyeTable *
rough_table (const SaxidClusterPage *page, SaxidRandom *random, double last)
{
  g_autoptr (SaxidCluster) cluster = saxid_cluster_new (page->polyhedron, page->size, NULL);
  g_autofree double *position = g_new (double, 3 * cluster->n);
  g_autoptr (SaxidDistances) distances = g_new0 (SaxidDistances, 1);
  const double missing = saxid_random_uniform (random, 0, 0.5), width = SAXID_DISTANCES_ROUGH;
  const gsize n_bin = (gsize)(2 * saxid_cluster_radius (cluster) / width) + 3;
  gsize n = 0;

  for (gsize i = 0; i < cluster->n; i++)
    {
      guint near = 0;

      for (gsize j = 0; j < cluster->n; j++)
        {
          double square = 0;

          for (guint c = 0; c < 3; c++)
            square += pow (cluster->position[3 * i + c] - cluster->position[3 * j + c], 2);
          near += j != i && square < 1.3 * 1.3;
        }
      if (near < 9 && saxid_random_unit (random) < missing)
        continue;
      memcpy (position + 3 * n++, cluster->position + 3 * i, 3 * sizeof (double));
    }
  *distances = (SaxidDistances) { .atoms = n, .width = width, .distance = g_new (double, n_bin), .pairs = g_new0 (double, n_bin) };
  for (gsize i = 0; i < n; i++)
    for (gsize j = i + 1; j < n; j++)
      {
        const double *a = position + 3 * i, *b = position + 3 * j;
        const double place = sqrt (pow (a[0] - b[0], 2) + pow (a[1] - b[1], 2) + pow (a[2] - b[2], 2)) / width, lower = floor (place);

        distances->pairs[(gsize)lower] += 2 * (1 - (place - lower));
        distances->pairs[(gsize)lower + 1] += 2 * (place - lower);
      }
  for (gsize k = 1; k < n_bin; k++)
    if (distances->pairs[k] > 0)
      {
        distances->distance[distances->n] = distances->longest = width * (double)k;
        distances->pairs[distances->n++] = distances->pairs[k];
      }
  return saxid_debye_table_new (distances, last);
}

static void
add_surroundings (SaxidCurve *curve, SaxidRandom *random, double level)
{
  const double flat = saxid_random_uniform (random, 0, 0.2) * level, rising = saxid_random_uniform (random, 0, 0.05) * level;
  const double halo = saxid_random_uniform (random, 0, 0.03) * level, noise = saxid_random_uniform (random, 0.01, 0.05);

  for (gsize k = 0; k < curve->n; k++)
    {
      const double q = curve->q[k];

      curve->intensity[k] += flat + rising * (1 - exp (-q * q / 25)) + halo * exp (-0.5 * pow ((q - 2) / 0.35, 2));
      curve->sigma[k] = noise * curve->intensity[k];
      curve->intensity[k] += curve->sigma[k] * saxid_normal_level (saxid_random_unit (random));
    }
}

static SaxidCurve *
draw_curve (Draw *draw, guint64 seed, guint64 sample, gboolean rough)
{
  SaxidRandom random;
  SaxidCurve *curve;
  double first, last, level;
  const SaxidClusterPage *page;

  saxid_random_init (&random, seed, sample, SAXID_STREAM_PARTICLE);
  draw->element = saxid_element_at ((guint)(saxid_random_unit (&random) * 17));
  draw->truth = (SaxidClusterFit) { .d = draw->element->d * saxid_random_uniform (&random, 0.97, 1.03),
                                    .b = saxid_random_log_uniform (&random, 0.1, 1.5), .width = saxid_random_uniform (&random, 0, 0.2),
                                    .occupancy = 1, .scale = 1 };
  draw->truth.page = draw_page (draw->atlas, &random, draw->truth.d);
  page = &draw->atlas->page[draw->truth.page];
  draw->truth.radius = page->radius * draw->truth.d;
  draw->is_rough = rough && saxid_random_unit (&random) < 0.5;
  first = saxid_random_log_uniform (&random, 0.02, 0.1);
  last = fmin (saxid_random_uniform (&random, 5, 16), LAST / draw->truth.d - 0.5);
  curve = saxid_curve_new ((gsize)saxid_random_uniform (&random, 300, MOST_POINTS), TRUE, FALSE);
  for (gsize k = 0; k < curve->n; k++)
    curve->q[k] = first + (last - first) * (double)k / (double)(curve->n - 1);
  if (draw->is_rough)
    {
      g_autoptr (SaxidDebyeTable) table = rough_table (page, &random, LAST);

      saxid_atoms_intensity (&(SaxidAtoms) { draw->element, draw->truth.d, draw->truth.b }, table, curve->n, curve->q, curve->intensity);
    }
  else
    saxid_cluster_fit_intensity (draw->atlas, draw->element, &draw->truth, curve->n, curve->q, curve->intensity);
  level = (double)page->atoms * pow (saxid_element_form_factor (draw->element, 0), 2);
  add_surroundings (curve, &random, level);
  return curve;
}

static void
judge (const Draw *draw, const SaxidCurve *curve, Tally *tally)
{
  const double begin = seconds ();
  const SaxidClusterPage *truth = &draw->atlas->page[draw->truth.page], *found;
  SaxidClusterFit fit[SAXID_CLUSTER_FITS];
  const guint n = saxid_cluster_fit (draw->atlas, draw->element, curve, fit, NULL);
  gboolean is_right;
  guint bin;

  tally->n++;
  tally->seconds += seconds () - begin;
  if (n == 0)
    return;
  found = &draw->atlas->page[fit[0].page];
  is_right = found->polyhedron == truth->polyhedron;
  bin = MIN ((guint)(fit[0].weight * BINS), BINS - 1);
  tally->shape += is_right;
  tally->family += g_str_equal (saxid_polyhedron_family (found->polyhedron), saxid_polyhedron_family (truth->polyhedron));
  tally->weighed[bin]++;
  tally->right[bin] += is_right;
  tally->sum[bin] += fit[0].weight;
  printf ("%-2s %-30s %4" G_GSIZE_FORMAT " atoms %s -> %-30s weight %.2f misfit %.2f radius %.1f / %.1f d %.4f / %.4f\n",
          draw->element->symbol, saxid_polyhedron_name (truth->polyhedron), truth->atoms, draw->is_rough ? "rough" : "     ",
          saxid_polyhedron_name (found->polyhedron), fit[0].weight, fit[0].misfit, fit[0].radius, draw->truth.radius, fit[0].d,
          draw->truth.d);
}

int
main (int argc, char **argv)
{
  g_autoptr (SaxidClusterAtlas) atlas = NULL;
  Tally tally = { 0 };
  Draw draw = { 0 };
  double error = 0;

  if (argc < 3)
    {
      fprintf (stderr, "usage: atoms-table CURVES SEED [perfect|rough]\n");
      return 2;
    }
  draw.atlas = atlas = saxid_cluster_atlas_new (MOST_RADIUS, LAST, 1);
  for (int k = 0; k < atoi (argv[1]); k++)
    {
      g_autoptr (SaxidCurve) curve = draw_curve (&draw, (guint64)atoi (argv[2]), (guint64)k, argc > 3 && strcmp (argv[3], "rough") == 0);

      judge (&draw, curve, &tally);
    }
  for (guint k = 0; k < BINS; k++)
    error += fabs (tally.sum[k] - tally.right[k]) / MAX (tally.n, 1);
  printf ("curves %u: family %.1f %%, shape %.1f %%, calibration error %.3f, %.0f ms a fit\n", tally.n, 100.0 * tally.family / tally.n,
          100.0 * tally.shape / tally.n, error, 1000 * tally.seconds / tally.n);
  return 0;
}
