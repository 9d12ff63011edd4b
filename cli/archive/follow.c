/* Which form factors are in a file that is still being written?
 *
 * The file is opened anew for each look: what was replaced, made shorter or damaged in
 * between is then seen for what it is. Its writer may extend an array before it fills it, so
 * a frame of zeros at the end is not there yet.
 *
 * Thread: one thread.
 */
#include "cli/archive/follow.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "cli/archive/vigil.h"
#include "reducers/error.h"
#include "schemas/disk/same-file.h"
#include "schemas/tag/live-side.h"
#include "schemas/tag/reader.h"
#include "schemas/tag/record.h"
#include "schemas/tag/target.h"

#define LOOK_AHEAD 8     /* frames: one of zeros before one that is none was meant so */
#define SAME 1e-3        /* of probabilities */

/* One set of curves of the file. */
typedef struct
{
  char *i_path, *group; /* of the tags */
  struct saxid_live *live;
  gsize next;           /* frame */
  gsize waited_for;     /* frame + 1 whose uncertainty was missing at the last look */
} Track;

typedef struct
{
  const SaxidModule *module;
  SaxidVigil vigil;
  SaxidModuleVerdict answer;
  GPtrArray *track;     /* of Track */
  SaxidLiveSide *side;  /* NULL: not begun */
  gboolean crystal;     /* a curve shows its peaks */
} Follow;

static void
track_free (gpointer data)
{
  Track *track = data;

  g_free (track->i_path);
  g_free (track->group);
  g_free (track);
}

static Track *
track_of (const Follow *follow, const SaxidSource *source)
{
  for (guint k = 0; k < follow->track->len; k++)
    if (strcmp (((Track *) follow->track->pdata[k])->i_path, source->i_path) == 0)
      return follow->track->pdata[k];
  return NULL;
}

/* --- the side file ------------------------------------------------------------- */

/* The entry of a set of curves among those that are followed. */
typedef struct
{
  const Follow *follow;
  const char *entry;
} Beside;

static gboolean
group_is_taken (const char *name, gpointer user)
{
  const Beside *beside = user;
  g_autofree char *path = g_build_path ("/", beside->entry, name, NULL);

  for (guint k = 0; k < beside->follow->track->len; k++)
    if (strcmp (((Track *) beside->follow->track->pdata[k])->group, path) == 0)
      return TRUE;
  return FALSE;
}

static char *
choose_group (const Follow *follow, const SaxidReader *reader, const SaxidSource *source)
{
  Beside beside = { follow, source->entry };
  g_autofree char *name = NULL;
  guint in_entry = 0;

  for (guint k = 0; k < saxid_reader_source_count (reader); k++)
    in_entry += strcmp (saxid_reader_source (reader, k)->entry, source->entry) == 0;
  name = saxid_record_group_name (source->data, in_entry, group_is_taken, &beside);
  return g_build_path ("/", source->entry, name, NULL);
}

static void
add_tracks (Follow *follow, const SaxidReader *reader)
{
  for (guint k = 0; k < saxid_reader_source_count (reader); k++)
    {
      const SaxidSource *source = saxid_reader_source (reader, k);
      Track *track;

      if (track_of (follow, source) != NULL)
        continue;
      track = g_new0 (Track, 1);
      track->i_path = g_strdup (source->i_path);
      track->group = choose_group (follow, reader, source);
      g_ptr_array_add (follow->track, track);
    }
}

static void
close_side (Follow *follow)
{
  for (guint k = 0; k < follow->track->len; k++)
    {
      Track *track = follow->track->pdata[k];

      follow->module->table->live_free (track->live);
      track->live = NULL;
    }
  g_clear_pointer (&follow->side, saxid_live_side_close);
}

