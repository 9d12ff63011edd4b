/* The parameters of a form factor that a fit varies, as numbers without bounds.
 *
 * For each class a table says which sizes are free, each between bounds of its own or of
 * its ratio to another one, and whether the contrast of the shell is. The coordinates of
 * a fit are sines: all real numbers lie between the bounds (James, MINUIT, CERN D506).
 *
 * Units: lengths Å, SLD 1e-6/Å². Thread: const tables, pure.
 */
#pragma once

#include "models/shapes/shape.h"

G_BEGIN_DECLS

/* Sizes, the width of the main size, and an angle of contrasts. */
#define SAXID_SPACE_MOST 6

typedef struct SaxidSpace SaxidSpace;

/* A particle as a fit knows it: scale and background are not its own. */
typedef struct
{
  double value[SAXID_SHAPE_MAX_PARAMETERS]; /* in the order of the shape */
  double width;                             /* sigma/mean of the main size … */
  gboolean together;                        /* … or of all sizes together, log-normal (spread.h) … */
  double blur;                              /* … and seen with a resolution of so much of q beside it */
  SaxidDistribution distribution;           /* of it; what comes from coordinates is Schulz */
  guint second;                             /* the parameter that has a second width, log-normal … */
  double second_width;                      /* … of so much; 0: none has */
} SaxidSpacePoint;

/* NULL for a shape that has none. */
const SaxidSpace *saxid_space_find (const SaxidShape *shape);
const SaxidShape *saxid_space_shape (const SaxidSpace *space);
guint saxid_space_dimension (const SaxidSpace *space);

/* The parameter of the shape that coordinate `k` moves; -1: the width. */
int saxid_space_parameter (const SaxidSpace *space, guint k);
/* The other size that may have a width of its own; -1: none. */
int saxid_space_second (const SaxidSpace *space);

/* Its bounds at a point, in the unit of the parameter. */
void saxid_space_bounds (const SaxidSpace *space, guint k, const SaxidSpacePoint *point, double *lower, double *upper);

/* Part `part`[k], 0..1, of the way from the lower bound of each coordinate to the upper,
 * at a main size of `size`: where an atlas draws from. Shape: part dimension. */
void saxid_space_place (const SaxidSpace *space, const double *part, double size, SaxidSpacePoint *point);

/* From coordinates to a point, and back (a point beyond its bounds is put onto them).
 * Shape: x dimension. */
void saxid_space_point (const SaxidSpace *space, const double *x, SaxidSpacePoint *point);
void saxid_space_coordinates (const SaxidSpace *space, const SaxidSpacePoint *point, double *x);

/* What coordinates do not move, from one point to another: what its width means, blur and second width. */
void saxid_space_keep (const SaxidSpacePoint *from, SaxidSpacePoint *to);

/* Whether the sizes can be told at all from a curve from `first_q` to `last_q`: those much
 * larger than 1/q show only their surface at first_q, and those with very many fringes
 * before last_q take long to compute. The length of a rod is free: its middle is like any
 * other rod's. */
gboolean saxid_space_is_visible (const SaxidSpace *space, const SaxidSpacePoint *point, double first_q, double last_q);

/* The length of a rod alone times `factor`, within its bounds. FALSE: it is no rod. */
gboolean saxid_space_lengthen (const SaxidSpace *space, double factor, SaxidSpacePoint *point);

/* A rod gets no longer than `most`. FALSE: it is no rod. */
gboolean saxid_space_shorten (const SaxidSpace *space, double most, SaxidSpacePoint *point);

/* All lengths times `factor`. */
void saxid_space_scale (const SaxidSpace *space, double factor, SaxidSpacePoint *point);

G_END_DECLS
