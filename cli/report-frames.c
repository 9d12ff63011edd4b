/* What is shown of detector frames?
 *
 * Thread: see report-frames.h.
 */
#include "config.h"

#include "cli/report-frames.h"

#include <math.h>
#include <string.h>

#include "cli/archive/vectors.h"
#include "cli/archive/walk.h"
#include "cli/plot/plot.h"
#include "cli/sort-like.h"
#include "reducers/error.h"
#include "schemas/curve/technique-read.h"

#define SPREAD 8u /* frames of a file that are shown */
#define ASKED 3u  /* the same, where a file of curves says what they are */
#define SIDE 480u /* pixels of a picture */
#define THUMB 150u
#define MOST_WORDS (2 * SAXID_N_HALF + 4)

/* A frame with all that its card points to. */
typedef struct
{
  char *file, *warning, *text[MOST_WORDS];
  SaxidReportPair pair[MOST_WORDS];
  SaxidReportNear near[SAXID_LIKE_MOST];
  SaxidTechniqueHeader header;
  SaxidReportFrame card;
} Item;

/* A frame among which is looked. */
typedef struct
{
  char *path;
  gsize frame;
  SaxidTechnique technique;
  float *vector;
  gsize n_vector;
} Known;

struct SaxidReportFrames
{
  SaxidFrameTechnique *image; /* NULL until one is asked, or where none ships */
  char *like;
  GPtrArray *known; /* of Known; NULL until it is looked for */
  SaxidArchiveLedger *ledger; /* where like is one, instead */
  SaxidArchiveVectors *vectors;
  GPtrArray *items;
  GArray *cards;    /* of SaxidReportFrame */
};

static void
free_item (gpointer data)
{
  Item *item = data;

  g_free (item->file);
  g_free (item->warning);
  for (guint k = 0; k < MOST_WORDS; k++)
    g_free (item->text[k]);
  for (guint k = 0; k < SAXID_LIKE_MOST; k++)
    {
      g_free (item->near[k].name);
      g_clear_pointer (&item->near[k].picture, g_bytes_unref);
    }
  g_clear_pointer (&item->card.picture, g_bytes_unref);
  g_clear_pointer (&item->card.evidence, g_bytes_unref);
  saxid_technique_header_clear (&item->header);
  g_free (item);
}

static void
free_known (gpointer data)
{
  Known *known = data;

  g_free (known->path);
  g_free (known->vector);
  g_free (known);
}

SaxidReportFrames *
saxid_report_frames_new (const char *like)
{
  SaxidReportFrames *self = g_new0 (SaxidReportFrames, 1);

  self->like = g_strdup (like);
  self->items = g_ptr_array_new_with_free_func (free_item);
  self->cards = g_array_new (FALSE, FALSE, sizeof (SaxidReportFrame));
  return self;
}

void
saxid_report_frames_free (SaxidReportFrames *self)
{
  if (self == NULL)
    return;
  saxid_frame_technique_free (self->image);
  g_clear_pointer (&self->known, g_ptr_array_unref);
  g_clear_pointer (&self->vectors, saxid_archive_vectors_free);
  g_clear_pointer (&self->ledger, saxid_archive_ledger_free);
  g_ptr_array_unref (self->items);
  g_array_unref (self->cards);
  g_free (self->like);
  g_free (self);
}

static gboolean
open_image (SaxidReportFrames *self, GError **error)
{
  if (self->image == NULL)
    self->image = saxid_frame_technique_new (error);
  return self->image != NULL;
}

/* ---- frames that look alike ----------------------------------------------------------------- */

/* The first frame of a file; none where it cannot be read. */
static void
know_file (SaxidReportFrames *self, const char *path)
{
  g_autoptr (SaxidFrameFile) file = saxid_frame_file_open (path, NULL, NULL);
  SaxidTechniqueBelief belief;
  SaxidTechniqueAnswer answer;
  SaxidTechniqueHeader header;
  SaxidTechniqueRange range;
  Known *known;

  if (file == NULL || !saxid_frame_technique_ask (self->image, file, 0, &answer, NULL) || answer.vector == NULL)
    return;
  saxid_frame_technique_range (saxid_frame_file_info (file), &range);
  saxid_frame_technique_header (saxid_frame_file_info (file), 0, range.q95, &header);
  saxid_technique_believe (&header, &answer.image, &belief);
  saxid_technique_header_clear (&header);
  known = g_new0 (Known, 1);
  *known = (Known) { g_strdup (path), 0, belief.best, g_memdup2 (answer.vector, answer.n_vector * sizeof (float)), answer.n_vector };
  g_ptr_array_add (self->known, known);
}

