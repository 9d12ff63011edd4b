/* How is a piece of a disordered material made?
 *
 * Thread: see structure.h.
 */
#include "models/materials/voxels/structure.h"

#include <math.h>

#include "models/materials/normal.h"
#include "models/materials/voxels/levels.h"
#include "models/materials/voxels/random-field.h"
#include "models/materials/voxels/smoothing.h"
#include "reducers/error.h"

/* Reach of the kernel where only its middle is cut, in standard deviations. */
#define SHORT_REACH 5.0
/* A layer is expected to go no deeper than so many times its mean thickness on a flat wall, and so much; beyond its depth the
 * kernel reaches so far: what it then leaves out is less than a float's last digit. */
#define MOST_CURVED 1.5
#define MARGIN 0.5
#define BEYOND 4.5
#define SURE 4.0
#define LEAST_LENGTHS 4.0

static gboolean
check (const SaxidStructure *structure, const SaxidCube *cube, GError **error)
{
  const double edge = structure->voxel * cube->n;

  if (!saxid_material_check (&structure->material, error))
    return FALSE;
  if (structure->material.order != rint (structure->material.order))
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "order of the spectrum is %g, a structure needs a whole one",
                 structure->material.order);
  else if (!(structure->smoothing >= 0 && structure->smoothing <= SAXID_SMOOTHING_MOST))
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "smoothing is %g voxels, 0 to %g is possible", structure->smoothing,
                 SAXID_SMOOTHING_MOST);
  else if (!(edge >= LEAST_LENGTHS * structure->material.length))
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "edge of the cube is %g A, %g are needed for a length of %g A", edge,
                 LEAST_LENGTHS * structure->material.length, structure->material.length);
  else
    return TRUE;
  return FALSE;
}

/* Voxels above a level become `above`, others 0. */
static void
cut (const SaxidCubePlan *plan, SaxidCube *cube, float level, float above)
{
  const gsize rows = (gsize)cube->n * cube->n;

#pragma omp parallel for schedule(static) num_threads(saxid_cube_plan_threads (plan))
  for (gsize row = 0; row < rows; row++)
    for (gsize x = 0; x < cube->n; x++)
      {
        float *value = cube->value + row * cube->row + x;

        *value = *value >= level ? above : 0;
      }
}

/* Densities 0 below level[0], layer to level[1], 1 from there. */
static void
fill_phases (const SaxidCubePlan *plan, SaxidCube *cube, const float level[2], float layer)
{
  const gsize rows = (gsize)cube->n * cube->n;
  const float lower = level[0], upper = level[1]; /* the compiler need not think that they are among the voxels */

#pragma omp parallel for schedule(static) num_threads(saxid_cube_plan_threads (plan))
  for (gsize row = 0; row < rows; row++)
    for (gsize x = 0; x < cube->n; x++)
      {
        float *value = cube->value + row * cube->row + x;
        const float at = *value, filled = at >= lower ? layer : 0;

        *value = at >= upper ? 1 : filled;
      }
}

/* How far the kernel must reach to order the voxels about the lower level, in its standard deviations. */
static double
find_reach (const SaxidStructure *structure)
{
  SaxidMaterialSums sums;
  double depth;

  if (structure->material.phases == 2)
    return SHORT_REACH;
  saxid_material_sums (&structure->material, &sums);
  depth = structure->material.porosity * structure->material.share / sums.surface / (structure->voxel * structure->smoothing);
  return fmin (MOST_CURVED * depth + MARGIN + BEYOND, SAXID_SMOOTHING_REACH);
}

/* The smooth field of what was cut, and its levels; ordered also where the lower one lies far from the solid. FALSE: it lies
 * where the kernel does not reach, and the field is spoilt. */
static gboolean
smooth (const SaxidStructure *structure, const SaxidCubePlan *plan, SaxidCube *cube, const gsize rank[2], double reach, float level[2])
{
  saxid_smoothing_apply (plan, cube, structure->smoothing, reach);
  saxid_levels_find (plan, cube, 2, rank, level);
  if (rank[0] == rank[1])
    return TRUE;
  if (reach < SAXID_SMOOTHING_REACH)
    return (double)level[0] > (double)SAXID_SMOOTHING_FULL * saxid_normal_share (SURE - reach);
  if (level[0] >= SAXID_SMOOTHING_FLOOR)
    return TRUE;
  saxid_smoothing_order_rest (plan, cube);
  saxid_levels_find (plan, cube, 2, rank, level);
  if (level[0] < SAXID_SMOOTHING_FLOOR)
    saxid_levels_settle (cube, rank[0], level[0]);
  return TRUE;
}

/* FALSE: the reach was too short. */
static gboolean
cut_all (const SaxidStructure *structure, const SaxidCubePlan *plan, SaxidCube *cube, double reach)
{
  const SaxidMaterial *material = &structure->material;
  const gboolean has_layer = material->phases == 3;
  const double pore = has_layer ? material->porosity * (1 - material->share) : material->porosity;
  const gsize rank[] = { saxid_levels_rank (cube, pore), saxid_levels_rank (cube, material->porosity) };
  float level[2];

  if (structure->smoothing > 0)
    {
      saxid_levels_find (plan, cube, 1, &rank[1], level);
      cut (plan, cube, level[0], SAXID_SMOOTHING_FULL);
      if (!smooth (structure, plan, cube, rank, reach, level))
        return FALSE;
    }
  else
    saxid_levels_find (plan, cube, 2, rank, level);
  fill_phases (plan, cube, level, has_layer ? (float)material->layer : 0);
  return TRUE;
}

void
saxid_structure_cut (const SaxidStructure *structure, const SaxidCubePlan *plan, SaxidCube *cube)
{
  cut_all (structure, plan, cube, structure->material.phases == 3 ? SAXID_SMOOTHING_REACH : SHORT_REACH);
}

gboolean
saxid_structure_fill (const SaxidStructure *structure, const SaxidCubePlan *plan, SaxidCube *cube, GError **error)
{
  g_autofree float *amplitude = NULL;
  gsize n_shell;

  if (!check (structure, cube, error))
    return FALSE;
  amplitude = saxid_random_field_amplitude ((int)structure->material.order, structure->material.length,
                                            structure->voxel * cube->n, cube->n, &n_shell);
  saxid_random_field_draw (plan, cube, amplitude, n_shell, structure->seed, structure->sample);
  if (!cut_all (structure, plan, cube, find_reach (structure)))
    {
      saxid_random_field_draw (plan, cube, amplitude, n_shell, structure->seed, structure->sample);
      saxid_structure_cut (structure, plan, cube);
    }
  return TRUE;
}
