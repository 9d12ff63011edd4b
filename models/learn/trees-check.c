/* Are these bytes boosted trees that can be handed to xgboost?
 *
 * The format is UBJSON draft 12 as xgboost writes it: big-endian,
 * lengths of type L, '[' '$' type '#' length for arrays of numbers, '[' '#'
 * length for others, and d for floats of 4 bytes.
 *
 * xgboost reads the same bytes with a parser of its own. Whatever two parsers may read
 * differently is refused: a key that comes twice in an object (one keeps the first, the
 * other the last), what may stand once in a model and stands twice, arrays of a tree in
 * another form or type than xgboost writes.
 *
 * Thread: pure.
 */
#include "models/learn/trees-check.h"

#include <string.h>

#include "reducers/error.h"

#define MAX_DEPTH 16
#define MAX_KEYS 64 /* of one object; xgboost writes some 20 */
#define NO_PARENT G_MAXINT32

typedef struct
{
  const guint8 *data;
  gsize length;
} Text;

/* An array of numbers as it lies in the bytes. */
typedef struct
{
  guint8 type;
  gsize count;
  const guint8 *data;
} Vector;

enum { LEFT, RIGHT, PARENT, SPLIT, KIND, N_VECTOR };

static const char *const vector_names[N_VECTOR]
  = { "left_children", "right_children", "parents", "split_indices", "split_type" };

/* The types in which xgboost writes them. */
static const char vector_types[N_VECTOR + 1] = "llllU";

/* Keys that lead to what is checked: of each there is one in a model. */
static const char *const unique_keys[] = { "trees", "tree_info", "num_trees" };

/* What an object holds, as far as it matters for a tree. */
typedef struct
{
  Vector vector[N_VECTOR];
  gsize length;     /* of all its vectors, 0 = none so far */
  gint64 id, nodes; /* -1 = not said */
} Object;

typedef struct
{
  const guint8 *start, *at, *end;
  guint n_class;
  gsize columns;
  guint depth;
  gsize n_tree, n_info;
  gint64 n_declared;
  guint n_unique[G_N_ELEMENTS (unique_keys)];
  GError **error;
} Walk;

static gboolean
fail (const Walk *walk, const char *what)
{
  g_set_error (walk->error, SAXID_ERROR, SAXID_ERROR_MODEL, "boosted trees: %s at byte %" G_GSIZE_FORMAT, what,
               (gsize) (walk->at - walk->start));
  return FALSE;
}

static gboolean
is_key (Text text, const char *word)
{
  return text.length == strlen (word) && memcmp (text.data, word, text.length) == 0;
}

static gsize
size_of (guint8 type)
{
  static const struct
  {
    guint8 type;
    gsize size;
  } known[] = { { 'U', 1 }, { 'i', 1 }, { 'I', 2 }, { 'l', 4 }, { 'L', 8 }, { 'd', 4 }, { 'D', 8 } };

  for (guint k = 0; k < G_N_ELEMENTS (known); k++)
    if (known[k].type == type)
      return known[k].size;
  return 0;
}

static gint64
integer_at (guint8 type, const guint8 *data)
{
  gsize size = size_of (type);
  guint64 bits = type != 'U' && data[0] >= 0x80 ? G_MAXUINT64 : 0;

  for (gsize k = 0; k < size; k++)
    bits = bits << 8 | data[k];
  return (gint64) bits;
}

static gboolean
take (Walk *walk, gsize size, const guint8 **data)
{
  if ((gsize) (walk->end - walk->at) < size)
    return fail (walk, "cut off");
  *data = walk->at;
  walk->at += size;
  return TRUE;
}

static gboolean
take_length (Walk *walk, gsize *length)
{
  const guint8 *data;
  gint64 value;

  if (!take (walk, 9, &data))
    return FALSE;
  value = integer_at ('L', data + 1);
  if (data[0] != 'L' || value < 0 || value > walk->end - walk->at)
    return fail (walk, "a length leads out of the model");
  *length = (gsize) value;
  return TRUE;
}

static gboolean
take_text (Walk *walk, Text *text)
{
  return take_length (walk, &text->length) && take (walk, text->length, &text->data);
}

