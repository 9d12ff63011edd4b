/* Which curves are in a text?
 *
 * Blocks of numbers (text/table.c) get names or an order of columns (text/columns.c); what the
 * text says around them (text/header.c) tells the unit of q. Of several blocks one with
 * uncertainties goes before one without, which may be calculated, and then the longest;
 * spectra with their numbers are all read.
 *
 * Thread: pure but for the file.
 */
#include "schemas/text/file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reducers/clean-text.h"
#include "reducers/error.h"
#include "schemas/text/columns.h"
#include "schemas/text/header.h"
#include "schemas/text/table.h"
#include "schemas/units.h"

typedef struct
{
  const SaxidTextTable *table;
  const SaxidTextOptions *options;
  const char *path;
  char *file; /* clean, without directory */
} Text;

/* A block that may be a curve. */
typedef struct
{
  const SaxidTextBlock *block;
  double *values;
  SaxidTextColumns *columns; /* NULL: none, and error says why */
  GError *error;
  gboolean preferred; /* has uncertainties, and is no small table beside the longest block */
} Candidate;

static void
candidate_free (Candidate *candidate)
{
  g_free (candidate->values);
  saxid_text_columns_free (candidate->columns);
  g_clear_error (&candidate->error);
  g_free (candidate);
}

/* --- the unit of q ------------------------------------------------------- */

static gboolean
is_axis_unit (const char *unit)
{
  double value;

  return unit != NULL && (saxid_units_q (unit, &value) || saxid_units_angle (unit, &value));
}

/* What the column says goes before what a format says, and that before a sentence. */
static const char *
q_unit_of (const Text *text, const SaxidTextColumns *columns, const SaxidTextHeader *header)
{
  const char *const said[] = { columns->q_unit, header->row_unit, header->fixed, header->q_unit };

  if (text->options->q_unit != NULL)
    return text->options->q_unit;
  for (gsize k = 0; k < G_N_ELEMENTS (said); k++)
    if (is_axis_unit (said[k]))
      return said[k];
  return NULL;
}

static const char *
i_unit_of (const Text *text, const SaxidTextColumns *columns, const SaxidTextHeader *header)
{
  double per_cm;

  if (text->options->i_unit != NULL)
    return text->options->i_unit;
  if (columns->i_unit != NULL && saxid_units_intensity (columns->i_unit, &per_cm))
    return columns->i_unit;
  return header->i_unit;
}

/* q = 4 pi / wavelength sin (2 theta / 2). */
static gboolean
angles_to_q (SaxidMeasurement *measurement, const SaxidTextHeader *header, double radian, const char *unit,
             GError **error)
{
  SaxidCurve *curve = measurement->curve;

  if (header->wavelength == 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNIT,
                   "the axis is an angle ('%s') and the file gives no wavelength (or photon energy) to make it q (%s)", unit,
                   measurement->file);
      return FALSE;
    }
  for (gsize k = 0; k < curve->n; k++)
    {
      const double half = 0.5 * radian * curve->q[k];

      if (curve->dq != NULL)
        curve->dq[k] *= 2 * G_PI / header->wavelength * radian * cos (half);
      curve->q[k] = 4 * G_PI / header->wavelength * sin (half);
    }
  measurement->q_unit = g_strdup ("1/A");
  saxid_measurement_note (measurement, "q computed from the angle ('%s') and the wavelength %.6g Å%s%s", unit,
                          header->wavelength, header->energy != NULL ? ", which is of the photon energy " : "",
                          header->energy != NULL ? header->energy : "");
  return TRUE;
}

