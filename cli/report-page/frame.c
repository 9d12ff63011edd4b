/* What would somebody want to see of a frame to believe its technique?
 *
 * Thread: see frame.h.
 */
#include "cli/report-page/frame.h"

#include <math.h>

#include "cli/plot/plot.h"
#include "cli/report-page/put.h"
#include "cli/text.h"

static void
append_png (GString *out, GBytes *png, const char *what)
{
  gsize n;
  const guchar *bytes = g_bytes_get_data (png, &n);
  g_autofree char *text = g_base64_encode (bytes, n);

  g_string_append_printf (out, "<img alt=\"%s\" src=\"data:image/png;base64,%s\"/>", what, text);
}

static const char *
name_or_dash (SaxidTechnique technique)
{
  return technique != SAXID_TECHNIQUE_UNKNOWN ? saxid_technique_name (technique) : "–";
}

static const char *
headline_of (const SaxidReportFrame *frame)
{
  if (frame->outlier >= 0.5)
    return "no scattering that is known";
  return frame->best != SAXID_TECHNIQUE_UNKNOWN ? saxid_technique_name (frame->best) : "technique not known";
}

static void
append_name (GString *out, const SaxidReportFrame *frame)
{
  g_autofree char *base = g_path_get_basename (frame->file);

  saxid_report_put_text (out, base);
  if (frame->frame >= 0)
    g_string_append_printf (out, ", frame %" G_GINT64_FORMAT, frame->frame);
}

static void
append_figures (GString *out, const SaxidReportFrame *frame)
{
  if (frame->picture == NULL)
    {
      g_string_append (out, "<p class=\"muted\">The frame itself is not there any more.</p>\n");
      return;
    }
  g_string_append (out, "<div class=\"frames\"><figure>");
  append_png (out, frame->picture, "the frame");
  g_string_append_printf (out, "<figcaption class=\"muted\">log of the counts, %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT
                               " pixels; white: no data</figcaption></figure>", frame->width, frame->height);
  if (frame->evidence != NULL)
    {
      g_string_append (out, "<figure>");
      append_png (out, frame->evidence, "where the network saw its answer");
      g_string_append_printf (out, "<figcaption class=\"muted\">orange: what speaks for %s to the network (Grad-CAM)</figcaption></figure>",
                              frame->stored ? "its answer" : frame->image != SAXID_TECHNIQUE_UNKNOWN ? saxid_technique_name (frame->image) : "no scattering");
    }
  g_string_append (out, "</div>\n");
}

static void
append_near (GString *out, const SaxidReportFrame *frame)
{
  if (frame->n_near == 0)
    return;
  g_string_append_printf (out, "<h3>The %" G_GSIZE_FORMAT " frames that look most like it</h3>\n<div class=\"near\">", frame->n_near);
  for (gsize k = 0; k < frame->n_near; k++)
    {
      const SaxidReportNear *near = &frame->near[k];

      g_string_append (out, "<figure>");
      if (near->picture != NULL)
        append_png (out, near->picture, "a frame like it");
      g_string_append_printf (out, "<figcaption><b>%s</b> %.3f<br/>", name_or_dash (near->technique), near->distance);
      saxid_report_put_text (out, near->name);
      g_string_append (out, "</figcaption></figure>");
    }
  g_string_append (out, "</div>\n<p class=\"muted\">Beside the technique the distance: 0 is the same to the network, 2 is the opposite.</p>\n");
}

static void
append_words (GString *out, const SaxidReportFrame *frame)
{
  g_string_append (out, "<table class=\"meta\"><tbody>\n");
  if (!frame->stored)
    {
      saxid_report_put_pair (out, "By the header", name_or_dash (frame->header));
      saxid_report_put_pair (out, "By the image", isnan (frame->outlier) ? "not asked" : frame->outlier >= 0.5 ? "no scattering" : name_or_dash (frame->image));
    }
  else
    saxid_report_put_pair (out, "Told by", "saxid reduce, when the curves were made");
  if (!isnan (frame->outlier))
    {
      g_autofree char *text = g_strdup_printf ("%.3f", frame->outlier);

      saxid_report_put_pair (out, "p (no scattering)", text);
    }
  saxid_report_put_pair (out, "Curve", frame->refused ? "none is made of it: a curve of transmission would be wrong" : "may be made of it");
  for (gsize k = 0; k < frame->n_pair; k++)
    saxid_report_put_pair (out, frame->pair[k].key, frame->pair[k].value);
  g_string_append (out, "</tbody></table>\n");
}

/* An anchor of its own kind, since curves have theirs. */
void
saxid_report_frame_append (GString *out, const SaxidReportFrame *frame, gsize index)
{
  static const char *names[SAXID_N_TECHNIQUE + 1];
  float probability[SAXID_N_TECHNIQUE];
  SaxidHalvesPlot halves;

  for (int k = 0; k < SAXID_N_TECHNIQUE; k++)
    {
      names[k] = saxid_technique_name ((SaxidTechnique) k);
      probability[k] = (float) frame->probability[k];
    }
  for (guint half = 0; half < SAXID_N_HALF; half++)
    for (guint k = 0; k < 3; k++)
      halves.probability[half][k] = frame->half[half][k];
  g_string_append_printf (out, "<section class=\"card one\" id=\"cf%" G_GSIZE_FORMAT "\">\n<h2>", index + 1);
  append_name (out, frame);
  g_string_append_printf (out, ": %s%s</h2>\n", headline_of (frame), frame->refused ? " <span class=\"flag outlier\">no curve</span>" : "");
  if (frame->warning != NULL)
    {
      g_string_append (out, "<p class=\"reason\">");
      saxid_report_put_text (out, frame->warning);
      g_string_append (out, "</p>\n");
    }
  g_string_append (out, "<div class=\"curve\"><div>\n");
  append_figures (out, frame);
  g_string_append (out, "</div><div>\n");
  saxid_report_put_drawing (out, saxid_plot_classes (&(SaxidClassPlot) { .n = SAXID_N_TECHNIQUE, .name = names, .probability = probability },
                                                     SAXID_CANVAS_SVG_INLINE));
  saxid_report_put_drawing (out, saxid_plot_halves (&halves, SAXID_CANVAS_SVG_INLINE));
  append_words (out, frame);
  g_string_append (out, "</div></div>\n");
  append_near (out, frame);
  g_string_append (out, "</section>\n");
}

void
saxid_report_frame_row (GString *out, const SaxidReportFrame *frame, gsize index)
{
  g_string_append_printf (out, "<tr><td><a href=\"#cf%" G_GSIZE_FORMAT "\">", index + 1);
  append_name (out, frame);
  g_string_append_printf (out, "</a></td><td class=\"class best\">%s</td><td class=\"n\">%.3f</td><td class=\"more\">%s</td><td class=\"more\">%s</td><td>%s</td></tr>\n",
                          headline_of (frame), frame->half[SAXID_HALF_GRAZING][2], frame->stored ? "" : name_or_dash (frame->header),
                          frame->stored ? "" : isnan (frame->outlier) ? "not asked" : frame->outlier >= 0.5 ? "none" : name_or_dash (frame->image),
                          frame->refused ? "<span class=\"flag outlier\">no curve</span>" : "");
}
