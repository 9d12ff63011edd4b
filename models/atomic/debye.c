/* What is Debye's sum at many places at once?
 *
 * Thread: pure.
 */
#include "models/atomic/debye.h"

#include <math.h>
#include <string.h>

#include "models/every-processor.h"

#define LANES 8
#define VECTORS 8
#define BLOCK (LANES * VECTORS)
/* Phase of the longest distance from one point of a table to the next. */
#define STEP_PHASE 0.6
/* Of both neighbours that is mixed in at once, at most. */
#define MOST_PART 0.25
/* Points of the interpolating polynomial; half of them lie before the interval. */
#define POINTS 10
#define BEFORE (POINTS / 2 - 1)

typedef double Lanes __attribute__ ((vector_size (LANES * sizeof (double))));

/* What binning took off: bins are linear, so P times sinc² (x width / 2) was summed. */
static double
bins_at (const SaxidDistances *distances, double x)
{
  const double half = 0.5 * x * distances->width;

  return half > 0 ? pow (sin (half) / half, 2) : 1;
}

/* --- a regular grid ----------------------------------------------------------------------- */

/* Adds a sin k θ of BLOCK distances for k = 1 … n - 1. Shape: cosine2 and first BLOCK, sum n. */
SAXID_EVERY_PROCESSOR static void
add_block (const Lanes *cosine2, const Lanes *first, gsize n, Lanes *sum)
{
  Lanes turn[VECTORS], now[VECTORS], before[VECTORS];

  for (guint v = 0; v < VECTORS; v++)
    {
      turn[v] = cosine2[v];
      now[v] = first[v];
      before[v] = (Lanes) { 0 };
    }
  for (gsize k = 1; k < n; k++)
    {
      Lanes all = sum[k];

#pragma GCC unroll 8
      for (guint v = 0; v < VECTORS; v++)
        {
          const Lanes next = turn[v] * now[v] - before[v];

          all += now[v];
          before[v] = now[v];
          now[v] = next;
        }
      sum[k] = all;
    }
}

static double
total (const Lanes *lanes)
{
  double out = 0;

  for (guint k = 0; k < LANES; k++)
    out += (*lanes)[k];
  return out;
}

static double
all_pairs (const SaxidDistances *distances)
{
  double sum = 0;

  for (gsize k = 0; k < distances->n; k++)
    sum += distances->pairs[k];
  return sum;
}

void
saxid_debye_grid (const SaxidDistances *distances, double step, gsize n, double *out)
{
  Lanes *sum = g_aligned_alloc0 (n + 1, sizeof (Lanes), sizeof (Lanes));

  for (gsize first = 0; first < distances->n; first += BLOCK)
    {
      Lanes cosine2[VECTORS] = { { 0 } }, sine[VECTORS] = { { 0 } };

      for (gsize k = 0; k < BLOCK && first + k < distances->n; k++)
        {
          const double r = distances->distance[first + k], weight = distances->pairs[first + k] / r;

          cosine2[k / LANES][k % LANES] = 2 * cos (step * r);
          sine[k / LANES][k % LANES] = weight * sin (step * r);
        }
      add_block (cosine2, sine, n, sum);
    }
  if (n > 0)
    out[0] = all_pairs (distances);
  for (gsize k = 1; k < n; k++)
    out[k] = total (&sum[k]) / (step * (double)k) / bins_at (distances, step * (double)k);
  g_aligned_free (sum);
}

void
saxid_debye_sum (const SaxidDistances *distances, gsize n, const double *x, double *out)
{
  for (gsize k = 0; k < n; k++)
    {
      double sum = 0;

      for (gsize j = 0; j < distances->n; j++)
        {
          const double phase = x[k] * distances->distance[j];

          sum += distances->pairs[j] * (phase > 0 ? sin (phase) / phase : 1);
        }
      out[k] = sum / bins_at (distances, x[k]);
    }
}

/* --- tables ------------------------------------------------------------------------------- */

SaxidDebyeTable *
saxid_debye_table_new (const SaxidDistances *distances, double last)
{
  SaxidDebyeTable *table = g_new (SaxidDebyeTable, 1);
  const double step = STEP_PHASE / fmax (distances->longest, 1);

  *table = (SaxidDebyeTable) { .atoms = distances->atoms, .step = step, .last = last, .n = (gsize)(last / step) + 2 + POINTS };
  table->value = g_new (double, table->n);
  saxid_debye_grid (distances, step, table->n, table->value);
  return table;
}

/* A part of both neighbours, in place of as much of the value itself; P is even in x, and what is beyond the end goes straight on.
 * Shape: in and out n. */
