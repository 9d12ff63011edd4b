/* What is known of one curve that comes from outside, and in which units is it?
 *
 * Thread: no state.
 */
#include "schemas/text/measurement.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reducers/clean-text.h"
#include "reducers/error.h"
#include "reducers/scan.h"
#include "schemas/slit.h"
#include "schemas/units.h"

/* A million points in eight columns of twenty characters, and room. */
#define MOST_BYTES (256 << 20)
/* Of a bin that the beam stop does not reach, all is free; of its edge, a part. */
#define LEAST_SHADOW 0.98

SaxidMeasurement *
saxid_measurement_new (const char *file)
{
  SaxidMeasurement *measurement = g_new0 (SaxidMeasurement, 1);
  g_autofree char *base = g_path_get_basename (file);

  measurement->file = saxid_clean_text (base, -1);
  measurement->notes = g_ptr_array_new_with_free_func (g_free);
  return measurement;
}

void
saxid_measurement_free (SaxidMeasurement *measurement)
{
  if (measurement == NULL)
    return;
  saxid_curve_free (measurement->curve);
  g_free (measurement->q_unit);
  g_free (measurement->i_unit);
  g_free (measurement->title);
  g_free (measurement->run);
  g_free (measurement->sample);
  g_free (measurement->file);
  g_ptr_array_unref (measurement->notes);
  g_free (measurement);
}

void
saxid_measurement_note (SaxidMeasurement *measurement, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (measurement->notes, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

void
saxid_measurement_drop_shadowed (SaxidMeasurement *measurement, const double *shadow)
{
  SaxidCurve *curve = measurement->curve;
  gsize bad = 0, kept = 0;

  for (gsize k = 0; k < curve->n; k++)
    bad += shadow[k] < LEAST_SHADOW;
  if (bad == 0 || bad * 2 > curve->n)
    return;
  for (gsize k = 0; k < curve->n; k++)
    {
      if (shadow[k] < LEAST_SHADOW)
        continue;
      curve->q[kept] = curve->q[k];
      curve->intensity[kept] = curve->intensity[k];
      if (curve->sigma != NULL)
        curve->sigma[kept] = curve->sigma[k];
      if (curve->dq != NULL)
        curve->dq[kept] = curve->dq[k];
      kept++;
    }
  curve->n = kept;
  saxid_measurement_note (measurement, "left out: %" G_GSIZE_FORMAT " %s behind the beam stop (ShadowFactor below %g)",
                          bad, bad == 1 ? "point" : "points", LEAST_SHADOW);
}

static void
divide (double *values, gsize n, double by)
{
  if (values == NULL || by == 1)
    return;
  for (gsize k = 0; k < n; k++)
    values[k] /= by;
}

/* Of a crystal: then q reaches far for a reason. */
static gboolean
has_peaks (const SaxidCurve *curve)
{
  g_autoptr (SaxidCurve) clean = saxid_curve_copy (curve);
  SaxidCurveRepairs repairs;

  return saxid_curve_clean (clean, &repairs, NULL) && repairs.peaks > 0;
}

static gboolean
check_q (SaxidMeasurement *measurement, GError **error)
{
  const SaxidCurve *curve = measurement->curve;
  double low, high;

  saxid_scan_ends (curve->n, curve->q, &low, &high);
  if (high == 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "none of the %" G_GSIZE_FORMAT " values of q is positive (%s)",
                   curve->n, measurement->file);
      return FALSE;
    }
  if (!saxid_scan_check (curve->n, curve->q, FALSE, error))
    {
      saxid_error_add_place (error, "%s", measurement->file);
      return FALSE;
    }
  if (low > SAXID_Q_LARGEST_MINIMUM || high < SAXID_Q_SMALLEST_MAXIMUM || high > SAXID_Q_POSSIBLE_MAXIMUM
      || high > SAXID_Q_MOST_RATIO * low)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNIT,
                   "q would run from %.4g to %.4g 1/Å with the unit '%s', no small-angle curve does (%s)", low,
                   high, measurement->q_unit != NULL ? measurement->q_unit : "1/Å", measurement->file);
      return FALSE;
    }
  if (measurement->q_unit == NULL)
    saxid_measurement_note (measurement, "q has no unit: 1/Å assumed%s",
                            high > 1 ? ", although it reaches so far that 1/nm would be likelier (--q-unit 1/nm)" : "");
  else if (high > SAXID_Q_USUAL_MAXIMUM && !has_peaks (curve))
    saxid_measurement_note (measurement, "q reaches %.3g 1/Å, a small-angle curve ends before %.0f", high,
                            SAXID_Q_USUAL_MAXIMUM);
  return TRUE;
}

gboolean
saxid_measurement_apply_units (SaxidMeasurement *measurement, GError **error)
{
  SaxidCurve *curve = measurement->curve;
  double angstrom = 1, per_cm = 0;

  if (measurement->q_unit != NULL && !saxid_units_q (measurement->q_unit, &angstrom))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNIT, "unit of q is '%s', known are %s (%s)",
                   measurement->q_unit, saxid_units_q_known (), measurement->file);
      return FALSE;
    }
  divide (curve->q, curve->n, angstrom);
  divide (curve->dq, curve->n, angstrom);
  curve->slit /= angstrom;
  if (curve->slit > 0)
    saxid_measurement_note (measurement, SAXID_SLIT_KNOWN, curve->slit);
  if (measurement->i_unit != NULL && !saxid_units_intensity (measurement->i_unit, &per_cm))
    saxid_measurement_note (measurement, "intensity is in '%s', taken as arbitrary", measurement->i_unit);
  measurement->absolute = per_cm > 0;
  if (measurement->absolute)
    {
      divide (curve->intensity, curve->n, 1 / per_cm);
      divide (curve->sigma, curve->n, 1 / per_cm);
    }
  return check_q (measurement, error);
}

static gboolean
load_descriptor (int fd, const char *path, char **bytes, gsize *n, GError **error)
{
  struct stat st;
  gsize done = 0;

  if (fstat (fd, &st) != 0 || !S_ISREG (st.st_mode))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "a %s is no data file (%s)",
                   S_ISDIR (st.st_mode) ? "directory" : "device or pipe", path);
      return FALSE;
    }
  if (st.st_size == 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "file is empty (%s)", path);
      return FALSE;
    }
  if (st.st_size > MOST_BYTES)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT, "file has %lld bytes, %d are read (%s)",
                   (long long) st.st_size, MOST_BYTES, path);
      return FALSE;
    }
  *n = (gsize) st.st_size;
  *bytes = g_malloc (*n + 1);
  while (done < *n)
    {
      gssize got = read (fd, *bytes + done, *n - done);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "file cannot be read: %s (%s)",
                       got < 0 ? g_strerror (errno) : "it became shorter", path);
          g_clear_pointer (bytes, g_free);
          return FALSE;
        }
      done += (gsize) got;
    }
  (*bytes)[*n] = '\0';
  return TRUE;
}

gboolean
saxid_measurement_load (const char *path, char **bytes, gsize *n, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  gboolean done;

  if (fd < 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "file cannot be opened: %s (%s)", g_strerror (errno), path);
      return FALSE;
    }
  done = load_descriptor (fd, path, bytes, n, error);
  close (fd);
  return done;
}
