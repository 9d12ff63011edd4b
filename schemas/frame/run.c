/* How do the frames of a file come to the threads that reduce them?
 *
 * Thread: see run.h.
 */
#include "schemas/frame/run.h"

#include <math.h>

#include "reducers/error.h"

struct SaxidFrameRun
{
  SaxidFrameFile *file, *variances;
  SaxidRunSource source;
  GMutex lock; /* around the file */
};

/* What one thread reads into. */
typedef struct
{
  SaxidFrameRun *run;
  guint8 *pixels[SAXID_LANES];
  float *variance[SAXID_LANES];
} Reader;

static void
close_reader (gpointer data)
{
  Reader *reader = data;

  for (guint k = 0; k < SAXID_LANES; k++)
    {
      g_free (reader->pixels[k]);
      g_free (reader->variance[k]);
    }
  g_free (reader);
}

static gpointer
open_reader (gpointer data, GError **error)
{
  SaxidFrameRun *run = data;
  const SaxidFrameInfo *info = saxid_frame_file_info (run->file);
  const gsize lanes = MIN (info->n_frame, SAXID_LANES);
  Reader *reader = g_new0 (Reader, 1);

  reader->run = run;
  for (gsize k = 0; k < lanes; k++)
    {
      reader->pixels[k] = g_try_malloc0_n (info->height * info->width, saxid_pixel_size (info->type));
      if (run->variances != NULL)
        reader->variance[k] = g_try_new0 (float, info->height * info->width);
      if (reader->pixels[k] != NULL && (run->variances == NULL || reader->variance[k] != NULL))
        continue;
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT,
                   "there is no memory for %" G_GSIZE_FORMAT " frames of %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT " pixels (%s)",
                   lanes, info->height, info->width, saxid_frame_file_path (run->file));
      close_reader (reader);
      return NULL;
    }
  return reader;
}

/* A variance that is no number, or negative, is none: the pixel then has none in the sums. */
static void
fetch_variance (Reader *reader, gsize first, guint lane, SaxidFrames *frames, GError **error)
{
  SaxidFrameRun *run = reader->run;
  const SaxidFrameInfo *info = saxid_frame_file_info (run->file);
  float *variance = reader->variance[lane];

  frames->variance[lane] = variance;
  if (run->variances == NULL || *error != NULL)
    return;
  saxid_frame_file_read (run->variances, saxid_frame_file_info (run->variances)->n_frame == 1 ? 0 : first + lane, variance, error);
  for (gsize k = 0; k < info->height * info->width; k++)
    if (!(variance[k] >= 0 && isfinite (variance[k])))
      variance[k] = 0;
}

static void
fetch (gpointer data, gsize first, SaxidFrames *frames, GError *errors[SAXID_LANES])
{
  Reader *reader = data;
  SaxidFrameRun *run = reader->run;

  frames->type = saxid_frame_file_info (run->file)->type;
  for (guint lane = 0; lane < frames->n; lane++)
    {
      frames->counts[lane] = reader->pixels[lane];
      g_mutex_lock (&run->lock);
      saxid_frame_file_read_raw (run->file, first + lane, reader->pixels[lane], &errors[lane]);
      fetch_variance (reader, first, lane, frames, &errors[lane]);
      g_mutex_unlock (&run->lock);
    }
}

static double
monitor (gpointer data, gsize frame)
{
  const SaxidFrameRun *run = data;

  return saxid_frame_info_monitor (saxid_frame_file_info (run->file), frame);
}

SaxidFrameRun *
saxid_frame_run_new (SaxidFrameFile *file, SaxidFrameFile *variances, GError **error)
{
  SaxidFrameRun *run;
  const gsize n = saxid_frame_file_info (file)->n_frame;
  const gsize n_variance = variances != NULL ? saxid_frame_file_info (variances)->n_frame : 1;

  if (n_variance != 1 && n_variance != n)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                   "variances are %" G_GSIZE_FORMAT " frames, 1 or %" G_GSIZE_FORMAT " are needed (%s)", n_variance, n,
                   saxid_frame_file_path (variances));
      return NULL;
    }
  run = g_new0 (SaxidFrameRun, 1);
  run->file = file;
  run->variances = variances;
  g_mutex_init (&run->lock);
  run->source = (SaxidRunSource) {
    .n_frame = saxid_frame_file_info (file)->n_frame,
    .data = run,
    .open = open_reader,
    .close = close_reader,
    .fetch = fetch,
    .monitor = monitor,
  };
  return run;
}

void
saxid_frame_run_free (SaxidFrameRun *run)
{
  if (run == NULL)
    return;
  g_mutex_clear (&run->lock);
  g_free (run);
}

const SaxidRunSource *
saxid_frame_run_source (const SaxidFrameRun *run)
{
  return &run->source;
}
