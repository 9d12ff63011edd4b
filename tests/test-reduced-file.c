/* Is what a reduction leaves behind written whole, or not at all? */
#include <glib/gstdio.h>
#include <hdf5.h>
#include <math.h>

#include "reducers/error.h"
#include "schemas/curve/reduced-file.h"

#define N 20

static const SaxidGeometry geometry = {
  .dist = 1,
  .pixel1 = 1e-4,
  .pixel2 = 1e-4,
  .wavelength = 1e-10,
};

typedef struct
{
  char *directory, *path;
  SaxidCurve *curve[2];
  SaxidReduced reduced;
} Fixture;

static const char *const sources[] = { "a.tif", "b.tif" };
static const gsize source_frames[] = { 0, 3 };

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("saxid-reduced-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->directory, "reduced.nxs", NULL);
  for (int i = 0; i < 2; i++)
    {
      SaxidCurve *curve = fixture->curve[i] = saxid_curve_new (N, TRUE, FALSE);

      for (gsize k = 0; k < N; k++)
        {
          curve->q[k] = 0.01 * (double) (k + 1);
          curve->intensity[k] = k == 2 ? NAN : (double) (100 * i) + (double) k;
          curve->sigma[k] = k == 2 ? NAN : 0.5;
        }
    }
  fixture->reduced = (SaxidReduced){
    .n_frame = 2,
    .frame = fixture->curve,
    .merged = fixture->curve[0],
    .source = sources,
    .source_frame = source_frames,
    .geometry = &geometry,
    .geometry_source = "x.poni",
    .chain = "[chain]\nreducers = integrate;\n",
    .q_unit = SAXID_Q_PER_NANOMETRE,
    .program_version = "0",
    .date = "2020-01-01T00:00:00Z",
  };
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  saxid_curve_free (fixture->curve[0]);
  saxid_curve_free (fixture->curve[1]);
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->directory), ==, 0); /* no temporary file is left */
  g_free (fixture->path);
  g_free (fixture->directory);
}

static gsize
read_doubles (const char *path, const char *name, double *values)
{
  hid_t file = H5Fopen (path, H5F_ACC_RDONLY, H5P_DEFAULT), id = H5Dopen2 (file, name, H5P_DEFAULT);
  hid_t space = H5Dget_space (id);
  hssize_t n = H5Sget_simple_extent_npoints (space);

  g_assert_cmpint (n, <=, 2 * N);
  g_assert_cmpint (H5Dread (id, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), >=, 0);
  H5Sclose (space);
  H5Dclose (id);
  H5Fclose (file);
  return (gsize) n;
}

static void
test_write (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  double values[2 * N];

  saxid_reduced_file_write (fixture->path, &fixture->reduced, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read_doubles (fixture->path, "/entry/azint1d/data/I", values), ==, 2 * N);
  g_assert_cmpfloat (values[N + 5], ==, 105);
  g_assert_true (isnan (values[2])); /* an empty bin stays empty */
  g_assert_cmpuint (read_doubles (fixture->path, "/entry/azint1d/data/radial_axis", values), ==, N);
  g_assert_cmpfloat_with_epsilon (values[0], 0.1, 1e-12); /* 1/nm */
  g_assert_cmpuint (read_doubles (fixture->path, "/entry/sasdata/Q", values), ==, N - 1);
  g_assert_cmpuint (read_doubles (fixture->path, "/entry/sasdata/I", values), ==, N - 1);
  g_assert_cmpfloat (values[2], ==, 3); /* where NXcanSAS has no place for none */
  g_assert_cmpuint (read_doubles (fixture->path, "/entry/azint1d/source/frame", values), ==, 2);
  g_assert_cmpfloat (values[1], ==, 3);
}

static void
test_replace (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  double values[2 * N];

  g_file_set_contents (fixture->path, "old", -1, NULL);
  g_assert_true (saxid_reduced_file_write (fixture->path, &fixture->reduced, NULL));
  g_assert_cmpuint (read_doubles (fixture->path, "/entry/sasdata/I", values), ==, N - 1);
}

static void
test_nothing_measured (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  for (gsize k = 0; k < N; k++)
    fixture->curve[0]->intensity[k] = NAN;
  g_file_set_contents (fixture->path, "old", -1, NULL);
  g_assert_false (saxid_reduced_file_write (fixture->path, &fixture->reduced, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_DATA);
  g_file_get_contents (fixture->path, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, "old"); /* a failure leaves what was there */
}

static void
test_no_directory (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (saxid_reduced_file_write ("/nonexistent/reduced.nxs", &fixture->reduced, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_IO);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/reduced-file/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("write", test_write);
  ADD ("replace", test_replace);
  ADD ("nothing-measured", test_nothing_measured);
  ADD ("no-directory", test_no_directory);
  return g_test_run ();
}
