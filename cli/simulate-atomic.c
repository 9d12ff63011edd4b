/* Which curves has the population of metal particles?
 *
 * Those that the answer on particles of atoms is tried with (models/atomic/population/draw.h), with what they are of.
 *
 * Thread: see simulate-atomic.h.
 */
#include "cli/simulate-atomic.h"

#include <math.h>
#include <string.h>

#include "models/atomic/answer.h"
#include "models/atomic/population/draw.h"
#include "models/parallel.h"

#define INSTRUMENT "SAXS and WAXS, another one for each curve"
#define UNIT "electron^2"
#define MOST_POINTS SAXID_ATOMIC_MOST_POINTS

static const char *const parameters[] = { "n_atoms", "d", "equivalent_radius", "width", "b_factor", "atomic_number", "size_n", "size_e",
                                          "size_m", "surface", "background", "counts", "resolution" };
#define PARAMETERS G_N_ELEMENTS (parameters)

typedef struct
{
  SaxidSampleBlock *block;
  const SaxidElement *element;
  guint64 seed;
} Filling;

void
saxid_simulate_atomic_head (SaxidDatasetHeader *header)
{
  guint n = 0;

  while (saxid_polyhedron_at (n) != NULL)
    n++;
  header->n_q = MOST_POINTS;
  header->intensity_unit = g_strdup (UNIT);
  header->population = g_strdup (SAXID_SIMULATE_ATOMIC);
  header->instrument = g_strdup (INSTRUMENT);
  header->n_parameter = PARAMETERS;
  header->class_name = g_new0 (char *, n + 1);
  header->parameter_name = g_new0 (char *, n * PARAMETERS + 1);
  for (guint k = 0; k < n; k++)
    {
      header->class_name[k] = g_strdup (saxid_polyhedron_name (saxid_polyhedron_at (k)));
      for (guint p = 0; p < PARAMETERS; p++)
        header->parameter_name[k * PARAMETERS + p] = g_strdup (parameters[p]);
    }
}

static guint8
number_of (const SaxidPolyhedron *polyhedron)
{
  guint8 k = 0;

  while (saxid_polyhedron_at (k) != polyhedron)
    k++;
  return k;
}

static gboolean
fill_one (gsize at, gpointer scratch G_GNUC_UNUSED, gpointer data)
{
  const Filling *filling = data;
  SaxidSampleBlock *block = filling->block;
  const SaxidClusterAtlas *atlas = saxid_atoms_atlas ();
  SaxidAtomicDraw draw;
  g_autoptr (SaxidCurve) curve
      = saxid_atomic_draw (atlas, SAXID_ATOMIC_PARTICLE, filling->element, filling->seed, block->first + at, &draw);
  const SaxidClusterSize *size = &atlas->page[draw.page].size;
  const double value[PARAMETERS] = { draw.atoms, draw.d, draw.radius, draw.width, draw.b, draw.element->number, size->n, size->e,
                                     size->m, draw.surface, draw.background, draw.counts, draw.resolution };

  saxid_sample_block_store (block, at, &(SaxidSimulatedCurve) { .n = curve->n, .has_sigma = TRUE, .q = curve->q,
                                                           .intensity = curve->intensity, .sigma = curve->sigma });
  block->label[at] = number_of (draw.polyhedron);
  memcpy (block->parameter + at * PARAMETERS, value, sizeof value);
  return TRUE;
}

void
saxid_simulate_atomic_fill (SaxidSampleBlock *block, const SaxidElement *element, guint64 seed, guint threads)
{
  Filling filling = { block, element, seed };

  saxid_parallel (&(SaxidParallel) { .name = "particles", .threads = threads, .piece = fill_one, .data = &filling }, block->count);
}
