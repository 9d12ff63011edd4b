/* At which angles must a rod be looked at?
 *
 * Thread: pure; a rule belongs to its caller.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Averages over the angle between axis and q of
 *   G(q sine) sinc(q a cosine) sinc(q b cosine)
 * as the sum of that times `full` and of
 *   G(q sine) cos(q (a - b) cosine) / (2 q^2 a b) times `smooth`. */
typedef struct
{
  gsize n;
  double *sine, *cosine, *full, *smooth;
} SaxidRodRule;

/* For q from first to last: `shortest` and `longest` are the half lengths a and
 * b that occur, radius the largest radius that G knows of. Error below 1e-8. */
SaxidRodRule *saxid_rod_rule (double first, double last, double shortest, double longest, double radius);
void saxid_rod_rule_free (SaxidRodRule *rule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidRodRule, saxid_rod_rule_free)

G_END_DECLS
