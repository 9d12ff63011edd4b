/* What do real cubes of the study scatter?
 *
 * Thread: see materials-cubes.h.
 */
#include "cli/learn/materials-cubes.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "models/materials/voxels/structure.h"
#include "reducers/error.h"
#include "schemas/disk/write-all.h"
#include "schemas/json-text.h"

#define FILE_NAME "cubes.jsonl"
#define POINTS SAXID_MATERIALS_POINTS

typedef struct
{
  char *path;         /* NULL: nothing is remembered */
  GHashTable *curves; /* "SEED SAMPLE" to double [POINTS] */
} Memory;

static void
memory_clear (Memory *memory)
{
  g_free (memory->path);
  g_clear_pointer (&memory->curves, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Memory, memory_clear)

static char *
name_of (guint64 seed, guint64 sample)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, seed, sample);
}

/* One line; what is no cube of this study is left out. */
static void
remember_line (Memory *memory, const char *line, gsize n)
{
  g_autoptr (JsonNode) node = saxid_json_object (line, (gssize)n, NULL);
  JsonObject *object = node != NULL ? json_node_get_object (node) : NULL;
  JsonNode *member = object != NULL ? json_object_get_member (object, "intensity") : NULL;
  JsonArray *values = member != NULL && JSON_NODE_HOLDS_ARRAY (member) ? json_node_get_array (member) : NULL;
  g_autofree double *intensity = NULL;

  if (values == NULL || json_array_get_length (values) != POINTS)
    return;
  intensity = g_new (double, POINTS);
  for (guint k = 0; k < POINTS; k++)
    {
      intensity[k] = json_array_get_double_element (values, k);
      if (!(intensity[k] > 0) || !isfinite (intensity[k]))
        return;
    }
  g_hash_table_replace (memory->curves, g_strdup (json_object_get_string_member_with_default (object, "cube", "")),
                        g_steal_pointer (&intensity));
}

/* What the directory remembers; a line that was not finished is cut off. */
static gboolean
memory_open (Memory *memory, const char *directory, GError **error)
{
  g_autofree char *text = NULL;
  gsize n = 0, kept = 0;

  memory->curves = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (directory == NULL)
    return TRUE;
  memory->path = g_build_filename (directory, FILE_NAME, NULL);
  if (g_mkdir_with_parents (directory, 0777) != 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "cannot make the directory: %s (%s)", g_strerror (errno), directory);
      return FALSE;
    }
  if (!g_file_test (memory->path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (!g_file_get_contents (memory->path, &text, &n, error))
    return FALSE;
  for (const char *end; (end = memchr (text + kept, '\n', n - kept)) != NULL; kept = (gsize)(end - text) + 1)
    remember_line (memory, text + kept, (gsize)(end - text) - kept);
  if (kept == n || truncate (memory->path, (off_t)kept) == 0)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "cannot cut off a line that was not finished: %s (%s)", g_strerror (errno),
               memory->path);
  return FALSE;
}

/* Appends a line, in one call. */
static gboolean
memory_add (const Memory *memory, const char *name, const double *intensity, GError **error)
{
  g_autoptr (GString) line = g_string_new (NULL);
  gboolean done;
  int file;

  if (memory->path == NULL)
    return TRUE;
  g_string_printf (line, "{\"cube\":\"%s\",\"intensity\":[", name);
  for (guint k = 0; k < POINTS; k++)
    {
      char text[G_ASCII_DTOSTR_BUF_SIZE];

      g_string_append_printf (line, "%s%s", k > 0 ? "," : "", g_ascii_formatd (text, sizeof text, "%.9g", intensity[k]));
    }
  g_string_append (line, "]}\n");
  file = g_open (memory->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  done = file >= 0 && saxid_write_all (file, line->str, line->len);
  if (!done)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "cannot write: %s (%s)", g_strerror (errno), memory->path);
  if (file >= 0)
    close (file);
  return done;
}

/* --- cubes -------------------------------------------------------------------------------- */

typedef struct
{
  SaxidCube *cube;
  SaxidCubePlan *plan;
} Workshop;

static void
workshop_clear (Workshop *shop)
{
  g_clear_pointer (&shop->cube, saxid_cube_free);
  g_clear_pointer (&shop->plan, saxid_cube_plan_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Workshop, workshop_clear)

/* Shape: intensity POINTS. */
static gboolean
make_cube (const SaxidMaterialsPopulation *population, Workshop *shop, const SaxidMaterial *material, guint64 sample,
           double *intensity, GError **error)
{
  const SaxidStructure structure
      = { .material = *material, .voxel = SAXID_MATERIALS_VOXEL, .seed = population->seed, .sample = sample };
  g_autoptr (SaxidShells) shells = NULL;

  if (shop->cube == NULL)
    {
      shop->cube = saxid_cube_new (SAXID_MATERIALS_EDGE, error);
      if (shop->cube == NULL)
        return FALSE;
      shop->plan = saxid_cube_plan_new (SAXID_MATERIALS_EDGE, population->threads);
    }
  if (!saxid_structure_fill (&structure, shop->plan, shop->cube, error))
    return FALSE;
  saxid_cube_to_modes (shop->plan, shop->cube);
  shells = saxid_shells_new (shop->plan, shop->cube);
  saxid_shells_curve (shells, SAXID_MATERIALS_EDGE * SAXID_MATERIALS_VOXEL, POINTS, population->q, intensity);
  return TRUE;
}

gboolean
saxid_materials_cubes_fill (const SaxidMaterialsPopulation *population, const char *directory, SaxidMaterialsProgress may_go_on,
                            gpointer data, SaxidMaterialsRows *rows, GError **error)
{
  g_auto (Memory) memory = { 0 };
  g_auto (Workshop) shop = { 0 };

  if (rows->n > 0 && !memory_open (&memory, directory, error))
    return FALSE;
  for (gsize k = 0; k < rows->n; k++)
    {
      const guint64 sample = saxid_materials_sample (population, SAXID_MATERIALS_CUBES, k);
      g_autofree char *name = name_of (population->seed, sample);
      const double *known = g_hash_table_lookup (memory.curves, name);
      double alpha, intensity[POINTS];
      const SaxidMaterial material = saxid_materials_draw (population, SAXID_MATERIALS_CUBES, k, &alpha);
      SaxidRandom random;

      if (known != NULL)
        memcpy (intensity, known, sizeof intensity);
      else if (!make_cube (population, &shop, &material, sample, intensity, error) || !memory_add (&memory, name, intensity, error))
        return FALSE;
      saxid_random_init (&random, population->seed, sample, SAXID_STREAM_COUNTS);
      saxid_cube_noise (&random, alpha, POINTS, intensity);
      saxid_materials_rows_set (population, rows, k, &material, intensity);
      if (!may_go_on (NULL, data))
        {
          g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_CANCELLED, "the study was stopped among its cubes");
          return FALSE;
        }
    }
  return TRUE;
}
