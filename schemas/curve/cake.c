/* Where in a file is a cake, and what is in it?
 *
 * An entry, or the azint2d in it, whose definition is NXazint2d; its data are I[azimuth, radius]
 * or I[frame, azimuth, radius], with the axes azimuthal_axis and radial_axis, their edges and norm.
 * Else sectors as saxid writes them: rows of azint1d, with the azimuths of each beside them.
 *
 * Thread: see cake.h.
 */
#include "schemas/curve/cake.h"

#include <math.h>
#include <string.h>

#include "reducers/error.h"
#include "schemas/hdf5/array.h"

#define DEFINITION "NXazint2d"
#define SECTORS "source/azimuth_"
#define MOST_ENTRIES 1000
#define MOST_CELLS ((gsize) 1 << 24) /* as many as saxid reduce makes */
#define MOST_READ ((guint64) 1 << 31) /* of all frames */

void
saxid_cake_free (SaxidCake *cake)
{
  if (cake == NULL)
    return;
  g_free (cake->group);
  g_free (cake->radial_title);
  g_free (cake->intensity_unit);
  g_free (cake->azimuth_edge);
  g_free (cake->radial_edge);
  g_free (cake->intensity);
  g_free (cake);
}

/* ---- where ------------------------------------------------------------------------- */

static gboolean
is_cake (SaxidInput *input, const char *group)
{
  g_auto (SaxidHid) id = saxid_input_group (input, input->file, group);
  g_autofree char *definition = id >= 0 ? saxid_input_text_of (input, id, "definition") : NULL;

  return g_strcmp0 (definition, DEFINITION) == 0 && saxid_input_has (input, id, "data");
}

static gboolean
has_sectors (SaxidInput *input, const char *group)
{
  g_auto (SaxidHid) id = saxid_input_group (input, input->file, group);

  return id >= 0 && saxid_input_has (input, id, "data") && saxid_input_has (input, id, "source")
         && saxid_input_has (input, id, SECTORS "from") && saxid_input_has (input, id, SECTORS "to");
}

static char *
find_cake (SaxidInput *input)
{
  /* those of an entry, in the order in which they are wanted */
  static const struct
  {
    const char *name;
    gboolean (*is_one) (SaxidInput *input, const char *group);
  } places[] = { { ".", is_cake }, { "azint2d", is_cake }, { "azint1d", has_sectors } };
  H5G_info_t about;

  if (H5Gget_info (input->file, &about) < 0)
    return NULL;
  for (hsize_t k = 0; k < MIN (about.nlinks, MOST_ENTRIES); k++)
    {
      char name[256];

      if (H5Lget_name_by_idx (input->file, ".", H5_INDEX_NAME, H5_ITER_INC, k, name, sizeof name, H5P_DEFAULT) < 0)
        continue;
      for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
        {
          g_autofree char *group = g_build_path ("/", "/", name, places[i].name, NULL);

          if (places[i].is_one (input, group))
            return g_steal_pointer (&group);
        }
    }
  return NULL;
}

/* ---- axes -------------------------------------------------------------------------- */

/* Between centres the edges lie in the middle. */
static double *
edges_of (const double *centre, gsize n)
{
  double *edge = g_new (double, n + 1);

  for (gsize k = 1; k < n; k++)
    edge[k] = (centre[k - 1] + centre[k]) / 2;
  edge[0] = n > 1 ? centre[0] - (edge[1] - centre[0]) : centre[0] - 0.5;
  edge[n] = n > 1 ? centre[n - 1] + (centre[n - 1] - edge[n - 1]) : centre[0] + 0.5;
  return edge;
}

/* n edges and one more, in the unit of the file. */
static double *
read_axis (SaxidInput *input, hid_t data, const char *name, gsize n, double factor, GError **error)
{
  g_autofree char *edges = g_strconcat (name, "_edges", NULL);
  gsize n_edge = 0, n_centre = 0;
  g_autofree double *edge = saxid_input_numbers_of (input, data, edges, n + 1, &n_edge, NULL), *centre = NULL;
  gboolean ascends = TRUE;

  if (edge == NULL || n_edge != n + 1)
    {
      centre = saxid_input_numbers_of (input, data, name, n, &n_centre, NULL);
      g_free (edge);
      edge = centre != NULL && n_centre == n ? edges_of (centre, n) : NULL;
    }
  for (gsize k = 0; edge != NULL && k <= n; k++)
    {
      edge[k] *= factor;
      ascends &= isfinite (edge[k]) && (k == 0 || edge[k] > edge[k - 1]);
    }
  if (edge != NULL && ascends)
    return g_steal_pointer (&edge);
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "%s of the cake is missing or does not ascend, %" G_GSIZE_FORMAT " values are needed",
               name, n);
  return NULL;
}

