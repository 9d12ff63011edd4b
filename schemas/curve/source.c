/* What belongs to a curve, and what are its numbers?
 *
 * What a dialect names at a place is checked (type, shape, unit, plausible q) and becomes a
 * source: intensity, q, and what stands beside them. Its frames are read one by one.
 *
 * Units: q in 1/Å. Thread: see reader.h.
 */
#include "schemas/curve/reader-private.h"

#include <math.h>
#include <string.h>

#include "reducers/error.h"
#include "schemas/hdf5/selection.h"
#include "schemas/dates.h"
#include "schemas/slit.h"
#include "schemas/units.h"

/* NIST's own programs take no point of which the beam stop hides more. */
#define LEAST_UNSHADED 0.98

void
saxid_source_free (SaxidReaderSource *source)
{
  if (source == NULL)
    return;
  g_free (source->public.entry);
  g_free (source->public.data);
  g_free (source->public.i_path);
  g_free (source->public.q_path);
  g_free (source->public.sigma_path);
  g_free (source->public.dq_path);
  g_free (source->public.q_unit);
  g_free (source->public.i_unit);
  g_free (source->public.title);
  g_free (source->public.sample);
  g_free (source->public.formula);
  g_free (source->public.instrument);
  g_free (source->public.measured);
  g_strfreev (source->public.notes);
  g_free (source->public.doubt);
  saxid_array_free (source->i);
  saxid_array_free (source->q);
  saxid_array_free (source->sigma);
  saxid_array_free (source->dq);
  for (gsize k = 0; k < N_MARKS; k++)
    saxid_array_free (source->marks[k].array);
  g_free (source->q_values);
  g_free (source);
}

void
saxid_source_note (SaxidReaderSource *source, const char *format, ...)
{
  GStrv *notes = &source->public.notes;
  guint n = g_strv_length (*notes);
  va_list arguments;

  va_start (arguments, format);
  *notes = g_renew (char *, *notes, n + 2);
  (*notes)[n] = g_strdup_vprintf (format, arguments);
  (*notes)[n + 1] = NULL;
  va_end (arguments);
}

/* --- shapes ------------------------------------------------------------- */

static gboolean
same_shape (const SaxidArray *a, const SaxidArray *b)
{
  if (saxid_array_rank (a) != saxid_array_rank (b))
    return FALSE;
  for (guint k = 0; k < saxid_array_rank (a); k++)
    if (saxid_array_size (a, k) != saxid_array_size (b, k))
      return FALSE;
  return TRUE;
}

/* The shapes of two arrays that grow along their first axis, at one instant. */
static gboolean
same_but_grown (const SaxidArray *a, const SaxidArray *b)
{
  if (saxid_array_rank (a) != saxid_array_rank (b) || saxid_array_rank (a) < 2)
    return FALSE;
  for (guint k = 1; k < saxid_array_rank (a); k++)
    if (saxid_array_size (a, k) != saxid_array_size (b, k))
      return FALSE;
  return TRUE;
}

/* Bin edges of each frame. */
static gboolean
same_but_edges (const SaxidArray *i, const SaxidArray *q)
{
  const guint rank = saxid_array_rank (i);

  if (rank != saxid_array_rank (q))
    return FALSE;
  for (guint k = 0; k < rank; k++)
    if (saxid_array_size (i, k) + (k + 1 == rank) != saxid_array_size (q, k))
      return FALSE;
  return TRUE;
}

/* The axis of I that q runs along: the last that fits. */
static gboolean
find_curve_axis (SaxidReaderSource *source, GError **error)
{
  g_autofree char *i_shape = saxid_array_shape (source->i);
  g_autofree char *q_shape = saxid_array_shape (source->q);
  guint most_extra = strcmp (source->public.dialect, "NXcanSAS") == 0 ? 0 : 1; /* n + 1 bin edges */
  guint64 n;
  guint q_axis;

  if (!saxid_array_is_line (source->q, &q_axis))
    {
      source->q_edges = most_extra > 0 && same_but_edges (source->i, source->q);
      if (source->q_edges || same_shape (source->i, source->q))
        return saxid_array_set_axis (source->i, saxid_array_rank (source->i) - 1, error)
               && saxid_array_set_axis (source->q, saxid_array_rank (source->q) - 1, error);
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                   "q %s fits neither one curve nor all of intensity %s", q_shape, i_shape);
      return FALSE;
    }
  source->q_shared = TRUE;
  n = saxid_array_size (source->q, q_axis);
  for (guint extra = 0; extra <= most_extra; extra++)
    for (guint k = saxid_array_rank (source->i); k-- > 0;)
      if (saxid_array_size (source->i, k) + extra == n)
        {
          source->q_edges = extra == 1;
          return saxid_array_set_axis (source->i, k, error) && saxid_array_set_axis (source->q, q_axis, error);
        }
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "q %s and intensity %s differ in length", q_shape, i_shape);
  return FALSE;
}

