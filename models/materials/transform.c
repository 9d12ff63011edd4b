/* What does a covariance scatter?
 *
 * Thread: see transform.h.
 */
#include "models/materials/transform.h"

#include <math.h>

#include "models/every-processor.h"
#include "models/shapes/quadrature.h"

/* Panels begin with this width and grow by the factor until they have WIDEST: there the last
 * q turns 24 radians within one, which SAXID_PANEL points stand. */
#define NARROWEST 0.01
#define GROWTH 1.3
#define WIDEST 0.4
/* g has fallen by exp (-25) */
#define FARTHEST 100.0

typedef struct
{
  gsize n;
  double *r;
  double *kernel; /* [knot][n] */
} Matrix;

double
saxid_transform_step (void)
{
  return log (SAXID_TRANSFORM_LAST / SAXID_TRANSFORM_FIRST) / (SAXID_TRANSFORM_KNOTS - 1);
}

/* Appends the points of one panel. */
static void
add_panel (GArray *r, GArray *weight, double lower, double upper)
{
  g_autoptr (SaxidRule) rule = saxid_rule_panels (lower, upper, 1);

  g_array_append_vals (r, rule->x, (guint)rule->n);
  g_array_append_vals (weight, rule->weight, (guint)rule->n);
}

static void
add_panels (GArray *r, GArray *weight)
{
  double lower = 0, width = NARROWEST;

  while (lower < FARTHEST)
    {
      add_panel (r, weight, lower, lower + width);
      lower += width;
      width = fmin (width * GROWTH, WIDEST);
    }
}

static Matrix *
make_matrix (void)
{
  g_autoptr (GArray) weight = g_array_new (FALSE, FALSE, sizeof (double));
  GArray *r = g_array_new (FALSE, FALSE, sizeof (double));
  Matrix *matrix = g_new (Matrix, 1);

  add_panels (r, weight);
  matrix->n = r->len;
  matrix->kernel = g_new (double, SAXID_TRANSFORM_KNOTS * matrix->n);
  matrix->r = (double *)(gpointer)g_array_free (r, FALSE);
  for (gsize k = 0; k < SAXID_TRANSFORM_KNOTS; k++)
    {
      const double q = SAXID_TRANSFORM_FIRST * exp (k * saxid_transform_step ());

      for (gsize j = 0; j < matrix->n; j++)
        matrix->kernel[k * matrix->n + j]
            = 4 * G_PI / q * g_array_index (weight, double, j) * matrix->r[j] * sin (q * matrix->r[j]);
    }
  return matrix;
}

/* Made by the first who asks, and kept as long as the process lives. */
static const Matrix *
get_matrix (void)
{
  static gsize once = 0;

  if (g_once_init_enter (&once))
    g_once_init_leave (&once, (gsize)make_matrix ());
  return (const Matrix *)once;
}

gsize
saxid_transform_distances (const double **r)
{
  *r = get_matrix ()->r;
  return get_matrix ()->n;
}

/* Eight sums side by side: without -ffast-math one sum alone is not made of vectors. */
SAXID_EVERY_PROCESSOR static double
product (gsize n, const double *a, const double *b)
{
  double part[8] = { 0 }, sum = 0;
  gsize j = 0;

  for (; j + 8 <= n; j += 8)
    for (gsize i = 0; i < 8; i++)
      part[i] += a[j + i] * b[j + i];
  for (; j < n; j++)
    sum += a[j] * b[j];
  for (gsize i = 0; i < 8; i++)
    sum += part[i];
  return sum;
}

void
saxid_transform (gsize n, const double *covariance, double *out)
{
  const Matrix *matrix = get_matrix ();

  for (gsize k = 0; k < SAXID_TRANSFORM_KNOTS; k++)
    for (gsize j = 0; j < n; j++)
      out[j * SAXID_TRANSFORM_KNOTS + k] = product (matrix->n, matrix->kernel + k * matrix->n, covariance + j * matrix->n);
}
