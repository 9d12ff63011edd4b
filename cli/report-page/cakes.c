/* What is there over the azimuths?
 *
 * Thread: see cakes.h.
 */
#include "cli/report-page/cakes.h"

#include "schemas/curve/cake.h"

struct SaxidReportCake
{
  SaxidCake *cake;
  char *title;
};

SaxidReportCake *
saxid_report_cake_read (const char *path, gboolean follow_links, gint64 frame, GError **error)
{
  SaxidCake *cake = saxid_cake_read (path, follow_links, frame, error);
  g_autofree char *file = g_path_get_basename (path);
  g_autoptr (GString) title = g_string_new (file);
  SaxidReportCake *report;

  if (cake == NULL)
    return NULL;
  if (frame >= 0 && cake->n_frame > 1)
    g_string_append_printf (title, ", frame %" G_GINT64_FORMAT, frame);
  else if (cake->n_frame > 1)
    g_string_append_printf (title, ", mean of %" G_GSIZE_FORMAT " frames", cake->n_frame);
  report = g_new0 (SaxidReportCake, 1);
  report->cake = cake;
  report->title = g_string_free (g_steal_pointer (&title), FALSE);
  return report;
}

void
saxid_report_cake_free (SaxidReportCake *cake)
{
  if (cake == NULL)
    return;
  saxid_cake_free (cake->cake);
  g_free (cake->title);
  g_free (cake);
}

GBytes *
saxid_report_cake_draw (const SaxidReportCake *cake, SaxidCanvasFormat format)
{
  const SaxidCakePlot plot = {
    .title = cake->title,
    .n_azimuth = cake->cake->n_azimuth,
    .n_radial = cake->cake->n_radial,
    .azimuth_edge = cake->cake->azimuth_edge,
    .radial_edge = cake->cake->radial_edge,
    .intensity = cake->cake->intensity,
    .radial_title = cake->cake->radial_title,
    .intensity_unit = cake->cake->intensity_unit,
  };

  return (plot.n_azimuth <= SAXID_REPORT_FEW_AZIMUTHS ? saxid_plot_sectors : saxid_plot_cake) (&plot, format);
}