/* A data set by its name, with or without a column behind it; the name itself goes first. */
static hid_t
open_named (SaxidReader *reader, hid_t from, const char *name)
{
  hid_t dataset = saxid_input_dataset (reader->input, from, name);
  g_autofree char *bare = dataset < 0 && saxid_selection_of (name)[0] != '\0' ? saxid_selection_path (name) : NULL;

  return bare != NULL ? saxid_input_dataset (reader->input, from, bare) : dataset;
}

static SaxidArray *
open_array (SaxidReader *reader, hid_t from, hid_t dataset, const char *name, const char *what, GError **error)
{
  g_autoptr (SaxidArray) array = saxid_array_open (reader->input, dataset, what, error);

  if (array == NULL
      || (!saxid_input_has (reader->input, from, name)
          && !saxid_selection_apply (saxid_selection_of (name), array, error)))
    return NULL;
  return g_steal_pointer (&array);
}

/* Sigma or dq: of the shape of I, or one line for all frames. NULL with a note
 * where it is neither: a curve without sigma is still a curve. */
static SaxidArray *
open_companion (SaxidReader *reader, SaxidReaderSource *source, hid_t from, const char *name, const char *what,
                char **path, gboolean *shared)
{
  g_autoptr (SaxidArray) array = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *shape = NULL;
  g_auto (SaxidHid) dataset = H5I_INVALID_HID;
  guint axis, last = saxid_array_rank (source->i) - 1;

  if (name == NULL)
    return NULL;
  dataset = open_named (reader, from, name);
  if (dataset < 0)
    {
      saxid_source_note (source, "%s %s is not there: left out", what, name);
      return NULL;
    }
  array = open_array (reader, from, dataset, name, what, &error);
  if (array == NULL)
    {
      saxid_source_note (source, "%s: left out", error->message);
      return NULL;
    }
  if (same_shape (array, source->i) || (reader->growing && same_but_grown (array, source->i)))
    {
      for (axis = last; axis > 0 && saxid_array_size (source->i, axis) != source->public.n_q; axis--)
        ;
      *shared = FALSE;
    }
  else if (saxid_array_is_line (array, &axis) && saxid_array_size (array, axis) == source->public.n_q)
    *shared = TRUE;
  else
    {
      g_autofree char *i_shape = saxid_array_shape (source->i);

      shape = saxid_array_shape (array);
      saxid_source_note (source, "%s %s does not fit intensity %s: left out", what, shape, i_shape);
      return NULL;
    }
  if (!saxid_array_set_axis (array, axis, &error))
    {
      saxid_source_note (source, "%s: left out", error->message);
      return NULL;
    }
  if (!*shared)
    source->public.n_frame = MIN (source->public.n_frame, saxid_array_n_frame (array));
  *path = name[0] == '/' ? g_strdup (name) : g_build_path ("/", source->public.data, name, NULL);
  return g_steal_pointer (&array);
}

/* --- what stands beside the intensity ------------------------------------ */

static void
describe_intensity (SaxidReader *reader, SaxidReaderSource *source, hid_t i)
{
  SaxidSource *public = &source->public;

  public->i_unit = saxid_source_unit_of (reader->input, i);
  if (public->i_unit != NULL && !saxid_units_intensity (public->i_unit, &public->i_per_cm))
    saxid_source_note (source, "intensity is in '%s', taken as arbitrary", public->i_unit);
}

static char *
first_text_of (SaxidInput *input, hid_t from, const char *const *names)
{
  for (gsize k = 0; names[k] != NULL; k++)
    {
      g_autofree char *text = saxid_input_text_of (input, from, names[k]);

      if (text != NULL && text[0] != '\0')
        return g_steal_pointer (&text);
    }
  return NULL;
}

