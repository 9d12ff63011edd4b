/* Is a data set whole, or not there at all, and is a damaged one refused? */
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "reducers/error.h"
#include "schemas/hdf5/input.h"
#include "schemas/learn/dataset.h"

#define N_Q 30
#define N_PARAMETER 3
#define COUNT 100

static char *directory;

static char *
in_directory (const char *name)
{
  return g_build_filename (directory, name, NULL);
}

static void
assert_empty_directory (void)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);

  g_assert_null (g_dir_read_name (dir));
}

static void
fill_header (SaxidDatasetHeader *header)
{
  static const char *const names[] = { "width", "scale", "radius", "width", "scale", "", NULL };

  *header = (SaxidDatasetHeader) { .n_q = N_Q, .n_parameter = N_PARAMETER, .seed = G_MAXUINT64 - 1 };
  header->q = g_new (double, N_Q);
  for (gsize k = 0; k < N_Q; k++)
    header->q[k] = 0.01 * (double) (k + 1);
  header->class_name = g_strsplit ("round,long", ",", -1);
  header->parameter_name = g_strdupv ((char **) names);
  header->population = g_strdup ("toy");
  header->instrument = g_strdup ("ruler");
  header->program_version = g_strdup ("1");
}

typedef struct
{
  float intensity[COUNT * N_Q], sigma[COUNT * N_Q];
  guint8 label[COUNT];
  double parameter[COUNT * N_PARAMETER];
} Rows;

static Rows *
make_rows (void)
{
  Rows *rows = g_new (Rows, 1);

  for (gsize k = 0; k < COUNT * N_Q; k++)
    {
      rows->intensity[k] = (float) (sin ((double) k) * 100);
      rows->sigma[k] = (float) k;
    }
  for (gsize k = 0; k < COUNT; k++)
    rows->label[k] = (guint8) (k % 2);
  for (gsize k = 0; k < COUNT * N_PARAMETER; k++)
    rows->parameter[k] = k % 7 == 0 ? NAN : 1.0 / (double) k;
  return rows;
}

static SaxidDatasetWriter *
begin_set (const char *path)
{
  SaxidDatasetHeader header;
  g_autoptr (GError) error = NULL;
  SaxidDatasetWriter *writer;

  fill_header (&header);
  writer = saxid_dataset_writer_new (path, &header, &error);
  g_assert_no_error (error);
  saxid_dataset_header_clear (&header);
  return writer;
}

/* In blocks that do not match the chunks. */
static void
write_set (const char *path)
{
  g_autoptr (SaxidDatasetWriter) writer = begin_set (path);
  g_autoptr (GError) error = NULL;
  g_autofree Rows *rows = make_rows ();

  for (gsize at = 0, count = 37; at < COUNT; at += count)
    {
      count = MIN (count, COUNT - at);
      g_assert_true (saxid_dataset_writer_append (writer,
                                                  &(SaxidDatasetRows) {
                                                    .count = count,
                                                    .intensity = rows->intensity + at * N_Q,
                                                    .sigma = rows->sigma + at * N_Q,
                                                    .label = rows->label + at,
                                                    .parameter = rows->parameter + at * N_PARAMETER },
                                                  &error));
    }
  g_assert_true (saxid_dataset_writer_finish (writer, &error));
  g_assert_no_error (error);
}

/* HDF5 itself must not meet the limit: it would crash the process at its end. */
static void
test_no_room (void)
{
  g_autofree char *path = in_directory ("no-room.h5");

  if (g_test_subprocess ())
    {
      const struct rlimit limit = { 50000, 50000 };
      g_autoptr (SaxidDatasetWriter) writer = begin_set (path);
      g_autoptr (GError) error = NULL;
      g_autofree Rows *rows = make_rows ();

      signal (SIGXFSZ, SIG_IGN);
      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
      g_assert_false (saxid_dataset_writer_append (writer,
                                                   &(SaxidDatasetRows) { .count = COUNT, .intensity = rows->intensity,
                                                                         .sigma = rows->sigma, .label = rows->label,
                                                                         .parameter = rows->parameter },
                                                   &error));
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_IO);
      g_assert_nonnull (strstr (error->message, "cannot find room for curves 0 to "));
      g_clear_pointer (&writer, saxid_dataset_writer_free);
      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
      exit (0);
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("");
}

