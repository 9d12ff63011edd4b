/* Is a chain what its key file says, and does it refuse what makes no sense? */
#include <math.h>
#include <string.h>

#include "reducers/chain.h"
#include "reducers/error.h"

#define SIDE 40

static SaxidGeometryMap *
detector (void)
{
  const SaxidGeometry geometry = {
    .dist = 0.1,
    .poni1 = 0.002,
    .poni2 = 0.002,
    .pixel1 = 1e-4,
    .pixel2 = 1e-4,
    .wavelength = 1e-10,
  };

  return saxid_geometry_map_new (&geometry, SIDE, SIDE, NULL);
}

static void
test_table (void)
{
  for (guint k = 0; saxid_reducer_at (k) != NULL; k++)
    {
      const SaxidReducer *reducer = saxid_reducer_at (k);

      g_assert_true (saxid_reducer_find (reducer->name) == reducer);
      g_assert_nonnull (reducer->apply);
      g_assert_cmpuint (strlen (reducer->title), >, 0);
      g_assert_cmpuint (strlen (reducer->reference), >, 0);
      g_assert_cmpuint (reducer->n_parameter, <=, SAXID_REDUCER_MAX_PARAMETERS);
      if (k > 0)
        g_assert_cmpint (reducer->phase, >=, saxid_reducer_at (k - 1)->phase);
      for (guint i = 0; i < reducer->n_parameter; i++)
        {
          const SaxidReducerParameter *parameter = &reducer->parameter[i];

          g_assert_cmpint (saxid_reducer_parameter_index (reducer, parameter->name), ==, (int) i);
          g_assert_cmpfloat (parameter->initial, >=, parameter->lower);
          g_assert_cmpfloat (parameter->initial, <=, parameter->upper);
          if (parameter->choices != NULL)
            g_assert_cmpuint (g_strv_length ((char **) parameter->choices), ==,
                              (guint) parameter->upper + 1);
        }
    }
}

static void
test_parse (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidChain) chain
      = saxid_chain_parse ("# mine\n[chain]\nreducers = mask; poisson;flat ;integrate;rebin\n"
                           "[flat]\nkind = factor\n[rebin]\nbins=77\n",
                           "x.key", &error);
  g_autoptr (SaxidChain) again = NULL;
  g_autofree char *text = NULL, *text_again = NULL;

  g_assert_no_error (error);
  g_assert_true (saxid_chain_has (chain, "flat"));
  g_assert_false (saxid_chain_has (chain, "dark"));
  g_assert_cmpfloat (saxid_chain_get (chain, "flat", "kind"), ==, 1);
  g_assert_cmpfloat (saxid_chain_get (chain, "rebin", "bins"), ==, 77);
  g_assert_cmpfloat (saxid_chain_get (chain, "integrate", "bins"), ==, 0);

  /* what is written into the file repeats the reduction */
  text = saxid_chain_to_string (chain);
  again = saxid_chain_parse (text, "again", &error);
  g_assert_no_error (error);
  text_again = saxid_chain_to_string (again);
  g_assert_cmpstr (text, ==, text_again);
}

static void
test_add_in_order (void)
{
  g_autoptr (SaxidChain) chain = saxid_chain_new ();
  g_autofree char *text = NULL;

  g_assert_true (saxid_chain_add (chain, "background", NULL));
  g_assert_true (saxid_chain_set (chain, "polarisation", "factor", 0.9, NULL));
  g_assert_true (saxid_chain_add (chain, "dark", NULL));
  g_assert_true (saxid_chain_add (chain, "dark", NULL));
  saxid_chain_remove (chain, "limits");
  saxid_chain_remove (chain, "limits");
  text = saxid_chain_to_string (chain);
  g_assert_true (
      g_str_has_prefix (text, "[chain]\nreducers = mask; poisson; dark; polarisation; solid-angle; "
                              "integrate; background;\n"));
}

static void
test_refused_texts (void)
{
  static const struct
  {
    const char *text, *message;
  } cases[] = {
    { "nonsense", "chain is no key file: " },
    { "[other]\na=1\n", "key 'reducers' of the group [chain] is missing (x)" },
    { "[chain]\nreducers=mask\n", "chain has no 'integrate', one is needed (x)" },
    { "[chain]\nreducers=mask;integrate;dark\n",
      "reducer 'dark' comes after 'integrate', it must come before (x)" },
    { "[chain]\nreducers=dark;poisson;integrate\n",
      "reducer 'poisson' comes after 'dark', it must come before (x)" },
    { "[chain]\nreducers=mask;mask;integrate\n", "reducer 'mask' is in the chain twice (x)" },
    { "[chain]\nreducers=frobnicate;integrate\n",
      "reducer 'frobnicate' is not known, there are mask, limits, " },
    { "[chain]\nreducers=integrate\n[dark]\nscale=1\n",
      "group [dark] is given, and the chain has no such step (x)" },
    { "[chain]\nreducers=integrate\n[integrate]\nbin=1\n",
      "reducer 'integrate' has no parameter 'bin', it has bins" },
    { "[chain]\nreducers=integrate\n[integrate]\nbins=-1\n",
      "bins of the reducer 'integrate' is -1, 0 to 100000 is possible (x)" },
    { "[chain]\nreducers=integrate\n[integrate]\nbins=many\n",
      "bins of the reducer 'integrate' is 'many', a number is needed (x)" },
    { "[chain]\nreducers=integrate\n[integrate]\nq-max=nan\n",
      "q-max of the reducer 'integrate' is nan, 0 to 100" },
    { "[chain]\nreducers=integrate\n[integrate]\nspacing=cubic\n",
      "spacing of the reducer 'integrate' is 'cubic', linear or log is possible (x)" },
    { "[chain]\nreducers=integrate\norder=1\n",
      "group [chain] has no key 'order', it has reducers (x)" },
    { "[chain]\nreducers=polarisation;integrate\n[polarisation]\nfactor=2\n",
      "factor of the reducer 'polarisation' is 2, -1 to 1 is possible (x)" },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (saxid_chain_parse (cases[k].text, "x", &error));
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
      g_assert_true (g_str_has_prefix (error->message, cases[k].message));
    }
}

