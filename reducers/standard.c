/* By which factor does an intensity become a cross section?
 *
 * Thread: pure.
 */
#include "reducers/standard.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reducers/error.h"
#include "reducers/order.h"

#define FEWEST 10 /* points that a median is taken of */

typedef struct
{
  double q, intensity;
} Point;

/* The certificate of SRM 3600. */
static const Point glassy_carbon[] = {
  { 0.00827568, 34.933380 }, { 0.00888450, 34.427156 }, { 0.00954735, 34.042170 }, { 0.01026900, 33.698553 },
  { 0.01105780, 33.352529 }, { 0.01191830, 33.027533 }, { 0.01286110, 32.665045 }, { 0.01389340, 32.306665 },
  { 0.01502510, 31.970485 }, { 0.01626850, 31.559099 }, { 0.01763650, 31.183763 }, { 0.01914320, 30.861805 },
  { 0.02080510, 30.514300 }, { 0.02264220, 30.084982 }, { 0.02467500, 29.690414 }, { 0.02692890, 29.249965 },
  { 0.02943170, 28.889970 }, { 0.03221560, 28.449341 }, { 0.03531810, 28.065980 }, { 0.03878270, 27.704965 },
  { 0.04265880, 27.331304 }, { 0.04700390, 26.974065 }, { 0.05188580, 26.676952 }, { 0.05738140, 26.401158 },
  { 0.06358290, 26.177427 }, { 0.07059620, 25.904683 }, { 0.07854840, 25.528734 }, { 0.08758630, 24.917743 },
  { 0.09788540, 23.946472 }, { 0.10965500, 22.472101 }, { 0.11431200, 21.777228 }, { 0.11839500, 21.112938 },
  { 0.12262400, 20.401110 }, { 0.12314200, 20.287060 }, { 0.12700400, 19.685107 }, { 0.13154000, 18.909809 },
  { 0.13623900, 18.089242 }, { 0.13864300, 17.679572 }, { 0.14110500, 17.264117 }, { 0.14614500, 16.372848 },
  { 0.15136500, 15.458350 }, { 0.15651300, 14.587700 }, { 0.15677100, 14.563071 }, { 0.16237100, 13.616671 },
  { 0.16817000, 12.668549 }, { 0.17417700, 11.752287 }, { 0.17718100, 11.311460 }, { 0.18039800, 10.862157 },
  { 0.18684100, 9.961979 },  { 0.19351500, 9.116906 },  { 0.20042700, 8.325578 },  { 0.20116500, 8.224897 },
  { 0.20758600, 7.541931 },  { 0.21500000, 6.854391 },  { 0.22267900, 6.216070 },  { 0.22909500, 5.715911 },
  { 0.23063300, 5.582366 },  { 0.23887100, 4.999113 },  { 0.24740200, 4.463604 },
};

static const Point water[] = { { 0.05, 0.01632 }, { 0.4, 0.01632 } };

static const struct
{
  const char *name;
  const Point *point;
  gsize n;
} standards[] = {
  { "glassy-carbon", glassy_carbon, G_N_ELEMENTS (glassy_carbon) },
  { "water", water, G_N_ELEMENTS (water) },
};

/* The certified value at q, between two points; NaN outside. */
static double
value_at (const Point *point, gsize n, double q)
{
  gsize k = 0;

  if (!(q >= point[0].q && q <= point[n - 1].q))
    return NAN;
  while (k + 2 < n && point[k + 1].q < q)
    k++;
  return point[k].intensity
         + (q - point[k].q) / (point[k + 1].q - point[k].q) * (point[k + 1].intensity - point[k].intensity);
}

gboolean
saxid_standard_factor (const char *standard, const SaxidCurve *curve, double *factor, double *scatter, GError **error)
{
  g_autofree double *ratio = g_new (double, MAX (curve->n, 1));
  gsize which = 0, n = 0;

  while (which < G_N_ELEMENTS (standards) && strcmp (standards[which].name, standard) != 0)
    which++;
  if (which == G_N_ELEMENTS (standards))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "standard is '%s', glassy-carbon or water is possible", standard);
      return FALSE;
    }
  for (gsize k = 0; k < curve->n; k++)
    {
      const double expected = value_at (standards[which].point, standards[which].n, curve->q[k]);

      if (isfinite (expected) && curve->intensity[k] > 0)
        ratio[n++] = expected / curve->intensity[k];
    }
  if (n < FEWEST)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                   "curve of the standard has %" G_GSIZE_FORMAT " positive points between %g and %g 1/Å, %d are needed", n,
                   standards[which].point[0].q, standards[which].point[standards[which].n - 1].q, FEWEST);
      return FALSE;
    }
  qsort (ratio, n, sizeof *ratio, saxid_compare_doubles);
  *factor = n % 2 == 1 ? ratio[n / 2] : (ratio[n / 2 - 1] + ratio[n / 2]) / 2;
  if (scatter != NULL)
    *scatter = (ratio[n * 5 / 6] - ratio[n / 6]) / 2 / *factor;
  return TRUE;
}
