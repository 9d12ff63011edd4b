/* How are reduced curves written so that any reader finds them?
 *
 * NXcanSAS wants an entry of its own, NXazint1d allows itself to be a subentry:
 * so one entry is both. What comes first in the entry is the SASdata, because
 * some readers give up on a dataset before it; strings that such readers walk
 * over are arrays of one, as the reference writer has them.
 * NXcanSAS: https://manual.nexusformat.org/classes/applications/NXcanSAS.html
 * NXazint1d: https://manual.nexusformat.org/classes/applications/NXazint1d.html
 *
 * Thread: pure, but for the file.
 */
#include "schemas/curve/reduced-file.h"

#include <math.h>
#include <string.h>

#include "reducers/clean-text.h"
#include "reducers/error.h"
#include "reducers/technique.h"
#include "schemas/curve/technique-group.h"
#include "schemas/curve/view.h"
#include "schemas/disk/atomic-file.h"
#include "schemas/hdf5/hid.h"

static const struct
{
  const char *name;
  double factor; /* one of SaxidRadial's in it */
  const char *symbol, *long_name;
  SaxidRadial radial;
} q_units[] = {
  [SAXID_Q_PER_ANGSTROM] = { "1/angstrom", 1, "q", "q (1/Å)", SAXID_RADIAL_Q },
  [SAXID_Q_PER_NANOMETRE] = { "1/nm", 10, "q", "q (1/nm)", SAXID_RADIAL_Q },
  [SAXID_TWO_THETA_DEGREE] = { "degree", 180 / G_PI, "2θ", "two theta (deg)", SAXID_RADIAL_TWO_THETA },
  [SAXID_TWO_THETA_RADIAN] = { "rad", 1, "2θ", "two theta (rad)", SAXID_RADIAL_TWO_THETA },
  [SAXID_RADIUS_MILLIMETRE] = { "mm", 1e3, "r", "radius (mm)", SAXID_RADIAL_RADIUS },
  [SAXID_RADIUS_METRE] = { "m", 1, "r", "radius (m)", SAXID_RADIAL_RADIUS },
};

const char *
saxid_q_unit_name (SaxidQUnit unit)
{
  return q_units[unit].name;
}

double
saxid_q_unit_factor (SaxidQUnit unit)
{
  return q_units[unit].factor;
}

const char *
saxid_q_unit_symbol (SaxidQUnit unit)
{
  return q_units[unit].symbol;
}

/* ---- the file ------------------------------------------------------------- */

/* Of what the merged curve is drawn over, the unit of q that sasdata has. */
static SaxidQUnit
sas_unit (const SaxidReduced *reduced)
{
  return q_units[reduced->q_unit].radial == SAXID_RADIAL_Q ? reduced->q_unit : SAXID_Q_PER_ANGSTROM;
}

SaxidCurve *
saxid_reduced_points (const SaxidCurve *merged, const SaxidGeometry *geometry, SaxidRadial radial)
{
  SaxidCurve *curve = saxid_curve_copy (merged);
  gsize kept = 0;

  for (gsize k = 0; k < curve->n; k++)
    {
      double q;

      if (!isfinite (curve->intensity[k]) || (curve->sigma != NULL && !isfinite (curve->sigma[k])))
        continue;
      if (!saxid_geometry_radial_q (geometry, radial, curve->q[k], &q))
        {
          saxid_curve_free (curve);
          return NULL;
        }
      curve->q[kept] = q;
      curve->intensity[kept] = curve->intensity[k];
      if (curve->sigma != NULL)
        curve->sigma[kept] = curve->sigma[k];
      kept++;
    }
  curve->n = kept;
  return curve;
}

