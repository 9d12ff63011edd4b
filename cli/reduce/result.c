/* What comes out of a run of frames?
 *
 * Thread: see result.h.
 */
#include "config.h"

#include "cli/reduce/result.h"

#include <math.h>
#include <string.h>

#include "cli/interrupt.h"
#include "cli/text.h"
#include "reducers/error.h"
#include "schemas/frame/run.h"

#define VERB "reduce"
#define MOST_POINTS (1 << 27) /* of all curves: some 4 GB with their errors */

SaxidReduceResult *
saxid_reduce_result_new (const SaxidReduceJob *job, const SaxidPreparedChain *prepared, SaxidProgress *progress)
{
  SaxidReduceResult *result = g_new0 (SaxidReduceResult, 1);

  result->job = job;
  result->prepared = prepared;
  result->progress = progress;
  result->curve = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_curve_free);
  result->norm = g_array_new (FALSE, FALSE, sizeof (double));
  result->source = g_ptr_array_new_with_free_func (g_free);
  result->source_frame = g_array_new (FALSE, FALSE, sizeof (gsize));
  result->monitor = g_array_new (FALSE, FALSE, sizeof (double));
  result->cake = g_array_new (FALSE, FALSE, sizeof (double));
  result->cake_sigma = g_array_new (FALSE, FALSE, sizeof (double));
  result->cake_norm = g_array_new (FALSE, FALSE, sizeof (double));
  result->sums = saxid_sums_new (saxid_binning_size (saxid_prepared_chain_integration (prepared)));
  result->waiting = saxid_reduce_waiting_new ();
  result->held = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  return result;
}

void
saxid_reduce_result_free (SaxidReduceResult *result)
{
  if (result == NULL)
    return;
  g_ptr_array_unref (result->curve);
  g_ptr_array_unref (result->source);
  g_ptr_array_unref (result->held);
  g_ptr_array_unref (result->waiting);
  saxid_reduce_journal_close (result->journal);
  g_array_unref (result->norm);
  g_array_unref (result->source_frame);
  g_array_unref (result->monitor);
  g_array_unref (result->cake);
  g_array_unref (result->cake_sigma);
  g_array_unref (result->cake_norm);
  saxid_sums_free (result->sums);
  saxid_curve_free (result->merged);
  g_free (result->found);
  g_free (result);
}

/* ---- frames that fail --------------------------------------------------------------- */

static void
say_failure (const SaxidReduceResult *result, const GError *error)
{
  g_autofree char *line = saxid_text_printable (error->message);

  saxid_progress_hide (result->progress);
  g_printerr ("saxid " VERB ": %s\n", line);
}

static void
say_held (SaxidReduceResult *result)
{
  for (guint k = 0; k < result->held->len; k++)
    say_failure (result, result->held->pdata[k]);
  g_ptr_array_set_size (result->held, 0);
}

static void
fail_frame (SaxidReduceResult *result, const SaxidRunFrame *frame)
{
  GError *error = g_error_copy (frame->error);

  if (strstr (error->message, result->name) == NULL)
    saxid_error_add_place (&error, "%s, frame %" G_GSIZE_FORMAT, result->name, frame->frame);
  result->failed++;
  g_ptr_array_add (result->held, error);
  if (result->good > 0)
    say_held (result);
}

/* n of the run, counted in *left_out; takes the reason. */
static void
leave_out (SaxidReduceResult *result, guint n, guint *left_out, GError *reason)
{
  result->failed += n;
  *left_out += n;
  g_ptr_array_add (result->held, reason);
  if (result->good > 0)
    say_held (result);
}

void
saxid_reduce_result_leave_out (SaxidReduceResult *result, GError *reason)
{
  leave_out (result, 1, &result->left_out, reason);
}

void
saxid_reduce_result_leave_out_frame (SaxidReduceResult *result, const SaxidFrameFile *file, gsize frame)
{
  leave_out (result, 1, &result->odd,
             g_error_new (SAXID_ERROR, SAXID_ERROR_UNSUPPORTED,
                          "frame %" G_GSIZE_FORMAT " is of grazing incidence, and most others are not: it is left out; "
                          "--technique saxs integrates it all the same (%s)",
                          frame, saxid_frame_file_path (file)));
}

/* "frames 3, 7 to 9" */
static char *
list_frames (const GArray *frames)
{
  GString *text = g_string_new (frames->len == 1 ? "frame " : "frames ");

  for (guint k = 0, end; k < frames->len; k = end)
    {
      const gsize first = g_array_index (frames, gsize, k);

      for (end = k + 1; end < frames->len && g_array_index (frames, gsize, end) == first + (end - k);)
        end++;
      g_string_append_printf (text, "%s%" G_GSIZE_FORMAT, k > 0 ? ", " : "", first);
      if (end > k + 1)
        g_string_append_printf (text, "%s %" G_GSIZE_FORMAT, end > k + 2 ? " to" : ",", first + (end - k - 1));
    }
  return g_string_free (text, FALSE);
}

