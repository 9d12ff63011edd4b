/* What does a detector frame look like, and where did the network see its answer?
 *
 * log10 of the means over the valid pixels of equal boxes, from the 1st to the 99.8th percentile, as
 * pictures have it (models/technique/picture.h), but with the frame's own shape. Evidence lies over
 * the frame in grey: the more, the more orange.
 *
 * Units: pixels of the PNG. Thread: no state.
 */
#include <math.h>

#include "cli/plot/pixels.h"
#include "cli/plot/plot.h"
#include "reducers/order.h"

#define LOW  0.01
#define HIGH 0.998

/* Means, NaN where nothing is valid. Shape: [height × width]. */
typedef struct
{
  gsize height, width;
  double *value;
} Means;

static gboolean
is_valid (const SaxidFramePlot *plot, gsize at)
{
  return isfinite (plot->pixels[at]) && (plot->mask == NULL || plot->mask[at] == 0);
}

static double
mean_of (const SaxidFramePlot *plot, gsize top, gsize bottom, gsize left, gsize right)
{
  double sum = 0;
  gsize n = 0;

  for (gsize y = top; y < bottom; y++)
    for (gsize x = left; x < right; x++)
      if (is_valid (plot, y * plot->width + x))
        {
          sum += (double) plot->pixels[y * plot->width + x];
          n++;
        }
  return n > 0 ? sum / (double) n : NAN;
}

/* Pixels of a box, one at least. */
static gsize
end_of (gsize first, gsize next, gsize n, gsize boxes)
{
  return MAX (next * n / boxes, first + 1);
}

static Means
average (const SaxidFramePlot *plot)
{
  const double scale = plot->side / (double) MAX (plot->height, plot->width); /* above 1: pixels are repeated */
  Means means = { MAX ((gsize) lrint (scale * (double) plot->height), 1), MAX ((gsize) lrint (scale * (double) plot->width), 1), NULL };

  means.value = g_new (double, means.height * means.width);
  for (gsize y = 0; y < means.height; y++)
    for (gsize x = 0; x < means.width; x++)
      {
        const gsize top = y * plot->height / means.height, left = x * plot->width / means.width;

        means.value[y * means.width + x] = mean_of (plot, top, end_of (top, y + 1, plot->height, means.height), left,
                                                    end_of (left, x + 1, plot->width, means.width));
      }
  return means;
}

/* Turns them into 1 … 255, 0 for nothing. */
static guint8 *
shade (const Means *means)
{
  const gsize n = means->height * means->width;
  g_autofree double *sorted = g_new (double, n);
  guint8 *grey = g_new0 (guint8, n);
  double floor, low, high;
  gsize m = 0;

  for (gsize k = 0; k < n; k++)
    if (!isnan (means->value[k]))
      sorted[m++] = means->value[k];
  if (m == 0)
    return grey;
  low = saxid_order_select (sorted, m, (gsize) (LOW * (double) (m - 1)));
  high = saxid_order_select (sorted, m, (gsize) (HIGH * (double) (m - 1)));
  floor = fmax (1e-5 * high, fmin (1, 1e-2 * fmax (high, 1)));
  low = log10 (fmax (low, 0) + floor);
  high = fmax (log10 (fmax (high, 0) + floor), low + 1e-6);
  for (gsize k = 0; k < n; k++)
    if (!isnan (means->value[k]))
      grey[k] = (guint8) CLAMP (1 + 254 * (log10 (fmax (means->value[k], 0) + floor) - low) / (high - low), 1, 255);
  return grey;
}

/* 0 … 1, bilinear between the middles of the cells. */
static double
evidence_at (const SaxidFramePlot *plot, const Means *means, gsize y, gsize x)
{
  const double last = plot->evidence_side - 1.0;
  const double v = CLAMP ((double) (y + 0.5) * plot->evidence_side / (double) means->height - 0.5, 0, last);
  const double u = CLAMP ((double) (x + 0.5) * plot->evidence_side / (double) means->width - 0.5, 0, last);
  const guint up = (guint) v, left = (guint) u, down = MIN (up + 1, plot->evidence_side - 1), right = MIN (left + 1, plot->evidence_side - 1);
  const guint8 *above = plot->evidence + up * plot->evidence_side, *below = plot->evidence + down * plot->evidence_side;
  const double a = (1 - (u - left)) * above[left] + (u - left) * above[right], b = (1 - (u - left)) * below[left] + (u - left) * below[right];

  return ((1 - (v - up)) * a + (v - up) * b) / 255;
}

/* Grey below, orange above. */
static guint32
overlaid (guint8 grey, double evidence)
{
  static const double orange[] = { 230, 100, 0 };
  const double part = 0.75 * evidence, base = grey == 0 ? 255 : 20 + 0.85 * grey;
  guint32 rgb = 0;

  for (guint c = 0; c < 3; c++)
    rgb = rgb << 8 | (guint32) lrint (CLAMP ((1 - part) * base + part * orange[c], 0, 255));
  return rgb;
}

GBytes *
saxid_plot_frame (const SaxidFramePlot *plot)
{
  const Means means = average (plot);
  g_autofree double *value = means.value;
  g_autofree guint8 *grey = shade (&means);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) means.width, (int) means.height);
  guchar *pixels = cairo_image_surface_get_data (surface);
  const gsize stride = (gsize) cairo_image_surface_get_stride (surface);

  cairo_surface_flush (surface);
  for (gsize y = 0; y < means.height; y++)
    {
      guint32 *row = (guint32 *) (gpointer) (pixels + y * stride);

      for (gsize x = 0; x < means.width; x++)
        {
          const guint8 here = grey[y * means.width + x];

          row[x] = plot->evidence != NULL ? overlaid (here, evidence_at (plot, &means, y, x)) : saxid_grey_colour (here);
        }
    }
  cairo_surface_mark_dirty (surface);
  return saxid_surface_png (surface);
}
