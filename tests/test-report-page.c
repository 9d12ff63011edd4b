/* Is the page well formed, self-contained, deaf to what files say, and light? */
#include <math.h>
#include <string.h>

#include <glib/gstdio.h>

#include "cli/plot/plot.h"
#include "cli/report-page/page.h"
#include "cli/report-page/tagged.h"
#include "reducers/error.h"
#include "tests/sample-curves.h"

static void
run_xmllint (const char *html, const char *option)
{
  const char *xmllint = sample_program ("XMLLINT");
  g_autofree char *path = NULL;
  g_autofree char *complaint = NULL;
  g_autoptr (GError) error = NULL;
  int status, fd;

  if (xmllint == NULL)
    return;
  fd = g_file_open_tmp ("saxid-page-XXXXXX.html", &path, &error);
  g_assert_no_error (error);
  g_assert_true (g_close (fd, NULL));
  g_assert_true (g_file_set_contents (path, html, -1, NULL));
  {
    const char *argv[] = { xmllint, "--noout", "--nonet", option, path, NULL };

    g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                                 &complaint, &status, &error));
  }
  g_assert_no_error (error);
  g_unlink (path);
  if (status != 0)
    g_test_message ("%s", complaint);
  g_assert_cmpint (status, ==, 0);
}

/* Every attribute that makes a browser fetch something. */
static void
assert_self_contained (const char *html)
{
  static const char *const fetching[]
      = { "<link",   "@import", "url(",   "http://",    "https://",
          "<script", "<iframe", "<object", "<embed", "javascript:" };

  for (guint k = 0; k < G_N_ELEMENTS (fetching); k++)
    g_assert_null (strstr (html, fetching[k]));
  for (const char *at = strstr (html, "src="); at != NULL; at = strstr (at + 1, "src="))
    g_assert_true (g_str_has_prefix (at, "src=\"data:image/png;base64,"));
  for (const char *at = strstr (html, "href="); at != NULL; at = strstr (at + 1, "href="))
    g_assert_true (g_str_has_prefix (at, "href=\"#c"));
}

static void
test_sound_page (void)
{
  g_autoptr (SaxidCurve) curve = sample_spheres (200);
  const SaxidReportPair metadata[] = { { "Sample", "silica" }, { "Temperature", "25 °C" } };
  const char *const note[] = { "3 points were dropped", NULL };
  SaxidReportCurve curves[] = { sample_verdict ("/data/run.nxs", -1, curve, 2),
                                sample_verdict ("/data/bad.nxs", -1, NULL, 0) };
  const SaxidReportPage page
      = { .n_curve = 2, .curve = curves, .date = "2024-05-06", .program_version = "9.9" };
  g_autofree char *html = NULL;

  curves[0].metadata = metadata;
  curves[0].n_metadata = 2;
  curves[0].note = note;
  curves[1].probability = NULL;
  curves[1].status = SAXID_STATUS_REJECTED;
  curves[1].reason = "q grid has 3 points, 16 are needed";
  html = saxid_report_page_html (&page);
  run_xmllint (html, "--noblanks");
  assert_self_contained (html);
  g_assert_nonnull (strstr (html, "2 curves, 1 flagged"));
  g_assert_nonnull (strstr (html, "saxid 9.9"));
  g_assert_nonnull (strstr (html, "<h2>run.nxs: core-shell sphere, 70.0 %"));
  g_assert_nonnull (strstr (html, "<td>silica</td>"));
  g_assert_nonnull (strstr (html, "<li>3 points were dropped</li>"));
  g_assert_nonnull (strstr (html, "<th>Guinier Rg</th>"));
  g_assert_nonnull (strstr (html, "16 are needed"));
  g_assert_nonnull (strstr (html, "prefers-color-scheme:dark"));
  g_assert_null (strstr (html, "Plots stand for"));
  /* an anchor for what the overview links to */
  g_assert_nonnull (strstr (html, "href=\"#c1\""));
  g_assert_nonnull (strstr (html, "id=\"c1\""));
}

