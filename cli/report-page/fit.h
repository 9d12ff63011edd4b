/* The fits of a curve as a report shows them: lines over the data, and their numbers.
 *
 * Thread: pure; a model may be shared.
 */
#pragma once

#include "cli/plot/plot.h"
#include "cli/report-page/curve.h"
#include "plugin/model.h"

G_BEGIN_DECLS

/* Classes that are fitted for one curve. */
#define SAXID_REPORT_FITS 2

typedef struct
{
  guint n_line;
  SaxidPlotLine line[SAXID_REPORT_FITS];
  gsize n_pair;
  SaxidReportPair *pair; /* [n_pair] */
} SaxidReportFit;

/* Fits the classes with the largest probabilities, the best fit first. curve: clean.
 * probability: of the model's own classes. */
void saxid_report_fit (const SaxidModel *model, const SaxidCurve *curve, const float *probability, SaxidReportFit *fit);
void saxid_report_fit_clear (SaxidReportFit *fit);

G_END_DECLS
