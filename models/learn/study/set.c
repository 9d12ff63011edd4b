/* Which curves is the study about?
 *
 * Every particle is measured by both configurations. The NanoInXider's curves end where
 * the Xeuss's do and are interpolated linearly onto as many points, since a network has
 * one shape of input (section 2.3 of the paper); its first point stays its own.
 *
 * Units: q 1/Å, I 1/cm. Thread: see study.h.
 */
#include <math.h>
#include <string.h>

#include "models/learn/resample.h"
#include "models/learn/study/study.h"
#include "models/simulate/sample.h"
#include "reducers/error.h"

#define LEAST_DECADES 0.5
#define BLOCK 900

static const char *const instrument[SAXID_N_STUDY_CONFIGURATIONS] = { "Xeuss1800HR", "NanoInXiderHR" };

const char *
saxid_study_configuration_name (SaxidStudyConfiguration configuration)
{
  static const char *const names[] = { "xeuss", "nano" };

  return names[configuration];
}

static void
lay_grid (gsize n, double first, double last, double *q)
{
  for (gsize k = 0; k < n; k++)
    q[k] = first + (last - first) * (double) k / (double) (n - 1);
}

/* Linear interpolation; q lies within the curve. */
static void
interpolate (gsize n_from, const double *from, const float *intensity, gsize n, const double *q, float *out)
{
  gsize left = 0;

  for (gsize k = 0; k < n; k++)
    {
      double part;

      while (left + 2 < n_from && from[left + 1] < q[k])
        left++;
      part = CLAMP ((q[k] - from[left]) / (from[left + 1] - from[left]), 0, 1);
      out[k] = (float) ((1 - part) * (double) intensity[left] + part * (double) intensity[left + 1]);
    }
}

/* Equatorial over polar radius; 0 for what is no ellipsoid. */
static float
aspect_of (const SaxidShape *shape, const double *parameter)
{
  int equatorial = saxid_shape_parameter_index (shape, "radius_equatorial");
  int polar = saxid_shape_parameter_index (shape, "radius_polar");
  int core = saxid_shape_parameter_index (shape, "x_core");

  parameter += SAXID_SAMPLE_COMMON_PARAMETERS;
  if (core >= 0)
    return (float) (1 / parameter[core]);
  return equatorial >= 0 && polar >= 0 ? (float) (parameter[equatorial] / parameter[polar]) : 0;
}

static void
take_block (SaxidStudySet *set, const SaxidPopulation *population, SaxidStudyConfiguration c, const SaxidResponse *response,
            const SaxidSampleBlock *block)
{
  SaxidRows *rows = set->by[c];
  const double *q = set->q + (gsize) c * set->width;

  for (gsize k = 0; k < block->count; k++)
    {
      const gsize at = block->first + k;

      interpolate (response->n_q, response->q, block->intensity + k * block->n_q, set->width, q, rows->curve + at * set->width);
      rows->grid[at] = (guint8) c;
      rows->label[at] = block->label[k];
      set->aspect[at] = aspect_of (saxid_population_class (population, block->label[k]),
                                   block->parameter + k * block->n_parameter);
    }
}

