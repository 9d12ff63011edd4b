/* One curve from outside, with what its file says of it.
 *
 * Units: q and dq in 1/Å; intensity and sigma in 1/cm where absolute, else arbitrary.
 * Thread: a measurement belongs to one thread at a time.
 */
#pragma once

#include <glib.h>

#include "reducers/curve.h"

G_BEGIN_DECLS

typedef struct
{
  SaxidCurve *curve;  /* as in the file: not cleaned */
  gboolean absolute;  /* intensity is in 1/cm */
  char *q_unit;       /* as found; NULL: the file says nothing, 1/Å was assumed */
  char *i_unit;       /* as found; NULL: the file says nothing */
  char *title, *run, *sample; /* NULL: none */
  char *file;         /* where it comes from, without directory */
  GPtrArray *notes;   /* char *: what a person should know */
} SaxidMeasurement;

SaxidMeasurement *saxid_measurement_new (const char *file);
void saxid_measurement_free (SaxidMeasurement *measurement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidMeasurement, saxid_measurement_free)

void saxid_measurement_note (SaxidMeasurement *measurement, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Leaves out what the file calls shadowed by the beam stop, with a note: points at which the
 * part of the bin that it leaves free is below 0.98. Where that would be most of them, the
 * values are no shadow factors, and nothing is done. Shape: shadow has as many as the curve. */
void saxid_measurement_drop_shadowed (SaxidMeasurement *measurement, const double *shadow);

/* Applies the units: q (and dq with it) to 1/Å, intensity and sigma to 1/cm.
 * A missing unit of q is taken as 1/Å with a note.
 * Errors: SAXID_ERROR_UNIT (unknown, or q is implausible then), SAXID_ERROR_DATA. */
gboolean saxid_measurement_apply_units (SaxidMeasurement *measurement, GError **error);

/* What is the same for all imported texts: reads a whole file of bounded size.
 * Errors: SAXID_ERROR_IO, SAXID_ERROR_LIMIT, SAXID_ERROR_FORMAT (empty). */
gboolean saxid_measurement_load (const char *path, char **bytes, gsize *n, GError **error);

G_END_DECLS
