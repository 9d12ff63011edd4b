/* Does the saxid group get into a file as it should, and nothing else? */
#include "config.h"

#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "reducers/error.h"
#include "schemas/hdf5/hid.h"
#include "schemas/tag/reader.h"
#include "schemas/tag/target.h"
#include "schemas/tag/writer.h"
#include "tests/tag-record.h"

typedef struct
{
  char *directory;
  char *path;
} Place;

static void
put_text_attribute (hid_t object, const char *name, const char *value)
{
  hid_t type = H5Tcopy (H5T_C_S1), space = H5Screate (H5S_SCALAR), attribute;

  H5Tset_size (type, strlen (value));
  attribute = H5Acreate2 (object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  g_assert_cmpint (H5Awrite (attribute, type, value), >=, 0);
  H5Aclose (attribute);
  H5Sclose (space);
  H5Tclose (type);
}

static void
put_values (hid_t group, const char *name, const double *values, hsize_t n)
{
  hid_t space = H5Screate_simple (1, &n, NULL);
  hid_t dataset
    = H5Dcreate2 (group, name, H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);

  g_assert_cmpint (H5Dwrite (dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), >=, 0);
  H5Dclose (dataset);
  H5Sclose (space);
}

static void
put_group (hid_t file, const char *path, const char *nx_class)
{
  hid_t group = H5Gcreate2 (file, path, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);

  g_assert_cmpint (group, >=, 0);
  put_text_attribute (group, "NX_class", nx_class);
  H5Gclose (group);
}

static void
put_count (hid_t file, const char *path, int value)
{
  hid_t space = H5Screate (H5S_SCALAR);
  hid_t dataset
    = H5Dcreate2 (file, path, H5T_NATIVE_INT, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);

  H5Dwrite (dataset, H5T_NATIVE_INT, H5S_ALL, H5S_ALL, H5P_DEFAULT, &value);
  H5Dclose (dataset);
  H5Sclose (space);
}

/* A run of one curve in /entry and one in /other. */
static void
make_file (const char *path)
{
  const double q[] = { 0.01, 0.02, 0.03, 0.04 }, intensity[] = { 4, 3, 2, 1 };
  hid_t file = H5Fcreate (path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);

  g_assert_cmpint (file, >=, 0);
  put_group (file, "/entry", "NXentry");
  put_group (file, "/entry/data", "NXdata");
  put_group (file, "/other", "NXentry");
  put_values (file, "/entry/data/Q", q, 4);
  put_values (file, "/entry/data/I", intensity, 4);
  put_text_attribute (file, "default", "entry");
  H5Fclose (file);
}

static void
set_up (Place *place, gconstpointer unused)
{
  (void) unused;
  place->directory = g_dir_make_tmp ("saxid-tag-XXXXXX", NULL);
  place->path = g_build_filename (place->directory, "run.nxs", NULL);
  make_file (place->path);
}

static void
tear_down (Place *place, gconstpointer unused)
{
  g_autoptr (GDir) directory = g_dir_open (place->directory, 0, NULL);

  (void) unused;
  for (const char *name = g_dir_read_name (directory); name != NULL;
       name = g_dir_read_name (directory))
    {
      g_autofree char *path = g_build_filename (place->directory, name, NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (place->directory), ==, 0);
  g_free (place->directory);
  g_free (place->path);
}

static gboolean
tag (const char *path, SaxidRecord *record, GError **error)
{
  return saxid_tag_write (path, &record, 1, NULL, error);
}

static void
tag_well (const char *path, SaxidRecord *record)
{
  g_autoptr (GError) error = NULL;

  tag (path, record, &error);
  g_assert_no_error (error);
}

static goffset
size_of (const char *path)
{
  struct stat about;

  g_assert_cmpint (stat (path, &about), ==, 0);
  return about.st_size;
}

static char *
bytes_of (const char *path)
{
  g_autofree char *content = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) content, length);
}

static void
assert_refused (Place *place, SaxidRecord *record, int code, const char *words)
{
  g_autofree char *before = bytes_of (place->path);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (tag (place->path, record, &error));
  g_assert_error (error, SAXID_ERROR, code);
  if (strstr (error->message, words) == NULL)
    g_error ("'%s' does not say '%s'", error->message, words);
  g_assert_null (strchr (error->message, '\n'));
  after = bytes_of (place->path);
  g_assert_cmpstr (before, ==, after);
}

static void
test_round_trip (Place *place, gconstpointer unused)
{
  static const gsize sizes[] = { 1, 2, 120, 100000 };

  (void) unused;
  for (gsize k = 0; k < G_N_ELEMENTS (sizes); k++)
    {
      g_autoptr (SaxidRecord) record = tag_record_new ("/entry", sizes[k], (guint) k);
      g_autoptr (SaxidRecord) found = NULL;
      g_autoptr (GError) error = NULL;

      record->sigma_path = k == 1 ? g_strdup ("/entry/data/Idev") : NULL;
      record->slit_smeared = k == 2;
      tag_well (place->path, record);
      found = saxid_tag_read (place->path, "/entry", "saxid", &error);
      g_assert_no_error (error);
      g_assert_true (saxid_record_equal (record, found));
      g_assert_cmpint (found->sequence_index, ==, 1);
      g_assert_null (found->source_file);
    }
}

