/* A model and a configuration: what every call of the module works with.
 *
 * Thread: immutable once made but for the moulds, shared by threads.
 */
#pragma once

#include "models/materials/answer.h"
#include "plugin/model.h"
#include "plugin/reduction.h"
#include "plugin/saxid-plugin.h"
#include "plugin/verdict.h"
#include "schemas/tag/mould.h"

G_BEGIN_DECLS

struct saxid_context
{
  SaxidModel *model;
  SaxidReduction *reduction; /* NULL without a geometry */
  SaxidFits fits;
  guint n_class;     /* those of the model, and two_phase and three_phase where materials are asked for */
  char **class_name; /* NULL-terminated */
  gboolean materials;
  SaxidMaterialKnown known; /* of the material */
  gboolean atoms, insist; /* particles of atoms are asked for, whatever the curve shows */
  char *element;          /* of theirs, or NULL */
  char *provenance; /* JSON: program, model, configuration */
  SaxidTagMoulds *moulds; /* of tagged files; the writer alone changes them, one thread at a time */
};

/* config_json: see saxid_plugin.open; NULL = all defaults.
 * Errors: SAXID_ERROR_ARGUMENT for a configuration that is not understood,
 * SAXID_ERROR_MODEL. */
struct saxid_context *saxid_context_new (const char *config_json, GError **error);
void saxid_context_free (struct saxid_context *context);

void saxid_context_describe (const struct saxid_context *context,
                             struct saxid_description *description);

G_END_DECLS
