/* How does a file get its tags?
 *
 * Each source of the file (one I[frame, q]) gets one record; the records of all
 * sources are written in one replacement of the file.
 *
 * Thread: a job belongs to one thread at a time.
 */
#include "config.h"
#include "plugin/tag-file.h"

#include <string.h>
#include <sys/stat.h>

#include "plugin/atoms.h"
#include "plugin/tag-record.h"
#include "reducers/clean-text.h"
#include "reducers/error.h"
#include "reducers/repairs.h"
#include "schemas/curve/reader.h"
#include "schemas/tag/writer.h"

struct saxid_job
{
  const struct saxid_context *context;
  char *path;
  guint32 flags;
  guint64 max_copy_bytes;
  char *side_dir; /* or NULL */
  SaxidReader *reader;
  struct stat as_read; /* the file, when it was opened */
  GPtrArray *record; /* of SaxidRecord, one per source */
  gconstpointer *held; /* [source] curves of the host, or NULL */
  SaxidJobTake take;   /* of them */
  SaxidCurveRepairs repairs; /* of the curves of this source so far */
  guint source;      /* of the next curve */
  gsize frame;
  guint64 index, total;
};

void
saxid_job_free (struct saxid_job *job)
{
  if (job == NULL)
    return;
  g_clear_pointer (&job->reader, saxid_reader_free);
  g_clear_pointer (&job->record, g_ptr_array_unref);
  g_free (job->held);
  g_free (job->path);
  g_free (job->side_dir);
  g_free (job);
}

gboolean
saxid_job_hold (struct saxid_job *job, const char *i_path, gconstpointer curves, gsize n, SaxidJobTake take, GError **error)
{
  if (job->index > 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "curves come after the first was judged (%s, %s)", job->path, i_path);
      return FALSE;
    }
  for (guint k = 0; k < job->record->len; k++)
    {
      const SaxidSource *source = saxid_reader_source (job->reader, k);

      if (strcmp (source->i_path, i_path) != 0)
        continue;
      if (source->n_frame != n)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                       "there are %" G_GSIZE_FORMAT " curves, the data set has %" G_GSIZE_FORMAT " (%s, %s)", n, source->n_frame,
                       job->path, i_path);
          return FALSE;
        }
      job->held[k] = curves;
      job->take = take;
      return TRUE;
    }
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "data set is none of those that are judged (%s, %s)", job->path, i_path);
  return FALSE;
}

/* Where a set of curves is, for who asks about names. */
typedef struct
{
  const GPtrArray *records;
  const char *parent;
} Beside;

static gboolean
name_is_taken (const char *name, gpointer user)
{
  const Beside *beside = user;

  for (guint k = 0; k < beside->records->len; k++)
    {
      const SaxidRecord *record = beside->records->pdata[k];

      if (strcmp (record->parent, beside->parent) == 0 && strcmp (record->name, name) == 0)
        return TRUE;
    }
  return FALSE;
}

static char *
choose_name (const struct saxid_job *job, const SaxidSource *source)
{
  Beside beside = { job->record, source->entry };
  guint in_entry = 0;

  for (guint k = 0; k < saxid_reader_source_count (job->reader); k++)
    in_entry += strcmp (saxid_reader_source (job->reader, k)->entry, source->entry) == 0;
  return saxid_record_group_name (source->data, in_entry, name_is_taken, &beside);
}

static SaxidRecord *
start_record (const struct saxid_job *job, const SaxidSource *source)
{
  SaxidRecord *record = saxid_tag_record_new (job->context, source->n_frame);

  record->parent = g_strdup (source->entry);
  record->name = choose_name (job, source);
  record->i_path = g_strdup (source->i_path);
  record->q_path = g_strdup (source->q_path);
  record->sigma_path = g_strdup (source->sigma_path);
  record->q_unit = g_strdup (source->q_unit);
  record->i_unit = g_strdup (source->i_unit);
  record->slit_smeared = source->slit_smeared;
  return record;
}

static SaxidWriteOptions
how_to_write (const struct saxid_job *job)
{
  return (SaxidWriteOptions) { .side_file = (job->flags & SAXID_TAG_SIDE_FILE) != 0,
                               .side_dir = job->side_dir,
                               .size_limit = job->max_copy_bytes,
                               .keep_same = (job->flags & SAXID_TAG_KEEP_SAME) != 0,
                               .as_read = &job->as_read,
                               .moulds = job->context->moulds };
}

/* Nobody waits for an hour of fits to hear that the file is read-only. */
static gboolean
could_write (const struct saxid_job *job, GError **error)
{
  const SaxidWriteOptions options = how_to_write (job);

  return (job->flags & SAXID_TAG_DRY_RUN) != 0 || saxid_tag_check_write (job->path, &options, error);
}

/* Values of a material and of what SasView has instead, counted in fits of a form factor, of all kinds. */
#define MATERIAL_SEEDS 12
/* … and of particles of atoms, of all shapes. */
#define ATOMS_SEEDS 10

