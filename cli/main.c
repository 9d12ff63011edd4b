/* Which verb of saxid was asked for? */
#include "config.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/verb.h"
#include "cli/verbs.h"
#include "schemas/curve/reader.h"

static const SaxidVerb verbs[] = {
  { "tag", "name the form factor of every curve of a file", saxid_verb_tag },
  { "report", "a page or a plot of curves and verdicts", saxid_verb_report },
  { "watch", "tag files as they appear", saxid_verb_watch },
  { "reprocess", "tag an archive of files, and ask its ledger", saxid_verb_reprocess },
  { "seed", "with which fit to begin, and in SasView", saxid_verb_seed },
  { "reduce", "turn detector frames into curves", saxid_verb_reduce },
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
  g_print ("\n'saxid VERB --help' tells more, and 'man saxid-VERB' all of it.\n");
}

/* A full disk behind standard output must not pass for success. */
static int
run_verb (const SaxidVerb *verb, int argc, char **argv)
{
  int exit_code = verb->run (argc, argv);

  if (fflush (stdout) == 0 && !ferror (stdout))
    return exit_code;
  g_printerr ("saxid %s: standard output cannot be written: %s\n", verb->name, g_strerror (errno));
  return exit_code != SAXID_EXIT_OK ? exit_code : SAXID_EXIT_FAILED;
}

int
main (int argc, char **argv)
{
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
  if (strcmp (argv[1], "--version") == 0)
    {
      g_print ("saxid %s\n", PACKAGE_VERSION);
      return SAXID_EXIT_OK;
    }
  for (const SaxidVerb *verb = verbs; verb->name != NULL; verb++)
    if (strcmp (verb->name, argv[1]) == 0)
      return run_verb (verb, argc - 1, argv + 1);

  g_printerr ("saxid: '%s' is not a verb (see 'saxid --help')\n", argv[1]);
  return SAXID_EXIT_USAGE;
}
