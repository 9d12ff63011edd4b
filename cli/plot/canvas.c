/* How does one drawing become SVG text or pixels?
 *
 * Two back ends in one table, four primitives each. The SVG is written here and
 * not by cairo, because there words must stay words (to be searched, read aloud
 * and edited for a paper), many drawings share one page without clashing
 * identifiers, and a dot costs 12 bytes.
 *
 * Units: CSS px.
 * Thread: no state outside the canvas.
 */
#include "cli/plot/canvas.h"

#include <cairo.h>
#include <math.h>
#include <string.h>

#include "cli/text.h"

#define PNG_SCALE     2
#define FONT_FAMILY   "DejaVu Sans"
#define FONT_FALLBACK "DejaVu Sans,Verdana,Helvetica,Arial,sans-serif"

typedef struct
{
  guint32 light, dark;
} Shade;

static const Shade shades[SAXID_N_COLOUR] = {
  [SAXID_INK] = { 0x1f2328, 0xe6e8eb },    [SAXID_MUTED] = { 0x5d6670, 0xa3abb5 },
  [SAXID_FAINT] = { 0xe3e6ea, 0x343a42 },  [SAXID_PAPER] = { 0xffffff, 0x1b1f24 },
  [SAXID_BLUE] = { 0x0072b2, 0x58b0e8 },   [SAXID_VERMILION] = { 0xd55e00, 0xff8a3d },
  [SAXID_GREEN] = { 0x009e73, 0x2fc79b },  [SAXID_ORANGE] = { 0xb87900, 0xe9b13b },
  [SAXID_PURPLE] = { 0xa4457f, 0xdf8fbc }, [SAXID_SKY] = { 0x2f93c9, 0x9bd4f5 },
};

static const SaxidColour series[]
    = { SAXID_BLUE, SAXID_VERMILION, SAXID_GREEN, SAXID_PURPLE, SAXID_ORANGE, SAXID_SKY };

typedef struct
{
  void (*begin) (SaxidCanvas *canvas, const char *description);
  void (*stroke) (SaxidCanvas *canvas, const SaxidPoint *point, gsize n, gsize per_path,
                  const SaxidPen *pen);
  void (*fill) (SaxidCanvas *canvas, const SaxidPoint *point, gsize n, gsize per_path,
                SaxidColour colour, double opacity);
  void (*image) (SaxidCanvas *canvas, const SaxidBox *box, cairo_surface_t *picture);
  void (*text) (SaxidCanvas *canvas, double x, double y, const SaxidFont *font, const char *printable);
  GBytes *(*finish) (SaxidCanvas *canvas);
} Backend;

struct SaxidCanvas
{
  const Backend *backend;
  double width, height;
  gboolean is_inline;
  GString *svg;
  cairo_surface_t *surface; /* of one pixel where only words are measured */
  cairo_t *cairo;
};

SaxidColour
saxid_colour_of_series (guint k)
{
  return series[k % G_N_ELEMENTS (series)];
}

/* SVG ------------------------------------------------------------------- */

/* A tenth of a unit is finer than any screen; the locale has no say. */
static void
number (GString *out, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  gsize length;

  g_ascii_formatd (text, sizeof text, "%.1f", value);
  length = strlen (text);
  if (length > 2 && text[length - 1] == '0')
    text[length - 2] = '\0';
  g_string_append (out, strcmp (text, "-0") == 0 ? "0" : text);
}

static void
attribute (GString *out, const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (text, sizeof text, "%.4g", value);
  g_string_append_printf (out, " %s=\"%s\"", name, text);
}

