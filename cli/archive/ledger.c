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

#define FILE_COLUMNS "path, size, mtime, state, model, time, seconds, attempts, error"
#define CURVE_COLUMNS "path, entry, data, frame, status, label, confidence, outlier, outlier_score"

static const char schema[]
  = "CREATE TABLE IF NOT EXISTS file (path TEXT PRIMARY KEY, size INTEGER, mtime INTEGER, state TEXT NOT NULL,"
    " model TEXT, time TEXT, seconds REAL, attempts INTEGER NOT NULL, error TEXT,"
    " tags TEXT, file_time TEXT, touched INTEGER) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS curve (path TEXT NOT NULL, entry TEXT, data TEXT, frame INTEGER, status TEXT,"
    " label TEXT, confidence REAL, outlier INTEGER, outlier_score REAL, measured TEXT, title TEXT, sample TEXT,"
    " instrument TEXT, vector INTEGER, PRIMARY KEY (path, data, frame)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS curve_label ON curve (label, confidence);";

/* Those of them that came later: a ledger of before gets them, with nothing in them. */
static const struct
{
  const char *table, *column, *type;
  gboolean stays; /* it says nothing in another ledger */
} later[] = {
  { "file", "tags", "TEXT", FALSE },          { "file", "file_time", "TEXT", FALSE }, { "file", "touched", "INTEGER", FALSE },
  { "curve", "measured", "TEXT", FALSE },     { "curve", "title", "TEXT", FALSE },    { "curve", "sample", "TEXT", FALSE },
  { "curve", "instrument", "TEXT", FALSE },   { "curve", "vector", "INTEGER", TRUE },
};

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

static sqlite3_stmt *
prepare (SaxidArchiveLedger *self, const char *sql)
{
  sqlite3_stmt *statement = NULL;

  return sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL) == SQLITE_OK ? statement : NULL;
}

/* schema: "main", or that of a ledger that is attached. */
static gboolean
has_column (SaxidArchiveLedger *self, const char *database, const char *table, const char *column)
{
  sqlite3_stmt *statement = prepare (self, "SELECT 1 FROM pragma_table_info (?1, ?2) WHERE name=?3");
  const char *values[] = { table, database, column };
  gboolean found;

  for (int k = 0; statement != NULL && k < (int) G_N_ELEMENTS (values); k++)
    sqlite3_bind_text (statement, k + 1, values[k], -1, SQLITE_STATIC);
  found = statement != NULL && sqlite3_step (statement) == SQLITE_ROW;
  sqlite3_finalize (statement);
  return found;
}

static gboolean
add_later_columns (SaxidArchiveLedger *self, GError **error)
{
  for (gsize k = 0; k < G_N_ELEMENTS (later); k++)
    {
      g_autofree char *sql
        = g_strdup_printf ("ALTER TABLE %s ADD COLUMN %s %s", later[k].table, later[k].column, later[k].type);

      if (!has_column (self, "main", later[k].table, later[k].column) && !run (self, sql, "set up the ledger", error))
        return FALSE;
    }
  return TRUE;
}

/* The columns of a table, those that came later as NULL where the database has none of them. */
static char *
columns_of (SaxidArchiveLedger *self, const char *database, const char *table, gboolean names)
{
  GString *text = g_string_new (strcmp (table, "file") == 0 ? FILE_COLUMNS : CURVE_COLUMNS);

  for (gsize k = 0; k < G_N_ELEMENTS (later); k++)
    if (strcmp (later[k].table, table) == 0)
      g_string_append_printf (text, ", %s",
                              names || (!later[k].stays && has_column (self, database, table, later[k].column)) ? later[k].column : "NULL");
  return g_string_free (text, FALSE);
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
  /* one that is only read cannot be asked for what it lacks, unless it may be written */
  if (!add_later_columns (self, writing ? error : NULL) && writing)
    return NULL;
  if (writing && !run (self, "CREATE INDEX IF NOT EXISTS curve_vector ON curve (vector) WHERE vector IS NOT NULL", "set up the ledger", error))
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
  g_free (curve->measured);
  g_free (curve->title);
  g_free (curve->sample);
  g_free (curve->instrument);
  g_free (curve->code);
  g_free (curve);
}

/* ns since 1970 as ISO 8601 in UTC; NULL of a file that is gone. */
static char *
iso_time (gint64 ns)
{
  g_autoptr (GDateTime) time = ns >= 0 ? g_date_time_new_from_unix_utc (ns / G_GINT64_CONSTANT (1000000000)) : NULL;

  return time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : NULL;
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

/* The time of the file itself: tagging puts another one in its place, so what the ledger knows
 * already stays where the file is as it was left. */
static gboolean
put_file (SaxidArchiveLedger *self, const SaxidArchiveFile *file, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format_iso8601 (now);
  sqlite3_stmt *statement
    = prepare (self, "INSERT INTO file (" FILE_COLUMNS ", tags, file_time, touched) VALUES (?1,?2,?3,?4,?5,?6,?7,1,?8,?9,?10,?3)"
                     " ON CONFLICT (path) DO UPDATE SET file_time=iif (touched=?11, coalesce (file_time, ?10), ?10), size=?2,"
                     " mtime=?3, state=?4, model=?5, time=?6, seconds=?7, attempts=attempts+1, error=?8, tags=?9, touched=?3");
  g_autofree char *file_time = iso_time (file->mtime_before);

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
      sqlite3_bind_text (statement, 9, file->tags, -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 10, file_time, -1, SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 11, file->mtime_before);
    }
  return finish (self, statement, error);
}

