/* What does a straight line in very many features say?
 *
 * Thread: see ridge.h.
 */
#include "models/learn/study/ridge.h"

#include <cblas.h>
#include <lapacke.h>
#include <string.h>

#include "reducers/error.h"

struct SaxidRidge
{
  gsize width;
  guint outputs;
  double *centre, *level; /* [width] and [outputs] means */
  double *square;         /* [width × width] X'X, upper half */
  double *product;        /* [width × outputs] X'Y */
  double *weight;         /* [width × outputs] */
};

static double *
mean_of (gsize rows, gsize width, const double *values)
{
  double *mean = g_new0 (double, width);

  for (gsize r = 0; r < rows; r++)
    for (gsize k = 0; k < width; k++)
      mean[k] += values[r * width + k] / (double)rows;
  return mean;
}

static double *
centred (gsize rows, gsize width, const double *values, const double *mean)
{
  double *out = g_new (double, rows * width);

  for (gsize r = 0; r < rows; r++)
    for (gsize k = 0; k < width; k++)
      out[r * width + k] = values[r * width + k] - mean[k];
  return out;
}

SaxidRidge *
saxid_ridge_new (gsize rows, gsize width, const double *features, guint outputs, const double *targets)
{
  SaxidRidge *self = g_new0 (SaxidRidge, 1);
  g_autofree double *x = NULL, *y = NULL;

  self->width = width;
  self->outputs = outputs;
  self->centre = mean_of (rows, width, features);
  self->level = mean_of (rows, outputs, targets);
  self->square = g_new0 (double, width * width);
  self->product = g_new0 (double, width * outputs);
  self->weight = g_new0 (double, width * outputs);
  x = centred (rows, width, features, self->centre);
  y = centred (rows, outputs, targets, self->level);
  cblas_dsyrk (CblasRowMajor, CblasUpper, CblasTrans, (int)width, (int)rows, 1, x, (int)width, 0, self->square, (int)width);
  cblas_dgemm (CblasRowMajor, CblasTrans, CblasNoTrans, (int)width, (int)outputs, (int)rows, 1, x, (int)width, y, (int)outputs, 0,
               self->product, (int)outputs);
  return self;
}

void
saxid_ridge_free (SaxidRidge *self)
{
  if (self == NULL)
    return;
  g_free (self->centre);
  g_free (self->level);
  g_free (self->square);
  g_free (self->product);
  g_free (self->weight);
  g_free (self);
}

gboolean
saxid_ridge_solve (SaxidRidge *self, double alpha, GError **error)
{
  const gsize width = self->width;
  g_autofree double *matrix = g_memdup2 (self->square, width * width * sizeof (double));
  lapack_int info;

  memcpy (self->weight, self->product, width * self->outputs * sizeof (double));
  for (gsize k = 0; k < width; k++)
    matrix[k * width + k] += alpha;
  info = LAPACKE_dposv (LAPACK_ROW_MAJOR, 'U', (lapack_int)width, (lapack_int)self->outputs, matrix, (lapack_int)width, self->weight,
                        (lapack_int)self->outputs);
  if (info == 0)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "ridge with alpha = %g: LAPACK finds no factor (code %d)", alpha, (int)info);
  return FALSE;
}

void
saxid_ridge_predict (const SaxidRidge *self, gsize rows, const double *features, double *out)
{
  g_autofree double *x = centred (rows, self->width, features, self->centre);

  for (gsize k = 0; k < rows * self->outputs; k++)
    out[k] = self->level[k % self->outputs];
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)rows, (int)self->outputs, (int)self->width, 1, x, (int)self->width,
               self->weight, (int)self->outputs, 1, out, (int)self->outputs);
}