SaxidStudySet *
saxid_study_set_new (const SaxidPopulation *population, gsize per_class, guint64 seed, guint threads, GError **error)
{
  g_autoptr (SaxidStudySet) set = g_new0 (SaxidStudySet, 1);
  const SaxidInstrument *first = saxid_instrument_find (instrument[SAXID_STUDY_XEUSS]);
  SaxidRows like = { 0 };

  set->n_class = saxid_population_class_count (population);
  set->n = per_class * set->n_class;
  set->width = first->n_q;
  set->class_name = g_new0 (char *, set->n_class + 1);
  for (guint c = 0; c < set->n_class; c++)
    set->class_name[c] = g_strdup (saxid_population_class (population, c)->name);
  set->q = g_new (double, SAXID_N_STUDY_CONFIGURATIONS * set->width);
  set->aspect = g_new0 (float, MAX (set->n, 1));
  set->measured_name = g_ptr_array_new_with_free_func (g_free);
  for (guint c = 0; c < SAXID_N_STUDY_CONFIGURATIONS; c++)
    lay_grid (set->width, saxid_instrument_find (instrument[c])->q_min, first->q_max, set->q + c * set->width);
  like = (SaxidRows) { .width = set->width, .n_class = set->n_class, .n_grid = SAXID_N_STUDY_CONFIGURATIONS,
                       .q = set->q };
  for (guint c = 0; c < SAXID_N_STUDY_CONFIGURATIONS; c++)
    {
      g_autoptr (SaxidResponse) response = saxid_response_new (saxid_instrument_find (instrument[c]));

      set->by[c] = saxid_rows_new (set->n, &like);
      for (gsize at = 0; at < set->n; at += BLOCK)
        {
          g_autoptr (SaxidSampleBlock) block = saxid_sample_block_sized (at, MIN (BLOCK, set->n - at), response->n_q,
                                                                         saxid_sample_parameter_count (population), FALSE);

          if (!saxid_sample_block_fill (block, population, response, seed, FALSE, threads, error))
            return NULL;
          take_block (set, population, (SaxidStudyConfiguration) c, response, block);
        }
    }
  return g_steal_pointer (&set);
}

void
saxid_study_set_free (SaxidStudySet *set)
{
  if (set == NULL)
    return;
  for (guint c = 0; c < SAXID_N_STUDY_CONFIGURATIONS; c++)
    saxid_rows_free (set->by[c]);
  saxid_rows_free (set->measured);
  g_ptr_array_unref (set->measured_name);
  g_strfreev (set->class_name);
  g_free (set->q);
  g_free (set->aspect);
  g_free (set);
}

gboolean
saxid_study_set_add_measured (SaxidStudySet *set, const char *name, const char *class_name, const SaxidCurve *curve,
                              GError **error)
{
  const double *window = set->q + SAXID_STUDY_NANO * set->width; /* the wider one */
  const double first = MAX (curve->q[0], window[0]), last = MIN (curve->q[curve->n - 1], window[set->width - 1]);
  const gsize at = set->measured != NULL ? set->measured->n : 0;
  g_autofree double *q = g_new (double, set->width), *values = g_new (double, set->width);
  guint label = 0;
  SaxidRows *rows;

  while (label < set->n_class && strcmp (set->class_name[label], class_name) != 0)
    label++;
  if (label == set->n_class || at + SAXID_N_STUDY_CONFIGURATIONS > G_MAXUINT8)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "class '%s' is none of the study (%s)", class_name, name);
      return FALSE;
    }
  if (!(log10 (last / first) >= LEAST_DECADES))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                   "curve covers q from %g to %g 1/Å, of the study's window %g to %g %g decades are needed (%s)",
                   curve->q[0], curve->q[curve->n - 1], window[0], window[set->width - 1], LEAST_DECADES, name);
      return FALSE;
    }
  lay_grid (set->width, first, last, q);
  saxid_resample (curve, set->width, q, values);

  set->q = g_renew (double, set->q, (SAXID_N_STUDY_CONFIGURATIONS + at + 1) * set->width);
  memcpy (set->q + (SAXID_N_STUDY_CONFIGURATIONS + at) * set->width, q, set->width * sizeof *q);
  rows = saxid_rows_new (at + 1, set->by[0]);
  for (gsize k = 0; k < at; k++)
    saxid_rows_copy (rows, k, set->measured, k);
  for (gsize k = 0; k < set->width; k++)
    rows->curve[at * set->width + k] = (float) values[k];
  rows->grid[at] = (guint8) (SAXID_N_STUDY_CONFIGURATIONS + at);
  rows->label[at] = (guint8) label;
  saxid_rows_free (set->measured);
  set->measured = rows;
  set->measured->q = set->q;
  for (guint c = 0; c < SAXID_N_STUDY_CONFIGURATIONS; c++)
    set->by[c]->q = set->q;
  g_ptr_array_add (set->measured_name, g_strdup (name));
  return TRUE;
}
