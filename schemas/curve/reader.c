/* Which curves does a NeXus/HDF5 file hold, and what are their numbers?
 *
 * The groups are walked from the root, each is offered to the dialects, and
 * what a dialect names is checked: type, shape, unit, plausible q. Whatever
 * fails is kept as a refusal with its reason, so that "no curve found" can say
 * where it was looked.
 *
 * q from an angle: q = 4π/λ sin(2θ/2), where the entry gives a wavelength.
 *
 * Units: q in 1/Å. Thread: a reader belongs to one thread at a time.
 */
#include "schemas/curve/reader.h"

#include <math.h>
#include <string.h>

#include "reducers/clean-text.h"
#include "reducers/error.h"
#include "reducers/scan.h"
#include "schemas/curve/dialect.h"
#include "schemas/hdf5/array.h"
#include "schemas/hdf5/input.h"
#include "schemas/hdf5/selection.h"
#include "schemas/units.h"

/* Marks that a file gives its points. */
enum
{
  MARK_MASK,
  MARK_SHADOW,
  N_MARKS
};

/* NIST's own programs take no point of which the beam stop hides more. */
#define LEAST_UNSHADED 0.98

/* A source and the open arrays behind it. */
typedef struct
{
  SaxidSource public;
  SaxidArray *i, *q, *sigma, *dq; /* sigma and dq may be NULL */
  gboolean q_shared;     /* one q for all frames, in q_values */
  double *q_values;      /* converted; only when shared */
  gboolean q_edges;      /* q holds n + 1 bin edges */
  gboolean sigma_shared, dq_shared;
  gboolean variance;     /* what is there is sigma squared */
  struct
  {
    SaxidArray *array; /* or NULL */
    gboolean of_frame;  /* one mark for a whole frame */
    gboolean shared;
    gboolean said;      /* in a note */
    double least, most; /* a point counts where its mark is between, both included */
  } marks[N_MARKS];
  double q_angstrom;     /* q [1/Å] = q / that; 0 where q comes from an angle */
  double radian, wavelength; /* 2θ [rad] = angle · that; Å */
  gboolean half_angle;       /* that angle is θ */
  double dq_angstrom;        /* dq [1/Å] = dq / that; 0 where it is of an angle */
  double dq_radian;          /* of 2θ */
  gboolean specific;
  guint64 identity[2];       /* of the intensity */
  guint64 group_identity[2]; /* of its group */
} Source;

struct SaxidReader
{
  SaxidInput *input;
  GPtrArray *sources;  /* Source */
  GPtrArray *refusals; /* SaxidRefusal */
  char *q_unit;        /* given by hand */
  guint looked_at;     /* objects */
  guint groups;
  gboolean stopped;    /* by the limit on objects */
  gboolean growing;    /* see SaxidReadOptions */
  gsize n_q;           /* of all sources */
  Source *at;          /* that was read last */
  GHashTable *visited; /* identities of groups */
};

/* --- memory ------------------------------------------------------------- */

static void
source_free (void *data)
{
  Source *source = data;

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
  g_strfreev (source->public.notes);
  saxid_array_free (source->i);
  saxid_array_free (source->q);
  saxid_array_free (source->sigma);
  saxid_array_free (source->dq);
  for (gsize k = 0; k < N_MARKS; k++)
    saxid_array_free (source->marks[k].array);
  g_free (source->q_values);
  g_free (source);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Source, source_free)

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
  saxid_input_free (reader->input);
  g_free (reader->q_unit);
  g_free (reader);
}

static void
refuse (SaxidReader *reader, const char *path, const GError *error)
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

