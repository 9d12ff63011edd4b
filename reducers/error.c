/* Which codes do the errors of saxid have, and what are they called? */
#include "reducers/error.h"

G_DEFINE_QUARK (saxid-error-quark, saxid_error)

static const char *const names[] = {
  [SAXID_ERROR_ARGUMENT] = "argument",       [SAXID_ERROR_IO] = "io",
  [SAXID_ERROR_FORMAT] = "format",           [SAXID_ERROR_NO_CURVE] = "no-curve",
  [SAXID_ERROR_DATA] = "data",               [SAXID_ERROR_UNIT] = "unit",
  [SAXID_ERROR_LIMIT] = "limit",             [SAXID_ERROR_MODEL] = "model",
  [SAXID_ERROR_UNSUPPORTED] = "unsupported", [SAXID_ERROR_CANCELLED] = "cancelled",
};

const char *
saxid_error_name (int code)
{
  if (code < 1 || code >= (int) G_N_ELEMENTS (names))
    return "unknown";
  return names[code];
}
