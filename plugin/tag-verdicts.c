/* How do verdicts that a host holds get into its file?
 *
 * They become judgements again, and these the record that a file which saxid reads itself
 * would give: one writer, one layout. What a host may have changed is checked, and what
 * follows from the probabilities is computed from them. A host that does not say where in the
 * file its curves lie is told where they do not: verdicts of other curves are not written.
 *
 * Thread: as the writer.
 */
#include "plugin/tag-verdicts.h"

#include <math.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include "plugin/atoms.h"
#include "plugin/tag-record.h"
#include "reducers/clean-text.h"
#include "reducers/error.h"
#include "schemas/curve/reader.h"
#include "schemas/tag/writer.h"

/* A text as it is read back; NULL where it says nothing. */
static char *
take_text (const char *given)
{
  char *text = given != NULL ? saxid_clean_text (given, -1) : NULL;

  if (text != NULL && text[0] == '\0')
    g_clear_pointer (&text, g_free);
  return text;
}

static SaxidRecord *
start_record (const struct saxid_context *context, const char *entry, gsize n, const struct saxid_write_options *options)
{
  SaxidRecord *record = saxid_tag_record_new (context, n);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  record->parent = g_strdup (entry);
  record->name = g_strdup (options->name != NULL ? options->name : SAXID_TAG_GROUP);
  record->i_path = g_strdup (options->i_path);
  record->q_path = g_strdup (options->q_path);
  record->sigma_path = g_strdup (options->sigma_path);
  record->q_unit = take_text (options->q_unit);
  record->i_unit = take_text (options->i_unit);
  record->note = take_text (options->note);
  record->slit_smeared = options->slit_smeared != 0;
  record->date = g_date_time_format_iso8601 (now);
  return record;
}

/* A probability, a confidence or a score. */
static const SaxidSource *
find_source (const SaxidReader *reader, const char *path, const char *entry, GError **error)
{
  const SaxidSource *found = NULL;

  for (guint k = 0; k < saxid_reader_source_count (reader); k++)
    {
      const SaxidSource *source = saxid_reader_source (reader, k);

      if (strcmp (source->entry, entry) != 0)
        continue;
      if (found != NULL)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                       "entry has more than one set of curves: say which by i_path and q_path (%s, %s)", path, entry);
          return NULL;
        }
      found = source;
    }
  if (found == NULL)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "entry has no curves (%s, %s)", path, entry);
  return found;
}

static void
take_path (char **path, const char *found)
{
  g_free (*path);
  *path = g_strdup (found);
}

/* What the host leaves open is as the file says. */
static gboolean
find_curves (const char *path, SaxidRecord *record, GError **error)
{
  g_autoptr (SaxidReader) reader = saxid_reader_open (path, NULL, error);
  const SaxidSource *source = reader != NULL ? find_source (reader, path, record->parent, error) : NULL;

  if (source == NULL)
    return FALSE;
  if (source->n_frame != record->n_curve)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "there are %" G_GSIZE_FORMAT " verdicts, the entry has %" G_GSIZE_FORMAT " curves (%s, %s)",
                   record->n_curve, source->n_frame, path, source->i_path);
      return FALSE;
    }
  take_path (&record->i_path, source->i_path);
  take_path (&record->q_path, source->q_path);
  take_path (&record->sigma_path, source->sigma_path);
  if (record->q_unit == NULL)
    record->q_unit = g_strdup (source->q_unit);
  if (record->i_unit == NULL)
    record->i_unit = g_strdup (source->i_unit);
  record->slit_smeared = record->slit_smeared || source->slit_smeared;
  return TRUE;
}

/* A probability, a confidence or a score. */
static gboolean
is_part (double value)
{
  return isfinite (value) && value >= 0 && value <= 1;
}

static gboolean
refuse (GError **error, gsize frame, const char *what, double value)
{
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "%s of verdict %" G_GSIZE_FORMAT " is %g, which no model gives", what,
               frame, value);
  return FALSE;
}

static gboolean
check (const struct saxid_verdict *verdict, guint n_class, gsize frame, GError **error)
{
  if (verdict->status < SAXID_VERDICT_NOT_DONE || verdict->status > SAXID_VERDICT_REJECTED)
    return refuse (error, frame, "status", verdict->status);
  if (verdict->label < -1 || verdict->label >= (int) n_class)
    return refuse (error, frame, "label", verdict->label);
  for (guint k = 0; k < n_class; k++)
    if (!is_part (verdict->probability[k]))
      return refuse (error, frame, "probability", (double) verdict->probability[k]);
    else if (verdict->prediction_set[k] > 1)
      return refuse (error, frame, "prediction_set", verdict->prediction_set[k]);
  if (!is_part (verdict->confidence))
    return refuse (error, frame, "confidence", (double) verdict->confidence);
  if (!is_part (verdict->outlier_score))
    return refuse (error, frame, "outlier_score", (double) verdict->outlier_score);
  return TRUE;
}

/* A verdict of an older caller has no such member. */
static gboolean
store_atoms (SaxidRecord *record, gsize frame, const struct saxid_verdict *verdict, GError **error)
{
  const gboolean has = verdict->struct_size >= offsetof (struct saxid_verdict, atoms) + sizeof verdict->atoms;
  SaxidAtomsAnswer answer;

  if (!has || verdict->atoms == NULL)
    return TRUE;
  if (!saxid_atoms_take (verdict->atoms, frame, &answer, error))
    return FALSE;
  saxid_atoms_store (record, frame, &answer);
  return TRUE;
}

static void
store (SaxidRecord *record, gsize frame, const struct saxid_verdict *verdict)
{
  SaxidJudgement judgement = { .status = verdict->status,
                               .label = verdict->label,
                               .confidence = verdict->confidence,
                               .outlier_score = verdict->outlier_score,
                               .outlier = verdict->outlier != 0,
                               .probability = verdict->probability,
                               .in_set = verdict->prediction_set };

  for (guint level = 0; level < SAXID_N_LEVEL; level++)
    saxid_level_sum (level, record->n_class, (const char *const *) record->class_name, judgement.probability,
                     judgement.level[level]);
  saxid_tag_record_store (record, frame, &judgement);
}

gboolean
saxid_tag_verdicts (const struct saxid_context *context, const char *path, const char *entry,
                    const struct saxid_verdict *verdicts, gsize n, const struct saxid_write_options *options,
                    GError **error)
{
  const gboolean is_found = options->i_path == NULL && options->q_path == NULL;
  struct stat as_read = { 0 };
  const SaxidWriteOptions how = { .side_file = (options->flags & SAXID_TAG_SIDE_FILE) != 0,
                                  .keep_same = (options->flags & SAXID_TAG_KEEP_SAME) != 0,
                                  .size_limit = options->max_copy_bytes,
                                  .as_read = is_found ? &as_read : NULL };
  g_autoptr (SaxidRecord) record = start_record (context, entry, n, options);
  SaxidRecord *records[] = { record };

  for (gsize k = 0; k < n; k++)
    {
      const struct saxid_verdict *verdict
        = (gconstpointer) ((const char *) verdicts + k * (gsize) verdicts->struct_size);

      if (!check (verdict, record->n_class, k, error))
        return FALSE;
      store (record, k, verdict);
      if (!store_atoms (record, k, verdict, error))
        return FALSE;
    }
  /* one that is not there is the reader's to report */
  if (is_found && stat (path, &as_read) != 0)
    as_read = (struct stat) { 0 };
  if (is_found && !find_curves (path, record, error))
    return FALSE;
  return saxid_tag_write (path, records, G_N_ELEMENTS (records), &how, error);
}
