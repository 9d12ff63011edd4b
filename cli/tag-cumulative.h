/* How long must one count? Frames of one sample, one after the other. */
#pragma once

#include "schemas/curve/reader.h"

G_BEGIN_DECLS

typedef struct
{
  const char *model, *classes, *prior; /* NULL: shipped, all, shipped */
  gboolean json;
  SaxidReadOptions read;
} SaxidCumulative;

/* Judges the mean of the first frame, of the first two, and so on, prints each, and where
 * one can stop. Writes nothing. Returns the exit code of the verb. */
int saxid_tag_cumulative (const SaxidCumulative *options, char *const *files);

G_END_DECLS
