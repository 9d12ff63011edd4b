/* How are the results of the study of atomic nanoparticles kept? See atomic-ledger.h.
 *
 * Each line says its case, split and learner, so that a line of a case that no longer exists is passed over.
 *
 * Thread: one at a time.
 */
#include "cli/learn/atomic-ledger.h"

#include <string.h>

#include "cli/learn/study-file.h"

#define FORMAT "saxid-atomic-study-1"

static const char *const split_words[SAXID_SPLITS] = { "curves", "particles", "elements", "sizes" };
static const char *const learner_words[] = { "lines", "shapes", "sizes" };

struct SaxidAtomicLedger
{
  SaxidStudyFile *file;
  SaxidAtomicStudy *study;
};

char *
saxid_atomic_unit_name (const SaxidAtomicUnit *unit, const SaxidAtomicStudy *study)
{
  return g_strdup_printf ("%s/%s/%s", learner_words[unit->learner], split_words[unit->split], study->result[unit->at].name);
}

/* --- From JSON ------------------------------------------------------------------------------ */

static SaxidAtomicCase *
find_case (const SaxidAtomicStudy *study, JsonObject *object)
{
  g_autofree char *name = saxid_study_file_text (object, "case");

  for (guint k = 0; k < study->n_case; k++)
    if (strcmp (study->result[k].name, name) == 0)
      return &study->result[k];
  return NULL;
}

/* The place of a member's word among n; n: it is none of them. */
static guint
find_word (JsonObject *object, const char *name, const char *const *words, guint n)
{
  g_autofree char *word = saxid_study_file_text (object, name);
  guint k = 0;

  while (k < n && strcmp (words[k], word) != 0)
    k++;
  return k;
}

static void
read_values (JsonObject *object, const char *name, double *out)
{
  JsonArray *array = saxid_study_file_array (object, name);

  for (guint k = 0; array != NULL && k < SAXID_ATOMIC_TARGETS && k < json_array_get_length (array); k++)
    out[k] = json_array_get_double_element (array, k);
}

static void
read_lines (const SaxidAtomicStudy *study, JsonObject *unit, SaxidAtomicSplit split)
{
  JsonArray *array = saxid_study_file_array (unit, "outcome");

  for (guint k = 0; array != NULL && k < json_array_get_length (array); k++)
    {
      JsonNode *node = json_array_get_element (array, k);
      SaxidAtomicCase *at = JSON_NODE_HOLDS_OBJECT (node) ? find_case (study, json_node_get_object (node)) : NULL;

      if (at == NULL)
        continue;
      at->tried[split] = TRUE;
      read_values (json_node_get_object (node), "mse", at->split[split].linear.mse);
      read_values (json_node_get_object (node), "q2", at->split[split].linear.q2);
      at->split[split].linear.shape = saxid_study_file_number (json_node_get_object (node), "shape");
      at->split[split].linear.shape_level = saxid_study_file_number (json_node_get_object (node), "shape_level");
    }
}

static void
read_unit (JsonObject *unit, gpointer data)
{
  SaxidAtomicStudy *study = data;
  const guint split = find_word (unit, "split", split_words, SAXID_SPLITS);
  const guint learner = find_word (unit, "learner", learner_words, G_N_ELEMENTS (learner_words));
  SaxidAtomicCase *at = find_case (study, unit);

  study->n_done++;
  study->seconds += saxid_study_file_number (unit, "seconds");
  if (split == SAXID_SPLITS)
    return;
  if (learner == SAXID_ATOMIC_LINES)
    read_lines (study, unit, split);
  else if (learner < G_N_ELEMENTS (learner_words) && at != NULL)
    *(learner == SAXID_ATOMIC_SIZES ? &at->split[split].sizes : &at->split[split].shapes)
        = (SaxidAtomicNetworkScore) { saxid_study_file_number (unit, "right"), (guint)saxid_study_file_number (unit, "epochs"),
                                      (gsize)saxid_study_file_number (unit, "weights") };
}