static void
test_round_trip (void)
{
  g_autofree char *path = in_directory ("set.h5");
  g_autofree Rows *rows = make_rows ();
  g_autoptr (SaxidDataset) set = NULL;
  g_autoptr (GError) error = NULL;
  SaxidDatasetHeader header;

  write_set (path);
  set = saxid_dataset_read (path, &error);
  g_assert_no_error (error);
  fill_header (&header);
  g_assert_cmpuint (set->header.n_q, ==, N_Q);
  g_assert_cmpuint (set->header.n_parameter, ==, N_PARAMETER);
  g_assert_cmpuint (set->header.seed, ==, header.seed);
  g_assert_cmpmem (set->header.q, N_Q * sizeof (double), header.q, N_Q * sizeof (double));
  g_assert_true (g_strv_equal ((const char *const *) set->header.class_name,
                               (const char *const *) header.class_name));
  g_assert_true (g_strv_equal ((const char *const *) set->header.parameter_name,
                               (const char *const *) header.parameter_name));
  g_assert_cmpstr (set->header.population, ==, "toy");
  g_assert_cmpstr (set->header.instrument, ==, "ruler");
  g_assert_false (set->header.noiseless);
  g_assert_cmpuint (set->n_curve, ==, COUNT);
  g_assert_cmpmem (set->intensity, sizeof rows->intensity, rows->intensity, sizeof rows->intensity);
  g_assert_cmpmem (set->sigma, sizeof rows->sigma, rows->sigma, sizeof rows->sigma);
  g_assert_cmpmem (set->label, sizeof rows->label, rows->label, sizeof rows->label);
  g_assert_cmpmem (set->parameter, sizeof rows->parameter, rows->parameter, sizeof rows->parameter);
  saxid_dataset_header_clear (&header);
  g_unlink (path);
  assert_empty_directory ();
}

/* Nothing under the final name before the end, and nothing at all without it. */
static void
test_never_half (void)
{
  g_autofree char *path = in_directory ("half.h5");
  g_autofree Rows *rows = make_rows ();
  SaxidDatasetWriter *writer;
  SaxidDatasetHeader header;

  fill_header (&header);
  writer = saxid_dataset_writer_new (path, &header, NULL);
  saxid_dataset_header_clear (&header);
  g_assert_nonnull (writer);
  g_assert_true (saxid_dataset_writer_append (writer,
                                              &(SaxidDatasetRows) { .count = COUNT,
                                                                    .intensity = rows->intensity,
                                                                    .sigma = rows->sigma,
                                                                    .label = rows->label,
                                                                    .parameter = rows->parameter },
                                              NULL));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  saxid_dataset_writer_free (writer);
  assert_empty_directory ();
}

/* The set that was there stays until the new one is whole. */
static void
test_old_one_stays (void)
{
  g_autofree char *path = in_directory ("old.h5");
  g_autofree char *before = NULL, *after = NULL;
  gsize size_before, size_after;
  SaxidDatasetWriter *writer;
  SaxidDatasetHeader header;

  write_set (path);
  g_assert_true (g_file_get_contents (path, &before, &size_before, NULL));
  fill_header (&header);
  writer = saxid_dataset_writer_new (path, &header, NULL);
  saxid_dataset_header_clear (&header);
  saxid_dataset_writer_free (writer);
  g_assert_true (g_file_get_contents (path, &after, &size_after, NULL));
  g_assert_cmpmem (before, size_before, after, size_after);

  /* and the same set again has the same bytes */
  write_set (path);
  g_clear_pointer (&after, g_free);
  g_assert_true (g_file_get_contents (path, &after, &size_after, NULL));
  g_assert_cmpmem (before, size_before, after, size_after);
  g_unlink (path);
  assert_empty_directory ();
}

