/* How many points does an integral over a size or an angle need, and where?
 *
 * Equal panels of the 16-point Gauss-Legendre rule. For exp(i w x) over [-1, 1]
 * its error falls as (w/2)^32 / 32!, which is 3e-11 at w = 12: so 24 radians
 * of phase per panel.
 *
 * Thread: pure.
 */
#include "models/shapes/quadrature.h"

#include <math.h>

#define PHASE_PER_PANEL 24.0

/* Nodes and weights of order 16, the positive half (computed in 40 digits). */
static const double node[SAXID_PANEL / 2] = {
  0.095012509837637440185, 0.28160355077925891323, 0.45801677765722738634, 0.61787624440264374845,
  0.7554044083550030339,   0.86563120238783174388, 0.94457502307323257608, 0.9894009349916499326
};
static const double node_weight[SAXID_PANEL / 2] = {
  0.18945061045506849629, 0.18260341504492358887, 0.16915651939500253819, 0.14959598881657673208,
  0.12462897125553387205, 0.09515851168249278481, 0.062253523938647892863, 0.027152459411754094852
};

SaxidRule *
saxid_rule_new (double lower, double upper, double phase, gsize panels)
{
  SaxidRule *rule = g_new (SaxidRule, 1);
  double half;

  panels = MAX (panels, 1 + (gsize) (fabs (phase) / PHASE_PER_PANEL));
  half = 0.5 * (upper - lower) / (double) panels;
  rule->n = panels * SAXID_PANEL;
  rule->x = g_new (double, rule->n);
  rule->weight = g_new (double, rule->n);
  for (gsize p = 0; p < panels; p++)
    {
      double middle = lower + half * (double) (2 * p + 1);
      double *x = rule->x + p * SAXID_PANEL, *weight = rule->weight + p * SAXID_PANEL;

      for (gsize k = 0; k < SAXID_PANEL / 2; k++)
        {
          x[SAXID_PANEL / 2 - 1 - k] = middle - half * node[k];
          x[SAXID_PANEL / 2 + k] = middle + half * node[k];
          weight[SAXID_PANEL / 2 - 1 - k] = weight[SAXID_PANEL / 2 + k] = half * node_weight[k];
        }
    }
  return rule;
}

void
saxid_rule_free (SaxidRule *rule)
{
  if (rule == NULL)
    return;
  g_free (rule->x);
  g_free (rule->weight);
  g_free (rule);
}
