/* What has a study found so far? See study-ledger.h.
 *
 * Thread: one thread at a time.
 */
#include "config.h"
#include "cli/learn/study-ledger.h"

#include <math.h>
#include <string.h>

#include "cli/learn/study-file.h"

#define FORMAT "saxid-study-1"

struct SaxidStudyLedger
{
  SaxidStudyFile *file;
  GPtrArray *records, *choices;
  guint n_records, n_choices; /* of finished units */
};

static void
record_free (gpointer data)
{
  SaxidStudyRecord *record = data;

  g_free (record->experiment);
  g_free (record->preprocess);
  g_free (record->training);
  g_free (record->representation);
  g_free (record->classifier);
  g_free (record->choice);
  g_free (record->test);
  g_array_unref (record->confusion);
  g_array_unref (record->aspect);
  g_array_unref (record->answer);
  g_free (record);
}

static void
choice_free (gpointer data)
{
  SaxidStudyChoice *choice = data;

  g_free (choice->representation);
  g_free (choice->classifier);
  g_free (choice->choice);
  g_array_unref (choice->accuracy);
  g_free (choice);
}

/* The texts and numbers of a record that are one value each. */
static const struct
{
  const char *name;
  gsize offset;
} texts[] = {
  { "experiment", G_STRUCT_OFFSET (SaxidStudyRecord, experiment) },
  { "preprocess", G_STRUCT_OFFSET (SaxidStudyRecord, preprocess) },
  { "training", G_STRUCT_OFFSET (SaxidStudyRecord, training) },
  { "representation", G_STRUCT_OFFSET (SaxidStudyRecord, representation) },
  { "classifier", G_STRUCT_OFFSET (SaxidStudyRecord, classifier) },
  { "choice", G_STRUCT_OFFSET (SaxidStudyRecord, choice) },
  { "test", G_STRUCT_OFFSET (SaxidStudyRecord, test) },
}, numbers[] = {
  { "accuracy", G_STRUCT_OFFSET (SaxidStudyRecord, accuracy) },
  { "f1", G_STRUCT_OFFSET (SaxidStudyRecord, f1) },
  { "matthews", G_STRUCT_OFFSET (SaxidStudyRecord, matthews) },
  { "seconds", G_STRUCT_OFFSET (SaxidStudyRecord, seconds) },
};

/* --- To JSON ------------------------------------------------------------------------ */

static void
add_counts (JsonBuilder *builder, const char *name, const GArray *counts)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint k = 0; k < counts->len; k++)
    json_builder_add_int_value (builder, (gint64) g_array_index (counts, gsize, k));
  json_builder_end_array (builder);
}

static void
build_record (JsonBuilder *builder, const SaxidStudyRecord *record)
{
  json_builder_begin_object (builder);
  for (guint k = 0; k < G_N_ELEMENTS (texts); k++)
    saxid_study_file_set_text (builder, texts[k].name, G_STRUCT_MEMBER (char *, record, texts[k].offset));
  for (guint k = 0; k < G_N_ELEMENTS (numbers); k++)
    {
      json_builder_set_member_name (builder, numbers[k].name);
      json_builder_add_double_value (
        builder, round (G_STRUCT_MEMBER (double, record, numbers[k].offset) * 1e6) / 1e6);
    }
  json_builder_set_member_name (builder, "with_q");
  json_builder_add_boolean_value (builder, record->with_q);
  saxid_study_file_set_integer (builder, "repeat", record->repeat);
  saxid_study_file_set_integer (builder, "fold", record->fold);
  saxid_study_file_set_integer (builder, "n", (gint64) record->n);
  add_counts (builder, "confusion", record->confusion);
  add_counts (builder, "aspect", record->aspect);
  add_counts (builder, "answer", record->answer);
  json_builder_end_object (builder);
}

static void
build_choice (JsonBuilder *builder, const SaxidStudyChoice *choice)
{
  json_builder_begin_object (builder);
  saxid_study_file_set_text (builder, "representation", choice->representation);
  saxid_study_file_set_text (builder, "classifier", choice->classifier);
  saxid_study_file_set_text (builder, "choice", choice->choice);
  saxid_study_file_set_integer (builder, "index", choice->index);
  json_builder_set_member_name (builder, "accuracy");
  json_builder_begin_array (builder);
  for (guint k = 0; k < choice->accuracy->len; k++)
    json_builder_add_double_value (builder, round (g_array_index (choice->accuracy, double, k) * 1e6) / 1e6);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static JsonBuilder *
head_of (const SaxidStudySettings *settings)
{
  JsonBuilder *builder = saxid_study_file_begin_head (FORMAT);

  saxid_study_file_set_integer (builder, "per_class", (gint64) settings->per_class);
  saxid_study_file_set_integer (builder, "folds", settings->folds);
  saxid_study_file_set_integer (builder, "seed", (gint64) settings->seed);
  saxid_study_file_set_number (builder, "effort", settings->effort);
  saxid_study_file_set_text (builder, "population", settings->population);
  saxid_study_file_set_text (builder, "digest", settings->digest);
  json_builder_set_member_name (builder, "class");
  json_builder_begin_array (builder);
  for (guint k = 0; settings->class_name[k] != NULL; k++)
    json_builder_add_string_value (builder, settings->class_name[k]);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "measured");
  json_builder_begin_array (builder);
  for (guint k = 0; k < settings->measured->len; k++)
    json_builder_add_string_value (builder, settings->measured->pdata[k]);
  json_builder_end_array (builder);
  return builder;
}

