/* At which angles must a rod be looked at?
 *
 * With k = q cos a the integrand is G(sqrt (q^2 - k^2)) sinc(ka) sinc(kb) dk, and
 *   sinc(ka) sinc(kb) = [cos k(a - b) - cos k(a + b)] / (2 k^2 a b).
 * All else is slow in k next to cos k(a + b) when the rod is long, so what that
 * cosine gives comes from where the integrand is not smooth: from k = 0, where
 * k^2 divides, and from the end, k = q. It is followed there and let go between,
 * by windows so soft that their own transform at a + b is below 1e-9:
 *   at k = 0   exp (-z) (1 + z), z = k^2 / 2 s^2 (1 less that has no k^2 in it)
 *   at k = q   erfc ((q - 6 s - k) / (sqrt 2 s)) / 2
 * The number of angles then no longer grows with the length.
 *
 * Thread: pure.
 */
#include "models/shapes/rod.h"

#include <math.h>

#include "models/shapes/quadrature.h"

/* Widths s times the length for the first window and the second, where G may
 * turn by half as fast as the cosine. */
#define MIDDLE_WIDTH 6.5
#define END_WIDTH    13.0
/* Where the windows have closed, in their widths. */
#define MIDDLE_REACH 7.0
#define END_REACH    12.0
/* What is left out. */
#define NOTHING 1e-10
/* Phase that makes one panel of a function without oscillation. */
#define SMOOTH_PHASE 20.0

static SaxidRodRule *
empty (gsize n)
{
  SaxidRodRule *rule = g_new (SaxidRodRule, 1);

  rule->n = 0;
  rule->sine = g_new (double, 4 * n);
  rule->cosine = rule->sine + n;
  rule->full = rule->cosine + n;
  rule->smooth = rule->full + n;
  return rule;
}

void
saxid_rod_rule_free (SaxidRodRule *rule)
{
  if (rule == NULL)
    return;
  g_free (rule->sine);
  g_free (rule);
}

/* How fast G turns, in radians per unit of p / q, where p is `across` at least. */
static double
turning (const SaxidRodSize *size, double across, double last)
{
  return 2.0 * last * (size->fading > 0 && across >= size->fading ? size->rim : size->radius);
}

static void
add_angles (SaxidRodRule *rule, const SaxidRule *angles)
{
  for (gsize i = 0; i < angles->n; i++, rule->n++)
    {
      rule->sine[rule->n] = sin (angles->x[i]);
      rule->cosine[rule->n] = cos (angles->x[i]);
      rule->full[rule->n] = angles->weight[i] * rule->sine[rule->n];
      rule->smooth[rule->n] = 0;
    }
}

/* From the pole to where G fades, and from there to the equator in panels that
 * grow as the angle, for G falls with a power of it. */
static SaxidRodRule *
every_angle (double first, double last, const SaxidRodSize *size)
{
  const double fades = size->fading > 0 && size->fading < 0.7 * first ? asin (size->fading / first) : 0;
  g_autoptr (GPtrArray) panels = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_rule_free);
  const double turn = 2.0 * last * size->longest;
  SaxidRodRule *rule;
  gsize n = 0;

  if (!(fades > 0))
    g_ptr_array_add (panels,
                     saxid_rule_new (0, G_PI_2, G_PI * last * hypot (size->radius, size->longest)));
  else
    g_ptr_array_add (panels, saxid_rule_new (0, fades, fades * hypot (turn, turning (size, 0, last))));
  for (double begin = fades; begin > 0 && begin < G_PI_2;)
    {
      const double end = 3.0 * begin > G_PI_2 ? G_PI_2 : 2.0 * begin;
      const double rate = hypot (turn, turning (size, G_MAXDOUBLE, last));

      g_ptr_array_add (panels, saxid_rule_new (begin, end, SMOOTH_PHASE + (end - begin) * rate));
      begin = end;
    }
  for (guint p = 0; p < panels->len; p++)
    n += ((SaxidRule *) g_ptr_array_index (panels, p))->n;
  rule = empty (n);
  for (guint p = 0; p < panels->len; p++)
    add_angles (rule, g_ptr_array_index (panels, p));
  return rule;
}

/* The two windows, in u = k / q. */
typedef struct
{
  double middle, end;
} Widths;

static void
add (SaxidRodRule *rule, const Widths *widths, double u, double sine, double weight)
{
  const double z = 0.5 * u * u / (widths->middle * widths->middle);
  const double middle = exp (-z) * (1.0 + z);
  const double end = 0.5 * erfc ((1.0 - 0.5 * END_REACH * widths->end - u) / (M_SQRT2 * widths->end));
  const double window = MIN (middle + end, 1.0);
  /* 1 - (1 + z) exp (-z), where the difference would leave noise. */
  const double rest = z < 1e-3 ? z * z * (0.5 - z / 3.0) : 1.0 - window;

  rule->sine[rule->n] = sine;
  rule->cosine[rule->n] = u;
  rule->full[rule->n] = window > NOTHING ? weight * window : 0;
  rule->smooth[rule->n] = rest > NOTHING ? weight * rest / (u * u) : 0;
  rule->n++;
}

SaxidRodRule *
saxid_rod_rule (double first, double last, const SaxidRodSize *size)
{
  const double length = 2.0 * size->shortest;
  const double steep = 1.4 * size->radius * size->radius * last / (length * length);
  const Widths widths
      = { MIDDLE_WIDTH / (length * first), MAX (END_WIDTH / (length * first), steep / first) };
  const double from = MIDDLE_REACH * widths.middle, to = 1.0 - END_REACH * widths.end;
  const double turn = 2.0 * size->longest * last, apart = last * size->apart;
  g_autoptr (GPtrArray) panels = NULL;
  SaxidRodRule *rule;
  gsize n = 0;

  if (!(2.0 * from < to))
    return every_angle (first, last, size);

  panels = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_rule_free);
  g_ptr_array_add (panels,
                   saxid_rule_new (0, from, turn * from + turning (size, 0, last) * from * from));
  for (double begin = from; begin < to;)
    {
      const double end = 3.0 * begin > to ? to : 2.0 * begin;
      /* In angles from the equator: G is even there too. */
      const double low = asin (begin), high = asin (end);

      g_ptr_array_add (panels, saxid_rule_new (low, high,
                                               SMOOTH_PHASE
                                                   + turning (size, first * cos (high), last)
                                                         * (cos (low) - cos (high))
                                                   + apart * (end - begin)));
      begin = end;
    }
  g_ptr_array_add (panels, saxid_rule_new (to, 1.0,
                                           turn * (1.0 - to)
                                               + 2.0 * turning (size, 0, last) * sqrt (1.0 - to * to)));

  for (guint p = 0; p < panels->len; p++)
    n += ((SaxidRule *) g_ptr_array_index (panels, p))->n;
  rule = empty (n);
  for (guint p = 0; p < panels->len; p++)
    {
      const SaxidRule *panel = g_ptr_array_index (panels, p);
      const gboolean angles = p > 0 && p + 1 < panels->len;

      for (gsize i = 0; i < panel->n; i++)
        {
          const double u = angles ? sin (panel->x[i]) : panel->x[i];
          const double sine = sqrt ((1.0 - u) * (1.0 + u));

          add (rule, &widths, u, sine, panel->weight[i] * (angles ? sine : 1.0));
        }
    }
  return rule;
}