static void
put_sasdata (SaxidPut *writer, const SaxidReduced *reduced, const SaxidCurve *curve)
{
  const char *unit = reduced->absolute ? "1/cm" : "arbitrary";
  const char *q_unit = saxid_q_unit_name (sas_unit (reduced));
  const hsize_t n = curve->n;

  saxid_put_group (writer, "/entry/sasdata", "NXdata", "SASdata");
  saxid_put_text_attribute (writer, "/entry/sasdata", "signal", "I");
  saxid_put_text_attribute (writer, "/entry/sasdata", "axes", "Q");
  saxid_put_text_attribute (writer, "/entry/sasdata", SAXID_VIEW, SAXID_VIEW_CURVE);
  saxid_put_text_attribute (writer, "/entry/sasdata", "I_axes", "Q");
  saxid_put_index_attribute (writer, "/entry/sasdata", "Q_indices", 0);
  saxid_put_axis (writer, "/entry/sasdata/Q", curve->q, n, saxid_q_unit_factor (sas_unit (reduced)), q_unit,
            q_units[sas_unit (reduced)].long_name);
  saxid_put_array (writer, "/entry/sasdata/I", 1, &n, curve->intensity, unit, reduced->absolute ? "I (1/cm)" : "I (arbitrary)");
  if (curve->sigma == NULL)
    return;
  saxid_put_array (writer, "/entry/sasdata/Idev", 1, &n, curve->sigma, unit, NULL);
  saxid_put_text_attribute (writer, "/entry/sasdata/I", "uncertainties", "Idev");
  /* the name by which NeXus viewers find error bars */
  if (!writer->failed)
    writer->failed = H5Lcreate_hard (writer->file, "/entry/sasdata/Idev", writer->file,
                                     "/entry/sasdata/I_errors", H5P_DEFAULT, H5P_DEFAULT)
                     < 0;
}

/* So that who judges the curve knows. */
static void
put_technique (SaxidPut *writer, const SaxidReduced *reduced, const char *group)
{
  if (reduced->technique != NULL)
    saxid_put_text_attribute (writer, group, SAXID_TECHNIQUE_ATTRIBUTE, reduced->technique);
}

static void
put_sas_companions (SaxidPut *writer, const SaxidReduced *reduced)
{
  const SaxidGeometry *geometry = reduced->geometry;
  double along_beam = geometry->dist / (cos (geometry->rot1) * cos (geometry->rot2));

  saxid_put_group (writer, "/entry/sasinstrument", "NXinstrument", "SASinstrument");
  saxid_put_group (writer, "/entry/sasinstrument/sasdetector", "NXdetector", "SASdetector");
  saxid_put_text (writer, "/entry/sasinstrument/sasdetector", "name", "area detector");
  saxid_put_number (writer, "/entry/sasinstrument/sasdetector", "SDD", along_beam, "m");
  saxid_put_number (writer, "/entry/sasinstrument/sasdetector", "x_pixel_size", geometry->pixel2, "m");
  saxid_put_number (writer, "/entry/sasinstrument/sasdetector", "y_pixel_size", geometry->pixel1, "m");
  saxid_put_group (writer, "/entry/sasinstrument/sassource", "NXsource", "SASsource");
  if (geometry->wavelength > 0)
    saxid_put_number (writer, "/entry/sasinstrument/sassource", "incident_wavelength",
                geometry->wavelength * 1e10, "angstrom");
  saxid_put_group (writer, "/entry/sasprocess", "NXprocess", "SASprocess");
  saxid_put_text (writer, "/entry/sasprocess", "name", "saxid reduce");
  saxid_put_text (writer, "/entry/sasprocess", "date", reduced->date);
  saxid_put_text (writer, "/entry/sasprocess", "description", "azimuthal integration; see azint1d/reduction");
}

static gsize
rows_of (const SaxidReduced *reduced)
{
  return reduced->n_frame * MAX (reduced->n_sector, 1);
}

/* frame × q, from one plane of the curves. */
static double *
stack (const SaxidReduced *reduced, gsize n_q, gsize member)
{
  double *values = g_new (double, rows_of (reduced) *n_q);

  for (gsize k = 0; k < rows_of (reduced); k++)
    memcpy (values + k * n_q, G_STRUCT_MEMBER (double *, reduced->frame[k], member),
            n_q * sizeof (double));
  return values;
}

static void
put_radial_axis (SaxidPut *writer, const SaxidReduced *reduced, const char *data, const double *axis, const double *edge,
                 hsize_t n)
{
  const double factor = saxid_q_unit_factor (reduced->q_unit);
  const char *unit = saxid_q_unit_name (reduced->q_unit), *long_name = q_units[reduced->q_unit].long_name;
  g_autofree char *centres = g_strconcat (data, "/radial_axis", NULL), *edges = g_strconcat (data, "/radial_axis_edges", NULL);

  saxid_put_axis (writer, centres, axis, n, factor, unit, long_name);
  if (edge != NULL)
    saxid_put_axis (writer, edges, edge, n + 1, factor, unit, "edges of the bins");
}

