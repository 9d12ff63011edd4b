/* Which technique are the frames of, and what follows for their curve?
 *
 * Thread: see technique.h.
 */
#include "config.h"

#include "cli/reduce/technique.h"

#include <math.h>
#include <string.h>

#include "cli/text.h"
#include "reducers/error.h"

#define VERB "reduce"
#define SURE 0.9  /* of an image alone, from where it is worth a line */
#define SAMPLE 8u     /* frames of a file whose images are asked; all of them where those differ */
#define ONE_IN 200u   /* of a longer run, beside the first and the last, if they are sure: they cost little of it */

gboolean
saxid_reduce_technique_begin (SaxidReduceJob *job, GError **error)
{
  const char *said = job->options.technique;

  saxid_reduce_technique_clear (job);
  job->technique = (SaxidCurveTechnique) { .told = SAXID_TECHNIQUE_UNKNOWN, .of_curve = SAXID_TECHNIQUE_UNKNOWN };
  if (said == NULL || strcmp (said, "auto") == 0)
    return TRUE;
  job->technique.off = strcmp (said, "off") == 0;
  job->technique.told = saxid_technique_find (said);
  if (job->technique.off || job->technique.told != SAXID_TECHNIQUE_UNKNOWN)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
               "--technique is '%s', auto, saxs, waxs, gisaxs, giwaxs and off are known", said);
  return FALSE;
}

/* Where more frames were unlike those before them than are asked, that is said. */
static void
end_doubt (SaxidReduceJob *job)
{
  const SaxidReduceDoubt *doubt = job->technique.doubt;

  if (doubt != NULL && doubt->n_missed > 0 && !job->options.quiet)
    g_printerr ("saxid " VERB ": note: the curves of %u frames are unlike those before them, and the images of %u of them were asked for "
                "their technique\n", doubt->n_asked + doubt->n_missed, doubt->n_asked);
  g_clear_pointer (&job->technique.doubt, saxid_reduce_doubt_free);
}

void
saxid_reduce_technique_clear (SaxidReduceJob *job)
{
  end_doubt (job);
  g_clear_pointer (&job->technique.image, saxid_frame_technique_free);
  g_clear_pointer (&job->technique.odd, g_array_unref);
  g_clear_pointer (&job->technique.asked, saxid_reduce_asked_free);
}

void
saxid_reduce_technique_as (SaxidReduceJob *job, const SaxidReduceJob *other)
{
  job->technique = (SaxidCurveTechnique) { .told = other->technique.told, .off = other->technique.off, .blind = other->technique.blind,
                                           .of_curve = SAXID_TECHNIQUE_UNKNOWN };
}

/* 95 % of the pixels have less q, of the geometry that the job integrates with; NaN where it has none. */
static double
q95_of (const SaxidReduceJob *job)
{
  SaxidTechniqueRange range = { NAN, NAN, NAN };

  if (job->map != NULL)
    saxid_technique_q_range (&job->map->geometry, job->map->height, job->map->width, &range);
  return range.q95;
}

/* ---- one frame --------------------------------------------------------------------------- */

/* "GISAXS", or what is known of it. */
static const char *
what_it_is (const SaxidTechniqueBelief *belief)
{
  return belief->best != SAXID_TECHNIQUE_UNKNOWN ? saxid_technique_name (belief->best) : "of grazing incidence";
}

/* Header and, where it can be asked, image of one frame. The belief borrows from header, which is to be cleared. */
static gboolean
believe (SaxidReduceJob *job, SaxidFrameFile *file, gsize frame, double q95, SaxidTechniqueHeader *header, SaxidTechniqueBelief *belief)
{
  SaxidTechniqueAnswer answer = { .outlier = 1 };
  gboolean asked = job->technique.image != NULL && saxid_frame_technique_ask (job->technique.image, file, frame, &answer, NULL), grazes;

  saxid_frame_technique_header (saxid_frame_file_info (file), frame, q95, header);
  saxid_technique_believe (header, asked ? &answer.image : NULL, belief);
  grazes = saxid_technique_refuses (belief);
  saxid_reduce_asked_frame (job->technique.asked, frame, header, belief, job->technique.image, asked ? &answer : NULL, grazes);
  return grazes;
}

