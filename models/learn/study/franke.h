/* Integrals of the Kratky plot that tell shapes apart.
 *
 *   Q'(x) = Σ_{q R_g < x} (q R_g)² I(q) / I(q_0) Δq,   V'(x) = 2 π² / Q'(x)
 *
 * at n values of x = q R_g from 3 to 7, and R_g itself. Franke, Jeffries & Svergun 2018,
 * DOI 10.1016/j.bpj.2018.04.018; the upper bound of 7 and the finer steps are those of
 * Monge et al. 2024, DOI 10.1107/S2053273324000950. R_g is from a Guinier fit.
 *
 * Units: R_g Å. Thread: pure.
 */
#pragma once

#include "reducers/curve.h"

G_BEGIN_DECLS

/* Shape: out has n + 1 values, n >= 2. Where the curve has no Guinier range they are
 * all 0; returns FALSE then. The curve must be clean. */
gboolean saxid_franke (const SaxidCurve *curve, gsize n, float *out);

G_END_DECLS
