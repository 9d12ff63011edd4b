/* Which groups of a file hold curves, and under which names?
 *
 * All dialects are forms of NXdata: a group with a signal, axes and errors.
 * They differ in how the group is recognised and in the names that are meant
 * where it does not say.
 *
 * Thread: pure but for the file.
 */
#include "schemas/curve/dialect.h"

#include <string.h>

#include "reducers/clean-text.h"
#include "reducers/error.h"
#include "schemas/units.h"

static gboolean
is (const char *text, const char *wanted)
{
  return text != NULL && strcmp (text, wanted) == 0;
}

static gboolean
match_cansas (SaxidInput *input, const SaxidPlace *place)
{
  if (is (place->sas_class, "SASdata") || is (place->nx_class, "SASdata"))
    return TRUE;
  return is (place->definition, "NXcanSAS") && is (place->nx_class, "NXdata") && place->sas_class == NULL
         && saxid_input_has (input, place->group, "I")
         && (saxid_input_has (input, place->group, "Q") || saxid_input_has (input, place->group, "Qx"));
}

static gboolean
match_azint (SaxidInput *input, const SaxidPlace *place)
{
  if (!is (place->nx_class, "NXdata"))
    return FALSE;
  if (is (place->definition, "NXazint1d"))
    return saxid_input_has (input, place->group, "I");
  return saxid_input_has (input, place->group, "radial_axis") && saxid_input_has (input, place->group, "I");
}

static gboolean
match_pyfai (SaxidInput *input, const SaxidPlace *place)
{
  g_auto (SaxidHid) parent = H5I_INVALID_HID;
  g_autofree char *above = NULL;
  g_autofree char *program = NULL;

  if (!is (place->nx_class, "NXdata"))
    return FALSE;
  if (saxid_input_has (input, place->group, "data") && saxid_input_has (input, place->group, "radial"))
    return TRUE;
  above = g_path_get_dirname (place->path);
  parent = saxid_input_group (input, input->file, above);
  if (parent < 0)
    return FALSE;
  program = saxid_input_text_of (input, parent, "program");
  return program != NULL && strstr (program, "pyFAI") != NULL
         && !is (place->definition, "NXmonopd");
}

static gboolean
match_monopd (SaxidInput *input, const SaxidPlace *place)
{
  (void) input;
  return is (place->nx_class, "NXdata") && is (place->definition, "NXmonopd");
}

static gboolean
match_nxdata (SaxidInput *input, const SaxidPlace *place)
{
  (void) input;
  return is (place->nx_class, "NXdata") && place->sas_class == NULL;
}

static const char *const names_i[] = { "I", NULL };
static const char *const names_data[] = { "data", "intensity", "I", NULL };
static const char *const names_q[] = { "Q", NULL };
static const char *const names_radial[] = { "radial", "q", "Q", NULL };
static const char *const names_radial_axis[] = { "radial_axis", NULL };
static const char *const names_polar[] = { "polar_angle", "q", "Q", NULL };
static const char *const names_any_q[] = { "q", "Q", NULL };
static const char *const names_idev[] = { "Idev", "I_errors", NULL };
static const char *const names_errors[] = { "errors", "data_errors", NULL };
static const char *const names_plain_errors[] = { "errors", "error", "sigma", NULL };

const SaxidDialect saxid_dialects[] = {
  { "NXcanSAS", "NXcanSAS application definition, canSAS 2012", TRUE, match_cansas, names_i, names_q,
    names_idev },
  { "NXazint1d", "NXazint1d application definition", TRUE, match_azint, names_i, names_radial_axis,
    names_idev },
  { "pyFAI", "pyFAI's HDF5 writer (NXprocess/results)", TRUE, match_pyfai, names_data, names_radial,
    names_errors },
  { "NXmonopd", "NXmonopd application definition", TRUE, match_monopd, names_data, names_polar,
    names_errors },
  { "NXdata", "NXdata base class; @default names the one meant", FALSE, match_nxdata, names_data, names_any_q,
    names_plain_errors },
  { NULL, NULL, FALSE, NULL, NULL, NULL, NULL },
};

const SaxidDialect *
saxid_dialect_of (SaxidInput *input, const SaxidPlace *place)
{
  for (const SaxidDialect *dialect = saxid_dialects; dialect->name != NULL; dialect++)
    if (dialect->match (input, place))
      return dialect;
  return NULL;
}

