/* How are the results of a study kept? See study-file.h.
 *
 * Thread: one thread at a time.
 */
#include "config.h"
#include "cli/learn/study-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "reducers/error.h"
#include "schemas/disk/write-all.h"
#include "schemas/json-text.h"

#define FILE_NAME "ledger.jsonl"

struct SaxidStudyFile
{
  char *path;
  int file; /* -1: read only */
  JsonNode *head;
  GHashTable *units; /* names of those that are done */
  double seconds;
};

/* --- Members -------------------------------------------------------------------------- */

void
saxid_study_file_set_text (JsonBuilder *line, const char *name, const char *text)
{
  json_builder_set_member_name (line, name);
  json_builder_add_string_value (line, text);
}

void
saxid_study_file_set_integer (JsonBuilder *line, const char *name, gint64 value)
{
  json_builder_set_member_name (line, name);
  json_builder_add_int_value (line, value);
}

void
saxid_study_file_set_number (JsonBuilder *line, const char *name, double value)
{
  json_builder_set_member_name (line, name);
  json_builder_add_double_value (line, value);
}

static JsonNode *
member_of (JsonObject *object, const char *name, JsonNodeType type)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_node_type (node) == type ? node : NULL;
}

char *
saxid_study_file_text (JsonObject *object, const char *name)
{
  JsonNode *node = member_of (object, name, JSON_NODE_VALUE);
  const char *text = node != NULL ? json_node_get_string (node) : NULL;

  return g_strdup (text != NULL ? text : "");
}

double
saxid_study_file_number (JsonObject *object, const char *name)
{
  JsonNode *node = member_of (object, name, JSON_NODE_VALUE);

  return node != NULL ? json_node_get_double (node) : 0;
}

JsonArray *
saxid_study_file_array (JsonObject *object, const char *name)
{
  JsonNode *node = member_of (object, name, JSON_NODE_ARRAY);

  return node != NULL ? json_node_get_array (node) : NULL;
}

/* --- Lines ------------------------------------------------------------------------------ */

static JsonBuilder *
begin_line (const char *name, const char *text)
{
  JsonBuilder *line = json_builder_new ();

  json_builder_begin_object (line);
  saxid_study_file_set_text (line, name, text);
  return line;
}

JsonBuilder *
saxid_study_file_begin_head (const char *format)
{
  return begin_line ("format", format);
}

JsonBuilder *
saxid_study_file_begin_unit (const char *unit, double seconds)
{
  JsonBuilder *line = begin_line ("unit", unit);

  saxid_study_file_set_number (line, "seconds", round (seconds * 10) / 10);
  return line;
}

/* Takes the line. */
static char *
end_line (JsonBuilder *line)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_end_object (line);
  root = json_builder_get_root (line);
  json_generator_set_root (generator, root);
  text = json_generator_to_data (generator, NULL);
  g_object_unref (line);
  return g_strconcat (text, "\n", NULL);
}

/* Bytes of the whole lines; the settings are in the first. */
static gboolean
read_lines (SaxidStudyFile *self, const char *format, const char *text, gsize size, SaxidStudyFileRead read, gpointer data,
            gsize *sound, GError **error)
{
  *sound = 0;
  while (*sound < size)
    {
      const char *line = text + *sound, *end = memchr (line, '\n', size - *sound);
      g_autoptr (JsonNode) node = end != NULL ? saxid_json_object (line, end - line, NULL) : NULL;
      JsonObject *object = node != NULL ? json_node_get_object (node) : NULL;

      if (object == NULL)
        break;
      if (self->head == NULL)
        {
          g_autofree char *found = saxid_study_file_text (object, "format");

          if (strcmp (found, format) != 0)
            break;
          self->head = g_steal_pointer (&node);
        }
      else
        {
          g_hash_table_add (self->units, saxid_study_file_text (object, "unit"));
          self->seconds += saxid_study_file_number (object, "seconds");
          read (object, data);
        }
      *sound = (gsize) (end + 1 - text);
    }
  if (self->head != NULL || size == 0)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "is no ledger of this study (%s)", self->path);
  return FALSE;
}

/* --- The file ------------------------------------------------------------------------- */

