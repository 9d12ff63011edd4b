/* saxid train --technique: a network that tells the technique of detector frames.
 *
 * Thread: the main one.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint frames, epochs, threads;
  guint64 seed;
  double rate;
  const char *start; /* a model to go on from, or NULL */
  gboolean grow;     /* with residual blocks in it */
  char **mean;       /* models that learned one from the other, of which the mean is judged without learning; or NULL */
  const char *output;
  gboolean quiet;
} SaxidTrainTechnique;

/* Returns the exit code. */
int saxid_train_technique (const SaxidTrainTechnique *given);

G_END_DECLS
