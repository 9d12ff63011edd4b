/* How does a frame of any detector become a picture of one size?
 *
 * Thread: pure.
 */
#include "models/technique/picture.h"

#include <math.h>
#include <stdlib.h>

#include "reducers/order.h"

#define SIDE SAXID_PICTURE_SIDE
#define CELLS (SIDE * SIDE)
#define LEAST_RATIO 3.0 /* median over the least: below that there is a pedestal */

/* Which cells a pixel along one edge lies in: the first, and how much of it in that one. */
typedef struct
{
  guint cell;
  float first; /* the rest lies in the next one */
} Share;

/* Where an edge has fewer pixels than cells each pixel is spread over several: then every cell
 * takes the pixel that its middle is in. */
static Share *
make_shares (gsize n)
{
  Share *share = g_new (Share, n);
  const double scale = (double) SIDE / (double) n;

  for (gsize k = 0; k < n; k++)
    {
      const double from = (double) k * scale, to = from + scale;
      const guint cell = MIN ((guint) from, SIDE - 1);

      share[k].cell = cell;
      share[k].first = (float) (to <= cell + 1.0 || cell == SIDE - 1 ? 1 : (cell + 1.0 - from) / scale);
    }
  return share;
}

typedef struct
{
  float sum[CELLS], weight[CELLS], area[CELLS];
} Cells;

static void
add_pixel (Cells *cells, guint cell, float share, float value, gboolean valid)
{
  cells->area[cell] += share;
  if (!valid)
    return;
  cells->sum[cell] += share * value;
  cells->weight[cell] += share;
}

static void
add_row (Cells *cells, const float *pixels, const guint8 *mask, gsize width, const Share *along, Share row)
{
  for (gsize k = 0; k < width; k++)
    {
      const gboolean valid = isfinite (pixels[k]) && (mask == NULL || mask[k] == 0);
      const guint cell = row.cell * SIDE + along[k].cell;
      const float a = row.first * along[k].first, b = row.first - a;

      add_pixel (cells, cell, a, pixels[k], valid);
      if (along[k].first < 1)
        add_pixel (cells, cell + 1, b, pixels[k], valid);
      if (row.first < 1)
        {
          const float c = (1 - row.first) * along[k].first;

          add_pixel (cells, cell + SIDE, c, pixels[k], valid);
          if (along[k].first < 1)
            add_pixel (cells, cell + SIDE + 1, 1 - row.first - c, pixels[k], valid);
        }
    }
}

/* Of an edge with fewer pixels than cells: the pixel in the middle of each cell. */
static void
sample_cells (Cells *cells, const float *pixels, const guint8 *mask, gsize height, gsize width)
{
  for (guint j = 0; j < SIDE; j++)
    for (guint i = 0; i < SIDE; i++)
      {
        const gsize row = (gsize) ((j + 0.5) * (double) height / SIDE), column = (gsize) ((i + 0.5) * (double) width / SIDE);
        const gsize at = row * width + column;

        add_pixel (cells, j * SIDE + i, 1, pixels[at], isfinite (pixels[at]) && (mask == NULL || mask[at] == 0));
      }
}

/* Greatest of sorted values that a share of them does not exceed. */
static double
quantile (const double *sorted, gsize n, double share)
{
  return sorted[(gsize) (share * (double) (n - 1))];
}

static gboolean
scale_cells (const Cells *cells, SaxidPicture *picture)
{
  g_autofree double *value = g_new (double, CELLS), *sorted = g_new (double, CELLS);
  double pedestal, floor, low, high, weight = 0;
  gsize n = 0;

  for (guint k = 0; k < CELLS; k++)
    {
      const gboolean some = cells->weight[k] > 0.02f * cells->area[k] && cells->weight[k] > 0;

      value[k] = some ? (double) (cells->sum[k] / cells->weight[k]) : NAN;
      picture->share[k] = (guint8) lrintf (255 * (cells->area[k] > 0 ? cells->weight[k] / cells->area[k] : 0));
      if (!some)
        continue;
      sorted[n++] = value[k];
      weight += (double) cells->weight[k];
    }
  if (n < CELLS / 64)
    return FALSE;
  qsort (sorted, n, sizeof *sorted, saxid_compare_doubles);
  pedestal = quantile (sorted, n, 0.005);
  if (!(pedestal > 1 && quantile (sorted, n, 0.5) < LEAST_RATIO * pedestal))
    pedestal = 0;
  floor = fmax ((double) n / weight, 1e-5 * (quantile (sorted, n, 0.998) - pedestal)); /* one count a cell */
  low = log10 (fmax (quantile (sorted, n, 0.01) - pedestal, 0) + floor);
  high = log10 (fmax (quantile (sorted, n, 0.998) - pedestal, 0) + floor);
  for (guint k = 0; k < CELLS; k++)
    picture->grey[k] = isnan (value[k]) || !(high > low)
                         ? 0
                         : (guint8) CLAMP (1 + 254 * (log10 (fmax (value[k] - pedestal, 0) + floor) - low) / (high - low), 1, 255);
  return high > low;
}

gboolean
saxid_picture_make (const float *pixels, const guint8 *mask, gsize height, gsize width, SaxidPicture *picture)
{
  g_autofree Cells *cells = g_new0 (Cells, 1);

  if (height < SIDE || width < SIDE)
    sample_cells (cells, pixels, mask, height, width);
  else
    {
      g_autofree Share *along = make_shares (width), *down = make_shares (height);

      for (gsize row = 0; row < height; row++)
        add_row (cells, pixels + row * width, mask != NULL ? mask + row * width : NULL, width, along, down[row]);
    }
  return scale_cells (cells, picture);
}

void
saxid_picture_input (const SaxidPicture *picture, float *out)
{
  const guint along = SIDE / SAXID_PICTURE_BLOCK, cells = SAXID_PICTURE_BLOCK * SAXID_PICTURE_BLOCK;

  for (guint place = 0; place < SAXID_PICTURE_PLANE; place++)
    {
      const guint corner = (place / along * SIDE + place % along) * SAXID_PICTURE_BLOCK;
      guint share = 0;

      for (guint k = 0; k < cells; k++)
        {
          const guint at = corner + k / SAXID_PICTURE_BLOCK * SIDE + k % SAXID_PICTURE_BLOCK;

          out[k * SAXID_PICTURE_PLANE + place] = (float) picture->grey[at] / 255;
          share += picture->share[at];
        }
      out[cells * SAXID_PICTURE_PLANE + place] = (float) share / (float) (255 * cells);
    }
}
