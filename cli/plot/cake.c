/* How does the intensity go over azimuth and radius?
 *
 * log I in colours, of the part that any pixel has; straight lines upwards are rings, what
 * bends is a geometry that is not right. A circle is cut where the widest gap is, so that a
 * detector on the side of -x is not torn at ±180.
 *
 * Units: CSS px; those of the cake. Thread: no state.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/plot/axes.h"
#include "cli/plot/colours.h"
#include "cli/plot/plot.h"
#include "reducers/order.h"

#define HEIGHT  460.0
#define COLUMNS 1600 /* at most, of the picture */
#define ROWS    720
#define KEY     64   /* steps of the colour scale */
#define LOW     0.02 /* of the cells that share the first colour … */
#define HIGH    0.998 /* … and of those that do not share the last */
#define OPAQUE  0xff000000u
#define CIRCLE  360.0

/* The part of the cake that has pixels, and its cells as they are drawn. NAN: none. */
typedef struct
{
  gsize top, bottom, left, right; /* bins; bottom and right are outside */
  gsize rows, columns;
  double *cell; /* [rows][columns] I */
  double low, high; /* of ln I */
} Picture;

static gboolean
find_part (const SaxidCakePlot *plot, Picture *picture)
{
  *picture = (Picture) { .top = plot->n_azimuth, .left = plot->n_radial };
  for (gsize a = 0; a < plot->n_azimuth; a++)
    for (gsize k = 0; k < plot->n_radial; k++)
      if (isfinite (plot->intensity[a * plot->n_radial + k]))
        {
          picture->top = MIN (picture->top, a);
          picture->bottom = a + 1;
          picture->left = MIN (picture->left, k);
          picture->right = MAX (picture->right, k + 1);
        }
  picture->rows = MIN (picture->bottom - MIN (picture->top, picture->bottom), ROWS);
  picture->columns = MIN (picture->right - MIN (picture->left, picture->right), COLUMNS);
  return picture->rows > 0 && picture->columns > 0;
}

/* The bin that holds a place of an ascending axis. */
static gsize
bin_at (const double *edge, gsize n, double at)
{
  gsize low = 0, high = n;

  while (high - low > 1)
    {
      const gsize middle = (low + high) / 2;

      if (edge[middle] <= at)
        low = middle;
      else
        high = middle;
    }
  return low;
}

/* Where cell k of n begins on an axis: cells are of one width, bins need not be. */
static double
cell_edge (const double *edge, gsize first, gsize end, gsize k, gsize n)
{
  return edge[first] + (edge[end] - edge[first]) * (double) k / (double) n;
}

/* The mean of the bins that begin in a cell, or of the one that it lies in. */
static double
mean_of (const SaxidCakePlot *plot, const gsize azimuth[2], const gsize radial[2])
{
  double sum = 0;
  gsize n = 0;

  for (gsize a = azimuth[0]; a < azimuth[1]; a++)
    for (gsize k = radial[0]; k < radial[1]; k++)
      {
        const double intensity = plot->intensity[a * plot->n_radial + k];

        if (!isfinite (intensity))
          continue;
        sum += intensity;
        n++;
      }
  return n > 0 ? sum / (double) n : NAN;
}

static void
span_of (const double *edge, gsize n_bin, gsize first, gsize end, gsize k, gsize n, gsize bins[2])
{
  const double width = cell_edge (edge, first, end, 1, n) - edge[first];

  bins[0] = bin_at (edge, n_bin, cell_edge (edge, first, end, k, n) + 1e-6 * width);
  bins[1] = MAX (bin_at (edge, n_bin, cell_edge (edge, first, end, k + 1, n) + 1e-6 * width), bins[0] + 1);
}

