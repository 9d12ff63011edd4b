/* Which curves are in a text or a canSAS XML?
 *
 * Thread: pure but for the file.
 */
#include "schemas/text/any.h"

#include <string.h>

#include "reducers/error.h"
#include "schemas/text/cansas-xml.h"
#include "schemas/text/measurement.h"

/* HDF5 and XML say what they are in their first bytes; anything else is text. */
/* SasView's text begins with "<X> <Y>", which no XML does. */
static gboolean
is_xml (const char *bytes, gsize n)
{
  static const char *const begins[] = { "<?xml", "<!", "<SASroot" };

  if (n == 0 || bytes[0] != '<')
    return FALSE;
  for (gsize k = 0; k < G_N_ELEMENTS (begins); k++)
    if (n >= strlen (begins[k]) && memcmp (bytes, begins[k], strlen (begins[k])) == 0)
      return TRUE;
  return g_strstr_len (bytes, (gssize) MIN (n, 65536), "</") != NULL
         || g_strstr_len (bytes, (gssize) MIN (n, 65536), "<X>") == NULL;
}

/* "<SampleName> gold" begins a text: what does not say that it is XML, and is none, is read as one,
 * and the complaint stays that of XML. */
static GPtrArray *
read_xml (const char *bytes, gsize n, const char *path, const SaxidTextOptions *options, gsize skip, GError **error)
{
  g_autoptr (GError) bad = NULL;
  GPtrArray *curves = saxid_cansas_xml_parse (bytes, n, path, options->q_unit, &bad);

  if (curves == NULL && !g_str_has_prefix (bytes + skip, "<?xml") && !g_str_has_prefix (bytes + skip, "<SASroot"))
    curves = saxid_text_parse_all (bytes, n, path, options, NULL);
  if (curves == NULL)
    g_propagate_error (error, g_steal_pointer (&bad));
  return curves;
}

static gboolean
read_input (const char *path, const SaxidTextOptions *options, GPtrArray *all, const char **kind, GError **error)
{
  g_autofree char *bytes = NULL;
  g_autoptr (GPtrArray) curves = NULL;
  gsize n, skip = 0;

  if (!saxid_measurement_load (path, &bytes, &n, error))
    return FALSE;
  if (n >= 8 && memcmp (bytes, "\x89HDF\r\n\x1a\n", 8) == 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "is HDF5 already, which every other verb reads as it is (%s)", path);
      return FALSE;
    }
  if (n >= 3 && memcmp (bytes, "\xEF\xBB\xBF", 3) == 0)
    skip = 3;
  while (skip < n && g_ascii_isspace (bytes[skip]))
    skip++;
  *kind = is_xml (bytes + skip, n - skip) ? SAXID_XML_KIND : SAXID_TEXT_KIND;
  curves = is_xml (bytes + skip, n - skip) ? read_xml (bytes, n, path, options, skip, error)
                                           : saxid_text_parse_all (bytes, n, path, options, error);
  if (curves == NULL)
    return FALSE;
  while (curves->len > 0)
    g_ptr_array_add (all, g_ptr_array_steal_index (curves, 0));
  return TRUE;
}

/* A curve of which nothing can be said is not worth a file. */
static gboolean
check (const SaxidMeasurement *measurement, GError **error)
{
  g_autoptr (SaxidCurve) copy = saxid_curve_copy (measurement->curve);

  if (saxid_curve_clean (copy, NULL, error))
    return TRUE;
  saxid_error_add_place (error, "%s", measurement->file);
  return FALSE;
}

gboolean
saxid_text_any_read (const char *path, const SaxidTextOptions *options, GPtrArray *all, const char **kind, GError **error)
{
  const char *found = NULL;
  g_autoptr (GPtrArray) left_out = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) first = NULL;
  guint before = all->len;

  if (!read_input (path, options, all, &found, error))
    return FALSE;
  if (kind != NULL)
    *kind = found;
  for (guint k = before; k < all->len;)
    {
      SaxidMeasurement *measurement = all->pdata[k];
      GError *bad = NULL;

      if (check (measurement, &bad))
        {
          k++;
          continue;
        }
      g_ptr_array_add (left_out, g_strdup_printf ("curve '%s' is left out: %s", measurement->title, bad->message));
      if (first == NULL)
        first = bad;
      else
        g_error_free (bad);
      g_ptr_array_remove_index (all, k);
    }
  if (all->len == before)
    {
      g_propagate_error (error, g_steal_pointer (&first));
      return FALSE;
    }
  for (guint k = 0; k < left_out->len; k++)
    saxid_measurement_note (all->pdata[before], "%s", (const char *) left_out->pdata[k]);
  return TRUE;
}