void
saxid_names_clear (SaxidNames *names)
{
  g_free (names->signal);
  g_free (names->axis);
  g_free (names->sigma);
  g_free (names->resolution);
  g_free (names->slit);
  g_free (names->mask);
  g_free (names->shadow);
  *names = (SaxidNames) { 0 };
}

gboolean
saxid_dialect_is_q_name (const char *name)
{
  static const char *const known[]
    = { "qmod", "qabs", "qvec", "qvector", "qsas", "qbin", "qbins", "qval", "qvals", "qvalues", "momentum transfer",
        "momentum_transfer", "momentumtransfer", "scattering vector", "scattering_vector", "radial", "radial_axis" };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (gsize k = 0; k < G_N_ELEMENTS (known); k++)
    if (is (lower, known[k]))
      return TRUE;
  /* "q", "q_abs", "q-axis", "q(1/nm)", but neither "qdev" nor "q_err" */
  return lower[0] == 'q' && !g_ascii_isalnum (lower[1]) && strstr (lower, "err") == NULL && strstr (lower, "dev") == NULL;
}

gboolean
saxid_dialect_is_logarithm (const char *name)
{
  static const char *const logs[] = { "log10", "log", "ln" };
  static const char *const known[] = { "i", "iq", "int", "intensity", "signal", "counts", "crosssection" };
  g_autofree char *base = g_path_get_basename (name), *lower = g_ascii_strdown (base, -1);
  g_autoptr (GString) rest = g_string_new (NULL);
  const char *at = NULL;

  for (gsize k = 0; k < G_N_ELEMENTS (logs) && at == NULL; k++)
    if (g_str_has_prefix (lower, logs[k]))
      at = lower + strlen (logs[k]);
  if (at == NULL)
    return FALSE;
  for (; *at != '\0' && (rest->len == 0 || strchr ("([", *at) == NULL); at++) /* "log(I(q))", "ln I [1/cm]" */
    if (strchr ("_- .()[]", *at) == NULL)
      g_string_append_c (rest, *at);
  for (gsize k = 0; k < G_N_ELEMENTS (known); k++)
    if (is (rest->str, known[k]))
      return TRUE;
  return FALSE;
}

gboolean
saxid_dialect_is_half_angle (const char *name)
{
  static const char *const known[] = { "theta", "θ", "Θ", "th", "bragg", "braggangle" };
  g_autofree char *base = g_path_get_basename (name), *lower = g_ascii_strdown (base, -1);
  g_auto (GStrv) parts = g_strsplit_set (lower, " _-.([", 2);

  for (gsize k = 0; k < G_N_ELEMENTS (known); k++)
    if (is (parts[0], known[k]))
      return TRUE;
  return FALSE;
}

/* One attribute can hold several names: an array, or one text with commas or
 * colons, sometimes in brackets. */
static GStrv
name_list (SaxidInput *input, hid_t object, const char *attribute)
{
  g_auto (GStrv) texts = saxid_input_texts (input, object, attribute);
  g_autoptr (GPtrArray) out = g_ptr_array_new_with_free_func (g_free);

  for (gsize k = 0; texts != NULL && texts[k] != NULL; k++)
    {
      g_auto (GStrv) parts = g_strsplit_set (texts[k], ",:[]", 64);

      for (gsize p = 0; parts[p] != NULL; p++)
        if (g_strstrip (parts[p])[0] != '\0')
          g_ptr_array_add (out, g_strdup (parts[p]));
    }
  if (out->len == 0)
    return NULL;
  g_ptr_array_add (out, NULL);
  return (GStrv) g_ptr_array_steal (out, NULL);
}

static char *
first_there (SaxidInput *input, hid_t group, const char *const *candidates)
{
  for (gsize k = 0; candidates[k] != NULL; k++)
    if (saxid_input_has (input, group, candidates[k]))
      return g_strdup (candidates[k]);
  return NULL;
}

/* Before 2014 the field itself said signal=1. */
typedef struct
{
  SaxidInput *input;
  char *found;
  guint looked_at;
} OldSignal;

static herr_t
look_for_old_signal (hid_t group, const char *name, const H5L_info_t *info, void *data)
{
  OldSignal *old = data;
  g_auto (SaxidHid) dataset = H5I_INVALID_HID;
  g_autofree char *mark = NULL;

  if (info->type != H5L_TYPE_HARD || ++old->looked_at > 1000 || !saxid_text_is_clean (name))
    return 0;
  dataset = saxid_input_dataset (old->input, group, name);
  mark = dataset >= 0 ? saxid_input_text (old->input, dataset, "signal") : NULL;
  if (!is (mark, "1"))
    return 0;
  old->found = g_strdup (name);
  return 1;
}

