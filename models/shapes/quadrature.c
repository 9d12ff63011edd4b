/* How many points does an integral over a size or an angle need, and where?
 *
 * Equal panels of a Gauss-Legendre rule of order n. For exp(i w x) over [-1, 1]
 * its error falls as (w/2)^(2n) / (2n)!: the phase 2w in the table below is
 * where that is 2e-10.
 *
 * Thread: pure.
 */
#include "models/shapes/quadrature.h"

#include <math.h>

/* Nodes and weights, the positive halves (computed in 40 digits). */
static const double node_8[]
    = { 0.183434642495649805, 0.525532409916328986, 0.79666647741362674, 0.960289856497536232 };
static const double weight_8[]
    = { 0.362683783378361983, 0.313706645877887287, 0.222381034453374471, 0.101228536290376259 };
static const double node_12[] = { 0.125233408511468915, 0.367831498998180194, 0.587317954286617447,
                                  0.769902674194304687, 0.904117256370474857, 0.981560634246719251 };
static const double weight_12[] = { 0.249147045813402785, 0.233492536538354809, 0.203167426723065922,
                                    0.160078328543346226, 0.106939325995318431, 0.0471753363865118272 };
static const double node_16[]
    = { 0.0950125098376374402, 0.281603550779258913, 0.458016777657227386, 0.617876244402643748,
        0.755404408355003034,  0.865631202387831744, 0.944575023073232576, 0.989400934991649933 };
static const double weight_16[]
    = { 0.189450610455068496, 0.182603415044923589,  0.169156519395002538,  0.149595988816576732,
        0.124628971255533872, 0.0951585116824927848, 0.0622535239386478929, 0.0271524594117540949 };
static const double node_24[]
    = { 0.0640568928626056261, 0.191118867473616309, 0.315042679696163374, 0.433793507626045138,
        0.545421471388839536,  0.648093651936975569, 0.740124191578554364, 0.820001985973902922,
        0.886415527004401034,  0.938274552002732759, 0.974728555971309498, 0.99518721999702136 };
static const double weight_24[]
    = { 0.127938195346752157,  0.125837456346828296,  0.121670472927803391,  0.115505668053725601,
        0.107444270115965635,  0.0976186521041138883, 0.0861901615319532759, 0.0733464814110803057,
        0.0592985849154367807, 0.0442774388174198062, 0.0285313886289336632, 0.0123412297999871995 };

static const struct
{
  gsize order;
  double phase;
  const double *node, *weight;
} orders[] = {
  { 8, 6.7, node_8, weight_8 },
  { 12, 15.2, node_12, weight_12 },
  { 16, SAXID_PANEL_PHASE, node_16, weight_16 },
  { 24, 46.0, node_24, weight_24 },
};

/* More than any particle that ships needs; what comes from outside must not
 * keep a processor for ever. Beyond it fast oscillations are no longer resolved. */
#define MOST_PHASE 60000.0

/* The fewest panels that the largest order can serve, and then the smallest
 * order that serves them. */
static void
choose (double phase, gsize *panels, gsize *kind)
{
  phase = MIN (fabs (phase), MOST_PHASE);
  *panels = 1 + (gsize) (phase / orders[G_N_ELEMENTS (orders) - 1].phase);
  phase /= (double)*panels;
  for (*kind = 0; *kind + 1 < G_N_ELEMENTS (orders) && orders[*kind].phase < phase; (*kind)++)
    ;
}

static void
fill (double lower, double upper, gsize panels, gsize kind, double *x, double *weight)
{
  const gsize order = orders[kind].order;
  const double half = 0.5 * (upper - lower) / (double) panels;

  for (gsize p = 0; p < panels; p++, x += order, weight += order)
    {
      const double middle = lower + half * (double) (2 * p + 1);

      for (gsize k = 0; k < order / 2; k++)
        {
          x[order / 2 - 1 - k] = middle - half * orders[kind].node[k];
          x[order / 2 + k] = middle + half * orders[kind].node[k];
          weight[order / 2 - 1 - k] = weight[order / 2 + k] = half * orders[kind].weight[k];
        }
    }
}

SaxidRule *
saxid_rule_empty (gsize n)
{
  SaxidRule *rule = g_new (SaxidRule, 1);

  rule->n = n;
  rule->x = g_new (double, n);
  rule->weight = g_new (double, n);
  return rule;
}

SaxidRule *
saxid_rule_new (double lower, double upper, double phase)
{
  SaxidRule *rule;
  gsize panels, kind;

  choose (phase, &panels, &kind);
  rule = saxid_rule_empty (panels * orders[kind].order);
  fill (lower, upper, panels, kind, rule->x, rule->weight);
  return rule;
}

SaxidRule *
saxid_rule_panels (double lower, double upper, gsize panels)
{
  SaxidRule *rule = saxid_rule_empty (panels * SAXID_PANEL);
  gsize kind = 0;

  while (orders[kind].order != SAXID_PANEL)
    kind++;
  fill (lower, upper, panels, kind, rule->x, rule->weight);
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

SaxidOrientations *
saxid_orientations_new (void)
{
  return g_new0 (SaxidOrientations, 1);
}

void
saxid_orientations_fit (SaxidOrientations *orientations, double phase)
{
  gsize panels, kind, n;

  choose (phase, &panels, &kind);
  if (orientations->panels == panels && orientations->order == orders[kind].order)
    return;

  n = panels * orders[kind].order;
  orientations->panels = panels;
  orientations->order = orders[kind].order;
  orientations->n = n;
  orientations->sine = g_renew (double, orientations->sine, n);
  orientations->cosine = g_renew (double, orientations->cosine, n);
  orientations->weight = g_renew (double, orientations->weight, n);
  /* The angles pass through the array of the sines. */
  fill (0, G_PI_2, panels, kind, orientations->sine, orientations->weight);
  for (gsize k = 0; k < n; k++)
    {
      const double angle = orientations->sine[k];

      orientations->sine[k] = sin (angle);
      orientations->cosine[k] = cos (angle);
      orientations->weight[k] *= orientations->sine[k];
    }
}

void
saxid_orientations_free (SaxidOrientations *orientations)
{
  if (orientations == NULL)
    return;
  g_free (orientations->sine);
  g_free (orientations->cosine);
  g_free (orientations->weight);
  g_free (orientations);
}
