/* What is measured at instruments and is none of the classes?
 *
 * Curves of other things, each with random parameters whose lengths fall into the window:
 * particles of other shapes (body.h), polymers, gels, fractals, stacks, concentrated
 * particles, powder rings, empty cells, broken frames. A model that has met some of them refuses better what it has not met.
 *
 * Units: q 1/Å, I 1/cm. Thread: const table; a draw uses the caller's generator only.
 */
#pragma once

#include <glib.h>

#include "models/simulate/body.h"

G_BEGIN_DECLS

guint saxid_stranger_count (void);
/* NULL past the last. */
const char *saxid_stranger_name (guint kind);
/* Whether it is made from the curve of a particle (`base`). */
gboolean saxid_stranger_needs_base (guint kind);

/* q ascending and positive; first, last: the window that is looked at, which q exceeds
 * by what the resolution reaches. base [n]: what particles scatter, where needed; bodies:
 * where needed.
 * Shape: q, base and out n. out may be base. */
void saxid_stranger_draw (guint kind, SaxidRandom *random, double first, double last, gsize n, const double *q,
                          const double *base, const SaxidBodies *bodies, double *out);

G_END_DECLS
