/* Out of the wrong valley.
 *
 * Thread: pure.
 */
#include "models/fit/kick.h"

#include <math.h>

/* Another round is worth it where one has made chi-square smaller by this factor. */
#define WORTH 0.7
#define OF_SIZE 0.25 /* the main size is known best */
#define TO_MIDDLE 0.0
#define NEAR_BOUND 1.1
static const double kicks[] = { TO_MIDDLE, 0.12, -0.12, 0.4, -0.4 };
#define STEPS 6

/* FALSE: such a kick leads nowhere. */
static gboolean
begin (const SaxidSpace *space, const SaxidSpacePoint *from, guint coordinate, double kick, SaxidSpacePoint *start)
{
  double x[SAXID_SPACE_MOST];

  saxid_space_coordinates (space, from, x);
  if (kick != TO_MIDDLE)
    x[coordinate] += (coordinate == 0 ? OF_SIZE : 1) * kick;
  else if (fabs (x[coordinate]) > NEAR_BOUND)
    x[coordinate] = 0;
  else
    return FALSE;
  saxid_space_point (space, x, start);
  saxid_space_keep (from, start);
  return TRUE;
}

void
saxid_kick (const SaxidSpace *space, const SaxidCurve *curve, double good, double until, SaxidRefined *fit)
{
  const guint n = saxid_space_dimension (space);
  double before;

  do
    {
      before = fit->chi2;
      for (guint k = 0; k < n * G_N_ELEMENTS (kicks) && fit->reduced_chi2 > good && saxid_thread_seconds () < until; k++)
        {
          SaxidSpacePoint start;
          SaxidRefined trial;

          if (begin (space, &fit->point, k % n, kicks[k / n], &start)
              && saxid_refine (space, curve, &start, STEPS * (n + 1), until, FALSE, &trial, NULL) && trial.chi2 < fit->chi2)
            *fit = trial;
        }
    }
  while (fit->reduced_chi2 > good && fit->chi2 < WORTH * before && saxid_thread_seconds () < until);
}
