/* How does a panel tell its reader what is drawn in it?
 *
 * Thread: no state.
 */
#include "cli/plot/axes.h"

#include <string.h>

#include "cli/text.h"

#define TICK       5.0
#define MINOR_TICK 3.0
#define X_SPACE     46.0 /* between labels of the x axis */
#define Y_SPACE     24.0

static const SaxidFont tick_font = { SAXID_MUTED, SAXID_TICK_SIZE, 0, 0, FALSE };
static const SaxidFont title_font = { SAXID_INK, 12.5, 0.5, 0, FALSE };

typedef struct
{
  const char *unit, *title;
} UnitTitle;

static const UnitTitle unit_titles[] = {
  { "1/cm", "cm⁻¹" },
  { "cm^-1", "cm⁻¹" },
  { "cm-1", "cm⁻¹" },
  { "1/(cm)", "cm⁻¹" },
  { "cm^{-1}", "cm⁻¹" },
  { "1/m", "m⁻¹" },
  { "m^-1", "m⁻¹" },
  { "1/mm", "mm⁻¹" },
  { "mm^-1", "mm⁻¹" },
  { "[1/cm]", "cm⁻¹" },
  { "", "arbitrary units" },
  { "1", "arbitrary units" },
  { "a.u.", "arbitrary units" },
  { "arbitrary", "arbitrary units" },
  { "counts", "counts" },
};

char *
saxid_axes_intensity_title (const char *unit)
{
  g_autofree char *stripped = g_strstrip (saxid_text_printable (unit));
  g_autofree char *kept = NULL;

  for (guint k = 0; k < G_N_ELEMENTS (unit_titles); k++)
    if (g_ascii_strcasecmp (stripped, unit_titles[k].unit) == 0)
      return g_strdup_printf ("I (%s)", unit_titles[k].title);
  kept = saxid_text_shortened (stripped, 24, "…");
  return g_strdup_printf ("I (%s)", kept);
}

void
saxid_axes_place (SaxidAxes *axes)
{
  axes->x.from = axes->box.x;
  axes->x.to = axes->box.x + axes->box.width;
  axes->y.from = axes->box.y + axes->box.height;
  axes->y.to = axes->box.y;
}

double
saxid_axes_left (const SaxidAxes *axes, SaxidCanvas *canvas)
{
  g_autoptr (GArray) ticks = saxid_scale_ticks (&axes->y, Y_SPACE);
  double width = 0;

  for (guint k = 0; k < ticks->len; k++)
    width = MAX (
        width, saxid_canvas_text_width (canvas, &tick_font, g_array_index (ticks, SaxidTick, k).label));
  return TICK + 4 + width + 8 + SAXID_TITLE_SIZE + 6;
}

double
saxid_axes_bottom (void)
{
  return TICK + 4 + SAXID_TICK_SIZE + 8 + SAXID_TITLE_SIZE + 4;
}

/* All ticks of one axis, as segments by kind. */
static void
draw_axis (const SaxidAxes *axes, SaxidCanvas *canvas, const GArray *ticks, gboolean is_x)
{
  const SaxidBox *box = &axes->box;
  double base = box->y + box->height;
  SaxidFont font = tick_font;
  g_autoptr (GArray) grid = g_array_new (FALSE, FALSE, sizeof (SaxidPoint));
  g_autoptr (GArray) marks = g_array_new (FALSE, FALSE, sizeof (SaxidPoint));

  font.anchor = is_x ? 0.5 : 1;
  for (guint k = 0; k < ticks->len; k++)
    {
      const SaxidTick *tick = &g_array_index (ticks, SaxidTick, k);
      gboolean labelled = tick->label[0] != '\0';
      double length = labelled ? TICK : MINOR_TICK, at = tick->place;
      SaxidPoint mark[2]
          = { is_x ? (SaxidPoint) { at, base } : (SaxidPoint) { box->x, at },
              is_x ? (SaxidPoint) { at, base + length } : (SaxidPoint) { box->x - length, at } };
      SaxidPoint line[2]
          = { is_x ? (SaxidPoint) { at, box->y } : (SaxidPoint) { box->x, at },
              is_x ? (SaxidPoint) { at, base } : (SaxidPoint) { box->x + box->width, at } };

      g_array_append_vals (marks, mark, 2);
      if (labelled)
        g_array_append_vals (grid, line, 2);
    }
  saxid_canvas_stroke (canvas, (SaxidPoint *) (void *) grid->data, grid->len, 2,
                       &(SaxidPen) { SAXID_FAINT, 1, 0.8, FALSE });
  saxid_canvas_stroke (canvas, (SaxidPoint *) (void *) marks->data, marks->len, 2,
                       &(SaxidPen) { SAXID_MUTED, 1, 0.9, FALSE });
  if ((is_x ? axes->x_title : axes->y_title) == NULL)
    return;
  for (guint k = 0; k < ticks->len; k++)
    {
      const SaxidTick *tick = &g_array_index (ticks, SaxidTick, k);
      double x = is_x ? tick->place : box->x - TICK - 4;
      double y = is_x ? base + TICK + 3 + SAXID_TICK_SIZE : tick->place + 0.36 * SAXID_TICK_SIZE;

      if (tick->label[0] != '\0')
        saxid_canvas_text (canvas, x, y, &font, tick->label);
    }
}

void
saxid_axes_draw (const SaxidAxes *axes, SaxidCanvas *canvas)
{
  const SaxidBox *box = &axes->box;
  g_autoptr (GArray) x_ticks = saxid_scale_ticks (&axes->x, X_SPACE);
  g_autoptr (GArray) y_ticks = saxid_scale_ticks (&axes->y, Y_SPACE);
  const SaxidPoint outline[] = { { box->x, box->y },
                                 { box->x + box->width, box->y },
                                 { box->x + box->width, box->y + box->height },
                                 { box->x, box->y + box->height },
                                 { box->x, box->y } };
  SaxidFont font = title_font;

  draw_axis (axes, canvas, x_ticks, TRUE);
  draw_axis (axes, canvas, y_ticks, FALSE);
  saxid_canvas_stroke (canvas, outline, 5, 5, &(SaxidPen) { SAXID_MUTED, 1, 0.9, FALSE });
  if (axes->x_title != NULL)
    saxid_canvas_text (canvas, box->x + box->width / 2,
                       box->y + box->height + saxid_axes_bottom () - 5, &font, axes->x_title);
  font.angle = 90;
  if (axes->y_title != NULL)
    saxid_canvas_text (canvas, box->x - saxid_axes_left (axes, canvas) + SAXID_TITLE_SIZE + 2,
                       box->y + box->height / 2, &font, axes->y_title);
}
