/* A host that measures: writes curves into a file in HDF5's SWMR mode and has saxid tag
 * them meanwhile. It knows the C library, HDF5 and saxid's header.
 *
 *   live-host MODULE FILE FRAMES
 *
 * After each frame it prints "FRAME STATUS LABEL CONFIDENCE" and waits for a line on
 * standard input: so somebody else can look at the file in the middle of it. The line
 * "close" ends it without live_finish, and closes the file before the tags are freed. Every fourth pair of frames comes in the wrong
 * order, frame 7 has no curve, frame 11 is NaN, frame 13 has few points.
 */
#include "plugin/saxid-plugin.h"

#include <dlfcn.h>
#include <hdf5.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POINTS 200
#define MAX_CLASS 64
#define NO_CURVE 7
#define NOT_FINITE 11
#define FEW_POINTS 13

static const struct saxid_plugin *saxid;
static struct saxid_error error = { .struct_size = sizeof error };

static void
give_up (const char *what)
{
  fprintf (stderr, "live-host: %s: %s\n", what, error.message);
  exit (1);
}

/* Spheres of 40 Å and more, with something like noise. */
static void
measure (unsigned frame, const double *q, double *intensity, double *sigma)
{
  for (unsigned k = 0; k < POINTS; k++)
    {
      const double x = q[k] * (40 + frame % 50);
      const double f = 3 * (sin (x) - x * cos (x)) / (x * x * x);

      sigma[k] = 0.02 * f * f + 1e-4;
      intensity[k] = f * f + 1e-3 + sigma[k] * sin (1.0 + frame + k * k);
      if (frame == NO_CURVE || frame == NOT_FINITE || (frame == FEW_POINTS && k >= 10))
        intensity[k] = NAN;
    }
}