static void
note (Source *source, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
note (Source *source, const char *format, ...)
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

/* --- units and q -------------------------------------------------------- */

static char *
unit_of (SaxidInput *input, hid_t dataset)
{
  static const char *const attributes[] = { "units", "unit" };

  for (gsize k = 0; k < G_N_ELEMENTS (attributes); k++)
    {
      g_autofree char *unit = saxid_input_text (input, dataset, attributes[k]);

      if (unit != NULL && unit[0] != '\0')
        return g_steal_pointer (&unit);
    }
  return NULL;
}

/* A number of Å in some field of the instrument, whatever its group is called. */
typedef struct
{
  SaxidInput *input;
  guint depth, looked_at;
  double wavelength; /* Å, 0 = not found */
  double slit;       /* in units of q as said there, converted to 1/Å; 0 = not found */
} Instrument;

static gboolean
positive_number (SaxidInput *input, hid_t group, const char *name,
                 gboolean (*unit) (const char *text, double *angstrom), gboolean reciprocal, double *value)
{
  g_autofree char *text = NULL;
  double number, angstrom = 1;

  if (!saxid_input_number_of (input, group, name, &number, &text) || !(number > 0) || !isfinite (number)
      || (text != NULL && !unit (text, &angstrom)))
    return FALSE;
  *value = reciprocal ? number / angstrom : number * angstrom;
  return TRUE;
}

/* pyFAI keeps its wavelength in m, in a JSON text of settings. Only that number
 * is looked for: a parser would follow whatever nesting the text has. */
static void
look_at_settings (Instrument *found, hid_t configuration)
{
  static const char key[] = "\"wavelength\"";
  g_autofree char *text = saxid_input_text_of (found->input, configuration, "data");
  const char *at = text != NULL ? strstr (text, key) : NULL;
  double metre;

  if (at == NULL || found->wavelength > 0)
    return;
  at += strlen (key);
  metre = g_ascii_strtod (at + strspn (at, " :"), NULL);
  if (metre > 1e-13 && metre < 1e-7)
    found->wavelength = metre * 1e10;
}

static herr_t
look_at_instrument (hid_t group, const char *name, const H5L_info_t *info, void *data)
{
  Instrument *found = data;
  g_auto (SaxidHid) object = H5I_INVALID_HID;
  H5I_type_t type;

  if (++found->looked_at > 2000)
    return 1;
  if (info->type != H5L_TYPE_HARD)
    return 0;
  if (strcmp (name, "wavelength") == 0 || strcmp (name, "incident_wavelength") == 0)
    {
      if (found->wavelength == 0)
        positive_number (found->input, group, name, saxid_units_length, FALSE, &found->wavelength);
      return 0;
    }
  if (strcmp (name, "slit_length") == 0)
    {
      if (found->slit == 0)
        positive_number (found->input, group, name, saxid_units_q, TRUE, &found->slit);
      return 0;
    }
  if (found->depth >= 3)
    return 0;
  object = saxid_input_object (found->input, group, name, &type);
  if (object >= 0 && type == H5I_GROUP)
    {
      if (strcmp (name, "configuration") == 0)
        look_at_settings (found, object);
      found->depth++;
      H5Literate (object, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, look_at_instrument, found);
      found->depth--;
    }
  return 0;
}

static Instrument
instrument_of (SaxidInput *input, hid_t entry)
{
  Instrument found = { input, 0, 0, 0, 0 };

  H5Literate (entry, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, look_at_instrument, &found);
  return found;
}

/* Decides how the numbers of the axis become 1/Å.
 * Errors: SAXID_ERROR_UNIT; SAXID_ERROR_NO_CURVE where the axis is no q at all. */
static gboolean
understand_unit (SaxidReader *reader, Source *source, const SaxidPlace *place, hid_t q, const char *axis,
                 GError **error)
{
  SaxidSource *public = &source->public;
  g_autofree char *said = unit_of (reader->input, q);
  const char *unit = reader->q_unit != NULL ? reader->q_unit : said;

  public->q_unit = g_strdup (unit);
  if (unit == NULL)
    {
      /* frame numbers of a chromatogram lie where q does otherwise; paths are what somebody means */
      if (strcmp (public->dialect, "paths") != 0 && !saxid_dialect_is_q_name (axis))
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE,
                       "axis %s has no units and is not called q", axis);
          return FALSE;
        }
      source->q_angstrom = 1;
      note (source, "%s has no units: 1/Å assumed", public->q_path);
      return TRUE;
    }
  if (saxid_units_q (unit, &source->q_angstrom))
    {
      if (reader->q_unit != NULL && said != NULL && strcmp (said, unit) != 0)
        note (source, "%s says units '%s': '%s' used as asked", public->q_path, said, unit);
      return TRUE;
    }
  if (saxid_units_angle (unit, &source->radian))
    {
      Instrument instrument = instrument_of (reader->input, place->entry);

      source->wavelength = instrument.wavelength;
      source->half_angle = saxid_dialect_is_half_angle (axis) && !g_ascii_isdigit (unit[0]); /* "2th_deg" */
      source->radian *= source->half_angle ? 2 : 1;
      if (source->wavelength > 0)
        {
          note (source, "q computed from the angle %s ('%s')%s and the wavelength %.6g Å", axis, unit,
                source->half_angle ? ", taken as half the scattering angle," : "", source->wavelength);
          return TRUE;
        }
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNIT,
                   "axis %s is an angle ('%s') and the file gives no wavelength to make it q", axis, unit);
      return FALSE;
    }
  if (!source->specific && !saxid_dialect_is_q_name (axis))
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "axis %s is in '%s', which is no unit of q",
                 axis, unit);
  else
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNIT, "unit of q is %s@units = '%s', known are %s", axis,
                 unit, saxid_units_q_known ());
  return FALSE;
}

static void
convert_q (const Source *source, gsize n, double *q)
{
  if (source->q_angstrom == 1)
    return;
  for (gsize k = 0; k < n; k++)
    q[k] = source->q_angstrom > 0
               ? q[k] / source->q_angstrom
               : 4 * G_PI / source->wavelength * sin (q[k] * source->radian / 2);
}

/* An index counts points or frames. */
static gboolean
check_index (const Source *source, gsize n, const double *q, GError **error)
{
  gsize counted = 0;

  for (gsize k = 1; k < n; k++)
    counted += q[k] == q[k - 1] + 1 && q[k] == floor (q[k]);
  if (n <= 2 || counted < n - 1 || source->public.q_unit != NULL)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "%s counts from %g to %g: an index, not q",
               source->public.q_path, q[0], q[n - 1]);
  return FALSE;
}

static gboolean
check_plausible (const Source *source, gsize n, const double *q, double *largest, GError **error)
{
  const char *unit = source->public.q_unit != NULL ? source->public.q_unit : "none";
  double low, high;

  saxid_scan_ends (n, q, &low, &high);
  *largest = high;
  if (high == 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "none of the %" G_GSIZE_FORMAT " values of q is positive",
                   n);
      return FALSE;
    }
  if (low > SAXID_Q_LARGEST_MINIMUM || high < SAXID_Q_SMALLEST_MAXIMUM)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNIT,
                   "q would run from %.4g to %.4g 1/Å, no small-angle curve does: units '%s' of %s are"
                   " wrong, or it is not q",
                   low, high, unit, source->public.q_path);
      return FALSE;
    }
  if (!saxid_scan_check (n, q, TRUE, error) || !check_index (source, n, q, error))
    return FALSE;
  if (high > SAXID_Q_POSSIBLE_MAXIMUM || high > SAXID_Q_MOST_RATIO * low)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNIT,
                   "q would run from %.4g to %.4g 1/Å, no scattering curve does: units '%s' of %s are"
                   " wrong, or it is not q",
                   low, high, unit, source->public.q_path);
      return FALSE;
    }
  return TRUE;
}