/* Which frame and which sector each curve is. */
static void
put_source (SaxidPut *writer, const SaxidReduced *reduced)
{
  const hsize_t rows = rows_of (reduced);
  const gsize sectors = MAX (reduced->n_sector, 1);
  g_autofree gint64 *frame = g_new (gint64, rows);
  g_autofree const char **name = g_new (const char *, rows);
  g_autofree double *from = g_new (double, rows), *to = g_new (double, rows);

  for (gsize k = 0; k < rows; k++)
    {
      frame[k] = (gint64) reduced->source_frame[k / sectors];
      name[k] = reduced->source[k / sectors];
      from[k] = sectors > 1 ? reduced->azimuth_edge[k % sectors] : 0;
      to[k] = sectors > 1 ? reduced->azimuth_edge[k % sectors + 1] : 0;
    }
  saxid_put_group (writer, "/entry/azint1d/source", "NXcollection", NULL);
  saxid_put_texts (writer, "/entry/azint1d/source/file_name", name, rows);
  saxid_put_dataset (writer, "/entry/azint1d/source/frame", H5T_STD_I64LE, H5T_NATIVE_INT64, 1, &rows, frame);
  if (sectors == 1)
    return;
  saxid_put_array (writer, "/entry/azint1d/source/azimuth_from", 1, &rows, from, "degree", "azimuth of the sector, from");
  saxid_put_array (writer, "/entry/azint1d/source/azimuth_to", 1, &rows, to, "degree", "azimuth of the sector, to");
}

static void
put_monitor (SaxidPut *writer, const SaxidReduced *reduced)
{
  const hsize_t rows = rows_of (reduced);
  g_autofree double *monitor = NULL;

  if (reduced->monitor == NULL)
    return;
  monitor = g_new (double, rows);
  for (gsize k = 0; k < rows; k++)
    monitor[k] = reduced->monitor[k / MAX (reduced->n_sector, 1)];
  saxid_put_group (writer, "/entry/azint1d/monitor", "NXmonitor", NULL);
  saxid_put_array (writer, "/entry/azint1d/monitor/data", 1, &rows, monitor, "counts", NULL);
}

static void
put_azint_data (SaxidPut *writer, const SaxidReduced *reduced)
{
  const char *unit = reduced->absolute ? "1/cm" : "arbitrary units";
  const hsize_t shape[] = { rows_of (reduced), reduced->merged->n };
  g_autofree double *intensity = stack (reduced, reduced->merged->n, offsetof (SaxidCurve, intensity));

  saxid_put_group (writer, "/entry/azint1d/data", "NXdata", NULL);
  saxid_put_text_attribute (writer, "/entry/azint1d/data", "signal", "I");
  saxid_put_texts_attribute (writer, "/entry/azint1d/data", "axes", ".", "radial_axis");
  saxid_put_text_attribute (writer, "/entry/azint1d/data", "interpretation", "spectrum");
  put_technique (writer, reduced, "/entry/azint1d/data");
  saxid_put_text_attribute (writer, "/entry/azint1d/data", SAXID_VIEW, SAXID_VIEW_CURVE);
  saxid_put_array (writer, "/entry/azint1d/data/I", 2, shape, intensity, unit, "intensity");
  put_radial_axis (writer, reduced, "/entry/azint1d/data", reduced->merged->q, reduced->radial_edge, shape[1]);
  if (reduced->merged->sigma != NULL)
    {
      g_autofree double *sigma = stack (reduced, reduced->merged->n, offsetof (SaxidCurve, sigma));

      saxid_put_array (writer, "/entry/azint1d/data/I_errors", 2, shape, sigma, unit,
                 "estimated intensity error");
    }
  if (reduced->norm != NULL)
    saxid_put_array (writer, "/entry/azint1d/data/norm", 2, shape, reduced->norm, "", "sum of the normalisation of the pixels");
  put_monitor (writer, reduced);
  put_source (writer, reduced);
}