static void
refuse (const SaxidTechniqueBelief *belief, const gsize n[2], const SaxidFrameFile *file, GError **error)
{
  const gsize n_frame = saxid_frame_file_info (file)->n_frame;
  g_autofree char *most = n[0] > 0 ? g_strdup_printf ("%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " frames are", n[1], n[0] + n[1])
                                   : g_strdup (n_frame == 1 ? "frame is" : "frames are");

  g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED,
               "%s %s (%.2f: %s: %s): a transmission curve of %s would be wrong; --technique saxs integrates %s all the "
               "same (%s)", most, what_it_is (belief), belief->half[SAXID_HALF_GRAZING], saxid_witness_name (belief->witness),
               belief->place != NULL ? belief->place : "header has no angle", n_frame == 1 ? "it" : "them",
               n_frame == 1 ? "it" : "them", saxid_frame_file_path (file));
}

static void
note_name (const SaxidReduceJob *job, const SaxidTechniqueBelief *belief, const SaxidFrameFile *file)
{
  g_autofree char *place = saxid_text_printable (belief->place), *path = saxid_text_printable (saxid_frame_file_path (file));

  if (!job->options.quiet)
    g_printerr ("saxid " VERB ": note: only %s, says that this is of grazing incidence: it is integrated as transmission; "
                "--technique says what it is (%s)\n", place, path);
}

/* The image looks like it, or the header does, but not enough to stop it. */
static void
note_apart (const SaxidReduceJob *job, const SaxidTechniqueBelief *belief, const char *region, const SaxidFrameFile *file)
{
  g_autofree char *apart = saxid_technique_disagreement (belief, region), *path = saxid_text_printable (saxid_frame_file_path (file));
  g_autofree char *said = apart != NULL ? saxid_text_printable (apart)
                                        : g_strdup_printf ("the image looks like %s (%.2f), and the header does not say so",
                                                           what_it_is (belief), belief->half[SAXID_HALF_GRAZING]);

  if (!job->options.quiet)
    g_printerr ("saxid " VERB ": note: %s: it is integrated as transmission; --technique says what it is (%s)\n", said, path);
}

/* ---- a file ------------------------------------------------------------------------------ */

static gboolean
open_image (SaxidReduceJob *job)
{
  g_autoptr (GError) error = NULL;

  if (job->technique.image != NULL || job->technique.blind)
    return job->technique.image != NULL;
  if (saxid_technique_file_ships ())
    job->technique.image = saxid_frame_technique_new (&error);
  job->technique.blind = job->technique.image == NULL;
  if (error != NULL && !job->options.quiet)
    {
      g_autofree char *line = saxid_text_printable (error->message);

      g_printerr ("saxid " VERB ": note: images are not asked for their technique: %s\n", line);
    }
  return !job->technique.blind;
}

/* Of the frames that were asked; [0] of those that do not graze, [1] of those that do. */
typedef struct
{
  SaxidTechniqueHeader header[2]; /* of the first of each */
  SaxidTechniqueBelief first[2];
  char *region[2]; /* where the image shows it that contradicts the header; or NULL */
  gsize n[2];
  gboolean sure; /* each of them */
} Votes;

static void
votes_clear (Votes *votes)
{
  for (guint grazes = 0; grazes < 2; grazes++)
    {
      saxid_technique_header_clear (&votes->header[grazes]);
      g_free (votes->region[grazes]);
    }
  *votes = (Votes) { .sure = TRUE };
}

