/* Who goes through the files of an archive?
 *
 * Thread: see archive/pool.h.
 */
#include "config.h"

#include "cli/archive/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/archive/worker.h"
#include "reducers/error.h"
#include "schemas/curve/reader.h"
#include "schemas/disk/write-all.h"

#define START_LIMIT_MS 60000
#define FIELDS 13 /* of a line about a curve; of a frame one more, its vector */
#define MOST_SAID (1 << 20)  /* bytes that are kept of what is said of a file that is followed */
#define STOP_LIMIT 10.0      /* s for a follower to close its file */
#define REAP_LIMIT 1.0       /* s for a process to end behind its pipe */
#define REAP_STEP_US 5000

typedef struct
{
  pid_t process; /* 0: none */
  int to, from;
  char *path;    /* at work on it; NULL: free */
  gboolean met;  /* it has said that it is there */
  guint served;  /* files that this process has answered for */
  gint64 began;  /* µs */
  gint64 heard;  /* µs, a sign of life */
  gint64 size, mtime; /* as the file was then */
  gint64 mtime_before;
  GString *said;
  gsize told;    /* bytes of it that were part of an outcome already */
  gboolean kept; /* curves of the file are in the ledger */
} Worker;

struct SaxidArchivePool
{
  SaxidArchivePoolOptions options;
  guint n;
  Worker *worker;
  char *model;
  char *path;        /* of the last outcome */
  char *error;
  GPtrArray *curves;
  GPtrArray *remarks;
  gboolean anew;     /* those of before are void */
  gint64 stopped;    /* µs, 0: not yet */
};

void
saxid_archive_look_at (const char *path, gint64 *size, gint64 *mtime)
{
  struct stat about;

  *size = *mtime = -1;
  if (stat (path, &about) != 0)
    return;
  *size = (gint64) about.st_size;
  /* a time behind the year 2262 wraps: it is only compared */
  *mtime = (gint64) ((guint64) about.st_mtim.tv_sec * 1000000000 + (guint64) about.st_mtim.tv_nsec);
}

static void
forget (Worker *worker)
{
  if (worker->to >= 0)
    close (worker->to);
  if (worker->from >= 0)
    close (worker->from);
  worker->to = worker->from = -1;
  worker->process = 0;
  worker->met = FALSE;
  worker->told = 0;
  worker->served = 0;
  g_string_truncate (worker->said, 0);
}

/* How the process ended, which has so many seconds to do so by itself: its pipe may end a moment
 * before it does. */
static int
reap (pid_t process, double seconds)
{
  int status = 0;

  for (double waited = 0; waited < seconds; waited += 1e-6 * REAP_STEP_US)
    {
      if (waitpid (process, &status, WNOHANG) == process)
        return status;
      g_usleep (REAP_STEP_US);
    }
  kill (process, SIGKILL);
  waitpid (process, &status, 0);
  return status;
}

static gboolean
start (SaxidArchivePool *self, Worker *worker, GError **error)
{
  int down[2] = { -1, -1 }, up[2] = { -1, -1 };

  if (!g_unix_open_pipe (down, FD_CLOEXEC, NULL) || !g_unix_open_pipe (up, FD_CLOEXEC, NULL) || (worker->process = fork ()) < 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "cannot start a worker: %s", g_strerror (errno));
      for (guint k = 0; k < 2; k++)
        {
          if (down[k] >= 0)
            close (down[k]);
          if (up[k] >= 0)
            close (up[k]);
        }
      worker->process = 0;
      return FALSE;
    }
  if (worker->process == 0)
    {
      /* the ends of the others, or they would not end with the parent */
      for (guint k = 0; k < self->n; k++)
        if (self->worker[k].process > 0)
          {
            close (self->worker[k].to);
            close (self->worker[k].from);
          }
      close (down[1]);
      close (up[0]);
      saxid_archive_work (down[0], up[1], &self->options);
    }
  close (down[0]);
  close (up[1]);
  worker->to = down[1];
  worker->from = up[0];
  return TRUE;
}

