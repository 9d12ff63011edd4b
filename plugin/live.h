/* Tags of curves that are being measured, written into the file of the host as they come.
 *
 * Thread: one at a time, and with the host's own calls of HDF5 as HDF5 allows.
 */
#pragma once

#include "plugin/pipeline.h"

G_BEGIN_DECLS

/* note: of the options, where the caller's have one; or NULL.
 * Errors: SAXID_ERROR_ARGUMENT, and those of saxid_tag_live_prepare. */
struct saxid_live *saxid_live_new (const struct saxid_context *context, const struct saxid_live_options *options,
                                   const char *note, GError **error);
void saxid_live_free (struct saxid_live *live);

const struct saxid_context *saxid_live_context (const struct saxid_live *live);

/* Judges the curve, which is cleaned in place, and writes what was found; NULL: a frame of
 * which there is no curve.
 * Errors: SAXID_ERROR_MODEL, and those of saxid_tag_live_put. */
gboolean saxid_live_append (struct saxid_live *live, struct saxid_workspace *workspace, guint64 frame,
                            SaxidCurve *curve, SaxidJudgement *judgement, GError **error);

/* Errors: those of saxid_tag_live_finish. */
gboolean saxid_live_finish (struct saxid_live *live, GError **error);

G_END_DECLS
