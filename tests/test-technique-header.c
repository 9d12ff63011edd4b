/* Is what headers say of the technique understood, in every notation that instruments have? */
#include <math.h>
#include <string.h>

#include "reducers/technique.h"
#include "schemas/technique/words.h"

typedef void (*Say) (SaxidTechniqueWords *words, const char *text);

static void
say_lines (SaxidTechniqueWords *words, const char *text)
{
  saxid_technique_lines (words, "header", text);
}

static void
say_xml (SaxidTechniqueWords *words, const char *text)
{
  saxid_technique_xml (words, "header", text);
}

static void
say_title (SaxidTechniqueWords *words, const char *text)
{
  saxid_technique_title (words, "name", text);
}

static void
say_camera (SaxidTechniqueWords *words, const char *text)
{
  saxid_technique_camera (words, "detector", text);
}

static void
say_motors (SaxidTechniqueWords *words, const char *text)
{
  saxid_technique_motors (words, "motors", "chi th phi", text);
}

static void
hear (Say say, const char *text, SaxidTechniqueHeader *header)
{
  SaxidTechniqueWords words = SAXID_TECHNIQUE_WORDS_INIT (header);

  say (&words, text);
  saxid_technique_words_end (&words);
}

/* Percent that it grazes, that it is wide: 50 where nothing is known. */
static const struct
{
  Say say;
  const char *text;
  int grazing, wide;
  double angle; /* 0: none */
} cases[] = {
  { say_lines, "# Alpha 0.2000 deg.\n# Chi 12.0 deg.\n", 90, 50, 0.2 },
  { say_lines, "# Start_angle 0.1000 deg.\n# Angle_increment 0.1000 deg.\n", 50, 50, 0 }, /* a crystal that turns */
  { say_lines, "# Start_angle 0.1000 deg.\n# Angle_increment 0.0000 deg.\n", 90, 50, 0.1 },
  { say_lines, "# Alpha 0.0000 deg.\n", 50, 50, 0 }, /* 0 does not say transmission */
  { say_lines, "# Detector_2theta 30.0000 deg.\n", 50, 98, 0 },
  { say_lines, "Sample Alpha Stage: 0.14\nOther: 3\n", 98, 50, 0.14 },
  { say_lines, "incident_angle = 2.6 mrad\n", 98, 50, 2.6e-3 * 180 / G_PI },
  { say_lines, "Incidence Angle = 45\n", 50, 50, 0 }, /* nothing grazes at 45 degrees */
  { say_lines, "technique = GIWAXS\n", 98, 98, 0 },
  { say_lines, "scattering_geometry = transmission\n", 2, 50, 0 },
  { say_lines, "sample_transmission = 0.41\n", 2, 50, 0 },
  { say_lines, "sample_transmission = 1\n", 50, 50, 0 },
  { say_lines, "technique = SAXS\nincident_angle = 0.2\n", 50, 2, 0.2 }, /* they contradict */
  { say_lines, "detector_name = Pilatus2M_WAXS\n", 50, 98, 0 },
  { say_camera, "usxLAX:SAXS:Distance", 50, 2, 0 }, /* films are measured with it, too */
  { say_camera, "eiger_gisaxs", 50, 2, 0 },
  { say_camera, "saxs_or_waxs", 50, 50, 0 },
  { say_xml, "<SAXSLABparam><param name=\"thsam\">0.15</param><param name=\"sample_transfact\"></param>", 98, 50, 0.15 },
  { say_xml, "<param name=\"thsam\">-0.00006</param><param name=\"sample_transfact\">0.30</param>", 2, 50, 0 },
  { say_xml, "<param name=\"thsam\"", 50, 50, 0 }, /* cut short */
  { say_xml, "<param name=\"thsam\"/><param name=\"sample_angle1\">0.2</param>", 98, 50, 0.2 },
  { say_motors, "1.5 0.25 0", 90, 50, 0.25 },
  { say_motors, "1.5", 50, 50, 0 },
  { say_title, "film_GISAXS_th0.150_12.cbf", 90, 10, 0.15 },
  { say_title, "run_ai0.14deg.tif", 90, 50, 0.14 },
  { say_title, "path2_th2_7.cbf", 50, 50, 0 }, /* a number of something */
  { say_title, "sample_theta1.5nm.nxs", 50, 50, 0 },
  { say_title, "waxs_powder.h5", 10, 90, 0 },
  { say_title, "saxs_and_gisaxs.h5", 50, 10, 0 }, /* of both: of neither */
  { say_title, "taxsaxsing.h5", 50, 50, 0 },
};

