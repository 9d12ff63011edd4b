/* Which frames were asked, and what was the answer?
 *
 * Thread: see asked.h.
 */
#include "config.h"

#include "cli/reduce/asked.h"

#include <math.h>
#include <string.h>

struct SaxidReduceAsked
{
  GStringChunk *text;
  const char *file;
  guint first_frame, first_claim; /* of that file */
  GArray *frame, *claim;          /* of SaxidAskedFrame, SaxidAskedClaim */
  GArray *vector;                 /* of float */
  GByteArray *evidence;
  gsize n_vector;                 /* 0: no image was asked */
};

static SaxidReduceAsked *
asked_new (void)
{
  SaxidReduceAsked *self = g_new0 (SaxidReduceAsked, 1);

  self->text = g_string_chunk_new (1024);
  self->frame = g_array_new (FALSE, FALSE, sizeof (SaxidAskedFrame));
  self->claim = g_array_new (FALSE, FALSE, sizeof (SaxidAskedClaim));
  self->vector = g_array_new (FALSE, FALSE, sizeof (float));
  self->evidence = g_byte_array_new ();
  return self;
}

void
saxid_reduce_asked_free (SaxidReduceAsked *self)
{
  if (self == NULL)
    return;
  g_string_chunk_free (self->text);
  g_array_unref (self->frame);
  g_array_unref (self->claim);
  g_array_unref (self->vector);
  g_byte_array_unref (self->evidence);
  g_free (self);
}

SaxidReduceAsked *
saxid_reduce_asked_begin (SaxidReduceAsked *self, const char *file)
{
  if (self == NULL)
    self = asked_new ();
  if (g_strcmp0 (self->file, file) != 0)
    {
      self->first_frame = self->frame->len;
      self->first_claim = self->claim->len;
    }
  self->file = g_string_chunk_insert_const (self->text, file);
  g_array_set_size (self->frame, self->first_frame);
  g_array_set_size (self->claim, self->first_claim);
  g_array_set_size (self->vector, self->first_frame * (guint) self->n_vector);
  g_byte_array_set_size (self->evidence, self->n_vector > 0 ? self->first_frame * SAXID_EVIDENCE_CELLS : 0);
  return self;
}

static char *
keep_text (SaxidReduceAsked *self, const char *text)
{
  return text != NULL ? g_string_chunk_insert_const (self->text, text) : NULL;
}

void
saxid_reduce_asked_header (SaxidReduceAsked *self, const SaxidTechniqueHeader *header)
{
  for (guint half = 0; half < SAXID_N_HALF; half++)
    for (guint yes = 0; yes < 2; yes++)
      {
        const SaxidTechniqueClaim *said = &header->claim[half][yes];
        const SaxidAskedClaim claim = { self->file, (SaxidTechniqueHalf) half, yes != 0, said->wrong, keep_text (self, said->place) };

        if (said->wrong > 0)
          g_array_append_val (self->claim, claim);
      }
}

/* Rows for the frames before the first whose image could be asked. */
static void
make_room (SaxidReduceAsked *self, SaxidFrameTechnique *image)
{
  if (self->n_vector > 0)
    return;
  self->n_vector = saxid_technique_judge_width (image->judge);
  for (gsize k = 0; k < self->frame->len * self->n_vector; k++)
    g_array_append_val (self->vector, (const float) { NAN });
  g_byte_array_set_size (self->evidence, self->frame->len * SAXID_EVIDENCE_CELLS);
  memset (self->evidence->data, 0, self->evidence->len);
}

static void
keep_image (SaxidReduceAsked *self, SaxidFrameTechnique *image, const SaxidTechniqueAnswer *answer)
{
  guint8 evidence[SAXID_EVIDENCE_CELLS] = { 0 };
  const float nothing = NAN;

  if (answer != NULL && answer->vector != NULL)
    g_array_append_vals (self->vector, answer->vector, (guint) self->n_vector);
  else
    for (gsize k = 0; k < self->n_vector; k++)
      g_array_append_val (self->vector, nothing);
  if (answer != NULL && !saxid_technique_judge_evidence (image->judge, evidence, NULL))
    memset (evidence, 0, sizeof evidence); /* of layers through which none is followed */
  g_byte_array_append (self->evidence, evidence, sizeof evidence);
}

