/* Curves on their way from the process that reads a file to the one that has asked for it.
 *
 * The file has no name and is read by nobody else; what stands in it is checked all the same,
 * since whoever wrote it has read what somebody else made.
 *
 * Thread: one process at a time, writer or reader.
 */
#pragma once

#include "schemas/text/measurement.h"

G_BEGIN_DECLS

/* A descriptor of an empty file, -1 on failure. Errors: SAXID_ERROR_IO. */
int saxid_measurement_spool_open (GError **error);

/* Puts the curves in the place of what was there. Errors: SAXID_ERROR_IO. */
gboolean saxid_measurement_spool_put (int fd, const GPtrArray *measurements, GError **error);

/* Adds what is there to the end of measurements, or nothing.
 * Errors: SAXID_ERROR_IO, SAXID_ERROR_FORMAT. */
gboolean saxid_measurement_spool_take (int fd, GPtrArray *measurements, GError **error);

G_END_DECLS
