/* What does a laboratory measure of particles of atoms?
 *
 * Thread: see draw.h.
 */
#include "models/atomic/population/draw.h"

#include <math.h>
#include <string.h>

#include "models/atomic/intensity.h"
#include "models/atomic/surface.h"
#include "models/materials/normal.h"
#include "models/simulate/random.h"

#define LEAST_RADIUS 4.0
#define MOST_RADIUS 50.0
/* Particles of more atoms have no surface that has grown from one side: pairs are counted one by one. */
#define MOST_ONE_SIDED 2500
#define BIN 1e-3
/* Width at half the height over the standard deviation. */
#define FWHM 2.3548
/* Powders: bulk metal, and how wide its rings are at least, 1/Å. */
#define GRAINS 400.0

static const char *const kind_names[] = { "particle", "unknown background", "powder", "halo", "mixed", "hcp" };

const char *
saxid_atomic_kind_name (SaxidAtomicKind kind)
{
  return kind_names[kind];
}

/* --- where there are points ----------------------------------------------------------------- */

/* Two detectors have one border in q, a gap there, and what they count differs by a step. */
typedef struct
{
  double border, gap, step;
} Joint;

static SaxidCurve *
draw_grid (SaxidRandom *random, double reach, SaxidAtomicDraw *draw, Joint *joint)
{
  const gsize n = (gsize)saxid_random_log_uniform (random, 200, SAXID_ATOMIC_MOST_POINTS);
  const gboolean has_joint = saxid_random_unit (random) < 0.5;
  SaxidCurve *curve = saxid_curve_new (n, TRUE, FALSE);
  gsize kept = 0;

  draw->q_first = saxid_random_log_uniform (random, 0.01, 0.1);
  draw->q_last = fmin (saxid_random_uniform (random, 2.5, 20), reach);
  joint->border = has_joint ? saxid_random_log_uniform (random, 0.25, 1.5) : INFINITY;
  joint->gap = saxid_random_uniform (random, 0, 0.1) * joint->border;
  joint->step = saxid_random_uniform (random, 0.95, 1.05);
  for (gsize k = 0; k < n; k++)
    {
      /* of two, the first has a third of the points on its part */
      const double t = (double)k / (double)(n - 1), first = 1.0 / 3;
      const double q = !has_joint ? draw->q_first + (draw->q_last - draw->q_first) * t
                       : t < first ? draw->q_first + (joint->border - draw->q_first) * t / first
                                   : joint->border + (draw->q_last - joint->border) * (t - first) / (1 - first);

      if (!has_joint || fabs (q - joint->border) > 0.5 * joint->gap)
        curve->q[kept++] = q;
    }
  curve->n = kept;
  return curve;
}

/* --- what scatters -------------------------------------------------------------------------- */

static guint
draw_page (const SaxidClusterAtlas *atlas, SaxidRandom *random, double d)
{
  guint n_polyhedron = 0, which, best = 0;
  const double radius = saxid_random_log_uniform (random, LEAST_RADIUS, fmin (0.95 * atlas->page[atlas->n - 1].radius * d, MOST_RADIUS)) / d;
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

/* Pairs of atoms without any symmetry, in bins. Shape: position 3 n. */
static SaxidDebyeTable *
table_of (gsize n, const double *position, double radius, double last)
{
  const gsize n_bin = (gsize)(2 * radius / BIN) + 4;
  g_autoptr (SaxidDistances) distances = g_new0 (SaxidDistances, 1);

  *distances = (SaxidDistances) { .atoms = n, .width = BIN, .distance = g_new (double, n_bin), .pairs = g_new0 (double, n_bin) };
  for (gsize i = 0; i < n; i++)
    for (gsize j = i + 1; j < n; j++)
      {
        const double *a = position + 3 * i, *b = position + 3 * j;
        const double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2], place = sqrt (x * x + y * y + z * z) / BIN;
        const gsize lower = (gsize)place;

        distances->pairs[lower] += 2 * ((double)lower + 1 - place);
        distances->pairs[lower + 1] += 2 * (place - (double)lower);
      }
  for (gsize k = 1; k < n_bin; k++)
    if (distances->pairs[k] > 0)
      {
        distances->distance[distances->n] = distances->longest = BIN * (double)k;
        distances->pairs[distances->n++] = distances->pairs[k];
      }
  return saxid_debye_table_new (distances, last);
}

