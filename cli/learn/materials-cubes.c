/* What do real cubes of the study scatter?
 *
 * Thread: see materials-cubes.h.
 */
#include "cli/learn/materials-cubes.h"

#include <math.h>
#include <string.h>

#include "cli/learn/study-file.h"
#include "models/materials/voxels/structure.h"
#include "reducers/error.h"

#define FORMAT "saxid-materials-study-1"
#define POINTS SAXID_MATERIALS_POINTS

typedef struct
{
  SaxidStudyFile *file; /* NULL: nothing is remembered */
  GHashTable *curves;   /* name of a cube to double [POINTS] */
} Memory;

static void
memory_clear (Memory *memory)
{
  g_clear_pointer (&memory->file, saxid_study_file_free);
  g_clear_pointer (&memory->curves, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Memory, memory_clear)

/* A line that is no curve is passed over. */
static void
read_cube (JsonObject *unit, gpointer data)
{
  JsonArray *values = saxid_study_file_array (unit, "intensity");
  g_autofree double *intensity = g_new (double, POINTS);

  if (values == NULL || json_array_get_length (values) != POINTS)
    return;
  for (guint k = 0; k < POINTS; k++)
    {
      intensity[k] = json_array_get_double_element (values, k);
      if (!(intensity[k] > 0) || !isfinite (intensity[k]))
        return;
    }
  g_hash_table_replace (data, saxid_study_file_text (unit, "unit"), g_steal_pointer (&intensity));
}

static gboolean
memory_open (Memory *memory, const char *directory, guint64 seed, GError **error)
{
  JsonBuilder *head;

  memory->curves = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (directory == NULL)
    return TRUE;
  head = saxid_study_file_begin_head (FORMAT);
  saxid_study_file_set_integer (head, "seed", (gint64)seed);
  memory->file = saxid_study_file_open (directory, FORMAT, head, read_cube, memory->curves, error);
  return memory->file != NULL;
}

static gboolean
memory_add (const Memory *memory, const char *name, double seconds, const double *intensity, GError **error)
{
  JsonBuilder *line;

  if (memory->file == NULL)
    return TRUE;
  line = saxid_study_file_begin_unit (name, seconds);
  json_builder_set_member_name (line, "intensity");
  json_builder_begin_array (line);
  for (guint k = 0; k < POINTS; k++)
    json_builder_add_double_value (line, intensity[k]);
  json_builder_end_array (line);
  return saxid_study_file_add (memory->file, name, seconds, line, NULL, NULL, error);
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

  if (rows->n > 0 && !memory_open (&memory, directory, population->seed, error))
    return FALSE;
  for (gsize k = 0; k < rows->n; k++)
    {
      const guint64 sample = saxid_materials_sample (population, SAXID_MATERIALS_CUBES, k);
      const gint64 begin = g_get_monotonic_time ();
      g_autofree char *name = g_strdup_printf ("%s/%" G_GSIZE_FORMAT, saxid_materials_set_name (population->index), k);
      const double *known = g_hash_table_lookup (memory.curves, name);
      double alpha, intensity[POINTS];
      const SaxidMaterial material = saxid_materials_draw (population, SAXID_MATERIALS_CUBES, k, &alpha);
      SaxidRandom random;

      if (known != NULL)
        memcpy (intensity, known, sizeof intensity);
      else if (!make_cube (population, &shop, &material, sample, intensity, error)
               || !memory_add (&memory, name, 1e-6 * (double)(g_get_monotonic_time () - begin), intensity, error))
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
