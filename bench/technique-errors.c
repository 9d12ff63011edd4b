/* Of which simulated frames does a network not tell the technique?
 *
 *   technique-errors MODEL FRAMES SEED [PICTURES]
 *
 * Judges one frame each of FRAMES experiments, which must be of another seed than those that the
 * network learned from, and of a quarter as many strangers. Prints a table for each way to sort them: by sample,
 * by where the beam is, by what hangs there, by photons; all of them; then strangers by kind: how many, and
 * of these the share in which the four techniques, grazing or not, and wide or not are told. PICTURES gets a line of each wrong frame, "EXPERIMENT TRUTH ANSWER PROBABILITY KIND", and its picture as text.
 *
 * Source: Poisson errors of a share s of n frames are √(s (1 - s) / n).
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/parallel.h"
#include "models/technique/frames/experiment.h"
#include "plugin/technique-model.h"

#define THREADS 2u
#define STRIP 0.9    /* |ln aspect| of a strip */
#define BINS 10
#define EDGE 0.12    /* of the detector, from its edge */

typedef enum
{
  TABLE_SAMPLE,
  TABLE_BEAM,
  TABLE_HANGS,
  TABLE_PHOTONS,
  N_TABLE
} Table;

static const char *const titles[N_TABLE] = { "sample", "beam", "detector", "photons a cell" };

typedef struct
{
  char *word[N_TABLE];
  guint truth, best;
  double probability, outlier;
  SaxidPicture picture;
} Judged;

typedef struct
{
  const SaxidTechniqueModel *model;
  guint64 seed;
  gboolean strange;
  Judged *judged;
} Work;

static const char *
place_of_beam (const SaxidStage *stage)
{
  const double x = stage->beam_x / stage->width, y = stage->beam_y / stage->height, edge = fmin (fmin (x, 1 - x), fmin (y, 1 - y));

  return stage->aside ? "far aside" : edge < 0 ? "outside" : edge < EDGE ? "at an edge" : "inside";
}

static const char *
shape_of (const SaxidStage *stage)
{
  const double aspect = fabs (log ((double) stage->n_column / stage->n_row));

  return aspect > STRIP ? "strip" : stage->camera ? "camera" : stage->round ? "round" : stage->module_x == 0 ? "sheet" : "modules";
}

static char *
photons_of (const SaxidSimulatedFrame *frame)
{
  const gsize n = (gsize) frame->width * frame->height;
  double sum = 0;

  for (gsize k = 0; k < n; k++)
    sum += isfinite (frame->pixels[k]) ? (double) frame->pixels[k] * frame->stage.scale * frame->stage.scale : 0;
  return frame->stage.camera ? g_strdup ("camera")
                             : g_strdup_printf ("1e%d", (int) floor (log10 (fmax (sum / (SAXID_PICTURE_SIDE * SAXID_PICTURE_SIDE), 1e-3))));
}

static guint
find_best (const double *probability)
{
  guint best = 0;

  for (guint k = 1; k < SAXID_N_TECHNIQUE; k++)
    best = probability[k] > probability[best] ? k : best;
  return best;
}

/* picture: or NULL. */
static void
ask (const Work *work, const SaxidPicture *picture, Judged *judged)
{
  SaxidTechniqueJudge *judge = saxid_technique_judge_new (work->model, 1, NULL);
  SaxidTechniqueAnswer answer;

  saxid_technique_judge_ask (judge, picture, &answer, NULL);
  judged->best = find_best (answer.probability);
  judged->probability = answer.probability[judged->best];
  judged->outlier = answer.outlier;
  saxid_technique_judge_free (judge);
}

static gboolean
judge_one (gsize at, gpointer scratch, gpointer data)
{
  const Work *work = data;
  Judged *judged = &work->judged[at];
  SaxidSimulatedFrame frame;

  (void) scratch;
  (work->strange ? saxid_simulated_stranger_draw : saxid_simulated_frame_draw) (work->seed, (guint32) at, 0, &frame);
  ask (work, saxid_picture_make (frame.pixels, NULL, frame.height, frame.width, &judged->picture) ? &judged->picture : NULL, judged);
  judged->truth = frame.technique;
  judged->word[TABLE_SAMPLE] = work->strange ? g_strdup (frame.kind)
                                             : g_strdup_printf ("%s %s", saxid_technique_name (frame.technique), frame.kind);
  judged->word[TABLE_BEAM] = g_strdup_printf ("%s%s", place_of_beam (&frame.stage),
                                              work->strange ? "" : saxid_technique_is_grazing (frame.technique) ? ", grazing" : ", transmission");
  judged->word[TABLE_HANGS] = g_strdup_printf ("%s%s", shape_of (&frame.stage), frame.stage.turn != 0 ? ", turned" : "");
  judged->word[TABLE_PHOTONS] = photons_of (&frame);
  saxid_simulated_frame_clear (&frame);
  return TRUE;
}

