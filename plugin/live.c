/* How are curves tagged while they are measured?
 *
 * One record of one curve is filled anew for each frame.
 *
 * Thread: one at a time, and with the host's own calls of HDF5 as HDF5 allows.
 */
#include "plugin/live.h"

#include "plugin/tag-record.h"
#include "schemas/tag/live.h"

struct saxid_live
{
  const struct saxid_context *context;
  SaxidRecord *record;
  SaxidTagLive *tags;
};

struct saxid_live *
saxid_live_new (const struct saxid_context *context, const struct saxid_live_options *options, GError **error)
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
  live->context = context;
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
  g_free (live);
}

const struct saxid_context *
saxid_live_context (const struct saxid_live *live)
{
  return live->context;
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
  return saxid_tag_live_put (live->tags, frame, live->record, error);
}

gboolean
saxid_live_finish (struct saxid_live *live, GError **error)
{
  return saxid_tag_live_finish (live->tags, error);
}
