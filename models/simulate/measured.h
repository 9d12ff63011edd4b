/* One curve as an instrument hands it over: on its own points, with its faults.
 *
 * Units: q 1/Å, I and σ 1/cm (but for an unknown scale).
 * Thread: a curve belongs to one thread.
 */
#pragma once

#include "models/simulate/nuisance.h"
#include "models/simulate/plan.h"

G_BEGIN_DECLS

typedef struct
{
  gsize n;        /* points that there are */
  gsize n_most;   /* room */
  gboolean has_sigma;
  double *q, *intensity, *sigma; /* [n] */
} SaxidMeasured;

SaxidMeasured *saxid_measured_new (void);
void saxid_measured_free (SaxidMeasured *measured);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidMeasured, saxid_measured_free)
/* The same as the scratch of a thread (models/parallel.h). */
gpointer saxid_measured_scratch (void);
void saxid_measured_forget (gpointer measured);

typedef enum
{
  SAXID_MEASURE_NOISELESS = 1 << 0, /* smear only; no σ */
  SAXID_MEASURE_NUISANCES = 1 << 1
} SaxidMeasureFlags;

/* Measures a true intensity: the room of `out` is made as needed.
 * (seed, sample) give counts and nuisances; another seed is another measurement of
 * the same particle. given: NULL, or nuisances that are there whatever is drawn.
 * nuisances: NULL, or what they were. Without flags the numbers
 * are those of saxid_measurement_take. Shape: truth has plan->n_true elements. */
void saxid_measure (const SaxidMeasurementPlan *plan, const double *truth, SaxidMeasureFlags flags,
                    const SaxidNuisances *given, guint64 seed, guint64 sample, SaxidMeasured *out,
                    SaxidNuisances *nuisances);

G_END_DECLS
