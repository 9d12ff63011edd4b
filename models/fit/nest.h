/* A particle of one form factor as one of another that has it as a special case.
 *
 * A sphere is nearly a core-shell sphere with a thin shell of the same density: what fits
 * as the one is a good beginning for the other.
 *
 * Thread: pure.
 */
#pragma once

#include "models/fit/space.h"

G_BEGIN_DECLS

/* FALSE: `outer` does not have `inner` as a special case. */
gboolean saxid_nest (const SaxidSpace *inner, const SaxidSpacePoint *point, const SaxidSpace *outer,
                     SaxidSpacePoint *nested);

G_END_DECLS
