/* How do the curves of a text, or of canSAS XML, become sources?
 *
 * They have the paths that `saxid import` would give them, so that what is said of them here and
 * of the imported file is said of the same names.
 *
 * Thread: see reader.h.
 */
#include "schemas/curve/reader-private.h"

#include "reducers/error.h"
#include "schemas/slit.h"
#include "schemas/text/any.h"
#include "schemas/text/measurement.h"

#define ENTRY "/sasentry%02u"
#define DATA "/sasdata01"

static SaxidReaderSource *
new_source (const SaxidMeasurement *measurement, guint k, const char *kind)
{
  SaxidReaderSource *source = g_new0 (SaxidReaderSource, 1);
  SaxidSource *public = &source->public;
  const SaxidCurve *curve = measurement->curve;

  public->entry = g_strdup_printf (ENTRY, k + 1);
  public->data = g_strconcat (public->entry, DATA, NULL);
  public->i_path = g_strconcat (public->data, "/I", NULL);
  public->q_path = g_strconcat (public->data, "/Q", NULL);
  public->sigma_path = curve->sigma != NULL ? g_strconcat (public->data, "/Idev", NULL) : NULL;
  public->dq_path = curve->dq != NULL ? g_strconcat (public->data, "/Qdev", NULL) : NULL;
  public->q_unit = g_strdup (measurement->q_unit);
  public->i_unit = g_strdup (measurement->i_unit);
  public->i_per_cm = measurement->absolute ? 1 : 0;
  public->slit_length = curve->slit;
  public->slit_smeared = curve->slit > 0;
  public->dialect = kind;
  public->technique = SAXID_TECHNIQUE_UNKNOWN;
  public->n_frame = 1;
  public->n_q = curve->n;
  public->title = g_strdup (measurement->title);
  public->sample = g_strdup (measurement->sample);
  public->notes = g_new0 (char *, 1);
  for (guint n = 0; n < measurement->notes->len; n++)
    saxid_source_note (source, "%s", (const char *) measurement->notes->pdata[n]);
  return source;
}

/* Given by hand, whatever the text says. */
static void
put_slit (SaxidMeasurement *measurement, double length)
{
  measurement->curve->slit = length;
  saxid_measurement_note (measurement, SAXID_SLIT_KNOWN, length);
}

gboolean
saxid_reader_take_text (SaxidReader *reader, const char *path, const SaxidReadOptions *options, GError **error)
{
  const SaxidTextOptions how = { .q_unit = options->q_unit };
  const char *kind = NULL;

  if (options->i_path != NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "a text has no paths inside, an HDF5 file is needed (%s)", path);
      return FALSE;
    }
  reader->texts = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_measurement_free);
  if (!saxid_text_any_read (path, &how, reader->texts, &kind, error))
    return FALSE;
  for (guint k = 0; k < reader->texts->len && options->slit > 0; k++)
    put_slit (reader->texts->pdata[k], options->slit);
  for (guint k = 0; k < reader->texts->len; k++)
    g_ptr_array_add (reader->sources, new_source (reader->texts->pdata[k], k, kind));
  return TRUE;
}

SaxidCurve *
saxid_reader_text_curve (const SaxidReader *reader, guint source)
{
  return saxid_curve_copy (((const SaxidMeasurement *) reader->texts->pdata[source])->curve);
}
