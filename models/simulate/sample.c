/* How is sample k of a data set made?
 *
 * Units: I 1/cm. Shape: see sample.h.
 * Thread: every sample has generators of its own, keyed by (seed, sample).
 */
#include "models/simulate/sample.h"

#include <math.h>

#include "models/parallel.h"
#include "models/simulate/contrast.h"

#define EXTRAS 3 /* distribution, share and size of the second population */

typedef struct Work Work;

struct Work
{
  SaxidSampleBlock *block;
  const SaxidPopulation *population;
  const SaxidResponse *response;    /* NULL: an instrument for each, or none */
  const double *q;                  /* of a library */
  guint64 seed;
  SaxidMeasureFlags flags;
  const SaxidNuisances *given;      /* NULL, or what goes wrong with every curve */
  gboolean (*make) (const Work *work, gsize at, const SaxidParticle *particle, SaxidSimulatedCurve *curve,
                    GError **error);
  GMutex lock; /* of error */
  GError *error;
};

guint
saxid_sample_parameter_count (const SaxidPopulation *population)
{
  return SAXID_SAMPLE_PARAMETERS
         + (saxid_population_has_extras (population) ? EXTRAS + SAXID_SHAPE_MAX_PARAMETERS : 0)
         + (saxid_population_has_variants (population) ? 1 : 0);
}

/* The last column, where there are variants. */
static gboolean
is_variant (const SaxidPopulation *population, guint index)
{
  return saxid_population_has_variants (population) && index + 1 == saxid_sample_parameter_count (population);
}

gboolean
saxid_sample_parameter_is_width (const SaxidPopulation *population, guint index)
{
  return index >= SAXID_SAMPLE_PARAMETERS + EXTRAS && !is_variant (population, index);
}

const char *
saxid_sample_parameter_name (const SaxidPopulation *population, guint class, guint index)
{
  static const char *const common[SAXID_SAMPLE_COMMON_PARAMETERS] = { "width", "scale" };
  static const char *const extra[EXTRAS] = { "distribution", "second_share", "second_size" };
  const SaxidShape *shape = saxid_population_class (population, class);
  guint parameter;

  if (is_variant (population, index))
    return "variant";
  if (index < SAXID_SAMPLE_COMMON_PARAMETERS)
    return common[index];
  if (index >= SAXID_SAMPLE_PARAMETERS && index < SAXID_SAMPLE_PARAMETERS + EXTRAS)
    return extra[index - SAXID_SAMPLE_PARAMETERS];
  if (!saxid_sample_parameter_is_width (population, index))
    {
      parameter = index - SAXID_SAMPLE_COMMON_PARAMETERS;
      return parameter < shape->n_parameter ? shape->parameter[parameter].name : "";
    }
  parameter = index - SAXID_SAMPLE_PARAMETERS - EXTRAS;
  return parameter < shape->n_parameter && shape->parameter[parameter].is_size && parameter != shape->main_size
           ? shape->parameter[parameter].name
           : "";
}

SaxidSampleBlock *
saxid_sample_block_sized (gsize first, gsize count, gsize n_q, guint n_parameter, gboolean own_grids)
{
  SaxidSampleBlock *block = g_new0 (SaxidSampleBlock, 1);

  block->first = first;
  block->count = count;
  block->n_q = n_q;
  block->n_parameter = n_parameter;
  block->intensity = g_new0 (float, count * n_q);
  block->sigma = g_new0 (float, count * n_q);
  block->label = g_new0 (guint8, count);
  block->parameter = g_new0 (double, count * n_parameter);
  if (own_grids)
    block->q = g_new0 (double, count * n_q);
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
  g_free (block->q);
  g_free (block->parts);
  g_free (block);
}

void
saxid_sample_block_store (SaxidSampleBlock *block, gsize at, const SaxidSimulatedCurve *curve)
{
  double *q = block->q + at * block->n_q;
  float *intensity = block->intensity + at * block->n_q, *sigma = block->sigma + at * block->n_q;

  g_return_if_fail (block->q != NULL && curve->n <= block->n_q);

  for (gsize k = 0; k < block->n_q; k++)
    {
      gboolean there = k < curve->n;

      q[k] = there ? curve->q[k] : NAN;
      intensity[k] = there ? (float) curve->intensity[k] : NAN;
      sigma[k] = there && curve->has_sigma ? (float) curve->sigma[k] : NAN;
    }
}

