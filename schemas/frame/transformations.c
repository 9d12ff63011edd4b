/* Where does a chain of transformations take the pixels?
 *
 * A rotation takes x to R x + offset, a translation to x + value vector + offset. In the end
 * the plane of the detector has an origin O and directions s (rows) and f (columns); the point
 * of normal incidence and the two tilts of geometry.c follow from their parts along z.
 *
 * Thread: see transformations.h.
 */
#include "schemas/frame/transformations.h"

#include <math.h>
#include <string.h>

#include "schemas/units.h"

#define MOST_LINKS 32
#define MOST_VALUES 1000000
#define SAME 1e-9       /* rad, m: of values that do not move */
#define MOST_SKEW 1e-3  /* of the two directions of pixels */

typedef struct
{
  double origin[3], slow[3], fast[3];
} Plane;

/* One member of a chain. */
typedef struct
{
  gboolean turns;
  double value; /* rad or m */
  double vector[3], offset[3];
  char *next;   /* absolute path, or NULL */
} Step;

static double
dot (const double a[3], const double b[3])
{
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static gboolean
normalise (double v[3])
{
  const double length = sqrt (dot (v, v));

  for (int k = 0; k < 3; k++)
    v[k] /= length;
  return isfinite (length) && length > 0;
}

/* x turned about a unit vector (Rodrigues). */
static void
rotate (const double axis[3], double angle, double x[3])
{
  const double c = cos (angle), s = sin (angle), along = dot (axis, x) * (1 - c);
  const double cross[3] = { axis[1] * x[2] - axis[2] * x[1], axis[2] * x[0] - axis[0] * x[2], axis[0] * x[1] - axis[1] * x[0] };

  for (int k = 0; k < 3; k++)
    x[k] = c * x[k] + s * cross[k] + along * axis[k];
}

/* ---- one dataset -------------------------------------------------------------------- */

/* Three numbers of an attribute; FALSE where it is there and is none. Missing: left as it is. */
static gboolean
read_vector (hid_t object, const char *name, double vector[3])
{
  g_auto (SaxidHid) id = H5I_INVALID_HID;
  g_auto (SaxidHid) type = H5I_INVALID_HID;
  g_auto (SaxidHid) space = H5I_INVALID_HID;
  H5T_class_t kind;

  if (H5Aexists (object, name) <= 0)
    return TRUE;
  id = H5Aopen (object, name, H5P_DEFAULT);
  type = H5Aget_type (id);
  space = H5Aget_space (id);
  kind = H5Tget_class (type);
  return (kind == H5T_FLOAT || kind == H5T_INTEGER) && H5Sget_simple_extent_npoints (space) == 3
         && H5Aread (id, H5T_NATIVE_DOUBLE, vector) >= 0 && isfinite (vector[0]) && isfinite (vector[1]) && isfinite (vector[2]);
}

static gboolean
metres (const char *unit, double *factor)
{
  if (unit == NULL || !saxid_units_length (unit, factor))
    return FALSE;
  *factor *= 1e-10;
  return TRUE;
}

/* What a member depends on: beside it unless it begins at the root; NULL at the end. */
static char *
next_of (SaxidInput *input, hid_t object, const char *path)
{
  g_autofree char *name = saxid_input_text (input, object, "depends_on"), *group = g_path_get_dirname (path);

  if (name == NULL || name[0] == '\0' || strcmp (name, ".") == 0)
    return NULL;
  return g_canonicalize_filename (name, group);
}

/* The value of a member that stays the same through the run, in its unit; may be of frames. */
static gboolean
read_value (SaxidInput *input, const char *path, double *value, char **unit)
{
  gsize n;
  g_autofree double *values = saxid_input_numbers_of (input, input->file, path, MOST_VALUES, &n, unit);

  if (values == NULL)
    return FALSE;
  for (gsize k = 0; k < n; k++)
    if (!(fabs (values[k] - values[0]) <= SAME))
      return FALSE;
  *value = values[0];
  return TRUE;
}

static gboolean
read_offset (SaxidInput *input, hid_t object, const char *unit, double offset[3])
{
  g_autofree char *own = saxid_input_text (input, object, "offset_units");
  double factor;

  if (!read_vector (object, "offset", offset))
    return FALSE;
  if (offset[0] == 0 && offset[1] == 0 && offset[2] == 0)
    return TRUE;
  if (!metres (own != NULL ? own : unit, &factor))
    return FALSE;
  for (int k = 0; k < 3; k++)
    offset[k] *= factor;
  return TRUE;
}

static gboolean
read_step (SaxidInput *input, const char *path, Step *step)
{
  g_auto (SaxidHid) object = saxid_input_dataset (input, input->file, path);
  g_autofree char *kind = object >= 0 ? saxid_input_text (input, object, "transformation_type") : NULL, *unit = NULL;
  double factor;

  *step = (Step) { .turns = kind != NULL && strcmp (kind, "rotation") == 0 };
  if (kind == NULL || (!step->turns && strcmp (kind, "translation") != 0) || !read_value (input, path, &step->value, &unit)
      || !read_vector (object, "vector", step->vector) || !normalise (step->vector)
      || !read_offset (input, object, step->turns ? NULL : unit, step->offset))
    return FALSE;
  step->next = next_of (input, object, path);
  if (unit == NULL || !(step->turns ? saxid_units_angle (unit, &factor) : metres (unit, &factor)))
    return step->value == 0;
  step->value *= factor;
  return TRUE;
}

/* ---- chains ------------------------------------------------------------------------------ */

static void
move (const Step *step, Plane *plane)
{
  if (step->turns)
    {
      rotate (step->vector, step->value, plane->origin);
      rotate (step->vector, step->value, plane->slow);
      rotate (step->vector, step->value, plane->fast);
    }
  for (int k = 0; k < 3; k++)
    plane->origin[k] += step->offset[k] + (step->turns ? 0 : step->value * step->vector[k]);
}

/* Moves the plane along a chain; *turned is set where a member turns it. FALSE: there is one
 * that cannot be followed. */
static gboolean
follow (SaxidInput *input, const char *path, Plane *plane, gboolean *turned)
{
  g_autofree char *at = g_strdup (path);

  for (guint k = 0; at != NULL; k++)
    {
      Step step;
      gboolean sound = k < MOST_LINKS && read_step (input, at, &step);

      if (!sound)
        return FALSE;
      move (&step, plane);
      *turned |= step.turns && fabs (step.value) > SAME;
      g_free (at);
      at = step.next;
    }
  return TRUE;
}

/* A direction of pixels: its size in m and what it depends on. */
static gboolean
read_direction (SaxidInput *input, const char *module, const char *name, double *size, double vector[3], double offset[3],
                char **next)
{
  g_autofree char *path = g_build_path ("/", module, name, NULL), *unit = NULL;
  g_auto (SaxidHid) object = saxid_input_dataset (input, input->file, path);
  double factor;

  if (object < 0 || !read_value (input, path, size, &unit) || !metres (unit, &factor) || !read_vector (object, "vector", vector)
      || !normalise (vector) || !read_offset (input, object, unit, offset))
    return FALSE;
  *size *= factor;
  *next = next_of (input, object, path);
  return *size > 0;
}

static gboolean
find_geometry (const Plane *plane, SaxidGeometry *geometry)
{
  const double *s = plane->slow, *f = plane->fast, *origin = plane->origin;
  double n[3] = { s[1] * f[2] - s[2] * f[1], s[2] * f[0] - s[0] * f[2], s[0] * f[1] - s[1] * f[0] };

  if (!(fabs (dot (s, f)) < MOST_SKEW) || !normalise (n))
    return FALSE;
  if (dot (n, origin) < 0) /* away from the sample */
    for (int k = 0; k < 3; k++)
      n[k] = -n[k];
  geometry->dist = dot (n, origin);
  geometry->poni1 = -dot (s, origin);
  geometry->poni2 = -dot (f, origin);
  geometry->rot1 = atan2 (-f[2], n[2]);
  geometry->rot2 = asin (CLAMP (s[2], -1, 1));
  geometry->rot3 = 0;
  return geometry->dist > 0;
}

SaxidTransformed
saxid_frame_transformed (SaxidInput *input, const char *detector, const char *module, SaxidGeometry *geometry,
                         gboolean *whole)
{
  g_autofree char *place = g_build_path ("/", detector, "depends_on", NULL);
  g_autofree char *depends = saxid_input_text_of (input, input->file, place), *chain = NULL, *fast = NULL, *slow = NULL;
  gboolean turned = FALSE;
  Plane plane = { .slow = { 0 } };
  double unused[3] = { 0 };

  *whole = FALSE;
  if (module != NULL && read_direction (input, module, "fast_pixel_direction", &geometry->pixel2, plane.fast, plane.origin, &fast)
      && read_direction (input, module, "slow_pixel_direction", &geometry->pixel1, plane.slow, unused, &slow))
    {
      if (fast != NULL && !follow (input, fast, &plane, &turned))
        return SAXID_TRANSFORMED_UNKNOWN;
      *whole = fast != NULL && g_strcmp0 (fast, slow) == 0 && find_geometry (&plane, geometry);
      return turned ? *whole ? SAXID_TRANSFORMED_TURNED : SAXID_TRANSFORMED_UNKNOWN : SAXID_TRANSFORMED_NOT;
    }
  if (depends == NULL || strcmp (depends, ".") == 0)
    return SAXID_TRANSFORMED_NOT;
  chain = g_canonicalize_filename (depends, detector);
  return follow (input, chain, &plane, &turned) && !turned ? SAXID_TRANSFORMED_NOT : SAXID_TRANSFORMED_UNKNOWN;
}