static void
svg_begin (SaxidCanvas *canvas, const char *description)
{
  g_autofree char *label = saxid_text_markup (description);
  GString *out = canvas->svg;

  if (canvas->is_inline)
    g_string_append (out, "<svg class=\"saxid-plot\"");
  else
    g_string_append (out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                          "<svg xmlns=\"http://www.w3.org/2000/svg\"");
  attribute (out, "width", canvas->width);
  attribute (out, "height", canvas->height);
  g_string_append_printf (out, " viewBox=\"0 0 %d %d\"", (int) canvas->width, (int) canvas->height);
  g_string_append_printf (out, " font-family=\"%s\" role=\"img\" aria-label=\"%s\">\n", FONT_FALLBACK,
                          label);
  if (!canvas->is_inline)
    {
      g_string_append_printf (out, "<title>%s</title>\n<style>", label);
      for (guint k = 0; k < SAXID_N_COLOUR; k++)
        g_string_append_printf (out, ".xf%u{fill:#%06x}.xs%u{stroke:#%06x;fill:none}\n", k,
                                shades[k].light, k, shades[k].light);
      g_string_append (out, "</style>\n");
      saxid_canvas_fill_box (canvas, &(SaxidBox) { 0, 0, canvas->width, canvas->height }, SAXID_PAPER,
                             1);
    }
}

static void
svg_stroke (SaxidCanvas *canvas, const SaxidPoint *point, gsize n, gsize per_path, const SaxidPen *pen)
{
  GString *out = canvas->svg;

  g_string_append_printf (out, "<path class=\"xs%u\"", pen->colour);
  attribute (out, "stroke-width", pen->width);
  if (pen->opacity > 0 && pen->opacity < 1)
    attribute (out, "stroke-opacity", pen->opacity);
  if (per_path == 1)
    g_string_append (out, " stroke-linecap=\"round\"");
  else if (per_path > 2)
    g_string_append (out, " stroke-linejoin=\"round\"");
  if (pen->dashed)
    g_string_append (out, " stroke-dasharray=\"5 3\"");
  g_string_append (out, " d=\"");
  for (gsize k = 0; k < n; k++)
    {
      g_string_append_c (out, k % per_path == 0 ? 'M' : 'L');
      number (out, point[k].x);
      g_string_append_c (out, ' ');
      number (out, point[k].y);
      if (per_path == 1)
        g_string_append (out, "h0");
    }
  g_string_append (out, "\"/>\n");
}

static void
svg_fill (SaxidCanvas *canvas, const SaxidPoint *point, gsize n, gsize per_path, SaxidColour colour,
          double opacity)
{
  GString *out = canvas->svg;

  g_string_append_printf (out, "<path class=\"xf%u\"", colour);
  if (opacity < 1)
    attribute (out, "fill-opacity", opacity);
  if (per_path == 4) /* neighbouring boxes must not show a seam */
    g_string_append (out, " shape-rendering=\"crispEdges\"");
  g_string_append (out, " d=\"");
  for (gsize k = 0; k < n; k++)
    {
      g_string_append_c (out, k % per_path == 0 ? 'M' : 'L');
      number (out, point[k].x);
      g_string_append_c (out, ' ');
      number (out, point[k].y);
      if (k % per_path == per_path - 1)
        g_string_append_c (out, 'Z');
    }
  g_string_append (out, "\"/>\n");
}

static void
svg_text (SaxidCanvas *canvas, double x, double y, const SaxidFont *font, const char *printable)
{
  g_autofree char *escaped = g_markup_escape_text (printable, -1);
  GString *out = canvas->svg;

  g_string_append_printf (out, "<text class=\"xf%u\" x=\"", font->colour);
  number (out, x);
  g_string_append (out, "\" y=\"");
  number (out, y);
  g_string_append_c (out, '"');
  attribute (out, "font-size", font->size);
  if (font->anchor > 0)
    g_string_append_printf (out, " text-anchor=\"%s\"", font->anchor < 1 ? "middle" : "end");
  if (font->bold)
    g_string_append (out, " font-weight=\"bold\"");
  if (font->angle != 0)
    {
      g_string_append (out, " transform=\"rotate(");
      number (out, -font->angle);
      g_string_append_c (out, ' ');
      number (out, x);
      g_string_append_c (out, ' ');
      number (out, y);
      g_string_append (out, ")\"");
    }
  g_string_append_printf (out, ">%s</text>\n", escaped);
}

static GBytes *
svg_finish (SaxidCanvas *canvas)
{
  g_string_append (canvas->svg, "</svg>\n");
  return g_string_free_to_bytes (g_steal_pointer (&canvas->svg));
}

/* Pixels ---------------------------------------------------------------- */

