/* How do the numbers of an axis become q in 1/Å?
 *
 * From the unit that the file gives; of an angle q = 4π/λ sin(2θ/2), where the entry gives a
 * wavelength. What comes out is checked: the q of small angles.
 *
 * Units: q in 1/Å. Thread: see reader.h.
 */
#include "schemas/curve/reader-private.h"

#include <math.h>
#include <string.h>

#include "reducers/error.h"
#include "reducers/scan.h"
#include "schemas/units.h"

char *
saxid_source_unit_of (SaxidInput *input, hid_t dataset)
{
  static const char *const attributes[] = { "units", "unit" };

  for (gsize k = 0; k < G_N_ELEMENTS (attributes); k++)
    {
      g_autofree char *unit = saxid_input_text (input, dataset, attributes[k]);

      if (unit != NULL && unit[0] != '\0')
        return g_steal_pointer (&unit);
    }
  return NULL;
}

static gboolean
positive_number (SaxidInput *input, hid_t group, const char *name,
                 gboolean (*unit) (const char *text, double *angstrom), gboolean reciprocal, double *value)
{
  g_autofree char *text = NULL;
  double number, angstrom = 1;

  if (!saxid_input_number_of (input, group, name, &number, &text) || !(number > 0) || !isfinite (number)
      || (text != NULL && !unit (text, &angstrom)))
    return FALSE;
  *value = reciprocal ? number / angstrom : number * angstrom;
  return TRUE;
}

/* pyFAI keeps its wavelength in m, in a JSON text of settings. Only that number
 * is looked for: a parser would follow whatever nesting the text has. */
static void
look_at_settings (SaxidInstrumentFound *found, hid_t configuration)
{
  static const char key[] = "\"wavelength\"";
  g_autofree char *text = saxid_input_text_of (found->input, configuration, "data");
  const char *at = text != NULL ? strstr (text, key) : NULL;
  double metre;

  if (at == NULL || found->wavelength > 0)
    return;
  at += strlen (key);
  metre = g_ascii_strtod (at + strspn (at, " :"), NULL);
  if (metre > 1e-13 && metre < 1e-7)
    found->wavelength = metre * 1e10;
}

static herr_t
look_at_instrument (hid_t group, const char *name, const H5L_info_t *info, void *data)
{
  SaxidInstrumentFound *found = data;
  g_auto (SaxidHid) object = H5I_INVALID_HID;
  H5I_type_t type;

  if (++found->looked_at > 2000)
    return 1;
  if (info->type != H5L_TYPE_HARD)
    return 0;
  if (strcmp (name, "wavelength") == 0 || strcmp (name, "incident_wavelength") == 0)
    {
      if (found->wavelength == 0)
        positive_number (found->input, group, name, saxid_units_length, FALSE, &found->wavelength);
      return 0;
    }
  if (strcmp (name, "count_time") == 0 || strcmp (name, "exposure_time") == 0)
    {
      if (found->exposure == 0)
        positive_number (found->input, group, name, saxid_units_time, FALSE, &found->exposure);
      return 0;
    }
  if (strcmp (name, "slit_length") == 0)
    {
      if (found->slit == 0)
        positive_number (found->input, group, name, saxid_units_q, TRUE, &found->slit);
      return 0;
    }
  if (found->depth >= 3)
    return 0;
  object = saxid_input_object (found->input, group, name, &type);
  if (object >= 0 && type == H5I_GROUP)
    {
      if (strcmp (name, "configuration") == 0)
        look_at_settings (found, object);
      found->depth++;
      H5Literate (object, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, look_at_instrument, found);
      found->depth--;
    }
  return 0;
}

SaxidInstrumentFound
saxid_instrument_of (SaxidInput *input, hid_t entry)
{
  SaxidInstrumentFound found = { .input = input };

  H5Literate (entry, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, look_at_instrument, &found);
  return found;
}

SaxidConditions
saxid_reader_conditions (SaxidReader *reader, guint source)
{
  const SaxidSource *public = saxid_reader_source (reader, source);
  g_auto (SaxidHid) entry = H5I_INVALID_HID;
  SaxidInstrumentFound found = { 0 };

  if (public != NULL && reader->input != NULL)
    entry = saxid_input_group (reader->input, reader->input->file, public->entry);
  if (entry >= 0)
    found = saxid_instrument_of (reader->input, entry);
  return (SaxidConditions) { found.wavelength, found.exposure };
}

