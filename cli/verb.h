/* What every verb of the program shares: its row, its exit codes, its options. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

enum
{
  SAXID_EXIT_OK = 0,
  SAXID_EXIT_FAILED = 1, /* something failed for some input */
  SAXID_EXIT_USAGE = 2
};

typedef struct
{
  const char *name;
  const char *summary;
  int (*run) (int argc, char **argv); /* argv[0] is the verb */
} SaxidVerb;

/* One function per file cli/NAME.c, and one row in main.c. */

/* Parses the options of a verb. arguments: as --help shows them, "FILE…".
 * Returns TRUE to go on; otherwise the verb returns *exit_code (--help was
 * answered, or the usage error was printed). */
gboolean saxid_verb_parse (const char *verb, const char *arguments, const char *summary,
                           const GOptionEntry *entries, int *argc, char ***argv, int *exit_code);

/* FALSE with error where output is one of the inputs, under any of its names: it would be gone when
 * its successor is there. A NULL among n inputs is passed over. */
gboolean saxid_verb_keeps_input (const char *output, gsize n, char *const *input, GError **error);

/* … or may not be replaced. */
gboolean saxid_verb_check_output (const char *output, gsize n, char *const *input, GError **error);

/* One line "saxid VERB: …" on standard error; returns exit code 2. */
int saxid_verb_usage (const char *verb, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* One line "saxid VERB: error" on standard error; returns exit code 1. */
int saxid_verb_failed (const char *verb, const GError *error);

/* The same of a file in which no curve was found: of detector frames it names the verb that
 * takes them. */
int saxid_verb_no_curve (const char *verb, const char *path, const GError *error);

G_END_DECLS
