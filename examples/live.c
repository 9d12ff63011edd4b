/* A host that measures: writes curves into an HDF5 file that others read meanwhile (SWMR), with
 * their tags.
 *
 *   h5cc or: cc live.c -o live $(pkg-config --cflags --libs hdf5) $(pkg-config --cflags saxid) -ldl -lm
 *   ./live /usr/lib/saxid/saxid.so run.nxs
 *
 * The order matters: after H5Fstart_swmr_write nothing can be created, so live_prepare comes
 * before it. Host and module must use the same libhdf5.
 *
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <hdf5.h>
#include <math.h>
#include <string.h>

#include "host.h"

#define FRAMES 5
#define POINTS 300

static void
set_text (hid_t object, const char *name, const char *text)
{
  hid_t type = H5Tcopy (H5T_C_S1), space = H5Screate (H5S_SCALAR), attribute;

  H5Tset_size (type, strlen (text));
  attribute = H5Acreate2 (object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  H5Awrite (attribute, type, text);
  H5Aclose (attribute); /* SWMR begins only where no attribute is open */
  H5Sclose (space);
  H5Tclose (type);
}

/* A data set of n points, or of as many rows of them as come. */
static hid_t
make_array (hid_t group, const char *name, int rank)
{
  const hsize_t now[2] = { rank == 1 ? POINTS : 0, POINTS }, most[2] = { rank == 1 ? POINTS : H5S_UNLIMITED, POINTS };
  const hsize_t chunk[2] = { rank == 1 ? POINTS : 1, POINTS };
  hid_t space = H5Screate_simple (rank, now, most), list = H5Pcreate (H5P_DATASET_CREATE), array;

  H5Pset_chunk (list, rank, chunk);
  array = H5Dcreate2 (group, name, H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, list, H5P_DEFAULT);
  H5Pclose (list);
  H5Sclose (space);
  return array;
}

static void
write_row (hid_t array, hsize_t row, const double *values)
{
  const hsize_t size[2] = { row + 1, POINTS }, start[2] = { row, 0 }, count[2] = { 1, POINTS };
  hid_t space, memory = H5Screate_simple (2, count, NULL);

  H5Dset_extent (array, size);
  space = H5Dget_space (array);
  H5Sselect_hyperslab (space, H5S_SELECT_SET, start, NULL, count, NULL);
  H5Dwrite (array, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, values);
  H5Dflush (array);
  H5Sclose (space);
  H5Sclose (memory);
}

int
main (int argc, char **argv)
{
  const struct saxid_plugin *saxid = host_load (argc > 1 ? argv[1] : "saxid.so");
  struct saxid_error error = { .struct_size = sizeof error };
  struct saxid_context *context = NULL;
  struct saxid_workspace *workspace = NULL;
  struct saxid_live *live = NULL;
  struct saxid_verdict verdict = { .struct_size = sizeof verdict };
  double q[POINTS], intensity[POINTS];
  struct saxid_curve curve = { .struct_size = sizeof curve, .n = POINTS, .q = q, .intensity = intensity };
  struct saxid_live_options options = { .struct_size = sizeof options, .entry = "/entry", .i_path = "/entry/data/I",
                                        .q_path = "/entry/data/q", .q_unit = "1/angstrom" };
  hid_t access, file, entry, data, q_array, i_array;

  if (argc < 3)
    return fprintf (stderr, "usage: live MODULE FILE\n"), 2;
  host_check (saxid->open (NULL, &context, &error), &error);
  host_check (saxid->workspace_new (context, &workspace, &error), &error);

  access = H5Pcreate (H5P_FILE_ACCESS);
  H5Pset_libver_bounds (access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  file = H5Fcreate (argv[2], H5F_ACC_TRUNC, H5P_DEFAULT, access);
  if (file < 0)
    return 1;
  entry = H5Gcreate2 (file, "entry", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  data = H5Gcreate2 (entry, "data", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  q_array = make_array (data, "q", 1);
  i_array = make_array (data, "I", 2);
  set_text (entry, "NX_class", "NXentry");
  set_text (data, "NX_class", "NXdata");
  set_text (data, "signal", "I");
  set_text (data, "axes", "q");
  set_text (q_array, "units", "1/angstrom");
  for (int k = 0; k < POINTS; k++)
    q[k] = 0.0035 + 0.00048 * k;
  H5Dwrite (q_array, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, q);

  options.file = file;
  options.path = argv[2];
  host_check (saxid->live_prepare (context, &options, &live, &error), &error);
  if (H5Fstart_swmr_write (file) < 0)
    return 1;
  for (hsize_t frame = 0; frame < FRAMES; frame++)
    {
      for (int k = 0; k < POINTS; k++)
        {
          const double x = q[k] * (50 + 5 * (double) frame); /* a sphere that grows */

          intensity[k] = 100 * pow (3 * (sin (x) - x * cos (x)) / (x * x * x), 2) + 0.01;
        }
      write_row (i_array, frame, intensity);
      host_check (saxid->live_append (live, workspace, frame, &curve, &verdict, &error), &error);
      printf ("frame %d: ", (int) frame);
      host_print (saxid, context, &verdict);
    }
  host_check (saxid->live_finish (live, &error), &error);

  H5Dclose (q_array);
  H5Dclose (i_array);
  H5Gclose (data);
  H5Gclose (entry);
  H5Fclose (file);
  H5Pclose (access);
  saxid->live_free (live);
  saxid->workspace_free (workspace);
  saxid->close (context);
  return 0;
}