static void
test_hostile (void)
{
  const char *bad
      = "</td></table><script src=x onerror=alert(1)>\"'><img href=y>&amp;\033]0;x\007\xff\xe2\x80\xae";
  const char *names[] = { bad, bad, bad, bad, NULL };
  const char *const note[] = { bad, NULL };
  const SaxidReportPair metadata[] = { { bad, bad } };
  g_autoptr (SaxidCurve) curve = sample_spheres (50);
  SaxidReportCurve curves[12];
  g_autofree char *html = NULL;

  for (guint k = 0; k < G_N_ELEMENTS (curves); k++)
    {
      curves[k] = sample_verdict (bad, k, curve, k % 4);
      curves[k].class_name = names;
      curves[k].entry = curves[k].title = curves[k].dialect = curves[k].q_unit = curves[k].i_unit = bad;
      curves[k].reason = curves[k].model_name = curves[k].model_version = curves[k].model_checksum
          = bad;
      curves[k].note = note;
      curves[k].metadata = metadata;
      curves[k].n_metadata = 1;
    }
  html = saxid_report_page_html (&(SaxidReportPage) {
      .heading = bad, .date = bad, .program_version = bad, .n_curve = 12, .curve = curves });
  g_assert_true (g_utf8_validate (html, -1, NULL));
  run_xmllint (html, "--noblanks");
  g_assert_null (strstr (html, "<script"));
  g_assert_null (strstr (html, "<img"));
  g_assert_null (strchr (html, '\033'));
  g_assert_null (strstr (html, "\xe2\x80\xae"));
  g_assert_nonnull (strstr (html, "&lt;script src=x"));
}

static guint32
png_size (GBytes *png, gsize at)
{
  const guint8 *bytes = g_bytes_get_data (png, NULL);

  return (guint32) bytes[at] << 24 | (guint32) bytes[at + 1] << 16 | (guint32) bytes[at + 2] << 8 | bytes[at + 3];
}

/* Detector frames: pictures in the page, whatever the names say. */
static void
test_detector_frames (void)
{
  const char *bad = "<img onerror=x>\"'&\033.tif";
  const SaxidReportPair pair[] = { { bad, bad } };
  guint8 evidence[4] = { 0, 255, 0, 0 };
  float pixels[30 * 60];
  g_autoptr (GBytes) picture = NULL, seen = NULL;
  g_autofree char *html = NULL;
  SaxidReportNear near = { .name = (char *) bad, .technique = SAXID_TECHNIQUE_WAXS, .distance = 0.25 };
  SaxidReportFrame frames[2] = { { .file = bad, .frame = 7, .height = 30, .width = 60, .best = SAXID_TECHNIQUE_GISAXS, .header = SAXID_TECHNIQUE_UNKNOWN,
                                   .image = SAXID_TECHNIQUE_GISAXS, .half = { { NAN, 0.9, 0.97 }, { NAN, 0.1, 0.05 } },
                                   .probability = { 0.02, 0.01, 0.93, 0.04 }, .refused = TRUE, .warning = bad, .n_pair = 1, .pair = pair,
                                   .n_near = 1, .near = &near } };

  for (guint k = 0; k < G_N_ELEMENTS (pixels); k++)
    pixels[k] = k % 7 == 0 ? NAN : (float) (k % 60);
  picture = saxid_plot_frame (&(SaxidFramePlot) { .height = 30, .width = 60, .pixels = pixels, .side = 120 });
  seen = saxid_plot_frame (&(SaxidFramePlot) { .height = 30, .width = 60, .pixels = pixels, .side = 20, .evidence = evidence, .evidence_side = 2 });
  g_assert_cmpuint (png_size (picture, 16), ==, 120); /* of IHDR */
  g_assert_cmpuint (png_size (picture, 20), ==, 60);
  g_assert_cmpuint (png_size (seen, 16), ==, 20);
  g_assert_cmpuint (png_size (seen, 20), ==, 10);
  near.picture = frames[0].picture = picture;
  frames[0].evidence = seen;
  frames[1] = frames[0];
  frames[1].picture = frames[1].evidence = NULL;
  frames[1].outlier = 0.9;
  html = saxid_report_page_html (&(SaxidReportPage) { .n_frame = 2, .frame = frames });
  run_xmllint (html, "--noblanks");
  assert_self_contained (html);
  g_assert_nonnull (strstr (html, "2 frames"));
  g_assert_nonnull (strstr (html, "frame 7: GISAXS"));
  g_assert_nonnull (strstr (html, "no scattering that is known"));
  g_assert_nonnull (strstr (html, "<b>WAXS</b> 0.250"));
  g_assert_nonnull (strstr (html, "not there any more"));
  g_assert_null (strstr (html, "<img onerror"));
  g_assert_null (strchr (html, '\033'));
}

