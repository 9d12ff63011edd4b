/* Which training rows are the nearest?
 *
 *   |a - b|² = |a|² + |b|² - 2 a·b, the last as one product of matrices.
 *
 * Ties of the vote go to the class whose first voter is nearer.
 * Thread: see neighbours.h.
 */
#include "models/learn/study/neighbours.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#define BLOCK 256
#define MOST_NEIGHBOURS 64
/* Of a vote: what the nearer one has more. */
#define TIE 1e-6f

typedef struct
{
  float distance;
  guint8 label;
} Near;

static float *
squares (gsize n, gsize width, const float *rows)
{
  float *square = g_new (float, n);

  for (gsize r = 0; r < n; r++)
    square[r] = cblas_sdot ((int) width, rows + r * width, 1, rows + r * width, 1);
  return square;
}

/* Keeps the k smallest in order. */
static void
insert (Near *near, guint *found, guint k, Near one)
{
  guint at;

  if (*found == k && one.distance >= near[k - 1].distance)
    return;
  at = *found < k ? (*found)++ : k - 1;
  for (; at > 0 && near[at - 1].distance > one.distance; at--)
    near[at] = near[at - 1];
  near[at] = one;
}

void
saxid_neighbours_vote (gsize n, gsize width, const float *training, const guint8 *label, guint n_class, guint k,
                       gsize m, const float *rows, float *probability)
{
  g_autofree float *square = squares (n, width, training), *product = g_new (float, BLOCK *n);

  k = (guint) MIN (MIN (k, MOST_NEIGHBOURS), n);
  for (gsize first = 0; first < m; first += BLOCK)
    {
      const gsize count = MIN (BLOCK, m - first);

      cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (int) count, (int) n, (int) width, -2,
                   rows + first * width, (int) width, training, (int) width, 0, product, (int) n);
      for (gsize r = 0; r < count; r++)
        {
          float *vote = probability + (first + r) * n_class;
          Near near[MOST_NEIGHBOURS];
          guint found = 0;

          for (gsize j = 0; j < n; j++)
            insert (near, &found, k, (Near) { product[r * n + j] + square[j], label[j] });
          memset (vote, 0, n_class * sizeof *vote);
          for (guint j = 0; j < found; j++)
            vote[near[j].label] += (1 - TIE * (float) j) / (float) found;
        }
    }
}
