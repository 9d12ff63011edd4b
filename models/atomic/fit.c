/* Which particle of atoms describes a curve best?
 *
 * Thread: pure.
 */
#include "models/atomic/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/fit/linear.h"
#include "reducers/error.h"

/* Points of a curve that are looked at; more are averaged in groups of neighbours. */
#define MOST_POINTS 400
/* … and in the search of every page. */
#define SEARCHED_POINTS 240
#define FEWEST_POINTS 16
/* The part of I that no such model is believed to describe. */
#define TAU 0.03
/* d about that of the element, in steps. */
#define STRAIN 0.04
#define STRAIN_STEPS 9
/* Pages of each polyhedron that are refined. */
#define REFINED 2
/* Independent points of a curve with peaks, and misfits that make no one better. */
#define INDEPENDENT 12.0
#define GOOD 0.3
/* A size that adds less than this part of the intensity at 0 is left out. */
#define FAINT 1e-5
/* Sizes of the atlas are so far apart, in ln of the radius: narrower distributions are of one size. */
#define NARROW 0.02
#define MOST_WIDTH 0.3
#define MOST_B 3.0
#define LEAST_OCCUPANCY 0.3

static const double displacements[] = { 0.15, 0.5, 1.2 }, occupancies[] = { 1, 0.7 };

/* Coordinates of the refinement. */
enum
{
  D,
  B,
  RADIUS, /* ln of the mean radius in d */
  WIDTH,
  OCCUPANCY,
  COORDINATES
};

typedef struct
{
  const SaxidClusterAtlas *atlas;
  gsize n;
  double *q, *data, *sigma, *square; /* square: f² */
  double *model;                     /* [n] scratch */
  double element_d;
} Work;

typedef struct
{
  guint page;
  double at[COORDINATES];
  SaxidLinear linear;
} Trial;

/* P of the pages of a row at one d and one occupancy; computed when asked for. */
typedef struct
{
  double d, occupancy;
  guint first, n;
  double **value; /* [n] or NULL each */
} Row;

/* --- the curve ---------------------------------------------------------------------------- */

double
saxid_cluster_fit_last (const SaxidElement *element, const SaxidCurve *curve)
{
  return curve->q[curve->n - 1] * element->d * (1 + STRAIN + 0.01) + 1;
}

/* Means of groups of neighbours; sigma of the mean, with the part of I that is not believed. */
static void
gather (Work *work, const SaxidElement *element, const SaxidCurve *curve, gsize most)
{
  const gsize group = (curve->n + most - 1) / most;

  for (gsize first = 0; first < curve->n; first += group)
    {
      const gsize last = MIN (first + group, curve->n);
      double q = 0, intensity = 0, variance = 0;

      for (gsize k = first; k < last; k++)
        {
          q += curve->q[k] / (double)(last - first);
          intensity += curve->intensity[k] / (double)(last - first);
          variance += curve->sigma != NULL ? pow (curve->sigma[k] / (double)(last - first), 2) : 0;
        }
      if (q * element->d * (1 + STRAIN) > work->atlas->last || !isfinite (intensity))
        continue;
      work->q[work->n] = q;
      work->data[work->n] = intensity;
      work->sigma[work->n] = sqrt (variance + pow (TAU * intensity, 2));
      work->square[work->n++] = pow (saxid_element_form_factor (element, q), 2);
    }
}

/* --- the model ---------------------------------------------------------------------------- */

static void
work_init (Work *work, const SaxidClusterAtlas *atlas, const SaxidElement *element, const SaxidCurve *curve, gsize most)
{
  double *room = g_new (double, 5 * (most + 1));

  *work = (Work) { .atlas = atlas, .q = room, .data = room + (most + 1), .sigma = room + 2 * (most + 1), .square = room + 3 * (most + 1),
                   .model = room + 4 * (most + 1), .element_d = element->d };
  gather (work, element, curve, most);
}

