/* How do the frames of a file come to the threads that reduce them?
 *
 * Thread: see run.h.
 */
#include "schemas/frame/run.h"

#include <math.h>

#include "reducers/error.h"
#include "schemas/frame/format.h"

struct SaxidFrameRun
{
  SaxidFrameFile *file, *variances;
  SaxidRunSource source;
  gsize begin; /* the frame of the file that is frame 0 of the source */
  GMutex lock; /* around the file */
};

/* What one thread reads into. */
typedef struct
{
  SaxidFrameRun *run;
  guint8 *pixels[SAXID_LANES];
  float *variance[SAXID_LANES];
  guint8 *bad[SAXID_LANES];
  SaxidPackedFrame packed[SAXID_LANES];
  SaxidUnpacker *unpacker[SAXID_LANES];
  gboolean unpacks[SAXID_LANES]; /* of the frames at hand */
  guint n;
  gsize first;
} Reader;

static void
close_reader (gpointer data)
{
  Reader *reader = data;

  for (guint k = 0; k < SAXID_LANES; k++)
    {
      g_free (reader->pixels[k]);
      g_free (reader->variance[k]);
      g_free (reader->bad[k]);
      g_free (reader->packed[k].bytes);
      saxid_unpacker_free (reader->unpacker[k]);
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
      if (info->frame_masks)
        reader->bad[k] = g_try_malloc0 (info->height * info->width);
      if (reader->pixels[k] != NULL && (run->variances == NULL || reader->variance[k] != NULL)
          && (!info->frame_masks || reader->bad[k] != NULL))
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

/* Without the lock: bytes of the file, and the head of what is packed. What is not packed
 * stays where it was read. */
static gboolean
begin_unpacking (Reader *reader, guint lane, SaxidFrames *frames, GError **error)
{
  SaxidPackedFrame *packed = &reader->packed[lane];

  if (!saxid_packed_frame_load (packed, error))
    return FALSE;
  if (reader->unpacker[lane] == NULL)
    reader->unpacker[lane] = saxid_unpacker_new ();
  if (packed->packing.kind == SAXID_PACKING_PLAIN && packed->n >= packed->packing.size)
    frames->counts[lane] = packed->bytes;
  return saxid_unpacker_begin (reader->unpacker[lane], &packed->packing, packed->bytes, packed->n,
                               (gpointer) frames->counts[lane], error);
}

static void
say_where (const Reader *reader, guint lane, GError **error)
{
  if (*error == NULL)
    return;
  g_prefix_error (error, "frame %" G_GSIZE_FORMAT " cannot be read: ", reader->first + lane);
  saxid_error_add_place (error, "%s", saxid_frame_file_path (reader->run->file));
}

static void
fetch_one (Reader *reader, guint lane, SaxidFrames *frames, GError **error)
{
  SaxidFrameRun *run = reader->run;
  const gsize index = reader->first + lane;

  frames->counts[lane] = reader->pixels[lane];
  g_mutex_lock (&run->lock);
  reader->unpacks[lane] = saxid_frame_file_packed (run->file, index, &reader->packed[lane], error);
  if (!reader->unpacks[lane] && *error == NULL)
    saxid_frame_file_read_raw (run->file, index, reader->pixels[lane], error);
  else
    say_where (reader, lane, error);
  if (reader->bad[lane] != NULL && *error == NULL)
    saxid_frame_file_mask (run->file, index, reader->bad[lane], error);
  frames->bad[lane] = reader->bad[lane];
  fetch_variance (reader, reader->first, lane, frames, error);
  g_mutex_unlock (&run->lock);
  if (reader->unpacks[lane] && !begin_unpacking (reader, lane, frames, error))
    {
      say_where (reader, lane, error);
      reader->unpacks[lane] = FALSE;
    }
}

static void
fetch (gpointer data, gsize first, SaxidFrames *frames, GError *errors[SAXID_LANES])
{
  Reader *reader = data;

  frames->type = saxid_frame_file_info (reader->run->file)->type;
  reader->first = reader->run->begin + first;
  reader->n = frames->n;
  for (guint lane = 0; lane < frames->n; lane++)
    fetch_one (reader, lane, frames, &errors[lane]);
}

static void
advance (gpointer data, gsize first, gsize last, SaxidFrames *frames, GError *errors[SAXID_LANES])
{
  Reader *reader = data;
  const gsize size = saxid_pixel_size (saxid_frame_file_info (reader->run->file)->type);

  for (guint lane = 0; lane < reader->n; lane++)
    {
      if (!reader->unpacks[lane])
        continue;
      frames->origin[lane] = saxid_unpacker_slide (reader->unpacker[lane], first * size) / size;
      if (saxid_unpacker_until (reader->unpacker[lane], last * size, &errors[lane]))
        continue;
      say_where (reader, lane, &errors[lane]);
      reader->unpacks[lane] = FALSE;
    }
}

static double
monitor (gpointer data, gsize frame)
{
  const SaxidFrameRun *run = data;

  return saxid_frame_info_monitor (saxid_frame_file_info (run->file), run->begin + frame);
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
    .advance = advance,
    .monitor = monitor,
  };
  return run;
}

void
saxid_frame_run_narrow (SaxidFrameRun *run, gsize first, gsize n)
{
  const gsize all = saxid_frame_file_info (run->file)->n_frame;

  run->begin = MIN (first, all);
  run->source.n_frame = MIN (n, all - run->begin);
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