static char *
text_at (SaxidInput *input, hid_t data, const char *dataset, const char *attribute)
{
  g_auto (SaxidHid) id = saxid_input_dataset (input, data, dataset);

  return id >= 0 ? saxid_input_text (input, id, attribute) : NULL;
}

/* Sectors lie side by side, frame after frame; how many a frame has is seen where the first
 * azimuth comes again. rows: of I. NULL: that is not so. */
static double *
read_sectors (SaxidInput *input, hid_t group, gsize rows, gsize *n_sector)
{
  gsize n_from = 0, n_to = 0;
  g_autofree double *from = saxid_input_numbers_of (input, group, SECTORS "from", rows, &n_from, NULL);
  g_autofree double *to = saxid_input_numbers_of (input, group, SECTORS "to", rows, &n_to, NULL), *edge = NULL;
  gsize n = 1;

  if (from == NULL || to == NULL || n_from != rows || n_to != rows)
    return NULL;
  while (n < rows && from[n] != from[0])
    n++;
  edge = g_new (double, n + 1);
  for (gsize k = 0; k < n; k++)
    {
      edge[k] = from[k];
      if (!isfinite (from[k]) || !(to[k] > from[k]) || (k > 0 && fabs (from[k] - to[k - 1]) > 1e-6))
        return NULL;
    }
  edge[n] = to[n - 1];
  *n_sector = n;
  return rows % n == 0 ? g_steal_pointer (&edge) : NULL;
}

static gboolean
read_axes (SaxidInput *input, hid_t data, SaxidCake *cake, GError **error)
{
  g_autofree char *unit = text_at (input, data, "azimuthal_axis", "units");
  const double factor = unit != NULL && g_ascii_strncasecmp (unit, "rad", 3) == 0 ? 180 / G_PI : 1;

  if (cake->azimuth_edge == NULL)
    cake->azimuth_edge = read_axis (input, data, "azimuthal_axis", cake->n_azimuth, factor, error);
  cake->radial_edge = cake->azimuth_edge != NULL ? read_axis (input, data, "radial_axis", cake->n_radial, 1, error) : NULL;
  cake->radial_title = text_at (input, data, "radial_axis", "long_name");
  if (cake->radial_title == NULL)
    {
      g_autofree char *radial = text_at (input, data, "radial_axis", "units");

      cake->radial_title = g_strdup_printf ("radius (%s)", radial != NULL ? radial : "no unit");
    }
  cake->intensity_unit = text_at (input, data, "I", "units");
  return cake->radial_edge != NULL;
}

/* ---- intensities -------------------------------------------------------------------- */

static SaxidArray *
open_plane (SaxidInput *input, hid_t data, const char *name, GError **error)
{
  g_auto (SaxidHid) id = saxid_input_dataset (input, data, name);
  g_autoptr (SaxidArray) array = NULL;

  if (id < 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "the cake has no %s", name);
      return NULL;
    }
  array = saxid_array_open (input, id, name, error);
  if (array == NULL || !saxid_array_set_axis (array, saxid_array_rank (array) - 1, error))
    return NULL;
  return g_steal_pointer (&array);
}

static gboolean
measure (SaxidArray *array, SaxidCake *cake, GError **error)
{
  const guint rank = saxid_array_rank (array);
  const guint64 frames = rank == 3 ? saxid_array_size (array, 0) : 1;
  const guint64 azimuths = rank >= 2 ? saxid_array_size (array, rank - 2) : 0, radii = saxid_array_size (array, rank - 1);

  if (rank < 2 || rank > 3 || frames == 0 || azimuths == 0 || radii == 0)
    {
      g_autofree char *shape = saxid_array_shape (array);

      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "I of the cake is %s, [frame ×] azimuth × radius is needed", shape);
      return FALSE;
    }
  if (azimuths > MOST_CELLS / radii || frames > MOST_READ / (azimuths * radii))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT, "the cake has %" G_GUINT64_FORMAT " × %" G_GUINT64_FORMAT " × %" G_GUINT64_FORMAT
                   " cells, %" G_GUINT64_FORMAT " can be read", frames, azimuths, radii, MOST_READ);
      return FALSE;
    }
  cake->n_frame = (gsize) frames;
  cake->n_azimuth = (gsize) azimuths;
  cake->n_radial = (gsize) radii;
  return TRUE;
}

