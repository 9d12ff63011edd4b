/* Where is each pixel, seen from the sample?
 *
 * A pixel at (p1, p2) in the plane of the detector, counted from the point of
 * normal incidence, is at R3 R2 R1 (p1, p2, dist) in the frame of the sample,
 * where R1 and R2 are left-handed rotations about axes 1 and 2 and R3 a
 * right-handed one about the beam. From there 2θ = atan2 (t⊥, t∥) and
 * q = 4π/λ sin θ. A pixel sees the solid angle cos³ of its incidence, relative
 * to one at the point of normal incidence.
 * Kieffer & Karkoulis, J. Phys. Conf. Ser. 425 (2013) 202012,
 * doi:10.1088/1742-6596/425/20/202012; direct-beam geometry: Hammersley et al.,
 * High Press. Res. 14 (1996) 235, doi:10.1080/08957959608201408.
 *
 * Units: m, rad, 1/Å.
 * Thread: pure.
 */
#include "reducers/geometry.h"

#include <math.h>

#include "reducers/error.h"

const SaxidRadialWords *
saxid_radial_words (SaxidRadial kind)
{
  static const SaxidRadialWords words[] = {
    [SAXID_RADIAL_Q] = { "q", "1/Å", 1 },
    [SAXID_RADIAL_TWO_THETA] = { "2θ", "deg", 180 / G_PI },
    [SAXID_RADIAL_RADIUS] = { "r", "mm", 1e3 },
  };

  return &words[kind];
}

#define ANGSTROM_PER_M 1e10
#define ON_AN_ARM 0.05 /* rad: nobody mounts a detector behind the beam stop as badly */

/* What any instrument has, and a few decades more: a value outside is a unit
 * that was taken for another. */
static const struct
{
  const char *name;
  gsize offset;
  double lower, upper;
} bounds[] = {
  { "distance", offsetof (SaxidGeometry, dist), 1e-4, SAXID_GEOMETRY_MOST_DISTANCE },
  { "poni1", offsetof (SaxidGeometry, poni1), -1e3, 1e3 },
  { "poni2", offsetof (SaxidGeometry, poni2), -1e3, 1e3 },
  { "rot1", offsetof (SaxidGeometry, rot1), -2 * G_PI, 2 * G_PI },
  { "rot2", offsetof (SaxidGeometry, rot2), -2 * G_PI, 2 * G_PI },
  { "rot3", offsetof (SaxidGeometry, rot3), -2 * G_PI, 2 * G_PI },
  { "pixel size 1", offsetof (SaxidGeometry, pixel1), 1e-7, 0.1 },
  { "pixel size 2", offsetof (SaxidGeometry, pixel2), 1e-7, 0.1 },
  { "wavelength", offsetof (SaxidGeometry, wavelength), 1e-13, 1e-7 },
};

/* Either may be 0: not said. */
static gboolean
check_shape (gsize height, gsize width, GError **error)
{
  if (height <= SAXID_GEOMETRY_MAX_PIXELS && width <= SAXID_GEOMETRY_MAX_PIXELS
      && (guint64) height * width <= SAXID_GEOMETRY_MAX_PIXELS)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT,
               "detector has %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT " pixels, %u are possible", height, width,
               SAXID_GEOMETRY_MAX_PIXELS);
  return FALSE;
}

gboolean
saxid_geometry_check (const SaxidGeometry *geometry, GError **error)
{
  for (gsize k = 0; k < G_N_ELEMENTS (bounds); k++)
    {
      double value = G_STRUCT_MEMBER (double, geometry, bounds[k].offset);

      if (bounds[k].offset == offsetof (SaxidGeometry, wavelength) && value == 0)
        continue;
      if (value >= bounds[k].lower && value <= bounds[k].upper)
        continue;
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                   "geometry has a %s of %g, %g to %g is possible "
                   "(metres and radians)",
                   bounds[k].name, value, bounds[k].lower, bounds[k].upper);
      return FALSE;
    }
  if (geometry->orientation > 4)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "detector has the orientation %u, 1 to 4 is possible",
                   geometry->orientation);
      return FALSE;
    }
  return check_shape (geometry->height, geometry->width, error);
}

/* R3 R2 R1, rows and columns in the order of the axes 1, 2, 3. */
static void
rotation (const SaxidGeometry *geometry, double r[3][3])
{
  double c1 = cos (geometry->rot1), s1 = sin (geometry->rot1);
  double c2 = cos (geometry->rot2), s2 = sin (geometry->rot2);
  double c3 = cos (geometry->rot3), s3 = sin (geometry->rot3);

  r[0][0] = c3 * c2;
  r[0][1] = c3 * s2 * s1 - s3 * c1;
  r[0][2] = -c3 * s2 * c1 - s3 * s1;
  r[1][0] = s3 * c2;
  r[1][1] = s3 * s2 * s1 + c3 * c1;
  r[1][2] = -s3 * s2 * c1 + c3 * s1;
  r[2][0] = s2;
  r[2][1] = -c2 * s1;
  r[2][2] = c2 * c1;
}

