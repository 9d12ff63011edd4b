/* What a measurement with one instrument needs, computed once.
 *
 * Units: q 1/Å, I 1/cm. Thread: immutable once made.
 */
#pragma once

#include "models/simulate/instrument.h"

G_BEGIN_DECLS

typedef struct
{
  const SaxidInstrument *instrument;
  gsize n_q;
  double *q;      /* [n_q] where the curve is measured */
  gsize n_true;
  double *q_true; /* [n_true] ascending, where the true intensity is wanted: fine
                     enough for the resolution, and what it reaches beyond the ends */
  gsize *row;     /* [n_q + 1] where the entries of each point begin */
  guint32 *node;  /* [row[n_q]] index of q_true */
  double *weight; /* [row[n_q]] sum 1 for each point */
  double *counts; /* [n_q] photons per 1/cm of intensity */
} SaxidResponse;

/* The instrument must outlive the response. */
SaxidResponse *saxid_response_new (const SaxidInstrument *instrument);
void saxid_response_free (SaxidResponse *response);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidResponse, saxid_response_free)

/* Standard deviation of the resolution at q, without slit, 1/Å. */
double saxid_instrument_resolution (const SaxidInstrument *instrument, double q);

/* Smears the true intensity by the resolution.
 * Shape: truth has n_true elements, out n_q. */
void saxid_response_smear (const SaxidResponse *response, const double *truth, double *out);

/* A measurement: smeared, counted (Poisson) with sample and with buffer alone,
 * subtracted, normalised. Negative intensities are normal where the sample
 * scatters less than the buffer.
 * sigma is what an instrument would report: from the counts, with one count
 * where none was seen.
 * Shape: truth n_true, intensity and sigma n_q. Units: 1/cm. */
void saxid_response_measure (const SaxidResponse *response, const double *truth, SaxidRandom *random, double *intensity,
                             double *sigma);

G_END_DECLS
