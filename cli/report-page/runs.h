/* The runs of a page: what their frames have in common and how they change.
 *
 * Thread: pure.
 */
#pragma once

#include "cli/report-page/page.h"

G_BEGIN_DECLS

/* Appends a card for each run of frames that is long enough: log I over q and frame, and the
 * probability of each class over the frames. */
void saxid_report_runs (GString *out, const SaxidReportPage *page);

G_END_DECLS