static gboolean
prepare (Follow *follow, const SaxidSource *source, GError **error)
{
  g_autofree char *known = g_strjoinv ("; ", source->notes);
  g_autofree char *note = source->doubt == NULL ? g_strdup (known) : g_strconcat (known, known[0] != '\0' ? "; " : "", source->doubt, NULL);
  const struct saxid_plugin *table = follow->module->table;
  Track *track = track_of (follow, source);
  g_autofree char *name = g_path_get_basename (track->group), *file = g_path_get_basename (follow->vigil.path);
  struct saxid_error flat = { .struct_size = sizeof flat };
  const struct saxid_live_options options = {
    .struct_size = sizeof options,
    .flags = SAXID_LIVE_CONTINUE | (source->slit_smeared ? SAXID_LIVE_SLIT_SMEARED : 0),
    .file = saxid_live_side_file (follow->side), .path = saxid_live_side_path (follow->side),
    .entry = source->entry, .name = name, .i_path = source->i_path, .q_path = source->q_path,
    .sigma_path = source->sigma_path, .q_unit = source->q_unit, .i_unit = source->i_unit, .source_file = file,
    .note = note,
  };

  return saxid_live_side_link (follow->side, source->entry, source->i_path, source->q_path, source->sigma_path, error)
         && (table->live_prepare (follow->module->context, &options, &track->live, &flat) >= 0
             || saxid_module_fail (&flat, error));
}

static gboolean
open_side (Follow *follow, const SaxidReader *reader, gboolean anew, GError **error)
{
  follow->side = saxid_live_side_open (follow->vigil.path, anew, error);
  if (follow->side == NULL)
    return FALSE;
  for (guint k = 0; k < saxid_reader_source_count (reader); k++)
    if (!prepare (follow, saxid_reader_source (reader, k), error))
      return FALSE;
  return saxid_live_side_begin (follow->side, error);
}

/* --- frames ---------------------------------------------------------------------- */

static gboolean
is_blank (const double *values, gsize n)
{
  for (gsize k = 0; k < n; k++)
    if (isfinite (values[k]) && values[k] != 0)
      return FALSE;
  return TRUE;
}

