/* What does a .poni file say?
 *
 * Lines "Key: value", "#" starts a comment, a later line overrides an earlier
 * one (pyFAI appends). Version 1 has PixelSize1 and PixelSize2; versions 2 and
 * 2.1 name a detector and give its parameters as JSON, which are empty for one
 * that pyFAI knows by name: the usual ones are in a table here.
 * https://pyfai.readthedocs.io/en/stable/geometry.html
 *
 * Units: m, rad, as the file.
 * Thread: pure.
 */
#include "schemas/frame/poni.h"

#include <math.h>
#include <string.h>

#include "reducers/error.h"
#include "schemas/disk/door.h"
#include "schemas/json-text.h"

#define MAX_FILE (1 << 20)

/* Detectors of one flat sheet of equal pixels, from their makers' data sheets. */
static const struct
{
  const char *name; /* as fold_name leaves it */
  double pixel;     /* m */
  gsize height, width;
} detectors[] = {
  { "pilatus100k", 172e-6, 195, 487 },   { "pilatus200k", 172e-6, 407, 487 },
  { "pilatus300k", 172e-6, 619, 487 },   { "pilatus300kw", 172e-6, 195, 1475 },
  { "pilatus900kw", 172e-6, 195, 4439 }, { "pilatus1m", 172e-6, 1043, 981 },
  { "pilatus2m", 172e-6, 1679, 1475 },   { "pilatus6m", 172e-6, 2527, 2463 },
  { "eiger500k", 75e-6, 514, 1030 },     { "eiger1m", 75e-6, 1065, 1030 },
  { "eiger4m", 75e-6, 2167, 2070 },      { "eiger9m", 75e-6, 3269, 3110 },
  { "eiger16m", 75e-6, 4371, 4150 },     { "eiger2500k", 75e-6, 512, 1028 },
  { "eiger21m", 75e-6, 1062, 1028 },     { "eiger21mw", 75e-6, 512, 2068 },
  { "eiger22mw", 75e-6, 512, 4148 },     { "eiger24m", 75e-6, 2162, 2068 },
  { "eiger29m", 75e-6, 3262, 3108 },     { "eiger216m", 75e-6, 4362, 4148 },
};

/* How detectors of modules are built: what the folded name begins with, the longer first.
 * The makers' data sheets; pyFAI's detectors have the same numbers. */
static const struct
{
  const char *family;
  gsize height, width, gap_height, gap_width;
} modules[] = {
  { "pilatus", 195, 487, 17, 7 },
  { "eiger2", 512, 1028, 38, 12 },
  { "eiger", 514, 1030, 37, 10 },
  { "lambda", 516, 516, 6, 6 },
  { "maxipix", 256, 256, 4, 4 },
};

/* Letters and digits in lower case, and no "cdte": "Pilatus 1M", "Eiger2_4M" and
 * "Eiger2CdTe_4M" differ in what they are made of, not in where pixels are. */
static char *
fold_name (const char *name)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);
  GString *folded = g_string_new (NULL);

  for (const char *c = lower; *c != '\0'; c++)
    if (g_ascii_isalnum (*c))
      g_string_append_c (folded, *c);
  g_string_replace (folded, "cdte", "", 0);
  return g_string_free (folded, FALSE);
}

static gboolean
parse_number (GHashTable *values, const char *key, gboolean needed, double *value, GError **error)
{
  const char *text = g_hash_table_lookup (values, key);
  char *end;

  if (text == NULL || g_ascii_strcasecmp (text, "none") == 0)
    {
      if (!needed)
        return TRUE;
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "geometry has no %s", key);
      return FALSE;
    }
  *value = g_ascii_strtod (text, &end);
  if (end != text && *end == '\0' && isfinite (*value))
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "%s of the geometry is '%s', a number is needed",
               key, text);
  return FALSE;
}

