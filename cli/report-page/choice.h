/* Representatives of many curves: the first and the last, the farthest outliers, the most and the
 * least certain of every class, and others evenly spaced.
 *
 * Thread: pure.
 */
#pragma once

#include "cli/report-page/page.h"

G_BEGIN_DECLS

/* Which curves of the page are plotted, and how many. Shape: n_curve of the page, and one. Free with g_free. */
gboolean *saxid_report_choice (const SaxidReportPage *page, guint *n_shown);

G_END_DECLS
