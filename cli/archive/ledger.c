/* What became of the files of an archive?
 *
 * Thread: see archive/ledger.h.
 */
#include "cli/archive/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "cli/archive/query.h"
#include "reducers/error.h"

#define APPLICATION_ID 0x73617864 /* "saxd" */
#define LOCK_SUFFIX ".lock"
#define BUSY_MS 10000

static const char schema[]
  = "CREATE TABLE IF NOT EXISTS file (path TEXT PRIMARY KEY, size INTEGER, mtime INTEGER, state TEXT NOT NULL,"
    " model TEXT, time TEXT, seconds REAL, attempts INTEGER NOT NULL, error TEXT) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS curve (path TEXT NOT NULL, entry TEXT, data TEXT, frame INTEGER, status TEXT,"
    " label TEXT, confidence REAL, outlier INTEGER, outlier_score REAL, PRIMARY KEY (path, data, frame)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS curve_label ON curve (label, confidence);";

struct SaxidArchiveLedger
{
  char *path;
  sqlite3 *db;
  int lock; /* -1: reading only */
};

static gboolean
fail (const SaxidArchiveLedger *self, const char *doing, GError **error)
{
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "cannot %s: %s (%s)", doing, sqlite3_errmsg (self->db), self->path);
  return FALSE;
}

static gboolean
run (SaxidArchiveLedger *self, const char *sql, const char *doing, GError **error)
{
  return sqlite3_exec (self->db, sql, NULL, NULL, NULL) == SQLITE_OK || fail (self, doing, error);
}

static gboolean
take_lock (SaxidArchiveLedger *self, GError **error)
{
  g_autofree char *path = g_strconcat (self->path, LOCK_SUFFIX, NULL);

  self->lock = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (self->lock < 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "ledger cannot be locked: %s (%s)", g_strerror (errno), path);
      return FALSE;
    }
  if (flock (self->lock, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED, "another run is writing this ledger (%s)", self->path);
  return FALSE;
}

/* Another program's database is not touched. */
static gboolean
check_kind (SaxidArchiveLedger *self, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int id = -1, tables = -1;

  if (sqlite3_prepare_v2 (self->db, "SELECT (SELECT count(*) FROM sqlite_master), application_id FROM pragma_application_id",
                          -1, &statement, NULL)
        == SQLITE_OK
      && sqlite3_step (statement) == SQLITE_ROW)
    {
      tables = sqlite3_column_int (statement, 0);
      id = sqlite3_column_int (statement, 1);
    }
  sqlite3_finalize (statement);
  if (id == APPLICATION_ID || tables == 0)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "file is no ledger of saxid (%s)", self->path);
  return FALSE;
}

SaxidArchiveLedger *
saxid_archive_ledger_open (const char *path, gboolean writing, GError **error)
{
  g_autoptr (SaxidArchiveLedger) self = g_new0 (SaxidArchiveLedger, 1);
  g_autofree char *set_up = g_strdup_printf ("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                                             " PRAGMA application_id=%d; %s", APPLICATION_ID, schema);

  self->path = g_strdup (path);
  self->lock = -1;
  if (writing && !take_lock (self, error))
    return NULL;
  if (sqlite3_open_v2 (path, &self->db, writing ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE,
                       NULL)
      != SQLITE_OK)
    {
      fail (self, "open the ledger", error);
      return NULL;
    }
  sqlite3_busy_timeout (self->db, BUSY_MS);
  if (!check_kind (self, error) || (writing && !run (self, set_up, "set up the ledger", error)))
    return NULL;
  return g_steal_pointer (&self);
}

void
saxid_archive_ledger_free (SaxidArchiveLedger *self)
{
  if (self == NULL)
    return;
  sqlite3_close (self->db);
  if (self->lock >= 0)
    close (self->lock);
  g_free (self->path);
  g_free (self);
}

void
saxid_archive_curve_free (SaxidArchiveCurve *curve)
{
  g_free (curve->entry);
  g_free (curve->data);
  g_free (curve->status);
  g_free (curve->label);
  g_free (curve);
}

static gboolean
finish (SaxidArchiveLedger *self, sqlite3_stmt *statement, GError **error)
{
  const gboolean done = statement != NULL && sqlite3_step (statement) == SQLITE_DONE;

  if (!done)
    fail (self, "write the ledger", error);
  sqlite3_finalize (statement);
  return done;
}

static sqlite3_stmt *
prepare (SaxidArchiveLedger *self, const char *sql)
{
  sqlite3_stmt *statement = NULL;

  return sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL) == SQLITE_OK ? statement : NULL;
}

