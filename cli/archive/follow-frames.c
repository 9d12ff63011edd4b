/* Which form factors are in the frames of a file that is still being written?
 *
 * The file is opened anew for each look, since HDF5 shares what it knows of a file among all
 * that have it open. Its writer may extend the images before it fills them: frames at the end
 * without a count, or that cannot be read, are not there yet. What is integrated is kept beside
 * the file of curves until that is whole, as by reduce --resume; the curves of it are judged anew.
 *
 * Thread: see follow-frames.h.
 */
#include "config.h"

#include "cli/archive/follow-frames.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/archive/frames.h"
#include "cli/archive/vigil.h"
#include "cli/reduce/run.h"
#include "cli/reduce/technique.h"
#include "reducers/error.h"
#include "schemas/disk/same-file.h"
#include "schemas/tag/reader.h"

#define AT_ONCE 64     /* frames, between two signs of life */
#define PART_OF_TIME 9 /* of the time writes may take: one to nine */
#define FRAMES "/entry/azint1d"
#define MERGED "/entry"
#define SAME 1e-9      /* of what is integrated again: eight frames at a time round otherwise than one */

static const SaxidSource of_frames = { .entry = (char *) FRAMES, .i_path = (char *) SAXID_REDUCED_FRAMES_PATH };
static const SaxidSource of_all = { .entry = (char *) MERGED, .i_path = (char *) SAXID_REDUCED_MERGED_PATH };

typedef struct
{
  const SaxidModule *module;
  SaxidVigil vigil;
  const SaxidReduceOptions *reduce;

  SaxidReduceJob job;
  SaxidFrameFile *variances;
  SaxidPreparedChain *prepared; /* NULL: not begun */
  SaxidReduceResult *result;
  GPtrArray *verdict;   /* of SaxidModuleVerdict, of each curve */
  gsize next;           /* frame */
  gsize at_once;
  gsize published;      /* curves that the file has */
  gsize known;          /* curves whose tags it had before */
  gint64 publish_at;    /* µs, not before */
  guint told_failed, told_odd;
} Follow;

static void
free_verdict (gpointer data)
{
  saxid_module_verdict_clear (data);
  g_free (data);
}

/* ---- beginnings --------------------------------------------------------------------- */

static void
end_job (Follow *follow)
{
  g_clear_pointer (&follow->result, saxid_reduce_result_free);
  g_clear_pointer (&follow->prepared, saxid_prepared_chain_free);
  g_clear_pointer (&follow->variances, saxid_frame_file_close);
  saxid_reduce_job_clear (&follow->job);
  follow->job = (SaxidReduceJob) { 0 };
  g_ptr_array_set_size (follow->verdict, 0);
  follow->next = follow->published = follow->known = follow->told_failed = follow->told_odd = 0;
  follow->at_once = AT_ONCE;
}

/* What is kept is of no worth, or in the file of curves. */
static void
forget (Follow *follow)
{
  if (follow->result != NULL && follow->result->journal != NULL)
    saxid_reduce_journal_done (g_steal_pointer (&follow->result->journal));
}

static void
start_over (Follow *follow, const char *why)
{
  forget (follow);
  end_job (follow);
  saxid_vigil_remark (&follow->vigil, why);
  follow->vigil.deaf |= !follow->vigil.listener->anew (follow->vigil.listener->data);
}

/* Whether a curve that was kept is that of the file still. */
static gboolean
is_same_curve (const SaxidCurve *a, const SaxidCurve *b)
{
  if (a->n != b->n)
    return FALSE;
  for (gsize k = 0; k < a->n; k++)
    if (isfinite (a->intensity[k]) != isfinite (b->intensity[k])
        || fabs (a->intensity[k] - b->intensity[k]) > SAME * fabs (a->intensity[k]))
      return FALSE;
  return TRUE;
}

static gboolean
is_same_frame (Follow *follow, SaxidFrameFile *file, guint row)
{
  const GPtrArray *kept = follow->result->curve;
  g_autoptr (SaxidReduceResult) again = saxid_reduce_result_new (&follow->job, follow->prepared, NULL);
  const gsize frame = g_array_index (follow->result->source_frame, gsize, row);
  const guint n = kept->len / follow->result->source->len;
  SaxidReduceDoubt *doubt = follow->job.technique.doubt;
  gboolean same = frame < saxid_frame_file_info (file)->n_frame;
  gsize next;

  again->variances = follow->variances;
  follow->job.technique.doubt = NULL; /* it was taken before */
  same = same && saxid_reduce_result_add_some (again, file, frame, 1, &next, NULL) && again->curve->len == n;
  follow->job.technique.doubt = doubt;
  for (guint k = 0; same && k < n; k++)
    same = is_same_curve (kept->pdata[row * n + k], again->curve->pdata[k]);
  return same;
}

