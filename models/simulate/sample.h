/* Sample k of a simulated set: its class, its particle, its curve.
 *
 * Thread: samples are independent; any thread may make any of them.
 */
#pragma once

#include "models/simulate/plan.h"
#include "models/simulate/population.h"

G_BEGIN_DECLS

/* Per sample: sigma/mean of the main size, scale. They stand before the
 * shape's own parameters in SaxidSampleBlock.parameter. */
#define SAXID_SAMPLE_COMMON_PARAMETERS 2
#define SAXID_SAMPLE_PARAMETERS (SAXID_SAMPLE_COMMON_PARAMETERS + SAXID_SHAPE_MAX_PARAMETERS)

typedef struct
{
  gsize first, count; /* samples first … first + count - 1 */
  gsize n_q;
  float *intensity;   /* [count × n_q] 1/cm */
  float *sigma;       /* [count × n_q] 1/cm; zero for noiseless curves */
  guint8 *label;      /* [count] class index */
  double *parameter;  /* [count × SAXID_SAMPLE_PARAMETERS], NaN past the shape's last */
} SaxidSampleBlock;

SaxidSampleBlock *saxid_sample_block_new (gsize first, gsize count, gsize n_q);
void saxid_sample_block_free (SaxidSampleBlock *block);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidSampleBlock, saxid_sample_block_free)

/* Fills a block with measured curves (noiseless: smeared only). The classes
 * take turns, so any run of n_class samples has each class once. The result
 * depends on seed and sample index only, never on threads.
 * Errors: those of the form factors.
 * Thread: uses `threads` threads of its own and waits for them. */
gboolean saxid_sample_block_fill (SaxidSampleBlock *block, const SaxidPopulation *population,
                                  const SaxidMeasurementPlan *plan, guint64 seed,
                                  gboolean noiseless, guint threads, GError **error);

G_END_DECLS