/* --- From JSON ------------------------------------------------------------------------ */

static GArray *
read_counts (JsonObject *object, const char *name)
{
  JsonArray *array = saxid_study_file_array (object, name);
  GArray *counts = g_array_new (FALSE, FALSE, sizeof (gsize));

  for (guint k = 0; array != NULL && k < json_array_get_length (array); k++)
    {
      JsonNode *element = json_array_get_element (array, k);
      gsize count = JSON_NODE_HOLDS_VALUE (element) ? (gsize) MAX (json_node_get_int (element), 0) : 0;

      g_array_append_val (counts, count);
    }
  return counts;
}

static void
read_record (SaxidStudyLedger *self, JsonObject *object)
{
  SaxidStudyRecord *record = g_new0 (SaxidStudyRecord, 1);

  for (guint k = 0; k < G_N_ELEMENTS (texts); k++)
    G_STRUCT_MEMBER (char *, record, texts[k].offset) = saxid_study_file_text (object, texts[k].name);
  for (guint k = 0; k < G_N_ELEMENTS (numbers); k++)
    G_STRUCT_MEMBER (double, record, numbers[k].offset) = saxid_study_file_number (object, numbers[k].name);
  record->with_q = json_object_get_boolean_member_with_default (object, "with_q", FALSE);
  record->repeat = (guint) saxid_study_file_number (object, "repeat");
  record->fold = (guint) saxid_study_file_number (object, "fold");
  record->n = (gsize) saxid_study_file_number (object, "n");
  record->confusion = read_counts (object, "confusion");
  record->aspect = read_counts (object, "aspect");
  record->answer = read_counts (object, "answer");
  g_ptr_array_add (self->records, record);
}

static void
read_choice (SaxidStudyLedger *self, JsonObject *object)
{
  SaxidStudyChoice *choice = g_new0 (SaxidStudyChoice, 1);
  JsonArray *accuracy = saxid_study_file_array (object, "accuracy");

  choice->representation = saxid_study_file_text (object, "representation");
  choice->classifier = saxid_study_file_text (object, "classifier");
  choice->choice = saxid_study_file_text (object, "choice");
  choice->index = (guint) saxid_study_file_number (object, "index");
  choice->accuracy = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint k = 0; accuracy != NULL && k < json_array_get_length (accuracy); k++)
    {
      double value = json_array_get_double_element (accuracy, k);

      g_array_append_val (choice->accuracy, value);
    }
  g_ptr_array_add (self->choices, choice);
}

static void
read_objects (SaxidStudyLedger *self, JsonObject *unit, const char *name,
              void (*read) (SaxidStudyLedger *ledger, JsonObject *object))
{
  JsonArray *array = saxid_study_file_array (unit, name);

  for (guint k = 0; array != NULL && k < json_array_get_length (array); k++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (array, k)))
      read (self, json_array_get_object_element (array, k));
}

static void
read_unit (JsonObject *unit, gpointer data)
{
  read_objects (data, unit, "outcome", read_record);
  read_objects (data, unit, "choice", read_choice);
}

/* --- The file ------------------------------------------------------------------------- */

SaxidStudyLedger *
saxid_study_ledger_open (const char *directory, const SaxidStudySettings *settings, GError **error)
{
  g_autoptr (SaxidStudyLedger) self = g_new0 (SaxidStudyLedger, 1);

  self->records = g_ptr_array_new_with_free_func (record_free);
  self->choices = g_ptr_array_new_with_free_func (choice_free);
  self->file = saxid_study_file_open (directory, FORMAT, settings != NULL ? head_of (settings) : NULL, read_unit, self, error);
  if (self->file == NULL)
    return NULL;
  self->n_records = self->records->len;
  self->n_choices = self->choices->len;
  return g_steal_pointer (&self);
}

void
saxid_study_ledger_free (SaxidStudyLedger *self)
{
  if (self == NULL)
    return;
  if (self->file != NULL)
    saxid_study_file_free (self->file);
  g_ptr_array_unref (self->records);
  g_ptr_array_unref (self->choices);
  g_free (self);
}

