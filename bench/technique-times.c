/* How fast is the technique of a frame told?
 *
 *   technique-times MODEL PIXELS FRAMES FILE INPUT
 *
 * `search` is milliseconds for the ten nearest of a million vectors, on two threads.
 *
 * Prints "NAME VALUE OF_THE_PROCESSOR", the latter by the time that the threads were at work, which
 * other programs on the machine hardly change. Milliseconds a frame of PIXELS × PIXELS floats in memory, on one thread:
 * `picture` (means over cells, scaled), `network` (asked with one picture), `both`, `evidence` (the
 * network and where it looks), and `batch` (the network with 64 pictures at a time). Frames per second on two threads: `rate` of such
 * frames, `read` and `packed` of the frames of FILE, read alone and read and told. INPUT gets
 * what the network sees of the first frame of FILE, as floats; `answer K` is what it makes of it.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "models/technique/search.h"
#include "plugin/technique-model.h"
#include "schemas/frame/file.h"

#define BATCH 64
#define ROUNDS 8 /* through FILE */
#define THREADS 2u

typedef struct
{
  const SaxidTechniqueModel *model;
  const float *pixels;
  const char *path;
  gsize side;
  guint frames, part; /* of a file: which of the threads this is */
  gboolean picture, network, evidence;
} Work;

typedef struct
{
  double wall, processor; /* s */
} Clock;

static Clock
now (void)
{
  struct timespec processor;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &processor);
  return (Clock) { (double) g_get_monotonic_time () / G_USEC_PER_SEC, (double) processor.tv_sec + 1e-9 * (double) processor.tv_nsec };
}

static void
say_milliseconds (const char *name, Clock from, guint n)
{
  const Clock to = now ();

  printf ("%s %.4f %.4f\n", name, 1e3 * (to.wall - from.wall) / n, 1e3 * (to.processor - from.processor) / n);
}

static void
check (gboolean done, const GError *error)
{
  if (done)
    return;
  fprintf (stderr, "technique-times: %s\n", error != NULL ? error->message : "MODEL PIXELS FRAMES FILE INPUT");
  exit (2);
}

static gpointer
run (gpointer data)
{
  const Work *work = data;
  g_autofree SaxidPicture *picture = g_new0 (SaxidPicture, 1);
  g_autoptr (SaxidTechniqueJudge) judge = saxid_technique_judge_new (work->model, 1, NULL);
  SaxidTechniqueAnswer answer;
  guint8 evidence[SAXID_EVIDENCE_CELLS];

  saxid_picture_make (work->pixels, NULL, work->side, work->side, picture);
  for (guint k = 0; k < work->frames; k++)
    {
      if (work->picture)
        saxid_picture_make (work->pixels, NULL, work->side, work->side, picture);
      if (work->network)
        check (saxid_technique_judge_ask (judge, picture, &answer, NULL), NULL);
      if (work->evidence)
        check (saxid_technique_judge_evidence (judge, evidence, NULL), NULL);
    }
  return NULL;
}

/* Every second frame of the file, again and again. */
static gpointer
run_file (gpointer data)
{
  const Work *work = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidFrameFile) file = saxid_frame_file_open (work->path, NULL, &error);
  const SaxidFrameInfo *info = file != NULL ? saxid_frame_file_info (file) : NULL;
  g_autofree float *pixels = info != NULL ? g_new (float, info->height * info->width) : NULL;
  g_autofree SaxidPicture *picture = g_new0 (SaxidPicture, 1);
  g_autoptr (SaxidTechniqueJudge) judge = saxid_technique_judge_new (work->model, 1, NULL);
  SaxidTechniqueAnswer answer;

  check (file != NULL, error);
  for (guint k = work->part; k < ROUNDS * info->n_frame; k += THREADS)
    {
      check (saxid_frame_file_read (file, k % info->n_frame, pixels, &error), error);
      if (work->network)
        check (saxid_picture_make (pixels, info->mask, info->height, info->width, picture)
                 && saxid_technique_judge_ask (judge, picture, &answer, &error), error);
    }
  return NULL;
}

static void
measure (const char *name, Work work)
{
  const Clock from = now ();

  run (&work);
  say_milliseconds (name, from, work.frames);
}

static void
measure_rate (const char *name, GThreadFunc function, Work work, guint frames)
{
  Work part[THREADS];
  GThread *thread[THREADS];
  const Clock from = now ();
  Clock to;

  for (guint k = 0; k < THREADS; k++)
    {
      part[k] = work;
      part[k].part = k;
      thread[k] = g_thread_new (name, function, &part[k]);
    }
  for (guint k = 0; k < THREADS; k++)
    g_thread_join (thread[k]);
  to = now ();
  printf ("%s %.1f %.1f\n", name, frames / (to.wall - from.wall), THREADS * frames / (to.processor - from.processor));
}

