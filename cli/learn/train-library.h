/* A training on libraries, as saxid train does it: data, progress, checkpoints, card. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint n_library;
  char *const *library; /* paths; the first has all classes */
  const char *output;
  guint epochs;
  guint64 seed;
  guint threads;
  const char *instrument; /* NULL: any */
  double clean_part;      /* of all curves; negative: as is usual for each library */
  const char *start;      /* file of the network that it begins with, or NULL */
  const char *weights;    /* file of a network that learned elsewhere, or NULL */
  const char *keep;       /* file for the network as it has learned, or NULL */
  const char *lots;       /* file for curves to learn from elsewhere instead of a model, or NULL */
  gboolean anew, quiet;
} SaxidTrainOnLibrary;

/* Whether the data set is a library; reads its head only.
 * Errors: those of saxid_dataset_is_library. */
gboolean saxid_train_is_library (const char *path, gboolean *is_library, GError **error);

/* Returns the exit code of the verb. */
int saxid_train_on_library (const SaxidTrainOnLibrary *options);

G_END_DECLS
