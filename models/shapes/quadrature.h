/* How many points does an integral over a size or an angle need, and where?
 *
 * Thread: pure; a rule belongs to its caller.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Points and weights of one integral. */
typedef struct
{
  gsize n;
  double *x;
  double *weight;
} SaxidRule;

/* A rule of n points that are still to be filled in. */
SaxidRule *saxid_rule_empty (gsize n);
/* Gauss-Legendre in equal panels, for an integrand that oscillates through
 * `phase` radians between lower and upper: relative error about 1e-10. */
SaxidRule *saxid_rule_new (double lower, double upper, double phase);
/* The same with a number of panels of SAXID_PANEL points that is given. */
SaxidRule *saxid_rule_panels (double lower, double upper, gsize panels);
void saxid_rule_free (SaxidRule *rule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidRule, saxid_rule_free)

#define SAXID_PANEL 16
/* Phase that one panel of SAXID_PANEL points stands, rad. */
#define SAXID_PANEL_PHASE 25.0

/* The average over the orientations of an axis, as
 *   int_0^(pi/2) f (sin a, cos a) sin a da,   a between axis and q. */
typedef struct
{
  gsize n;
  double *sine;
  double *cosine;
  double *weight;
  /* private: what it was made for */
  gsize panels, order;
} SaxidOrientations;

SaxidOrientations *saxid_orientations_new (void);
/* Sized for an integrand that turns through `phase` radians from pole to
 * equator; costs nothing when the one that is there has that size. */
void saxid_orientations_fit (SaxidOrientations *orientations, double phase);
void saxid_orientations_free (SaxidOrientations *orientations);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidOrientations, saxid_orientations_free)

G_END_DECLS
