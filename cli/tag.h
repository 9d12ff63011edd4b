/* What the verb tag does, for a verb that has just written the file and holds its curves.
 *
 * Thread: one thread.
 */
#pragma once

#include "cli/module.h"

G_BEGIN_DECLS

/* All curves of one data set of the file, q in 1/Å. */
typedef struct
{
  const char *i_path;
  struct saxid_curve *curves;
  gsize n;
} SaxidTagHeld;

typedef struct
{
  const char *model, *classes; /* as of the command line, or NULL */
  gboolean seeds, quiet;
  const SaxidTagHeld *held;    /* data sets that are not read, those that the file has */
  guint n_held;
} SaxidTagRequest;

/* Judges all curves of the file, prints the table and writes the tags. Returns the exit code. */
int saxid_tag_written (const SaxidTagRequest *request, char *file);

G_END_DECLS