/* When it was measured; the date of a reduction (SASprocess) is none. */
static char *
date_of (SaxidInput *input, const SaxidPlace *place)
{
  static const char *const dates[] = { "start_time", "date", "end_time", "IGORWaveNote/start_time", "IGORWaveNote/timeStamp",
                                       "IGORWaveNote/DATE" };
  const hid_t from[] = { place->entry, place->group };

  for (gsize f = 0; f < G_N_ELEMENTS (from); f++)
    for (gsize k = 0; k < G_N_ELEMENTS (dates); k++)
      {
        g_autofree char *text = saxid_input_text_of (input, from[f], dates[k]);
        char *date = saxid_date_iso (text);

        if (date != NULL)
          return date;
      }
  return NULL;
}

static void
describe_entry (SaxidReader *reader, SaxidReaderSource *source, const SaxidPlace *place)
{
  const hid_t entry = place->entry;
  static const char *const titles[] = { "title", NULL };
  static const char *const instruments[] = { "sasinstrument/name", "instrument/name", "sasinstrument01/name", NULL };
  static const char *const samples[]
    = { "sample/name", "sassample/ID", "sassample/name", "sample/ID", "sassample01/ID", NULL };
  static const char *const formulas[] = { "sample/chemical_formula", "sassample/chemical_formula", NULL };

  source->public.formula = first_text_of (reader->input, entry, formulas);
  source->public.title = first_text_of (reader->input, entry, titles);
  source->public.sample = first_text_of (reader->input, entry, samples);
  source->public.instrument = first_text_of (reader->input, entry, instruments);
  source->public.measured = date_of (reader->input, place);
}

/* The length of the slit: per point beside q, or one number of the instrument. */
static void
describe_slit (SaxidReader *reader, SaxidReaderSource *source, const SaxidPlace *place, const char *slit)
{
  SaxidSource *public = &source->public;
  double length = 0;

  if (slit != NULL)
    {
      g_auto (SaxidHid) dataset = saxid_input_dataset (reader->input, place->group, slit);
      g_autofree char *unit = dataset >= 0 ? saxid_source_unit_of (reader->input, dataset) : NULL;
      gboolean shared;
      g_autofree char *path = NULL;
      g_autoptr (SaxidArray) array
        = open_companion (reader, source, place->group, slit, "slit length", &path, &shared);
      g_autofree double *values = g_new0 (double, public->n_q + 1);
      double angstrom = source->q_angstrom;
      /* the length of a slit in degrees is that of none in q: it is said that there is one */
      const gboolean known = (unit != NULL && saxid_units_q (unit, &angstrom)) || source->q_angstrom > 0;

      if (array != NULL && saxid_array_read (array, 0, values, NULL))
        for (gsize k = 0; k < public->n_q; k++)
          if (isfinite (values[k]))
            length = MAX (length, known ? values[k] / angstrom : values[k]);
      public->slit_smeared = array == NULL || length > 0;
      length = known ? length : 0;
    }
  else if (source->dq == NULL && source->specific)
    {
      SaxidInstrumentFound instrument = saxid_instrument_of (reader->input, place->entry);

      length = instrument.slit;
      public->slit_smeared = length > 0;
    }
  if (reader->slit > 0)
    {
      length = reader->slit;
      public->slit_smeared = TRUE;
    }
  public->slit_length = length;
  if (public->slit_smeared && length > 0)
    saxid_source_note (source, SAXID_SLIT_KNOWN, length);
  else if (public->slit_smeared)
    saxid_source_note (source, SAXID_SLIT_UNKNOWN);
}

static void
leave_out_resolution (SaxidReaderSource *source)
{
  g_clear_pointer (&source->dq, saxid_array_free);
  g_clear_pointer (&source->public.dq_path, g_free);
}

/* A resolution is in the unit that it has, or in that of its axis. FALSE with a note where it is none of q. */
static gboolean
understand_resolution (SaxidReaderSource *source, const char *unit)
{
  const gboolean of_angle = source->q_angstrom == 0;

  source->dq_angstrom = source->q_angstrom;
  source->dq_radian = source->radian;
  if (unit == NULL || saxid_units_q (unit, &source->dq_angstrom))
    return TRUE;
  if (!saxid_units_angle (unit, &source->dq_radian))
    saxid_source_note (source, "resolution of q is in '%s': taken as that of q", unit);
  else if (of_angle)
    source->dq_radian *= source->half_angle ? 2 : 1;
  else
    {
      saxid_source_note (source, "resolution of q is in '%s', and q is not: left out", unit);
      return FALSE;
    }
  return TRUE;
}

