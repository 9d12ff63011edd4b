/* Which directions do rows of numbers differ along most?
 *
 * Pearson 1901, DOI 10.1080/14786440109462720.
 * Thread: BLAS is held to one thread meanwhile, so that the last bits do not depend on
 * the number of processors.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gsize width;
  guint n;
  double *mean;     /* [width] of what is there */
  double *variance; /* [n] along each component, falling */
  double *vector;   /* [n × width] orthonormal */
  double *diagonal; /* [width] variance of each column */
} SaxidComponents;

/* The n first principal components of rows × width values; NaN counts as the mean.
 * Errors: SAXID_ERROR_ARGUMENT with fewer rows or columns than components,
 * SAXID_ERROR_DATA when LAPACK finds none. */
SaxidComponents *saxid_components_fit (const float *features, gsize rows, gsize width, guint n, GError **error);
void saxid_components_free (SaxidComponents *components);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidComponents, saxid_components_free)

/* How many of the components hold this part of the variance: n at most. */
guint saxid_components_holding (const SaxidComponents *components, double part);

/* The first n coordinates of each row. Shape: rows × width, out rows × n. */
void saxid_components_project (const SaxidComponents *components, guint n, const float *features, gsize rows,
                               float *out);

G_END_DECLS
