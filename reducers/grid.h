/* A grid of bins in q: equal steps, or equal ratios.
 *
 * Units: of SaxidRadial; 1/Å where it is of q.
 * Thread: plain data.
 */
#pragma once

#include <glib.h>

#include "reducers/geometry.h"

G_BEGIN_DECLS

#define SAXID_GRID_MAX_BINS 100000

typedef enum
{
  SAXID_SPACING_LINEAR = 0,
  SAXID_SPACING_LOG = 1
} SaxidSpacing;

typedef struct
{
  gsize n;
  double low, high; /* outer edges; high itself belongs to the last bin */
  SaxidSpacing spacing;
} SaxidGrid;

/* radial: what the grid is over. Errors: SAXID_ERROR_ARGUMENT for 0 or too many bins, edges that are not
 * finite, not ascending or, for equal ratios, not positive. */
gboolean saxid_grid_check (const SaxidGrid *grid, SaxidRadial radial, GError **error);

/* The bin of q, or -1 when it is outside or not finite. */
gssize saxid_grid_bin (const SaxidGrid *grid, double q);

/* Lower edge of a bin; edge n is the upper edge of the last. */
double saxid_grid_edge (const SaxidGrid *grid, gsize bin);

/* The middle between the edges, on the scale of the spacing. */
double saxid_grid_centre (const SaxidGrid *grid, gsize bin);

G_END_DECLS
