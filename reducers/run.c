/* How do many frames go through one chain, by several threads, and come out in order?
 *
 * Batches of SAXID_LANES frames are taken by whichever worker is free, and stand in a
 * ring of slots until it is their turn; nobody runs further ahead than the ring is long.
 *
 * Thread: see run.h; everything in Run below the lock is changed under it.
 */
#include "reducers/run.h"

#include <math.h>
#include <string.h>

#define SLOTS_PER_JOB 2

/* One batch that is done, or being done. */
typedef struct
{
  gsize first;
  guint n;
  SaxidSums *sums[SAXID_LANES];
  guint8 *found[SAXID_LANES];
  gboolean is_found[SAXID_LANES];
  double monitor[SAXID_LANES];
  GError *errors[SAXID_LANES];
  gboolean done;
} Slot;

typedef struct
{
  const SaxidPreparedChain *prepared;
  const SaxidRunSource *source;
  gsize n_batch, n_pixel;
  guint n_slot;
  Slot *slots;

  GMutex lock;
  GCond changed;
  gsize next, given; /* batches that were taken, and handed on */
  gboolean stop;
  GError *error;     /* of a worker that could not begin */
} Run;

/* ---- one batch --------------------------------------------------------------------- */

static void
integrate_batch (const Run *run, gpointer reader, SaxidChainScratch *scratch, SaxidFrames *frames, GError *errors[SAXID_LANES])
{
  const SaxidRunSource *source = run->source;
  const SaxidBinning *binning = saxid_prepared_chain_integration (run->prepared);
  const gsize strips = saxid_binning_strips (binning), per_strip = saxid_binning_strip_pixels (binning);

  if (source->advance == NULL || saxid_prepared_chain_needs_whole_frames (run->prepared))
    {
      if (source->advance != NULL)
        source->advance (reader, 0, run->n_pixel, frames, errors);
      saxid_chain_integrate (scratch, frames);
      return;
    }
  saxid_chain_begin (scratch, frames->n);
  for (gsize strip = 0; strip < strips; strip++)
    {
      source->advance (reader, strip * per_strip, MIN ((strip + 1) * per_strip, run->n_pixel), frames, errors);
      saxid_chain_strip (scratch, strip, frames);
    }
  saxid_chain_end (scratch, frames);
}

static void
keep_sums (const Run *run, SaxidChainScratch *scratch, Slot *slot, guint lane)
{
  const SaxidRunSource *source = run->source;
  const guint8 *found = saxid_chain_found (scratch, lane);
  const SaxidSums *sums;

  slot->monitor[lane] = source->monitor != NULL ? source->monitor (source->data, slot->first + lane) : NAN;
  sums = saxid_chain_sums (scratch, lane, slot->monitor[lane], &slot->errors[lane]);
  if (sums == NULL)
    return;
  saxid_sums_copy (slot->sums[lane], sums);
  slot->is_found[lane] = found != NULL;
  if (found == NULL)
    return;
  if (slot->found[lane] == NULL)
    slot->found[lane] = g_new (guint8, run->n_pixel);
  memcpy (slot->found[lane], found, run->n_pixel);
}

static void
do_batch (const Run *run, gpointer reader, SaxidChainScratch *scratch, Slot *slot)
{
  SaxidFrames frames = { .n = slot->n };
  guint sound = 0;

  run->source->fetch (reader, slot->first, &frames, slot->errors);
  for (guint lane = 0; lane < slot->n; lane++)
    sound += slot->errors[lane] == NULL;
  if (sound > 0)
    integrate_batch (run, reader, scratch, &frames, slot->errors);
  for (guint lane = 0; lane < slot->n; lane++)
    if (slot->errors[lane] == NULL)
      keep_sums (run, scratch, slot, lane);
}

static void
begin_slot (const Run *run, gsize batch, Slot *slot)
{
  slot->first = batch * SAXID_LANES;
  slot->n = (guint) MIN (run->source->n_frame - slot->first, SAXID_LANES);
  slot->done = FALSE;
  for (guint lane = 0; lane < SAXID_LANES; lane++)
    g_clear_error (&slot->errors[lane]);
}