/* Whether the tags of all frames can be kept: a file may claim frames that nobody wrote. */
static gboolean
fits_memory (const struct saxid_job *job, GError **error)
{
  const guint n_class = job->context->n_class;
  const guint n_seed = ((job->flags & SAXID_TAG_SEEDS) != 0 ? n_class : 0) + (job->context->materials ? MATERIAL_SEEDS : 0)
                       + (job->context->atoms ? ATOMS_SEEDS : 0);
  guint64 n_frame = 0;

  for (guint k = 0; k < saxid_reader_source_count (job->reader); k++)
    n_frame += saxid_reader_source (job->reader, k)->n_frame;
  if (saxid_record_bytes (n_frame, n_class, n_seed) <= SAXID_RECORD_MOST_BYTES)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT,
               "tags of %" G_GUINT64_FORMAT " frames would take more than %" G_GUINT64_FORMAT
               " bytes of memory%s (%s)", n_frame, SAXID_RECORD_MOST_BYTES,
               (job->flags & SAXID_TAG_SEEDS) != 0 ? ", with their fits" : "", job->path);
  return FALSE;
}

struct saxid_job *
saxid_job_new (const struct saxid_context *context, const char *path,
               const struct saxid_tag_options *options, GError **error)
{
  struct saxid_job *job = g_new0 (struct saxid_job, 1);
  SaxidReadOptions read = { 0 };
  double slit = 0;

  job->context = context;
  job->path = g_strdup (path);
  job->record = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_record_free);
  if (options != NULL)
    {
      job->flags = options->flags;
      job->max_copy_bytes = options->max_copy_bytes;
      /* a caller of an older ABI has no such member */
      if (options->struct_size >= offsetof (struct saxid_tag_options, side_dir) + sizeof options->side_dir)
        job->side_dir = g_strdup (options->side_dir);
      if (options->struct_size >= offsetof (struct saxid_tag_options, slit_length) + sizeof options->slit_length)
        slit = options->slit_length;
      read = (SaxidReadOptions) { .i_path = options->i_path,
                                  .q_path = options->q_path,
                                  .sigma_path = options->sigma_path,
                                  .q_unit = options->q_unit,
                                  .slit = slit,
                                  .follow_links = (options->flags & SAXID_TAG_FOLLOW_LINKS) != 0,
                                  /* nothing can be written into one */
                                  .texts = (options->flags & SAXID_TAG_DRY_RUN) != 0 };
    }
  /* one that is not there is the reader's to report */
  if (stat (path, &job->as_read) != 0)
    job->as_read = (struct stat) { 0 };
  job->reader = saxid_reader_open (path, &read, error);
  if (job->reader == NULL || !could_write (job, error))
    {
      saxid_job_free (job);
      return NULL;
    }
  if (!fits_memory (job, error))
    {
      saxid_job_free (job);
      return NULL;
    }
  for (guint k = 0; k < saxid_reader_source_count (job->reader); k++)
    {
      const SaxidSource *source = saxid_reader_source (job->reader, k);

      g_ptr_array_add (job->record, start_record (job, source));
      job->total += source->n_frame;
    }
  job->held = g_new0 (gconstpointer, job->record->len);
  return job;
}

static void
store_seed (SaxidRecord *record, gsize frame, const SaxidSeed *seed)
{
  SaxidSeedValue value[SAXID_SEED_PARAMETERS];
  const guint n = saxid_seed_values (seed, value);
  SaxidRecordSeed *stored
    = saxid_tag_record_fit (record, frame, record->class_name[seed->class], seed->shape->model, n, value);

  stored->chi2[frame] = seed->fit.reduced_chi2;
  stored->weight[frame] = seed->weight;
  stored->q_min[frame] = seed->q_min;
  stored->q_max[frame] = seed->q_max;
}

/* What was done to the curve comes first, for a row has room for a line or two. */
static GString *
begin_notes (const SaxidSource *source, const SaxidCurveRepairs *repairs)
{
  g_autofree char *said = saxid_curve_repairs_say (repairs);
  GString *text = g_string_new (said);

  for (char **note = source->notes; *note != NULL; note++)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", *note);
  if (source->doubt != NULL && repairs->peaks == 0)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", source->doubt);
  return text;
}