static gboolean
apply_name (const char *name, SaxidGeometry *geometry)
{
  g_autofree char *folded = fold_name (name);
  gboolean found = FALSE;

  for (gsize k = 0; k < G_N_ELEMENTS (detectors); k++)
    if (strcmp (folded, detectors[k].name) == 0)
      {
        geometry->pixel1 = geometry->pixel2 = detectors[k].pixel;
        geometry->height = detectors[k].height;
        geometry->width = detectors[k].width;
        found = TRUE;
      }
  /* "eiger21m" is an Eiger2 1M, "eiger1m" an Eiger 1M */
  for (gsize k = 0; k < G_N_ELEMENTS (modules); k++)
    if (g_str_has_prefix (folded, modules[k].family))
      {
        geometry->module_height = modules[k].height;
        geometry->module_width = modules[k].width;
        geometry->gap_height = modules[k].gap_height;
        geometry->gap_width = modules[k].gap_width;
        return TRUE;
      }
  return found;
}

/* "12m", "300kw": a size that the table does not have, of a family that it has. */
static gboolean
is_size (const char *text)
{
  const gsize digits = strspn (text, "0123456789");

  return digits > 0 && strchr ("km", text[digits]) != NULL && text[digits] != '\0'
         && (text[digits + 1] == '\0' || strcmp (text + digits + 1, "w") == 0);
}

/* What a person names is one that there is; what a program wrote into a file may have any name. */
static gboolean
is_known (const char *name)
{
  g_autofree char *folded = fold_name (name);

  for (gsize k = 0; k < G_N_ELEMENTS (detectors); k++)
    if (strcmp (folded, detectors[k].name) == 0)
      return TRUE;
  for (gsize k = 0; k < G_N_ELEMENTS (modules); k++)
    if (g_str_has_prefix (folded, modules[k].family) && is_size (folded + strlen (modules[k].family)))
      return TRUE;
  return FALSE;
}

gboolean
saxid_detector_apply (const char *name, SaxidGeometry *geometry, GError **error)
{
  g_autoptr (GString) names = NULL;

  if (is_known (name) && apply_name (name, geometry))
    return TRUE;
  names = g_string_new (NULL);
  for (gsize k = 0; k < G_N_ELEMENTS (detectors); k++)
    g_string_append_printf (names, "%s%s", k > 0 ? ", " : "", detectors[k].name);
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "detector '%s' is not known, there are %s, and lambda and maxipix of any size",
               name, names->str);
  return FALSE;
}

static double
json_number (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : 0;
}

/* What is no number is none, and neither is a negative one. */
static gsize
json_count (JsonArray *array, guint index)
{
  JsonNode *node = json_array_get_element (array, index);
  const gint64 count = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : 0;

  return (gsize) MAX (count, 0);
}

/* Detector_config of versions 2 and 2.1. */
static gboolean
apply_config (const char *text, SaxidGeometry *geometry, GError **error)
{
  g_autoptr (JsonNode) root = saxid_json_object (text, -1, NULL);
  JsonNode *shape;
  JsonObject *config;
  double orientation;

  if (root == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                   "detector_config of the geometry is '%.40s', a JSON "
                   "object is needed",
                   text);
      return FALSE;
    }
  config = json_node_get_object (root);
  if (json_number (config, "pixel1") > 0)
    geometry->pixel1 = json_number (config, "pixel1");
  if (json_number (config, "pixel2") > 0)
    geometry->pixel2 = json_number (config, "pixel2");

  shape = json_object_get_member (config, "max_shape");
  if (shape != NULL && JSON_NODE_HOLDS_ARRAY (shape)
      && json_array_get_length (json_node_get_array (shape)) == 2)
    {
      geometry->height = json_count (json_node_get_array (shape), 0);
      geometry->width = json_count (json_node_get_array (shape), 1);
    }
  /* 0 says nothing; some write it with version 2 as well */
  orientation = json_number (config, "orientation");
  if (!(orientation >= 0 && orientation <= 4 && orientation == floor (orientation)))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED,
                   "detector has the orientation %g, 1 to 4 are read", orientation);
      return FALSE;
    }
  geometry->orientation = (guint) orientation;
  return TRUE;
}

