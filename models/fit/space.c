/* The parameters of a form factor that a fit varies, as numbers without bounds.
 *
 * Coordinates in their natural form are logarithms of sizes, of ratios and of the width,
 * and the angle of the contrasts (core = cos, shell = sin, in units of CONTRAST): a form
 * factor hardly tells contrasts from scale, but it knows their ratio.
 *
 * Thread: pure.
 */
#include "models/fit/space.h"

#include <math.h>
#include <string.h>

#include "models/simulate/contrast.h"

#define LEAST_SIZE 2.0
#define MOST_SIZE 50000.0
#define LARGEST_QR 12.0 /* of the first point, and … */
#define MOST_QR 2000.0   /* … of the last: see saxid_space_is_visible */
#define LEAST_WIDTH 0.005
#define MOST_WIDTH 0.6
/* Between core, shell and solvent, 1e-6/Å²: SasView's defaults are of that order. */
#define CONTRAST 3.0

typedef enum
{
  SIZE,  /* bounds in Å */
  RATIO, /* bounds of the ratio to `other` */
  WIDTH,
  ANGLE  /* of the contrasts; between -pi/2 and pi/2, since a sign of both is none */
} Kind;

typedef struct
{
  Kind kind;
  const char *name, *other;
  double lower, upper;
  const char *tied; /* NULL, or a parameter that is equal */
  gboolean is_rod;  /* a length that may be larger than any window shows */
} Axis;

struct SaxidSpace
{
  const char *class;
  guint n;
  Axis axis[SAXID_SPACE_MOST]; /* the first is the main size */
  const char *second;          /* NULL, or another size that may have a width of its own */
};

#define MAIN(name_) { SIZE, name_, NULL, LEAST_SIZE, MOST_SIZE, NULL, FALSE }
#define RATIO_TO(name_, other_, lower_, upper_) { RATIO, name_, other_, lower_, upper_, NULL, FALSE }
#define ROD { RATIO, "length", "radius", 3, 400, NULL, TRUE }
#define THE_WIDTH { WIDTH, NULL, NULL, LEAST_WIDTH, MOST_WIDTH, NULL, FALSE }
/* … of a core-shell ellipsoid: a wider one takes seconds to compute. */
#define LESS_WIDTH { WIDTH, NULL, NULL, LEAST_WIDTH, 0.45, NULL, FALSE }
#define THE_ANGLE { ANGLE, "sld_shell", NULL, -G_PI_2, G_PI_2, NULL, FALSE }

static const SaxidSpace spaces[] = {
  { "sphere", 2, { MAIN ("radius"), THE_WIDTH }, NULL },
  { "cylinder", 3, { MAIN ("radius"), ROD, THE_WIDTH }, NULL },
  { "oblate", 3, { MAIN ("radius_polar"), RATIO_TO ("radius_equatorial", "radius_polar", 1.05, 25), THE_WIDTH }, NULL },
  { "prolate", 3, { MAIN ("radius_polar"), RATIO_TO ("radius_equatorial", "radius_polar", 0.04, 0.95), THE_WIDTH }, NULL },
  { "core_shell_sphere", 4, { MAIN ("radius"), RATIO_TO ("thickness", "radius", 0.02, 3), THE_WIDTH, THE_ANGLE }, NULL },
  { "hollow_sphere", 3, { MAIN ("radius"), RATIO_TO ("thickness", "radius", 0.02, 1.5), THE_WIDTH }, NULL },
  { "core_shell_cylinder", 5,
    { MAIN ("radius"), ROD, RATIO_TO ("thickness", "radius", 0.02, 3),
      THE_WIDTH, THE_ANGLE }, NULL },
  { "core_shell_oblate", 5,
    { MAIN ("radius_equat_core"), { SIZE, "x_core", NULL, 0.04, 0.95, NULL, FALSE },
      RATIO_TO ("thick_shell", "radius_equat_core", 0.01, 3), LESS_WIDTH, THE_ANGLE }, NULL },
  { "core_shell_prolate", 5,
    { MAIN ("radius_equat_core"), { SIZE, "x_core", NULL, 1.05, 25, NULL, FALSE },
      RATIO_TO ("thick_shell", "radius_equat_core", 0.02, 3), LESS_WIDTH, THE_ANGLE }, NULL },
  { "disc", 3, { MAIN ("radius"), RATIO_TO ("length", "radius", 0.01, 1.5), THE_WIDTH }, "length" },
  { "core_shell_disc", 5,
    { MAIN ("radius"), RATIO_TO ("length", "radius", 0.01, 1.5),
      { RATIO, "thick_rim", "radius", 0.01, 1.5, "thick_face", FALSE }, THE_WIDTH, THE_ANGLE }, "length" },
};

