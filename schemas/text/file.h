/* Curves in columns of text: q, intensity, sigma, resolution.
 *
 * Comments, titles, headers of any kind, commas, semicolons, tabs or blanks
 * between columns, empty cells, quoted numbers, decimal commas, Fortran
 * exponents, CR, LF or both; Latin-1, UTF-8 or UTF-16. A scattering angle is
 * made q with the wavelength that the text gives.
 *
 * Thread: pure but for the file.
 */
#pragma once

#include <glib.h>

#include "schemas/text/measurement.h"

G_BEGIN_DECLS

typedef struct
{
  const char *q_unit;  /* NULL: the header's, else 1/Å */
  const char *i_unit;  /* NULL: the header's, else arbitrary */
  /* "q,I,sigma,dq" in the order of the file, "-" for a column to leave out;
   * NULL: by the header, else in that order where the numbers can be that. */
  const char *columns;
} SaxidTextOptions;

/* The first curve of a text; options may be NULL.
 * Errors: SAXID_ERROR_IO, _LIMIT, _FORMAT (no text), _NO_CURVE (no columns of
 * numbers, or of something else), _UNIT, _DATA, _ARGUMENT (columns). */
SaxidMeasurement *saxid_text_read (const char *path, const SaxidTextOptions *options, GError **error);

/* All curves of a table with several columns of intensity: SaxidMeasurement. */
GPtrArray *saxid_text_parse_all (const char *bytes, gsize n, const char *name, const SaxidTextOptions *options,
                                 GError **error);

/* The same from memory; name is for messages. */
SaxidMeasurement *saxid_text_parse (const char *bytes, gsize n, const char *name,
                                    const SaxidTextOptions *options, GError **error);

G_END_DECLS
