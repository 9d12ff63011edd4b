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

/* Points of one Gauss-Legendre panel. */
#define SAXID_PANEL 16

/* Gauss-Legendre in equal panels, enough of them for an integrand that
 * oscillates through `phase` radians between lower and upper (relative error
 * about 1e-10), and never fewer than `panels`. */
SaxidRule *saxid_rule_new (double lower, double upper, double phase, gsize panels);
void saxid_rule_free (SaxidRule *rule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidRule, saxid_rule_free)

G_END_DECLS
