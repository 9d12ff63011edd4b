/* What a tagged file says of one curve, for a program: a line of `saxid show --json`.
 *
 * Thread: pure.
 */
#pragma once

#include "schemas/tag/record.h"

G_BEGIN_DECLS

/* One JSON object, without line break: the members of a line of `saxid tag --json` that a file
 * keeps, with group, model, checksum, version and date. Free with g_free. */
char *saxid_show_json_line (const char *file, const SaxidRecord *record, gsize frame);

G_END_DECLS