static gboolean
give_slot (const Slot *slot, SaxidRunGive give, gpointer data, GError **error)
{
  for (guint lane = 0; lane < slot->n; lane++)
    {
      const SaxidRunFrame frame = {
        .frame = slot->first + lane,
        .sums = slot->errors[lane] == NULL ? slot->sums[lane] : NULL,
        .found = slot->errors[lane] == NULL && slot->is_found[lane] ? slot->found[lane] : NULL,
        .monitor = slot->monitor[lane],
        .error = slot->errors[lane],
      };

      if (!give (&frame, data, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- threads ------------------------------------------------------------------------ */

static void
fail (Run *run, GError *error)
{
  g_mutex_lock (&run->lock);
  if (run->error == NULL)
    run->error = error;
  else
    g_error_free (error);
  run->stop = TRUE;
  g_cond_broadcast (&run->changed);
  g_mutex_unlock (&run->lock);
}

/* The next batch that nobody has, once there is a slot for it; NULL: there is none. */
static Slot *
take_batch (Run *run)
{
  Slot *slot = NULL;

  g_mutex_lock (&run->lock);
  while (!run->stop && run->next < run->n_batch && run->next >= run->given + run->n_slot)
    g_cond_wait (&run->changed, &run->lock);
  if (!run->stop && run->next < run->n_batch)
    {
      slot = &run->slots[run->next % run->n_slot];
      begin_slot (run, run->next++, slot);
    }
  g_mutex_unlock (&run->lock);
  return slot;
}

static gpointer
work (gpointer data)
{
  Run *run = data;
  GError *error = NULL;
  gpointer reader = run->source->open (run->source->data, &error);
  SaxidChainScratch *scratch;
  Slot *slot;

  if (error != NULL)
    {
      fail (run, error);
      return NULL;
    }
  scratch = saxid_chain_scratch_new (run->prepared);
  while ((slot = take_batch (run)) != NULL)
    {
      do_batch (run, reader, scratch, slot);
      g_mutex_lock (&run->lock);
      slot->done = TRUE;
      g_cond_broadcast (&run->changed);
      g_mutex_unlock (&run->lock);
    }
  saxid_chain_scratch_free (scratch);
  run->source->close (reader);
  return NULL;
}

/* Hands on what is done, batch by batch. */
static gboolean
collect (Run *run, SaxidRunGive give, gpointer data, GError **error)
{
  for (gsize batch = 0; batch < run->n_batch; batch++)
    {
      Slot *slot = &run->slots[batch % run->n_slot];
      gboolean ready;

      g_mutex_lock (&run->lock);
      while (!run->stop && !(run->next > batch && slot->done))
        g_cond_wait (&run->changed, &run->lock);
      ready = !run->stop;
      g_mutex_unlock (&run->lock);
      if (!ready || !give_slot (slot, give, data, error))
        return FALSE;
      g_mutex_lock (&run->lock);
      run->given++;
      g_cond_broadcast (&run->changed);
      g_mutex_unlock (&run->lock);
    }
  return TRUE;
}

static gboolean
run_threads (Run *run, guint jobs, SaxidRunGive give, gpointer data, GError **error)
{
  g_autofree GThread **threads = g_new (GThread *, jobs);
  gboolean done;

  for (guint k = 0; k < jobs; k++)
    threads[k] = g_thread_new ("frames", work, run);
  done = collect (run, give, data, error);
  g_mutex_lock (&run->lock);
  run->stop = TRUE;
  g_cond_broadcast (&run->changed);
  g_mutex_unlock (&run->lock);
  for (guint k = 0; k < jobs; k++)
    g_thread_join (threads[k]);
  return done;
}

static gboolean
run_here (Run *run, SaxidRunGive give, gpointer data, GError **error)
{
  GError *cause = NULL;
  gpointer reader = run->source->open (run->source->data, &cause);
  SaxidChainScratch *scratch;
  gboolean done = TRUE;

  if (cause != NULL)
    {
      g_propagate_error (error, cause);
      return FALSE;
    }
  scratch = saxid_chain_scratch_new (run->prepared);
  for (gsize batch = 0; done && batch < run->n_batch; batch++)
    {
      begin_slot (run, batch, &run->slots[0]);
      do_batch (run, reader, scratch, &run->slots[0]);
      done = give_slot (&run->slots[0], give, data, error);
    }
  saxid_chain_scratch_free (scratch);
  run->source->close (reader);
  return done;
}

static void
make_slots (Run *run, guint n)
{
  const gsize n_bin = saxid_binning_size (saxid_prepared_chain_integration (run->prepared));

  run->n_slot = n;
  run->slots = g_new0 (Slot, n);
  for (guint k = 0; k < n; k++)
    for (guint lane = 0; lane < SAXID_LANES; lane++)
      run->slots[k].sums[lane] = saxid_sums_new (n_bin);
}

static void
free_slots (Run *run)
{
  for (guint k = 0; k < run->n_slot; k++)
    for (guint lane = 0; lane < SAXID_LANES; lane++)
      {
        saxid_sums_free (run->slots[k].sums[lane]);
        g_free (run->slots[k].found[lane]);
        g_clear_error (&run->slots[k].errors[lane]);
      }
  g_free (run->slots);
}

gboolean
saxid_run_frames (const SaxidPreparedChain *prepared, const SaxidRunSource *source, guint jobs, SaxidRunGive give,
                  gpointer give_data, GError **error)
{
  Run run = { .prepared = prepared, .source = source };
  gboolean done;

  run.n_batch = (source->n_frame + SAXID_LANES - 1) / SAXID_LANES;
  run.n_pixel = saxid_binning_pixels (saxid_prepared_chain_integration (prepared));
  jobs = (guint) CLAMP ((gsize) jobs, 1, MAX (run.n_batch, 1));
  make_slots (&run, jobs > 1 ? SLOTS_PER_JOB * jobs : 1);
  g_mutex_init (&run.lock);
  g_cond_init (&run.changed);
  done = jobs > 1 ? run_threads (&run, jobs, give, give_data, error) : run_here (&run, give, give_data, error);
  if (run.error != NULL && error != NULL && *error == NULL)
    g_propagate_error (error, run.error);
  else
    g_clear_error (&run.error);
  g_mutex_clear (&run.lock);
  g_cond_clear (&run.changed);
  free_slots (&run);
  return done;
}