static void
use_colour (cairo_t *cairo, SaxidColour colour, double opacity)
{
  guint32 rgb = shades[colour].light;

  cairo_set_source_rgba (cairo, (double) (rgb >> 16 & 0xff) / 255, (double) (rgb >> 8 & 0xff) / 255,
                         (double) (rgb & 0xff) / 255, opacity > 0 ? opacity : 1);
}

static void
use_font (cairo_t *cairo, const SaxidFont *font)
{
  cairo_select_font_face (cairo, FONT_FAMILY, CAIRO_FONT_SLANT_NORMAL,
                          font->bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cairo, font->size);
}

static void
png_begin (SaxidCanvas *canvas, const char *description)
{
  (void) description;
  cairo_scale (canvas->cairo, PNG_SCALE, PNG_SCALE);
  use_colour (canvas->cairo, SAXID_PAPER, 1);
  cairo_paint (canvas->cairo);
}

static void
trace (cairo_t *cairo, const SaxidPoint *point, gsize n, gsize per_path, gboolean close)
{
  for (gsize k = 0; k < n; k++)
    {
      if (k % per_path == 0)
        cairo_move_to (cairo, point[k].x, point[k].y);
      if (k % per_path != 0 || per_path == 1)
        cairo_line_to (cairo, point[k].x, point[k].y);
      if (close && k % per_path == per_path - 1)
        cairo_close_path (cairo);
    }
}

static void
png_stroke (SaxidCanvas *canvas, const SaxidPoint *point, gsize n, gsize per_path, const SaxidPen *pen)
{
  cairo_t *cairo = canvas->cairo;
  const double dash[] = { 5, 3 };

  use_colour (cairo, pen->colour, pen->opacity);
  cairo_set_antialias (cairo, CAIRO_ANTIALIAS_DEFAULT);
  cairo_set_line_width (cairo, pen->width);
  cairo_set_line_cap (cairo, per_path == 1 ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT);
  cairo_set_line_join (cairo, CAIRO_LINE_JOIN_ROUND);
  cairo_set_dash (cairo, dash, pen->dashed ? 2 : 0, 0);
  trace (cairo, point, n, per_path, FALSE);
  cairo_stroke (cairo);
}

static void
png_fill (SaxidCanvas *canvas, const SaxidPoint *point, gsize n, gsize per_path, SaxidColour colour,
          double opacity)
{
  use_colour (canvas->cairo, colour, opacity);
  cairo_set_antialias (canvas->cairo, per_path == 4 ? CAIRO_ANTIALIAS_NONE : CAIRO_ANTIALIAS_DEFAULT);
  trace (canvas->cairo, point, n, per_path, TRUE);
  cairo_fill (canvas->cairo);
}

static void
png_text (SaxidCanvas *canvas, double x, double y, const SaxidFont *font, const char *printable)
{
  cairo_t *cairo = canvas->cairo;
  cairo_text_extents_t extents;

  cairo_save (cairo);
  use_colour (cairo, font->colour, 1);
  use_font (cairo, font);
  cairo_text_extents (cairo, printable, &extents);
  cairo_move_to (cairo, x, y);
  cairo_rotate (cairo, -font->angle * G_PI / 180);
  cairo_rel_move_to (cairo, -font->anchor * extents.x_advance, 0);
  cairo_show_text (cairo, printable);
  cairo_restore (cairo);
}

static cairo_status_t
append_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static GBytes *
png_finish (SaxidCanvas *canvas)
{
  GByteArray *bytes = g_byte_array_new ();

  cairo_surface_flush (canvas->surface);
  cairo_surface_write_to_png_stream (canvas->surface, append_bytes, bytes);
  return g_byte_array_free_to_bytes (bytes);
}

static void
png_image (SaxidCanvas *canvas, const SaxidBox *box, cairo_surface_t *picture)
{
  cairo_t *cairo = canvas->cairo;

  cairo_save (cairo);
  cairo_translate (cairo, box->x, box->y);
  cairo_scale (cairo, box->width / cairo_image_surface_get_width (picture), box->height / cairo_image_surface_get_height (picture));
  cairo_set_source_surface (cairo, picture, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cairo), CAIRO_FILTER_NEAREST);
  cairo_paint (cairo);
  cairo_restore (cairo);
}

