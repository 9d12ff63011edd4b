/* How is sample k of a data set made?
 *
 * Units: I 1/cm. Shape: see sample.h.
 * Thread: every sample has generators of its own, keyed by (seed, sample).
 */
#include "models/simulate/sample.h"

#include <math.h>

typedef struct
{
  SaxidSampleBlock *block;
  const SaxidPopulation *population;
  const SaxidMeasurementPlan *plan;
  guint64 seed;
  gboolean noiseless;
  gint next;   /* atomic: index within the block of the next sample to make */
  GMutex lock; /* of error */
  GError *error;
} Work;

SaxidSampleBlock *
saxid_sample_block_new (gsize first, gsize count, gsize n_q)
{
  SaxidSampleBlock *block = g_new0 (SaxidSampleBlock, 1);

  block->first = first;
  block->count = count;
  block->n_q = n_q;
  block->intensity = g_new0 (float, count * n_q);
  block->sigma = g_new0 (float, count * n_q);
  block->label = g_new0 (guint8, count);
  block->parameter = g_new0 (double, count * SAXID_SAMPLE_PARAMETERS);
  return block;
}

void
saxid_sample_block_free (SaxidSampleBlock *block)
{
  if (block == NULL)
    return;
  g_free (block->intensity);
  g_free (block->sigma);
  g_free (block->label);
  g_free (block->parameter);
  g_free (block);
}

static void
store_parameters (const SaxidParticle *particle, double *out)
{
  out[0] = particle->width;
  out[1] = particle->scale;
  for (guint k = 0; k < SAXID_SHAPE_MAX_PARAMETERS; k++)
    out[SAXID_SAMPLE_COMMON_PARAMETERS + k]
      = k < particle->shape->n_parameter ? particle->value[k] : NAN;
}

static gboolean
make_sample (Work *work, gsize at, double *truth, double *intensity, double *sigma, GError **error)
{
  SaxidSampleBlock *block = work->block;
  guint64 sample = block->first + at;
  guint class = (guint) (sample % saxid_population_class_count (work->population));
  SaxidRandom random;
  SaxidParticle particle;

  saxid_random_init (&random, work->seed, sample, SAXID_STREAM_PARTICLE);
  saxid_population_draw (work->population, class, &random, &particle);
  if (!saxid_particle_intensity (&particle, work->plan->n_true, work->plan->q_true, truth, error))
    return FALSE;

  if (work->noiseless)
    saxid_measurement_smear (work->plan, truth, intensity);
  else
    {
      saxid_random_init (&random, work->seed, sample, SAXID_STREAM_COUNTS);
      saxid_measurement_take (work->plan, truth, &random, intensity, sigma);
    }
  for (gsize k = 0; k < block->n_q; k++)
    {
      block->intensity[at * block->n_q + k] = (float) intensity[k];
      block->sigma[at * block->n_q + k] = work->noiseless ? 0 : (float) sigma[k];
    }
  block->label[at] = (guint8) class;
  store_parameters (&particle, block->parameter + at * SAXID_SAMPLE_PARAMETERS);
  return TRUE;
}

static gpointer
run_worker (gpointer data)
{
  Work *work = data;
  g_autofree double *truth = g_new (double, work->plan->n_true);
  g_autofree double *intensity = g_new (double, work->plan->n_q);
  g_autofree double *sigma = g_new0 (double, work->plan->n_q);

  for (;;)
    {
      g_autoptr (GError) error = NULL;
      gsize at = (gsize) g_atomic_int_add (&work->next, 1);

      if (at >= work->block->count)
        return NULL;
      if (make_sample (work, at, truth, intensity, sigma, &error))
        continue;
      g_mutex_lock (&work->lock);
      if (work->error == NULL)
        g_propagate_prefixed_error (&work->error, g_steal_pointer (&error),
                                    "sample %" G_GSIZE_FORMAT ": ", work->block->first + at);
      g_mutex_unlock (&work->lock);
      g_atomic_int_set (&work->next, (gint) work->block->count);
      return NULL;
    }
}

gboolean
saxid_sample_block_fill (SaxidSampleBlock *block, const SaxidPopulation *population,
                         const SaxidMeasurementPlan *plan, guint64 seed, gboolean noiseless,
                         guint threads, GError **error)
{
  Work work = { .block = block, .population = population, .plan = plan, .seed = seed,
                .noiseless = noiseless };
  g_autofree GThread **pool = g_new0 (GThread *, MAX (threads, 1));

  g_return_val_if_fail (block->n_q == plan->n_q, FALSE);
  g_return_val_if_fail (block->count < G_MAXINT / 2, FALSE);

  g_mutex_init (&work.lock);
  for (guint k = 1; k < threads; k++)
    pool[k] = g_thread_new ("saxid-sample", run_worker, &work);
  run_worker (&work);
  for (guint k = 1; k < threads; k++)
    g_thread_join (pool[k]);
  g_mutex_clear (&work.lock);

  if (work.error != NULL)
    {
      g_propagate_error (error, work.error);
      return FALSE;
    }
  return TRUE;
}
