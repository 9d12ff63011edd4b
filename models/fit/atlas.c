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

#include "models/every-processor.h"
#include "models/fit/slit.h"
#include "models/parallel.h"
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
#define MOST_LOGARITHM 88.0f /* a host may trap overflows */
#define MOST_INTENSITY 1.6e38
#define PER_COORDINATE 16384.0
/* Intensities are kept in this unit, 1/cm: about that of a contrast of one at SIZE. */
#define UNIT 1e4
#define PART 0.05
/* Beyond its last step a curve goes on by Porod's law; what a slit sees falls by one power less. */
#define POROD 4.0
/* Steps beyond the last that a slit sees. */
#define TAIL 120
/* Shifts that are tried: q L of the last point at least, of the first at most. */
#define LEAST_LAST 0.8
#define MOST_FIRST 12.0
/* A page is searched on means of many steps first; the best rows go on to those of fewer. */
static const struct
{
  guint stride;    /* steps of a mean */
  guint rows_kept; /* for the next level */
} levels[] = { { 6, 160 }, { 3, 64 }, { 1, 0 } };
#define LEVELS G_N_ELEMENTS (levels)
#define MOST_STRIDE 6
/* Shifts that are tried side by side. */
#define LANES 16
#define QUARTER 4
/* Contrasts that are tried for a geometry: angles (space.c) from -pi/2 to pi/2. */
#define ANGLES 10
/* Of which one in so many is tried at first where it has to be quick; the next level looks
 * at those beside. */
#define QUICK_ANGLES 2
/* And of the rows that go on only one in so many does. */
#define QUICK_ROWS 2

/* Curves as they are, and as a slit sees them that is longer than any q that counts: then a size is a shift, too. */
typedef enum
{
  AS_IT_IS,
  THROUGH_SLIT,
  SEEN
} Seen;

struct SaxidAtlas
{
  guint n_page, per_page;
  const SaxidSpace **space; /* [n_page] NULL: none */
  gint16 *kept;             /* [n_page × per_page × COLUMNS] */
  float *part[SEEN][LEVELS]; /* [n_page × per_page × PARTS × POINTS / stride] from the first match of that kind on */
  gsize expanded[SEEN];      /* g_once_init */
};

