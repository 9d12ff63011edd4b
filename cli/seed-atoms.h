/* Fits of particles of atoms, for saxid seed --element.
 *
 * Thread: one thread, and as many as there are processors for the atlas.
 */
#pragma once

#include <glib.h>

#include "schemas/curve/reader.h"

G_BEGIN_DECLS

typedef struct
{
  const char *element; /* "Au" */
  const char *output;  /* NULL: standard output */
  gboolean xyz;        /* writes the best particle of one curve instead of printing */
  gint64 frame;        /* -1: all */
  guint candidates;    /* fits that are shown */
  double largest;      /* radius of the largest particle that is tried, Å */
  gboolean any_technique; /* curves of grazing frames too */
} SaxidSeedAtomsOptions;

/* Fits every curve of the files, and prints or writes. Returns the exit code of the verb; errors are printed. */
int saxid_seed_atoms (const SaxidSeedAtomsOptions *options, const SaxidReadOptions *read, int n_file, char **file);

G_END_DECLS