/* Reads what there is; FALSE when the worker is gone. */
static gboolean
listen (Worker *worker)
{
  char bytes[65536];
  gssize got;

  do
    got = read (worker->from, bytes, sizeof bytes);
  while (got < 0 && errno == EINTR);
  if (got <= 0)
    return FALSE;
  g_string_append_len (worker->said, bytes, got);
  worker->heard = g_get_monotonic_time ();
  return TRUE;
}

static gboolean
send_path (const Worker *worker, const char *path)
{
  return saxid_write_all (worker->to, path, strlen (path) + 1);
}

/* The model's checksum, which a worker says first; one that follows loads it when it is woken. */
static gboolean
meet (SaxidArchivePool *self, Worker *worker, GError **error)
{
  const char *end;

  if (self->options.follow)
    send_path (worker, "");
  while ((end = strchr (worker->said->str, '\n')) == NULL)
    {
      struct pollfd one = { worker->from, POLLIN, 0 };

      if (poll (&one, 1, START_LIMIT_MS) <= 0 || !listen (worker))
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "a worker did not start");
          return FALSE;
        }
    }
  if (worker->said->str[0] == 'M')
    {
      g_free (self->model);
      self->model = g_strndup (worker->said->str + 2, (gsize) (end - worker->said->str) - 2);
      g_string_erase (worker->said, 0, end - worker->said->str + 1);
      return worker->met = TRUE;
    }
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "%.*s",
               (int) MAX (end - worker->said->str - 2, 0), worker->said->str + 2);
  return FALSE;
}

SaxidArchivePool *
saxid_archive_pool_new (const SaxidArchivePoolOptions *options, GError **error)
{
  g_autoptr (SaxidArchivePool) self = g_new0 (SaxidArchivePool, 1);

  self->options = *options;
  self->n = options->workers;
  self->worker = g_new0 (Worker, self->n);
  for (guint k = 0; k < self->n; k++)
    self->worker[k] = (Worker) { .to = -1, .from = -1, .said = g_string_new (NULL) };
  /* a worker that dies is noticed by its pipe */
  signal (SIGPIPE, SIG_IGN);
  for (guint k = 0; k < self->n; k++)
    if (!start (self, &self->worker[k], error))
      return NULL;
  for (guint k = 0; k < self->n && !options->follow; k++)
    if (!meet (self, &self->worker[k], error))
      return NULL;
  return g_steal_pointer (&self);
}

void
saxid_archive_pool_free (SaxidArchivePool *self)
{
  if (self == NULL)
    return;
  for (guint k = 0; k < self->n; k++)
    {
      Worker *worker = &self->worker[k];
      const pid_t process = worker->process;

      /* one that is at work may be in the middle of writing a copy: the file itself is
       * whole at any instant. What follows a file has to close another. */
      const gboolean closes = worker->path != NULL && self->options.follow;

      if (process > 0)
        kill (process, closes ? SIGTERM : SIGKILL);
      forget (worker);
      if (process > 0)
        reap (process, closes ? STOP_LIMIT : 0);
      g_free (worker->path);
      g_string_free (worker->said, TRUE);
    }
  g_free (self->worker);
  g_free (self->model);
  g_free (self->path);
  g_free (self->error);
  g_clear_pointer (&self->curves, g_ptr_array_unref);
  g_clear_pointer (&self->remarks, g_ptr_array_unref);
  g_free (self);
}

const char *
saxid_archive_pool_model (const SaxidArchivePool *self)
{
  return self->options.work_model != NULL ? self->options.work_model : self->model;
}

guint
saxid_archive_pool_busy (const SaxidArchivePool *self)
{
  guint busy = 0;

  for (guint k = 0; k < self->n; k++)
    busy += self->worker[k].path != NULL;
  return busy;
}

gboolean
saxid_archive_pool_idle (const SaxidArchivePool *self)
{
  return saxid_archive_pool_busy (self) < self->n;
}

/* One that has died meanwhile is found out when it is listened to. */
static void
set_to_work (Worker *worker)
{
  worker->began = worker->heard = g_get_monotonic_time ();
  worker->kept = FALSE;
  saxid_archive_look_at (worker->path, &worker->size, &worker->mtime);
  worker->mtime_before = worker->mtime;
  send_path (worker, worker->path);
}