/* Whether the writer has been at one of the frames that come after. */
static gboolean
is_passed (SaxidReader *reader, guint source, gsize frame)
{
  const gsize end = MIN (saxid_reader_source (reader, source)->n_frame, frame + 1 + LOOK_AHEAD);

  for (gsize k = frame + 1; k < end; k++)
    {
      g_autoptr (SaxidCurve) later = saxid_reader_curve (reader, source, k, NULL);

      if (later != NULL && !is_blank (later->intensity, later->n))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_there (SaxidReader *reader, guint source, Track *track, const SaxidCurve *curve)
{
  if (curve == NULL || is_blank (curve->intensity, curve->n))
    return is_passed (reader, source, track->next);
  if (curve->sigma == NULL || !is_blank (curve->sigma, curve->n)
      || track->next + 1 < saxid_reader_source (reader, source)->n_frame || track->waited_for == track->next + 1)
    return TRUE;
  /* the uncertainty may be on its way, or never come */
  track->waited_for = track->next + 1;
  return FALSE;
}

/* The points that the file marks, of which its note tells, are not told again as holes: as many
 * of these go before the module sees the curve, which leaves all of them out. */
static void
drop_marked (SaxidCurve *curve)
{
  gsize kept = 0;

  for (gsize k = 0; k < curve->n; k++)
    {
      if (curve->left_out > 0 && (!isfinite (curve->q[k]) || !isfinite (curve->intensity[k])))
        {
          curve->left_out--;
          continue;
        }
      curve->q[kept] = curve->q[k];
      curve->intensity[kept] = curve->intensity[k];
      if (curve->sigma != NULL)
        curve->sigma[kept] = curve->sigma[k];
      kept++;
    }
  curve->n = kept;
}

/* The module says nothing of it. */
static void
look_for_peaks (Follow *follow, const SaxidCurve *curve)
{
  g_autoptr (SaxidCurve) clean = curve != NULL && !follow->crystal ? saxid_curve_copy (curve) : NULL;
  SaxidCurveRepairs repairs = { 0 };

  if (clean != NULL && saxid_curve_clean (clean, &repairs, NULL))
    follow->crystal = repairs.peaks > 0;
}

/* Judges what is there; all: also what would be waited for. */
static gboolean
judge (Follow *follow, SaxidReader *reader, guint k, gboolean all, GError **error)
{
  const struct saxid_plugin *table = follow->module->table;
  const SaxidSource *source = saxid_reader_source (reader, k);
  Track *track = track_of (follow, source);
  struct saxid_error flat = { .struct_size = sizeof flat };

  while (track->next < source->n_frame && !saxid_vigil_is_over (&follow->vigil))
    {
      g_autoptr (SaxidCurve) curve = saxid_reader_curve (reader, k, track->next, NULL);
      struct saxid_curve given = { .struct_size = sizeof given };

      if (!all && !is_there (reader, k, track, curve))
        return TRUE;
      if (curve != NULL)
        drop_marked (curve);
      look_for_peaks (follow, curve);
      if (curve != NULL)
        given = saxid_module_curve (curve);
      if (table->live_append (track->live, follow->module->workspace, track->next, &given, &follow->answer.verdict, &flat) < 0)
        return saxid_module_fail (&flat, error);
      follow->vigil.news = g_get_monotonic_time ();
      follow->vigil.deaf |= !follow->vigil.listener->curve (SAXID_FOLLOW_NEW, source, track->next, &follow->answer.verdict,
                                                follow->vigil.listener->data);
      track->next++;
    }
  return TRUE;
}

/* --- what was left ----------------------------------------------------------------- */

static const SaxidRecord *
record_of (const GPtrArray *records, const SaxidSource *source)
{
  for (guint k = 0; k < records->len; k++)
    {
      const SaxidRecord *record = records->pdata[k];

      if (strcmp (record->parent, source->entry) == 0 && strcmp (record->i_path, source->i_path) == 0)
        return record;
    }
  return NULL;
}

/* Frames that have their tags, from the first on. */
static gsize
frames_of (const SaxidRecord *record)
{
  gsize n = 0;

  while (n < record->n_curve && record->status[n] != SAXID_STATUS_NOT_DONE)
    n++;
  return n;
}

/* Whether the frame, judged now, gets the tags that it has. */
static gboolean
is_same_frame (Follow *follow, SaxidReader *reader, guint k, const SaxidRecord *record, gsize frame)
{
  g_autoptr (SaxidCurve) curve = saxid_reader_curve (reader, k, frame, NULL);
  struct saxid_curve given;

  if (curve == NULL)
    return record->status[frame] == SAXID_STATUS_REJECTED;
  look_for_peaks (follow, curve);
  given = saxid_module_curve (curve);
  if (follow->module->table->process_curves (follow->module->context, follow->module->workspace, &given, 1,
                                             &follow->answer.verdict, NULL)
        < 0
      || follow->answer.verdict.status != record->status[frame])
    return FALSE;
  for (guint c = 0; c < record->n_class; c++)
    if (!(fabsf (follow->answer.probability[c] - record->probability[frame * record->n_class + c]) < SAME))
      return FALSE;
  return TRUE;
}

/* Why the tags are none to go on with; NULL when they are. */
static const char *
compare_left (Follow *follow, SaxidReader *reader, const GPtrArray *records)
{
  g_autofree char *name = g_path_get_basename (follow->vigil.path);

  if (records->len != saxid_reader_source_count (reader))
    return "its tags are of other sets of curves";
  for (guint k = 0; k < saxid_reader_source_count (reader); k++)
    {
      const SaxidSource *source = saxid_reader_source (reader, k);
      const SaxidRecord *record = record_of (records, source);
      const gsize n = record != NULL ? frames_of (record) : 0;

      if (record == NULL || g_strcmp0 (record->source_file, name) != 0)
        return "its tags are of other sets of curves";
      if (strcmp (record->model_sha256, follow->module->description.model_sha256) != 0
          || record->n_class != follow->module->description.n_class)
        return "its tags are by another model";
      if (n > source->n_frame || (n > 0 && !(is_same_frame (follow, reader, k, record, 0)
                                             && is_same_frame (follow, reader, k, record, n - 1))))
        return "its tags are of other curves";
    }
  return NULL;
}

static void
tell_known (Follow *follow, const SaxidSource *source, const SaxidRecord *record)
{
  Track *track = track_of (follow, source);

  g_free (track->group);
  track->group = g_build_path ("/", record->parent, record->name, NULL);
  track->next = frames_of (record);
  for (gsize frame = 0; frame < track->next && !saxid_vigil_is_over (&follow->vigil); frame++)
    {
      const struct saxid_verdict verdict = { .struct_size = sizeof verdict, .status = record->status[frame],
                                             .label = record->class_index[frame], .confidence = record->confidence[frame],
                                             .outlier_score = record->outlier_score[frame],
                                             .outlier = record->outlier[frame] };

      follow->vigil.deaf |= !follow->vigil.listener->curve (SAXID_FOLLOW_KNOWN, source, frame, &verdict, follow->vigil.listener->data);
    }
}

/* Why the side file is none to go on with, g_free, or NULL: it is one, and the tracks are at
 * the first frame that it lacks. run.h5 and run.nxs have one name for their side files: an
 * error. */
static char *
take_up (Follow *follow, SaxidReader *reader, const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (follow->vigil.path);
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GError) cause = NULL;
  const char *why;

  records = saxid_tag_read_all (path, &cause);
  if (records == NULL)
    return g_strdup (cause->message);
  for (guint k = 0; k < records->len; k++)
    {
      const char *other = ((SaxidRecord *) records->pdata[k])->source_file;

      if (other != NULL && strcmp (other, name) != 0)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO,
                       "the side file holds the tags of '%s': move that side file away (%s)", other, follow->vigil.path);
          return NULL;
        }
    }
  why = compare_left (follow, reader, records);
  for (guint k = 0; why == NULL && k < saxid_reader_source_count (reader); k++)
    tell_known (follow, saxid_reader_source (reader, k), record_of (records, saxid_reader_source (reader, k)));
  return g_strdup (why);
}