typedef struct
{
  guint n, four, grazing, wide, refused;
} Row;

static void
print_table (const Judged *judged, guint n, Table table)
{
  g_autoptr (GHashTable) rows = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autoptr (GList) keys = NULL;

  for (guint k = 0; k < n; k++)
    {
      Row *row = g_hash_table_lookup (rows, judged[k].word[table]);

      if (row == NULL)
        g_hash_table_insert (rows, judged[k].word[table], row = g_new0 (Row, 1));
      row->n++;
      row->four += judged[k].truth == judged[k].best;
      row->grazing += judged[k].truth / 2 == judged[k].best / 2;
      row->wide += judged[k].truth % 2 == judged[k].best % 2;
      row->refused += judged[k].outlier >= 0.5;
    }
  keys = g_list_sort (g_hash_table_get_keys (rows), (GCompareFunc) strcmp);
  printf ("%-26s %7s %6s %8s %6s %8s\n", titles[table], "frames", "four", "grazing", "wide", "refused");
  for (const GList *key = keys; key != NULL; key = key->next)
    {
      const Row *row = g_hash_table_lookup (rows, key->data);
      const double share = 100.0 / row->n;

      printf ("%-26s %7u %6.1f %8.1f %6.1f %8.1f\n", (const char *) key->data, row->n, row->four * share, row->grazing * share,
              row->wide * share, row->refused * share);
    }
  printf ("\n");
}

static void
print_all (const Judged *judged, guint n)
{
  double bin[BINS][2] = { 0 }, calibration = 0; /* probability, right */
  Row all = { .n = n };

  for (guint k = 0; k < n; k++)
    {
      double *of = bin[MIN ((guint) (judged[k].probability * BINS), BINS - 1)];

      all.four += judged[k].truth == judged[k].best;
      all.grazing += judged[k].truth / 2 == judged[k].best / 2;
      all.wide += judged[k].truth % 2 == judged[k].best % 2;
      of[0] += judged[k].probability;
      of[1] += judged[k].truth == judged[k].best;
    }
  for (guint k = 0; k < BINS; k++)
    calibration += fabs (bin[k][0] - bin[k][1]) / n;
  printf ("%-26s %7u %6.1f %8.1f %6.1f, calibration error %.3f\n\n", "all", n, 100.0 * all.four / n, 100.0 * all.grazing / n,
          100.0 * all.wide / n, calibration);
}

/* Wrong ones, as bytes in hexadecimal. */
static void
list_wrong (const Judged *judged, guint n, const char *path)
{
  FILE *file = fopen (path, "w");

  for (guint k = 0; file != NULL && k < n; k++)
    {
      if (judged[k].truth == judged[k].best && judged[k].outlier < 0.5)
        continue;
      fprintf (file, "%u\t%s\t%s\t%.2f\t%s\t", k, saxid_technique_name (judged[k].truth),
               judged[k].outlier >= 0.5 ? "none" : saxid_technique_name (judged[k].best), judged[k].probability, judged[k].word[TABLE_SAMPLE]);
      for (guint c = 0; c < SAXID_PICTURE_SIDE * SAXID_PICTURE_SIDE; c++)
        fprintf (file, "%02x", judged[k].picture.grey[c]);
      fprintf (file, "\n");
    }
  if (file != NULL)
    fclose (file);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidTechniqueFile) file = argc > 3 ? saxid_technique_file_load (argv[1], &error) : NULL;
  const guint n = argc > 3 ? (guint) atoi (argv[2]) : 0;
  Work work = { .judged = g_new0 (Judged, n + 1) };

  if (file == NULL || n < 1)
    {
      fprintf (stderr, "technique-errors: %s\n", error != NULL ? error->message : "MODEL FRAMES SEED [PICTURES]");
      return 2;
    }
  work.model = file->model;
  work.seed = g_ascii_strtoull (argv[3], NULL, 10);
  saxid_parallel (&(SaxidParallel) { .name = "frames", .threads = THREADS, .piece = judge_one, .data = &work }, n);
  for (guint table = 0; table < N_TABLE; table++)
    print_table (work.judged, n, (Table) table);
  print_all (work.judged, n);
  if (argc > 4)
    list_wrong (work.judged, n, argv[4]);
  memset (work.judged, 0, n * sizeof *work.judged);
  work.strange = TRUE;
  saxid_parallel (&(SaxidParallel) { .name = "strangers", .threads = THREADS, .piece = judge_one, .data = &work }, n / 4);
  print_table (work.judged, n / 4, TABLE_SAMPLE);
  return 0;
}
