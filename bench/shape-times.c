/* How long does a form factor take, and what does it give?
 *
 *   shape-times < sets
 *
 * Reads sets, one per line: shape, width, the parameters in the order of the
 * table, q_first, q_last, n. Prints per set: processor seconds of the best of
 * some runs, I(0), and the n intensities. Schulz distributions; one thread.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "models/shapes/shape.h"

#define RUNS 3

static double
processor_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

static gboolean
next_number (char **save, double *number)
{
  char *word = strtok_r (NULL, " \n", save);

  if (word == NULL)
    return FALSE;
  *number = strtod (word, NULL);
  return TRUE;
}

static gboolean
run_line (char *line)
{
  char *save = NULL, *name = strtok_r (line, " \n", &save);
  const SaxidShape *shape = name != NULL ? saxid_shape_find (name) : NULL;
  double value[SAXID_SHAPE_MAX_PARAMETERS], width, first, last, points, forward, zero = 0;
  g_autofree double *q = NULL;
  g_autofree double *out = NULL;
  double best = G_MAXDOUBLE;
  gsize n;

  if (shape == NULL || !next_number (&save, &width))
    return FALSE;
  for (guint k = 0; k < shape->n_parameter; k++)
    if (!next_number (&save, &value[k]))
      return FALSE;
  if (!next_number (&save, &first) || !next_number (&save, &last) || !next_number (&save, &points)
      || !(points >= 2 && points <= 100000))
    return FALSE;

  n = (gsize) points;
  q = g_new (double, n);
  out = g_new (double, n);
  for (gsize k = 0; k < n; k++)
    q[k] = first + (last - first) * (double) k / (double) (n - 1);
  for (guint run = 0; run < RUNS; run++)
    {
      const double start = processor_seconds ();

      if (!saxid_shape_intensity (shape, value, width, SAXID_DISTRIBUTION_SCHULZ, n, q, out, NULL))
        return FALSE;
      best = MIN (best, processor_seconds () - start);
    }
  if (!saxid_shape_intensity (shape, value, width, SAXID_DISTRIBUTION_SCHULZ, 1, &zero, &forward, NULL))
    return FALSE;
  printf ("%.9g %.17g", best, forward);
  for (gsize k = 0; k < n; k++)
    printf (" %.17g", out[k]);
  printf ("\n");
  return TRUE;
}

int
main (void)
{
  char line[4096];

  while (fgets (line, sizeof line, stdin) != NULL)
    if (!run_line (line))
      {
        fprintf (stderr, "shape-times: a set that is none\n");
        return 1;
      }
  return 0;
}