static gboolean
apply_units (const Text *text, const SaxidTextColumns *columns, const SaxidTextHeader *header,
             SaxidMeasurement *measurement, GError **error)
{
  const char *unit = q_unit_of (text, columns, header);
  double radian = G_PI / 180, angstrom;
  /* a unit that is given goes before the name of a column */
  const gboolean said_angle = header->angle_said && !columns->named && (unit == NULL || !saxid_units_q (unit, &angstrom));
  const gboolean named = (columns->angle || header->angle || said_angle) && text->options->q_unit == NULL;

  measurement->i_unit = g_strdup (i_unit_of (text, columns, header));
  if (header->foreign != NULL && !columns->named && text->options->q_unit == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "the axis is '%s', which is no q: no curve (%s)",
                   header->foreign, measurement->file);
      return FALSE;
    }
  if (named || (unit != NULL && saxid_units_angle (unit, &radian) && !saxid_units_q (unit, &angstrom)))
    {
      const gboolean said = unit != NULL && saxid_units_angle (unit, &radian);

      if (!angles_to_q (measurement, header, columns->half ? 2 * radian : radian, said ? unit : "degrees", error))
        return FALSE;
    }
  else
    measurement->q_unit = g_strdup (unit);
  return saxid_measurement_apply_units (measurement, error);
}

/* --- the curve ----------------------------------------------------------- */

static double *
column_of (const Candidate *candidate, int column)
{
  const SaxidTextBlock *block = candidate->block;
  double *out = g_new (double, block->n_row);

  for (gsize k = 0; k < block->n_row; k++)
    out[k] = candidate->values[k * block->n_column + (gsize) column];
  return out;
}

static void
drop_shadowed (const Candidate *candidate, SaxidMeasurement *measurement)
{
  g_autofree double *shadow = NULL;

  if (candidate->columns->shadow < 0)
    return;
  shadow = column_of (candidate, candidate->columns->shadow);
  saxid_measurement_drop_shadowed (measurement, shadow);
}

static void
fill_curve (const Candidate *candidate, const SaxidTextCurve *at, SaxidMeasurement *measurement)
{
  SaxidCurve *curve = g_new0 (SaxidCurve, 1);

  curve->n = candidate->block->n_row;
  curve->q = column_of (candidate, at->q);
  curve->intensity = column_of (candidate, at->intensity);
  curve->sigma = at->sigma >= 0 ? column_of (candidate, at->sigma) : NULL;
  curve->dq = at->dq >= 0 ? column_of (candidate, at->dq) : NULL;
  for (gsize k = 0; at->variance && curve->sigma != NULL && k < curve->n; k++)
    curve->sigma[k] = sqrt (curve->sigma[k]); /* a negative one is none */
  for (gsize k = 0; at->relative > 0 && curve->sigma != NULL && k < curve->n; k++)
    curve->sigma[k] *= at->relative * fabs (curve->intensity[k]);
  measurement->curve = curve;
}

static void
take_notes (const SaxidTextColumns *columns, const SaxidTextCurve *at, SaxidMeasurement *measurement)
{
  for (guint k = 0; k < columns->notes->len; k++)
    saxid_measurement_note (measurement, "%s", (const char *) columns->notes->pdata[k]);
  if (at->relative > 0)
    saxid_measurement_note (measurement, "sigma is given as %s of the intensity", at->relative < 1 ? "per cent" : "a part");
  if (at->sigma < 0)
    saxid_measurement_note (measurement, "no column of sigma");
}

static void
entitle (SaxidMeasurement *measurement, const SaxidTextHeader *header, const char *label)
{
  const char *dot = strrchr (measurement->file, '.');
  g_autofree char *title = g_strdup (header->title);

  if (title == NULL)
    title = dot != NULL && dot != measurement->file ? g_strndup (measurement->file, (gsize) (dot - measurement->file))
                                                    : g_strdup (measurement->file);
  measurement->title = label != NULL ? g_strdup_printf ("%s, %s", title, label) : g_steal_pointer (&title);
}

/* A measurement for each curve of the block. */
static GPtrArray *
read_candidate (const Text *text, const Candidate *candidate, const char *note, GError **error)
{
  const SaxidTextColumns *columns = candidate->columns;
  g_autoptr (GPtrArray) out = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_measurement_free);
  g_auto (SaxidTextHeader) header = { 0 };
  const SaxidTextCurve *first = columns->curves->pdata[0];

  saxid_text_header_read (text->table, candidate->block, text->file, (guint) first->q, &header);
  for (guint k = 0; k < columns->curves->len; k++)
    {
      const SaxidTextCurve *at = columns->curves->pdata[k];
      g_autoptr (SaxidMeasurement) measurement = saxid_measurement_new (text->path);

      entitle (measurement, &header, at->label);
      fill_curve (candidate, at, measurement);
      if (note != NULL)
        saxid_measurement_note (measurement, "%s", note);
      if (candidate->block->n_damaged > 0)
        saxid_measurement_note (measurement, "%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
                                " rows have something that is no number: it is left out",
                                candidate->block->n_damaged, candidate->block->n_row);
      take_notes (columns, at, measurement);
      drop_shadowed (candidate, measurement);
      if (!apply_units (text, columns, &header, measurement, error))
        return NULL;
      g_ptr_array_add (out, g_steal_pointer (&measurement));
    }
  return g_steal_pointer (&out);
}

