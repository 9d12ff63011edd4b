/* Which curves need not be read again?
 *
 * Thread: see held.h.
 */
#include "config.h"

#include "cli/reduce/held.h"

#include "cli/module.h"
#include "schemas/curve/reduced-file.h"

/* FALSE: a radius that tells no q. */
static gboolean
hold (const SaxidReduceHeld *held, GArray *into, const SaxidReduceJob *job, SaxidRadial radial, const SaxidCurve *curve)
{
  double *q = g_new (double, MAX (curve->n, 1));
  struct saxid_curve one = saxid_module_curve (curve);

  one.q = q;
  g_ptr_array_add (held->q, q);
  for (gsize k = 0; k < curve->n; k++)
    if (!saxid_geometry_radial_q (&job->geometry, radial, curve->q[k], &q[k]))
      return FALSE;
  g_array_append_val (into, one);
  return TRUE;
}

SaxidReduceHeld *
saxid_reduce_held_new (const SaxidReduceResult *result)
{
  const SaxidReduceJob *job = result->job;
  const SaxidRadial radial = (SaxidRadial) saxid_chain_get (job->chain, "integrate", "radial");
  SaxidReduceHeld *held = g_new0 (SaxidReduceHeld, 1);
  gboolean all;

  held->q = g_ptr_array_new_with_free_func (g_free);
  held->frames = g_array_new (FALSE, FALSE, sizeof (struct saxid_curve));
  held->merged = g_array_new (FALSE, FALSE, sizeof (struct saxid_curve));
  held->points = saxid_reduced_points (result->merged, &job->geometry, radial);
  all = held->points != NULL && hold (held, held->merged, job, SAXID_RADIAL_Q, held->points);
  for (guint k = 0; all && k < result->curve->len; k++)
    all = hold (held, held->frames, job, radial, result->curve->pdata[k]);
  if (!all)
    return held;
  held->set[0] = (SaxidHeldSet) { SAXID_REDUCED_FRAMES_PATH, (struct saxid_curve *) (gpointer) held->frames->data,
                                  held->frames->len };
  held->set[1] = (SaxidHeldSet) { SAXID_REDUCED_MERGED_PATH, (struct saxid_curve *) (gpointer) held->merged->data,
                                  held->merged->len };
  held->n_set = G_N_ELEMENTS (held->set);
  return held;
}

void
saxid_reduce_held_free (SaxidReduceHeld *held)
{
  if (held == NULL)
    return;
  g_ptr_array_unref (held->q);
  g_array_unref (held->frames);
  g_array_unref (held->merged);
  saxid_curve_free (held->points);
  g_free (held);
}
