/* Can any text make the readers of key files, populations and chains of reducers, do what
 * they must not? */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "models/simulate/population.h"
#include "models/simulate/random.h"
#include "reducers/chain.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

#define DRAWS 3 /* of every class */

/* What a population promises, its draws keep: sizes within the bounds of the shape. */
static void
draw (const SaxidPopulation *population)
{
  for (guint k = 0; k < saxid_population_class_count (population); k++)
    {
      const SaxidShape *shape = saxid_population_class (population, k);

      for (guint j = 0; j < DRAWS; j++)
        {
          SaxidRandom random;
          SaxidParticle particle;

          saxid_random_init (&random, 1, j, SAXID_STREAM_PARTICLE);
          saxid_population_draw (population, k, &random, &particle);
          g_assert_true (particle.shape == shape);
          for (guint p = 0; p < shape->n_parameter; p++)
            g_assert_false (isnan (particle.value[p]));
        }
    }
}

static void
try_population (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidPopulation) population = saxid_population_parse ("fuzz", "fuzz.population", text, &error);

  if (population == NULL)
    check_error (error);
  else
    draw (population);
}

/* A chain that is read is written as one that is read. */
static void
try_chain (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidChain) chain = saxid_chain_parse (text, "fuzz.key", &error), again = NULL;
  g_autofree char *written = NULL, *rewritten = NULL;

  if (chain == NULL)
    {
      check_error (error);
      return;
    }
  written = saxid_chain_to_string (chain);
  again = saxid_chain_parse (written, "written.key", &error);
  g_assert_no_error (error);
  rewritten = saxid_chain_to_string (again);
  g_assert_cmpstr (written, ==, rewritten);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  g_autofree char *copy = terminated (bytes, n);

  be_strict ();
  try_population (copy);
  try_chain (copy);
  return 0;
}
