/* Writes curves as NXcanSAS, so that SasView and saxid itself read them.
 *
 * One SASentry per curve: title, run, sample, the file it came from, and what
 * was done to it. q in 1/angstrom; intensities in 1/cm, or arbitrary.
 *
 * Thread: one at a time, as HDF5.
 */
#pragma once

#include <glib.h>

#include "schemas/text/measurement.h"

G_BEGIN_DECLS

/* Replaces path atomically. creator: program and version, "saxid 0.1.0".
 * Errors: SAXID_ERROR_IO (disk full included); path is then untouched. */
gboolean saxid_cansas_write (const char *path, SaxidMeasurement *const *measurements, gsize n,
                             const char *creator, GError **error);

G_END_DECLS
