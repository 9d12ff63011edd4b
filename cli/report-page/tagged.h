/* What a file says of a curve already, beside what the model says of it now.
 *
 * Thread: pure.
 */
#pragma once

#include "cli/report-page/curve.h"

G_BEGIN_DECLS

typedef struct
{
  char *tagged, *seeded; /* as in SaxidReportCurve; NULL: nothing */
  gboolean differs;
} SaxidReportTagged;

/* now: judged, with its model. Nothing of a frame that was never judged. */
void saxid_report_tagged (const SaxidRecord *record, gsize frame, const SaxidReportCurve *now, SaxidReportTagged *tagged);
void saxid_report_tagged_clear (SaxidReportTagged *tagged);

G_END_DECLS
