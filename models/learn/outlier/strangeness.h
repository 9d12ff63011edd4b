/* Is a curve of none of the classes?
 *
 * Two signs of it: the margin that the network gives to what is of no class, over all
 * those of the classes, and the distance from the curves that it learned from. How much
 * each counts is a logistic regression on held-out curves and strangers, as if both were
 * equally many.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* ln of the odds = offset + margin · m + distance · ln d */
typedef struct
{
  double offset, margin, distance;
} SaxidStrangeness;

/* What a regression sees of a curve. */
typedef struct
{
  double margin; /* of the strangers, less ln Σ exp of those of the classes */
  double away;   /* ln of the distance from the gallery */
} SaxidSigns;

/* margin: n_class and one more. distance: 0 … 2 (gallery.h). */
SaxidSigns saxid_signs_of (guint n_class, const float *margin, double distance);

/* 0 … 1: of one half, both are as likely. */
double saxid_strangeness_score (const SaxidStrangeness *strangeness, const SaxidSigns *signs);

/* Maximum likelihood, by Newton's steps; neither sign may count for the wrong side. */
SaxidStrangeness saxid_strangeness_fit (gsize n_known, const SaxidSigns *known, gsize n_stranger,
                                        const SaxidSigns *stranger);

G_END_DECLS
