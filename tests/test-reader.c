/* Does the reader say one clear line about every bad file, and read what is odd
 * but sound? Files are made here with HDF5 itself. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <hdf5.h>

#include "reducers/error.h"
#include "schemas/curve/reader.h"

#define N 40

static char *folder;

static char *
scratch (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

/* --- making files -------------------------------------------------------- */

static void
put_text (hid_t object, const char *name, const char *text)
{
  hid_t type = H5Tcopy (H5T_C_S1), space = H5Screate (H5S_SCALAR), id;

  H5Tset_size (type, strlen (text) + 1);
  id = H5Acreate2 (object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  g_assert_cmpint (H5Awrite (id, type, text), >=, 0);
  H5Aclose (id);
  H5Sclose (space);
  H5Tclose (type);
}

static hid_t
put_group (hid_t parent, const char *name, const char *nx_class)
{
  hid_t group = H5Gcreate2 (parent, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);

  g_assert_cmpint (group, >=, 0);
  if (nx_class != NULL)
    put_text (group, "NX_class", nx_class);
  return group;
}

static void
put_array (hid_t group, const char *name, hid_t stored, hid_t given, int rank, const hsize_t *size,
           const void *values, const char *unit)
{
  hid_t space = H5Screate_simple (rank, size, NULL);
  hid_t id = H5Dcreate2 (group, name, stored, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);

  g_assert_cmpint (id, >=, 0);
  if (values != NULL)
    g_assert_cmpint (H5Dwrite (id, given, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), >=, 0);
  if (unit != NULL)
    put_text (id, "units", unit);
  H5Dclose (id);
  H5Sclose (space);
}

static void
put_doubles (hid_t group, const char *name, gsize n, const double *values, const char *unit)
{
  hsize_t size = n;

  put_array (group, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 1, &size, values, unit);
}

static double q_values[N], i_values[N], s_values[N];

static void
fill_values (void)
{
  for (int k = 0; k < N; k++)
    {
      q_values[k] = 0.01 * (k + 1);
      i_values[k] = exp (-50 * q_values[k] * q_values[k]);
      s_values[k] = 0.01 * i_values[k];
    }
}

typedef struct
{
  hid_t file, entry, data;
} Made;

/* /entry/data, an NXcanSAS SASdata without fields yet. */
static Made
begin_file (const char *path)
{
  Made made;

  made.file = H5Fcreate (path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  g_assert_cmpint (made.file, >=, 0);
  made.entry = put_group (made.file, "entry", "NXentry");
  made.data = put_group (made.entry, "data", "NXdata");
  put_text (made.data, "canSAS_class", "SASdata");
  put_text (made.data, "signal", "I");
  put_text (made.data, "I_axes", "Q");
  return made;
}

static void
end_file (Made made)
{
  H5Gclose (made.data);
  H5Gclose (made.entry);
  H5Fclose (made.file);
}

static void
make_good (const char *path)
{
  Made made = begin_file (path);

  put_doubles (made.data, "Q", N, q_values, "1/A");
  put_doubles (made.data, "I", N, i_values, "1/cm");
  put_doubles (made.data, "Idev", N, s_values, "1/cm");
  end_file (made);
}

/* --- bad files: one line each --------------------------------------------- */

static void
make_text (const char *path)
{
  g_assert_true (g_file_set_contents (path, "q I\n0.1 2\n", -1, NULL));
}

static void
make_empty (const char *path)
{
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
}

static void
make_directory (const char *path)
{
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
}

static void
make_nothing (const char *path)
{
  g_unlink (path);
}

static void
make_truncated (const char *path)
{
  g_autofree char *bytes = NULL;
  gsize n;

  make_good (path);
  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  g_assert_true (g_file_set_contents (path, bytes, (gssize) (n - 600), NULL));
}

/* What a program leaves that was killed while it wrote in the latest format. */
static void
make_died (const char *path)
{
  hid_t access = H5Pcreate (H5P_FILE_ACCESS), file;
  g_autofree char *bytes = NULL;
  gsize n;

  H5Pset_libver_bounds (access, H5F_LIBVER_V110, H5F_LIBVER_V110);
  file = H5Fcreate (path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
  H5Fflush (file, H5F_SCOPE_GLOBAL);
  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  H5Fclose (file);
  H5Pclose (access);
  g_assert_true (g_file_set_contents (path, bytes, (gssize) n, NULL));
}

static void
make_no_curve (const char *path)
{
  hid_t file = H5Fcreate (path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  hid_t entry = put_group (file, "entry", "NXentry");
  hid_t one = put_group (entry, "temperature", "NXdata");
  hid_t two = put_group (entry, "empty", "NXdata");

  put_text (one, "signal", "value");
  put_text (one, "axes", "time");
  put_doubles (one, "value", N, i_values, "K");
  put_doubles (one, "time", N, q_values, "s");
  H5Gclose (two);
  H5Gclose (one);
  H5Gclose (entry);
  H5Fclose (file);
}

static void
make_nothing_inside (const char *path)
{
  H5Fclose (H5Fcreate (path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
}

static void
make_wrong_unit (const char *path)
{
  Made made = begin_file (path);

  put_doubles (made.data, "Q", N, q_values, "furlong");
  put_doubles (made.data, "I", N, i_values, NULL);
  end_file (made);
}

static void
make_implausible_unit (const char *path)
{
  Made made = begin_file (path);

  put_doubles (made.data, "Q", N, q_values, "1/m");
  put_doubles (made.data, "I", N, i_values, NULL);
  end_file (made);
}

static void
make_wide_q (const char *path)
{
  Made made = begin_file (path);
  double wide[N];

  for (int k = 0; k < N; k++)
    wide[k] = 1e3 * q_values[k];
  put_doubles (made.data, "Q", N, wide, "1/A");
  put_doubles (made.data, "I", N, i_values, NULL);
  end_file (made);
}

static void
make_negative_q (const char *path)
{
  Made made = begin_file (path);
  double negative[N];

  for (int k = 0; k < N; k++)
    negative[k] = -q_values[k];
  put_doubles (made.data, "Q", N, negative, "1/A");
  put_doubles (made.data, "I", N, i_values, NULL);
  end_file (made);
}

static void
make_string_intensity (const char *path)
{
  Made made = begin_file (path);
  hsize_t size = N;
  hid_t type = H5Tcopy (H5T_C_S1);

  H5Tset_size (type, 8);
  put_doubles (made.data, "Q", N, q_values, "1/A");
  put_array (made.data, "I", type, type, 1, &size, NULL, NULL);
  H5Tclose (type);
  end_file (made);
}

static void
make_compound_intensity (const char *path)
{
  Made made = begin_file (path);
  hsize_t size = N;
  hid_t type = H5Tcreate (H5T_COMPOUND, 16);

  H5Tinsert (type, "re", 0, H5T_IEEE_F64LE);
  H5Tinsert (type, "im", 8, H5T_IEEE_F64LE);
  put_doubles (made.data, "Q", N, q_values, "1/A");
  put_array (made.data, "I", type, type, 1, &size, NULL, NULL);
  H5Tclose (type);
  end_file (made);
}

static void
make_odd_float (const char *path)
{
  Made made = begin_file (path);
  hsize_t size = N;
  hid_t type = H5Tcopy (H5T_IEEE_F32LE);

  H5Tset_fields (type, 20, 15, 5, 0, 15);
  put_doubles (made.data, "Q", N, q_values, "1/A");
  put_array (made.data, "I", type, H5T_NATIVE_DOUBLE, 1, &size, i_values, NULL);
  H5Tclose (type);
  end_file (made);
}

static void
make_scalar (const char *path)
{
  Made made = begin_file (path);
  hid_t space = H5Screate (H5S_SCALAR);
  hid_t id = H5Dcreate2 (made.data, "I", H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);

  H5Dclose (id);
  H5Sclose (space);
  put_doubles (made.data, "Q", N, q_values, "1/A");
  end_file (made);
}

static void
make_mismatch (const char *path)
{
  Made made = begin_file (path);

  put_doubles (made.data, "Q", N - 1, q_values, "1/A");
  put_doubles (made.data, "I", N, i_values, NULL);
  end_file (made);
}

static void
make_no_q (const char *path)
{
  Made made = begin_file (path);

  put_doubles (made.data, "I", N, i_values, NULL);
  end_file (made);
}

static void
make_two_dimensional (const char *path)
{
  Made made = begin_file (path);
  hsize_t size[2] = { 5, 8 };

  put_array (made.data, "I", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 2, size, i_values, NULL);
  put_array (made.data, "Qx", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 2, size, q_values, "1/A");
  put_array (made.data, "Qy", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 2, size, q_values, "1/A");
  end_file (made);
}

/* Chunked, never written: a few hundred bytes claim 8 TB. */
static void
make_absurd (const char *path)
{
  Made made = begin_file (path);
  hsize_t size[2] = { 1000000000000 / N, N }, chunk[2] = { 1, N };
  hid_t space = H5Screate_simple (2, size, NULL), creation = H5Pcreate (H5P_DATASET_CREATE);
  hid_t id;

  H5Pset_chunk (creation, 2, chunk);
  id = H5Dcreate2 (made.data, "I", H5T_IEEE_F64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  H5Dclose (id);
  H5Pclose (creation);
  H5Sclose (space);
  put_doubles (made.data, "Q", N, q_values, "1/A");
  end_file (made);
}

/* One chunk that would unpack to 2 GB. */
static void
make_bomb (const char *path)
{
  Made made = begin_file (path);
  hsize_t size[2] = { 10000000, N }, chunk[2] = { 6000000, N };
  hid_t space = H5Screate_simple (2, size, NULL), creation = H5Pcreate (H5P_DATASET_CREATE);
  hid_t id;

  H5Pset_chunk (creation, 2, chunk);
  H5Pset_deflate (creation, 9);
  id = H5Dcreate2 (made.data, "I", H5T_IEEE_F64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  H5Dclose (id);
  H5Pclose (creation);
  H5Sclose (space);
  put_doubles (made.data, "Q", N, q_values, "1/A");
  end_file (made);
}

static void
make_long_curve (const char *path)
{
  Made made = begin_file (path);
  gsize n = (1 << 20) + 1;
  g_autofree double *many = g_new (double, n);

  for (gsize k = 0; k < n; k++)
    many[k] = 1e-6 * (double) (k + 1);
  put_doubles (made.data, "Q", n, many, "1/A");
  put_doubles (made.data, "I", n, many, NULL);
  end_file (made);
}

static void
make_no_frames (const char *path)
{
  Made made = begin_file (path);
  hsize_t size[2] = { 0, N }, most[2] = { H5S_UNLIMITED, N }, chunk[2] = { 1, N };
  hid_t space = H5Screate_simple (2, size, most), creation = H5Pcreate (H5P_DATASET_CREATE);

  H5Pset_chunk (creation, 2, chunk);
  H5Dclose (H5Dcreate2 (made.data, "I", H5T_IEEE_F64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT));
  H5Pclose (creation);
  H5Sclose (space);
  put_doubles (made.data, "Q", N, q_values, "1/A");
  end_file (made);
}

static void
make_external_storage (const char *path)
{
  Made made = begin_file (path);
  hsize_t size = N;
  hid_t space = H5Screate_simple (1, &size, NULL), creation = H5Pcreate (H5P_DATASET_CREATE);

  H5Pset_external (creation, "/etc/passwd", 0, N * 8);
  H5Dclose (H5Dcreate2 (made.data, "I", H5T_IEEE_F64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT));
  H5Pclose (creation);
  H5Sclose (space);
  put_doubles (made.data, "Q", N, q_values, "1/A");
  end_file (made);
}

static void
make_external_link (const char *path)
{
  Made made = begin_file (path);

  H5Lcreate_external ("elsewhere.h5", "/secret", made.data, "I", H5P_DEFAULT, H5P_DEFAULT);
  put_doubles (made.data, "Q", N, q_values, "1/A");
  end_file (made);
}

static void
make_dangling (const char *path)
{
  Made made = begin_file (path);

  H5Lcreate_soft ("/entry/data/J", made.data, "I", H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_soft ("/entry/data/I", made.data, "J", H5P_DEFAULT, H5P_DEFAULT);
  put_doubles (made.data, "Q", N, q_values, "1/A");
  end_file (made);
}

typedef struct
{
  const char *name;
  void (*make) (const char *path);
  int code;
  const char *message; /* %s: the path */
} BadFile;

static const BadFile bad_files[] = {
  { "text", make_text, SAXID_ERROR_FORMAT, "not an HDF5 file (%s)" },
  { "empty", make_empty, SAXID_ERROR_FORMAT, "file is empty (%s)" },
  { "directory", make_directory, SAXID_ERROR_IO, "a directory is no data file (%s)" },
  { "missing", make_nothing, SAXID_ERROR_IO, "file cannot be opened: No such file or directory (%s)" },
  { "truncated", make_truncated, SAXID_ERROR_FORMAT,
    "HDF5 file is truncated or damaged (%s)" },
  { "died", make_died, SAXID_ERROR_FORMAT, "HDF5 file is open for writing, or its writer died (%s)" },
  { "no-curve", make_no_curve, SAXID_ERROR_NO_CURVE,
    "no curve found in 4 groups, looked for NXcanSAS, NXazint1d, pyFAI, NXmonopd, NXdata; /entry/empty: NXdata"
    " group without a signal; /entry/temperature: axis time is in 's', which is no unit of q (no-curve)" },
  { "nothing-inside", make_nothing_inside, SAXID_ERROR_NO_CURVE,
    "no curve found in 1 group, looked for NXcanSAS, NXazint1d, pyFAI, NXmonopd, NXdata (nothing-inside)" },
  { "wrong-unit", make_wrong_unit, SAXID_ERROR_UNIT,
    "unit of q is Q@units = 'furlong', known are 1/Å (1/A, 1/angstrom, A^-1), 1/nm, 1/µm, 1/m (wrong-unit,"
    " /entry/data)" },
  { "implausible-unit", make_implausible_unit, SAXID_ERROR_UNIT,
    "q would run from 1e-12 to 4e-11 1/Å, no small-angle curve does: units '1/m' of /entry/data/Q are wrong,"
    " or it is not q (implausible-unit, /entry/data)" },
  { "wide-q", make_wide_q, SAXID_ERROR_UNIT,
    "q would run from 10 to 400 1/Å, no small-angle curve does: units '1/A' of /entry/data/Q are wrong,"
    " or it is not q (wide-q, /entry/data)" },
  { "negative-q", make_negative_q, SAXID_ERROR_DATA,
    "none of the 40 values of q is positive (negative-q, /entry/data)" },
  { "string-intensity", make_string_intensity, SAXID_ERROR_FORMAT,
    "intensity is text, numbers are needed (string-intensity, /entry/data)" },
  { "compound-intensity", make_compound_intensity, SAXID_ERROR_FORMAT,
    "intensity is a compound, numbers are needed (compound-intensity, /entry/data)" },
  { "odd-float", make_odd_float, SAXID_ERROR_FORMAT,
    "intensity is stored in floats of an unusual kind, plain ones of up to 64 bits are read (odd-float,"
    " /entry/data)" },
  { "scalar", make_scalar, SAXID_ERROR_FORMAT,
    "intensity is a single value, a curve is needed (scalar, /entry/data)" },
  { "mismatch", make_mismatch, SAXID_ERROR_DATA,
    "q [39] and intensity [40] differ in length (mismatch, /entry/data)" },
  { "no-q", make_no_q, SAXID_ERROR_NO_CURVE, "intensity I has no axis q beside it (no-q, /entry/data)" },
  { "two-dimensional", make_two_dimensional, SAXID_ERROR_NO_CURVE,
    "2-D only (Qx, Qy): reduce it to I(q) first (two-dimensional, /entry/data)" },
  { "absurd", make_absurd, SAXID_ERROR_LIMIT, NULL },
  { "bomb", make_bomb, SAXID_ERROR_LIMIT,
    "intensity is stored in chunks of more than 268435456 bytes (bomb, /entry/data)" },
  { "long-curve", make_long_curve, SAXID_ERROR_LIMIT,
    "intensity [1048577] is larger than 1073741824 frames of 1048576 points (long-curve, /entry/data)" },
  { "no-frames", make_no_frames, SAXID_ERROR_DATA,
    "intensity [0 × 40] holds no points yet (no-frames, /entry/data)" },
  { "external-storage", make_external_storage, SAXID_ERROR_UNSUPPORTED,
    "intensity is stored outside of the file, where it is followed only on request (external-storage, /entry/data)" },
  { "external-link", make_external_link, SAXID_ERROR_UNSUPPORTED, NULL },
  { "link-loop", make_dangling, SAXID_ERROR_NO_CURVE,
    "intensity I is no data set that can be opened (link-loop, /entry/data)" },
};

/* HDF5's handler is the host's: it must stay, and never be called. */
static int handler_calls;

static herr_t
handler (hid_t stack, void *data)
{
  (void) stack;
  (void) data;
  handler_calls++;
  return 0;
}

static void
check_handler (void)
{
  H5E_auto2_t found;
  void *data;

  H5Eget_auto2 (H5E_DEFAULT, &found, &data);
  g_assert_true (found == handler && data == &handler_calls);
  g_assert_cmpint (handler_calls, ==, 0);
}

static void
test_bad_file (gconstpointer data)
{
  const BadFile *bad = data;
  g_autofree char *path = scratch (bad->name);
  g_autofree char *message = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidReader) reader = NULL;

  bad->make (path);
  reader = saxid_reader_open (path, NULL, &error);
  g_assert_null (reader);
  g_assert_error (error, SAXID_ERROR, bad->code);
  g_assert_null (strchr (error->message, '\n'));
  if (bad->message != NULL)
    {
      const char *at = strstr (bad->message, "%s");

      message = at == NULL ? g_strdup (bad->message)
                           : g_strdup_printf ("%.*s%s%s", (int) (at - bad->message), bad->message, path, at + 2);
      g_assert_cmpstr (error->message, ==, message);
    }
  g_assert_cmpint (H5Fget_obj_count ((hid_t) H5F_OBJ_ALL, H5F_OBJ_ALL), ==, 0);
  check_handler ();
}

static void
test_messages_that_name_sizes (void)
{
  g_autofree char *absurd = scratch ("absurd-again");
  g_autofree char *external = scratch ("external-again");
  g_autoptr (GError) error = NULL;

  make_absurd (absurd);
  g_assert_null (saxid_reader_open (absurd, NULL, &error));
  g_assert_true (g_str_has_prefix (error->message,
                                   "intensity [25000000000 × 40] would be 8000000000000 bytes, the file has "));
  g_clear_error (&error);
  make_external_link (external);
  g_assert_null (saxid_reader_open (external, NULL, &error));
  g_assert_cmpstr (error->message, ==,
                   "intensity I lies in another file (elsewhere.h5:/secret), which is not followed"
                   " (external-again, /entry/data)");
}

static void
test_no_permission (void)
{
  g_autofree char *path = scratch ("closed");
  g_autofree char *message = g_strdup_printf ("file cannot be opened: Permission denied (%s)", path);
  g_autoptr (GError) error = NULL;

  if (geteuid () == 0)
    {
      g_test_skip ("root may read everything");
      return;
    }
  make_good (path);
  g_assert_cmpint (g_chmod (path, 0), ==, 0);
  g_assert_null (saxid_reader_open (path, NULL, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_IO);
  g_assert_cmpstr (error->message, ==, message);
}

/* --- odd files that are read ----------------------------------------------- */

static SaxidReader *
open_made (const char *path)
{
  g_autoptr (GError) error = NULL;
  SaxidReader *reader = saxid_reader_open (path, NULL, &error);

  g_assert_no_error (error);
  return reader;
}

static SaxidCurve *
only_curve (SaxidReader *reader)
{
  g_autoptr (GError) error = NULL;
  SaxidCurve *curve;

  g_assert_cmpuint (saxid_reader_source_count (reader), ==, 1);
  curve = saxid_reader_curve (reader, 0, 0, &error);
  g_assert_no_error (error);
  return curve;
}

static void
test_good (void)
{
  g_autofree char *path = scratch ("good");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize n_before, n_after;
  const SaxidSource *source;

  make_good (path);
  g_assert_true (g_file_get_contents (path, &before, &n_before, NULL));
  {
    g_autoptr (SaxidReader) reader = open_made (path);
    g_autoptr (SaxidCurve) curve = only_curve (reader);

    source = saxid_reader_source (reader, 0);
    g_assert_cmpstr (source->entry, ==, "/entry");
    g_assert_cmpstr (source->i_path, ==, "/entry/data/I");
    g_assert_cmpstr (source->sigma_path, ==, "/entry/data/Idev");
    g_assert_cmpstr (source->dialect, ==, "NXcanSAS");
    g_assert_cmpfloat (source->i_per_cm, ==, 1);
    g_assert_null (source->notes[0]);
    g_assert_cmpmem (curve->q, N * sizeof (double), q_values, sizeof q_values);
    g_assert_cmpmem (curve->intensity, N * sizeof (double), i_values, sizeof i_values);
    g_assert_cmpmem (curve->sigma, N * sizeof (double), s_values, sizeof s_values);
    g_assert_null (curve->dq);
  }
  g_assert_cmpint (H5Fget_obj_count ((hid_t) H5F_OBJ_ALL, H5F_OBJ_ALL), ==, 0);
  g_assert_true (g_file_get_contents (path, &after, &n_after, NULL));
  g_assert_cmpmem (before, n_before, after, n_after);
  check_handler ();
}

/* Reader and cleaning together: what a file may hold and a curve may not. */
static void
test_cleaning (void)
{
  g_autofree char *path = scratch ("dirty");
  double q[N], i[N];
  Made made;
  SaxidCurveRepairs repairs;
  g_autoptr (SaxidReader) reader = NULL;
  g_autoptr (SaxidCurve) curve = NULL;

  for (int k = 0; k < N; k++)
    {
      q[k] = q_values[N - 1 - k]; /* descending */
      i[k] = i_values[N - 1 - k];
    }
  q[3] = 0;
  q[4] = -0.2;
  i[7] = NAN;
  made = begin_file (path);
  put_doubles (made.data, "Q", N, q, "1/A");
  put_doubles (made.data, "I", N, i, NULL);
  end_file (made);

  reader = open_made (path);
  curve = only_curve (reader);
  g_assert_null (curve->sigma);
  g_assert_null (saxid_reader_source (reader, 0)->sigma_path);
  g_assert_cmpfloat (curve->q[4], ==, -0.2);
  g_assert_true (isnan (curve->intensity[7]));
  g_assert_true (saxid_curve_clean (curve, &repairs, NULL));
  g_assert_cmpuint (curve->n, ==, N - 3);
  g_assert_true (repairs.reordered);
  g_assert_cmpfloat (curve->q[0], ==, q_values[0]);
}

static void
test_few_points (void)
{
  g_autofree char *path = scratch ("few");
  Made made = begin_file (path);
  g_autoptr (SaxidReader) reader = NULL;
  g_autoptr (SaxidCurve) curve = NULL;
  g_autoptr (GError) error = NULL;

  put_doubles (made.data, "Q", 15, q_values, "1/A");
  put_doubles (made.data, "I", 15, i_values, NULL);
  end_file (made);
  reader = open_made (path);
  curve = only_curve (reader);
  g_assert_false (saxid_curve_clean (curve, NULL, &error));
  g_assert_cmpstr (error->message, ==, "q grid has 15 usable points of 15, 16 are needed");
}

static void
test_missing_unit_is_noted (void)
{
  g_autofree char *path = scratch ("no-unit");
  Made made = begin_file (path);
  g_autoptr (SaxidReader) reader = NULL;

  put_doubles (made.data, "Q", N, q_values, NULL);
  put_doubles (made.data, "I", N, i_values, "photons/hour");
  end_file (made);
  reader = open_made (path);
  g_assert_null (saxid_reader_source (reader, 0)->q_unit);
  g_assert_cmpstr (saxid_reader_source (reader, 0)->notes[0], ==,
                   "/entry/data/Q has no units: 1/Å assumed");
  g_assert_cmpstr (saxid_reader_source (reader, 0)->notes[1], ==,
                   "intensity is in 'photons/hour', taken as arbitrary");
}

static void
test_sigma_that_does_not_fit (void)
{
  g_autofree char *path = scratch ("bad-sigma");
  Made made = begin_file (path);
  g_autoptr (SaxidReader) reader = NULL;
  g_autoptr (SaxidCurve) curve = NULL;

  put_doubles (made.data, "Q", N, q_values, "1/A");
  put_doubles (made.data, "I", N, i_values, NULL);
  put_doubles (made.data, "Idev", N - 2, s_values, NULL);
  end_file (made);
  reader = open_made (path);
  curve = only_curve (reader);
  g_assert_null (curve->sigma);
  g_assert_cmpstr (saxid_reader_source (reader, 0)->notes[0], ==,
                   "sigma [38] does not fit intensity [40]: left out");
}

static void
test_texts_of_any_kind (void)
{
  g_autofree char *path = scratch ("texts");
  hid_t file = H5Fcreate (path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  hid_t entry = put_group (file, "entry", NULL), data = put_group (entry, "data", NULL);
  hid_t variable = H5Tcopy (H5T_C_S1), padded = H5Tcopy (H5T_C_S1), raw = H5Tcopy (H5T_C_S1);
  hid_t scalar = H5Screate (H5S_SCALAR), id, one;
  const hsize_t size = 1;
  const char *sas_class = "SASdata", *signal = "I";
  g_autoptr (SaxidReader) reader = NULL;

  H5Tset_size (variable, H5T_VARIABLE);
  one = H5Screate_simple (1, &size, NULL);
  id = H5Acreate2 (data, "canSAS_class", variable, one, H5P_DEFAULT, H5P_DEFAULT);
  H5Awrite (id, variable, &sas_class);
  H5Aclose (id);
  id = H5Acreate2 (data, "signal", variable, scalar, H5P_DEFAULT, H5P_DEFAULT);
  H5Awrite (id, variable, &signal);
  H5Aclose (id);
  H5Tset_size (padded, 6);
  H5Tset_strpad (padded, H5T_STR_SPACEPAD);
  id = H5Acreate2 (data, "I_axes", padded, one, H5P_DEFAULT, H5P_DEFAULT);
  H5Awrite (id, padded, "Q     ");
  H5Aclose (id);
  H5Tset_size (raw, 4); /* no room for a terminator; Latin-1 */
  H5Tset_strpad (raw, H5T_STR_NULLPAD);
  put_doubles (data, "Q", N, q_values, NULL);
  id = H5Oopen (data, "Q", H5P_DEFAULT);
  one = H5Acreate2 (id, "units", raw, scalar, H5P_DEFAULT, H5P_DEFAULT);
  H5Awrite (one, raw, "\xC5^-1");
  H5Aclose (one);
  H5Oclose (id);
  put_doubles (data, "I", N, i_values, NULL);
  H5Tclose (variable);
  H5Tclose (padded);
  H5Tclose (raw);
  H5Sclose (scalar);
  H5Gclose (data);
  H5Gclose (entry);
  H5Fclose (file);

  reader = open_made (path);
  g_assert_cmpstr (saxid_reader_source (reader, 0)->q_unit, ==, "Å^-1");
}

static void
test_cycles (void)
{
  g_autofree char *path = scratch ("cycles");
  Made made = begin_file (path);
  g_autoptr (SaxidReader) reader = NULL;

  put_doubles (made.data, "Q", N, q_values, "1/A");
  put_doubles (made.data, "I", N, i_values, NULL);
  H5Lcreate_hard (made.file, "/", made.data, "root", H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_hard (made.file, "/entry", made.entry, "self", H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_soft ("/entry", made.data, "up", H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_soft ("/loop", made.file, "loop", H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_hard (made.file, "/entry/data", made.file, "again", H5P_DEFAULT, H5P_DEFAULT);
  end_file (made);
  reader = open_made (path);
  g_assert_cmpuint (saxid_reader_source_count (reader), ==, 1);
}

static void
test_object_limit (void)
{
  g_autofree char *path = scratch ("many");
  hid_t file = H5Fcreate (path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  SaxidReadOptions options = { .max_objects = 50 };
  g_autoptr (GError) error = NULL;

  for (int k = 0; k < 100; k++)
    {
      g_autofree char *name = g_strdup_printf ("g%d", k);

      H5Gclose (put_group (file, name, NULL));
    }
  H5Fclose (file);
  g_assert_null (saxid_reader_open (path, &options, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT);
  g_assert_nonnull (strstr (error->message, "stopped after 50 objects"));
}

static void
test_depth_limit (void)
{
  g_autofree char *path = scratch ("deep");
  Made made = begin_file (path);
  hid_t at = H5Gopen2 (made.entry, ".", H5P_DEFAULT);
  g_autoptr (SaxidReader) reader = NULL;

  put_doubles (made.data, "Q", N, q_values, "1/A");
  put_doubles (made.data, "I", N, i_values, NULL);
  for (int k = 0; k < 3000; k++)
    {
      hid_t next = put_group (at, "d", NULL);

      H5Gclose (at);
      at = next;
    }
  H5Gclose (at);
  end_file (made);
  reader = open_made (path);
  g_assert_cmpuint (saxid_reader_source_count (reader), ==, 1);
}

/* The group that saxid writes is an NXdata, and no curve. */
static void
test_own_group_is_no_curve (void)
{
  g_autofree char *path = scratch ("own");
  Made made = begin_file (path);
  hid_t process = put_group (made.entry, "saxid", "NXprocess"), result = put_group (process, "result", "NXdata");
  hid_t type = H5Tcopy (H5T_C_S1), space = H5Screate (H5S_SCALAR), id;
  g_autoptr (SaxidReader) reader = NULL;

  put_doubles (made.data, "Q", N, q_values, "1/A");
  put_doubles (made.data, "I", N, i_values, NULL);
  H5Tset_size (type, 6);
  id = H5Dcreate2 (process, "program", type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  H5Dwrite (id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, "saxid");
  H5Dclose (id);
  put_text (result, "signal", "probability");
  put_doubles (result, "probability", N, q_values, NULL);
  H5Sclose (space);
  H5Tclose (type);
  H5Gclose (result);
  H5Gclose (process);
  end_file (made);
  reader = open_made (path);
  g_assert_cmpuint (saxid_reader_source_count (reader), ==, 1);
  g_assert_cmpuint (saxid_reader_refusal_count (reader), ==, 0);
}

/* A sparse stack of 200 000 frames: read at both ends, in bounded memory. */
static void
test_large_stack (void)
{
  g_autofree char *path = scratch ("stack");
  Made made = begin_file (path);
  hsize_t size[2] = { 200000, N }, chunk[2] = { 1000, N }, start[2] = { 199999, 0 }, count[2] = { 1, N };
  hid_t space = H5Screate_simple (2, size, NULL), creation = H5Pcreate (H5P_DATASET_CREATE);
  hid_t memory = H5Screate_simple (2, count, NULL), id;
  g_autoptr (SaxidReader) reader = NULL;
  g_autoptr (SaxidCurve) first = NULL;
  g_autoptr (SaxidCurve) last = NULL;

  H5Pset_chunk (creation, 2, chunk);
  H5Pset_deflate (creation, 1);
  id = H5Dcreate2 (made.data, "I", H5T_IEEE_F64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  H5Sselect_hyperslab (space, H5S_SELECT_SET, start, NULL, count, NULL);
  g_assert_cmpint (H5Dwrite (id, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, i_values), >=, 0);
  H5Dclose (id);
  H5Pclose (creation);
  H5Sclose (memory);
  H5Sclose (space);
  put_doubles (made.data, "Q", N, q_values, "1/A");
  put_doubles (made.entry, "ballast", N, q_values, NULL);
  {
    g_autofree double *ballast = g_new0 (double, 4000);

    put_doubles (made.entry, "more", 4000, ballast, NULL);
  }
  end_file (made);
  reader = open_made (path);
  g_assert_cmpuint (saxid_reader_source (reader, 0)->n_frame, ==, 200000);
  last = saxid_reader_curve (reader, 0, 199999, NULL);
  first = saxid_reader_curve (reader, 0, 0, NULL);
  g_assert_cmpmem (last->intensity, N * sizeof (double), i_values, sizeof i_values);
  g_assert_cmpfloat (first->intensity[0], ==, 0);
}

static const char *volatile swmr_path;

/* Read while another program writes it in SWMR mode, as a detector does. */
static void
test_swmr (void)
{
  g_autofree char *path = scratch ("swmr");
  hid_t access = H5Pcreate (H5P_FILE_ACCESS), file;
  Made made;
  pid_t child;
  int status, ready[2], done[2];
  char byte = 0;

  swmr_path = path; /* the child never frees it, and a leak checker looks for it */
  g_assert_cmpint (pipe (ready), ==, 0);
  g_assert_cmpint (pipe (done), ==, 0);
  child = fork ();
  if (child == 0)
    {
      H5Pset_libver_bounds (access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
      file = H5Fcreate (path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
      made.file = file;
      made.entry = put_group (file, "entry", "NXentry");
      made.data = put_group (made.entry, "data", "NXdata");
      put_text (made.data, "canSAS_class", "SASdata");
      put_doubles (made.data, "Q", N, q_values, "1/A");
      put_doubles (made.data, "I", N, i_values, NULL);
      H5Gclose (made.data);
      H5Gclose (made.entry);
      if (H5Fstart_swmr_write (file) < 0 || write (ready[1], "x", 1) != 1 || read (done[0], &byte, 1) != 1)
        _exit (1);
      kill (getpid (), SIGKILL); /* as programs end that nobody closes */
    }
  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  {
    g_autoptr (SaxidReader) reader = open_made (path);
    g_autoptr (SaxidCurve) curve = only_curve (reader);

    g_assert_cmpmem (curve->intensity, N * sizeof (double), i_values, sizeof i_values);
    g_assert_true (saxid_reader_is_growing (path));
  }
  g_assert_cmpint (write (done[1], "x", 1), ==, 1);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
  H5Pclose (access);
}

/* Intensities that are a frame ahead of their uncertainties, and the other way round. */
static void
test_growing (void)
{
  const struct { hsize_t i, sigma; } cases[] = { { 3, 2 }, { 2, 3 }, { 3, 3 } };
  const SaxidReadOptions growing = { .growing = TRUE };
  static double stack[3 * N];

  for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autofree char *path = scratch ("growing");
      const hsize_t i[2] = { cases[k].i, N }, sigma[2] = { cases[k].sigma, N };
      Made made = begin_file (path);
      g_autoptr (SaxidReader) at_rest = NULL, reader = NULL;
      g_autoptr (SaxidCurve) curve = NULL;
      g_autoptr (GError) error = NULL;

      for (guint frame = 0; frame < 3; frame++)
        memcpy (stack + frame * N, i_values, sizeof i_values);
      put_doubles (made.data, "Q", N, q_values, "1/A");
      put_array (made.data, "I", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 2, i, stack, NULL);
      put_array (made.data, "Idev", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 2, sigma, stack, NULL);
      end_file (made);
      g_assert_false (saxid_reader_is_growing (path));
      reader = saxid_reader_open (path, &growing, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (saxid_reader_source (reader, 0)->n_frame, ==, MIN (cases[k].i, cases[k].sigma));
      curve = only_curve (reader);
      g_assert_cmpmem (curve->sigma, N * sizeof (double), i_values, sizeof i_values);

      at_rest = open_made (path);
      g_assert_cmpuint (saxid_reader_source (at_rest, 0)->n_frame, ==, cases[k].i);
      g_assert_cmpint (saxid_reader_source (at_rest, 0)->sigma_path != NULL, ==, cases[k].i == cases[k].sigma);
    }
}

static void
test_unit_option (void)
{
  g_autofree char *path = scratch ("unit-option");
  SaxidReadOptions options = { .q_unit = "1/nm" };
  SaxidReadOptions wrong = { .q_unit = "parsec" };
  g_autoptr (SaxidReader) reader = NULL;
  g_autoptr (SaxidCurve) curve = NULL;
  g_autoptr (GError) error = NULL;

  make_good (path);
  reader = saxid_reader_open (path, &options, NULL);
  curve = saxid_reader_curve (reader, 0, 0, NULL);
  g_assert_cmpfloat (curve->q[0], ==, q_values[0] / 10);
  g_assert_cmpstr (saxid_reader_source (reader, 0)->notes[0], ==,
                   "/entry/data/Q says units '1/A': '1/nm' used as asked");
  g_assert_null (saxid_reader_open (path, &wrong, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
}

static void
remove_all (const char *path)
{
  const char *name;
  GDir *dir = g_dir_open (path, 0, NULL);

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      g_remove (child);
    }
  if (dir != NULL)
    g_dir_close (dir);
  g_rmdir (path);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("saxid-reader-XXXXXX", NULL);
  fill_values ();
  H5Eset_auto2 (H5E_DEFAULT, handler, &handler_calls);

  for (gsize k = 0; k < G_N_ELEMENTS (bad_files); k++)
    {
      g_autofree char *name = g_strconcat ("/reader/bad/", bad_files[k].name, NULL);

      g_test_add_data_func (name, &bad_files[k], test_bad_file);
    }
  g_test_add_func ("/reader/bad/sizes-named", test_messages_that_name_sizes);
  g_test_add_func ("/reader/bad/no-permission", test_no_permission);
  g_test_add_func ("/reader/good", test_good);
  g_test_add_func ("/reader/cleaning", test_cleaning);
  g_test_add_func ("/reader/few-points", test_few_points);
  g_test_add_func ("/reader/missing-unit", test_missing_unit_is_noted);
  g_test_add_func ("/reader/sigma-that-does-not-fit", test_sigma_that_does_not_fit);
  g_test_add_func ("/reader/texts-of-any-kind", test_texts_of_any_kind);
  g_test_add_func ("/reader/cycles", test_cycles);
  g_test_add_func ("/reader/object-limit", test_object_limit);
  g_test_add_func ("/reader/depth-limit", test_depth_limit);
  g_test_add_func ("/reader/own-group", test_own_group_is_no_curve);
  g_test_add_func ("/reader/large-stack", test_large_stack);
  g_test_add_func ("/reader/swmr", test_swmr);
  g_test_add_func ("/reader/growing", test_growing);
  g_test_add_func ("/reader/unit-option", test_unit_option);
  result = g_test_run ();
  remove_all (folder);
  g_free (folder);
  return result;
}
