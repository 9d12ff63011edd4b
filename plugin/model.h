/* A predictor and the model file that it lives in.
 *
 * Thread: a loaded model is immutable.
 */
#pragma once

#include "models/fit/candidates.h"
#include "models/learn/predictor.h"

G_BEGIN_DECLS

typedef struct
{
  SaxidPredictor *predictor;
  SaxidAtlas *atlas; /* where fits begin; NULL: the model has none */
  char *path;
  char *file_name; /* without directory */
  char *sha256;
  char *card;      /* JSON: data, command, seed, accuracy */
} SaxidModel;

/* Errors: SAXID_ERROR_MODEL. */
SaxidModel *saxid_model_load (const char *path, GError **error);
void saxid_model_free (SaxidModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidModel, saxid_model_free)

/* atlas: of the predictor's classes, or NULL.
 * Errors: SAXID_ERROR_IO, SAXID_ERROR_MODEL. */
gboolean saxid_model_save (const SaxidPredictor *predictor, const SaxidAtlas *atlas, const char *card,
                           const char *path, GError **error);

/* The form factors that its curves may be fitted by: none where it has no atlas. Classes
 * that others were merged into are fitted by their own form factor alone. */
SaxidForms saxid_model_forms (const SaxidModel *model);

/* Where the model called `name` lies: a path as it is; otherwise NAME.saxid-model
 * in $SAXID_MODEL_PATH, beside an uninstalled module, or where models are
 * installed. NULL = the shipped model. Never fails: the file may not exist. */
char *saxid_model_path (const char *name);

/* Where models are looked for by name, first things first; NULL-terminated. Free with g_strfreev. */
char **saxid_model_places (void);

/* models/KIND of a build tree, which is linked into it: beside an uninstalled program, and
 * above an uninstalled module (libtool keeps it in plugin/.libs). NULL: not known. g_free. */
char *saxid_uninstalled_directory (const char *kind);

G_END_DECLS
