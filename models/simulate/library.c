/* What would this instrument have measured of a curve that is known already?
 *
 * Between the points: the polynomial through the nearest six, in ln (q + knee). The
 * error for what turns as cos (2 q R) is 0.005 (2 q R δ)^6, δ the step of that.
 *
 * Units: q 1/Å, I 1/cm. Thread: see library.h.
 */
#include "models/simulate/library.h"

#include <math.h>

#include "models/parallel.h"
#include "reducers/error.h"

#define ORDER 6
/* Guinier's law is taken from points so far apart that the precision of float does
 * not show. */
#define GUINIER_RATIO 2.0

void
saxid_library_grid (gsize n, double first, double last, double *q)
{
  double from = log (first + SAXID_LIBRARY_KNEE), range = log (last + SAXID_LIBRARY_KNEE) - from;

  for (gsize k = 0; k < n; k++)
    q[k] = exp (from + range * (double) k / (double) (n - 1)) - SAXID_LIBRARY_KNEE;
}

static double
step_of (const SaxidLibrary *library)
{
  double first = library->q[0] + SAXID_LIBRARY_KNEE, last = library->q[library->n_q - 1] + SAXID_LIBRARY_KNEE;

  return log (last / first) / (double) (library->n_q - 1);
}

gboolean
saxid_library_check (const SaxidLibrary *library, GError **error)
{
  double step;

  if (library->n_q < 2 * ORDER + 4)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "library has %" G_GSIZE_FORMAT " points, %d are needed", library->n_q, 2 * ORDER + 4);
      return FALSE;
    }
  step = step_of (library);
  for (gsize k = 0; k < library->n_q; k++)
    {
      double along = (library->q[0] + SAXID_LIBRARY_KNEE) * exp (step * (double) k);
      double meant = along - SAXID_LIBRARY_KNEE;

      if (fabs (library->q[k] - meant) <= 1e-6 * step * along)
        continue;
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "q of the library is %g 1/Å at point %" G_GSIZE_FORMAT ", the grid of a library has %g",
                   library->q[k], k, meant);
      return FALSE;
    }
  return TRUE;
}

/* Where q lies between the points, and with which weights it is their sum. */
typedef struct
{
  gsize from;
  float weight[ORDER];
} Place;

static void
find_place (double x, gsize n_q, Place *place)
{
  gsize at = (gsize) CLAMP (floor (x) - (ORDER / 2 - 1), 0, (double) (n_q - ORDER));

  place->from = at;
  for (guint j = 0; j < ORDER; j++)
    {
      double weight = 1;

      for (guint i = 0; i < ORDER; i++)
        if (i != j)
          weight *= (x - (double) (at + i)) / ((double) j - (double) i);
      place->weight[j] = (float) weight;
    }
}

/* The places of some q, for one row after the other. */
typedef struct
{
  gsize n, n_low; /* points, and how many of them lie below the grid */
  double *q;
  Place *place;
} Places;

static void
find_places (const SaxidLibrary *library, gsize n, const double *q, Places *places)
{
  double step = step_of (library), first = library->q[0];

  *places = (Places) { .n = n, .q = g_memdup2 (q, n * sizeof *q), .place = g_new (Place, n) };
  while (places->n_low < n && q[places->n_low] < first)
    places->n_low++;
  for (gsize k = places->n_low; k < n; k++)
    find_place (log ((q[k] + SAXID_LIBRARY_KNEE) / (first + SAXID_LIBRARY_KNEE)) / step, library->n_q, &places->place[k]);
}

static void
clear_places (Places *places)
{
  g_clear_pointer (&places->q, g_free);
  g_clear_pointer (&places->place, g_free);
}

static void
interpolate (const SaxidLibrary *library, const Places *places, const float *row, double *out)
{
  if (places->n_low > 0)
    {
      double a = (double) row[0], x = library->q[0] * library->q[0], y, slope;
      gsize far = 1;

      while (far + 1 < library->n_q && library->q[far] < GUINIER_RATIO * library->q[0])
        far++;
      y = library->q[far];
      slope = a > 0 && row[far] > 0 ? log (a / (double) row[far]) / (y * y - x) : 0;
      for (gsize k = 0; k < places->n_low; k++)
        out[k] = a * exp (slope * (x - places->q[k] * places->q[k]));
    }
  for (gsize k = places->n_low; k < places->n; k++)
    {
      const Place *place = &places->place[k];
      double sum = 0;

      for (guint j = 0; j < ORDER; j++)
        sum += (double) place->weight[j] * (double) row[place->from + j];
      out[k] = sum;
    }
}

void
saxid_library_interpolate (const SaxidLibrary *library, const float *row, gsize n, const double *q, double *out)
{
  Places places;

  find_places (library, n, q, &places);
  interpolate (library, &places, row, out);
  clear_places (&places);
}

typedef struct
{
  const SaxidLibrary *library;
  const SaxidRemeasureOptions *options;
  const SaxidResponse *response; /* of the one instrument; NULL: random ones */
  const Places *places;
  gsize first, count;
  SaxidRemeasured take;
  gpointer data;
  gsize batch; /* rows that one thread takes at a time */
} Work;

/* The same geometry of another density: adds what its parts scatter, and returns the
 * factor of what is in truth. */
