/* Which value has so many voxels below it?
 *
 * Some rows tell between which two values each level lies, nearly always. One pass over all
 * counts what is below and keeps what is between; where the rank is not among these, all rows are
 * searched as the kept values are: the bits of a float, with the sign turned over, are ordered as
 * it is, so the upper half of them is counted, and then the lower half of those that share it.
 *
 * Thread: see levels.h.
 */
#include "models/materials/voxels/levels.h"

#include <math.h>
#include <string.h>

#include "models/every-processor.h"

#define HALF 65536
/* Every so many rows are asked where a level lies, and so much of the voxels about it is kept. */
#define SKIP 16
#define MARGIN 0.004
#define MOST_KEPT 0.1
#define BLOCK 16

/* Rows of floats: those of a cube, some of them, or a list. */
typedef struct
{
  const float *first;
  gsize rows, apart, n;
} Values;

/* What lies between two values. */
typedef struct
{
  float lower, upper;
  gsize below, n_kept, most_kept;
  float *kept; /* [most_kept] */
} Bracket;

typedef struct
{
  gsize rank; /* among the values of this upper half */
  guint32 upper;
} Place;

static inline guint32
to_ordered (float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  return bits ^ ((bits >> 31) ? 0xffffffffu : 0x80000000u);
}

static float
from_ordered (guint32 bits)
{
  float value;

  bits ^= (bits >> 31) ? 0x80000000u : 0xffffffffu;
  memcpy (&value, &bits, sizeof value);
  return value;
}

static void
count_upper (const float *value, gsize n, guint32 *count)
{
  for (gsize x = 0; x < n; x++)
    count[to_ordered (value[x]) >> 16]++;
}

static void
count_lower (const float *value, gsize n, gsize places, const Place *place, guint32 *count)
{
  for (gsize x = 0; x < n; x++)
    {
      const guint32 bits = to_ordered (value[x]);

      for (gsize k = 0; k < places; k++)
        if (bits >> 16 == place[k].upper)
          count[k * HALF + (bits & 0xffff)]++;
    }
}

/* Counts over all rows; place NULL: the upper halves. Shape: count [places or 1][HALF]. */
static void
count_all (const Values *values, guint threads, gsize places, const Place *place, guint32 *count)
{
  const gsize size = MAX (places, 1) * HALF;

  memset (count, 0, size * sizeof *count);
#pragma omp parallel num_threads(threads)
  {
    guint32 *own = g_new0 (guint32, size);

#pragma omp for schedule(static)
    for (gsize row = 0; row < values->rows; row++)
      {
        if (place == NULL)
          count_upper (values->first + row * values->apart, values->n, own);
        else
          count_lower (values->first + row * values->apart, values->n, places, place, own);
      }
#pragma omp critical
    for (gsize k = 0; k < size; k++)
      count[k] += own[k];
    g_free (own);
  }
}

/* The bin in which a rank lies; the rank is made one within it. */
static guint32
find_bin (const guint32 *count, gsize *rank)
{
  guint32 bin = 0;

  while (bin + 1 < HALF && *rank >= count[bin])
    *rank -= count[bin++];
  return bin;
}

gsize
saxid_levels_rank (const SaxidCube *cube, double share)
{
  const double all = (double)cube->n * cube->n * cube->n;

  return (gsize)CLAMP (share * all + 0.5, 0, all - 1);
}

/* The values of these ranks, whatever they are. */
static void
search (const Values *values, guint threads, gsize n, const gsize *rank, float *level)
{
  g_autofree guint32 *count = g_new (guint32, n * HALF);
  g_autofree Place *place = g_new (Place, n);

  count_all (values, threads, 0, NULL, count);
  for (gsize k = 0; k < n; k++)
    {
      place[k].rank = rank[k];
      place[k].upper = find_bin (count, &place[k].rank);
    }
  count_all (values, threads, n, place, count);
  for (gsize k = 0; k < n; k++)
    level[k] = from_ordered (place[k].upper << 16 | find_bin (count + k * HALF, &place[k].rank));
}

/* Between which values the ranks of the cube lie, by some of its rows. */
static void
guess_brackets (const SaxidCube *cube, guint threads, gsize n, const gsize *rank, Bracket *bracket)
{
  const gsize rows = (gsize)cube->n * cube->n, all = rows * cube->n;
  const Values some = { cube->value, rows / SKIP, SKIP * cube->row, cube->n };
  const double last = (double)(some.rows * some.n - 1);
  g_autofree gsize *ends = g_new (gsize, 2 * n);
  g_autofree float *value = g_new (float, 2 * n);

  for (gsize k = 0; k < n; k++)
    {
      const double share = (double)rank[k] / (double)all;

      ends[2 * k] = (gsize)(fmax (share - MARGIN, 0) * last);
      ends[2 * k + 1] = (gsize)(fmin (share + MARGIN, 1) * last);
    }
  search (&some, threads, 2 * n, ends, value);
  for (gsize k = 0; k < n; k++)
    {
      bracket[k] = (Bracket) { .lower = value[2 * k], .upper = value[2 * k + 1], .most_kept = (gsize)(MOST_KEPT * (double)all) };
      bracket[k].kept = g_new (float, bracket[k].most_kept);
    }
}

