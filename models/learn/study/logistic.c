/* Which class do planes through the features give a row?
 *
 * Thread: see logistic.h.
 */
#include "models/learn/study/logistic.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

/* Steps that L-BFGS remembers. */
#define MEMORY 12
/* Sufficient decrease, and halvings of a step. */
#define DECREASE 1e-4
#define HALVINGS 30
/* Where the gradient is this part of what it was, it is done. */
#define DONE 1e-6

typedef struct
{
  gsize rows, width, n; /* n: of all weights */
  guint classes;
  const double *features;
  const guint8 *label;
  double c;
  double *margin; /* [rows × classes] */
} Problem;

static void
find_margins (gsize rows, gsize width, guint classes, const double *features, const double *weight, double *margin)
{
  for (gsize k = 0; k < rows * classes; k++)
    margin[k] = weight[width * classes + k % classes];
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)rows, (int)classes, (int)width, 1, features, (int)width, weight,
               (int)classes, 1, margin, (int)classes);
}

/* Turns a row of margins into c (p - 1 at the label), and returns c times -ln p. */
static double
to_residual (const Problem *problem, double *margin, guint8 label)
{
  double most = margin[0], sum = 0, loss;

  for (guint k = 1; k < problem->classes; k++)
    most = fmax (most, margin[k]);
  for (guint k = 0; k < problem->classes; k++)
    sum += exp (margin[k] - most);
  loss = problem->c * (log (sum) + most - margin[label]);
  for (guint k = 0; k < problem->classes; k++)
    margin[k] = problem->c * (exp (margin[k] - most) / sum - (k == label));
  return loss;
}

/* Shape: weight and gradient n. */
static double
objective (const Problem *problem, const double *weight, double *gradient)
{
  const gsize inner = problem->width * problem->classes;
  double sum = 0.5 * cblas_ddot ((int)inner, weight, 1, weight, 1);

  find_margins (problem->rows, problem->width, problem->classes, problem->features, weight, problem->margin);
  for (gsize r = 0; r < problem->rows; r++)
    sum += to_residual (problem, problem->margin + r * problem->classes, problem->label[r]);
  memcpy (gradient, weight, inner * sizeof (double));
  cblas_dgemm (CblasRowMajor, CblasTrans, CblasNoTrans, (int)problem->width, (int)problem->classes, (int)problem->rows, 1,
               problem->features, (int)problem->width, problem->margin, (int)problem->classes, 1, gradient, (int)problem->classes);
  memset (gradient + inner, 0, problem->classes * sizeof (double));
  for (gsize k = 0; k < problem->rows * problem->classes; k++)
    gradient[inner + k % problem->classes] += problem->margin[k];
  return sum;
}

/* --- L-BFGS ------------------------------------------------------------------------------- */

typedef struct
{
  gsize n;
  guint kept, next;
  double *step[MEMORY], *change[MEMORY]; /* of weights and of the gradient */
  double inverse[MEMORY];                /* 1 / (step · change) */
} Memory;

static void
memory_clear (Memory *memory)
{
  for (guint k = 0; k < MEMORY; k++)
    {
      g_free (memory->step[k]);
      g_free (memory->change[k]);
    }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Memory, memory_clear)

static guint
memory_at (const Memory *memory, guint age)
{
  return (memory->next + MEMORY - 1 - age) % MEMORY;
}

static void
memory_add (Memory *memory, const double *from, const double *to, const double *old, const double *new)
{
  const guint at = memory->next;
  double product = 0;

  for (gsize k = 0; k < memory->n; k++)
    product += (to[k] - from[k]) * (new[k] - old[k]);
  if (!(product > 0))
    return;
  if (memory->step[at] == NULL)
    {
      memory->step[at] = g_new (double, memory->n);
      memory->change[at] = g_new (double, memory->n);
    }
  for (gsize k = 0; k < memory->n; k++)
    {
      memory->step[at][k] = to[k] - from[k];
      memory->change[at][k] = new[k] - old[k];
    }
  memory->inverse[at] = 1 / product;
  memory->next = (at + 1) % MEMORY;
  memory->kept = MIN (memory->kept + 1, MEMORY);
}