/* Curves whose tags are in the file of curves, by this model. */
static gsize
count_known (const Follow *follow)
{
  g_autoptr (SaxidRecord) record = saxid_tag_read (follow->job.options.output, FRAMES, "saxid", NULL);

  return record != NULL && strcmp (record->model_sha256, follow->module->description.model_sha256) == 0 ? record->n_curve : 0;
}

static gboolean
begin_result (Follow *follow, GError **error)
{
  char *paths[] = { (char *) follow->vigil.path, NULL };
  gboolean begun_anew;

  follow->result = saxid_reduce_result_new (&follow->job, follow->prepared, NULL);
  follow->result->variances = follow->variances;
  follow->result->journal = saxid_reduce_journal_open (&follow->job, follow->prepared, paths, TRUE, &begun_anew, error);
  return follow->result->journal != NULL;
}

/* What an earlier follower has kept of the same file: its first frame and its last are
 * integrated again, and must come to the same. */
static gboolean
take_up (Follow *follow, SaxidFrameFile *file, GError **error)
{
  guint n;

  if (!begin_result (follow, error) || !saxid_reduce_run_take_up (follow->result, file, &follow->next, error))
    return FALSE;
  n = follow->result->source->len;
  if (n == 0)
    return TRUE;
  if (is_same_frame (follow, file, 0) && is_same_frame (follow, file, n - 1))
    {
      follow->known = count_known (follow);
      return TRUE;
    }
  forget (follow);
  g_clear_pointer (&follow->result, saxid_reduce_result_free);
  follow->next = 0;
  /* the doubt knows frames that are no more */
  return saxid_reduce_technique_check (&follow->job, file, error) && begin_result (follow, error);
}

/* Geometry and mask may come after the first frame: what is missing is an error only when
 * nothing comes any more. */
static gboolean
begin (Follow *follow, SaxidFrameFile *file, GError **error)
{
  follow->job = (SaxidReduceJob) { .options = saxid_archive_reduce_options (follow->vigil.path, follow->reduce) };
  if (!saxid_reduce_job_begin (&follow->job, error)
      || (follow->prepared = saxid_reduce_run_prepare (&follow->job, file, &follow->variances, error)) == NULL
      || !saxid_reduce_technique_check (&follow->job, file, error) || !take_up (follow, file, error))
    {
      end_job (follow);
      return FALSE;
    }
  follow->vigil.about = follow->vigil.now;
  return TRUE;
}

/* ---- curves ------------------------------------------------------------------------- */

/* Over q, whatever the curve is drawn over. Errors: of an angle without a wavelength. */
static gboolean
judge (const Follow *follow, const SaxidCurve *curve, SaxidRadial radial, SaxidModuleVerdict *answer, GError **error)
{
  g_autofree double *q = g_new (double, MAX (curve->n, 1));
  struct saxid_curve given = saxid_module_curve (curve);
  struct saxid_error flat = { .struct_size = sizeof flat };

  given.q = q;
  for (gsize k = 0; k < curve->n; k++)
    if (!saxid_geometry_radial_q (&follow->job.geometry, radial, curve->q[k], &q[k]))
      {
        g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "curves over %s have no q without a wavelength, and cannot be tagged (%s)",
                     saxid_radial_words (radial)->name, follow->job.geometry_source);
        return FALSE;
      }
  return follow->module->table->process_curves (follow->module->context, follow->module->workspace, &given, 1, &answer->verdict,
                                                &flat) >= 0
         || saxid_module_fail (&flat, error);
}

static SaxidRadial
radial_of (const Follow *follow)
{
  return (SaxidRadial) saxid_chain_get (follow->job.chain, "integrate", "radial");
}

