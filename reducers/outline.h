/* Is a curve of quite another shape than the one before it?
 *
 * Sums of a frame are added over groups of neighbouring bins, and two frames are compared by the
 * logarithms of these, so that neither exposure nor noise counts. In a run this finds the frame
 * that is of something else; what changes slowly it does not find (alike.h does).
 *
 * Units: any, the same for both. Thread: pure.
 */
#pragma once

#include "reducers/integrate.h"

G_BEGIN_DECLS

#define SAXID_OUTLINE_GROUPS 24
#define SAXID_OUTLINE_LEAST 6 /* groups that are compared */

typedef struct
{
  double value[SAXID_OUTLINE_GROUPS];    /* ln I; NaN where counts are too few */
  double variance[SAXID_OUTLINE_GROUPS]; /* of it, from counting: Σ V / S² */
  guint n;                               /* groups with counts enough */
} SaxidOutline;

/* n_bin bins make a curve, at least 1; azimuths are added. */
void saxid_outline_draw (const SaxidSums *sums, gsize n_bin, SaxidOutline *outline);

/* The variance of the difference over the groups, less what counting makes of it; 0 where fewer
 * than SAXID_OUTLINE_LEAST groups can be compared. */
double saxid_outline_change (const SaxidOutline *before, const SaxidOutline *after);

G_END_DECLS