/* --- To JSON -------------------------------------------------------------------------------- */

static void
set_values (JsonBuilder *line, const char *name, const double *values)
{
  json_builder_set_member_name (line, name);
  json_builder_begin_array (line);
  for (guint k = 0; k < SAXID_ATOMIC_TARGETS; k++)
    json_builder_add_double_value (line, values[k]);
  json_builder_end_array (line);
}

static void
set_lines (JsonBuilder *line, const SaxidAtomicStudy *study, const SaxidAtomicUnit *unit, const SaxidAtomicScore *score)
{
  json_builder_set_member_name (line, "outcome");
  json_builder_begin_array (line);
  for (guint k = 0; k < unit->together; k++)
    {
      json_builder_begin_object (line);
      saxid_study_file_set_text (line, "case", study->result[unit->at + k].name);
      set_values (line, "mse", score[k].mse);
      set_values (line, "q2", score[k].q2);
      saxid_study_file_set_number (line, "shape", score[k].shape);
      saxid_study_file_set_number (line, "shape_level", score[k].shape_level);
      json_builder_end_object (line);
    }
  json_builder_end_array (line);
}

static JsonBuilder *
head_of (const SaxidAtomicSettings *settings)
{
  JsonBuilder *head = saxid_study_file_begin_head (FORMAT);

  saxid_study_file_set_integer (head, "elements", settings->elements);
  saxid_study_file_set_integer (head, "displacements", settings->displacements);
  saxid_study_file_set_integer (head, "points", settings->points);
  saxid_study_file_set_integer (head, "steps", settings->steps);
  saxid_study_file_set_integer (head, "epochs", settings->epochs);
  saxid_study_file_set_integer (head, "seed", (gint64)settings->seed);
  return head;
}

/* --- The ledger ----------------------------------------------------------------------------- */

SaxidAtomicLedger *
saxid_atomic_ledger_open (const char *directory, const SaxidAtomicSettings *settings, SaxidAtomicStudy *study, GError **error)
{
  SaxidStudyFile *file = saxid_study_file_open (directory, FORMAT, head_of (settings), read_unit, study, error);
  SaxidAtomicLedger *self;

  if (file == NULL)
    return NULL;
  self = g_new0 (SaxidAtomicLedger, 1);
  *self = (SaxidAtomicLedger) { file, study };
  return self;
}

void
saxid_atomic_ledger_free (SaxidAtomicLedger *self)
{
  saxid_study_file_free (self->file);
  g_free (self);
}

gboolean
saxid_atomic_ledger_has (const SaxidAtomicLedger *self, const SaxidAtomicUnit *unit)
{
  g_autofree char *name = saxid_atomic_unit_name (unit, self->study);

  return saxid_study_file_has (self->file, name);
}

/* What is written is read back at once: a study in one go and one that was stopped say the same. */
gboolean
saxid_atomic_ledger_add (SaxidAtomicLedger *self, const SaxidAtomicUnit *unit, double seconds, const SaxidAtomicFound *found,
                         GError **error)
{
  g_autofree char *name = saxid_atomic_unit_name (unit, self->study);
  JsonBuilder *line = saxid_study_file_begin_unit (name, seconds);

  saxid_study_file_set_text (line, "learner", learner_words[unit->learner]);
  saxid_study_file_set_text (line, "split", split_words[unit->split]);
  if (unit->learner == SAXID_ATOMIC_LINES)
    set_lines (line, self->study, unit, found->score);
  else
    {
      saxid_study_file_set_text (line, "case", self->study->result[unit->at].name);
      saxid_study_file_set_number (line, "right", found->network.right);
      saxid_study_file_set_integer (line, "epochs", found->network.epochs);
      saxid_study_file_set_integer (line, "weights", (gint64)found->network.weights);
    }
  return saxid_study_file_add (self->file, name, seconds, line, read_unit, self->study, error);
}
