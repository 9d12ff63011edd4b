/* What does a worker of the pool do?
 *
 * Thread: a process of its own.
 */
#include "cli/archive/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/archive/follow-frames.h"
#include "cli/archive/frames.h"
#include "cli/interrupt.h"
#include "cli/module.h"
#include "cli/text.h"
#include "reducers/error.h"
#include "schemas/curve/reader.h"
#include "schemas/disk/write-all.h"
#include "schemas/tag/record.h"

/* The address sanitizer keeps its notes in terabytes of address space. */
#ifdef __SANITIZE_ADDRESS__
#define IS_SANITIZED TRUE
#else
#define IS_SANITIZED FALSE
#endif

/* FALSE: nobody reads, the parent is gone. */
static gboolean
tell (int to, const char *text)
{
  return saxid_write_all (to, text, strlen (text));
}

static void
say (int to, const char *text)
{
  if (!tell (to, text))
    _exit (1);
}

/* The next path; NULL when there is no more. */
static char *
next_path (FILE *from)
{
  g_autoptr (GString) path = g_string_new (NULL);
  int c;

  while ((c = getc (from)) != EOF && c != '\0')
    g_string_append_c (path, (char) c);
  return c == EOF ? NULL : g_string_free (g_steal_pointer (&path), FALSE);
}

/* Which curve, and what its file says of it; texts may be NULL. */
typedef struct
{
  const char *entry, *data;
  guint64 frame;
  const char *measured, *title, *sample, *instrument;
} Origin;

