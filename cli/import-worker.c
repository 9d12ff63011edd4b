/* Who reads what `saxid import` is given?
 *
 * Thread: see import-worker.h.
 */
#include "cli/import-worker.h"

#include <string.h>
#include <unistd.h>

#include "cli/archive/pool.h"
#include "cli/text.h"
#include "reducers/error.h"
#include "schemas/text/any.h"
#include "schemas/text/measurement-spool.h"

#define WAIT_MS 200

struct SaxidImportWorker
{
  SaxidTextOptions text;
  int spool; /* curves come through it, words through the pipe of the pool */
  SaxidArchivePool *pool;
};

/* Runs in the process of the pool. */
static void
work (const char *path, GString *answer, gpointer data)
{
  const SaxidImportWorker *self = data;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_measurement_free);
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;

  if (saxid_text_any_read (path, &self->text, all, NULL, &error))
    {
      if (saxid_measurement_spool_put (self->spool, all, &error))
        {
          g_string_append (answer, "D\n");
          return;
        }
      saxid_error_add_place (&error, "%s", path);
    }
  message = saxid_text_printable (error->message);
  g_string_append_printf (answer, "F\t%s\n", message);
}

SaxidImportWorker *
saxid_import_worker_new (const SaxidImportOptions *options, GError **error)
{
  g_autoptr (SaxidImportWorker) self = g_new0 (SaxidImportWorker, 1);
  const SaxidArchivePoolOptions how = { .workers = 1, .work = work, .work_data = self, .time_limit = options->time_limit,
                                        .memory_limit = (guint64) (options->memory_limit * (1 << 30)) };

  self->text = options->text;
  self->spool = saxid_measurement_spool_open (error);
  if (self->spool < 0)
    return NULL;
  self->pool = saxid_archive_pool_new (&how, error);
  return self->pool != NULL ? g_steal_pointer (&self) : NULL;
}

void
saxid_import_worker_free (SaxidImportWorker *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->pool, saxid_archive_pool_free);
  if (self->spool >= 0)
    close (self->spool);
  g_free (self);
}

gboolean
saxid_import_worker_read (SaxidImportWorker *self, const char *path, GPtrArray *all, GError **error)
{
  SaxidArchiveOutcome outcome;

  if (!saxid_archive_pool_give (self->pool, path, error))
    return FALSE;
  while (!saxid_archive_pool_take (self->pool, WAIT_MS, &outcome))
    ;
  if (strcmp (outcome.state, SAXID_ARCHIVE_DONE) == 0)
    {
      if (saxid_measurement_spool_take (self->spool, all, error))
        return TRUE;
      saxid_error_add_place (error, "%s", path);
      return FALSE;
    }
  /* an error of the file names it, the end of a worker does not */
  if (strcmp (outcome.state, SAXID_ARCHIVE_CRASHED) == 0)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT, "%s (%s)", outcome.error, path);
  else
    g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_DATA, outcome.error);
  return FALSE;
}
