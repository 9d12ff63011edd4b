/* How does a curve change from frame to frame?
 *
 * log I as shades over log q and frame: cells of one shade are one path, so that a run of
 * thousands of frames stays a small picture.
 *
 * Units: CSS px; q in 1/Å. Thread: no state.
 */
#include <math.h>
#include <stdlib.h>

#include "cli/plot/axes.h"
#include "cli/plot/plot.h"
#include "reducers/order.h"

#define COLUMNS 140
#define ROWS    120 /* at most */
#define SHADES  16
#define HEIGHT  300.0
#define EDGE    0.01 /* of the cells at each end that share the last shade */

/* Means of ln I. NAN: nothing was measured there. */
typedef struct
{
  double *cell; /* [rows][COLUMNS] */
  gsize rows;
  double q_low, q_high; /* 1/Å */
  double low, high;     /* of ln I: the first shade and the last */
} Map;

static void
find_q (const SaxidHeatPlot *plot, Map *map)
{
  map->q_low = INFINITY;
  map->q_high = 0;
  for (gsize k = 0; k < plot->n_frame; k++)
    for (gsize i = 0; plot->curve[k] != NULL && i < plot->curve[k]->n; i++)
      if (plot->curve[k]->q[i] > 0 && isfinite (plot->curve[k]->q[i]))
        {
          map->q_low = MIN (map->q_low, plot->curve[k]->q[i]);
          map->q_high = MAX (map->q_high, plot->curve[k]->q[i]);
        }
}

/* Cells between the points of a sparse curve get what is to their left. */
static void
fill_gaps (double *row)
{
  gsize first = 0, last = COLUMNS;

  while (first < COLUMNS && isnan (row[first]))
    first++;
  while (last > first && isnan (row[last - 1]))
    last--;
  for (gsize k = first; k < last; k++)
    if (isnan (row[k]))
      row[k] = row[k - 1];
}

static void
fill_row (const SaxidHeatPlot *plot, Map *map, gsize row)
{
  const gsize first = row * plot->n_frame / map->rows, end = (row + 1) * plot->n_frame / map->rows;
  const double step = log (map->q_high / map->q_low) / COLUMNS;
  double sum[COLUMNS] = { 0 }, n[COLUMNS] = { 0 }, *cell = map->cell + row * COLUMNS;

  for (gsize k = first; k < end; k++)
    for (gsize i = 0; plot->curve[k] != NULL && i < plot->curve[k]->n; i++)
      {
        const double q = plot->curve[k]->q[i], intensity = plot->curve[k]->intensity[i];
        const gsize at = q > 0 ? MIN ((gsize) (log (q / map->q_low) / step), COLUMNS - 1) : 0;

        if (!(q > 0) || !isfinite (q) || !isfinite (intensity))
          continue;
        sum[at] += intensity;
        n[at]++;
      }
  for (gsize k = 0; k < COLUMNS; k++)
    cell[k] = n[k] > 0 && sum[k] > 0 ? log (sum[k] / n[k]) : NAN;
  fill_gaps (cell);
}

/* FALSE: nothing to draw. */
static gboolean
find_shades (Map *map)
{
  g_autofree double *sorted = g_new (double, map->rows * COLUMNS);
  gsize n = 0;

  for (gsize k = 0; k < map->rows * COLUMNS; k++)
    if (!isnan (map->cell[k]))
      sorted[n++] = map->cell[k];
  if (n == 0)
    return FALSE;
  qsort (sorted, n, sizeof *sorted, saxid_compare_doubles);
  map->low = sorted[(gsize) (EDGE * (double) (n - 1))];
  map->high = sorted[(gsize) ((1 - EDGE) * (double) (n - 1))];
  map->high = MAX (map->high, map->low + 1e-3);
  return TRUE;
}

static int
shade_of (const Map *map, double value)
{
  return isnan (value) ? -1 : (int) CLAMP (floor ((value - map->low) / (map->high - map->low) * SHADES), 0, SHADES - 1);
}

static double
opacity_of (int shade)
{
  return 0.04 + 0.96 * shade / (SHADES - 1);
}

static void
add_cell (GArray *corners, double x, double y, double width, double height)
{
  const SaxidPoint box[] = { { x, y }, { x + width, y }, { x + width, y + height }, { x, y + height } };

  g_array_append_vals (corners, box, G_N_ELEMENTS (box));
}