/* A worker that has not been met may be there, or have ended while nothing was asked of it. */
static gboolean
start_anew (SaxidArchivePool *self, Worker *worker, GError **error)
{
  if (worker->process > 0 && meet (self, worker, NULL))
    return TRUE;
  if (worker->process > 0)
    {
      reap (worker->process, 0);
      forget (worker);
    }
  return start (self, worker, error) && meet (self, worker, error);
}

gboolean
saxid_archive_pool_give (SaxidArchivePool *self, const char *path, GError **error)
{
  Worker *worker = self->worker;

  while (worker < self->worker + self->n && worker->path != NULL)
    worker++;
  g_return_val_if_fail (worker < self->worker + self->n, FALSE);

  if (!worker->met && !start_anew (self, worker, error))
    return FALSE;
  worker->path = g_strdup (path);
  set_to_work (worker);
  return TRUE;
}

static char *
take_text (const char *field)
{
  return field[0] != '\0' ? g_strdup (field) : NULL;
}

static void
take_curve (GPtrArray *curves, const char *line)
{
  g_auto (GStrv) field = g_strsplit (line, "\t", FIELDS + 2);
  const guint n = g_strv_length (field);
  SaxidArchiveCurve *curve;

  if (n != FIELDS && n != FIELDS + 1)
    return;
  curve = g_new0 (SaxidArchiveCurve, 1);
  curve->entry = g_strdup (field[1]);
  curve->data = g_strdup (field[2]);
  curve->frame = g_ascii_strtoll (field[3], NULL, 10);
  curve->status = g_strdup (field[4]);
  curve->label = take_text (field[5]);
  curve->confidence = g_ascii_strtod (field[6], NULL);
  curve->outlier = field[7][0] == '1';
  curve->outlier_score = g_ascii_strtod (field[8], NULL);
  curve->measured = take_text (field[9]);
  curve->title = take_text (field[10]);
  curve->sample = take_text (field[11]);
  curve->instrument = take_text (field[12]);
  curve->code = n > FIELDS ? take_text (field[FIELDS]) : NULL;
  curve->vector = -1;
  g_ptr_array_add (curves, curve);
}

/* What the worker has said in its bytes from..to: curves and remarks. Those of the first
 * `told` bytes are not new; the number of curves that are not. */
static guint
take_lines (SaxidArchivePool *self, const Worker *worker, gsize from, gsize to)
{
  g_autofree char *part = g_strndup (worker->said->str + from, to - from);
  g_auto (GStrv) line = g_strsplit (part, "\n", -1);
  gsize at = from;
  guint first_new = 0;

  g_clear_pointer (&self->curves, g_ptr_array_unref);
  g_clear_pointer (&self->remarks, g_ptr_array_unref);
  self->curves = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_archive_curve_free);
  self->remarks = g_ptr_array_new_with_free_func (g_free);
  self->anew = FALSE;
  for (guint k = 0; line[k] != NULL; at += strlen (line[k]) + 1, k++)
    {
      if (line[k][0] == 'X')
        {
          g_ptr_array_set_size (self->curves, 0);
          self->anew = TRUE;
        }
      else if (line[k][0] == 'R' && at >= worker->told)
        g_ptr_array_add (self->remarks, g_strdup (line[k] + 2));
      else if (line[k][0] == 'C' || line[k][0] == 'O')
        take_curve (self->curves, line[k]);
      if (line[k][0] == 'X' || line[k][0] == 'O' || at < worker->told)
        first_new = self->curves->len;
    }
  return first_new;
}

/* Makes the worker free, and its file the last outcome. That is about the file as it was
 * given, and somebody may have changed it meanwhile, or as we have left it. */