/* Numbers that xgboost keeps as texts. */
static gint64
number_in (Text text)
{
  g_autofree char *copy = g_strndup ((const char *) text.data, MIN (text.length, 20));
  char *end;
  gint64 value = g_ascii_strtoll (copy, &end, 10);

  return *end == '\0' && end != copy ? value : -1;
}

static gboolean
take_string (Walk *walk, Text key, Object *object)
{
  Text text;

  if (!take_text (walk, &text))
    return FALSE;
  if (is_key (key, "name") && !is_key (text, "gbtree") && !is_key (text, "multi:softprob"))
    return fail (walk, "neither gbtree nor multi:softprob");
  if (is_key (key, "num_class") && number_in (text) != walk->n_class)
    return fail (walk, "another number of classes");
  if (is_key (key, "num_trees"))
    walk->n_declared = number_in (text);
  if (is_key (key, "num_nodes"))
    object->nodes = number_in (text);
  return TRUE;
}

static gboolean
take_integer (Walk *walk, Text key, guint8 type, Object *object)
{
  const guint8 *data;
  gint64 value;

  if (!take (walk, size_of (type), &data))
    return FALSE;
  value = integer_at (type, data);
  if (is_key (key, "id"))
    object->id = value;
  if (!is_key (key, "tree_info"))
    return TRUE;
  walk->n_info++;
  return (value >= 0 && value < walk->n_class) || fail (walk, "a tree of no class");
}

static gboolean
take_vector (Walk *walk, Text key, Object *object)
{
  const guint8 *head;
  Vector vector;
  gsize size;

  if (!take (walk, 2, &head) || !take_length (walk, &vector.count))
    return FALSE;
  size = size_of (head[0]);
  if (size == 0 || head[1] != '#' || vector.count > (gsize) (walk->end - walk->at) / size)
    return fail (walk, "an array leads out of the model");
  vector.type = head[0];
  if (!take (walk, vector.count * size, &vector.data))
    return FALSE;
  if (key.length >= 10 && memcmp (key.data, "categories", 10) == 0)
    return vector.count == 0 || fail (walk, "categories, which no curve has,");
  if (object->length != 0 && vector.count != object->length)
    return fail (walk, "arrays of one tree differ in length");
  object->length = vector.count;
  for (guint k = 0; k < N_VECTOR; k++)
    if (is_key (key, vector_names[k]))
      {
        if (vector.type != (guint8) vector_types[k])
          return fail (walk, "an array of another type than xgboost writes");
        object->vector[k] = vector;
      }
  return TRUE;
}

static gint64
element (const Object *object, guint which, gsize at)
{
  const Vector *vector = &object->vector[which];

  return integer_at (vector->type, vector->data + at * size_of (vector->type));
}

static gboolean
check_tree (Walk *walk, const Object *tree, gsize index)
{
  for (guint k = 0; k < N_VECTOR; k++)
    if (tree->vector[k].count == 0 || tree->vector[k].type == 'd' || tree->vector[k].type == 'D')
      return fail (walk, "a tree without nodes");
  if (tree->id != (gint64) index || tree->nodes != (gint64) tree->length)
    return fail (walk, "a tree out of its place");
  for (gsize n = 0; n < tree->length; n++)
    {
      gint64 left = element (tree, LEFT, n), right = element (tree, RIGHT, n);
      gint64 split = element (tree, SPLIT, n), last = (gint64) tree->length - 1;
      gint64 parent = element (tree, PARENT, n);

      if (n == 0 ? parent != NO_PARENT : parent < 0 || parent >= (gint64) n)
        return fail (walk, "a parent out of its tree");
      if (left == -1 && right == -1)
        continue;
      if (left <= (gint64) n || left > last || right <= (gint64) n || right > last)
        return fail (walk, "a child out of its tree");
      if (split < 0 || split >= (gint64) walk->columns || element (tree, KIND, n) != 0)
        return fail (walk, "a split on no column");
    }
  return TRUE;
}

static gboolean take_value (Walk *walk, Text key, Object *object);

