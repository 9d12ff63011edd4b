/* How does a file of frames become one of curves, among many?
 *
 * Thread: see frames.h.
 */
#include "config.h"

#include "cli/archive/frames.h"

#include <string.h>

#include "cli/reduce/run.h"
#include "reducers/error.h"
#include "schemas/frame/poni.h"

char *
saxid_archive_reduced_path (const char *path, const SaxidReduceOptions *options)
{
  g_autofree char *base = g_path_get_basename (path), *directory = g_path_get_dirname (path), *name = NULL;
  char *dot = strrchr (base, '.');

  if (dot != NULL && dot != base)
    *dot = '\0';
  name = g_strconcat (base, SAXID_ARCHIVE_REDUCED_SUFFIX, NULL);
  return g_build_filename (options->output != NULL ? options->output : directory, name, NULL);
}

SaxidReduceOptions
saxid_archive_reduce_options (const char *path, const SaxidReduceOptions *options)
{
  SaxidReduceOptions own = saxid_reduce_options_copy (options);

  g_free (own.output);
  own.output = saxid_archive_reduced_path (path, options);
  own.quiet = own.resume = TRUE;
  return own;
}

gboolean
saxid_archive_check_reduce (const SaxidReduceOptions *options, GError **error)
{
  const struct
  {
    gboolean given;
    const char *name;
  } foreign[] = {
    { options->tag, "tag" },           { options->model != NULL, "model" }, { options->classes != NULL, "classes" },
    { options->seeds, "seeds" },       { options->steps, "steps" },         { options->also != NULL, "also" },
  };
  g_auto (SaxidReduceJob) trial = { .options = saxid_reduce_options_copy (options) };
  SaxidGeometry geometry;

  for (gsize k = 0; k < G_N_ELEMENTS (foreign); k++)
    if (foreign[k].given)
      {
        g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "[reduce] has '%s', which is not for files that come one by one",
                     foreign[k].name);
        return FALSE;
      }
  if (options->geometry != NULL && !saxid_poni_file_read (options->geometry, &geometry, error))
    return FALSE;
  if (!saxid_reduce_job_begin (&trial, error))
    return FALSE;
  if (trial.unit != SAXID_RADIUS_MILLIMETRE && trial.unit != SAXID_RADIUS_METRE)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "[reduce] makes curves over %s, those over q and 2θ are tagged",
               saxid_q_unit_symbol (trial.unit));
  return FALSE;
}

gboolean
saxid_archive_has_frames (const char *path, const SaxidReduceOptions *options)
{
  const SaxidFrameOptions how = { .path = options->path, .follow_links = options->follow_links };
  g_autoptr (SaxidFrameFile) file = saxid_frame_file_open (path, &how, NULL);

  return file != NULL;
}

gboolean
saxid_archive_reduce (const char *path, const SaxidReduceOptions *options, guint *failed, GError **error)
{
  g_auto (SaxidReduceJob) job = { .options = saxid_archive_reduce_options (path, options) };
  char *paths[] = { (char *) path, NULL };

  return saxid_reduce_run (&job, paths, NULL, failed, error);
}