static void
test_equal_sees_a_difference (void)
{
  g_autoptr (SaxidRecord) a = tag_record_new ("/entry", 9, 1);
  g_autoptr (SaxidRecord) b = tag_record_new ("/entry", 9, 1);

  g_assert_true (saxid_record_equal (a, b)); /* with a NaN among the numbers */
  b->probability[9 * b->n_class - 1] += 1e-6f;
  g_assert_false (saxid_record_equal (a, b));
  b->probability[9 * b->n_class - 1] = a->probability[9 * b->n_class - 1];
  g_free (b->class_name[2]);
  b->class_name[2] = g_strdup ("disc");
  g_assert_false (saxid_record_equal (a, b));
}

static void
test_all_entries_at_once (Place *place, gconstpointer unused)
{
  g_autoptr (SaxidRecord) first = tag_record_new ("/entry", 3, 1);
  g_autoptr (SaxidRecord) second = tag_record_new ("/other", 5, 2);
  SaxidRecord *both[] = { second, first };
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GError) error = NULL;

  (void) unused;
  found = saxid_tag_read_all (place->path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 0);
  g_clear_pointer (&found, g_ptr_array_unref);

  saxid_tag_write (place->path, both, 2, NULL, &error);
  g_assert_no_error (error);
  found = saxid_tag_read_all (place->path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 2);
  g_assert_true (saxid_record_equal (found->pdata[0], first));
  g_assert_true (saxid_record_equal (found->pdata[1], second));
}

static void
test_sequence (Place *place, gconstpointer unused)
{
  g_autoptr (SaxidRecord) record = tag_record_new ("/entry", 3, 1);
  hid_t file = H5Fopen (place->path, H5F_ACC_RDWR, H5P_DEFAULT);

  (void) unused;
  put_group (file, "/entry/reduction", "NXprocess");
  put_count (file, "/entry/reduction/sequence_index", 3);
  put_group (file, "/entry/nothing", "NXcollection");
  put_count (file, "/entry/nothing/sequence_index", 30);
  H5Fclose (file);
  for (int turn = 0; turn < 2; turn++)
    {
      g_autoptr (SaxidRecord) found = NULL;

      tag_well (place->path, record);
      found = saxid_tag_read (place->path, "/entry", "saxid", NULL);
      g_assert_nonnull (found);
      g_assert_cmpint (found->sequence_index, ==, 4);
    }
}

static void
test_reruns_do_not_grow (Place *place, gconstpointer unused)
{
  goffset once;

  (void) unused;
  for (guint k = 0; k < 2; k++)
    {
      g_autoptr (SaxidRecord) record = tag_record_new ("/entry", 40, 1);

      tag_well (place->path, record);
    }
  once = size_of (place->path);
  for (guint k = 0; k < 50; k++)
    {
      g_autoptr (SaxidRecord) record = tag_record_new ("/entry", 40, 10 + k % 10);

      tag_well (place->path, record);
      g_assert_cmpint (size_of (place->path), <=, once + 64); /* digits of the configuration, words of the description */
    }
}

/* The group that is rewritten never lies at the end of the file: its space is
 * used again, and after some turns that comes out even. */
static void
test_alternate_reruns_do_not_grow (Place *place, gconstpointer unused)
{
  goffset settled = 0;

  (void) unused;
  for (guint k = 0; k < 160; k++)
    {
      g_autoptr (SaxidRecord) record = tag_record_new (k % 2 == 0 ? "/entry" : "/other", 40, 1);

      tag_well (place->path, record);
      if (k == 100)
        settled = size_of (place->path);
    }
  g_assert_cmpint (size_of (place->path), <=, settled + 64);
}

static void
test_large_arrays_are_compressed (Place *place, gconstpointer unused)
{
  g_autoptr (SaxidRecord) record = tag_record_new ("/entry", 200000, 1);

  (void) unused;
  for (gsize k = 0; k < record->n_curve * record->n_class; k++)
    record->probability[k] = 1.0f / (float) record->n_class;
  for (gsize k = 0; k < record->n_curve; k++)
    record->confidence[k] = record->outlier_score[k] = 0.5f;
  memset (record->family, 0, record->n_curve * record->n_family * sizeof *record->family);
  memset (record->structure, 0, record->n_curve * record->n_structure * sizeof *record->structure);
  tag_well (place->path, record);
  g_assert_cmpint (size_of (place->path), <, 5 << 18); /* its classes are drawn at random, and do not pack further */
}

