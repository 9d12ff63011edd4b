/* The prior of a predictor, from a key file or from the configuration of a host.
 *
 * Thread: a predictor gets its prior before it is shared.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "models/learn/prior.h"

G_BEGIN_DECLS

/* path: NULL = the shipped file, in $SAXID_MODEL_PATH, beside an uninstalled module, or
 * where it is installed.
 * Errors: those of saxid_prior_file_read and saxid_predictor_set_prior, with the file. */
gboolean saxid_prior_from_file (SaxidPredictor *predictor, const char *path, GError **error);

/* node: an object of a weight for each class. Errors: SAXID_ERROR_ARGUMENT. */
gboolean saxid_prior_from_json (SaxidPredictor *predictor, JsonNode *node, GError **error);

G_END_DECLS