/* Hundreds of frames: all in the overview, representatives as plots. */
static void
test_many_frames (void)
{
  enum
  {
    N = 600
  };
  g_autoptr (SaxidCurve) curve = sample_spheres (1600);
  g_autofree SaxidReportCurve *curves = g_new0 (SaxidReportCurve, N);
  g_autofree char *html = NULL;
  guint plotted = 0;

  for (guint k = 0; k < N; k++)
    {
      curves[k] = sample_verdict ("series.nxs", k, curve, k < 200 ? 0 : k < 400 ? 1 : 3);
      curves[k].outlier = k == 333;
      curves[k].outlier_score = k == 333 ? 0.99 : 0.1;
    }
  html = saxid_report_page_html (&(SaxidReportPage) { .n_curve = N, .curve = curves });
  run_xmllint (html, "--noblanks");
  assert_self_contained (html);
  for (const char *at = strstr (html, "<section class=\"card one\" id="); at != NULL;
       at = strstr (at + 1, "<section class=\"card one\" id="))
    plotted++;
  g_assert_cmpuint (plotted, ==, SAXID_REPORT_PLOTS);
  g_assert_nonnull (strstr (html, "Plots stand for 24 of 600 curves"));
  g_assert_nonnull (strstr (html, "id=\"c1\""));
  g_assert_nonnull (strstr (html, "id=\"c334\"")); /* the outlier */
  g_assert_nonnull (strstr (html, "id=\"c600\""));
  g_assert_nonnull (strstr (html, "0 – 199"));
  g_assert_nonnull (strstr (html, "200 – 332"));
  g_assert_nonnull (strstr (html, "class probabilities over 600 frames"));
  g_assert_nonnull (strstr (html, "series.nxs, 600 frames: I ("));
  g_assert_null (strstr (html, "Table of all")); /* equal neighbours share a row: there are few */
  g_assert_cmpuint (strlen (html), <, 2500000);
}

/* Curves that have nothing in common: their table is collapsed. */
static void
test_long_table (void)
{
  enum
  {
    N = 60
  };
  g_autoptr (SaxidCurve) curve = sample_spheres (40);
  SaxidReportCurve curves[N];
  g_autofree char *html = NULL;

  for (guint k = 0; k < N; k++)
    curves[k] = sample_verdict ("odd.nxs", -1, curve, k % 4);
  html = saxid_report_page_html (&(SaxidReportPage) { .n_curve = N, .curve = curves });
  run_xmllint (html, "--noblanks");
  g_assert_nonnull (strstr (html, "<summary>Table of all 60 curves</summary>"));
}

/* What the file says already, and that it is something else. */
static void
test_tagged (void)
{
  g_autoptr (SaxidCurve) curve = sample_spheres (200);
  SaxidReportCurve now = sample_verdict ("run.nxs", -1, curve, 2);
  g_autoptr (SaxidRecord) record = saxid_record_new (1, now.class_name);
  SaxidReportTagged tagged;
  g_autofree char *html = NULL;

  saxid_report_tagged (record, 0, &now, &tagged);
  g_assert_null (tagged.tagged); /* nobody has judged it */
  record->status[0] = SAXID_STATUS_OK;
  record->class_index[0] = 2;
  record->confidence[0] = 0.8f;
  record->model_file_name = g_strdup ("mine.saxid-model");
  saxid_report_tagged (record, 0, &now, &tagged);
  g_assert_false (tagged.differs);
  g_assert_true (g_str_has_prefix (tagged.tagged, "core-shell sphere, 80.0 %; as now, by another model mine.saxid-model"));
  saxid_report_tagged_clear (&tagged);
  record->outlier[0] = 1;
  saxid_report_tagged (record, 0, &now, &tagged);
  g_assert_true (tagged.differs);
  saxid_report_tagged_clear (&tagged);
  record->outlier[0] = 0;
  record->class_index[0] = 0;
  saxid_report_tagged (record, 0, &now, &tagged);
  g_assert_true (tagged.differs);
  now.tagged = tagged.tagged;
  now.differs = tagged.differs;
  html = saxid_report_page_html (&(SaxidReportPage) { .n_curve = 1, .curve = &now });
  run_xmllint (html, "--noblanks");
  g_assert_nonnull (strstr (html, "say otherwise of 1 of the curves"));
  g_assert_nonnull (strstr (html, "not what is said now"));
  saxid_report_tagged_clear (&tagged);
}

static void
test_empty (void)
{
  g_autofree char *html = saxid_report_page_html (&(SaxidReportPage) { .n_curve = 0 });

  run_xmllint (html, "--noblanks");
  g_assert_nonnull (strstr (html, "0 curves, 0 flagged"));
}

static void
test_not_written (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (
      saxid_report_page_write (&(SaxidReportPage) { .n_curve = 0 }, "/nonexistent/dir/r.html", &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_IO);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report-page/sound", test_sound_page);
  g_test_add_func ("/report-page/hostile", test_hostile);
  g_test_add_func ("/report-page/detector-frames", test_detector_frames);
  g_test_add_func ("/report-page/many-frames", test_many_frames);
  g_test_add_func ("/report-page/long-table", test_long_table);
  g_test_add_func ("/report-page/tagged", test_tagged);
  g_test_add_func ("/report-page/empty", test_empty);
  g_test_add_func ("/report-page/not-written", test_not_written);
  return g_test_run ();
}