static gboolean
fail (const SaxidStudyFile *self, const char *what, GError **error)
{
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "%s: %s (%s)", what, g_strerror (errno), self->path);
  return FALSE;
}

static gboolean
write_line (SaxidStudyFile *self, const char *line, GError **error)
{
  if (!saxid_write_all (self->file, line, strlen (line)))
    return fail (self, "cannot be written", error);
  return fsync (self->file) == 0 || fail (self, "cannot be synced", error);
}

/* One study at a time works on a ledger: two would train the same units and write over
 * each other's checkpoint. The lock goes with the process. */
static gboolean
lock (SaxidStudyFile *self, GError **error)
{
  self->file = g_open (self->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (self->file < 0)
    return fail (self, "cannot be opened", error);
  if (flock (self->file, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  if (errno != EWOULDBLOCK)
    return fail (self, "cannot be locked", error);
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "another study is at work on it (%s)", self->path);
  return FALSE;
}

/* Cuts a broken last line off; the settings become the first line, or have to be what it says. */
static gboolean
begin (SaxidStudyFile *self, const char *line, gsize sound, GError **error)
{
  g_autofree char *found = NULL;

  if (ftruncate (self->file, (off_t) sound) != 0 || lseek (self->file, 0, SEEK_END) < 0)
    return fail (self, "cannot be cut", error);
  if (self->head == NULL)
    {
      self->head = saxid_json_object (line, (gssize) strlen (line) - 1, NULL);
      return write_line (self, line, error);
    }
  found = g_strconcat (json_to_string (self->head, FALSE), "\n", NULL);
  if (strcmp (found, line) == 0)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
               "results are of other settings: %.*s; another directory begins another study (%s)",
               (int) strcspn (found, "\n"), found, self->path);
  return FALSE;
}

SaxidStudyFile *
saxid_study_file_open (const char *directory, const char *format, JsonBuilder *settings, SaxidStudyFileRead read, gpointer data,
                       GError **error)
{
  g_autoptr (SaxidStudyFile) self = g_new0 (SaxidStudyFile, 1);
  g_autofree char *line = settings != NULL ? end_line (settings) : NULL, *text = NULL;
  g_autoptr (GError) cause = NULL;
  gsize size = 0, sound = 0;

  self->file = -1;
  self->path = g_build_filename (directory, FILE_NAME, NULL);
  self->units = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (line != NULL && g_mkdir_with_parents (directory, 0777) != 0)
    {
      fail (self, "directory cannot be made", error);
      return NULL;
    }
  if (line != NULL && !lock (self, error))
    return NULL;
  if (!g_file_get_contents (self->path, &text, &size, &cause))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "%s", cause->message);
      return NULL;
    }
  if (!read_lines (self, format, text, size, read, data, &sound, error) || (line != NULL && !begin (self, line, sound, error)))
    return NULL;
  return g_steal_pointer (&self);
}

void
saxid_study_file_free (SaxidStudyFile *self)
{
  if (self == NULL)
    return;
  if (self->file >= 0)
    close (self->file);
  if (self->head != NULL)
    json_node_unref (self->head);
  g_hash_table_unref (self->units);
  g_free (self->path);
  g_free (self);
}

/* --- Units ------------------------------------------------------------------------------ */

gboolean
saxid_study_file_add (SaxidStudyFile *self, const char *unit, double seconds, JsonBuilder *line, SaxidStudyFileRead read, gpointer data,
                      GError **error)
{
  g_autofree char *text = end_line (line);

  if (!write_line (self, text, error))
    return FALSE;
  if (read != NULL)
    {
      g_autoptr (JsonNode) node = saxid_json_object (text, (gssize)strlen (text) - 1, NULL);

      read (json_node_get_object (node), data);
    }
  g_hash_table_add (self->units, g_strdup (unit));
  self->seconds += seconds;
  return TRUE;
}

gboolean
saxid_study_file_has (const SaxidStudyFile *self, const char *unit)
{
  return g_hash_table_contains (self->units, unit);
}

JsonObject *
saxid_study_file_head (const SaxidStudyFile *self)
{
  return self->head != NULL ? json_node_get_object (self->head) : NULL;
}

double
saxid_study_file_seconds (const SaxidStudyFile *self)
{
  return self->seconds;
}
