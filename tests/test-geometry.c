/* Is each pixel where the PONI convention puts it? */
#include <math.h>
#include <string.h>

#include "reducers/error.h"
#include "reducers/geometry.h"

static const SaxidGeometry straight = {
  .dist = 2.0,
  .poni1 = 0.010,
  .poni2 = 0.020,
  .pixel1 = 1e-4,
  .pixel2 = 2e-4,
  .wavelength = 1e-10,
};

static void
test_pixel_centre (void)
{
  g_autoptr (SaxidGeometryMap) map = saxid_geometry_map_new (&straight, 201, 200, NULL);
  gsize row = 150, column = 40;
  double p1 = 150.5 * 1e-4 - 0.010, p2 = 40.5 * 2e-4 - 0.020;
  double two_theta = atan2 (hypot (p1, p2), 2.0);

  g_assert_nonnull (map);
  /* q in 1/Å: the wavelength is 1 Å */
  g_assert_cmpfloat_with_epsilon (map->q[row * 200 + column], 4 * G_PI * sin (two_theta / 2), 1e-15);
  g_assert_cmpfloat_with_epsilon (map->chi[row * 200 + column], atan2 (p1, p2), 1e-6);
  g_assert_cmpfloat_with_epsilon (map->solid_angle[row * 200 + column], pow (cos (two_theta), 3), 1e-7);
  g_assert_cmpfloat_with_epsilon (map->cos_two_theta[row * 200 + column], cos (two_theta), 1e-7);
}

static void
test_axes_of_chi (void)
{
  double place[3];

  saxid_geometry_place (&straight, 100, 150, place); /* along axis 2 only */
  g_assert_cmpfloat_with_epsilon (place[0], 0, 1e-15);
  g_assert_cmpfloat (place[1], >, 0);
  saxid_geometry_place (&straight, 150, 100, place); /* along axis 1 only */
  g_assert_cmpfloat (place[0], >, 0);
  g_assert_cmpfloat_with_epsilon (place[1], 0, 1e-15);
}

/* Rotations keep lengths; the point of normal incidence is `dist` away whatever
 * they are, and each turns the way the convention says. */
static void
test_rotations (void)
{
  SaxidGeometry geometry = straight;
  double place[3];

  geometry.rot1 = 0.3;
  geometry.rot2 = -0.7;
  geometry.rot3 = 1.9;
  saxid_geometry_place (&geometry, 100, 100, place);
  g_assert_cmpfloat_with_epsilon (place[0] * place[0] + place[1] * place[1] + place[2] * place[2], 4.0,
                                  1e-14);

  geometry = straight;
  geometry.rot1 = 0.1; /* left-handed about axis 1: towards +axis 2 */
  saxid_geometry_place (&geometry, 100, 100, place);
  g_assert_cmpfloat_with_epsilon (place[1], 2 * sin (0.1), 1e-14);
  g_assert_cmpfloat_with_epsilon (place[0], 0, 1e-14);

  geometry = straight;
  geometry.rot2 = 0.1; /* left-handed about axis 2: towards -axis 1 */
  saxid_geometry_place (&geometry, 100, 100, place);
  g_assert_cmpfloat_with_epsilon (place[0], -2 * sin (0.1), 1e-14);

  geometry.rot3 = G_PI / 2; /* right-handed about the beam: +1 goes to +2 */
  saxid_geometry_place (&geometry, 100, 100, place);
  g_assert_cmpfloat_with_epsilon (place[1], -2 * sin (0.1), 1e-14);
}

/* The direct beam hits where it is said to, at the distance that is said, and
 * the detector leans by the tilt and in the direction that are said. */
static void
test_direct_beam (void)
{
  const double tilt = 0.2;

  for (int k = 0; k < 12; k++)
    {
      SaxidGeometry geometry = straight;
      double direction = k * G_PI / 6 - G_PI, beam[3], origin[3], one[3], two[3];

      saxid_geometry_from_beam (&geometry, 1.5, 33.25, -4.5, tilt, direction);
      saxid_geometry_place (&geometry, 33.25, -4.5, beam);
      g_assert_cmpfloat_with_epsilon (beam[0], 0, 1e-14);
      g_assert_cmpfloat_with_epsilon (beam[1], 0, 1e-14);
      g_assert_cmpfloat_with_epsilon (beam[2], 1.5, 1e-14);

      /* a step of 1 m along each axis of the detector, seen along the beam */
      saxid_geometry_place (&geometry, 0, 0, origin);
      saxid_geometry_place (&geometry, 1e4, 0, one);
      saxid_geometry_place (&geometry, 0, 5e3, two);
      g_assert_cmpfloat_with_epsilon (one[2] - origin[2], sin (tilt) * sin (direction), 1e-12);
      g_assert_cmpfloat_with_epsilon (two[2] - origin[2], sin (tilt) * cos (direction), 1e-12);
      /* and rows stay horizontal to the first order of the tilt */
      g_assert_cmpfloat (fabs (atan2 (two[0] - origin[0], two[1] - origin[1])), <, 0.5 * tilt * tilt);
    }
}

static void
test_no_tilt (void)
{
  SaxidGeometry geometry = straight;

  saxid_geometry_from_beam (&geometry, 1.5, 100, 100, 0, 0.4);
  g_assert_cmpfloat (geometry.dist, ==, 1.5);
  g_assert_cmpfloat_with_epsilon (geometry.poni1, 0.010, 1e-15);
  g_assert_cmpfloat_with_epsilon (geometry.poni2, 0.020, 1e-15);
  g_assert_cmpfloat (geometry.rot1, ==, 0);
  g_assert_cmpfloat (geometry.rot2, ==, 0);
}

