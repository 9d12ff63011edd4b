/* What does a curve look like, with its errors, its models and what they leave?
 *
 * I(q) log–log; below it, where asked for, the residuals of the first model in
 * standard deviations (in per cent of the model where there is no sigma).
 *
 * Units: CSS px. Thread: no state.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/plot/marks.h"
#include "cli/plot/plot.h"
#include "cli/text.h"
#include "reducers/order.h"

/* Of a range that carries all of the weight. */
#define BAND_OPACITY 0.55
#define DEFAULT_WIDTH   640.0
#define DEFAULT_HEIGHT  440.0
#define RESIDUAL_HEIGHT 84.0
#define RESIDUAL_GAP    12.0
#define GUINIER_POINTS  60
#define LEGEND_LINE     16.0
#define DOT             2.8

static const SaxidFont legend_font = { SAXID_INK, 11.5, 0, 0, FALSE };
#define NOTE_SPACE 22.0

static const SaxidFont note_font = { SAXID_MUTED, 10.5, 1, 0, FALSE };
static const SaxidColour line_colours[]
    = { SAXID_VERMILION, SAXID_GREEN, SAXID_PURPLE, SAXID_ORANGE, SAXID_SKY };

typedef struct
{
  const char *label;
  SaxidPen pen;
  gboolean is_dot;
} LegendEntry;

static void
draw_bands (const SaxidCurvePlot *plot, const SaxidAxes *axes, SaxidCanvas *canvas)
{
  for (guint k = 0; k < plot->n_band; k++)
    {
      const double low = MAX (plot->band_q[k], axes->x.low), high = MIN (plot->band_q[k + 1], axes->x.high);
      SaxidBox box = axes->box;

      if (!(plot->band_weight[k] > 0.02) || !(low < high))
        continue;
      box.x = saxid_scale_place (&axes->x, low);
      box.width = saxid_scale_place (&axes->x, high) - box.x;
      saxid_canvas_fill_box (canvas, &box, SAXID_ORANGE, BAND_OPACITY * plot->band_weight[k]);
    }
}

static void
draw_window (const SaxidCurvePlot *plot, const SaxidAxes *axes, SaxidCanvas *canvas)
{
  double low, high;
  SaxidBox box = axes->box;
  SaxidFont font = note_font;

  if (!(plot->window_min > 0) || !(plot->window_max > plot->window_min)
      || plot->window_max < axes->x.low || plot->window_min > axes->x.high)
    return;
  low = saxid_scale_place (&axes->x, MAX (plot->window_min, axes->x.low));
  high = saxid_scale_place (&axes->x, MIN (plot->window_max, axes->x.high));
  box.x = low;
  box.width = high - low;
  saxid_canvas_fill_box (canvas, &box, SAXID_SKY, 0.14);
  if (plot->window_label != NULL)
    {
      g_autofree char *label
          = saxid_canvas_text_fitted (canvas, &font, plot->window_label, MAX (high - low, 60));

      font.anchor = 0.5;
      saxid_canvas_text (canvas, (low + high) / 2, box.y + 13, &font, label);
    }
}

/* A line through the panel, and its name at the foot, where curves have fallen. */
static void
draw_marks (const SaxidCurvePlot *plot, const SaxidAxes *axes, SaxidCanvas *canvas)
{
  SaxidFont font = note_font;
  double last = -INFINITY;

  font.anchor = 0.5;
  for (guint k = 0; k < plot->n_mark; k++)
    {
      const double x = saxid_scale_place (&axes->x, plot->mark[k].q), foot = axes->box.y + axes->box.height;
      const SaxidPoint line[] = { { x, axes->box.y }, { x, foot } };
      const double width = saxid_canvas_text_width (canvas, &font, plot->mark[k].name);

      if (plot->mark[k].q <= axes->x.low || plot->mark[k].q >= axes->x.high)
        continue;
      saxid_canvas_stroke (canvas, line, 2, 2, &(SaxidPen) { SAXID_MUTED, 0.6, 0.8, TRUE });
      /* names that would run into each other stand on two levels */
      saxid_canvas_text (canvas, x, foot - (x - last < width + 3 ? 18 : 6), &font, plot->mark[k].name);
      last = x - last < width + 3 ? -INFINITY : x;
    }
}