static double
redraw (const Work *work, gsize row, const Places *places, double *truth)
{
  const SaxidLibrary *library = work->library;
  const float *parts = library->parts != NULL ? library->parts + row * 2 * library->n_q : NULL;
  g_autofree double *part = NULL;
  SaxidParticle particle;
  SaxidContrast contrast;
  SaxidRandom random;
  double weight[3];

  saxid_random_init (&random, work->options->seed, row, SAXID_STREAM_REDRAW);
  saxid_population_draw (work->options->redraw, library->label[row], &random, &particle);
  if (parts == NULL || isnan (parts[0]) || !saxid_contrast_of (particle.shape, particle.value, &contrast))
    return particle.scale;
  saxid_contrast_mix (&library->contrast[row], &contrast, weight);
  part = g_new (double, places->n);
  for (gsize k = 0; k < places->n; k++)
    truth[k] *= weight[2];
  for (guint which = 0; which < 2; which++)
    {
      interpolate (library, places, parts + which * library->n_q, part);
      for (gsize k = 0; k < places->n; k++)
        truth[k] += weight[which] * part[k];
    }
  /* what cancels leaves the rounding of the library */
  for (gsize k = 0; k < places->n; k++)
    truth[k] = fmax (truth[k], 0);
  return particle.scale;
}

/* size: of the particle over that in the library, which has the places at q times it. */
static void
measure_row (const Work *work, gsize row, const SaxidResponse *response, const Places *places, double size, double *truth,
             SaxidSimulatedCurve *curve)
{
  const SaxidLibrary *library = work->library;
  double scale = library->scale[row * library->scale_stride];
  SaxidMeasureFlags flags = work->options->flags;
  SaxidNuisances nuisances;
  SaxidRandom random;

  saxid_random_init (&random, work->options->seed, row, SAXID_STREAM_CLEAN);
  if (saxid_random_unit (&random) < work->options->clean_part)
    flags &= ~(guint) SAXID_MEASURE_NUISANCES;
  interpolate (library, places, library->intensity + row * library->n_q, truth);
  if (work->options->redraw != NULL)
    scale = redraw (work, row, places, truth) * size * size * size;
  for (gsize k = 0; k < response->n_true; k++)
    truth[k] *= scale;
  saxid_simulated_curve_draw (response, truth, flags, work->options->given, work->options->seed, row, curve, &nuisances);
  work->take (row, response->instrument, curve, &nuisances, work->data);
}

/* Rows from `from` to before `to`, with the response of each. */
static void
measure_rows (const Work *work, gsize from, gsize to, SaxidSimulatedCurve *curve)
{
  gsize shared = MAX (work->options->per_instrument, 1);
  g_autofree double *truth = NULL;

  if (work->response != NULL)
    {
      truth = g_new (double, work->response->n_true);
      for (gsize row = from; row < to; row++)
        measure_row (work, row, work->response, work->places, 1, truth, curve);
      return;
    }
  while (from < to)
    {
      gsize which = from / shared, end = MIN ((which + 1) * shared, to);
      g_autoptr (SaxidResponse) response = NULL;
      g_autofree double *own_truth = NULL;
      g_autofree double *at = NULL;
      SaxidInstrument instrument;
      SaxidRandom random;
      Places places;
      double size = 1;

      saxid_instrument_draw (work->options->seed, which, &instrument);
      if (work->options->redraw != NULL)
        {
          saxid_random_init (&random, work->options->seed, which, SAXID_STREAM_SIZE);
          size = saxid_random_log_uniform (&random, SAXID_LIBRARY_LEAST_SIZE, 1);
        }
      response = saxid_response_new (&instrument);
      at = g_new (double, response->n_true);
      for (gsize k = 0; k < response->n_true; k++)
        at[k] = size * response->q_true[k];
      find_places (work->library, response->n_true, at, &places);
      own_truth = g_new (double, response->n_true);
      for (; from < end; from++)
        measure_row (work, from, response, &places, size, own_truth, curve);
      clear_places (&places);
    }
}

static gboolean
measure_batch (gsize at, gpointer curve, gpointer data)
{
  const Work *work = data;
  const gsize from = at * work->batch;

  measure_rows (work, work->first + from, work->first + MIN (from + work->batch, work->count), curve);
  return TRUE;
}

static gboolean
check_reach (const SaxidLibrary *library, const SaxidResponse *response, GError **error)
{
  double last = library->q[library->n_q - 1];

  if (response->q_true[response->n_true - 1] <= last * (1 + 1e-9) && response->q[0] >= library->q[0])
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "%s needs q from %g to %g 1/Å, the library has %g to %g",
               response->instrument->name, response->q[0], response->q_true[response->n_true - 1], library->q[0], last);
  return FALSE;
}

gboolean
saxid_library_measure (const SaxidLibrary *library, gsize first, gsize count, const SaxidRemeasureOptions *options,
                       SaxidRemeasured take, gpointer data, GError **error)
{
  g_autoptr (SaxidResponse) response = NULL;
  Places places = { 0 };
  Work work = { .library = library, .options = options, .first = first, .count = count, .take = take,
                .data = data, .batch = MAX (options->per_instrument, 8) };

  g_return_val_if_fail (first + count <= library->n_curve, FALSE);

  if (!saxid_library_check (library, error))
    return FALSE;
  if (options->instrument != NULL)
    {
      response = saxid_response_new (options->instrument);
      if (!check_reach (library, response, error))
        return FALSE;
      find_places (library, response->n_true, response->q_true, &places);
      work.response = response;
      work.places = &places;
    }
  else if (library->q[0] > 3e-4 || library->q[library->n_q - 1] < SAXID_LIBRARY_LAST * (1 - 1e-9))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "random instruments need q from 3e-4 to %g 1/Å, the library has %g to %g", SAXID_LIBRARY_LAST,
                   library->q[0], library->q[library->n_q - 1]);
      return FALSE;
    }
  saxid_parallel (&(SaxidParallel) { .name = "saxid-measure", .threads = options->threads, .piece = measure_batch,
                                     .scratch_new = saxid_simulated_curve_scratch, .scratch_free = saxid_simulated_curve_forget,
                                     .data = &work },
                  (count + work.batch - 1) / work.batch);
  clear_places (&places);
  return TRUE;
}
