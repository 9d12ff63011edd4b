/* One curve's verdict as one line of JSON, as `saxid tag --json` prints it.
 *
 * Thread: pure.
 */
#pragma once

#include "cli/module.h"

G_BEGIN_DECLS

/* The line without a newline; schemas/tag.schema.json describes it. */
char *saxid_tag_json_line (const SaxidModule *module, const char *file, const struct saxid_row *row,
                           const struct saxid_verdict *verdict);

/* Appends a text in quotes; what is not UTF-8 is replaced. */
void saxid_tag_json_text (GString *line, const char *text);

G_END_DECLS
