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

/* With the range of q, where the geometry is known. */
static void
read_header (const SaxidReduceJob *job, const SaxidFrameFile *file, SaxidTechniqueHeader *header)
{
  SaxidTechniqueRange range;

  saxid_technique_header_copy (&saxid_frame_file_info (file)->technique, header);
  if (job->map == NULL)
    return;
  saxid_technique_q_range (&job->map->geometry, job->map->height, job->map->width, &range);
  saxid_technique_claim_q (header, range.q95);
}

/* ---- one frame --------------------------------------------------------------------------- */

/* "GISAXS", or what is known of it. */
static const char *
what_it_is (const SaxidTechniqueBelief *belief)
{
  return belief->best != SAXID_TECHNIQUE_UNKNOWN ? saxid_technique_name (belief->best) : "of grazing incidence";
}

/* Header and, where it can be asked, image of one frame. The belief borrows from header. */
static gboolean
believe (SaxidReduceJob *job, SaxidFrameFile *file, gsize frame, const SaxidTechniqueHeader *header, SaxidTechniqueBelief *belief)
{
  SaxidTechniqueAnswer answer = { .outlier = 1 };
  gboolean asked = job->technique.image != NULL && saxid_frame_technique_ask (job->technique.image, file, frame, &answer, NULL), grazes;

  saxid_technique_believe (header, asked ? &answer.image : NULL, belief);
  grazes = saxid_technique_refuses (belief);
  saxid_reduce_asked_frame (job->technique.asked, frame, header, belief, job->technique.image, asked ? &answer : NULL, grazes);
  return grazes;
}

static void
refuse (const SaxidTechniqueBelief *belief, const SaxidFrameFile *file, GError **error)
{
  const gsize n_frame = saxid_frame_file_info (file)->n_frame;

  g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED,
               "%s %s (%.2f: %s: %s): a transmission curve of %s would be wrong; --technique saxs integrates %s all the "
               "same (%s)", n_frame == 1 ? "frame is" : "frames are", what_it_is (belief), belief->half[SAXID_HALF_GRAZING], saxid_witness_name (belief->witness),
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

static void
note_image (const SaxidReduceJob *job, const SaxidTechniqueBelief *belief, const SaxidFrameFile *file)
{
  g_autofree char *path = saxid_text_printable (saxid_frame_file_path (file));

  if (!job->options.quiet)
    g_printerr ("saxid " VERB ": note: the image looks like %s (%.2f), and the header does not say so: it is integrated as transmission; "
                "--technique says what it is (%s)\n", what_it_is (belief), belief->half[SAXID_HALF_GRAZING], path);
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
  SaxidTechniqueBelief first[2]; /* of each */
  gsize n[2];
  gboolean sure; /* each of them */
} Votes;

/* Every step-th frame; odd: gets those that graze, or NULL. */
static void
ask_frames (SaxidReduceJob *job, SaxidFrameFile *file, const SaxidTechniqueHeader *header, gsize step, GArray *odd, Votes *votes)
{
  const gsize n_frame = saxid_frame_file_info (file)->n_frame;

  *votes = (Votes) { .sure = TRUE };
  job->technique.asked = saxid_reduce_asked_begin (job->technique.asked, saxid_frame_file_path (file));
  saxid_reduce_asked_header (job->technique.asked, header);
  for (gsize frame = 0; frame < n_frame; frame += step)
    {
      SaxidTechniqueBelief one;
      const gboolean grazes = believe (job, file, frame, header, &one);

      if (votes->n[grazes]++ == 0)
        votes->first[grazes] = one;
      votes->sure = votes->sure && fabs (one.half[SAXID_HALF_GRAZING] - 0.5) >= SURE - 0.5;
      if (grazes && odd != NULL)
        g_array_append_val (odd, frame);
    }
}

/* TRUE: most of the frames that are asked graze; the belief is that of the first that stands for
 * the answer. Few frames of a long run are asked, some where those are not sure or differ, and all where these differ. */
static gboolean
file_grazes (SaxidReduceJob *job, SaxidFrameFile *file, const SaxidTechniqueHeader *header, SaxidTechniqueBelief *belief)
{
  const gsize n_frame = saxid_frame_file_info (file)->n_frame;
  const gboolean sees = open_image (job);
  const gsize some = (n_frame + SAMPLE - 1) / SAMPLE, few = n_frame > SAMPLE ? (n_frame - 1) / CLAMP (n_frame / ONE_IN, 1, SAMPLE - 1) : some;
  Votes votes;
  gboolean grazes;

  ask_frames (job, file, header, sees ? few : n_frame, NULL, &votes);
  if (sees && few > some && (!votes.sure || (votes.n[0] > 0 && votes.n[1] > 0)))
    ask_frames (job, file, header, some, NULL, &votes);
  if (votes.n[0] > 0 && votes.n[1] > 0)
    {
      job->technique.odd = g_array_new (FALSE, FALSE, sizeof (gsize));
      ask_frames (job, file, header, 1, job->technique.odd, &votes);
    }
  grazes = votes.n[1] > votes.n[0];
  *belief = votes.first[grazes];
  return grazes;
}

static void
keep (SaxidReduceJob *job, const SaxidFrameFile *file, const SaxidTechniqueBelief *belief)
{
  SaxidCurveTechnique *technique = &job->technique;
  const gboolean is_told = technique->told != SAXID_TECHNIQUE_UNKNOWN;
  const gboolean looks = !is_told && belief->half[SAXID_HALF_GRAZING] > 0.5; /* and is integrated all the same */
  const SaxidTechnique found = is_told ? technique->told : looks || belief->place == NULL ? SAXID_TECHNIQUE_UNKNOWN : belief->best;

  if (looks && belief->only_name)
    note_name (job, belief, file);
  else if (looks && belief->half[SAXID_HALF_GRAZING] > SURE)
    note_image (job, belief, file);
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
  read_header (job, file, &header);
  grazes = believe (job, file, frame, &header, &belief);
  saxid_technique_header_clear (&header);
  return grazes;
}

gboolean
saxid_reduce_technique_check (SaxidReduceJob *job, SaxidFrameFile *file, GError **error)
{
  SaxidTechniqueHeader header;
  SaxidTechniqueBelief belief;
  gboolean grazes = FALSE;

  end_doubt (job);
  g_clear_pointer (&job->technique.odd, g_array_unref);
  if (job->technique.off)
    return TRUE;
  read_header (job, file, &header);
  if (job->technique.told == SAXID_TECHNIQUE_UNKNOWN)
    grazes = file_grazes (job, file, &header, &belief);
  else
    saxid_technique_believe (&header, NULL, &belief);
  if (grazes)
    {
      saxid_reduce_asked_refuse (job->technique.asked);
      refuse (&belief, file, error);
    }
  else
    {
      keep (job, file, &belief);
      if (job->technique.image != NULL)
        job->technique.doubt = saxid_reduce_doubt_new (is_odd, job);
    }
  saxid_technique_header_clear (&header);
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
