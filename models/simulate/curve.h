/* One curve as an instrument hands it over: on its own points, with its faults.
 *
 * Units: q 1/Å, I and σ 1/cm (but for an unknown scale).
 * Thread: a curve belongs to one thread.
 */
#pragma once

#include "models/simulate/nuisance.h"
#include "models/simulate/response.h"

G_BEGIN_DECLS

typedef struct
{
  gsize n;        /* points that there are */
  gsize n_most;   /* allocated */
  gboolean has_sigma;
  double *q, *intensity, *sigma; /* [n] */
} SaxidSimulatedCurve;

SaxidSimulatedCurve *saxid_simulated_curve_new (void);
void saxid_simulated_curve_free (SaxidSimulatedCurve *curve);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidSimulatedCurve, saxid_simulated_curve_free)
/* The same as the scratch of a thread (models/parallel.h). */
gpointer saxid_simulated_curve_scratch (void);
void saxid_simulated_curve_forget (gpointer curve);

typedef enum
{
  SAXID_MEASURE_NOISELESS = 1 << 0, /* smear only; no σ */
  SAXID_MEASURE_NUISANCES = 1 << 1
} SaxidMeasureFlags;

/* Measures a true intensity: `out` grows as needed.
 * (seed, sample) give counts and nuisances; another seed is another measurement of
 * the same particle. given: NULL, or nuisances that are there whatever is drawn.
 * nuisances: NULL, or what they were. Without flags the numbers
 * are those of saxid_response_measure. Shape: truth has response->n_true elements. */
void saxid_simulated_curve_draw (const SaxidResponse *response, const double *truth, SaxidMeasureFlags flags,
                                 const SaxidNuisances *given, guint64 seed, guint64 sample, SaxidSimulatedCurve *out,
                                 SaxidNuisances *nuisances);

G_END_DECLS
