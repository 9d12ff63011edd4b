/* Which points of a cubic lattice lie in a polyhedron?
 *
 * Points are whole numbers: of fcc those of even sum, one step being d / sqrt 2; of bcc all even or all odd,
 * one step being d / sqrt 3. A condition is that of the faces.
 *
 * Thread: pure.
 */
#include "models/atomic/construct.h"

#include <stdlib.h>

#define FCC_STEP 0.70710678118654752
#define BCC_STEP 0.57735026918962576

typedef gboolean (*Inside) (gint32 i, gint32 j, gint32 k, gint32 n);

static void
add_point (SaxidSites *sites, gint32 i, gint32 j, gint32 k)
{
  if (sites->n == sites->allocated)
    {
      sites->allocated = 2 * sites->allocated + 64;
      sites->lattice = g_renew (gint32, sites->lattice, 3 * sites->allocated);
    }
  sites->lattice[3 * sites->n] = i;
  sites->lattice[3 * sites->n + 1] = j;
  sites->lattice[3 * sites->n + 2] = k;
  sites->n++;
}

static void
fill_box (SaxidSites *sites, double step, gint32 first, gint32 last, Inside inside, guint n)
{
  sites->step = step;
  for (gint32 i = first; i <= last; i++)
    for (gint32 j = first; j <= last; j++)
      for (gint32 k = first; k <= last; k++)
        if (inside (i, j, k, (gint32)n))
          add_point (sites, i, j, k);
}

static gboolean
in_cube (gint32 i, gint32 j, gint32 k, gint32 n G_GNUC_UNUSED)
{
  return (i + j + k) % 2 == 0;
}

static gboolean
in_cuboctahedron (gint32 i, gint32 j, gint32 k, gint32 n)
{
  return (i + j + k) % 2 == 0 && abs (i) + abs (j) + abs (k) <= 2 * n;
}

static gboolean
in_dihedral (gint32 i, gint32 j, gint32 k, gint32 n)
{
  return abs (i) <= n && abs (j) <= n && in_cuboctahedron (i, j, k, n);
}

static gboolean
in_octahedron (gint32 i, gint32 j, gint32 k, gint32 n)
{
  return (i + j + k - n) % 2 == 0 && abs (i) + abs (j) + abs (k) <= n;
}

static gboolean
in_rhombic (gint32 i, gint32 j, gint32 k, gint32 n)
{
  return (i - j) % 2 == 0 && (j - k) % 2 == 0 && abs (i) + abs (j) <= 2 * n && abs (j) + abs (k) <= 2 * n
         && abs (k) + abs (i) <= 2 * n;
}

void
saxid_construct_cube (SaxidSites *sites, const SaxidClusterSize *size)
{
  fill_box (sites, FCC_STEP, 0, (gint32)(2 * size->n), in_cube, size->n);
}

void
saxid_construct_cuboctahedron (SaxidSites *sites, const SaxidClusterSize *size)
{
  fill_box (sites, FCC_STEP, -(gint32)size->n, (gint32)size->n, in_cuboctahedron, size->n);
}

/* A cuboctahedron with a square pyramid on two opposite squares. */
void
saxid_construct_dihedral (SaxidSites *sites, const SaxidClusterSize *size)
{
  fill_box (sites, FCC_STEP, -(gint32)(2 * size->n), (gint32)(2 * size->n), in_dihedral, size->n);
}

void
saxid_construct_octahedron (SaxidSites *sites, const SaxidClusterSize *size)
{
  fill_box (sites, FCC_STEP, -(gint32)size->n, (gint32)size->n, in_octahedron, size->n);
}

void
saxid_construct_rhombic (SaxidSites *sites, const SaxidClusterSize *size)
{
  fill_box (sites, BCC_STEP, -(gint32)(2 * size->n), (gint32)(2 * size->n), in_rhombic, size->n);
}

/* n atoms an edge, along the three directions of a tetrahedron. */
void
saxid_construct_tetrahedron (SaxidSites *sites, const SaxidClusterSize *size)
{
  const gint32 n = (gint32)size->n;

  sites->step = FCC_STEP;
  for (gint32 a = 0; a < n; a++)
    for (gint32 b = 0; a + b < n; b++)
      for (gint32 c = 0; a + b + c < n; c++)
        add_point (sites, b + c, a + c, a + b);
}