static void
test_notations (void)
{
  for (gsize k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      SaxidTechniqueHeader header = { .has_angle = FALSE };
      SaxidTechniqueBelief belief;

      hear (cases[k].say, cases[k].text, &header);
      saxid_technique_believe (&header, NULL, &belief);
      g_test_message ("%s: %.3f %.3f", cases[k].text, belief.half[0], belief.half[1]);
      g_assert_cmpint ((int) round (100 * belief.half[SAXID_HALF_GRAZING]), ==, cases[k].grazing);
      g_assert_cmpint ((int) round (100 * belief.half[SAXID_HALF_WIDE]), ==, cases[k].wide);
      g_assert_cmpint (header.has_angle, ==, cases[k].angle > 0);
      if (cases[k].angle > 0)
        g_assert_cmpfloat_with_epsilon (header.incident_angle, cases[k].angle, 1e-9);
      saxid_technique_header_clear (&header);
    }
}

/* A name alone decides nothing, a field does. */
static void
test_name_alone (void)
{
  SaxidTechniqueHeader header = { .has_angle = FALSE };
  SaxidTechniqueBelief belief;

  hear (say_title, "gisaxs_7.tif", &header);
  saxid_technique_believe (&header, NULL, &belief);
  g_assert_cmpint (belief.best, ==, SAXID_TECHNIQUE_GISAXS);
  g_assert_true (belief.only_name);
  g_assert_false (saxid_technique_refuses (&belief));
  hear (say_lines, "# Alpha 0.2 deg.", &header); /* as sure as a name, and more than one */
  saxid_technique_believe (&header, NULL, &belief);
  g_assert_true (saxid_technique_refuses (&belief));
  g_assert_nonnull (strstr (belief.place, "Alpha = 0.2 degree"));
  saxid_technique_header_clear (&header);
}

/* Odds multiply: 0.9 of a name and 0.99 of an image, with each other; against a header that says grazing
 * an image has five to one at most, against one that does not all it has. */
