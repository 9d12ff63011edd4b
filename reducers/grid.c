/* Which bin does q fall into, and where is that bin?
 *
 * Thread: pure.
 */
#include "reducers/grid.h"

#include <math.h>

#include "reducers/error.h"

gboolean
saxid_grid_check (const SaxidGrid *grid, SaxidRadial radial, GError **error)
{
  const SaxidRadialWords *words = saxid_radial_words (radial);

  if (grid->n < 1 || grid->n > SAXID_GRID_MAX_BINS)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "%s grid has %" G_GSIZE_FORMAT " bins, 1 to %d are possible", words->name, grid->n, SAXID_GRID_MAX_BINS);
      return FALSE;
    }
  if (!isfinite (grid->low) || !isfinite (grid->high) || grid->low >= grid->high || grid->low < 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "%s grid goes from %g to %g %s, it must ascend from 0 or more", words->name, grid->low * words->factor,
                   grid->high * words->factor, words->unit);
      return FALSE;
    }
  if (grid->spacing == SAXID_SPACING_LOG && grid->low <= 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "%s grid starts at %g %s, logarithmic bins need more than 0", words->name, grid->low * words->factor,
                   words->unit);
      return FALSE;
    }
  return TRUE;
}

static double
scale (const SaxidGrid *grid, double q)
{
  return grid->spacing == SAXID_SPACING_LOG ? log (q) : q;
}

static double
unscale (const SaxidGrid *grid, double x)
{
  return grid->spacing == SAXID_SPACING_LOG ? exp (x) : x;
}

static double
step (const SaxidGrid *grid)
{
  return (scale (grid, grid->high) - scale (grid, grid->low)) / (double) grid->n;
}

gssize
saxid_grid_bin (const SaxidGrid *grid, double q)
{
  gsize bin;

  if (!(q >= grid->low && q <= grid->high))
    return -1;
  bin = (gsize) ((scale (grid, q) - scale (grid, grid->low)) / step (grid));
  return (gssize) MIN (bin, grid->n - 1);
}

double
saxid_grid_edge (const SaxidGrid *grid, gsize bin)
{
  return unscale (grid, scale (grid, grid->low) + (double) bin * step (grid));
}

double
saxid_grid_centre (const SaxidGrid *grid, gsize bin)
{
  return unscale (grid, scale (grid, grid->low) + ((double) bin + 0.5) * step (grid));
}