/* The last shell covers the particle from one side, to a part of its sites. */
static SaxidDebyeTable *
one_sided_table (const SaxidClusterPage *page, SaxidRandom *random, gsize *atoms)
{
  g_autoptr (SaxidCluster) cluster = saxid_cluster_new (page->polyhedron, page->size, NULL), inside = NULL, outside = NULL;
  g_autofree double *position = g_new (double, 3 * cluster->n);
  const double height = saxid_random_uniform (random, -1, 1), turn = saxid_random_uniform (random, 0, 2 * G_PI);
  const double flat = sqrt (1 - height * height), towards[3] = { flat * cos (turn), flat * sin (turn), height };
  const double radius = saxid_cluster_radius (cluster), cut = saxid_random_uniform (random, -1, 0.6) * radius;

  saxid_cluster_split (cluster, &inside, &outside);
  memcpy (position, inside->position, 3 * inside->n * sizeof *position);
  *atoms = inside->n;
  for (gsize k = 0; k < outside->n; k++)
    {
      const double *r = outside->position + 3 * k;

      if (r[0] * towards[0] + r[1] * towards[1] + r[2] * towards[2] < cut)
        continue;
      memcpy (position + 3 * (*atoms)++, r, 3 * sizeof *position);
    }
  return table_of (*atoms, position, radius, page->last);
}

/* A sphere of hexagonal close packing. */
static SaxidDebyeTable *
hcp_table (double radius, double last, gsize *atoms)
{
  const int most = (int)ceil (radius) + 2;
  g_autoptr (GArray) position = g_array_new (FALSE, FALSE, 3 * sizeof (double));
  g_autoptr (SaxidDebyeTable) table = NULL;

  for (int k = -2 * most; k <= 2 * most; k++)
    for (int j = -2 * most; j <= 2 * most; j++)
      for (int i = -2 * most; i <= 2 * most; i++)
        {
          const double odd = k % 2 != 0 ? 1 : 0;
          const double r[3] = { i + 0.5 * j + 0.5 * odd, sqrt (0.75) * (j + odd / 3), sqrt (2.0 / 3) * k };

          if (r[0] * r[0] + r[1] * r[1] + r[2] * r[2] <= radius * radius)
            g_array_append_val (position, r);
        }
  *atoms = position->len;
  table = table_of (position->len, (const double *)(gpointer)position->data, radius, last);
  return g_steal_pointer (&table);
}

/* One particle, as the instrument sees it. */
static void
fill_from (const SaxidDebyeTable *table, SaxidCurve *curve, const SaxidAtomicDraw *draw)
{
  g_autoptr (SaxidDebyeTable) smeared = saxid_debye_table_smeared (table, draw->resolution / FWHM * draw->d);

  saxid_atoms_intensity (&(SaxidAtoms) { draw->element, draw->d, draw->b }, smeared, curve->n, curve->q, curve->intensity);
}

static void
fill_particle (const SaxidClusterAtlas *atlas, SaxidRandom *random, guint page, SaxidCurve *curve, SaxidAtomicDraw *draw)
{
  const double which = saxid_random_unit (random);
  SaxidClusterFit fit = { .page = page, .d = draw->d, .b = draw->b, .width = draw->width, .occupancy = 1, .scale = 1, .resolution = draw->resolution / FWHM,
                          .radius = atlas->page[page].radius * draw->d };

  draw->surface = which < 0.4 ? SAXID_SURFACE_COMPLETE
                  : which < 0.8 || atlas->page[page].atoms > MOST_ONE_SIDED ? SAXID_SURFACE_RANDOM : SAXID_SURFACE_ONE_SIDED;
  if (draw->surface == SAXID_SURFACE_ONE_SIDED)
    {
      gsize atoms;
      g_autoptr (SaxidDebyeTable) table = one_sided_table (&atlas->page[page], random, &atoms);

      draw->width = 0;
      draw->atoms = (double)atoms;
      fill_from (table, curve, draw);
      return;
    }
  if (draw->surface == SAXID_SURFACE_RANDOM)
    fit.occupancy = saxid_random_uniform (random, 0.4, 1);
  draw->atoms = saxid_cluster_fit_atoms (atlas, &fit);
  saxid_cluster_fit_intensity (atlas, draw->element, &fit, curve->n, curve->q, curve->intensity);
}

