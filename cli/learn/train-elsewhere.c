/* See train-elsewhere.h.
 */
#include "config.h"
#include "cli/learn/train-elsewhere.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/text.h"
#include "models/learn/portrait.h"
#include "models/learn/train/lot.h"
#include "reducers/error.h"
#include "schemas/disk/atomic-file.h"

#define MAGIC "saxid-weights-1"
#define LOT "saxidlot"
/* A network of another machine must not ask for all the memory there is. */
#define MOST_BYTES (256 << 20)
#define MOST_TEXT 4096

/* --- Weights ------------------------------------------------------------------------------- */

void
saxid_weights_clear (SaxidWeights *weights)
{
  g_clear_pointer (&weights->network, saxid_network_free);
  g_clear_pointer (&weights->trained_by, g_free);
}

/* The text up to the empty line; the lines of it, or NULL. */
static char **
read_head (const char *bytes, gsize size, gsize *length)
{
  const char *end = g_strstr_len (bytes, (gssize) MIN (size, MOST_TEXT), "\n\n");
  g_autofree char *head = NULL;

  if (end == NULL || !g_utf8_validate (bytes, end - bytes, NULL))
    return NULL;
  *length = (gsize) (end - bytes) + 2;
  head = g_strndup (bytes, (gsize) (end - bytes));
  return g_strsplit (head, "\n", 3);
}

gboolean
saxid_weights_read (const char *path, SaxidWeights *weights, GError **error)
{
  g_autofree char *contents = NULL;
  g_autoptr (GBytes) floats = NULL;
  g_auto (GStrv) head = NULL;
  gsize size = 0, length = 0;
  GStatBuf is;

  if (g_stat (path, &is) == 0 && is.st_size > MOST_BYTES)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT, "file has %" G_GOFFSET_FORMAT " bytes, %d are the limit (%s)",
                   (goffset) is.st_size, MOST_BYTES, path);
      return FALSE;
    }
  if (!g_file_get_contents (path, &contents, &size, error))
    return FALSE;
  head = read_head (contents, size, &length);
  if (head == NULL || g_strv_length (head) != 3 || !g_str_equal (head[0], MAGIC))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "file does not begin with '%s' and a network (%s)", MAGIC,
                   path);
      return FALSE;
    }
  weights->trained_by = saxid_text_printable (head[1]);
  weights->network = saxid_network_empty (
    head[2], (SaxidExtent) { SAXID_PORTRAIT_CHANNELS, 1, SAXID_PORTRAIT_WIDTH }, error);
  floats = g_bytes_new_static (contents + length, size - length);
  if (weights->network != NULL && saxid_network_set_bytes (weights->network, floats, error))
    return TRUE;
  g_prefix_error (error, "%s: ", path);
  return FALSE;
}

gboolean
saxid_weights_write (const char *path, const SaxidNetwork *network, const char *trained_by, GError **error)
{
  SaxidAtomicFile *file = saxid_atomic_begin (path, error);
  g_autoptr (GBytes) floats = saxid_network_to_bytes (network);
  g_autofree char *layers = g_strchomp (g_strdup (network->text));
  g_autofree char *head = g_strdup_printf ("%s\n%s\n%s\n\n", MAGIC, trained_by, layers);
  GString *whole = g_string_new (head);
  gboolean done;

  g_string_append_len (whole, g_bytes_get_data (floats, NULL), (gssize) g_bytes_get_size (floats));
  done = file != NULL && saxid_atomic_write (file, whole->str, whole->len, error);
  g_string_free (whole, TRUE);
  if (done)
    return saxid_atomic_commit (file, error);
  if (file != NULL)
    saxid_atomic_abort (file);
  return FALSE;
}

/* --- Lots ---------------------------------------------------------------------------------- */

typedef struct
{
  FILE *file;
  const char *path;
  const SaxidAnyGridOptions *options;
  SaxidProgress *progress;
} Writing;

static gboolean
fail_to_write (const char *path, GError **error)
{
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "curves cannot be written: %s (%s)", g_strerror (errno), path);
  return FALSE;
}

static gboolean
write_lot (const SaxidLot *lot, guint epoch, gpointer data, GError **error)
{
  Writing *self = data;
  const gsize portrait = (gsize) SAXID_PORTRAIT_CHANNELS * SAXID_PORTRAIT_WIDTH;
  const guint32 head[] = { epoch,
                           saxid_any_grid_class_count (self->options),
                           saxid_any_grid_target_width (self->options),
                           SAXID_PORTRAIT_CHANNELS,
                           SAXID_PORTRAIT_WIDTH,
                           (guint32) lot->rows };

  if (saxid_interrupted ())
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_CANCELLED, "stopped before epoch %u of %u",
                   epoch < self->options->epochs ? epoch + 1 : 1, self->options->epochs);
      return FALSE;
    }
  if (fwrite (LOT, strlen (LOT), 1, self->file) != 1 || fwrite (head, sizeof head, 1, self->file) != 1
      || fwrite (lot->label, 1, lot->rows, self->file) != lot->rows
      || fwrite (lot->input, portrait * sizeof (float), lot->rows, self->file) != lot->rows
      || fflush (self->file) != 0)
    return fail_to_write (self->path, error);
  if (epoch == 0)
    saxid_progress_set_total (self->progress, self->options->epochs * lot->rows);
  if (epoch < self->options->epochs)
    saxid_progress_advance (self->progress, lot->rows);
  return TRUE;
}

static gboolean
write_lots (FILE *file, const char *path, const SaxidAnyGridOptions *options, gboolean quiet, GError **error)
{
  Writing writing = { .file = file, .path = path, .options = options };
  gboolean done;

  writing.progress = saxid_progress_new (&(SaxidProgressOptions) { .verb = "measuring", .noun = "curves",
                                                                   .quiet = quiet, .fd = STDERR_FILENO });
  done = saxid_any_grid_lots (options, write_lot, &writing, error);
  saxid_progress_finish (writing.progress);
  return done;
}

/* A pipe or a device is written to as it is, a file is there only when it is whole. */
static gboolean
is_a_stream (const char *path)
{
  GStatBuf is;

  return g_stat (path, &is) == 0 && !S_ISREG (is.st_mode);
}

gboolean
saxid_lots_write (const char *path, const SaxidAnyGridOptions *options, gboolean quiet, GError **error)
{
  g_autoptr (SaxidAtomicFile) whole = NULL;
  gboolean done;
  FILE *file;

  if (g_str_equal (path, "-"))
    return write_lots (stdout, "standard output", options, quiet, error);
  if (!is_a_stream (path))
    {
      whole = saxid_atomic_begin (path, error);
      if (whole == NULL)
        return FALSE;
    }
  file = fopen (whole != NULL ? saxid_atomic_path (whole) : path, "wb");
  if (file == NULL)
    return fail_to_write (path, error);
  done = write_lots (file, path, options, quiet, error);
  if (fclose (file) != 0 && done)
    done = fail_to_write (path, error);
  return done && (whole == NULL || saxid_atomic_commit (g_steal_pointer (&whole), error));
}