static gboolean
rows_backwards (const SaxidGeometry *geometry)
{
  return geometry->orientation == 1 || geometry->orientation == 2;
}

static gboolean
columns_backwards (const SaxidGeometry *geometry)
{
  return geometry->orientation == 1 || geometry->orientation == 4;
}

static void
turn (const SaxidGeometry *geometry, double r[3][3], double row, double column, double place[3])
{
  const double down = rows_backwards (geometry) ? (double) geometry->height - row : row;
  const double across = columns_backwards (geometry) ? (double) geometry->width - column : column;
  const double p1 = down * geometry->pixel1 - geometry->poni1;
  const double p2 = across * geometry->pixel2 - geometry->poni2;

  for (int axis = 0; axis < 3; axis++)
    place[axis] = r[axis][0] * p1 + r[axis][1] * p2 + r[axis][2] * geometry->dist;
}

/* sin (½ atan2 (r, z)) without the angle: r / √(2 L (L + z)) has no cancellation
 * ahead, √((L - z) / 2 L) none behind. */
static double
scattering_vector (const SaxidGeometry *geometry, const double place[3])
{
  const double z = place[2], r2 = place[0] * place[0] + place[1] * place[1], length = sqrt (r2 + z * z);
  const double sine = z > 0 ? sqrt (r2 / (2 * length * (length + z))) : sqrt ((length - z) / (2 * length));

  return geometry->wavelength > 0 ? 4 * G_PI / (geometry->wavelength * ANGSTROM_PER_M) * sine : NAN;
}

static double
scattering_angle (G_GNUC_UNUSED const SaxidGeometry *geometry, const double place[3])
{
  return atan2 (hypot (place[0], place[1]), place[2]);
}

static double
radius (G_GNUC_UNUSED const SaxidGeometry *geometry, const double place[3])
{
  return hypot (place[0], place[1]);
}

static double (*const radials[]) (const SaxidGeometry *geometry, const double place[3]) = {
  [SAXID_RADIAL_Q] = scattering_vector,
  [SAXID_RADIAL_TWO_THETA] = scattering_angle,
  [SAXID_RADIAL_RADIUS] = radius,
};

void
saxid_geometry_place (const SaxidGeometry *geometry, double row, double column, double place[3])
{
  double r[3][3];

  rotation (geometry, r);
  turn (geometry, r, row, column, place);
}

double
saxid_geometry_q (const SaxidGeometry *geometry, double row, double column)
{
  double place[3];

  saxid_geometry_place (geometry, row, column, place);
  return scattering_vector (geometry, place);
}

void
saxid_geometry_line (const SaxidGeometry *geometry, SaxidRadial kind, double row, double column, gsize n,
                     double *radial, double *chi)
{
  double r[3][3], place[3];

  rotation (geometry, r);
  for (gsize k = 0; k < n; k++)
    {
      turn (geometry, r, row, column + (double) k, place);
      radial[k] = radials[kind] (geometry, place);
      if (chi != NULL)
        chi[k] = atan2 (place[0], place[1]);
    }
}

gboolean
saxid_geometry_radial_q (const SaxidGeometry *geometry, SaxidRadial kind, double radial, double *q)
{
  const gboolean turned = fabs (geometry->rot1) > 1e-12 || fabs (geometry->rot2) > 1e-12;
  const double two_theta = kind == SAXID_RADIAL_RADIUS ? atan2 (radial, geometry->dist) : radial;

  *q = radial;
  if (kind == SAXID_RADIAL_Q)
    return TRUE;
  if (!(geometry->wavelength > 0) || (kind == SAXID_RADIAL_RADIUS && turned))
    return FALSE;
  *q = 4 * G_PI / (geometry->wavelength * ANGSTROM_PER_M) * sin (two_theta / 2);
  return TRUE;
}

/* The beam is the line of places with none across: two linear equations. */
gboolean
saxid_geometry_beam (const SaxidGeometry *geometry, double *row, double *column)
{
  double r[3][3], determinant, p1, p2;

  rotation (geometry, r);
  determinant = r[0][0] * r[1][1] - r[0][1] * r[1][0];
  if (!(determinant > 1e-9)) /* the detector looks along the beam, or away from it */
    return FALSE;
  p1 = geometry->dist * (r[0][1] * r[1][2] - r[1][1] * r[0][2]) / determinant;
  p2 = geometry->dist * (r[1][0] * r[0][2] - r[0][0] * r[1][2]) / determinant;
  *row = (p1 + geometry->poni1) / geometry->pixel1;
  *column = (p2 + geometry->poni2) / geometry->pixel2;
  if (rows_backwards (geometry))
    *row = (double) geometry->height - *row;
  if (columns_backwards (geometry))
    *column = (double) geometry->width - *column;
  return TRUE;
}

