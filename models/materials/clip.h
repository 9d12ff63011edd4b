/* How are two levels of one Gaussian random field correlated?
 *
 *   C (t1, t2; r) = cov [1 (psi (0) > t1), 1 (psi (r) > t2)]
 *                 = 1/(2 pi) int_u^(pi/2) exp (-(t1 - t2)² / (2 sin² u) - t1 t2 / (1 + cos u)) du,
 *
 * u = 2 asin sqrt ((1 - g (r)) / 2), which is pi/2 - asin g without cancellation (Berk 1991,
 * doi:10.1103/PhysRevA.44.5069; Teubner 1991, doi:10.1209/0295-5075/14/5/003).
 *
 * Thread: a SaxidClip may be shared once it is made.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* C of two levels, tabulated over u from 0 to SAXID_CLIP_LAST with its derivative. */
#define SAXID_CLIP_STEPS 1200
#define SAXID_CLIP_LAST 2.6 /* g = -0.86: no spectrum here comes so low */

typedef struct
{
  double value[SAXID_CLIP_STEPS + 1];
  double slope[SAXID_CLIP_STEPS + 1]; /* dC/du */
} SaxidClip;

void saxid_clip_init (SaxidClip *clip, double t1, double t2);

/* u of 1 - g = gap. */
double saxid_clip_angle (double gap);

/* C at u, 0 to SAXID_CLIP_LAST; good to 1e-11. */
double saxid_clip_covariance (const SaxidClip *clip, double u);

G_END_DECLS
