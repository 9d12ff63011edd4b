/* How do the frames of a file come to the threads that reduce them?
 *
 * Thread: see run.h.
 */
#include "schemas/frame/run.h"

#include <math.h>

#include "reducers/error.h"

struct SaxidFrameRun
{
  SaxidFrameFile *file;
  SaxidRunSource source;
  GMutex lock; /* around the file */
};

/* What one thread reads into. */
typedef struct
{
  SaxidFrameRun *run;
  guint8 *pixels[SAXID_LANES];
} Reader;

static void
close_reader (gpointer data)
{
  Reader *reader = data;

  for (guint k = 0; k < SAXID_LANES; k++)
    g_free (reader->pixels[k]);
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
      if (reader->pixels[k] != NULL)
        continue;
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT,
                   "there is no memory for %" G_GSIZE_FORMAT " frames of %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT " pixels (%s)",
                   lanes, info->height, info->width, saxid_frame_file_path (run->file));
      close_reader (reader);
      return NULL;
    }
  return reader;
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
saxid_frame_run_new (SaxidFrameFile *file)
{
  SaxidFrameRun *run = g_new0 (SaxidFrameRun, 1);

  run->file = file;
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