/* Bin edges to centres, in place; n centres out of n + 1 edges. */
static void
centre_edges (gsize n, double *q)
{
  for (gsize k = 0; k < n; k++)
    q[k] = 0.5 * (q[k] + q[k + 1]);
}

/* Reads q of a frame into q, which has room for n_q + 1, and converts it. */
static gboolean
read_q (Source *source, gsize frame, double *q, GError **error)
{
  gsize n = source->public.n_q;

  if (!saxid_array_read (source->q, frame, q, error))
    return FALSE;
  convert_q (source, n + (source->q_edges ? 1 : 0), q);
  if (source->q_edges)
    centre_edges (n, q);
  return TRUE;
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
find_curve_axis (Source *source, GError **error)
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
open_companion (SaxidReader *reader, Source *source, hid_t from, const char *name, const char *what,
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
      note (source, "%s %s is not there: left out", what, name);
      return NULL;
    }
  array = open_array (reader, from, dataset, name, what, &error);
  if (array == NULL)
    {
      note (source, "%s: left out", error->message);
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
      note (source, "%s %s does not fit intensity %s: left out", what, shape, i_shape);
      return NULL;
    }
  if (!saxid_array_set_axis (array, axis, &error))
    {
      note (source, "%s: left out", error->message);
      return NULL;
    }
  if (!*shared)
    source->public.n_frame = MIN (source->public.n_frame, saxid_array_n_frame (array));
  *path = name[0] == '/' ? g_strdup (name) : g_build_path ("/", source->public.data, name, NULL);
  return g_steal_pointer (&array);
}

/* --- one source --------------------------------------------------------- */

static void
describe_intensity (SaxidReader *reader, Source *source, hid_t i)
{
  SaxidSource *public = &source->public;

  public->i_unit = unit_of (reader->input, i);
  if (public->i_unit != NULL && !saxid_units_intensity (public->i_unit, &public->i_per_cm))
    note (source, "intensity is in '%s', taken as arbitrary", public->i_unit);
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

static void
describe_entry (SaxidReader *reader, Source *source, hid_t entry)
{
  static const char *const titles[] = { "title", NULL };
  static const char *const samples[]
    = { "sample/name", "sassample/ID", "sassample/name", "sample/ID", "sassample01/ID", NULL };

  source->public.title = first_text_of (reader->input, entry, titles);
  source->public.sample = first_text_of (reader->input, entry, samples);
}

/* The length of the slit: per point beside q, or one number of the instrument. */
static void
describe_slit (SaxidReader *reader, Source *source, const SaxidPlace *place, const char *slit)
{
  SaxidSource *public = &source->public;
  double length = 0;

  if (slit != NULL)
    {
      g_auto (SaxidHid) dataset = saxid_input_dataset (reader->input, place->group, slit);
      g_autofree char *unit = dataset >= 0 ? unit_of (reader->input, dataset) : NULL;
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
      Instrument instrument = instrument_of (reader->input, place->entry);

      length = instrument.slit;
      public->slit_smeared = length > 0;
    }
  public->slit_length = length;
  if (public->slit_smeared && length > 0)
    note (source, "slit-smeared (slit length %.4g 1/Å): desmear it, a pinhole curve is assumed", length);
  else if (public->slit_smeared)
    note (source, "slit-smeared: desmear it, a pinhole curve is assumed");
}

static void
leave_out_resolution (Source *source)
{
  g_clear_pointer (&source->dq, saxid_array_free);
  g_clear_pointer (&source->public.dq_path, g_free);
}

/* A resolution is in the unit that it has, or in that of its axis. FALSE with a note where it is none of q. */
static gboolean
understand_resolution (Source *source, const char *unit)
{
  const gboolean of_angle = source->q_angstrom == 0;

  source->dq_angstrom = source->q_angstrom;
  source->dq_radian = source->radian;
  if (unit == NULL || saxid_units_q (unit, &source->dq_angstrom))
    return TRUE;
  if (!saxid_units_angle (unit, &source->dq_radian))
    note (source, "resolution of q is in '%s': taken as that of q", unit);
  else if (of_angle)
    source->dq_radian *= source->half_angle ? 2 : 1;
  else
    {
      note (source, "resolution of q is in '%s', and q is not: left out", unit);
      return FALSE;
    }
  return TRUE;
}

/* dq of a frame, as it is stored, to 1/Å: dq = 2π/λ cos(θ) d(2θ), with sin θ = qλ/4π. */
static void
convert_dq (const Source *source, const SaxidCurve *curve)
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
open_resolution (SaxidReader *reader, Source *source, const SaxidPlace *place, const char *name)
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
  unit = dataset >= 0 ? unit_of (reader->input, dataset) : NULL;
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
  note (source, "resolution of q is zero everywhere: left out");
  leave_out_resolution (source);
}

