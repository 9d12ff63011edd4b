/* How long do many frames in memory take?
 *
 * Reads a stack of uint32 frames, makes a prepared chain, and then goes through the stack once for
 * each line on standard input: "stack" all frames by so many threads, "one" frame after
 * frame alone, "memory" reads every byte. Answers with seconds of wall clock and of all
 * processors.
 *
 * integrate-times STACK HEIGHT WIDTH N PONI MASK SPLITTING BINS LEAST LOW HIGH THREADS OUT
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "reducers/run.h"
#include "schemas/frame/poni.h"

typedef struct
{
  const guint32 *pixels;
  gsize n_pixel, n_frame;
  double *intensity; /* of the first frame */
  gsize n_bin;
} Stack;

static gpointer
open_stack (gpointer data, G_GNUC_UNUSED GError **error)
{
  return data;
}

static void
close_stack (G_GNUC_UNUSED gpointer reader)
{
}

static void
fetch (gpointer reader, gsize first, SaxidFrames *frames, G_GNUC_UNUSED GError *errors[SAXID_LANES])
{
  const Stack *stack = reader;

  frames->type = SAXID_PIXEL_TYPE_UINT32;
  for (guint k = 0; k < frames->n; k++)
    frames->counts[k] = stack->pixels + (first + k) * stack->n_pixel;
}

static gboolean
give (const SaxidRunFrame *frame, gpointer data, G_GNUC_UNUSED GError **error)
{
  Stack *stack = data;

  for (gsize k = 0; frame->frame == 0 && k < stack->n_bin; k++)
    stack->intensity[k] = frame->sums->signal[k] / frame->sums->normalisation[k];
  return TRUE;
}

static void
one_by_one (const SaxidPreparedChain *prepared, const Stack *stack)
{
  g_autoptr (SaxidChainScratch) scratch = saxid_chain_scratch_new (prepared);

  for (gsize k = 0; k < stack->n_frame; k++)
    {
      const SaxidFrames frames
          = { .type = SAXID_PIXEL_TYPE_UINT32, .n = 1, .counts = { stack->pixels + k * stack->n_pixel } };

      saxid_chain_integrate (scratch, &frames);
      saxid_chain_sums (scratch, 0, NAN, NULL);
    }
}

static guint64
read_all (const Stack *stack)
{
  const guint64 *word = (const guint64 *) (gconstpointer) stack->pixels;
  const gsize n = stack->n_pixel * stack->n_frame / 2 / 8;
  guint64 sum[8] = { 0 };

  for (gsize k = 0; k < n; k++)
    for (int i = 0; i < 8; i++)
      sum[i] += word[8 * k + (gsize) i];
  return sum[0] ^ sum[1] ^ sum[2] ^ sum[3] ^ sum[4] ^ sum[5] ^ sum[6] ^ sum[7];
}

static void *
read_file (const char *path, gsize bytes)
{
  void *data = g_aligned_alloc (bytes, 1, 64);
  FILE *file = fopen (path, "rb");

  if (file == NULL || fread (data, 1, bytes, file) != bytes)
    {
      fprintf (stderr, "integrate-times: %s cannot be read\n", path);
      exit (1);
    }
  fclose (file);
  return data;
}

static SaxidPreparedChain *
prepare_chain (SaxidGeometryMap *map, const guint8 *mask, char **words, guint jobs)
{
  g_autofree char *text = g_strdup_printf ("[chain]\nreducers = mask; poisson; polarisation; solid-angle; integrate\n"
                                           "[poisson]\nleast = %s\n[polarisation]\nfactor = 0.95\n"
                                           "[integrate]\nsplitting = %s\nbins = %s\nq-min = %s\nq-max = %s\n",
                                           words[2], words[0], words[1], words[3], words[4]);
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidChain) chain = saxid_chain_parse (text, "bench", &error);
  SaxidPreparedChain *prepared
      = chain != NULL ? saxid_chain_prepare (chain, &(SaxidReducerInput) { .map = map, .mask = mask, .jobs = jobs }, &error)
                      : NULL;

  if (prepared != NULL)
    return prepared;
  fprintf (stderr, "integrate-times: %s\n", error->message);
  exit (1);
}

int
main (int argc, char **argv)
{
  g_autoptr (SaxidGeometryMap) map = NULL;
  g_autoptr (SaxidPreparedChain) prepared = NULL;
  g_autoptr (GError) error = NULL;
  SaxidGeometry geometry;
  Stack stack;
  SaxidRunSource source = { .open = open_stack, .close = close_stack, .fetch = fetch, .data = &stack };
  char line[64];
  guint8 *mask;
  guint threads;
  gint64 begin;
  FILE *out;

  if (argc != 14)
    return 2;
  threads = (guint) atoi (argv[12]);
  stack.n_frame = source.n_frame = (gsize) atol (argv[4]);
  if (!saxid_poni_file_read (argv[5], &geometry, &error)
      || (map = saxid_geometry_map_new (&geometry, (gsize) atol (argv[2]), (gsize) atol (argv[3]), &error)) == NULL)
    return fprintf (stderr, "integrate-times: %s\n", error->message), 1;
  stack.n_pixel = map->n;
  stack.pixels = read_file (argv[1], map->n * stack.n_frame * sizeof (guint32));
  mask = read_file (argv[6], map->n);
  begin = g_get_monotonic_time ();
  prepared = prepare_chain (map, mask, argv + 7, threads);
  stack.n_bin = saxid_prepared_chain_bins (prepared)->grid.n;
  stack.intensity = g_new0 (double, stack.n_bin);
  printf ("%g %s\n", (double) (g_get_monotonic_time () - begin) * 1e-6, saxid_tile_vectors ());
  fflush (stdout);
  while (fgets (line, sizeof line, stdin) != NULL)
    {
      guint64 sum = 0;
      clock_t used = clock ();

      begin = g_get_monotonic_time ();
      if (strncmp (line, "one", 3) == 0)
        one_by_one (prepared, &stack);
      else if (strncmp (line, "memory", 6) == 0)
        sum = read_all (&stack);
      else
        saxid_run_frames (prepared, &source, threads, give, &stack, NULL);
      printf ("%.9f %.9f %" G_GUINT64_FORMAT "\n", (double) (g_get_monotonic_time () - begin) * 1e-6,
              (double) (clock () - used) / CLOCKS_PER_SEC, sum % 2);
      fflush (stdout);
    }
  out = fopen (argv[13], "wb");
  if (out == NULL || fwrite (stack.intensity, sizeof (double), stack.n_bin, out) != stack.n_bin)
    return 1;
  fclose (out);
  g_free (stack.intensity);
  return 0;
}