static void
test_missing_input (void)
{
  static const char *const needy[] = { "dark", "flat", "background" };
  g_autoptr (SaxidGeometryMap) map = detector ();
  const SaxidReducerInput input = { .map = map };

  for (gsize k = 0; k < G_N_ELEMENTS (needy); k++)
    {
      g_autoptr (SaxidChain) chain = saxid_chain_new ();
      g_autoptr (GError) error = NULL;

      g_assert_true (saxid_chain_add (chain, needy[k], NULL));
      g_assert_null (saxid_chain_prepare (chain, &input, &error));
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
    }
}

/* Every step at once, on a frame whose answer is known: an isotropic sample of
 * intensity `expected` seen through every effect that the chain takes away. */
static void
test_every_step (void)
{
  const double expected = 2.5, monitor = 3e4, transmission = 0.7, thickness = 0.15, calibration = 0.02;
  g_autoptr (SaxidGeometryMap) map = detector ();
  g_autofree float *counts = g_new (float, map->n), *dark = g_new (float, map->n),
                   *flat = g_new (float, map->n);
  g_autofree guint8 *mask = g_new0 (guint8, map->n);
  g_autoptr (SaxidCurve) background = saxid_curve_new (2, TRUE, FALSE);
  const SaxidReducerInput input
      = { .map = map, .mask = mask, .dark = dark, .flat = flat, .background = background };
  g_autoptr (SaxidChain) chain = saxid_chain_new ();
  g_autoptr (SaxidChainPlan) plan = NULL;
  g_autoptr (SaxidChainScratch) scratch = NULL;
  g_autoptr (SaxidCurve) curve = NULL;
  g_autoptr (GError) error = NULL;
  const SaxidSums *sums;
  guint full = 0;

  for (gsize k = 0; k < map->n; k++)
    {
      double c = map->cos_two_theta[k], polarisation;

      polarisation = 0.5 * (1 + c * c - 0.9 * cos (2 * (double) map->chi[k]) * (1 - c * c));
      flat[k] = 0.8f + 0.4f * (float) (k % 2);
      dark[k] = (float) (k % 5);
      counts[k] = (float) (expected / calibration * monitor * transmission * thickness * polarisation
                               * (double) map->solid_angle[k] * (double) flat[k]
                           + 2 * (double) dark[k]);
      if (k % 11 == 0)
        {
          mask[k] = 1;
          counts[k] = 1e9f;
        }
    }
  counts[5] = NAN;
  counts[6] = 2e9f;
  background->q[0] = 0, background->q[1] = 10;
  background->intensity[0] = background->intensity[1] = 1;
  background->sigma[0] = background->sigma[1] = 0.001;

  g_assert_true (saxid_chain_set (chain, "limits", "high", 1e8, NULL)
                 && saxid_chain_set (chain, "dark", "scale", 2, NULL)
                 && saxid_chain_add (chain, "flat", NULL)
                 && saxid_chain_set (chain, "polarisation", "factor", 0.9, NULL)
                 && saxid_chain_add (chain, "monitor", NULL)
                 && saxid_chain_set (chain, "transmission", "value", transmission, NULL)
                 && saxid_chain_set (chain, "thickness", "value", thickness, NULL)
                 && saxid_chain_set (chain, "calibration", "factor", calibration, NULL)
                 && saxid_chain_set (chain, "integrate", "bins", 15, NULL)
                 && saxid_chain_set (chain, "background", "factor", 0.5, NULL)
                 && saxid_chain_set (chain, "rebin", "bins", 5, NULL));
  plan = saxid_chain_prepare (chain, &input, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (saxid_chain_plan_grid (plan)->n, ==, 15);
  scratch = saxid_chain_scratch_new (plan);
  sums = saxid_chain_integrate (plan, scratch, counts, monitor, &error);
  g_assert_no_error (error);
  curve = saxid_chain_curve (plan, sums, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (curve->n, <=, 5);
  for (gsize k = 0; k < curve->n; k++)
    if (isfinite (curve->intensity[k]))
      {
        g_assert_cmpfloat_with_epsilon (curve->intensity[k], expected - 0.5, 1e-5);
        full++;
      }
  g_assert_cmpuint (full, >=, 3);

  /* a frame that does not say its monitor */
  g_assert_null (saxid_chain_integrate (plan, scratch, counts, NAN, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_DATA);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chain/table", test_table);
  g_test_add_func ("/chain/parse", test_parse);
  g_test_add_func ("/chain/add-in-order", test_add_in_order);
  g_test_add_func ("/chain/refused-texts", test_refused_texts);
  g_test_add_func ("/chain/missing-input", test_missing_input);
  g_test_add_func ("/chain/every-step", test_every_step);
  return g_test_run ();
}
