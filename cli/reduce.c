/* saxid reduce: detector frames in, curves out. */
#include "config.h"

#include "cli/interrupt.h"
#include "cli/module.h"
#include "cli/reduce/held.h"
#include "cli/reduce/options.h"
#include "cli/reduce/run.h"
#include "cli/reduce/steps.h"
#include "cli/tag.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "reducers/error.h"

#define VERB "reduce"

/* The module judges the curves that were written, and is given them. */
static int
tag_output (const SaxidReduceResult *result, gpointer data)
{
  const SaxidReduceOptions *options = data;
  g_autoptr (SaxidReduceHeld) held = options->tag ? saxid_reduce_held_new (result) : NULL;

  if (held == NULL)
    return SAXID_EXIT_OK;
  return saxid_tag_written (&(SaxidTagRequest) { .model = options->model, .classes = options->classes, .seeds = options->seeds,
                                                 .quiet = options->quiet, .held = held },
                            options->output);
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
      && saxid_reduce_run (job, paths, &(SaxidReduceAfter) { tag_output, (gpointer) options, &exit_code }, &failed, &error))
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