/* Pixels stay pixels: a PNG inside the drawing, which needs no file beside it. */
static void
svg_image (SaxidCanvas *canvas, const SaxidBox *box, cairo_surface_t *picture)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *text = NULL;
  GString *out = canvas->svg;

  cairo_surface_write_to_png_stream (picture, append_bytes, bytes);
  text = g_base64_encode (bytes->data, bytes->len);
  g_string_append (out, "<image preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\"");
  attribute (out, "x", box->x);
  attribute (out, "y", box->y);
  attribute (out, "width", box->width);
  attribute (out, "height", box->height);
  g_string_append_printf (out, " href=\"data:image/png;base64,%s\"/>\n", text);
}

static const Backend svg_backend = { svg_begin, svg_stroke, svg_fill, svg_image, svg_text, svg_finish };
static const Backend png_backend = { png_begin, png_stroke, png_fill, png_image, png_text, png_finish };

static const Backend *const backends[] = {
  [SAXID_CANVAS_SVG] = &svg_backend,
  [SAXID_CANVAS_SVG_INLINE] = &svg_backend,
  [SAXID_CANVAS_PNG] = &png_backend,
};

/* What both share -------------------------------------------------------- */

SaxidCanvas *
saxid_canvas_new (SaxidCanvasFormat format, double width, double height, const char *description)
{
  SaxidCanvas *canvas = g_new0 (SaxidCanvas, 1);
  gboolean pixels = format == SAXID_CANVAS_PNG;

  canvas->backend = backends[format];
  canvas->width = ceil (width);
  canvas->height = ceil (height);
  canvas->is_inline = format == SAXID_CANVAS_SVG_INLINE;
  canvas->svg = pixels ? NULL : g_string_new (NULL);
  canvas->surface
      = cairo_image_surface_create (CAIRO_FORMAT_RGB24, pixels ? PNG_SCALE * (int) canvas->width : 1,
                                    pixels ? PNG_SCALE * (int) canvas->height : 1);
  canvas->cairo = cairo_create (canvas->surface);
  canvas->backend->begin (canvas, description);
  return canvas;
}

void
saxid_canvas_free (SaxidCanvas *canvas)
{
  if (canvas == NULL)
    return;
  cairo_destroy (canvas->cairo);
  cairo_surface_destroy (canvas->surface);
  if (canvas->svg != NULL)
    g_string_free (canvas->svg, TRUE);
  g_free (canvas);
}

void
saxid_canvas_stroke (SaxidCanvas *canvas, const SaxidPoint *point, gsize n, gsize per_path,
                     const SaxidPen *pen)
{
  if (n > 0)
    canvas->backend->stroke (canvas, point, n, per_path, pen);
}

/* Liang–Barsky, doi:10.1145/357332.357333: the part of a segment inside the box. */
static gboolean
clip (const SaxidBox *box, SaxidPoint *a, SaxidPoint *b)
{
  double dx = b->x - a->x, dy = b->y - a->y, enter = 0, leave = 1;
  const double edge[4][2] = { { -dx, a->x - box->x },
                              { dx, box->x + box->width - a->x },
                              { -dy, a->y - box->y },
                              { dy, box->y + box->height - a->y } };
  SaxidPoint start = *a;

  for (guint k = 0; k < 4; k++)
    {
      double p = edge[k][0], q = edge[k][1];

      if (p == 0 && q < 0)
        return FALSE;
      if (p < 0)
        enter = MAX (enter, q / p);
      else if (p > 0)
        leave = MIN (leave, q / p);
    }
  if (enter > leave)
    return FALSE;
  *a = (SaxidPoint) { start.x + enter * dx, start.y + enter * dy };
  *b = (SaxidPoint) { start.x + leave * dx, start.y + leave * dy };
  return TRUE;
}

