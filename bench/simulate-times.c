/* How fast are curves simulated, and measured again?
 *
 *   simulate-times POPULATION-FILE CURVES REPEATS THREADS
 *
 * Prints lines "NAME SECONDS PROCESSOR-SECONDS CURVES": `smeared` (form factors on the
 * Xeuss grid, smeared, without noise), `library` (the fine grid, scale 1), `fixed`
 * (that library measured by the Xeuss), `block` and `random` (by random instruments
 * with nuisances, 64 curves for each and one for each).
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "models/simulate/library.h"
#include "models/simulate/sample.h"

typedef struct
{
  gint64 wall; /* µs */
  double processor;
} Moment;

static Moment
now (void)
{
  struct timespec used;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &used);
  return (Moment) { g_get_monotonic_time (), (double) used.tv_sec + 1e-9 * (double) used.tv_nsec };
}

static void
print_since (Moment start, const char *name, gsize count)
{
  Moment end = now ();

  printf ("%s %.6f %.6f %" G_GSIZE_FORMAT "\n", name, 1e-6 * (double) (end.wall - start.wall),
          end.processor - start.processor, count);
}

static void
ignore (gsize row G_GNUC_UNUSED, const SaxidInstrument *instrument G_GNUC_UNUSED,
        const SaxidSimulatedCurve *curve G_GNUC_UNUSED, const SaxidNuisances *nuisances G_GNUC_UNUSED,
        gpointer data G_GNUC_UNUSED)
{
}

static gboolean
measure (const char *name, const SaxidLibrary *library, const SaxidInstrument *instrument, gsize per_instrument,
         SaxidMeasureFlags flags, guint repeats, guint threads, GError **error)
{
  SaxidRemeasureOptions options = { .instrument = instrument, .per_instrument = per_instrument, .flags = flags,
                                    .threads = threads };
  Moment start = now ();

  for (guint k = 0; k < repeats; k++)
    {
      options.seed = k + 1;
      if (!saxid_library_measure (library, 0, library->n_curve, &options, ignore, NULL, error))
        return FALSE;
    }
  print_since (start, name, repeats * library->n_curve);
  return TRUE;
}

static gboolean
run (const char *file, gsize count, guint repeats, guint threads, GError **error)
{
  const SaxidInstrument *xeuss = saxid_instrument_find ("Xeuss1800HR");
  g_autoptr (SaxidResponse) response = saxid_response_new (xeuss);
  g_autofree double *q = g_new (double, SAXID_LIBRARY_POINTS);
  g_autofree char *text = NULL;
  g_autoptr (SaxidPopulation) population = NULL;
  g_autoptr (SaxidSampleBlock) smeared = NULL;
  g_autoptr (SaxidSampleBlock) block = NULL;
  SaxidLibrary library;
  Moment start;

  if (!g_file_get_contents (file, &text, NULL, error))
    return FALSE;
  population = saxid_population_parse ("bench", file, text, error);
  if (population == NULL)
    return FALSE;
  smeared = saxid_sample_block_sized (0, count, response->n_q, saxid_sample_parameter_count (population), FALSE);
  start = now ();
  if (!saxid_sample_block_fill (smeared, population, response, 1, TRUE, threads, error))
    return FALSE;
  print_since (start, "smeared", count);

  saxid_library_grid (SAXID_LIBRARY_POINTS, SAXID_LIBRARY_FIRST, SAXID_LIBRARY_LAST, q);
  block = saxid_sample_block_sized (0, count, SAXID_LIBRARY_POINTS, saxid_sample_parameter_count (population), FALSE);
  start = now ();
  if (!saxid_sample_block_tabulate (block, population, q, 1, threads, error))
    return FALSE;
  print_since (start, "library", count);

  library = (SaxidLibrary) { .n_q = SAXID_LIBRARY_POINTS, .q = q, .n_curve = count, .intensity = block->intensity,
                             .scale = block->parameter + 1, .scale_stride = block->n_parameter };
  return measure ("fixed", &library, xeuss, 0, 0, repeats, threads, error)
         && measure ("block", &library, NULL, 64, SAXID_MEASURE_NUISANCES, repeats, threads, error)
         && measure ("random", &library, NULL, 1, SAXID_MEASURE_NUISANCES, repeats, threads, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (argc == 5
      && run (argv[1], strtoul (argv[2], NULL, 10), (guint) strtoul (argv[3], NULL, 10),
              (guint) strtoul (argv[4], NULL, 10), &error))
    return 0;
  fprintf (stderr, "simulate-times: %s\n", error != NULL ? error->message : "FILE CURVES REPEATS THREADS are needed");
  return 1;
}
