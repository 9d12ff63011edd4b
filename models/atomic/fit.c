/* Which particle of atoms describes a curve best?
 *
 * Thread: see fit.h.
 */
#include "models/atomic/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reducers/error.h"

/* Points of a curve that are looked at, and in the search of every page. */
#define MOST_POINTS 400
#define SEARCHED_POINTS 240
#define FEWEST_POINTS 16
#define STRAIN_STEPS 9
/* Sizes that are tried first, and which of the others are then worth it: radii between these parts of the best of them. A
 * wide distribution looks like larger particles. */
#define EVERY 3
#define SMALLER 0.45
#define LARGER 1.45
/* So many times as large as the one before in its row that is tried: the refinement finds what lies between. */
#define APART 1.04
/* The first sizes of a row rise: one so many times as large as the best of them ends it, so that a curve of small particles does not
 * wait for the tables of large ones. */
#define FAR_LARGER 2.5
/* Pages of each polyhedron that are refined; more where there are many rows of nearly the same. */
#define REFINED 2
#define REFINED_COLUMNS 4
/* Heavier tails than a normal likelihood has: what no model describes is not independent from point to point. The three numbers
 * make the weights right about as often as they say on simulated curves (make bench-atoms, of other seeds than are shown). */
#define POWER 1.5
#define SHARP 0.01
#define GOOD 1.0
#define MOST_WIDTH 0.3
#define MOST_B 3.0
#define LEAST_OCCUPANCY 0.3
/* Resolution, times d: where refinements begin if the curve does not say, and the worst one. */
#define USUAL_SMEAR 0.02
#define MOST_SMEAR 0.1

static const double displacements[] = { 0.15, 0.5, 1.2 }, occupancies[] = { 1, 0.7 };
#define DISPLACEMENTS G_N_ELEMENTS (displacements)

/* Rows of which a few sizes tell how large the particles are: one of each family. */
static const char *const first_rows[]
    = { "cuboctahedron", "icosahedron", "rhombic_dodecahedron", "dodecahedron", "pentagonal_bipyramid" };

typedef struct
{
  guint page;
  double at[SAXID_CLUSTER_COORDINATES];
  SaxidGroundFit linear;
} Trial;

/* What the search of every page needs: factors of three B, and room for tables and model. */
typedef struct
{
  const SaxidClusterData *data;
  double *damped; /* [DISPLACEMENTS × n] f² exp (-B q² / 8π²) */
  double *part;   /* [SAXID_CLUSTER_PARTS × n] */
  double *pairs, *model; /* [n] */
} Search;

/* --- every page --------------------------------------------------------------------------- */

static void
search_init (Search *search, const SaxidClusterData *data)
{
  const gsize n = data->n;

  *search = (Search) { .data = data, .damped = g_new (double, (DISPLACEMENTS + SAXID_CLUSTER_PARTS + 2) * (n + 1)) };
  search->part = search->damped + DISPLACEMENTS * n;
  search->pairs = search->part + SAXID_CLUSTER_PARTS * n;
  search->model = search->pairs + n;
  for (guint j = 0; j < DISPLACEMENTS; j++)
    for (gsize k = 0; k < n; k++)
      search->damped[j * n + k] = data->square[k] * exp (-displacements[j] * data->q[k] * data->q[k] / (8 * G_PI * G_PI));
}

static void
search_clear (Search *search)
{
  g_free (search->damped);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, search_clear)

/* One d of one page with all B and occupancies. TRUE where it is better than before. */
static gboolean
search_distance (const Search *search, guint at, double d, gboolean found, Trial *best)
{
  const SaxidClusterPage *page = &search->data->atlas->page[at];
  const gsize n = search->data->n;

  saxid_debye_tables_at (SAXID_CLUSTER_PARTS, saxid_cluster_page_tables (page), d, n, search->data->q, search->part);
  for (guint o = 0; o < G_N_ELEMENTS (occupancies); o++)
    {
      const double p = occupancies[o], atoms = saxid_cluster_page_atoms (page, p);

      for (gsize k = 0; k < n; k++)
        search->pairs[k] = search->part[k] + p * (search->part[n + k] + p * search->part[2 * n + k]);
      for (guint j = 0; j < DISPLACEMENTS; j++)
        {
          SaxidGroundFit linear;

          for (gsize k = 0; k < n; k++)
            search->model[k] = atoms * search->data->square[k] + search->damped[j * n + k] * search->pairs[k];
          if (!saxid_ground_solve (search->data->ground, search->model, &linear) || (found && linear.chi2 >= best->linear.chi2))
            continue;
          *best = (Trial) { .page = at, .at = { d, displacements[j], log (page->radius), 0, p, 0 }, .linear = linear };
          found = TRUE;
        }
    }
  return found;
}

