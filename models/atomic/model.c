/* What does a distribution of particles of atoms scatter where a curve has its points?
 *
 * Thread: see model.h.
 */
#include "models/atomic/model.h"

#include <math.h>
#include <string.h>

#include "models/atomic/shares.h"

/* A size that adds less than this part of the intensity at 0 is left out. */
#define FAINT 1e-5
/* Points on either side that tell the scatter of one. */
#define SCATTER_NEAR 6

/* --- the curve ---------------------------------------------------------------------------- */

/* Variance of a point without sigma: of the differences to the middle of both neighbours, near it. */
static double
scatter_at (const SaxidCurve *curve, gsize n, gsize at)
{
  const gsize first = MAX (at, SCATTER_NEAR + 1) - SCATTER_NEAR, last = MIN (at + SCATTER_NEAR + 1, n - 1);
  double sum = 0;

  for (gsize k = first; k < last; k++)
    sum += pow (curve->intensity[k] - 0.5 * (curve->intensity[k - 1] + curve->intensity[k + 1]), 2) / 1.5;
  return last > first ? sum / (double)(last - first) : 0;
}

/* Means of groups of neighbours; sigma of the mean, with the part of I that is not believed. */
static void
gather (SaxidClusterData *self, const SaxidElement *element, const SaxidCurve *curve, gsize n, gsize most)
{
  const gsize group = (n + most - 1) / most;

  for (gsize first = 0; first < n; first += group)
    {
      const gsize last = MIN (first + group, n);
      double q = 0, intensity = 0, variance = 0;

      for (gsize k = first; k < last; k++)
        {
          q += curve->q[k] / (double)(last - first);
          intensity += curve->intensity[k] / (double)(last - first);
          variance += (curve->sigma != NULL ? pow (curve->sigma[k], 2) : scatter_at (curve, n, k)) / pow ((double)(last - first), 2);
        }
      if (!isfinite (intensity) || (intensity == 0 && variance == 0))
        continue;
      self->q[self->n] = q;
      self->data[self->n] = intensity;
      self->sigma[self->n] = sqrt (variance + pow (SAXID_CLUSTER_TAU * intensity, 2));
      self->square[self->n++] = pow (saxid_element_form_factor (element, q), 2);
    }
}

void
saxid_cluster_data_init (SaxidClusterData *self, const SaxidClusterAtlas *atlas, const SaxidElement *element,
                         const SaxidCurve *curve, gsize most)
{
  const double last = fmin (atlas->last, SAXID_CLUSTER_LAST) / (element->d * (1 + SAXID_CLUSTER_STRAIN));
  gsize n = 0;

  while (n < curve->n && curve->q[n] <= last)
    n++;
  *self = (SaxidClusterData) { .atlas = atlas, .q = g_new (double, 4 * (most + 1)), .element_d = element->d };
  self->data = self->q + (most + 1);
  self->sigma = self->data + (most + 1);
  self->square = self->sigma + (most + 1);
  if (n > 0)
    gather (self, element, curve, n, most);
  self->ground = saxid_ground_new (self->n, self->q, self->data, self->sigma);
}

void
saxid_cluster_data_clear (SaxidClusterData *self)
{
  g_free (self->q);
  saxid_ground_free (self->ground);
}

/* --- a row -------------------------------------------------------------------------------- */

void
saxid_cluster_row_init (SaxidClusterRow *row, const SaxidClusterAtlas *atlas, guint page)
{
  guint first = page, last = page;

  while (first > 0 && atlas->page[first - 1].row == atlas->page[page].row)
    first--;
  while (last + 1 < atlas->n && atlas->page[last + 1].row == atlas->page[page].row)
    last++;
  *row = (SaxidClusterRow) { .first = first, .n = last - first + 1, .value = g_new0 (double *, last - first + 1),
                             .table = g_new0 (SaxidDebyeTable *, last - first + 1) };
}