static void
work_clear (Work *work)
{
  g_free (work->q);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

static gboolean
solve (const Work *work, const double *model, SaxidLinear *linear)
{
  return saxid_linear_fit (work->n, work->data, work->sigma, model, SAXID_LINEAR_NON_NEGATIVE, linear, NULL);
}

static void
add_page (const Work *work, double atoms, const double *pairs, double b, double share, double *out)
{
  for (gsize k = 0; k < work->n; k++)
    out[k] += share * work->square[k] * (atoms + exp (-b * work->q[k] * work->q[k] / (8 * G_PI * G_PI)) * pairs[k]);
}

static const double *
row_pairs (const Work *work, Row *row, guint page, double d, double occupancy)
{
  if (row->d != d || row->occupancy != occupancy)
    {
      for (guint k = 0; k < row->n; k++)
        g_clear_pointer (&row->value[k], g_free);
      row->d = d;
      row->occupancy = occupancy;
    }
  if (row->value[page - row->first] == NULL)
    {
      row->value[page - row->first] = g_new (double, work->n);
      saxid_cluster_page_at (&work->atlas->page[page], occupancy, d, work->n, work->q, row->value[page - row->first]);
    }
  return row->value[page - row->first];
}

/* How many particles of each size: log-normal in the radius, times how far sizes are apart. Of a narrow one the nearest two
 * share by how near they are. Shape: share n. */
static void
share_sizes (const SaxidClusterAtlas *atlas, guint first, guint n, double radius, double width, double *share)
{
  double sum = 0;

  for (guint k = 0; k < n; k++)
    {
      const double here = log (atlas->page[first + k].radius);
      const double before = k > 0 ? here - log (atlas->page[first + k - 1].radius) : 0;
      const double after = k + 1 < n ? log (atlas->page[first + k + 1].radius) - here : before;
      const double apart = 0.5 * ((before > 0 ? before : after) + after);

      /* never narrower than the steps of the atlas: then it is a triangle between two sizes */
      if (width > NARROW)
        share[k] = exp (-0.5 * pow ((here - radius) / width, 2)) * apart;
      else
        share[k] = fmax (0, 1 - fabs (here - radius) / fmax (here < radius ? after : before, 1e-3));
      sum += share[k];
    }
  for (guint k = 0; k < n; k++)
    share[k] = sum > 0 ? share[k] / sum : 0;
}

static gboolean
is_faint (const SaxidClusterPage *page, double share, double radius)
{
  return !(share * pow (page->radius / exp (radius), 6) > FAINT);
}

static gboolean
try_point (const Work *work, Row *row, const double *at, SaxidLinear *linear)
{
  g_autofree double *share = g_new (double, row->n);

  memset (work->model, 0, work->n * sizeof (double));
  share_sizes (work->atlas, row->first, row->n, at[RADIUS], at[WIDTH], share);
  for (guint k = 0; k < row->n; k++)
    {
      const SaxidClusterPage *page = &work->atlas->page[row->first + k];

      if (!is_faint (page, share[k], at[RADIUS]))
        add_page (work, saxid_cluster_page_atoms (page, at[OCCUPANCY]),
                  row_pairs (work, row, row->first + k, at[D], at[OCCUPANCY]), at[B], share[k], work->model);
    }
  return solve (work, work->model, linear);
}

/* --- every page --------------------------------------------------------------------------- */

/* One d of one page with all B and occupancies. Shape: part 3 n, pairs n. TRUE where it is better than before. */
static gboolean
search_distance (const Work *work, guint at, double d, double *part, double *pairs, gboolean found, Trial *best)
{
  const SaxidClusterPage *page = &work->atlas->page[at];
  const gsize n = work->n;

  saxid_debye_tables_at (SAXID_CLUSTER_PARTS, page->pairs, d, n, work->q, part);
  for (guint o = 0; o < G_N_ELEMENTS (occupancies); o++)
    {
      const double p = occupancies[o];

      for (gsize k = 0; k < n; k++)
        pairs[k] = part[k] + p * (part[n + k] + p * part[2 * n + k]);
      for (guint j = 0; j < G_N_ELEMENTS (displacements); j++)
        {
          SaxidLinear linear;

          memset (work->model, 0, n * sizeof (double));
          add_page (work, saxid_cluster_page_atoms (page, p), pairs, displacements[j], 1, work->model);
          if (!solve (work, work->model, &linear) || !(linear.scale > 0) || (found && linear.chi2 >= best->linear.chi2))
            continue;
          *best = (Trial) { .page = at, .at = { d, displacements[j], log (page->radius), 0, p }, .linear = linear };
          found = TRUE;
        }
    }
  return found;
}

/* The best d, B and occupancy of one page alone. Shape: room 4 n. */
static gboolean
search_page (const Work *work, guint at, double *room, Trial *best)
{
  gboolean found = FALSE;

  for (guint s = 0; s < STRAIN_STEPS; s++)
    {
      const double d = work->element_d * (1 + STRAIN * (2.0 * s / (STRAIN_STEPS - 1) - 1));

      found = search_distance (work, at, d, room, room + 3 * work->n, found, best);
    }
  return found;
}

/* --- refinement --------------------------------------------------------------------------- */

static void
row_init (Row *row, const SaxidClusterAtlas *atlas, guint page)
{
  guint first = page, last = page;

  while (first > 0 && atlas->page[first - 1].row == atlas->page[page].row)
    first--;
  while (last + 1 < atlas->n && atlas->page[last + 1].row == atlas->page[page].row)
    last++;
  *row = (Row) { .first = first, .n = last - first + 1, .value = g_new0 (double *, last - first + 1) };
}

static void
row_clear (Row *row)
{
  for (guint k = 0; k < row->n; k++)
    g_free (row->value[k]);
  g_free (row->value);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Row, row_clear)

static gboolean
is_allowed (const Work *work, const Row *row, const double *at)
{
  const SaxidClusterPage *page = work->atlas->page + row->first;

  return fabs (at[D] / work->element_d - 1) <= STRAIN && at[B] >= 0 && at[B] <= MOST_B && at[WIDTH] >= 0 && at[WIDTH] <= MOST_WIDTH
         && at[OCCUPANCY] >= LEAST_OCCUPANCY && at[OCCUPANCY] <= 1
         && at[RADIUS] >= log (page[0].radius) && at[RADIUS] <= log (page[row->n - 1].radius);
}

/* One coordinate, both ways, as long as it helps. TRUE where it has moved. */
static gboolean
walk (const Work *work, Row *row, guint coordinate, double step, Trial *trial)
{
  gboolean moved = FALSE;

  for (int sign = -1; sign <= 1 && !moved; sign += 2)
    for (;;)
      {
        Trial next = *trial;

        next.at[coordinate] += sign * step;
        if (!is_allowed (work, row, next.at) || !try_point (work, row, next.at, &next.linear) || !(next.linear.scale > 0)
            || !(next.linear.chi2 < trial->linear.chi2 * (1 - 1e-4)))
          break;
        *trial = next;
        moved = TRUE;
      }
  return moved;
}

/* Steps that are halved where no coordinate moves: derivatives are not needed, and bounds are no trouble. */
static void
refine (const Work *work, Trial *trial)
{
  double step[COORDINATES] = { 0.01 * trial->at[D], 0.2, 0.05, 0.06, 0.1 };
  g_auto (Row) row = { 0 };

  row_init (&row, work->atlas, trial->page);
  try_point (work, &row, trial->at, &trial->linear);
  while (step[D] > 2e-4 * trial->at[D])
    {
      gboolean moved = FALSE;

      for (guint c = COORDINATES; c-- > 0;)
        moved = walk (work, &row, c, step[c], trial) || moved;
      for (guint c = 0; c < COORDINATES && !moved; c++)
        step[c] /= 2;
    }
}

/* --- all together ------------------------------------------------------------------------- */

static void
to_fit (const Work *work, const Trial *trial, SaxidClusterFit *fit)
{
  g_auto (Row) row = { 0 };
  g_autofree double *share = NULL;
  const double radius = exp (trial->at[RADIUS]);

  row_init (&row, work->atlas, trial->page);
  share = g_new (double, row.n);
  share_sizes (work->atlas, row.first, row.n, trial->at[RADIUS], trial->at[WIDTH], share);
  *fit = (SaxidClusterFit) { .page = trial->page, .d = trial->at[D], .b = trial->at[B], .radius = radius * trial->at[D],
                             .width = trial->at[WIDTH], .occupancy = trial->at[OCCUPANCY], .scale = trial->linear.scale, .background = trial->linear.background,
                             .misfit = trial->linear.chi2 / (double)work->n };
  for (guint k = 0; k < row.n; k++)
    {
      const SaxidClusterPage *page = &work->atlas->page[row.first + k];

      fit->atoms += share[k] * saxid_cluster_page_atoms (page, trial->at[OCCUPANCY]);
      if (fabs (log (page->radius / radius)) < fabs (log (work->atlas->page[fit->page].radius / radius)))
        fit->page = row.first + k;
    }
}

static int
by_misfit (const void *a, const void *b)
{
  const double left = ((const SaxidClusterFit *)a)->misfit, right = ((const SaxidClusterFit *)b)->misfit;

  return (left > right) - (left < right);
}

/* The best pages of a polyhedron, refined. FALSE where none fits at all. */
static gboolean
fit_polyhedron (const Work *work, const SaxidPolyhedron *polyhedron, const Trial *trial, const gboolean *found, SaxidClusterFit *fit)
{
  Trial best[REFINED] = { 0 };
  guint n = 0;

  for (guint k = 0; k < work->atlas->n; k++)
    {
      guint at = n;

      if (!found[k] || work->atlas->page[k].polyhedron != polyhedron)
        continue;
      while (at > 0 && trial[k].linear.chi2 < best[at - 1].linear.chi2)
        at--;
      if (at == REFINED)
        continue;
      n = MIN (n + 1, REFINED);
      memmove (best + at + 1, best + at, (n - 1 - at) * sizeof *best);
      best[at] = trial[k];
    }
  for (guint k = 0; k < n; k++)
    {
      SaxidClusterFit refined;

      refine (work, &best[k]);
      to_fit (work, &best[k], &refined);
      if (k == 0 || refined.misfit < fit->misfit)
        *fit = refined;
    }
  return n > 0;
}

static void
weigh (guint n, SaxidClusterFit *fit)
{
  double sum = 0;

  for (guint k = 0; k < n; k++)
    {
      fit[k].weight = exp (-0.5 * INDEPENDENT * log ((fit[k].misfit + GOOD) / (fit[0].misfit + GOOD)));
      sum += fit[k].weight;
    }
  for (guint k = 0; k < n; k++)
    fit[k].weight /= sum;
}

static guint
fit_all (const Work *rough, const Work *work, SaxidClusterFit *fit)
{
  g_autofree Trial *trial = g_new (Trial, work->atlas->n + 1);
  g_autofree gboolean *found = g_new0 (gboolean, work->atlas->n + 1);
  g_autofree double *room = g_new (double, (SAXID_CLUSTER_PARTS + 1) * rough->n);
  guint n = 0;

  for (guint k = 0; k < work->atlas->n; k++)
    found[k] = search_page (rough, k, room, &trial[k]);
  for (guint k = 0; saxid_polyhedron_at (k) != NULL && n < SAXID_CLUSTER_FITS; k++)
    n += fit_polyhedron (work, saxid_polyhedron_at (k), trial, found, &fit[n]);
  qsort (fit, n, sizeof *fit, by_misfit);
  weigh (n, fit);
  return n;
}

guint
saxid_cluster_fit (const SaxidClusterAtlas *atlas, const SaxidElement *element, const SaxidCurve *curve,
                   SaxidClusterFit fit[SAXID_CLUSTER_FITS], GError **error)
{
  g_auto (Work) rough = { 0 }, work = { 0 };
  guint n = 0;

  work_init (&rough, atlas, element, curve, SEARCHED_POINTS);
  work_init (&work, atlas, element, curve, MOST_POINTS);
  if (rough.n < FEWEST_POINTS)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "%" G_GSIZE_FORMAT " points can be fitted by particles of %s, %d are needed", rough.n,
                   element->symbol, FEWEST_POINTS);
      return 0;
    }
  n = fit_all (&rough, &work, fit);
  if (n == 0)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "no particle of %s describes the curve better than a constant", element->symbol);
  return n;
}

void
saxid_cluster_fit_intensity (const SaxidClusterAtlas *atlas, const SaxidElement *element, const SaxidClusterFit *fit, gsize n,
                             const double *q, double *out)
{
  const double radius = log (fit->radius / fit->d);
  g_auto (Row) row = { 0 };
  g_autofree double *share = NULL, *pairs = g_new (double, n);

  row_init (&row, atlas, fit->page);
  share = g_new (double, row.n);
  share_sizes (atlas, row.first, row.n, radius, fit->width, share);
  for (gsize k = 0; k < n; k++)
    out[k] = fit->background;
  for (guint j = 0; j < row.n; j++)
    {
      const SaxidClusterPage *page = &atlas->page[row.first + j];

      if (is_faint (page, share[j], radius))
        continue;
      saxid_cluster_page_at (page, fit->occupancy, fit->d, n, q, pairs);
      for (gsize k = 0; k < n; k++)
        out[k] += fit->scale * share[j] * pow (saxid_element_form_factor (element, q[k]), 2)
                  * (saxid_cluster_page_atoms (page, fit->occupancy) + exp (-fit->b * q[k] * q[k] / (8 * G_PI * G_PI)) * pairs[k]);
    }
}