static void
draw_guinier (const SaxidCurvePlot *plot, const SaxidAxes *axes, SaxidCanvas *canvas,
              const SaxidPen *pen)
{
  const SaxidGuinier *fit = plot->guinier;
  double q[GUINIER_POINTS], intensity[GUINIER_POINTS];
  double start = MAX (MIN (fit->q_min, axes->x.low), 1e-300);
  double end = 1.6 * fit->q_max;
  SaxidPen beyond = *pen;

  /* the law over its range, and dashed where it is only continued */
  for (guint part = 0; part < 2; part++)
    {
      double from = part == 0 ? start : fit->q_min, to = part == 0 ? end : fit->q_max;

      for (guint k = 0; k < GUINIER_POINTS; k++)
        {
          q[k] = from * pow (to / from, (double) k / (GUINIER_POINTS - 1));
          intensity[k] = saxid_guinier_intensity (fit, q[k]);
        }
      beyond.dashed = part == 0;
      beyond.width = part == 0 ? 0.6 * pen->width : pen->width;
      saxid_marks_line (canvas, axes, GUINIER_POINTS, q, intensity, &beyond);
    }
}

/* Data points inside a box, as a measure of how bad a place it is for words. */
static guint
crowd (const SaxidAxes *axes, const SaxidCurve *curve, const SaxidBox *box)
{
  guint count = 0;

  for (gsize k = 0; k < curve->n; k++)
    {
      double x, y;

      if (!(curve->q[k] > 0) || !(curve->intensity[k] > 0) || !isfinite (curve->intensity[k])
          || !isfinite (curve->q[k]))
        continue;
      x = saxid_scale_place (&axes->x, curve->q[k]);
      y = saxid_scale_place (&axes->y, curve->intensity[k]);
      count += x > box->x && x < box->x + box->width && y > box->y && y < box->y + box->height;
    }
  return count;
}

static void
draw_legend (const SaxidCurvePlot *plot, const SaxidAxes *axes, SaxidCanvas *canvas,
             const LegendEntry *entry, guint n)
{
  const SaxidBox *panel = &axes->box;
  double width = 0, height = LEGEND_LINE * n + 6;
  SaxidBox place[3];
  guint best = 0;

  if (n == 0)
    return;
  for (guint k = 0; k < n; k++)
    width = MAX (width, saxid_canvas_text_width (canvas, &legend_font, entry[k].label));
  width = MIN (width + 40, panel->width - 16);
  place[0] = (SaxidBox) { panel->x + panel->width - width - 8,
                         panel->y + (plot->window_label != NULL ? 22 : 8), width, height };
  place[1] = (SaxidBox) { panel->x + 8, panel->y + panel->height - height - 12, width, height };
  place[2] = (SaxidBox) { panel->x + panel->width - width - 8, place[1].y, width, height };
  for (guint k = 1; k < G_N_ELEMENTS (place); k++)
    if (crowd (axes, plot->curve, &place[k]) < crowd (axes, plot->curve, &place[best]))
      best = k;

  saxid_canvas_fill_box (canvas, &place[best], SAXID_PAPER, 0.85);
  for (guint k = 0; k < n; k++)
    {
      double y = place[best].y + LEGEND_LINE * (k + 0.5) + 3;
      const SaxidPoint sample[] = { { place[best].x + 6, y }, { place[best].x + 26, y } };
      const SaxidPoint middle = { place[best].x + 16, y };
      g_autofree char *label
          = saxid_canvas_text_fitted (canvas, &legend_font, entry[k].label, width - 40);

      if (entry[k].is_dot)
        saxid_canvas_stroke (canvas, &middle, 1, 1, &entry[k].pen);
      else
        saxid_canvas_stroke (canvas, sample, 2, 2, &entry[k].pen);
      saxid_canvas_text (canvas, place[best].x + 34, y + 4, &legend_font, label);
    }
}

/* Model at q, straight between its points in log–log; NAN outside of them. */
static double
model_at (const SaxidPlotLine *line, double q, gsize *hint)
{
  gsize k = *hint;
  double t;

  if (line->n < 2)
    return NAN;
  if (k + 1 >= line->n || line->q[k] > q)
    k = 0;
  while (k + 2 < line->n && line->q[k + 1] < q)
    k++;
  *hint = k;
  if (q < line->q[k] * (1 - 1e-9) || q > line->q[k + 1] * (1 + 1e-9))
    return NAN;
  t = (q - line->q[k]) / (line->q[k + 1] - line->q[k]);
  if (line->intensity[k] > 0 && line->intensity[k + 1] > 0)
    return line->intensity[k] * pow (line->intensity[k + 1] / line->intensity[k], t);
  return line->intensity[k] + t * (line->intensity[k + 1] - line->intensity[k]);
}

typedef struct
{
  double *value; /* [n], NAN where there is none */
  double limit;  /* of the panel */
  gboolean weighted;
} Residuals;