/* The cake: frames × azimuths × radii. */
static void
put_cake (SaxidPut *writer, const SaxidReduced *reduced)
{
  const char *data = "/entry/azint2d/data", *unit = reduced->absolute ? "1/cm" : "arbitrary units";
  const hsize_t shape[] = { reduced->n_frame, reduced->n_azimuth, reduced->n_radial };
  static const char *const axes[] = { ".", "azimuthal_axis", "radial_axis" };
  const hsize_t n_axis = G_N_ELEMENTS (axes);
  g_auto (SaxidHid) type = saxid_put_text_type (H5T_VARIABLE);
  g_auto (SaxidHid) space = H5Screate_simple (1, &n_axis, NULL);
  g_autofree double *centre = g_new (double, reduced->n_azimuth);

  for (gsize k = 0; k < reduced->n_azimuth; k++)
    centre[k] = (reduced->azimuth_edge[k] + reduced->azimuth_edge[k + 1]) / 2;
  saxid_put_group (writer, "/entry/azint2d", "NXsubentry", NULL);
  saxid_put_text_attribute (writer, "/entry/azint2d", "default", "data");
  saxid_put_text (writer, "/entry/azint2d", "definition", "NXazint2d");
  saxid_put_truth (writer, "/entry/azint2d", "solid_angle_applied", reduced->solid_angle);
  saxid_put_truth (writer, "/entry/azint2d", "polarization_applied", reduced->polarisation);
  saxid_put_truth (writer, "/entry/azint2d", "normalization_applied", TRUE);
  saxid_put_truth (writer, "/entry/azint2d", "monitor_applied", reduced->monitor_applied);
  saxid_put_group (writer, data, "NXdata", NULL);
  saxid_put_text_attribute (writer, data, "signal", "I");
  saxid_put_attribute (writer, data, "axes", type, space, axes);
  saxid_put_text_attribute (writer, data, "interpretation", "image");
  saxid_put_text_attribute (writer, data, SAXID_VIEW, SAXID_VIEW_CAKE);
  saxid_put_array (writer, "/entry/azint2d/data/I", 3, shape, reduced->cake, unit, "intensity");
  if (reduced->cake_sigma != NULL)
    saxid_put_array (writer, "/entry/azint2d/data/I_errors", 3, shape, reduced->cake_sigma, unit, "estimated intensity error");
  saxid_put_array (writer, "/entry/azint2d/data/norm", 3, shape, reduced->cake_norm, "", "sum of the normalisation of the pixels");
  saxid_put_axis (writer, "/entry/azint2d/data/azimuthal_axis", centre, reduced->n_azimuth, 1, "degree", "azimuth");
  saxid_put_axis (writer, "/entry/azint2d/data/azimuthal_axis_edges", reduced->azimuth_edge, reduced->n_azimuth + 1, 1, "degree",
            "edges of the bins");
  put_radial_axis (writer, reduced, data, reduced->cake_radial, reduced->cake_radial_edge, reduced->n_radial);
  if (writer->failed)
    return;
  writer->failed = H5Lcreate_hard (writer->file, "/entry/azint1d/instrument", writer->file, "/entry/azint2d/instrument",
                                   H5P_DEFAULT, H5P_DEFAULT) < 0
                   || H5Lcreate_hard (writer->file, "/entry/azint1d/reduction", writer->file, "/entry/azint2d/reduction",
                                      H5P_DEFAULT, H5P_DEFAULT) < 0;
}

static void
put_azint_instrument (SaxidPut *writer, const SaxidReduced *reduced)
{
  double wavelength = reduced->geometry->wavelength * 1e10;

  saxid_put_group (writer, "/entry/azint1d/instrument", "NXinstrument", NULL);
  saxid_put_text (writer, "/entry/azint1d/instrument", "name", "small-angle scattering");
  if (!(reduced->geometry->wavelength > 0))
    return;
  saxid_put_group (writer, "/entry/azint1d/instrument/monochromator", "NXmonochromator", NULL);
  saxid_put_number (writer, "/entry/azint1d/instrument/monochromator", "wavelength", wavelength, "angstrom");
  saxid_put_number (writer, "/entry/azint1d/instrument/monochromator", "energy",
              12.398419843320026 / wavelength, "keV");
}