/* What the header says of all frames. */
static void
keep_header (SaxidReduceJob *job, SaxidFrameFile *file, double q95)
{
  SaxidTechniqueHeader header;

  saxid_technique_header_of (&saxid_frame_file_info (file)->technique, G_MAXSIZE, &header);
  saxid_technique_claim_q (&header, q95);
  job->technique.asked = saxid_reduce_asked_begin (job->technique.asked, saxid_frame_file_path (file));
  saxid_reduce_asked_header (job->technique.asked, &header);
  saxid_technique_header_clear (&header);
}

/* Every step-th frame; odd gets those that graze. */
static void
ask_frames (SaxidReduceJob *job, SaxidFrameFile *file, gsize step, GArray *odd, Votes *votes)
{
  const gsize n_frame = saxid_frame_file_info (file)->n_frame;
  const double q95 = q95_of (job);

  votes_clear (votes);
  g_array_set_size (odd, 0);
  keep_header (job, file, q95);
  for (gsize frame = 0; frame < n_frame; frame += step)
    {
      SaxidTechniqueHeader header;
      SaxidTechniqueBelief one;
      const gboolean grazes = believe (job, file, frame, q95, &header, &one);

      votes->sure = votes->sure && fabs (one.half[SAXID_HALF_GRAZING] - 0.5) >= SURE - 0.5;
      if (grazes)
        g_array_append_val (odd, frame);
      if (votes->n[grazes]++ > 0)
        {
          saxid_technique_header_clear (&header);
          continue;
        }
      votes->header[grazes] = header;
      votes->first[grazes] = one;
      votes->first[grazes].header_said = &votes->header[grazes];
      if (job->technique.image != NULL && saxid_technique_is_apart (&one, SAXID_HALF_GRAZING))
        votes->region[grazes] = saxid_frame_technique_region (job->technique.image, saxid_frame_file_info (file));
    }
}

/* One of the angles of the frames. */
static gboolean
some_angle_grazes (const SaxidTechniqueHeader *header)
{
  for (gsize k = 0; k < header->n_angle; k++)
    if (saxid_technique_grazes (header->angles[k]))
      return TRUE;
  return FALSE;
}

static gboolean
differ (const Votes *votes)
{
  return votes->n[0] > 0 && votes->n[1] > 0;
}

/* TRUE: most of the frames that are asked graze. Few frames of a long run are asked; some where those are not sure, or
 * graze: a file is not refused for its ends; and all where they differ, or where the header has an angle for each. */
static gboolean
file_grazes (SaxidReduceJob *job, SaxidFrameFile *file, Votes *votes)
{
  const SaxidFrameInfo *info = saxid_frame_file_info (file);
  const gsize n_frame = info->n_frame;
  const gboolean sees = open_image (job), each = some_angle_grazes (&info->technique);
  const gsize some = (n_frame + SAMPLE - 1) / SAMPLE, few = n_frame > SAMPLE ? (n_frame - 1) / CLAMP (n_frame / ONE_IN, 1, SAMPLE - 1) : some;
  g_autoptr (GArray) odd = g_array_new (FALSE, FALSE, sizeof (gsize));
  gsize step = each ? 1 : sees ? few : n_frame;

  ask_frames (job, file, step, odd, votes);
  if (sees && step > some && !differ (votes) && (!votes->sure || votes->n[1] > 0))
    ask_frames (job, file, step = some, odd, votes);
  if (differ (votes) && step > 1)
    ask_frames (job, file, 1, odd, votes);
  if (differ (votes))
    job->technique.odd = g_steal_pointer (&odd);
  return votes->n[1] > votes->n[0];
}

