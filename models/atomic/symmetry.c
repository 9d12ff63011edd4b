/* Which atoms are equivalent?
 *
 * Thread: pure.
 */
#include "models/atomic/symmetry.h"

#include <math.h>
#include <string.h>

#define MOST_GENERATORS 3
/* Numbers of matrices, and keys, that are the same. Neighbouring keys of a million atoms are 1e-7 apart. */
#define CLOSE 1e-9

typedef double Matrix[3][3];

#define COS5 0.30901699437494742 /* of 72° */
#define SIN5 0.95105651629515357

static const Matrix to_next_axis = { { 0, 0, 1 }, { 1, 0, 0 }, { 0, 1, 0 } };
static const Matrix mirror_x = { { -1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
static const Matrix mirror_y = { { 1, 0, 0 }, { 0, -1, 0 }, { 0, 0, 1 } };
static const Matrix mirror_z = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, -1 } };
static const Matrix exchange = { { 0, 1, 0 }, { 1, 0, 0 }, { 0, 0, 1 } };
static const Matrix half_turn = { { -1, 0, 0 }, { 0, -1, 0 }, { 0, 0, 1 } };
static const Matrix fifth_of_z = { { COS5, -SIN5, 0 }, { SIN5, COS5, 0 }, { 0, 0, 1 } };
/* A fifth of a turn about (0, 1, φ), with (φ - 1)/2, 1/2 and φ/2 */
static const Matrix fifth_of_corner = { { 0.30901699437494742, -0.80901699437494742, 0.5 },
                                        { 0.80901699437494742, 0.5, 0.30901699437494742 },
                                        { -0.5, 0.30901699437494742, 0.80901699437494742 } };

static const Matrix *const generators[SAXID_N_GROUPS][MOST_GENERATORS] = {
  [SAXID_GROUP_C1] = { NULL },
  [SAXID_GROUP_D4H] = { &exchange, &mirror_x, &mirror_z },
  [SAXID_GROUP_D5H] = { &fifth_of_z, &mirror_y, &mirror_z },
  [SAXID_GROUP_TD] = { &to_next_axis, &exchange, &half_turn },
  [SAXID_GROUP_OH] = { &to_next_axis, &exchange, &mirror_x },
  [SAXID_GROUP_IH] = { &to_next_axis, &mirror_x, &fifth_of_corner },
};

static void
multiply (const Matrix a, const Matrix b, Matrix out)
{
  for (guint i = 0; i < 3; i++)
    for (guint j = 0; j < 3; j++)
      out[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j];
}

static gboolean
is_known (const SaxidSymmetry *symmetry, const Matrix a)
{
  for (guint g = 0; g < symmetry->order; g++)
    {
      double most = 0;

      for (guint i = 0; i < 9; i++)
        most = fmax (most, fabs (a[i / 3][i % 3] - symmetry->element[g][i / 3][i % 3]));
      if (most < CLOSE)
        return TRUE;
    }
  return FALSE;
}

void
saxid_symmetry_init (SaxidSymmetry *symmetry, SaxidPointGroup group)
{
  static const Matrix one = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };

  symmetry->order = 1;
  memcpy (symmetry->element[0], one, sizeof one);
  /* all products, one generator more at a time */
  for (guint g = 0; g < symmetry->order; g++)
    for (guint k = 0; k < MOST_GENERATORS && generators[group][k] != NULL; k++)
      {
        Matrix product;

        multiply (*generators[group][k], (const double (*)[3])symmetry->element[g], product);
        if (!is_known (symmetry, (const double (*)[3])product) && symmetry->order < SAXID_GROUP_MOST)
          memcpy (symmetry->element[symmetry->order++], product, sizeof product);
      }
}

/* --- orbits ------------------------------------------------------------------------------- */

typedef struct
{
  double key;
  gsize atom;
} Keyed;

static int
by_key (const void *a, const void *b)
{
  const double left = ((const Keyed *)a)->key, right = ((const Keyed *)b)->key;

  return (left > right) - (left < right);
}

static void
find_keys (SaxidPointGroup group, gsize n, const double *position, Keyed *keyed)
{
  /* no rational relation of its numbers is known */
  static const double generic[3] = { 0.7390851332151607, 0.5671432904097838, 0.2614972128476428 };
  SaxidSymmetry symmetry;
  double turned[SAXID_GROUP_MOST][3];

  saxid_symmetry_init (&symmetry, group);
  for (guint g = 0; g < symmetry.order; g++)
    for (guint i = 0; i < 3; i++)
      turned[g][i] = generic[0] * symmetry.element[g][0][i] + generic[1] * symmetry.element[g][1][i]
                     + generic[2] * symmetry.element[g][2][i];
  for (gsize k = 0; k < n; k++)
    {
      const double *r = position + 3 * k;
      double key = -INFINITY;

      for (guint g = 0; g < symmetry.order; g++)
        {
          const double along = turned[g][0] * r[0] + turned[g][1] * r[1] + turned[g][2] * r[2];

          key = along > key ? along : key;
        }
      keyed[k] = (Keyed) { key, k };
    }
}

gsize
saxid_symmetry_orbits (SaxidPointGroup group, gsize n, const double *position, gsize *atom, gsize *size, gsize *of)
{
  g_autofree Keyed *keyed = g_new (Keyed, n);
  gsize orbits = 0;

  find_keys (group, n, position, keyed);
  qsort (keyed, n, sizeof *keyed, by_key);
  for (gsize k = 0; k < n; k++)
    {
      if (k > 0 && group != SAXID_GROUP_C1 && keyed[k].key - keyed[k - 1].key < CLOSE)
        size[orbits - 1]++;
      else
        {
          atom[orbits] = keyed[k].atom;
          size[orbits++] = 1;
        }
      if (of != NULL)
        of[keyed[k].atom] = orbits - 1;
    }
  return orbits;
}
