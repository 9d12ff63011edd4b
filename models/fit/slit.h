/* What does a slit make of a curve?
 *
 * A beam that is long across q is measured as the mean over its length l from 0 on,
 *
 *   J(q) = 1/l int_0^l I (sqrt (q² + u²)) du
 *
 * (Guinier & Fournet 1955, ch. 3; dQl of NXcanSAS). On even steps of ln q, u/q at a step is the same
 * for every q, so the weights of all points are one row. I is linear in q² between steps, and
 * the integral is then exact.
 *
 * Units: q and l 1/Å. Thread: a SaxidSlit is immutable once it is made.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gsize n;
  double *reach;  /* [n] u/q, so many steps above q */
  double *weight; /* [n] of I there, where the step above it is crossed too */
  double *last;   /* [n] of I there, where it is the last */
} SaxidSlit;

/* n: steps from the first q to the last. step: of ln q. */
void saxid_slit_init (SaxidSlit *slit, gsize n, double step);
void saxid_slit_clear (SaxidSlit *slit);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SaxidSlit, saxid_slit_clear)

/* The integral over u from 0 to `length` (INFINITY: as far as there are steps). What lies beyond the last step is
 * not in it. Shape: q, value and out n. */
void saxid_slit_integral (const SaxidSlit *slit, double length, const double *q, const double *value, double *out);

G_END_DECLS
