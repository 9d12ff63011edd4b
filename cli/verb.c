/* How does a verb read its options and say what went wrong? */
#include "cli/verb.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/nearest.h"
#include "cli/text.h"
#include "reducers/error.h"
#include "schemas/curve/reader.h"
#include "schemas/disk/atomic-file.h"
#include "schemas/frame/file.h"

/* No option takes as much. */
#define NOT_GIVEN (-DBL_MAX)

/* The option that was meant by one that is not known, "" where none comes near: " (did you mean
 * --dry-run?)". Free with g_free. */
static char *
suggest (const GOptionEntry *entries, const GError *error, char **words)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new ();
  const char *meant = NULL;

  if (!g_error_matches (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION))
    return g_strdup ("");
  for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++)
    g_ptr_array_add (known, (gpointer) entry->long_name);
  for (char **word = words; *word != NULL && meant == NULL; word++)
    {
      g_autofree char *name = NULL;

      if (!g_str_has_prefix (*word, "--") || (*word)[2] == '\0')
        continue;
      name = g_strndup (*word + 2, strcspn (*word + 2, "="));
      /* GLib says which one it is; an argument that looks like it is none */
      if (strstr (error->message, *word) != NULL)
        meant = saxid_nearest (name, known->len, (const char *const *) known->pdata);
    }
  return meant != NULL ? g_strdup_printf ("; did you mean --%s?", meant) : g_strdup ("");
}

/* Where a verb keeps NAN for what was not given, "nan" would pass for that. */
static const GOptionEntry *
find_nan (const GOptionEntry *entries)
{
  for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++)
    if (entry->arg == G_OPTION_ARG_DOUBLE && isnan (*(const double *) entry->arg_data))
      return entry;
  return NULL;
}

/* The values that the numbers of a verb have before the command line is read; NOT_GIVEN
 * stands in for them meanwhile. Free with g_free. */
static double *
put_away (const GOptionEntry *entries)
{
  double *initial;
  gsize n = 0;

  while (entries[n].long_name != NULL)
    n++;
  initial = g_new0 (double, n + 1);
  for (gsize k = 0; k < n; k++)
    if (entries[k].arg == G_OPTION_ARG_DOUBLE)
      {
        initial[k] = *(double *) entries[k].arg_data;
        *(double *) entries[k].arg_data = NOT_GIVEN;
      }
  return initial;
}

static void
put_back (const GOptionEntry *entries, const double *initial)
{
  for (gsize k = 0; entries[k].long_name != NULL; k++)
    {
      double *value = entries[k].arg == G_OPTION_ARG_DOUBLE ? entries[k].arg_data : NULL;

      if (value != NULL && isfinite (*value) && *value <= NOT_GIVEN)
        *value = initial[k];
    }
}

gboolean
saxid_verb_parse (const char *verb, const char *arguments, const char *summary,
                  const GOptionEntry *entries, int *argc, char ***argv, int *exit_code)
{
  g_autoptr (GOptionContext) context = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *program = g_strconcat ("saxid ", verb, NULL);
  g_auto (GStrv) words = g_strdupv (*argv); /* of which the parser takes some away */
  g_autofree double *initial = put_away (entries);
  const GOptionEntry *no_number;
  gboolean help = FALSE;
  const GOptionEntry help_entry[] = {
    { "help", 'h', 0, G_OPTION_ARG_NONE, &help, "Show this help", NULL },
    G_OPTION_ENTRY_NULL,
  };

  context = g_option_context_new (arguments);
  g_option_context_set_summary (context, summary);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_main_entries (context, help_entry, NULL);
  g_set_prgname (program);

  if (!g_option_context_parse (context, argc, argv, &error))
    {
      g_autofree char *meant = suggest (entries, error, words);

      *exit_code = saxid_verb_usage (verb, "%s%s", error->message, meant);
      return FALSE;
    }
  no_number = find_nan (entries);
  put_back (entries, initial);
  if (no_number != NULL)
    {
      *exit_code = saxid_verb_usage (verb, "--%s is nan, a number is needed", no_number->long_name);
      return FALSE;
    }
  if (help)
    {
      g_autofree char *text = g_option_context_get_help (context, TRUE, NULL);

      g_print ("%s", text);
      *exit_code = SAXID_EXIT_OK;
      return FALSE;
    }
  return TRUE;
}

gboolean
saxid_verb_keeps_input (const char *output, gsize n, char *const *input, GError **error)
{
  struct stat there, read;

  if (stat (output, &there) != 0)
    return TRUE;
  for (gsize k = 0; k < n; k++)
    if (input[k] != NULL && stat (input[k], &read) == 0 && read.st_dev == there.st_dev
        && read.st_ino == there.st_ino)
      {
        g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                     "output is the input '%s', which would be lost (%s)", input[k], output);
        return FALSE;
      }
  return TRUE;
}

gboolean
saxid_verb_check_output (const char *output, gsize n, char *const *input, GError **error)
{
  struct stat there;

  return saxid_verb_keeps_input (output, n, input, error)
         && (stat (output, &there) != 0 || saxid_atomic_check (output, error));
}

int
saxid_verb_usage (const char *verb, const char *format, ...)
{
  g_autofree char *text = NULL, *shown = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  shown = saxid_text_printable (text);
  g_printerr ("saxid %s: %s (see 'saxid %s --help')\n", verb, shown, verb);
  return SAXID_EXIT_USAGE;
}

int
saxid_verb_failed (const char *verb, const GError *error)
{
  g_autofree char *shown = saxid_text_printable (error->message);

  g_printerr ("saxid %s: %s\n", verb, shown);
  return SAXID_EXIT_FAILED;
}

int
saxid_verb_no_curve (const char *verb, const char *path, const GError *error)
{
  g_autoptr (SaxidFrameFile) frames = NULL;
  g_autoptr (GError) told = NULL, damage = NULL;
  const SaxidFrameInfo *info;

  if (g_error_matches (error, SAXID_ERROR, SAXID_ERROR_FORMAT) || g_error_matches (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE))
    frames = saxid_frame_file_open (path, NULL, &damage);
  if (frames == NULL && damage != NULL && saxid_frame_file_is_image (path))
    return saxid_verb_failed (verb, damage);
  if (frames == NULL)
    return saxid_verb_failed (verb, error);
  info = saxid_frame_file_info (frames);
  told = g_error_new (SAXID_ERROR, SAXID_ERROR_NO_CURVE,
                      "no curve, 2-D %s frames of a detector%s%s: 'saxid tag --geometry FILE.poni' judges them, 'saxid reduce' makes "
                      "curves of them (%s%s%s)",
                      info->format, info->lacks != NULL ? " without " : "", info->lacks != NULL ? info->lacks : "", path,
                      info->place != NULL ? ", " : "", info->place != NULL ? info->place : "");
  return saxid_verb_failed (verb, told);
}
