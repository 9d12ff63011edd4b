/* Sample k of a simulated set: its class, its particle, its curve.
 *
 * Thread: samples are independent; any thread may make any of them.
 */
#pragma once

#include "models/simulate/curve.h"
#include "models/simulate/population.h"

G_BEGIN_DECLS

/* Per sample: sigma/mean of the main size, scale. They stand before the
 * shape's own parameters in SaxidSampleBlock.parameter. */
#define SAXID_SAMPLE_COMMON_PARAMETERS 2
#define SAXID_SAMPLE_PARAMETERS (SAXID_SAMPLE_COMMON_PARAMETERS + SAXID_SHAPE_MAX_PARAMETERS)

/* Numbers for each sample: those, and where the population has extras the
 * distribution (index), the second population's share and size, and the widths of
 * the shape's sizes. */
guint saxid_sample_parameter_count (const SaxidPopulation *population);
/* The name of number `index` for class `class`, "" where it is not used. */
const char *saxid_sample_parameter_name (const SaxidPopulation *population, guint class, guint index);
/* Whether it is a width of the parameter of that name. */
gboolean saxid_sample_parameter_is_width (const SaxidPopulation *population, guint index);

typedef struct
{
  gsize first, count; /* samples first … first + count - 1 */
  gsize n_q;
  float *intensity;   /* [count × n_q] 1/cm */
  float *sigma;       /* [count × n_q] 1/cm; zero for noiseless curves */
  guint8 *label;      /* [count] class index */
  guint n_parameter;
  double *parameter;  /* [count × n_parameter], NaN past the shape's last */
  double *q;          /* NULL, or [count × n_q]: each curve has points of its own, and
                         NaN in all three where it has no more; σ NaN = not known */
  float *parts;       /* NULL, or of a library [count × 2 n_q]: core alone, shell alone
                         (contrast.h), NaN where a curve does not come apart so */
} SaxidSampleBlock;

/* n_parameter: SAXID_SAMPLE_PARAMETERS of populations without extras. own_grids: each curve has its own. */
SaxidSampleBlock *saxid_sample_block_sized (gsize first, gsize count, gsize n_q, guint n_parameter,
                                            gboolean own_grids);
void saxid_sample_block_free (SaxidSampleBlock *block);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidSampleBlock, saxid_sample_block_free)

/* Fills a block with simulated measurements (noiseless: smeared only). The classes
 * take turns, so any run of n_class samples has each class once. The result
 * depends on seed and sample index only, never on threads.
 * Errors: those of the form factors.
 * Thread: uses `threads` threads of its own and waits for them. */
gboolean saxid_sample_block_fill (SaxidSampleBlock *block, const SaxidPopulation *population, const SaxidResponse *response,
                                  guint64 seed, gboolean noiseless, guint threads, GError **error);

/* Curves with grids of their own: nuisances, and random instruments (instrument
 * NULL; sample k is measured by instrument k of the seed). The block must have
 * room for the points of all. */
gboolean saxid_sample_block_measure (SaxidSampleBlock *block, const SaxidPopulation *population,
                                     const SaxidInstrument *instrument, guint64 seed, SaxidMeasureFlags flags,
                                     const SaxidNuisances *given, guint threads, GError **error);

/* Noiseless curves of scale 1, unsmeared, at q [n_q]: a library, with parts. */
gboolean saxid_sample_block_tabulate (SaxidSampleBlock *block, const SaxidPopulation *population,
                                      const double *q, guint64 seed, guint threads, GError **error);

/* Stores a simulated curve as row `at` of a block with own grids. */
void saxid_sample_block_store (SaxidSampleBlock *block, gsize at, const SaxidSimulatedCurve *curve);

G_END_DECLS
