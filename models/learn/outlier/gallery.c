/* Every example is looked at: a thousand products of 256 numbers.
 *
 * Bytes: for each example its class (one byte), then for each its range, its levels and its
 * vector (floats, little-endian).
 *
 * Thread: see gallery.h.
 */
#include "models/learn/outlier/gallery.h"

#include <math.h>
#include <string.h>

#include "models/every-processor.h"
#include "models/learn/float-bytes.h"
#include "models/learn/portrait.h"
#include "reducers/error.h"

#define MOST_EXAMPLES 100000
/* Sums that go on side by side. */
#define LANES 16
/* A vector of nothing has no direction. */
#define SHORTEST 1e-12
#define LENGTH_ERROR 1e-3
/* No portrait reaches so far from its mean. */
#define MOST_LEVEL 100.0

SaxidGallery *
saxid_gallery_new (gsize n, gsize width)
{
  SaxidGallery *self = g_new0 (SaxidGallery, 1);

  self->n = n;
  self->width = width;
  self->vector = g_new0 (float, n * width);
  self->level = g_new0 (float, n * SAXID_PORTRAIT_WIDTH);
  self->range = g_new0 (float, n);
  self->label = g_new0 (guint8, n);
  return self;
}

void
saxid_gallery_free (SaxidGallery *self)
{
  if (self == NULL)
    return;
  g_free (self->vector);
  g_free (self->level);
  g_free (self->range);
  g_free (self->label);
  g_free (self);
}

/* out[r] = a · row r of `row`. */
SAXID_EVERY_PROCESSOR static void
multiply (gsize rows, gsize n, const float *row, const float *a, float *out)
{
  for (gsize r = 0; r < rows; r++, row += n)
    {
      float lane[LANES] = { 0 }, sum = 0;
      gsize k = 0;

      for (; k + LANES <= n; k += LANES)
        for (guint j = 0; j < LANES; j++)
          lane[j] += a[k + j] * row[k + j];
      for (guint j = 0; j < LANES; j++)
        sum += lane[j];
      for (; k < n; k++)
        sum += a[k] * row[k];
      out[r] = sum;
    }
}

static float
square (gsize n, const float *vector)
{
  float sum;

  multiply (1, n, vector, vector, &sum);
  return sum;
}

static float
over_length (gsize n, const float *vector)
{
  return 1 / sqrtf (fmaxf (square (n, vector), (float) SHORTEST));
}

gboolean
saxid_gallery_can_hold (gsize width, const float *portrait, const float *features)
{
  const float length = square (width, features);

  return saxid_portrait_range (portrait) > 0 && isfinite (length) && (double) length > SHORTEST;
}

void
saxid_gallery_set (SaxidGallery *self, gsize at, guint8 label, const float *portrait, const float *features)
{
  const float scale = over_length (self->width, features);

  g_return_if_fail (at < self->n);

  for (gsize k = 0; k < self->width; k++)
    self->vector[at * self->width + k] = features[k] * scale;
  memcpy (self->level + at * SAXID_PORTRAIT_WIDTH, portrait, SAXID_PORTRAIT_WIDTH * sizeof *portrait);
  self->range[at] = (float) saxid_portrait_range (portrait);
  self->label[at] = label;
}

double
saxid_gallery_nearest (const SaxidGallery *self, const float *features, gsize n, gsize *example, double *distance)
{
  const float scale = over_length (self->width, features);
  g_autofree float *similar = g_new (float, n), *cosine = g_new (float, self->n);
  gsize found = 0;
  double sum = 0;

  g_return_val_if_fail (n >= 1 && n <= self->n, NAN);

  multiply (self->n, self->width, self->vector, features, cosine);
  for (gsize e = 0; e < self->n; e++)
    {
      const float here = cosine[e] * scale;
      gsize at = found;

      if (found == n && !(here > similar[n - 1]))
        continue;
      if (found < n)
        found++;
      else
        at--;
      for (; at > 0 && similar[at - 1] < here; at--)
        {
          similar[at] = similar[at - 1];
          example[at] = example[at - 1];
        }
      similar[at] = here;
      example[at] = e;
    }
  for (gsize k = 0; k < n; k++)
    {
      const double away = fmax (1 - (double) similar[k], 0);

      if (distance != NULL)
        distance[k] = away;
      sum += away;
    }
  return sum / (double) n;
}