/* The ledger of sort, with the vectors beside it. */
static gboolean
know_ledger (SaxidReportFrames *self, GError **error)
{
  const SaxidTechniqueFile *model = self->image->file;

  if (self->vectors != NULL)
    return TRUE;
  if (self->ledger == NULL && (self->ledger = saxid_archive_ledger_open (self->like, FALSE, error)) == NULL)
    return FALSE;
  self->vectors = saxid_archive_vectors_open (self->like, model->sha256, saxid_technique_vector_width (model->model->network), FALSE, error);
  return self->vectors != NULL;
}

static gboolean
know_folder (SaxidReportFrames *self, GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  SaxidArchiveChoice choice = { .frames = TRUE };

  if (self->known != NULL)
    return TRUE;
  if (!saxid_archive_walk (self->like, &(SaxidArchiveShard) { 0, 1 }, &choice, paths, error))
    return FALSE;
  self->known = g_ptr_array_new_with_free_func (free_known);
  for (guint k = 0; k < paths->len; k++)
    know_file (self, paths->pdata[k]);
  return TRUE;
}

static const guint8 *
mask_of (const SaxidFrameTechnique *image, const SaxidFrameFile *file)
{
  const SaxidFrameInfo *info = saxid_frame_file_info (file);

  return info->frame_masks ? image->mask : info->mask;
}

/* What was read last with image. evidence: or NULL. */
static GBytes *
draw (const SaxidFrameTechnique *image, const SaxidFrameFile *file, guint side, const guint8 *evidence)
{
  const SaxidFrameInfo *info = saxid_frame_file_info (file);

  return saxid_plot_frame (&(SaxidFramePlot) { .height = info->height, .width = info->width, .pixels = image->pixels,
                                               .mask = mask_of (image, file), .side = side, .evidence = evidence,
                                               .evidence_side = SAXID_EVIDENCE_SIDE });
}

static GBytes *
draw_thumb (SaxidReportFrames *self, const char *path, gsize frame)
{
  g_autoptr (SaxidFrameFile) file = saxid_frame_file_open (path, NULL, NULL);
  SaxidTechniqueAnswer answer;

  return file != NULL && saxid_frame_technique_ask (self->image, file, frame, &answer, NULL) ? draw (self->image, file, THUMB, NULL) : NULL;
}

static void
add_near (SaxidReportFrames *self, Item *item, const char *path, gsize frame, SaxidTechnique technique, double distance)
{
  item->near[item->card.n_near++] = (SaxidReportNear) { g_path_get_basename (path), technique, distance, draw_thumb (self, path, frame) };
  item->card.near = item->near;
}

static gboolean
find_in_ledger (SaxidReportFrames *self, Item *item, const char *own, gsize frame, const SaxidTechniqueAnswer *answer, GError **error)
{
  SaxidArchiveNear near[SAXID_LIKE_MOST + 1]; /* the frame itself may be among them */
  int n;

  if (answer->vector == NULL)
    return TRUE;
  if (!know_ledger (self, error)
      || (n = saxid_archive_vectors_nearest (self->vectors, self->ledger, answer->vector, G_N_ELEMENTS (near), near, error)) < 0)
    return FALSE;
  for (int k = 0; k < n; k++)
    {
      const gboolean same = near[k].frame == (gint64) frame && strcmp (near[k].path, own) == 0;

      if (!same && item->card.n_near < SAXID_LIKE_MOST)
        add_near (self, item, near[k].path, (gsize) near[k].frame,
                  near[k].label != NULL ? saxid_technique_find (near[k].label) : SAXID_TECHNIQUE_UNKNOWN, near[k].distance);
      saxid_archive_near_clear (&near[k]);
    }
  return TRUE;
}

static gboolean
find_in_folder (SaxidReportFrames *self, Item *item, const char *own, gsize frame, const SaxidTechniqueAnswer *answer, GError **error)
{
  SaxidLike like;

  if (!saxid_like_begin (&like, answer)) /* the vector is kept: what follows asks the judge again */
    return TRUE;
  if (!know_folder (self, error))
    {
      saxid_like_clear (&like);
      return FALSE;
    }
  for (guint k = 0; k < self->known->len; k++)
    {
      const Known *known = self->known->pdata[k];
      const SaxidTechniqueAnswer of = { .vector = known->vector, .n_vector = known->n_vector };

      if (known->frame != frame || strcmp (known->path, own) != 0)
        saxid_like_add (&like, known->path, known->frame, known->technique, &of);
    }
  for (guint k = 0; k < like.n; k++)
    add_near (self, item, like.frame[k].path, like.frame[k].frame, like.frame[k].technique, like.frame[k].distance);
  saxid_like_clear (&like);
  return TRUE;
}

static gboolean
find_near (SaxidReportFrames *self, Item *item, const char *path, gsize frame, const SaxidTechniqueAnswer *answer, GError **error)
{
  g_autofree char *own = g_canonicalize_filename (path, NULL);

  const gboolean is_ledger = g_file_test (self->like, G_FILE_TEST_IS_REGULAR) && !saxid_report_frames_are (self->like);

  return (is_ledger ? find_in_ledger : find_in_folder) (self, item, own, frame, answer, error);
}