static void
tell (Follow *follow, const SaxidSource *source, gsize row, const SaxidModuleVerdict *answer)
{
  const gboolean is_known = source == &of_frames && row < follow->known;

  follow->vigil.deaf |= !follow->vigil.listener->curve (is_known ? SAXID_FOLLOW_KNOWN : SAXID_FOLLOW_NEW, source, row, &answer->verdict,
                                                        follow->vigil.listener->data);
}

/* All that was taken is judged: the file of curves is written of nothing less. */
static gboolean
is_complete (const Follow *follow)
{
  return follow->verdict->len == follow->result->curve->len;
}

static gboolean
judge_new (Follow *follow, GError **error)
{
  const GPtrArray *curves = follow->result->curve;

  while (follow->verdict->len < curves->len && !saxid_vigil_is_over (&follow->vigil))
    {
      const guint row = follow->verdict->len;
      SaxidModuleVerdict *answer = g_new0 (SaxidModuleVerdict, 1);

      saxid_module_verdict_init (answer, follow->module);
      g_ptr_array_add (follow->verdict, answer);
      if (!judge (follow, curves->pdata[row], radial_of (follow), answer, error))
        return FALSE;
      tell (follow, &of_frames, row, answer);
      follow->vigil.news = g_get_monotonic_time ();
      if (row % AT_ONCE == 0) /* what was taken up may be long */
        follow->vigil.deaf |= !follow->vigil.listener->alive (follow->vigil.listener->data);
    }
  return TRUE;
}

/* ---- the file of curves ---------------------------------------------------------------- */

static gboolean
write_tags (const Follow *follow, const SaxidSource *source, const struct saxid_verdict *verdicts, gsize n, GError **error)
{
  const struct saxid_write_options how = { .struct_size = sizeof how };
  struct saxid_error flat = { .struct_size = sizeof flat };

  return follow->module->table->write_tags (follow->module->context, follow->job.options.output, source->entry, verdicts, n,
                                            &how, &flat) >= 0
         || saxid_module_fail (&flat, error);
}

/* Of one frame alone the curve of all is the same, and has its tags. */
static gboolean
tag_frames (const Follow *follow, GError **error)
{
  g_autofree struct saxid_verdict *all = g_new (struct saxid_verdict, follow->verdict->len);

  for (guint k = 0; k < follow->verdict->len; k++)
    all[k] = ((const SaxidModuleVerdict *) follow->verdict->pdata[k])->verdict;
  return follow->verdict->len == 1 || write_tags (follow, &of_frames, all, follow->verdict->len, error);
}

/* The curve of all frames is told once, at the end. */
static gboolean
tag_merged (Follow *follow, gboolean last, GError **error)
{
  g_autoptr (SaxidCurve) points = saxid_reduced_points (follow->result->merged, &follow->job.geometry, radial_of (follow));
  g_auto (SaxidModuleVerdict) answer = { 0 };
  gboolean done;

  g_return_val_if_fail (points != NULL, FALSE); /* its frames had their q */
  saxid_module_verdict_init (&answer, follow->module);
  done = judge (follow, points, SAXID_RADIAL_Q, &answer, error) && write_tags (follow, &of_all, &answer.verdict, 1, error);
  if (done && last)
    tell (follow, &of_all, 0, &answer);
  return done;
}

/* What is new since it was told. */
static void
tell_count (Follow *follow, guint n, guint *told, const char *what)
{
  g_autofree char *text = g_strdup_printf ("%u frame%s %s", n - *told, n - *told == 1 ? "" : "s", what);

  if (n > *told)
    saxid_vigil_remark (&follow->vigil, text);
  *told = n;
}

static void
tell_failed (Follow *follow)
{
  const SaxidReduceResult *result = follow->result;

  tell_count (follow, result->failed - result->odd, &follow->told_failed, "could not be read");
  tell_count (follow, result->odd, &follow->told_odd, "of grazing incidence left out");
}

static gboolean
publish (Follow *follow, const SaxidFrameFile *file, gboolean last, GError **error)
{
  const gint64 began = g_get_monotonic_time ();

  tell_failed (follow);
  if (!saxid_reduce_result_end (follow->result, error)
      || !saxid_reduce_result_write (follow->result, saxid_frame_file_info (file), error)
      || !tag_frames (follow, error) || !tag_merged (follow, last, error))
    return FALSE;
  follow->published = follow->verdict->len;
  follow->publish_at = g_get_monotonic_time () + PART_OF_TIME * (g_get_monotonic_time () - began);
  return TRUE;
}

