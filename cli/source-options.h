/* The options by which a person says where the curves of a file are; shared by
 * the verbs that read them.
 *
 * Thread: one thread.
 */
#pragma once

#include <glib.h>

#include "plugin/saxid-plugin.h"

G_BEGIN_DECLS

typedef struct
{
  char **path; /* of --path: "I=/entry/data/I", "q=…", "sigma=…" */
  char *q_unit;
  gboolean follow_links;
} SaxidSourceOptions;

/* Three rows for a table of options: --path, --q-unit, --follow-links. */
#define SAXID_SOURCE_OPTION_ENTRIES(options)                                                        \
  { "path", 0, 0, G_OPTION_ARG_STRING_ARRAY, &(options).path,                                       \
    "Where I, q or sigma lies; may be repeated", "I=PATH" },                                        \
  { "q-unit", 0, 0, G_OPTION_ARG_STRING, &(options).q_unit,                                         \
    "Unit of q, instead of what the file says", "UNIT" },                                           \
  {                                                                                                 \
    "follow-links", 0, 0, G_OPTION_ARG_NONE, &(options).follow_links,                               \
      "Follow links out of the file", NULL                                                          \
  }

void saxid_source_options_clear (SaxidSourceOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SaxidSourceOptions, saxid_source_options_clear)

/* Fills the paths, the unit and the flag of tag; it points into options.
 * Errors: SAXID_ERROR_ARGUMENT. */
gboolean saxid_source_options_apply (const SaxidSourceOptions *options,
                                     struct saxid_tag_options *tag, GError **error);

G_END_DECLS
