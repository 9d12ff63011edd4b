/* How does a frame of any detector become a picture of one size?
 *
 * Thread: pure.
 */
#include "models/technique/picture.h"

#include <math.h>
#include <string.h>

#include "models/every-processor.h"
#include "reducers/order.h"

#define SIDE SAXID_PICTURE_SIDE
#define CELLS (SIDE * SIDE)
#define LANES 16 /* pixels at a time */
#define MOST_ASPECT 2.0f /* ln; a strip of one row of modules has as much */
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

/* What lies in the cells; all have the same area. */
typedef struct
{
  float sum[CELLS], weight[CELLS], area; /* of valid pixels; of all */
} Cells;

/* Two rows of cells at work, pixel column by pixel column. */
typedef struct
{
  float *sum[2], *weight[2]; /* [width] */
  gsize width;
} Bands;

/* Adds n pixels, weighed by the share of them that lies in the band. What is not finite counts
 * nothing, x - x is 0 of no such number; bad pixels are none. */
static inline void
add_some (gsize n, const float *restrict pixels, const guint8 *restrict mask, float share, float *restrict sum, float *restrict weight)
{
  for (gsize k = 0; k < n; k++)
    {
      const gboolean good = pixels[k] - pixels[k] == 0 && (mask == NULL || mask[k] == 0);

      sum[k] += share * (good ? pixels[k] : 0);
      weight[k] += good ? share : 0;
    }
}

SAXID_EVERY_PROCESSOR static void
add_row (const float *restrict pixels, const guint8 *restrict mask, gsize width, float share, float *restrict sum,
         float *restrict weight)
{
  gsize k = 0;

  if (mask == NULL)
    for (; k + LANES <= width; k += LANES)
      add_some (LANES, pixels + k, NULL, share, sum + k, weight + k);
  else
    for (; k + LANES <= width; k += LANES)
      add_some (LANES, pixels + k, mask + k, share, sum + k, weight + k);
  add_some (width - k, pixels + k, mask != NULL ? mask + k : NULL, share, sum + k, weight + k);
}

/* The columns of a band that is complete become its cells, and it is empty again. Columns that lie
 * in one cell follow each other; the last of them may reach into the next. */
static void
flush_band (Bands *bands, guint row, const Share *along, Cells *cells)
{
  float *sum = bands->sum[row % 2], *weight = bands->weight[row % 2];
  float *to_sum = cells->sum + row * SIDE, *to_weight = cells->weight + row * SIDE;
  gsize k = 0;

  while (k < bands->width)
    {
      const guint cell = along[k].cell;
      float all = to_sum[cell], valid = to_weight[cell];

      for (; k < bands->width && along[k].cell == cell; k++)
        {
          all += along[k].first * sum[k];
          valid += along[k].first * weight[k];
          if (along[k].first < 1)
            {
              to_sum[cell + 1] += (1 - along[k].first) * sum[k];
              to_weight[cell + 1] += (1 - along[k].first) * weight[k];
            }
        }
      to_sum[cell] = all;
      to_weight[cell] = valid;
    }
  memset (sum, 0, bands->width * sizeof *sum);
  memset (weight, 0, bands->width * sizeof *weight);
}

static void
average_cells (Cells *cells, const float *pixels, const guint8 *mask, gsize height, gsize width)
{
  g_autofree Share *along = make_shares (width), *down = make_shares (height);
  g_autofree float *scratch = g_new0 (float, 4 * width);
  Bands bands = { { scratch, scratch + width }, { scratch + 2 * width, scratch + 3 * width }, width };
  guint at = 0;

  for (gsize row = 0; row < height; row++)
    {
      const float *line = pixels + row * width;
      const guint8 *bad = mask != NULL ? mask + row * width : NULL;

      for (; at < down[row].cell; at++)
        flush_band (&bands, at, along, cells);
      add_row (line, bad, width, down[row].first, bands.sum[at % 2], bands.weight[at % 2]);
      if (down[row].first < 1)
        add_row (line, bad, width, 1 - down[row].first, bands.sum[(at + 1) % 2], bands.weight[(at + 1) % 2]);
    }
  for (; at < SIDE; at++)
    flush_band (&bands, at, along, cells);
  cells->area = (float) ((double) height * (double) width / CELLS);
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

        add_row (pixels + at, mask != NULL ? mask + at : NULL, 1, 1, &cells->sum[j * SIDE + i], &cells->weight[j * SIDE + i]);
      }
  cells->area = 1;
}

/* Greatest of n values that a share of them does not exceed. */
static double
quantile (double *values, gsize n, double share)
{
  return saxid_order_select (values, n, (gsize) (share * (double) (n - 1)));
}

static gboolean
scale_cells (const Cells *cells, SaxidPicture *picture)
{
  g_autofree double *value = g_new (double, CELLS), *valid = g_new (double, CELLS);
  double pedestal, floor, low, high, weight = 0;
  gsize n = 0;

  for (guint k = 0; k < CELLS; k++)
    {
      const gboolean some = cells->weight[k] > 0.02f * cells->area;

      value[k] = some ? (double) (cells->sum[k] / cells->weight[k]) : NAN;
      picture->share[k] = (guint8) lrintf (255 * fminf (cells->weight[k] / cells->area, 1));
      if (!some)
        continue;
      valid[n++] = value[k];
      weight += (double) cells->weight[k];
    }
  if (n < CELLS / 64)
    return FALSE;
  pedestal = quantile (valid, n, 0.005);
  if (!(pedestal > 1 && quantile (valid, n, 0.5) < LEAST_RATIO * pedestal))
    pedestal = 0;
  floor = fmax ((double) n / weight, 1e-5 * (quantile (valid, n, 0.998) - pedestal)); /* one count a cell */
  low = log10 (fmax (quantile (valid, n, 0.01) - pedestal, 0) + floor);
  high = log10 (fmax (quantile (valid, n, 0.998) - pedestal, 0) + floor);
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

  picture->aspect = logf ((float) width / (float) height);
  if (height < SIDE || width < SIDE)
    sample_cells (cells, pixels, mask, height, width);
  else
    average_cells (cells, pixels, mask, height, width);
  return scale_cells (cells, picture);
}

void
saxid_picture_mirror (const SaxidPicture *picture, SaxidPicture *out)
{
  out->aspect = picture->aspect;
  for (guint row = 0; row < CELLS; row += SIDE)
    for (guint column = 0; column < SIDE; column++)
      {
        out->grey[row + column] = picture->grey[row + SIDE - 1 - column];
        out->share[row + column] = picture->share[row + SIDE - 1 - column];
      }
}

void
saxid_picture_input (const SaxidPicture *picture, float *out)
{
  const guint along = SIDE / SAXID_PICTURE_BLOCK, cells = SAXID_PICTURE_BLOCK * SAXID_PICTURE_BLOCK;
  const float aspect = CLAMP (picture->aspect, -MOST_ASPECT, MOST_ASPECT);

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
      out[(cells + 1) * SAXID_PICTURE_PLANE + place] = aspect;
    }
}