/* Appends what a thread has kept, unless it is too much. */
static void
hand_over (Bracket *bracket, const float *kept, gsize n)
{
  if (bracket->n_kept + n <= bracket->most_kept)
    memcpy (bracket->kept + bracket->n_kept, kept, n * sizeof *kept);
  bracket->n_kept += n;
}

/* How many of BLOCK values are below `lower`, and how many not above `upper`: vectors count faster than
 * values can be picked out one by one, and most blocks have none to pick. */
static inline __attribute__ ((always_inline)) void
count_block (const float *value, float lower, float upper, gint32 *below, gint32 *up_to)
{
  gint32 under = 0, within = 0;

  for (gsize x = 0; x < BLOCK; x++)
    {
      under += value[x] < lower;
      within += value[x] <= upper;
    }
  *below = under;
  *up_to = within;
}

/* Picks what is between out of a few values. Returns how many there are. */
static gsize
pick (const float *value, gsize n, const Bracket *bracket, gsize *below, float *kept)
{
  gsize count = 0;

  for (gsize x = 0; x < n; x++)
    {
      kept[count] = value[x];
      count += value[x] >= bracket->lower && value[x] <= bracket->upper;
      *below += value[x] < bracket->lower;
    }
  return count;
}

/* One row. Shape: kept n + 1. Returns how many of it are kept. */
SAXID_EVERY_PROCESSOR static gsize
sort_row (const float *value, gsize n, const Bracket *bracket, gsize *below, float *kept)
{
  gsize count = 0, x = 0;

  for (; x + BLOCK <= n; x += BLOCK)
    {
      gint32 under, up_to;

      count_block (value + x, bracket->lower, bracket->upper, &under, &up_to);
      if (under == up_to)
        *below += (gsize)under;
      else
        count += pick (value + x, BLOCK, bracket, below, kept + count);
    }
  return count + pick (value + x, n - x, bracket, below, kept + count);
}

/* All brackets in one pass: a row stays in the cache meanwhile. */
static void
fill_brackets (const SaxidCube *cube, guint threads, gsize n, Bracket *bracket)
{
  const gsize rows = (gsize)cube->n * cube->n;

#pragma omp parallel num_threads(threads)
  {
    float *kept = g_new (float, cube->n + 1);
    gsize *below = g_new0 (gsize, n);

#pragma omp for schedule(static)
    for (gsize row = 0; row < rows; row++)
      for (gsize k = 0; k < n; k++)
        {
          const gsize count = sort_row (cube->value + row * cube->row, cube->n, &bracket[k], &below[k], kept);

          if (count == 0)
            continue;
#pragma omp critical
          hand_over (&bracket[k], kept, count);
        }
#pragma omp critical
    for (gsize k = 0; k < n; k++)
      bracket[k].below += below[k];
    g_free (kept);
    g_free (below);
  }
}

static float
find_in (const SaxidCube *cube, guint threads, gsize rank, const Bracket *bracket)
{
  const Values all = { cube->value, (gsize)cube->n * cube->n, cube->row, cube->n };
  const Values kept = { bracket->kept, 1, 0, bracket->n_kept };
  const gsize among = rank - bracket->below;
  float level;

  if (bracket->n_kept <= bracket->most_kept && rank >= bracket->below && among < bracket->n_kept)
    search (&kept, 1, 1, &among, &level);
  else
    search (&all, threads, 1, &rank, &level);
  return level;
}

void
saxid_levels_find (const SaxidCubePlan *plan, const SaxidCube *cube, gsize n, const gsize *rank, float *level)
{
  const guint threads = saxid_cube_plan_threads (plan);
  g_autofree Bracket *bracket = g_new (Bracket, n);

  gsize wanted = n;

  while (wanted > 1 && rank[wanted - 1] == rank[wanted - 2])
    wanted--;
  guess_brackets (cube, threads, wanted, rank, bracket);
  fill_brackets (cube, threads, wanted, bracket);
  for (gsize k = 0; k < wanted; k++)
    {
      level[k] = find_in (cube, threads, rank[k], &bracket[k]);
      g_free (bracket[k].kept);
    }
  for (gsize k = wanted; k < n; k++)
    level[k] = level[k - 1];
}

void
saxid_levels_settle (SaxidCube *cube, gsize rank, float level)
{
  const gsize rows = (gsize)cube->n * cube->n;
  gsize below = 0;

  for (gsize row = 0; row < rows; row++)
    for (gsize x = 0; x < cube->n; x++)
      below += cube->value[row * cube->row + x] < level;
  for (gsize row = 0; row < rows && below < rank; row++)
    for (gsize x = 0; x < cube->n && below < rank; x++)
      if (cube->value[row * cube->row + x] == level)
        {
          cube->value[row * cube->row + x] = nextafterf (level, -INFINITY);
          below++;
        }
}