SAXID_EVERY_PROCESSOR static void
mix_neighbours (gsize n, double part, const double *restrict in, double *restrict out)
{
  out[0] = in[0] + 2 * part * (in[1] - in[0]);
  for (gsize k = 1; k + 1 < n; k++)
    out[k] = in[k] + part * (in[k - 1] - 2 * in[k] + in[k + 1]);
  out[n - 1] = in[n - 1];
}

/* A phase θ from point to point is damped by 1 + 2 part (cos θ - 1) each time: next to exp (-part θ²) for phases of STEP_PHASE. */
SaxidDebyeTable *
saxid_debye_table_smeared (const SaxidDebyeTable *table, double deviation)
{
  const double variance = pow (deviation / table->step, 2);
  const guint times = (guint)ceil (variance / (2 * MOST_PART));
  SaxidDebyeTable *out = g_memdup2 (table, sizeof *table);
  double *in = g_new (double, table->n);

  out->value = g_memdup2 (table->value, table->n * sizeof *table->value);
  for (guint k = 0; k < times; k++)
    {
      double *before = in;

      in = out->value;
      out->value = before;
      mix_neighbours (table->n, 0.5 * variance / times, in, out->value);
    }
  g_free (in);
  return out;
}

void
saxid_debye_table_free (SaxidDebyeTable *table)
{
  if (table == NULL)
    return;
  g_free (table->value);
  g_free (table);
}

/* Weights of POINTS values at 0, 1, … for places at BEFORE + t, 0 <= t < 1: Lagrange's, by products from both sides. */
static inline void
find_weights (const double *t, double (*weight)[LANES])
{
  /* (-1)^(POINTS - 1 - k) / (k! (POINTS - 1 - k)!) */
  static const double factor[POINTS]
      = { -1.0 / 362880, 1.0 / 40320,  -1.0 / 10080, 1.0 / 4320,  -1.0 / 2880,
          1.0 / 2880,    -1.0 / 4320, 1.0 / 10080,  -1.0 / 40320, 1.0 / 362880 };
  double product[LANES];

  for (guint k = 0; k < LANES; k++)
    product[k] = 1;
  for (guint k = 0; k < POINTS; k++)
    for (guint lane = 0; lane < LANES; lane++)
      {
        weight[k][lane] = factor[k] * product[lane];
        product[lane] *= t[lane] + ((double)BEFORE - k);
      }
  for (guint k = 0; k < LANES; k++)
    product[k] = 1;
  for (guint k = POINTS; k-- > 0;)
    for (guint lane = 0; lane < LANES; lane++)
      {
        weight[k][lane] *= product[lane];
        product[lane] *= t[lane] + ((double)BEFORE - k);
      }
}

/* P is even in x: before 0 it is mirrored. */
static inline double
weigh_values (const SaxidDebyeTable *table, gsize at, const double (*weight)[LANES], gsize lane)
{
  double sum = 0;

  if (at >= BEFORE)
    for (guint k = 0; k < POINTS; k++)
      sum += weight[k][lane] * table->value[at - BEFORE + k];
  else
    for (guint k = 0; k < POINTS; k++)
      sum += weight[k][lane] * table->value[at + k >= BEFORE ? at + k - BEFORE : BEFORE - at - k];
  return sum;
}

/* LANES places at most. Shape: x count, out n_table × n of which count are filled. */
SAXID_EVERY_PROCESSOR static void
interpolate (guint n_table, SaxidDebyeTable *const *table, double scale, gsize count, const double *x, gsize n, double *out)
{
  double part[LANES] = { 0 }, weight[POINTS][LANES];
  gsize at[LANES] = { 0 };
  gboolean is_known[LANES] = { FALSE };

  for (gsize k = 0; k < count; k++)
    {
      const double place = fabs (x[k]) * scale / table[0]->step;

      is_known[k] = place * table[0]->step <= table[0]->last;
      at[k] = is_known[k] ? (gsize)place : 0;
      part[k] = is_known[k] ? place - (double)at[k] : 0;
    }
  find_weights (part, weight);
  for (guint t = 0; t < n_table; t++)
    for (gsize k = 0; k < count; k++)
      out[t * n + k] = is_known[k] ? weigh_values (table[t], at[k], (const double (*)[LANES])weight, k) : NAN;
}

void
saxid_debye_tables_at (guint n_table, SaxidDebyeTable *const *table, double scale, gsize n, const double *x, double *out)
{
  for (gsize first = 0; first < n; first += LANES)
    interpolate (n_table, table, scale, MIN (LANES, n - first), x + first, n, out + first);
}

void
saxid_debye_table_at (const SaxidDebyeTable *table, double scale, gsize n, const double *x, double *out)
{
  SaxidDebyeTable *const one[] = { (SaxidDebyeTable *)table };

  saxid_debye_tables_at (1, one, scale, n, x, out);
}
