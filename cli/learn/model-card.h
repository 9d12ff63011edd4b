/* The card of a model: JSON that says what made it and how good it is.
 *
 * Thread: one thread at a time per builder.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "models/learn/evaluate.h"

G_BEGIN_DECLS

/* An open object with what every card has. */
JsonBuilder *saxid_card_begin (const char *algorithm, const char *command);
/* Closes it. */
char *saxid_card_finish (JsonBuilder *builder);

/* Five digits; null where it is not finite. */
void saxid_card_number (JsonBuilder *builder, const char *name, double value);
void saxid_card_text (JsonBuilder *builder, const char *name, const char *text);
void saxid_card_texts (JsonBuilder *builder, const char *name, guint n, char *const *text);
/* Members of the object at hand. Shape: class_name scores->n_class. */
void saxid_card_scores (JsonBuilder *builder, const SaxidScores *scores, char *const *class_name);

G_END_DECLS