/* --- blocks -------------------------------------------------------------- */

static gboolean
has_sigma (const Candidate *candidate)
{
  return candidate->columns != NULL && ((SaxidTextCurve *) candidate->columns->curves->pdata[0])->sigma >= 0;
}

/* Least and largest positive q. */
static void
range_of (const Candidate *candidate, double *low, double *high)
{
  const SaxidTextCurve *curve = candidate->columns->curves->pdata[0];

  *low = INFINITY;
  *high = 0;
  for (gsize k = 0; k < candidate->block->n_row; k++)
    {
      const double q = candidate->values[k * candidate->block->n_column + (gsize) curve->q];

      *low = q > 0 && q < *low ? q : *low;
      *high = q > *high ? q : *high;
    }
}

/* Whether two blocks are of one measurement: a tenth of the points at least, or the same q. */
static gboolean
is_comparable (const Candidate *candidate, const Candidate *longest)
{
  double low, high, low_of_longest, high_of_longest;

  if (candidate->block->n_row * 10 >= longest->block->n_row || longest->columns == NULL)
    return TRUE;
  range_of (candidate, &low, &high);
  range_of (longest, &low_of_longest, &high_of_longest);
  return low <= 2 * low_of_longest && low_of_longest <= 2 * low && high <= 2 * high_of_longest && high_of_longest <= 2 * high;
}

static void
find_preferred (const GPtrArray *candidates)
{
  const Candidate *longest = candidates->pdata[0];

  for (guint k = 1; k < candidates->len; k++)
    if (((Candidate *) candidates->pdata[k])->block->n_row > longest->block->n_row)
      longest = candidates->pdata[k];
  for (guint k = 0; k < candidates->len; k++)
    {
      Candidate *candidate = candidates->pdata[k];

      candidate->preferred = has_sigma (candidate) && is_comparable (candidate, longest);
    }
}

/* With uncertainties first, then the longest, then the first. */
static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *x = *(Candidate *const *) a, *y = *(Candidate *const *) b;

  if (x->preferred != y->preferred)
    return x->preferred ? -1 : 1;
  if (x->block->n_row != y->block->n_row)
    return x->block->n_row > y->block->n_row ? -1 : 1;
  return x->block < y->block ? -1 : 1;
}

static GPtrArray *
find_candidates (const Text *text)
{
  GPtrArray *candidates = g_ptr_array_new_with_free_func ((GDestroyNotify) candidate_free);

  for (guint k = 0; k < text->table->blocks->len; k++)
    {
      Candidate *candidate = g_new0 (Candidate, 1);

      candidate->block = &g_array_index (text->table->blocks, SaxidTextBlock, k);
      candidate->values = saxid_text_table_read (text->table, candidate->block, text->file, &candidate->error);
      if (candidate->values != NULL)
        candidate->columns = saxid_text_columns_find (text->table, candidate->block, candidate->values,
                                                      text->options->columns, text->file, &candidate->error);
      g_ptr_array_add (candidates, candidate);
    }
  return candidates;
}

static gsize
longest_of (const GPtrArray *candidates)
{
  gsize rows = 0;

  for (guint k = 0; k < candidates->len; k++)
    rows = MAX (rows, ((Candidate *) candidates->pdata[k])->block->n_row);
  return rows;
}

/* Mantid's SaveAscii writes the number of the spectrum, alone, above each; 0: none. */
static guint
spectrum_of (const Text *text, const Candidate *candidate)
{
  const guint first = candidate->block->first;
  const char *line = first > 0 ? text->table->lines->pdata[first - 1] : "";
  const gsize digits = strspn (line, "0123456789");

  return digits > 0 && digits < 9 && line[digits + strspn (line + digits, " \t")] == '\0' ? (guint) atoi (line) : 0;
}

