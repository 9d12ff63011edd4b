/* The instruments that a curve can be measured with, as data.
 *
 * Units: q 1/Å, distances m, wavelength Å, flux photons/s, time s, thickness cm,
 * intensity 1/cm.
 * Thread: the table is const; a plan is immutable once made.
 */
#pragma once

#include <glib.h>

#include "models/simulate/random.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name;
  const char *title;
  const char *reference;
  double q_min, q_max; /* first and last point, 1/Å */
  guint n_q;           /* linear grid */
  double ring_width;   /* Δq of the ring that one point sums, 1/Å */
  double fwhm;         /* of the beam on the detector, 1/Å */
  double flux;         /* photons/s transmitted */
  double time;         /* s, for the sample and again for the buffer */
  double distance;     /* m */
  double wavelength;   /* Å */
  double thickness;    /* cm */
  double buffer;       /* flat scattering of the solvent, 1/cm */
} SaxidInstrument;

/* The k-th instrument, NULL past the end. */
const SaxidInstrument *saxid_instrument_at (guint index);
/* NULL when there is none of this name. */
const SaxidInstrument *saxid_instrument_find (const char *name);

/* What a measurement with one instrument needs, computed once. */
typedef struct
{
  const SaxidInstrument *instrument;
  gsize n_q;
  double *q;      /* [n_q] where the curve is measured */
  gsize n_true;
  double *q_true; /* [n_true] ascending, where the true intensity is wanted: the
                     grid and what the resolution reaches beyond its ends */
  gsize reach;    /* the kernel of point k covers 2 reach + 1 nodes */
  gsize *node;    /* [n_q + 2 reach] which q_true each step of the extended grid is */
  double *kernel; /* [2 reach + 1] weights, sum 1 */
  double *counts; /* [n_q] photons per 1/cm of intensity */
} SaxidMeasurementPlan;

SaxidMeasurementPlan *saxid_measurement_plan_new (const SaxidInstrument *instrument);
void saxid_measurement_plan_free (SaxidMeasurementPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidMeasurementPlan, saxid_measurement_plan_free)

/* Smears the true intensity by the resolution.
 * Shape: truth has n_true elements, out n_q. */
void saxid_measurement_smear (const SaxidMeasurementPlan *plan, const double *truth, double *out);

/* A measurement: smeared, counted (Poisson) with sample and with buffer alone,
 * subtracted, normalised. Negative intensities are normal where the sample
 * scatters less than the buffer.
 * sigma is what an instrument would report: from the counts, with one count
 * where none was seen.
 * Shape: truth n_true, intensity and sigma n_q. Units: 1/cm. */
void saxid_measurement_take (const SaxidMeasurementPlan *plan, const double *truth,
                             SaxidRandom *random, double *intensity, double *sigma);

G_END_DECLS