static void
keep (SaxidReduceJob *job, const SaxidFrameFile *file, const SaxidTechniqueBelief *belief, const char *region)
{
  SaxidCurveTechnique *technique = &job->technique;
  const gboolean is_told = technique->told != SAXID_TECHNIQUE_UNKNOWN;
  const gboolean looks = !is_told && belief->half[SAXID_HALF_GRAZING] > 0.5; /* and is integrated all the same */
  const SaxidTechnique found = is_told ? technique->told : looks || belief->place == NULL ? SAXID_TECHNIQUE_UNKNOWN : belief->best;

  if (looks && belief->only_name)
    note_name (job, belief, file);
  else if (!is_told && (belief->half[SAXID_HALF_GRAZING] > SURE || saxid_technique_is_apart (belief, SAXID_HALF_GRAZING)))
    note_apart (job, belief, region, file);
  technique->of_curve = technique->n_file == 0 || technique->of_curve == found ? found : SAXID_TECHNIQUE_UNKNOWN;
  technique->witness = belief->witness;
  technique->grazing = belief->half[SAXID_HALF_GRAZING];
  technique->n_file++;
}

/* A header that says what a file is of says it of all of its frames: the image of this one decides. */
static gboolean
is_odd (SaxidFrameFile *file, gsize frame, gpointer data)
{
  SaxidReduceJob *job = data;
  SaxidTechniqueHeader header;
  SaxidTechniqueBelief belief;
  gboolean grazes;

  if (saxid_reduce_asked_has (job->technique.asked, frame)) /* and those that graze are left out elsewhere */
    return FALSE;
  grazes = believe (job, file, frame, q95_of (job), &header, &belief);
  saxid_technique_header_clear (&header);
  return grazes;
}

/* TRUE: it grazes, and nobody has said what it is of; the first of votes that stands for the answer is in *belief. */
static gboolean
ask_file (SaxidReduceJob *job, SaxidFrameFile *file, Votes *votes, SaxidTechniqueBelief *belief)
{
  gboolean grazes = FALSE;

  if (job->technique.told == SAXID_TECHNIQUE_UNKNOWN)
    {
      grazes = file_grazes (job, file, votes);
      *belief = votes->first[grazes];
      return grazes;
    }
  saxid_frame_technique_header (saxid_frame_file_info (file), 0, q95_of (job), &votes->header[0]);
  saxid_technique_believe (&votes->header[0], NULL, belief);
  return FALSE;
}

gboolean
saxid_reduce_technique_check (SaxidReduceJob *job, SaxidFrameFile *file, GError **error)
{
  SaxidTechniqueBelief belief;
  Votes votes = { .sure = TRUE };
  gboolean grazes;

  end_doubt (job);
  g_clear_pointer (&job->technique.odd, g_array_unref);
  if (job->technique.off)
    return TRUE;
  grazes = ask_file (job, file, &votes, &belief);
  if (grazes)
    {
      saxid_reduce_asked_refuse (job->technique.asked);
      refuse (&belief, votes.n, file, error);
    }
  else
    {
      keep (job, file, &belief, votes.region[0]);
      if (job->technique.image != NULL)
        job->technique.doubt = saxid_reduce_doubt_new (is_odd, job);
    }
  votes_clear (&votes);
  return !grazes;
}

void
saxid_reduce_technique_explain (SaxidReduceJob *job, SaxidFrameFile *file, GError **error)
{
  const gboolean quiet = job->options.quiet;
  GError *refused = NULL;

  if (job->technique.off || job->technique.told != SAXID_TECHNIQUE_UNKNOWN || job->map != NULL
      || job->options.geometry != NULL)
    return;
  job->options.quiet = TRUE; /* nothing is integrated, whatever else there is to note */
  saxid_reduce_technique_check (job, file, &refused);
  job->options.quiet = quiet;
  if (refused == NULL)
    return;
  g_clear_error (error);
  g_propagate_error (error, refused);
}

gboolean
saxid_reduce_technique_next_odd (const SaxidReduceJob *job, gsize from, gsize *frame)
{
  const GArray *odd = job->technique.odd;

  for (guint k = 0; odd != NULL && k < odd->len; k++)
    if (g_array_index (odd, gsize, k) >= from)
      {
        *frame = g_array_index (odd, gsize, k);
        return TRUE;
      }
  return FALSE;
}
