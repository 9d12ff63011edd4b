/* saxid reduce: detector frames in, curves out. */
#include "config.h"

#include "cli/interrupt.h"
#include "cli/module.h"
#include "cli/reduce/options.h"
#include "cli/reduce/run.h"
#include "cli/reduce/steps.h"
#include "cli/tag.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "reducers/error.h"

#define VERB "reduce"

/* The curves in memory, as the module takes them. */
typedef struct
{
  GPtrArray *q;            /* of double *, in 1/Å */
  GArray *frames, *merged; /* of struct saxid_curve */
} Held;

/* FALSE: a radius that tells no q. */
static gboolean
hold (const Held *held, GArray *into, const SaxidReduceJob *job, SaxidRadial radial, const SaxidCurve *curve)
{
  double *q = g_new (double, MAX (curve->n, 1));
  const struct saxid_curve one = { .struct_size = sizeof one, .n = curve->n, .q = q, .intensity = curve->intensity,
                                   .sigma = curve->sigma };

  g_ptr_array_add (held->q, q);
  for (gsize k = 0; k < curve->n; k++)
    if (!saxid_geometry_radial_q (&job->geometry, radial, curve->q[k], &q[k]))
      return FALSE;
  g_array_append_val (into, one);
  return TRUE;
}

static int
tag_held (const SaxidReduceOptions *options, const Held *held)
{
  const SaxidTagHeld sets[] = {
    { SAXID_REDUCED_FRAMES_PATH, (struct saxid_curve *) (gpointer) held->frames->data, held->frames->len },
    { SAXID_REDUCED_MERGED_PATH, (struct saxid_curve *) (gpointer) held->merged->data, held->merged->len },
  };
  /* sets that could not be held are read */
  const SaxidTagRequest request = { .model = options->model, .classes = options->classes, .seeds = options->seeds,
                                    .quiet = options->quiet, .held = sets, .n_held = held->merged->len > 0 ? G_N_ELEMENTS (sets) : 0 };

  return saxid_tag_written (&request, options->output);
}

/* The module judges the curves that were written, and is given them. */
static int
tag_output (const SaxidReduceResult *result, gpointer data)
{
  const SaxidReduceJob *job = data;
  const SaxidRadial radial = (SaxidRadial) saxid_chain_get (job->chain, "integrate", "radial");
  g_autoptr (SaxidCurve) points = saxid_reduced_points (result->merged, &job->geometry, radial);
  g_autoptr (GPtrArray) q = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) frames = g_array_new (FALSE, FALSE, sizeof (struct saxid_curve));
  g_autoptr (GArray) merged = g_array_new (FALSE, FALSE, sizeof (struct saxid_curve));
  const Held held = { q, frames, merged };
  gboolean all = points != NULL;

  if (!job->options.tag)
    return SAXID_EXIT_OK;
  for (guint k = 0; all && k < result->curve->len; k++)
    all = hold (&held, frames, job, radial, result->curve->pdata[k]);
  if (all)
    hold (&held, merged, job, SAXID_RADIAL_Q, points);
  return tag_held (&job->options, &held);
}

static gboolean
check_output (const SaxidReduceOptions *options, char **paths, GError **error)
{
  char *const others[] = { options->geometry, options->chain, options->mask,      options->dark,
                           options->flat,     options->background, options->variance };

  return saxid_verb_check_output (options->output, g_strv_length (paths), paths, error)
         && saxid_verb_check_output (options->output, G_N_ELEMENTS (others), others, error);
}

/* What --tag will ask is known to be there before the frames are read. */
static gboolean
check_model (const SaxidReduceOptions *options, GError **error)
{
  g_autoptr (SaxidModule) module = NULL;

  if (!options->tag)
    return TRUE;
  module = saxid_module_open (&(SaxidModuleOptions) { .model = options->model, .classes = options->classes }, error);
  return module != NULL;
}

static int
run_job (SaxidReduceJob *job, char **paths)
{
  const SaxidReduceOptions *options = &job->options;
  g_autoptr (GError) error = NULL;
  guint failed = 0;
  int exit_code = SAXID_EXIT_OK;

  if (!options->tag && (options->model != NULL || options->classes != NULL || options->seeds))
    return saxid_verb_usage (VERB, "--model, --classes and --seeds are for --tag, which is not given");
  saxid_interrupt_watch ();
  if (check_output (options, paths, &error) && check_model (options, &error)
      && saxid_reduce_run (job, paths, &(SaxidReduceAfter) { tag_output, job, &exit_code }, &failed, &error))
    {
      return failed > 0 ? SAXID_EXIT_FAILED : exit_code;
    }
  if (error->code == SAXID_ERROR_ARGUMENT)
    return saxid_verb_usage (VERB, "%s", error->message);
  return saxid_verb_failed (VERB, error);
}

int
saxid_verb_reduce (int argc, char **argv)
{
  SaxidReduceJob job = { .options = saxid_reduce_options () };
  const SaxidReduceOptions *options = &job.options;
  g_auto (GStrv) paths = NULL;
  int exit_code = SAXID_EXIT_USAGE;

  if (!saxid_reduce_options_parse (argc, argv, &job.options, &paths, &exit_code))
    ;
  else if (options->steps)
    exit_code = saxid_reduce_steps_print ();
  else if (paths == NULL || paths[0] == NULL)
    exit_code = saxid_verb_usage (VERB, "no frame is given");
  else if (options->output == NULL)
    exit_code = saxid_verb_usage (VERB, "no output is given, --output FILE is needed");
  else
    exit_code = run_job (&job, paths);
  saxid_reduce_job_clear (&job);
  return exit_code;
}