/* kind: C for a curve that was judged now, O for one that was before. */
static void
append_curve (GString *answer, char kind, const SaxidModule *module, const Origin *origin,
              const struct saxid_verdict *verdict)
{
  const char *const said[] = { origin->measured, origin->title, origin->sample, origin->instrument };

  char confidence[G_ASCII_DTOSTR_BUF_SIZE], score[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (confidence, sizeof confidence, "%.6g", (double) verdict->confidence);
  g_ascii_formatd (score, sizeof score, "%.6g", (double) verdict->outlier_score);
  g_string_append_printf (answer, "%c\t%s\t%s\t%" G_GUINT64_FORMAT "\t%s\t%s\t%s\t%u\t%s", kind, origin->entry,
                          origin->data, origin->frame, saxid_status_name (verdict->status),
                          verdict->label >= 0 ? module->class_name[verdict->label] : "", confidence, verdict->outlier,
                          score);
  for (gsize k = 0; k < G_N_ELEMENTS (said); k++)
    g_string_append_printf (answer, "\t%s", said[k] != NULL ? said[k] : "");
  g_string_append_c (answer, '\n');
}

static void
append_error (GString *answer, const GError *error)
{
  g_autofree char *message = saxid_text_printable (error->message);

  g_string_append_printf (answer, "F\t%s\n", message);
}

static void
append_failure (GString *answer, const struct saxid_error *error)
{
  g_autofree char *message = saxid_text_printable (error->message);

  g_string_append_printf (answer, "%c\t%s\n", error->code == SAXID_ERROR_BUSY ? 'B' : 'F', message);
}

/* A file of frames is reduced, and its curves take its place; a file of both has its own. NULL
 * where there is neither, with what was wrong in answer. */
static struct saxid_job *
open_job (const SaxidModule *module, const SaxidArchivePoolOptions *options, const char *path, GString *answer)
{
  const struct saxid_plugin *table = module->table;
  struct saxid_error flat = { .struct_size = sizeof flat };
  struct saxid_tag_options how = options->tag;
  g_autofree char *reduced = NULL;
  g_autoptr (GError) error = NULL;
  struct saxid_job *job;
  guint failed = 0;

  how.flags |= saxid_reader_may_be_text (path) ? SAXID_TAG_DRY_RUN : 0;
  if (table->job_open (module->context, path, &how, &job, &flat) >= 0)
    return job;
  if (options->reduce == NULL || !saxid_archive_has_frames (path, options->reduce))
    {
      append_failure (answer, &flat);
      return NULL;
    }
  if (!saxid_archive_reduce (path, options->reduce, &failed, &error))
    {
      append_error (answer, error);
      return NULL;
    }
  if (failed > 0)
    g_string_append_printf (answer, "R\t%u frame%s could not be read\n", failed, failed == 1 ? "" : "s");
  reduced = saxid_archive_reduced_path (path, options->reduce);
  how.flags = options->tag.flags & ~SAXID_TAG_SIDE_FILE; /* the file is ours */
  how.side_dir = NULL;
  if (table->job_open (module->context, reduced, &how, &job, &flat) >= 0)
    return job;
  append_failure (answer, &flat);
  return NULL;
}

/* alive: where a sign of life goes with each curve, < 0: nowhere. Then a signal ends it, too, with nothing written. */
static void
tag (const SaxidModule *module, const SaxidArchivePoolOptions *options, const char *path, int alive, GString *answer)
{
  const struct saxid_plugin *table = module->table;
  struct saxid_error error = { .struct_size = sizeof error };
  struct saxid_row row = { .struct_size = sizeof row };
  g_auto (SaxidModuleVerdict) judged = { 0 };
  struct saxid_job *job = open_job (module, options, path, answer);
  int32_t step;

  if (job == NULL)
    return;
  saxid_module_verdict_init (&judged, module);
  while ((step = table->job_next (job, module->workspace, &row, &judged.verdict, &error)) != SAXID_JOB_END && step >= 0
         && !(alive >= 0 && saxid_interrupted ()))
    {
      append_curve (answer, 'C', module, &(Origin) { row.entry, row.data, row.frame, row.measured, row.title, row.sample,
                                                     row.instrument }, &judged.verdict);
      if (alive >= 0)
        say (alive, "L\n");
    }
  if (alive >= 0 && saxid_interrupted ())
    g_string_append (answer, "S\n");
  else if (step < 0 || table->job_commit (job, &error) < 0)
    append_failure (answer, &error);
  else
    g_string_append (answer, "D\n");
  table->job_free (job);
}

/* --- files that grow ------------------------------------------------------------ */

typedef struct
{
  const SaxidModule *module;
  int to;
} Speaker;

static gboolean
tell_curve (SaxidFollowNews news, const SaxidSource *source, gsize frame, const struct saxid_verdict *verdict,
            gpointer data)
{
  const Speaker *speaker = data;
  g_autoptr (GString) line = g_string_new (NULL);

  append_curve (line, news == SAXID_FOLLOW_NEW ? 'C' : 'O', speaker->module,
                &(Origin) { source->entry, source->i_path, frame, source->measured, source->title, source->sample,
                            source->instrument }, verdict);
  return tell (speaker->to, line->str);
}

static gboolean
tell_anew (gpointer data)
{
  return tell (((const Speaker *) data)->to, "X\n");
}

static gboolean
tell_alive (gpointer data)
{
  return tell (((const Speaker *) data)->to, "L\n");
}

static gboolean
tell_remark (const char *text, gpointer data)
{
  g_autofree char *clean = saxid_text_printable (text), *line = g_strdup_printf ("R\t%s\n", clean);

  return tell (((const Speaker *) data)->to, line);
}

static gboolean
has_curves (const char *path)
{
  const SaxidReadOptions how = { .growing = TRUE };
  g_autoptr (SaxidReader) reader = saxid_reader_open (path, &how, NULL);

  return reader != NULL;
}

/* NULL with error. */
static SaxidModule *
open_module (const SaxidArchivePoolOptions *options, SaxidEvidence evidence, GError **error)
{
  return saxid_module_open (&(SaxidModuleOptions) { .model = options->model, .classes = options->classes, .prior = options->prior,
                                                    .element = options->element, .evidence = evidence }, error);
}

/* A follower compares with templates, for the next frame does not wait, and has arrays for what each curve has. So particles of
 * atoms, which need fits, are looked for when all is there: the side file is made anew with all that a file at rest gets. Where that cannot
 * be done the tags stay as they are. */
static void
judge_anew (const SaxidArchivePoolOptions *options, const char *path, int to, GString *answer)
{
  SaxidArchivePoolOptions how = *options;
  g_autoptr (GString) said = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  SaxidModule *module = open_module (options, options->evidence, &error);

  how.tag.flags = (how.tag.flags | SAXID_TAG_SIDE_FILE) & ~SAXID_TAG_KEEP_SAME;
  if (module == NULL)
    append_error (said, error);
  else
    tag (module, &how, path, to, said);
  if (g_str_has_suffix (said->str, "D\n"))
    g_string_append_printf (answer, "X\n%s", said->str);
  else
    g_string_append_printf (answer, "R\tparticles of atoms were not looked for: its tags stay as they came\n%s",
                            g_str_has_suffix (said->str, "S\n") ? "S\n" : "D\n");
  if (module != NULL)
    saxid_module_close (module);
}

static void
follow (const SaxidModule *module, const SaxidArchivePoolOptions *options, const char *path, int to, GString *answer)
{
  Speaker speaker = { module, to };
  const SaxidFollowListener listener = { tell_curve, tell_anew, tell_remark, tell_alive, &speaker };
  const SaxidFollowOptions how = { .poll = options->poll, .idle = options->idle };
  g_autoptr (GError) error = NULL;
  SaxidFollowEnd end = { FALSE, FALSE };

  if (!(options->reduce != NULL && !has_curves (path) && saxid_archive_has_frames (path, options->reduce)
          ? saxid_follow_frames (module, path, options->reduce, &how, &listener, &end.stopped, &error)
          : saxid_follow (module, path, &how, &listener, &end, &error)))
    append_error (answer, error);
  else if (end.crystal && !end.stopped && options->evidence > SAXID_EVIDENCE_TEMPLATES)
    judge_anew (options, path, to, answer);
  else
    g_string_append (answer, end.stopped ? "S\n" : "D\n");
}

/* What the C library or GLib says when it gives up is no part of the run's messages. */
static void
be_silent (void)
{
  const int nowhere = open ("/dev/null", O_RDWR | O_CLOEXEC);

  for (int fd = STDIN_FILENO; nowhere >= 0 && fd <= STDERR_FILENO; fd++)
    dup2 (nowhere, fd);
}

/* Says that the worker is there. NULL where it needs no model. */
static const SaxidModule *
greet (int to, const SaxidArchivePoolOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;
  SaxidModule *module;

  if (options->work != NULL)
    {
      say (to, "M\t\n");
      return NULL;
    }
  module = open_module (options, options->follow ? MIN (options->evidence, SAXID_EVIDENCE_TEMPLATES) : options->evidence, &error);
  if (module == NULL)
    {
      g_autofree char *message = saxid_text_printable (error->message);

      line = g_strdup_printf ("F\t%s\n", message);
      say (to, line);
      _exit (1);
    }
  line = g_strdup_printf ("M\t%s\n", module->description.model_sha256);
  say (to, line);
  return module;
}

/* Signals, limits and standard streams of a worker. */
static void
settle (const SaxidArchivePoolOptions *options)
{
  const struct rlimit memory = { (rlim_t) options->memory_limit, (rlim_t) options->memory_limit };

  /* the parent decides when to stop, and takes its workers with it */
  signal (SIGINT, SIG_IGN);
  signal (SIGHUP, SIG_IGN);
  signal (SIGTERM, SIG_DFL);
  if (options->follow) /* what it writes has to be closed */
    saxid_interrupt_hold ();
  prctl (PR_SET_PDEATHSIG, options->follow ? SIGTERM : SIGKILL);
  if (!IS_SANITIZED)
    setrlimit (RLIMIT_AS, &memory);
  setrlimit (RLIMIT_CORE, &(struct rlimit) { 0, 0 });
}

void
saxid_archive_work (int from, int to, const SaxidArchivePoolOptions *options)
{
  FILE *paths;
  const SaxidModule *module;

  settle (options);
  /* where the program was started without standard streams, our pipes have their numbers */
  to = fcntl (to, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  paths = fdopen (fcntl (from, F_DUPFD_CLOEXEC, STDERR_FILENO + 1), "r");
  if (to < 0 || paths == NULL)
    _exit (1);
  be_silent ();
  saxid_reader_silence_program ();
  if (options->follow) /* nothing may ever grow: the model is loaded when it is woken */
    {
      g_autofree char *wake = next_path (paths);

      if (wake == NULL)
        _exit (0);
    }
  module = greet (to, options);
  for (;;)
    {
      g_autofree char *path = next_path (paths);
      g_autoptr (GString) answer = g_string_new (NULL);

      if (path == NULL)
        _exit (0);
      if (options->work != NULL)
        options->work (path, answer, options->work_data);
      else if (options->follow)
        follow (module, options, path, to, answer);
      else
        tag (module, options, path, -1, answer);
      say (to, answer->str);
    }
}