/* Neighbours of one shade are one cell. */
static void
draw_shade (const Map *map, const SaxidAxes *axes, SaxidCanvas *canvas, int shade)
{
  g_autoptr (GArray) corners = g_array_new (FALSE, FALSE, sizeof (SaxidPoint));
  const double width = axes->box.width / COLUMNS, height = axes->box.height / (double) map->rows;

  for (gsize row = 0; row < map->rows; row++)
    for (gsize k = 0, end; k < COLUMNS; k = end)
      {
        const gboolean mine = shade_of (map, map->cell[row * COLUMNS + k]) == shade;

        for (end = k + 1; end < COLUMNS && (shade_of (map, map->cell[row * COLUMNS + end]) == shade) == mine;)
          end++;
        if (mine)
          add_cell (corners, axes->box.x + (double) k * width, axes->box.y + (double) (map->rows - 1 - row) * height,
                    (double) (end - k) * width, height);
      }
  saxid_canvas_fill (canvas, (const SaxidPoint *) (gconstpointer) corners->data, corners->len, 4, SAXID_BLUE, opacity_of (shade));
}

/* What the shades mean: from the darkest at the top. */
static void
draw_key (const Map *map, const SaxidAxes *axes, SaxidCanvas *canvas)
{
  const double x = axes->box.x + axes->box.width + 14, height = axes->box.height / SHADES;
  const SaxidFont font = { SAXID_MUTED, SAXID_TICK_SIZE, 0, 0, FALSE };
  const double ends[] = { map->high, (map->low + map->high) / 2, map->low };

  for (int shade = 0; shade < SHADES; shade++)
    saxid_canvas_fill_box (canvas, &(SaxidBox) { x, axes->box.y + (SHADES - 1 - shade) * height, 14, height }, SAXID_BLUE,
                           opacity_of (shade));
  for (gsize k = 0; k < G_N_ELEMENTS (ends); k++)
    {
      g_autofree char *label = saxid_scale_number (exp (ends[k]));

      saxid_canvas_text (canvas, x + 20, axes->box.y + 8 + (double) k * (axes->box.height - 8) / 2, &font, label);
    }
}

static GBytes *
draw (const SaxidHeatPlot *plot, const Map *map, SaxidCanvasFormat format)
{
  const SaxidFont title = { SAXID_INK, SAXID_TITLE_SIZE, 0, 0, TRUE };
  const double width = plot->width > 0 ? plot->width : 960;
  g_autofree char *unit = saxid_axes_intensity_title (plot->intensity_unit);
  g_autofree char *said = g_strdup_printf ("%s%s%s", plot->title != NULL ? plot->title : "", plot->title != NULL ? ": " : "", unit);
  g_autoptr (SaxidCanvas) canvas = saxid_canvas_new (format, width, HEIGHT, said);
  SaxidAxes axes = {
    .box = { 62, 34, width - 62 - 96, HEIGHT - 34 - saxid_axes_bottom () - 2 },
    .x = { .logarithmic = TRUE, .low = map->q_low, .high = map->q_high, .style = SAXID_LABEL_DECIMAL },
    .y = { .low = -0.5, .high = (double) plot->n_frame - 0.5 },
    .x_title = "q (Å⁻¹)",
    .y_title = "frame",
  };

  saxid_axes_place (&axes);
  for (int shade = 0; shade < SHADES; shade++)
    draw_shade (map, &axes, canvas, shade);
  saxid_axes_draw (&axes, canvas);
  draw_key (map, &axes, canvas);
  saxid_canvas_text (canvas, axes.box.x, 22, &title, said);
  return saxid_canvas_finish (canvas);
}

GBytes *
saxid_plot_heat (const SaxidHeatPlot *plot, SaxidCanvasFormat format)
{
  Map map = { .rows = MIN (plot->n_frame, ROWS) };
  g_autofree double *cell = NULL;

  find_q (plot, &map);
  if (map.rows == 0 || !(map.q_high > map.q_low))
    return NULL;
  map.cell = cell = g_new (double, map.rows * COLUMNS);
  for (gsize row = 0; row < map.rows; row++)
    fill_row (plot, &map, row);
  return find_shades (&map) ? draw (plot, &map, format) : NULL;
}
