/* The reduction chain: which reducers, in which order, with which parameters.
 *
 * A chain is what a person writes, a small key file:
 *
 *   [chain]
 *   reducers = mask; limits; poisson; polarisation; solid-angle; integrate
 *
 *   [polarisation]
 *   factor = 0.98
 *
 * A prepared chain is that, made ready for frames of one geometry: immutable. A
 * scratch is what one thread writes on.
 *
 * Units: as the table in reducers/reducer.c says.
 * Thread: a chain belongs to one thread until it is prepared; a prepared one may be
 *   shared; a scratch belongs to one thread.
 */
#pragma once

#include "reducers/reducer.h"

G_BEGIN_DECLS

typedef struct SaxidChain SaxidChain;
typedef struct SaxidPreparedChain SaxidPreparedChain;
typedef struct SaxidChainScratch SaxidChainScratch;

/* mask, limits, poisson, solid-angle, integrate: what every frame needs. */
SaxidChain *saxid_chain_new (void);
SaxidChain *saxid_chain_copy (const SaxidChain *chain);
void saxid_chain_free (SaxidChain *chain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidChain, saxid_chain_free)

/* A chain from the text of a key file. place names it in messages.
 * Errors: SAXID_ERROR_ARGUMENT for a text that is no key file, an unknown
 * reducer, parameter or choice, a reducer twice, a value out of its bounds, a
 * group of a reducer that is not in the chain, an order that goes back, a chain
 * without integrate. */
SaxidChain *saxid_chain_parse (const char *text, const char *place, GError **error);

/* The same text again, every parameter spelled out. Free with g_free. */
char *saxid_chain_to_string (const SaxidChain *chain);

gboolean saxid_chain_has (const SaxidChain *chain, const char *reducer);
/* Puts a reducer where the table has it; nothing when it is there already. */
gboolean saxid_chain_add (SaxidChain *chain, const char *reducer, GError **error);
/* Takes it out; nothing when it is not there. */
void saxid_chain_remove (SaxidChain *chain, const char *reducer);
/* Sets a parameter, and adds its reducer where the chain has it not.
 * Errors: SAXID_ERROR_ARGUMENT as for saxid_chain_parse. */
gboolean saxid_chain_set (SaxidChain *chain, const char *reducer, const char *parameter, double value,
                          GError **error);
/* The value, or its initial one when the chain has the reducer not. */
double saxid_chain_get (const SaxidChain *chain, const char *reducer, const char *parameter);

/* Ready for frames of input->map; what input points to must outlive the prepared chain.
 * Errors: SAXID_ERROR_ARGUMENT when a step lacks its input; those of
 * saxid_binning_new. */
SaxidPreparedChain *saxid_chain_prepare (const SaxidChain *chain, const SaxidReducerInput *input, GError **error);
void saxid_prepared_chain_free (SaxidPreparedChain *prepared);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidPreparedChain, saxid_prepared_chain_free)

/* Bins of the integration. */
const SaxidBins *saxid_prepared_chain_bins (const SaxidPreparedChain *prepared);
/* What the steps came to: the mask and the normalisation that a file may name. */
const SaxidRecipe *saxid_prepared_chain_recipe (const SaxidPreparedChain *prepared);
/* The integration: how frames are cut into strips. */
const SaxidBinning *saxid_prepared_chain_integration (const SaxidPreparedChain *prepared);
/* Whether frames are looked at more than once, so that they cannot come in strips. */
gboolean saxid_prepared_chain_needs_whole_frames (const SaxidPreparedChain *prepared);

SaxidChainScratch *saxid_chain_scratch_new (const SaxidPreparedChain *prepared);
void saxid_chain_scratch_free (SaxidChainScratch *scratch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidChainScratch, saxid_chain_scratch_free)

/* Up to SAXID_LANES frames, up to and with the integration. */
void saxid_chain_integrate (SaxidChainScratch *scratch, const SaxidFrames *frames);
/* The same strip by strip, as of saxid_integrate_begin. */
void saxid_chain_begin (SaxidChainScratch *scratch, guint n);
void saxid_chain_strip (SaxidChainScratch *scratch, gsize strip, const SaxidFrames *frames);
void saxid_chain_end (SaxidChainScratch *scratch, const SaxidFrames *frames);

/* The sums of one of these frames, once. monitor: of the frame, NaN when not known. They
 * belong to the scratch and hold until its next frames; add them up to merge frames.
 * Errors: SAXID_ERROR_DATA when the frame lacks what a step needs. */
SaxidSums *saxid_chain_sums (SaxidChainScratch *scratch, guint lane, double monitor, GError **error);

/* The mask that the clip found in a frame (see saxid_clip_find), or NULL without one. */
const guint8 *saxid_chain_found (const SaxidChainScratch *scratch, guint lane);

/* The curve of an azimuth of sums: what comes after the integration. Every curve of a prepared
 * chain has the same q; points that nothing was measured at are NaN, and sigma is NULL where
 * no step of the chain says what errors are. */
SaxidCurve *saxid_chain_curve (const SaxidPreparedChain *prepared, const SaxidSums *sums, gsize azimuth, GError **error);

/* Takes the background away from a curve of sums that no step has changed, one of a cake; one
 * without that step is left as it is. Errors: those of saxid_curve_subtract. */
gboolean saxid_chain_subtract (const SaxidPreparedChain *prepared, const SaxidSums *sums, gsize azimuth, SaxidCurve *curve,
                               GError **error);

G_END_DECLS
