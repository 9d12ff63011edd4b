/* The form factors, one per file; shape.c lists them.
 *
 * Thread: const.
 */
#pragma once

#include "models/shapes/shape.h"

/* What `population` of a shape gives, by the general way: for the q where a quick
 * one does not serve. */
void saxid_shape_general (const SaxidShape *shape, const double *value, double width,
                          SaxidDistribution distribution, gsize n, const double *q, double *out);

/* A size besides the main one that has a width. */
typedef struct
{
  guint parameter;
  double width; /* more than none */
  SaxidDistribution distribution;
} SaxidSecondWidth;

/* The mean square over the mean volume where the main size (of relative `width`, which
 * may be 0) and one other have widths; for shapes that have `population`. Error: see
 * saxid_shape_intensity_widths. */
void saxid_shape_second_width (const SaxidShape *shape, const double *value, double width,
                               SaxidDistribution distribution, const SaxidSecondWidth *second, gsize n,
                               const double *q, double *out);

extern const SaxidShape saxid_sphere;
extern const SaxidShape saxid_cylinder;
extern const SaxidShape saxid_oblate;
extern const SaxidShape saxid_prolate;
extern const SaxidShape saxid_core_shell_sphere;
extern const SaxidShape saxid_hollow_sphere;
extern const SaxidShape saxid_core_shell_cylinder;
extern const SaxidShape saxid_core_shell_oblate;
extern const SaxidShape saxid_core_shell_prolate;
extern const SaxidShape saxid_disc;
extern const SaxidShape saxid_core_shell_disc;
/* Kinds of cylinders and vesicles that are no classes of their own. */
extern const SaxidShape saxid_capped_cylinder;
extern const SaxidShape saxid_bilayer_vesicle;