static hid_t
make_set (hid_t group, const char *name, int rank)
{
  const hsize_t shape[2] = { 0, POINTS }, most[2] = { H5S_UNLIMITED, POINTS }, chunk[2] = { 16, POINTS };
  const hsize_t one = POINTS;
  hid_t space = rank == 2 ? H5Screate_simple (2, shape, most) : H5Screate_simple (1, &one, NULL);
  hid_t creation = H5Pcreate (H5P_DATASET_CREATE);
  hid_t set;

  if (rank == 2)
    H5Pset_chunk (creation, 2, chunk);
  set = H5Dcreate2 (group, name, H5T_IEEE_F64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  H5Pclose (creation);
  H5Sclose (space);
  return set;
}

static void
put_text (hid_t object, const char *name, const char *text)
{
  hid_t type = H5Tcopy (H5T_C_S1), space = H5Screate (H5S_SCALAR), attribute;

  H5Tset_size (type, strlen (text));
  attribute = H5Acreate2 (object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  H5Awrite (attribute, type, text);
  H5Aclose (attribute);
  H5Sclose (space);
  H5Tclose (type);
}

static void
put_row (hid_t set, unsigned frame, const double *values)
{
  const hsize_t at[2] = { frame, 0 }, count[2] = { 1, POINTS };
  hsize_t shape[2];
  hid_t space = H5Dget_space (set), memory = H5Screate_simple (2, count, NULL);

  H5Sget_simple_extent_dims (space, shape, NULL);
  if (shape[0] <= frame)
    {
      shape[0] = frame + 1;
      H5Dset_extent (set, shape);
      H5Sclose (space);
      space = H5Dget_space (set);
    }
  H5Sselect_hyperslab (space, H5S_SELECT_SET, at, NULL, count, NULL);
  if (H5Dwrite (set, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, values) < 0 || H5Dflush (set) < 0)
    give_up ("cannot write a curve");
  H5Sclose (memory);
  H5Sclose (space);
}

static hid_t
make_file (const char *path)
{
  hid_t access = H5Pcreate (H5P_FILE_ACCESS), file;

  H5Pset_libver_bounds (access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  file = H5Fcreate (path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
  H5Pclose (access);
  return file;
}

int
main (int argc, char **argv)
{
  static double q[POINTS], intensity[POINTS], sigma[POINTS];
  saxid_plugin_query_function query;
  struct saxid_context *context;
  struct saxid_workspace *workspace;
  struct saxid_live *live;
  struct saxid_live_options options = { .struct_size = sizeof options };
  struct saxid_curve curve = { .struct_size = sizeof curve, .q = q, .intensity = intensity, .sigma = sigma };
  float probability[MAX_CLASS];
  uint8_t set[MAX_CLASS];
  hid_t file, entry, data, q_set, i_set, s_set;
  void *module = argc > 3 ? dlopen (argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
  unsigned frames;
  char line[32] = "";

  if (module == NULL)
    {
      fprintf (stderr, "live-host: MODULE FILE FRAMES are needed\n");
      return 2;
    }
  frames = (unsigned) strtoul (argv[3], NULL, 10);
  *(void **) &query = dlsym (module, SAXID_PLUGIN_SYMBOL);
  saxid = query (SAXID_ABI_MAJOR);
  if ((saxid->features & SAXID_FEATURE_LIVE) == 0 || saxid->open (NULL, &context, &error) < 0
      || saxid->workspace_new (context, &workspace, &error) < 0)
    give_up ("no module");

  file = make_file (argv[2]);
  entry = H5Gcreate2 (file, "entry", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  put_text (entry, "NX_class", "NXentry");
  data = H5Gcreate2 (entry, "data", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  put_text (data, "NX_class", "NXdata");
  put_text (data, "signal", "I");
  q_set = make_set (data, "Q", 1);
  put_text (q_set, "units", "1/angstrom");
  i_set = make_set (data, "I", 2);
  s_set = make_set (data, "I_errors", 2);
  for (unsigned k = 0; k < POINTS; k++)
    q[k] = 0.005 * pow (60, k / (POINTS - 1.0));
  H5Dwrite (q_set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, q);

  options.file = file;
  options.path = argv[2];
  options.entry = "/entry";
  options.i_path = "/entry/data/I";
  options.q_path = "/entry/data/Q";
  options.sigma_path = "/entry/data/I_errors";
  options.q_unit = "1/angstrom";
  options.note = "measured by a host";
  if (saxid->live_prepare (context, &options, &live, &error) < 0)
    give_up ("live_prepare");
  if (H5Fstart_swmr_write (file) < 0)
    give_up ("H5Fstart_swmr_write");
  printf ("ready\n");
  fflush (stdout);

  for (unsigned turn = 0; turn < frames && strcmp (line, "close\n") != 0; turn++)
    {
      const unsigned frame = turn % 8 < 2 && (turn ^ 1) < frames ? turn ^ 1 : turn;
      struct saxid_verdict verdict = { .struct_size = sizeof verdict, .n_class = MAX_CLASS,
                                       .probability = probability, .prediction_set = set };

      measure (frame, q, intensity, sigma);
      put_row (i_set, frame, intensity);
      put_row (s_set, frame, sigma);
      curve.n = frame == FEW_POINTS ? 10 : POINTS;
      if (saxid->live_append (live, workspace, frame, frame == NO_CURVE ? NULL : &curve, &verdict, &error) < 0)
        give_up ("live_append");
      printf ("%u %d %d %.9g\n", frame, verdict.status, verdict.label, (double) verdict.confidence);
      fflush (stdout);
      if (fgets (line, sizeof line, stdin) == NULL)
        return 1;
    }
  if (strcmp (line, "close\n") != 0
      && (saxid->live_finish (live, &error) < 0 || saxid->live_finish (live, &error) < 0
          || saxid->live_append (live, workspace, 0, NULL, NULL, &error) >= 0))
    give_up ("live_finish");
  if (strcmp (line, "close\n") != 0)
    saxid->live_free (live);
  H5Dclose (q_set);
  H5Dclose (i_set);
  H5Dclose (s_set);
  H5Gclose (data);
  H5Gclose (entry);
  if (H5Fclose (file) < 0)
    give_up ("H5Fclose");
  /* HDF5 closes a file with the last of what is open in it */
  if (strcmp (line, "close\n") == 0)
    saxid->live_free (live);
  saxid->workspace_free (workspace);
  saxid->close (context);
  if (H5Fget_obj_count ((hid_t) H5F_OBJ_ALL, H5F_OBJ_ALL) != 0)
    give_up ("something is still open");
  printf ("closed\n");
  return 0;
}
