/* Cakes and sectors of files, drawn.
 *
 * Thread: pure, but for reading.
 */
#pragma once

#include "cli/plot/plot.h"

G_BEGIN_DECLS

/* So many azimuths are told apart as lines; more are a picture. */
#define SAXID_REPORT_FEW_AZIMUTHS 6

typedef struct SaxidReportCake SaxidReportCake;

/* What a file has of them; frame < 0: the mean of all.
 * Errors: SAXID_ERROR_NO_CURVE where it has none; those of reading. */
SaxidReportCake *saxid_report_cake_read (const char *path, gboolean follow_links, gint64 frame, GError **error);
void saxid_report_cake_free (SaxidReportCake *cake);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidReportCake, saxid_report_cake_free)

/* NULL where nothing is above 0. */
GBytes *saxid_report_cake_draw (const SaxidReportCake *cake, SaxidCanvasFormat format);

G_END_DECLS