/* ---- the file that grows ----------------------------------------------------------------- */

/* Takes the next frames; *more: there are others behind them. */
static gboolean
take_frames (Follow *follow, SaxidFrameFile *file, gboolean all, gboolean *more, GError **error)
{
  const gsize n_frame = saxid_frame_file_info (file)->n_frame, first = follow->next;
  const gsize n = MIN (n_frame - MIN (first, n_frame), follow->at_once);

  follow->result->is_patient = !all;
  if (n > 0 && !saxid_reduce_run_add (follow->result, file, first, n, &follow->next, error))
    return FALSE;
  *more = first + n < n_frame;
  follow->at_once = *more && follow->next == first ? 2 * follow->at_once : AT_ONCE; /* behind blank ones */
  return judge_new (follow, error);
}

static gboolean
reduce_all (Follow *follow, SaxidFrameFile *file, gboolean all, GError **error)
{
  gboolean more = TRUE;

  while (more && !saxid_vigil_is_over (&follow->vigil))
    {
      if (!take_frames (follow, file, all, &more, error))
        return FALSE;
      follow->vigil.deaf |= !follow->vigil.listener->alive (follow->vigil.listener->data);
      if (follow->verdict->len > follow->published && is_complete (follow) && follow->result->good > 0
          && g_get_monotonic_time () >= follow->publish_at && !publish (follow, file, FALSE, error))
        return FALSE;
    }
  return TRUE;
}

/* One look at the file; sets follow->vigil.done when there is nothing to come. */
static gboolean
follow_once (Follow *follow, GError **error)
{
  const gboolean growing = saxid_reader_is_growing (follow->vigil.path); /* before: what is read then is all */
  const SaxidFrameOptions how = { .path = follow->reduce->path, .follow_links = follow->reduce->follow_links };
  const gboolean last = !growing || saxid_vigil_is_late (&follow->vigil);
  g_autoptr (GError) cause = NULL;
  g_autoptr (SaxidFrameFile) file = saxid_frame_file_open (follow->vigil.path, &how, &cause);

  if (file != NULL && follow->prepared != NULL && saxid_frame_file_info (file)->n_frame < follow->next)
    start_over (follow, "it has fewer frames than before: its curves are begun anew");
  if (file == NULL || (follow->prepared == NULL && !begin (follow, file, &cause)))
    {
      if (last)
        g_propagate_error (error, g_steal_pointer (&cause));
      return !last;
    }
  if (growing && last)
    saxid_vigil_remark (&follow->vigil, "it does not grow any more, and its writer has not closed it");
  if (!reduce_all (follow, file, last, error))
    return FALSE;
  follow->vigil.done = last && is_complete (follow) && !saxid_vigil_is_over (&follow->vigil);
  if ((follow->vigil.done || (saxid_vigil_is_over (&follow->vigil) && is_complete (follow) && follow->verdict->len > follow->published))
      && !publish (follow, file, follow->vigil.done, error))
    return FALSE;
  if (follow->vigil.done)
    forget (follow);
  return TRUE;
}

/* --- the vigil ---------------------------------------------------------------------- */

static gboolean
is_begun (gpointer data)
{
  return ((const Follow *) data)->prepared != NULL;
}

static void
start_over_another (gpointer data)
{
  start_over (data, "it was replaced by another file: its curves are begun anew");
}

static gboolean
look_once (gpointer data, GError **error)
{
  return follow_once (data, error);
}

static const SaxidVigilWork work = { is_begun, start_over_another, look_once, NULL };

gboolean
saxid_follow_frames (const SaxidModule *module, const char *path, const SaxidReduceOptions *reduce,
                     const SaxidFollowOptions *options, const SaxidFollowListener *listener, gboolean *stopped,
                     GError **error)
{
  g_autoptr (GPtrArray) verdict = g_ptr_array_new_with_free_func (free_verdict);
  Follow follow = { .module = module, .reduce = reduce, .verdict = verdict, .at_once = AT_ONCE,
                    .vigil = { .path = path, .options = options, .listener = listener, .news = g_get_monotonic_time () } };
  const gboolean done = saxid_vigil_keep (&follow.vigil, &work, &follow, error);

  *stopped = !follow.vigil.done;
  end_job (&follow);
  return done;
}