static gboolean
put_file (SaxidArchiveLedger *self, const SaxidArchiveFile *file, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format_iso8601 (now);
  sqlite3_stmt *statement
    = prepare (self, "INSERT INTO file VALUES (?1,?2,?3,?4,?5,?6,?7,1,?8) ON CONFLICT (path) DO UPDATE SET size=?2,"
                     " mtime=?3, state=?4, model=?5, time=?6, seconds=?7, attempts=attempts+1, error=?8");

  if (statement != NULL)
    {
      sqlite3_bind_text (statement, 1, file->path, -1, SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 2, file->size);
      sqlite3_bind_int64 (statement, 3, file->mtime);
      sqlite3_bind_text (statement, 4, file->state, -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 5, file->model, -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 6, time, -1, SQLITE_STATIC);
      sqlite3_bind_double (statement, 7, file->seconds);
      sqlite3_bind_text (statement, 8, file->error, -1, SQLITE_STATIC);
    }
  return finish (self, statement, error);
}

static gboolean
put_curve (SaxidArchiveLedger *self, const char *path, const SaxidArchiveCurve *curve, GError **error)
{
  sqlite3_stmt *statement = prepare (self, "INSERT OR REPLACE INTO curve VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)");

  if (statement != NULL)
    {
      sqlite3_bind_text (statement, 1, path, -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 2, curve->entry, -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 3, curve->data, -1, SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 4, curve->frame);
      sqlite3_bind_text (statement, 5, curve->status, -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 6, curve->label, -1, SQLITE_STATIC);
      sqlite3_bind_double (statement, 7, curve->confidence);
      sqlite3_bind_int (statement, 8, curve->outlier);
      sqlite3_bind_double (statement, 9, curve->outlier_score);
    }
  return finish (self, statement, error);
}

static gboolean
forget_curves (SaxidArchiveLedger *self, const char *path, GError **error)
{
  sqlite3_stmt *statement = prepare (self, "DELETE FROM curve WHERE path=?1");

  if (statement != NULL)
    sqlite3_bind_text (statement, 1, path, -1, SQLITE_STATIC);
  return finish (self, statement, error);
}

static gboolean
put_all (SaxidArchiveLedger *self, const SaxidArchiveFile *file, GError **error)
{
  if (!put_file (self, file, error) || (!file->goes_on && !forget_curves (self, file->path, error)))
    return FALSE;
  for (guint k = 0; file->curves != NULL && k < file->curves->len; k++)
    if (!put_curve (self, file->path, file->curves->pdata[k], error))
      return FALSE;
  return TRUE;
}

gboolean
saxid_archive_ledger_put (SaxidArchiveLedger *self, const SaxidArchiveFile *file, GError **error)
{
  if (!run (self, "BEGIN IMMEDIATE", "write the ledger", error))
    return FALSE;
  if (put_all (self, file, error))
    return run (self, "COMMIT", "write the ledger", error);
  sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
  return FALSE;
}

char *
saxid_archive_ledger_state (SaxidArchiveLedger *self, const char *path, gint64 size, gint64 mtime, const char *model,
                            gboolean *same, GError **error)
{
  sqlite3_stmt *statement = prepare (self, "SELECT state, size, mtime, model FROM file WHERE path=?1");
  char *state = NULL;

  *same = FALSE;
  if (statement == NULL)
    {
      fail (self, "read the ledger", error);
      return NULL;
    }
  sqlite3_bind_text (statement, 1, path, -1, SQLITE_STATIC);
  if (sqlite3_step (statement) == SQLITE_ROW)
    {
      state = g_strdup ((const char *) sqlite3_column_text (statement, 0));
      *same = sqlite3_column_int64 (statement, 1) == size && sqlite3_column_int64 (statement, 2) == mtime
              && g_strcmp0 ((const char *) sqlite3_column_text (statement, 3), model) == 0;
    }
  sqlite3_finalize (statement);
  return state;
}

