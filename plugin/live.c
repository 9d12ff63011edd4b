/* How are curves tagged while they are measured?
 *
 * One record of one curve is filled anew for each frame.
 *
 * Thread: one at a time, and with the host's own calls of HDF5 as HDF5 allows.
 */
#include "plugin/live.h"

#include <string.h>

#include "plugin/tag-record.h"
#include "reducers/clean-text.h"
#include "reducers/repairs.h"
#include "schemas/tag/live.h"

struct saxid_live
{
  const struct saxid_context *context;
  SaxidRecord *record;
  SaxidTagLive *tags;
  SaxidCurveRepairs repairs; /* of all frames, each as it came first */
  GByteArray *seen;          /* a bit for each frame */
};

struct saxid_live *
saxid_live_new (const struct saxid_context *context, const struct saxid_live_options *options, const char *note,
                GError **error)
{
  struct saxid_live *live = g_new0 (struct saxid_live, 1);
  SaxidRecord *record = saxid_tag_record_new (context, 1);

  record->parent = g_strdup (options->entry);
  record->name = g_strdup (options->name != NULL ? options->name : SAXID_TAG_GROUP);
  record->i_path = g_strdup (options->i_path);
  record->q_path = g_strdup (options->q_path);
  record->sigma_path = g_strdup (options->sigma_path);
  record->q_unit = g_strdup (options->q_unit);
  record->i_unit = g_strdup (options->i_unit);
  record->source_file = g_strdup (options->source_file);
  record->slit_smeared = (options->flags & SAXID_LIVE_SLIT_SMEARED) != 0;
  record->note = note != NULL ? saxid_clean_text (note, -1) : NULL;
  live->context = context;
  live->seen = g_byte_array_new ();
  live->record = record;
  live->tags = saxid_tag_live_prepare (options->file, options->path, record,
                                       (options->flags & SAXID_LIVE_CONTINUE) != 0, error);
  if (live->tags != NULL)
    return live;
  saxid_live_free (live);
  return NULL;
}

void
saxid_live_free (struct saxid_live *live)
{
  if (live == NULL)
    return;
  saxid_tag_live_free (live->tags);
  saxid_record_free (live->record);
  g_byte_array_unref (live->seen);
  g_free (live);
}

const struct saxid_context *
saxid_live_context (const struct saxid_live *live)
{
  return live->context;
}

/* Frames may come again, and what was done to them before cannot be taken back. */
static void
count_repairs (struct saxid_live *live, guint64 frame, const SaxidJudgement *judgement)
{
  const guint byte = (guint) (frame / 8), old = live->seen->len;
  const guint8 bit = (guint8) (1u << (frame % 8));

  if (byte >= old)
    {
      g_byte_array_set_size (live->seen, byte + 1);
      memset (live->seen->data + old, 0, byte + 1 - old);
    }
  if ((live->seen->data[byte] & bit) == 0)
    saxid_curve_repairs_add (&live->repairs, &judgement->repairs);
  live->seen->data[byte] |= bit;
}

gboolean
saxid_live_append (struct saxid_live *live, struct saxid_workspace *workspace, guint64 frame, SaxidCurve *curve,
                   SaxidJudgement *judgement, GError **error)
{
  if (curve == NULL)
    saxid_pipeline_reject (workspace, "the host has no curve of this frame", judgement);
  else if (!saxid_pipeline_curve (workspace, curve, judgement, error))
    return FALSE;
  saxid_tag_record_store (live->record, 0, judgement);
  if (!saxid_tag_live_put (live->tags, frame, live->record, error))
    return FALSE;
  count_repairs (live, frame, judgement);
  return TRUE;
}

gboolean
saxid_live_finish (struct saxid_live *live, GError **error)
{
  g_autofree char *done = saxid_curve_repairs_say (&live->repairs);

  return saxid_tag_live_finish (live->tags, done, error);
}
