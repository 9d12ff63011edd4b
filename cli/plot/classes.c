/* Which classes does the model believe in, and which does it not exclude?
 *
 * plot_classes: one bar per class, most probable first, the 95 % set in colour.
 * plot_frames: probability of every class over the frames of a run, as shades.
 *
 * Units: CSS px. Thread: no state.
 */
#include <math.h>
#include <stdlib.h>

#include "cli/plot/plot.h"
#include "cli/plot/scale.h"
#include "cli/text.h"

#define ROW       21.0
#define BAR       13.0
#define FRAME_ROW 17.0
#define MAX_BINS  400 /* columns of the frames plot: finer than the eye wants */

static const SaxidFont name_font = { SAXID_INK, 11.5, 1, 0, FALSE };
static const SaxidFont value_font = { SAXID_INK, 11, 0, 0, FALSE };
static const SaxidFont note_font = { SAXID_MUTED, 10.5, 0, 0, FALSE };
static const SaxidFont title_font = { SAXID_INK, 13, 0, 0, TRUE };

typedef struct
{
  float probability;
  guint at;
} Place;

static int
compare_places (const void *a, const void *b)
{
  const Place *x = a, *y = b;

  if (x->probability != y->probability)
    return x->probability > y->probability ? -1 : 1;
  return x->at < y->at ? -1 : 1;
}

static double
names_width (SaxidCanvas *canvas, guint n, const char *const *name)
{
  SaxidFont font = name_font;
  double width = 0;

  font.bold = TRUE;
  for (guint k = 0; k < n; k++)
    {
      g_autofree char *title = saxid_text_class_title (name[k]);

      width = MAX (width, saxid_canvas_text_width (canvas, &font, title));
    }
  return MIN (width, 170);
}

static char *
percent (double probability)
{
  if (probability > 0 && probability < 0.001)
    return g_strdup ("< 0.1 %");
  if (probability > 0.999 && probability < 1)
    return g_strdup ("> 99.9 %");
  return g_strdup_printf ("%.1f %%", 100 * probability);
}

GBytes *
saxid_plot_classes (const SaxidClassPlot *plot, SaxidCanvasFormat format)
{
  double width = plot->width > 0 ? plot->width : 420;
  double top = plot->title != NULL ? 36 : 8;
  double bottom = plot->in_set != NULL ? 30 : 8;
  double height = top + ROW * plot->n + bottom;
  g_autofree char *description = g_strdup_printf ("Probabilities of %u classes", plot->n);
  g_autoptr (SaxidCanvas) canvas = saxid_canvas_new (format, width, height, description);
  g_autofree Place *places = g_new (Place, plot->n + 1);
  double left = names_width (canvas, plot->n, plot->name) + 12;
  double space = width - left - 70;

  for (guint k = 0; k < plot->n; k++)
    {
      float p = plot->probability[k];

      places[k] = (Place) { isfinite (p) ? CLAMP (p, 0, 1) : 0, k };
    }
  qsort (places, plot->n, sizeof *places, compare_places);
  if (plot->title != NULL)
    {
      g_autofree char *fitted = saxid_canvas_text_fitted (canvas, &title_font, plot->title, width - 8);

      saxid_canvas_text (canvas, 4, 22, &title_font, fitted);
    }
  for (guint k = 0; k < plot->n; k++)
    {
      guint at = places[k].at;
      double y = top + ROW * k + (ROW - BAR) / 2, p = places[k].probability;
      gboolean in_set = plot->in_set != NULL && plot->in_set[at];
      SaxidFont name = name_font, value = value_font;
      g_autofree char *title = saxid_text_class_title (plot->name[at]);
      g_autofree char *fitted = NULL;
      g_autofree char *text = percent (p);

      name.bold = value.bold = k == 0;
      if (!in_set && k > 0)
        name.colour = value.colour = SAXID_MUTED;
      fitted = saxid_canvas_text_fitted (canvas, &name, title, left - 12);
      saxid_canvas_text (canvas, left - 8, y + BAR / 2 + 4, &name, fitted);
      saxid_canvas_fill_box (canvas, &(SaxidBox) { left, y, space, BAR }, SAXID_FAINT, 0.6);
      saxid_canvas_fill_box (canvas, &(SaxidBox) { left, y, MAX (space * p, 0.8), BAR },
                             in_set || plot->in_set == NULL ? SAXID_BLUE : SAXID_MUTED,
                             in_set || plot->in_set == NULL ? 1 : 0.55);
      saxid_canvas_text (canvas, left + space + 8, y + BAR / 2 + 4, &value, text);
    }
  if (plot->in_set != NULL)
    {
      double y = height - 17;

      saxid_canvas_fill_box (canvas, &(SaxidBox) { left, y, 10, 10 }, SAXID_BLUE, 1);
      saxid_canvas_text (canvas, left + 15, y + 9, &note_font, "in the 95 % set");
      saxid_canvas_fill_box (canvas, &(SaxidBox) { left + 122, y, 10, 10 }, SAXID_MUTED, 0.55);
      saxid_canvas_text (canvas, left + 137, y + 9, &note_font, "outside");
    }
  return saxid_canvas_finish (canvas);
}

