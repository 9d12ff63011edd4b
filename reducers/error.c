/* Which codes do the errors of saxid have, and what may they say? */
#include "reducers/error.h"

#include "reducers/clean-text.h"

G_DEFINE_QUARK (saxid-error-quark, saxid_error)

void
saxid_error_clean (GError **error)
{
  g_autofree char *message = NULL, *valid = NULL;

  if (error == NULL || *error == NULL)
    return;
  message = (*error)->message;
  valid = g_utf8_make_valid (message, -1); /* our own words keep their letters */
  (*error)->message = saxid_clean_text (valid, -1);
}

void
saxid_error_add_place (GError **error, const char *format, ...)
{
  g_autofree char *place = NULL, *message = NULL;
  va_list arguments;

  if (error == NULL || *error == NULL)
    return;
  va_start (arguments, format);
  place = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  message = (*error)->message;
  (*error)->message = g_strdup_printf ("%s (%s)", message, place);
  saxid_error_clean (error);
}
