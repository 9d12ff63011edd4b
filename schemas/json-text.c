/* What does a JSON text say?
 *
 * json-glib before 1.10 calls itself for each bracket, so a text of brackets overflows the
 * stack. Brackets are counted before it sees the text: strings may hold some, too, but no
 * file that is read here has so many.
 *
 * Thread: pure.
 */
#include "schemas/json-text.h"

#include <string.h>

#include "reducers/error.h"

#define MOST_BRACKETS 1000
#define MOST_DEPTH 64 /* a thread of a host may have a stack of 64 kB */

static guint
count_brackets (const char *text, gsize n)
{
  guint count = 0;

  for (gsize k = 0; k < n && count <= MOST_BRACKETS; k++)
    count += text[k] == '[' || text[k] == '{';
  return count;
}

/* How deep the brackets outside of strings are nested; more than MOST_DEPTH is not counted. */
static guint
nesting (const char *text, gsize n)
{
  guint depth = 0, deepest = 0;
  gboolean in_string = FALSE;

  for (gsize k = 0; k < n && deepest <= MOST_DEPTH; k++)
    {
      if (in_string && text[k] == '\\')
        k++;
      else if (text[k] == '"')
        in_string = !in_string;
      else if (!in_string && (text[k] == '[' || text[k] == '{'))
        deepest = MAX (deepest, ++depth);
      else if (!in_string && (text[k] == ']' || text[k] == '}') && depth > 0)
        depth--;
    }
  return deepest;
}

JsonNode *
saxid_json_object (const char *text, gssize n, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) cause = NULL;
  JsonNode *root;

  if (n < 0)
    n = (gssize) strlen (text);
  if (count_brackets (text, (gsize) n) > MOST_BRACKETS)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "JSON text has more than %d brackets", MOST_BRACKETS);
      return NULL;
    }
  if (nesting (text, (gsize) n) > MOST_DEPTH)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "JSON text is nested deeper than %d brackets", MOST_DEPTH);
      return NULL;
    }
  if (!json_parser_load_from_data (parser, text, n, &cause))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "text is no JSON: %s", cause->message);
      return NULL;
    }
  root = json_parser_get_root (parser);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    return json_node_ref (root);
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "JSON text is no object");
  return NULL;
}
