/* Which technique are the frames of, and what follows for their curve?
 *
 * Thread: see technique.h.
 */
#include "config.h"

#include "cli/reduce/technique.h"

#include <string.h>

#include "cli/text.h"
#include "reducers/error.h"

#define VERB "reduce"

gboolean
saxid_reduce_technique_begin (SaxidReduceJob *job, GError **error)
{
  const char *said = job->options.technique;

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

/* "GISAXS", or what is known of it. */
static const char *
what_it_is (const SaxidTechniqueBelief *belief)
{
  return belief->best != SAXID_TECHNIQUE_UNKNOWN ? saxid_technique_name (belief->best) : "of grazing incidence";
}

static void
refuse (const SaxidTechniqueBelief *belief, const SaxidFrameFile *file, GError **error)
{
  const gsize n_frame = saxid_frame_file_info (file)->n_frame;

  g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED,
               "%s %s (%.2f: %s: %s): a transmission curve of %s would be wrong; --technique saxs integrates %s all the "
               "same (%s)", n_frame == 1 ? "frame is" : "frames are", what_it_is (belief),
               belief->half[SAXID_HALF_GRAZING], saxid_witness_name (belief->witness),
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

gboolean
saxid_reduce_technique_check (SaxidReduceJob *job, const SaxidFrameFile *file, GError **error)
{
  SaxidCurveTechnique *technique = &job->technique;
  SaxidTechniqueHeader header;
  SaxidTechniqueBelief belief;
  SaxidTechniqueRange range;
  gboolean refused;

  if (technique->off)
    return TRUE;
  saxid_technique_header_copy (&saxid_frame_file_info (file)->technique, &header);
  saxid_technique_q_range (&job->map->geometry, job->map->height, job->map->width, &range);
  saxid_technique_claim_q (&header, range.q95);
  saxid_technique_believe (&header, NULL, &belief);
  refused = technique->told == SAXID_TECHNIQUE_UNKNOWN && saxid_technique_refuses (&belief);
  if (refused)
    refuse (&belief, file, error);
  else
    {
      const SaxidTechnique found = technique->told != SAXID_TECHNIQUE_UNKNOWN ? technique->told : belief.best;

      if (technique->told == SAXID_TECHNIQUE_UNKNOWN && belief.only_name && belief.half[SAXID_HALF_GRAZING] > 0.5)
        note_name (job, &belief, file);
      technique->of_curve = technique->n_file == 0 || technique->of_curve == found ? found : SAXID_TECHNIQUE_UNKNOWN;
      technique->witness = belief.witness;
      technique->n_file++;
    }
  saxid_technique_header_clear (&header);
  return !refused;
}
