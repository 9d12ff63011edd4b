/* Are the drawings well formed, is the ink where the points are, and do odd curves
 * and hostile words leave them whole? */
#include <cairo.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <glib/gstdio.h>

#include "cli/plot/colours.h"
#include "cli/plot/marks.h"
#include "cli/plot/plot.h"
#include "cli/plot/scale.h"
#include "reducers/error.h"
#include "tests/sample-curves.h"

static const char *
text_of (GBytes *drawing)
{
  return g_bytes_get_data (drawing, NULL);
}

static void
assert_well_formed (GBytes *drawing)
{
  const char *xmllint = sample_program ("XMLLINT");
  g_autofree char *path = NULL;
  g_autofree char *complaint = NULL;
  g_autoptr (GError) error = NULL;
  int status, fd;

  g_assert_null (strstr (text_of (drawing), "nan"));
  g_assert_null (strstr (text_of (drawing), "inf"));
  if (xmllint == NULL)
    return;
  fd = g_file_open_tmp ("saxid-plot-XXXXXX.svg", &path, &error);
  g_assert_no_error (error);
  g_assert_true (g_close (fd, NULL));
  g_assert_true (saxid_plot_save (drawing, path, &error));
  g_assert_no_error (error);
  {
    const char *argv[] = { xmllint, "--noout", "--nonet", path, NULL };

    g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                                 &complaint, &status, &error));
  }
  g_assert_no_error (error);
  g_unlink (path);
  g_assert_cmpstr (complaint, ==, "");
  g_assert_cmpint (status, ==, 0);
}

typedef struct
{
  const guchar *data;
  gsize left;
} Stream;