/* Rings of a close packing: multiplicities over q², on the upturn of large grains. */
static void
fill_powder (SaxidRandom *random, SaxidCurve *curve, SaxidAtomicDraw *draw)
{
  static const struct
  {
    double x, weight;
  } rings[] = { { 7.695, 8 }, { 8.886, 6 }, { 12.566, 12 }, { 14.736, 24 }, { 15.391, 8 }, { 17.772, 6 }, { 19.366, 24 }, { 19.869, 24 },
                { 21.766, 24 }, { 23.086, 32 } };
  const double width = hypot (draw->resolution / FWHM, saxid_random_uniform (random, 0.002, 0.012));
  const double upturn = saxid_random_log_uniform (random, 1e-4, 1e-2);

  for (gsize k = 0; k < curve->n; k++)
    {
      const double q = curve->q[k];

      curve->intensity[k] = upturn * pow (q, -4);
      for (guint r = 0; r < G_N_ELEMENTS (rings); r++)
        curve->intensity[k] += rings[r].weight / pow (rings[r].x, 2) / width * exp (-draw->b * q * q / (8 * G_PI * G_PI))
                               * exp (-0.5 * pow ((q - rings[r].x / draw->d) / width, 2));
      curve->intensity[k] *= pow (saxid_element_form_factor (draw->element, q), 2);
    }
  draw->atoms = GRAINS;
}

/* A liquid: the first maximum, and the next ones at 1.8 and 2.6 times its q, weaker. */
static void
fill_halo (SaxidRandom *random, SaxidCurve *curve, SaxidAtomicDraw *draw)
{
  const double at = saxid_random_uniform (random, 1.5, 3.1), width = at * saxid_random_uniform (random, 0.07, 0.18);
  const double upturn = saxid_random_log_uniform (random, 1e-7, 1e-4), height = saxid_random_uniform (random, 1, 5);

  for (gsize k = 0; k < curve->n; k++)
    {
      const double q = curve->q[k];

      curve->intensity[k] = upturn * pow (q, -4) + 0.15 + 0.5 * (1 - exp (-q * q / 8))
                            + height * exp (-0.5 * pow ((q - at) / width, 2)) + 0.25 * height * exp (-0.5 * pow ((q - 1.8 * at) / (1.6 * width), 2))
                            + 0.08 * height * exp (-0.5 * pow ((q - 2.6 * at) / (2 * width), 2));
      curve->intensity[k] *= pow (saxid_element_form_factor (draw->element, q) , 2);
    }
  draw->atoms = GRAINS;
}

static void
fill_hcp (const SaxidClusterAtlas *atlas, SaxidRandom *random, SaxidCurve *curve, SaxidAtomicDraw *draw)
{
  gsize atoms;
  g_autoptr (SaxidDebyeTable) table = hcp_table (saxid_random_uniform (random, 3, 7), atlas->last, &atoms);

  draw->atoms = (double)atoms;
  fill_from (table, curve, draw);
}

/* Two polyhedra of different families, each with a share of the atoms of a third at least. */
static void
fill_mixed (const SaxidClusterAtlas *atlas, SaxidRandom *random, guint page, SaxidCurve *curve, SaxidAtomicDraw *draw)
{
  const char *family = saxid_polyhedron_family (atlas->page[page].polyhedron);
  g_autoptr (SaxidCurve) other = saxid_curve_copy (curve);
  const double share = saxid_random_uniform (random, 0.35, 0.65);
  double first;
  guint second;

  do
    second = draw_page (atlas, random, draw->d);
  while (g_str_equal (saxid_polyhedron_family (atlas->page[second].polyhedron), family));
  fill_particle (atlas, random, page, curve, draw);
  first = draw->atoms;
  fill_particle (atlas, random, second, other, draw);
  for (gsize k = 0; k < curve->n; k++)
    curve->intensity[k] = share * curve->intensity[k] + (1 - share) * first / draw->atoms * other->intensity[k];
}

/* --- what it is measured with --------------------------------------------------------------- */

