/* What is the network in the middle of several that learned one from the other?
 *
 * Networks that go on from each other with rates that rise and fall again stand around a wide minimum; the
 * mean of their weights lies deeper in it than each of them (Izmailov et al. 2018, arXiv:1803.05407), and costs
 * no more to ask than one. Networks that began apart have no such mean.
 *
 * Thread: pure.
 */
#pragma once

#include "models/learn/network/network.h"

G_BEGIN_DECLS

/* Of n networks of the same layers. Errors: SAXID_ERROR_ARGUMENT where their layers are not the same. */
SaxidNetwork *saxid_technique_average (const SaxidNetwork *const *of, guint n, GError **error);

G_END_DECLS