/* The best d, B and occupancy of one page alone. */
static gboolean
search_page (const Search *search, guint at, Trial *best)
{
  gboolean found = FALSE;

  for (guint s = 0; s < STRAIN_STEPS; s++)
    {
      const double d = search->data->element_d * (1 + SAXID_CLUSTER_STRAIN * (2.0 * s / (STRAIN_STEPS - 1) - 1));

      found = search_distance (search, at, d, found, best);
    }
  return found;
}

static gboolean
is_tried_first (const SaxidClusterPage *page)
{
  for (guint k = 0; k < G_N_ELEMENTS (first_rows); k++)
    if (g_str_equal (saxid_polyhedron_name (page->polyhedron), first_rows[k]))
      return page->size.n % EVERY == 0 && page->size.e == 0 && page->size.m == 0;
  return FALSE;
}

/* The best of the sizes that are tried first. FALSE: none fits. */
static gboolean
search_first (const Search *search, Trial *best)
{
  const SaxidClusterAtlas *atlas = search->data->atlas;
  double least = INFINITY, best_radius = INFINITY; /* of the row */
  gboolean found = FALSE;

  for (guint k = 0; k < atlas->n; k++)
    {
      const SaxidClusterPage *page = &atlas->page[k];
      Trial trial;

      if (k == 0 || page->row != page[-1].row)
        least = best_radius = INFINITY;
      if (!is_tried_first (page) || page->radius > FAR_LARGER * best_radius || !search_page (search, k, &trial))
        continue;
      if (trial.linear.chi2 < least)
        {
          least = trial.linear.chi2;
          best_radius = page->radius;
        }
      if (found && trial.linear.chi2 >= best->linear.chi2)
        continue;
      *best = trial;
      found = TRUE;
    }
  return found;
}

/* --- refinement --------------------------------------------------------------------------- */

static gboolean
is_allowed (const SaxidClusterData *data, const SaxidClusterRow *row, const double *at)
{
  const SaxidClusterPage *page = data->atlas->page + row->first;

  return fabs (at[SAXID_CLUSTER_D] / data->element_d - 1) <= SAXID_CLUSTER_STRAIN && at[SAXID_CLUSTER_B] >= 0
         && at[SAXID_CLUSTER_B] <= MOST_B && at[SAXID_CLUSTER_WIDTH] >= 0 && at[SAXID_CLUSTER_WIDTH] <= MOST_WIDTH
         && at[SAXID_CLUSTER_SMEAR] >= 0 && at[SAXID_CLUSTER_SMEAR] <= MOST_SMEAR && at[SAXID_CLUSTER_OCCUPANCY] >= LEAST_OCCUPANCY && at[SAXID_CLUSTER_OCCUPANCY] <= 1
         && at[SAXID_CLUSTER_RADIUS] >= log (page[0].radius) && at[SAXID_CLUSTER_RADIUS] <= log (page[row->n - 1].radius);
}

static gboolean
try_point (const Search *search, SaxidClusterRow *row, const double *at, SaxidGroundFit *linear)
{
  saxid_cluster_model (search->data, row, at, search->model);
  return saxid_ground_solve (search->data->ground, search->model, linear);
}

/* One coordinate, both ways, as long as it helps. TRUE where it has moved. */
static gboolean
walk (const Search *search, SaxidClusterRow *row, guint coordinate, double step, Trial *trial)
{
  gboolean moved = FALSE;

  for (int sign = -1; sign <= 1 && !moved; sign += 2)
    for (;;)
      {
        Trial next = *trial;

        next.at[coordinate] += sign * step;
        if (!is_allowed (search->data, row, next.at) || !try_point (search, row, next.at, &next.linear)
            || !(next.linear.chi2 < trial->linear.chi2 * (1 - 1e-4)))
          break;
        *trial = next;
        moved = TRUE;
      }
  return moved;
}