/* Which dimensions of the intensity the marks belong to: "Mask_indices". */
static gboolean
marks_are_of_q (SaxidReader *reader, const Source *source, const SaxidPlace *place, const char *name)
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
count_marked (Source *source, gsize which, gsize frame)
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
open_marks (SaxidReader *reader, Source *source, const SaxidPlace *place, const char *name, gsize which,
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
      note (source, "%s %s cannot be read: all points are used", what, name);
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

          note (source, "%s %s does not fit intensity %s: all points are used", what, shape, i_shape);
          return;
        }
    }
  if (!saxid_array_set_axis (array, axis, &error))
    {
      note (source, "%s: all points are used", error->message);
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
      note (source, "%s %s takes out whole frames", what, name);
      source->marks[which].said = TRUE;
      return;
    }
  n = count_marked (source, which, 0);
  source->marks[which].said = n > 0;
  if (n > 0)
    note (source, "%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " points are %s%s: left out", n, source->public.n_q, how,
          same && source->public.n_frame > 1 ? " in the first frame" : "");
}

static gboolean
prepare_q (Source *source, GError **error)
{
  gsize n = source->public.n_q;
  g_autofree double *q = g_new0 (double, n + 1);
  double largest;

  if (!read_q (source, 0, q, error) || !check_plausible (source, n, q, &largest, error))
    return FALSE;
  if (largest > SAXID_Q_USUAL_MAXIMUM)
    note (source, "q reaches %.3g 1/Å, a small-angle curve ends before %.0f: are the units right?", largest,
          SAXID_Q_USUAL_MAXIMUM);
  if (source->q_edges)
    note (source, "q holds bin edges: their centres are used");
  if (source->q_shared)
    source->q_values = g_steal_pointer (&q);
  return TRUE;
}

static char *
full_path (const char *group, const char *name)
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

/* Frames that lie beside each other are unpacked together: of one source at a time. */
static void
forget_frames (Source *source)
{
  saxid_array_forget (source->i);
  saxid_array_forget (source->q);
  saxid_array_forget (source->sigma);
  saxid_array_forget (source->dq);
  for (gsize k = 0; k < N_MARKS; k++)
    saxid_array_forget (source->marks[k].array);
}