static void
test_image (void)
{
  SaxidTechniqueHeader header = { .has_angle = FALSE };
  SaxidTechniqueImage image = { .half = { -log (99), log (99) }, .known = TRUE };
  SaxidTechniqueBelief belief;
  double sum = 0;

  hear (say_title, "gisaxs_7.tif", &header);
  saxid_technique_believe (&header, &image, &belief);
  g_assert_cmpfloat_with_epsilon (belief.half[SAXID_HALF_GRAZING], 9 / (9 + 5.0), 1e-12);
  g_assert_cmpint (belief.witness, ==, SAXID_WITNESS_DISAGREE);
  g_assert_cmpint (belief.header, ==, SAXID_TECHNIQUE_GISAXS);
  g_assert_cmpint (belief.image, ==, SAXID_TECHNIQUE_WAXS);
  saxid_technique_header_clear (&header);
  hear (say_title, "saxs_7.tif", &header);
  image.half[SAXID_HALF_GRAZING] = log (99);
  saxid_technique_believe (&header, &image, &belief);
  g_assert_cmpfloat_with_epsilon (belief.half[SAXID_HALF_GRAZING], 99 / (9 + 99.0), 1e-12);
  saxid_technique_header_clear (&header);
  hear (say_title, "gisaxs_7.tif", &header);
  saxid_technique_believe (&header, &image, &belief);
  g_assert_cmpfloat_with_epsilon (belief.half[SAXID_HALF_GRAZING], 891 / 892.0, 1e-12);
  g_assert_cmpint (belief.witness, ==, SAXID_WITNESS_AGREE);
  g_assert_true (saxid_technique_refuses (&belief));
  for (guint k = 0; k < SAXID_N_TECHNIQUE; k++)
    sum += belief.probability[k];
  g_assert_cmpfloat_with_epsilon (sum, 1, 1e-12);
  /* an image that is not sure does not bear a name out, and against a header it stops nothing */
  image.half[SAXID_HALF_GRAZING] = log (2);
  saxid_technique_believe (&header, &image, &belief);
  g_assert_false (saxid_technique_refuses (&belief));
  saxid_technique_header_clear (&header);
  /* alone it stops where it is sure, but not against a field */
  image.half[SAXID_HALF_GRAZING] = log (SAXID_IMAGE_SURE / (1 - SAXID_IMAGE_SURE)) - 0.01;
  saxid_technique_believe (&header, &image, &belief);
  g_assert_false (saxid_technique_refuses (&belief));
  image.half[SAXID_HALF_GRAZING] += 0.02;
  saxid_technique_believe (&header, &image, &belief);
  g_assert_true (saxid_technique_refuses (&belief));
  g_assert_null (belief.place);
  image.half[SAXID_HALF_GRAZING] = log (1e5);
  hear (say_lines, "sample_transmission = 0.4", &header);
  saxid_technique_believe (&header, &image, &belief);
  g_assert_false (saxid_technique_refuses (&belief));
  saxid_technique_header_clear (&header);
}

/* An axis at a small angle is a hint: an image that is sure of the contrary stands against it with all it has. */
static void
test_hint (void)
{
  SaxidTechniqueHeader header = { .has_angle = FALSE };
  SaxidTechniqueImage image = { .half = { -log (99), 0 }, .known = TRUE };
  SaxidTechniqueBelief belief;

  hear (say_motors, "1.5 0.25 0", &header);
  saxid_technique_believe (&header, &image, &belief);
  g_assert_cmpfloat_with_epsilon (belief.half[SAXID_HALF_GRAZING], 9 / (9 + 99.0), 1e-12);
  g_assert_false (saxid_technique_refuses (&belief));
  saxid_technique_header_clear (&header);
}

static void
assert_said (const SaxidTechniqueBelief *belief, const char *region, const char *said)
{
  g_autofree char *apart = saxid_technique_disagreement (belief, region);

  g_assert_cmpstr (apart, ==, said);
}

/* A line has both sides with their figures, and two fields that contradict each other are named. */
static void
test_disagreement (void)
{
  SaxidTechniqueHeader header = { .has_angle = FALSE };
  SaxidTechniqueImage image = { .half = { -log (9.5), log (199) }, .known = TRUE };
  SaxidTechniqueBelief belief;

  hear (say_lines, "incident_angle = 0.2", &header);
  saxid_technique_believe (&header, &image, &belief); /* less than ten to one */
  assert_said (&belief, NULL, NULL);
  image.half[SAXID_HALF_GRAZING] = -log (199);
  saxid_technique_believe (&header, &image, &belief);
  g_assert_true (saxid_technique_is_apart (&belief, SAXID_HALF_GRAZING));
  g_assert_false (saxid_technique_is_apart (&belief, SAXID_HALF_WIDE));
  assert_said (&belief, "rows 1 to 2", "header says grazing (0.98: incident_angle = 0.2 degree, header), image transmission (0.995: rows 1 to 2)");
  image.half[SAXID_HALF_GRAZING] = log (199);
  saxid_technique_claim_q (&header, 0.3);
  saxid_technique_believe (&header, &image, &belief);
  assert_said (&belief, NULL, "header says small angles (0.98: q up to 0.3 1/Å, geometry), image wide angles (0.995)");
  hear (say_lines, "sample_transmission = 0.5", &header);
  saxid_technique_believe (&header, NULL, &belief);
  assert_said (&belief, NULL, "header says transmission (sample_transmission = 0.5, header) and grazing (incident_angle = 0.2 degree, header)");
  saxid_technique_header_clear (&header);
}

