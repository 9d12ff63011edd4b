/* JSON objects out of texts that somebody else wrote.
 *
 * Thread: pure.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The object that the n bytes are; -1 = up to the terminator. Free with json_node_unref.
 * Errors: SAXID_ERROR_FORMAT for what is no JSON, no object, or nested for ever. */
JsonNode *saxid_json_object (const char *text, gssize n, GError **error);

G_END_DECLS
