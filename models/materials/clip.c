/* How are two levels of one Gaussian random field correlated?
 *
 * The integral is done once, interval by interval from pi/2 (where it is zero) outwards, by
 * Gauss and Legendre's rule of four points; between them a cubic takes value and derivative,
 * which is the integrand itself.
 *
 * Thread: see clip.h.
 */
#include "models/materials/clip.h"

#include <math.h>

#define STEP (SAXID_CLIP_LAST / SAXID_CLIP_STEPS)
/* below it the exponential of levels that differ is zero in every digit */
#define LEAST_SINE 1e-100

typedef struct
{
  double half_square; /* (t1 - t2)² / 2 */
  double product;
} Levels;

/* Nodes and weights of Gauss and Legendre on [0, 1]. */
static const double node[] = { 0.06943184420297371, 0.33000947820757187, 0.66999052179242813, 0.93056815579702629 };
static const double weight[] = { 0.17392742256872693, 0.32607257743127307, 0.32607257743127307, 0.17392742256872693 };

static double
integrand (const Levels *levels, double u)
{
  const double sine = sin (u), square = fmax (sine * sine, LEAST_SINE);

  return exp (-(levels->half_square / square + levels->product / (1 + cos (u)))) / (2 * G_PI);
}

static double
integrate (const Levels *levels, double lower, double upper)
{
  double sum = 0;

  for (guint k = 0; k < G_N_ELEMENTS (node); k++)
    sum += weight[k] * integrand (levels, lower + (upper - lower) * node[k]);
  return sum * (upper - lower);
}

void
saxid_clip_init (SaxidClip *clip, double t1, double t2)
{
  const Levels levels = { 0.5 * (t1 - t2) * (t1 - t2), t1 * t2 };
  const int first = (int)(G_PI_2 / STEP); /* the node below pi/2 */

  for (int k = 0; k <= SAXID_CLIP_STEPS; k++)
    clip->slope[k] = -integrand (&levels, k * STEP);
  clip->value[first] = integrate (&levels, first * STEP, G_PI_2);
  for (int k = first; k > 0; k--)
    clip->value[k - 1] = clip->value[k] + integrate (&levels, (k - 1) * STEP, k * STEP);
  for (int k = first; k < SAXID_CLIP_STEPS; k++)
    clip->value[k + 1] = clip->value[k] - integrate (&levels, k * STEP, (k + 1) * STEP);
}

double
saxid_clip_angle (double gap)
{
  return 2 * asin (sqrt (CLAMP (0.5 * gap, 0, 1)));
}

double
saxid_clip_covariance (const SaxidClip *clip, double u)
{
  const double at = u / STEP;
  const int k = (int)MIN (at, SAXID_CLIP_STEPS - 1);
  const double t = MIN (at - k, 1), s = 1 - t;
  const double *c = &clip->value[k], *d = &clip->slope[k];

  return s * s * (1 + 2 * t) * c[0] + t * t * (1 + 2 * s) * c[1] + STEP * s * t * (s * d[0] - t * d[1]);
}
