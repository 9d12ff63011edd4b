/* Where do the atoms of particles lie that have fivefold axes?
 *
 * Icosahedron and dodecahedron are concentric shells around one atom; a decahedron is columns along its
 * axis, in pentagonal rings.
 *
 * Thread: pure.
 */
#include "models/atomic/construct.h"

#include <math.h>

#define GOLDEN 1.6180339887498949
/* Same point of two edges or faces: a small part of d. */
#define CLOSE 1e-6

static void
add_site (SaxidSites *sites, double x, double y, double z)
{
  if (sites->n == sites->allocated)
    {
      sites->allocated = 2 * sites->allocated + 64;
      sites->position = g_renew (double, sites->position, 3 * sites->allocated);
    }
  sites->position[3 * sites->n] = x;
  sites->position[3 * sites->n + 1] = y;
  sites->position[3 * sites->n + 2] = z;
  sites->n++;
}

static double
distance (const double *a, const double *b)
{
  return sqrt (pow (a[0] - b[0], 2) + pow (a[1] - b[1], 2) + pow (a[2] - b[2], 2));
}

/* --- shells ------------------------------------------------------------------------------- */

/* The twelve corners of an icosahedron of edge 1. Their order: (0, ±1, ±φ) / 2 and what follows by turning. */
static void
corners_of_icosahedron (double corner[12][3])
{
  guint n = 0;

  for (guint axis = 0; axis < 3; axis++)
    for (gint sign = 0; sign < 4; sign++, n++)
      {
        corner[n][axis] = 0;
        corner[n][(axis + 1) % 3] = sign & 1 ? -0.5 : 0.5;
        corner[n][(axis + 2) % 3] = (sign & 2 ? -0.5 : 0.5) * GOLDEN;
      }
}

/* The face of three corners that touch: the points between them, k - 1 on each edge being left out. */
static void
add_inner_of_face (SaxidSites *sites, const double *a, const double *b, const double *c, guint k)
{
  for (guint i = 1; i < k; i++)
    for (guint j = 1; i + j < k; j++)
      add_site (sites, i * a[0] + j * b[0] + (k - i - j) * c[0], i * a[1] + j * b[1] + (k - i - j) * c[1],
                i * a[2] + j * b[2] + (k - i - j) * c[2]);
}

static void
add_inner_of_edge (SaxidSites *sites, const double *a, const double *b, guint k)
{
  for (guint i = 1; i < k; i++)
    add_site (sites, i * a[0] + (k - i) * b[0], i * a[1] + (k - i) * b[1], i * a[2] + (k - i) * b[2]);
}

static gboolean
touch (const double *a, const double *b)
{
  return fabs (distance (a, b) - 1) < CLOSE;
}

static void
add_mackay_shell (SaxidSites *sites, double corner[12][3], guint k)
{
  for (guint a = 0; a < 12; a++)
    add_site (sites, k * corner[a][0], k * corner[a][1], k * corner[a][2]);
  for (guint a = 0; a < 12; a++)
    for (guint b = a + 1; b < 12; b++)
      if (touch (corner[a], corner[b]))
        {
          add_inner_of_edge (sites, corner[a], corner[b], k);
          for (guint c = b + 1; c < 12; c++)
            if (touch (corner[a], corner[c]) && touch (corner[b], corner[c]))
              add_inner_of_face (sites, corner[a], corner[b], corner[c], k);
        }
}

void
saxid_construct_icosahedron (SaxidSites *sites, const SaxidClusterSize *size)
{
  double corner[12][3];

  corners_of_icosahedron (corner);
  add_site (sites, 0, 0, 0);
  for (guint k = 1; k <= size->n; k++)
    add_mackay_shell (sites, corner, k);
}

/* The twenty corners of a dodecahedron of edge 1: above the middles of the faces of an icosahedron. */
static void
corners_of_dodecahedron (double icosahedron[12][3], double corner[20][3])
{
  /* from the sum of three corners to the circumscribed sphere, sqrt 3 φ / 2 */
  const double sum = sqrt (3) / 2 * GOLDEN * GOLDEN, scale = sqrt (3) / 2 * GOLDEN / sum;
  guint n = 0;

  for (guint a = 0; a < 12; a++)
    for (guint b = a + 1; b < 12; b++)
      for (guint c = b + 1; c < 12; c++)
        if (touch (icosahedron[a], icosahedron[b]) && touch (icosahedron[b], icosahedron[c]) && touch (icosahedron[a], icosahedron[c]))
          {
            for (guint i = 0; i < 3; i++)
              corner[n][i] = scale * (icosahedron[a][i] + icosahedron[b][i] + icosahedron[c][i]);
            n++;
          }
}