static GHashTable *
split_lines (const char *text)
{
  GHashTable *values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      char *colon = strchr (*line, ':');
      char *key;

      if (**line == '#' || colon == NULL)
        continue;
      *colon = '\0';
      key = g_ascii_strdown (g_strstrip (*line), -1);
      g_hash_table_insert (values, key, g_strdup (g_strstrip (colon + 1)));
    }
  /* pyFAI writes "Distance", older programs wrote "dist" */
  if (g_hash_table_contains (values, "dist") && !g_hash_table_contains (values, "distance"))
    g_hash_table_insert (values, g_strdup ("distance"),
                         g_strdup (g_hash_table_lookup (values, "dist")));
  return values;
}

static gboolean
parse_values (GHashTable *values, SaxidGeometry *geometry, GError **error)
{
  const char *name = g_hash_table_lookup (values, "detector");
  const char *config = g_hash_table_lookup (values, "detector_config");
  const char *spline = g_hash_table_lookup (values, "splinefile");
  double version = 1;

  if (!parse_number (values, "poni_version", FALSE, &version, error))
    return FALSE;
  if (!(version >= 1 && version < 3))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED,
                   "geometry has the version %g, 1 to 2.1 are read", version);
      return FALSE;
    }
  if (spline != NULL && *spline != '\0' && g_ascii_strcasecmp (spline, "none") != 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED,
                   "geometry has the distortion '%s', flat detectors "
                   "are read",
                   spline);
      return FALSE;
    }
  if (name != NULL)
    apply_name (name, geometry);
  if (config != NULL && !apply_config (config, geometry, error))
    return FALSE;
  if (!parse_number (values, "pixelsize1", FALSE, &geometry->pixel1, error)
      || !parse_number (values, "pixelsize2", FALSE, &geometry->pixel2, error))
    return FALSE;
  if (!(geometry->pixel1 > 0 && geometry->pixel2 > 0))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED,
                   "detector '%s' of the geometry is not known, and its pixel size is not given",
                   name != NULL ? name : "");
      return FALSE;
    }
  return parse_number (values, "distance", TRUE, &geometry->dist, error)
         && parse_number (values, "poni1", TRUE, &geometry->poni1, error)
         && parse_number (values, "poni2", TRUE, &geometry->poni2, error)
         && parse_number (values, "rot1", FALSE, &geometry->rot1, error)
         && parse_number (values, "rot2", FALSE, &geometry->rot2, error)
         && parse_number (values, "rot3", FALSE, &geometry->rot3, error)
         && parse_number (values, "wavelength", FALSE, &geometry->wavelength, error)
         && saxid_geometry_check (geometry, error);
}

gboolean
saxid_poni_parse (const char *text, const char *place, SaxidGeometry *geometry, GError **error)
{
  g_autoptr (GHashTable) values = split_lines (text);
  SaxidGeometry found = { 0 };

  if (!parse_values (values, &found, error))
    {
      saxid_error_add_place (error, "%s", place);
      return FALSE;
    }
  *geometry = found;
  return TRUE;
}

gboolean
saxid_poni_file_read (const char *path, SaxidGeometry *geometry, GError **error)
{
  g_autofree char *text = NULL;
  gsize n;

  if (!saxid_door_read (path, MAX_FILE, &text, &n, error))
    {
      g_prefix_error (error, "geometry: ");
      saxid_error_add_place (error, "%s", path);
      return FALSE;
    }
  if (!g_utf8_validate (text, (gssize) n, NULL))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "geometry is no text in UTF-8 (%s)", path);
      return FALSE;
    }
  return saxid_poni_parse (text, path, geometry, error);
}