/* ---- one frame --------------------------------------------------------------------------------- */

static void
add_word (Item *item, const char *key, char *value)
{
  item->text[item->card.n_pair] = value;
  item->pair[item->card.n_pair++] = (SaxidReportPair) { key, value };
}

/* What the header says, and where. */
static void
add_words (Item *item, const SaxidTechniqueRange *range, const SaxidFrameInfo *info)
{
  static const char *const says[SAXID_N_HALF][2] = { { "Says transmission", "Says grazing" }, { "Says small angles", "Says wide angles" } };

  for (guint half = 0; half < SAXID_N_HALF; half++)
    for (guint yes = 0; yes < 2; yes++)
      {
        const SaxidTechniqueClaim *claim = &item->header.claim[half][yes];

        if (claim->wrong > 0)
          add_word (item, says[half][yes], g_strdup_printf ("%s (such words are wrong in %.0f %%)",
                                                            claim->place != NULL ? claim->place : "the header", 100 * claim->wrong));
      }
  if (item->header.has_angle)
    add_word (item, "Angle of incidence", g_strdup_printf ("%.4g°", item->header.incident_angle));
  if (isfinite (range->most))
    add_word (item, "q range", g_strdup_printf ("%.3g – %.3g Å⁻¹, 95 %% of the pixels below %.3g", range->least, range->most, range->q95));
  if (info->lacks != NULL)
    add_word (item, "Not said", g_strdup (info->lacks));
  item->card.pair = item->pair;
}

static void
fill_halves (SaxidReportFrame *card, const SaxidTechniqueBelief *both, const SaxidTechniqueBelief *header, const SaxidTechniqueAnswer *answer,
             const SaxidTechniqueHeader *said)
{
  for (guint half = 0; half < SAXID_N_HALF; half++)
    {
      const gboolean spoken = said->claim[half][0].wrong > 0 || said->claim[half][1].wrong > 0;

      card->half[half][0] = spoken ? header->half[half] : NAN;
      card->half[half][1] = answer->image.known ? 1 / (1 + exp (-answer->image.half[half])) : NAN;
      card->half[half][2] = both->half[half];
    }
}

/* TRUE: the image could be asked, and was read. */
static gboolean
look (SaxidReportFrames *self, SaxidFrameFile *file, gsize frame, Item *item, SaxidTechniqueAnswer *answer, GError **error)
{
  guint8 evidence[SAXID_EVIDENCE_CELLS];

  if (!open_image (self, error) || !saxid_frame_technique_ask (self->image, file, frame, answer, error))
    return FALSE;
  item->card.picture = draw (self->image, file, SIDE, NULL);
  if (answer->vector != NULL && saxid_technique_judge_evidence (self->image->judge, evidence, NULL))
    item->card.evidence = draw (self->image, file, SIDE, evidence);
  return TRUE;
}

static gboolean
add_frame (SaxidReportFrames *self, SaxidFrameFile *file, gsize frame, GError **error)
{
  const SaxidFrameInfo *info = saxid_frame_file_info (file);
  Item *item = g_new0 (Item, 1);
  SaxidTechniqueRange range;
  SaxidTechniqueAnswer answer;
  SaxidTechniqueBelief both, alone;
  g_autofree char *region = NULL;

  item->file = g_strdup (saxid_frame_file_path (file));
  item->card = (SaxidReportFrame) { .file = item->file, .frame = info->n_frame > 1 ? (gint64) frame : -1, .height = info->height, .width = info->width };
  saxid_frame_technique_range (info, &range);
  saxid_frame_technique_header (info, frame, range.q95, &item->header);
  if (!look (self, file, frame, item, &answer, error))
    {
      free_item (item);
      return FALSE;
    }
  saxid_technique_believe (&item->header, &answer.image, &both);
  saxid_technique_believe (&item->header, NULL, &alone);
  memcpy (item->card.probability, both.probability, sizeof both.probability);
  item->card.best = both.best;
  item->card.header = both.header;
  item->card.image = both.image;
  item->card.outlier = answer.outlier;
  item->card.refused = saxid_technique_refuses (&both);
  region = saxid_frame_technique_region (self->image, info);
  item->card.warning = item->warning = saxid_technique_disagreement (&both, region);
  fill_halves (&item->card, &both, &alone, &answer, &item->header);
  add_words (item, &range, info);
  if (self->like != NULL && !find_near (self, item, item->file, frame, &answer, error))
    {
      free_item (item);
      return FALSE;
    }
  g_ptr_array_add (self->items, item);
  g_array_append_val (self->cards, item->card);
  return TRUE;
}