static cairo_status_t
read_stream (void *closure, unsigned char *data, unsigned int length)
{
  Stream *stream = closure;

  if (stream->left < length)
    return CAIRO_STATUS_READ_ERROR;
  memcpy (data, stream->data, length);
  stream->data += length;
  stream->left -= length;
  return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *
decode (GBytes *png)
{
  Stream stream;
  cairo_surface_t *surface;

  stream.data = g_bytes_get_data (png, &stream.left);
  surface = cairo_image_surface_create_from_png_stream (read_stream, &stream);
  g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
  return surface;
}

/* Blue of the data: much more blue than red. Coordinates in units of the canvas. */
static gboolean
has_data_ink (cairo_surface_t *surface, double x, double y)
{
  const guchar *data = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  int column = (int) (2 * x), row = (int) (2 * y);
  guint32 pixel;

  memcpy (&pixel, data + (gsize) row * (gsize) stride + 4 * (gsize) column, 4);
  return (int) (pixel & 0xff) - (int) (pixel >> 16 & 0xff) > 90;
}

/* The dots of the SVG tell where they are; the pixels must agree. */
static void
test_ink_where_points_are (void)
{
  g_autoptr (SaxidCurve) curve = sample_spheres (40);
  const SaxidCurvePlot plot = { .title = "forty points", .curve = curve, .intensity_unit = "1/cm" };
  g_autoptr (GBytes) svg = saxid_plot_curve (&plot, SAXID_CANVAS_SVG);
  g_autoptr (GBytes) png = saxid_plot_curve (&plot, SAXID_CANVAS_PNG);
  cairo_surface_t *surface = decode (png);
  const char *dots = strstr (text_of (svg), "stroke-linecap=\"round\"");
  double last_x = 0, first_x = 0;
  guint n = 0;

  assert_well_formed (svg);
  g_assert_cmpint (cairo_image_surface_get_width (surface), ==, 1280);
  g_assert_cmpint (cairo_image_surface_get_height (surface), ==, 880);
  g_assert_nonnull (dots);
  dots = strstr (dots, "d=\"") + 3;
  while (*dots == 'M')
    {
      char *end;
      double x = g_ascii_strtod (dots + 1, &end), y = g_ascii_strtod (end, &end);

      g_assert_true (has_data_ink (surface, x, y));
      g_assert_true (g_str_has_prefix (end, "h0"));
      /* a logarithmic grid: equal steps on the axis */
      if (n == 0)
        first_x = x;
      g_assert_cmpfloat (x, >, last_x);
      last_x = x;
      dots = end + 2;
      n++;
    }
  g_assert_cmpuint (n, >, 30);
  g_assert_false (has_data_ink (surface, first_x + 3, 300));
  cairo_surface_destroy (surface);
}

static void
test_titles (void)
{
  g_autoptr (SaxidCurve) curve = sample_spheres (100);
  g_autoptr (GBytes) absolute = saxid_plot_curve (
      &(SaxidCurvePlot) { .curve = curve, .intensity_unit = "1/cm" }, SAXID_CANVAS_SVG);
  g_autoptr (GBytes) relative
      = saxid_plot_curve (&(SaxidCurvePlot) { .curve = curve }, SAXID_CANVAS_SVG);

  g_assert_nonnull (strstr (text_of (absolute), ">I (cm⁻¹)<"));
  g_assert_nonnull (strstr (text_of (absolute), ">q (Å⁻¹)<"));
  g_assert_nonnull (strstr (text_of (absolute), ">10⁻²<"));
  g_assert_nonnull (strstr (text_of (absolute), ">0.05<"));
  g_assert_nonnull (strstr (text_of (relative), ">I (arbitrary units)<"));
}

static void
test_not_positive (void)
{
  g_autoptr (SaxidCurve) curve = sample_spheres (100);
  g_autoptr (SaxidCurve) negative = sample_spheres (100);
  g_autoptr (GBytes) some = NULL;
  g_autoptr (GBytes) all = NULL;
  SaxidRange range;

  for (gsize k = 0; k < 100; k++)
    {
      curve->intensity[k] = fabs (curve->intensity[k]) + 1e-5;
      negative->intensity[k] = -1 - (double) k;
    }
  curve->intensity[90] = -1;
  curve->intensity[91] = 0;
  some = saxid_plot_curve (&(SaxidCurvePlot) { .curve = curve }, SAXID_CANVAS_SVG);
  all = saxid_plot_curve (&(SaxidCurvePlot) { .curve = negative }, SAXID_CANVAS_SVG);
  assert_well_formed (some);
  assert_well_formed (all);
  g_assert_nonnull (strstr (text_of (some), "▼ 2 of 100 points at or below zero"));
  g_assert_nonnull (strstr (text_of (all), "▼ 100 of 100 points at or below zero"));
  saxid_range_of_curve (&range, negative);
  g_assert_cmpfloat (range.i_low, >, 0);
  g_assert_cmpfloat (range.i_high, >, range.i_low);
}

/* A point by chance just above zero does not stretch the axis over decades. */
static void
test_noise_does_not_stretch (void)
{
  g_autoptr (SaxidCurve) curve = sample_spheres (200);
  SaxidRange range;

  for (gsize k = 150; k < 200; k++)
    curve->intensity[k] = 1e-3 * sin (3.7 * (double) k);
  curve->intensity[199] = 1e-14;
  saxid_range_of_curve (&range, curve);
  g_assert_cmpfloat (range.i_low, >, 1e-6);
  g_assert_cmpuint (range.n_below, >=, 1);
  g_assert_cmpuint (range.n_not_positive, >, 10);
}

/* The place of the first dot, or of the corners of the first fill. */
static SaxidPoint
first_place (GBytes *svg, const char *kind)
{
  const char *at = strstr (text_of (svg), kind);
  SaxidPoint place;
  char *end;

  g_assert_nonnull (at);
  at = strstr (at, "d=\"M");
  place.x = g_ascii_strtod (at + 4, &end);
  place.y = g_ascii_strtod (end, &end);
  return place;
}

/* The law is a straight line over q²: the dots of a curve that follows it lie on one. */
static void
test_views (void)
{
  g_autoptr (SaxidCurve) curve = saxid_curve_new (60, FALSE, FALSE);
  SaxidGuinier law;

  for (gsize k = 0; k < curve->n; k++)
    {
      curve->q[k] = 0.002 + 0.001 * (double) k;
      curve->intensity[k] = 5 * exp (-pow (curve->q[k] * 40, 2) / 3);
    }
  g_assert_true (saxid_guinier_fit (curve, &law));
  for (guint kind = 0; kind < SAXID_N_VIEW; kind++)
    {
      g_autoptr (GBytes) svg = saxid_plot_view (&(SaxidViewPlot) { .kind = (SaxidView) kind, .curve = curve, .guinier = &law },
                                                SAXID_CANVAS_SVG);
      g_autoptr (GBytes) bare = saxid_plot_view (&(SaxidViewPlot) { .kind = (SaxidView) kind, .curve = curve }, SAXID_CANVAS_SVG);

      assert_well_formed (svg);
      assert_well_formed (bare);
      g_assert_true ((strstr (text_of (svg), ">q Rg<") != NULL) == (kind == SAXID_VIEW_KRATKY));
      g_assert_null (strstr (text_of (bare), ">q Rg<"));
      if (kind == SAXID_VIEW_GUINIER)
        {
          const char *dots = strstr (strstr (text_of (svg), "stroke-linecap=\"round\""), "d=\"") + 3;
          SaxidPoint at[60];
          guint n = 0;
          double slope;

          for (; *dots == 'M' && n < G_N_ELEMENTS (at); n++)
            {
              char *end;

              at[n].x = g_ascii_strtod (dots + 1, &end);
              at[n].y = g_ascii_strtod (end, &end);
              dots = end + 2;
            }
          g_assert_cmpuint (n, >, 10);
          slope = (at[n - 1].y - at[0].y) / (at[n - 1].x - at[0].x);
          for (guint k = 0; k < n; k++) /* a sixth of a unit of the drawing: what is written is rounded */
            g_assert_cmpfloat (fabs (at[k].y - at[0].y - slope * (at[k].x - at[0].x)), <, 0.15);
          g_assert_cmpfloat (slope, >, 0);
        }
    }
  curve->n = 1;
  g_assert_null (saxid_plot_view (&(SaxidViewPlot) { .kind = SAXID_VIEW_KRATKY, .curve = curve }, SAXID_CANVAS_SVG));
}

/* The darkest shade is where I is highest: at low q of the frames that scatter most. */
static void
test_heat (void)
{
  enum
  {
    N = 40
  };
  SaxidCurve *curve[N];
  const char *dark;
  g_autoptr (GBytes) svg = NULL, png = NULL;
  SaxidPoint place;

  for (guint k = 0; k < N; k++)
    {
      curve[k] = k == 3 ? NULL : saxid_curve_new (30, FALSE, FALSE);
      for (gsize i = 0; curve[k] != NULL && i < 30; i++)
        {
          curve[k]->q[i] = 0.01 * pow (1.1, (double) i);
          curve[k]->intensity[i] = (k < N / 2 ? 1 : 50) * exp (-0.1 * (double) i);
        }
    }
  svg = saxid_plot_heat (&(SaxidHeatPlot) { .title = "run", .n_frame = N, .curve = (const SaxidCurve *const *) curve }, SAXID_CANVAS_SVG);
  png = saxid_plot_heat (&(SaxidHeatPlot) { .n_frame = N, .curve = (const SaxidCurve *const *) curve }, SAXID_CANVAS_PNG);
  assert_well_formed (svg);
  g_assert_nonnull (strstr (text_of (svg), ">frame<"));
  dark = strstr (text_of (svg), "fill-opacity=\"0.04\""); /* the faintest comes first, of the least I */
  g_assert_nonnull (dark);
  place = first_place (svg, dark);
  g_assert_cmpfloat (place.x, >, 500); /* high q */
  g_assert_cmpfloat (place.y, >, 120); /* frames of the first half are below */
  for (guint k = 0; k < N; k++)
    saxid_curve_free (curve[k]);
  g_assert_null (saxid_plot_heat (&(SaxidHeatPlot) { .n_frame = 0, .curve = NULL }, SAXID_CANVAS_SVG));
}

static guint32
colour_at (cairo_surface_t *surface, double x, double y)
{
  const guchar *row = cairo_image_surface_get_data (surface) + (gsize) (2 * y) * (gsize) cairo_image_surface_get_stride (surface);

  return ((const guint32 *) (gconstpointer) row)[(gsize) (2 * x)] & 0xffffff;
}

/* A ring is a line upwards in the last colour of the scale; of a detector around ±180 the picture is
 * whole, and nothing is drawn where no pixel was. */
static void
test_cake (void)
{
  enum
  {
    AZIMUTHS = 36,
    RADII = 100
  };
  g_autofree double *azimuth = g_new (double, AZIMUTHS + 1), *radius = g_new (double, RADII + 1);
  g_autofree double *intensity = g_new (double, AZIMUTHS *RADII);
  SaxidCakePlot plot = { .title = "LaB6", .n_azimuth = AZIMUTHS, .n_radial = RADII, .azimuth_edge = azimuth,
                         .radial_edge = radius, .intensity = intensity, .radial_title = "2θ (°)" };
  g_autoptr (GBytes) svg = NULL, png = NULL;
  cairo_surface_t *surface;

  for (gsize k = 0; k <= AZIMUTHS; k++)
    azimuth[k] = -180 + 10 * (double) k;
  for (gsize k = 0; k <= RADII; k++)
    radius[k] = 10 + 0.1 * (double) k;
  for (gsize a = 0; a < AZIMUTHS; a++)
    for (gsize k = 0; k < RADII; k++)
      intensity[a * RADII + k] = a >= 3 && a < AZIMUTHS - 2 ? NAN : k == 50 ? 1e4 : k == 20 ? 0 : 10;
  svg = saxid_plot_cake (&plot, SAXID_CANVAS_SVG);
  assert_well_formed (svg);
  g_assert_nonnull (strstr (text_of (svg), "<image"));
  g_assert_nonnull (strstr (text_of (svg), "2θ (°)"));
  g_assert_nonnull (strstr (text_of (svg), ">200<")); /* 160 to 210 in one piece */
  g_assert_null (strstr (text_of (svg), ">-180<"));
  png = saxid_plot_cake (&plot, SAXID_CANVAS_PNG);
  surface = decode (png);
  /* the box begins at 72, 34 and is 960 - 176 wide; five azimuths are left */
  for (double y = 50; y < 380; y += 40)
    {
      g_assert_cmphex (colour_at (surface, 72 + 50.5 / RADII * 784, y), ==, saxid_viridis (1));
      g_assert_cmphex (colour_at (surface, 72 + 20.5 / RADII * 784, y), ==, saxid_viridis (0));
      g_assert_cmphex (colour_at (surface, 72 + 70.5 / RADII * 784, y), ==, saxid_viridis (0));
    }
  cairo_surface_destroy (surface);
  for (gsize k = 0; k < AZIMUTHS * RADII; k++)
    intensity[k] = isfinite (intensity[k]) ? -1 : NAN;
  g_assert_null (saxid_plot_cake (&plot, SAXID_CANVAS_SVG)); /* a background that was too much */
  g_assert_null (saxid_plot_sectors (&plot, SAXID_CANVAS_SVG));
  plot.n_azimuth = 2;
  for (gsize k = 0; k < 2 * RADII; k++)
    intensity[k] = k < RADII ? 5 : 1 + (double) k;
  g_clear_pointer (&svg, g_bytes_unref);
  svg = saxid_plot_sectors (&plot, SAXID_CANVAS_SVG);
  assert_well_formed (svg);
  g_assert_nonnull (strstr (text_of (svg), "χ -180 to -170°"));
  g_assert_nonnull (strstr (text_of (svg), "χ -170 to -160°"));
}

static void
test_odd_curves (void)
{
  g_autoptr (SaxidCurve) one = saxid_curve_new (1, TRUE, FALSE);
  g_autoptr (SaxidCurve) none = saxid_curve_new (0, FALSE, FALSE);
  g_autoptr (SaxidCurve) broken = sample_spheres (50);
  g_autoptr (SaxidCurve) huge = sample_spheres (300);
  g_autoptr (SaxidCurve) flat = sample_spheres (50);
  const SaxidCurve *all[] = { one, none, broken, huge, flat };

  one->q[0] = 0.1;
  one->intensity[0] = 5;
  one->sigma[0] = 50;
  for (gsize k = 0; k < 50; k++)
    {
      broken->intensity[k] = k % 3 == 0 ? NAN : k % 3 == 1 ? INFINITY : broken->intensity[k];
      broken->sigma[k] = k % 2 ? NAN : -1;
      flat->intensity[k] = 1;
    }
  broken->q[2] = -1;
  broken->q[5] = NAN;
  for (gsize k = 0; k < 300; k++)
    huge->intensity[k] = pow (10, 300 - 2.0 * (double) k);
  for (guint k = 0; k < G_N_ELEMENTS (all); k++)
    {
      g_autoptr (GBytes) svg
          = saxid_plot_curve (&(SaxidCurvePlot) { .curve = all[k] }, SAXID_CANVAS_SVG);
      g_autoptr (GBytes) png
          = saxid_plot_curve (&(SaxidCurvePlot) { .curve = all[k] }, SAXID_CANVAS_PNG);

      assert_well_formed (svg);
      g_assert_cmpuint (g_bytes_get_size (svg), <, 60000);
      cairo_surface_destroy (decode (png));
    }
}

static void
test_size_is_bounded (void)
{
  g_autoptr (SaxidCurve) curve = sample_spheres (200000);
  g_autoptr (GBytes) svg = saxid_plot_curve (&(SaxidCurvePlot) { .curve = curve }, SAXID_CANVAS_SVG);

  g_assert_cmpuint (g_bytes_get_size (svg), <, 250000);
}

static void
test_model_and_residuals (void)
{
  g_autoptr (SaxidCurve) curve = sample_spheres (100);
  g_autofree double *model = g_new (double, 100);
  SaxidPlotLine line = { "a <b> model", 100, curve->q, model };
  SaxidGuinier guinier = {
    .status = SAXID_GUINIER_OK, .rg = 38.7, .rg_error = 0.12, .i0 = 1, .q_min = 0.004, .q_max = 0.033
  };
  SaxidCurvePlot plot = { .curve = curve,
                          .n_line = 1,
                          .line = &line,
                          .residuals = TRUE,
                          .guinier = &guinier,
                          .window_min = 0.01,
                          .window_max = 0.1,
                          .window_label = "window" };
  g_autoptr (GBytes) svg = NULL;
  g_autoptr (GBytes) far = NULL;

  for (gsize k = 0; k < 100; k++)
    model[k] = curve->intensity[k] - curve->sigma[k] * (k % 2 ? 1 : -1);
  svg = saxid_plot_curve (&plot, SAXID_CANVAS_SVG);
  assert_well_formed (svg);
  g_assert_nonnull (strstr (text_of (svg), "a &lt;b&gt; model"));
  g_assert_nonnull (strstr (text_of (svg), ">ΔI / σ<"));
  g_assert_nonnull (strstr (text_of (svg), "Rg = 38.70 ± 0.12 Å"));
  g_assert_nonnull (strstr (text_of (svg), ">window<"));

  /* a line that leaves the panel is cut at its edge */
  for (gsize k = 0; k < 100; k++)
    model[k] = k < 50 ? 1e12 : 1e-12;
  model[70] = NAN;
  g_clear_pointer (&curve->sigma, g_free);
  far = saxid_plot_curve (&plot, SAXID_CANVAS_SVG);
  assert_well_formed (far);
  g_assert_nonnull (strstr (text_of (far), ">ΔI (%)<"));
}

static void
test_classes (void)
{
  const float probability[] = { 0.2f, 0.75f, 0.0499f, 0.0001f };
  const guint8 in_set[] = { 1, 1, 0, 0 };
  g_autoptr (GBytes) svg = saxid_plot_classes (
      &(SaxidClassPlot) { .n = 4, .name = sample_classes, .probability = probability, .in_set = in_set },
      SAXID_CANVAS_SVG);
  const char *first, *second;

  assert_well_formed (svg);
  first = strstr (text_of (svg), ">cylinder<");
  second = strstr (text_of (svg), ">sphere<");
  g_assert_true (first != NULL && second != NULL && first < second);
  g_assert_nonnull (strstr (text_of (svg), ">75.0 %<"));
  g_assert_nonnull (strstr (text_of (svg), ">&lt; 0.1 %<"));
  g_assert_nonnull (strstr (text_of (svg), ">core-shell sphere<"));
  g_assert_nonnull (strstr (text_of (svg), "in the 95 % set"));
}

static void
test_grid_matrix_frames (void)
{
  g_autoptr (SaxidCurve) a = sample_spheres (60);
  g_autoptr (SaxidCurve) b = sample_spheres (90);
  const SaxidCurve *curves[] = { a, b };
  const SaxidGridPanel panel[]
      = { { "sphere", 2, curves }, { "cylinder", 1, curves }, { "oblate", 0, curves } };
  const double count[16] = { 90, 10, 0, 0, 1, 2999, 0, 0, 0, 0, 0, 0, 0, 5, 0, 5 };
  const float probability[] = { 0.9f, 0.1f, 0, 0, -1, -1, -1, -1, 0, 0, 1, 0 };
  g_autoptr (GBytes) grid
      = saxid_plot_grid (&(SaxidGridPlot) { "grid", 3, panel, 2, "1/cm" }, SAXID_CANVAS_SVG);
  g_autoptr (GBytes) empty = saxid_plot_grid (&(SaxidGridPlot) { .n_panel = 0 }, SAXID_CANVAS_SVG);
  g_autoptr (GBytes) matrix
      = saxid_plot_matrix (&(SaxidMatrixPlot) { "matrix", 4, sample_classes, count }, SAXID_CANVAS_SVG);
  g_autoptr (GBytes) frames = saxid_plot_frames (
      &(SaxidFramesPlot) { "frames", 4, sample_classes, 3, probability, 0 }, SAXID_CANVAS_SVG);

  assert_well_formed (grid);
  assert_well_formed (empty);
  assert_well_formed (matrix);
  assert_well_formed (frames);
  g_assert_nonnull (strstr (text_of (grid), ">oblate<"));
  g_assert_nonnull (strstr (text_of (matrix), ">90.0<"));
  g_assert_nonnull (strstr (text_of (matrix), ">&lt;0.1<"));
  g_assert_nonnull (strstr (text_of (matrix), ">–<")); /* a class without samples */
  g_assert_nonnull (strstr (text_of (matrix), "matrix – 99.5 % of 3110 right"));
}

/* A series of parts, with gaps where nothing was counted. */
static void
test_success (void)
{
  const double right[2][4] = { { 1, 20, 0, 9 }, { 0, 0, 0, 0 } }, all[2][4] = { { 10, 20, 0, 10 }, { 0, 0, 0, 0 } };
  const SaxidSuccessPlot plot = { .title = "success", .x_title = "aspect", .n = 4, .n_series = 2, .low = 0.25,
                                  .high = 4, .label = (const char *const[]) { "homogeneous", "nothing" },
                                  .right = (const double *const[]) { right[0], right[1] },
                                  .all = (const double *const[]) { all[0], all[1] } };
  g_autoptr (GBytes) drawing = saxid_plot_success (&plot, SAXID_CANVAS_SVG);

  assert_well_formed (drawing);
  g_assert_nonnull (strstr (text_of (drawing), ">homogeneous<"));
  g_assert_nonnull (strstr (text_of (drawing), ">100<"));
  g_assert_null (strstr (text_of (drawing), "nan"));
}

static void
test_ticks (void)
{
  const struct
  {
    double low, high, length, space;
    SaxidLabelStyle style;
    const char *labels;
  } cases[] = {
    { 0.0031, 0.1493, 560, 46, SAXID_LABEL_DECIMAL, "0.005 0.01 0.02 0.05 0.1" },
    { 1e-4, 1e2, 360, 24, SAXID_LABEL_POWER, "10⁻⁴ 10⁻³ 10⁻² 10⁻¹ 10⁰ 10¹ 10²" },
    { 1e-20, 1e20, 360, 24, SAXID_LABEL_POWER, "10⁻²⁰ 10⁻¹⁷" /* every third decade, as many as fit */ },
    { 0.11, 0.24, 560, 46, SAXID_LABEL_DECIMAL, "0.2" /* and more */ },
  };

  for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      const SaxidScale axis = { TRUE, cases[k].low, cases[k].high, 0, cases[k].length, cases[k].style };
      g_autoptr (GArray) ticks = saxid_scale_ticks (&axis, cases[k].space);
      g_autoptr (GString) labels = g_string_new (NULL);
      double last = -1e9;
      guint n = 0;

      for (guint t = 0; t < ticks->len; t++)
        {
          const SaxidTick *tick = &g_array_index (ticks, SaxidTick, t);

          if (tick->label[0] == '\0')
            continue;
          g_assert_cmpfloat (tick->place - last, >=, cases[k].space * 0.999);
          last = tick->place;
          g_string_append_printf (labels, "%s%s", n > 0 ? " " : "", tick->label);
          n++;
        }
      g_assert_cmpuint (n, >=, 2);
      if (k < 2)
        g_assert_cmpstr (labels->str, ==, cases[k].labels);
    }
}