/* Angles of the frames: each has its own, none where it is 0 or not a number; of two fields the first counts, angle and all. */
static void
test_angles (void)
{
  static const double said[] = { NAN, 0, 3.4906585, 90 }; /* mrad: 0.2 degrees, and more than grazes */
  static const double one[] = { 0.3, 0.3000004 }, other[] = { 0.4 }, noise[] = { 1e-5, -2e-5, 3e-6 };
  SaxidTechniqueHeader header = { .has_angle = FALSE };
  SaxidTechniqueWords words = SAXID_TECHNIQUE_WORDS_INIT (&header);

  saxid_technique_numbers (&words, "sample", "incident_angle", said, G_N_ELEMENTS (said), "mrad");
  saxid_technique_words_end (&words);
  g_assert_cmpuint (header.n_angle, ==, G_N_ELEMENTS (said));
  g_assert_false (header.has_angle);
  for (gsize frame = 0; frame < G_N_ELEMENTS (said) + 2; frame++)
    {
      SaxidTechniqueHeader of;
      SaxidTechniqueBelief belief;

      saxid_technique_header_of (&header, frame, &of);
      saxid_technique_believe (&of, NULL, &belief);
      g_assert_cmpint (of.has_angle, ==, frame == 2);
      g_assert_cmpfloat_with_epsilon (belief.half[SAXID_HALF_GRAZING], frame == 2 ? 0.98 : 0.5, 1e-12);
      if (frame == 2)
        g_assert_cmpstr (belief.place, ==, "incident_angle = 0.2 degree in frame 2, sample");
      saxid_technique_header_clear (&of);
    }
  saxid_technique_header_clear (&header);
  words = (SaxidTechniqueWords) SAXID_TECHNIQUE_WORDS_INIT (&header);
  saxid_technique_numbers (&words, "sample", "thsam", noise, G_N_ELEMENTS (noise), "deg"); /* an encoder at 0 */
  g_assert_false (header.has_angle);
  saxid_technique_numbers (&words, "sample", "incident_angle", one, 2, "deg");
  saxid_technique_numbers (&words, "sample", "alpha_i", other, 1, "deg");
  g_assert_cmpuint (header.n_angle, ==, 0);
  g_assert_cmpfloat (header.incident_angle, ==, 0.3);
  g_assert_nonnull (strstr (header.claim[SAXID_HALF_GRAZING][1].place, "incident_angle"));
  saxid_technique_words_end (&words);
  saxid_technique_header_clear (&header);
}

/* The range is that of the pixels, wherever the beam is and however the detector leans. */
static void
test_q_extremes (void)
{
  static const SaxidGeometry of[] = {
    { .dist = 2, .poni1 = 0.0501, .poni2 = 0.071, .pixel1 = 172e-6, .pixel2 = 172e-6, .wavelength = 1e-10 },
    { .dist = 0.3, .poni1 = -0.04, .poni2 = 0.09, .pixel1 = 172e-6, .pixel2 = 172e-6, .wavelength = 1e-10 },
    { .dist = 0.2, .poni1 = 0.03, .poni2 = 0.02, .rot1 = 0.3, .rot2 = -0.1, .pixel1 = 172e-6, .pixel2 = 172e-6, .wavelength = 1e-10 },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (of); k++)
    {
      SaxidGeometry geometry = of[k];
      SaxidTechniqueRange range;
      double least = INFINITY, most = 0;

      saxid_technique_q_range (&geometry, 619, 487, &range);
      geometry.height = 619;
      geometry.width = 487;
      for (guint row = 0; row < 619; row++)
        for (guint column = 0; column < 487; column++)
          {
            const double q = saxid_geometry_q (&geometry, row + 0.5, column + 0.5);

            least = fmin (least, q);
            most = fmax (most, q);
          }
      g_assert_cmpfloat_with_epsilon (range.most, most, 1e-9 * most);
      g_assert_cmpfloat_with_epsilon (range.least, least, 1e-9 * most);
    }
}