/* dq of a frame, as it is stored, to 1/Å: dq = 2π/λ cos(θ) d(2θ), with sin θ = qλ/4π. */
static void
convert_dq (const SaxidReaderSource *source, const SaxidCurve *curve)
{
  for (gsize k = 0; k < curve->n; k++)
    {
      const double sine = curve->q[k] * source->wavelength / (4 * G_PI);

      if (source->dq_angstrom > 0)
        curve->dq[k] /= source->dq_angstrom;
      else
        curve->dq[k] *= 2 * G_PI / source->wavelength * source->dq_radian * sqrt (MAX (0, 1 - sine * sine));
    }
}

/* Q resolutions of nothing but zeros mean that nobody knew them. */
static void
open_resolution (SaxidReader *reader, SaxidReaderSource *source, const SaxidPlace *place, const char *name)
{
  g_autofree double *values = NULL;
  g_autofree char *unit = NULL;
  g_auto (SaxidHid) dataset = H5I_INVALID_HID;
  gsize n = source->public.n_q, zero = 0;

  source->dq = open_companion (reader, source, place->group, name, "resolution of q", &source->public.dq_path,
                               &source->dq_shared);
  if (source->dq == NULL)
    return;
  dataset = open_named (reader, place->group, name);
  unit = dataset >= 0 ? saxid_source_unit_of (reader->input, dataset) : NULL;
  if (!understand_resolution (source, unit))
    {
      leave_out_resolution (source);
      return;
    }
  values = g_new0 (double, n);
  if (saxid_array_read (source->dq, 0, values, NULL))
    for (gsize k = 0; k < n; k++)
      zero += !(values[k] > 0);
  if (zero < n)
    return;
  saxid_source_note (source, "resolution of q is zero everywhere: left out");
  leave_out_resolution (source);
}

/* Which dimensions of the intensity the marks belong to: "Mask_indices". */
static gboolean
marks_are_of_q (SaxidReader *reader, const SaxidReaderSource *source, const SaxidPlace *place, const char *name)
{
  g_autofree char *own = g_strconcat (name, "_indices", NULL);
  const char *const attributes[] = { own, "Mask_indices", "mask_indices" };
  g_autofree gint64 *index = NULL;
  gsize n = 0;

  for (gsize k = 0; index == NULL && k < G_N_ELEMENTS (attributes); k++)
    index = saxid_input_integers (reader->input, place->group, attributes[k], &n);
  return n != 1 || index[0] < 0 || index[0] >= saxid_array_rank (source->i)
         || index[0] == saxid_array_axis (source->i);
}

/* How many of the points of a frame have a mark that says that they do not count. */
static gsize
count_marked (SaxidReaderSource *source, gsize which, gsize frame)
{
  g_autofree double *values = g_new0 (double, source->public.n_q);
  gsize n = 0;

  if (saxid_array_read (source->marks[which].array, source->marks[which].shared ? 0 : frame, values, NULL))
    for (gsize k = 0; k < source->public.n_q; k++)
      n += !(values[k] >= source->marks[which].least && values[k] <= source->marks[which].most);
  return n;
}

/* Points that the file itself marks as worthless take no part, and it is said how many. Marks of
 * the shape of I, one line of them for all frames, or one for each frame. */
static void
open_marks (SaxidReader *reader, SaxidReaderSource *source, const SaxidPlace *place, const char *name, gsize which,
            const char *what, const char *how)
{
  g_autoptr (SaxidArray) array = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (SaxidHid) dataset = H5I_INVALID_HID;
  gboolean of_q, same, line;
  guint axis;
  gsize n;

  if (name == NULL)
    return;
  dataset = saxid_input_dataset (reader->input, place->group, name);
  array = dataset >= 0 ? saxid_array_open_flags (reader->input, dataset, what, &error) : NULL;
  if (array == NULL)
    {
      saxid_source_note (source, "%s %s cannot be read: all points are used", what, name);
      return;
    }
  of_q = marks_are_of_q (reader, source, place, name);
  same = same_shape (array, source->i) || (reader->growing && same_but_grown (array, source->i));
  line = saxid_array_is_line (array, &axis);
  if (same)
    axis = saxid_array_axis (source->i);
  else if (!line || saxid_array_size (array, axis) != (of_q ? source->public.n_q : source->public.n_frame))
    {
      if (line && of_q && saxid_array_size (array, axis) == source->public.n_frame)
        of_q = FALSE;
      else
        {
          g_autofree char *shape = saxid_array_shape (array), *i_shape = saxid_array_shape (source->i);

          saxid_source_note (source, "%s %s does not fit intensity %s: all points are used", what, shape, i_shape);
          return;
        }
    }
  if (!saxid_array_set_axis (array, axis, &error))
    {
      saxid_source_note (source, "%s: all points are used", error->message);
      return;
    }
  source->marks[which].array = g_steal_pointer (&array);
  source->marks[which].of_frame = !same && !of_q;
  source->marks[which].shared = !same;
  source->marks[which].least = which == MARK_MASK ? 0 : LEAST_UNSHADED;
  source->marks[which].most = which == MARK_MASK ? 0 : INFINITY;
  if (same)
    source->public.n_frame = MIN (source->public.n_frame, saxid_array_n_frame (source->marks[which].array));
  if (source->marks[which].of_frame)
    {
      saxid_source_note (source, "%s %s takes out whole frames", what, name);
      source->marks[which].said = TRUE;
      return;
    }
  n = count_marked (source, which, 0);
  source->marks[which].said = n > 0;
  if (n > 0)
    saxid_source_note (source, "%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " points are %s%s: left out", n, source->public.n_q, how,
          same && source->public.n_frame > 1 ? " in the first frame" : "");
}

