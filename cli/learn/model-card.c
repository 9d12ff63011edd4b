/* What does a model's card say, and how?
 *
 * Thread: one thread at a time per builder.
 */
#include "config.h"
#include "cli/learn/model-card.h"

#include <math.h>

void
saxid_card_number (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  if (isfinite (value))
    json_builder_add_double_value (builder, round (value * 1e5) / 1e5);
  else
    json_builder_add_null_value (builder);
}

void
saxid_card_text (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

void
saxid_card_scores (JsonBuilder *builder, const SaxidScores *scores, char *const *class_name)
{
  saxid_card_number (builder, "accuracy", scores->accuracy);
  saxid_card_number (builder, "f1", scores->f1);
  saxid_card_number (builder, "matthews", scores->matthews);
  saxid_card_number (builder, "log_loss", scores->log_loss);
  saxid_card_number (builder, "calibration_error", scores->calibration_error);
  saxid_card_number (builder, "set_coverage", scores->set_coverage);
  saxid_card_number (builder, "set_size", scores->set_size);
  json_builder_set_member_name (builder, "class");
  json_builder_begin_object (builder);
  for (guint k = 0; k < scores->n_class; k++)
    {
      json_builder_set_member_name (builder, class_name[k]);
      json_builder_begin_object (builder);
      saxid_card_number (builder, "recall", scores->recall[k]);
      saxid_card_number (builder, "precision", scores->precision[k]);
      json_builder_set_member_name (builder, "predicted_as");
      json_builder_begin_array (builder);
      for (guint j = 0; j < scores->n_class; j++)
        json_builder_add_int_value (builder, (gint64) scores->confusion[k * scores->n_class + j]);
      json_builder_end_array (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

char *
saxid_card_finish (JsonBuilder *builder)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  return json_generator_to_data (generator, NULL);
}

JsonBuilder *
saxid_card_begin (const char *algorithm, const char *command)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  saxid_card_text (builder, "algorithm", algorithm);
  saxid_card_text (builder, "program", "saxid " PACKAGE_VERSION);
  saxid_card_text (builder, "command", command);
  return builder;
}

void
saxid_card_texts (JsonBuilder *builder, const char *name, guint n, char *const *text)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint k = 0; k < n; k++)
    json_builder_add_string_value (builder, text[k]);
  json_builder_end_array (builder);
}