static void
store_parameters (const SaxidPopulation *population, const SaxidParticle *particle, guint n, double *out)
{
  const SaxidShape *shape = particle->shape;

  if (n == saxid_sample_parameter_count (population) && is_variant (population, n - 1))
    out[--n] = (double) particle->variant;

  out[0] = particle->width;
  out[1] = particle->scale;
  for (guint k = 0; k < SAXID_SHAPE_MAX_PARAMETERS; k++)
    out[SAXID_SAMPLE_COMMON_PARAMETERS + k] = k < shape->n_parameter ? particle->value[k] : NAN;
  if (n == SAXID_SAMPLE_PARAMETERS)
    return;
  out += SAXID_SAMPLE_PARAMETERS;
  out[0] = (double) particle->distribution;
  out[1] = particle->second_share;
  out[2] = particle->second_size;
  for (guint k = 0; k < SAXID_SHAPE_MAX_PARAMETERS; k++)
    out[EXTRAS + k] = k < shape->n_parameter ? particle->side_width[k] : NAN;
}

/* On the points of one response, as every curve of the block. */
static gboolean
make_on_response (const Work *work, gsize at, const SaxidParticle *particle, SaxidSimulatedCurve *curve, GError **error)
{
  SaxidSampleBlock *block = work->block;
  g_autofree double *truth = g_new (double, work->response->n_true);

  if (!saxid_particle_intensity (particle, work->response->n_true, work->response->q_true, truth, error))
    return FALSE;
  saxid_simulated_curve_draw (work->response, truth, work->flags, work->given, work->seed, block->first + at, curve, NULL);
  if (block->q != NULL)
    {
      saxid_sample_block_store (block, at, curve);
      return TRUE;
    }
  for (gsize k = 0; k < block->n_q; k++)
    {
      block->intensity[at * block->n_q + k] = (float) curve->intensity[k];
      block->sigma[at * block->n_q + k] = (float) curve->sigma[k];
    }
  return TRUE;
}

static gboolean
make_random (const Work *work, gsize at, const SaxidParticle *particle, SaxidSimulatedCurve *curve, GError **error)
{
  g_autoptr (SaxidResponse) response = NULL;
  SaxidInstrument instrument;
  Work one = *work;

  saxid_instrument_draw (work->seed, work->block->first + at, &instrument);
  one.response = response = saxid_response_new (&instrument);
  return make_on_response (&one, at, particle, curve, error);
}

/* What the particle scatters at scale 1 with these contrasts. */
static gboolean
tabulate_one (const Work *work, const SaxidParticle *particle, const SaxidContrast *contrast, float *out,
              GError **error)
{
  const gsize n_q = work->block->n_q;
  g_autofree double *truth = g_new (double, n_q);
  SaxidParticle whole = *particle;

  whole.scale = 1;
  if (contrast != NULL)
    saxid_contrast_set (whole.shape, whole.value, contrast);
  if (!saxid_particle_intensity (&whole, n_q, work->q, truth, error))
    return FALSE;
  for (gsize k = 0; k < n_q; k++)
    out[k] = (float) truth[k];
  return TRUE;
}

/* A second width makes a curve dear: such a one keeps the contrasts that it has. */
static gboolean
comes_apart (const SaxidParticle *particle)
{
  SaxidContrast contrast;

  for (guint k = 0; k < particle->shape->n_parameter; k++)
    if (particle->side_width[k] > 0)
      return FALSE;
  return saxid_contrast_of (particle->shape, particle->value, &contrast);
}

