/* Which class is taken for which?
 *
 * A confusion matrix: rows are the true classes, in per cent of the row, so that
 * the diagonal is the recall of each class.
 *
 * Units: CSS px. Thread: no state.
 */
#include <math.h>

#include "cli/plot/plot.h"
#include "cli/text.h"

#define CELL_WIDTH  52.0
#define CELL_HEIGHT 34.0

static const SaxidFont name_font = { SAXID_INK, 11.5, 1, 0, FALSE };
static const SaxidFont title_font = { SAXID_INK, 13, 0, 0, TRUE };

static double
sound (double count)
{
  return isfinite (count) && count > 0 ? count : 0;
}

GBytes *
saxid_plot_matrix (const SaxidMatrixPlot *plot, SaxidCanvasFormat format)
{
  guint n = plot->n;
  double label = 0, slant, left, top, width, height, total = 0, right = 0;
  g_autofree char *description = g_strdup_printf ("Confusion matrix of %u classes", n);
  g_autoptr (SaxidCanvas) ruler = saxid_canvas_new (SAXID_CANVAS_SVG_INLINE, 1, 1, "");
  g_autoptr (SaxidCanvas) canvas = NULL;
  g_auto (GStrv) titles = g_new0 (char *, n + 1);
  SaxidFont axis_font = { SAXID_MUTED, 12, 0.5, 0, FALSE };

  for (guint k = 0; k < n; k++)
    {
      g_autofree char *title = saxid_text_class_title (plot->name[k]);

      titles[k] = saxid_canvas_text_fitted (ruler, &name_font, title, 170);
      label = MAX (label, saxid_canvas_text_width (ruler, &name_font, titles[k]));
    }
  slant = label * sqrt (0.5);
  left = MAX (label + 44, slant + 20);
  top = plot->title != NULL ? 40 : 12;
  width = left + n * CELL_WIDTH + 70;
  height = top + n * CELL_HEIGHT + slant + 52;
  canvas = saxid_canvas_new (format, width, height, description);

  for (guint row = 0; row < n; row++)
    {
      double sum = 0, y = top + row * CELL_HEIGHT;
      g_autofree char *support = NULL;

      for (guint column = 0; column < n; column++)
        sum += sound (plot->count[row * n + column]);
      total += sum;
      right += sound (plot->count[row * n + row]);
      saxid_canvas_text (canvas, left - 8, y + CELL_HEIGHT / 2 + 4, &name_font, titles[row]);
      for (guint column = 0; column < n; column++)
        {
          double share = sum > 0 ? sound (plot->count[row * n + column]) / sum : 0;
          SaxidBox cell = { left + column * CELL_WIDTH + 1, y + 1, CELL_WIDTH - 2, CELL_HEIGHT - 2 };
          SaxidFont font = { share > 0.5 ? SAXID_PAPER : SAXID_INK, 11.5, 0.5, 0, row == column };
          g_autofree char *text = NULL;

          saxid_canvas_fill_box (canvas, &cell, SAXID_FAINT, 0.45);
          if (share > 0)
            saxid_canvas_fill_box (canvas, &cell, SAXID_BLUE, share);
          if (share == 0)
            font.colour = SAXID_MUTED;
          text = sum == 0 ? g_strdup ("–")
                 : share > 0 && share < 0.0005
                     ? g_strdup ("<0.1")
                     : g_strdup_printf (share == 0 ? "%.0f" : "%.1f", 100 * share);
          saxid_canvas_text (canvas, cell.x + cell.width / 2, cell.y + cell.height / 2 + 4, &font,
                             text);
        }
      support = g_strdup_printf ("n = %.0f", sum);
      saxid_canvas_text (canvas, left + n * CELL_WIDTH + 6, y + CELL_HEIGHT / 2 + 4,
                         &(SaxidFont) { SAXID_MUTED, 10.5, 0, 0, FALSE }, support);
    }
  for (guint column = 0; column < n; column++)
    {
      SaxidFont font = name_font;

      font.angle = 45;
      saxid_canvas_text (canvas, left + (column + 0.5) * CELL_WIDTH + 6, top + n * CELL_HEIGHT + 14,
                         &font, titles[column]);
    }
  saxid_canvas_text (canvas, left + n * CELL_WIDTH / 2, height - 10, &axis_font,
                     "predicted class (per cent of the row)");
  axis_font.angle = 90;
  saxid_canvas_text (canvas, 18, top + n * CELL_HEIGHT / 2, &axis_font, "true class");
  if (plot->title != NULL)
    {
      g_autofree char *title = total > 0 ? g_strdup_printf ("%s – %.1f %% of %.0f right", plot->title,
                                                            100 * right / total, total)
                                         : g_strdup (plot->title);
      g_autofree char *fitted = saxid_canvas_text_fitted (canvas, &title_font, title, width - 20);

      saxid_canvas_text (canvas, 12, 24, &title_font, fitted);
    }
  return saxid_canvas_finish (canvas);
}
