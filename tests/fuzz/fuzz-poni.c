/* Can any text make the reader of .poni files do what it must not? */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "schemas/frame/poni.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

/* As far as the product goes; but not for seconds. */
static void
make_map (const SaxidGeometry *geometry)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidGeometryMap) map = NULL;

  g_assert_cmpuint (geometry->height * geometry->width, <=, SAXID_GEOMETRY_MAX_PIXELS);
  if (geometry->height * geometry->width > 1 << 16)
    return;
  map = saxid_geometry_map_new (geometry, geometry->height, geometry->width, &error);
  if (map == NULL)
    check_error (error);
  else
    g_assert_cmpuint (map->n, ==, geometry->height * geometry->width);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  g_autofree char *copy = terminated (bytes, n);
  g_autoptr (GError) error = NULL;
  SaxidGeometry geometry;

  be_strict ();
  memset (&geometry, 0xAA, sizeof geometry);
  if (saxid_poni_parse (copy, "fuzz.poni", &geometry, &error))
    {
      g_autoptr (GError) unsound = NULL;

      g_assert_true (saxid_geometry_check (&geometry, &unsound));
      g_assert_no_error (unsound);
      g_assert_true (isfinite (geometry.dist) && geometry.pixel1 > 0 && geometry.pixel2 > 0);
      make_map (&geometry);
      return 0;
    }
  check_error (error);
  return 0;
}