static gboolean
prepare_q (SaxidReaderSource *source, GError **error)
{
  gsize n = source->public.n_q;
  g_autofree double *q = g_new0 (double, n + 1);
  double largest;

  if (!saxid_source_read_q (source, 0, q, error) || !saxid_source_check_q (source, n, q, &largest, error))
    return FALSE;
  if (largest > SAXID_Q_USUAL_MAXIMUM)
    source->public.doubt = g_strdup_printf ("q reaches %.3g 1/Å, a small-angle curve ends before %.0f: are the units right?", largest,
                                            SAXID_Q_USUAL_MAXIMUM);
  if (source->q_edges)
    saxid_source_note (source, "q holds bin edges: their centres are used");
  if (source->q_shared)
    source->q_values = g_steal_pointer (&q);
  return TRUE;
}

char *
saxid_source_path (const char *group, const char *name)
{
  return name[0] == '/' ? g_strdup (name) : g_build_path ("/", group, name, NULL);
}

static hid_t
open_part (SaxidReader *reader, hid_t from, const char *name, const char *what, GError **error)
{
  hid_t dataset = open_named (reader, from, name);

  if (dataset >= 0)
    return dataset;
  if (reader->input->refused_file != NULL)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED,
                 "%s %s lies in another file (%s), which is not followed", what, name,
                 reader->input->refused_file);
  else
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "%s %s is no data set that can be opened", what,
                 name);
  return H5I_INVALID_HID;
}

void
saxid_source_forget (SaxidReaderSource *source)
{
  saxid_array_forget (source->i);
  saxid_array_forget (source->q);
  saxid_array_forget (source->sigma);
  saxid_array_forget (source->dq);
  for (gsize k = 0; k < N_MARKS; k++)
    saxid_array_forget (source->marks[k].array);
}

/* Of what frames the curve was made, as saxid reduce writes it. */
static void
describe_technique (SaxidReader *reader, SaxidReaderSource *source, const SaxidPlace *place)
{
  g_autofree char *said = saxid_input_text (reader->input, place->group, SAXID_TECHNIQUE_ATTRIBUTE);

  source->public.technique = said != NULL ? saxid_technique_find (said) : SAXID_TECHNIQUE_UNKNOWN;
  if (saxid_technique_is_grazing (source->public.technique))
    saxid_source_note (source, "its frames are %s", saxid_technique_name (source->public.technique));
}

