/* saxid show: what do these files say already? */
#include "config.h"

#include <math.h>
#include <string.h>

#include "cli/interrupt.h"
#include "cli/atoms.h"
#include "cli/show-json.h"
#include "cli/stored-tags.h"
#include "cli/tag-table.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "models/learn/levels.h"
#include "models/materials/values.h"
#include "reducers/error.h"
#include "schemas/tag/reader.h"
#include "schemas/tag/target.h"

#define VERB "show"

/* --- The table ---------------------------------------------------------------------------- */

/* Widths and columns of the table follow from all that is to come. */
static SaxidTagTable *
begin_table (const GPtrArray *all)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new (), entries = g_ptr_array_new (), classes = g_ptr_array_new ();
  gint64 most_frames = 1;

  for (guint k = 0; k < all->len; k++)
    {
      const SaxidStoredTags *tags = all->pdata[k];

      g_ptr_array_add (files, (gpointer) tags->file);
      for (guint j = 0; j < tags->records->len; j++)
        {
          const SaxidRecord *record = tags->records->pdata[j];

          g_ptr_array_add (entries, record->parent);
          for (guint c = 0; c < record->n_class; c++)
            g_ptr_array_add (classes, record->class_name[c]);
          most_frames = MAX (most_frames, (gint64) record->n_curve);
        }
    }
  g_ptr_array_add (files, NULL);
  g_ptr_array_add (entries, NULL);
  g_ptr_array_add (classes, NULL);
  return saxid_tag_table_new (&(SaxidTagTableOptions) {
    .out = stdout,
    .file = (const char *const *) files->pdata,
    .entry = entries->len > 2 ? (const char *const *) entries->pdata : NULL,
    .class_name = (const char *const *) classes->pdata,
    .max_frame = most_frames > 1 ? most_frames - 1 : -1,
  });
}

/* What the file tells of a material, of which the best class is. */
static void
say_material (const SaxidRecord *record, gsize frame, char *text, gsize size)
{
  const int best = record->class_index[frame];
  const char *name = best >= 0 && (guint) best < record->n_class ? record->class_name[best] : "";

  text[0] = '\0';
  for (guint k = 0; k < record->seed->len; k++)
    {
      const SaxidRecordSeed *seed = record->seed->pdata[k];
      g_autofree SaxidMaterialValue *value = g_new (SaxidMaterialValue, seed->n_parameter + 1);

      if (strcmp (seed->model, SAXID_MATERIAL_MODEL) != 0 || strcmp (seed->class_name, name) != 0)
        continue;
      for (guint j = 0; j < seed->n_parameter; j++)
        {
          const SaxidRecordParameter *p = &seed->parameter[j];

          value[j] = (SaxidMaterialValue) { p->name, p->unit, p->value[frame], p->lower[frame], p->upper[frame] };
        }
      saxid_material_say_values (value, seed->n_parameter, text, size);
    }
}

static void
print_row (SaxidTagTable *table, const SaxidStoredTags *tags, const SaxidRecord *record, gsize frame)
{
  const gsize at = frame * record->n_class;
  char note[SAXID_LEVEL_NOTE] = "", told[SAXID_LEVEL_NOTE], of_atoms[SAXID_ATOMS_LINE];
  struct saxid_atoms atoms;

  /* the file has no notes of curves, and this one follows from its probabilities */
  if (record->status[frame] == SAXID_STATUS_OK && record->outlier[frame] == 0)
    saxid_level_note (record->n_class, (const char *const *) record->class_name, record->probability + at, note);
  say_material (record, frame, told, sizeof told);
  saxid_atoms_of_record (record, frame, &atoms);
  saxid_atoms_line (&atoms, of_atoms, sizeof of_atoms);
  saxid_tag_table_row (table, &(SaxidReportCurve) {
    .file = tags->file,
    .entry = record->parent,
    .frame = record->n_curve > 1 ? (gint64) frame : -1,
    .status = record->status[frame],
    .n_class = record->n_class,
    .class_name = (const char *const *) record->class_name,
    .probability = record->status[frame] == SAXID_STATUS_NOT_DONE ? NULL : record->probability + at,
    .prediction_set = record->prediction_set + at,
    .confidence = (double) record->confidence[frame],
    .outlier = record->outlier[frame] != 0,
    .outlier_score = (double) record->outlier_score[frame],
    .open = note,
    .told = of_atoms[0] != '\0' ? of_atoms : told,
    .told_first = of_atoms[0] != '\0',
  });
}