static Source *
build_source (SaxidReader *reader, const SaxidPlace *place, const SaxidNames *names, const char *dialect,
              gboolean specific, GError **error)
{
  g_autoptr (Source) source = g_new0 (Source, 1);
  SaxidSource *public = &source->public;
  g_auto (SaxidHid) i = open_part (reader, place->group, names->signal, "intensity", error);
  g_auto (SaxidHid) q = H5I_INVALID_HID;

  public->dialect = dialect;
  public->entry = g_strdup (place->entry_path);
  public->data = g_strdup (place->path);
  public->i_path = full_path (place->path, names->signal);
  public->q_path = full_path (place->path, names->axis);
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
  if (!understand_unit (reader, source, place, q, names->axis, error)
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
    note (source, "sigma is the root of the variances in %s", names->sigma);
  open_marks (reader, source, place, names->mask, MARK_MASK, "mask", "masked");
  open_marks (reader, source, place, names->shadow, MARK_SHADOW, "ShadowFactor",
              "behind the beam stop (ShadowFactor)");
  describe_intensity (reader, source, i);
  open_resolution (reader, source, place, names->resolution);
  describe_slit (reader, source, place, names->slit);
  describe_entry (reader, source, place->entry);
  reader->n_q += public->n_q;
  forget_frames (source);
  return g_steal_pointer (&source);
}

/* --- the walk ----------------------------------------------------------- */

static void
offer (SaxidReader *reader, const SaxidPlace *place)
{
  const SaxidDialect *dialect = saxid_dialect_of (reader->input, place);
  g_auto (SaxidNames) names = { 0 };
  g_autoptr (GError) error = NULL;
  Source *source;

  if (dialect == NULL || reader->sources->len >= reader->input->limits.sources)
    return;
  if (!saxid_dialect_names (dialect, reader->input, place, &names, &error)
      || (source = build_source (reader, place, &names, dialect->name, dialect->specific, &error)) == NULL)
    {
      refuse (reader, place->path, error);
      return;
    }
  g_ptr_array_add (reader->sources, source);
}

/* A group at the top without a class counts as the entry of what is in it. */
static gboolean
is_entry (const char *nx_class, const char *sas_class)
{
  return g_strcmp0 (nx_class, "NXentry") == 0 || g_strcmp0 (nx_class, "NXsubentry") == 0
         || g_strcmp0 (nx_class, "SASentry") == 0 || g_strcmp0 (sas_class, "SASentry") == 0;
}

/* What saxid wrote itself is no curve. */
static gboolean
is_own (SaxidInput *input, hid_t group, const char *nx_class)
{
  g_autofree char *program = NULL;

  if (g_strcmp0 (nx_class, "NXprocess") != 0 || !saxid_input_has (input, group, "result"))
    return FALSE;
  program = saxid_input_text_of (input, group, "program");
  return g_strcmp0 (program, "saxid") == 0;
}

typedef struct
{
  SaxidReader *reader;
  const SaxidPlace *place; /* of the group whose links are being looked at */
  guint depth;
} Walk;

static void walk_group (SaxidReader *reader, const SaxidPlace *above, hid_t group, const char *path,
                        guint depth);

/* Said once: the group above may have been refused for this very link. */
static void
note_external (SaxidReader *reader, const char *parent, const char *path)
{
  g_autoptr (GError) error = NULL;

  for (guint k = 0; k < reader->refusals->len; k++)
    {
      const SaxidRefusal *refusal = reader->refusals->pdata[k];

      if (strcmp (refusal->path, parent) == 0 && strstr (refusal->reason, reader->input->refused_file) != NULL)
        return;
    }
  error
    = g_error_new (SAXID_ERROR, SAXID_ERROR_UNSUPPORTED, "link into another file (%s), which is not followed",
                   reader->input->refused_file);

  refuse (reader, path, error);
}

/* Paths go into messages, JSON and new files: all of them are sound text. */
static void
refuse_name (SaxidReader *reader, const char *parent, const char *name)
{
  g_autofree char *clean = saxid_clean_text (name, -1);
  g_autoptr (GError) error
    = g_error_new (SAXID_ERROR, SAXID_ERROR_UNSUPPORTED, "name '%s' is not UTF-8 or has characters that do not show", clean);

  refuse (reader, parent, error);
}

static herr_t
walk_link (hid_t group, const char *name, const H5L_info_t *info, void *data)
{
  Walk *walk = data;
  SaxidReader *reader = walk->reader;
  g_auto (SaxidHid) object = H5I_INVALID_HID;
  g_autofree char *path = NULL;
  H5I_type_t type;

  (void) info;
  if (++reader->looked_at > reader->input->limits.objects)
    {
      reader->stopped = TRUE;
      return 1;
    }
  object = saxid_input_object (reader->input, group, name, &type);
  if (object < 0 ? reader->input->refused_file == NULL : type != H5I_GROUP)
    return 0;
  path = g_build_path ("/", walk->place->path, name, NULL);
  if (!saxid_text_is_clean (name))
    refuse_name (reader, walk->place->path, name);
  else if (object < 0)
    note_external (reader, walk->place->path, path);
  else
    walk_group (reader, walk->place, object, path, walk->depth + 1);
  return reader->stopped ? 1 : 0;
}

static gboolean
first_visit (SaxidReader *reader, hid_t group)
{
  guint64 identity[2];

  if (!saxid_input_identity (group, identity))
    return FALSE;
  return g_hash_table_add (reader->visited,
                           g_strdup_printf ("%" G_GINT64_MODIFIER "x:%" G_GINT64_MODIFIER "x", identity[0],
                                            identity[1]));
}

static void
walk_group (SaxidReader *reader, const SaxidPlace *above, hid_t group, const char *path, guint depth)
{
  g_autofree char *nx_class = NULL;
  g_autofree char *sas_class = NULL;
  g_autofree char *definition = NULL;
  SaxidPlace place;
  Walk walk = { reader, &place, depth };

  if (depth > reader->input->limits.depth || !first_visit (reader, group))
    return;
  reader->groups++;
  nx_class = saxid_input_text (reader->input, group, "NX_class");
  sas_class = saxid_input_text (reader->input, group, "canSAS_class");
  if (is_own (reader->input, group, nx_class))
    return;
  place = (SaxidPlace) { group, path, group, path, NULL, nx_class, sas_class };
  if (above != NULL && !is_entry (nx_class, sas_class)
      && (depth > 1 || g_strcmp0 (nx_class, "NXdata") == 0 || sas_class != NULL))
    {
      place.entry = above->entry;
      place.entry_path = above->entry_path;
      place.definition = above->definition;
    }
  if (place.entry == group && above != NULL)
    place.definition = definition = saxid_input_text_of (reader->input, group, "definition");
  offer (reader, &place);
  H5Literate (group, H5_INDEX_NAME, H5_ITER_INC, NULL, walk_link, &walk);
}

/* --- what is kept ------------------------------------------------------- */

/* "/entry2" before "/entry10". */
static int
compare_natural (const char *a, const char *b)
{
  while (*a != '\0' && *b != '\0')
    {
      if (g_ascii_isdigit (*a) && g_ascii_isdigit (*b))
        {
          gsize la, lb;
          int order;

          for (; *a == '0'; a++)
            ;
          for (; *b == '0'; b++)
            ;
          la = strspn (a, "0123456789");
          lb = strspn (b, "0123456789");
          order = la != lb ? (la < lb ? -1 : 1) : strncmp (a, b, la);
          if (order != 0)
            return order;
          a += la;
          b += lb;
        }
      else if (*a != *b)
        return (guchar) *a < (guchar) *b ? -1 : 1;
      else
        {
          a++;
          b++;
        }
    }
  return *a == *b ? 0 : *a == '\0' ? -1 : 1;
}

static int
compare_sources (const void *a, const void *b)
{
  const Source *x = *(Source *const *) a, *y = *(Source *const *) b;
  int order = compare_natural (x->public.i_path, y->public.i_path);

  return order != 0 ? order : strcmp (x->public.i_path, y->public.i_path);
}

static gboolean
same_identity (const guint64 *a, const guint64 *b)
{
  return a[0] == b[0] && a[1] == b[1];
}

/* The group that @default leads to, from the root through the entries. */
static gboolean
default_group (SaxidReader *reader, guint64 identity[2])
{
  SaxidInput *input = reader->input;
  g_auto (SaxidHid) at = saxid_input_group (input, input->file, "/");
  guint hops;

  for (hops = 0; at >= 0 && hops < 8; hops++)
    {
      g_autofree char *next = saxid_input_text (input, at, "default");
      hid_t group;

      if (next == NULL || next[0] == '\0')
        break;
      group = saxid_input_group (input, at, next);
      if (group < 0)
        return FALSE;
      saxid_hid_close (at);
      at = group;
    }
  return hops > 0 && at >= 0 && saxid_input_identity (at, identity);
}

/* The same intensity under two names is one source; plain NXdata groups count
 * only where no specific dialect found a curve, and then the default one alone. */
static void
keep_meant (SaxidReader *reader)
{
  guint64 meant[2];
  gboolean specific = FALSE, found_meant = FALSE;
  gboolean has_default = default_group (reader, meant);

  for (guint k = 0; k < reader->sources->len; k++)
    {
      const Source *source = reader->sources->pdata[k];

      specific |= source->specific;
      found_meant |= has_default && same_identity (source->group_identity, meant);
    }
  for (guint k = 0; k < reader->sources->len;)
    {
      const Source *source = reader->sources->pdata[k];
      gboolean keep = specific ? source->specific
                               : !found_meant || same_identity (source->group_identity, meant);

      for (guint before = 0; keep && before < k; before++)
        keep = !same_identity (((Source *) reader->sources->pdata[before])->identity, source->identity);
      if (keep)
        k++;
      else
        g_ptr_array_remove_index (reader->sources, k);
    }
}

#define MOST_REASONS 4
#define MAX_COMPARED 64 /* sources; above, copies are not looked for */

/* BioXTAS RAW keeps each profile of a series as columns I, sigma, or q, I, sigma, and says that it
 * wrote the file. */
static gboolean
is_of_raw (SaxidReader *reader)
{
  g_auto (SaxidHid) root = saxid_input_group (reader->input, reader->input->file, "/");
  g_autofree char *type = root >= 0 ? saxid_input_text (reader->input, root, "file_type") : NULL;

  return type != NULL && g_str_has_prefix (type, "RAW");
}

static void
say_no_curve (SaxidReader *reader, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const SaxidRefusal *first = reader->refusals->len > 0 ? reader->refusals->pdata[0] : NULL;

  if (reader->refusals->len == 1)
    {
      g_set_error (error, SAXID_ERROR, first->code, "%s (%s, %s)", first->reason, reader->input->name,
                   first->path);
      return;
    }
  g_string_append_printf (text, "no curve found in %u group%s, looked for", reader->groups,
                          reader->groups == 1 ? "" : "s");
  for (const SaxidDialect *dialect = saxid_dialects; dialect->name != NULL; dialect++)
    g_string_append_printf (text, "%s %s", dialect == saxid_dialects ? "" : ",", dialect->name);
  for (guint k = 0; k < reader->refusals->len && k < MOST_REASONS; k++)
    {
      const SaxidRefusal *refusal = reader->refusals->pdata[k];

      g_string_append_printf (text, "; %s: %s", refusal->path, refusal->reason);
    }
  if (reader->refusals->len > MOST_REASONS)
    g_string_append_printf (text, "; and %u more", reader->refusals->len - MOST_REASONS);
  if (is_of_raw (reader))
    g_string_append (text, "; a series of RAW: name a profile with --path I=/profiles/000000");
  if (reader->stopped)
    g_string_append_printf (text, "; stopped after %u objects", reader->input->limits.objects);
  g_set_error (error, SAXID_ERROR, reader->stopped ? SAXID_ERROR_LIMIT : SAXID_ERROR_NO_CURVE, "%s (%s)",
               text->str, reader->input->name);
}

/* --- paths given by hand ------------------------------------------------ */

/* The nearest entry above a path, by going down from the root. */
static hid_t
entry_of_path (SaxidReader *reader, const char *path, char **entry_path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", 64);
  g_auto (SaxidHid) at = saxid_input_group (reader->input, reader->input->file, "/");
  g_autofree char *so_far = g_strdup ("/");
  hid_t entry = H5I_INVALID_HID;

  for (gsize k = 0; at >= 0 && parts[k] != NULL; k++)
    {
      g_autofree char *nx_class = NULL;
      g_autofree char *sas_class = NULL;
      char *next;
      hid_t group;

      if (parts[k][0] == '\0')
        continue;
      group = saxid_input_group (reader->input, at, parts[k]);
      if (group < 0)
        break;
      saxid_hid_close (at);
      at = group;
      next = g_build_path ("/", so_far, parts[k], NULL);
      g_free (so_far);
      so_far = next;
      nx_class = saxid_input_text (reader->input, at, "NX_class");
      sas_class = saxid_input_text (reader->input, at, "canSAS_class");
      if (entry < 0 || is_entry (nx_class, sas_class))
        {
          saxid_hid_close (entry);
          H5Iinc_ref (at);
          entry = at;
          g_free (*entry_path);
          *entry_path = g_strdup (so_far);
        }
    }
  if (entry < 0)
    {
      *entry_path = g_strdup ("/");
      entry = saxid_input_group (reader->input, reader->input->file, "/");
    }
  return entry;
}

static char *
q_beside (SaxidReader *reader, hid_t group, const char *group_path)
{
  static const char *const names[] = { "Q", "q", "radial", "radial_axis" };

  for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
    if (saxid_input_has (reader->input, group, names[k]))
      return full_path (group_path, names[k]);
  return NULL;
}

/* --- a data set of columns ----------------------------------------------- */

#define MOST_COLUMNS 3
/* Uncertainties are smaller than what they belong to; a second frame is not by so much. */
#define MOST_RELATIVE 0.2

typedef struct
{
  gsize n, n_column;
  double *values[MOST_COLUMNS];
} Columns;

static void
columns_clear (Columns *columns)
{
  for (gsize k = 0; k < MOST_COLUMNS; k++)
    g_clear_pointer (&columns->values[k], g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Columns, columns_clear)

/* FALSE where the data set is none of a few long columns. */
static gboolean
read_columns (SaxidReader *reader, hid_t dataset, Columns *columns)
{
  for (guint k = 0; k == 0 || k < columns->n_column; k++)
    {
      g_autoptr (SaxidArray) array = saxid_array_open (reader->input, dataset, "intensity", NULL);

      if (array == NULL || saxid_array_rank (array) != 2 || saxid_array_size (array, 1) < 2
          || saxid_array_size (array, 1) > MOST_COLUMNS || saxid_array_size (array, 0) < SAXID_CURVE_MIN_POINTS)
        return FALSE;
      columns->n = saxid_array_size (array, 0);
      columns->n_column = saxid_array_size (array, 1);
      saxid_array_pick (array, 1, k);
      if (!saxid_array_set_axis (array, 0, NULL))
        return FALSE;
      columns->values[k] = g_new (double, columns->n);
      if (!saxid_array_read (array, 0, columns->values[k], NULL))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_q_column (const Columns *columns, gsize column)
{
  const double *q = columns->values[column];

  for (gsize k = 0; k < columns->n; k++)
    if (!(q[k] >= 0) || (k > 0 && q[k] <= q[k - 1]))
      return FALSE;
  return TRUE;
}

static int
compare_doubles (const void *a, const void *b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static gboolean
is_sigma_column (const Columns *columns, gsize i, gsize sigma, gboolean known)
{
  g_autofree double *ratio = g_new (double, columns->n);
  gsize n = 0;

  for (gsize k = 0; k < columns->n; k++)
    {
      const double value = columns->values[i][k], error = columns->values[sigma][k];

      if (!isfinite (value) || !isfinite (error))
        continue;
      if (error < 0)
        return FALSE;
      ratio[n++] = value != 0 ? error / fabs (value) : INFINITY;
    }
  if (n == 0)
    return FALSE;
  qsort (ratio, n, sizeof *ratio, compare_doubles);
  return known || ratio[n / 2] < MOST_RELATIVE;
}

static void
name_column (char **name, const char *path, gsize column)
{
  char *named = g_strdup_printf ("%s[:,%" G_GSIZE_FORMAT "]", path, column);

  g_free (*name);
  *name = named;
}

/* Where the intensity is a table of two or three columns and no column is named, which is which
 * is told by their numbers. TRUE where names were made. */
static gboolean
name_columns (SaxidReader *reader, hid_t group, SaxidNames *names, gboolean has_q)
{
  g_auto (SaxidHid) dataset = saxid_input_dataset (reader->input, group, names->signal);
  g_auto (Columns) columns = { 0 };
  g_autofree char *path = NULL;
  gboolean known, q_first;
  gsize i;

  if (dataset < 0 || !read_columns (reader, dataset, &columns))
    return FALSE;
  path = g_strdup (names->signal);
  known = is_of_raw (reader);
  q_first = is_q_column (&columns, 0) && (columns.n_column == 3 || (names->axis == NULL && !has_q));
  i = q_first ? 1 : 0;
  if (i + 1 < columns.n_column && is_sigma_column (&columns, i, i + 1, known))
    {
      if (names->sigma == NULL)
        name_column (&names->sigma, path, i + 1);
    }
  else if (!q_first || columns.n_column == 3)
    return FALSE;
  if (q_first && !has_q)
    name_column (&names->axis, path, 0);
  name_column (&names->signal, path, i);
  return TRUE;
}

static gboolean
read_given_paths (SaxidReader *reader, const SaxidReadOptions *options, GError **error)
{
  g_autofree char *group_path = g_path_get_dirname (options->i_path);
  g_autofree char *entry_path = NULL;
  g_auto (SaxidHid) group = H5I_INVALID_HID;
  g_auto (SaxidHid) entry = H5I_INVALID_HID;
  g_autoptr (GError) reason = NULL;
  g_auto (SaxidNames) names = { 0 };
  SaxidPlace place;
  Source *source;
  gboolean said;

  if (options->i_path[0] != '/' || (options->q_path != NULL && options->q_path[0] != '/'))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "path '%s' does not begin with '/' (%s)",
                   options->i_path[0] != '/' ? options->i_path : options->q_path, reader->input->name);
      return FALSE;
    }
  group = saxid_input_group (reader->input, reader->input->file, group_path);
  if (group < 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "path '%s' leads nowhere (%s)", options->i_path,
                   reader->input->name);
      return FALSE;
    }
  names.signal = g_strdup (options->i_path);
  names.axis = options->q_path != NULL ? g_strdup (options->q_path) : q_beside (reader, group, group_path);
  names.sigma = g_strdup (options->sigma_path);
  names.resolution = g_strdup (options->dq_path);
  said = name_columns (reader, group, &names, options->q_path != NULL);
  if (names.axis == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "no q beside '%s', its path is needed too (%s)",
                   options->i_path, reader->input->name);
      return FALSE;
    }
  entry = entry_of_path (reader, group_path, &entry_path);
  place = (SaxidPlace) { group, group_path, entry, entry_path, NULL, NULL, NULL };
  source = build_source (reader, &place, &names, "paths", TRUE, &reason);
  if (source == NULL)
    {
      g_set_error (error, SAXID_ERROR, reason->code == SAXID_ERROR_NO_CURVE ? SAXID_ERROR_ARGUMENT : reason->code,
                   "%s (%s, %s)", reason->message, reader->input->name, options->i_path);
      return FALSE;
    }
  if (said)
    note (source, "columns of %s: %s taken as I%s%s", options->i_path, saxid_selection_of (names.signal),
          names.sigma != NULL && options->sigma_path == NULL ? ", the next one as its uncertainty" : "",
          options->q_path == NULL && saxid_selection_of (names.axis)[0] != '\0' ? ", the first one as q" : "");
  g_ptr_array_add (reader->sources, source);
  return TRUE;
}

/* --- the reader --------------------------------------------------------- */

static gboolean
find_sources (SaxidReader *reader, GError **error)
{
  g_auto (SaxidHid) root = saxid_input_group (reader->input, reader->input->file, "/");

  if (root < 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "root group is damaged (%s)", reader->input->name);
      return FALSE;
    }
  walk_group (reader, NULL, root, "/", 0);
  keep_meant (reader);
  g_ptr_array_sort (reader->sources, compare_sources);
  if (reader->sources->len == 0)
    {
      say_no_curve (reader, error);
      return FALSE;
    }
  return TRUE;
}

