/* Where should a fit begin?
 *
 * For each curve of a page and each shift the scale and the background follow from the
 * weighted sums of m and m², d m. Weights are 1 / (sigma² + (PART I)²): the curves of a
 * page lie too far apart for the noise of a good measurement to decide.
 *
 * Of a particle with a shell three curves are kept: of the core alone, of the shell
 * alone, and of both with the same contrast. Those of any contrasts follow
 * (models/simulate/contrast.h), so each geometry is tried with many.
 *
 * Thread: see atlas.h.
 */
#include "models/fit/atlas.h"

#include <math.h>
#include <string.h>

#include "models/shapes/elementary.h"
#include "models/simulate/contrast.h"
#include "models/simulate/random.h"
#include "reducers/error.h"

/* ln (q L) of the first and number of steps: q L from 0.02 to 190. */
#define FIRST (-3.9)
#define POINTS 306
/* Curves of a geometry: core, shell, both. */
#define PARTS 3
#define COLUMNS (PARTS * POINTS + SAXID_SPACE_MOST)
#define SIZE 100.0
/* No page is larger. */
#define MOST_PER_PAGE 10000
/* Logarithms are kept as whole numbers of this part, coordinates of that. */
#define PER_LOGARITHM 256.0
#define PER_COORDINATE 16384.0
/* Intensities are kept in this unit, 1/cm: about that of a contrast of one at SIZE. */
#define UNIT 1e4
#define PART 0.05
/* Beyond its last step a curve goes on by Porod's law. */
#define POROD 4.0
/* Shifts that are tried: q L of the last point at least, of the first at most. */
#define LEAST_LAST 0.8
#define MOST_FIRST 30.0
/* Contrasts that are tried for a geometry: angles (space.c) from -pi/2 to pi/2. */
#define ANGLES 10

struct SaxidAtlas
{
  guint n_page, per_page;
  const SaxidSpace **space; /* [n_page] NULL: none */
  gint16 *kept;             /* [n_page × per_page × COLUMNS] */
  float *part;              /* [n_page × per_page × PARTS × POINTS] from the first match on */
  gsize expanded;           /* g_once_init */
};

typedef struct
{
  SaxidAtlas *atlas;
  guint64 seed;
  double q[POINTS];
  gint next;
} Making;

/* The coordinate that is the angle of the contrasts; -1: the space has none. */
static int
angle_of (const SaxidSpace *space)
{
  const SaxidShape *shape = saxid_space_shape (space);

  for (guint k = 0; k < saxid_space_dimension (space); k++)
    {
      const int at = saxid_space_parameter (space, k);

      if (at >= 0 && !shape->parameter[at].is_size)
        return (int) k;
    }
  return -1;
}

static gint16
as_number (double value, double per)
{
  return (gint16) CLAMP (round (value * per), G_MININT16, G_MAXINT16);
}

static void
make_curve (const Making *making, guint at)
{
  SaxidAtlas *atlas = making->atlas;
  const SaxidSpace *space = atlas->space[at / atlas->per_page];
  gint16 *row = atlas->kept + (gsize) at * COLUMNS;
  double place[SAXID_SPACE_MOST], x[SAXID_SPACE_MOST] = { 0 }, out[POINTS];
  const SaxidContrast contrasts[PARTS] = { { 1, 0 }, { 0, 1 }, { 1, 1 } };
  SaxidSpacePoint point;
  SaxidRandom random;

  if (space == NULL)
    return;
  saxid_random_init (&random, making->seed, at, SAXID_STREAM_PARTICLE);
  for (guint k = 0; k < SAXID_SPACE_MOST; k++)
    place[k] = saxid_random_unit (&random);
  saxid_space_place (space, place, SIZE, &point);
  /* narrow and wide ones are as rare as each other in ln width; measured ones lie between */
  point.width = saxid_random_log_uniform (&random, 0.03, 0.4);
  saxid_space_coordinates (space, &point, x);
  for (guint k = 0; k < SAXID_SPACE_MOST; k++)
    row[PARTS * POINTS + k] = as_number (x[k], PER_COORDINATE);
  for (guint part = 0; part < (angle_of (space) >= 0 ? PARTS : 1); part++)
    {
      if (angle_of (space) >= 0)
        saxid_contrast_set (saxid_space_shape (space), point.value, &contrasts[part]);
      if (!saxid_shape_intensity (saxid_space_shape (space), point.value, point.width, SAXID_DISTRIBUTION_SCHULZ,
                                  POINTS, making->q, out, NULL))
        return;
      for (guint k = 0; k < POINTS; k++)
        row[part * POINTS + k] = as_number (log (fmax (out[k] / UNIT, 1e-50)), PER_LOGARITHM);
    }
}

