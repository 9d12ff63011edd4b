/* Are geometry files of every version read, and the others refused? */
#include <pthread.h>

#include "reducers/error.h"
#include "reducers/mask.h"
#include "schemas/frame/poni.h"

#define REST                                                                                           \
  "Distance: 1.5\nPoni1: 0.01\nPoni2: 0.02\nRot1: 0.1\nRot2: -0.2\nRot3: 0.3\nWavelength: 1e-10\n"

static void
test_version_1 (void)
{
  SaxidGeometry geometry;
  g_autoptr (GError) error = NULL;

  saxid_poni_parse ("# Nota: C-Order, 1 refers to the Y axis, 2 to the X axis\nPixelSize1: 0.0001\n"
                    "PixelSize2: 0.0002\nSplineFile: None\n" REST,
                    "x.poni", &geometry, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (geometry.dist, ==, 1.5);
  g_assert_cmpfloat (geometry.poni1, ==, 0.01);
  g_assert_cmpfloat (geometry.rot2, ==, -0.2);
  g_assert_cmpfloat (geometry.pixel1, ==, 1e-4);
  g_assert_cmpfloat (geometry.pixel2, ==, 2e-4);
  g_assert_cmpuint (geometry.height, ==, 0);
}

static void
test_version_2 (void)
{
  SaxidGeometry geometry;
  g_autoptr (GError) error = NULL;

  saxid_poni_parse (
      "poni_version: 2\nDetector: Detector\nDetector_config: {\"pixel1\": 7.5e-05, \"pixel2\": "
      "7.6e-05, \"max_shape\": [512, 1028]}\n" REST,
      "x.poni", &geometry, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (geometry.pixel2, ==, 7.6e-5);
  g_assert_cmpuint (geometry.height, ==, 512);
  g_assert_cmpuint (geometry.width, ==, 1028);
}

static void
test_known_detectors (void)
{
  static const char *const names[] = { "Pilatus1M", "Pilatus 1M", "PilatusCdTe1M", "pilatus_1m" };

  for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
    {
      g_autofree char *text = g_strdup_printf (
          "poni_version: 2.1\nDetector: %s\nDetector_config: {\"orientation\": 3}\n" REST, names[k]);
      SaxidGeometry geometry;
      g_autoptr (GError) error = NULL;

      saxid_poni_parse (text, "x.poni", &geometry, &error);
      g_assert_no_error (error);
      g_assert_cmpfloat (geometry.pixel1, ==, 172e-6);
      g_assert_cmpuint (geometry.height, ==, 1043);
      g_assert_cmpuint (geometry.width, ==, 981);
    }
}

/* Without a wavelength there are angles and radii; orientations are those of Exif. */
static void
test_orientation_and_wavelength (void)
{
  SaxidGeometry geometry;
  g_autoptr (GError) error = NULL;

  saxid_poni_parse ("poni_version: 2.1\nDetector: Eiger2_4M\nDetector_config: {\"orientation\": 2}\nDistance: 1\nPoni1: 0\n"
                    "Poni2: 0\nWavelength: None\nsensor: {}\n",
                    "x", &geometry, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (geometry.wavelength, ==, 0);
  g_assert_cmpuint (geometry.orientation, ==, 2);
  g_assert_cmpuint (geometry.module_height, ==, 512);
}

/* Modules and gaps fill every detector of the table to the pixel. */
static void
test_gaps (void)
{
  static const struct
  {
    const char *name;
    gsize height, width, gaps;
  } cases[] = {
    { "Pilatus1M", 1043, 981, 1043 * 981 - 10 * 195 * 487 },
    { "Eiger 1M", 1065, 1030, 37 * 1030 },
    { "Eiger4M", 2167, 2070, 2167 * 2070 - 8 * 514 * 1030 },
    { "Eiger2CdTe_4M", 2162, 2068, 2162 * 2068 - 8 * 512 * 1028 },
    { "Eiger2 1M-W", 512, 2068, 512 * 12 },
    { "Pilatus 300K-W", 195, 1475, 195 * 14 },
  };
  static const char *const unknown[] = { "Frelon", "Pilatusx", "eiger", "Pilatus1Mx", "lambda1w", "" };
  SaxidGeometry none = { 0 };
  guint8 one = 0;
  g_autoptr (GError) error = NULL;

  for (gsize k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      SaxidGeometry geometry = { 0 };
      g_autofree guint8 *mask = NULL;

      g_assert_true (saxid_detector_apply (cases[k].name, &geometry, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (geometry.height, ==, cases[k].height);
      g_assert_cmpuint (geometry.width, ==, cases[k].width);
      mask = g_new0 (guint8, geometry.height * geometry.width);
      g_assert_cmpuint (saxid_mask_gaps (mask, &geometry, geometry.height, geometry.width), ==, cases[k].gaps);
      g_assert_cmpuint (mask[0], ==, 0);
      g_assert_cmpuint (mask[geometry.height * geometry.width - 1], ==, 0);
    }
  g_assert_cmpuint (saxid_mask_gaps (&one, &none, 1, 1), ==, 0);
  g_assert_true (saxid_detector_apply ("Lambda 750k", &none, &error));
  for (gsize k = 0; k < G_N_ELEMENTS (unknown); k++)
    {
      g_assert_false (saxid_detector_apply (unknown[k], &none, &error));
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
      g_assert_nonnull (strstr (error->message, "eiger4m"));
      g_clear_error (&error);
    }
}

/* pyFAI appends to its files: what comes last holds. */
static void
test_last_holds (void)
{
  SaxidGeometry geometry;

  g_assert_true (saxid_poni_parse (
      "PixelSize1: 1e-4\nPixelSize2: 1e-4\n" REST "# later\nDistance: 2.5\n", "x", &geometry, NULL));
  g_assert_cmpfloat (geometry.dist, ==, 2.5);
}

static void
test_refusals (void)
{
  static const struct
  {
    const char *text;
    int code;
    const char *message;
  } cases[] = {
    { "", SAXID_ERROR_UNSUPPORTED, "detector '' of the geometry is not known" },
    { "PixelSize1: 1e-4\nPixelSize2: 1e-4\nDistance: 1\n", SAXID_ERROR_FORMAT,
      "geometry has no poni1 (x)" },
    { "PixelSize1: small\nPixelSize2: 1e-4\n" REST, SAXID_ERROR_FORMAT,
      "pixelsize1 of the geometry is 'small'" },
    { "PixelSize1: 1e-4\nPixelSize2: 1e-4\n" REST "Distance: nan\n", SAXID_ERROR_FORMAT,
      "distance of the" },
    { "PixelSize1: 1e-4\nPixelSize2: 1e-4\n" REST "Wavelength: 1.5\n", SAXID_ERROR_DATA,
      "geometry has a wavelength" },
    { "PixelSize1: 1e-4\nPixelSize2: 1e-4\n" REST "SplineFile: frelon.spline\n",
      SAXID_ERROR_UNSUPPORTED, "geometry has the distortion" },
    { "poni_version: 3\n" REST, SAXID_ERROR_UNSUPPORTED, "geometry has the version 3" },
    { "poni_version: 2\nDetector: Frelon\nDetector_config: {}\n" REST, SAXID_ERROR_UNSUPPORTED,
      "detector 'Frelon'" },
    { "poni_version: 2\nDetector: Detector\nDetector_config: [1]\n" REST, SAXID_ERROR_FORMAT,
      "detector_config of" },
    { "poni_version: 2.1\nDetector: Pilatus1M\nDetector_config: {\"orientation\": 5}\n" REST,
      SAXID_ERROR_UNSUPPORTED, "detector has the orientation 5, 1 to 4 are read (x)" },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      SaxidGeometry geometry = { .dist = 42 };
      g_autoptr (GError) error = NULL;

      g_assert_false (saxid_poni_parse (cases[k].text, "x", &geometry, &error));
      g_assert_error (error, SAXID_ERROR, cases[k].code);
      g_assert_true (g_str_has_prefix (error->message, cases[k].message));
      g_assert_cmpfloat (geometry.dist, ==, 42); /* a failure leaves it alone */
    }
}

/* json-glib calls itself for each bracket: the stack must not be the limit. A shape that is
 * none is not read as one. */
static void
test_odd_json (void)
{
  g_autofree char *brackets = g_strnfill (500000, '[');
  g_autofree char *deep = g_strdup_printf ("Detector_config: {\"a\":%s\n" REST, brackets);
  g_autoptr (GError) error = NULL;
  SaxidGeometry geometry;

  g_assert_false (saxid_poni_parse (deep, "x", &geometry, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT);
  g_assert_true (saxid_poni_parse ("poni_version: 2.1\nDetector_config: {\"pixel1\": 1e-4, \"pixel2\": 1e-4,"
                                   " \"max_shape\": [[1], {}]}\n" REST, "x", &geometry, NULL));
  g_assert_cmpuint (geometry.height + geometry.width, ==, 0);
}

static void *
parse_deep (void *text)
{
  SaxidGeometry geometry;
  g_autoptr (GError) error = NULL;

  saxid_poni_parse (text, "x.poni", &geometry, &error);
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT);
  return NULL;
}

/* The threads of a host may have small stacks. */
static void
test_deep_json_on_a_small_stack (void)
{
  g_autofree char *open = g_strnfill (495, '['), *close = g_strnfill (495, ']');
  g_autofree char *deep = g_strdup_printf ("Detector_config: {\"pixel1\": 1e-4, \"a\":%s%s}\n" REST, open, close);
  pthread_attr_t attributes;
  pthread_t thread;

  pthread_attr_init (&attributes);
  g_assert_cmpint (pthread_attr_setstacksize (&attributes, 64 << 10), ==, 0);
  g_assert_cmpint (pthread_create (&thread, &attributes, parse_deep, deep), ==, 0);
  pthread_join (thread, NULL);
  pthread_attr_destroy (&attributes);
}

/* 2^64 + 1 as a product, and what no detector has. */
static void
test_shape_is_bounded (void)
{
  static const char *const shapes[] = { "1311768467463790321, 8626431131137102353", "8589934592, 2147483648", "50000, 5000" };

  for (gsize k = 0; k < G_N_ELEMENTS (shapes); k++)
    {
      g_autofree char *text
        = g_strdup_printf ("Detector_config: {\"pixel1\": 1e-4, \"pixel2\": 1e-4, \"max_shape\": [%s]}\n" REST, shapes[k]);
      SaxidGeometry geometry;
      g_autoptr (GError) error = NULL;

      g_assert_false (saxid_poni_parse (text, "x.poni", &geometry, &error));
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT);
    }
}

static void
test_no_file (void)
{
  SaxidGeometry geometry;
  g_autoptr (GError) error = NULL;

  g_assert_false (saxid_poni_file_read ("/nonexistent/x.poni", &geometry, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_IO);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/poni-file/version-1", test_version_1);
  g_test_add_func ("/poni-file/version-2", test_version_2);
  g_test_add_func ("/poni-file/known-detectors", test_known_detectors);
  g_test_add_func ("/poni-file/last-holds", test_last_holds);
  g_test_add_func ("/poni-file/refusals", test_refusals);
  g_test_add_func ("/poni-file/odd-json", test_odd_json);
  g_test_add_func ("/poni-file/deep-json", test_deep_json_on_a_small_stack);
  g_test_add_func ("/poni-file/shape", test_shape_is_bounded);
  g_test_add_func ("/poni-file/no-file", test_no_file);
  g_test_add_func ("/poni-file/orientation-and-wavelength", test_orientation_and_wavelength);
  g_test_add_func ("/poni-file/gaps", test_gaps);
  return g_test_run ();
}
