/* Which curves does a canSAS XML document hold?
 *
 * Elements are told by their local names, so that both versions and files
 * without a name space are read. Every number has its own unit attribute; a
 * unit that changes inside one curve is refused.
 *
 * Thread: no state of ours; libxml2's parser context is local.
 */
#include "schemas/text/cansas-xml.h"

#include <math.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "reducers/clean-text.h"
#include "reducers/error.h"

/* libxml2's tree takes some ten times the text. */
#define MOST_XML     (32 << 20)
#define MOST_CURVES  4096
/* Bytes of a tag with its attributes, which the parser compares with one another, each with each. */
#define MOST_TAG     (64 << 10)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlDoc, xmlFreeDoc)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlParserCtxt, xmlFreeParserCtxt)

static gboolean
is (const xmlNode *node, const char *name)
{
  return node->type == XML_ELEMENT_NODE && strcmp ((const char *) node->name, name) == 0;
}

static const xmlNode *
child (const xmlNode *parent, const char *name)
{
  for (const xmlNode *node = parent->children; node != NULL; node = node->next)
    if (is (node, name))
      return node;
  return NULL;
}

/* Clean text of an element; NULL where it is empty. */
static char *
text_of (const xmlNode *node)
{
  xmlChar *raw = node != NULL ? xmlNodeGetContent (node) : NULL;
  char *text = raw != NULL ? saxid_clean_text ((const char *) raw, -1) : NULL;

  xmlFree (raw);
  if (text != NULL && text[0] == '\0')
    g_clear_pointer (&text, g_free);
  return text;
}

static char *
attribute_of (const xmlNode *node, const char *name)
{
  xmlChar *raw = node != NULL ? xmlGetProp (node, (const xmlChar *) name) : NULL;
  char *text = raw != NULL ? saxid_clean_text ((const char *) raw, -1) : NULL;

  xmlFree (raw);
  if (text != NULL && text[0] == '\0')
    g_clear_pointer (&text, g_free);
  return text;
}

/* NaN where the element is missing or is no number. */
static double
number_of (const xmlNode *node)
{
  g_autofree char *text = text_of (node);
  char *end;
  double value;

  if (text == NULL)
    return NAN;
  value = g_ascii_strtod (text, &end);
  return *end == '\0' ? value : NAN;
}

/* One unit for the whole curve. */
static gboolean
same_unit (const xmlNode *node, char **unit, gsize row, const char *what, const char *file, GError **error)
{
  g_autofree char *here = node != NULL ? attribute_of (node, "unit") : NULL;

  if (node == NULL || (row > 0 && g_strcmp0 (here, *unit) == 0))
    return TRUE;
  if (row == 0)
    {
      *unit = g_steal_pointer (&here);
      return TRUE;
    }
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNIT,
               "unit of %s changes from '%s' to '%s' at point %" G_GSIZE_FORMAT " (%s)", what,
               *unit != NULL ? *unit : "none", here != NULL ? here : "none", row, file);
  return FALSE;
}

/* Drops a column of which nothing is known. */
static void
keep_if_known (double **values, gsize n)
{
  for (gsize k = 0; k < n; k++)
    if (isfinite ((*values)[k]) && (*values)[k] != 0)
      return;
  g_clear_pointer (values, g_free);
}

/* NaN where a point has none. */
static double
longer (double slit, double length)
{
  return isfinite (length) ? fmax (slit, length) : slit;
}

static gboolean
read_points (const xmlNode *data, SaxidMeasurement *measurement, GError **error)
{
  g_autofree double *shadow = NULL;
  double slit = 0;
  gsize n = 0, row = 0;
  SaxidCurve *curve;

  for (const xmlNode *node = data->children; node != NULL; node = node->next)
    n += is (node, "Idata");
  if (n == 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "SASdata without a point (%s, line %ld)",
                   measurement->file, xmlGetLineNo (data));
      return FALSE;
    }
  curve = measurement->curve = saxid_curve_new (n, TRUE, TRUE);
  shadow = g_new (double, n);
  for (const xmlNode *node = data->children; node != NULL; node = node->next)
    {
      const xmlNode *q, *i;

      if (!is (node, "Idata"))
        continue;
      q = child (node, "Q");
      i = child (node, "I");
      if (!same_unit (q, &measurement->q_unit, row, "Q", measurement->file, error)
          || !same_unit (i, &measurement->i_unit, row, "I", measurement->file, error))
        return FALSE;
      curve->q[row] = number_of (q);
      curve->intensity[row] = number_of (i);
      curve->sigma[row] = number_of (child (node, "Idev"));
      curve->dq[row] = number_of (child (node, "Qdev"));
      shadow[row] = number_of (child (node, "Shadowfactor"));
      slit = longer (slit, number_of (child (node, "dQl")));
      row++;
    }
  keep_if_known (&curve->sigma, n);
  keep_if_known (&curve->dq, n);
  saxid_measurement_drop_shadowed (measurement, shadow);
  curve->slit = slit;
  if (curve->sigma == NULL)
    saxid_measurement_note (measurement, "no Idev");
  return TRUE;
}