static char *
signal_name (const SaxidDialect *dialect, SaxidInput *input, const SaxidPlace *place)
{
  g_autofree char *said = saxid_input_text (input, place->group, "signal");
  OldSignal old = { input, NULL, 0 };

  if (said != NULL && said[0] != '\0' && saxid_input_has (input, place->group, said))
    return g_steal_pointer (&said);
  H5Literate (place->group, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, look_for_old_signal, &old);
  return old.found != NULL ? old.found : first_there (input, place->group, dialect->signals);
}

static const char *const axes_attributes[] = { "I_axes", "axes" };

static gboolean
names_second_dimension (const char *axis)
{
  static const char *const known[] = { "Qx", "Qy", "qx", "qy", "chi", "azimuthal", "azimuthal_axis", "phi" };

  for (gsize k = 0; k < G_N_ELEMENTS (known); k++)
    if (is (axis, known[k]))
      return TRUE;
  return FALSE;
}

/* The last axis that is there and one-dimensional in name: I[…, q]. */
static char *
axis_from (GStrv axes, SaxidInput *input, hid_t group)
{
  char *chosen = NULL;

  for (gsize k = 0; axes != NULL && axes[k] != NULL; k++)
    if (!is (axes[k], ".") && saxid_input_has (input, group, axes[k])
        && (chosen == NULL || !saxid_dialect_is_q_name (chosen) || saxid_dialect_is_q_name (axes[k])))
      {
        g_free (chosen);
        chosen = g_strdup (axes[k]);
      }
  return chosen;
}

/* Rank of the signal as the file has it; 0 where it cannot be told. */
static int
signal_rank (SaxidInput *input, const SaxidPlace *place, const char *signal)
{
  g_auto (SaxidHid) dataset = saxid_input_dataset (input, place->group, signal);
  g_auto (SaxidHid) space = H5I_INVALID_HID;

  if (dataset < 0 || !saxid_input_check_storage (input, dataset, "intensity", NULL))
    return 0;
  space = H5Dget_space (dataset);
  return space < 0 ? 0 : H5Sget_simple_extent_ndims (space);
}

/* Axes of the signal that are longer than one. */
static guint
long_axes (SaxidInput *input, const SaxidPlace *place, const char *name)
{
  g_auto (SaxidHid) dataset = saxid_input_dataset (input, place->group, name);
  g_auto (SaxidHid) space = H5I_INVALID_HID;
  hsize_t size[H5S_MAX_RANK];
  guint n = 0;
  int rank;

  if (dataset < 0 || !saxid_input_check_storage (input, dataset, "intensity", NULL)
      || (space = H5Dget_space (dataset)) < 0 || H5Sget_simple_extent_type (space) != H5S_SIMPLE)
    return 0;
  rank = H5Sget_simple_extent_dims (space, size, NULL);
  for (int k = 0; k < rank; k++)
    n += size[k] > 1;
  return n;
}

static gboolean
is_in_unit_of_q (SaxidInput *input, const SaxidPlace *place, const char *name)
{
  g_auto (SaxidHid) dataset = saxid_input_dataset (input, place->group, name);
  g_autofree char *unit = dataset >= 0 ? saxid_input_text (input, dataset, "units") : NULL;
  double angstrom;

  return unit != NULL && saxid_units_q (unit, &angstrom);
}

/* Whether q belongs to all dimensions of an image: @Q_indices lists them all and no other axis has
 * one, the axes are q and q again, or two axes are in units of q (Qx, Qy by another name). I[t, q]
 * with q[t, q] names the other axis. */