static void
fill_cells (const SaxidCakePlot *plot, Picture *picture)
{
  picture->cell = g_new (double, picture->rows * picture->columns);
  for (gsize row = 0; row < picture->rows; row++)
    for (gsize column = 0; column < picture->columns; column++)
      {
        gsize azimuth[2], radial[2];

        span_of (plot->azimuth_edge, plot->n_azimuth, picture->top, picture->bottom, row, picture->rows, azimuth);
        span_of (plot->radial_edge, plot->n_radial, picture->left, picture->right, column, picture->columns, radial);
        picture->cell[row * picture->columns + column] = mean_of (plot, azimuth, radial);
      }
}

/* FALSE: nothing above 0. */
static gboolean
find_colours (Picture *picture)
{
  const gsize n_cell = picture->rows * picture->columns;
  g_autofree double *sorted = g_new (double, n_cell);
  gsize n = 0;

  for (gsize k = 0; k < n_cell; k++)
    if (picture->cell[k] > 0)
      sorted[n++] = log (picture->cell[k]);
  if (n == 0)
    return FALSE;
  qsort (sorted, n, sizeof *sorted, saxid_compare_doubles);
  picture->low = sorted[(gsize) (LOW * (double) (n - 1))];
  picture->high = MAX (sorted[(gsize) (HIGH * (double) (n - 1))], picture->low + 1e-3);
  return TRUE;
}

/* Azimuths go upwards; what counts nothing has the colour of the least, what no pixel has none. */
static void
draw_cells (const Picture *picture, const SaxidAxes *axes, SaxidCanvas *canvas)
{
  g_autofree guint32 *colour = g_new0 (guint32, picture->rows * picture->columns);

  for (gsize row = 0; row < picture->rows; row++)
    for (gsize k = 0; k < picture->columns; k++)
      {
        const double intensity = picture->cell[row * picture->columns + k];
        const double at = intensity > 0 ? (log (intensity) - picture->low) / (picture->high - picture->low) : 0;

        if (!isnan (intensity))
          colour[(picture->rows - 1 - row) * picture->columns + k] = OPAQUE | saxid_viridis (at);
      }
  saxid_canvas_image (canvas, &axes->box, (guint) picture->columns, (guint) picture->rows, colour);
}

static void
draw_key (const Picture *picture, const SaxidAxes *axes, const char *title, SaxidCanvas *canvas)
{
  const SaxidBox box = { axes->box.x + axes->box.width + 16, axes->box.y, 14, axes->box.height };
  SaxidScale scale = { .logarithmic = TRUE, .low = exp (picture->low), .high = exp (picture->high), .from = box.y + box.height,
                       .to = box.y, .style = SAXID_LABEL_POWER };
  g_autoptr (GArray) ticks = saxid_scale_ticks (&scale, 26);
  const SaxidFont font = { SAXID_MUTED, SAXID_TICK_SIZE, 0, 0, FALSE }, words = { SAXID_INK, SAXID_TITLE_SIZE, 0.5, 90, FALSE };
  guint32 colour[KEY];

  for (guint k = 0; k < KEY; k++)
    colour[k] = OPAQUE | saxid_viridis (1 - (k + 0.5) / KEY);
  saxid_canvas_image (canvas, &box, 1, KEY, colour);
  for (guint k = 0; k < ticks->len; k++)
    {
      const SaxidTick *tick = &g_array_index (ticks, SaxidTick, k);
      const SaxidPoint mark[] = { { box.x + box.width, tick->place }, { box.x + box.width + 4, tick->place } };

      saxid_canvas_stroke (canvas, mark, 2, 2, &(SaxidPen) { SAXID_MUTED, 1, 0.9, FALSE });
      saxid_canvas_text (canvas, box.x + box.width + 8, tick->place + 4, &font, tick->label);
    }
  saxid_canvas_text (canvas, box.x + box.width + 60, box.y + box.height / 2, &words, title);
}