/* The two loops: direction = -H gradient. */
static void
find_direction (const Memory *memory, const double *gradient, double *direction)
{
  const int n = (int)memory->n;
  double share[MEMORY];

  for (gsize k = 0; k < memory->n; k++)
    direction[k] = -gradient[k];
  for (guint age = 0; age < memory->kept; age++)
    {
      const guint at = memory_at (memory, age);

      share[at] = memory->inverse[at] * cblas_ddot (n, memory->step[at], 1, direction, 1);
      cblas_daxpy (n, -share[at], memory->change[at], 1, direction, 1);
    }
  if (memory->kept > 0)
    {
      const guint at = memory_at (memory, 0);

      cblas_dscal (n, 1 / (memory->inverse[at] * cblas_ddot (n, memory->change[at], 1, memory->change[at], 1)), direction, 1);
    }
  for (guint age = memory->kept; age-- > 0;)
    {
      const guint at = memory_at (memory, age);

      cblas_daxpy (n, share[at] - memory->inverse[at] * cblas_ddot (n, memory->change[at], 1, direction, 1), memory->step[at], 1,
                   direction, 1);
    }
}

/* One step: weight, gradient and value are replaced. FALSE where there is none that goes down. */
static gboolean
go_down (const Problem *problem, Memory *memory, double *weight, double *gradient, double *value)
{
  const gsize n = problem->n;
  g_autofree double *direction = g_new (double, 3 * n);
  double *trial = direction + n, *there = direction + 2 * n, slope, length;

  find_direction (memory, gradient, direction);
  slope = cblas_ddot ((int)n, direction, 1, gradient, 1);
  length = memory->kept > 0 ? 1 : 1 / fmax (cblas_dnrm2 ((int)n, gradient, 1), 1);
  for (guint k = 0; k < HALVINGS; k++, length /= 2)
    {
      double next;

      memcpy (trial, weight, n * sizeof (double));
      cblas_daxpy ((int)n, length, direction, 1, trial, 1);
      next = objective (problem, trial, there);
      if (!(next <= *value + DECREASE * length * slope))
        continue;
      memory_add (memory, weight, trial, gradient, there);
      memcpy (weight, trial, n * sizeof (double));
      memcpy (gradient, there, n * sizeof (double));
      *value = next;
      return TRUE;
    }
  return FALSE;
}

SaxidLogistic *
saxid_logistic_fit (gsize rows, gsize width, const double *features, const guint8 *label, guint classes, double c, guint steps)
{
  Problem problem = { rows, width, (width + 1) * classes, classes, features, label, c, NULL };
  g_autofree double *margin = problem.margin = g_new (double, rows * classes), *gradient = g_new (double, problem.n);
  g_auto (Memory) memory = { .n = problem.n };
  SaxidLogistic *self = g_new (SaxidLogistic, 1);
  double value, first;

  *self = (SaxidLogistic) { width, classes, g_new0 (double, problem.n) };
  value = objective (&problem, self->weight, gradient);
  first = cblas_dnrm2 ((int)problem.n, gradient, 1);
  for (guint k = 0; k < steps && cblas_dnrm2 ((int)problem.n, gradient, 1) > DONE * first; k++)
    if (!go_down (&problem, &memory, self->weight, gradient, &value))
      break;
  return self;
}

void
saxid_logistic_free (SaxidLogistic *self)
{
  if (self == NULL)
    return;
  g_free (self->weight);
  g_free (self);
}

void
saxid_logistic_classify (const SaxidLogistic *self, gsize rows, const double *features, guint8 *out)
{
  g_autofree double *margin = g_new (double, rows * self->classes);

  find_margins (rows, self->width, self->classes, features, self->weight, margin);
  for (gsize r = 0; r < rows; r++)
    {
      out[r] = 0;
      for (guint k = 1; k < self->classes; k++)
        if (margin[r * self->classes + k] > margin[r * self->classes + out[r]])
          out[r] = (guint8)k;
    }
}
