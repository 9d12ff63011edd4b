/* What is done to a curve before it is compared with others?
 *
 * The operators TH, IntN, LOG, STD, QLOG of Monge et al. 2024, section 2.2,
 * DOI 10.1107/S2053273324000950, composable in any order.
 *
 * Units: 1/Å and 1/cm before IntN, none after. Shape: rows of `width` values.
 * Thread: immutable once fitted.
 */
#include "models/learn/preprocess.h"

#include <math.h>
#include <string.h>

#include "reducers/error.h"

#define MAX_OPERATORS 16
#define THRESHOLD 1e-15

typedef struct
{
  const double *q;       /* the grid at this step */
  const double *learned; /* two rows of width values, for STD */
  double *q_next;        /* the grid after this step */
  double value;          /* of TH */
} Step;

typedef struct
{
  const char *name;
  const char *reference;
  gboolean is_learned;
  double value; /* that stands where no other is given; 0: it takes none */
  void (*apply) (const Step *step, gsize n, double *values, double *scratch);
} Operator;

struct SaxidPreprocess
{
  char *operators;
  gsize width;
  guint n_step;
  const Operator *operator[MAX_OPERATORS];
  double value[MAX_OPERATORS];
  double *grid; /* [(n_step + 1) × width] q before each step and after the last */
  guint n_learned;
  double *learned; /* [2 n_learned × width] */
};

static void
apply_threshold (const Step *step, gsize n, double *values, double *scratch G_GNUC_UNUSED)
{
  for (gsize k = 0; k < n; k++)
    if (values[k] < step->value) /* false for NaN */
      values[k] = step->value;
}

static void
apply_integral_norm (const Step *step, gsize n, double *values, double *scratch G_GNUC_UNUSED)
{
  double sum = 0;

  for (gsize k = 0; k < n; k++)
    if (!isnan (values[k]))
      sum += values[k] * step->q[k] * step->q[k];
  if (!(fabs (sum) > 0))
    return;
  for (gsize k = 0; k < n; k++)
    values[k] /= sum;
}

/* A value that is not positive has no logarithm: without TH before it, LOG
 * marks such a point as not measured. */
static void
apply_log (const Step *step G_GNUC_UNUSED, gsize n, double *values, double *scratch G_GNUC_UNUSED)
{
  for (gsize k = 0; k < n; k++)
    values[k] = values[k] > 0 ? log (values[k]) : NAN;
}

static void
apply_standard (const Step *step, gsize n, double *values, double *scratch G_GNUC_UNUSED)
{
  const double *mean = step->learned, *sd = step->learned + n;

  for (gsize k = 0; k < n; k++)
    values[k] = (values[k] - mean[k]) / sd[k];
}

static void
apply_log_grid (const Step *step, gsize n, double *values, double *scratch)
{
  gsize left = 0;

  for (gsize k = 0; k < n; k++)
    {
      double q = step->q_next[k], part;

      while (left + 2 < n && step->q[left + 1] < q)
        left++;
      part = CLAMP ((q - step->q[left]) / (step->q[left + 1] - step->q[left]), 0, 1);
      /* at the ends a NaN neighbour of weight zero must not count */
      if (part == 0)
        scratch[k] = values[left];
      else if (part == 1)
        scratch[k] = values[left + 1];
      else
        scratch[k] = values[left] + part * (values[left + 1] - values[left]);
    }
  memcpy (values, scratch, n * sizeof (double));
}

static const Operator operators[] = {
  { "TH", "threshold, 1/cm", FALSE, THRESHOLD, apply_threshold },
  { "IntN", "normalisation by the invariant", FALSE, 0, apply_integral_norm },
  { "LOG", "natural logarithm", FALSE, 0, apply_log },
  { "STD", "standardisation per q", TRUE, 0, apply_standard },
  { "QLOG", "logarithmic q grid", FALSE, 0, apply_log_grid },
};

/* "LOG", or "TH=1e-6" where an operator takes a number. */
static const Operator *
find_operator (const char *word, double *value)
{
  gsize length = strcspn (word, "=");
  const Operator *found = NULL;
  char *end;

  for (guint k = 0; k < G_N_ELEMENTS (operators) && found == NULL; k++)
    if (strlen (operators[k].name) == length && strncmp (operators[k].name, word, length) == 0)
      found = &operators[k];
  if (found == NULL || word[length] == '\0')
    {
      *value = found != NULL ? found->value : 0;
      return found;
    }
  *value = g_ascii_strtod (word + length + 1, &end);
  return found->value > 0 && end != word + length + 1 && *end == '\0' && isfinite (*value) && *value > 0 ? found : NULL;
}

static void
lay_grids (SaxidPreprocess *self, const double *grid)
{
  gsize n = self->width;

  memcpy (self->grid, grid, n * sizeof (double));
  for (guint s = 0; s < self->n_step; s++)
    {
      const double *q = self->grid + s * n;
      double *next = self->grid + (s + 1) * n;

      memcpy (next, q, n * sizeof (double));
      if (self->operator[s]->apply != apply_log_grid)
        continue;
      for (gsize k = 1; k + 1 < n; k++)
        next[k] = q[0] * exp (log (q[n - 1] / q[0]) * (double) k / (double) (n - 1));
    }
}