static void
find_residuals (const SaxidCurvePlot *plot, Residuals *residuals)
{
  const SaxidCurve *curve = plot->curve;
  g_autofree double *size = g_new (double, curve->n + 1);
  gsize n = 0, hint = 0;

  residuals->weighted = curve->sigma != NULL;
  residuals->value = g_new (double, curve->n + 1);
  for (gsize k = 0; k < curve->n; k++)
    {
      double model = model_at (plot->line, curve->q[k], &hint);
      double scale = residuals->weighted ? curve->sigma[k] : fabs (model) / 100;
      double value = (curve->intensity[k] - model) / scale;

      residuals->value[k] = isfinite (value) && curve->q[k] > 0 ? value : NAN;
      if (!isnan (residuals->value[k]))
        size[n++] = fabs (value);
    }
  qsort (size, n, sizeof *size, saxid_compare_doubles);
  residuals->limit = n > 0 ? 1.15 * size[(gsize) (0.98 * (double) (n - 1))] : 3;
  residuals->limit = CLAMP (residuals->limit, residuals->weighted ? 3.5 : 1e-3, 1e12);
}

/* The panel below another. */
static SaxidAxes
residual_axes (const SaxidAxes *above, const Residuals *residuals)
{
  SaxidAxes axes = *above;

  axes.box.y = above->box.y + above->box.height + RESIDUAL_GAP;
  axes.box.height = RESIDUAL_HEIGHT;
  axes.y = (SaxidScale) { .low = -residuals->limit, .high = residuals->limit };
  axes.x_title = "q (Å⁻¹)";
  axes.y_title = residuals->weighted ? "ΔI / σ" : "ΔI (%)";
  saxid_axes_place (&axes);
  return axes;
}

/* Residuals that leave the panel stand at its edge as triangles. */
static void
draw_residuals (const SaxidCurvePlot *plot, const Residuals *residuals, const SaxidAxes *above, SaxidCanvas *canvas)
{
  const SaxidCurve *curve = plot->curve;
  const SaxidAxes axes = residual_axes (above, residuals);
  const double *value = residuals->value, limit = residuals->limit;
  g_autofree SaxidPoint *dots = g_new (SaxidPoint, curve->n + 1);
  g_autofree SaxidPoint *corners = g_new (SaxidPoint, 3 * curve->n + 1);
  gsize n_dot = 0, n_corner = 0;
  double last_x = -INFINITY, last_y = 0;

  saxid_axes_draw (&axes, canvas);
  for (gsize k = 0; k < curve->n; k++)
    {
      double x, y;

      if (isnan (value[k]))
        continue;
      x = saxid_scale_place (&axes.x, curve->q[k]);
      y = saxid_scale_place (&axes.y, CLAMP (value[k], -limit, limit));
      if (fabs (x - last_x) < 0.3 && fabs (y - last_y) < 0.5)
        continue;
      last_x = x;
      last_y = y;
      if (fabs (value[k]) <= limit)
        dots[n_dot++] = (SaxidPoint) { x, y };
      else
        {
          double back = value[k] > 0 ? 5 : -5;

          corners[n_corner++] = (SaxidPoint) { x, y };
          corners[n_corner++] = (SaxidPoint) { x - 2.5, y + back };
          corners[n_corner++] = (SaxidPoint) { x + 2.5, y + back };
        }
    }
  saxid_canvas_stroke (
      canvas,
      (const SaxidPoint[]) { { axes.box.x, saxid_scale_place (&axes.y, 0) },
                            { axes.box.x + axes.box.width, saxid_scale_place (&axes.y, 0) } },
      2, 2, &(SaxidPen) { line_colours[0], 1, 1.2, FALSE });
  saxid_canvas_stroke (canvas, dots, n_dot, 1, &(SaxidPen) { SAXID_BLUE, 1, 2.2, FALSE });
  saxid_canvas_fill (canvas, corners, n_corner, 3, SAXID_BLUE, 0.75);
}

/* What the panel does not show as it is; NULL where it shows all. */
static char *
note_of (const SaxidRange *range)
{
  g_autoptr (GString) note = g_string_new (NULL);

  if (range->n_drawable == 0)
    return g_strdup ("no point that can be drawn");
  if (range->n_not_positive > 0)
    g_string_append_printf (note,
                            "▼ %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " points at or below zero",
                            range->n_not_positive, range->n_drawable);
  if (range->n_below > 0)
    g_string_append_printf (note, "%s%" G_GSIZE_FORMAT " below the axis", note->len > 0 ? ", " : "▼ ",
                            range->n_below);
  return note->len > 0 ? g_string_free (g_steal_pointer (&note), FALSE) : NULL;
}