static void
test_incomplete_records (Place *place, gconstpointer unused)
{
  g_autoptr (SaxidRecord) none = tag_record_new ("/entry", 0, 1);
  g_autoptr (SaxidRecord) no_date = tag_record_new ("/entry", 2, 1);
  g_autoptr (SaxidRecord) no_model = tag_record_new ("/entry", 2, 1);
  g_autoptr (SaxidRecord) bad_class = tag_record_new ("/entry", 2, 1);
  g_autoptr (SaxidRecord) bad_status = tag_record_new ("/entry", 2, 1);
  g_autoptr (SaxidRecord) same = tag_record_new ("/entry", 2, 1);
  SaxidRecord *twice[] = { same, same };
  g_autoptr (GError) error = NULL;

  (void) unused;
  g_clear_pointer (&no_date->date, g_free);
  g_clear_pointer (&no_model->model_sha256, g_free);
  bad_class->class_index[1] = 6;
  bad_status->status[0] = 4;
  assert_refused (place, none, SAXID_ERROR_ARGUMENT, "no curve");
  assert_refused (place, no_date, SAXID_ERROR_ARGUMENT, "no date");
  assert_refused (place, no_model, SAXID_ERROR_ARGUMENT, "no checksum");
  assert_refused (place, bad_class, SAXID_ERROR_ARGUMENT, "out of range");
  assert_refused (place, bad_status, SAXID_ERROR_ARGUMENT, "out of range");
  g_assert_false (saxid_tag_write (place->path, twice, 2, NULL, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
}

static void
test_names_that_would_break_out (Place *place, gconstpointer unused)
{
  static const char *const names[] = { "", ".", "..", "../saxid", "a/b", "\xff\xfe" };
  static const char *const parents[] = { "entry", "", "/entry/none", "/entry/data/I" };
  g_autofree char *long_name = g_strnfill (5000, 'x');
  g_autofree char *long_parent = g_strconcat ("/", long_name, NULL);

  (void) unused;
  for (gsize k = 0; k <= G_N_ELEMENTS (names); k++)
    {
      g_autoptr (SaxidRecord) record = tag_record_new ("/entry", 2, 1);

      g_free (record->name);
      record->name = g_strdup (k < G_N_ELEMENTS (names) ? names[k] : long_name);
      assert_refused (place, record, SAXID_ERROR_ARGUMENT, "no path and name");
    }
  for (gsize k = 0; k <= G_N_ELEMENTS (parents); k++)
    {
      const char *parent = k < G_N_ELEMENTS (parents) ? parents[k] : long_parent;
      gboolean sound = parent[0] == '/' && k < G_N_ELEMENTS (parents);
      g_autoptr (SaxidRecord) record = tag_record_new (parent, 2, 1);

      assert_refused (place, record, sound ? SAXID_ERROR_FORMAT : SAXID_ERROR_ARGUMENT, "(");
    }
}

/* HDF5 allows any name but one with a slash; ".." is one like any other. */
static void
test_strange_parents (Place *place, gconstpointer unused)
{
  g_autofree char *long_name = g_strnfill (3000, 'x');
  g_autofree char *long_path = g_strconcat ("/", long_name, NULL);
  const char *const parents[] = { "/..", "/entry/..", "/\xff\xfe", "/a b\tc", long_path, "/" };
  hid_t file = H5Fopen (place->path, H5F_ACC_RDWR, H5P_DEFAULT);

  (void) unused;
  for (gsize k = 0; k + 1 < G_N_ELEMENTS (parents); k++)
    put_group (file, parents[k], "NXentry");
  H5Fclose (file);
  for (gsize k = 0; k < G_N_ELEMENTS (parents); k++)
    {
      g_autoptr (SaxidRecord) record = tag_record_new (parents[k], 2, (guint) k);
      g_autoptr (SaxidRecord) found = NULL;

      tag_well (place->path, record);
      found = saxid_tag_read (place->path, parents[k], "saxid", NULL);
      g_assert_nonnull (found);
      g_assert_true (saxid_record_equal (record, found));
    }
}

static void
test_foreign_group_is_left_alone (Place *place, gconstpointer unused)
{
  g_autofree char *elsewhere = g_build_filename (place->directory, "elsewhere.nxs", NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (SaxidRecord) record = tag_record_new ("/entry", 2, 1);
  g_autoptr (SaxidRecord) outside = tag_record_new ("/far", 2, 1);
  hid_t file;

  (void) unused;
  make_file (elsewhere);
  {
    g_autoptr (SaxidRecord) theirs = tag_record_new ("/entry", 2, 1);

    tag_well (elsewhere, theirs);
  }
  before = bytes_of (elsewhere);
  for (int kind = 0; kind < 5; kind++)
    {
      file = H5Fopen (place->path, H5F_ACC_RDWR, H5P_DEFAULT);
      if (kind == 0)
        put_group (file, "/entry/saxid", "NXcollection");
      if (kind == 1)
        put_group (file, "/entry/saxid", "NXprocess"); /* which says no program */
      if (kind == 2)
        put_count (file, "/entry/saxid", 1);
      if (kind == 3)
        H5Lcreate_soft ("/entry/data", file, "/entry/saxid", H5P_DEFAULT, H5P_DEFAULT);
      if (kind == 4)
        H5Lcreate_external ("elsewhere.nxs", "/entry/saxid", file, "/entry/saxid", H5P_DEFAULT,
                            H5P_DEFAULT);
      H5Fclose (file);
      assert_refused (place, record, SAXID_ERROR_FORMAT, "left alone");
      file = H5Fopen (place->path, H5F_ACC_RDWR, H5P_DEFAULT);
      H5Ldelete (file, "/entry/saxid", H5P_DEFAULT);
      H5Fclose (file);
    }

  /* the entry itself is in another file */
  file = H5Fopen (place->path, H5F_ACC_RDWR, H5P_DEFAULT);
  H5Lcreate_external ("elsewhere.nxs", "/entry", file, "/far", H5P_DEFAULT, H5P_DEFAULT);
  H5Fclose (file);
  assert_refused (place, outside, SAXID_ERROR_FORMAT, "not in this file itself");
  after = bytes_of (elsewhere);
  g_assert_cmpstr (before, ==, after);
}

static void
test_not_a_sound_file (Place *place, gconstpointer unused)
{
  g_autoptr (SaxidRecord) record = tag_record_new ("/entry", 2, 1);
  goffset size = size_of (place->path);

  (void) unused;
  g_assert_cmpint (truncate (place->path, size / 2), ==, 0);
  assert_refused (place, record, SAXID_ERROR_IO, "cannot open the file as HDF5: ");
  g_assert_true (g_file_set_contents (place->path, "q I\n0.1 2\n", -1, NULL));
  assert_refused (place, record, SAXID_ERROR_FORMAT, "not an HDF5 file");
  g_assert_true (g_file_set_contents (place->path, "", -1, NULL));
  assert_refused (place, record, SAXID_ERROR_FORMAT, "not an HDF5 file");
  g_unlink (place->path);
  {
    g_autoptr (GError) error = NULL;

    g_assert_false (tag (place->path, record, &error));
    g_assert_error (error, SAXID_ERROR, SAXID_ERROR_IO);
  }
}

/* The state of a file whose writer died: with the mark of a SWMR writer. */
static void
test_left_open_by_a_writer (Place *place, gconstpointer unused)
{
  g_autofree char *other = g_build_filename (place->directory, "live.nxs", NULL);
  g_autofree char *content = NULL;
  g_autoptr (SaxidRecord) record = tag_record_new ("/entry", 2, 1);
  gsize length = 0;
  hid_t access = H5Pcreate (H5P_FILE_ACCESS), file;

  (void) unused;
  H5Pset_libver_bounds (access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  file = H5Fcreate (other, H5F_ACC_TRUNC, H5P_DEFAULT, access);
  put_group (file, "/entry", "NXentry");
  g_assert_cmpint (H5Fstart_swmr_write (file), >=, 0);
  H5Fflush (file, H5F_SCOPE_GLOBAL);
  g_assert_true (g_file_get_contents (other, &content, &length, NULL));
  g_assert_true (g_file_set_contents (place->path, content, (gssize) length, NULL));
  assert_refused (place, record, SAXID_ERROR_FORMAT, "h5clear");
  H5Fclose (file);
  H5Pclose (access);
}

static void
test_host_has_the_file_open (Place *place, gconstpointer unused)
{
  g_autoptr (SaxidRecord) record = tag_record_new ("/entry", 2, 1);
  hid_t file = H5Fopen (place->path, H5F_ACC_RDWR, H5P_DEFAULT);

  (void) unused;
  assert_refused (place, record, SAXID_ERROR_BUSY, "open for writing");
  g_assert_cmpint (H5Iis_valid (file), >, 0);
  H5Fclose (file);

  file = H5Fopen (place->path, H5F_ACC_RDONLY, H5P_DEFAULT);
  tag_well (place->path, record);
  g_assert_cmpint (H5Lexists (file, "/entry/data", H5P_DEFAULT), >, 0);
  g_assert_cmpint (H5Lexists (file, "/entry/saxid", H5P_DEFAULT), ==, 0); /* its file is the old one */
  H5Fclose (file);
}

static herr_t
handler_of_the_host (hid_t stack, void *data)
{
  (void) stack, (void) data;
  g_assert_not_reached ();
}

static void
test_error_settings_are_kept (Place *place, gconstpointer unused)
{
  g_autoptr (SaxidRecord) record = tag_record_new ("/entry", 2, 1);
  g_autoptr (SaxidRecord) absent = tag_record_new ("/absent", 2, 1);
  H5E_auto2_t handler = NULL, before = NULL;
  void *data = NULL, *data_before = NULL;
  int mark = 0;

  (void) unused;
  H5Eget_auto2 (H5E_DEFAULT, &before, &data_before);
  H5Eset_auto2 (H5E_DEFAULT, handler_of_the_host, &mark);
  tag_well (place->path, record);
  g_assert_false (tag (place->path, absent, NULL));
  g_assert_null (saxid_tag_read (place->path, "/absent", "saxid", NULL));
  g_assert_cmpint (H5Eget_auto2 (H5E_DEFAULT, &handler, &data), >=, 0);
  g_assert_true (handler == handler_of_the_host);
  g_assert_true (data == &mark);
  H5Eset_auto2 (H5E_DEFAULT, before, data_before);
}

/* A link in a side file, planted or our own, is no way into another file. */
static void
test_side_file_with_links (Place *place, gconstpointer unused)
{
  g_autofree char *side = saxid_tag_side_path (place->path), *victim = g_build_filename (place->directory, "victim.h5", NULL);
  g_autofree char *dear = NULL, *before = bytes_of (place->path), *after = NULL;
  g_autoptr (SaxidRecord) record = tag_record_new ("/entry", 2, 1);
  const SaxidWriteOptions on_request = { .side_file = TRUE };
  g_autoptr (GError) error = NULL;
  hid_t file;

  (void) unused;
  make_file (victim);
  dear = bytes_of (victim);
  file = H5Fcreate (side, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_external ("victim.h5", "/other", file, "entry", H5P_DEFAULT, H5P_DEFAULT);
  H5Fclose (file);
  g_assert_false (saxid_tag_write (place->path, &record, 1, &on_request, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT);
  after = bytes_of (victim);
  g_assert_cmpstr (dear, ==, after);
  g_clear_error (&error);

  /* sigma below the group of the curve, which is a link already */
  g_unlink (side);
  g_free (record->sigma_path);
  record->sigma_path = g_strdup ("/entry/data/err/sigma");
  for (int turn = 0; turn < 2; turn++)
    {
      saxid_tag_write (place->path, &record, 1, &on_request, &error);
      g_assert_no_error (error);
      g_free (after);
      after = bytes_of (place->path);
      g_assert_cmpstr (before, ==, after);
    }
  g_unlink (victim);
  g_unlink (side);
}

static void
test_side_file (Place *place, gconstpointer unused)
{
  g_autofree char *side = saxid_tag_side_path (place->path);
  g_autofree char *target = NULL;
  g_autofree char *before = bytes_of (place->path);
  g_autofree char *after = NULL;
  g_autoptr (SaxidRecord) record = tag_record_new ("/entry", 2, 1);
  g_autoptr (SaxidRecord) beside = tag_record_new ("/other", 2, 1);
  SaxidRecord *both[] = { record, beside };
  const SaxidWriteOptions on_request = { .side_file = TRUE }, by_size = { .size_limit = 100 };
  double values[4] = { 0 };
  goffset once = 0;
  hid_t file, dataset;

  (void) unused;
  g_assert_true (g_str_has_suffix (side, "/run_saxid.nxs"));
  target = saxid_tag_target (place->path, &by_size, NULL);
  g_assert_cmpstr (target, ==, side);
  g_free (target);
  target = saxid_tag_target (place->path, NULL, NULL);
  g_assert_cmpstr (target, ==, place->path);

  g_chmod (place->path, 0444);
  for (int turn = 0; turn < 3; turn++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SaxidRecord) found = NULL;

      saxid_tag_write (place->path, both, 2, turn == 1 ? &by_size : &on_request, &error);
      g_assert_no_error (error);
      found = saxid_tag_read (side, "/entry", "saxid", &error);
      g_assert_no_error (error);
      g_assert_true (saxid_record_equal (record, found));
      g_assert_cmpstr (found->source_file, ==, "run.nxs");
      if (turn > 0)
        g_assert_cmpint (size_of (side), ==, once);
      once = size_of (side);
    }
  after = bytes_of (place->path);
  g_assert_cmpstr (before, ==, after);

  file = H5Fopen (side, H5F_ACC_RDONLY, H5P_DEFAULT);
  dataset = H5Dopen2 (file, "/entry/data/I", H5P_DEFAULT);
  g_assert_cmpint (H5Dread (dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), >=, 0);
  g_assert_cmpfloat (values[0], ==, 4);
  H5Dclose (dataset);
  H5Fclose (file);
}

/* A record as those of an archive of small files: no fits, so that there is a mould of it. */
static SaxidRecord *
small_record (const char *parent, gsize n_curve, guint seed)
{
  SaxidRecord *record = tag_record_new (parent, n_curve, 3 * seed); /* with families and structures */

  g_ptr_array_set_size (record->seed, 0);
  return record;
}

static herr_t
note_bytes (hid_t object, const char *name, const H5O_info_t *about, void *data)
{
  g_auto (SaxidHid) dataset = about->type == H5O_TYPE_DATASET ? H5Dopen2 (object, name, H5P_DEFAULT) : H5I_INVALID_HID;
  g_auto (SaxidHid) type = dataset >= 0 ? H5Dget_type (dataset) : H5I_INVALID_HID;
  const gsize size = dataset >= 0 ? H5Dget_storage_size (dataset) : 0;
  g_autofree guchar *bytes = g_malloc0 (size + 1);
  g_autofree char *sum = NULL;

  if (dataset >= 0)
    g_assert_cmpint (H5Dread (dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes), >=, 0);
  sum = g_compute_checksum_for_data (G_CHECKSUM_MD5, bytes, size);
  g_string_append_printf (data, "%s: %d, %d attributes, %" G_GSIZE_FORMAT " bytes of %d, %s\n", name, (int) about->type,
                          (int) about->num_attrs, size, type >= 0 ? (int) H5Tget_class (type) : -1, sum);
  return 0;
}

/* All that is in a file, in words. */
static char *
content_of (const char *path)
{
  hid_t file = H5Fopen (path, H5F_ACC_RDONLY, H5P_DEFAULT);
  GString *content = g_string_new (NULL);

  g_assert_cmpint (file, >=, 0);
  g_assert_cmpint (H5Ovisit (file, H5_INDEX_NAME, H5_ITER_INC, note_bytes, content), >=, 0);
  H5Fclose (file);
  return g_string_free (content, FALSE);
}

/* Files of one curve and of several, with texts that come, go and have other lengths. */
static SaxidRecord *
changing_record (guint k)
{
  SaxidRecord *record = small_record (k % 5 == 4 ? "/other" : "/entry", k % 7 == 6 ? 30 : 1, k);

  record->note = k % 3 == 2 ? g_strdup ("negative intensities were left out") : NULL;
  record->slit_smeared = k % 4 == 3;
  if (k % 6 == 5)
    {
      g_free (record->i_path);
      record->i_path = g_strdup ("/entry/data/intensity");
    }
  return record;
}

static void
test_moulds_change_nothing (Place *place, gconstpointer unused)
{
  SaxidTagMoulds *moulds = saxid_tag_moulds_new ();
  guint fitted = 0;

  (void) unused;
  for (guint k = 0; k < 60; k++)
    {
      g_autoptr (SaxidRecord) record = changing_record (k);
      const SaxidWriteOptions with = { .moulds = moulds, .side_file = k % 8 == 7 }, without = { .side_file = k % 8 == 7 };
      g_autofree char *target = NULL, *wanted = NULL, *found = NULL;
      g_autoptr (GError) error = NULL;

      make_file (place->path);
      target = saxid_tag_target (place->path, &without, NULL);
      g_assert_true (saxid_tag_write (place->path, &record, 1, &without, &error));
      wanted = content_of (target);
      g_unlink (target);
      make_file (place->path);
      fitted += saxid_tag_moulds_fit (moulds, &record, 1, with.side_file ? "run.nxs" : NULL);
      g_assert_true (saxid_tag_write (place->path, &record, 1, &with, &error));
      g_assert_no_error (error);
      found = content_of (target);
      g_assert_cmpstr (found, ==, wanted);
      g_unlink (target);
    }
  g_assert_cmpuint (fitted, >, 20);
  saxid_tag_moulds_free (moulds);
}

static void
test_moulds_of_all_entries (Place *place, gconstpointer unused)
{
  SaxidTagMoulds *moulds = saxid_tag_moulds_new ();
  const SaxidWriteOptions with = { .moulds = moulds };

  (void) unused;
  for (guint k = 0; k < 4; k++)
    {
      g_autoptr (SaxidRecord) one = small_record ("/entry", 2, k), two = small_record ("/other", 3, k + 7);
      g_autoptr (SaxidRecord) found_one = NULL, found_two = NULL;
      SaxidRecord *both[] = { one, two };

      g_assert_cmpint (saxid_tag_moulds_fit (moulds, both, 2, NULL), ==, k > 0);
      g_assert_true (saxid_tag_write (place->path, both, 2, &with, NULL));
      found_one = saxid_tag_read (place->path, "/entry", "saxid", NULL);
      found_two = saxid_tag_read (place->path, "/other", "saxid", NULL);
      g_assert_true (saxid_record_equal (one, found_one));
      g_assert_true (saxid_record_equal (two, found_two));
    }
  saxid_tag_moulds_free (moulds);
}

/* What a mould cannot follow. */
static void
test_moulds_that_do_not_fit (Place *place, gconstpointer unused)
{
  SaxidTagMoulds *moulds = saxid_tag_moulds_new ();
  const SaxidWriteOptions with = { .moulds = moulds };
  g_autoptr (SaxidRecord) first = small_record ("/entry", 2, 1), fits = small_record ("/other", 2, 2);
  g_autoptr (SaxidRecord) seeds = tag_record_new ("/entry", 2, 3), more = small_record ("/entry", 3, 1);
  g_autoptr (SaxidRecord) classes = small_record ("/entry", 2, 1), large = small_record ("/entry", 100000, 1);
  SaxidRecord *const others[] = { seeds, more, classes, large };

  (void) unused;
  g_assert_true (saxid_tag_write (place->path, (SaxidRecord *[]) { large }, 1, &with, NULL));
  g_assert_false (saxid_tag_moulds_fit (moulds, (SaxidRecord *[]) { large }, 1, NULL));
  g_assert_true (saxid_tag_write (place->path, &first, 1, &with, NULL));
  g_assert_true (saxid_tag_moulds_fit (moulds, (SaxidRecord *[]) { fits }, 1, NULL));
  g_assert_false (saxid_tag_moulds_fit (moulds, (SaxidRecord *[]) { fits }, 1, "run.nxs"));
  g_assert_false (saxid_tag_moulds_fit (NULL, (SaxidRecord *[]) { fits }, 1, NULL));
  g_free (classes->class_name[2]);
  classes->class_name[2] = g_strdup ("disc");
  for (gsize k = 0; k < G_N_ELEMENTS (others); k++)
    g_assert_false (saxid_tag_moulds_fit (moulds, (SaxidRecord *[]) { others[k] }, 1, NULL));
  saxid_tag_moulds_free (moulds);
}

typedef void (*Spoil) (hid_t group);

static void
replace_array (hid_t group, const char *name, hid_t type, int rank, const hsize_t *shape,
               hid_t creation)
{
  hid_t space = H5Screate_simple (rank, shape, NULL), dataset;

  H5Ldelete (group, name, H5P_DEFAULT);
  dataset = H5Dcreate2 (group, name, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  g_assert_cmpint (dataset, >=, 0);
  H5Dclose (dataset);
  H5Sclose (space);
}

static void
spoil_missing (hid_t group)
{
  H5Ldelete (group, "result/status", H5P_DEFAULT);
}

static void
spoil_rank (hid_t group)
{
  replace_array (group, "result/probability", H5T_NATIVE_FLOAT, 1, (hsize_t[]) { 12 }, H5P_DEFAULT);
}

static void
spoil_type (hid_t group)
{
  replace_array (group, "result/status", H5T_NATIVE_DOUBLE, 1, (hsize_t[]) { 2 }, H5P_DEFAULT);
}

static void
spoil_length (hid_t group)
{
  replace_array (group, "result/class_index", H5T_NATIVE_INT8, 1, (hsize_t[]) { 3 }, H5P_DEFAULT);
}

static void
spoil_index (hid_t group)
{
  const gint8 wild[2] = { 0, 100 };
  hid_t dataset = H5Dopen2 (group, "result/class_index", H5P_DEFAULT);

  H5Dwrite (dataset, H5T_NATIVE_INT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, wild);
  H5Dclose (dataset);
}

/* A small file that claims to hold 10^15 curves. */
static void
spoil_size (hid_t group)
{
  hid_t creation = H5Pcreate (H5P_DATASET_CREATE);

  H5Pset_chunk (creation, 2, (hsize_t[]) { 1000, 6 });
  replace_array (group, "result/probability", H5T_NATIVE_FLOAT, 2,
                 (hsize_t[]) { G_GUINT64_CONSTANT (1000000000000000), 6 }, creation);
  H5Pclose (creation);
}

/* Numbers that are really another file of this machine. */
static void
spoil_storage (hid_t group)
{
  hid_t creation = H5Pcreate (H5P_DATASET_CREATE);

  H5Pset_external (creation, "/proc/self/environ", 0, H5F_UNLIMITED);
  replace_array (group, "result/confidence", H5T_NATIVE_FLOAT, 1, (hsize_t[]) { 2 }, creation);
  H5Pclose (creation);
}

static void
spoil_classes (hid_t group)
{
  hid_t type = H5Tcopy (H5T_C_S1);

  H5Tset_size (type, H5T_VARIABLE);
  replace_array (group, "result/class", type, 1, (hsize_t[]) { 6 }, H5P_DEFAULT);
  H5Tclose (type);
}

static void
spoil_family (hid_t group)
{
  replace_array (group, "result/family", H5T_NATIVE_FLOAT, 2, (hsize_t[]) { 2, 6 }, H5P_DEFAULT);
}

static void
spoil_family_missing (hid_t group)
{
  H5Ldelete (group, "result/family", H5P_DEFAULT);
}

static void
spoil_family_names (hid_t group)
{
  replace_array (group, "result/family_name", H5T_NATIVE_INT8, 1, (hsize_t[]) { 2 }, H5P_DEFAULT);
}

static void
spoil_text (hid_t group)
{
  H5Ldelete (group, "model/checksum", H5P_DEFAULT);
}

static void
spoil_link (hid_t group)
{
  H5Ldelete (group, "result", H5P_DEFAULT);
  H5Lcreate_external ("other.nxs", "/entry/saxid/result", group, "result", H5P_DEFAULT, H5P_DEFAULT);
}

static void
test_spoilt_groups_are_not_believed (Place *place, gconstpointer unused)
{
  const struct
  {
    Spoil spoil;
    const char *words;
  } cases[] = {
    { spoil_missing, "field status is missing" },
    { spoil_rank, "field probability has rank 1, 2 is needed" },
    { spoil_type, "field status has a type" },
    { spoil_length, "field class_index has another shape" },
    { spoil_index, "curve 1 has class 100 of 6" },
    { spoil_size, "curves, 1 to" },
    { spoil_storage, "field confidence is stored in a way" },
    { spoil_classes, "field class has a type" },
    { spoil_family, "field family has another shape than probability and its names" },
    { spoil_family_missing, "field family is missing" },
    { spoil_family_names, "field family_name has a type" },
    { spoil_text, "field model/checksum is missing" },
    { spoil_link, "group result is missing" },
  };
  g_autoptr (SaxidRecord) record = tag_record_new ("/entry", 2, 1);
  g_autofree char *other = g_build_filename (place->directory, "other.nxs", NULL);

  (void) unused;
  make_file (other);
  tag_well (other, record);
  for (gsize k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autoptr (GError) error = NULL;
      hid_t file, group;

      tag_well (place->path, record);
      file = H5Fopen (place->path, H5F_ACC_RDWR, H5P_DEFAULT);
      group = H5Gopen2 (file, "/entry/saxid", H5P_DEFAULT);
      cases[k].spoil (group);
      H5Gclose (group);
      H5Fclose (file);
      g_assert_null (saxid_tag_read (place->path, "/entry", "saxid", &error));
      g_assert_nonnull (error);
      if (strstr (error->message, cases[k].words) == NULL)
        g_error ("'%s' does not say '%s'", error->message, cases[k].words);
      g_clear_error (&error);
      g_assert_null (saxid_tag_read_all (place->path, &error));
      g_assert_nonnull (error);
    }
}

/* Versions before families wrote none of them. */
static void
test_group_of_old_is_read (Place *place, gconstpointer unused)
{
  static const char *const since[] = { "family", "family_name", "structure", "structure_name" };
  g_autoptr (SaxidRecord) record = tag_record_new ("/entry", 2, 1), found = NULL;
  g_autoptr (GError) error = NULL;
  hid_t file, group;

  (void) unused;
  tag_well (place->path, record);
  file = H5Fopen (place->path, H5F_ACC_RDWR, H5P_DEFAULT);
  group = H5Gopen2 (file, "/entry/saxid/result", H5P_DEFAULT);
  for (guint k = 0; k < G_N_ELEMENTS (since); k++)
    g_assert_cmpint (H5Ldelete (group, since[k], H5P_DEFAULT), >=, 0);
  H5Gclose (group);
  H5Fclose (file);
  found = saxid_tag_read (place->path, "/entry", "saxid", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->n_family, ==, 0);
  g_assert_null (found->family);
  g_assert_false (saxid_record_equal (record, found));
}

static void
test_nothing_to_read (Place *place, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  (void) unused;
  g_assert_null (saxid_tag_read (place->path, "/entry", "saxid", &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE);
  g_clear_error (&error);
  g_assert_null (saxid_tag_read (place->path, "/nowhere", "saxid", &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE);
  g_clear_error (&error);
  g_assert_null (saxid_tag_read ("/nowhere.nxs", "/entry", "saxid", &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_IO);
}

/* HDF5 itself must not meet the limit: it would crash the process at its end. */
static void
test_no_room (Place *place, gconstpointer unused)
{
  g_autofree char *before = bytes_of (place->path);
  g_autofree char *after = NULL;

  (void) unused;
  if (g_test_subprocess ())
    {
      const char *path = g_getenv ("SAXID_TEST_FILE");
      g_autoptr (SaxidRecord) record = tag_record_new ("/entry", 20000, 1);
      g_autoptr (GError) error = NULL;
      struct rlimit limit;

      limit.rlim_cur = limit.rlim_max = (rlim_t) size_of (path) + 100000;
      signal (SIGXFSZ, SIG_IGN);
      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
      g_assert_false (tag (path, record, &error));
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_IO);
      g_assert_nonnull (strstr (error->message, "cannot find room for the new file: File too large"));
      exit (0);
    }
  g_setenv ("SAXID_TEST_FILE", place->path, TRUE);
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("");
  after = bytes_of (place->path);
  g_assert_cmpstr (before, ==, after);
}

/* Disks of all sizes around what is needed: each either suffices or is refused
 * with one line, and HDF5 survives both. 77 = no right to mount one. */
static int
try_small_disks (const char *path, const char *mounted_at)
{
  g_autofree char *content = NULL;
  g_autofree char *copy = g_build_filename (mounted_at, "run.nxs", NULL);
  g_autoptr (SaxidRecord) record = tag_record_new ("/entry", 20000, 1);
  gsize length = 0;
  int refused = 0, written = 0;

  if (!g_file_get_contents (path, &content, &length, NULL))
    return 1;
  if (unshare (CLONE_NEWNS) != 0 && unshare (CLONE_NEWUSER | CLONE_NEWNS) != 0)
    return 77;
  if (mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
    return 77;
  for (int kib = 16; kib <= 16384; kib += kib / 4)
    {
      g_autofree char *size = g_strdup_printf ("size=%dk", kib);
      g_autoptr (GError) error = NULL;

      if (mount ("tmpfs", mounted_at, "tmpfs", 0, size) != 0)
        return 77;
      if (g_file_set_contents (copy, content, (gssize) length, NULL))
        {
          if (tag (copy, record, &error))
            written++;
          else if (strstr (error->message, "No space left on device") != NULL)
            refused++;
          else
            return 2;
        }
      if (umount (mounted_at) != 0)
        return 3;
    }
  return refused > 0 && written > 0 ? 0 : 4;
}

static void
test_small_disks (Place *place, gconstpointer unused)
{
  g_autofree char *mounted_at = g_build_filename (place->directory, "disk", NULL);
  pid_t child;
  int status = 0;

  (void) unused;
  g_assert_cmpint (g_mkdir (mounted_at, 0755), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    exit (try_small_disks (place->path, mounted_at));
  waitpid (child, &status, 0);
  g_rmdir (mounted_at);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == 77)
    g_test_skip ("this needs the right to mount a filesystem");
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static void
test_nothing_is_printed (Place *place, gconstpointer unused)
{
  (void) unused;
  if (g_test_subprocess ())
    {
      const char *path = g_getenv ("SAXID_TEST_FILE");
      g_autoptr (SaxidRecord) record = tag_record_new ("/entry", 2, 1);
      g_autoptr (SaxidRecord) absent = tag_record_new ("/absent", 2, 1);

      tag_well (path, record);
      g_assert_false (tag (path, absent, NULL));
      g_assert_null (saxid_tag_read (path, "/absent", "saxid", NULL));
      g_assert_cmpint (truncate (path, 3000), ==, 0);
      g_assert_false (tag (path, record, NULL));
      exit (0);
    }
  g_setenv ("SAXID_TEST_FILE", place->path, TRUE);
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/tag-writer/" name, Place, NULL, set_up, function, tear_down)
  g_test_add_func ("/tag-writer/equal-sees-a-difference", test_equal_sees_a_difference);
  ADD ("round-trip", test_round_trip);
  ADD ("all-entries-at-once", test_all_entries_at_once);
  ADD ("sequence", test_sequence);
  ADD ("reruns-do-not-grow", test_reruns_do_not_grow);
  ADD ("alternate-reruns-do-not-grow", test_alternate_reruns_do_not_grow);
  ADD ("large-arrays-are-compressed", test_large_arrays_are_compressed);
  ADD ("incomplete-records", test_incomplete_records);
  ADD ("names-that-would-break-out", test_names_that_would_break_out);
  ADD ("strange-parents", test_strange_parents);
  ADD ("foreign-group-is-left-alone", test_foreign_group_is_left_alone);
  ADD ("not-a-sound-file", test_not_a_sound_file);
  ADD ("left-open-by-a-writer", test_left_open_by_a_writer);
  ADD ("host-has-the-file-open", test_host_has_the_file_open);
  ADD ("error-settings-are-kept", test_error_settings_are_kept);
  ADD ("side-file", test_side_file);
  ADD ("side-file-with-links", test_side_file_with_links);
  ADD ("moulds-change-nothing", test_moulds_change_nothing);
  ADD ("moulds-of-all-entries", test_moulds_of_all_entries);
  ADD ("moulds-that-do-not-fit", test_moulds_that_do_not_fit);
  ADD ("spoilt-groups-are-not-believed", test_spoilt_groups_are_not_believed);
  ADD ("group-of-old", test_group_of_old_is_read);
  ADD ("nothing-to-read", test_nothing_to_read);
  ADD ("no-room", test_no_room);
  ADD ("small-disks", test_small_disks);
  ADD ("nothing-is-printed", test_nothing_is_printed);
  return g_test_run ();
}
