/* What does an NXcanSAS file of imported curves look like?
 *
 * NXcanSAS application definition (manual.nexusformat.org), within what SasView
 * reads: every group has a canSAS_class, texts are arrays of one, uncertainties
 * are named by attribute and by the link I_errors, and a resolution of zero is
 * never written (SasView would turn smearing off for the whole curve).
 *
 * Thread: one at a time, as HDF5.
 */
#include "schemas/curve/cansas-file.h"

#include <math.h>
#include <string.h>

#include "reducers/error.h"
#include "schemas/disk/atomic-file.h"
#include "schemas/curve/view.h"
#include "schemas/hdf5/input.h"

#define SLIT_NAMES "dQw,dQl" /* SasView goes by this order */

static gboolean
write_attribute (hid_t object, const char *name, const char *text)
{
  g_auto (SaxidHid) type = H5Tcopy (H5T_C_S1);
  g_auto (SaxidHid) space = H5Screate (H5S_SCALAR);
  g_auto (SaxidHid) attribute = H5I_INVALID_HID;

  if (H5Tset_size (type, MAX (strlen (text), 1)) < 0 || H5Tset_cset (type, H5T_CSET_UTF8) < 0
      || H5Tset_strpad (type, H5T_STR_NULLPAD) < 0)
    return FALSE;
  attribute = H5Acreate2 (object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  return attribute >= 0 && H5Awrite (attribute, type, text) >= 0;
}

static gboolean
write_index (hid_t object, const char *name, int value)
{
  const hsize_t one = 1;
  g_auto (SaxidHid) space = H5Screate_simple (1, &one, NULL);
  g_auto (SaxidHid) attribute = H5Acreate2 (object, name, H5T_STD_I32LE, space, H5P_DEFAULT, H5P_DEFAULT);

  return attribute >= 0 && H5Awrite (attribute, H5T_NATIVE_INT, &value) >= 0;
}

/* Nothing is written for a text that there is not. */
static gboolean
write_text (hid_t group, const char *name, const char *text)
{
  const hsize_t one = 1;
  g_auto (SaxidHid) type = H5Tcopy (H5T_C_S1);
  g_auto (SaxidHid) space = H5Screate_simple (1, &one, NULL);
  g_auto (SaxidHid) dataset = H5I_INVALID_HID;

  if (text == NULL)
    return TRUE;
  if (H5Tset_size (type, strlen (text) + 1) < 0 || H5Tset_cset (type, H5T_CSET_UTF8) < 0)
    return FALSE;
  dataset = H5Dcreate2 (group, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  return dataset >= 0 && H5Dwrite (dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text) >= 0;
}

/* attributes: pairs of name and text, NULL-terminated. */
static gboolean
write_numbers (hid_t group, const char *name, const double *values, gsize n, const char *const *attributes)
{
  const hsize_t size = n;
  g_auto (SaxidHid) space = H5Screate_simple (1, &size, NULL);
  g_auto (SaxidHid) dataset
    = H5Dcreate2 (group, name, H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  gboolean done
    = dataset >= 0 && H5Dwrite (dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0;

  for (gsize k = 0; done && attributes[k] != NULL; k += 2)
    done = write_attribute (dataset, attributes[k], attributes[k + 1]);
  return done;
}

static hid_t
create_group (hid_t parent, const char *name, const char *nx_class, const char *sas_class)
{
  g_auto (SaxidHid) group = H5Gcreate2 (parent, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);

  if (group >= 0 && write_attribute (group, "NX_class", nx_class)
      && (sas_class == NULL || write_attribute (group, "canSAS_class", sas_class)))
    return saxid_hid_steal (&group);
  return H5I_INVALID_HID;
}

/* Points where the resolution is not known take their neighbour's; NULL where
 * it is known nowhere. */
static double *
usable_resolution (const SaxidCurve *curve)
{
  g_autofree double *dq = NULL;
  double last = NAN;

  if (curve->dq == NULL)
    return NULL;
  dq = g_memdup2 (curve->dq, curve->n * sizeof (double));
  for (gsize k = 0; k < curve->n; k++)
    dq[k] = last = isfinite (dq[k]) && dq[k] > 0 ? dq[k] : last;
  last = NAN;
  for (gsize k = curve->n; k-- > 0;)
    dq[k] = last = isfinite (dq[k]) ? dq[k] : last;
  return curve->n > 0 && isfinite (dq[0]) ? g_steal_pointer (&dq) : NULL;
}

/* As long at every point, and without a width, as NXcanSAS wants it. */
static gboolean
write_slit (hid_t data, const SaxidCurve *curve)
{
  const char *const unit[] = { "units", "1/angstrom", NULL };
  g_autofree double *length = g_new (double, curve->n), *width = g_new0 (double, curve->n);

  for (gsize k = 0; k < curve->n; k++)
    length[k] = curve->slit;
  return write_numbers (data, "dQw", width, curve->n, unit) && write_numbers (data, "dQl", length, curve->n, unit);
}

static gboolean
write_data (hid_t entry, const SaxidMeasurement *measurement)
{
  const SaxidCurve *curve = measurement->curve;
  g_auto (SaxidHid) data = create_group (entry, "sasdata01", "NXdata", "SASdata");
  g_autofree double *dq = usable_resolution (curve);
  const char *unit = measurement->absolute ? "1/cm" : "arbitrary";
  const char *const of_i[] = { "units", unit, "long_name", measurement->absolute ? "I (1/cm)" : "I (arbitrary)",
                               curve->sigma != NULL ? "uncertainties" : NULL, "Idev", NULL };
  const char *const of_sigma[] = { "units", unit, NULL };
  const char *const smeared = curve->slit > 0 ? SLIT_NAMES : "Qdev";
  const char *const of_q[]
    = { "units", "1/angstrom", "long_name", "q (1/Å)", dq != NULL || curve->slit > 0 ? "resolutions" : NULL, smeared, NULL };
  const char *const of_dq[] = { "units", "1/angstrom", NULL };

  if (data < 0 || !write_attribute (data, "signal", "I") || !write_attribute (data, "axes", "Q") || !write_attribute (data, SAXID_VIEW, SAXID_VIEW_CURVE)
      || !write_attribute (data, "I_axes", "Q") || !write_index (data, "Q_indices", 0)
      || !write_numbers (data, "Q", curve->q, curve->n, of_q)
      || !write_numbers (data, "I", curve->intensity, curve->n, of_i))
    return FALSE;
  if (curve->sigma != NULL
      && (!write_numbers (data, "Idev", curve->sigma, curve->n, of_sigma)
          || H5Lcreate_hard (data, "Idev", data, "I_errors", H5P_DEFAULT, H5P_DEFAULT) < 0))
    return FALSE;
  return (dq == NULL || write_numbers (data, "Qdev", dq, curve->n, of_dq)) && (!(curve->slit > 0) || write_slit (data, curve));
}

/* What saxid did, and what it could not tell. */
static gboolean
write_process (hid_t entry, const SaxidMeasurement *measurement, const char *creator)
{
  g_auto (SaxidHid) process = create_group (entry, "sasprocess01", "NXprocess", "SASprocess");
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *date = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
  g_autofree char *what = g_strdup_printf ("imported from %s (q in '%s', intensity in '%s')", measurement->file,
                                           measurement->q_unit != NULL ? measurement->q_unit : "not said",
                                           measurement->i_unit != NULL ? measurement->i_unit : "not said");

  if (process < 0 || !write_text (process, "name", creator) || !write_text (process, "date", date)
      || !write_text (process, "description", what))
    return FALSE;
  for (guint k = 0; k < measurement->notes->len; k++)
    {
      g_autofree char *name = g_strdup_printf ("term%02u", k + 1);

      if (!write_text (process, name, measurement->notes->pdata[k]))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_entry (hid_t file, const SaxidMeasurement *measurement, gsize k, const char *creator)
{
  g_autofree char *name = g_strdup_printf ("sasentry%02" G_GSIZE_FORMAT, k + 1);
  g_auto (SaxidHid) entry = create_group (file, name, "NXentry", "SASentry");
  g_auto (SaxidHid) sample = H5I_INVALID_HID;

  if (entry < 0 || !write_attribute (entry, "version", "1.1") || !write_attribute (entry, "default", "sasdata01")
      || !write_text (entry, "definition", "NXcanSAS")
      || !write_text (entry, "title", measurement->title != NULL ? measurement->title : measurement->file)
      || !write_text (entry, "run", measurement->run != NULL ? measurement->run : measurement->file)
      || !write_data (entry, measurement) || !write_process (entry, measurement, creator))
    return FALSE;
  if (measurement->sample == NULL)
    return TRUE;
  sample = create_group (entry, "sassample", "NXsample", "SASsample");
  return sample >= 0 && write_text (sample, "ID", measurement->sample)
         && write_text (sample, "name", measurement->sample);
}

/* The whole file in memory: HDF5 1.10 does not survive a disk that is full when
 * it closes a file, and crashes the process at its end. */
static gboolean
build_image (SaxidMeasurement *const *measurements, gsize n, const char *creator, GByteArray *image)
{
  g_auto (SaxidHid) access = H5Pcreate (H5P_FILE_ACCESS);
  g_auto (SaxidHid) file = H5I_INVALID_HID;
  ssize_t size;

  if (H5Pset_fapl_core (access, 1 << 20, FALSE) < 0)
    return FALSE;
  file = H5Fcreate ("saxid-import", H5F_ACC_TRUNC, H5P_DEFAULT, access);
  if (file < 0 || !write_attribute (file, "NX_class", "NXroot") || !write_attribute (file, "default", "sasentry01")
      || !write_attribute (file, "creator", creator))
    return FALSE;
  for (gsize k = 0; k < n; k++)
    if (!write_entry (file, measurements[k], k, creator))
      return FALSE;
  if (H5Fflush (file, H5F_SCOPE_GLOBAL) < 0 || (size = H5Fget_file_image (file, NULL, 0)) <= 0
      || size > G_MAXINT32)
    return FALSE;
  g_byte_array_set_size (image, (guint) size);
  return H5Fget_file_image (file, image->data, (size_t) size) == size;
}

gboolean
saxid_cansas_write (const char *path, SaxidMeasurement *const *measurements, gsize n, const char *creator,
                    GError **error)
{
  g_autoptr (GByteArray) image = g_byte_array_new ();
  SaxidAtomicFile *file;
  gboolean done;

  g_return_val_if_fail (n > 0, FALSE);

  H5E_BEGIN_TRY
  {
    done = build_image (measurements, n, creator, image);
  }
  H5E_END_TRY
  if (!done)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "%" G_GSIZE_FORMAT " curves cannot be laid out in HDF5 (%s)",
                   n, path);
      return FALSE;
    }
  file = saxid_atomic_begin (path, error);
  if (file == NULL)
    return FALSE;
  if (saxid_atomic_write (file, image->data, image->len, error))
    return saxid_atomic_commit (file, error);
  saxid_atomic_abort (file);
  return FALSE;
}
