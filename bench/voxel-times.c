/* How long does a structure with its curve take?
 *
 *   voxel-times EDGE PHASES LENGTH THREADS ROUNDS
 *
 * prints, for each round, seconds by the clock and by the processors, the same of FFTW alone (one transform each way, all
 * modes), and the curve at three q, so that the peer can be compared with.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "models/materials/voxels/structure.h"

static double
seconds (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void
print_round (const SaxidStructure *structure, const SaxidCubePlan *plan, SaxidCube *cube)
{
  static const double q[] = { 0.05, 0.1, 0.2 };
  const double wall = seconds (CLOCK_MONOTONIC), processor = seconds (CLOCK_PROCESS_CPUTIME_ID);
  g_autoptr (SaxidShells) shells = NULL;
  g_autoptr (GError) error = NULL;
  double out[G_N_ELEMENTS (q)], taken[2], floor[2];

  if (!saxid_structure_fill (structure, plan, cube, &error))
    {
      fprintf (stderr, "voxel-times: %s\n", error->message);
      exit (1);
    }
  saxid_cube_to_modes (plan, cube);
  shells = saxid_shells_new (plan, cube);
  saxid_shells_curve (shells, structure->voxel * cube->n, G_N_ELEMENTS (q), q, out);
  taken[0] = seconds (CLOCK_MONOTONIC) - wall;
  taken[1] = seconds (CLOCK_PROCESS_CPUTIME_ID) - processor;
  saxid_cube_to_voxels (plan, cube, cube->n);
  saxid_cube_to_modes (plan, cube);
  floor[0] = seconds (CLOCK_MONOTONIC) - wall - taken[0];
  floor[1] = seconds (CLOCK_PROCESS_CPUTIME_ID) - processor - taken[1];
  printf ("%.4f %.4f %.4f %.4f %.6g %.6g %.6g\n", taken[0], taken[1], floor[0], floor[1], out[0], out[1], out[2]);
  fflush (stdout);
}

int
main (int argc, char **argv)
{
  SaxidStructure structure = { .voxel = 5, .smoothing = SAXID_STRUCTURE_SMOOTHING, .seed = 1 };
  g_autoptr (SaxidCubePlan) plan = NULL;
  g_autoptr (SaxidCube) cube = NULL;

  if (argc != 6)
    {
      fprintf (stderr, "usage: voxel-times EDGE PHASES LENGTH THREADS ROUNDS\n");
      return 2;
    }
  structure.material = (SaxidMaterial) { .phases = (guint)atoi (argv[2]), .length = atof (argv[3]), .porosity = 0.7, .share = 0.2,
                                         .layer = SAXID_MATERIAL_LAYER };
  cube = saxid_cube_new ((guint)atoi (argv[1]), NULL);
  if (cube == NULL || atoi (argv[4]) < 1)
    return 2;
  plan = saxid_cube_plan_new (cube->n, (guint)atoi (argv[4]));
  for (int round = 0; round < atoi (argv[5]); round++)
    {
      structure.sample = (guint64)round;
      print_round (&structure, plan, cube);
    }
  return 0;
}