static void
test_cannot_be_created (void)
{
  g_autofree char *path = in_directory ("no/such/place.h5");
  g_autoptr (GError) error = NULL;
  SaxidDatasetHeader header;

  fill_header (&header);
  g_assert_null (saxid_dataset_writer_new (path, &header, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_IO);
  saxid_dataset_header_clear (&header);
}

static void
replace_vector (hid_t file, const char *name, hid_t type, hsize_t n, hid_t memory, const void *values)
{
  g_auto (SaxidHid) space = H5Screate_simple (1, &n, NULL);
  g_auto (SaxidHid) set = H5I_INVALID_HID;

  H5Ldelete (file, name, H5P_DEFAULT);
  set = H5Dcreate2 (file, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  if (values != NULL)
    H5Dwrite (set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
}

static void
shrink (hid_t file, const char *name, hsize_t rows, hsize_t columns)
{
  g_auto (SaxidHid) set = H5Dopen2 (file, name, H5P_DEFAULT);
  hsize_t extent[2] = { rows, columns };

  g_assert_cmpint (H5Dset_extent (set, extent), >=, 0);
}

static void
no_label (hid_t file)
{
  H5Ldelete (file, "label", H5P_DEFAULT);
}

static void
no_curves (hid_t file)
{
  H5Ldelete (file, "curves", H5P_DEFAULT);
}

static void
no_format (hid_t file)
{
  H5Adelete (file, "format");
}

static void
fewer_labels (hid_t file)
{
  shrink (file, "label", COUNT - 1, 0);
}

static void
fewer_curves (hid_t file)
{
  shrink (file, "curves/I", COUNT - 5, N_Q);
}

static void
more_sigmas (hid_t file)
{
  shrink (file, "curves/sigma", COUNT + 5, N_Q);
}

static void
huge (hid_t file)
{
  shrink (file, "curves/I", (hsize_t) 1 << 60, N_Q);
  shrink (file, "label", (hsize_t) 1 << 60, 0);
}

/* Claims that are within the limits, and not within the file. */
static void
hollow (hid_t file)
{
  shrink (file, "label", (hsize_t) 1 << 33, 0);
}

static void
label_of_no_class (hid_t file)
{
  guint8 label[COUNT] = { 0 };

  label[7] = 2;
  replace_vector (file, "label", H5T_STD_U8LE, COUNT, H5T_NATIVE_UINT8, label);
}

static void
text_as_label (hid_t file)
{
  g_auto (SaxidHid) type = H5Tcopy (H5T_C_S1);

  replace_vector (file, "label", type, COUNT, type, NULL);
}

static void
falling_q (hid_t file)
{
  double q[N_Q];

  for (gsize k = 0; k < N_Q; k++)
    q[k] = k == 20 ? 0.01 : 0.01 * (double) (k + 1);
  replace_vector (file, "curves/q", H5T_IEEE_F64LE, N_Q, H5T_NATIVE_DOUBLE, q);
}

static void
one_q (hid_t file)
{
  double q = 0.1;

  replace_vector (file, "curves/q", H5T_IEEE_F64LE, 1, H5T_NATIVE_DOUBLE, &q);
}

static void
infinite (hid_t file)
{
  g_auto (SaxidHid) set = H5Dopen2 (file, "curves/I", H5P_DEFAULT);
  g_autofree float *values = g_new (float, COUNT * N_Q);

  for (gsize k = 0; k < COUNT * N_Q; k++)
    values[k] = k == 95 ? INFINITY : 1;
  H5Dwrite (set, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
}

static void
elsewhere (hid_t file)
{
  H5Ldelete (file, "label", H5P_DEFAULT);
  H5Lcreate_external ("set.h5", "/label", file, "label", H5P_DEFAULT, H5P_DEFAULT);
}

static void
stored_elsewhere (hid_t file)
{
  g_auto (SaxidHid) properties = H5Pcreate (H5P_DATASET_CREATE);
  hsize_t n = COUNT;
  g_auto (SaxidHid) space = H5Screate_simple (1, &n, NULL);

  H5Ldelete (file, "label", H5P_DEFAULT);
  H5Pset_external (properties, "/etc/passwd", 0, COUNT);
  saxid_hid_close (H5Dcreate2 (file, "label", H5T_STD_U8LE, space, H5P_DEFAULT, properties, H5P_DEFAULT));
}

static const struct
{
  const char *name;
  void (*damage) (hid_t file);
  const char *word; /* of the message */
} damages[] = {
  { "no-label", no_label, "'label' is missing" },
  { "no-curves", no_curves, "'curves/q' is missing" },
  { "no-format", no_format, "'format' is missing" },
  { "fewer-labels", fewer_labels, "100 × 30, 99 × 30" },
  { "fewer-curves", fewer_curves, "95 × 30, 100 × 30" },
  { "more-sigmas", more_sigmas, "105 × 30, 100 × 30" },
  { "huge", huge, "the limit" },
  { "hollow", hollow, "the file has" },
  { "label-of-no-class", label_of_no_class, "label of curve 7 is 2, there are 2" },
  { "text-as-label", text_as_label, "label is text" },
  { "falling-q", falling_q, "ascending at point 20" },
  { "one-q", one_q, "1 points, 2 are needed" },
  { "infinite", infinite, "curve 3 is not finite at point 5" },
  { "elsewhere", elsewhere, "'label' is missing" },
  { "stored-elsewhere", stored_elsewhere, "outside of the file" },
};

static void
assert_refused (const char *path, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (saxid_dataset_read (path, &error));
  g_assert_nonnull (error);
  g_assert_true (error->domain == SAXID_ERROR);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, word));
  g_assert_nonnull (strstr (error->message, path));
  g_assert_null (strchr (error->message, '\n'));
}

static void
test_damaged (gconstpointer data)
{
  guint k = GPOINTER_TO_UINT (data);
  g_autofree char *path = in_directory ("damaged.h5");
  hid_t file;

  if (g_test_subprocess ())
    {
      write_set (path);
      file = H5Fopen (path, H5F_ACC_RDWR, H5P_DEFAULT);
      damages[k].damage (file);
      H5Fclose (file);
      assert_refused (path, damages[k].word);
      g_unlink (path);
      return;
    }
  /* HDF5 must not say a word of its own */
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("");
}

static void
test_no_data_set (void)
{
  g_autofree char *missing = in_directory ("missing.h5"), *text = in_directory ("text.h5");
  g_autofree char *cut = in_directory ("cut.h5"), *whole = NULL;
  gsize size;

  assert_refused (missing, "No such file");
  assert_refused (directory, "directory");
  g_assert_true (g_file_set_contents (text, "q I\n", -1, NULL));
  assert_refused (text, "not an HDF5 file");
  write_set (cut);
  g_assert_true (g_file_get_contents (cut, &whole, &size, NULL));
  g_assert_true (g_file_set_contents (cut, whole, (gssize) size / 2, NULL));
  assert_refused (cut, "truncated");
  g_unlink (text);
  g_unlink (cut);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  directory = g_dir_make_tmp ("saxid-dataset-XXXXXX", NULL);
  g_test_add_func ("/dataset/round-trip", test_round_trip);
  g_test_add_func ("/dataset/no-room", test_no_room);
  g_test_add_func ("/dataset/never-half", test_never_half);
  g_test_add_func ("/dataset/old-one-stays", test_old_one_stays);
  g_test_add_func ("/dataset/cannot-be-created", test_cannot_be_created);
  for (guint k = 0; k < G_N_ELEMENTS (damages); k++)
    {
      g_autofree char *name = g_strconcat ("/dataset/damaged/", damages[k].name, NULL);

      g_test_add_data_func (name, GUINT_TO_POINTER (k), test_damaged);
    }
  g_test_add_func ("/dataset/no-data-set", test_no_data_set);
  result = g_test_run ();
  g_rmdir (directory);
  g_free (directory);
  return result;
}
