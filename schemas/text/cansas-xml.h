/* Curves in canSAS XML, versions 1.0 and 1.1.
 *
 * http://www.cansas.org/formats/canSAS1d/1.1/doc/ . Nothing is fetched from the
 * network, and a document type (entities) is refused.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

#include "schemas/text/measurement.h"

G_BEGIN_DECLS

/* A SaxidMeasurement for every SASdata of every SASentry, in the file's order.
 * name is for messages; q_unit: instead of what the file says, NULL: the file's.
 * Errors: SAXID_ERROR_FORMAT (no XML, not canSAS), _NO_CURVE, _UNIT, _DATA. */
GPtrArray *saxid_cansas_xml_parse (const char *bytes, gsize n, const char *name, const char *q_unit,
                                   GError **error);

G_END_DECLS