static gpointer
run_worker (gpointer data)
{
  Making *making = data;

  for (;;)
    {
      const guint at = (guint) g_atomic_int_add (&making->next, 1);

      if (at >= making->atlas->n_page * making->atlas->per_page)
        return NULL;
      make_curve (making, at);
    }
}

static SaxidAtlas *
allocate (guint n_class, const SaxidShape *const *class, guint per_page)
{
  SaxidAtlas *atlas = g_new0 (SaxidAtlas, 1);

  atlas->n_page = n_class;
  atlas->per_page = per_page;
  atlas->space = g_new0 (const SaxidSpace *, n_class);
  for (guint k = 0; k < n_class; k++)
    atlas->space[k] = class[k] != NULL ? saxid_space_find (class[k]) : NULL;
  atlas->kept = g_new0 (gint16, (gsize) n_class * per_page * COLUMNS);
  return atlas;
}

/* Who only wants labels does not pay for it. */
static void
expand (SaxidAtlas *atlas)
{
  if (!g_once_init_enter (&atlas->expanded))
    return;
  atlas->part = g_new (float, (gsize) atlas->n_page * atlas->per_page * PARTS * POINTS);
  for (gsize at = 0; at < (gsize) atlas->n_page * atlas->per_page; at++)
    for (guint k = 0; k < PARTS * POINTS; k++)
      atlas->part[at * PARTS * POINTS + k] = expf ((float) atlas->kept[at * COLUMNS + k] / (float) PER_LOGARITHM);
  g_once_init_leave (&atlas->expanded, 1);
}

SaxidAtlas *
saxid_atlas_new (guint n_class, const SaxidShape *const *class, guint per_page, guint64 seed, guint threads)
{
  Making making = { .atlas = allocate (n_class, class, per_page), .seed = seed };
  g_autofree GThread **pool = g_new0 (GThread *, MAX (threads, 1));

  for (guint k = 0; k < POINTS; k++)
    making.q[k] = exp (FIRST + SAXID_ATLAS_STEP * k) / SIZE;
  for (guint k = 1; k < threads; k++)
    pool[k] = g_thread_new ("saxid-atlas", run_worker, &making);
  run_worker (&making);
  for (guint k = 1; k < threads; k++)
    g_thread_join (pool[k]);
  return making.atlas;
}

void
saxid_atlas_free (SaxidAtlas *atlas)
{
  if (atlas == NULL)
    return;
  g_free (atlas->space);
  g_free (atlas->kept);
  g_free (atlas->part);
  g_free (atlas);
}

GBytes *
saxid_atlas_to_bytes (const SaxidAtlas *atlas)
{
  const gsize n = (gsize) atlas->n_page * atlas->per_page * COLUMNS;
  g_autofree gint16 *numbers = g_new (gint16, n);

  for (gsize k = 0; k < n; k++)
    numbers[k] = GINT16_TO_LE (atlas->kept[k]);
  return g_bytes_new (numbers, n * sizeof *numbers);
}

SaxidAtlas *
saxid_atlas_from_bytes (guint n_class, const SaxidShape *const *class, GBytes *bytes, GError **error)
{
  const gsize page = (gsize) n_class * COLUMNS * sizeof (gint16);
  gsize size;
  const gint16 *numbers = g_bytes_get_data (bytes, &size);
  SaxidAtlas *atlas;

  if (size == 0 || size % page != 0 || size / page > MOST_PER_PAGE)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "atlas of %" G_GSIZE_FORMAT " bytes is none of %u classes",
                   size, n_class);
      return NULL;
    }
  atlas = allocate (n_class, class, (guint) (size / page));
  for (gsize k = 0; k < size / sizeof *numbers; k++)
    atlas->kept[k] = GINT16_FROM_LE (numbers[k]);
  return atlas;
}