static void
forget_values (SaxidClusterRow *row)
{
  for (guint k = 0; k < row->n; k++)
    g_clear_pointer (&row->value[k], g_free);
}

static void
forget_tables (SaxidClusterRow *row)
{
  forget_values (row);
  for (guint k = 0; k < row->n; k++)
    g_clear_pointer (&row->table[k], saxid_debye_table_free);
}

void
saxid_cluster_row_clear (SaxidClusterRow *row)
{
  forget_tables (row);
  g_free (row->value);
  g_free (row->table);
}

static const double *
pairs_of (const SaxidClusterData *self, SaxidClusterRow *row, guint page, const double *at)
{
  const guint k = page - row->first;
  const double reach = self->q[self->n - 1] * self->element_d * (1 + SAXID_CLUSTER_STRAIN);

  if (row->occupancy != at[SAXID_CLUSTER_OCCUPANCY] || row->smear != at[SAXID_CLUSTER_SMEAR])
    forget_tables (row);
  else if (row->d != at[SAXID_CLUSTER_D])
    forget_values (row);
  row->d = at[SAXID_CLUSTER_D];
  row->occupancy = at[SAXID_CLUSTER_OCCUPANCY];
  row->smear = at[SAXID_CLUSTER_SMEAR];
  if (row->table[k] == NULL)
    row->table[k] = saxid_cluster_page_table (&self->atlas->page[page], row->occupancy, row->smear, reach);
  if (row->value[k] == NULL)
    {
      row->value[k] = g_new (double, self->n);
      saxid_debye_table_at (row->table[k], row->d, self->n, self->q, row->value[k]);
    }
  return row->value[k];
}

void
saxid_cluster_row_shares (const SaxidClusterRow *row, const SaxidClusterAtlas *atlas, double radius, double width, double *share)
{
  saxid_cluster_shares (row->n, &atlas->page[row->first], radius, width, share);
}

double
saxid_cluster_row_atoms (const SaxidClusterRow *row, const SaxidClusterAtlas *atlas, const double *at)
{
  g_autofree double *share = g_new (double, row->n);
  double sum = 0;

  saxid_cluster_row_shares (row, atlas, at[SAXID_CLUSTER_RADIUS], at[SAXID_CLUSTER_WIDTH], share);
  for (guint k = 0; k < row->n; k++)
    if (share[k] != 0)
      sum += share[k] * saxid_cluster_page_atoms (&atlas->page[row->first + k], at[SAXID_CLUSTER_OCCUPANCY]);
  return sum;
}

gboolean
saxid_cluster_is_faint (const SaxidClusterPage *page, double share, double radius)
{
  return !(fabs (share) * pow (page->radius / exp (radius), 6) > FAINT);
}

void
saxid_cluster_model (const SaxidClusterData *self, SaxidClusterRow *row, const double *at, double *out)
{
  g_autofree double *share = g_new (double, row->n), *damping = g_new (double, self->n);

  for (gsize k = 0; k < self->n; k++)
    damping[k] = exp (-at[SAXID_CLUSTER_B] * self->q[k] * self->q[k] / (8 * G_PI * G_PI));
  memset (out, 0, self->n * sizeof *out);
  saxid_cluster_row_shares (row, self->atlas, at[SAXID_CLUSTER_RADIUS], at[SAXID_CLUSTER_WIDTH], share);
  for (guint j = 0; j < row->n; j++)
    {
      const SaxidClusterPage *page = &self->atlas->page[row->first + j];
      const double *pairs;
      double atoms;

      if (saxid_cluster_is_faint (page, share[j], at[SAXID_CLUSTER_RADIUS]))
        continue;
      pairs = pairs_of (self, row, row->first + j, at);
      atoms = saxid_cluster_page_atoms (page, at[SAXID_CLUSTER_OCCUPANCY]);
      for (gsize k = 0; k < self->n; k++)
        out[k] += share[j] * self->square[k] * (atoms + damping[k] * pairs[k]);
    }
}