/* One that saxid tag has written cannot grow. */
static char *
go_on (Follow *follow, SaxidReader *reader)
{
  g_autoptr (GError) cause = NULL;

  if (open_side (follow, reader, FALSE, &cause))
    return NULL;
  close_side (follow);
  for (guint k = 0; k < follow->track->len; k++)
    ((Track *) follow->track->pdata[k])->next = 0;
  follow->vigil.deaf |= !follow->vigil.listener->anew (follow->vigil.listener->data);
  return g_strdup (cause->message);
}

/* Keeps what somebody may want to repair. */
static gboolean
put_aside (Follow *follow, const char *path, GError **error)
{
  g_autofree char *kept = NULL, *base = NULL, *text = NULL;

  for (guint k = 1; kept == NULL || g_file_test (kept, G_FILE_TEST_EXISTS); k++)
    {
      g_free (kept);
      kept = g_strdup_printf ("%s.damaged-%u", path, k);
    }
  if (g_rename (path, kept) != 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "the side file cannot be read, nor moved away: %s (%s)",
                   g_strerror (errno), path);
      return FALSE;
    }
  base = g_path_get_basename (kept);
  text = g_strdup_printf ("the side file cannot be read: it is kept as %s, and a new one begun", base);
  saxid_vigil_remark (&follow->vigil, text);
  return TRUE;
}

/* A new side file takes the place of one of ours, and of nothing else. */
static gboolean
make_way (Follow *follow, const char *path, const char *why, GError **error)
{
  const SaxidLiveSideState state = saxid_live_side_state (follow->vigil.path);
  g_autofree char *text = g_strdup_printf ("the side file is begun anew, %s", why);

  if (state == SAXID_LIVE_SIDE_OTHERS)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                   "the side file holds what is not of saxid: move that side file away (%s)", follow->vigil.path);
      return FALSE;
    }
  if (state == SAXID_LIVE_SIDE_BUSY)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO,
                   "the side file is being written by somebody else, or may not be read (%s)", follow->vigil.path);
      return FALSE;
    }
  if (state == SAXID_LIVE_SIDE_UNREADABLE)
    return put_aside (follow, path, error);
  saxid_vigil_remark (&follow->vigil, text);
  return TRUE;
}