void
saxid_reduce_result_leave_out_past (SaxidReduceResult *result, const SaxidFrameFile *file, const GArray *frames)
{
  const gboolean one = frames->len == 1;
  g_autofree char *list = list_frames (frames);

  if (frames->len > 0)
    leave_out (result, frames->len, &result->odd,
               g_error_new (SAXID_ERROR, SAXID_ERROR_UNSUPPORTED,
                            "%u frame%s of grazing incidence, and most others are not: %s left out before the stop "
                            "(%s); --technique saxs integrates %s all the same (%s)",
                            frames->len, one ? " is" : "s are", one ? "it was" : "they were", list, one ? "it" : "them",
                            saxid_frame_file_path (file)));
}

/* "2 files", with what stands before it; nothing for none. */
static void
append_left_out (GString *text, guint n, const char *what)
{
  if (n > 0)
    g_string_append_printf (text, ", %u %s%s of grazing incidence left out", n, what, n == 1 ? "" : "s");
}

/* ---- frames --------------------------------------------------------------------------- */

/* All azimuths of sums in one. */
static SaxidSums *
sum_azimuths (const SaxidSums *sums, gsize n_bin)
{
  SaxidSums *all = saxid_sums_new (n_bin);

  for (gsize k = 0; k < sums->n; k++)
    {
      all->signal[k % n_bin] += sums->signal[k];
      all->variance[k % n_bin] += sums->variance[k];
      all->normalisation[k % n_bin] += sums->normalisation[k];
      all->normalisation2[k % n_bin] += sums->normalisation2[k];
      all->count[k % n_bin] += sums->count[k];
    }
  return all;
}

static gboolean
add_curve (SaxidReduceResult *result, const SaxidSums *sums, gsize azimuth, GError **error)
{
  const gsize n_bin = saxid_prepared_chain_bins (result->prepared)->grid.n;
  SaxidCurve *curve = saxid_chain_curve (result->prepared, sums, azimuth, error);

  if (curve == NULL)
    return FALSE;
  g_ptr_array_add (result->curve, curve);
  g_array_append_vals (result->norm, sums->normalisation + azimuth * n_bin, (guint) n_bin);
  return TRUE;
}

/* The cake as it is: of the steps behind the integration the background alone changes it. */
static gboolean
add_cake (SaxidReduceResult *result, const SaxidSums *sums, GError **error)
{
  const SaxidBins *bins = saxid_prepared_chain_bins (result->prepared);

  for (gsize azimuth = 0; azimuth < bins->n_azimuth; azimuth++)
    {
      g_autoptr (SaxidCurve) curve = saxid_sums_curve (sums, &bins->grid, azimuth);

      if (!saxid_chain_subtract (result->prepared, sums, azimuth, curve, error))
        return FALSE;
      g_array_append_vals (result->cake, curve->intensity, (guint) bins->grid.n);
      if (curve->sigma != NULL) /* of a background without errors there is none, and none is written */
        g_array_append_vals (result->cake_sigma, curve->sigma, (guint) bins->grid.n);
    }
  g_array_append_vals (result->cake_norm, sums->normalisation, (guint) sums->n);
  return TRUE;
}

static gboolean
has_cake (const SaxidReduceResult *result)
{
  return saxid_prepared_chain_bins (result->prepared)->n_azimuth > 1 && result->job->options.sectors == SAXID_NOT_GIVEN;
}

static gboolean
add_frame (SaxidReduceResult *result, const SaxidSums *sums, GError **error)
{
  const SaxidBins *bins = saxid_prepared_chain_bins (result->prepared);
  g_autoptr (SaxidSums) all = NULL;

  if (has_cake (result))
    {
      if (!add_cake (result, sums, error))
        return FALSE;
      all = sum_azimuths (sums, bins->grid.n);
      return add_curve (result, all, 0, error);
    }
  for (gsize azimuth = 0; azimuth < bins->n_azimuth; azimuth++)
    if (!add_curve (result, sums, azimuth, error))
      return FALSE;
  return TRUE;
}

static void
note_found (SaxidReduceResult *result, const guint8 *found)
{
  const gsize n = result->job->map->n;

  if (found == NULL)
    return;
  if (result->found == NULL)
    result->found = g_new0 (guint32, n);
  for (gsize k = 0; k < n; k++)
    result->found[k] += found[k] == 2;
}