typedef struct
{
  SaxidAtlas *atlas;
  guint64 seed;
  double q[POINTS];
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

static gboolean
make_piece (gsize at, gpointer scratch G_GNUC_UNUSED, gpointer data)
{
  make_curve (data, (guint) at);
  return TRUE;
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

/* What one number stands for, and how rows are seen. */
typedef struct
{
  float *intensity; /* [G_MAXUINT16 + 1] of every whole number */
  double *q, *value, *out; /* [POINTS + TAIL] */
  SaxidSlit slit;
} Expansion;

static void
expansion_init (Expansion *expansion)
{
  expansion->intensity = g_new (float, G_MAXUINT16 + 1);
  for (int k = G_MININT16; k <= G_MAXINT16; k++)
    expansion->intensity[k - G_MININT16] = expf (fminf ((float) k / (float) PER_LOGARITHM, MOST_LOGARITHM));
  expansion->q = g_new (double, 3 * (POINTS + TAIL));
  expansion->value = expansion->q + POINTS + TAIL;
  expansion->out = expansion->value + POINTS + TAIL;
  for (guint k = 0; k < POINTS + TAIL; k++)
    expansion->q[k] = exp (SAXID_ATLAS_STEP * k);
  saxid_slit_init (&expansion->slit, POINTS + TAIL, SAXID_ATLAS_STEP);
}

static void
expansion_clear (Expansion *expansion)
{
  g_free (expansion->intensity);
  g_free (expansion->q);
  saxid_slit_clear (&expansion->slit);
}

/* Shape: kept POINTS; the row is in expansion->out then. */
static void
expand_row (Expansion *expansion, const gint16 *kept, Seen seen)
{
  double *value = seen == THROUGH_SLIT ? expansion->value : expansion->out;

  for (guint k = 0; k < POINTS; k++)
    value[k] = (double) expansion->intensity[kept[k] - G_MININT16];
  if (seen == AS_IT_IS)
    return;
  for (guint k = POINTS; k < POINTS + TAIL; k++)
    value[k] = value[POINTS - 1] * pow (expansion->q[k] / expansion->q[POINTS - 1], -POROD);
  saxid_slit_integral (&expansion->slit, INFINITY, expansion->q, value, expansion->out);
}

/* Who only wants labels does not pay for it. */
static void
expand (SaxidAtlas *atlas, Seen seen)
{
  const gsize rows = (gsize) atlas->n_page * atlas->per_page;
  Expansion expansion;

  if (!g_once_init_enter (&atlas->expanded[seen]))
    return;
  expansion_init (&expansion);
  for (guint l = 0; l < LEVELS; l++)
    atlas->part[seen][l] = g_new0 (float, rows * PARTS * (POINTS / levels[l].stride));
  for (gsize at = 0; at < rows * PARTS; at++)
    {
      expand_row (&expansion, atlas->kept + at / PARTS * COLUMNS + at % PARTS * POINTS, seen);
      for (guint l = 0; l < LEVELS; l++)
        {
          const guint stride = levels[l].stride, n = POINTS / stride;

          for (guint k = 0; k < n * stride; k++)
            atlas->part[seen][l][at * n + k / stride] += (float) fmin (expansion.out[k], MOST_INTENSITY) / (float) stride;
        }
    }
  expansion_clear (&expansion);
  g_once_init_leave (&atlas->expanded[seen], 1);
}

SaxidAtlas *
saxid_atlas_new (guint n_class, const SaxidShape *const *class, guint per_page, guint64 seed, guint threads)
{
  Making making = { .atlas = allocate (n_class, class, per_page), .seed = seed };

  for (guint k = 0; k < POINTS; k++)
    making.q[k] = exp (FIRST + SAXID_ATLAS_STEP * k) / SIZE;
  saxid_parallel (&(SaxidParallel) { .name = "saxid-atlas", .threads = threads, .piece = make_piece, .data = &making },
                  (gsize) n_class * per_page);
  return making.atlas;
}

void
saxid_atlas_free (SaxidAtlas *atlas)
{
  if (atlas == NULL)
    return;
  g_free (atlas->space);
  g_free (atlas->kept);
  for (guint s = 0; s < SEEN; s++)
    for (guint l = 0; l < LEVELS; l++)
      g_free (atlas->part[s][l]);
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
  double step;  /* of ln q */
  guint n_page; /* steps of a page */
  guint n;      /* steps from the first point to the last */
  float *weight;   /* [n + 1] 0 where there is no point, and last */
  float *weighted; /* [n + 1] w d */
  double w, d, dd; /* sums of weights, w d, w d² */
} Steps;

static void
steps_clear (Steps *steps)
{
  g_free (steps->weight);
  g_free (steps->weighted);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Steps, steps_clear)

/* The points on steps of `stride` times an atlas's; those that share one are averaged. */
static void
lay_steps (const SaxidCurve *curve, guint stride, Steps *steps)
{
  const double first = log (curve->q[0]);
  double largest = 0;

  steps->step = SAXID_ATLAS_STEP * stride;
  steps->n_page = POINTS / stride;
  steps->n = MIN ((guint) (log (curve->q[curve->n - 1] / curve->q[0]) / steps->step + 0.5) + 1, steps->n_page);
  steps->weight = g_new0 (float, steps->n + 1);
  steps->weighted = g_new0 (float, steps->n + 1);
  for (gsize k = 0; k < curve->n; k++)
    largest = fmax (largest, fabs (curve->intensity[k]));
  for (gsize k = 0; k < curve->n; k++)
    {
      /* the middle of the first of the mean steps lies behind the first point */
      const guint at = (guint) ((log (curve->q[k]) - first) / steps->step + (stride > 1 ? 0.0 : 0.5));
      const double d = curve->intensity[k] / largest, s = curve->sigma[k] / largest;
      const double weight = 1 / (s * s + PART * d * PART * d + 1e-18);

      if (at >= steps->n)
        continue;
      steps->weight[at] += (float) weight;
      steps->weighted[at] += (float) (weight * d);
      steps->w += weight;
      steps->d += weight * d;
      steps->dd += weight * d * d;
    }
}

/* LANES shifts side by side. (What works on these has to be inside of the function that is
 * compiled for every processor: elsewhere it is taken apart for the oldest. Comparisons of such
 * vectors are taken apart everywhere; those of arrays in a loop are not.) */
typedef float Lanes __attribute__ ((vector_size (LANES * sizeof (float))));
typedef float LooseLanes __attribute__ ((vector_size (LANES * sizeof (float)), aligned (sizeof (float))));

/* The shift of the least misfit, with a scale and a background that are not negative, where
 * it is less than `least`; or -1. Shape: curve LANES + n_shift + n. */
SAXID_EVERY_PROCESSOR static int
find_shift (const Steps *steps, const float *curve, guint n_shift, float *least)
{
  const float over_w = (float) (1 / steps->w), d = (float) steps->d, dd = (float) steps->dd;
  const float centre_dd = (float) (steps->dd - steps->d * steps->d / steps->w);
  const Lanes zero = { 0 };
  int best = -1;

  for (guint first = 0; first < n_shift; first += LANES)
    {
      /* of w m, w m², w d m; those of even and odd steps go on side by side */
      Lanes m = zero, mm = zero, dm = zero, odd_m = zero, odd_mm = zero, odd_dm = zero;
      float sum_m[LANES], sum_mm[LANES], sum_dm[LANES], misfit[LANES], lowest[QUARTER];

      for (guint k = 0; k < steps->n; k += 2) /* one more may be read */
        {
          const Lanes here = *(const LooseLanes *) (gconstpointer) (curve + first + k);
          const Lanes odd = *(const LooseLanes *) (gconstpointer) (curve + first + k + 1);
          const Lanes w = here * steps->weight[k], odd_w = odd * steps->weight[k + 1];

          m += w;
          mm += w * here;
          dm += here * steps->weighted[k];
          odd_m += odd_w;
          odd_mm += odd_w * odd;
          odd_dm += odd * steps->weighted[k + 1];
        }
      m += odd_m;
      mm += odd_mm;
      dm += odd_dm;
      memcpy (sum_m, &m, sizeof m);
      memcpy (sum_mm, &mm, sizeof mm);
      memcpy (sum_dm, &dm, sizeof dm);
      for (guint j = 0; j < LANES; j++)
        {
          const float smallest = 1e-6f * sum_mm[j] + 1e-30f;
          const float centre_mm = sum_mm[j] - sum_m[j] * sum_m[j] * over_w, centre_dm = sum_dm[j] - sum_m[j] * d * over_w;
          const float scale = centre_dm / (centre_mm > smallest ? centre_mm : smallest);
          const float without = sum_dm[j] > 0 ? dd - sum_dm[j] * sum_dm[j] / (sum_mm[j] + 1e-30f) : dd;
          const float with = centre_dd - centre_dm * scale;

          misfit[j] = (centre_mm > smallest) & (centre_dm > 0) & (d >= scale * sum_m[j]) ? with : without;
        }
      memcpy (lowest, misfit, sizeof lowest);
      for (guint j = QUARTER; j < LANES; j += QUARTER)
        for (guint i = 0; i < QUARTER; i++)
          lowest[i] = misfit[j + i] < lowest[i] ? misfit[j + i] : lowest[i];
      if (MIN (MIN (lowest[0], lowest[1]), MIN (lowest[2], lowest[3])) >= *least)
        continue;
      for (guint j = 0; j < MIN (LANES, n_shift - first); j++)
        if (misfit[j] < *least)
          {
            *least = misfit[j] > 0 ? misfit[j] : 0;
            best = (int) (first + j);
          }
    }
  return best;
}

/* Core cos + shell sin, from the three curves; what is not of such parts as it is. */
SAXID_EVERY_PROCESSOR static void
mix (guint n, const float *part, gboolean has_shell, float c, float s, float *out)
{
  const float *core = part, *shell = part + n, *both = part + 2 * n;
  float lane[LANES] = { 0 }, highest = 0;
  guint at = 0;

  if (!has_shell)
    {
      memcpy (out, part, n * sizeof *out);
      return;
    }
  for (guint k = 0; k < n; k++)
    {
      const float sum = c * c * core[k] + s * s * shell[k] + c * s * (both[k] - core[k] - shell[k]);

      out[k] = sum > 0 ? sum : 0;
    }
  for (; at + LANES <= n; at += LANES)
    for (guint j = 0; j < LANES; j++)
      lane[j] = out[at + j] > lane[j] ? out[at + j] : lane[j];
  for (guint j = 0; j < LANES; j++)
    highest = lane[j] > highest ? lane[j] : highest;
  for (; at < n; at++)
    highest = out[at] > highest ? out[at] : highest;
  /* sums of squares stay in range */
  highest = highest > 0 ? 1 / highest : 0;
  for (guint k = 0; k < n; k++)
    out[k] *= highest;
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

/* One page as it is searched on one kind of steps. */
typedef struct
{
  const Steps *steps;
  const float *part; /* of the first row: [per_page × PARTS × steps->n_page] */
  gboolean has_shell;
  int least;         /* the step of a page at which the first point lies, first … */
  guint n_shift;     /* … and the number of those that are tried */
  guint before, after; /* steps that are put before a page and after it */
  float cosine[ANGLES], sine[ANGLES];
  float *extended;   /* [before + n_page + after] */
  float *fall;       /* [after] how a page goes on after its last step */
} Search;

static double
turn_of (int angle)
{
  return (angle + 0.5) / ANGLES * G_PI - G_PI_2;
}

static void
search_init (Search *search, const Steps *steps, const float *part, gboolean has_shell, Seen seen)
{
  *search = (Search) { .steps = steps, .part = part, .has_shell = has_shell };
  search->least = (int) floor ((log (LEAST_LAST) - FIRST) / steps->step) - (int) steps->n + 1;
  search->n_shift = (guint) ((int) ((log (MOST_FIRST) - FIRST) / steps->step) - search->least + 1);
  search->before = (guint) MAX (-search->least, 0) + MOST_STRIDE;
  search->after = steps->n + MOST_STRIDE + 1 + LANES;
  search->extended = g_new (float, search->before + steps->n_page + search->after);
  search->fall = g_new (float, search->after);
  for (guint k = 0; k < search->after; k++)
    search->fall[k] = (float) exp (-(seen == THROUGH_SLIT ? POROD - 1 : POROD) * steps->step * (k + 1));
  for (int angle = 0; angle < ANGLES; angle++)
    {
      search->cosine[angle] = (float) cos (turn_of (angle));
      search->sine[angle] = (float) sin (turn_of (angle));
    }
}

static void
search_clear (Search *search)
{
  g_free (search->extended);
  g_free (search->fall);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, search_clear)

/* How well one row suits with contrasts of one angle, and at which shift. */
typedef struct
{
  guint row;
  int angle, shift;
  double misfit;
} Trial;

/* What lies before the first step of a page and after its last. */
SAXID_EVERY_PROCESSOR static void
extend (const Search *search)
{
  float *page = search->extended + search->before, *after = page + search->steps->n_page;
  const float first = page[0], last = after[-1];

  for (guint k = 0; k < search->before; k++)
    search->extended[k] = first;
  for (guint k = 0; k < search->after; k++)
    after[k] = last * search->fall[k];
}

/* Tries shifts from `first` to `last`, and keeps the best in `trial`. */
static void
try_row (const Search *search, guint row, int angle, int first, int last, Trial *trial)
{
  const Steps *steps = search->steps;
  const int lowest = MAX (first, search->least);
  const int highest = MIN (last, search->least + (int) search->n_shift - 1);
  float least = (float) trial->misfit;
  int found;

  if (highest < lowest)
    return;
  mix (steps->n_page, search->part + (gsize) row * PARTS * steps->n_page, search->has_shell, search->cosine[angle],
       search->sine[angle], search->extended + search->before);
  extend (search);
  found = find_shift (steps, search->extended + (int) search->before + lowest, (guint) (highest - lowest + 1), &least);
  if (found >= 0)
    *trial = (Trial) { row, angle, lowest + found, (double) least };
}

static int
compare_trials (gconstpointer a, gconstpointer b)
{
  const Trial *x = a, *y = b;

  return (x->misfit > y->misfit) - (x->misfit < y->misfit);
}

/* The best of a row on the next level, where it was best on this one. One angle of a
 * geometry is enough: its neighbours lead to the same place. */
static void
look_closer (const Search *search, guint level, Trial *trial)
{
  const int ratio = (int) (levels[level - 1].stride / levels[level].stride), shift = trial->shift;
  const int first = search->has_shell ? MAX (trial->angle - 1, 0) : 0;
  const int last = search->has_shell ? MIN (trial->angle + 1, ANGLES - 1) : 0;

  trial->misfit = G_MAXFLOAT;
  for (int angle = first; angle <= last; angle++)
    try_row (search, trial->row, angle, ratio * (shift - 1), ratio * (shift + 2), trial);
}

/* A slit counts where it is longer than the q in the middle. */
static Seen
how_seen (const SaxidCurve *curve)
{
  return curve->slit * curve->slit > curve->q[0] * curve->q[curve->n - 1] ? THROUGH_SLIT : AS_IT_IS;
}

/* The best rows of a page by all levels, the best first; their number. Shape: trial
 * per_page. */
static guint
search_page (const SaxidAtlas *atlas, guint class, const SaxidCurve *curve, gboolean has_shell, gboolean quick,
             Trial *trial)
{
  const Seen seen = how_seen (curve);
  guint n = atlas->per_page;

  for (guint l = 0; l < LEVELS; l++)
    {
      g_auto (Steps) steps = { 0 };
      g_auto (Search) search = { 0 };

      lay_steps (curve, levels[l].stride, &steps);
      search_init (&search, &steps, atlas->part[seen][l] + (gsize) class * atlas->per_page * PARTS * steps.n_page, has_shell, seen);
      for (guint k = 0; k < n; k++)
        if (l > 0)
          look_closer (&search, l, &trial[k]);
        else
          {
            trial[k] = (Trial) { k, 0, 0, G_MAXFLOAT };
            for (int angle = 0; angle < (has_shell ? ANGLES : 1); angle += quick ? QUICK_ANGLES : 1)
              try_row (&search, k, angle, G_MININT / 2, G_MAXINT / 2, &trial[k]);
          }
      qsort (trial, n, sizeof *trial, compare_trials);
      if (l + 1 < LEVELS)
        n = MIN (n, levels[l].rows_kept / (quick ? QUICK_ROWS : 1));
      while (n > 0 && trial[n - 1].misfit == G_MAXFLOAT)
        n--;
    }
  return n;
}

/* The page of a shape; n_page: none. */
static guint
find_page (const SaxidAtlas *atlas, const SaxidShape *shape)
{
  const SaxidSpace *space = saxid_space_find (shape);
  guint page = 0;

  while (page < atlas->n_page && (space == NULL || atlas->space[page] != space))
    page++;
  return page;
}

guint
saxid_atlas_match (SaxidAtlas *atlas, const SaxidShape *shape, const SaxidCurve *curve, gboolean quick, guint n,
                   SaxidMatch *match)
{
  const guint page = find_page (atlas, shape);
  const SaxidSpace *space;
  g_autofree Trial *trial = NULL;
  guint found = 0, n_trial;
  int angle;

  if (page == atlas->n_page)
    return 0;
  space = atlas->space[page];
  expand (atlas, how_seen (curve));
  angle = angle_of (space);
  trial = g_new (Trial, atlas->per_page);
  n_trial = search_page (atlas, page, curve, angle >= 0, quick, trial);
  for (guint k = 0; k < n_trial; k++)
    {
      SaxidMatch candidate = { .misfit = trial[k].misfit / (double) curve->n };

      put_point (atlas, space, (gsize) page * atlas->per_page + trial[k].row, angle, turn_of (trial[k].angle),
                 &candidate.point);
      /* q L of the page is that of the curve: L = exp (FIRST + step shift) / q_0 */
      saxid_space_scale (space, exp (FIRST + SAXID_ATLAS_STEP * trial[k].shift) / curve->q[0] / SIZE, &candidate.point);
      if (saxid_space_is_visible (space, &candidate.point, curve->q[0], curve->q[curve->n - 1]))
        keep (match, n, &found, &candidate);
    }
  return found;
}