/* --- The search ---------------------------------------------------------------------------- */

/* The curve on steps, and what every misfit needs of it. */
typedef struct
{
  guint n;      /* steps from the first point to the last */
  float *data;  /* [n] 0 where there is no point */
  float *weight;
  double w, d, dd; /* sums of weights, w d, w d² */
} Steps;

static void
lay_steps (const SaxidCurve *curve, Steps *steps)
{
  const double first = log (curve->q[0]);
  double largest = 0;

  steps->n = MIN ((guint) (log (curve->q[curve->n - 1] / curve->q[0]) / SAXID_ATLAS_STEP) + 1, POINTS);
  steps->data = g_new0 (float, steps->n);
  steps->weight = g_new0 (float, steps->n);
  for (gsize k = 0; k < curve->n; k++)
    largest = fmax (largest, fabs (curve->intensity[k]));
  for (gsize k = 0; k < curve->n; k++)
    {
      const guint at = (guint) ((log (curve->q[k]) - first) / SAXID_ATLAS_STEP + 0.5);
      const double d = curve->intensity[k] / largest, s = curve->sigma[k] / largest;
      const double weight = 1 / (s * s + PART * d * PART * d + 1e-18);

      if (at >= steps->n)
        continue;
      steps->data[at] = (float) d;
      steps->weight[at] = (float) weight;
      steps->w += weight;
      steps->d += weight * d;
      steps->dd += weight * d * d;
    }
}

/* The least misfit with a scale and a background that are not negative. */
static double
misfit_of (const Steps *steps, double m, double mm, double dm)
{
  const double centre_mm = mm - m * m / steps->w, centre_dm = dm - m * steps->d / steps->w;
  const double centre_dd = steps->dd - steps->d * steps->d / steps->w;
  double best = steps->dd;

  if (centre_mm > 1e-12 * mm && centre_dm > 0)
    {
      const double scale = centre_dm / centre_mm, background = (steps->d - scale * m) / steps->w;

      if (background >= 0)
        return fmax (centre_dd - centre_dm * scale, 0);
    }
  if (dm > 0 && mm > 0)
    best = fmin (best, steps->dd - dm * dm / mm);
  return fmax (best, 0);
}

/* The sums for every shift at once: the inner loop runs over shifts, which are
 * independent of each other. Shape: m, mm, dm n_shift; curve n_shift + steps->n. */
SAXID_EVERY_PROCESSOR static void
sum_up (const Steps *steps, const float *curve, guint n_shift, float *m, float *mm, float *dm)
{
  memset (m, 0, n_shift * sizeof *m);
  memset (mm, 0, n_shift * sizeof *mm);
  memset (dm, 0, n_shift * sizeof *dm);
  for (guint k = 0; k < steps->n; k++)
    {
      const float weight = steps->weight[k], data = steps->data[k];
      const float *from = curve + k;

      if (!(weight > 0))
        continue;
      for (guint s = 0; s < n_shift; s++)
        {
          const float weighted = weight * from[s];

          m[s] += weighted;
          mm[s] += weighted * from[s];
          dm[s] += weighted * data;
        }
    }
}

/* A curve with what lies before its first step and after its last. */
static void
extend (const float *curve, guint before, guint after, float *out)
{
  for (guint k = 0; k < before; k++)
    out[k] = curve[0];
  memcpy (out + before, curve, POINTS * sizeof *curve);
  for (guint k = 0; k < after; k++)
    out[before + POINTS + k] = curve[POINTS - 1] * (float) exp (-POROD * SAXID_ATLAS_STEP * (k + 1));
}

/* Core cos + shell sin, from the three curves; what is not of such parts as it is. */
static void
mix (const float *part, gboolean has_shell, double turn, float *out)
{
  const float c = (float) cos (turn), s = (float) sin (turn);
  const float *core = part, *shell = part + POINTS, *both = part + 2 * POINTS;
  float highest = 0;

  if (!has_shell)
    {
      memcpy (out, part, POINTS * sizeof *out);
      return;
    }
  for (guint k = 0; k < POINTS; k++)
    {
      out[k] = fmaxf (c * c * core[k] + s * s * shell[k] + c * s * (both[k] - core[k] - shell[k]), 0);
      highest = fmaxf (highest, out[k]);
    }
  /* sums of squares stay in range */
  for (guint k = 0; k < POINTS && highest > 0; k++)
    out[k] /= highest;
}