static void
test_refusals (void)
{
  SaxidGeometry geometry = straight;
  g_autoptr (GError) shape = NULL, wavelength = NULL, distance = NULL;

  geometry.height = 300;
  g_assert_null (saxid_geometry_map_new (&geometry, 201, 200, &shape));
  g_assert_error (shape, SAXID_ERROR, SAXID_ERROR_DATA);

  geometry = straight;
  geometry.wavelength = 1.0; /* Å taken for m */
  g_assert_false (saxid_geometry_check (&geometry, &wavelength));
  g_assert_error (wavelength, SAXID_ERROR, SAXID_ERROR_DATA);
  g_assert_true (g_str_has_prefix (wavelength->message, "geometry has a wavelength of 1,"));

  geometry = straight;
  geometry.dist = NAN;
  g_assert_false (saxid_geometry_check (&geometry, &distance));
  g_assert_error (distance, SAXID_ERROR, SAXID_ERROR_DATA);

  g_clear_error (&distance);
  geometry.dist = 800; /* mm taken for m */
  g_assert_false (saxid_geometry_check (&geometry, &distance));
  g_assert_error (distance, SAXID_ERROR, SAXID_ERROR_DATA);
}

/* A frame that is read out from another corner, and turned back: the same places. */
static void
test_orientations (void)
{
  static const struct
  {
    guint orientation;
    gboolean rows, columns; /* backwards */
  } cases[] = { { 1, TRUE, TRUE }, { 2, TRUE, FALSE }, { 3, FALSE, FALSE }, { 4, FALSE, TRUE }, { 0, FALSE, FALSE } };
  SaxidGeometry geometry = straight;
  g_autoptr (SaxidGeometryMap) usual = NULL;

  geometry.rot1 = 0.1;
  geometry.rot2 = -0.05;
  usual = saxid_geometry_map_new (&geometry, 30, 20, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (SaxidGeometryMap) map = NULL;

      geometry.orientation = cases[i].orientation;
      map = saxid_geometry_map_new (&geometry, 30, 20, NULL);
      for (gsize row = 0; row < 30; row++)
        for (gsize column = 0; column < 20; column++)
          {
            const gsize from = (cases[i].rows ? 29 - row : row) * 20 + (cases[i].columns ? 19 - column : column);

            g_assert_cmpfloat_with_epsilon (map->q[row * 20 + column], usual->q[from], 1e-15);
            g_assert_cmpfloat_with_epsilon (map->chi[row * 20 + column], usual->chi[from], 1e-12);
          }
    }
}

/* Where the beam is, against the place of that pixel. */
static void
test_beam (void)
{
  SaxidGeometry geometry = straight;
  double row, column, place[3], q;

  geometry.rot1 = 0.2;
  geometry.rot2 = -0.1;
  geometry.rot3 = 1;
  g_assert_true (saxid_geometry_beam (&geometry, &row, &column));
  saxid_geometry_place (&geometry, row, column, place);
  g_assert_cmpfloat_with_epsilon (hypot (place[0], place[1]), 0, 1e-12);
  g_assert_false (saxid_geometry_radial_q (&geometry, SAXID_RADIAL_RADIUS, 0.01, &q)); /* it is turned */
  g_assert_true (saxid_geometry_radial_q (&straight, SAXID_RADIAL_RADIUS, 0.01, &q));
  g_assert_cmpfloat_with_epsilon (q, 4 * G_PI * sin (atan (0.005) / 2), 1e-15);
  geometry.rot1 = G_PI;
  g_assert_false (saxid_geometry_beam (&geometry, &row, &column));
}

/* A centre in mm taken for pixels, a geometry of the detector turned by a quarter. */
static void
test_impossible_frames (void)
{
  SaxidGeometry geometry = straight;
  g_autoptr (GError) beam = NULL, shape = NULL;

  geometry.poni1 = 2;
  g_assert_null (saxid_geometry_map_new (&geometry, 201, 200, &beam));
  g_assert_error (beam, SAXID_ERROR, SAXID_ERROR_DATA);
  geometry.rot1 = 0.7; /* on an arm it may be anywhere */
  g_clear_pointer (&(SaxidGeometryMap *) { saxid_geometry_map_new (&geometry, 201, 200, NULL) }, saxid_geometry_map_free);
  geometry = straight;
  geometry.height = 200;
  geometry.width = 201;
  g_assert_null (saxid_geometry_map_new (&geometry, 201, 200, &shape));
  g_assert_error (shape, SAXID_ERROR, SAXID_ERROR_DATA);
  g_assert_nonnull (strstr (shape->message, "exchanged"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/geometry/pixel-centre", test_pixel_centre);
  g_test_add_func ("/geometry/axes-of-chi", test_axes_of_chi);
  g_test_add_func ("/geometry/rotations", test_rotations);
  g_test_add_func ("/geometry/direct-beam", test_direct_beam);
  g_test_add_func ("/geometry/no-tilt", test_no_tilt);
  g_test_add_func ("/geometry/refusals", test_refusals);
  g_test_add_func ("/geometry/orientations", test_orientations);
  g_test_add_func ("/geometry/beam", test_beam);
  g_test_add_func ("/geometry/impossible-frames", test_impossible_frames);
  return g_test_run ();
}