static void
close_file (SaxidArchivePool *self, Worker *worker, const char *state, char *error, SaxidArchiveOutcome *outcome)
{
  const gboolean rewritten = strcmp (state, SAXID_ARCHIVE_DONE) == 0
                             && (self->options.tag.flags & (SAXID_TAG_SIDE_FILE | SAXID_TAG_DRY_RUN)) == 0
                             && self->options.tag.side_dir == NULL && !saxid_reader_may_be_text (worker->path);

  /* one that is followed has grown since */
  if (rewritten || self->options.follow)
    saxid_archive_look_at (worker->path, &worker->size, &worker->mtime);
  g_free (self->path);
  g_free (self->error);
  self->path = g_steal_pointer (&worker->path);
  self->error = error;
  *outcome = (SaxidArchiveOutcome) { .path = self->path, .state = state, .error = self->error, .curves = self->curves,
                                     .remarks = self->remarks, .size = worker->size, .mtime = worker->mtime,
                                     .mtime_before = worker->mtime_before, .is_followed = self->options.follow,
                                     .seconds = 1e-6 * (double) (g_get_monotonic_time () - worker->began) };
}

/* What it says of a file that it goes on with. */
static gboolean
is_heard (SaxidArchivePool *self, Worker *worker, SaxidArchiveOutcome *outcome)
{
  const char *end = strrchr (worker->said->str + worker->told, '\n'); /* the last line may not be whole yet */
  guint first_new;

  if (!self->options.follow || end == NULL)
    return FALSE;
  first_new = take_lines (self, worker, worker->told, (gsize) (end + 1 - worker->said->str));
  worker->told = (gsize) (end + 1 - worker->said->str);
  *outcome = (SaxidArchiveOutcome) { .path = worker->path, .state = SAXID_ARCHIVE_FOLLOWED, .curves = self->curves,
                                     .remarks = self->remarks, .first_new = first_new, .more = TRUE };
  return TRUE;
}

/* A file may grow for days: what was told of it goes into the ledger, and is forgotten here. */
static gboolean
is_too_much (SaxidArchivePool *self, Worker *worker, SaxidArchiveOutcome *outcome)
{
  if (!self->options.follow || worker->told < MOST_SAID)
    return FALSE;
  take_lines (self, worker, 0, worker->told);
  g_string_erase (worker->said, 0, (gssize) worker->told);
  worker->told = 0;
  *outcome = (SaxidArchiveOutcome) { .path = worker->path, .state = SAXID_ARCHIVE_FOLLOWED, .curves = self->curves,
                                     .first_new = self->curves->len, .more = TRUE, .to_keep = TRUE,
                                     .goes_on = worker->kept && !self->anew, .size = worker->size,
                                     .mtime_before = worker->mtime_before, .is_followed = TRUE,
                                     .mtime = worker->mtime };
  worker->kept = TRUE;
  return TRUE;
}

/* The line with which an answer ends; NULL where it has not ended. It is looked for at the
 * end only: the answer for a file of many frames comes in many parts. */
static const char *
last_line (const GString *said)
{
  const char *line;

  if (said->len == 0 || said->str[said->len - 1] != '\n')
    return NULL;
  line = memrchr (said->str, '\n', said->len - 1);
  line = line != NULL ? line + 1 : said->str;
  return strcmp (line, "D\n") == 0 || strcmp (line, "S\n") == 0 || g_str_has_prefix (line, "F\t")
             || g_str_has_prefix (line, "B\t")
           ? line
           : NULL;
}

/* Whether the worker has said all about its file. */
static gboolean
is_answered (SaxidArchivePool *self, Worker *worker, SaxidArchiveOutcome *outcome)
{
  const char *last = last_line (worker->said);
  guint first_new;

  if (last == NULL)
    return FALSE;
  first_new = take_lines (self, worker, 0, worker->said->len);
  if (last[0] == 'F' || last[0] == 'B')
    {
      g_ptr_array_set_size (self->curves, 0);
      close_file (self, worker, last[0] == 'B' ? SAXID_ARCHIVE_BUSY : SAXID_ARCHIVE_FAILED, g_strchomp (g_strdup (last + 2)), outcome);
    }
  else
    {
      close_file (self, worker, last[0] == 'D' ? SAXID_ARCHIVE_DONE : SAXID_ARCHIVE_FOLLOWED, NULL, outcome);
      outcome->first_new = first_new;
      outcome->goes_on = worker->kept && !self->anew;
    }
  worker->told = 0;
  g_string_truncate (worker->said, 0);
  worker->served++;
  return TRUE;
}

