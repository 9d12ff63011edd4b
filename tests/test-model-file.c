/* Is a model file what was written, and is everything else refused in one line? */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "models/learn/train/one-grid.h"
#include "models/simulate/random.h"
#include "plugin/model.h"
#include "reducers/error.h"
#include "schemas/hdf5/input.h"
#include "schemas/learn/model-file.h"

static char *directory;

static char *
in_directory (const char *name)
{
  return g_build_filename (directory, name, NULL);
}

static SaxidModelFile *
make_file (void)
{
  static const double numbers[] = { 1, 2.5, -3, 1e300, 5e-324, 0 };
  SaxidModelFile *file = saxid_model_file_new ();
  g_autoptr (GBytes) bytes = g_bytes_new ("\0binary\0\xff", 9);

  saxid_model_file_set_text (file, "card", "{\"sum\": \"Σ I q²\"}");
  saxid_model_file_set_text (file, "empty", "");
  saxid_model_file_set_array (file, "vector", 0, 6, numbers);
  saxid_model_file_set_array (file, "matrix", 2, 3, numbers);
  saxid_model_file_set_blob (file, "blob", bytes);
  return file;
}

/* Bytes of which the last chunk is not full: packed where they become smaller, else as they are. */
static void
test_large_blobs (void)
{
  enum { N = 600001 };
  g_autofree char *path = in_directory ("large.saxid-model");
  g_autoptr (SaxidModelFile) file = make_file (), found = NULL;
  g_autofree guint8 *smooth = g_new (guint8, N), *random = g_new (guint8, N);
  g_autoptr (GBytes) packed = NULL, plain = NULL;
  g_autoptr (GError) error = NULL;
  SaxidRandom dice;
  GStatBuf status;

  saxid_random_init (&dice, 1, 0, 0);
  for (gsize k = 0; k < N; k++)
    {
      smooth[k] = (guint8) (k / 1000);
      random[k] = (guint8) (256 * saxid_random_unit (&dice));
    }
  packed = g_bytes_new (smooth, N);
  plain = g_bytes_new (random, N);
  saxid_model_file_set_blob (file, "smooth", packed);
  saxid_model_file_set_blob (file, "random", plain);
  g_assert_true (saxid_model_file_write (file, path, &error));
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_size, <, 1.1 * N);
  found = saxid_model_file_read (path, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (saxid_model_file_blob (found, "smooth", NULL), packed));
  g_assert_true (g_bytes_equal (saxid_model_file_blob (found, "random", NULL), plain));
}

