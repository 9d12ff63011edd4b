/* The training examples that a curve is most like, each drawn over it.
 *
 * Thread: one thread at a time.
 */
#pragma once

#include "cli/plot/plot.h"
#include "models/learn/predictor.h"

G_BEGIN_DECLS

#define SAXID_REPORT_EXAMPLES 4

/* Panels of two curves: the measured one, and an example in its place and on its scale,
 * since what the model sees has neither a unit of q nor one of I. */
typedef struct
{
  guint n;
  double near, far; /* distance of the first and the last (gallery.h) */
  SaxidGridPanel panel[SAXID_REPORT_EXAMPLES];
  const SaxidCurve *pair[SAXID_REPORT_EXAMPLES][2];
  SaxidCurve *example[SAXID_REPORT_EXAMPLES];
  char *label[SAXID_REPORT_EXAMPLES];
} SaxidReportExamples;

/* None where the model has no gallery. curve: clean, kept as long as the panels are.
 * Errors: those of the network. */
gboolean saxid_report_examples_find (const SaxidPredictor *predictor, const SaxidCurve *curve,
                                     SaxidReportExamples *examples, GError **error);
void saxid_report_examples_clear (SaxidReportExamples *examples);

G_END_DECLS