SaxidPreprocess *
saxid_preprocess_new (const char *text, gsize n, const double *grid, GError **error)
{
  g_autoptr (SaxidPreprocess) self = g_new0 (SaxidPreprocess, 1);
  g_auto (GStrv) names = g_strsplit (text, ",", -1);

  g_return_val_if_fail (n >= 2, NULL);

  self->operators = g_strdup (text);
  self->width = n;
  if (g_strv_length (names) > MAX_OPERATORS)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "preprocessing has %u operators, %d are the limit", g_strv_length (names),
                   MAX_OPERATORS);
      return NULL;
    }
  for (guint k = 0; names[k] != NULL; k++)
    {
      double value;
      const Operator *operator = find_operator (g_strstrip (names[k]), &value);

      if (operator == NULL)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                       "preprocessing operator '%s' is not known; there are TH, TH=VALUE, IntN, LOG, STD, QLOG",
                       names[k]);
          return NULL;
        }
      self->value[self->n_step] = value;
      self->operator[self->n_step++] = operator;
      self->n_learned += operator->is_learned;
    }
  self->grid = g_new (double, (self->n_step + 1) * n);
  self->learned = g_new0 (double, MAX (2 * self->n_learned * n, 1));
  for (guint k = 0; k < self->n_learned; k++)
    for (gsize j = 0; j < n; j++)
      self->learned[(2 * k + 1) * n + j] = 1;
  lay_grids (self, grid);
  return g_steal_pointer (&self);
}

void
saxid_preprocess_free (SaxidPreprocess *self)
{
  if (self == NULL)
    return;
  g_free (self->operators);
  g_free (self->grid);
  g_free (self->learned);
  g_free (self);
}

const double *
saxid_preprocess_grid (const SaxidPreprocess *self)
{
  return self->grid + self->n_step * self->width;
}

const char *
saxid_preprocess_operators (const SaxidPreprocess *self)
{
  return self->operators;
}

gsize
saxid_preprocess_learned_rows (const SaxidPreprocess *self)
{
  return 2 * (gsize) self->n_learned;
}

const double *
saxid_preprocess_learned (const SaxidPreprocess *self)
{
  return self->learned;
}

void
saxid_preprocess_restore (SaxidPreprocess *self, const double *learned)
{
  memcpy (self->learned, learned, 2 * self->n_learned * self->width * sizeof (double));
}

/* Applies the first n_step steps. */
static void
apply_steps (const SaxidPreprocess *self, guint n_step, double *values, double *scratch)
{
  const double *learned = self->learned;

  for (guint s = 0; s < n_step; s++)
    {
      const Step step = { .q = self->grid + s * self->width, .learned = learned,
                          .q_next = self->grid + (s + 1) * self->width, .value = self->value[s] };

      self->operator[s]->apply (&step, self->width, values, scratch);
      if (self->operator[s]->is_learned)
        learned += 2 * self->width;
    }
}

void
saxid_preprocess_apply (const SaxidPreprocess *self, double *values, double *scratch)
{
  apply_steps (self, self->n_step, values, scratch);
}

/* Mean and standard deviation per q of all rows after the first n_step steps;
 * what is missing (NaN) is left out. */
static void
fit_one (SaxidPreprocess *const *part, guint n_step, double *mean, double *sd, gsize rows, const guint8 *which,
         const float *curves)
{
  const SaxidPreprocess *self = part[0];
  g_autofree double *values = g_new (double, self->width);
  g_autofree double *scratch = g_new (double, self->width);
  g_autofree gsize *seen = g_new0 (gsize, self->width);

  memset (mean, 0, self->width * sizeof (double));
  memset (sd, 0, self->width * sizeof (double));
  for (gsize r = 0; r < rows; r++)
    {
      for (gsize k = 0; k < self->width; k++)
        values[k] = (double) curves[r * self->width + k];
      apply_steps (part[which != NULL ? which[r] : 0], n_step, values, scratch);
      for (gsize k = 0; k < self->width; k++)
        if (!isnan (values[k]))
          {
            /* Welford's update: the values span many decades without LOG */
            double delta = values[k] - mean[k];

            mean[k] += delta / (double) ++seen[k];
            sd[k] += delta * (values[k] - mean[k]);
          }
    }
  for (gsize k = 0; k < self->width; k++)
    {
      sd[k] = seen[k] > 0 ? sqrt (sd[k] / (double) seen[k]) : 1;
      if (!(sd[k] > 0))
        sd[k] = 1;
    }
}

void
saxid_preprocess_fit_together (SaxidPreprocess *const *part, guint n_part, gsize rows, const guint8 *which,
                               const float *curves)
{
  const SaxidPreprocess *self = part[0];
  const gsize size = 2 * self->width;
  guint at = 0;

  for (guint s = 0; s < self->n_step; s++)
    if (self->operator[s]->is_learned)
      {
        double *mean = self->learned + at * size;

        fit_one (part, s, mean, mean + self->width, rows, which, curves);
        for (guint p = 1; p < n_part; p++)
          memcpy (part[p]->learned + at * size, mean, size * sizeof (double));
        at++;
      }
}

void
saxid_preprocess_fit (SaxidPreprocess *self, gsize rows, const float *curves)
{
  saxid_preprocess_fit_together (&self, 1, rows, NULL, curves);
}