gboolean
saxid_reduce_result_take (SaxidReduceResult *result, const SaxidRunFrame *frame, GError **error)
{
  g_autoptr (SaxidSums) nothing = NULL;

  if (frame->sums != NULL)
    {
      result->good++;
      say_held (result);
      saxid_sums_add (result->sums, frame->sums);
      note_found (result, frame->found);
    }
  else
    {
      fail_frame (result, frame);
      nothing = saxid_sums_new (result->sums->n);
    }
  if (!add_frame (result, nothing != NULL ? nothing : frame->sums, error))
    {
      saxid_error_add_place (error, "%s, frame %" G_GSIZE_FORMAT, result->name, frame->frame);
      return FALSE;
    }
  g_ptr_array_add (result->source, g_strdup (result->name));
  g_array_append_val (result->source_frame, frame->frame);
  g_array_append_val (result->monitor, frame->monitor);
  if (result->progress != NULL)
    saxid_progress_advance (result->progress, 1);
  return TRUE;
}

static gboolean
is_stopped (const SaxidReduceResult *result, GError **error)
{
  if (!result->ends || !saxid_interrupted ())
    return FALSE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "stopped after %u frames%s (%s)", result->source->len,
               result->journal != NULL ? ", which are kept: the same command goes on from there" : "", result->name);
  return TRUE;
}

static gboolean
keep_frame (SaxidReduceResult *result, const SaxidRunFrame *frame, GError **error)
{
  return !is_stopped (result, error) && (result->journal == NULL || saxid_reduce_journal_put (result->journal, result->file, frame, error))
         && saxid_reduce_result_take (result, frame, error);
}

static gboolean
is_blank (const SaxidSums *sums)
{
  for (gsize k = 0; k < sums->n; k++)
    if (sums->signal[k] != 0)
      return FALSE;
  return TRUE;
}

/* A writer that has gone on has left those before as they are. */
static gboolean
keep_waiting (SaxidReduceResult *result, GError **error)
{
  for (guint k = 0; k < result->waiting->len; k++)
    if (!keep_frame (result, saxid_reduce_waiting_frame (result->waiting, k), error))
      return FALSE;
  g_ptr_array_set_size (result->waiting, 0);
  return TRUE;
}

static gsize
curve_bins (const SaxidReduceResult *result)
{
  return saxid_prepared_chain_bins (result->prepared)->grid.n;
}

/* Frames of the run are counted from its first. */
typedef struct
{
  SaxidReduceResult *result;
  gsize first;
} Taker;

/* Frames at the end that are not there yet wait, where those may still come. */
static gboolean
pass_frame (SaxidReduceResult *result, const SaxidRunFrame *frame, GError **error)
{
  if (result->is_patient && (frame->sums == NULL || is_blank (frame->sums)))
    {
      saxid_reduce_waiting_add (result->waiting, frame, result->job->map->n);
      return TRUE;
    }
  return keep_waiting (result, error) && keep_frame (result, frame, error);
}

static gboolean
take_frame (const SaxidRunFrame *frame, gpointer data, GError **error)
{
  const Taker *taker = data;
  SaxidReduceResult *result = taker->result;
  SaxidReduceDoubt *doubt = result->job->technique.doubt;
  SaxidRunFrame taken = *frame;

  taken.frame += taker->first;
  if (is_stopped (result, error))
    return FALSE;
  return (doubt != NULL && saxid_reduce_doubt_holds (doubt, &taken, curve_bins (result), result->job->map->n))
         || pass_frame (result, &taken, error);
}