gboolean
saxid_study_ledger_has (const SaxidStudyLedger *self, const char *unit)
{
  return saxid_study_file_has (self->file, unit);
}

int
saxid_study_ledger_choice (const SaxidStudyLedger *self, const char *representation, const char *classifier)
{
  for (guint k = 0; k < self->choices->len; k++)
    {
      const SaxidStudyChoice *choice = self->choices->pdata[k];

      if (strcmp (choice->representation, representation) == 0 && strcmp (choice->classifier, classifier) == 0)
        return (int) choice->index;
    }
  return -1;
}

static void
append_counts (GArray *array, const gsize *counts, guint n)
{
  g_array_append_vals (array, counts, n);
}

void
saxid_study_ledger_add (SaxidStudyLedger *self, const SaxidStudyOutcome *outcome)
{
  SaxidStudyRecord *record = g_new0 (SaxidStudyRecord, 1);
  const SaxidScores *scores = outcome->scores;

  *record = (SaxidStudyRecord) {
    .experiment = g_strdup (outcome->unit->experiment), .preprocess = g_strdup (outcome->unit->preprocess),
    .training = g_strdup (saxid_study_training_name (outcome->unit->training)),
    .representation = g_strdup (outcome->unit->representation), .classifier = g_strdup (outcome->classifier),
    .choice = g_strdup (outcome->choice), .test = g_strdup (outcome->test), .with_q = outcome->unit->with_q,
    .repeat = outcome->unit->repeat, .fold = outcome->unit->fold, .accuracy = scores->accuracy, .f1 = scores->f1,
    .matthews = scores->matthews, .seconds = outcome->seconds, .n = scores->n,
  };
  record->confusion = g_array_new (FALSE, FALSE, sizeof (gsize));
  record->aspect = g_array_new (FALSE, FALSE, sizeof (gsize));
  record->answer = g_array_new (FALSE, FALSE, sizeof (gsize));
  append_counts (record->confusion, scores->confusion, scores->n_class * scores->n_class);
  for (guint kind = 0; kind < 2; kind++)
    {
      append_counts (record->aspect, outcome->aspect_right[kind], SAXID_STUDY_ASPECTS);
      append_counts (record->aspect, outcome->aspect_all[kind], SAXID_STUDY_ASPECTS);
    }
  for (gsize k = 0; k < outcome->n_answer; k++)
    {
      gsize answer = outcome->answer[k];

      g_array_append_val (record->answer, answer);
    }
  g_ptr_array_add (self->records, record);
}

void
saxid_study_ledger_choose (SaxidStudyLedger *self, const SaxidStudyUnit *unit, const char *classifier, guint choice,
                           const double *accuracy, guint n)
{
  SaxidStudyChoice *made = g_new0 (SaxidStudyChoice, 1);

  made->representation = g_strdup (unit->representation);
  made->classifier = g_strdup (classifier);
  made->choice = g_strdup (saxid_classifier_choice (saxid_classifier_find (classifier), choice));
  made->index = choice;
  made->accuracy = g_array_new (FALSE, FALSE, sizeof (double));
  g_array_append_vals (made->accuracy, accuracy, n);
  g_ptr_array_add (self->choices, made);
}

gboolean
saxid_study_ledger_finish (SaxidStudyLedger *self, const char *unit, double seconds, GError **error)
{
  JsonBuilder *builder = saxid_study_file_begin_unit (unit, seconds);

  json_builder_set_member_name (builder, "choice");
  json_builder_begin_array (builder);
  for (guint k = self->n_choices; k < self->choices->len; k++)
    build_choice (builder, self->choices->pdata[k]);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "outcome");
  json_builder_begin_array (builder);
  for (guint k = self->n_records; k < self->records->len; k++)
    build_record (builder, self->records->pdata[k]);
  json_builder_end_array (builder);
  if (!saxid_study_file_add (self->file, unit, seconds, builder, NULL, NULL, error))
    return FALSE;
  self->n_records = self->records->len;
  self->n_choices = self->choices->len;
  return TRUE;
}

void
saxid_study_ledger_drop (SaxidStudyLedger *self)
{
  g_ptr_array_set_size (self->records, (gint) self->n_records);
  g_ptr_array_set_size (self->choices, (gint) self->n_choices);
}

const GPtrArray *
saxid_study_ledger_records (const SaxidStudyLedger *self)
{
  return self->records;
}

const GPtrArray *
saxid_study_ledger_choices (const SaxidStudyLedger *self)
{
  return self->choices;
}

JsonObject *
saxid_study_ledger_head (const SaxidStudyLedger *self)
{
  return saxid_study_file_head (self->file);
}

double
saxid_study_ledger_seconds (const SaxidStudyLedger *self)
{
  return saxid_study_file_seconds (self->file);
}
