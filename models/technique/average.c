/* The mean of all weights.
 *
 * Thread: see average.h.
 */
#include "models/technique/average.h"

#include <string.h>

#include "reducers/error.h"

static void
add (gsize n, float *sum, const float *values, float share)
{
  for (gsize k = 0; k < n; k++)
    sum[k] += share * values[k];
}

SaxidNetwork *
saxid_technique_average (const SaxidNetwork *const *of, guint n, GError **error)
{
  SaxidNetwork *mean = saxid_network_new (of[0]->text, of[0]->in, 0, error);

  if (mean == NULL)
    return NULL;
  memset (mean->weight, 0, mean->n_weight * sizeof *mean->weight);
  memset (mean->state, 0, mean->n_state * sizeof *mean->state);
  for (guint k = 0; k < n; k++)
    {
      if (strcmp (of[k]->text, of[0]->text) != 0)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "network %u of %u has other layers than the first, a mean is of the same ones", k + 1, n);
          saxid_network_free (mean);
          return NULL;
        }
      add (mean->n_weight, mean->weight, of[k]->weight, 1 / (float) n);
      add (mean->n_state, mean->state, of[k]->state, 1 / (float) n);
    }
  return mean;
}
