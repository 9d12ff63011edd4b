/* saxid model: which models are there, what were they trained on, how good are they? */
#include "config.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "cli/learn/model-compare.h"
#include "cli/learn/model-evaluate.h"
#include "cli/learn/model-list.h"
#include "cli/nearest.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "models/learn/portrait.h"
#include "plugin/model.h"
#include "plugin/prior.h"
#include "reducers/error.h"
#include "schemas/json-text.h"

#define VERB "model"

static JsonObject *
card_of (const SaxidModel *model, JsonNode **root, GError **error)
{
  g_autoptr (GError) cause = NULL;

  *root = saxid_json_object (model->card, -1, &cause);
  if (*root != NULL)
    return json_node_get_object (*root);
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "card of the model is no JSON object: %s (%s)", cause->message,
               model->path);
  return NULL;
}

static double
number (JsonObject *object, const char *name)
{
  return object != NULL ? json_object_get_double_member_with_default (object, name, 0) : 0;
}

static JsonObject *
child (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static void
print_lines (JsonObject *card, const char *name, const char *before)
{
  JsonNode *node = json_object_get_member (card, name);
  JsonArray *lines = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint k = 0; lines != NULL && k < json_array_get_length (lines); k++)
    {
      g_autofree char *line = saxid_text_printable (json_array_get_string_element (lines, k));

      g_print ("%s%s\n", before, line);
    }
}

/* What the model reached on curves that it had not learned from. */
static JsonObject *
result_of (JsonObject *card)
{
  return child (card, json_object_has_member (card, "held_out") ? "held_out" : "cross_validation");
}

/* The prior of those that say nothing else, as probabilities. */
static void
print_prior (const SaxidPredictor *predictor)
{
  if (predictor->prior == NULL)
    {
      g_print ("prior       uniform over %u classes\n", predictor->n_class);
      return;
    }
  for (guint k = 0; k < predictor->n_class; k++)
    {
      g_autofree char *name = saxid_text_printable (predictor->class_name[k]);

      g_print ("%-11s %-22s %6.1f %%\n", k == 0 ? "prior" : "", name, 100 * saxid_prior_of (predictor, k));
    }
}

static void
print_info (const SaxidModel *model, JsonObject *card)
{
  const SaxidPredictor *predictor = model->predictor;
  JsonObject *result = result_of (card), *class = child (result, "class");
  JsonObject *instrument = child (result, "instrument");
  const char *by = json_object_get_string_member_with_default (card, "learned_elsewhere", NULL);
  g_autofree char *command = saxid_text_printable (json_object_get_string_member_with_default (card, "command", ""));
  const char *from = json_object_get_string_member_with_default (card, "began_with", NULL);
  g_autofree char *elsewhere = by != NULL ? saxid_text_printable (by) : NULL;
  g_autofree char *start = from != NULL ? saxid_text_printable (from) : NULL;
  g_autoptr (GList) names = instrument != NULL ? json_object_get_members (instrument) : NULL;

  g_print ("model       %s\n", model->file_name);
  g_print ("checksum    sha256:%s\n", model->sha256);
  g_print ("algorithm   %s\n", predictor->algorithm);
  if (elsewhere != NULL)
    g_print ("learned by  %s\n", elsewhere);
  if (start != NULL)
    g_print ("began with  %s\n", start);
  if (saxid_predictor_is_portrayed (predictor))
    g_print ("q range     any, from its first to its last point by a factor of %.2g at least\n",
             SAXID_PORTRAIT_LEAST_RATIO);
  else
    g_print ("q range     %.4g to %.4g 1/Å, of which a curve must cover %.0f %%\n", predictor->grid[0],
             predictor->grid[predictor->width - 1], 100 * predictor->least_coverage);
  print_prior (predictor);
  if (model->atlas != NULL)
    g_print ("atlas       of fits for each class (saxid seed)\n");
  print_lines (card, "data", elsewhere != NULL ? "calibrated  " : "data        ");
  g_print ("command     %s\n", command);
  if (json_object_has_member (card, "cross_validation"))
    g_print ("accuracy    %.1f ± %.1f %% (3σ of the folds, cross-validated)\n",
             100 * number (result, "accuracy_mean"), 100 * number (result, "accuracy_3sigma"));
  else
    g_print ("accuracy    %.1f %% of held-out particles of populations with all classes, measured as in training\n"
             "            %.1f %% of strangers are flagged as outliers (area under the curve %.3f)\n",
             100 * number (result, "accuracy"), 100 * number (result, "strangers_refused"),
             number (result, "stranger_area"));
  g_print ("            F1 %.3f, Matthews %.3f, calibration error %.3f\n", number (result, "f1"),
           number (result, "matthews"), number (result, "calibration_error"));
  g_print ("            95 %% sets hold the truth in %.1f %% and have %.2f classes on average\n",
           100 * number (result, "set_coverage"), number (result, "set_size"));
  if (result != NULL && json_object_has_member (result, "folded_accuracy"))
    g_print ("            of populations with nine classes, asked for nine: accuracy %.1f %%, calibration error %.3f,\n"
             "            95 %% sets hold the truth in %.1f %%\n",
             100 * number (result, "folded_accuracy"), number (result, "folded_calibration_error"),
             100 * number (result, "folded_set_coverage"));
  for (GList *name = names; name != NULL; name = name->next)
    {
      g_autofree char *shown = saxid_text_printable (name->data);

      g_print ("            %-22s %5.1f %%\n", shown, 100 * number (child (instrument, name->data), "accuracy"));
    }
  g_print ("\n%-22s %8s %10s\n", "class", "recall", "precision");
  for (guint k = 0; k < predictor->n_class; k++)
    {
      JsonObject *score = child (class, predictor->class_name[k]);

      g_print ("%-22s %6.1f %% %8.1f %%\n", predictor->class_name[k], 100 * number (score, "recall"),
               100 * number (score, "precision"));
    }
}

