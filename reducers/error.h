/* What can go wrong, in one list: the codes of every GError of saxid.
 *
 * A message names subject, value, limit and place, in that order:
 * "q grid has 3 points, 16 are needed (run.nxs, /entry/data)".
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SAXID_ERROR (saxid_error_quark ())

/* Values are part of the plugin ABI (saxid_error.code): append only. */
typedef enum
{
  SAXID_ERROR_ARGUMENT = 1, /* an option or a key file of the caller */
  SAXID_ERROR_IO,           /* the system could not read or write */
  SAXID_ERROR_FORMAT,       /* not the kind of file it should be, or damaged */
  SAXID_ERROR_NO_CURVE,     /* a sound file without a curve that can be read */
  SAXID_ERROR_DATA,         /* numbers that no scattering curve can have */
  SAXID_ERROR_UNIT,         /* a unit that is not known */
  SAXID_ERROR_LIMIT,        /* larger than we are willing to read */
  SAXID_ERROR_MODEL,        /* the trained model is missing or not sound */
  SAXID_ERROR_UNSUPPORTED,  /* understood, and not possible here */
  SAXID_ERROR_CANCELLED,    /* stopped on request */
  SAXID_ERROR_BUSY          /* somebody else is at work on it: later it may be possible */
} SaxidErrorCode;

GQuark saxid_error_quark (void);

/* Takes out of the message of an error what no message should hold, line breaks and the like
 * and bytes that are not UTF-8: for whoever quotes a file. Nothing where no error is set. */
void saxid_error_clean (GError **error);

/* Adds " (place)" to the message of an error, and cleans it. Nothing where none is set. */
void saxid_error_add_place (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
