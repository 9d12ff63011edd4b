/* How much background lies under a curve of particles of atoms?
 *
 * Thread: see ground.h.
 */
#include "models/atomic/ground.h"

#include <math.h>
#include <string.h>

#include "reducers/dot.h"

#define RISES_BY 25.0
#define HALO_AT 2.0
#define HALO_WIDTH 0.35
#define UNKNOWNS (SAXID_GROUND_TERMS + 1)
/* Part of a column that has to be left where the others are taken off: else it is one of them. */
#define LEAST_PIVOT 1e-9

struct SaxidGround
{
  gsize n;
  double *weight;                      /* [n] 1 / sigma */
  double *data;                        /* [n] times weight */
  double *term;                        /* [SAXID_GROUND_TERMS × n] times weight */
  double square;                       /* of data */
  double gram[SAXID_GROUND_TERMS][SAXID_GROUND_TERMS], right[SAXID_GROUND_TERMS];
};

typedef struct
{
  double gram[UNKNOWNS][UNKNOWNS], right[UNKNOWNS];
} Normal;

void
saxid_ground_at (double q, double term[SAXID_GROUND_TERMS])
{
  term[SAXID_GROUND_FLAT] = 1;
  term[SAXID_GROUND_RISING] = 1 - exp (-q * q / RISES_BY);
  term[SAXID_GROUND_HALO] = exp (-0.5 * pow ((q - HALO_AT) / HALO_WIDTH, 2));
}

SaxidGround *
saxid_ground_new (gsize n, const double *q, const double *data, const double *sigma)
{
  SaxidGround *self = g_new0 (SaxidGround, 1);

  self->n = n;
  self->weight = g_new (double, (SAXID_GROUND_TERMS + 2) * (n + 1));
  self->data = self->weight + n;
  self->term = self->data + n;
  for (gsize k = 0; k < n; k++)
    {
      double term[SAXID_GROUND_TERMS];

      self->weight[k] = 1 / sigma[k];
      self->data[k] = data[k] * self->weight[k];
      saxid_ground_at (q[k], term);
      for (guint t = 0; t < SAXID_GROUND_TERMS; t++)
        self->term[t * n + k] = term[t] * self->weight[k];
    }
  self->square = saxid_dot (n, self->data, self->data);
  for (guint t = 0; t < SAXID_GROUND_TERMS; t++)
    {
      self->right[t] = saxid_dot (n, self->term + t * n, self->data);
      for (guint s = 0; s < SAXID_GROUND_TERMS; s++)
        self->gram[t][s] = saxid_dot (n, self->term + t * n, self->term + s * n);
    }
  return self;
}

void
saxid_ground_free (SaxidGround *self)
{
  if (self == NULL)
    return;
  g_free (self->weight);
  g_free (self);
}

/* The model is unknown 0, the terms follow. */
static void
fill_normal (const SaxidGround *self, const double *model, Normal *normal)
{
  double mm = 0, md = 0, mt[SAXID_GROUND_TERMS] = { 0 };

  for (gsize k = 0; k < self->n; k++)
    {
      const double m = model[k] * self->weight[k];

      mm += m * m;
      md += m * self->data[k];
      for (guint t = 0; t < SAXID_GROUND_TERMS; t++)
        mt[t] += m * self->term[t * self->n + k];
    }
  normal->gram[0][0] = mm;
  normal->right[0] = md;
  for (guint t = 0; t < SAXID_GROUND_TERMS; t++)
    {
      normal->gram[0][t + 1] = normal->gram[t + 1][0] = mt[t];
      normal->right[t + 1] = self->right[t];
      memcpy (&normal->gram[t + 1][1], self->gram[t], sizeof self->gram[t]);
    }
}

/* Gauss without pivots on the unknowns of a set; the matrix is positive definite. FALSE where it is not quite. */
static gboolean
solve_set (const Normal *normal, guint set, double *x)
{
  double a[UNKNOWNS][UNKNOWNS + 1];
  guint of[UNKNOWNS], n = 0;

  for (guint u = 0; u < UNKNOWNS; u++)
    if (set & 1u << u)
      of[n++] = u;
  for (guint r = 0; r < n; r++)
    {
      for (guint c = 0; c < n; c++)
        a[r][c] = normal->gram[of[r]][of[c]];
      a[r][n] = normal->right[of[r]];
    }
  for (guint p = 0; p < n; p++)
    {
      if (!(a[p][p] > LEAST_PIVOT * normal->gram[of[p]][of[p]]))
        return FALSE;
      for (guint r = p + 1; r < n; r++)
        {
          const double part = a[r][p] / a[p][p];

          for (guint c = p; c <= n; c++)
            a[r][c] -= part * a[p][c];
        }
    }
  memset (x, 0, UNKNOWNS * sizeof *x);
  for (guint p = n; p-- > 0;)
    {
      double value = a[p][n];

      for (guint c = p + 1; c < n; c++)
        value -= a[p][c] * x[of[c]];
      x[of[p]] = value / a[p][p];
    }
  return TRUE;
}

static gboolean
is_feasible (const double *x)
{
  for (guint u = 0; u < UNKNOWNS; u++)
    if (x[u] < 0)
      return FALSE;
  return x[0] > 0;
}

gboolean
saxid_ground_solve (const SaxidGround *self, const double *model, SaxidGroundFit *fit)
{
  const guint all = (1u << UNKNOWNS) - 1;
  gboolean found = FALSE;
  Normal normal;

  fill_normal (self, model, &normal);
  fit->chi2 = INFINITY;
  /* with all of them first: if none is negative, nothing is better */
  for (guint without = 0; without < all; without += 2)
    {
      const guint set = all - without;
      double x[UNKNOWNS], chi2 = self->square;

      if (!solve_set (&normal, set, x) || !is_feasible (x))
        continue;
      for (guint u = 0; u < UNKNOWNS; u++)
        chi2 -= x[u] * normal.right[u];
      if (!(chi2 < fit->chi2))
        continue;
      fit->chi2 = fmax (chi2, 0);
      fit->scale = x[0];
      memcpy (fit->ground, x + 1, sizeof fit->ground);
      found = TRUE;
      if (set == all)
        break;
    }
  return found;
}
