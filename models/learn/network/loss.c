/* How far is the output of a network from what it should be, and where does it have to go?
 *
 *   cross-entropy   -Σ t ln softmax (x), gradient softmax (x) - t
 *   squared         Σ (x - t)² / width, gradient 2 (x - t) / width
 *   contrast        of rows i of a class with others P(i), z = x / |x|:
 *                   -Σ_p ln (exp (z_i z_p / τ) / Σ_a exp (z_i z_a / τ)) / |P(i)|, a ≠ i
 *                   (Khosla et al. 2020, arXiv:2004.11362)
 *
 * Shape: rows × width. Thread: pure.
 */
#include "models/learn/network/loss.h"

#include <math.h>
#include <string.h>

#include "models/learn/evaluate.h"

/* τ, and how much the contrast counts beside the cross-entropy. */
#define TEMPERATURE 0.1f
#define CONTRAST 0.2
/* What no length of a vector is below. */
#define SHORTEST 1e-6

double
saxid_loss_cross_entropy (gsize rows, gsize width, const float *output, const float *target, float *gradient)
{
  double loss = 0;

  for (gsize r = 0; r < rows; r++)
    {
      const float *x = output + r * width, *t = target + r * width;
      double largest = (double) x[0], sum = 0;

      for (gsize k = 1; k < width; k++)
        largest = fmax (largest, (double) x[k]);
      for (gsize k = 0; k < width; k++)
        sum += exp ((double) x[k] - largest);
      for (gsize k = 0; k < width; k++)
        {
          double log_p = (double) x[k] - largest - log (sum);

          loss -= (double) t[k] * log_p;
          gradient[r * width + k] = (float) ((exp (log_p) - (double) t[k]) / (double) rows);
        }
    }
  return loss / (double) rows;
}

double
saxid_loss_squared (gsize rows, gsize width, const float *output, const float *target, float *gradient)
{
  const gsize n = rows * width;
  double loss = 0;

  for (gsize k = 0; k < n; k++)
    {
      double difference = (double) output[k] - (double) target[k];

      loss += difference * difference;
      gradient[k] = (float) (2 * difference / (double) n);
    }
  return loss / (double) n;
}

/* --- Classes and contrast -------------------------------------------------------------- */

#define WIDTH SAXID_LOSS_EMBEDDING

/* Rows of embeddings, all of length one. */
typedef struct
{
  gsize rows;
  float *unit;        /* [rows × WIDTH] */
  float *length;      /* [rows] before */
  gsize *label;       /* [rows] */
  float *pull;        /* [rows × WIDTH] gradient with respect to unit */
  float *weight;      /* [rows] of one anchor: its gradient with respect to the cosines */
} Contrast;

/* The loss of anchor i; weight becomes its gradient. Nothing where it is alone. */
static double
contrast_of (Contrast *self, gsize i)
{
  const float *z = self->unit + i * WIDTH;
  double sum = 0, pairs = 0, attracted = 0;

  for (gsize j = 0; j < self->rows; j++)
    {
      const float *other = self->unit + j * WIDTH;
      float cosine = 0;

      for (guint k = 0; k < WIDTH; k++)
        cosine += z[k] * other[k];
      self->weight[j] = j == i ? 0 : expf ((cosine - 1) / TEMPERATURE);
      sum += (double) self->weight[j];
      if (j == i || self->label[j] != self->label[i])
        continue;
      attracted += (double) ((cosine - 1) / TEMPERATURE);
      pairs++;
    }
  if (!(pairs > 0))
    return NAN;
  for (gsize j = 0; j < self->rows; j++)
    {
      self->weight[j] /= (float) sum;
      if (j != i && self->label[j] == self->label[i])
        self->weight[j] -= (float) (1 / pairs);
    }
  return log (sum) - attracted / pairs;
}

static void
contrast_clear (Contrast *self)
{
  g_free (self->unit);
  g_free (self->length);
  g_free (self->label);
  g_free (self->pull);
  g_free (self->weight);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Contrast, contrast_clear)

static void
contrast_init (Contrast *self, gsize rows, gsize width, const float *output, const float *target)
{
  const gsize n_margin = width - WIDTH;

  *self = (Contrast) { .rows = rows, .unit = g_new (float, rows * WIDTH), .length = g_new (float, rows),
                       .label = g_new (gsize, rows), .pull = g_new0 (float, rows * WIDTH),
                       .weight = g_new (float, rows) };
  for (gsize r = 0; r < rows; r++)
    {
      const float *x = output + r * width + n_margin;
      double square = 0;

      for (guint k = 0; k < WIDTH; k++)
        square += (double) x[k] * (double) x[k];
      self->length[r] = (float) fmax (sqrt (square), SHORTEST);
      for (guint k = 0; k < WIDTH; k++)
        self->unit[r * WIDTH + k] = x[k] / self->length[r];
      self->label[r] = saxid_best_class ((guint) n_margin, target + r * width);
    }
}

/* The mean over the anchors; strangers, of the last label, are only what others keep away
 * from. */
static double
pull_together (Contrast *self, gsize stranger)
{
  double loss = 0, anchors = 0;

  for (gsize i = 0; i < self->rows; i++)
    {
      const double here = self->label[i] != stranger ? contrast_of (self, i) : NAN;

      if (isnan (here))
        continue;
      loss += here;
      anchors++;
      for (gsize j = 0; j < self->rows; j++)
        {
          const float weight = self->weight[j] / TEMPERATURE;

          for (guint k = 0; k < WIDTH; k++)
            {
              self->pull[i * WIDTH + k] += weight * self->unit[j * WIDTH + k];
              self->pull[j * WIDTH + k] += weight * self->unit[i * WIDTH + k];
            }
        }
    }
  for (gsize k = 0; anchors > 0 && k < self->rows * WIDTH; k++)
    self->pull[k] /= (float) anchors;
  return anchors > 0 ? loss / anchors : 0;
}

double
saxid_loss_contrastive (gsize rows, gsize width, const float *output, const float *target, float *gradient)
{
  const gsize n_margin = width - WIDTH;
  g_autofree float *margin = g_new (float, rows * n_margin), *wanted = g_new (float, rows * n_margin);
  g_autofree float *push = g_new (float, rows * n_margin);
  g_auto (Contrast) contrast = { 0 };
  double loss;

  g_return_val_if_fail (width > WIDTH + 1, NAN);

  for (gsize r = 0; r < rows; r++)
    {
      memcpy (margin + r * n_margin, output + r * width, n_margin * sizeof *margin);
      memcpy (wanted + r * n_margin, target + r * width, n_margin * sizeof *wanted);
    }
  loss = saxid_loss_cross_entropy (rows, n_margin, margin, wanted, push);
  contrast_init (&contrast, rows, width, output, target);
  loss += CONTRAST * pull_together (&contrast, n_margin - 1);
  for (gsize r = 0; r < rows; r++)
    {
      const float *unit = contrast.unit + r * WIDTH, *pull = contrast.pull + r * WIDTH;
      float *out = gradient + r * width, along = 0;

      memcpy (out, push + r * n_margin, n_margin * sizeof *out);
      for (guint k = 0; k < WIDTH; k++)
        along += unit[k] * pull[k];
      for (guint k = 0; k < WIDTH; k++)
        out[n_margin + k] = (float) CONTRAST * (pull[k] - along * unit[k]) / contrast.length[r];
    }
  return loss;
}