static void
test_round_trip (void)
{
  g_autofree char *path = in_directory ("a.saxid-model"), *other = in_directory ("b.saxid-model");
  g_autoptr (SaxidModelFile) file = make_file ();
  g_autoptr (SaxidModelFile) found = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *sum = NULL, *one = NULL, *two = NULL;
  const SaxidModelArray *array;
  gsize size_one, size_two;

  g_assert_true (saxid_model_file_write (file, path, &error));
  g_assert_cmpuint (strlen (file->sha256), ==, 64);
  found = saxid_model_file_read (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found->sha256, ==, file->sha256);
  g_assert_cmpstr (saxid_model_file_text (found, "card", NULL), ==, "{\"sum\": \"Σ I q²\"}");
  g_assert_cmpstr (saxid_model_file_text (found, "empty", NULL), ==, "");
  array = saxid_model_file_array (found, "matrix", 2, 3, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (array->values[4], ==, 5e-324);
  g_assert_nonnull (saxid_model_file_array (found, "vector", 0, 6, NULL));
  g_assert_nonnull (saxid_model_file_array (found, "vector", 0, G_MAXSIZE, NULL));
  g_assert_cmpuint (g_bytes_get_size (saxid_model_file_blob (found, "blob", NULL)), ==, 9);

  /* the same contents have the same checksum and the same bytes */
  sum = g_strdup (file->sha256);
  g_assert_true (saxid_model_file_write (found, other, &error));
  g_assert_cmpstr (found->sha256, ==, sum);
  g_assert_true (g_file_get_contents (path, &one, &size_one, NULL));
  g_assert_true (g_file_get_contents (other, &two, &size_two, NULL));
  g_assert_cmpmem (one, size_one, two, size_two);
  g_unlink (path);
  g_unlink (other);
  g_assert_cmpint (g_rmdir (directory), ==, 0); /* nothing else was left */
  g_mkdir (directory, 0700);
}

static void
test_wrong_lookups (void)
{
  g_autoptr (SaxidModelFile) file = make_file ();
  g_autoptr (GError) error = NULL;

  g_assert_null (saxid_model_file_text (file, "nothing", &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_MODEL);
  g_clear_error (&error);
  g_assert_null (saxid_model_file_array (file, "vector", 2, 3, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_MODEL);
  g_clear_error (&error);
  g_assert_null (saxid_model_file_blob (file, "card", &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_MODEL);
}

static void
assert_refused (const char *path, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (saxid_model_file_read (path, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_MODEL);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, word));
  g_assert_nonnull (strstr (error->message, path));
  g_assert_null (strchr (error->message, '\n'));
}

static void
other_number (hid_t file)
{
  const double values[] = { 1, 2.5, -3, 1e300, 5e-324, 1e-9 };
  g_auto (SaxidHid) set = H5Dopen2 (file, "array/vector", H5P_DEFAULT);

  H5Dwrite (set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
}

static void
other_checksum (hid_t file)
{
  g_auto (SaxidHid) attribute = H5Aopen (file, "sha256", H5P_DEFAULT);
  g_auto (SaxidHid) type = H5Aget_type (attribute);
  char text[65];

  memset (text, 'a', sizeof text);
  H5Awrite (attribute, type, text);
}

static void
renamed (hid_t file)
{
  H5Lmove (file, "text/card", file, "text/cart", H5P_DEFAULT, H5P_DEFAULT);
}

static void
removed (hid_t file)
{
  H5Ldelete (file, "text/empty", H5P_DEFAULT);
}

static void
no_blobs (hid_t file)
{
  H5Ldelete (file, "blob", H5P_DEFAULT);
}

static void
no_checksum (hid_t file)
{
  H5Adelete (file, "sha256");
}

static void
soft_link (hid_t file)
{
  H5Lcreate_soft ("/text/card", file, "text/other", H5P_DEFAULT, H5P_DEFAULT);
}

static void
external_link (hid_t file)
{
  H5Ldelete (file, "array/vector", H5P_DEFAULT);
  H5Lcreate_external ("a.saxid-model", "/array/vector", file, "array/vector", H5P_DEFAULT, H5P_DEFAULT);
}

static void
external_group (hid_t file)
{
  H5Ldelete (file, "array", H5P_DEFAULT);
  H5Lcreate_external ("a.saxid-model", "/array", file, "array", H5P_DEFAULT, H5P_DEFAULT);
}

static void
stored_elsewhere (hid_t file)
{
  g_auto (SaxidHid) properties = H5Pcreate (H5P_DATASET_CREATE);
  hsize_t n = 9;
  g_auto (SaxidHid) space = H5Screate_simple (1, &n, NULL);

  H5Ldelete (file, "blob/blob", H5P_DEFAULT);
  H5Pset_external (properties, "/etc/passwd", 0, 9);
  saxid_hid_close (H5Dcreate2 (file, "blob/blob", H5T_STD_U8LE, space, H5P_DEFAULT, properties, H5P_DEFAULT));
}

static void
group_for_array (hid_t file)
{
  saxid_hid_close (H5Gcreate2 (file, "array/group", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}

static void
add_matrix (hid_t file, hsize_t rows, hsize_t columns)
{
  hsize_t dims[2] = { rows, columns };
  g_auto (SaxidHid) space = H5Screate_simple (2, dims, NULL);

  saxid_hid_close (H5Dcreate2 (file, "array/more", H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}

static void
no_rows (hid_t file)
{
  add_matrix (file, 0, 100000);
}

static void
huge (hid_t file)
{
  add_matrix (file, (hsize_t) 1 << 40, 1 << 20);
}

/* One array of 256 MB that nobody wrote, by many names. */
static void
many_names (hid_t file)
{
  const hsize_t n = 1 << 25, chunk = 1 << 16, room = 200000;
  g_auto (SaxidHid) space = H5Screate_simple (1, &n, NULL);
  g_auto (SaxidHid) small = H5Screate_simple (1, &room, NULL);
  g_auto (SaxidHid) properties = H5Pcreate (H5P_DATASET_CREATE);
  g_auto (SaxidHid) pad = H5Dcreate2 (file, "blob/pad", H5T_STD_U8LE, small, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  g_autofree guint8 *bytes = g_new0 (guint8, room);

  H5Dwrite (pad, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes);
  H5Pset_chunk (properties, 1, &chunk);
  saxid_hid_close (H5Dcreate2 (file, "array/a0", H5T_IEEE_F64LE, space, H5P_DEFAULT, properties, H5P_DEFAULT));
  for (guint k = 1; k < 40; k++)
    {
      g_autofree char *name = g_strdup_printf ("array/a%u", k);

      H5Lcreate_hard (file, "array/a0", file, name, H5P_DEFAULT, H5P_DEFAULT);
    }
}

/* An array of which each two numbers are a chunk of their own. */
static void
many_chunks (hid_t file)
{
  const hsize_t n = 1 << 18, chunk = 2;
  g_auto (SaxidHid) space = H5Screate_simple (1, &n, NULL);
  g_auto (SaxidHid) properties = H5Pcreate (H5P_DATASET_CREATE);

  H5Pset_chunk (properties, 1, &chunk);
  saxid_hid_close (H5Dcreate2 (file, "array/a0", H5T_IEEE_F64LE, space, H5P_DEFAULT, properties, H5P_DEFAULT));
}

static void
long_name (hid_t file)
{
  char name[400] = "text/";

  memset (name + 5, 'x', sizeof name - 6);
  name[sizeof name - 1] = '\0';
  saxid_hid_close (H5Gcreate2 (file, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}

static const struct
{
  const char *name;
  void (*damage) (hid_t file);
  const char *word;
} damages[] = {
  { "other-number", other_number, "checksum of the contents" },
  { "other-checksum", other_checksum, "the file says aaaaaaaaaaaa" },
  { "renamed", renamed, "checksum of the contents" },
  { "removed", removed, "checksum of the contents" },
  { "no-blobs", no_blobs, "'blob' is missing" },
  { "no-checksum", no_checksum, "'sha256' is missing" },
  { "soft-link", soft_link, "'other' is a link" },
  { "external-link", external_link, "'vector' is a link" },
  { "external-group", external_group, "'array' is a link" },
  { "stored-elsewhere", stored_elsewhere, "outside of the file" },
  { "group-for-array", group_for_array, "'group' is missing" },
  { "no-rows", no_rows, "'more' has no rows" },
  { "huge", huge, "'more'" },
  { "many-names", many_names, "bytes are the limit" },
  { "many-chunks", many_chunks, "lies in 131072 chunks, 65536 are the limit" },
  { "long-name", long_name, "a name in 'text'" },
};

static void
test_damaged (gconstpointer data)
{
  guint k = GPOINTER_TO_UINT (data);
  g_autofree char *path = in_directory ("damaged.saxid-model");
  g_autoptr (SaxidModelFile) file = make_file ();
  hid_t handle;

  if (g_test_subprocess ())
    {
      g_assert_true (saxid_model_file_write (file, path, NULL));
      handle = H5Fopen (path, H5F_ACC_RDWR, H5P_DEFAULT);
      damages[k].damage (handle);
      H5Fclose (handle);
      assert_refused (path, damages[k].word);
      g_unlink (path);
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("");
}

/* Cut off anywhere, or with any one byte changed: refused, or (where HDF5 does
 * not use the byte) exactly the model that was written. */
static void
test_broken_bytes (void)
{
  g_autofree char *path = in_directory ("broken.saxid-model"), *whole = NULL;
  g_autoptr (SaxidModelFile) file = make_file ();
  SaxidRandom random;
  guint refused = 0;
  gsize size;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, 0);
      g_test_trap_assert_passed ();
      g_test_trap_assert_stderr ("");
      return;
    }
  g_assert_true (saxid_model_file_write (file, path, NULL));
  g_assert_true (g_file_get_contents (path, &whole, &size, NULL));
  for (gsize part = 0; part < 20; part++)
    {
      g_assert_true (g_file_set_contents (path, whole, (gssize) (size * part / 20), NULL));
      assert_refused (path, "model");
    }
  saxid_random_init (&random, 1, 1, SAXID_STREAM_PARTICLE);
  for (guint trial = 0; trial < 200; trial++)
    {
      g_autofree char *copy = g_memdup2 (whole, size);
      g_autoptr (SaxidModelFile) found = NULL;
      g_autoptr (GError) error = NULL;

      copy[(gsize) (saxid_random_unit (&random) * (double) size)] ^= (char) (1 + trial % 255);
      g_assert_true (g_file_set_contents (path, copy, (gssize) size, NULL));
      found = saxid_model_file_read (path, &error);
      refused += found == NULL;
      if (found != NULL)
        g_assert_cmpstr (found->sha256, ==, file->sha256);
      else
        g_assert_error (error, SAXID_ERROR, SAXID_ERROR_MODEL);
    }
  g_assert_cmpuint (refused, >, 0);
  g_unlink (path);
}

static void
test_no_model (void)
{
  g_autofree char *missing = in_directory ("missing.saxid-model"), *text = in_directory ("text.saxid-model");
  g_autofree char *nowhere = in_directory ("no/such/place.saxid-model");
  g_autoptr (SaxidModelFile) file = make_file ();
  g_autoptr (GError) error = NULL;

  assert_refused (missing, "model is missing");
  assert_refused (directory, "directory");
  g_assert_true (g_file_set_contents (text, "I am a model\n", -1, NULL));
  assert_refused (text, "not an HDF5 file");
  g_unlink (text);
  g_assert_false (saxid_model_file_write (file, nowhere, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_IO);
}

/* A small predictor: curves of two classes on 16 points. */
static SaxidPredictor *
train_small (void)
{
  static const char *const classes[] = { "up", "down", NULL };
  const SaxidTrainOptions options = {
    .preprocess = "STD", .folds = 2, .seed = 1, .n_component = 2, .set_coverage = 0.9,
    .outlier_part = 0.01, .least_coverage = 0.6,
    .trees = { .rounds = 2, .depth = 2, .learning_rate = 0.4, .row_part = 1, .column_part = 1,
               .min_weight = 1, .bins = 16, .threads = 1, .seed = 1 },
  };
  g_autoptr (SaxidTrainingSet) set = NULL;
  g_autoptr (GError) error = NULL;
  SaxidPredictor *predictor;
  double grid[16];
  float intensity[60 * 16];
  guint8 label[60];
  guint64 particle[60];
  SaxidRandom random;

  saxid_random_init (&random, 1, 2, SAXID_STREAM_PARTICLE);
  for (gsize k = 0; k < 16; k++)
    grid[k] = 0.01 * (double) (k + 1);
  for (gsize r = 0; r < 60; r++)
    {
      label[r] = (guint8) (r % 2);
      particle[r] = r;
      for (gsize k = 0; k < 16; k++)
        intensity[r * 16 + k] = (float) (saxid_random_unit (&random) + (r % 2 ? 1.0 : -1.0) * (double) k);
    }
  set = saxid_training_set_new (16, grid, classes);
  g_assert_true (saxid_training_set_add (set, "toy", 16, grid, classes, 60, intensity, label, particle, NULL));
  predictor = saxid_train (set, &options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return predictor;
}

/* A network whose latent vector has as many numbers as the trees expect. */
static void
give_network (SaxidPredictor *predictor)
{
  predictor->network = saxid_network_new ("conv 2 3 same\nbatchnorm\nrelu\ndense 16\nrelu\ndense 2",
                                          (SaxidExtent) { 1, 1, 16 }, 4, NULL);
  predictor->latent = 4;
  predictor->network->state[1] = 0.25f;
}

static void
test_predictor_round_trip (gconstpointer with_network)
{
  g_autofree char *path = in_directory ("p.saxid-model");
  g_autoptr (SaxidPredictor) predictor = train_small ();
  g_autoptr (SaxidScratch) scratch = NULL, other = NULL;
  g_autoptr (SaxidModel) model = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidCurve) curve = saxid_curve_new (16, FALSE, FALSE);
  SaxidVerdict before, after;
  float p_before[2], p_after[2];
  guint8 set_before[2], set_after[2];

  if (with_network != NULL)
    give_network (predictor);
  scratch = saxid_scratch_new (predictor, NULL);
  g_assert_true (saxid_model_save (predictor, NULL, "{}", path, &error));
  model = saxid_model_load (path, &error);
  g_assert_no_error (error);
  g_assert_true ((model->predictor->network != NULL) == (with_network != NULL));
  g_assert_cmpstr (model->card, ==, "{}");
  g_assert_cmpstr (model->file_name, ==, "p.saxid-model");
  g_assert_cmpstr (model->predictor->algorithm, ==, predictor->algorithm);
  other = saxid_scratch_new (model->predictor, NULL);
  for (guint trial = 0; trial < 20; trial++)
    {
      for (gsize k = 0; k < 16; k++)
        {
          curve->q[k] = 0.01 * (double) (k + 1);
          curve->intensity[k] = sin (trial + (double) k);
        }
      g_assert_true (saxid_predictor_judge (predictor, curve, scratch, &before, p_before, set_before, NULL));
      g_assert_true (saxid_predictor_judge (model->predictor, curve, other, &after, p_after, set_after, NULL));
      g_assert_cmpmem (p_before, sizeof p_before, p_after, sizeof p_after);
      g_assert_cmpmem (set_before, 2, set_after, 2);
      g_assert_cmpfloat (before.outlier_score, ==, after.outlier_score);
    }
  g_unlink (path);
}

/* A sound file whose network is none, or none that fits. */
static void
test_unfit_networks (void)
{
  static const struct
  {
    const char *text;
    double latent;
    gsize bytes; /* of weights; 0: as they are */
    const char *word;
  } wrong[] = {
    { "conv 2 3 same\nrelu\ndense 17\nrelu\ndense 2", 4, 0, "bytes of weights" },
    { NULL, 4, 12, "12 bytes of weights" },
    { NULL, 99, 0, "network_latent is 99" },
    { NULL, -1, 0, "network_latent is -1" },
    { NULL, 2, 0, "novelty_component" }, /* another width than the novelty's */
    { "conv 2 99", 0, 0, "line 1" },
    { "resize 65536\nconv 65536 1", 0, 0, "line 2" },
    { "", 0, 0, "no layer" },
  };
  g_autofree char *path = in_directory ("network.saxid-model");
  g_autoptr (SaxidPredictor) predictor = train_small ();

  give_network (predictor);
  for (guint k = 0; k < G_N_ELEMENTS (wrong); k++)
    {
      g_autoptr (SaxidModelFile) file = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (saxid_model_save (predictor, NULL, "{}", path, NULL));
      file = saxid_model_file_read (path, NULL);
      if (wrong[k].text != NULL)
        saxid_model_file_set_text (file, "network", wrong[k].text);
      saxid_model_file_set_array (file, "network_latent", 0, 1, &wrong[k].latent);
      if (wrong[k].bytes > 0)
        {
          g_autoptr (GBytes) few = g_bytes_new ("0123456789abcdef", wrong[k].bytes);

          saxid_model_file_set_blob (file, "network_weights", few);
        }
      g_assert_true (saxid_model_file_write (file, path, NULL));
      g_assert_null (saxid_model_load (path, &error));
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_MODEL);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, wrong[k].word));
    }
  g_unlink (path);
}

/* A sound file whose numbers make no predictor. The name is that of the array. */
static void
test_unfit_predictors (void)
{
  static const struct
  {
    const char *array;
    gsize at;
    double value;
  } wrong[] = {
    { "temperature", 0, 0 },        { "temperature", 0, NAN },  { "set_threshold", 0, 1.5 },
    { "outlier_limit", 0, -1 },     { "grid", 3, 0.001 },       { "grid", 0, -0.01 },
    { "grid", 5, INFINITY },        { "novelty_variance", 1, 0 }, { "novelty_residual", 2, -1 },
    { "novelty_quantile", 7, 1e9 }, { "novelty_mean", 1, NAN }, { "preprocess_learned", 16, 0 },
  };
  g_autofree char *path = in_directory ("unfit.saxid-model");
  g_autoptr (SaxidPredictor) predictor = train_small ();

  for (guint k = 0; k < G_N_ELEMENTS (wrong); k++)
    {
      g_autoptr (SaxidModelFile) file = NULL;
      g_autoptr (GError) error = NULL;
      const SaxidModelArray *array;

      g_assert_true (saxid_model_save (predictor, NULL, "{}", path, NULL));
      file = saxid_model_file_read (path, NULL);
      array = saxid_model_file_array (file, wrong[k].array, wrong[k].array[0] == 'p' ? 2 : 0, G_MAXSIZE, NULL);
      g_assert_nonnull (array);
      array->values[wrong[k].at] = wrong[k].value;
      g_assert_true (saxid_model_file_write (file, path, NULL));
      g_assert_null (saxid_model_load (path, &error));
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_MODEL);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, path));
    }
  g_unlink (path);
}

static void
test_unfit_texts (void)
{
  static const char *const wrong[][2] = {
    { "preprocess", "TH,WHAT" }, { "class", "only" }, { "class", "one\ntwo\nthree" },
    { "class", "sph\033[2Jere\ncylinder" }, { "class", "sphere\n" }, { "algorithm", "trees\302\233" },
  };
  g_autofree char *path = in_directory ("unfit.saxid-model");
  g_autoptr (SaxidPredictor) predictor = train_small ();

  for (guint k = 0; k < G_N_ELEMENTS (wrong); k++)
    {
      g_autoptr (SaxidModelFile) file = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (saxid_model_save (predictor, NULL, "{}", path, NULL));
      file = saxid_model_file_read (path, NULL);
      saxid_model_file_set_text (file, wrong[k][0], wrong[k][1]);
      g_assert_true (saxid_model_file_write (file, path, NULL));
      g_assert_null (saxid_model_load (path, &error));
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_MODEL);
    }
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  directory = g_dir_make_tmp ("saxid-model-XXXXXX", NULL);
  g_test_add_func ("/model-file/round-trip", test_round_trip);
  g_test_add_func ("/model-file/large-blobs", test_large_blobs);
  g_test_add_func ("/model-file/wrong-lookups", test_wrong_lookups);
  for (guint k = 0; k < G_N_ELEMENTS (damages); k++)
    {
      g_autofree char *name = g_strconcat ("/model-file/damaged/", damages[k].name, NULL);

      g_test_add_data_func (name, GUINT_TO_POINTER (k), test_damaged);
    }
  g_test_add_func ("/model-file/broken-bytes", test_broken_bytes);
  g_test_add_func ("/model-file/no-model", test_no_model);
  g_test_add_data_func ("/model-file/predictor-round-trip", NULL, test_predictor_round_trip);
  g_test_add_data_func ("/model-file/predictor-round-trip-with-network", "network", test_predictor_round_trip);
  g_test_add_func ("/model-file/unfit-networks", test_unfit_networks);
  g_test_add_func ("/model-file/unfit-predictors", test_unfit_predictors);
  g_test_add_func ("/model-file/unfit-texts", test_unfit_texts);
  result = g_test_run ();
  g_rmdir (directory);
  g_free (directory);
  return result;
}