/* The run is at rest: frames that have waited for this are taken, or left out. */
static gboolean
settle_doubts (SaxidReduceResult *result, SaxidReduceDoubt *doubt, SaxidFrameFile *file, GError **error)
{
  GPtrArray *waiting = doubt->waiting;

  for (guint k = 0; k < waiting->len; k++)
    {
      const SaxidRunFrame *frame = saxid_reduce_waiting_frame (waiting, k);

      if (!saxid_reduce_doubt_is_odd (doubt, file, frame, curve_bins (result)))
        {
          if (!pass_frame (result, frame, error))
            return FALSE;
        }
      else if (keep_waiting (result, error)) /* a frame that is left out has counts: those before it are as they are */
        saxid_reduce_result_leave_out_frame (result, file, frame->frame);
      else
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_size (const SaxidReduceResult *result, const SaxidFrameFile *file, gsize n, GError **error)
{
  const gsize n_frame = result->source->len + n, n_point = MAX (result->sums->n, 1);

  if (n_frame <= MOST_POINTS / n_point)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT,
               "%" G_GSIZE_FORMAT " frames of %" G_GSIZE_FORMAT " points each are more than the %d points that are "
               "kept; reduce to fewer --bins, or fewer files at a time (%s)",
               n_frame, n_point, MOST_POINTS, saxid_frame_file_path (file));
  return FALSE;
}

gboolean
saxid_reduce_result_add (SaxidReduceResult *result, SaxidFrameFile *file, GError **error)
{
  gsize next;

  return saxid_reduce_result_add_some (result, file, 0, saxid_frame_file_info (file)->n_frame, &next, error);
}

gboolean
saxid_reduce_result_add_some (SaxidReduceResult *result, SaxidFrameFile *file, gsize first, gsize n, gsize *next,
                              GError **error)
{
  g_autoptr (SaxidFrameRun) run = NULL;
  SaxidReduceDoubt *doubt = result->job->technique.doubt;
  Taker taker = { result, first };
  gboolean done;

  if (!saxid_reduce_job_check (result->job, file, error) || !check_size (result, file, n, error))
    return FALSE;
  result->name = saxid_frame_file_path (file);
  run = saxid_frame_run_new (file, result->variances, error);
  if (run == NULL)
    return FALSE;
  saxid_frame_run_narrow (run, first, n);
  done = saxid_run_frames (result->prepared, saxid_frame_run_source (run), result->job->jobs, take_frame, &taker, error);
  n = saxid_frame_run_source (run)->n_frame;
  g_clear_pointer (&run, saxid_frame_run_free);
  done = done && (doubt == NULL || settle_doubts (result, doubt, file, error));
  if (doubt != NULL)
    g_ptr_array_set_size (doubt->waiting, 0);
  *next = first + n - result->waiting->len;
  g_ptr_array_set_size (result->waiting, 0);
  return done;
}

gboolean
saxid_reduce_result_merge (SaxidReduceResult *result, const SaxidReduceResult *other, GError **error)
{
  if (other->good == 0)
    {
      if (other->held->len > 0)
        g_propagate_error (error, g_error_copy (other->held->pdata[0]));
      return FALSE;
    }
  saxid_sums_weigh (other->sums, saxid_reduce_job_solid_angle (other->job) / saxid_reduce_job_solid_angle (result->job));
  saxid_sums_add (result->sums, other->sums);
  result->failed += other->failed;
  result->odd += other->odd;
  return TRUE;
}

gboolean
saxid_reduce_result_end (SaxidReduceResult *result, GError **error)
{
  const SaxidBins *bins = saxid_prepared_chain_bins (result->prepared);
  g_autoptr (SaxidSums) all = NULL;

  if (result->good == 0)
    {
      if (result->held->len > 0)
        g_propagate_error (error, g_error_copy (result->held->pdata[0]));
      return FALSE;
    }
  all = sum_azimuths (result->sums, bins->grid.n);
  saxid_curve_free (result->merged);
  result->merged = saxid_chain_curve (result->prepared, all, 0, error);
  return result->merged != NULL;
}

/* ---- what is written and said ------------------------------------------------------------ */

/* Of all pixels that take no part, so that two reductions can be told apart. */
static char *
mask_checksum (const SaxidReduceResult *result, gsize *n_bad)
{
  const guint8 *bad = saxid_prepared_chain_recipe (result->prepared)->bad;
  const gsize n = result->job->map->n;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  *n_bad = 0;
  if (bad == NULL)
    return NULL;
  for (gsize k = 0; k < n; k++)
    {
      const guint8 bit = bad[k] != 0;

      *n_bad += bit;
      g_checksum_update (checksum, &bit, 1);
    }
  return g_strdup (g_checksum_get_string (checksum));
}

static double *
azimuth_edges (const SaxidBins *bins)
{
  double *edge = g_new (double, bins->n_azimuth + 1);

  for (gsize k = 0; k <= bins->n_azimuth; k++)
    edge[k] = (bins->chi_min + bins->chi_width * (double) k / (double) bins->n_azimuth) * 180 / G_PI;
  return edge;
}

static double *
radial_centres (const SaxidGrid *grid)
{
  double *centre = g_new (double, grid->n);

  for (gsize k = 0; k < grid->n; k++)
    centre[k] = saxid_grid_centre (grid, k);
  return centre;
}

gboolean
saxid_reduce_result_write (const SaxidReduceResult *result, const SaxidFrameInfo *info, GError **error)
{
  const SaxidReduceJob *job = result->job;
  const SaxidBins *bins = saxid_prepared_chain_bins (result->prepared);
  const gboolean same_grid = !saxid_chain_has (job->chain, "rebin");
  const gboolean known = job->technique.of_curve != SAXID_TECHNIQUE_UNKNOWN;
  const gboolean is_told = job->technique.told != SAXID_TECHNIQUE_UNKNOWN;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format_iso8601 (now);
  g_autofree char *chain = saxid_chain_to_string (job->chain);
  g_autofree double *edges = azimuth_edges (bins), *centres = radial_centres (&bins->grid);
  gsize n_bad;
  g_autofree char *checksum = mask_checksum (result, &n_bad);
  const SaxidAsked asked = saxid_reduce_asked_all (job->technique.asked, result->source->len, (const char *const *) result->source->pdata,
                                                   (const gsize *) (gpointer) result->source_frame->data,
                                                   job->technique.image != NULL ? job->technique.image->file->sha256 : NULL);
  const SaxidReduced reduced = {
    .n_frame = result->source->len,
    .n_sector = result->curve->len / MAX (result->source->len, 1),
    .frame = (SaxidCurve *const *) result->curve->pdata,
    .norm = same_grid ? (const double *) (gpointer) result->norm->data : NULL,
    .radial_edge = same_grid ? bins->edge : NULL,
    .n_azimuth = has_cake (result) ? bins->n_azimuth : 0,
    .azimuth_edge = edges,
    .n_radial = bins->grid.n,
    .cake_radial = centres,
    .cake_radial_edge = bins->edge,
    .cake = (const double *) (gpointer) result->cake->data,
    .cake_sigma = result->merged->sigma != NULL ? (const double *) (gpointer) result->cake_sigma->data : NULL,
    .cake_norm = (const double *) (gpointer) result->cake_norm->data,
    .merged = result->merged,
    .source = (const char *const *) result->source->pdata,
    .source_frame = (const gsize *) (gpointer) result->source_frame->data,
    .monitor = info->n_monitor > 0 ? (const double *) (gpointer) result->monitor->data : NULL,
    .title = info->title,
    .start_time = info->start_time,
    .q_unit = job->unit,
    .absolute = saxid_chain_has (job->chain, "calibration"),
    .geometry = &job->map->geometry,
    .geometry_source = job->geometry_source,
    .mask_source = job->mask != NULL ? job->mask_source : NULL,
    .mask_checksum = checksum,
    .n_masked = n_bad,
    .dark_source = job->options.dark,
    .flat_source = job->flat_source,
    .background_source = job->options.background,
    .variance_source = job->options.variance,
    .found_mask = result->found,
    .height = job->height,
    .width = job->width,
    .chain = chain,
    .solid_angle = saxid_chain_has (job->chain, "solid-angle"),
    .polarisation = saxid_chain_has (job->chain, "polarisation"),
    .monitor_applied = saxid_chain_has (job->chain, "monitor"),
    .technique = known ? saxid_technique_name (job->technique.of_curve) : NULL,
    .technique_source = !known ? NULL : is_told ? "told" : saxid_witness_name (job->technique.witness),
    .asked = &asked,
    .program_version = PACKAGE_VERSION,
    .date = date,
  };

  return saxid_reduced_file_write (job->options.output, &reduced, error);
}

void
saxid_reduce_result_say (const SaxidReduceResult *result)
{
  const SaxidReduceJob *job = result->job;
  const double factor = saxid_q_unit_factor (job->unit);
  const SaxidBins *bins = saxid_prepared_chain_bins (result->prepared);
  const SaxidCurve *curve = result->merged;
  g_autofree char *cake = NULL;
  g_autoptr (GString) left_out = g_string_new (NULL);
  gsize first = curve->n, last = 0, filled = 0;

  for (gsize k = 0; k < curve->n; k++)
    if (isfinite (curve->intensity[k]))
      {
        first = MIN (first, k);
        last = k;
        filled++;
      }
  if (job->options.quiet || filled == 0)
    return;
  append_left_out (left_out, result->left_out, "file");
  append_left_out (left_out, result->odd, "frame");
  if (bins->n_azimuth > 1)
    cake = g_strdup_printf ("%" G_GSIZE_FORMAT " %s, ", bins->n_azimuth, has_cake (result) ? "azimuths" : "sectors");
  g_print ("%s: %u frame%s of %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT " pixels, %s%" G_GSIZE_FORMAT " points, %s %.4g to "
           "%.4g %s%s\n",
           job->options.output, result->source->len, result->source->len == 1 ? "" : "s", job->height, job->width,
           cake != NULL ? cake : "", filled, saxid_q_unit_symbol (job->unit), curve->q[first] * factor, curve->q[last] * factor,
           saxid_q_unit_name (job->unit), left_out->str);
}
