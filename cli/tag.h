/* What the verb tag does, for a verb that has just written the file and holds its curves.
 *
 * Thread: one thread.
 */
#pragma once

#include "cli/reduce/held.h"

G_BEGIN_DECLS

typedef struct
{
  const char *model, *classes; /* as of the command line, or NULL */
  gboolean seeds, quiet;
  const SaxidReduceHeld *held; /* data sets that are not read, those that the file has */
} SaxidTagRequest;

/* Judges all curves of the file, prints the table and writes the tags. Returns the exit code. */
int saxid_tag_written (const SaxidTagRequest *request, char *file);

G_END_DECLS
