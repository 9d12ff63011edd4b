/* How long does Debye's sum of a particle take?
 *
 *   debye-times NAME SIZE orbits|fourier ROUNDS
 *   debye-times NAME SIZE positions
 *
 * The first prints the number of atoms, then for each round processor seconds of distances and of
 * the sum over 2000 points, and P at 20 of them; the second writes the positions as doubles (in d).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "models/atomic/debye.h"
#include "models/atomic/lattice/autocorrelation.h"

/* q = 0.01, 0.02 … 19.99 1/Å at d = 2.88 Å; the first is 0. */
#define POINTS 2000
#define STEP 0.0288

static double
seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* The particle is built anew, too: its symmetry is found among the distances. */
static void
print_round (const SaxidPolyhedron *polyhedron, guint n, gboolean fourier)
{
  const double begin = seconds ();
  g_autoptr (SaxidCluster) cluster = saxid_cluster_new (polyhedron, (SaxidClusterSize){ n, 0, 0 }, NULL);
  g_autoptr (SaxidDistances) distances = fourier ? saxid_autocorrelation_distances (cluster) : saxid_distances_new (cluster, SAXID_DISTANCES_WIDTH);
  const double counted = seconds ();
  double out[POINTS], summed;

  saxid_debye_grid (distances, STEP, POINTS, out);
  summed = seconds ();
  printf ("%.6f %.6f", counted - begin, summed - counted);
  for (guint k = POINTS / 20 - 1; k < POINTS; k += POINTS / 20)
    printf (" %.12g", out[k]);
  printf ("\n");
  fflush (stdout);
}

int
main (int argc, char **argv)
{
  const SaxidPolyhedron *polyhedron = argc >= 4 ? saxid_polyhedron_find (argv[1]) : NULL;
  const guint n = argc >= 4 ? (guint)atoi (argv[2]) : 0;
  g_autoptr (SaxidCluster) cluster = NULL;

  if (polyhedron == NULL || (cluster = saxid_cluster_new (polyhedron, (SaxidClusterSize){ n, 0, 0 }, NULL)) == NULL
      || (strcmp (argv[3], "fourier") == 0 && cluster->lattice == NULL))
    {
      fprintf (stderr, "usage: debye-times NAME SIZE orbits|fourier|positions ROUNDS\n");
      return 2;
    }
  if (strcmp (argv[3], "positions") == 0)
    return fwrite (cluster->position, sizeof (double), 3 * cluster->n, stdout) == 3 * cluster->n ? 0 : 1;
  printf ("%" G_GSIZE_FORMAT "\n", cluster->n);
  for (int round = 0; argc > 4 && round < atoi (argv[4]); round++)
    print_round (polyhedron, n, strcmp (argv[3], "fourier") == 0);
  return 0;
}
