/* The part of a fit that needs no iteration: scale and background.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SAXID_LINEAR_FREE,        /* scale and background of either sign */
  SAXID_LINEAR_NON_NEGATIVE /* scale >= 0 and background >= 0 */
} SaxidLinearBounds;

typedef struct
{
  double scale;
  double background;  /* unit of the data */
  double scale_error; /* one standard deviation; 0 for a value held at its bound */
  double background_error;
  double covariance;        /* of scale and background */
  double chi2;              /* weighted sum of squares */
  double reduced_chi2;      /* chi2 / degrees_of_freedom; degrees_of_freedom is at least 1 */
  guint degrees_of_freedom; /* points - parameters not held at a bound */
} SaxidLinear;

/* The scale and background for which scale * model + background is nearest to
 * the data, in the sense of least squares weighted by 1/sigma².
 * Where sigma is NULL every point weighs the same, and the errors come from the
 * scatter of the data: then reduced_chi2 is a variance, not a measure of quality.
 * Points where a value is not finite or sigma is not positive are left out.
 * Shape: data, sigma and model have n elements.
 * Errors: SAXID_ERROR_DATA when fewer than 3 points can be used, or the model is
 * as good as constant, so that it cannot be told from the background. */
gboolean saxid_linear_fit (gsize n, const double *data, const double *sigma, const double *model,
                           SaxidLinearBounds bounds, SaxidLinear *fit, GError **error);

G_END_DECLS