gboolean
saxid_source_understand_q (SaxidReader *reader, SaxidReaderSource *source, const SaxidPlace *place, hid_t q, const char *axis,
                 GError **error)
{
  SaxidSource *public = &source->public;
  g_autofree char *said = saxid_source_unit_of (reader->input, q);
  const char *unit = reader->q_unit != NULL ? reader->q_unit : said;

  public->q_unit = g_strdup (unit);
  if (unit == NULL)
    {
      /* frame numbers of a chromatogram lie where q does otherwise; paths are what somebody means */
      if (strcmp (public->dialect, "paths") != 0 && !saxid_dialect_is_q_name (axis))
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE,
                       "axis %s has no units and is not called q", axis);
          return FALSE;
        }
      source->q_angstrom = 1;
      saxid_source_note (source, "%s has no units: 1/Å assumed", public->q_path);
      return TRUE;
    }
  if (saxid_units_q (unit, &source->q_angstrom))
    {
      if (reader->q_unit != NULL && said != NULL && strcmp (said, unit) != 0)
        saxid_source_note (source, "%s says units '%s': '%s' used as asked", public->q_path, said, unit);
      return TRUE;
    }
  if (saxid_units_angle (unit, &source->radian))
    {
      SaxidInstrumentFound instrument = saxid_instrument_of (reader->input, place->entry);

      source->wavelength = instrument.wavelength;
      source->half_angle = saxid_dialect_is_half_angle (axis) && !g_ascii_isdigit (unit[0]); /* "2th_deg" */
      source->radian *= source->half_angle ? 2 : 1;
      if (source->wavelength > 0)
        {
          saxid_source_note (source, "q computed from the angle %s ('%s')%s and the wavelength %.6g Å", axis, unit,
                source->half_angle ? ", taken as half the scattering angle," : "", source->wavelength);
          return TRUE;
        }
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNIT,
                   "axis %s is an angle ('%s') and the file gives no wavelength to make it q", axis, unit);
      return FALSE;
    }
  if (!source->specific && !saxid_dialect_is_q_name (axis))
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "axis %s is in '%s', which is no unit of q",
                 axis, unit);
  else
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNIT, "unit of q is %s@units = '%s', known are %s", axis,
                 unit, saxid_units_q_known ());
  return FALSE;
}

static void
convert_q (const SaxidReaderSource *source, gsize n, double *q)
{
  if (source->q_angstrom == 1)
    return;
  for (gsize k = 0; k < n; k++)
    q[k] = source->q_angstrom > 0
               ? q[k] / source->q_angstrom
               : 4 * G_PI / source->wavelength * sin (q[k] * source->radian / 2);
}

/* An index counts points or frames. */
static gboolean
check_index (const SaxidReaderSource *source, gsize n, const double *q, GError **error)
{
  gsize counted = 0;

  for (gsize k = 1; k < n; k++)
    counted += q[k] == q[k - 1] + 1 && q[k] == floor (q[k]);
  if (n <= 2 || counted < n - 1 || source->public.q_unit != NULL)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "%s counts from %g to %g: an index, not q",
               source->public.q_path, q[0], q[n - 1]);
  return FALSE;
}

gboolean
saxid_source_check_q (const SaxidReaderSource *source, gsize n, const double *q, double *largest, GError **error)
{
  const char *unit = source->public.q_unit != NULL ? source->public.q_unit : "none";
  double low, high;

  saxid_scan_ends (n, q, &low, &high);
  *largest = high;
  if (high == 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "none of the %" G_GSIZE_FORMAT " values of q is positive",
                   n);
      return FALSE;
    }
  if (low > SAXID_Q_LARGEST_MINIMUM || high < SAXID_Q_SMALLEST_MAXIMUM)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNIT,
                   "q would run from %.4g to %.4g 1/Å, no small-angle curve does: units '%s' of %s are"
                   " wrong, or it is not q",
                   low, high, unit, source->public.q_path);
      return FALSE;
    }
  if (!saxid_scan_check (n, q, TRUE, error) || !check_index (source, n, q, error))
    return FALSE;
  if (high > SAXID_Q_POSSIBLE_MAXIMUM || high > SAXID_Q_MOST_RATIO * low)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNIT,
                   "q would run from %.4g to %.4g 1/Å, no scattering curve does: units '%s' of %s are"
                   " wrong, or it is not q",
                   low, high, unit, source->public.q_path);
      return FALSE;
    }
  return TRUE;
}

/* Bin edges to centres, in place; n centres out of n + 1 edges. */
static void
centre_edges (gsize n, double *q)
{
  for (gsize k = 0; k < n; k++)
    q[k] = 0.5 * (q[k] + q[k + 1]);
}

/* Reads q of a frame into q, which has room for n_q + 1, and converts it. */
gboolean
saxid_source_read_q (SaxidReaderSource *source, gsize frame, double *q, GError **error)
{
  gsize n = source->public.n_q;

  if (!saxid_array_read (source->q, frame, q, error))
    return FALSE;
  convert_q (source, n + (source->q_edges ? 1 : 0), q);
  if (source->q_edges)
    centre_edges (n, q);
  return TRUE;
}