static gboolean
put_curve (SaxidArchiveLedger *self, const char *path, const SaxidArchiveCurve *curve, GError **error)
{
  sqlite3_stmt *statement
    = prepare (self, "INSERT OR REPLACE INTO curve (" CURVE_COLUMNS ", measured, title, sample, instrument, vector)"
                     " VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)");
  const char *const said[] = { curve->measured, curve->title, curve->sample, curve->instrument };

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
      for (int k = 0; k < (int) G_N_ELEMENTS (said); k++)
        sqlite3_bind_text (statement, 10 + k, said[k], -1, SQLITE_STATIC);
      if (curve->vector >= 0) /* else NULL */
        sqlite3_bind_int64 (statement, 14, curve->vector);
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
                            gboolean written, gboolean *same, GError **error)
{
  sqlite3_stmt *statement = prepare (self, "SELECT state, size, mtime, model, tags FROM file WHERE path=?1");
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
              && g_strcmp0 ((const char *) sqlite3_column_text (statement, 3), model) == 0
              && !(written
                   && g_strcmp0 ((const char *) sqlite3_column_text (statement, 4), SAXID_ARCHIVE_IN_LEDGER) == 0);
    }
  sqlite3_finalize (statement);
  return state;
}

gboolean
saxid_archive_ledger_merge (SaxidArchiveLedger *self, const char *other, GError **error)
{
  g_autofree char *merge = NULL, *files = NULL, *curves = NULL, *of_files = NULL, *of_curves = NULL;
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
  files = columns_of (self, "main", "file", TRUE);
  curves = columns_of (self, "main", "curve", TRUE);
  of_files = columns_of (self, "other", "file", FALSE);
  of_curves = columns_of (self, "other", "curve", FALSE);
  merge = g_strdup_printf (
    "BEGIN IMMEDIATE;"
    "CREATE TEMP TABLE later AS SELECT o.path FROM other.file o LEFT JOIN main.file m ON m.path=o.path"
    " WHERE m.path IS NULL OR m.time < o.time;"
    "DELETE FROM main.curve WHERE path IN (SELECT path FROM later);"
    "INSERT OR REPLACE INTO main.file (%s) SELECT %s FROM other.file WHERE path IN (SELECT path FROM later);"
    "INSERT INTO main.curve (%s) SELECT %s FROM other.curve WHERE path IN (SELECT path FROM later);"
    "DROP TABLE later; COMMIT;", files, of_files, curves, of_curves);
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
saxid_archive_ledger_vector (SaxidArchiveLedger *self, gint64 vector, SaxidArchiveRow row, gpointer data, GError **error)
{
  sqlite3_stmt *statement = prepare (self, "SELECT path, frame, label FROM curve WHERE vector=?1");

  if (statement != NULL)
    sqlite3_bind_int64 (statement, 1, vector);
  return step_through (self, statement, row, data, error);
}

static gboolean
add_label (guint n G_GNUC_UNUSED, const char *const *name G_GNUC_UNUSED, const char *const *value, gpointer data)
{
  g_ptr_array_add (data, g_strdup (value[0]));
  return TRUE;
}

/* A question with the labels that this ledger has. */
static SaxidArchiveQuestion *
understand (SaxidArchiveLedger *self, const char *text, GError **error)
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);

  if (!step_through (self, prepare (self, "SELECT DISTINCT label FROM curve WHERE label IS NOT NULL"), add_label, labels, error))
    return NULL;
  g_ptr_array_add (labels, NULL);
  return saxid_archive_question_new (text, (const char *const *) labels->pdata, error);
}

static gboolean
ask (SaxidArchiveLedger *self, const SaxidArchiveQuestion *question, const char *sql, SaxidArchiveRow row, gpointer data,
     GError **error)
{
  sqlite3_stmt *statement = prepare (self, sql);

  for (guint k = 0; statement != NULL && k < question->values->len; k++)
    sqlite3_bind_text (statement, (int) k + 1, question->values->pdata[k], -1, SQLITE_STATIC);
  return step_through (self, statement, row, data, error);
}

#define JOINED " FROM file LEFT JOIN curve ON curve.path = file.path WHERE "

gboolean
saxid_archive_ledger_list (SaxidArchiveLedger *self, const char *text, SaxidArchiveRow row, gpointer data, GError **error)
{
  g_autoptr (SaxidArchiveQuestion) question = understand (self, text, error);
  g_autofree char *sql = NULL;

  if (question == NULL)
    return FALSE;
  sql = g_strdup_printf ("SELECT file.path AS file, curve.entry, curve.frame, file.state, curve.status, curve.label,"
                         " curve.confidence, curve.outlier, file.error, curve.measured, curve.title, curve.sample,"
                         " curve.instrument, file.file_time, file.tags" JOINED "%s ORDER BY %s file.path, curve.data,"
                         " curve.frame LIMIT %" G_GINT64_FORMAT, question->condition, question->order, question->limit);
  return ask (self, question, sql, row, data, error);
}

gboolean
saxid_archive_ledger_total (SaxidArchiveLedger *self, const char *text, SaxidArchiveRow row, gpointer data, GError **error)
{
  g_autoptr (SaxidArchiveQuestion) question = understand (self, text, error);
  g_autofree char *sql = NULL;

  if (question == NULL)
    return FALSE;
  sql = g_strdup_printf ("SELECT count(curve.path) AS curves, count(DISTINCT file.path) AS files" JOINED "%s",
                         question->condition);
  return ask (self, question, sql, row, data, error);
}

gboolean
saxid_archive_ledger_count (SaxidArchiveLedger *self, SaxidArchiveRow row, gpointer data, GError **error)
{
  return step_through (self, prepare (self, "SELECT state, count(*) FROM file GROUP BY state ORDER BY state"), row, data,
                       error);
}
