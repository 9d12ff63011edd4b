/* Curves of metal particles atom by atom, from small angles to the peaks, as a population of saxid simulate.
 *
 * Thread: the caller's, and as many as it says.
 */
#pragma once

#include "models/atomic/element.h"
#include "models/simulate/sample.h"
#include "schemas/learn/dataset.h"

G_BEGIN_DECLS

#define SAXID_SIMULATE_ATOMIC "atomic"
#define SAXID_SIMULATE_ATOMIC_TITLE "nine polyhedra of metal atoms, from small angles to their peaks"

/* Classes, parameters, points and unit of a set of them. */
void saxid_simulate_atomic_head (SaxidDatasetHeader *header);

/* Curves first … of a block with own grids, of that head. element: NULL, another one for each curve. */
void saxid_simulate_atomic_fill (SaxidSampleBlock *block, const SaxidElement *element, guint64 seed, guint threads);

G_END_DECLS
