/* saxid reduce: detector frames in, curves out. */
#include "config.h"

#include "cli/interrupt.h"
#include "cli/module.h"
#include "cli/reduce/options.h"
#include "cli/reduce/run.h"
#include "cli/reduce/steps.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "reducers/error.h"

#define VERB "reduce"

/* The module judges what was written, as it would any file. */
static int
tag_output (const SaxidReduceOptions *options)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  const struct
  {
    gboolean given;
    const char *option, *value;
  } all[] = {
    { TRUE, "tag", NULL },
    { options->quiet, "--quiet", NULL },
    { options->model != NULL, "--model", options->model },
    { options->classes != NULL, "--classes", options->classes },
    { options->seeds, "--seeds", NULL },
    { TRUE, options->output, NULL },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (all); k++)
    {
      if (!all[k].given)
        continue;
      g_ptr_array_add (words, (gpointer) all[k].option);
      if (all[k].value != NULL)
        g_ptr_array_add (words, (gpointer) all[k].value);
    }
  g_ptr_array_add (words, NULL);
  return saxid_verb_tag ((int) words->len - 1, (char **) words->pdata);
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
  int exit_code;

  if (!options->tag && (options->model != NULL || options->classes != NULL || options->seeds))
    return saxid_verb_usage (VERB, "--model, --classes and --seeds are for --tag, which is not given");
  saxid_interrupt_watch ();
  if (check_output (options, paths, &error) && check_model (options, &error)
      && saxid_reduce_run (job, paths, &failed, &error))
    {
      exit_code = options->tag ? tag_output (options) : SAXID_EXIT_OK;
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