static gboolean
refuse_image_of_q (GStrv axes, SaxidInput *input, const SaxidPlace *place, const char *signal, const char *q,
                   GError **error)
{
  static const char *const attributes[] = { "Q_indices", "q_indices" };
  g_autofree char *own = g_strconcat (q, "_indices", NULL);
  const guint n_long = long_axes (input, place, signal);
  const int rank = signal_rank (input, place, signal);
  guint others = 0, same = 0, in_q = 0;
  gsize n_index = 0;
  g_autofree gint64 *index = NULL;
  gboolean all;

  if (n_long < 2)
    return FALSE;
  for (gsize k = 0; axes != NULL && axes[k] != NULL; k++)
    {
      same += is (axes[k], q);
      others += !is (axes[k], q);
      in_q += !is (axes[k], q) && long_axes (input, place, axes[k]) > 0 && is_in_unit_of_q (input, place, axes[k]);
    }
  index = saxid_input_integers (input, place->group, own, &n_index);
  for (gsize k = 0; index == NULL && k < G_N_ELEMENTS (attributes); k++)
    index = saxid_input_integers (input, place->group, attributes[k], &n_index);
  all = index != NULL;
  for (int axis = 0; axis < rank && all; axis++)
    {
      gsize k = 0;

      while (k < n_index && index[k] != axis)
        k++;
      all = k < n_index;
    }
  if (!(all && others == 0) && same < 2 && (in_q == 0 || !is_in_unit_of_q (input, place, q)))
    return FALSE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE,
               "2-D only (%s): reduce it to I(q) first",
               in_q > 0 ? "two axes are in units of q" : "q belongs to all dimensions of an image, as Q_indices has it");
  return TRUE;
}

static gboolean
refuse_second_dimension (GStrv axes, SaxidInput *input, const SaxidPlace *place, const char *signal,
                         GError **error)
{
  g_autofree char *list = NULL;

  for (gsize k = 0; axes != NULL && axes[k] != NULL; k++)
    if (names_second_dimension (axes[k]) && signal_rank (input, place, signal) > 1)
      {
        list = g_strjoinv (", ", axes);
        break;
      }
  if (list == NULL && saxid_input_has (input, place->group, "Qx") && saxid_input_has (input, place->group, "Qy")
      && !saxid_input_has (input, place->group, "Q"))
    list = g_strdup ("Qx, Qy");
  if (list == NULL)
    return FALSE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "2-D only (%s): reduce it to I(q) first", list);
  return TRUE;
}

static char *
axis_name (const SaxidDialect *dialect, SaxidInput *input, const SaxidPlace *place, const char *signal,
           GError **error)
{
  g_auto (SaxidHid) dataset = saxid_input_dataset (input, place->group, signal);
  char *chosen = NULL;

  for (gsize k = 0; k <= G_N_ELEMENTS (axes_attributes) && chosen == NULL; k++)
    {
      gboolean of_group = k < G_N_ELEMENTS (axes_attributes);
      g_auto (GStrv) axes = of_group ? name_list (input, place->group, axes_attributes[k])
                            : dataset >= 0 ? name_list (input, dataset, "axes") : NULL;

      if (refuse_second_dimension (axes, input, place, signal, error))
        return NULL;
      chosen = axis_from (axes, input, place->group);
      if (chosen != NULL && refuse_image_of_q (axes, input, place, signal, chosen, error))
        {
          g_free (chosen);
          return NULL;
        }
    }
  if (chosen == NULL)
    {
      chosen = first_there (input, place->group, dialect->axes);
      if (chosen != NULL && refuse_image_of_q (NULL, input, place, signal, chosen, error))
        {
          g_free (chosen);
          return NULL;
        }
    }
  if (chosen == NULL)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE,
                 signal_rank (input, place, signal) > 1
                     ? "%s is an image or a stack without an axis q: integrate it to I(q) first (saxid reduce)"
                     : "intensity %s has no axis q beside it",
                 signal);
  return chosen;
}

/* @uncertainties is the standard; the others are what programs have written. */
static char *
named_by_attribute (SaxidInput *input, hid_t object, const char *const *attributes, hid_t group)
{
  for (gsize k = 0; attributes[k] != NULL; k++)
    {
      g_auto (GStrv) names = object >= 0 ? name_list (input, object, attributes[k]) : NULL;

      if (names != NULL && saxid_input_has (input, group, names[0]))
        return g_strdup (names[0]);
    }
  return NULL;
}

/* Programs that add intensities (scipp) keep the squares of sigma. */
static char *
variance_name (SaxidInput *input, const SaxidPlace *place, const char *signal)
{
  static const char *const of_signal[] = { "variances", "variance", NULL };
  g_auto (SaxidHid) dataset = saxid_input_dataset (input, place->group, signal);
  g_autofree char *plural = g_strconcat (signal, "_variances", NULL);
  g_autofree char *singular = g_strconcat (signal, "_variance", NULL);
  const char *const of_group[] = { plural, singular, "variances", NULL };
  const char *const usual[] = { plural, singular, "variances", "variance", NULL };
  char *name;

  if ((name = named_by_attribute (input, dataset, of_signal, place->group)) != NULL
      || (name = named_by_attribute (input, place->group, of_group, place->group)) != NULL)
    return name;
  return first_there (input, place->group, usual);
}

