/* How soon are the tags of a frame readable, and how many frames a second go through?
 *
 *   live-times write MODULE FILE TIMES FRAMES RATE
 *   live-times read FILE TIMES FRAMES
 *
 * The writer is a host as tests/hosts/live-host.c: RATE times a second a frame of 400 points
 * arrives, whose curve is written and flushed and given to live_append. It keeps the frames
 * of one second; what it has not begun by then is lost. The reader is another process, an
 * SWMR reader that looks five thousand times a second, if it can, for rows with a status,
 * and reads their probabilities. Both note in the file TIMES, which is made beforehand:
 *
 *   double  ready, done, lost, 0; arrived[FRAMES]; readable[FRAMES]    s, CLOCK_MONOTONIC
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <hdf5.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "plugin/saxid-plugin.h"

#define POINTS 400
#define MAX_CLASS 100
#define KEPT_SECONDS 1.0

typedef struct
{
  volatile double *ready, *done, *lost;
  volatile double *arrived, *readable; /* [n] */
  size_t n;
} Times;

static double
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return (double) time.tv_sec + 1e-9 * (double) time.tv_nsec;
}

static void
wait_until (double when)
{
  const struct timespec time = { (time_t) when, (long) (1e9 * (when - floor (when))) };

  clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

static void
give_up (const char *what, const char *why)
{
  fprintf (stderr, "live-times: %s: %s\n", what, why);
  exit (1);
}

static Times
open_times (const char *path, size_t n)
{
  int fd = open (path, O_RDWR);
  volatile double *at = fd < 0 ? MAP_FAILED
                               : mmap (NULL, (4 + 2 * n) * sizeof (double), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

  if (at == MAP_FAILED)
    give_up ("cannot map the times", path);
  return (Times) { at, at + 1, at + 2, at + 4, at + 4 + n, n };
}

/* --- the writer ---------------------------------------------------------------- */

static hid_t
make_set (hid_t group, const char *name, int rank)
{
  const hsize_t shape[2] = { 0, POINTS }, most[2] = { H5S_UNLIMITED, POINTS }, chunk[2] = { 16, POINTS };
  const hsize_t one = POINTS;
  hid_t space = rank == 2 ? H5Screate_simple (2, shape, most) : H5Screate_simple (1, &one, NULL);
  hid_t creation = H5Pcreate (H5P_DATASET_CREATE);

  if (rank == 2)
    H5Pset_chunk (creation, 2, chunk);
  return H5Dcreate2 (group, name, H5T_IEEE_F64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
}

static void
put_row (hid_t set, size_t frame, const double *values)
{
  const hsize_t at[2] = { frame, 0 }, count[2] = { 1, POINTS }, shape[2] = { frame + 1, POINTS };
  hid_t space, memory = H5Screate_simple (2, count, NULL);

  H5Dset_extent (set, shape);
  space = H5Dget_space (set);
  H5Sselect_hyperslab (space, H5S_SELECT_SET, at, NULL, count, NULL);
  if (H5Dwrite (set, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, values) < 0 || H5Dflush (set) < 0)
    give_up ("a curve", "cannot be written");
  H5Sclose (memory);
  H5Sclose (space);
}

/* As in bench-model.py, with noise of the frame. */
static void
measure (size_t frame, const double *q, double *intensity, double *sigma)
{
  for (int k = 0; k < POINTS; k++)
    {
      const double truth = 1 / (1 + pow (q[k] * 40, 4)) + 1e-4;

      sigma[k] = 0.01 * truth + 1e-5;
      intensity[k] = truth + sigma[k] * sin ((double) frame + k * k);
    }
}

static int
write_all (const char *module_path, const char *path, Times times, double rate)
{
  static double q[POINTS], intensity[POINTS], sigma[POINTS];
  void *module = dlopen (module_path, RTLD_NOW | RTLD_LOCAL);
  saxid_plugin_query_function query;
  const struct saxid_plugin *saxid;
  struct saxid_error error = { .struct_size = sizeof error };
  struct saxid_context *context;
  struct saxid_workspace *workspace;
  struct saxid_live *live;
  struct saxid_curve curve = { .struct_size = sizeof curve, .n = POINTS, .q = q, .intensity = intensity, .sigma = sigma };
  struct saxid_live_options options = { .struct_size = sizeof options, .path = path, .entry = "/entry",
                                        .i_path = "/entry/data/I", .q_path = "/entry/data/Q" };
  struct saxid_verdict verdict = { .struct_size = sizeof verdict };
  hid_t access = H5Pcreate (H5P_FILE_ACCESS), file, data, q_set, i_set, s_set;
  double start;

  if (module == NULL)
    give_up (module_path, dlerror ());
  *(void **) &query = dlsym (module, SAXID_PLUGIN_SYMBOL);
  saxid = query (SAXID_ABI_MAJOR);
  if (saxid->open (NULL, &context, &error) < 0 || saxid->workspace_new (context, &workspace, &error) < 0)
    give_up ("open", error.message);
  H5Pset_libver_bounds (access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  file = H5Fcreate (path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
  H5Gclose (H5Gcreate2 (file, "entry", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  data = H5Gcreate2 (file, "entry/data", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  q_set = make_set (data, "Q", 1);
  i_set = make_set (data, "I", 2);
  s_set = make_set (data, "I_errors", 2);
  for (int k = 0; k < POINTS; k++)
    q[k] = 0.005 * pow (60, k / (POINTS - 1.0));
  H5Dwrite (q_set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, q);
  options.file = file;
  if (saxid->live_prepare (context, &options, &live, &error) < 0)
    give_up ("live_prepare", error.message);
  if (H5Fstart_swmr_write (file) < 0)
    give_up ("H5Fstart_swmr_write", path);
  measure (0, q, intensity, sigma);
  saxid->process_curves (context, workspace, &curve, 1, &verdict, &error); /* what is loaded once */
  *times.ready = 1;

  start = now () + 0.5; /* until then the reader has opened it */
  for (size_t k = 0; k < times.n; k++)
    {
      const double arrives = start + (double) k / rate;

      measure (k, q, intensity, sigma);
      wait_until (arrives);
      if (now () > arrives + KEPT_SECONDS)
        {
          *times.lost += 1;
          continue;
        }
      times.arrived[k] = arrives;
      put_row (i_set, k, intensity);
      put_row (s_set, k, sigma);
      if (saxid->live_append (live, workspace, k, &curve, NULL, &error) < 0)
        give_up ("live_append", error.message);
    }
  if (saxid->live_finish (live, &error) < 0)
    give_up ("live_finish", error.message);
  *times.done = 1;
  saxid->live_free (live);
  return 0;
}

/* --- the reader ---------------------------------------------------------------- */

/* Reads rows first..n of a data set of `width` columns. */
static void
read_rows (hid_t set, size_t first, size_t n, size_t width, hid_t type, void *to)
{
  const hsize_t at[2] = { first, 0 }, count[2] = { n - first, width };
  hid_t space = H5Dget_space (set);
  hid_t memory = H5Screate_simple (H5Sget_simple_extent_ndims (space), count, NULL);

  H5Sselect_hyperslab (space, H5S_SELECT_SET, at, NULL, count, NULL);
  if (H5Dread (set, type, memory, space, H5P_DEFAULT, to) < 0)
    give_up ("rows", "cannot be read");
  H5Sclose (memory);
  H5Sclose (space);
}

static size_t
rows_of (hid_t set)
{
  hsize_t shape[2] = { 0, 0 };
  hid_t space;

  H5Drefresh (set);
  space = H5Dget_space (set);
  H5Sget_simple_extent_dims (space, shape, NULL);
  H5Sclose (space);
  return shape[0];
}

static int
read_all (const char *path, Times times)
{
  hid_t access = H5Pcreate (H5P_FILE_ACCESS), file, status, probability, space;
  hsize_t shape[2];
  unsigned char *state = calloc (times.n, 1);
  float *p;
  size_t first = 0;

  H5Pset_libver_bounds (access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  while (*times.ready == 0)
    usleep (1000);
  file = H5Fopen (path, H5F_ACC_RDONLY | H5F_ACC_SWMR_READ, access);
  status = H5Dopen2 (file, "/entry/saxid/result/status", H5P_DEFAULT);
  probability = H5Dopen2 (file, "/entry/saxid/result/probability", H5P_DEFAULT);
  if (status < 0 || probability < 0 || state == NULL)
    give_up ("cannot read", path);
  space = H5Dget_space (probability);
  H5Sget_simple_extent_dims (space, shape, NULL);
  p = calloc (times.n * shape[1], sizeof (float));

  for (int is_last = 0; !is_last;)
    {
      const int was_done = *times.done != 0;
      const size_t n = rows_of (status);

      if (n > first)
        {
          read_rows (status, first, n, 1, H5T_NATIVE_UCHAR, state + first);
          rows_of (probability);
          read_rows (probability, first, n, shape[1], H5T_NATIVE_FLOAT, p + first * shape[1]);
          for (size_t k = first; k < n; k++)
            if (state[k] != 0 && times.readable[k] == 0 && p[k * shape[1]] + p[k * shape[1] + 1] > 0)
              times.readable[k] = now ();
          while (first < n && times.readable[first] > 0)
            first++;
        }
      is_last = was_done || first == times.n;
      usleep (200);
    }
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 7 && strcmp (argv[1], "write") == 0)
    return write_all (argv[2], argv[3], open_times (argv[4], strtoul (argv[5], NULL, 10)), strtod (argv[6], NULL));
  if (argc == 5 && strcmp (argv[1], "read") == 0)
    return read_all (argv[2], open_times (argv[3], strtoul (argv[4], NULL, 10)));
  fprintf (stderr, "live-times: write MODULE FILE TIMES FRAMES RATE, or read FILE TIMES FRAMES\n");
  return 2;
}