void
saxid_reduce_asked_frame (SaxidReduceAsked *self, gsize frame, const SaxidTechniqueHeader *header, const SaxidTechniqueBelief *belief,
                          SaxidFrameTechnique *image, const SaxidTechniqueAnswer *answer, gboolean refused)
{
  SaxidAskedFrame one = { .file = self->file, .frame = frame, .row = -1, .refused = refused, .grazing = belief->half[SAXID_HALF_GRAZING],
                          .best = belief->best, .witness = belief->witness, .source = keep_text (self, belief->place),
                          .outlier = answer != NULL ? answer->outlier : NAN,
                          .incident_angle = header->has_angle ? header->incident_angle : NAN };

  if (image != NULL)
    make_room (self, image);
  memcpy (one.probability, belief->probability, sizeof one.probability);
  g_array_append_val (self->frame, one);
  if (self->n_vector > 0)
    keep_image (self, image, answer);
}

gboolean
saxid_reduce_asked_has (const SaxidReduceAsked *self, gsize frame)
{
  for (guint k = self != NULL ? self->first_frame : 0; self != NULL && k < self->frame->len; k++)
    if (g_array_index (self->frame, SaxidAskedFrame, k).frame == frame)
      return TRUE;
  return FALSE;
}

void
saxid_reduce_asked_refuse (SaxidReduceAsked *self)
{
  for (guint k = self->first_frame; k < self->frame->len; k++)
    g_array_index (self->frame, SaxidAskedFrame, k).refused = TRUE;
}

/* Of n_row from `from` on, and then of those before: most frames were asked in the order of the run. */
static gint64
find_row (const SaxidAskedFrame *one, gsize from, gsize n_row, const char *const *source, const gsize *source_frame)
{
  for (gsize k = 0; k < n_row; k++)
    {
      const gsize row = (from + k) % n_row;

      if (source_frame[row] == one->frame && strcmp (source[row], one->file) == 0)
        return (gint64) row;
    }
  return -1;
}

static void
find_rows (SaxidReduceAsked *self, gsize n_row, const char *const *source, const gsize *source_frame)
{
  gsize from = 0;

  for (guint k = 0; k < self->frame->len; k++)
    {
      SaxidAskedFrame *one = &g_array_index (self->frame, SaxidAskedFrame, k);

      one->row = one->refused ? -1 : find_row (one, from, n_row, source, source_frame);
      if (one->row >= 0)
        from = (gsize) one->row + 1;
    }
}

SaxidAsked
saxid_reduce_asked_all (SaxidReduceAsked *self, gsize n_row, const char *const *source, const gsize *source_frame,
                        const char *model_checksum)
{
  if (self == NULL)
    return (SaxidAsked) { .n = 0 };
  find_rows (self, n_row, source, source_frame);
  return (SaxidAsked) {
    .n = self->frame->len,
    .n_claim = self->claim->len,
    .n_vector = self->n_vector,
    .side = SAXID_EVIDENCE_SIDE,
    .frame = (const SaxidAskedFrame *) (gconstpointer) self->frame->data,
    .claim = (const SaxidAskedClaim *) (gconstpointer) self->claim->data,
    .vector = self->n_vector > 0 ? (const float *) (gconstpointer) self->vector->data : NULL,
    .evidence = self->n_vector > 0 ? self->evidence->data : NULL,
    .model_checksum = self->n_vector > 0 ? model_checksum : NULL,
    .frames_asked = "of each file up to eight that are spread over it (all where no image can be asked, or where those differ), and those whose curve is unlike the one before (at most eight, and one in fifty of the frames before it)",
  };
}
