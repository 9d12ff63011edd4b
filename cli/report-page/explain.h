/* Which part of the curve carried the decision?
 *
 * By occlusion: a band of ln q is replaced by the straight line, in ln I, between its
 * ends, as if nothing were known there but the slope; how much the probability of the
 * label falls is the weight of the band.
 *
 * Thread: one thread at a time, as the module's workspace.
 */
#pragma once

#include "cli/module.h"
#include "reducers/curve.h"

G_BEGIN_DECLS

#define SAXID_EXPLAIN_BANDS 24

typedef struct
{
  double q[SAXID_EXPLAIN_BANDS + 1];  /* edges, 1/Å */
  double weight[SAXID_EXPLAIN_BANDS]; /* 0..1, what is lost of the probability */
} SaxidExplanation;

/* module: one that asks the network alone is quick enough. curve: clean.
 * Errors: those of the module. */
gboolean saxid_explain (const SaxidModule *module, const SaxidCurve *curve, int label, SaxidExplanation *explanation,
                        GError **error);

G_END_DECLS