static void
print_matrix (const SaxidPredictor *predictor, JsonObject *class)
{
  g_print ("| true \\ predicted |");
  for (guint k = 0; k < predictor->n_class; k++)
    g_print (" %s |", predictor->class_name[k]);
  g_print ("\n|---|");
  for (guint k = 0; k < predictor->n_class; k++)
    g_print ("---:|");
  for (guint k = 0; k < predictor->n_class; k++)
    {
      JsonObject *score = child (class, predictor->class_name[k]);
      JsonNode *node = score != NULL ? json_object_get_member (score, "predicted_as") : NULL;
      JsonArray *row = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
      guint length = row != NULL ? json_array_get_length (row) : 0;
      double sum = 0;

      for (guint j = 0; j < length; j++)
        sum += json_array_get_double_element (row, j);
      g_print ("\n| %s |", predictor->class_name[k]);
      for (guint j = 0; j < length; j++)
        g_print (" %.1f |", sum > 0 ? 100 * json_array_get_double_element (row, j) / sum : 0);
    }
  g_print ("\n");
}

static const char about_cross_validation[]
  = "Every figure comes from cross-validation: what judged a curve had not seen its particle.\n"
    "Half of the curves, in training and in judging, were cut to a random part of the q range, as\n"
    "small as the model accepts; whole curves do better. Calibration and sets were fitted to the\n"
    "same held-out curves that they are measured on. It speaks of simulated curves of the\n"
    "population and the instruments above, and of nothing else.";

static const char about_held_out[]
  = "Every figure is of particles and strangers that the network had not learned from, each measured\n"
    "anew as in training. They chose the temperature, the threshold of the sets and the limit of the\n"
    "outliers, too, and the epoch of a network that learned here.";

/* The card as a page for people, in Markdown. */
static void
print_card (const SaxidModel *model, JsonObject *card)
{
  JsonObject *class = child (result_of (card), "class");

  g_print ("# %s\n\n```\n", model->file_name);
  print_info (model, card);
  g_print ("```\n\n%s\n\nConfusion, in %% of each true class:\n\n",
           json_object_has_member (card, "held_out") ? about_held_out : about_cross_validation);
  print_matrix (model->predictor, class);
  if (!json_object_has_member (card, "domain"))
    return;
  g_print ("\n## What it has met\n\nOf anything else it knows nothing.\n\n");
  print_lines (card, "domain", "- ");
}

