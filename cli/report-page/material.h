/* A material as a report shows it: the line over the data, its numbers, and a cut through it.
 *
 * Thread: one thread at a time.
 */
#pragma once

#include "cli/report-page/curve.h"
#include "models/materials/answer.h"

G_BEGIN_DECLS

typedef struct
{
  SaxidPlotLine line; /* n = 0: no material */
  gsize n_pair;
  SaxidReportPair *pair; /* [n_pair] */
  guint8 *phase;         /* of the slice (models/materials/slice.h), or NULL */
  double pixel;          /* nm */
} SaxidReportMaterial;

/* Asks again, with what the user knows. The curve must be clean. Nothing where it is no material. */
void saxid_report_material (const SaxidCurve *curve, const SaxidMaterialKnown *known, SaxidReportMaterial *material);
void saxid_report_material_clear (SaxidReportMaterial *material);

G_END_DECLS
