/* Which directions do rows of numbers differ along most?
 *
 * The eigenvectors of the covariance matrix (LAPACK dsyevr) with the largest
 * eigenvalues.
 *
 * Shape: rows × width. Thread: see components.h.
 */
#include "models/learn/components.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "reducers/error.h"

/* A feature that never varies must not divide by zero. */
#define LEAST_VARIANCE 1e-12

static SaxidComponents *
components_new (gsize width, guint n)
{
  SaxidComponents *self = g_new0 (SaxidComponents, 1);

  self->width = width;
  self->n = n;
  self->mean = g_new0 (double, width);
  self->variance = g_new0 (double, n);
  self->vector = g_new0 (double, n * width);
  self->diagonal = g_new0 (double, width);
  return self;
}

void
saxid_components_free (SaxidComponents *self)
{
  if (self == NULL)
    return;
  g_free (self->mean);
  g_free (self->variance);
  g_free (self->vector);
  g_free (self->diagonal);
  g_free (self);
}

static void
fit_mean (SaxidComponents *self, const float *features, gsize rows)
{
  g_autofree gsize *seen = g_new0 (gsize, self->width);

  for (gsize r = 0; r < rows; r++)
    for (gsize k = 0; k < self->width; k++)
      if (!isnan (features[r * self->width + k]))
        self->mean[k] += ((double) features[r * self->width + k] - self->mean[k]) / (double) ++seen[k];
}

/* The upper triangle of the covariance, summed in blocks of rows. */
static double *
covariance (const SaxidComponents *self, const float *features, gsize rows)
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
fit_components (SaxidComponents *self, const double *full, GError **error)
{
  int width = (int) self->width, wanted = (int) self->n, found = 0, info;
  g_autofree double *matrix = g_new (double, self->width * self->width);
  g_autofree double *value = g_new (double, self->width);
  g_autofree double *found_vector = g_new (double, self->width * self->n);
  g_autofree lapack_int *support = g_new (lapack_int, 2 * self->width);

  memcpy (matrix, full, self->width * self->width * sizeof (double));
  info = LAPACKE_dsyevr (LAPACK_ROW_MAJOR, 'V', 'I', 'U', width, matrix, width, 0, 0,
                         width - wanted + 1, width, 0, &found, value, found_vector, wanted, support);
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
        self->vector[c * width + k] = found_vector[k * wanted + from];
    }
  for (int k = 0; k < width; k++)
    self->diagonal[k] = full[k * width + k];
  return TRUE;
}

SaxidComponents *
saxid_components_fit (const float *features, gsize rows, gsize width, guint n, GError **error)
{
  g_autoptr (SaxidComponents) self = NULL;
  g_autofree double *matrix = NULL;
  gboolean done;
  int threads;

  if (n < 1 || rows <= n || width < n)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "%u principal components need more than %" G_GSIZE_FORMAT " curves of %" G_GSIZE_FORMAT
                   " points",
                   n, rows, width);
      return NULL;
    }
  self = components_new (width, n);
  fit_mean (self, features, rows);
  threads = openblas_get_num_threads ();
  openblas_set_num_threads (1);
  matrix = covariance (self, features, rows);
  done = fit_components (self, matrix, error);
  openblas_set_num_threads (threads);
  return done ? g_steal_pointer (&self) : NULL;
}

guint
saxid_components_holding (const SaxidComponents *self, double part)
{
  double all = 0, sum = 0;
  guint n = 0;

  for (gsize k = 0; k < self->width; k++)
    all += self->diagonal[k];
  while (n < self->n && sum < part * all)
    sum += self->variance[n++];
  return n;
}

void
saxid_components_project (const SaxidComponents *self, guint n, const float *features, gsize rows, float *out)
{
  g_autofree float *vector = g_new (float, n * self->width), *centred = g_new (float, rows * self->width);

  for (gsize k = 0; k < n * self->width; k++)
    vector[k] = (float) self->vector[k];
  for (gsize r = 0; r < rows; r++)
    for (gsize k = 0; k < self->width; k++)
      {
        float value = features[r * self->width + k];

        centred[r * self->width + k] = isnan (value) ? 0 : value - (float) self->mean[k];
      }
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (int) rows, (int) n, (int) self->width, 1, centred,
               (int) self->width, vector, (int) self->width, 0, out, (int) n);
}
