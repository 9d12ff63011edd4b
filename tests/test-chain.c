/* Is a chain what its key file says, and does it refuse what makes no sense? */
#include <math.h>
#include <string.h>

#include "reducers/chain.h"
#include "reducers/error.h"
#include "reducers/run.h"

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
      g_assert_true (reducer->prepare != NULL || reducer->apply != NULL);
      g_assert_true ((reducer->apply != NULL) == (reducer->phase == SAXID_PHASE_CURVE));
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
      "q-max of the reducer 'integrate' is nan, 0 to 1e+06" },
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
  static const char *const needy[] = { "dark", "flat", "background", "variance" };
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
  g_autoptr (SaxidPreparedChain) prepared = NULL;
  g_autoptr (SaxidChainScratch) scratch = NULL;
  g_autoptr (SaxidCurve) curve = NULL;
  g_autoptr (GError) error = NULL;
  const SaxidFrames frames = { .type = SAXID_PIXEL_TYPE_FLOAT, .n = 1, .counts = { counts } };
  const SaxidSums *sums;
  guint full = 0;

  for (gsize k = 0; k < map->n; k++)
    {
      double c = (double) map->cos_two_theta[k], polarisation;

      polarisation = 0.5 * (1 + c * c - 0.9 * cos (2 * map->chi[k]) * (1 - c * c));
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
  prepared = saxid_chain_prepare (chain, &input, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (saxid_prepared_chain_bins (prepared)->grid.n, ==, 15);
  scratch = saxid_chain_scratch_new (prepared);
  saxid_chain_integrate (scratch, &frames);
  sums = saxid_chain_sums (scratch, 0, monitor, &error);
  g_assert_no_error (error);
  curve = saxid_chain_curve (prepared, sums, 0, &error);
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
  g_assert_null (saxid_chain_sums (scratch, 0, NAN, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_DATA);
}

/* Two models of errors are one too many, and a chain without one still has a curve. */
static void
test_errors (void)
{
  g_autoptr (SaxidGeometryMap) map = detector ();
  const SaxidReducerInput input = { .map = map };
  g_autoptr (SaxidChain) both = saxid_chain_parse ("[chain]\nreducers=poisson;azimuthal;integrate\n", "x", NULL);
  g_autoptr (SaxidChain) none = saxid_chain_parse ("[chain]\nreducers=integrate\n", "x", NULL);
  g_autoptr (SaxidPreparedChain) prepared = saxid_chain_prepare (none, &input, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (saxid_chain_prepare (both, &input, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
  g_assert_nonnull (prepared);
  g_assert_cmpint (saxid_prepared_chain_recipe (prepared)->binning.errors, ==, SAXID_ERRORS_NONE);
}

/* Many frames by many threads: in order, whole, and a broken one costs itself alone. */
#define RUN_FRAMES 37
#define BROKEN 11

typedef struct
{
  guint32 *pixels;
  gsize next;
  double sum;
} Stack;

static gpointer
open_stack (gpointer data, G_GNUC_UNUSED GError **error)
{
  return data;
}

static void
close_stack (G_GNUC_UNUSED gpointer reader)
{
}

static void
fetch_stack (gpointer reader, gsize first, SaxidFrames *frames, GError *errors[SAXID_LANES])
{
  const Stack *stack = reader;

  frames->type = SAXID_PIXEL_TYPE_UINT32;
  for (guint k = 0; k < frames->n; k++)
    {
      frames->counts[k] = stack->pixels + (first + k) * SIDE * SIDE;
      if (first + k == BROKEN)
        g_set_error_literal (&errors[k], SAXID_ERROR, SAXID_ERROR_FORMAT, "broken");
    }
}

static gboolean
give_frame (const SaxidRunFrame *frame, gpointer data, GError **error)
{
  Stack *stack = data;

  g_assert_cmpuint (frame->frame, ==, stack->next++);
  if (frame->frame == BROKEN)
    {
      g_assert_null (frame->sums);
      g_assert_nonnull (frame->error);
      return TRUE;
    }
  g_assert_no_error (frame->error);
  for (gsize k = 0; k < frame->sums->n; k++)
    if (frame->sums->count[k] > 0)
      g_assert_cmpfloat (frame->sums->signal[k] / frame->sums->count[k], ==, (double) frame->frame + 1);
  if (stack->sum > 0 && stack->next > stack->sum)
    {
      g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_CANCELLED, "enough");
      return FALSE;
    }
  return TRUE;
}

static void
test_run (void)
{
  g_autoptr (SaxidGeometryMap) map = detector ();
  g_autoptr (SaxidChain) chain = saxid_chain_parse ("[chain]\nreducers=poisson;integrate\n", "x", NULL);
  g_autoptr (SaxidPreparedChain) prepared = saxid_chain_prepare (chain, &(SaxidReducerInput) { .map = map }, NULL);
  g_autofree guint32 *pixels = g_new (guint32, RUN_FRAMES *SIDE *SIDE);
  Stack stack = { .pixels = pixels };
  const SaxidRunSource source
      = { .n_frame = RUN_FRAMES, .data = &stack, .open = open_stack, .close = close_stack, .fetch = fetch_stack };
  g_autoptr (GError) error = NULL;

  for (gsize k = 0; k < RUN_FRAMES * SIDE * SIDE; k++)
    pixels[k] = (guint32) (k / (SIDE * SIDE) + 1);
  for (guint jobs = 1; jobs <= 4; jobs++)
    {
      stack.next = 0;
      g_assert_true (saxid_run_frames (prepared, &source, jobs, give_frame, &stack, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (stack.next, ==, RUN_FRAMES);
    }
  stack.next = 0;
  stack.sum = 20; /* whoever takes the frames has had enough */
  g_assert_false (saxid_run_frames (prepared, &source, 3, give_frame, &stack, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_CANCELLED);
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
  g_test_add_func ("/chain/errors", test_errors);
  g_test_add_func ("/chain/run", test_run);
  return g_test_run ();
}