/* In how many frames the clip dropped each pixel. */
static void
put_found_mask (SaxidPut *writer, const SaxidReduced *reduced)
{
  const hsize_t shape[] = { reduced->height, reduced->width };

  if (reduced->found_mask != NULL)
    saxid_put_dataset (writer, "/entry/azint1d/reduction/input/clipped", H5T_STD_U32LE, H5T_NATIVE_UINT32, 2, shape,
                 reduced->found_mask);
}

static void
put_azint_reduction (SaxidPut *writer, const SaxidReduced *reduced)
{
  const char *input = "/entry/azint1d/reduction/input", *chain = "/entry/azint1d/reduction/chain";
  const SaxidGeometry *geometry = reduced->geometry;

  saxid_put_group (writer, "/entry/azint1d/reduction", "NXprocess", NULL);
  saxid_put_text (writer, "/entry/azint1d/reduction", "program", "saxid");
  saxid_put_text (writer, "/entry/azint1d/reduction", "version", reduced->program_version);
  saxid_put_text (writer, "/entry/azint1d/reduction", "date", reduced->date);
  saxid_put_text (writer, "/entry/azint1d/reduction", "reference", "doi:10.1107/S1600577520000776");
  saxid_put_group (writer, input, "NXparameters", NULL);
  saxid_put_number (writer, input, "dist", geometry->dist, "m");
  saxid_put_number (writer, input, "poni1", geometry->poni1, "m");
  saxid_put_number (writer, input, "poni2", geometry->poni2, "m");
  saxid_put_number (writer, input, "rot1", geometry->rot1, "rad");
  saxid_put_number (writer, input, "rot2", geometry->rot2, "rad");
  saxid_put_number (writer, input, "rot3", geometry->rot3, "rad");
  saxid_put_number (writer, input, "pixel1", geometry->pixel1, "m");
  saxid_put_number (writer, input, "pixel2", geometry->pixel2, "m");
  if (geometry->wavelength > 0)
    saxid_put_number (writer, input, "wavelength", geometry->wavelength * 1e10, "angstrom");
  saxid_put_number (writer, input, "orientation", geometry->orientation > 0 ? geometry->orientation : 3, "");
  saxid_put_text (writer, input, "geometry", reduced->geometry_source);
  saxid_put_text (writer, input, "mask", reduced->mask_source);
  saxid_put_text (writer, input, "dark", reduced->dark_source);
  saxid_put_text (writer, input, "flat", reduced->flat_source);
  saxid_put_text (writer, input, "background", reduced->background_source);
  saxid_put_text (writer, input, "variance", reduced->variance_source);
  saxid_put_text (writer, input, "mask_checksum", reduced->mask_checksum);
  saxid_put_text (writer, input, "technique", reduced->technique);
  saxid_put_text (writer, input, "technique_source", reduced->technique_source);
  saxid_put_number (writer, input, "masked_pixels", (double) reduced->n_masked, "");
  put_found_mask (writer, reduced);
  saxid_put_group (writer, chain, "NXnote", NULL);
  saxid_put_text (writer, chain, "type", "text/plain");
  saxid_put_text (writer, chain, "description",
            "key file of 'saxid reduce --chain' that repeats this reduction");
  saxid_put_text (writer, chain, "data", reduced->chain);
}

static void
put_azint (SaxidPut *writer, const SaxidReduced *reduced)
{
  saxid_put_group (writer, "/entry/azint1d", "NXsubentry", NULL);
  saxid_put_text_attribute (writer, "/entry/azint1d", "default", "data");
  saxid_put_text (writer, "/entry/azint1d", "definition", "NXazint1d");
  saxid_put_truth (writer, "/entry/azint1d", "solid_angle_applied", reduced->solid_angle);
  saxid_put_truth (writer, "/entry/azint1d", "polarization_applied", reduced->polarisation);
  saxid_put_truth (writer, "/entry/azint1d", "normalization_applied", TRUE); /* by the number of pixels */
  saxid_put_truth (writer, "/entry/azint1d", "monitor_applied", reduced->monitor_applied);
  put_azint_data (writer, reduced);
  put_azint_instrument (writer, reduced);
  put_azint_reduction (writer, reduced);
}

