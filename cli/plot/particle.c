/* What does a particle of atoms look like?
 *
 * From a little above and beside, far ones first: an atom is a disc with a rim, and near ones cover far ones. Those at the back are
 * left out.
 *
 * Units: CSS px. Thread: no state.
 */
#include "cli/plot/plot.h"

#include <math.h>
#include <stdlib.h>

#define EDGE 260.0
#define MARGIN 12.0
#define TOP 30.0
#define BOTTOM 30.0
/* Angles of the view, and how far behind the middle atoms are still drawn, parts of the radius. */
#define TURN 0.42
#define TILT 0.36
#define BEHIND 0.25

typedef struct
{
  double x, y, z;
} Place;

static int
by_depth (const void *a, const void *b)
{
  const double left = ((const Place *)a)->z, right = ((const Place *)b)->z;

  return (left > right) - (left < right);
}

/* Towards the reader is z. Shape: place n. Returns the largest distance from the middle. */
static double
look_at (const SaxidParticlePlot *plot, Place *place)
{
  double most = 0;

  for (gsize k = 0; k < plot->n; k++)
    {
      const double *r = plot->position + 3 * k;
      const double x = r[0] * cos (TURN) + r[1] * sin (TURN), away = -r[0] * sin (TURN) + r[1] * cos (TURN);

      place[k] = (Place) { x, r[2] * cos (TILT) + away * sin (TILT), r[2] * sin (TILT) - away * cos (TILT) };
      most = fmax (most, sqrt (r[0] * r[0] + r[1] * r[1] + r[2] * r[2]));
    }
  qsort (place, plot->n, sizeof *place, by_depth);
  return most;
}

static void
draw_bar (double scale, double apart, SaxidCanvas *canvas)
{
  const SaxidFont font = { SAXID_INK, 12, 0, 0, FALSE };
  const double length = apart < 2.5 ? 5 : 10, y = TOP + EDGE + 10;
  g_autofree char *text = g_strdup_printf ("%g Å", length);

  saxid_canvas_fill_box (canvas, &(SaxidBox) { MARGIN, y, scale * length, 3 }, SAXID_INK, 1);
  saxid_canvas_text (canvas, MARGIN + scale * length + 8, y + 7, &font, text);
}

GBytes *
saxid_plot_particle (const SaxidParticlePlot *plot, SaxidCanvasFormat format)
{
  const SaxidFont title = { SAXID_INK, 13, 0, 0, TRUE };
  g_autoptr (SaxidCanvas) canvas
      = saxid_canvas_new (format, EDGE + 2 * MARGIN, TOP + EDGE + BOTTOM, "A particle of atoms with this curve");
  g_autofree Place *place = g_new (Place, plot->n + 1);
  const double most = look_at (plot, place), scale = 0.5 * EDGE / (most + 0.5 * plot->apart);

  saxid_canvas_text (canvas, MARGIN, 18, &title, plot->title);
  for (gsize k = 0; k < plot->n; k++)
    {
      const double size = scale * plot->apart;
      const SaxidPoint point = { MARGIN + 0.5 * EDGE + scale * place[k].x, TOP + 0.5 * EDGE - scale * place[k].y };
      const SaxidPoint shine = { point.x - 0.16 * size, point.y - 0.16 * size };

      if (place[k].z < -BEHIND * most)
        continue;
      saxid_canvas_stroke (canvas, &point, 1, 1, &(SaxidPen) { SAXID_INK, 1, size, FALSE });
      saxid_canvas_stroke (canvas, &point, 1, 1, &(SaxidPen) { SAXID_ORANGE, 1, size - 1.2, FALSE });
      /* near ones shine more */
      saxid_canvas_stroke (canvas, &shine, 1, 1, &(SaxidPen) { SAXID_PAPER, 0.25 + 0.25 * place[k].z / most, 0.35 * size, FALSE });
    }
  draw_bar (scale, plot->apart, canvas);
  return saxid_canvas_finish (canvas);
}
