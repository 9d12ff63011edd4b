/* Are detector frames read as they were written, and hostile files refused? */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <hdf5.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <tiffio.h>

#include "reducers/error.h"
#include "schemas/frame/file.h"

#define HEIGHT 7
#define WIDTH 11
#define N (HEIGHT * WIDTH)

static char *directory;

static char *
place (const char *name)
{
  return g_build_filename (directory, name, NULL);
}

/* ---- HDF5 ----------------------------------------------------------------- */

static hid_t
group (hid_t parent, const char *name, const char *nx_class)
{
  hid_t id = H5Gcreate2 (parent, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  hid_t type = H5Tcopy (H5T_C_S1), space = H5Screate (H5S_SCALAR), attribute;

  H5Tset_size (type, strlen (nx_class));
  attribute = H5Acreate2 (id, "NX_class", type, space, H5P_DEFAULT, H5P_DEFAULT);
  H5Awrite (attribute, type, nx_class);
  H5Aclose (attribute);
  H5Sclose (space);
  H5Tclose (type);
  return id;
}

static void
dataset (hid_t parent, const char *name, hid_t type, int rank, const hsize_t *shape, const void *values,
         const char *unit)
{
  hid_t space = rank > 0 ? H5Screate_simple (rank, shape, NULL) : H5Screate (H5S_SCALAR);
  hid_t id = H5Dcreate2 (parent, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);

  if (values != NULL)
    H5Dwrite (id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
  if (unit != NULL)
    {
      hid_t text = H5Tcopy (H5T_C_S1), scalar = H5Screate (H5S_SCALAR), attribute;

      H5Tset_size (text, H5T_VARIABLE);
      attribute = H5Acreate2 (id, "units", text, scalar, H5P_DEFAULT, H5P_DEFAULT);
      H5Awrite (attribute, text, &unit);
      H5Aclose (attribute);
      H5Sclose (scalar);
      H5Tclose (text);
    }
  H5Dclose (id);
  H5Sclose (space);
}

static void
number (hid_t parent, const char *name, double value, const char *unit)
{
  dataset (parent, name, H5T_NATIVE_DOUBLE, 0, NULL, &value, unit);
}

/* An NXdetector with a stack of three frames and all that goes with it. */
static char *
write_nexus (const char *name)
{
  char *path = place (name);
  hid_t file = H5Fcreate (path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  hid_t entry = group (file, "scan", "NXentry"), instrument = group (entry, "beamline", "NXinstrument");
  hid_t detector = group (instrument, "eiger", "NXdetector"),
        monitor = group (entry, "ion", "NXmonitor");
  hid_t beam = group (instrument, "monochromator", "NXmonochromator");
  const hsize_t shape[] = { 3, HEIGHT, WIDTH }, frames = 3;
  const double counts[] = { 10, 20, 30 };
  guint16 values[3 * N];
  guint32 mask[N] = { 0 };
  float flat[N];

  for (gsize k = 0; k < 3 * N; k++)
    values[k] = (guint16) k;
  values[N + 4] = 65535; /* no data */
  for (gsize k = 0; k < N; k++)
    flat[k] = 1 + (float) k / 100;
  mask[3] = 1u << 8;
  mask[4] = 1u << 30; /* bits above 15 only mark a pixel */
  dataset (detector, "data", H5T_NATIVE_UINT16, 3, shape, values, NULL);
  dataset (detector, "pixel_mask", H5T_NATIVE_UINT32, 2, shape + 1, mask, NULL);
  dataset (detector, "flatfield", H5T_NATIVE_FLOAT, 2, shape + 1, flat, NULL);
  dataset (monitor, "data", H5T_NATIVE_DOUBLE, 1, &frames, counts, NULL);
  number (detector, "distance", 1500, "mm");
  number (detector, "beam_center_x", 5.5, "pixel");
  number (detector, "beam_center_y", 0.15, "mm"); /* two pixels */
  number (detector, "x_pixel_size", 0.1, "mm");
  number (detector, "y_pixel_size", 75, "um");
  number (detector, "saturation_value", 60000, NULL);
  number (beam, "energy", 12.398419843320026, "keV");
  H5Gclose (beam);
  H5Gclose (monitor);
  H5Gclose (detector);
  H5Gclose (instrument);
  H5Gclose (entry);
  H5Fclose (file);
  return path;
}

static void
test_nexus (void)
{
  g_autofree char *path = write_nexus ("stack.nxs");
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidFrameFile) file = saxid_frame_file_open (path, NULL, &error);
  const SaxidFrameInfo *info;
  float frame[N];

  g_assert_no_error (error);
  info = saxid_frame_file_info (file);
  g_assert_cmpstr (info->format, ==, "HDF5");
  g_assert_cmpstr (info->place, ==, "/scan/beamline/eiger/data");
  g_assert_cmpuint (info->n_frame, ==, 3);
  g_assert_cmpuint (info->height, ==, HEIGHT);
  g_assert_cmpuint (info->width, ==, WIDTH);
  g_assert_cmpfloat (info->saturation, ==, 60000);
  g_assert_cmpuint (info->mask[3], ==, 1);
  g_assert_cmpuint (info->mask[4], ==, 0);
  g_assert_cmpfloat (info->flat[50], ==, 1.5f);
  g_assert_cmpfloat (saxid_frame_info_monitor (info, 1), ==, 20);

  g_assert_null (info->lacks);
  g_assert_cmpfloat_with_epsilon (info->geometry.dist, 1.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (info->geometry.poni1, 0.15e-3, 1e-15);
  g_assert_cmpfloat_with_epsilon (info->geometry.poni2, 0.55e-3, 1e-15);
  g_assert_cmpfloat_with_epsilon (info->geometry.pixel1, 75e-6, 1e-15);
  g_assert_cmpfloat_with_epsilon (info->geometry.wavelength, 1e-10, 1e-17);

  g_assert_true (saxid_frame_file_read (file, 1, frame, &error));
  g_assert_cmpfloat (frame[0], ==, N);
  g_assert_true (isnan (frame[4]));
  g_assert_true (saxid_frame_file_read (file, 2, frame, &error));
  g_assert_cmpfloat (frame[N - 1], ==, 3 * N - 1);
  g_assert_false (saxid_frame_file_read (file, 3, frame, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
}

/* A geometry without units is no geometry: 1500 may be mm. */
static void
test_units_are_needed (void)
{
  g_autofree char *path = write_nexus ("units.nxs");
  hid_t file = H5Fopen (path, H5F_ACC_RDWR, H5P_DEFAULT);
  hid_t id = H5Dopen2 (file, "/scan/beamline/eiger/distance", H5P_DEFAULT);
  g_autoptr (SaxidFrameFile) frames = NULL;

  H5Adelete (id, "units");
  H5Dclose (id);
  H5Fclose (file);
  frames = saxid_frame_file_open (path, NULL, NULL);
  g_assert_nonnull (frames);
  g_assert_cmpstr (saxid_frame_file_info (frames)->lacks, ==, "distance");
}

/* A detector beside the beam: its centre and distance are not all. */
static void
test_turned_detector (void)
{
  g_autofree char *path = write_nexus ("turned.nxs");
  hid_t file = H5Fopen (path, H5F_ACC_RDWR, H5P_DEFAULT);
  hid_t detector = H5Gopen2 (file, "/scan/beamline/eiger", H5P_DEFAULT);
  g_autoptr (SaxidFrameFile) frames = NULL;

  number (detector, "polar_angle", 12, "deg");
  H5Gclose (detector);
  H5Fclose (file);
  frames = saxid_frame_file_open (path, NULL, NULL);
  g_assert_nonnull (strstr (saxid_frame_file_info (frames)->lacks, "polar_angle"));
}

static void
text_attribute (hid_t parent, const char *dataset_name, const char *name, const char *value)
{
  hid_t type = H5Tcopy (H5T_C_S1), space = H5Screate (H5S_SCALAR), id;

  H5Tset_size (type, strlen (value) + 1);
  id = H5Acreate_by_name (parent, dataset_name, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  H5Awrite (id, type, value);
  H5Aclose (id);
  H5Sclose (space);
  H5Tclose (type);
}

static void
vector_attribute (hid_t parent, const char *dataset_name, const char *name, double x, double y, double z)
{
  const hsize_t three = 3;
  const double values[] = { x, y, z };
  hid_t space = H5Screate_simple (1, &three, NULL);
  hid_t id = H5Acreate_by_name (parent, dataset_name, name, H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);

  H5Awrite (id, H5T_NATIVE_DOUBLE, values);
  H5Aclose (id);
  H5Sclose (space);
}

#define ARM 0.4        /* rad about the vertical axis */
#define LIFT 0.1       /* rad about the horizontal one, behind it */
#define FAR_AWAY 0.8   /* m */

/* A detector on an arm: moved to its place, tilted, and turned about the sample. */
static void
write_arm (hid_t detector, const char *kind_of_arm)
{
  hid_t module = group (detector, "module", "NXdetector_module"), chain = group (detector, "transformations", "NXtransformations");

  number (chain, "arm", ARM, "rad");
  text_attribute (chain, "arm", "transformation_type", kind_of_arm);
  vector_attribute (chain, "arm", "vector", 0, 2, 0); /* of any length */
  text_attribute (chain, "arm", "depends_on", ".");
  number (chain, "lift", LIFT, "rad");
  text_attribute (chain, "lift", "transformation_type", "rotation");
  vector_attribute (chain, "lift", "vector", 1, 0, 0);
  text_attribute (chain, "lift", "depends_on", "arm");
  number (chain, "away", FAR_AWAY * 1e3, "mm");
  text_attribute (chain, "away", "transformation_type", "translation");
  vector_attribute (chain, "away", "vector", 0, 0, 1);
  text_attribute (chain, "away", "depends_on", "lift");
  number (module, "fast_pixel_direction", 0.1, "mm");
  vector_attribute (module, "fast_pixel_direction", "vector", -1, 0, 0);
  vector_attribute (module, "fast_pixel_direction", "offset", 3, 2, 0);
  text_attribute (module, "fast_pixel_direction", "offset_units", "mm");
  text_attribute (module, "fast_pixel_direction", "depends_on", "../transformations/away");
  number (module, "slow_pixel_direction", 75, "um");
  vector_attribute (module, "slow_pixel_direction", "vector", 0, -1, 0);
  text_attribute (module, "slow_pixel_direction", "depends_on", "../transformations/away");
  H5Gclose (chain);
  H5Gclose (module);
}

/* cos 2θ of a point of the detector on that arm, by hand. */
static double
cosine_on_arm (double row, double column)
{
  const double x = 3e-3 - column * 1e-4, y = 2e-3 - row * 75e-6, z = FAR_AWAY;
  const double y2 = y * cos (LIFT) - z * sin (LIFT), z2 = y * sin (LIFT) + z * cos (LIFT);
  const double z3 = -x * sin (ARM) + z2 * cos (ARM), x3 = x * cos (ARM) + z2 * sin (ARM);

  return z3 / sqrt (x3 * x3 + y2 * y2 + z3 * z3);
}

static void
test_transformations (void)
{
  static const struct
  {
    const char *kind;
    gboolean known;
  } cases[] = { { "rotation", TRUE }, { "inversion", FALSE } };

  for (gsize k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autofree char *path = write_nexus ("arm.nxs");
      hid_t file = H5Fopen (path, H5F_ACC_RDWR, H5P_DEFAULT);
      hid_t detector = H5Gopen2 (file, "/scan/beamline/eiger", H5P_DEFAULT);
      g_autoptr (SaxidFrameFile) frames = NULL;
      const SaxidFrameInfo *info;

      write_arm (detector, cases[k].kind);
      H5Gclose (detector);
      H5Fclose (file);
      frames = saxid_frame_file_open (path, NULL, NULL);
      info = saxid_frame_file_info (frames);
      g_assert_true ((info->lacks == NULL) == cases[k].known);
      if (!cases[k].known)
        {
          g_assert_nonnull (strstr (info->lacks, "NXtransformations"));
          continue;
        }
      g_assert_cmpfloat_with_epsilon (info->geometry.pixel1, 75e-6, 1e-15);
      g_assert_cmpfloat_with_epsilon (info->geometry.wavelength, 1e-10, 1e-17);
      for (int corner = 0; corner < 4; corner++)
        {
          const double row = corner % 2 * HEIGHT, column = corner / 2 * WIDTH;
          double place[3];

          saxid_geometry_place (&info->geometry, row, column, place);
          g_assert_cmpfloat_with_epsilon (place[2] / sqrt (place[0] * place[0] + place[1] * place[1] + place[2] * place[2]),
                                          cosine_on_arm (row, column), 1e-12);
        }
    }
}

/* data_000001, data_000002: one run. */
static void
test_series (void)
{
  g_autofree char *path = place ("series.h5");
  hid_t file = H5Fcreate (path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  hid_t entry = group (file, "entry", "NXentry"), data = group (entry, "data", "NXdata");
  const hsize_t two[] = { 2, HEIGHT, WIDTH }, one[] = { 1, HEIGHT, WIDTH };
  gint32 values[2 * N];
  float frame[N];
  g_autoptr (SaxidFrameFile) frames = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize k = 0; k < 2 * N; k++)
    values[k] = (gint32) k;
  dataset (data, "data_000001", H5T_NATIVE_INT32, 3, two, values, NULL);
  values[0] = -77;
  values[1] = -2; /* a dead pixel */
  dataset (data, "data_000002", H5T_NATIVE_INT32, 3, one, values, NULL);
  H5Gclose (data);
  H5Gclose (entry);
  H5Fclose (file);

  frames = saxid_frame_file_open (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (saxid_frame_file_info (frames)->n_frame, ==, 3);
  g_assert_true (saxid_frame_file_read (frames, 1, frame, NULL));
  g_assert_cmpfloat (frame[3], ==, N + 3);
  g_assert_true (saxid_frame_file_read (frames, 2, frame, NULL));
  g_assert_true (isnan (frame[1]));
  g_assert_cmpfloat (frame[3], ==, 3);
}

static hid_t
begin_entry (const char *path, hid_t *file, hid_t *entry)
{
  *file = H5Fcreate (path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  *entry = group (*file, "entry", "NXentry");
  return group (*entry, "data", "NXdata");
}

static void
end_entry (hid_t file, hid_t entry, hid_t data)
{
  H5Gclose (data);
  H5Gclose (entry);
  H5Fclose (file);
}

static void
assert_refused (const char *path, int code, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (saxid_frame_file_open (path, NULL, &error));
  g_assert_error (error, SAXID_ERROR, code);
  g_assert_nonnull (strstr (error->message, part));
  g_assert_nonnull (strstr (error->message, path));
  for (const char *c = error->message; *c != '\0'; c++)
    g_assert_false (g_ascii_iscntrl (*c));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
test_hostile_nexus (void)
{
  g_autofree char *path = place ("hostile.h5"), *other = write_nexus ("other.nxs");
  const hsize_t huge[] = { 1, 1 << 20, 1 << 20 }, empty[] = { 0, HEIGHT, WIDTH },
                plain[] = { HEIGHT, WIDTH };
  const hsize_t rank_4[] = { 2, 2, HEIGHT, WIDTH };
  hid_t file, entry, data, creation, space, id;
  g_autoptr (SaxidFrameFile) followed = NULL;
  const SaxidFrameOptions follow = { .follow_links = TRUE };

  data = begin_entry (path, &file, &entry); /* a terabyte that is not there */
  creation = H5Pcreate (H5P_DATASET_CREATE);
  H5Pset_chunk (creation, 3, (const hsize_t[]){ 1, 64, 64 });
  space = H5Screate_simple (3, huge, NULL);
  id = H5Dcreate2 (data, "data", H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  H5Dclose (id);
  H5Sclose (space);
  end_entry (file, entry, data);
  assert_refused (path, SAXID_ERROR_LIMIT, "1048576 × 1048576 pixels");

  data = begin_entry (path, &file, &entry); /* chunks that were never written */
  space = H5Screate_simple (2, plain, NULL);
  H5Pset_chunk (creation, 2, plain);
  id = H5Dcreate2 (data, "data", H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  H5Dclose (id);
  H5Sclose (space);
  end_entry (file, entry, data);
  assert_refused (path, SAXID_ERROR_NO_CURVE, "never written");
  g_assert_null (saxid_frame_file_open (path, &follow, NULL));
  H5Pclose (creation);

  data = begin_entry (path, &file, &entry); /* no frame in the stack */
  dataset (data, "data", H5T_NATIVE_INT, 3, empty, NULL, NULL);
  end_entry (file, entry, data);
  assert_refused (path, SAXID_ERROR_FORMAT, "0 frames");

  data = begin_entry (path, &file, &entry); /* no such rank */
  dataset (data, "data", H5T_NATIVE_INT, 4, rank_4, NULL, NULL);
  end_entry (file, entry, data);
  assert_refused (path, SAXID_ERROR_NO_CURVE, "/entry/data/data has rank 4");

  data = begin_entry (path, &file, &entry); /* text */
  id = H5Tcopy (H5T_C_S1);
  H5Tset_size (id, 8);
  dataset (data, "data", id, 2, plain, NULL, NULL);
  H5Tclose (id);
  end_entry (file, entry, data);
  assert_refused (path, SAXID_ERROR_FORMAT, "numbers are needed");

  data = begin_entry (path, &file, &entry); /* elsewhere */
  H5Lcreate_external (other, "/scan/beamline/eiger/data", data, "data", H5P_DEFAULT, H5P_DEFAULT);
  end_entry (file, entry, data);
  assert_refused (path, SAXID_ERROR_NO_CURVE, "links out of the file were not followed");
  followed = saxid_frame_file_open (path, &follow, NULL);
  g_assert_nonnull (followed);
  g_assert_cmpuint (saxid_frame_file_info (followed)->n_frame, ==, 3);
  g_clear_pointer (&followed, saxid_frame_file_close);

  data = begin_entry (path, &file, &entry); /* virtual */
  {
    hid_t virtual_ = H5Pcreate (H5P_DATASET_CREATE), source = H5Screate_simple (2, plain, NULL);

    H5Pset_virtual (virtual_, source, other, "/scan/beamline/eiger/flatfield", source);
    id = H5Dcreate2 (data, "data", H5T_NATIVE_FLOAT, source, H5P_DEFAULT, virtual_, H5P_DEFAULT);
    H5Dclose (id);
    H5Sclose (source);
    H5Pclose (virtual_);
  }
  end_entry (file, entry, data);
  assert_refused (path, SAXID_ERROR_UNSUPPORTED, "only on request");
}

/* What goes with the images is not fetched from elsewhere either, unless asked. */
static void
test_outside_fields (void)
{
  g_autofree char *path = write_nexus ("fields.nxs"), *secret = place ("secret");
  const SaxidFrameOptions follow = { .follow_links = TRUE };
  const hsize_t plain[] = { HEIGHT, WIDTH };
  g_autofree char *bytes = g_strnfill (N * sizeof (float), 'x');
  g_autoptr (SaxidFrameFile) inside = NULL, followed = NULL;
  g_autoptr (GError) error = NULL;
  hid_t file = H5Fopen (path, H5F_ACC_RDWR, H5P_DEFAULT), space = H5Screate_simple (2, plain, NULL), scalar = H5Screate (H5S_SCALAR);
  hid_t elsewhere = H5Pcreate (H5P_DATASET_CREATE), text = H5Tcopy (H5T_C_S1);
  const struct
  {
    const char *name;
    hid_t type, space;
  } fields[] = { { "scan/beamline/eiger/flatfield", H5T_NATIVE_FLOAT, space },
                 { "scan/beamline/eiger/pixel_mask", H5T_NATIVE_UINT32, space },
                 { "scan/beamline/eiger/saturation_value", H5T_NATIVE_UINT32, scalar },
                 { "scan/ion/data", H5T_NATIVE_UINT32, scalar },
                 { "scan/title", text, scalar } };

  g_assert_true (g_file_set_contents (secret, bytes, N * sizeof (float), NULL));
  H5Tset_size (text, 8);
  H5Pset_external (elsewhere, secret, 0, H5F_UNLIMITED);
  for (gsize k = 0; k < G_N_ELEMENTS (fields); k++)
    {
      if (H5Lexists (file, fields[k].name, H5P_DEFAULT) > 0)
        H5Ldelete (file, fields[k].name, H5P_DEFAULT);
      H5Dclose (H5Dcreate2 (file, fields[k].name, fields[k].type, fields[k].space, H5P_DEFAULT, elsewhere, H5P_DEFAULT));
    }
  H5Pclose (elsewhere);
  H5Sclose (scalar);
  H5Sclose (space);
  H5Tclose (text);
  H5Fclose (file);

  inside = saxid_frame_file_open (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (saxid_frame_file_info (inside)->flat);
  g_assert_null (saxid_frame_file_info (inside)->mask);
  g_assert_null (saxid_frame_file_info (inside)->title);
  g_assert_cmpuint (saxid_frame_file_info (inside)->n_monitor, ==, 0);
  g_assert_cmpfloat (saxid_frame_file_info (inside)->saturation, ==, 0);
  g_assert_nonnull (strstr (saxid_frame_file_info (inside)->note, "pixel_mask is not used: it is stored outside"));
  followed = saxid_frame_file_open (path, &follow, &error);
  g_assert_no_error (error);
  g_assert_nonnull (saxid_frame_file_info (followed)->flat);
  g_assert_cmpstr (saxid_frame_file_info (followed)->title, ==, "xxxxxxxx");
}

/* What h5py makes of an array of booleans. */
static void
test_boolean_mask (void)
{
  g_autofree char *path = write_nexus ("boolean.nxs");
  const hsize_t plain[] = { HEIGHT, WIDTH };
  g_autoptr (SaxidFrameFile) frames = NULL;
  g_autoptr (GError) error = NULL;
  gint8 values[N] = { 0 }, no = 0, yes = 1;
  hid_t file = H5Fopen (path, H5F_ACC_RDWR, H5P_DEFAULT), detector = H5Gopen2 (file, "scan/beamline/eiger", H5P_DEFAULT);
  hid_t type = H5Tenum_create (H5T_NATIVE_INT8);

  values[5] = 1;
  H5Tenum_insert (type, "FALSE", &no);
  H5Tenum_insert (type, "TRUE", &yes);
  H5Ldelete (detector, "pixel_mask", H5P_DEFAULT);
  dataset (detector, "pixel_mask", type, 2, plain, values, NULL);
  H5Ldelete (detector, "flatfield", H5P_DEFAULT);
  H5Lcreate_soft ("/nowhere", detector, "flatfield", H5P_DEFAULT, H5P_DEFAULT);
  H5Tclose (type);
  H5Gclose (detector);
  H5Fclose (file);
  frames = saxid_frame_file_open (path, NULL, &error);
  g_assert_no_error (error);
  for (gsize k = 0; k < N; k++)
    g_assert_cmpuint (saxid_frame_file_info (frames)->mask[k], ==, k == 5);
  g_assert_cmpstr (saxid_frame_file_info (frames)->note, ==, "flatfield is not used: it cannot be opened");
}

/* A name out of the file does nothing to the terminal that shows the message. */
static void
test_hostile_name (void)
{
  g_autofree char *path = place ("named.h5");
  const hsize_t rank_4[] = { 2, 2, HEIGHT, WIDTH };
  hid_t file, entry, data;

  data = begin_entry (path, &file, &entry);
  H5Gclose (data);
  data = group (entry, "\033[2J\nx\xff", "NXdata");
  dataset (data, "data_000001", H5T_NATIVE_INT, 4, rank_4, NULL, NULL);
  end_entry (file, entry, data);
  assert_refused (path, SAXID_ERROR_FORMAT, "rank 4");
}

/* ---- TIFF ----------------------------------------------------------------- */

static char *
write_tiff_with (const char *name, int compression, guint16 sample, guint16 bits, guint16 pages,
                 const char *description, const char *artist)
{
  char *path = place (name);
  TIFF *tiff = TIFFOpen (path, "w");
  guint64 row[WIDTH];

  for (guint16 page = 0; page < pages; page++)
    {
      TIFFSetField (tiff, TIFFTAG_IMAGEWIDTH, WIDTH);
      TIFFSetField (tiff, TIFFTAG_IMAGELENGTH, HEIGHT);
      TIFFSetField (tiff, TIFFTAG_BITSPERSAMPLE, bits);
      TIFFSetField (tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
      TIFFSetField (tiff, TIFFTAG_SAMPLEFORMAT, sample);
      TIFFSetField (tiff, TIFFTAG_COMPRESSION, compression);
      TIFFSetField (tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
      TIFFSetField (tiff, TIFFTAG_ROWSPERSTRIP, 2);
      if (description != NULL)
        TIFFSetField (tiff, TIFFTAG_IMAGEDESCRIPTION, description);
      if (artist != NULL)
        TIFFSetField (tiff, TIFFTAG_ARTIST, artist);
      for (guint32 y = 0; y < HEIGHT; y++)
        {
          for (guint32 x = 0; x < WIDTH; x++)
            {
              guint32 value = 100u * page + WIDTH * y + x;

              if (sample == SAMPLEFORMAT_IEEEFP)
                ((float *) (gpointer) row)[x] = (float) value / 2;
              else if (bits == 32)
                ((gint32 *) (gpointer) row)[x] = value == 5 ? -1 : (gint32) value;
              else
                ((guint16 *) (gpointer) row)[x] = value == 5 ? 65535 : (guint16) value;
            }
          TIFFWriteScanline (tiff, row, y, 0);
        }
      TIFFWriteDirectory (tiff);
    }
  TIFFClose (tiff);
  return path;
}

static char *
write_tiff (const char *name, int compression, guint16 sample, guint16 bits, guint16 pages, const char *description)
{
  return write_tiff_with (name, compression, sample, bits, pages, description, NULL);
}

static void
check_tiff (const char *path, float unit)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidFrameFile) file = saxid_frame_file_open (path, NULL, &error);
  float frame[N];

  g_assert_no_error (error);
  g_assert_cmpuint (saxid_frame_file_info (file)->n_frame, ==, 2);
  for (int k = 1; k >= 0; k--) /* backwards: pages are found, not met */
    {
      g_assert_true (saxid_frame_file_read (file, (gsize) k, frame, &error));
      g_assert_cmpfloat (frame[30], ==, unit * (float) (100 * k + 30));
      g_assert_cmpfloat (frame[N - 1], ==, unit * (float) (100 * k + N - 1));
      g_assert_cmpint (isnan (frame[5]), ==, k == 0 && unit == 1);
    }
}

static void
test_tiff (void)
{
  g_autofree char *plain = write_tiff ("i32.tif", COMPRESSION_NONE, SAMPLEFORMAT_INT, 32, 2, NULL);
  g_autofree char *packed = write_tiff ("u16.tif", COMPRESSION_LZW, SAMPLEFORMAT_UINT, 16, 2, NULL);
  g_autofree char *real = write_tiff ("f32.tif", COMPRESSION_NONE, SAMPLEFORMAT_IEEEFP, 32, 2, NULL);

  check_tiff (plain, 1);
  check_tiff (packed, 1);
  check_tiff (real, 0.5f);
}

/* Every type of sample: numbers, and what marks a pixel without data. */
static void
write_sample (guint8 *at, guint16 sample, guint16 bits, gboolean marked, guint number)
{
  guint64 bytes = marked ? G_MAXUINT64 : number; /* -1, or the greatest value */
  const float single = marked ? -2.5f : (float) number / 2;
  const double twice = marked ? -2.5 : (double) number / 2;

  if (sample == SAMPLEFORMAT_IEEEFP)
    memcpy (at, bits == 32 ? (gconstpointer) &single : (gconstpointer) &twice, bits / 8);
  else
    for (guint k = 0; k < bits / 8u; k++, bytes >>= 8)
      at[G_BYTE_ORDER == G_LITTLE_ENDIAN ? k : bits / 8u - 1 - k] = (guint8) bytes;
}

static void
test_tiff_samples (void)
{
  static const struct
  {
    guint16 sample, bits;
  } types[] = { { SAMPLEFORMAT_UINT, 8 },  { SAMPLEFORMAT_UINT, 16 }, { SAMPLEFORMAT_UINT, 32 },   { SAMPLEFORMAT_UINT, 64 },
                { SAMPLEFORMAT_INT, 8 },   { SAMPLEFORMAT_INT, 16 },  { SAMPLEFORMAT_INT, 32 },    { SAMPLEFORMAT_INT, 64 },
                { SAMPLEFORMAT_IEEEFP, 32 }, { SAMPLEFORMAT_IEEEFP, 64 } };

  for (gsize t = 0; t < G_N_ELEMENTS (types); t++)
    {
      const guint16 sample = types[t].sample, bits = types[t].bits;
      const gboolean real = sample == SAMPLEFORMAT_IEEEFP;
      g_autofree char *path = place ("sample.tif");
      TIFF *tiff = TIFFOpen (path, "w");
      g_autoptr (SaxidFrameFile) file = NULL;
      g_autoptr (GError) error = NULL;
      guint8 row[8 * WIDTH];
      float frame[N];

      TIFFSetField (tiff, TIFFTAG_IMAGEWIDTH, WIDTH);
      TIFFSetField (tiff, TIFFTAG_IMAGELENGTH, HEIGHT);
      TIFFSetField (tiff, TIFFTAG_BITSPERSAMPLE, bits);
      TIFFSetField (tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
      TIFFSetField (tiff, TIFFTAG_SAMPLEFORMAT, sample);
      TIFFSetField (tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
      for (guint32 y = 0; y < HEIGHT; y++)
        {
          for (guint32 x = 0; x < WIDTH; x++)
            write_sample (row + x * bits / 8, sample, bits, y == 1 && x == 2, (WIDTH * y + x) % 100);
          TIFFWriteScanline (tiff, row, y, 0);
        }
      TIFFClose (tiff);
      file = saxid_frame_file_open (path, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (saxid_frame_file_read (file, 0, frame, &error));
      for (guint k = 0; k < N; k++)
        if (k != WIDTH + 2)
          g_assert_cmpfloat (frame[k], ==, (float) (k % 100) / (real ? 2 : 1));
        else if (real)
          g_assert_cmpfloat (frame[k], ==, -2.5f);
        else
          g_assert_true (isnan (frame[k]));
    }
}

static void
test_dectris_header (void)
{
  g_autofree char *path
      = write_tiff ("dectris.tif", COMPRESSION_NONE, SAMPLEFORMAT_INT, 32, 1,
                    "# Pixel_size 172e-6 m x 100e-6 m\r\n# Count_cutoff 1053296 counts\r\n"
                    "# Wavelength 1.5406 A\r\n# Detector_distance 0.7 m\r\n"
                    "# Beam_xy (5.5, 2.5) pixels\r\n");
  g_autoptr (SaxidFrameFile) file = saxid_frame_file_open (path, NULL, NULL);
  const SaxidFrameInfo *info = saxid_frame_file_info (file);

  g_assert_null (info->lacks);
  g_assert_cmpfloat (info->saturation, ==, 1053296);
  g_assert_cmpfloat (info->geometry.pixel2, ==, 172e-6); /* x is the fast axis */
  g_assert_cmpfloat (info->geometry.pixel1, ==, 100e-6);
  g_assert_cmpfloat (info->geometry.dist, ==, 0.7);
  g_assert_cmpfloat_with_epsilon (info->geometry.poni1, 2.5 * 100e-6, 1e-15);
  g_assert_cmpfloat_with_epsilon (info->geometry.poni2, 5.5 * 172e-6, 1e-15);
  g_assert_cmpfloat_with_epsilon (info->geometry.wavelength, 1.5406e-10, 1e-20);
}

/* Programs of beamlines write other units behind the numbers than Dectris does; a unit that nobody knows is no m. */
static void
test_dectris_units (void)
{
#define PIXEL "# Pixel_size 1e-4 m x 1e-4 m\r\n"
#define BEAM "# Beam_xy (5.0, 2.0) pixels\r\n"
#define WAVELENGTH "# Wavelength 1 A\r\n"
#define DISTANCE "# Detector_distance 2 m\r\n"
#define NOTE "wavelength 1 Å from "
#define UNKNOWN " in a unit that is known ('furlong' is not)"
#define TURNED "how the detector is turned ("
  static const struct
  {
    const char *text, *note, *lacks;
  } cases[] = {
    { PIXEL BEAM "# Wavelength 0.1 nm\r\n# Detector_distance 200 cm\r\n", NULL, NULL },
    { PIXEL BEAM "# Wavelength 100 pm\n# Detector_distance 2000.0 mm\n", NULL, NULL },
    { PIXEL BEAM "# Wavelength 1e-10 m\r\n# Detector_distance: 2e6 um\r\n", NULL, NULL },
    { PIXEL BEAM "# Wavelength 1.0 Angstroms\r\n# Detector_distance 2e6 \xc2\xb5m\r\n", NULL, NULL },
    { PIXEL BEAM "# Wavelength = 1.0 \xc3\x85\r\n# Detector_distance = 2.0\r\n", NULL, NULL },
    { PIXEL BEAM "# Wavelength 1.0 \xc5\r\n# Detector_distance (2.0)\r\n", NULL, NULL }, /* Latin-1 */
    { PIXEL BEAM "# Wavelength 1.0\r\n# Detector_distance 2.0 m.\r\n", NULL, NULL },
    { "# Pixel_size 0.1 mm x 0.1 mm\r\n" BEAM WAVELENGTH DISTANCE, NULL, NULL },
    { "# Pixel_size 100 um x 100 um\r\n" BEAM WAVELENGTH DISTANCE, NULL, NULL },
    { "# Pixel_size 100 x 100 \xb5m\r\n" BEAM WAVELENGTH DISTANCE, NULL, NULL },
    { "# Pixel_size 0.1mm x 1e-4\r\n" BEAM WAVELENGTH DISTANCE, NULL, NULL },
    { "# Pixel_size 1e-4 1e-4\r\n# Beam_xy 5.0 2.0\r\n" WAVELENGTH "# Detector_distance 2 # m\r\n", NULL, NULL },
    { PIXEL "# Beam_xy (5.0 2.0) Pixels\r\n" WAVELENGTH DISTANCE, NULL, NULL },
    { PIXEL BEAM DISTANCE "# Energy 12.3984198433 keV\r\n", NOTE "Energy = 12.3984 keV", NULL },
    { PIXEL BEAM DISTANCE "# Wavelength 0 A\r\n# Photon_energy 12398.4198433\r\n",
      NOTE "Photon_energy = 12398.4 taken as eV", NULL },
    { PIXEL BEAM DISTANCE "# Wavelength 12398.4198433 eV\r\n", NULL, NULL },
    { PIXEL BEAM DISTANCE "# Energy 150\r\n", NULL, "wavelength (its energy is neither in keV nor in eV for certain)" },
    { PIXEL BEAM DISTANCE "# Threshold_energy 12.4 keV\r\n", NULL, "wavelength" },
    { PIXEL BEAM DISTANCE "# Wavelength inf A\r\n", NULL, "wavelength" },
    { PIXEL BEAM DISTANCE "# Wavelength 1 furlong\r\n", NULL, "wavelength" UNKNOWN },
    { PIXEL BEAM WAVELENGTH "# Detector_distance 2 furlong\r\n", NULL, "distance" UNKNOWN },
    { PIXEL BEAM WAVELENGTH "# Detector_distance nan m\r\n", NULL, "distance" },
    { "# Pixel_size 1 furlong x 1 m\r\n" BEAM WAVELENGTH DISTANCE, NULL, "pixel size" UNKNOWN },
    { "# Pixel_size 1 m x 1 furlong\r\n" BEAM WAVELENGTH DISTANCE, NULL, "pixel size" UNKNOWN },
    { "# Pixel_size 172 m x 172 m\r\n" BEAM WAVELENGTH DISTANCE, NULL, "pixel size" },
    { PIXEL WAVELENGTH DISTANCE "# Beam_xy (5.0, 2.0) furlong\r\n", NULL, "beam centre" UNKNOWN },
    { PIXEL WAVELENGTH DISTANCE "# Beam_xy (5.0, inf) pixels\r\n", NULL, "beam centre" },
    { PIXEL BEAM WAVELENGTH DISTANCE "# Detector_2theta 0.0400 deg.\r\n", NULL, NULL },
    { PIXEL BEAM WAVELENGTH DISTANCE "# Detector_2theta -20.0000 deg.\r\n", NULL,
      TURNED "Detector_2theta = -20 degree, its axis and its sign are not told)" },
    { PIXEL BEAM WAVELENGTH DISTANCE "# Two_theta 1 mrad\r\n", NULL,
      TURNED "Two_theta = 0.0573 degree, its axis and its sign are not told)" },
    { PIXEL BEAM WAVELENGTH "# Detector_distance 2 \x1b[31m\xff\r\n", NULL,
      "distance in a unit that is known ('[31mÿ' is not)" },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autofree char *path = write_tiff ("units.tif", COMPRESSION_NONE, SAMPLEFORMAT_INT, 32, 1, cases[k].text);
      g_autoptr (SaxidFrameFile) file = saxid_frame_file_open (path, NULL, NULL);
      const SaxidFrameInfo *info = saxid_frame_file_info (file);

      g_test_message ("case %" G_GSIZE_FORMAT, k);
      g_assert_cmpstr (info->note, ==, cases[k].note);
      g_assert_cmpstr (info->lacks, ==, cases[k].lacks);
      if (cases[k].lacks != NULL)
        continue;
      g_assert_cmpfloat_with_epsilon (info->geometry.wavelength, 1e-10, 1e-18);
      g_assert_cmpfloat_with_epsilon (info->geometry.dist, 2, 1e-12);
      g_assert_cmpfloat_with_epsilon (info->geometry.pixel1, 1e-4, 1e-15);
      g_assert_cmpfloat_with_epsilon (info->pixel2, 1e-4, 1e-15);
      g_assert_cmpfloat_with_epsilon (info->geometry.poni1, 2e-4, 1e-15);
      g_assert_cmpfloat_with_epsilon (info->geometry.poni2, 5e-4, 1e-15);
    }
}

/* The XML of SAXSLAB's cameras is the geometry where it is sound and no other is there. */
static void
test_saxslab (void)
{
#define PARAM(name, value) "<param name=\"" name "\">" value "</param>\n"
#define SAID "# Pixel_size 172e-6 m x 172e-6 m\r\n"
#define XML_START "<?xml version=\"1.0\" ?><SAXSLABparameters>\n" PARAM ("detectortype", "Pilatus") PARAM ("empty", "")
#define XML_FAR PARAM ("detector_dist", "536.7868") PARAM ("wavelength", "1.3414") PARAM ("detector_dist", "99")
#define XML_PIXEL PARAM ("pixelsize", "0.172 0.172")
#define XML_BEAM PARAM ("beamcenter_actual", "1.94    8.97")
#define XML_ALL XML_START XML_FAR XML_PIXEL XML_BEAM
#define NOTHING "wavelength, distance, beam centre, pixel size"
  static const struct
  {
    const char *text, *xml, *lacks;
  } cases[] = {
    { "", XML_ALL "</SAXSLABparameters>", NULL },
    { SAID, XML_ALL PARAM ("saxsconf_det_rotx", "0") PARAM ("saxsconf_det_roty", "0.0"), NULL },
    { SAID, XML_START XML_FAR PARAM ("det_pixel_size", "172e-6 172e-6") XML_BEAM, NULL },
    { SAID, XML_START PARAM ("det_pixel_size", "86e-6 86e-6") XML_FAR XML_PIXEL XML_BEAM, NULL }, /* binned */
    { "# Pixel_size 75e-6 m x 75e-6 m\r\n", XML_ALL, "wavelength, distance, beam centre" },
    { SAID "# Detector_2theta 20 deg.\r\n", XML_ALL,
      "wavelength, distance, beam centre, " TURNED "Detector_2theta = 20 degree, its axis and its sign are not told)" },
    { "", XML_ALL PARAM ("saxsconf_det_roty", "-1.5"),
      TURNED "saxsconf_det_roty = -1.5 degree, its axis and its sign are not told)" },
    { "", XML_START XML_FAR XML_PIXEL, NOTHING },
    { "", XML_START XML_FAR XML_BEAM, NOTHING },
    { "", XML_START XML_PIXEL XML_BEAM, NOTHING },
    { "", XML_START XML_FAR XML_PIXEL PARAM ("beamcenter_actual", "1.94"), NOTHING },
    { "", XML_START XML_FAR XML_PIXEL PARAM ("beamcenter_actual", "1.94 8.97 3"), NOTHING },
    { "", XML_START XML_FAR XML_PIXEL PARAM ("beamcenter_actual", "1.94 nan"), NOTHING },
    { "", XML_START XML_FAR XML_PIXEL PARAM ("beamcenter_actual", "0.00 0.00"), NOTHING },
    { "", XML_START XML_FAR XML_PIXEL PARAM ("beamcenter_actual", "29 8.97"), NOTHING }, /* of 7 rows */
    { "", XML_START XML_FAR XML_PIXEL PARAM ("beamcenter_actual", "1.94 -34"), NOTHING }, /* of 11 columns */
    { "", XML_START XML_FAR PARAM ("pixelsize", "0 0.172") XML_BEAM, NOTHING },
    { "", XML_START PARAM ("detector_dist", "1e308") PARAM ("wavelength", "1.5") XML_PIXEL XML_BEAM, NOTHING },
    { "", XML_START PARAM ("detector_dist", "-5") PARAM ("wavelength", "1.5") XML_PIXEL XML_BEAM, NOTHING },
    { "", XML_START PARAM ("detector_dist", "500") PARAM ("wavelength", "0") XML_PIXEL XML_BEAM, NOTHING },
    { "", XML_START PARAM ("detector_dist", "500") PARAM ("wavelength", "inf") XML_PIXEL XML_BEAM, NOTHING },
    { "", XML_START PARAM ("detector_dist", "500") PARAM ("wavelength", "1.5e10") XML_PIXEL XML_BEAM, NOTHING },
    { "", XML_START PARAM ("detector_dist", "1000") PARAM ("wavelength", "1.5") XML_PIXEL
      PARAM ("beamcenter_actual", "3.50 5.50"), NOTHING }, /* never set */
    { "", XML_START XML_PIXEL XML_BEAM "<param name=\"detector_dist\">500", NOTHING },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autofree char *path = write_tiff_with ("saxslab.tif", COMPRESSION_NONE, SAMPLEFORMAT_INT, 32, 1, cases[k].text,
                                               cases[k].xml);
      g_autoptr (SaxidFrameFile) file = saxid_frame_file_open (path, NULL, NULL);
      const SaxidFrameInfo *info = saxid_frame_file_info (file);

      g_test_message ("case %" G_GSIZE_FORMAT, k);
      g_assert_cmpstr (info->lacks, ==, cases[k].lacks);
      if (cases[k].lacks != NULL)
        continue;
      g_assert_cmpfloat_with_epsilon (info->geometry.dist, 0.5367868, 1e-12);
      g_assert_cmpfloat_with_epsilon (info->geometry.wavelength, 1.3414e-10, 1e-18);
      g_assert_cmpfloat_with_epsilon (info->geometry.pixel1, 172e-6, 1e-15);
      g_assert_cmpfloat_with_epsilon (info->pixel2, 172e-6, 1e-15);
      g_assert_cmpfloat_with_epsilon (info->geometry.poni1, 1.94 * 172e-6, 1e-12); /* the row comes first */
      g_assert_cmpfloat_with_epsilon (info->geometry.poni2, 8.97 * 172e-6, 1e-12);
    }
}

/* Where the text of the detector has a geometry, the XML changes nothing. */
static void
test_saxslab_beside_dectris (void)
{
  g_autofree char *path = write_tiff_with ("both.tif", COMPRESSION_NONE, SAMPLEFORMAT_INT, 32, 1,
                                           SAID BEAM WAVELENGTH "# Detector_distance 0.7 m\r\n", XML_ALL);
  g_autoptr (SaxidFrameFile) file = saxid_frame_file_open (path, NULL, NULL);

  g_assert_null (saxid_frame_file_info (file)->lacks);
  g_assert_cmpfloat (saxid_frame_file_info (file)->geometry.dist, ==, 0.7);
}

static void
test_hostile_tiff (void)
{
  g_autofree char *colour = place ("rgb.tif");
  TIFF *tiff = TIFFOpen (colour, "w");
  guint8 row[3 * WIDTH] = { 0 };

  TIFFSetField (tiff, TIFFTAG_IMAGEWIDTH, WIDTH);
  TIFFSetField (tiff, TIFFTAG_IMAGELENGTH, 1);
  TIFFSetField (tiff, TIFFTAG_BITSPERSAMPLE, 8);
  TIFFSetField (tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
  TIFFSetField (tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
  TIFFSetField (tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFWriteScanline (tiff, row, 0, 0);
  TIFFClose (tiff);
  assert_refused (colour, SAXID_ERROR_UNSUPPORTED, "3 samples of 8 bits");
}

/* ---- CBF ------------------------------------------------------------------ */

static const char cbf_header[]
    = "###CBF: VERSION 1.5\r\n# Detector: PILATUS\r\n# Pixel_size 172e-6 m x 172e-6 m\r\n"
      "conversions=\"x-CBF_BYTE_OFFSET\"\r\nX-Binary-Size: %u\r\n"
      "X-Binary-Element-Type: \"signed 32-bit integer\"\r\nX-Binary-Element-Byte-Order: LITTLE_ENDIAN\r\n"
      "%sX-Binary-Size-Fastest-Dimension: %u\r\nX-Binary-Size-Second-Dimension: %u\r\n\r\n\x0c\x1a\x04\xd5";

/* 5, then +300 (two bytes), +70000 (four), -70306 to -1, and back to 3 */
static const guint8 cbf_data[] = { 5,    0x80, 0x2c, 0x01, 0x80, 0x00, 0x80, 0x70, 0x11, 0x01,
                                   0x00, 0x80, 0x00, 0x80, 0x5e, 0xed, 0xfe, 0xff, 4,    0 };

static char *
write_cbf (const char *name, guint size, guint width, guint height, const char *extra)
{
  char *path = place (name);
  g_autoptr (GString) bytes = g_string_new (NULL);

  g_string_append_printf (bytes, cbf_header, size, extra, width, height);
  g_string_append_len (bytes, (const char *) cbf_data, sizeof cbf_data);
  g_assert_true (g_file_set_contents (path, bytes->str, (gssize) bytes->len, NULL));
  return path;
}

static void
test_cbf (void)
{
  g_autofree char *path = write_cbf ("good.cbf", sizeof cbf_data, 3, 2, "");
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidFrameFile) file = saxid_frame_file_open (path, NULL, &error);
  float frame[6];

  g_assert_no_error (error);
  g_assert_cmpfloat (saxid_frame_file_info (file)->pixel1, ==, 172e-6);
  g_assert_cmpstr (saxid_frame_file_info (file)->lacks, ==, "wavelength, distance, beam centre");
  g_assert_true (saxid_frame_file_read (file, 0, frame, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (frame[0], ==, 5);
  g_assert_cmpfloat (frame[1], ==, 305);
  g_assert_cmpfloat (frame[2], ==, 70305);
  g_assert_true (isnan (frame[3])); /* -1: a gap */
  g_assert_cmpfloat (frame[4], ==, 3);
  g_assert_cmpfloat (frame[5], ==, 3);
}

static void
test_hostile_cbf (void)
{
  g_autofree char *cut = write_cbf ("cut.cbf", 4000, 3, 2, "");
  g_autofree char *huge = write_cbf ("huge.cbf", sizeof cbf_data, 4000000, 4000000, "");
  g_autofree char *more = write_cbf ("more.cbf", sizeof cbf_data, 3, 3, "");
  g_autofree char *digest
      = write_cbf ("digest.cbf", sizeof cbf_data, 3, 2, "Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==\r\n");
  g_autoptr (SaxidFrameFile) file = NULL;
  g_autoptr (GError) error = NULL;
  float frame[9];

  assert_refused (cut, SAXID_ERROR_FORMAT, "cut short");
  assert_refused (huge, SAXID_ERROR_LIMIT, "4000000 × 4000000");
  assert_refused (digest, SAXID_ERROR_FORMAT, "digest");
  file = saxid_frame_file_open (more, NULL, NULL); /* fewer pixels than it says */
  g_assert_false (saxid_frame_file_read (file, 0, frame, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT);
}

/* ---- any ------------------------------------------------------------------ */

/* ---- EDF ------------------------------------------------------------------ */

#define EDF_GEOMETRY \
  "PSize_1 = 0.0001 ;\nPSize_2 = 75_um ;\nCenter_1 = 5.5 ;\nCenter_2 = 2 ;\nSampleDistance = 1.5 ;\n" \
  "WaveLength = 1e-10 ;\n"

/* A block whose header is padded as the format asks for. */
static void
put_block (GString *out, const char *keys, const void *pixels, gsize n)
{
  gsize begin = out->len;

  g_string_append_printf (out, "{\n%s", keys);
  while ((out->len - begin) % 512 != 510)
    g_string_append_c (out, ' ');
  g_string_append (out, "}\n");
  g_string_append_len (out, pixels, (gssize) n);
}

static char *
edf_keys (const char *type, const char *order, gsize bytes, const char *more)
{
  return g_strdup_printf ("HeaderID = EH:000001:000000:000000 ;\nImage = 1 ;\nByteOrder = %s ;\nDataType = %s ;\n"
                          "Dim_1 = %d ;\nDim_2 = %d ;\nSize = %zu ;\n%s",
                          order, type, WIDTH, HEIGHT, bytes, more);
}

static char *
save (const char *name, const GString *bytes)
{
  char *path = place (name);

  g_assert_true (g_file_set_contents (path, bytes->str, (gssize) bytes->len, NULL));
  return path;
}

static GString *
gzip (const char *bytes, gsize n)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6);
  g_autofree char *buffer = g_malloc (n + 1024);
  gsize taken, made;

  g_assert_cmpint (g_converter_convert (G_CONVERTER (compressor), bytes, n, buffer, n + 1024, G_CONVERTER_INPUT_AT_END,
                                        &taken, &made, NULL),
                   ==, G_CONVERTER_FINISHED);
  g_assert_cmpuint (taken, ==, n);
  return g_string_new_len (buffer, (gssize) made);
}

/* Pixel k is 3 k; one of them is the mark of no data where the type has one. */
static void
test_edf_types (void)
{
  static const struct
  {
    const char *type;
    guint size;
    gboolean is_real, is_signed;
  } types[] = {
    { "UnsignedByte", 1, FALSE, FALSE },    { "SignedByte", 1, FALSE, TRUE },  { "UnsignedShort", 2, FALSE, FALSE },
    { "SignedShort", 2, FALSE, TRUE },      { "UnsignedInteger", 4, FALSE, FALSE },
    { "SignedInteger", 4, FALSE, TRUE },    { "UnsignedLong", 4, FALSE, FALSE },
    { "SignedLong", 4, FALSE, TRUE },       { "Signed64", 8, FALSE, TRUE },    { "Unsigned64", 8, FALSE, FALSE },
    { "FloatValue", 4, TRUE, TRUE },        { "Float", 4, TRUE, TRUE },        { "DoubleValue", 8, TRUE, TRUE },
    { "Double", 8, TRUE, TRUE },            { "floatieee32", 4, TRUE, TRUE },
  };

  for (gsize t = 0; t < 2 * G_N_ELEMENTS (types); t++)
    {
      const guint size = types[t / 2].size;
      const gboolean big = t % 2 == 1;
      g_autofree char *keys
        = edf_keys (types[t / 2].type, big ? "HighByteFirst" : "LowByteFirst", N * size, EDF_GEOMETRY);
      g_autoptr (GString) bytes = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (SaxidFrameFile) file = NULL;
      g_autofree char *path = NULL;
      guint8 pixels[8 * N];
      float frame[N];

      for (guint k = 0; k < N; k++)
        {
          guint64 bits = k == 4 && !types[t / 2].is_real ? G_MAXUINT64 : size == 1 ? k : 3 * k;
          float single = 3 * (float) k;
          double twice = single;

          if (types[t / 2].is_real)
            memcpy (&bits, size == 4 ? (void *) &single : (void *) &twice, size);
          for (guint b = 0; b < size; b++)
            pixels[k * size + (big ? size - 1 - b : b)] = (guint8) (bits >> (8 * b));
        }
      put_block (bytes, keys, pixels, N * size);
      path = save ("types.edf", bytes);
      file = saxid_frame_file_open (path, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (saxid_frame_file_info (file)->format, ==, "EDF");
      g_assert_cmpint (saxid_frame_file_info (file)->below_zero, ==, types[t / 2].is_real);
      g_assert_cmpuint (saxid_frame_file_info (file)->width, ==, WIDTH);
      g_assert_true (saxid_frame_file_read (file, 0, frame, &error));
      for (guint k = 0; k < N; k++)
        if (k == 4 && !types[t / 2].is_real)
          g_assert_true (isnan (frame[k]));
        else
          g_assert_cmpfloat (frame[k], ==, (float) ((size == 1 ? 1 : 3) * k));
    }
}

static SaxidFrameFile *
open_edf_with (const char *name, const char *more)
{
  static const gint32 zeros[N];
  g_autofree char *keys = edf_keys ("SignedInteger", "LowByteFirst", sizeof zeros, more), *path = NULL;
  g_autoptr (GString) bytes = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  SaxidFrameFile *file;

  put_block (bytes, keys, zeros, sizeof zeros);
  path = save (name, bytes);
  file = saxid_frame_file_open (path, NULL, &error);
  g_assert_no_error (error);
  return file;
}

static void
test_edf_geometry (void)
{
  g_autoptr (SaxidFrameFile) file = open_edf_with ("geometry.edf", EDF_GEOMETRY "Title = a rod ;\nDark = 1 ;\nFlatField = yes ;\n");
  g_autoptr (SaxidFrameFile) offset = open_edf_with ("offset.edf", EDF_GEOMETRY "Offset_1 = 2 ;\nOffset_2 = 1 ;\nDark = 0 ;\n");
  g_autoptr (SaxidFrameFile) unset = open_edf_with ("unset.edf", "PSize_1 = 1e-4 ;\nPSize_2 = 1e-4 ;\nCenter_1 = 0 ;\n"
                                                    "Center_2 = 0.0 ;\nSampleDistance = 1.0 ;\nWaveLength = 1e-10 ;\n");
  g_autoptr (SaxidFrameFile) bare = open_edf_with ("bare.edf", "");
  g_autoptr (SaxidFrameFile) by_hand
    = open_edf_with ("by-hand.edf", "SampleDistance = 800 ;\nWaveLength = 1.0332 ;\nDark = 1 ;\n"
                                    "PSize_1 = 1e-4 ;\nPSize_2 = 1e-4 ;\nCenter_1 = 5 ;\nCenter_2 = 2 ;\n");
  g_autoptr (SaxidFrameFile) with_unit
    = open_edf_with ("with-unit.edf", "SampleDistance = 40000 mm ;\nWaveLength = 6_A ;\n"
                                      "PSize_1 = 1e-4 ;\nPSize_2 = 1e-4 ;\nCenter_1 = 5 ;\nCenter_2 = 2 ;\n");
  g_autoptr (SaxidFrameFile) turned = open_edf_with ("turned.edf", EDF_GEOMETRY "DetectorRotation_1 = 0.1 ;\n");
  const SaxidGeometry *geometry = &saxid_frame_file_info (file)->geometry;

  g_assert_null (saxid_frame_file_info (file)->lacks);
  g_assert_cmpfloat_with_epsilon (geometry->pixel2, 1e-4, 1e-12);
  g_assert_cmpfloat_with_epsilon (geometry->pixel1, 75e-6, 1e-12);
  g_assert_cmpfloat_with_epsilon (geometry->dist, 1.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (geometry->poni1, 2 * 75e-6, 1e-12);
  g_assert_cmpfloat_with_epsilon (geometry->poni2, 5.5e-4, 1e-12);
  g_assert_cmpfloat_with_epsilon (geometry->wavelength, 1e-10, 1e-20);
  g_assert_cmpstr (saxid_frame_file_info (file)->title, ==, "a rod");
  g_assert_cmpstr (saxid_frame_file_info (file)->note, ==,
                   "its header says that the dark current is subtracted and the flat field is corrected already");
  geometry = &saxid_frame_file_info (offset)->geometry;
  g_assert_cmpfloat_with_epsilon (geometry->poni2, 3.5e-4, 1e-12);
  g_assert_cmpfloat_with_epsilon (geometry->poni1, 75e-6, 1e-12);
  g_assert_null (saxid_frame_file_info (offset)->note);
  g_assert_null (saxid_frame_file_info (by_hand)->lacks);
  geometry = &saxid_frame_file_info (by_hand)->geometry;
  g_assert_cmpfloat_with_epsilon (geometry->dist, 0.8, 1e-12);
  g_assert_cmpfloat_with_epsilon (geometry->wavelength, 1.0332e-10, 1e-20);
  g_assert_cmpstr (saxid_frame_file_info (by_hand)->note, ==,
                   "its header says that the dark current is subtracted already; WaveLength = 1.0332 is taken as Å, it"
                   " cannot be m; SampleDistance = 800 is taken as mm, it cannot be m");
  geometry = &saxid_frame_file_info (with_unit)->geometry;
  g_assert_cmpfloat_with_epsilon (geometry->dist, 40, 1e-12);
  g_assert_cmpfloat_with_epsilon (geometry->wavelength, 6e-10, 1e-20);
  g_assert_null (saxid_frame_file_info (with_unit)->note);
  g_assert_nonnull (strstr (saxid_frame_file_info (unset)->lacks, "never set"));
  g_assert_cmpstr (saxid_frame_file_info (bare)->lacks, ==, "pixel size, wavelength, distance, beam centre");
  g_assert_nonnull (strstr (saxid_frame_file_info (turned)->lacks, "turned"));
}

/* What a number of a header without units is: of the format, of what it can be only, or nothing. */
static void
test_edf_units (void)
{
#define IN_METRES "PSize_1 = 1e-4 ;\nPSize_2 = 1e-4 ;\nCenter_1 = 5 ;\nCenter_2 = 2 ;\nWaveLength = 1e-10 ;\n"
#define BY_HAND "PSize_1 = 0.172 ;\nPSize_2 = 172 ;\nCenter_1 = 5 ;\nCenter_2 = 2 ;\nWaveLength = 1e-10 ;\n"
#define NO_WAVELENGTH "PSize_1 = 1e-4 ;\nPSize_2 = 1e-4 ;\nCenter_1 = 5 ;\nCenter_2 = 2 ;\nSampleDistance = 2 ;\n"
#define PIXELS "PSize_1 = 0.172 is taken as mm, it cannot be m; PSize_2 = 172 is taken as µm, it cannot be m"
  static const struct
  {
    const char *keys;
    double distance, wavelength; /* m, Å */
    const char *note, *lacks;
  } cases[] = {
    { IN_METRES "SampleDistance = 31 ;\n", 31, 1, NULL, NULL },
    { IN_METRES "SampleDistance = 0.08 ;\n", 0.08, 1, NULL, NULL },
    { IN_METRES "SampleDistance = 80 ;\n", 0.08, 1, "SampleDistance = 80 is taken as mm, it cannot be m", NULL },
    { IN_METRES "SampleDistance = 80 mm ;\n", 0.08, 1, NULL, NULL },
    { BY_HAND "SampleDistance = 80 ;\n", 0.08, 1, PIXELS "; SampleDistance = 80 is taken as mm, it cannot be m", NULL },
    { BY_HAND "SampleDistance = 1.5 ;\n", 1.5, 1, PIXELS "; SampleDistance = 1.5 is taken as m", NULL },
    { BY_HAND "SampleDistance = 31 m ;\n", 31, 1, PIXELS, NULL },
    { BY_HAND "SampleDistance = 31 ;\n", 0, 0, PIXELS,
      "unit of SampleDistance (m or mm, other lengths of the header are not in m)" },
    { NO_WAVELENGTH "Energy = 12.3984198433 ;\n", 2, 1, "wavelength 1 Å from Energy = 12.3984198433, taken as keV", NULL },
    { NO_WAVELENGTH "energy = 12398.4198433 ;\n", 2, 1, "wavelength 1 Å from Energy = 12398.4198433, taken as eV", NULL },
    { NO_WAVELENGTH "Photon_Energy = 12.3984198433_keV ;\n", 2, 1, "wavelength 1 Å from Photon_Energy = 12.3984198433_keV", NULL },
    { NO_WAVELENGTH "Energy = 10 ;\nWaveLength = 2e-10 ;\n", 2, 2, NULL, NULL },
    { NO_WAVELENGTH "Energy = 150 ;\n", 0, 0, NULL, "wavelength (its energy is neither in keV nor in eV for certain)" },
    { NO_WAVELENGTH "Energy = 6 GeV ;\n", 0, 0, NULL, "wavelength (its energy is neither in keV nor in eV for certain)" },
    { NO_WAVELENGTH, 0, 0, NULL, "wavelength" },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autoptr (SaxidFrameFile) file = open_edf_with ("units.edf", cases[k].keys);
      const SaxidFrameInfo *info = saxid_frame_file_info (file);

      g_assert_cmpstr (info->note, ==, cases[k].note);
      g_assert_cmpstr (info->lacks, ==, cases[k].lacks);
      if (cases[k].lacks != NULL)
        continue;
      g_assert_cmpfloat_with_epsilon (info->geometry.dist, cases[k].distance, 1e-12);
      g_assert_cmpfloat_with_epsilon (info->geometry.wavelength, 1e-10 * cases[k].wavelength, 1e-20);
    }
}

/* Whether -3 is a pixel without data, or three counts less than the dark current has. */
static void
test_edf_below_zero (void)
{
  static const struct
  {
    const char *type, *keys;
    guint size;
    gboolean data, marked; /* -3 counts, -1000 does not */
  } cases[] = {
    { "SignedInteger", "", 4, FALSE, TRUE },
    { "SignedInteger", "Dark = 1 ;\n", 4, TRUE, FALSE },
    { "SignedInteger", "Dark = 0 ;\n", 4, FALSE, TRUE },
    { "SignedInteger", "Dummy = -1000 ;\n", 4, TRUE, TRUE },
    { "SignedInteger", "Dummy = 65535 ;\n", 4, TRUE, FALSE },
    { "SignedInteger", "Dummy = -1 ;\n", 4, FALSE, TRUE },
    { "SignedInteger", "Dummy = -2 ;\nDDummy = 1.5 ;\n", 4, FALSE, TRUE },
    { "SignedInteger", "Flat = 1 ;\n", 4, FALSE, TRUE },
    { "SignedShort", "Dark = 1 ;\nDummy = -1000 ;\n", 2, TRUE, TRUE },
    { "Signed64", "Dark = 1 ;\nDummy = -1000 ;\n", 8, TRUE, TRUE },
    { "FloatValue", "Dark = 1 ;\nDummy = -1000 ;\n", 0, TRUE, TRUE },
  };

  for (gsize c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      const guint size = cases[c].size > 0 ? cases[c].size : 4;
      g_autofree char *keys = edf_keys (cases[c].type, "LowByteFirst", N * size, cases[c].keys), *path = NULL;
      g_autoptr (GString) bytes = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (SaxidFrameFile) file = NULL;
      guint8 pixels[8 * N];
      float frame[N];

      for (guint k = 0; k < N; k++)
        {
          const gint64 whole = k == 3 ? -3 : k == 4 ? -1000 : (gint64) k;
          const float real = (float) whole;

          for (guint b = 0; b < size; b++)
            pixels[k * size + b] = (guint8) ((guint64) whole >> (8 * b));
          if (cases[c].size == 0)
            memcpy (pixels + k * size, &real, size);
        }
      put_block (bytes, keys, pixels, N * size);
      path = save ("below.edf", bytes);
      file = saxid_frame_file_open (path, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (saxid_frame_file_read (file, 0, frame, &error));
      g_assert_cmpint (saxid_frame_file_info (file)->below_zero, ==, cases[c].data);
      g_assert_cmpint (isnan (frame[3]), ==, !cases[c].data);
      g_assert_cmpint (isnan (frame[4]), ==, cases[c].marked);
      if (cases[c].data)
        g_assert_cmpfloat (frame[3], ==, -3);
      g_assert_cmpfloat (frame[5], ==, 5);
    }
}

/* A general block, frames with their errors between them, monitors, a dummy value; plain and packed. */
static void
test_edf_blocks (void)
{
  for (guint packed = 0; packed < 3; packed++)
    {
      g_autoptr (GString) bytes = g_string_new (NULL), all = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (SaxidFrameFile) file = NULL;
      g_autofree char *path = NULL;
      const SaxidFrameInfo *info;
      float frame[N];

      put_block (bytes, "EDF_DataFormatVersion = 2.40 ;\nEDF_DataBlocks = 6 ;\nEDF_BinarySize = 0 ;\n" EDF_GEOMETRY, "", 0);
      for (guint k = 0; k < 6; k++)
        {
          g_autofree char *id = g_strdup_printf ("EDF_DataBlockID = %u.Image.%s ;\nIntensity1 = %u ;\nDummy = -7 ;\n%s", k / 2 + 1,
                                                 k % 2 == 0 ? "Psd" : "Error", 100 + k,
                                                 packed == 1 ? "Compression = GZIP ;\n" : "");
          g_autofree char *keys = NULL;
          g_autoptr (GString) block = NULL;
          float values[N];

          for (guint n = 0; n < N; n++)
            values[n] = n == 3 ? -7 : (float) (1000 * k + n);
          block = packed == 1 ? gzip ((char *) values, sizeof values) : g_string_new_len ((char *) values, sizeof values);
          keys = edf_keys ("FloatValue", "LowByteFirst", block->len, id);
          put_block (bytes, keys, block->str, block->len);
        }
      all = packed == 2 ? gzip (bytes->str, bytes->len) : g_string_new_len (bytes->str, (gssize) bytes->len);
      path = save ("blocks.edf", all);
      file = saxid_frame_file_open (path, NULL, &error);
      g_assert_no_error (error);
      info = saxid_frame_file_info (file);
      g_assert_cmpuint (info->n_frame, ==, 3);
      g_assert_null (info->lacks);
      for (guint k = 3; k-- > 0;)
        {
          g_assert_true (saxid_frame_file_read (file, k, frame, &error));
          g_assert_cmpfloat (frame[5], ==, (float) (2000 * k + 5));
          g_assert_true (isnan (frame[3]));
          g_assert_cmpfloat (saxid_frame_info_monitor (info, k), ==, 100 + 2 * k);
        }
    }
}

/* An axis that stands at another angle in a later block is a scan, and says nothing of grazing; one at rest does. */
static void
test_edf_scan (void)
{
  static const struct
  {
    const char *positions[3];
    gboolean says;
  } cases[] = {
    { { "0.2 1", "0.2 2", "0.20 3" }, TRUE }, { { "0.2 1", "0.4 1", "0.6 1" }, FALSE },
    { { "0.2 1", "0.2 1", "0.3 1" }, FALSE }, { { "0.2 1", "7 1", "9 1" }, FALSE },
    { { "0 1", "0.2 1", "0.4 1" }, FALSE },
  };

  for (gsize c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      static const gint32 zeros[N];
      g_autoptr (GString) bytes = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (SaxidFrameFile) file = NULL;
      g_autofree char *path = NULL;
      const SaxidTechniqueHeader *header;

      for (guint k = 0; k < 3; k++)
        {
          g_autofree char *motors = g_strdup_printf ("motor_mne = th chi ;\nmotor_pos = %s ;\n", cases[c].positions[k]);
          g_autofree char *keys = edf_keys ("SignedInteger", "LowByteFirst", sizeof zeros, motors);

          put_block (bytes, keys, zeros, sizeof zeros);
        }
      path = save ("scan.edf", bytes);
      file = saxid_frame_file_open (path, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (saxid_frame_file_info (file)->n_frame, ==, 3);
      header = &saxid_frame_file_info (file)->technique;
      g_assert_cmpint (header->has_angle, ==, cases[c].says);
      g_assert_cmpint (header->claim[SAXID_HALF_GRAZING][TRUE].place != NULL, ==, cases[c].says);
    }
}

static void
test_hostile_edf (void)
{
  static const struct
  {
    const char *keys, *words;
    SaxidErrorCode code;
  } bad[] = {
    { "Dim_1 = 11 ;\nDim_2 = 7 ;\nByteOrder = LowByteFirst ;\nDataType = Complex ;\n", "DataType 'Complex'",
      SAXID_ERROR_UNSUPPORTED },
    { "Dim_1 = 11 ;\nDim_2 = 7 ;\nByteOrder = Middle ;\nDataType = Float ;\n", "ByteOrder 'Middle'",
      SAXID_ERROR_UNSUPPORTED },
    { "Dim_1 = 11 ;\nDim_2 = 700 ;\nByteOrder = LowByteFirst ;\nDataType = Float ;\n", "cut short",
      SAXID_ERROR_FORMAT },
    { "Dim_1 = 11 ;\nDim_2 = 7 ;\nByteOrder = LowByteFirst ;\nDataType = Float ;\nSize = 100 ;\n", "header says 100",
      SAXID_ERROR_FORMAT },
    { "Dim_1 = 4000000000 ;\nDim_2 = 4611686018427387904 ;\nByteOrder = LowByteFirst ;\nDataType = Float ;\n",
      "frames are read", SAXID_ERROR_LIMIT },
    { "Dim_1 = 11 ;\nDim_2 = 7 ;\nDim_3 = 9223372036854775807 ;\nByteOrder = LowByteFirst ;\nDataType = Float ;\n",
      "pixels", SAXID_ERROR_LIMIT },
    { "Dim_1 = -11 ;\nDim_2 = 7 ;\nByteOrder = LowByteFirst ;\nDataType = Float ;\n", "Dim_1",
      SAXID_ERROR_FORMAT },
    { "Dim_1 = 11 ;\nDim_2 = 7 ;\nByteOrder = LowByteFirst ;\nDataType = Float ;\nCompression = GZIP ;\nSize = 308 ;\n",
      NULL, SAXID_ERROR_FORMAT },
    { "Dim_1 = 11 ;\nDim_2 = 7 ;\nByteOrder = LowByteFirst ;\nDataType = Float ;\nEDF_BinaryFileName = /etc/passwd ;\n",
      "another file", SAXID_ERROR_UNSUPPORTED },
  };
  static const float zeros[N];
  g_autoptr (GString) endless = g_string_new ("{\nDim_1 = 1 ;\n"), torn = NULL;
  g_autofree char *path = NULL, *packed = NULL;

  for (gsize k = 0; k < G_N_ELEMENTS (bad); k++)
    {
      g_autoptr (GString) bytes = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (SaxidFrameFile) file = NULL;
      g_autofree char *name = NULL;
      float frame[N];

      put_block (bytes, bad[k].keys, zeros, sizeof zeros);
      name = save ("bad.edf", bytes);
      if (bad[k].words != NULL)
        {
          assert_refused (name, bad[k].code, bad[k].words);
          continue;
        }
      file = saxid_frame_file_open (name, NULL, &error);
      g_assert_no_error (error);
      g_assert_false (saxid_frame_file_read (file, 0, frame, &error));
      g_assert_error (error, SAXID_ERROR, (int) bad[k].code);
    }
  while (endless->len < 600000)
    g_string_append (endless, "k = v ;\n");
  path = save ("endless.edf", endless);
  assert_refused (path, SAXID_ERROR_FORMAT, "does not end");
  torn = gzip (endless->str, endless->len);
  g_string_truncate (torn, torn->len / 2);
  packed = save ("torn.edf.gz", torn);
  assert_refused (packed, SAXID_ERROR_FORMAT, "cannot be unpacked");
}

/* Nothing waits for somebody to write into a pipe. */
static void
test_pipe (void)
{
  g_autofree char *path = place ("pipe");

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  assert_refused (path, SAXID_ERROR_IO, "device or pipe");
}

static void
test_no_image (void)
{
  g_autofree char *path = place ("text.dat"), *empty = place ("empty.dat");

  g_file_set_contents (path, "q I\n0.1 2\n", -1, NULL);
  g_file_set_contents (empty, "", 0, NULL);
  assert_refused (path, SAXID_ERROR_FORMAT, "HDF5, TIFF, CBF, EDF and SMV are read");
  assert_refused (empty, SAXID_ERROR_FORMAT, "file is empty");
  assert_refused ("/nonexistent/frame.tif", SAXID_ERROR_IO, "cannot be opened");
}

/* Without the fsync of g_file_set_contents: there are hundreds. */
static void
write_bytes (const char *path, const char *bytes, gsize n)
{
  FILE *stream = g_fopen (path, "wb");

  fwrite (bytes, 1, n, stream);
  fclose (stream);
}

/* Files cut at many places, and with bytes turned over: an error or an image,
 * never a crash. Bytes of HDF5 files are not turned: what libhdf5 1.10 does with
 * some of those is why archives are read in worker processes. */
static void
test_damage (void)
{
  g_autofree char *tiff = write_tiff ("damage.tif", COMPRESSION_LZW, SAMPLEFORMAT_UINT, 16, 2, NULL);
  g_autofree char *nexus = write_nexus ("damage.nxs"),
                  *cbf = write_cbf ("damage.cbf", sizeof cbf_data, 3, 2, "");
  const char *paths[] = { tiff, nexus, cbf };
  g_autofree char *victim = place ("victim");
  static float frame[SAXID_FRAME_MAX_PIXELS / 64];

  for (gsize k = 0; k < G_N_ELEMENTS (paths); k++)
    {
      g_autofree char *bytes = NULL;
      gsize n, step;

      g_assert_true (g_file_get_contents (paths[k], &bytes, &n, NULL));
      step = MAX (n / 150, 1);
      for (gsize at = 0; at < n; at += step)
        for (int turn = 0; turn < (paths[k] == nexus ? 1 : 2); turn++)
          {
            g_autoptr (SaxidFrameFile) file = NULL;
            g_autoptr (GError) error = NULL;

            if (turn)
              bytes[at] ^= (char) 0xff;
            write_bytes (victim, bytes, turn ? n : at);
            if (turn)
              bytes[at] ^= (char) 0xff;
            file = saxid_frame_file_open (victim, NULL, &error);
            g_assert_true ((file == NULL) == (error != NULL));
            if (file != NULL
                && saxid_frame_file_info (file)->height * saxid_frame_file_info (file)->width
                       <= G_N_ELEMENTS (frame))
              saxid_frame_file_read (file, 0, frame, NULL);
            if (file == NULL) /* nothing is left open */
              g_assert_cmpint (H5Fget_obj_count (H5F_OBJ_ALL, H5F_OBJ_ALL), ==, 0);
          }
    }
}

/* HDF5's error stack and its handler are the host's. */
static void
test_error_handler_is_left (void)
{
  g_autofree char *path = place ("not-there.h5"), *good = write_nexus ("good.nxs");
  g_autoptr (SaxidFrameFile) file = NULL;
  H5E_auto2_t before, after;
  void *before_data, *after_data;

  H5Eget_auto2 (H5E_DEFAULT, &before, &before_data);
  g_file_set_contents (path, "\211HDF\r\n\032\n and then nothing", -1, NULL);
  g_assert_null (saxid_frame_file_open (path, NULL, NULL));
  file = saxid_frame_file_open (good, NULL, NULL);
  H5Eget_auto2 (H5E_DEFAULT, &after, &after_data);
  g_assert_true (before == after && before_data == after_data);
}

static void
test_measured (void)
{
  static const struct
  {
    const char *name, *format;
    gsize height, width;
    const char *lacks;
  } cases[] = {
    { "saxs_PU_25C_2_0063.hdf", "HDF5", 195, 487, NULL },
    { "waxs_LaB6_Normal_0042.hdf", "HDF5", 512, 2068, NULL },
    { "gisaxs_lambda_module_m05.nxs", "HDF5", 516, 1556, "distance, beam centre, wavelength" },
    { "saxs_AgBh700_96.9_calib.tif", "TIFF", 1043, 981, "wavelength, distance, beam centre" },
    { "gisaxs_4nm_00005.cbf", "CBF", 1679, 1475, "wavelength, distance, beam centre" },
  };
  const char *data = g_getenv ("SAXID_DATA");

  if (data == NULL || *data == '\0')
    {
      g_test_skip ("SAXID_DATA is not set");
      return;
    }
  for (gsize k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autofree char *path = g_build_filename (data, "frames", cases[k].name, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (SaxidFrameFile) file = saxid_frame_file_open (path, NULL, &error);
      const SaxidFrameInfo *info;
      g_autofree float *frame = NULL;

      g_assert_no_error (error);
      info = saxid_frame_file_info (file);
      g_assert_cmpstr (info->format, ==, cases[k].format);
      g_assert_cmpuint (info->height, ==, cases[k].height);
      g_assert_cmpuint (info->width, ==, cases[k].width);
      g_assert_cmpstr (info->lacks, ==, cases[k].lacks);
      frame = g_new (float, info->height * info->width);
      g_assert_true (saxid_frame_file_read (file, 0, frame, &error));
    }
}

static void
remove_directory (void)
{
  g_autoptr (GDir) listing = g_dir_open (directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (listing)) != NULL)
    {
      g_autofree char *path = place (name);

      g_unlink (path);
    }
  g_rmdir (directory);
  g_free (directory);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  directory = g_dir_make_tmp ("saxid-frame-XXXXXX", NULL);
  g_test_add_func ("/frame-file/nexus", test_nexus);
  g_test_add_func ("/frame-file/units-are-needed", test_units_are_needed);
  g_test_add_func ("/frame-file/turned-detector", test_turned_detector);
  g_test_add_func ("/frame-file/transformations", test_transformations);
  g_test_add_func ("/frame-file/series", test_series);
  g_test_add_func ("/frame-file/hostile-nexus", test_hostile_nexus);
  g_test_add_func ("/frame-file/outside-fields", test_outside_fields);
  g_test_add_func ("/frame-file/boolean-mask", test_boolean_mask);
  g_test_add_func ("/frame-file/hostile-name", test_hostile_name);
  g_test_add_func ("/frame-file/tiff", test_tiff);
  g_test_add_func ("/frame-file/tiff-samples", test_tiff_samples);
  g_test_add_func ("/frame-file/dectris-header", test_dectris_header);
  g_test_add_func ("/frame-file/dectris-units", test_dectris_units);
  g_test_add_func ("/frame-file/saxslab", test_saxslab);
  g_test_add_func ("/frame-file/saxslab-beside-dectris", test_saxslab_beside_dectris);
  g_test_add_func ("/frame-file/hostile-tiff", test_hostile_tiff);
  g_test_add_func ("/frame-file/cbf", test_cbf);
  g_test_add_func ("/frame-file/hostile-cbf", test_hostile_cbf);
  g_test_add_func ("/frame-file/edf-types", test_edf_types);
  g_test_add_func ("/frame-file/edf-geometry", test_edf_geometry);
  g_test_add_func ("/frame-file/edf-units", test_edf_units);
  g_test_add_func ("/frame-file/edf-below-zero", test_edf_below_zero);
  g_test_add_func ("/frame-file/edf-blocks", test_edf_blocks);
  g_test_add_func ("/frame-file/edf-scan", test_edf_scan);
  g_test_add_func ("/frame-file/hostile-edf", test_hostile_edf);
  g_test_add_func ("/frame-file/pipe", test_pipe);
  g_test_add_func ("/frame-file/no-image", test_no_image);
  g_test_add_func ("/frame-file/damage", test_damage);
  g_test_add_func ("/frame-file/error-handler-is-left", test_error_handler_is_left);
  g_test_add_func ("/frame-file/measured", test_measured);
  result = g_test_run ();
  remove_directory ();
  return result;
}