GBytes *
saxid_plot_curve (const SaxidCurvePlot *plot, SaxidCanvasFormat format)
{
  double width = plot->width > 0 ? plot->width : DEFAULT_WIDTH;
  double height = plot->height > 0 ? plot->height : DEFAULT_HEIGHT;
  double top = plot->title != NULL ? 34 : 12;
  gboolean residuals = plot->residuals && plot->n_line > 0;
  gboolean guinier = plot->guinier != NULL && plot->guinier->status == SAXID_GUINIER_OK;
  g_autofree char *title = saxid_axes_intensity_title (plot->intensity_unit);
  g_autofree char *description = g_strdup_printf ("Scattering curve I(q)%s%s", plot->title ? ": " : "",
                                                  plot->title ? plot->title : "");
  g_autofree char *guinier_label = NULL;
  g_autofree char *note = NULL;
  g_autofree LegendEntry *legend = g_new0 (LegendEntry, plot->n_line + 2);
  g_autoptr (SaxidCanvas) canvas = saxid_canvas_new (format, width, height, description);
  guint n_legend = 0;
  double left, note_width = 0;
  Residuals left_over = { 0 };
  SaxidRange range;
  SaxidAxes axes = { .x_title = residuals ? NULL : "q (Å⁻¹)", .y_title = title };

  saxid_range_of_curve (&range, plot->curve);
  note = note_of (&range);
  top = note != NULL ? MAX (top, NOTE_SPACE) : top;
  axes.box = (SaxidBox) { 0, top, width, height - top - saxid_axes_bottom () - 2 };
  if (residuals)
    axes.box.height -= RESIDUAL_HEIGHT + RESIDUAL_GAP;
  saxid_range_set_axes (&range, &axes);
  left = MAX (saxid_axes_left (&axes, canvas), 62);
  if (residuals)
    {
      SaxidAxes below;

      find_residuals (plot, &left_over);
      below = residual_axes (&axes, &left_over);
      left = MAX (left, saxid_axes_left (&below, canvas));
    }
  axes.box.x = left;
  axes.box.width = width - left - 14;
  saxid_axes_place (&axes);

  draw_window (plot, &axes, canvas);
  draw_bands (plot, &axes, canvas);
  saxid_axes_draw (&axes, canvas);
  draw_marks (plot, &axes, canvas);
  saxid_marks_points (canvas, &axes, plot->curve, SAXID_BLUE, DOT);
  if (plot->n_line > 0 || guinier)
    legend[n_legend++] = (LegendEntry) { "measured", { SAXID_BLUE, 1, 2 * DOT, FALSE }, TRUE };
  for (guint k = 0; k < plot->n_line; k++)
    {
      const SaxidPlotLine *line = &plot->line[k];
      SaxidPen pen = { line_colours[k % G_N_ELEMENTS (line_colours)], 1, 1.7, k > 0 };

      saxid_marks_line (canvas, &axes, line->n, line->q, line->intensity, &pen);
      if (line->label != NULL)
        legend[n_legend++] = (LegendEntry) { line->label, pen, FALSE };
    }
  if (guinier)
    {
      SaxidPen pen = { SAXID_INK, 1, 1.8, FALSE };
      g_autofree char *rg = saxid_scale_measure (plot->guinier->rg, plot->guinier->rg_error);

      guinier_label = g_strdup_printf ("Guinier, Rg = %s Å", rg);
      draw_guinier (plot, &axes, canvas, &pen);
      legend[n_legend++] = (LegendEntry) { guinier_label, pen, FALSE };
    }
  draw_legend (plot, &axes, canvas, legend, n_legend);
  if (residuals)
    draw_residuals (plot, &left_over, &axes, canvas);
  g_free (left_over.value);
  if (note != NULL)
    {
      note_width = saxid_canvas_text_width (canvas, &note_font, note) + 16;
      saxid_canvas_text (canvas, axes.box.x + axes.box.width, axes.box.y - 7, &note_font, note);
    }
  if (plot->title != NULL)
    {
      const SaxidFont font = { SAXID_INK, SAXID_TITLE_SIZE, 0, 0, TRUE };
      g_autofree char *fitted
          = saxid_canvas_text_fitted (canvas, &font, plot->title, axes.box.width - note_width);

      saxid_canvas_text (canvas, axes.box.x, 22, &font, fitted);
    }
  return saxid_canvas_finish (canvas);
}
