/* Is sample k the same whoever makes it, and in whichever block? */
#include <math.h>
#include <string.h>

#include "models/simulate/sample.h"
#include "tests/shipped-population.h"

static SaxidInstrument
coarse (void)
{
  SaxidInstrument instrument = *saxid_instrument_find ("Xeuss1800HR");

  instrument.n_q = 100;
  return instrument;
}

static SaxidSampleBlock *
make (const SaxidResponse *response, gsize first, gsize count, guint64 seed, gboolean noiseless, guint threads)
{
  SaxidSampleBlock *block = saxid_sample_block_sized (first, count, response->n_q, SAXID_SAMPLE_PARAMETERS, FALSE);
  g_autoptr (GError) error = NULL;

  g_assert_true (saxid_sample_block_fill (block, paper_population (), response, seed, noiseless, threads, &error));
  g_assert_no_error (error);
  return block;
}

/* Samples from `from` on of a are the samples of b, bit by bit. */
static void
assert_same (const SaxidSampleBlock *a, gsize from, const SaxidSampleBlock *b)
{
  gsize n = b->count, width = b->n_q;

  g_assert_cmpmem (a->intensity + from * width, n * width * sizeof (float), b->intensity,
                   n * width * sizeof (float));
  g_assert_cmpmem (a->sigma + from * width, n * width * sizeof (float), b->sigma,
                   n * width * sizeof (float));
  g_assert_cmpmem (a->label + from, n, b->label, n);
  g_assert_cmpmem (a->parameter + from * SAXID_SAMPLE_PARAMETERS,
                   n * SAXID_SAMPLE_PARAMETERS * sizeof (double), b->parameter,
                   n * SAXID_SAMPLE_PARAMETERS * sizeof (double));
}

static void
test_threads_do_not_matter (void)
{
  SaxidInstrument instrument = coarse ();
  g_autoptr (SaxidResponse) response = saxid_response_new (&instrument);
  g_autoptr (SaxidSampleBlock) one = make (response, 0, 90, 5, FALSE, 1);
  g_autoptr (SaxidSampleBlock) two = make (response, 0, 90, 5, FALSE, 2);
  g_autoptr (SaxidSampleBlock) eight = make (response, 0, 90, 5, FALSE, 8);
  g_autoptr (SaxidSampleBlock) other = make (response, 0, 90, 6, FALSE, 1);

  assert_same (one, 0, two);
  assert_same (one, 0, eight);
  g_assert_cmpint (memcmp (one->intensity, other->intensity, 90 * response->n_q * sizeof (float)), !=, 0);
}

static void
test_blocks_do_not_matter (void)
{
  SaxidInstrument instrument = coarse ();
  g_autoptr (SaxidResponse) response = saxid_response_new (&instrument);
  g_autoptr (SaxidSampleBlock) all = make (response, 0, 40, 5, FALSE, 2);
  g_autoptr (SaxidSampleBlock) head = make (response, 0, 13, 5, FALSE, 1);
  g_autoptr (SaxidSampleBlock) tail = make (response, 13, 27, 5, FALSE, 2);

  assert_same (all, 0, head);
  assert_same (all, 13, tail);
}

static void
test_classes_take_turns (void)
{
  SaxidInstrument instrument = coarse ();
  g_autoptr (SaxidResponse) response = saxid_response_new (&instrument);
  g_autoptr (SaxidSampleBlock) block = make (response, 4, 27, 5, TRUE, 2);

  for (gsize k = 0; k < 27; k++)
    {
      const double *parameter = block->parameter + k * SAXID_SAMPLE_PARAMETERS;
      const SaxidShape *shape
        = saxid_population_class (paper_population (), (guint) ((k + 4) % 9));

      g_assert_cmpuint (block->label[k], ==, (k + 4) % 9);
      for (guint j = 0; j < SAXID_SHAPE_MAX_PARAMETERS; j++)
        g_assert_cmpint (isnan (parameter[SAXID_SAMPLE_COMMON_PARAMETERS + j]) != 0, ==,
                         j >= shape->n_parameter);
    }
}

/* What a sample's parameters say is what its curve shows. */
static void
test_noiseless_is_the_smeared_truth (void)
{
  SaxidInstrument instrument = coarse ();
  g_autoptr (SaxidResponse) response = saxid_response_new (&instrument);
  g_autoptr (SaxidSampleBlock) block = make (response, 0, 9, 5, TRUE, 2);
  g_autofree double *truth = g_new (double, response->n_true);
  g_autofree double *smeared = g_new (double, response->n_q);

  for (gsize k = 0; k < 9; k++)
    {
      const double *parameter = block->parameter + k * SAXID_SAMPLE_PARAMETERS;
      SaxidParticle particle = { .shape = saxid_population_class (paper_population (), (guint) k),
                                 .distribution = SAXID_DISTRIBUTION_SCHULZ,
                                 .width = parameter[0], .scale = parameter[1] };

      memcpy (particle.value, parameter + SAXID_SAMPLE_COMMON_PARAMETERS,
              particle.shape->n_parameter * sizeof (double));
      g_assert_true (saxid_particle_intensity (&particle, response->n_true, response->q_true, truth, NULL));
      saxid_response_smear (response, truth, smeared);
      for (gsize j = 0; j < response->n_q; j++)
        {
          g_assert_cmpfloat (block->intensity[k * response->n_q + j], ==, (float) smeared[j]);
          g_assert_cmpfloat (block->sigma[k * response->n_q + j], ==, 0);
        }
    }
}

/* The particle of a sample does not depend on whether it is measured, or how. */
static void
test_same_particle_for_every_instrument (void)
{
  SaxidInstrument instrument = coarse (), other = *saxid_instrument_find ("NanoInXiderHR");
  g_autoptr (SaxidResponse) response = saxid_response_new (&instrument);
  g_autoptr (SaxidResponse) other_response = NULL;
  g_autoptr (SaxidSampleBlock) here = make (response, 0, 9, 5, FALSE, 1);
  g_autoptr (SaxidSampleBlock) there = NULL;

  other.n_q = 40;
  other_response = saxid_response_new (&other);
  there = make (other_response, 0, 9, 5, TRUE, 1);
  g_assert_cmpmem (here->parameter, 9 * SAXID_SAMPLE_PARAMETERS * sizeof (double), there->parameter,
                   9 * SAXID_SAMPLE_PARAMETERS * sizeof (double));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sample/threads-do-not-matter", test_threads_do_not_matter);
  g_test_add_func ("/sample/blocks-do-not-matter", test_blocks_do_not_matter);
  g_test_add_func ("/sample/classes-take-turns", test_classes_take_turns);
  g_test_add_func ("/sample/noiseless-is-the-smeared-truth", test_noiseless_is_the_smeared_truth);
  g_test_add_func ("/sample/same-particle-for-every-instrument", test_same_particle_for_every_instrument);
  return g_test_run ();
}
