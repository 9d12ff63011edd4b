/* Which curve lies at the paths that the caller gives?
 *
 * A data set of two or three columns is enough: which is q, intensity and sigma shows by the
 * numbers.
 *
 * Thread: see reader.h.
 */
#include "schemas/curve/reader-private.h"

#include <math.h>
#include <string.h>

#include "reducers/error.h"
#include "reducers/order.h"
#include "reducers/scan.h"
#include "schemas/hdf5/selection.h"

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
      if (entry < 0 || saxid_reader_is_entry (nx_class, sas_class))
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
      return saxid_source_path (group_path, names[k]);
  return NULL;
}

/* Whether that is the group of a data set. */
static gboolean
lies_in (const char *path, const char *group_path)
{
  g_autofree char *above = g_path_get_dirname (path);

  return strcmp (above, group_path) == 0;
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
  qsort (ratio, n, sizeof *ratio, saxid_compare_doubles);
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
  known = saxid_reader_is_of_raw (reader);
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

gboolean
saxid_reader_take_paths (SaxidReader *reader, const SaxidReadOptions *options, GError **error)
{
  g_autofree char *group_path = g_path_get_dirname (options->i_path);
  g_autofree char *entry_path = NULL;
  g_auto (SaxidHid) group = H5I_INVALID_HID;
  g_auto (SaxidHid) entry = H5I_INVALID_HID;
  g_autoptr (GError) reason = NULL;
  g_auto (SaxidNames) names = { 0 };
  SaxidPlace place;
  SaxidReaderSource *source;
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
  if (options->dq_path == NULL && lies_in (names.axis, group_path))
    saxid_dialect_resolution (reader->input, &place, &names);
  source = saxid_source_new (reader, &place, &names, "paths", TRUE, &reason);
  if (source == NULL)
    {
      g_set_error (error, SAXID_ERROR, reason->code == SAXID_ERROR_NO_CURVE ? SAXID_ERROR_ARGUMENT : reason->code,
                   "%s (%s, %s)", reason->message, reader->input->name, options->i_path);
      return FALSE;
    }
  if (said)
    saxid_source_note (source, "columns of %s: %s taken as I%s%s", options->i_path, saxid_selection_of (names.signal),
          names.sigma != NULL && options->sigma_path == NULL ? ", the next one as its uncertainty" : "",
          options->q_path == NULL && saxid_selection_of (names.axis)[0] != '\0' ? ", the first one as q" : "");
  g_ptr_array_add (reader->sources, source);
  return TRUE;
}