void
saxid_gallery_curve (const SaxidGallery *self, gsize example, double *log_q, double *log_i)
{
  const float *level = self->level + example * SAXID_PORTRAIT_WIDTH;
  const double step = (double) self->range[example] / SAXID_PORTRAIT_WIDTH;

  for (guint k = 0; k < SAXID_PORTRAIT_WIDTH; k++)
    {
      log_q[k] = step * (k + 0.5 - 0.5 * SAXID_PORTRAIT_WIDTH);
      log_i[k] = saxid_portrait_level (level[k]);
    }
}

/* --- Bytes --------------------------------------------------------------------------- */

typedef struct
{
  float *values;
  gsize n; /* of an example */
} Part;

static guint
parts_of (const SaxidGallery *self, Part part[3])
{
  part[0] = (Part) { self->range, 1 };
  part[1] = (Part) { self->level, SAXID_PORTRAIT_WIDTH };
  part[2] = (Part) { self->vector, self->width };
  return 3;
}

static gsize
bytes_of_one (gsize width)
{
  return 1 + (1 + SAXID_PORTRAIT_WIDTH + width) * sizeof (float);
}

GBytes *
saxid_gallery_to_bytes (const SaxidGallery *self)
{
  guint8 *bytes = g_malloc (self->n * bytes_of_one (self->width)), *at = bytes + self->n;
  Part part[3];
  const guint n_part = parts_of (self, part);

  memcpy (bytes, self->label, self->n);
  for (guint p = 0; p < n_part; p++)
    for (gsize k = 0; k < self->n * part[p].n; k++, at += sizeof (float))
      saxid_float_put (part[p].values[k], at);
  return g_bytes_new_take (bytes, self->n * bytes_of_one (self->width));
}

/* Sound numbers: what is divided by, drawn and compared. */
static gboolean
check (const SaxidGallery *self, guint n_class, GError **error)
{
  for (gsize e = 0; e < self->n; e++)
    {
      const float *vector = self->vector + e * self->width;
      const double length = (double) square (self->width, vector);
      gboolean sound = self->label[e] < n_class && self->range[e] > 0 && self->range[e] < 100
                       && fabs (length - 1) < LENGTH_ERROR;

      for (guint k = 0; sound && k < SAXID_PORTRAIT_WIDTH; k++)
        sound = fabs ((double) self->level[e * SAXID_PORTRAIT_WIDTH + k]) < MOST_LEVEL;
      if (sound)
        continue;
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "example %" G_GSIZE_FORMAT " of the gallery is none", e);
      return FALSE;
    }
  return TRUE;
}

SaxidGallery *
saxid_gallery_from_bytes (gsize width, guint n_class, GBytes *bytes, GError **error)
{
  const gsize one = bytes_of_one (width);
  g_autoptr (SaxidGallery) self = NULL;
  Part part[3];
  guint n_part;
  gsize size;
  const guint8 *at = g_bytes_get_data (bytes, &size);

  if (size % one != 0 || size / one < SAXID_GALLERY_NEAREST || size / one > MOST_EXAMPLES)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL,
                   "gallery has %" G_GSIZE_FORMAT " bytes, %d to %d times %" G_GSIZE_FORMAT " are possible", size,
                   SAXID_GALLERY_NEAREST, MOST_EXAMPLES, one);
      return NULL;
    }
  self = saxid_gallery_new (size / one, width);
  n_part = parts_of (self, part);
  memcpy (self->label, at, self->n);
  at += self->n;
  for (guint p = 0; p < n_part; p++)
    for (gsize k = 0; k < self->n * part[p].n; k++, at += sizeof (float))
      part[p].values[k] = saxid_float_get (at);
  return check (self, n_class, error) ? g_steal_pointer (&self) : NULL;
}
