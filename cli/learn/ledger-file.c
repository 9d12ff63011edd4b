/* Which units of long work are done?
 *
 * Thread: see ledger-file.h.
 */
#include "config.h"
#include "cli/learn/ledger-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "reducers/error.h"
#include "schemas/disk/write-all.h"
#include "schemas/json-text.h"

struct SaxidLedgerFile
{
  char *path;
  int file; /* -1: read only */
  JsonNode *head;
};

char *
saxid_ledger_line (JsonBuilder *builder)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_builder_get_root (builder);

  json_generator_set_root (generator, root);
  return json_generator_to_data (generator, NULL);
}

static gboolean
fail (const SaxidLedgerFile *self, const char *what, GError **error)
{
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "%s: %s (%s)", what, g_strerror (errno), self->path);
  return FALSE;
}

static gboolean
write_line (SaxidLedgerFile *self, const char *text, GError **error)
{
  g_autofree char *line = g_strconcat (text, "\n", NULL);

  if (!saxid_write_all (self->file, line, strlen (line)))
    return fail (self, "cannot be written", error);
  return fsync (self->file) == 0 || fail (self, "cannot be synced", error);
}

/* One process at a time works on a ledger: two would do the same units. The lock goes with the
 * process. */
static gboolean
lock (SaxidLedgerFile *self, GError **error)
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

/* Takes the settings where the line is the first, and has the format. */
static gboolean
take_head (SaxidLedgerFile *self, JsonNode *node, const char *format)
{
  JsonNode *said = json_object_get_member (json_node_get_object (node), "format");

  if (said == NULL || !JSON_NODE_HOLDS_VALUE (said) || g_strcmp0 (json_node_get_string (said), format) != 0)
    return FALSE;
  self->head = json_node_ref (node);
  return TRUE;
}

/* Bytes of the whole lines. */
static gboolean
read_lines (SaxidLedgerFile *self, const char *format, const char *text, gsize size, gsize *sound, SaxidLedgerUnit take,
            gpointer data, GError **error)
{
  *sound = 0;
  while (*sound < size)
    {
      const char *line = text + *sound, *end = memchr (line, '\n', size - *sound);
      g_autoptr (JsonNode) node = end != NULL ? saxid_json_object (line, (gssize) (end - line), NULL) : NULL;

      if (node == NULL)
        break;
      if (self->head != NULL)
        take (json_node_get_object (node), data);
      else if (!take_head (self, node, format))
        break;
      *sound = (gsize) (end + 1 - text);
    }
  if (self->head != NULL || size == 0)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "is no ledger of a study (%s)", self->path);
  return FALSE;
}

static gboolean
begin (SaxidLedgerFile *self, const char *head, gsize sound, GError **error)
{
  g_autofree char *found = NULL;

  if (ftruncate (self->file, (off_t) sound) != 0 || lseek (self->file, 0, SEEK_END) < 0)
    return fail (self, "cannot be cut", error);
  if (self->head == NULL)
    {
      self->head = saxid_json_object (head, -1, error);
      return self->head != NULL && write_line (self, head, error);
    }
  found = json_to_string (self->head, FALSE);
  if (strcmp (found, head) == 0)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
               "results are of other settings: %s; another directory begins another study (%s)", found, self->path);
  return FALSE;
}

SaxidLedgerFile *
saxid_ledger_file_open (const char *path, const char *format, const char *head, SaxidLedgerUnit take, gpointer data,
                        GError **error)
{
  g_autoptr (SaxidLedgerFile) self = g_new0 (SaxidLedgerFile, 1);
  g_autofree char *text = NULL, *directory = g_path_get_dirname (path);
  g_autoptr (GError) cause = NULL;
  gsize size = 0, sound = 0;

  self->file = -1;
  self->path = g_strdup (path);
  if (head != NULL && g_mkdir_with_parents (directory, 0777) != 0)
    {
      fail (self, "directory cannot be made", error);
      return NULL;
    }
  if (head != NULL && !lock (self, error))
    return NULL;
  if (!g_file_get_contents (path, &text, &size, &cause))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "%s", cause->message);
      return NULL;
    }
  if (!read_lines (self, format, text, size, &sound, take, data, error) || (head != NULL && !begin (self, head, sound, error)))
    return NULL;
  return g_steal_pointer (&self);
}

void
saxid_ledger_file_free (SaxidLedgerFile *self)
{
  if (self == NULL)
    return;
  if (self->file >= 0)
    close (self->file);
  if (self->head != NULL)
    json_node_unref (self->head);
  g_free (self->path);
  g_free (self);
}

JsonObject *
saxid_ledger_file_head (const SaxidLedgerFile *self)
{
  return self->head != NULL ? json_node_get_object (self->head) : NULL;
}

gboolean
saxid_ledger_file_add (SaxidLedgerFile *self, JsonBuilder *unit, GError **error)
{
  g_autofree char *line = saxid_ledger_line (unit);

  return write_line (self, line, error);
}
