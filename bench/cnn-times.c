/* How fast does the published network train and answer?
 *
 *   cnn-times BATCH STEPS CURVES THREADS
 *
 * Prints lines "NAME SECONDS-PER-CALL": `step` (forward, loss, backward, Adam, as saxid
 * trains: activations in bfloat16 where the processor has it), `step_float32`, `single` (one curve, one thread), `batch` (BATCH curves, all threads).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/learn/network/fit.h"

#define WIDTH 890
#define CLASSES 9

static const char published[] = "conv 64 7\nrelu\nconv 64 7\nrelu\nmaxpool 6\ndropout 0.25\n"
                                "conv 64 7\nrelu\nconv 256 7\nrelu\nmaxpool 6\ndropout 0.25\nglobalmax\ndense 9";

typedef struct
{
  guint skip;
  gint64 start;
  guint counted;
} Clock;

/* The first steps warm up. */
static gboolean
tick (const SaxidFitState *state, gpointer data)
{
  Clock *clock = data;

  if (state->step == clock->skip)
    clock->start = g_get_monotonic_time ();
  else if (state->step > clock->skip)
    clock->counted++;
  return TRUE;
}

static gboolean
time_steps (const char *name, gboolean half, guint batch, guint steps, guint threads, GError **error)
{
  const gsize rows = (gsize) batch * (steps + 2);
  g_autoptr (SaxidNetwork) network = saxid_network_new (published, (SaxidExtent) { 1, 1, WIDTH }, 1, error);
  g_autofree float *input = g_new (float, rows * WIDTH), *target = g_new0 (float, rows * CLASSES);
  const SaxidExamples examples = { rows, input, target };
  Clock clock = { .skip = 2 };
  const SaxidFitOptions options = { .loss = saxid_loss_cross_entropy, .batch = batch, .epochs = 1, .rate = 1e-3,
                                    .rise = 0.1, .threads = threads, .half = half, .seed = 1 };
  const SaxidFitHooks hooks = { .progress = tick, .data = &clock };

  if (network == NULL)
    return FALSE;
  for (gsize k = 0; k < rows * WIDTH; k++)
    input[k] = (float) g_random_double_range (-1, 1);
  for (gsize r = 0; r < rows; r++)
    target[r * CLASSES + r % CLASSES] = 1;
  if (!saxid_network_fit (network, &examples, NULL, &options, &hooks, error))
    return FALSE;
  printf ("%s %.9f\n", name, 1e-6 * (double) (g_get_monotonic_time () - clock.start) / clock.counted);
  return TRUE;
}

static gboolean
time_answers (const char *name, guint batch, guint calls, guint threads, GError **error)
{
  g_autoptr (SaxidNetwork) network = saxid_network_new (published, (SaxidExtent) { 1, 1, WIDTH }, 1, error);
  g_autoptr (SaxidPass) pass = network != NULL ? saxid_pass_new (network, batch, threads, error) : NULL;
  g_autofree float *input = g_new0 (float, batch * WIDTH), *out = g_new (float, batch * CLASSES);
  gint64 start = 0;

  for (guint k = 0; k < calls + 3; k++)
    {
      if (k == 3)
        start = g_get_monotonic_time ();
      if (pass == NULL || !saxid_pass_run (pass, input, batch, 0, NULL, out, error))
        return FALSE;
    }
  printf ("%s %.9f\n", name, 1e-6 * (double) (g_get_monotonic_time () - start) / calls);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  guint number[4];

  for (int k = 0; k < 4 && k + 1 < argc; k++)
    number[k] = (guint) strtoul (argv[k + 1], NULL, 10);
  if (argc == 5 && time_steps ("step", TRUE, number[0], number[1], number[3], &error)
      && time_steps ("step_float32", FALSE, number[0], number[1], number[3], &error)
      && time_answers ("single", 1, number[2], 1, &error)
      && time_answers ("single_threads", 1, number[2], number[3], &error)
      && time_answers ("batch", number[0], 10, number[3], &error))
    return 0;
  fprintf (stderr, "cnn-times: %s\n", error != NULL ? error->message : "BATCH STEPS CURVES THREADS are needed");
  return 1;
}
