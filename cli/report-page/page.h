/* One self-contained page about any number of curves: overview, plots, metadata.
 *
 * XHTML syntax, so that it can be checked; no script, no font, no picture from
 * elsewhere (frames are in it); light and dark. Whatever came from a file is escaped.
 *
 * Thread: pure.
 */
#pragma once

#include "cli/report-page/cakes.h"
#include "cli/report-page/curve.h"
#include "cli/report-page/frame.h"

G_BEGIN_DECLS

/* Beyond this number of curves only representatives are plotted. */
#define SAXID_REPORT_PLOTS 24

typedef struct
{
  const char *heading;         /* of the page; NULL: "saxid report" */
  const char *date;            /* shown as it is, or NULL */
  const char *program_version; /* or NULL */
  gsize n_curve;
  const SaxidReportCurve *curve;
  gsize n_frame;               /* detector frames, behind the curves */
  const SaxidReportFrame *frame;
  guint max_plots; /* 0: SAXID_REPORT_PLOTS */
  guint n_cake;    /* over azimuth and radius: shown before the curves */
  const SaxidReportCake *const *cake;
} SaxidReportPage;

/* The page as text, to be freed. */
char *saxid_report_page_html (const SaxidReportPage *page);

/* Writes it; a file of that name is replaced at once or not at all.
 * Errors: SAXID_ERROR_IO. */
gboolean saxid_report_page_write (const SaxidReportPage *page, const char *path, GError **error);

G_END_DECLS