static char *
sigma_name (const SaxidDialect *dialect, SaxidInput *input, const SaxidPlace *place, const char *signal)
{
  static const char *const of_signal[] = { "uncertainties", "uncertainty", NULL };
  g_auto (SaxidHid) dataset = saxid_input_dataset (input, place->group, signal);
  g_autofree char *plural = g_strconcat (signal, "_errors", NULL);
  g_autofree char *singular = g_strconcat (signal, "_error", NULL);
  g_autofree char *group_plural = g_strconcat (signal, "_uncertainties", NULL);
  g_autofree char *group_singular = g_strconcat (signal, "_uncertainty", NULL);
  const char *const of_group[] = { group_plural, group_singular, "uncertainties", NULL };
  const char *const usual[] = { plural, singular, NULL };
  char *name;

  if ((name = named_by_attribute (input, dataset, of_signal, place->group)) != NULL
      || (name = named_by_attribute (input, place->group, of_group, place->group)) != NULL
      || (name = first_there (input, place->group, usual)) != NULL)
    return name;
  return first_there (input, place->group, dialect->sigmas);
}

/* Q@resolutions names dQ or Qdev (pinhole), or dQw and dQl (slit). */
void
saxid_dialect_resolution (SaxidInput *input, const SaxidPlace *place, SaxidNames *names)
{
  static const char *const pinhole[] = { "Qdev", "dQ", NULL };
  static const char *const slit[] = { "dQl", NULL };
  g_auto (SaxidHid) axis = saxid_input_dataset (input, place->group, names->axis);
  g_auto (GStrv) listed = NULL;

  if (axis < 0)
    return;
  listed = name_list (input, axis, "resolutions");
  if (listed == NULL)
    listed = name_list (input, axis, "uncertainties");
  names->slit = first_there (input, place->group, slit);
  for (gsize k = 0; listed != NULL && listed[k] != NULL && names->resolution == NULL; k++)
    if (!is (listed[k], "dQl") && !is (listed[k], "dQw") && saxid_input_has (input, place->group, listed[k]))
      names->resolution = g_strdup (listed[k]);
  if (names->resolution == NULL && names->slit == NULL)
    names->resolution = first_there (input, place->group, pinhole);
}

/* What the file itself marks as worthless: @mask names a field of truth values, as NXcanSAS has it,
 * and NIST's ShadowFactor is below one behind a beam stop. */
static void
find_marks (SaxidInput *input, const SaxidPlace *place, SaxidNames *names, gboolean specific)
{
  static const char *const by_attribute[] = { "mask", "Mask", NULL };
  static const char *const usual[] = { "Mask", "mask", NULL };
  static const char *const shadows[] = { "ShadowFactor", "shadowfactor", "Shadowfactor", NULL };
  g_auto (SaxidHid) dataset = saxid_input_dataset (input, place->group, names->signal);

  names->mask = named_by_attribute (input, place->group, by_attribute, place->group);
  if (names->mask == NULL)
    names->mask = named_by_attribute (input, dataset, by_attribute, place->group);
  if (!specific)
    return;
  if (names->mask == NULL)
    names->mask = first_there (input, place->group, usual);
  names->shadow = first_there (input, place->group, shadows);
}

gboolean
saxid_dialect_names (const SaxidDialect *dialect, SaxidInput *input, const SaxidPlace *place,
                     SaxidNames *names, GError **error)
{
  g_auto (SaxidNames) found = { 0 };

  found.signal = signal_name (dialect, input, place);
  if (found.signal == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "%s group without a signal", dialect->name);
      return FALSE;
    }
  found.axis = axis_name (dialect, input, place, found.signal, error);
  if (found.axis == NULL)
    return FALSE;
  found.sigma = sigma_name (dialect, input, place, found.signal);
  if (found.sigma == NULL)
    {
      found.sigma = variance_name (input, place, found.signal);
      found.variance = found.sigma != NULL;
    }
  if (dialect->specific)
    saxid_dialect_resolution (input, place, &found);
  find_marks (input, place, &found, dialect->specific);
  *names = found;
  found = (SaxidNames) { 0 };
  return TRUE;
}
