/* What does the reader find in a file? One JSON object per source and line,
 * with the exact values of the frames that are asked for; refusals and errors
 * likewise. A helper of tests whose judge is h5py.
 *
 * Usage: read-curves [--frames FIRST:LAST] [--q-unit U] [--follow] [--path ROLE=PATH]… FILE…
 */
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reducers/error.h"
#include "schemas/curve/reader.h"

static const char *const names[] = {
  [SAXID_ERROR_ARGUMENT] = "argument",       [SAXID_ERROR_IO] = "io",
  [SAXID_ERROR_FORMAT] = "format",           [SAXID_ERROR_NO_CURVE] = "no-curve",
  [SAXID_ERROR_DATA] = "data",               [SAXID_ERROR_UNIT] = "unit",
  [SAXID_ERROR_LIMIT] = "limit",             [SAXID_ERROR_MODEL] = "model",
  [SAXID_ERROR_UNSUPPORTED] = "unsupported", [SAXID_ERROR_CANCELLED] = "cancelled",
  [SAXID_ERROR_BUSY] = "busy",
};

static const char *
name_of (int code)
{
  if (code < 1 || code >= (int) G_N_ELEMENTS (names))
    return "unknown";
  return names[code];
}

static void
print_text (const char *name, const char *text)
{


  /* only quotes and backslashes need care: the reader gives no control characters */
  if (text == NULL)
    printf (", \"%s\": null", name);
  else
    {
      printf (", \"%s\": \"", name);
      for (const char *c = text; *c != '\0'; c++)
        printf (*c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
      printf ("\"");
    }
}

static void
print_values (const char *name, const double *values, gsize n)
{
  if (values == NULL)
    {
      printf (", \"%s\": null", name);
      return;
    }
  printf (", \"%s\": [", name);
  for (gsize k = 0; k < n; k++)
    printf ("%s\"%a\"", k > 0 ? ", " : "", values[k]);
  printf ("]");
}

static int
print_frames (SaxidReader *reader, const char *file, guint k, gsize first, gsize last)
{
  for (gsize frame = first; frame <= last && frame < saxid_reader_source (reader, k)->n_frame; frame++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SaxidCurve) curve = saxid_reader_curve (reader, k, frame, &error);

      printf ("{\"kind\": \"frame\", \"source\": %u, \"frame\": %zu", k, frame);
      print_text ("file", file);
      if (curve == NULL)
        {
          print_text ("error", error->message);
          printf ("}\n");
          return 1;
        }
      print_values ("q", curve->q, curve->n);
      print_values ("i", curve->intensity, curve->n);
      print_values ("sigma", curve->sigma, curve->n);
      print_values ("dq", curve->dq, curve->n);
      printf ("}\n");
    }
  return 0;
}

static void
print_source (const SaxidSource *source, const char *file, guint k)
{
  printf ("{\"kind\": \"source\", \"source\": %u", k);
  print_text ("file", file);
  print_text ("entry", source->entry);
  print_text ("data", source->data);
  print_text ("i_path", source->i_path);
  print_text ("q_path", source->q_path);
  print_text ("sigma_path", source->sigma_path);
  print_text ("dq_path", source->dq_path);
  print_text ("q_unit", source->q_unit);
  print_text ("i_unit", source->i_unit);
  print_text ("dialect", source->dialect);
  print_text ("title", source->title);
  print_text ("sample", source->sample);
  printf (", \"n_frame\": %zu, \"n_q\": %zu, \"slit_smeared\": %s, \"slit_length\": \"%a\", \"i_per_cm\": \"%a\"",
          source->n_frame, source->n_q, source->slit_smeared ? "true" : "false", source->slit_length,
          source->i_per_cm);
  printf (", \"notes\": [");
  for (gsize n = 0; source->notes[n] != NULL; n++)
    {
      printf ("%s{\"n\": %zu", n > 0 ? ", " : "", n);
      print_text ("text", source->notes[n]);
      printf ("}");
    }
  printf ("]}\n");
}

static int
print_file (const char *file, const SaxidReadOptions *options, gsize first, gsize last)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidReader) reader = saxid_reader_open (file, options, &error);
  int failed = 0;

  if (reader == NULL)
    {
      printf ("{\"kind\": \"error\", \"code\": \"%s\"", name_of (error->code));
      print_text ("file", file);
      print_text ("message", error->message);
      printf ("}\n");
      return 1;
    }
  for (guint k = 0; k < saxid_reader_source_count (reader); k++)
    {
      print_source (saxid_reader_source (reader, k), file, k);
      failed |= print_frames (reader, file, k, first, last);
    }
  for (guint k = 0; k < saxid_reader_refusal_count (reader); k++)
    {
      const SaxidRefusal *refusal = saxid_reader_refusal (reader, k);

      printf ("{\"kind\": \"refusal\", \"code\": \"%s\"", name_of (refusal->code));
      print_text ("file", file);
      print_text ("path", refusal->path);
      print_text ("reason", refusal->reason);
      printf ("}\n");
    }
  return failed;
}

int
main (int argc, char **argv)
{
  SaxidReadOptions options = { 0 };
  gsize first = 1, last = 0;
  int failed = 0, k;

  setlocale (LC_ALL, "");
  saxid_reader_silence_program ();
  for (k = 1; k < argc && argv[k][0] == '-'; k++)
    {
      const char *value = k + 1 < argc ? argv[k + 1] : "";

      if (strcmp (argv[k], "--follow") == 0)
        {
          options.follow_links = TRUE;
          continue;
        }
      if (strcmp (argv[k], "--frames") == 0)
        sscanf (value, "%zu:%zu", &first, &last);
      else if (strcmp (argv[k], "--q-unit") == 0)
        options.q_unit = value;
      else if (strcmp (argv[k], "--path") == 0 && g_str_has_prefix (value, "q="))
        options.q_path = value + 2;
      else if (strcmp (argv[k], "--path") == 0 && g_str_has_prefix (value, "i="))
        options.i_path = value + 2;
      else if (strcmp (argv[k], "--path") == 0 && g_str_has_prefix (value, "sigma="))
        options.sigma_path = value + 6;
      else if (strcmp (argv[k], "--path") == 0 && g_str_has_prefix (value, "dq="))
        options.dq_path = value + 3;
      k++;
    }
  for (; k < argc; k++)
    failed |= print_file (argv[k], &options, first, last);
  return failed;
}