/* A model is loaded only when its checksum and all of its parts are sound. */
static void
print_verified (const SaxidModel *model, JsonObject *card G_GNUC_UNUSED)
{
  g_print ("%s: sound, sha256:%s\n", model->file_name, model->sha256);
}

static const struct
{
  const char *name;
  void (*print) (const SaxidModel *model, JsonObject *card);
} actions[] = {
  { "info", print_info },
  { "card", print_card },
  { "verify", print_verified },
};

static int
refuse_action (const char *name)
{
  static const char *const known[] = { "list", "info", "card", "verify", "compare", "evaluate" };
  const char *meant = saxid_nearest (name, G_N_ELEMENTS (known), known);

  return meant != NULL ? saxid_verb_usage (VERB, "'%s' is not known; did you mean '%s'?", name, meant)
                       : saxid_verb_usage (VERB, "'%s' is not known", name);
}

int
saxid_verb_model (int argc, char **argv)
{
  g_autoptr (SaxidModel) model = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL, *strangers = NULL, *output = NULL;
  g_auto (GStrv) sets = NULL, measured = NULL, words = g_strdupv (argv);
  JsonObject *card;
  guint action = 0;
  int exit_code;
  const GOptionEntry entries[] = {
    { "on", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &sets, "Data set to judge; may be given again", "SET.h5" },
    { "strangers", 0, 0, G_OPTION_ARG_FILENAME, &strangers, "Set of what is none of the classes", "SET.h5" },
    { "measured", 0, 0, G_OPTION_ARG_STRING_ARRAY, &measured,
      "evaluate: a measured curve of known class, or of none; may be given again", "FILE=CLASS" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "evaluate: directory of the page (here)", "DIR" },
    G_OPTION_ENTRY_NULL,
  };

  if (!saxid_verb_parse (VERB, "list, info|card|verify [NAME|FILE], compare --on SET.h5… NAME|FILE…, or "
                         "evaluate --on SET.h5… [NAME|FILE]",
                         "Says what a model was trained on and how good it is: info in short, card as a "
                         "Markdown page.\nlist says which models there are. verify says whether it is sound. compare lets models judge "
                         "simulated data sets, side by side;\nevaluate writes a page with tables and plots on one "
                         "of them.",
                         entries, &argc, &argv, &exit_code))
    return exit_code;
  if (argc >= 2 && strcmp (argv[1], "evaluate") == 0)
    return sets != NULL && argc <= 3
             ? saxid_model_evaluate (&(SaxidEvaluation) { .model = argc == 3 ? argv[2] : NULL, .set = sets,
                                                          .strangers = strangers, .measured = measured,
                                                          .directory = output != NULL ? output : ".",
                                                          .words = words })
             : saxid_verb_usage (VERB, "evaluate needs a data set (--on SET.h5), and at most one model");
  if (argc >= 2 && strcmp (argv[1], "compare") == 0)
    return measured == NULL && output == NULL && sets != NULL && argc > 2
             ? saxid_model_compare ((guint) argc - 2, argv + 2, sets, strangers)
             : saxid_verb_usage (VERB, "compare needs a model and a data set (--on SET.h5), and no page");
  if (sets != NULL || strangers != NULL || measured != NULL || output != NULL)
    return saxid_verb_usage (VERB, "--on, --strangers, --measured and --output are of compare and evaluate alone");
  if (argc == 2 && strcmp (argv[1], "list") == 0)
    return saxid_model_list ();
  if (argc < 2 || argc > 3)
    return saxid_verb_usage (VERB, "list, info, card, verify, compare or evaluate is needed, and at most one model");
  while (action < G_N_ELEMENTS (actions) && strcmp (actions[action].name, argv[1]) != 0)
    action++;
  if (action == G_N_ELEMENTS (actions))
    return refuse_action (argv[1]);

  path = saxid_model_path (argc == 3 ? argv[2] : NULL);
  model = saxid_model_load (path, &error);
  card = model != NULL ? card_of (model, &root, &error) : NULL;
  if (card == NULL || !saxid_prior_from_file (model->predictor, NULL, &error))
    return saxid_verb_failed (VERB, error);
  actions[action].print (model, card);
  return SAXID_EXIT_OK;
}