/* Notes a key of an object; FALSE where it has come before. */
static gboolean
note_key (Walk *walk, Text *seen, guint *n, Text key)
{
  for (guint k = 0; k < *n; k++)
    if (seen[k].length == key.length && memcmp (seen[k].data, key.data, key.length) == 0)
      return fail (walk, "a key that comes twice");
  for (guint k = 0; k < G_N_ELEMENTS (unique_keys); k++)
    if (is_key (key, unique_keys[k]) && walk->n_unique[k]++ > 0)
      return fail (walk, "a second list of trees, or of what belongs to them,");
  if (*n == MAX_KEYS)
    return fail (walk, "more keys than an object of xgboost has");
  seen[(*n)++] = key;
  return TRUE;
}

static gboolean
take_object (Walk *walk, Object *object)
{
  Text seen[MAX_KEYS];
  guint n_seen = 0;

  *object = (Object) { .id = -1, .nodes = -1 };
  while (walk->at < walk->end && *walk->at != '}')
    {
      Object inside = { .id = -1, .nodes = -1 };
      Text key;

      if (!take_text (walk, &key) || !note_key (walk, seen, &n_seen, key))
        return FALSE;
      /* the number of nodes stands in an object of its own within the tree */
      if (is_key (key, "tree_param"))
        {
          if (walk->at == walk->end || *walk->at != '{')
            return fail (walk, "a tree without parameters");
          walk->at++;
          if (++walk->depth > MAX_DEPTH)
            return fail (walk, "nested too deep");
          if (!take_object (walk, &inside))
            return FALSE;
          walk->depth--;
          object->nodes = inside.nodes;
        }
      else if (!take_value (walk, key, object))
        return FALSE;
    }
  if (walk->at == walk->end)
    return fail (walk, "cut off");
  walk->at++;
  return TRUE;
}

static gboolean
take_list (Walk *walk, Text key, Object *object)
{
  const guint8 *sign;
  gsize count;

  if (!take (walk, 1, &sign))
    return FALSE;
  if (*sign == '$')
    return take_vector (walk, key, object);
  if (*sign != '#')
    return fail (walk, "an array without a length");
  for (guint k = 0; k < N_VECTOR; k++)
    if (is_key (key, vector_names[k]))
      return fail (walk, "an array in another form than xgboost writes");
  if (!take_length (walk, &count))
    return FALSE;
  for (gsize k = 0; k < count; k++)
    {
      Object inside = { .id = -1, .nodes = -1 };

      if (!is_key (key, "trees"))
        {
          if (!take_value (walk, key, object))
            return FALSE;
          continue;
        }
      if (!take (walk, 1, &sign))
        return FALSE;
      if (*sign != '{')
        return fail (walk, "something that is no tree");
      if (!take_object (walk, &inside) || !check_tree (walk, &inside, walk->n_tree++))
        return FALSE;
    }
  return TRUE;
}

static gboolean
take_value (Walk *walk, Text key, Object *object)
{
  Object inside;
  const guint8 *type;
  gboolean done;

  if (!take (walk, 1, &type))
    return FALSE;
  if (size_of (*type) > 0 && *type != 'd' && *type != 'D')
    return take_integer (walk, key, *type, object);
  if (*type == 'd' || *type == 'D')
    return take (walk, size_of (*type), &type);
  if (*type == 'S')
    return take_string (walk, key, object);
  if (strchr ("TFZ", *type) != NULL && *type != '\0')
    return TRUE;
  if (*type != '{' && *type != '[')
    return fail (walk, "no UBJSON");
  if (++walk->depth > MAX_DEPTH)
    return fail (walk, "nested too deep");
  done = *type == '{' ? take_object (walk, &inside) : take_list (walk, key, object);
  walk->depth--;
  return done;
}

gboolean
saxid_trees_check (GBytes *bytes, guint n_class, gsize columns, GError **error)
{
  g_autoptr (GError) cause = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  Walk walk = { .start = data, .at = data, .end = data + size, .n_class = n_class, .columns = columns,
                .n_declared = -1, .error = &cause };
  Object top;
  gboolean done = size > 0 && *data == '{';

  if (!done)
    fail (&walk, "no UBJSON");
  else
    {
      walk.at++;
      done = take_object (&walk, &top);
    }
  if (done && (walk.at != walk.end || walk.n_tree == 0 || walk.n_info != walk.n_tree
               || walk.n_declared != (gint64) walk.n_tree))
    done = fail (&walk, "the number of trees is not what it says");
  if (!done)
    g_propagate_error (error, g_steal_pointer (&cause));
  return done;
}