static void
test_numbers (void)
{
  const struct
  {
    double value, error;
    const char *text;
  } cases[] = {
    { 38.712, 0.1234, "38.71 ± 0.12" },
    { 1.4912, 0.02477, "1.491 ± 0.025" },
    { 3773.3, 93.04, "3773 ± 93" },
    { 1.5e-7, 2e-9, "1.50·10⁻⁷ ± 2.00·10⁻⁹" },
  };

  for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autofree char *text = saxid_scale_measure (cases[k].value, cases[k].error);

      g_assert_cmpstr (text, ==, cases[k].text);
    }
}

static void
test_files (void)
{
  g_autoptr (GError) unknown = NULL;
  g_autoptr (GError) nowhere = NULL;
  g_autoptr (GBytes) drawing = g_bytes_new_static ("x", 1);
  SaxidCanvasFormat format;

  g_assert_true (saxid_plot_format ("a/b.SVG", &format, NULL));
  g_assert_cmpint (format, ==, SAXID_CANVAS_SVG);
  g_assert_true (saxid_plot_format ("b.png", &format, NULL));
  g_assert_cmpint (format, ==, SAXID_CANVAS_PNG);
  g_assert_false (saxid_plot_format ("b.pdf", &format, &unknown));
  g_assert_error (unknown, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
  g_assert_cmpstr (unknown->message, ==,
                   "plot file 'b.pdf' has an unknown ending, .svg or .png is needed");
  g_assert_false (saxid_plot_save (drawing, "/nonexistent/dir/x.svg", &nowhere));
  g_assert_error (nowhere, SAXID_ERROR, SAXID_ERROR_IO);
}

/* Words that a file may hold, in every place that shows words. */
static void
test_hostile_words (void)
{
  const char *bad = "</text><script>alert(1)</script>\033[2J\"'&\xff\xfe";
  const char *names[] = { bad, bad };
  const float probability[] = { 0.5f, 0.5f };
  const double count[] = { 1, 2, 3, 4 };
  g_autoptr (SaxidCurve) curve = sample_spheres (50);
  const SaxidCurve *curves[] = { curve };
  SaxidPlotLine line = { bad, 50, curve->q, curve->intensity };
  SaxidGridPanel panel = { bad, 1, curves };
  g_autofree char *endless = g_strnfill (2000000, 'W');
  GBytes *drawing[] = {
    saxid_plot_curve (&(SaxidCurvePlot) { .title = bad,
                                         .curve = curve,
                                         .intensity_unit = bad,
                                         .n_line = 1,
                                         .line = &line,
                                         .window_min = 0.01,
                                         .window_max = 0.02,
                                         .window_label = bad },
                      SAXID_CANVAS_SVG),
    saxid_plot_classes (&(SaxidClassPlot) { bad, 2, names, probability, NULL, 0 }, SAXID_CANVAS_SVG),
    saxid_plot_grid (&(SaxidGridPlot) { bad, 1, &panel, 0, bad }, SAXID_CANVAS_SVG),
    saxid_plot_matrix (&(SaxidMatrixPlot) { bad, 2, names, count }, SAXID_CANVAS_SVG),
    saxid_plot_frames (&(SaxidFramesPlot) { bad, 2, names, 1, probability, 0 }, SAXID_CANVAS_SVG),
    saxid_plot_curve (&(SaxidCurvePlot) { .title = endless, .curve = curve }, SAXID_CANVAS_SVG),
  };

  for (guint k = 0; k < G_N_ELEMENTS (drawing); k++)
    {
      assert_well_formed (drawing[k]);
      g_assert_null (strstr (text_of (drawing[k]), "<script"));
      g_assert_null (strchr (text_of (drawing[k]), '\033'));
      g_bytes_unref (drawing[k]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plot/ink-where-points-are", test_ink_where_points_are);
  g_test_add_func ("/plot/titles", test_titles);
  g_test_add_func ("/plot/not-positive", test_not_positive);
  g_test_add_func ("/plot/noise-does-not-stretch", test_noise_does_not_stretch);
  g_test_add_func ("/plot/views", test_views);
  g_test_add_func ("/plot/heat", test_heat);
  g_test_add_func ("/plot/cake", test_cake);
  g_test_add_func ("/plot/odd-curves", test_odd_curves);
  g_test_add_func ("/plot/size-is-bounded", test_size_is_bounded);
  g_test_add_func ("/plot/model-and-residuals", test_model_and_residuals);
  g_test_add_func ("/plot/classes", test_classes);
  g_test_add_func ("/plot/grid-matrix-frames", test_grid_matrix_frames);
  g_test_add_func ("/plot/success", test_success);
  g_test_add_func ("/plot/ticks", test_ticks);
  g_test_add_func ("/plot/numbers", test_numbers);
  g_test_add_func ("/plot/files", test_files);
  g_test_add_func ("/plot/hostile-words", test_hostile_words);
  return g_test_run ();
}