gboolean
saxid_archive_ledger_merge (SaxidArchiveLedger *self, const char *other, GError **error)
{
  static const char merge[]
    = "BEGIN IMMEDIATE;"
      "CREATE TEMP TABLE later AS SELECT o.path FROM other.file o LEFT JOIN main.file m ON m.path=o.path"
      " WHERE m.path IS NULL OR m.time < o.time;"
      "DELETE FROM main.curve WHERE path IN (SELECT path FROM later);"
      "INSERT OR REPLACE INTO main.file SELECT * FROM other.file WHERE path IN (SELECT path FROM later);"
      "INSERT INTO main.curve SELECT * FROM other.curve WHERE path IN (SELECT path FROM later);"
      "DROP TABLE later; COMMIT;";
  g_autoptr (SaxidArchiveLedger) known = saxid_archive_ledger_open (other, FALSE, error); /* it is one */
  sqlite3_stmt *statement;
  gboolean done;

  if (known == NULL)
    return FALSE;
  statement = prepare (self, "ATTACH DATABASE ?1 AS other");
  if (statement != NULL)
    sqlite3_bind_text (statement, 1, other, -1, SQLITE_STATIC);
  if (!finish (self, statement, error))
    return FALSE;
  done = run (self, merge, "merge the ledgers", error);
  if (!done)
    sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
  sqlite3_exec (self->db, "DETACH DATABASE other", NULL, NULL, NULL);
  return done;
}

static gboolean
step_through (SaxidArchiveLedger *self, sqlite3_stmt *statement, SaxidArchiveRow row, gpointer data, GError **error)
{
  const guint n = statement != NULL ? (guint) sqlite3_column_count (statement) : 0;
  g_autofree const char **name = g_new0 (const char *, n + 1), **value = g_new0 (const char *, n + 1);
  int result = SQLITE_ERROR;

  while (statement != NULL && (result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      for (guint k = 0; k < n; k++)
        {
          name[k] = sqlite3_column_name (statement, (int) k);
          value[k] = (const char *) sqlite3_column_text (statement, (int) k);
        }
      if (!row (n, name, value, data))
        {
          result = SQLITE_DONE;
          break;
        }
    }
  if (result != SQLITE_DONE)
    fail (self, "read the ledger", error);
  sqlite3_finalize (statement);
  return result == SQLITE_DONE;
}

gboolean
saxid_archive_ledger_list (SaxidArchiveLedger *self, const char *query, SaxidArchiveRow row, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *condition = query != NULL ? saxid_archive_query (query, values, error) : g_strdup ("1");
  g_autofree char *sql = NULL;
  sqlite3_stmt *statement;

  if (condition == NULL)
    return FALSE;
  sql = g_strconcat ("SELECT file.path AS file, curve.entry, curve.frame, file.state, curve.status, curve.label,"
                     " curve.confidence, curve.outlier, file.error FROM file LEFT JOIN curve ON curve.path = file.path"
                     " WHERE ", condition, " ORDER BY file.path, curve.data, curve.frame", NULL);
  statement = prepare (self, sql);
  for (guint k = 0; statement != NULL && k < values->len; k++)
    sqlite3_bind_text (statement, (int) k + 1, values->pdata[k], -1, SQLITE_STATIC);
  return step_through (self, statement, row, data, error);
}

gboolean
saxid_archive_ledger_count (SaxidArchiveLedger *self, SaxidArchiveRow row, gpointer data, GError **error)
{
  return step_through (self, prepare (self, "SELECT state, count(*) FROM file GROUP BY state ORDER BY state"), row, data,
                       error);
}