/* Mean over the frames of one column; -1 where none has a verdict. */
static double
mean_of (const SaxidFramesPlot *plot, gsize first, gsize end, guint class)
{
  double sum = 0;
  gsize n = 0;

  for (gsize k = first; k < end; k++)
    {
      float p = plot->probability[k * plot->n_class + class];

      if (p >= 0)
        {
          sum += p;
          n++;
        }
    }
  return n > 0 ? sum / (double) n : -1;
}

GBytes *
saxid_plot_frames (const SaxidFramesPlot *plot, SaxidCanvasFormat format)
{
  double width = plot->width > 0 ? plot->width : 960;
  double top = plot->title != NULL ? 36 : 8;
  double height = top + FRAME_ROW * plot->n_class + 44;
  g_autofree char *description
      = g_strdup_printf ("Class probabilities over %" G_GSIZE_FORMAT " frames", plot->n_frame);
  g_autoptr (SaxidCanvas) canvas = saxid_canvas_new (format, width, height, description);
  double left = names_width (canvas, plot->n_class, plot->name) + 12;
  double space = width - left - 16, base = top + FRAME_ROW * plot->n_class;
  gsize bins = MIN (plot->n_frame, MAX_BINS);
  SaxidScale axis
      = { .low = -0.5, .high = (double) plot->n_frame - 0.5, .from = left, .to = left + space };
  SaxidFont tick_font = note_font;
  g_autoptr (GArray) ticks = NULL;

  if (plot->title != NULL)
    saxid_canvas_text (canvas, 4, 22, &title_font, plot->title);
  for (guint class = 0; class < plot->n_class; class ++)
    {
      double y = top + FRAME_ROW * class;
      g_autofree char *title = saxid_text_class_title (plot->name[class]);
      g_autofree char *fitted = saxid_canvas_text_fitted (canvas, &name_font, title, left - 12);

      saxid_canvas_text (canvas, left - 8, y + FRAME_ROW / 2 + 4, &name_font, fitted);
      saxid_canvas_fill_box (canvas, &(SaxidBox) { left, y + 1, space, FRAME_ROW - 2 }, SAXID_FAINT, 0.5);
      for (gsize k = 0; k < bins; k++)
        {
          gsize first = k * plot->n_frame / bins, end = (k + 1) * plot->n_frame / bins;
          double p = mean_of (plot, first, end, class);
          double x = left + space * (double) k / (double) bins;

          if (p >= 0.02)
            saxid_canvas_fill_box (canvas, &(SaxidBox) { x, y + 1, space / (double) bins, FRAME_ROW - 2 },
                                   SAXID_BLUE, MIN (p, 1));
        }
    }
  tick_font.anchor = 0.5;
  if (plot->n_frame > 0)
    {
      ticks = saxid_scale_ticks (&axis, 60);
      for (guint k = 0; k < ticks->len; k++)
        {
          const SaxidTick *tick = &g_array_index (ticks, SaxidTick, k);

          if (tick->value == floor (tick->value))
            saxid_canvas_text (canvas, tick->place, base + 15, &tick_font, tick->label);
        }
    }
  saxid_canvas_text (canvas, left + space / 2, base + 34, &tick_font,
                     "frame (dark: probability 1; empty: 0 or no verdict)");
  return saxid_canvas_finish (canvas);
}
