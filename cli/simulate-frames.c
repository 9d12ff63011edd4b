/* Which frames would detectors measure, with SAXS, WAXS, GISAXS and GIWAXS?
 *
 * Thread: see simulate-frames.h.
 */
#include "cli/simulate-frames.h"

#include <string.h>

#include "cli/plot/plot.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "models/parallel.h"
#include "models/technique/frames/experiment.h"
#include "models/technique/picture.h"
#include "reducers/error.h"
#include "schemas/frame/file.h"
#include "schemas/learn/pictures.h"

#define VERB "simulate"
#define CELLS (SAXID_PICTURE_SIDE * SAXID_PICTURE_SIDE)
#define MOST_SHOWN 120u
#define COLUMNS 12
#define MOST_LABEL 20 /* columns of a file's name */

typedef struct
{
  const SaxidSimulateFrames *request;
  guint8 *picture, *share, *technique;
  guint32 *experiment;
} Set;

/* Experiments of all techniques follow each other, each with its frames. */
static gboolean
draw_one (gsize at, G_GNUC_UNUSED gpointer scratch, gpointer data)
{
  Set *set = data;
  const guint32 experiment = (guint32) (at / set->request->per_experiment),
                frame = (guint32) (at % set->request->per_experiment);
  SaxidSimulatedFrame drawn;
  SaxidPicture *picture = g_new (SaxidPicture, 1);

  saxid_simulated_frame_draw (set->request->seed, experiment, frame, &drawn);
  if (saxid_picture_make (drawn.pixels, NULL, drawn.height, drawn.width, picture))
    {
      memcpy (set->picture + at * CELLS, picture->grey, CELLS);
      memcpy (set->share + at * CELLS, picture->share, CELLS);
    }
  set->technique[at] = (guint8) drawn.technique;
  set->experiment[at] = experiment;
  saxid_simulated_frame_clear (&drawn);
  g_free (picture);
  return TRUE;
}

/* A measured frame as the network sees it. */
static gboolean
add_measured (const char *path, GPtrArray *pictures, GPtrArray *labels, GError **error)
{
  g_autoptr (SaxidFrameFile) file = saxid_frame_file_open (path, NULL, error);
  const SaxidFrameInfo *info = file != NULL ? saxid_frame_file_info (file) : NULL;
  g_autofree float *pixels = info != NULL ? g_new (float, info->height * info->width) : NULL;
  g_autofree SaxidPicture *picture = g_new0 (SaxidPicture, 1);
  g_autofree char *name = g_path_get_basename (path), *printable = saxid_text_printable (name);

  if (file == NULL || !saxid_frame_file_read (file, 0, pixels, error))
    return FALSE;
  if (!saxid_picture_make (pixels, info->mask, info->height, info->width, picture))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "frame has nothing to show (%s)", path);
      return FALSE;
    }
  g_ptr_array_add (pictures, g_memdup2 (picture->grey, CELLS));
  g_ptr_array_add (labels, saxid_text_shortened (printable, MOST_LABEL, "…"));
  return TRUE;
}

static gboolean
draw_sheet (const Set *set, GError **error)
{
  const SaxidSimulateFrames *request = set->request;
  g_autoptr (GPtrArray) pictures = g_ptr_array_new_with_free_func (g_free), labels = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *title = g_strdup_printf ("%u simulated frames, seed %" G_GUINT64_FORMAT, request->n, request->seed);
  g_autoptr (GBytes) png = NULL;

  for (char *const *path = request->measured; *path != NULL; path++)
    if (!add_measured (*path, pictures, labels, error))
      return FALSE;
  for (guint k = 0; k < MIN (request->n, MOST_SHOWN); k++)
    {
      g_ptr_array_add (pictures, g_memdup2 (set->picture + (gsize) k * CELLS, CELLS));
      g_ptr_array_add (labels, g_strdup_printf ("%s, %u", saxid_technique_name ((SaxidTechnique) set->technique[k]), set->experiment[k]));
    }
  png = saxid_plot_sheet (&(SaxidSheetPlot) { .title = title, .n = pictures->len, .side = SAXID_PICTURE_SIDE, .columns = COLUMNS,
                                              .picture = (const guint8 *const *) pictures->pdata,
                                              .label = (const char *const *) labels->pdata });
  return saxid_plot_save (png, request->sheet, error);
}

int
saxid_simulate_frames (const SaxidSimulateFrames *request)
{
  const gsize n = request->n;
  g_autofree guint8 *picture = g_new0 (guint8, n * CELLS), *share = g_new0 (guint8, n * CELLS), *technique = g_new0 (guint8, n);
  g_autofree guint32 *experiment = g_new0 (guint32, n);
  g_autofree char *source = g_strdup_printf ("saxid simulate --frames %u --per-experiment %u --seed %" G_GUINT64_FORMAT,
                                             request->n, request->per_experiment, request->seed);
  Set set = { request, picture, share, technique, experiment };
  g_autoptr (GError) error = NULL;
  const SaxidPictures pictures = { n, SAXID_PICTURE_SIDE, picture, share, technique, experiment, "SAXS WAXS GISAXS GIWAXS", source };

  saxid_parallel (&(SaxidParallel) { .name = "frames", .threads = request->threads, .piece = draw_one, .data = &set }, n);
  if (!saxid_pictures_write (request->output, &pictures, &error) || (request->sheet != NULL && !draw_sheet (&set, &error)))
    return saxid_verb_failed (VERB, error);
  g_print ("%s: %u frames of %u experiments, seed %" G_GUINT64_FORMAT "\n", request->output, request->n,
           (request->n + request->per_experiment - 1) / request->per_experiment, request->seed);
  return SAXID_EXIT_OK;
}