static gboolean
make_tabulated (const Work *work, gsize at, const SaxidParticle *particle, SaxidSimulatedCurve *curve G_GNUC_UNUSED,
                GError **error)
{
  SaxidSampleBlock *block = work->block;
  const gsize n_q = block->n_q;
  float *parts = block->parts + at * 2 * n_q;

  if (!tabulate_one (work, particle, NULL, block->intensity + at * n_q, error))
    return FALSE;
  /* another shape than that of the class has other contrasts than are drawn anew */
  if (particle->shape == saxid_population_class (work->population, block->label[at]) && comes_apart (particle))
    return tabulate_one (work, particle, &(SaxidContrast) { 1, 0 }, parts, error)
           && tabulate_one (work, particle, &(SaxidContrast) { 0, 1 }, parts + n_q, error);
  for (gsize k = 0; k < 2 * n_q; k++)
    parts[k] = NAN;
  return TRUE;
}

static gboolean
make_sample (const Work *work, gsize at, SaxidSimulatedCurve *curve, GError **error)
{
  SaxidSampleBlock *block = work->block;
  guint64 sample = block->first + at;
  guint class = (guint) (sample % saxid_population_class_count (work->population));
  SaxidRandom random;
  SaxidParticle particle;

  saxid_random_init (&random, work->seed, sample, SAXID_STREAM_PARTICLE);
  saxid_population_draw (work->population, class, &random, &particle);
  block->label[at] = (guint8) class;
  store_parameters (work->population, &particle, block->n_parameter, block->parameter + at * block->n_parameter);
  return work->make (work, at, &particle, curve, error);
}

static gboolean
make_piece (gsize at, gpointer curve, gpointer data)
{
  Work *work = data;
  g_autoptr (GError) error = NULL;

  if (make_sample (work, at, curve, &error))
    return TRUE;
  g_mutex_lock (&work->lock);
  if (work->error == NULL)
    g_propagate_prefixed_error (&work->error, g_steal_pointer (&error),
                                "sample %" G_GSIZE_FORMAT ": ", work->block->first + at);
  g_mutex_unlock (&work->lock);
  return FALSE;
}

static gboolean
run (Work *work, guint threads, GError **error)
{
  g_return_val_if_fail (work->block->count < G_MAXINT / 2, FALSE);
  g_return_val_if_fail (work->block->n_parameter <= saxid_sample_parameter_count (work->population), FALSE);

  g_mutex_init (&work->lock);
  saxid_parallel (&(SaxidParallel) { .name = "saxid-sample", .threads = threads, .piece = make_piece,
                                     .scratch_new = saxid_simulated_curve_scratch, .scratch_free = saxid_simulated_curve_forget,
                                     .data = work },
                  work->block->count);
  g_mutex_clear (&work->lock);

  if (work->error == NULL)
    return TRUE;
  g_propagate_error (error, work->error);
  return FALSE;
}

gboolean
saxid_sample_block_fill (SaxidSampleBlock *block, const SaxidPopulation *population,
                         const SaxidResponse *response, guint64 seed, gboolean noiseless,
                         guint threads, GError **error)
{
  Work work = { .block = block, .population = population, .response = response, .seed = seed,
                .flags = noiseless ? SAXID_MEASURE_NOISELESS : 0, .make = make_on_response };

  g_return_val_if_fail (block->n_q == response->n_q && block->q == NULL, FALSE);
  return run (&work, threads, error);
}

gboolean
saxid_sample_block_measure (SaxidSampleBlock *block, const SaxidPopulation *population,
                            const SaxidInstrument *instrument, guint64 seed, SaxidMeasureFlags flags,
                            const SaxidNuisances *given, guint threads, GError **error)
{
  g_autoptr (SaxidResponse) response = instrument != NULL ? saxid_response_new (instrument) : NULL;
  Work work = { .block = block, .population = population, .response = response, .seed = seed, .flags = flags, .given = given,
                .make = response != NULL ? make_on_response : make_random };

  g_return_val_if_fail (block->q != NULL, FALSE);
  return run (&work, threads, error);
}

gboolean
saxid_sample_block_tabulate (SaxidSampleBlock *block, const SaxidPopulation *population, const double *q,
                             guint64 seed, guint threads, GError **error)
{
  Work work = { .block = block, .population = population, .q = q, .seed = seed, .make = make_tabulated };

  if (block->parts == NULL)
    block->parts = g_new (float, block->count * 2 * block->n_q);
  return run (&work, threads, error);
}