/* The beam, seen along the axes of the detector, is the third row of R3 R2 R1:
 * (sin rot2, -cos rot2 sin rot1, cos rot2 cos rot1). It must lean by `tilt` from
 * the normal. rot3 would only turn the azimuth; 0 keeps the rows of the
 * detector horizontal to first order, which is what the polarisation needs. */
void
saxid_geometry_from_beam (SaxidGeometry *geometry, double distance, double row, double column,
                          double tilt, double direction)
{
  double lean1 = sin (tilt) * sin (direction), lean2 = sin (tilt) * cos (direction);

  geometry->dist = distance * cos (tilt);
  geometry->poni1 = row * geometry->pixel1 - distance * lean1;
  geometry->poni2 = column * geometry->pixel2 - distance * lean2;
  geometry->rot2 = asin (lean1);
  geometry->rot1 = -asin (CLAMP (lean2 / cos (geometry->rot2), -1, 1));
  geometry->rot3 = 0;
}

static gboolean
check_frame (const SaxidGeometry *geometry, gsize height, gsize width, GError **error)
{
  if ((geometry->height == 0 || geometry->height == height) && (geometry->width == 0 || geometry->width == width))
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
               "frame has %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT " pixels, the geometry is for "
               "%" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT "%s",
               height, width, geometry->height, geometry->width,
               geometry->height == width && geometry->width == height ? ": rows and columns are exchanged" : "");
  return FALSE;
}

/* How far a place lies outside of 0 … size. */
static double
outside (double place, double size)
{
  return MAX (MAX (-place, place - size), 0);
}

/* A centre that far away is that of another detector, or in another unit; a
 * detector that is turned stands on an arm, and may be anywhere. */
static gboolean
check_beam (const SaxidGeometry *geometry, GError **error)
{
  const double height = (double) geometry->height, width = (double) geometry->width;
  double row, column;

  if (fabs (geometry->rot1) > ON_AN_ARM || fabs (geometry->rot2) > ON_AN_ARM)
    return TRUE;
  if (!saxid_geometry_beam (geometry, &row, &column)
      || MAX (outside (row, height), outside (column, width)) <= MAX (height, width))
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
               "beam meets the detector at row %.0f, column %.0f, further outside of its %" G_GSIZE_FORMAT
               " × %" G_GSIZE_FORMAT " pixels than it is wide: the centre is that of another detector, or in another unit",
               row, column, geometry->height, geometry->width);
  return FALSE;
}

static gboolean
allocate (SaxidGeometryMap *map, GError **error)
{
  map->q = g_try_new (double, map->n);
  map->chi = g_try_new (double, map->n);
  map->cos_two_theta = g_try_new (float, map->n);
  map->solid_angle = g_try_new (float, map->n);
  if (map->n == 0 || (map->q != NULL && map->chi != NULL && map->cos_two_theta != NULL && map->solid_angle != NULL))
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT,
               "there is no memory for the geometry of %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT " pixels", map->height,
               map->width);
  return FALSE;
}

SaxidGeometryMap *
saxid_geometry_map_new (const SaxidGeometry *geometry, gsize height, gsize width, GError **error)
{
  g_autoptr (SaxidGeometryMap) map = NULL;
  double r[3][3];

  if (!saxid_geometry_check (geometry, error) || !check_shape (height, width, error)
      || !check_frame (geometry, height, width, error))
    return NULL;
  map = g_new0 (SaxidGeometryMap, 1);
  map->geometry = *geometry;
  map->geometry.height = map->height = height;
  map->geometry.width = map->width = width;
  map->n = height * width;
  if (!check_beam (&map->geometry, error) || !allocate (map, error))
    return NULL;

  rotation (&map->geometry, r);
  for (gsize row = 0, k = 0; row < height; row++)
    for (gsize column = 0; column < width; column++, k++)
      {
        double place[3], length, cos_incidence;

        turn (&map->geometry, r, (double) row + 0.5, (double) column + 0.5, place);
        length = sqrt (place[0] * place[0] + place[1] * place[1] + place[2] * place[2]);
        cos_incidence = geometry->dist / length;
        map->q[k] = scattering_vector (geometry, place);
        map->chi[k] = atan2 (place[0], place[1]);
        map->cos_two_theta[k] = (float) (place[2] / length);
        map->solid_angle[k] = (float) (cos_incidence * cos_incidence * cos_incidence);
      }
  return g_steal_pointer (&map);
}

void
saxid_geometry_map_free (SaxidGeometryMap *map)
{
  if (map == NULL)
    return;
  g_free (map->q);
  g_free (map->chi);
  g_free (map->cos_two_theta);
  g_free (map->solid_angle);
  g_free (map);
}