/* Steps that are halved where no coordinate moves: derivatives are not needed, and bounds are no trouble. */
static void
refine (const Search *search, Trial *trial)
{
  double step[SAXID_CLUSTER_COORDINATES] = { 0.01 * trial->at[SAXID_CLUSTER_D], 0.2, 0.05, 0.06, 0.1, 0.02 };
  g_auto (SaxidClusterRow) row = { 0 };

  saxid_cluster_row_init (&row, search->data->atlas, trial->page);
  trial->at[SAXID_CLUSTER_SMEAR] = USUAL_SMEAR;
  try_point (search, &row, trial->at, &trial->linear);
  while (step[SAXID_CLUSTER_D] > 2e-4 * trial->at[SAXID_CLUSTER_D])
    {
      gboolean moved = FALSE;

      for (guint c = SAXID_CLUSTER_COORDINATES; c-- > 0;)
        moved = walk (search, &row, c, step[c], trial) || moved;
      for (guint c = 0; c < SAXID_CLUSTER_COORDINATES && !moved; c++)
        step[c] /= 2;
    }
}

/* --- all together ------------------------------------------------------------------------- */

static void
to_fit (const SaxidClusterData *data, const Trial *trial, SaxidClusterFit *fit)
{
  const SaxidClusterAtlas *atlas = data->atlas;
  const double radius = trial->at[SAXID_CLUSTER_RADIUS];
  g_auto (SaxidClusterRow) row = { 0 };

  saxid_cluster_row_init (&row, atlas, trial->page);
  *fit = (SaxidClusterFit) { .page = trial->page, .d = trial->at[SAXID_CLUSTER_D], .b = trial->at[SAXID_CLUSTER_B],
                             .radius = exp (radius) * trial->at[SAXID_CLUSTER_D], .width = trial->at[SAXID_CLUSTER_WIDTH],
                             .occupancy = trial->at[SAXID_CLUSTER_OCCUPANCY],
                             .resolution = trial->at[SAXID_CLUSTER_SMEAR] / trial->at[SAXID_CLUSTER_D], .scale = trial->linear.scale,
                             .misfit = trial->linear.chi2 / (double)data->n };
  memcpy (fit->ground, trial->linear.ground, sizeof fit->ground);
  fit->atoms = saxid_cluster_row_atoms (&row, atlas, trial->at);
  for (guint k = row.first; k < row.first + row.n; k++)
    if (fabs (log (atlas->page[k].radius) - radius) < fabs (log (atlas->page[fit->page].radius) - radius))
      fit->page = k;
}

static int
by_misfit (const void *a, const void *b)
{
  const double left = ((const SaxidClusterFit *)a)->misfit, right = ((const SaxidClusterFit *)b)->misfit;

  return (left > right) - (left < right);
}

/* The best pages of a polyhedron, refined. FALSE where none fits at all. */
static gboolean
fit_polyhedron (const Search *search, const SaxidPolyhedron *polyhedron, const Trial *trial, const gboolean *found, SaxidClusterFit *fit)
{
  const SaxidClusterAtlas *atlas = search->data->atlas;
  const guint most = saxid_polyhedron_has_columns (polyhedron) ? REFINED_COLUMNS : REFINED;
  Trial best[REFINED_COLUMNS] = { 0 };
  guint n = 0;

  for (guint k = 0; k < atlas->n; k++)
    {
      guint at = n;

      if (!found[k] || atlas->page[k].polyhedron != polyhedron)
        continue;
      while (at > 0 && trial[k].linear.chi2 < best[at - 1].linear.chi2)
        at--;
      if (at == most)
        continue;
      n = MIN (n + 1, most);
      memmove (best + at + 1, best + at, (n - 1 - at) * sizeof *best);
      best[at] = trial[k];
    }
  for (guint k = 0; k < n; k++)
    {
      SaxidClusterFit refined;

      refine (search, &best[k]);
      to_fit (search->data, &best[k], &refined);
      if (k == 0 || refined.misfit < fit->misfit)
        *fit = refined;
    }
  return n > 0;
}

double
saxid_cluster_weight (double misfit, double best)
{
  return pow (1 + (misfit - best) / (SHARP * fmax (best, GOOD)), -POWER);
}

static void
weigh (guint n, SaxidClusterFit *fit)
{
  double sum = 0;

  for (guint k = 0; k < n; k++)
    {
      fit[k].weight = saxid_cluster_weight (fit[k].misfit, fit[0].misfit);
      sum += fit[k].weight;
    }
  for (guint k = 0; k < n; k++)
    fit[k].weight /= sum;
}

