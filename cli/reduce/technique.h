/* May a curve of transmission be made of these frames?
 *
 * The header is asked first, then the images of some frames of each file; most of them decide.
 * Where they differ all are asked, and single frames that graze are left out.
 *
 * One frame of grazing incidence integrated over azimuths is a wrong curve that looks like a
 * good one, so a file that grazes is left out, unless the user says what it is.
 *
 * Thread: as the job's.
 */
#pragma once

#include "cli/reduce/job.h"
#include "reducers/technique.h"

G_BEGIN_DECLS

/* What --technique says. Errors: SAXID_ERROR_ARGUMENT. */
gboolean saxid_reduce_technique_begin (SaxidReduceJob *job, GError **error);

/* FALSE with the line for the user where the frames of this file graze the sample; otherwise
 * the technique of the job's curve is what all of its files are of. After the job is prepared.
 * Errors: SAXID_ERROR_UNSUPPORTED. */
gboolean saxid_reduce_technique_check (SaxidReduceJob *job, SaxidFrameFile *file, GError **error);

/* Where the job could not be prepared, and for the lack of a geometry: frames that graze are refused with it as
 * well, and *error then says that instead. */
void saxid_reduce_technique_explain (SaxidReduceJob *job, SaxidFrameFile *file, GError **error);

/* Of the file that was checked last: the first frame, from `from` on, that grazes while most of
 * the file do not. */
gboolean saxid_reduce_technique_next_odd (const SaxidReduceJob *job, gsize from, gsize *frame);

/* For frames of another detector or position: what the user said of the run. */
void saxid_reduce_technique_as (SaxidReduceJob *job, const SaxidReduceJob *other);

void saxid_reduce_technique_clear (SaxidReduceJob *job);

G_END_DECLS