/* Which five corners lie around an axis: those of a projection above 1 (it is 1.11, and 0.26 for the next). */
static void
corners_of_face (const double *axis, double corner[20][3], const double *face[5])
{
  const double origin[3] = { 0 }, length = distance (axis, origin);
  guint n = 0;

  for (guint a = 0; a < 20 && n < 5; a++)
    if (axis[0] * corner[a][0] + axis[1] * corner[a][1] + axis[2] * corner[a][2] > length)
      face[n++] = corner[a];
}

/* (k - r) middle + u a + v b */
static void
add_combination (SaxidSites *sites, double rest, const double *middle, guint u, const double *a, guint v, const double *b)
{
  add_site (sites, rest * middle[0] + u * a[0] + v * b[0], rest * middle[1] + u * a[1] + v * b[1],
            rest * middle[2] + u * a[2] + v * b[2]);
}

/* The middle of a face of shell k, and pentagons of 1 … k - 1 steps around it. */
static void
add_pentagons (SaxidSites *sites, const double *face[5], guint k)
{
  double middle[3] = { 0 };

  for (guint i = 0; i < 15; i++)
    middle[i % 3] += face[i / 3][i % 3] / 5;
  add_combination (sites, k, middle, 0, face[0], 0, face[1]);
  for (guint r = 1; r < k; r++)
    for (guint a = 0; a < 5; a++)
      {
        add_combination (sites, k - r, middle, r, face[a], 0, face[a]);
        for (guint b = a + 1; b < 5; b++)
          for (guint v = 1; v < r && touch (face[a], face[b]); v++)
            add_combination (sites, k - r, middle, r - v, face[a], v, face[b]);
      }
}

void
saxid_construct_dodecahedron (SaxidSites *sites, const SaxidClusterSize *size)
{
  double axis[12][3], corner[20][3];
  const double *face[5] = { NULL };

  corners_of_icosahedron (axis);
  corners_of_dodecahedron (axis, corner);
  add_site (sites, 0, 0, 0);
  for (guint k = 1; k <= size->n; k++)
    {
      for (guint a = 0; a < 20; a++)
        add_site (sites, k * corner[a][0], k * corner[a][1], k * corner[a][2]);
      for (guint a = 0; a < 20; a++)
        for (guint b = a + 1; b < 20; b++)
          if (touch (corner[a], corner[b]))
            add_inner_of_edge (sites, corner[a], corner[b], k);
      for (guint f = 0; f < 12; f++)
        {
          corners_of_face (axis[f], corner, face);
          add_pentagons (sites, face, k);
        }
    }
}

/* --- columns ------------------------------------------------------------------------------ */

/* Whether Marks' notch of depth m takes the column at u, w away. */
static gboolean
in_notch (const SaxidClusterSize *size, guint u, guint w)
{
  const guint p = size->n, m = size->m;

  return m > 0 && ((u > p - m && w < m) || (w > p - m && u < m));
}

static void
add_column (SaxidSites *sites, double x, double y, guint atoms)
{
  const double rise = 2 * sqrt ((5 - sqrt (5)) / 10);

  for (guint k = 0; k < atoms; k++)
    add_site (sites, x, y, rise * (k - 0.5 * (atoms - 1)));
}

void
saxid_construct_decahedron (SaxidSites *sites, const SaxidClusterSize *size)
{
  const double spoke = 0.5 / sin (G_PI / 5);

  add_column (sites, 0, 0, size->e + size->n + 1);
  for (guint k = 1; k <= size->n; k++)
    for (guint s = 0; s < 5; s++)
      for (guint w = 0; w < k; w++)
        {
          const double a = 2 * G_PI / 5 * s, b = 2 * G_PI / 5 * (s + 1);
          const guint u = k - w;

          if (!in_notch (size, u, w))
            add_column (sites, spoke * (u * cos (a) + w * cos (b)), spoke * (u * sin (a) + w * sin (b)), size->e + size->n - k + 1);
        }
}
