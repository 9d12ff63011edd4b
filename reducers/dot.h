/* The scalar product of two rows of numbers.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Shape: a and b n. */
static inline double
saxid_dot (gsize n, const double *a, const double *b)
{
  double sum = 0;

  for (gsize k = 0; k < n; k++)
    sum += a[k] * b[k];
  return sum;
}

G_END_DECLS