static gboolean
read_entry (const xmlNode *entry, const char *file, const char *q_unit, GPtrArray *out, GError **error)
{
  for (const xmlNode *data = entry->children; data != NULL && out->len < MOST_CURVES; data = data->next)
    {
      g_autoptr (SaxidMeasurement) measurement = NULL;

      if (!is (data, "SASdata"))
        continue;
      measurement = saxid_measurement_new (file);
      measurement->title = text_of (child (entry, "Title"));
      measurement->run = text_of (child (entry, "Run"));
      if (child (entry, "SASsample") != NULL)
        measurement->sample = text_of (child (child (entry, "SASsample"), "ID"));
      if (measurement->title == NULL)
        measurement->title = attribute_of (entry, "name");
      if (!read_points (data, measurement, error))
        return FALSE;
      if (q_unit != NULL)
        {
          g_free (measurement->q_unit);
          measurement->q_unit = g_strdup (q_unit);
        }
      if (!saxid_measurement_apply_units (measurement, error))
        return FALSE;
      g_ptr_array_add (out, g_steal_pointer (&measurement));
    }
  return TRUE;
}

/* What may be long between angle brackets, and where it ends. */
static const struct
{
  const char *begin, *end;
} passages[] = { { "<!--", "-->" }, { "<![CDATA[", "]]>" }, { "<?", "?>" } };

/* The end of what begins at `at`, n: it has none. */
static gsize
end_of_tag (const char *bytes, gsize n, gsize at, gboolean *is_tag)
{
  const char *end = ">", *found;

  *is_tag = TRUE;
  for (guint k = 0; k < G_N_ELEMENTS (passages); k++)
    if (n - at >= strlen (passages[k].begin) && memcmp (bytes + at, passages[k].begin, strlen (passages[k].begin)) == 0)
      {
        end = passages[k].end;
        *is_tag = FALSE;
      }
  found = g_strstr_len (bytes + at, (gssize) (n - at), end);
  return found != NULL ? (gsize) (found - bytes) + strlen (end) : n;
}

/* The byte at which a tag begins that is too long to be compared with itself; n: none. */
static gsize
find_long_tag (const char *bytes, gsize n)
{
  const char *next;
  gboolean is_tag;

  for (gsize at = 0, end; at < n && (next = memchr (bytes + at, '<', n - at)) != NULL; at = end)
    {
      at = (gsize) (next - bytes);
      end = end_of_tag (bytes, n, at, &is_tag);
      if (is_tag && end - at > MOST_TAG)
        return at;
    }
  return n;
}

static xmlDoc *
parse_document (const char *bytes, gsize n, const char *name, GError **error)
{
  g_autoptr (xmlParserCtxt) context = NULL;
  g_autoptr (xmlDoc) document = NULL;
  gsize long_tag;

  if (n > MOST_XML)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT, "XML has %" G_GSIZE_FORMAT " bytes, %d are read (%s)", n,
                   MOST_XML, name);
      return NULL;
    }
  long_tag = find_long_tag (bytes, n);
  if (long_tag < n)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT, "XML has a tag of more than %d bytes, at byte %" G_GSIZE_FORMAT " (%s)",
                   MOST_TAG, long_tag, name);
      return NULL;
    }
  context = xmlNewParserCtxt ();
  if (context == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "no room for an XML parser (%s)", name);
      return NULL;
    }
  document = xmlCtxtReadMemory (context, bytes, (int) n, NULL, NULL,
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOBLANKS
                                    | XML_PARSE_COMPACT);
  if (document == NULL)
    {
      const xmlError *last = xmlCtxtGetLastError (context);
      g_autofree char *why
        = saxid_clean_text (last != NULL && last->message != NULL ? last->message : "unknown", -1);

      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "XML is not sound at line %d: %s (%s)",
                   last != NULL ? last->line : 0, why, name);
      return NULL;
    }
  if (xmlGetIntSubset (document) != NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                   "XML brings a document type with it, which no canSAS file does (%s)", name);
      return NULL;
    }
  return g_steal_pointer (&document);
}

GPtrArray *
saxid_cansas_xml_parse (const char *bytes, gsize n, const char *name, const char *q_unit, GError **error)
{
  g_autofree char *base = g_path_get_basename (name);
  g_autofree char *file = saxid_clean_text (base, -1);
  g_autoptr (xmlDoc) document = parse_document (bytes, n, file, error);
  g_autoptr (GPtrArray) out = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_measurement_free);
  const xmlNode *root;
  guint entries = 0;

  if (document == NULL)
    return NULL;
  root = xmlDocGetRootElement (document);
  if (root == NULL || !is (root, "SASroot"))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "XML begins with <%.60s>, canSAS with <SASroot> (%s)",
                   root != NULL ? (const char *) root->name : "", file);
      return NULL;
    }
  for (const xmlNode *entry = root->children; entry != NULL; entry = entry->next)
    {
      if (!is (entry, "SASentry"))
        continue;
      entries++;
      if (!read_entry (entry, file, q_unit, out, error))
        return NULL;
    }
  if (out->len == 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "no SASdata in %u SASentry (%s)", entries, file);
      return NULL;
    }
  return g_steal_pointer (&out);
}