static void
add_background (SaxidRandom *random, SaxidAtomicKind kind, SaxidCurve *curve, SaxidAtomicDraw *draw)
{
  const double level = draw->atoms * pow (saxid_element_form_factor (draw->element, 0), 2);
  const double flat = saxid_random_uniform (random, 0, 0.2), rising = saxid_random_uniform (random, 0, 0.05);
  const double halo = saxid_random_uniform (random, 0, 0.03), at = saxid_random_uniform (random, 1.85, 2.15);
  const double width = saxid_random_uniform (random, 0.28, 0.45), by = saxid_random_uniform (random, 12, 45);
  const double power = saxid_random_uniform (random, 2, 4), hump = saxid_random_uniform (random, 0, 0.05);
  const double upturn = saxid_random_log_uniform (random, 1e-3, 0.1), hump_at = saxid_random_uniform (random, 1.2, 1.7);
  const double second = saxid_random_uniform (random, 2.8, 3.4);

  draw->background = flat;
  for (gsize k = 0; k < curve->n; k++)
    {
      const double q = curve->q[k];

      curve->intensity[k] += level * (flat + rising * (1 - exp (-q * q / by)) + halo * exp (-0.5 * pow ((q - at) / width, 2)));
      if (kind == SAXID_ATOMIC_UNKNOWN)
        curve->intensity[k] += level * (upturn * pow (q / 0.3, -power) + hump * exp (-0.5 * pow ((q - hump_at) / 0.22, 2))
                                        + 0.5 * hump * exp (-0.5 * pow ((q - second) / 0.5, 2)));
    }
}

/* Counts go with I q, as pixels do; what is never better than half a per cent is the detector. */
static void
count (SaxidRandom *random, const Joint *joint, SaxidCurve *curve, SaxidAtomicDraw *draw)
{
  double sum = 0, factor;

  draw->counts = saxid_random_log_uniform (random, 1e3, 1e9);
  for (gsize k = 0; k < curve->n; k++)
    sum += curve->q[k] > 1.5 ? curve->intensity[k] * curve->q[k] : 0;
  factor = draw->counts / fmax (sum, 1e-300);
  for (gsize k = 0; k < curve->n; k++)
    {
      const double counts = fmax (factor * curve->intensity[k] * curve->q[k], 1);

      curve->sigma[k] = curve->intensity[k] * hypot (1 / sqrt (counts), 0.005);
      curve->intensity[k] += curve->sigma[k] * saxid_normal_level (saxid_random_unit (random));
      if (curve->q[k] > joint->border)
        {
          curve->intensity[k] *= joint->step;
          curve->sigma[k] *= joint->step;
        }
    }
}

SaxidCurve *
saxid_atomic_draw (const SaxidClusterAtlas *atlas, SaxidAtomicKind kind, const SaxidElement *element, guint64 seed, guint64 sample,
                   SaxidAtomicDraw *draw)
{
  SaxidRandom random;
  SaxidCurve *curve;
  Joint joint;
  guint n_element = 0;

  saxid_random_init (&random, seed, sample, SAXID_STREAM_PARTICLE);
  while (saxid_element_at (n_element) != NULL)
    n_element++;
  *draw = (SaxidAtomicDraw) { .element = saxid_element_at (MIN ((guint)(saxid_random_unit (&random) * n_element), n_element - 1)) };
  if (element != NULL)
    draw->element = element;
  draw->d = draw->element->d * saxid_random_uniform (&random, 0.97, 1.03);
  draw->b = saxid_random_log_uniform (&random, 0.1, 1.5);
  draw->width = saxid_random_uniform (&random, 0, 0.25);
  draw->resolution = saxid_random_log_uniform (&random, 0.005, 0.05);
  draw->page = draw_page (atlas, &random, draw->d);
  curve = draw_grid (&random, (atlas->last - 0.5) / draw->d, draw, &joint);
  if (kind == SAXID_ATOMIC_POWDER)
    fill_powder (&random, curve, draw);
  else if (kind == SAXID_ATOMIC_HALO)
    fill_halo (&random, curve, draw);
  else if (kind == SAXID_ATOMIC_HCP)
    fill_hcp (atlas, &random, curve, draw);
  else if (kind == SAXID_ATOMIC_MIXED)
    fill_mixed (atlas, &random, draw->page, curve, draw);
  else
    fill_particle (atlas, &random, draw->page, curve, draw);
  if (kind == SAXID_ATOMIC_PARTICLE || kind == SAXID_ATOMIC_UNKNOWN)
    {
      draw->polyhedron = atlas->page[draw->page].polyhedron;
      draw->radius = draw->d * cbrt (3 * draw->atoms * saxid_polyhedron_atom_volume (draw->polyhedron) / (4 * G_PI));
    }
  add_background (&random, kind, curve, draw);
  count (&random, &joint, curve, draw);
  return curve;
}
