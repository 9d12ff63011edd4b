/* How fast is the technique of a frame told?
 *
 *   technique-times PIXELS FRAMES [MODEL]
 *
 * Prints "NAME MILLISECONDS" for a frame of PIXELS × PIXELS floats in memory, on one thread:
 * `picture` (means over cells, scaled), `network` (asked with one picture), `both`, and
 * "rate FRAMES_PER_SECOND" of both on two threads.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "plugin/technique-model.h"

typedef struct
{
  const SaxidTechniqueModel *model;
  const float *pixels;
  gsize side;
  guint frames;
  gboolean picture, network;
} Work;

static double
milliseconds (gint64 from, guint n)
{
  return (double) (g_get_monotonic_time () - from) / 1e3 / n;
}

static gpointer
run (gpointer data)
{
  const Work *work = data;
  SaxidPicture *picture = g_new0 (SaxidPicture, 1);
  SaxidTechniqueJudge *judge = saxid_technique_judge_new (work->model, 1, NULL);
  SaxidTechniqueAnswer answer;

  saxid_picture_make (work->pixels, NULL, work->side, work->side, picture);
  for (guint k = 0; k < work->frames; k++)
    {
      if (work->picture)
        saxid_picture_make (work->pixels, NULL, work->side, work->side, picture);
      if (work->network && !saxid_technique_judge_ask (judge, picture, &answer, NULL))
        abort ();
    }
  saxid_technique_judge_free (judge);
  g_free (picture);
  return NULL;
}

static void
measure (const char *name, Work work)
{
  const gint64 from = g_get_monotonic_time ();

  run (&work);
  printf ("%s %.3f\n", name, milliseconds (from, work.frames));
}

int
main (int argc, char **argv)
{
  const gsize side = argc > 2 ? (gsize) atoi (argv[1]) : 0;
  const guint frames = argc > 2 ? (guint) atoi (argv[2]) : 0;
  g_autoptr (GError) error = NULL;
  SaxidTechniqueFile *file = saxid_technique_file_load (argc > 3 ? argv[3] : NULL, &error);
  float *pixels = g_new (float, side * side + 1);
  Work work = { file != NULL ? file->model : NULL, pixels, side, frames, TRUE, TRUE };
  GThread *other;
  gint64 from;

  if (side < 16 || frames < 1 || file == NULL)
    {
      fprintf (stderr, "technique-times: %s\n", error != NULL ? error->message : "PIXELS FRAMES [MODEL]");
      return 2;
    }
  for (gsize k = 0; k < side * side; k++)
    pixels[k] = (float) (1e4 / (1 + hypot ((double) (k % side) - 0.5 * (double) side, (double) (k / side) - 0.5 * (double) side)));
  measure ("picture", (Work) { file->model, pixels, side, frames, TRUE, FALSE });
  measure ("network", (Work) { file->model, pixels, side, frames, FALSE, TRUE });
  measure ("both", work);
  from = g_get_monotonic_time ();
  other = g_thread_new ("frames", run, &work);
  run (&work);
  g_thread_join (other);
  printf ("rate %.0f\n", 1e3 / milliseconds (from, 2 * frames));
  return 0;
}
