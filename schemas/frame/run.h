/* The frames of one file as a source for a run of frames (reducers/run.h).
 *
 * HDF5 works for one thread at a time, so what goes through it goes through a lock.
 *
 * Thread: made and freed by one thread; the source is for the threads of a run.
 */
#pragma once

#include "reducers/run.h"
#include "schemas/frame/file.h"

G_BEGIN_DECLS

typedef struct SaxidFrameRun SaxidFrameRun;

/* file must outlive it, and nobody else reads from it meanwhile. variances: frames of the
 * variance of each pixel, one for all or one for each of file, of the same shape; or NULL.
 * Errors: SAXID_ERROR_DATA when there is another number of them. */
SaxidFrameRun *saxid_frame_run_new (SaxidFrameFile *file, SaxidFrameFile *variances, GError **error);
void saxid_frame_run_free (SaxidFrameRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidFrameRun, saxid_frame_run_free)

/* Narrows the source to n frames from `first` on: its frame 0 is then that one. */
void saxid_frame_run_narrow (SaxidFrameRun *run, gsize first, gsize n);

const SaxidRunSource *saxid_frame_run_source (const SaxidFrameRun *run);

G_END_DECLS
