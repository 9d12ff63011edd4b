/* A curve of a simulated set, as the benches ask for it. Thread: pure. */
#pragma once

#include "reducers/curve.h"
#include "schemas/learn/dataset.h"

/* Row `row` without its padding; no sigma where it has none. */
SaxidCurve *saxid_set_curve (const SaxidDataset *set, gsize row);
