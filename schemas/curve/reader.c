/* Which curves does a NeXus/HDF5 file hold, and what are their numbers?
 *
 * Thread: a reader belongs to one thread at a time.
 */
#include "schemas/curve/reader-private.h"

#include "reducers/error.h"
#include "schemas/disk/door.h"
#include "schemas/hdf5/superblock.h"
#include "schemas/units.h"

static void
source_free_data (void *data)
{
  saxid_source_free (data);
}

static void
refusal_free (void *data)
{
  SaxidRefusal *refusal = data;

  g_free (refusal->path);
  g_free (refusal->reason);
  g_free (refusal);
}

static void
reader_free (SaxidReader *reader)
{
  if (reader == NULL)
    return;
  g_clear_pointer (&reader->sources, g_ptr_array_unref);
  g_clear_pointer (&reader->refusals, g_ptr_array_unref);
  g_clear_pointer (&reader->visited, g_hash_table_unref);
  g_clear_pointer (&reader->texts, g_ptr_array_unref);
  saxid_input_free (reader->input);
  g_free (reader->q_unit);
  g_free (reader);
}

void
saxid_reader_refuse (SaxidReader *reader, const char *path, const GError *error)
{
  SaxidRefusal *refusal;

  if (reader->refusals->len >= reader->input->limits.sources)
    return;
  refusal = g_new0 (SaxidRefusal, 1);
  refusal->path = g_strdup (path);
  refusal->reason = g_strdup (error->message);
  refusal->code = error->code;
  g_ptr_array_add (reader->refusals, refusal);
}

static SaxidReader *
reader_new (void)
{
  SaxidReader *reader = g_new0 (SaxidReader, 1);

  reader->sources = g_ptr_array_new_with_free_func (source_free_data);
  reader->refusals = g_ptr_array_new_with_free_func (refusal_free);
  return reader;
}

static SaxidReader *
open_text (const char *path, const SaxidReadOptions *options, GError **error)
{
  SaxidReader *reader = reader_new ();

  if (saxid_reader_take_text (reader, path, options, error))
    return reader;
  reader_free (reader);
  return NULL;
}

static SaxidReader *
open_quietly (const char *path, const SaxidReadOptions *options, GError **error)
{
  SaxidReader *reader = reader_new ();
  SaxidReadLimits limits = saxid_read_limits_default;
  gboolean done;

  limits.objects = options->max_objects > 0 ? options->max_objects : limits.objects;
  limits.points = options->max_points > 0 ? options->max_points : limits.points;
  limits.frames = options->max_frames > 0 ? options->max_frames : limits.frames;
  reader->input = saxid_input_open (path, options->follow_links, &limits, error);
  if (reader->input == NULL)
    {
      saxid_error_add_place (error, "%s", path);
      reader_free (reader);
      return NULL;
    }
  reader->visited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  reader->q_unit = g_strdup (options->q_unit);
  reader->slit = options->slit;
  reader->growing = options->growing;
  done = options->i_path != NULL ? saxid_reader_take_paths (reader, options, error) : saxid_reader_find (reader, error);
  g_clear_pointer (&reader->visited, g_hash_table_unref);
  if (!done)
    {
      reader_free (reader);
      return NULL;
    }
  saxid_reader_drop_copies (reader);
  return reader;
}

SaxidReader *
saxid_reader_open (const char *path, const SaxidReadOptions *options, GError **error)
{
  const SaxidReadOptions none = { 0 };
  SaxidReader *reader = NULL;
  double angstrom;

  g_return_val_if_fail (path != NULL, NULL);

  options = options != NULL ? options : &none;
  if (options->q_unit != NULL && !saxid_units_q (options->q_unit, &angstrom))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "unit of q '%s' is not known, known are %s",
                   options->q_unit, saxid_units_q_known ());
      return NULL;
    }
  if (options->texts && saxid_reader_may_be_text (path))
    return open_text (path, options, error);
  H5E_BEGIN_TRY
  {
    reader = open_quietly (path, options, error);
  }
  H5E_END_TRY
  return reader;
}

void
saxid_reader_free (SaxidReader *reader)
{
  H5E_BEGIN_TRY
  {
    reader_free (reader);
  }
  H5E_END_TRY
}

guint
saxid_reader_source_count (const SaxidReader *reader)
{
  return reader->sources->len;
}

const SaxidSource *
saxid_reader_source (const SaxidReader *reader, guint source)
{
  g_return_val_if_fail (source < reader->sources->len, NULL);
  return &((const SaxidReaderSource *) reader->sources->pdata[source])->public;
}

guint
saxid_reader_refusal_count (const SaxidReader *reader)
{
  return reader->refusals->len;
}

const SaxidRefusal *
saxid_reader_refusal (const SaxidReader *reader, guint refusal)
{
  g_return_val_if_fail (refusal < reader->refusals->len, NULL);
  return reader->refusals->pdata[refusal];
}

SaxidCurve *
saxid_reader_curve (SaxidReader *reader, guint source, gsize frame, GError **error)
{
  g_autoptr (SaxidCurve) curve = NULL;
  gboolean done;
  SaxidReaderSource *from;

  g_return_val_if_fail (source < reader->sources->len, NULL);
  from = reader->sources->pdata[source];
  g_return_val_if_fail (frame < from->public.n_frame, NULL);

  if (reader->texts != NULL)
    return saxid_reader_text_curve (reader, source);
  if (reader->at != NULL && reader->at != from)
    saxid_source_forget (reader->at);
  reader->at = from;
  curve = saxid_curve_new (from->public.n_q, from->sigma != NULL, from->dq != NULL);
  curve->slit = from->public.slit_length;
  H5E_BEGIN_TRY
  {
    done = saxid_source_read (from, frame, curve, error);
  }
  H5E_END_TRY
  if (done)
    return g_steal_pointer (&curve);
  saxid_error_add_place (error, "%s, %s", reader->input->name, from->public.i_path);
  return NULL;
}

gboolean
saxid_reader_may_be_text (const char *path)
{
  guint writer;

  return saxid_door_is_file (path) && !saxid_superblock_of (path, &writer);
}

gboolean
saxid_reader_is_growing (const char *path)
{
  return saxid_input_is_growing (path);
}

void
saxid_reader_silence_program (void)
{
  H5Eset_auto2 (H5E_DEFAULT, NULL, NULL);
}