/* What is not read is said once, with the first curve. */
static char *
join_notes (const struct saxid_job *job, const SaxidSource *source, const SaxidCurveRepairs *repairs)
{
  g_autoptr (GString) text = begin_notes (source, repairs);
  guint refused = saxid_reader_refusal_count (job->reader);

  if (job->index == 0 && refused > 0)
    g_string_append_printf (text, "%s%u not read, %s: %s", text->len > 0 ? "; " : "", refused,
                            saxid_reader_refusal (job->reader, 0)->path,
                            saxid_reader_refusal (job->reader, 0)->reason);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
fill_row (const struct saxid_job *job, const SaxidSource *source, const SaxidCurveRepairs *repairs,
          struct saxid_row *row)
{
  g_autofree char *notes = join_notes (job, source, repairs);
  const struct
  {
    const char *text;
    char *to;
    gsize size;
  } said[] = { { source->title, row->title, sizeof row->title },
               { source->sample, row->sample, sizeof row->sample },
               { source->instrument, row->instrument, sizeof row->instrument },
               { source->measured, row->measured, sizeof row->measured } };

  *row = (struct saxid_row) { .struct_size = sizeof *row,
                              .slit_smeared = (guint32) source->slit_smeared,
                              .frame = job->frame,
                              .n_frame = source->n_frame,
                              .index = job->index,
                              .total = job->total };
  saxid_text_fit_name (row->entry, source->entry, sizeof row->entry);
  saxid_text_fit_name (row->data, source->i_path, sizeof row->data);
  saxid_text_fit_words (row->note, notes, sizeof row->note);
  for (gsize k = 0; k < G_N_ELEMENTS (said); k++)
    if (said[k].text != NULL)
      saxid_text_fit (said[k].to, said[k].text, said[k].size);
}

/* The record of a source says of all its curves together what was done to them. */
static void
note_record (struct saxid_job *job, const SaxidSource *source)
{
  SaxidRecord *record = job->record->pdata[job->source];
  g_autoptr (GString) text = begin_notes (source, &job->repairs);

  g_free (record->note);
  record->note = text->len > 0 ? g_strdup (text->str) : NULL;
  job->repairs = (SaxidCurveRepairs) { 0 };
}

/* FALSE with the judgement made where there is nothing to judge. */
static gboolean
is_judged (const struct saxid_job *job, const SaxidSource *source, const SaxidCurve *curve, const GError *unreadable,
           struct saxid_workspace *workspace, SaxidJudgement *judgement)
{
  g_autofree char *grazing = (job->flags & SAXID_TAG_ANY_TECHNIQUE) == 0 ? saxid_technique_no_form_factor (source->technique) : NULL;

  if (curve != NULL && grazing == NULL)
    return TRUE;
  saxid_pipeline_reject (workspace, curve == NULL ? unreadable->message : grazing, judgement);
  return FALSE;
}

gboolean
saxid_job_next (struct saxid_job *job, struct saxid_workspace *workspace, struct saxid_row *row,
                SaxidJudgement *judgement, SaxidSeed *seed, gboolean *has_seed, gboolean *done, GError **error)
{
  const SaxidSource *source;
  g_autoptr (SaxidCurve) curve = NULL;
  g_autoptr (GError) unreadable = NULL;

  /* the arrays of another model's workspace may have another length */
  if (workspace->context != job->context)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "'workspace' is not one of the context that the job was opened with (%s)", job->path);
      return FALSE;
    }
  *done = job->source == job->record->len;
  if (*done)
    return TRUE;
  source = saxid_reader_source (job->reader, job->source);
  curve = job->held[job->source] != NULL ? job->take (job->held[job->source], job->frame)
                                         : saxid_reader_curve (job->reader, job->source, job->frame, &unreadable);
  workspace->element = source->formula;
  if (is_judged (job, source, curve, unreadable, workspace, judgement)
      && !saxid_pipeline_curve (workspace, curve, judgement, error))
    return FALSE;
  workspace->element = NULL;
  *has_seed = FALSE;
  if (curve != NULL && (seed != NULL || (job->flags & SAXID_TAG_SEEDS) != 0))
    {
      SaxidSeed candidate[SAXID_PIPELINE_CANDIDATES];
      const guint n = saxid_pipeline_seeds (workspace, curve, judgement, candidate);

      *has_seed = n > 0 && seed != NULL;
      if (*has_seed)
        *seed = candidate[0];
      for (guint k = 0; k < n && (job->flags & SAXID_TAG_SEEDS) != 0; k++)
        store_seed (job->record->pdata[job->source], job->frame, &candidate[k]);
    }

  saxid_tag_record_store (job->record->pdata[job->source], job->frame, judgement);
  saxid_tag_record_store_material (job->record->pdata[job->source], job->frame, judgement);
  if ((job->flags & SAXID_TAG_SEEDS) != 0)
    saxid_tag_record_store_equivalent (job->record->pdata[job->source], job->frame, judgement);
  saxid_atoms_store (job->record->pdata[job->source], job->frame, &judgement->atoms);
  saxid_curve_repairs_add (&job->repairs, &judgement->repairs);
  fill_row (job, source, &judgement->repairs, row);
  job->index++;
  if (++job->frame == source->n_frame)
    {
      note_record (job, source);
      job->frame = 0;
      job->source++;
    }
  return TRUE;
}

gboolean
saxid_job_commit (struct saxid_job *job, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format_iso8601 (now);
  const SaxidWriteOptions options = how_to_write (job);

  if (job->source != job->record->len)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " curves are judged, all are needed (%s)",
                   job->index, job->total, job->path);
      return FALSE;
    }
  /* the reader's handle must not keep the old file open under the new one */
  g_clear_pointer (&job->reader, saxid_reader_free);
  if ((job->flags & SAXID_TAG_DRY_RUN) != 0)
    return TRUE;
  for (guint k = 0; k < job->record->len; k++)
    {
      SaxidRecord *record = job->record->pdata[k];

      g_free (record->date);
      record->date = g_strdup (date);
    }
  return saxid_tag_write (job->path, (SaxidRecord *const *) job->record->pdata, job->record->len,
                          &options, error);
}