/* What is left out is NaN, as a hole in the measurement is; of what the notes tell, it is counted that
 * nobody tells it again. */
static gboolean
leave_out_marked (Source *source, gsize frame, SaxidCurve *curve, GError **error)
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

static gboolean
read_frame (Source *source, gsize frame, SaxidCurve *curve, GError **error)
{
  gsize n = source->public.n_q;
  g_autofree double *q = NULL;
  double largest;

  if (source->q_shared)
    memcpy (curve->q, source->q_values, n * sizeof (double));
  else
    {
      q = g_new0 (double, n + 1);
      if (!read_q (source, frame, q, error) || !check_plausible (source, n, q, &largest, error))
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

/* Whether two sources of one curve each hold the same numbers. */
static gboolean
same_curve (Source *a, Source *b)
{
  g_autoptr (SaxidCurve) x = NULL, y = NULL;
  gsize bytes = a->public.n_q * sizeof (double);
  gboolean same;

  if (a->public.n_frame != 1 || b->public.n_frame != 1 || a->public.n_q != b->public.n_q)
    return FALSE;
  x = saxid_curve_new (a->public.n_q, a->sigma != NULL, a->dq != NULL);
  y = saxid_curve_new (b->public.n_q, b->sigma != NULL, b->dq != NULL);
  same = read_frame (a, 0, x, NULL) && read_frame (b, 0, y, NULL) && memcmp (x->q, y->q, bytes) == 0
         && memcmp (x->intensity, y->intensity, bytes) == 0;
  forget_frames (a);
  forget_frames (b);
  return same;
}

static gboolean
is_below (const char *path, const char *above)
{
  gsize length = strlen (above);

  return strlen (path) > length && strncmp (path, above, length) == 0
         && (path[length] == '/' || g_str_has_suffix (above, "/"));
}

/* An entry may hold one curve twice, in its own dialect and in that of a
 * subentry (as `saxid reduce` writes a single frame); it is read once, and the
 * outer entry is tagged. */
static void
drop_copies (SaxidReader *reader)
{
  for (guint outer = 0; outer < reader->sources->len && reader->sources->len <= MAX_COMPARED; outer++)
    for (guint inner = reader->sources->len; inner-- > 0;)
      {
        Source *kept = reader->sources->pdata[outer], *copy = reader->sources->pdata[inner];

        if (!is_below (copy->public.entry, kept->public.entry) || !same_curve (kept, copy))
          continue;
        g_ptr_array_remove_index (reader->sources, inner);
        outer -= inner < outer;
      }
}

static SaxidReader *
open_quietly (const char *path, const SaxidReadOptions *options, GError **error)
{
  SaxidReader *reader = g_new0 (SaxidReader, 1);
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
  reader->sources = g_ptr_array_new_with_free_func (source_free);
  reader->refusals = g_ptr_array_new_with_free_func (refusal_free);
  reader->visited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  reader->q_unit = g_strdup (options->q_unit);
  reader->growing = options->growing;
  done = options->i_path != NULL ? read_given_paths (reader, options, error) : find_sources (reader, error);
  g_clear_pointer (&reader->visited, g_hash_table_unref);
  if (!done)
    {
      reader_free (reader);
      return NULL;
    }
  drop_copies (reader);
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
  return &((const Source *) reader->sources->pdata[source])->public;
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
  Source *from;

  g_return_val_if_fail (source < reader->sources->len, NULL);
  from = reader->sources->pdata[source];
  g_return_val_if_fail (frame < from->public.n_frame, NULL);

  if (reader->at != NULL && reader->at != from)
    forget_frames (reader->at);
  reader->at = from;
  curve = saxid_curve_new (from->public.n_q, from->sigma != NULL, from->dq != NULL);
  H5E_BEGIN_TRY
  {
    done = read_frame (from, frame, curve, error);
  }
  H5E_END_TRY
  if (done)
    return g_steal_pointer (&curve);
  saxid_error_add_place (error, "%s, %s", reader->input->name, from->public.i_path);
  return NULL;
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
