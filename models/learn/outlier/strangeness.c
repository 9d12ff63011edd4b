/* See strangeness.h. */
#include "models/learn/outlier/strangeness.h"

#include <math.h>
#include <string.h>

#define TURNS 100
#define TOLERANCE 1e-9
/* Keeps Newton's steps finite where both parts are told apart without a fault. */
#define RIDGE 1e-6
#define LEAST_DISTANCE 1e-6
#define TERMS 3

SaxidSigns
saxid_signs_of (guint n_class, const float *margin, double distance)
{
  double largest = -INFINITY, sum = 0;

  for (guint k = 0; k < n_class; k++)
    largest = fmax (largest, (double) margin[k]);
  for (guint k = 0; k < n_class; k++)
    sum += exp ((double) margin[k] - largest);
  return (SaxidSigns) { (double) margin[n_class] - largest - log (sum),
                        log (fmax (distance, LEAST_DISTANCE)) };
}

static double
odds (const double weight[TERMS], const SaxidSigns *signs)
{
  return weight[0] + weight[1] * signs->margin + weight[2] * signs->away;
}

double
saxid_strangeness_score (const SaxidStrangeness *self, const SaxidSigns *signs)
{
  const double weight[TERMS] = { self->offset, self->margin, self->distance };

  return 1 / (1 + exp (-odds (weight, signs)));
}

/* Adds what these curves have to say to gradient and curvature; their likelihood. */
static double
add (gsize n, const SaxidSigns *signs, double truth, const double weight[TERMS], const gboolean *used,
     double gradient[TERMS], double curvature[TERMS][TERMS])
{
  double likelihood = 0;

  for (gsize k = 0; k < n; k++)
    {
      const double p = 1 / (1 + exp (-odds (weight, &signs[k]))), part = 1 / (double) n;
      const double x[TERMS] = { 1, used[1] ? signs[k].margin : 0, used[2] ? signs[k].away : 0 };

      likelihood += part * log (fmax (truth > 0 ? p : 1 - p, G_MINDOUBLE));
      for (guint i = 0; i < TERMS; i++)
        {
          gradient[i] += part * (truth - p) * x[i];
          for (guint j = 0; j < TERMS; j++)
            curvature[i][j] += part * p * (1 - p) * x[i] * x[j];
        }
    }
  return likelihood;
}

/* Of a positive definite matrix, by elimination. */
static void
solve (double a[TERMS][TERMS], double b[TERMS])
{
  for (guint i = 0; i < TERMS; i++)
    for (guint r = i + 1; r < TERMS; r++)
      {
        const double factor = a[r][i] / a[i][i];

        for (guint c = i; c < TERMS; c++)
          a[r][c] -= factor * a[i][c];
        b[r] -= factor * b[i];
      }
  for (guint i = TERMS; i-- > 0;)
    {
      for (guint c = i + 1; c < TERMS; c++)
        b[i] -= a[i][c] * b[c];
      b[i] /= a[i][i];
    }
}

static void
climb (gsize n_known, const SaxidSigns *known, gsize n_stranger, const SaxidSigns *stranger, const gboolean *used,
       double weight[TERMS])
{
  double best = -INFINITY, from[TERMS], move[TERMS] = { 0 };

  memcpy (from, weight, sizeof from);
  for (guint turn = 0; turn < TURNS; turn++)
    {
      double step[TERMS] = { 0 }, curvature[TERMS][TERMS] = { { 0 } }, most = 0, here;

      here = add (n_known, known, 0, weight, used, step, curvature)
             + add (n_stranger, stranger, 1, weight, used, step, curvature);
      if (here < best) /* too far: half of the step */
        {
          for (guint i = 0; i < TERMS; i++)
            weight[i] = from[i] + (move[i] /= 2);
          continue;
        }
      best = here;
      for (guint i = 0; i < TERMS; i++)
        {
          step[i] -= RIDGE * weight[i];
          curvature[i][i] += RIDGE;
        }
      solve (curvature, step);
      memcpy (from, weight, sizeof from);
      memcpy (move, step, sizeof move);
      for (guint i = 0; i < TERMS; i++)
        {
          weight[i] += step[i];
          most = fmax (most, fabs (step[i]));
        }
      if (most < TOLERANCE)
        return;
    }
}

SaxidStrangeness
saxid_strangeness_fit (gsize n_known, const SaxidSigns *known, gsize n_stranger, const SaxidSigns *stranger)
{
  gboolean used[TERMS] = { TRUE, TRUE, TRUE };
  double weight[TERMS];

  for (gboolean again = TRUE; again;)
    {
      again = FALSE;
      memset (weight, 0, sizeof weight);
      climb (n_known, known, n_stranger, stranger, used, weight);
      /* one at a time: without it the other may count again */
      if (fmin (weight[1], weight[2]) < 0)
        {
          used[weight[1] < weight[2] ? 1 : 2] = FALSE;
          again = TRUE;
        }
    }
  for (guint i = 1; i < TERMS; i++)
    if (!used[i])
      weight[i] = 0;
  return (SaxidStrangeness) { weight[0], weight[1], weight[2] };
}