/* All spectra of a file in which each has its number, in the order of the file; NULL: it is no
 * such file, or one of them is no curve. */
static GPtrArray *
read_spectra (const Text *text, const GPtrArray *candidates)
{
  g_autoptr (GPtrArray) out = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_measurement_free);
  const Candidate *first = candidates->pdata[0];
  g_autofree char *note = g_strdup_printf ("file holds %u spectra: each is read as a curve", candidates->len);

  if (candidates->len < 2)
    return NULL;
  for (guint k = 0; k < candidates->len; k++)
    {
      const Candidate *candidate = candidates->pdata[k];
      const guint number = spectrum_of (text, candidate);
      g_autoptr (GPtrArray) curves = NULL;

      if (number == 0 || candidate->columns == NULL || candidate->columns->curves->len != 1
          || candidate->block->n_row != first->block->n_row || candidate->block->n_column != first->block->n_column)
        return NULL;
      g_free (((SaxidTextCurve *) candidate->columns->curves->pdata[0])->label);
      ((SaxidTextCurve *) candidate->columns->curves->pdata[0])->label = g_strdup_printf ("spectrum %u", number);
      curves = read_candidate (text, candidate, note, NULL);
      if (curves == NULL)
        return NULL;
      g_ptr_array_add (out, g_ptr_array_steal_index (curves, 0));
    }
  return g_steal_pointer (&out);
}

static GPtrArray *
read_blocks (const Text *text, GError **error)
{
  g_autoptr (GPtrArray) candidates = find_candidates (text);
  const gsize longest = longest_of (candidates);
  g_autoptr (GError) first = NULL;
  GPtrArray *spectra = read_spectra (text, candidates);
  gsize rows_of_first = 0;

  if (spectra != NULL)
    return spectra;
  find_preferred (candidates);
  g_ptr_array_sort (candidates, compare_candidates);
  for (guint k = 0; k < candidates->len; k++)
    {
      Candidate *candidate = candidates->pdata[k];
      g_autofree char *note
        = candidates->len > 1 ? g_strdup_printf ("file holds %u blocks of numbers: the %s is read", candidates->len,
                                                 candidate->block->n_row == longest ? "longest"
                                                 : has_sigma (candidate)            ? "longest with uncertainties"
                                                                         : "longest that can be a curve")
                              : NULL;
      GPtrArray *curves = candidate->columns != NULL ? read_candidate (text, candidate, note, &candidate->error) : NULL;

      if (curves != NULL)
        return curves;
      /* the largest part of the file is what the person has in mind */
      if (candidate->block->n_row <= rows_of_first)
        continue;
      rows_of_first = candidate->block->n_row;
      g_clear_error (&first);
      first = g_steal_pointer (&candidate->error);
    }
  g_propagate_error (error, g_steal_pointer (&first));
  return NULL;
}

GPtrArray *
saxid_text_parse_all (const char *bytes, gsize n, const char *name, const SaxidTextOptions *options, GError **error)
{
  const SaxidTextOptions none = { 0 };
  g_autofree char *base = g_path_get_basename (name);
  g_autofree char *file = saxid_clean_text (base, -1);
  g_autoptr (SaxidTextTable) table = saxid_text_table_new (bytes, n, file, error);
  const Text text = { table, options != NULL ? options : &none, name, file };

  return table != NULL ? read_blocks (&text, error) : NULL;
}

SaxidMeasurement *
saxid_text_parse (const char *bytes, gsize n, const char *name, const SaxidTextOptions *options, GError **error)
{
  g_autoptr (GPtrArray) all = saxid_text_parse_all (bytes, n, name, options, error);

  return all != NULL ? g_ptr_array_steal_index (all, 0) : NULL;
}

SaxidMeasurement *
saxid_text_read (const char *path, const SaxidTextOptions *options, GError **error)
{
  g_autofree char *bytes = NULL;
  gsize n;

  if (!saxid_measurement_load (path, &bytes, &n, error))
    return NULL;
  return saxid_text_parse (bytes, n, path, options, error);
}