/* Sums of one frame into the cake and what they weigh. norm: or NULL, every frame weighs the same. */
static gboolean
add_frame (SaxidArray *array, SaxidArray *norm, const SaxidCake *cake, gsize frame, double *row, double *weight_row, double *weight,
           GError **error)
{
  for (gsize a = 0; a < cake->n_azimuth; a++)
    {
      if (!saxid_array_read (array, frame * cake->n_azimuth + a, row, error)
          || (norm != NULL && !saxid_array_read (norm, frame * cake->n_azimuth + a, weight_row, error)))
        return FALSE;
      for (gsize k = 0; k < cake->n_radial; k++)
        {
          const double w = norm != NULL ? weight_row[k] : 1;

          if (!isfinite (row[k]) || !(w > 0) || !isfinite (w))
            continue;
          cake->intensity[a * cake->n_radial + k] += w * row[k];
          weight[a * cake->n_radial + k] += w;
        }
    }
  return TRUE;
}

static gboolean
read_intensities (SaxidInput *input, hid_t data, SaxidArray *array, gint64 frame, SaxidCake *cake, GError **error)
{
  const gsize n = cake->n_azimuth * cake->n_radial;
  const gsize first = frame < 0 ? 0 : (gsize) frame, end = frame < 0 ? cake->n_frame : first + 1;
  g_autoptr (SaxidArray) norm = end - first > 1 ? open_plane (input, data, "norm", NULL) : NULL;
  g_autofree double *row = g_new (double, cake->n_radial), *weight_row = g_new (double, cake->n_radial), *weight = g_new0 (double, n);

  if (norm != NULL && (saxid_array_n_point (norm) != cake->n_radial || saxid_array_n_frame (norm) != cake->n_frame * cake->n_azimuth))
    g_clear_pointer (&norm, saxid_array_free);
  cake->intensity = g_new0 (double, n);
  for (gsize k = first; k < end; k++)
    if (!add_frame (array, norm, cake, k, row, weight_row, weight, error))
      return FALSE;
  for (gsize k = 0; k < n; k++)
    cake->intensity[k] = weight[k] > 0 ? cake->intensity[k] / weight[k] : NAN;
  return TRUE;
}

/* Rows that are sectors are frames of so many azimuths each. */
static void
take_sectors (SaxidInput *input, hid_t group, SaxidCake *cake)
{
  gsize n;

  if (cake->n_frame != 1 || !has_sectors (input, cake->group))
    return;
  cake->azimuth_edge = read_sectors (input, group, cake->n_azimuth, &n);
  if (cake->azimuth_edge == NULL)
    return;
  cake->n_frame = cake->n_azimuth / n;
  cake->n_azimuth = n;
}

static gboolean
read_cake (SaxidInput *input, gint64 frame, SaxidCake *cake, GError **error)
{
  g_auto (SaxidHid) group = H5I_INVALID_HID, data = H5I_INVALID_HID;
  g_autoptr (SaxidArray) array = NULL;

  cake->group = find_cake (input);
  if (cake->group == NULL)
    {
      g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "file has no cake and no sectors, saxid reduce --cake N or --sectors N makes them");
      return FALSE;
    }
  group = saxid_input_group (input, input->file, cake->group);
  data = group >= 0 ? saxid_input_group (input, group, "data") : H5I_INVALID_HID;
  array = data >= 0 ? open_plane (input, data, "I", error) : NULL;
  if (array == NULL || !measure (array, cake, error))
    return FALSE;
  take_sectors (input, group, cake);
  if (frame >= 0 && (guint64) frame >= cake->n_frame)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "frame %" G_GINT64_FORMAT " of the cake is not there, it has %" G_GSIZE_FORMAT,
                   frame, cake->n_frame);
      return FALSE;
    }
  return read_axes (input, data, cake, error) && read_intensities (input, data, array, frame, cake, error);
}

SaxidCake *
saxid_cake_read (const char *path, gboolean follow_links, gint64 frame, GError **error)
{
  g_autoptr (SaxidCake) cake = g_new0 (SaxidCake, 1);
  gboolean done = FALSE;

  H5E_BEGIN_TRY
  {
    g_autoptr (SaxidInput) input = saxid_input_open (path, follow_links, NULL, error);

    done = input != NULL && read_cake (input, frame, cake, error);
  }
  H5E_END_TRY
  if (done)
    return g_steal_pointer (&cake);
  if (error != NULL && *error != NULL)
    saxid_error_add_place (error, "%s", path);
  return NULL;
}