/* The particle of a row at the main size of the page, with contrasts of this angle. */
static void
put_point (const SaxidAtlas *atlas, const SaxidSpace *space, gsize row, int angle, double turn, SaxidSpacePoint *point)
{
  double x[SAXID_SPACE_MOST];

  for (guint k = 0; k < SAXID_SPACE_MOST; k++)
    x[k] = (double) atlas->kept[row * COLUMNS + PARTS * POINTS + k] / PER_COORDINATE;
  if (angle >= 0)
    x[angle] = asin (CLAMP (turn / G_PI_2, -1, 1));
  saxid_space_point (space, x, point);
}

static void
keep (SaxidMatch *match, guint n, guint *found, const SaxidMatch *candidate)
{
  guint at = *found;

  if (*found == n && candidate->misfit >= match[n - 1].misfit)
    return;
  if (*found < n)
    (*found)++;
  else
    at = n - 1;
  while (at > 0 && match[at - 1].misfit > candidate->misfit)
    {
      match[at] = match[at - 1];
      at--;
    }
  match[at] = *candidate;
}

guint
saxid_atlas_match (SaxidAtlas *atlas, guint class, const SaxidCurve *curve, guint n, SaxidMatch *match)
{
  const SaxidSpace *space = atlas->space[class];
  Steps steps = { 0 };
  g_autofree float *data = NULL, *weight = NULL, *room = NULL;
  float *extended, *m, *mm, *dm;
  guint before, n_shift, found = 0;
  int least, angle, row_shift = 0;
  float curve_at[POINTS];
  SaxidMatch of_row = { 0 };
  double row_turn = 0;

  if (space == NULL)
    return 0;
  expand (atlas);
  angle = angle_of (space);
  lay_steps (curve, &steps);
  data = steps.data;
  weight = steps.weight;
  /* the step of a page at which the first point lies, first and last */
  least = (int) ((log (LEAST_LAST) - FIRST) / SAXID_ATLAS_STEP) - (int) steps.n + 1;
  n_shift = (guint) ((int) ((log (MOST_FIRST) - FIRST) / SAXID_ATLAS_STEP) - least + 1);
  before = (guint) MAX (-least, 0);
  room = g_new (float, before + POINTS + steps.n + 3 * n_shift);
  m = room;
  mm = m + n_shift;
  dm = mm + n_shift;
  extended = dm + n_shift;
  for (guint row = 0; row < atlas->per_page; row++)
    {
      const gsize at = (gsize) class * atlas->per_page + row;

      for (guint a = 0; a < (angle >= 0 ? ANGLES : 1); a++)
        {
          const double turn = angle >= 0 ? (a + 0.5) / ANGLES * G_PI - G_PI_2 : 0;
          SaxidMatch best = { .misfit = G_MAXDOUBLE };
          int shift = 0;

          mix (atlas->part + at * PARTS * POINTS, angle >= 0, turn, curve_at);
          extend (curve_at, before, steps.n, extended);
          sum_up (&steps, extended + (int) before + least, n_shift, m, mm, dm);
          for (guint s = 0; s < n_shift; s++)
            {
              const double misfit
                = misfit_of (&steps, (double) m[s], (double) mm[s], (double) dm[s]) / (double) curve->n;

              if (misfit >= best.misfit)
                continue;
              best.misfit = misfit;
              shift = least + (int) s;
            }
          /* one angle of a geometry is enough: its neighbours lead to the same place */
          if (a == 0 || best.misfit < of_row.misfit)
            {
              of_row = best;
              row_shift = shift;
              row_turn = turn;
            }
        }
      if (found < n || of_row.misfit < match[n - 1].misfit)
        {
          put_point (atlas, space, at, angle, row_turn, &of_row.point);
          /* q L of the page is that of the curve: L = exp (FIRST + step shift) / q_0 */
          saxid_space_scale (space, exp (FIRST + SAXID_ATLAS_STEP * row_shift) / curve->q[0] / SIZE, &of_row.point);
          keep (match, n, &found, &of_row);
        }
    }
  return found;
}
