/* Are the frames of a run alike, or does the sample change while it is measured?
 *
 * By the signs of differences between two curves on one grid (CorMap, Franke, Jeffries and
 * Svergun 2015, DOI 10.1038/nmeth.3358): where both are of one sample, they are those of a coin that
 * is tossed, and a long run of one sign is unlikely (Schilling 1990, DOI 10.2307/2686886). No
 * uncertainty is needed. Two pairs are looked at: each frame with the first, and the mean of the first
 * half of 2, 4, 8 … frames with that of the second, which finds what changes slowly.
 *
 * Units: any, the same for all frames. Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The probability that n tosses of a coin have a run of `run` or more, of either side. */
double saxid_run_probability (gsize n, gsize run);

/* The probability of the longest run of one sign in a - b, where both are of one sample. Points that
 * are no numbers, or the same, do not count. 1: too few points. Shape: a and b [n]. */
double saxid_cormap (gsize n, const double *a, const double *b);

typedef struct
{
  gsize n, n_frame;
  double *first, *sum; /* [n] */
  double *half;        /* [n]: of the first half_frames frames */
  gsize half_frames;
  guint n_test;
} SaxidAlike;

typedef struct
{
  double p;     /* of the shape: the smaller of the two pairs, as one can be scaled onto the other; 1: no pair */
  double p_scale; /* of shape and scale together */
  double ratio; /* of intensity, later to earlier, in the pair of the smaller p_scale */
  double low;   /* that of the low q (a quarter of the points) to the rest, in the pair of the smaller p */
} SaxidAlikeness;

/* Adds a frame and compares it. Both p are multiplied by the number of comparisons so far (Bonferroni),
 * so that a run of any length has one chance. All frames have n points. */
SaxidAlikeness saxid_alike_add (SaxidAlike *alike, gsize n, const double *intensity);
void saxid_alike_clear (SaxidAlike *alike);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SaxidAlike, saxid_alike_clear)

G_END_DECLS
