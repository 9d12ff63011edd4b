/* What do the training curves have in common?
 *
 * Principal components of the covariance matrix (LAPACK dsyevr), the variance
 * that they leave, and the quantiles of the resulting distance.
 *
 * Shape: features [rows × width]. Thread: BLAS is held to one thread meanwhile,
 * so that the last bits do not depend on the number of processors.
 */
#include "models/learn/novelty.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reducers/error.h"

/* A feature that never varies must not divide by zero. */
#define LEAST_VARIANCE 1e-12

static void
fit_mean (SaxidNovelty *self, const float *features, gsize rows)
{
  g_autofree gsize *seen = g_new0 (gsize, self->width);

  for (gsize r = 0; r < rows; r++)
    for (gsize k = 0; k < self->width; k++)
      if (!isnan (features[r * self->width + k]))
        self->mean[k] += ((double) features[r * self->width + k] - self->mean[k]) / (double) ++seen[k];
}

/* The upper triangle of the covariance, summed in blocks of rows. */
static double *
covariance (const SaxidNovelty *self, const float *features, gsize rows)
{
  const gsize block = 512;
  double *matrix = g_new0 (double, self->width * self->width);
  g_autofree double *centred = g_new (double, block * self->width);

  for (gsize first = 0; first < rows; first += block)
    {
      gsize count = MIN (block, rows - first);

      for (gsize r = 0; r < count; r++)
        for (gsize k = 0; k < self->width; k++)
          {
            float value = features[(first + r) * self->width + k];

            centred[r * self->width + k] = isnan (value) ? 0 : (double) value - self->mean[k];
          }
      cblas_dsyrk (CblasRowMajor, CblasUpper, CblasTrans, (int) self->width, (int) count,
                   1.0 / (double) rows, centred, (int) self->width, 1, matrix, (int) self->width);
    }
  return matrix;
}

static gboolean
fit_components (SaxidNovelty *self, const double *full, GError **error)
{
  int width = (int) self->width, wanted = (int) self->n_component, found = 0, info;
  g_autofree double *matrix = g_new (double, self->width * self->width);
  g_autofree double *value = g_new (double, self->width);
  g_autofree double *vector = g_new (double, self->width * self->n_component);
  g_autofree lapack_int *support = g_new (lapack_int, 2 * self->width);

  memcpy (matrix, full, self->width * self->width * sizeof (double));
  info = LAPACKE_dsyevr (LAPACK_ROW_MAJOR, 'V', 'I', 'U', width, matrix, width, 0, 0,
                         width - wanted + 1, width, 0, &found, value, vector, wanted, support);
  if (info != 0 || found != wanted)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                   "principal components: LAPACK found %d of %d (code %d)", found, wanted, info);
      return FALSE;
    }
  for (int c = 0; c < wanted; c++)
    {
      int from = wanted - 1 - c; /* eigenvalues come in ascending order */

      self->variance[c] = fmax (value[from], LEAST_VARIANCE);
      for (int k = 0; k < width; k++)
        self->component[c * width + k] = vector[k * wanted + from];
    }
  for (int k = 0; k < width; k++)
    {
      double left = full[k * width + k];

      for (int c = 0; c < wanted; c++)
        left -= self->variance[c] * self->component[c * width + k] * self->component[c * width + k];
      self->residual[k] = fmax (left, LEAST_VARIANCE);
    }
  return TRUE;
}

static int
compare_doubles (const void *a, const void *b)
{
  const double *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

static void
fit_quantiles (SaxidNovelty *self, const float *features, gsize rows)
{
  g_autofree double *distance = g_new (double, rows);

  for (gsize r = 0; r < rows; r++)
    distance[r] = saxid_novelty_distance (self, features + r * self->width);
  qsort (distance, rows, sizeof *distance, compare_doubles);
  for (gsize k = 0; k < SAXID_NOVELTY_QUANTILES; k++)
    self->quantile[k] = distance[k * (rows - 1) / (SAXID_NOVELTY_QUANTILES - 1)];
}

SaxidNovelty *
saxid_novelty_fit (const float *features, gsize rows, gsize width, guint n_component, GError **error)
{
  g_autoptr (SaxidNovelty) self = NULL;
  g_autofree double *matrix = NULL;
  gboolean done;
  int threads;

  if (n_component < 1 || rows <= n_component || width < n_component)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "%u principal components need more than %" G_GSIZE_FORMAT " curves of %" G_GSIZE_FORMAT
                   " points",
                   n_component, rows, width);
      return NULL;
    }
  self = saxid_novelty_new (width, n_component);
  fit_mean (self, features, rows);
  threads = openblas_get_num_threads ();
  openblas_set_num_threads (1);
  matrix = covariance (self, features, rows);
  done = fit_components (self, matrix, error);
  openblas_set_num_threads (threads);
  if (!done)
    return NULL;
  fit_quantiles (self, features, rows);
  return g_steal_pointer (&self);
}