static void
put_all (SaxidPut *writer, const char *path, const SaxidReduced *reduced, const SaxidCurve *curve)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *run = g_path_get_basename (reduced->source[0]);

  saxid_put_text_attribute (writer, "/", "NX_class", "NXroot");
  saxid_put_text_attribute (writer, "/", "default", "entry");
  saxid_put_text_attribute (writer, "/", "file_name", name);
  saxid_put_text_attribute (writer, "/", "file_time", reduced->date);
  saxid_put_text_attribute (writer, "/", "creator", "saxid");
  saxid_put_group (writer, "/entry", "NXentry", "SASentry");
  saxid_put_text_attribute (writer, "/entry", "version", "1.1");
  saxid_put_text_attribute (writer, "/entry", "default",
                      reduced->n_azimuth > 0 ? "azint2d" : rows_of (reduced) > 1 || curve == NULL ? "azint1d" : "sasdata");
  if (curve != NULL)
    {
      put_sasdata (writer, reduced, curve);
      put_technique (writer, reduced, "/entry/sasdata");
      saxid_put_text (writer, "/entry", "definition", "NXcanSAS");
    }
  saxid_put_text (writer, "/entry", "title", reduced->title != NULL ? reduced->title : run);
  saxid_put_text (writer, "/entry", "run", run);
  saxid_put_text (writer, "/entry", "start_time", reduced->start_time);
  put_sas_companions (writer, reduced);
  put_azint (writer, reduced);
  if (reduced->n_azimuth > 0)
    put_cake (writer, reduced);
  saxid_technique_group_put (writer, reduced->asked, reduced->program_version, reduced->date);
}

/* Bytes by which the image in memory grows. */
#define INCREMENT (1 << 20)

/* The whole file in memory. HDF5 never sees the disk: 1.10 does not survive a
 * disk that is full, and here that is one failed write. The oldest file layout is
 * kept on purpose: of the newer ones 1.10 makes images with a wrong checksum. */
static guint8 *
make_image (const char *path, const SaxidReduced *reduced, const SaxidCurve *curve, gsize *n)
{
  guint8 *image = NULL;

  H5E_BEGIN_TRY
  {
    g_auto (SaxidHid) access = H5Pcreate (H5P_FILE_ACCESS);
    g_auto (SaxidHid) file = H5I_INVALID_HID;
    SaxidPut writer;
    ssize_t size = -1;

    H5Pset_fapl_core (access, INCREMENT, FALSE);
    file = H5Fcreate (path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    writer = (SaxidPut) { .file = file, .failed = file < 0 };
    put_all (&writer, path, reduced, curve);
    if (!writer.failed && H5Fflush (file, H5F_SCOPE_GLOBAL) >= 0)
      size = H5Fget_file_image (file, NULL, 0);
    if (size > 0)
      {
        image = g_malloc ((gsize) size);
        *n = (gsize) size;
        if (H5Fget_file_image (file, image, *n) != size)
          g_clear_pointer (&image, g_free);
      }
  }
  H5E_END_TRY
  return image;
}

gboolean
saxid_reduced_file_write (const char *path, const SaxidReduced *reduced, GError **error)
{
  g_autoptr (SaxidCurve) curve = saxid_reduced_points (reduced->merged, reduced->geometry, q_units[reduced->q_unit].radial);
  g_autoptr (SaxidAtomicFile) file = NULL;
  g_autofree guint8 *image = NULL;
  gsize n;

  if (curve != NULL && curve->n == 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                   "curve has no measured point of %" G_GSIZE_FORMAT ", one is needed (%s)",
                   reduced->merged->n, path);
      return FALSE;
    }
  image = make_image (path, reduced, curve, &n);
  if (image == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO,
                   "HDF5 cannot make the file of %" G_GSIZE_FORMAT " frames (%s)", reduced->n_frame,
                   path);
      return FALSE;
    }
  file = saxid_atomic_begin (path, error);
  if (file == NULL || !saxid_atomic_write (file, image, n, error))
    return FALSE;
  return saxid_atomic_commit (g_steal_pointer (&file), error);
}
