/* Measured points in a log–log panel, and the range that shows them best.
 *
 * Units: as in the curve. Thread: pure.
 */
#pragma once

#include "cli/plot/axes.h"
#include "reducers/curve.h"

G_BEGIN_DECLS

typedef struct
{
  double q_low, q_high; /* of all drawable points */
  double i_low, i_high; /* positive */
  gsize n_drawable;     /* q positive, q and I finite */
  gsize n_not_positive; /* of these, I <= 0 */
  gsize n_below;        /* positive, and still below i_low */
} SaxidRange;

/* The range of a curve; always one that can be drawn, even of an empty curve. */
void saxid_range_of_curve (SaxidRange *range, const SaxidCurve *curve);
/* Enlarged to hold the other as well. */
void saxid_range_join (SaxidRange *range, const SaxidRange *other);
/* Both axes of a axes, logarithmic, with a margin. */
void saxid_range_set_axes (const SaxidRange *range, SaxidAxes *axes);

/* Points, error bars, and triangles at the axis for what lies at or below it.
 * Bounded whatever the number of points: what a pixel cannot show is left out. */
void saxid_marks_points (SaxidCanvas *canvas, const SaxidAxes *axes, const SaxidCurve *curve,
                         SaxidColour colour, double dot);
/* A line through q, intensity; what is not positive interrupts it. */
void saxid_marks_line (SaxidCanvas *canvas, const SaxidAxes *axes, gsize n, const double *q,
                       const double *intensity, const SaxidPen *pen);
/* Parts right / all in per cent at x, with the standard error of a part, joined by a line;
 * where all is 0 there is no part. */
void saxid_marks_parts (SaxidCanvas *canvas, const SaxidAxes *axes, guint n, const double *x, const double *right,
                        const double *all, SaxidColour colour);

G_END_DECLS
