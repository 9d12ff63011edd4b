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

/* What the rule is sized by. Above `fading` the oscillations of G with the radius
 * are gone, and those with the rim are left; 0 when it is not known where. */
typedef struct
{
  double shortest, longest; /* the half lengths a and b that occur */
  double apart;             /* the largest b - a of one product */
  double radius, rim;       /* the largest radius, and what of it is the shell's */
  double fading;            /* 1/Å */
} SaxidRodSize;

/* For q from first to last. Error below 1e-8. */
SaxidRodRule *saxid_rod_rule (double first, double last, const SaxidRodSize *size);
void saxid_rod_rule_free (SaxidRodRule *rule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidRodRule, saxid_rod_rule_free)

G_END_DECLS