static GBytes *
draw (const SaxidCakePlot *plot, const Picture *picture, SaxidCanvasFormat format)
{
  const SaxidFont title = { SAXID_INK, SAXID_TITLE_SIZE, 0, 0, TRUE };
  const double width = plot->width > 0 ? plot->width : 960;
  g_autofree char *unit = saxid_axes_intensity_title (plot->intensity_unit);
  g_autofree char *said = g_strdup_printf ("%s%s%s over azimuth and %s", plot->title != NULL ? plot->title : "",
                                           plot->title != NULL ? ": " : "", unit, plot->radial_title);
  g_autoptr (SaxidCanvas) canvas = saxid_canvas_new (format, width, HEIGHT, said);
  g_autofree char *shown = saxid_canvas_text_fitted (canvas, &title, plot->title != NULL ? plot->title : "", width - 80);
  SaxidAxes axes = {
    .box = { 72, 34, width - 72 - 104, HEIGHT - 34 - saxid_axes_bottom () - 2 },
    .x = { .low = plot->radial_edge[picture->left], .high = plot->radial_edge[picture->right], .style = SAXID_LABEL_DECIMAL },
    .y = { .low = plot->azimuth_edge[picture->top], .high = plot->azimuth_edge[picture->bottom] },
    .x_title = plot->radial_title,
    .y_title = "azimuth χ (°)",
  };

  saxid_axes_place (&axes);
  saxid_axes_draw (&axes, canvas); /* its grid is seen where no pixel was */
  draw_cells (picture, &axes, canvas);
  draw_key (picture, &axes, unit, canvas);
  saxid_canvas_text (canvas, axes.box.x, 22, &title, shown);
  return saxid_canvas_finish (canvas);
}

static gboolean
is_empty (const SaxidCakePlot *plot, gsize azimuth)
{
  for (gsize k = 0; k < plot->n_radial; k++)
    if (isfinite (plot->intensity[azimuth * plot->n_radial + k]))
      return FALSE;
  return TRUE;
}

/* The azimuth behind the longest run of empty ones, of which the last is followed by the first. */
static gsize
find_cut (const SaxidCakePlot *plot)
{
  const gsize n = plot->n_azimuth;
  g_autofree gboolean *empty = g_new (gboolean, n);
  gsize longest = 0, cut = 0, run = 0;

  for (gsize a = 0; a < n; a++)
    empty[a] = is_empty (plot, a);
  for (gsize a = 0; a < 2 * n; a++)
    {
      run = empty[a % n] ? run + 1 : 0;
      if (run > longest && run <= n)
        {
          longest = run;
          cut = (a + 1) % n;
        }
    }
  return cut;
}

/* A circle that begins elsewhere; edge and intensity are the caller's. */
static void
turn (SaxidCakePlot *plot, gsize cut, double **edge, double **intensity)
{
  const gsize n = plot->n_azimuth, row = plot->n_radial;

  *edge = g_new (double, n + 1);
  *intensity = g_new (double, n *row);
  for (gsize a = 0; a <= n; a++)
    (*edge)[a] = cut + a <= n ? plot->azimuth_edge[cut + a] : plot->azimuth_edge[cut + a - n] + CIRCLE;
  memcpy (*intensity, plot->intensity + cut * row, (n - cut) * row * sizeof (double));
  memcpy (*intensity + (n - cut) * row, plot->intensity, cut * row * sizeof (double));
  plot->azimuth_edge = *edge;
  plot->intensity = *intensity;
}

GBytes *
saxid_plot_cake (const SaxidCakePlot *given, SaxidCanvasFormat format)
{
  const gboolean is_circle = fabs (given->azimuth_edge[given->n_azimuth] - given->azimuth_edge[0] - CIRCLE) < 1e-6;
  const gsize cut = is_circle ? find_cut (given) : 0;
  SaxidCakePlot turned = *given;
  const SaxidCakePlot *plot = &turned;
  Picture picture;
  g_autofree double *cell = NULL, *edge = NULL, *intensity = NULL;

  if (cut > 0)
    turn (&turned, cut, &edge, &intensity);
  if (!find_part (plot, &picture))
    return NULL;
  fill_cells (plot, &picture);
  cell = picture.cell;
  return find_colours (&picture) ? draw (plot, &picture, format) : NULL;
}