const SaxidSpace *
saxid_space_find (const SaxidShape *shape)
{
  for (guint k = 0; k < G_N_ELEMENTS (spaces); k++)
    if (strcmp (spaces[k].class, shape->name) == 0)
      return &spaces[k];
  return NULL;
}

const SaxidShape *
saxid_space_shape (const SaxidSpace *space)
{
  return saxid_shape_find (space->class);
}

guint
saxid_space_dimension (const SaxidSpace *space)
{
  return space->n;
}

static int
index_of (const SaxidSpace *space, const char *name)
{
  return saxid_shape_parameter_index (saxid_space_shape (space), name);
}

int
saxid_space_parameter (const SaxidSpace *space, guint k)
{
  const Axis *axis = &space->axis[k];
  int at;

  if (axis->kind == WIDTH)
    return -1;
  at = index_of (space, axis->name);
  return at >= 0 ? at : index_of (space, "sld_rim"); /* that of a disc's shell */
}

/* --- Natural coordinates: logarithms and the angle -------------------------------------- */

static double
natural_lower (const Axis *axis)
{
  return axis->kind == ANGLE ? axis->lower : log (axis->lower);
}

static double
natural_upper (const Axis *axis)
{
  return axis->kind == ANGLE ? axis->upper : log (axis->upper);
}

static void
set_natural (const SaxidSpace *space, const double *natural, SaxidSpacePoint *point)
{
  const SaxidShape *shape = saxid_space_shape (space);

  point->distribution = SAXID_DISTRIBUTION_SCHULZ;
  point->together = FALSE;
  point->blur = 0;
  point->second = 0;
  point->second_width = 0;
  for (guint k = 0; k < shape->n_parameter; k++)
    point->value[k] = shape->parameter[k].initial;
  /* a vesicle's scale, and shells as thick at the poles as at the equator */
  for (guint k = 0; k < shape->n_parameter; k++)
    if (strcmp (shape->parameter[k].name, "volfraction") == 0 || strcmp (shape->parameter[k].name, "x_polar_shell") == 0)
      point->value[k] = 1;
  for (guint k = 0; k < space->n; k++)
    {
      const Axis *axis = &space->axis[k];

      if (axis->kind == WIDTH)
        point->width = exp (natural[k]);
      else if (axis->kind == ANGLE)
        saxid_contrast_set (shape, point->value,
                            &(SaxidContrast) { CONTRAST * cos (natural[k]), CONTRAST * sin (natural[k]) });
      else
        {
          const double base = axis->kind == RATIO ? point->value[index_of (space, axis->other)] : 1;

          point->value[index_of (space, axis->name)] = base * exp (natural[k]);
          if (axis->tied != NULL)
            point->value[index_of (space, axis->tied)] = base * exp (natural[k]);
        }
    }
}

static double
natural_of (const SaxidSpace *space, const Axis *axis, const SaxidSpacePoint *point)
{
  SaxidContrast contrast = { 1, 1 };

  if (axis->kind == WIDTH)
    return log (point->width);
  if (axis->kind == ANGLE)
    {
      saxid_contrast_of (saxid_space_shape (space), point->value, &contrast);
      return contrast.core < 0 ? atan2 (-contrast.shell, -contrast.core) : atan2 (contrast.shell, contrast.core);
    }
  return log (point->value[index_of (space, axis->name)]
              / (axis->kind == RATIO ? point->value[index_of (space, axis->other)] : 1));
}

/* --- Coordinates of a fit ---------------------------------------------------------------- */

void
saxid_space_point (const SaxidSpace *space, const double *x, SaxidSpacePoint *point)
{
  double natural[SAXID_SPACE_MOST];

  for (guint k = 0; k < space->n; k++)
    {
      const double lower = natural_lower (&space->axis[k]), upper = natural_upper (&space->axis[k]);

      natural[k] = lower + (upper - lower) * 0.5 * (1 + sin (x[k]));
    }
  set_natural (space, natural, point);
}