static gboolean
begin (Follow *follow, SaxidReader *reader, GError **error)
{
  g_autofree char *path = saxid_tag_side_path (follow->vigil.path), *why = NULL;
  g_autoptr (GError) cause = NULL;

  add_tracks (follow, reader);
  if (saxid_live_side_state (follow->vigil.path) != SAXID_LIVE_SIDE_NONE)
    {
      why = take_up (follow, reader, path, &cause);
      if (cause != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
      if (why == NULL)
        why = go_on (follow, reader);
      if (why == NULL)
        return TRUE;
      if (!make_way (follow, path, why, error))
        return FALSE;
    }
  return open_side (follow, reader, TRUE, error);
}

/* --- the file that grows -------------------------------------------------------------- */

/* Something else has its name, or it was made shorter: all tags are void. */
static void
start_over (Follow *follow, const char *why)
{
  close_side (follow);
  g_ptr_array_set_size (follow->track, 0);
  saxid_vigil_remark (&follow->vigil, why);
  follow->vigil.deaf |= !follow->vigil.listener->anew (follow->vigil.listener->data);
}

/* Whether each track can go on; FALSE: the file lost frames. */
static gboolean
has_all_frames (const Follow *follow, const SaxidReader *reader)
{
  for (guint k = 0; k < saxid_reader_source_count (reader); k++)
    {
      const SaxidSource *source = saxid_reader_source (reader, k);
      const Track *track = track_of (follow, source);

      if (track != NULL && source->n_frame < track->next)
        return FALSE;
    }
  return TRUE;
}

static gboolean
has_new_source (const Follow *follow, const SaxidReader *reader)
{
  for (guint k = 0; k < saxid_reader_source_count (reader); k++)
    if (track_of (follow, saxid_reader_source (reader, k)) == NULL)
      return TRUE;
  return FALSE;
}

static gboolean
look (Follow *follow, SaxidReader *reader, gboolean all, GError **error)
{
  if (follow->side != NULL && !has_all_frames (follow, reader))
    start_over (follow, "it has fewer frames than before: its tags are begun anew");
  if (follow->side == NULL)
    {
      follow->vigil.about = follow->vigil.now;
      if (!begin (follow, reader, error))
        return FALSE;
    }
  else if (has_new_source (follow, reader))
    {
      close_side (follow);
      add_tracks (follow, reader);
      if (!open_side (follow, reader, FALSE, error))
        return FALSE;
    }
  for (guint k = 0; k < saxid_reader_source_count (reader); k++)
    if (!judge (follow, reader, k, all, error))
      return FALSE;
  return TRUE;
}

static gboolean
finish (Follow *follow, GError **error)
{
  struct saxid_error flat = { .struct_size = sizeof flat };

  for (guint k = 0; k < follow->track->len; k++)
    if (follow->module->table->live_finish (((Track *) follow->track->pdata[k])->live, &flat) < 0)
      return saxid_module_fail (&flat, error);
  follow->vigil.done = TRUE;
  return TRUE;
}

/* One look at the file; sets follow->vigil.done when there is nothing to come. */
static gboolean
follow_once (Follow *follow, GError **error)
{
  const gboolean growing = saxid_reader_is_growing (follow->vigil.path); /* before: what is read then is all */
  const SaxidReadOptions how = { .growing = TRUE };
  g_autoptr (GError) cause = NULL;
  g_autoptr (SaxidReader) reader = saxid_reader_open (follow->vigil.path, &how, &cause);

  if (reader == NULL && saxid_vigil_is_late (&follow->vigil))
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (reader == NULL)
    return TRUE;
  if (!look (follow, reader, !growing, error))
    return FALSE;
  if (saxid_vigil_is_over (&follow->vigil) || (growing && !saxid_vigil_is_late (&follow->vigil)))
    return TRUE;
  if (growing)
    {
      saxid_vigil_remark (&follow->vigil, "it does not grow any more, and its writer has not closed it");
      if (!look (follow, reader, TRUE, error))
        return FALSE;
    }
  return saxid_vigil_is_over (&follow->vigil) || finish (follow, error);
}

/* --- the vigil ---------------------------------------------------------------------- */

static gboolean
is_begun (gpointer data)
{
  return ((const Follow *) data)->side != NULL;
}

static void
start_over_another (gpointer data)
{
  start_over (data, "it was replaced by another file: its tags are begun anew");
}

static gboolean
look_once (gpointer data, GError **error)
{
  return follow_once (data, error);
}

static gboolean
finish_gone (gpointer data, GError **error)
{
  Follow *follow = data;

  return follow->side == NULL || finish (follow, error);
}

static const SaxidVigilWork work = { is_begun, start_over_another, look_once, finish_gone };

gboolean
saxid_follow (const SaxidModule *module, const char *path, const SaxidFollowOptions *options,
              const SaxidFollowListener *listener, SaxidFollowEnd *end, GError **error)
{
  g_autoptr (GPtrArray) track = g_ptr_array_new_with_free_func (track_free);
  Follow follow = { .module = module, .track = track,
                    .vigil = { .path = path, .options = options, .listener = listener, .news = g_get_monotonic_time () } };
  gboolean done;

  saxid_module_verdict_init (&follow.answer, module);
  done = saxid_vigil_keep (&follow.vigil, &work, &follow, error);
  close_side (&follow);
  saxid_module_verdict_clear (&follow.answer);
  *end = (SaxidFollowEnd) { !follow.vigil.done, follow.crystal };
  return done;
}