static void
print_table (const GPtrArray *all)
{
  SaxidTagTable *table = begin_table (all);

  for (guint k = 0; k < all->len; k++)
    {
      const SaxidStoredTags *tags = all->pdata[k];

      for (guint j = 0; j < tags->records->len; j++)
        {
          const SaxidRecord *record = tags->records->pdata[j];

          for (gsize frame = 0; frame < record->n_curve && !saxid_interrupted (); frame++)
            print_row (table, tags, record, frame);
        }
    }
  saxid_tag_table_end (table);
}

/* --- Who said it ----------------------------------------------------------------------------- */

static char *
describe (const SaxidStoredTags *tags, const SaxidRecord *record)
{
  g_autoptr (GString) text = g_string_new (tags->holder);

  g_string_append_printf (text, ": saxid %s, %s (sha256 %.12s…), %.19s", record->program_version, record->model_file_name,
                          record->model_sha256, record->date);
  if (record->seed->len > 0)
    g_string_append (text, ", with fits");
  if (record->note != NULL)
    g_string_append_printf (text, "; %s", record->note);
  return saxid_text_printable (text->str);
}

/* One line for all groups of a file of which the same is to be said. */
static void
print_origin (const SaxidStoredTags *tags)
{
  g_autofree char *before = NULL;

  for (guint j = 0; j < tags->records->len; j++)
    {
      char *line = describe (tags, tags->records->pdata[j]);

      if (g_strcmp0 (line, before) != 0)
        g_print ("%s\n", line);
      g_free (before);
      before = line;
    }
}

static void
print_for_people (const GPtrArray *all)
{
  print_table (all);
  g_print ("\n");
  for (guint k = 0; k < all->len; k++)
    print_origin (all->pdata[k]);
}

static void
print_lines (const GPtrArray *all)
{
  for (guint k = 0; k < all->len; k++)
    {
      const SaxidStoredTags *tags = all->pdata[k];

      for (guint j = 0; j < tags->records->len; j++)
        {
          const SaxidRecord *record = tags->records->pdata[j];

          for (gsize frame = 0; frame < record->n_curve && !saxid_interrupted (); frame++)
            {
              g_autofree char *line = saxid_show_json_line (tags->file, record, frame);

              g_print ("%s\n", line);
            }
        }
    }
}

int
saxid_verb_show (int argc, char **argv)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_stored_tags_free);
  gboolean json = FALSE;
  int exit_code;
  const GOptionEntry entries[] = {
    { "json", 'j', 0, G_OPTION_ARG_NONE, &json, "Print one JSON object per curve", NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!saxid_verb_parse (VERB, "FILE…",
                         "Prints the tags that NeXus/HDF5 files hold, or their side files, and which model gave\n"
                         "them. Nothing is judged, and nothing written.",
                         entries, &argc, &argv, &exit_code))
    return exit_code;
  if (argc < 2)
    return saxid_verb_usage (VERB, "no file was given");
  saxid_interrupt_watch ();
  exit_code = SAXID_EXIT_OK;
  for (char **file = argv + 1; *file != NULL && !saxid_interrupted (); file++)
    {
      g_autoptr (GError) error = NULL;
      SaxidStoredTags *tags = saxid_stored_tags_read (*file, &error);

      if (tags == NULL)
        exit_code = saxid_verb_failed (VERB, error);
      else
        g_ptr_array_add (all, tags);
    }
  if (all->len > 0)
    (json ? print_lines : print_for_people) (all);
  return saxid_interrupted () ? SAXID_EXIT_FAILED : exit_code;
}