/* What a process that has ended died of, g_free. GLib traps where it gets no memory, and what
 * is ours never traps. */
static char *
cause_of (const SaxidArchivePool *self, int status)
{
  const int signal_number = WIFSIGNALED (status) ? WTERMSIG (status) : SIGKILL;

  if (signal_number == SIGKILL)
    return g_strdup ("the worker ended in the middle of the file");
  if (signal_number == SIGTRAP)
    return g_strdup_printf ("needs more memory than the %g GiB that it may have",
                            (double) self->options.memory_limit / (1 << 30));
  return g_strdup_printf ("the worker was ended by signal %d (%s)", signal_number, strsignal (signal_number));
}

static void
bury (SaxidArchivePool *self, Worker *worker, const char *why, SaxidArchiveOutcome *outcome)
{
  const int status = worker->process > 0 ? reap (worker->process, why != NULL ? 0 : REAP_LIMIT) : 0;
  char *error = why != NULL ? g_strdup (why) : cause_of (self, status);

  forget (worker);
  g_clear_pointer (&self->curves, g_ptr_array_unref);
  g_clear_pointer (&self->remarks, g_ptr_array_unref);
  close_file (self, worker, SAXID_ARCHIVE_CRASHED, error, outcome);
}

/* A damaged file may leave a worker's memory damaged, so that the next one dies of it: a
 * file is to blame only when it kills a process that has seen no other. */
static gboolean
try_again (SaxidArchivePool *self, Worker *worker)
{
  g_autoptr (GError) error = NULL;

  if (worker->served == 0)
    return FALSE;
  reap (worker->process, REAP_LIMIT);
  forget (worker);
  if (!start (self, worker, &error) || !meet (self, worker, &error))
    return FALSE;
  set_to_work (worker);
  return TRUE;
}

/* Why nobody waits for it any longer, g_free; NULL: it has time. */
static char *
is_late (const SaxidArchivePool *self, const Worker *worker)
{
  const gint64 now = g_get_monotonic_time (), since = self->options.follow ? worker->heard : worker->began;

  if (worker->path == NULL)
    return NULL;
  if (self->stopped != 0 && 1e-6 * (double) (now - self->stopped) > STOP_LIMIT)
    return g_strdup_printf ("was not closed within %g s", STOP_LIMIT);
  if (1e-6 * (double) (now - since) <= self->options.time_limit)
    return NULL;
  return g_strdup_printf ("took longer than %g s", self->options.time_limit);
}

gboolean
saxid_archive_pool_take (SaxidArchivePool *self, int ms, SaxidArchiveOutcome *outcome)
{
  g_autofree struct pollfd *polled = g_new (struct pollfd, self->n);
  int ready;

  for (guint k = 0; k < self->n; k++)
    polled[k] = (struct pollfd) { self->worker[k].path != NULL ? self->worker[k].from : -1, POLLIN, 0 };
  ready = poll (polled, self->n, ms);
  for (guint k = 0; k < self->n; k++)
    {
      Worker *worker = &self->worker[k];
      g_autofree char *why = NULL;

      if (worker->path != NULL && is_too_much (self, worker, outcome))
        return TRUE;
      if (ready > 0 && polled[k].revents != 0)
        {
          if (!listen (worker))
            {
              if (try_again (self, worker))
                continue;
              bury (self, worker, NULL, outcome);
              return TRUE;
            }
          if (is_answered (self, worker, outcome) || is_heard (self, worker, outcome))
            return TRUE;
        }
      why = is_late (self, worker);
      if (why != NULL)
        {
          bury (self, worker, why, outcome);
          return TRUE;
        }
    }
  return FALSE;
}

void
saxid_archive_pool_stop (SaxidArchivePool *self)
{
  if (!self->options.follow)
    return;
  self->stopped = g_get_monotonic_time ();
  for (guint k = 0; k < self->n; k++)
    if (self->worker[k].process > 0)
      kill (self->worker[k].process, SIGTERM);
}
