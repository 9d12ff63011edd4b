/* How far may the numbers of a fit be from the truth?
 *
 * Thread: see spread.h.
 */
#include "models/atomic/spread.h"

#include <math.h>
#include <string.h>

#include "models/materials/cholesky.h"

#define MOST_POINTS 400
#define UNKNOWNS (SAXID_CLUSTER_COORDINATES + 1 + SAXID_GROUND_TERMS)

/* Steps of the derivatives, and how far coordinates are from anything before the curve is seen. */
static const struct
{
  double step, prior, most;
} coordinates[SAXID_CLUSTER_COORDINATES] = {
  [SAXID_CLUSTER_D] = { 0.003, 0.08, INFINITY },
  [SAXID_CLUSTER_B] = { 0.05, 0.6, INFINITY },
  [SAXID_CLUSTER_RADIUS] = { 0.02, 0.5, INFINITY },
  [SAXID_CLUSTER_WIDTH] = { 0.03, 0.1, 0.28 },
  [SAXID_CLUSTER_OCCUPANCY] = { -0.03, 0.25, INFINITY },
  [SAXID_CLUSTER_SMEAR] = { 0.005, 0.03, INFINITY },
};

static void
find_values (const SaxidClusterData *data, const SaxidClusterRow *row, const double *at, double *value)
{
  const double volume = saxid_polyhedron_atom_volume (data->atlas->page[row->first].polyhedron);

  value[SAXID_CLUSTER_LN_ATOMS] = log (saxid_cluster_row_atoms (row, data->atlas, at));
  value[SAXID_CLUSTER_LN_D] = log (at[SAXID_CLUSTER_D]);
  value[SAXID_CLUSTER_LN_SPHERE] = log (at[SAXID_CLUSTER_D]) + (log (3 * volume / (4 * G_PI)) + value[SAXID_CLUSTER_LN_ATOMS]) / 3;
  value[SAXID_CLUSTER_SPREAD_WIDTH] = at[SAXID_CLUSTER_WIDTH];
}

/* Derivatives of the curve and of the values. Shape: column UNKNOWNS × n, slope SAXID_CLUSTER_QUANTITIES × UNKNOWNS. */
static void
find_slopes (const SaxidClusterData *data, SaxidClusterRow *row, const SaxidClusterFit *fit, const double *at, double *column, double *slope)
{
  const gsize n = data->n;
  double value[SAXID_CLUSTER_QUANTITIES], moved[SAXID_CLUSTER_QUANTITIES];
  double *model = column + SAXID_CLUSTER_COORDINATES * n;

  saxid_cluster_model (data, row, at, model);
  find_values (data, row, at, value);
  for (guint c = 0; c < SAXID_CLUSTER_COORDINATES; c++)
    {
      double there[SAXID_CLUSTER_COORDINATES], step = coordinates[c].step;

      memcpy (there, at, sizeof there);
      step = at[c] + step > coordinates[c].most ? -step : step;
      there[c] += step;
      saxid_cluster_model (data, row, there, column + c * n);
      find_values (data, row, there, moved);
      for (gsize k = 0; k < n; k++)
        column[c * n + k] = fit->scale * (column[c * n + k] - model[k]) / step;
      for (guint v = 0; v < SAXID_CLUSTER_QUANTITIES; v++)
        slope[v * UNKNOWNS + c] = (moved[v] - value[v]) / step;
    }
  for (gsize k = 0; k < n; k++)
    {
      double term[SAXID_GROUND_TERMS];

      saxid_ground_at (data->q[k], term);
      for (guint t = 0; t < SAXID_GROUND_TERMS; t++)
        model[(t + 1) * n + k] = term[t];
    }
}

/* The normal matrix, all unknowns in units in which it is 1 or so on its diagonal; coordinates have a prior. */
static void
fill_matrix (const SaxidClusterData *data, double misfit, double *column, double *slope, double *matrix)
{
  const gsize n = data->n;

  for (guint u = 0; u < UNKNOWNS; u++)
    {
      double sum = 0;

      for (gsize k = 0; k < n; k++)
        {
          column[u * n + k] /= data->sigma[k] * sqrt (fmax (misfit, 0.1));
          sum += column[u * n + k] * column[u * n + k];
        }
      sum = u < SAXID_CLUSTER_COORDINATES ? coordinates[u].prior : sum > 0 ? 1 / sqrt (sum) : 1;
      for (gsize k = 0; k < n; k++)
        column[u * n + k] *= sum;
      for (guint v = 0; v < SAXID_CLUSTER_QUANTITIES; v++)
        slope[v * UNKNOWNS + u] *= sum;
    }
  for (guint u = 0; u < UNKNOWNS; u++)
    for (guint v = 0; v < UNKNOWNS; v++)
      {
        double sum = u != v ? 0 : u < SAXID_CLUSTER_COORDINATES ? 1 : 1e-6;

        for (gsize k = 0; k < n; k++)
          sum += column[u * n + k] * column[v * n + k];
        matrix[u * UNKNOWNS + v] = sum;
      }
}

void
saxid_cluster_spread (const SaxidClusterAtlas *atlas, const SaxidElement *element, const SaxidCurve *curve, const SaxidClusterFit *fit,
                      SaxidClusterSpread *spread)
{
  const double at[SAXID_CLUSTER_COORDINATES] = { fit->d, fit->b, log (fit->radius / fit->d), fit->width, fit->occupancy,
                                                  fit->resolution * fit->d };
  double matrix[UNKNOWNS * UNKNOWNS], slope[SAXID_CLUSTER_QUANTITIES * UNKNOWNS] = { 0 };
  g_auto (SaxidClusterData) data = { 0 };
  g_auto (SaxidClusterRow) row = { 0 };
  g_autofree double *column = NULL;
  gboolean is_sound;

  saxid_cluster_data_init (&data, atlas, element, curve, MOST_POINTS);
  saxid_cluster_row_init (&row, atlas, fit->page);
  column = g_new (double, UNKNOWNS * (data.n + 1));
  find_values (&data, &row, at, spread->value);
  find_slopes (&data, &row, fit, at, column, slope);
  fill_matrix (&data, fit->misfit, column, slope, matrix);
  is_sound = saxid_cholesky (UNKNOWNS, matrix);
  for (guint v = 0; v < SAXID_CLUSTER_QUANTITIES; v++)
    {
      double sum = 0;

      if (is_sound)
        saxid_cholesky_solve (UNKNOWNS, matrix, slope + v * UNKNOWNS);
      for (guint u = 0; u < UNKNOWNS; u++)
        sum += slope[v * UNKNOWNS + u] * slope[v * UNKNOWNS + u];
      spread->error[v] = sqrt (sum);
    }
}