static void
measure_batch (const SaxidTechniqueModel *model, guint frames)
{
  g_autoptr (SaxidPass) pass = saxid_pass_new (model->network, BATCH, 1, NULL);
  g_autofree float *input = g_new0 (float, BATCH * SAXID_PICTURE_INPUT), *out = g_new (float, BATCH * SAXID_TECHNIQUE_OUTPUTS);
  const guint rounds = frames / BATCH + 1;
  Clock from;

  check (saxid_pass_run (pass, input, BATCH, 0, NULL, out, NULL), NULL);
  from = now ();
  for (guint k = 0; k < rounds; k++)
    saxid_pass_run (pass, input, BATCH, 0, NULL, out, NULL);
  say_milliseconds ("batch", from, rounds * BATCH);
}

#define VECTORS 1000000u
#define WIDTH 96u
#define QUESTIONS 8u

static void
measure_search (void)
{
  g_autofree guint16 *rows = g_new (guint16, (gsize) VECTORS * WIDTH);
  g_autofree float *query = g_new (float, WIDTH);
  SaxidSearchHit hit[10];
  Clock from;

  for (gsize k = 0; k < (gsize) VECTORS * WIDTH; k++)
    rows[k] = (guint16) (0x1000 + (k * 2654435761u >> 20 & 0x1fff)); /* 5e-4 to 0.13 */
  for (gsize k = 0; k < WIDTH; k++)
    query[k] = saxid_half_to_float (rows[777 * WIDTH + k]);
  from = now ();
  for (guint k = 0; k < QUESTIONS; k++)
    check (saxid_search_nearest (rows, VECTORS, WIDTH, query, G_N_ELEMENTS (hit), THREADS, hit) == G_N_ELEMENTS (hit), NULL);
  say_milliseconds ("search", from, QUESTIONS);
}

/* Returns how many frames the file has. */
static guint
say_answer (const SaxidTechniqueModel *model, const char *path, const char *to)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidFrameFile) file = saxid_frame_file_open (path, NULL, &error);
  const SaxidFrameInfo *info = file != NULL ? saxid_frame_file_info (file) : NULL;
  g_autofree float *pixels = info != NULL ? g_new (float, info->height * info->width) : NULL, *input = g_new (float, SAXID_PICTURE_INPUT);
  g_autofree SaxidPicture *picture = g_new0 (SaxidPicture, 1);
  g_autoptr (SaxidTechniqueJudge) judge = saxid_technique_judge_new (model, 1, NULL);
  SaxidTechniqueAnswer answer;

  check (file != NULL && saxid_frame_file_read (file, 0, pixels, &error), error);
  saxid_picture_make (pixels, info->mask, info->height, info->width, picture);
  saxid_picture_input (picture, input);
  check (g_file_set_contents (to, (const char *) input, SAXID_PICTURE_INPUT * sizeof *input, &error), error);
  check (saxid_technique_judge_ask (judge, picture, &answer, &error), error);
  for (guint k = 0; k < SAXID_N_TECHNIQUE; k++)
    printf ("answer%u %.6f 0\n", k, answer.probability[k]);
  return (guint) info->n_frame;
}

int
main (int argc, char **argv)
{
  const gsize side = argc > 5 ? (gsize) atoi (argv[2]) : 0;
  const guint frames = argc > 5 ? (guint) atoi (argv[3]) : 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidTechniqueFile) file = argc > 5 ? saxid_technique_file_load (argv[1], &error) : NULL;
  g_autofree float *pixels = g_new (float, side * side + 1);
  Work work = { .pixels = pixels, .side = side, .frames = frames, .picture = TRUE, .network = TRUE };
  guint n_frame;

  check (side >= 16 && frames >= 1 && file != NULL, error);
  work.model = file->model;
  work.path = argv[4];
  for (gsize k = 0; k < side * side; k++)
    pixels[k] = (float) (1e4 / (1 + hypot ((double) (k % side) - 0.5 * (double) side, (double) (k / side) - 0.5 * (double) side)));
  n_frame = say_answer (file->model, argv[4], argv[5]);
  measure ("both", work);
  measure ("picture", (Work) { .model = file->model, .pixels = pixels, .side = side, .frames = frames, .picture = TRUE });
  measure ("network", (Work) { .model = file->model, .pixels = pixels, .side = side, .frames = frames, .network = TRUE });
  measure ("evidence", (Work) { .model = file->model, .pixels = pixels, .side = side, .frames = frames, .network = TRUE, .evidence = TRUE });
  measure_batch (file->model, frames);
  measure_search ();
  measure_rate ("rate", run, work, THREADS * frames);
  work.network = FALSE;
  measure_rate ("read", run_file, work, ROUNDS * n_frame);
  work.network = TRUE;
  measure_rate ("packed", run_file, work, ROUNDS * n_frame);
  return 0;
}