void
saxid_canvas_stroke_within (SaxidCanvas *canvas, const SaxidBox *box, const SaxidPoint *point, gsize n,
                            const SaxidPen *pen)
{
  g_autoptr (GArray) run = g_array_new (FALSE, FALSE, sizeof (SaxidPoint));

  for (gsize k = 1; k < n; k++)
    {
      SaxidPoint a = point[k - 1], b = point[k];

      if (!clip (box, &a, &b))
        continue;
      if (run->len > 0)
        {
          SaxidPoint last = g_array_index (run, SaxidPoint, run->len - 1);

          if (last.x != a.x || last.y != a.y)
            {
              saxid_canvas_stroke (canvas, (SaxidPoint *) (void *) run->data, run->len, run->len, pen);
              g_array_set_size (run, 0);
            }
        }
      if (run->len == 0)
        g_array_append_val (run, a);
      g_array_append_val (run, b);
    }
  saxid_canvas_stroke (canvas, (SaxidPoint *) (void *) run->data, run->len, run->len, pen);
}

void
saxid_canvas_fill (SaxidCanvas *canvas, const SaxidPoint *point, gsize n, gsize per_path,
                   SaxidColour colour, double opacity)
{
  if (n > 0)
    canvas->backend->fill (canvas, point, n, per_path, colour, opacity);
}

void
saxid_canvas_fill_box (SaxidCanvas *canvas, const SaxidBox *box, SaxidColour colour, double opacity)
{
  const SaxidPoint corner[] = { { box->x, box->y },
                                { box->x + box->width, box->y },
                                { box->x + box->width, box->y + box->height },
                                { box->x, box->y + box->height } };

  saxid_canvas_fill (canvas, corner, 4, 4, colour, opacity);
}

void
saxid_canvas_image (SaxidCanvas *canvas, const SaxidBox *box, guint width, guint height, const guint32 *colour)
{
  cairo_surface_t *picture = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int) width, (int) height);
  const int stride = cairo_image_surface_get_stride (picture);
  guchar *pixels = cairo_image_surface_get_data (picture);

  for (guint row = 0; pixels != NULL && row < height; row++)
    memcpy (pixels + (gsize) row * (gsize) stride, colour + (gsize) row * width, width * sizeof *colour);
  cairo_surface_mark_dirty (picture);
  canvas->backend->image (canvas, box, picture);
  cairo_surface_destroy (picture);
}

void
saxid_canvas_text (SaxidCanvas *canvas, double x, double y, const SaxidFont *font, const char *text)
{
  g_autofree char *printable = saxid_text_printable (text);

  if (*printable != '\0')
    canvas->backend->text (canvas, x, y, font, printable);
}

double
saxid_canvas_text_width (SaxidCanvas *canvas, const SaxidFont *font, const char *text)
{
  g_autofree char *printable = saxid_text_printable (text);
  cairo_text_extents_t extents;

  use_font (canvas->cairo, font);
  cairo_text_extents (canvas->cairo, printable, &extents);
  return extents.x_advance;
}

char *
saxid_canvas_text_fitted (SaxidCanvas *canvas, const SaxidFont *font, const char *text, double width)
{
  g_autofree char *printable = saxid_text_printable (text);
  gsize columns = saxid_text_width (printable);
  char *fitted = g_strdup (printable);

  /* a hostile title may be a megabyte: halve first, then go column by column */
  while (columns > 4 && saxid_canvas_text_width (canvas, font, fitted) > width)
    {
      columns = columns > 200 ? columns / 2 : columns - 1;
      g_free (fitted);
      fitted = saxid_text_shortened (printable, columns, "…");
    }
  return fitted;
}

GBytes *
saxid_canvas_finish (SaxidCanvas *canvas)
{
  return canvas->backend->finish (canvas);
}

char *
saxid_canvas_css (void)
{
  GString *css = g_string_new (".saxid-plot{max-width:100%;height:auto}\n");

  for (guint k = 0; k < SAXID_N_COLOUR; k++)
    g_string_append_printf (css, ".xf%u{fill:#%06x}.xs%u{stroke:#%06x;fill:none}\n", k, shades[k].light,
                            k, shades[k].light);
  g_string_append (css, "@media (prefers-color-scheme:dark){\n");
  for (guint k = 0; k < SAXID_N_COLOUR; k++)
    g_string_append_printf (css, ".xf%u{fill:#%06x}.xs%u{stroke:#%06x}\n", k, shades[k].dark, k,
                            shades[k].dark);
  g_string_append (css, "}\n");
  return g_string_free (css, FALSE);
}