void
saxid_space_keep (const SaxidSpacePoint *from, SaxidSpacePoint *to)
{
  to->distribution = from->distribution;
  to->together = from->together;
  to->blur = from->blur;
  to->second = from->second;
  to->second_width = from->second_width;
}

void
saxid_space_coordinates (const SaxidSpace *space, const SaxidSpacePoint *point, double *x)
{
  for (guint k = 0; k < space->n; k++)
    {
      const double lower = natural_lower (&space->axis[k]), upper = natural_upper (&space->axis[k]);
      const double part = (natural_of (space, &space->axis[k], point) - lower) / (upper - lower);

      /* at a bound the derivative of the sine is nothing, and a fit would never leave */
      x[k] = asin (2 * CLAMP (part, 0.002, 0.998) - 1);
    }
}

void
saxid_space_place (const SaxidSpace *space, const double *part, double size, SaxidSpacePoint *point)
{
  double natural[SAXID_SPACE_MOST];

  for (guint k = 0; k < space->n; k++)
    {
      const double lower = natural_lower (&space->axis[k]), upper = natural_upper (&space->axis[k]);

      natural[k] = k == 0 ? log (size) : lower + (upper - lower) * part[k];
    }
  set_natural (space, natural, point);
}

int
saxid_space_second (const SaxidSpace *space)
{
  return space->second != NULL ? index_of (space, space->second) : -1;
}

void
saxid_space_bounds (const SaxidSpace *space, guint k, const SaxidSpacePoint *point, double *lower, double *upper)
{
  const Axis *axis = &space->axis[k];
  const double base = axis->kind == RATIO ? point->value[index_of (space, axis->other)] : 1;

  *lower = axis->kind == ANGLE ? -G_MAXDOUBLE : base * axis->lower;
  *upper = axis->kind == ANGLE ? G_MAXDOUBLE : base * axis->upper;
}

gboolean
saxid_space_is_visible (const SaxidSpace *space, const SaxidSpacePoint *point, double first_q, double last_q)
{
  double largest = 0, pole = 1;
  gboolean is_rod = FALSE;

  for (guint k = 0; k < space->n; k++)
    {
      const Axis *axis = &space->axis[k];

      if (axis->kind != SIZE && axis->kind != RATIO)
        continue;
      is_rod |= axis->is_rod;
      if (strcmp (axis->name, "x_core") == 0)
        pole = point->value[index_of (space, axis->name)]; /* times the equator */
      else if (!axis->is_rod)
        largest = fmax (largest, point->value[index_of (space, axis->name)]);
    }
  largest *= fmax (pole, 1);
  return largest * first_q < LARGEST_QR
         && (is_rod ? largest : fmax (largest, saxid_space_shape (space)->extent (point->value) / 2)) * last_q < MOST_QR;
}

gboolean
saxid_space_shorten (const SaxidSpace *space, double most, SaxidSpacePoint *point)
{
  for (guint k = 0; k < space->n; k++)
    if (space->axis[k].is_rod)
      {
        double *length = &point->value[index_of (space, space->axis[k].name)];

        *length = fmin (*length, fmax (most, 2 * point->value[index_of (space, space->axis[k].other)]));
        return TRUE;
      }
  return FALSE;
}

gboolean
saxid_space_lengthen (const SaxidSpace *space, double factor, SaxidSpacePoint *point)
{
  for (guint k = 0; k < space->n; k++)
    {
      const Axis *axis = &space->axis[k];

      if (axis->is_rod)
        {
          const double base = point->value[index_of (space, axis->other)];
          double *length = &point->value[index_of (space, axis->name)];

          *length = CLAMP (*length * factor, base * axis->lower, base * axis->upper);
          return TRUE;
        }
    }
  return FALSE;
}

void
saxid_space_scale (const SaxidSpace *space, double factor, SaxidSpacePoint *point)
{
  const SaxidShape *shape = saxid_space_shape (space);

  for (guint k = 0; k < shape->n_parameter; k++)
    if (shape->parameter[k].is_size && strcmp (shape->parameter[k].unit, "Ang") == 0)
      point->value[k] *= factor;
}