/* Against a field or the geometry, which say small or wide, an image has two to one at most; against a name, and for
 * grazing or not, all it has. */
static void
test_image_of_q (void)
{
  SaxidTechniqueHeader header = { .has_angle = FALSE };
  SaxidTechniqueImage image = { .half = { -log (99), log (99) }, .known = TRUE };
  SaxidTechniqueBelief belief;

  hear (say_title, "saxs_7.tif", &header);
  saxid_technique_believe (&header, &image, &belief);
  g_assert_cmpfloat_with_epsilon (belief.half[SAXID_HALF_WIDE], 99 / (9 + 99.0), 1e-12);
  saxid_technique_claim_q (&header, 0.3);
  saxid_technique_believe (&header, &image, &belief);
  g_assert_cmpfloat_with_epsilon (belief.half[SAXID_HALF_WIDE], 2 / (49 + 2.0), 1e-12);
  g_assert_cmpfloat_with_epsilon (belief.half[SAXID_HALF_GRAZING], 1 / (9 * 99 + 1.0), 1e-12);
  saxid_technique_header_clear (&header);
  saxid_technique_claim_q (&header, 3);
  saxid_technique_believe (&header, &image, &belief); /* for it it has all */
  g_assert_cmpfloat_with_epsilon (belief.half[SAXID_HALF_WIDE], 49 * 99 / (49 * 99 + 1.0), 1e-12);
  saxid_technique_header_clear (&header);
}

/* 95 % of the pixels of a detector of 1 m at 1 m are at small angles only for long waves; a little above 1.2 1/Å some
 * cameras for small angles reach. */
static void
test_q_range (void)
{
  SaxidGeometry geometry = { .dist = 1, .pixel1 = 1e-3, .pixel2 = 1e-3 };
  static const struct
  {
    double wavelength;
    int wide; /* percent */
  } of[] = { { 20e-10, 2 }, { 4e-10, 50 }, { 1.6e-10, 88 }, { 0.5e-10, 98 }, { 0, 50 } };

  for (gsize k = 0; k < G_N_ELEMENTS (of); k++)
    {
      SaxidTechniqueRange range;
      SaxidTechniqueHeader header = { .has_angle = FALSE };
      SaxidTechniqueBelief belief;

      geometry.wavelength = of[k].wavelength;
      saxid_technique_q_range (&geometry, 300, 300, &range);
      g_assert_true (!(geometry.wavelength > 0) == isnan (range.q95));
      saxid_technique_claim_q (&header, range.q95);
      saxid_technique_believe (&header, NULL, &belief);
      g_assert_cmpint ((int) round (100 * belief.half[SAXID_HALF_WIDE]), ==, of[k].wide);
      g_assert_cmpfloat (belief.half[SAXID_HALF_GRAZING], ==, 0.5);
      saxid_technique_header_clear (&header);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/technique-header/notations", test_notations);
  g_test_add_func ("/technique-header/name-alone", test_name_alone);
  g_test_add_func ("/technique-header/image", test_image);
  g_test_add_func ("/technique-header/hint", test_hint);
  g_test_add_func ("/technique-header/disagreement", test_disagreement);
  g_test_add_func ("/technique-header/angles", test_angles);
  g_test_add_func ("/technique-header/q-extremes", test_q_extremes);
  g_test_add_func ("/technique-header/image-of-q", test_image_of_q);
  g_test_add_func ("/technique-header/q-range", test_q_range);
  return g_test_run ();
}
