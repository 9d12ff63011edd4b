/* The form factors, in one table.
 *
 * A shape turns parameters (SasView's names) and a relative width of its main
 * size into I(q). Adding one = one file and one row of the table in shape.c.
 *
 * Units: lengths Å, scattering length densities 1e-6/Å², q 1/Å, I 1/cm.
 * Thread: the table is const; every call is pure.
 */
#pragma once

#include <glib.h>

#include "models/shapes/distribution.h"
#include "models/shapes/quadrature.h"

G_BEGIN_DECLS

/* No form factor here has more parameters than this (core-shell disc: 8). */
#define SAXID_SHAPE_MAX_PARAMETERS 10
/* Sizes that may have a width at the same time. */
#define SAXID_SHAPE_MAX_WIDTHS 3

typedef struct
{
  const char *name; /* SasView's name, for example "radius_polar" */
  const char *unit; /* "Ang", "1e-6/Ang^2" or "" */
  double initial;   /* SasView's default */
  double lower, upper;
  gboolean is_size; /* may carry a width */
} SaxidShapeParameter;

typedef struct SaxidShape SaxidShape;

/* Values of one parameter, each with a weight. */
typedef struct
{
  guint parameter;
  gsize n;
  const double *size, *weight;
} SaxidShapeSizes;

struct SaxidShape
{
  const char *name;      /* the class: "core_shell_sphere" */
  const char *model;     /* sasmodels' name of the form factor */
  const char *category;  /* SasView's category: "Sphere" */
  const char *title;     /* for people: "core-shell sphere" */
  const char *reference; /* equation and DOI */
  guint n_parameter;
  const SaxidShapeParameter *parameter;
  guint main_size; /* index of the parameter that carries `width` */
  guint power;     /* the square of the amplitude grows at most as main size^power */
  /* The volume that intensities are normalised to, Å^3. */
  double (*volume) (const double *value);
  /* The largest distance of the surface from the centre, Å. */
  double (*extent) (const double *value);
  /* How far the surface in the direction of q moves as the particle turns, Å per
   * radian; NULL for spheres. */
  double (*span) (const double *value);
  /* out[k] = the square of the amplitude of one particle at q[k], averaged over
   * the orientations (NULL for spheres), 1e-12 Å^2. */
  void (*square) (const double *value, const SaxidOrientations *orientations, gsize n, const double *q,
                  double *out);
  /* NULL, or the quick way where the main size alone has a width: out[k] = mean
   * square of the amplitude / mean volume, 1e-12 1/Å. */
  void (*population) (const double *value, double width, SaxidDistribution distribution, gsize n,
                      const double *q, double *out);
  /* NULL, or out[k] = the weighted sum of what `population` gives for several values of
   * another size; FALSE where nothing of the work is common to them. */
  gboolean (*population_sum) (const double *value, double width, SaxidDistribution distribution,
                              const SaxidShapeSizes *sizes, gsize n, const double *q, double *out);
};

/* The shapes: the classes of the paper in its order, then disc and core_shell_disc, then
 * capped_cylinder (a kind of cylinder) and bilayer_vesicle (of hollow_sphere); NULL past
 * the end. */
const SaxidShape *saxid_shape_at (guint index);
guint saxid_shape_count (void);
/* NULL when no shape has this name. */
const SaxidShape *saxid_shape_find (const char *name);
/* Index of a parameter, or -1. */
int saxid_shape_parameter_index (const SaxidShape *shape, const char *name);

/* I(q) in 1/cm, for scale 1 and background 0, of particles whose main size has
 * the relative width `width` (0 = all alike; what a width means is SasView's
 * choice for each distribution, see distribution.h).
 * Shape: value has shape->n_parameter elements, q and out have n; q ascending.
 * Errors: SAXID_ERROR_ARGUMENT for a parameter out of its bounds, width outside
 * 0..1, a distribution that is not known, q not finite, negative or descending.
 * Precision: 1e-5 where I > 1e-6 I(0), and 1e-7 as a rule.
 * Thread: pure; the same bits on any number of threads. */
gboolean saxid_shape_intensity (const SaxidShape *shape, const double *value, double width,
                                SaxidDistribution distribution, gsize n, const double *q, double *out,
                                GError **error);

/* The same with a width for any of the sizes: width and distribution have
 * shape->n_parameter elements. Beside the main size one more is
 * precise to 1e-3 where I > 1e-6 I(0), and 1e-5 as a rule (second-width.c). Otherwise
 * the quadratures multiply, which is slow; more than SAXID_SHAPE_MAX_WIDTHS are refused.
 * Errors: also a width of a parameter that is not a size. */
gboolean saxid_shape_intensity_widths (const SaxidShape *shape, const double *value,
                                       const double *width, const SaxidDistribution *distribution,
                                       gsize n, const double *q, double *out, GError **error);

/* The unit of a parameter as people write it ("Å", "1e-6/Å²") and as files do ("angstrom",
 * "1e-6/angstrom^2"); "" where it has none. */
const char *saxid_shape_unit_sign (const char *unit);
const char *saxid_shape_unit_word (const char *unit);

G_END_DECLS
