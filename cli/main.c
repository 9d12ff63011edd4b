/* Which verb of saxid was asked for? */
#include "config.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/module.h"
#include "cli/nearest.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "schemas/curve/reader.h"
#include "schemas/hdf5/version.h"

static const SaxidVerb verbs[] = {
  { "tag", "name the form factor of every curve of a file", saxid_verb_tag },
  { "report", "a page or a plot of curves and verdicts", saxid_verb_report },
  { "watch", "tag files as they appear", saxid_verb_watch },
  { "reprocess", "tag an archive of files, and ask its ledger", saxid_verb_reprocess },
  { "show", "what files say already", saxid_verb_show },
  { "untag", "take the tags out again", saxid_verb_untag },
  { "seed", "with which fit to begin, and in SasView", saxid_verb_seed },
  { "reduce", "turn detector frames into curves", saxid_verb_reduce },
  { "sort", "tell SAXS, WAXS, GISAXS and GIWAXS frames apart", saxid_verb_sort },
  { "import", "turn text columns and canSAS XML into NXcanSAS", saxid_verb_import },
  { "model", "what a model was trained on and how good it is", saxid_verb_model },
  { "simulate", "draw particles, compute I(q), measure it: a data set", saxid_verb_simulate },
  { "study", "compare representations and classifiers, as published", saxid_verb_study },
  { "train", "make a model from simulated data sets", saxid_verb_train },
  { NULL, NULL, NULL },
};

static void
print_usage (void)
{
  g_print ("Usage: saxid VERB [OPTION…] …\n\n"
           "Names the form factor that a small-angle scattering curve calls for.\n\n");
  for (const SaxidVerb *verb = verbs; verb->name != NULL; verb++)
    g_print ("  %-10s %s\n", verb->name, verb->summary);
  g_print ("\n'saxid help VERB' tells more, and 'man saxid-VERB' all of it; 'saxid --version' what is at work.\n");
}

static const SaxidVerb *
find_verb (const char *name)
{
  for (const SaxidVerb *verb = verbs; verb->name != NULL; verb++)
    if (strcmp (verb->name, name) == 0)
      return verb;
  return NULL;
}

static int
refuse_verb (const char *name)
{
  const char *known[G_N_ELEMENTS (verbs)];
  g_autofree char *shown = saxid_text_printable (name);
  const char *meant;

  for (guint k = 0; k + 1 < G_N_ELEMENTS (verbs); k++)
    known[k] = verbs[k].name;
  known[G_N_ELEMENTS (verbs) - 1] = "help";
  meant = saxid_nearest (name, G_N_ELEMENTS (known), known);
  if (meant != NULL)
    g_printerr ("saxid: '%s' is not a verb; did you mean '%s'? (see 'saxid --help')\n", shown, meant);
  else
    g_printerr ("saxid: '%s' is not a verb (see 'saxid --help')\n", shown);
  return SAXID_EXIT_USAGE;
}

/* A full disk behind standard output must not pass for success. */
static int
run_verb (const SaxidVerb *verb, int argc, char **argv)
{
  int exit_code = verb->run (argc, argv);

  errno = 0;
  if (fflush (stdout) == 0 && !ferror (stdout))
    return exit_code;
  /* of a write that failed before, the reason is gone */
  g_printerr ("saxid %s: standard output cannot be written%s%s\n", verb->name, errno != 0 ? ": " : "",
              errno != 0 ? g_strerror (errno) : "");
  return exit_code != SAXID_EXIT_OK ? exit_code : SAXID_EXIT_FAILED;
}

/* What a report of a fault needs: program, module, model, library. */
static int
print_version (void)
{
  g_autoptr (SaxidModule) module = NULL;
  g_autoptr (GError) error = NULL;

  g_print ("saxid %s\n", PACKAGE_VERSION);
  g_print ("HDF5 %s\n", saxid_hdf5_version ());
  module = saxid_module_open (&(SaxidModuleOptions) { .evidence = SAXID_EVIDENCE_NONE }, &error);
  if (module == NULL)
    {
      g_printerr ("saxid: %s\n", error->message);
      return SAXID_EXIT_FAILED;
    }
  g_print ("module %s, ABI %u.%u\n", module->table->version, module->table->abi_major, module->table->abi_minor);
  g_print ("model %s, %u classes, sha256:%s\n", module->description.model_name, module->description.n_class,
           module->description.model_sha256);
  return SAXID_EXIT_OK;
}

static int
help (int argc, char **argv)
{
  char *words[] = { NULL, (char *) "--help", NULL };
  const SaxidVerb *verb;

  if (argc < 3)
    {
      print_usage ();
      return SAXID_EXIT_OK;
    }
  verb = find_verb (argv[2]);
  if (verb == NULL)
    return refuse_verb (argv[2]);
  words[0] = argv[2];
  return run_verb (verb, 2, words);
}

int
main (int argc, char **argv)
{
  const SaxidVerb *verb;

  setlocale (LC_CTYPE, "");
  /* a limit on file sizes is then an error of the write, which is reported and
   * cleaned up after, instead of the end of the program */
  signal (SIGXFSZ, SIG_IGN);
  saxid_reader_silence_program ();

  if (argc < 2)
    {
      print_usage ();
      return SAXID_EXIT_USAGE;
    }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0)
    {
      print_usage ();
      return SAXID_EXIT_OK;
    }
  if (strcmp (argv[1], "help") == 0)
    return help (argc, argv);
  if (strcmp (argv[1], "--version") == 0)
    return print_version ();
  verb = find_verb (argv[1]);
  return verb != NULL ? run_verb (verb, argc - 1, argv + 1) : refuse_verb (argv[1]);
}
