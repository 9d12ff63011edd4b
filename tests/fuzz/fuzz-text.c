/* Can any text or XML make the importers do what they must not? */
#include <stdint.h>
#include <string.h>

#include "schemas/text/cansas-xml.h"
#include "schemas/text/file.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

static void
check (const SaxidMeasurement *measurement)
{
  g_autoptr (SaxidCurve) copy = saxid_curve_copy (measurement->curve);

  g_assert_cmpuint (copy->n, >, 0);
  g_assert_nonnull (measurement->file);
  saxid_curve_clean (copy, NULL, NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  /* both parsers end at a terminator that is not part of the input */
  g_autofree char *copy = terminated (bytes, n);
  g_autoptr (GError) text_error = NULL;
  g_autoptr (GError) xml_error = NULL;
  g_autoptr (GPtrArray) columns = NULL;
  g_autoptr (GPtrArray) curves = NULL;

  columns = saxid_text_parse_all (copy, n, "fuzz.txt", NULL, &text_error);
  if (columns == NULL)
    check_error (text_error);
  for (guint k = 0; columns != NULL && k < columns->len; k++)
    check (columns->pdata[k]);
  curves = saxid_cansas_xml_parse (copy, n, "fuzz.xml", NULL, &xml_error);
  if (curves == NULL)
    check_error (xml_error);
  for (guint k = 0; curves != NULL && k < curves->len; k++)
    check (curves->pdata[k]);
  return 0;
}
