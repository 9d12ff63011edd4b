/* What do header and image say of the two halves of a technique, and what both together?
 *
 * A bar from 0 to 1 for each; a witness that says nothing of either half has none.
 *
 * Units: CSS px. Thread: no state.
 */
#include <math.h>

#include "cli/plot/plot.h"

#define ROW    20.0
#define BAR    12.0
#define GAP    10.0 /* between the halves */
#define LEFT   150.0
#define RIGHT  58.0
#define WIDTH  420.0

static const SaxidFont name_font = { SAXID_INK, 11.5, 1, 0, FALSE };
static const SaxidFont aside_font = { SAXID_MUTED, 11.5, 1, 0, FALSE };
static const SaxidFont value_font = { SAXID_INK, 11, 0, 0, FALSE };

static void
draw_bar (SaxidCanvas *canvas, double y, const char *name, double p, gboolean together)
{
  const double room = WIDTH - LEFT - RIGHT;
  SaxidFont font = together ? name_font : aside_font, said = value_font;
  g_autofree char *text = isnan (p) ? g_strdup ("–") : g_strdup_printf ("%.3f", p);

  font.bold = said.bold = together;
  saxid_canvas_text (canvas, LEFT - 8, y + BAR - 2, &font, name);
  saxid_canvas_fill_box (canvas, &(SaxidBox) { LEFT, y, room, BAR }, SAXID_FAINT, 0.6);
  if (!isnan (p))
    saxid_canvas_fill_box (canvas, &(SaxidBox) { LEFT, y, MAX (room * CLAMP (p, 0, 1), 0.8), BAR }, SAXID_BLUE, together ? 1 : 0.45);
  saxid_canvas_text (canvas, LEFT + room + 8, y + BAR - 2, &said, text);
}

/* Of either half. */
static gboolean
says_something (const SaxidHalvesPlot *plot, guint witness)
{
  return !isnan (plot->probability[0][witness]) || !isnan (plot->probability[1][witness]);
}

GBytes *
saxid_plot_halves (const SaxidHalvesPlot *plot, SaxidCanvasFormat format)
{
  static const char *const witnesses[] = { "header", "image", "together" };
  const guint bars = 1 + says_something (plot, 0) + says_something (plot, 1);
  const double height = 10 + 2 * ((1 + bars) * ROW + 3 + GAP);
  g_autoptr (SaxidCanvas) canvas = saxid_canvas_new (format, WIDTH, height, "What header and image say of both halves of the technique");
  double y = 10;

  for (guint half = 0; half < 2; half++)
    {
      const SaxidFont title = { SAXID_INK, 12, 0, 0, TRUE };

      saxid_canvas_text (canvas, 4, y + BAR, &title, half == 0 ? "Does the beam graze the sample?" : "Are the angles wide?");
      y += ROW + 3;
      for (guint k = 0; k < 3; k++)
        if (k == 2 || says_something (plot, k))
          {
            draw_bar (canvas, y, witnesses[k], plot->probability[half][k], k == 2);
            y += ROW;
          }
      y += GAP;
    }
  return saxid_canvas_finish (canvas);
}