gboolean
saxid_report_frames_are (const char *path)
{
  g_autoptr (SaxidFrameFile) file = saxid_frame_file_open (path, NULL, NULL);

  return file != NULL;
}

gboolean
saxid_report_frames_add (SaxidReportFrames *self, const char *path, gint64 frame, GError **error)
{
  g_autoptr (SaxidFrameFile) file = saxid_frame_file_open (path, NULL, error);
  gsize n, step;

  if (file == NULL)
    return FALSE;
  n = saxid_frame_file_info (file)->n_frame;
  if (frame >= 0 && (guint64) frame >= n)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "frame %" G_GINT64_FORMAT " is not there (%s)", frame, path);
      return FALSE;
    }
  if (frame >= 0)
    return add_frame (self, file, (gsize) frame, error);
  step = (n + SPREAD - 1) / SPREAD;
  for (gsize k = 0; k < n; k += step)
    if (!add_frame (self, file, k, error))
      return FALSE;
  return TRUE;
}

/* ---- frames of a file of curves ------------------------------------------------------------------- */

/* The file that is named, or one of that name beside the file of curves. */
static SaxidFrameFile *
open_source (const char *named, const char *curves)
{
  SaxidFrameFile *file = saxid_frame_file_open (named, NULL, NULL);
  g_autofree char *directory = g_path_get_dirname (curves), *base = g_path_get_basename (named);
  g_autofree char *beside = g_build_filename (directory, base, NULL);

  return file != NULL ? file : saxid_frame_file_open (beside, NULL, NULL);
}

static void
draw_source (SaxidReportFrames *self, Item *item, const SaxidAskedFrame *asked, const char *curves, const guint8 *evidence)
{
  g_autoptr (SaxidFrameFile) file = open_source (asked->file, curves);
  SaxidTechniqueAnswer answer;

  if (file == NULL || asked->frame >= saxid_frame_file_info (file)->n_frame || !open_image (self, NULL)
      || !saxid_frame_technique_ask (self->image, file, asked->frame, &answer, NULL))
    return;
  item->card.height = saxid_frame_file_info (file)->height;
  item->card.width = saxid_frame_file_info (file)->width;
  item->card.picture = draw (self->image, file, SIDE, NULL);
  if (evidence != NULL)
    item->card.evidence = draw (self->image, file, SIDE, evidence);
}

static void
add_asked (SaxidReportFrames *self, const SaxidAskedFrame *asked, const char *curves, const guint8 *evidence)
{
  Item *item = g_new0 (Item, 1);

  item->file = g_strdup (asked->file);
  item->card = (SaxidReportFrame) { .file = item->file, .frame = (gint64) asked->frame, .best = asked->best, .header = SAXID_TECHNIQUE_UNKNOWN,
                                    .image = asked->best, .outlier = asked->outlier, .refused = asked->refused, .stored = TRUE };
  memcpy (item->card.probability, asked->probability, sizeof asked->probability);
  for (guint half = 0; half < SAXID_N_HALF; half++)
    item->card.half[half][0] = item->card.half[half][1] = NAN;
  item->card.half[SAXID_HALF_GRAZING][2] = asked->grazing;
  item->card.half[SAXID_HALF_WIDE][2] = asked->probability[SAXID_TECHNIQUE_WAXS] + asked->probability[SAXID_TECHNIQUE_GIWAXS];
  if (asked->source != NULL)
    add_word (item, "The header's word", g_strdup (asked->source));
  if (isfinite (asked->incident_angle))
    add_word (item, "Angle of incidence", g_strdup_printf ("%.4g°", asked->incident_angle));
  item->card.pair = item->pair;
  draw_source (self, item, asked, curves, evidence);
  g_ptr_array_add (self->items, item);
  g_array_append_val (self->cards, item->card);
}

/* Of a run a few that are spread over it, and the first of those that have no curve. */
void
saxid_report_frames_add_asked (SaxidReportFrames *self, const char *path)
{
  g_autoptr (SaxidAskedFile) file = saxid_asked_file_read (path);
  const gsize n = file != NULL ? file->asked.n : 0, step = MAX ((n + ASKED - 1) / ASKED, 1);
  gsize refused = 0;

  for (gsize k = 0; k < n; k++)
    {
      const gboolean has_map = file->evidence != NULL && file->asked.side == SAXID_EVIDENCE_SIDE;

      if (k % step != 0 && !(file->frame[k].refused && refused < ASKED))
        continue;
      refused += file->frame[k].refused;
      add_asked (self, &file->frame[k], path, has_map ? file->evidence + k * SAXID_EVIDENCE_CELLS : NULL);
    }
}

gsize
saxid_report_frames_cards (const SaxidReportFrames *self, const SaxidReportFrame **cards)
{
  *cards = (const SaxidReportFrame *) (gconstpointer) self->cards->data;
  return self->cards->len;
}
