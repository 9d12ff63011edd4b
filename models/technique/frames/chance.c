/* Which of some, and how much of it?
 *
 * Thread: see chance.h.
 */
#include "models/technique/frames/chance.h"

#include <math.h>

gboolean
saxid_chance (SaxidRandom *random, double p)
{
  return saxid_random_unit (random) < p;
}

guint
saxid_chance_index (SaxidRandom *random, guint n)
{
  return MIN ((guint) (saxid_random_unit (random) * n), n - 1);
}

double
saxid_chance_normal (SaxidRandom *random)
{
  const double radius = sqrt (-2 * log (saxid_random_unit (random)));

  return radius * cos (2 * G_PI * saxid_random_unit (random));
}

guint
saxid_chance_row (SaxidRandom *random, const double *weight, gsize stride, guint n)
{
  const char *at = (const char *) weight;
  double sum = 0, drawn;
  guint row = 0;

  for (guint k = 0; k < n; k++)
    sum += *(const double *) (gconstpointer) (at + k * stride);
  drawn = saxid_random_unit (random) * sum;
  while (row + 1 < n && (drawn -= *(const double *) (gconstpointer) (at + row * stride)) > 0)
    row++;
  return row;
}
