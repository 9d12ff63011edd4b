/* Where is each pixel, seen from the sample?
 *
 * The convention is that of pyFAI's PONI (point of normal incidence): axis 1 is
 * the slow one (rows, "y"), axis 2 the fast one (columns, "x"), axis 3 the beam.
 *
 * The pixel-centre rule, stated here and nowhere else: pixel (row, column)
 * covers row…row+1 and column…column+1, so the origin is the outer corner of
 * pixel (0, 0) and the centre of a pixel lies half a pixel further.
 *
 * A detector that is read out from another corner has another orientation
 * (Exif's numbers, as pyFAI's detectors have them): rows run backwards in 1 and
 * 2, columns in 1 and 4, before places are made; 3 is the order of the file.
 * χ is the azimuth of the place itself: 0 along axis 2, growing towards axis 1.
 *
 * Units: lengths in m, angles in rad, q in 1/Å.
 * Thread: geometry is plain data; a map is immutable once made.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double dist;             /* sample to the plane of the detector, along its normal, m */
  double poni1, poni2;     /* point of normal incidence from the origin, m */
  double rot1, rot2, rot3; /* about axes 1 and 2 (left-handed) and 3, in that order, rad */
  double pixel1, pixel2;   /* size of a pixel along rows and columns, m */
  double wavelength;       /* m; 0 = not stated: there is no q then */
  gsize height, width;     /* of the detector in pixels; 0 = not stated */
  guint orientation;       /* 1 to 4; 0 = not stated, as 3 */
  gsize module_height, module_width; /* pixels of one module; 0 = one sheet, or not stated */
  gsize gap_height, gap_width;       /* pixels between two, which count nothing */
} SaxidGeometry;

/* What a curve is drawn over. */
typedef enum
{
  SAXID_RADIAL_Q = 0,     /* 1/Å */
  SAXID_RADIAL_TWO_THETA, /* rad */
  SAXID_RADIAL_RADIUS     /* m, from the beam in the frame of the sample */
} SaxidRadial;

/* How a person is told of it: its name and unit, and how many of that unit one of SaxidRadial's is. */
typedef struct
{
  const char *name, *unit;
  double factor;
} SaxidRadialWords;

const SaxidRadialWords *saxid_radial_words (SaxidRadial kind);

/* All that the reducers ask of a pixel; every array is [height × width]. */
typedef struct
{
  SaxidGeometry geometry; /* with the shape of the frames */
  gsize height, width, n;
  double *q;            /* 1/Å; NaN where the geometry has no wavelength */
  double *chi;          /* azimuth, rad, -π…π; 0 along axis 2, growing towards axis 1 */
  float *cos_two_theta; /* cosine of the scattering angle */
  float *solid_angle;   /* relative to a pixel at the point of normal incidence */
} SaxidGeometryMap;

#define SAXID_GEOMETRY_MAX_PIXELS (1u << 25) /* twice the largest detector there is */
#define SAXID_GEOMETRY_MOST_DISTANCE 100.0 /* m; no beamline is as long, a larger one is in mm */

/* Errors: SAXID_ERROR_DATA when a value is not finite, or dist, a pixel size or
 * a wavelength that is stated is outside what any instrument has, or the
 * orientation is none; SAXID_ERROR_LIMIT when the
 * shape has more than SAXID_GEOMETRY_MAX_PIXELS. */
gboolean saxid_geometry_check (const SaxidGeometry *geometry, GError **error);

/* The place of (row, column), fractions allowed, in the frame of the sample, m:
 * place[0] along axis 1, place[1] along axis 2, place[2] along the beam. */
void saxid_geometry_place (const SaxidGeometry *geometry, double row, double column, double place[3]);

/* q at (row, column), 1/Å. */
double saxid_geometry_q (const SaxidGeometry *geometry, double row, double column);

/* The places of (row, column), (row, column + 1), … : n radial coordinates of the
 * kind asked for, and their χ where chi is not NULL. Both are [n]. An orientation
 * other than 3 needs the shape. */
void saxid_geometry_line (const SaxidGeometry *geometry, SaxidRadial kind, double row, double column, gsize n,
                          double *radial, double *chi);

/* The q of a radial coordinate, 1/Å. FALSE where there is none: without a wavelength, and of
 * a radius on a detector that is turned, where it depends on the azimuth. */
gboolean saxid_geometry_radial_q (const SaxidGeometry *geometry, SaxidRadial kind, double radial, double *q);

/* Where the direct beam meets the detector, in pixels of the rule above. FALSE
 * where it does not. */
gboolean saxid_geometry_beam (const SaxidGeometry *geometry, double *row, double *column);

/* Fills geometry from a direct-beam geometry in the manner of Fit2D.
 * distance: sample to detector along the direct beam, m; row, column: where the
 * direct beam meets the detector, in pixels of the rule above; tilt: angle
 * between the detector's normal and the beam, rad; direction: 0 when +axis 2
 * leans away from the sample, π/2 when +axis 1 does, rad.
 * pixel1, pixel2, wavelength and the shape are left as they are; rot3 is 0. */
void saxid_geometry_from_beam (SaxidGeometry *geometry, double distance, double row, double column,
                               double tilt, double direction);

/* Errors: those of saxid_geometry_check; SAXID_ERROR_DATA when the geometry
 * states another shape (turned by a quarter: the message says so), or the beam
 * meets a detector that is not turned further outside of it than it is wide. */
SaxidGeometryMap *
saxid_geometry_map_new (const SaxidGeometry *geometry, gsize height, gsize width, GError **error);
void saxid_geometry_map_free (SaxidGeometryMap *map);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidGeometryMap, saxid_geometry_map_free)

G_END_DECLS
