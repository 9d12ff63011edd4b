/* Does a network that is made larger begin with the answers that it had?
 */
#include <string.h>

#include "models/simulate/random.h"
#include "models/technique/grow.h"
#include "reducers/error.h"

#define ROWS 5

static const char small[] = "conv 6 3x3 same\nrelu\nmaxpool 2x2\nconv 8 3x3 same\nrelu\nmaxpool 2x2\ndropout 0.2\ndense 7\nrelu\ndense 3";
static const SaxidExtent in = { 2, 12, 12 };

static float *
answers (const SaxidNetwork *network)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidPass) pass = saxid_pass_new (network, ROWS, 1, &error);
  g_autofree float *input = g_new (float, ROWS * saxid_extent_count (in));
  float *out = g_new (float, ROWS * saxid_extent_count (network->out));
  SaxidRandom random;

  saxid_random_init (&random, 4, 0, SAXID_STREAM_PARTICLE);
  for (gsize k = 0; k < ROWS * saxid_extent_count (in); k++)
    input[k] = (float) saxid_random_uniform (&random, -1, 1);
  g_assert_no_error (error);
  g_assert_true (saxid_pass_run (pass, input, ROWS, 0, NULL, out, &error));
  return out;
}

static void
test_same (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidNetwork) start = saxid_network_new (small, in, 1, &error), grown = saxid_technique_grow (start, 2, &error), fused = NULL;
  g_autofree float *before = answers (start), *after = answers (grown), *folded = NULL;
  gsize block = 2 * (8 * 8 * 9 + 8) + 2 * 8; /* two convolutions and a normalisation */

  g_assert_no_error (error);
  g_assert_cmpuint (grown->n_layer, ==, start->n_layer + 7);
  g_assert_cmpuint (grown->n_weight, ==, start->n_weight + block);
  for (guint k = 0; k < ROWS * 3; k++)
    g_assert_cmpfloat_with_epsilon (before[k], after[k], 1e-4f);
  fused = saxid_network_fuse (grown);
  folded = answers (fused);
  for (guint k = 0; k < ROWS * 3; k++)
    g_assert_cmpfloat_with_epsilon (before[k], folded[k], 1e-4f);
}

static void
test_refused (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidNetwork) start = saxid_network_new (small, in, 1, NULL), grown = saxid_technique_grow (start, 2, NULL);
  g_autoptr (SaxidNetwork) flat = saxid_network_new ("conv 4 3x3\nrelu\nmaxpool 2x2\ndense 3", in, 1, NULL);

  g_assert_null (saxid_technique_grow (grown, 3, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (saxid_technique_grow (flat, 3, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/technique-grow/same", test_same);
  g_test_add_func ("/technique-grow/refused", test_refused);
  return g_test_run ();
}
