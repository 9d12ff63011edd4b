/* The network that tells the technique of frames, and the file that it lives in.
 *
 * The file has the format of the other models (schemas/learn/model-file.h), with the texts
 * kind ("technique"), network and card, the array temperature and the blob network_halves: weights of
 * 16 bits (IEEE 754 binary16), which are what the network has while it is judged. Files from before have network_weights of 32 bits.
 *
 * Thread: a loaded model is immutable.
 */
#pragma once

#include "models/technique/judge.h"

G_BEGIN_DECLS

typedef struct
{
  SaxidTechniqueModel *model;
  char *sha256, *card;
} SaxidTechniqueFile;

void saxid_technique_file_free (SaxidTechniqueFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidTechniqueFile, saxid_technique_file_free)

/* Errors: SAXID_ERROR_IO. */
gboolean saxid_technique_file_save (const SaxidTechniqueModel *model, const char *card, const char *path, GError **error);
/* Whether a model ships with this installation: without one headers are all that is asked. */
gboolean saxid_technique_file_ships (void);
/* path: NULL: the one that ships, found where models are.
 * Errors: SAXID_ERROR_MODEL. */
SaxidTechniqueFile *saxid_technique_file_load (const char *path, GError **error);

G_END_DECLS