SaxidReaderSource *
saxid_source_new (SaxidReader *reader, const SaxidPlace *place, const SaxidNames *names, const char *dialect,
              gboolean specific, GError **error)
{
  g_autoptr (SaxidReaderSource) source = g_new0 (SaxidReaderSource, 1);
  SaxidSource *public = &source->public;
  g_auto (SaxidHid) i = open_part (reader, place->group, names->signal, "intensity", error);
  g_auto (SaxidHid) q = H5I_INVALID_HID;

  public->dialect = dialect;
  public->entry = g_strdup (place->entry_path);
  public->data = g_strdup (place->path);
  public->i_path = saxid_source_path (place->path, names->signal);
  public->q_path = saxid_source_path (place->path, names->axis);
  public->notes = g_new0 (char *, 1);
  source->specific = specific;
  if (i < 0)
    return NULL;
  if (saxid_dialect_is_logarithm (names->signal))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "%s is a logarithm by its name, no I(q)", names->signal);
      return NULL;
    }
  q = open_part (reader, place->group, names->axis, "q", error);
  if (q < 0 || !saxid_input_identity (i, source->identity)
      || !saxid_input_identity (place->group, source->group_identity))
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "intensity %s is damaged", names->signal);
      return NULL;
    }
  if (!saxid_source_understand_q (reader, source, place, q, names->axis, error)
      || (source->i = open_array (reader, place->group, i, names->signal, "intensity", error)) == NULL
      || (source->q = open_array (reader, place->group, q, names->axis, "q", error)) == NULL
      || !find_curve_axis (source, error))
    return NULL;
  public->n_frame = saxid_array_n_frame (source->i);
  public->n_q = saxid_array_n_point (source->i);
  if (public->n_q > reader->input->limits.all_points - reader->n_q)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT, "the curves before it have %" G_GSIZE_FORMAT " points and it %"
                   G_GSIZE_FORMAT ", %" G_GSIZE_FORMAT " are read of one file", reader->n_q, public->n_q,
                   reader->input->limits.all_points);
      return NULL;
    }
  if (!prepare_q (source, error))
    return NULL;
  source->sigma = open_companion (reader, source, place->group, names->sigma, "sigma", &public->sigma_path,
                                  &source->sigma_shared);
  source->variance = names->variance && source->sigma != NULL;
  if (source->variance)
    saxid_source_note (source, "sigma is the root of the variances in %s", names->sigma);
  open_marks (reader, source, place, names->mask, MARK_MASK, "mask", "masked");
  open_marks (reader, source, place, names->shadow, MARK_SHADOW, "ShadowFactor",
              "behind the beam stop (ShadowFactor)");
  describe_intensity (reader, source, i);
  open_resolution (reader, source, place, names->resolution);
  describe_slit (reader, source, place, names->slit);
  describe_entry (reader, source, place);
  describe_technique (reader, source, place);
  reader->n_q += public->n_q;
  saxid_source_forget (source);
  return g_steal_pointer (&source);
}

/* --- frames ------------------------------------------------------------------ */

/* What is left out is NaN, as a hole in the measurement is; of what the notes tell, it is counted that
 * nobody tells it again. */
static gboolean
leave_out_marked (SaxidReaderSource *source, gsize frame, SaxidCurve *curve, GError **error)
{
  g_autofree gboolean *told = g_new0 (gboolean, curve->n + 1);

  for (gsize which = 0; which < N_MARKS; which++)
    {
      SaxidArray *array = source->marks[which].array;
      const gboolean of_frame = source->marks[which].of_frame;
      g_autofree double *values = NULL;

      if (array == NULL)
        continue;
      values = g_new (double, MAX (saxid_array_n_point (array), curve->n));
      if (!saxid_array_read (array, source->marks[which].shared ? 0 : frame, values, error))
        return FALSE;
      for (gsize k = 0; k < curve->n; k++)
        {
          const double mark = values[of_frame ? frame : k];

          if (mark >= source->marks[which].least && mark <= source->marks[which].most)
            continue;
          curve->intensity[k] = NAN;
          curve->left_out += source->marks[which].said && !told[k];
          told[k] |= source->marks[which].said;
        }
    }
  return TRUE;
}

gboolean
saxid_source_read (SaxidReaderSource *source, gsize frame, SaxidCurve *curve, GError **error)
{
  gsize n = source->public.n_q;
  g_autofree double *q = NULL;
  double largest;

  if (source->q_shared)
    memcpy (curve->q, source->q_values, n * sizeof (double));
  else
    {
      q = g_new0 (double, n + 1);
      if (!saxid_source_read_q (source, frame, q, error) || !saxid_source_check_q (source, n, q, &largest, error))
        return FALSE;
      memcpy (curve->q, q, n * sizeof (double));
    }
  if (!saxid_array_read (source->i, frame, curve->intensity, error))
    return FALSE;
  if (curve->sigma != NULL
      && !saxid_array_read (source->sigma, source->sigma_shared ? 0 : frame, curve->sigma, error))
    return FALSE;
  for (gsize k = 0; source->variance && k < n; k++)
    curve->sigma[k] = curve->sigma[k] >= 0 ? sqrt (curve->sigma[k]) : NAN;
  if (!leave_out_marked (source, frame, curve, error))
    return FALSE;
  if (curve->dq == NULL)
    return TRUE;
  if (!saxid_array_read (source->dq, source->dq_shared ? 0 : frame, curve->dq, error))
    return FALSE;
  convert_dq (source, curve);
  return TRUE;
}