static guint
fit_all (const Search *rough, const Search *fine, SaxidClusterFit *fit)
{
  const SaxidClusterAtlas *atlas = rough->data->atlas;
  g_autofree Trial *trial = g_new (Trial, atlas->n + 1);
  g_autofree gboolean *found = g_new0 (gboolean, atlas->n + 1);
  double searched = 0; /* the last radius of the row */
  Trial first;
  guint n = 0;

  if (!search_first (rough, &first))
    return 0;
  for (guint k = 0; k < atlas->n; k++)
    {
      const SaxidClusterPage *page = &atlas->page[k];
      const double part = page->radius / exp (first.at[SAXID_CLUSTER_RADIUS]);

      if (k == 0 || page->row != page[-1].row)
        searched = 0;
      if (part < SMALLER || part > LARGER || page->radius < APART * searched)
        continue;
      searched = page->radius;
      found[k] = search_page (rough, k, &trial[k]);
    }
  for (guint k = 0; saxid_polyhedron_at (k) != NULL && n < SAXID_CLUSTER_FITS; k++)
    n += fit_polyhedron (fine, saxid_polyhedron_at (k), trial, found, &fit[n]);
  qsort (fit, n, sizeof *fit, by_misfit);
  weigh (n, fit);
  return n;
}

guint
saxid_cluster_fit (const SaxidClusterAtlas *atlas, const SaxidElement *element, const SaxidCurve *curve,
                   SaxidClusterFit fit[SAXID_CLUSTER_FITS], GError **error)
{
  g_auto (SaxidClusterData) few = { 0 }, many = { 0 };
  g_auto (Search) rough = { 0 }, fine = { 0 };
  guint n = 0;

  saxid_cluster_data_init (&few, atlas, element, curve, SEARCHED_POINTS);
  saxid_cluster_data_init (&many, atlas, element, curve, MOST_POINTS);
  if (few.n < FEWEST_POINTS)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "%" G_GSIZE_FORMAT " points can be fitted by particles of %s, %d are needed", few.n,
                   element->symbol, FEWEST_POINTS);
      return 0;
    }
  search_init (&rough, &few);
  search_init (&fine, &many);
  n = fit_all (&rough, &fine, fit);
  if (n == 0)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "no particle of %s describes the curve better than a constant", element->symbol);
  return n;
}

double
saxid_cluster_fit_quick (const SaxidClusterAtlas *atlas, const SaxidElement *element, const SaxidCurve *curve)
{
  g_auto (SaxidClusterData) few = { 0 };
  g_auto (Search) search = { 0 };
  Trial best;

  saxid_cluster_data_init (&few, atlas, element, curve, SEARCHED_POINTS);
  search_init (&search, &few);
  return few.n >= FEWEST_POINTS && search_first (&search, &best) ? best.linear.chi2 / (double)few.n : INFINITY;
}

double
saxid_cluster_fit_atoms (const SaxidClusterAtlas *atlas, const SaxidClusterFit *fit)
{
  const double at[SAXID_CLUSTER_COORDINATES] = { fit->d, fit->b, log (fit->radius / fit->d), fit->width, fit->occupancy };
  g_auto (SaxidClusterRow) row = { 0 };

  saxid_cluster_row_init (&row, atlas, fit->page);
  return saxid_cluster_row_atoms (&row, atlas, at);
}

void
saxid_cluster_fit_intensity (const SaxidClusterAtlas *atlas, const SaxidElement *element, const SaxidClusterFit *fit, gsize n,
                             const double *q, double *out)
{
  const double radius = log (fit->radius / fit->d);
  g_auto (SaxidClusterRow) row = { 0 };
  g_autofree double *share = NULL, *pairs = g_new (double, n);

  saxid_cluster_row_init (&row, atlas, fit->page);
  share = g_new (double, row.n);
  saxid_cluster_row_shares (&row, atlas, radius, fit->width, share);
  for (gsize k = 0; k < n; k++)
    {
      double term[SAXID_GROUND_TERMS];

      saxid_ground_at (q[k], term);
      out[k] = 0;
      for (guint t = 0; t < SAXID_GROUND_TERMS; t++)
        out[k] += fit->ground[t] * term[t];
    }
  for (guint j = 0; j < row.n; j++)
    {
      const SaxidClusterPage *page = &atlas->page[row.first + j];
      g_autoptr (SaxidDebyeTable) table = NULL;

      if (saxid_cluster_is_faint (page, share[j], radius))
        continue;
      table = saxid_cluster_page_table (page, fit->occupancy, fit->resolution * fit->d, INFINITY);
      saxid_debye_table_at (table, fit->d, n, q, pairs);
      for (gsize k = 0; k < n; k++)
        out[k] += fit->scale * share[j] * pow (saxid_element_form_factor (element, q[k]), 2)
                  * (saxid_cluster_page_atoms (page, fit->occupancy) + exp (-fit->b * q[k] * q[k] / (8 * G_PI * G_PI)) * pairs[k]);
    }
}
