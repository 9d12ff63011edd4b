/* What does an EDF header say of the geometry, and in which units?
 *
 * The format has metres (Boesecke, doi:10.1107/S0021889807001100), but hands and programs write
 * what they think in. What cannot be m is taken as what it can be, with a note. A header of
 * which one length is not in m is none of the format's: a number of it that can be m and mm
 * alike is not taken at all.
 *
 * Thread: no state.
 */
#include "schemas/frame/edf-header.h"

#include <math.h>
#include <string.h>

#include "schemas/units.h"

const char *
saxid_edf_value (GHashTable *keys, const char *const *names)
{
  for (; *names != NULL; names++)
    {
      const char *value = g_hash_table_lookup (keys, *names);

      if (value != NULL && value[0] != '\0')
        return value;
    }
  return NULL;
}

/* A number and the text of the unit behind it, which may be empty. */
static gboolean
split_number (const char *text, double *value, const char **unit)
{
  char *end;

  if (text == NULL)
    return FALSE;
  *value = g_ascii_strtod (text, &end);
  *unit = end + strspn (end, " _\t*");
  return end != text && isfinite (*value);
}

static gboolean
number_in_unit (const char *text, double *value, gboolean *has_unit)
{
  const char *unit;
  double angstrom;

  if (!split_number (text, value, &unit))
    return FALSE;
  *has_unit = *unit != '\0';
  if (!*has_unit)
    return TRUE;
  if (!saxid_units_length (unit, &angstrom))
    return FALSE;
  *value *= angstrom * 1e-10;
  return TRUE;
}

gboolean
saxid_edf_number (const char *text, double *value)
{
  gboolean has_unit;

  return number_in_unit (text, value, &has_unit);
}

static gboolean
says_yes (const char *value)
{
  static const char *const words[] = { "1", "yes", "true", "on", "done", "applied" };

  for (gsize k = 0; k < G_N_ELEMENTS (words); k++)
    if (g_ascii_strcasecmp (value, words[k]) == 0)
      return TRUE;
  return FALSE;
}

/* A frame that is corrected already must not be corrected twice. Whether a dark current was subtracted. */
static gboolean
note_corrections (GHashTable *keys, SaxidFrameInfo *info)
{
  static const struct
  {
    const char *keys[7], *done;
    gboolean subtracts;
  } flags[] = {
    { { "dark", "darkcurrent", "dark_subtracted", "darksubtracted", "dodark", "do_dark", "darkcorrection" },
      "the dark current is subtracted", TRUE },
    { { "flat", "flatfield", "flat_corrected", "flatcorrected", "doflat", "do_flat", "flatcorrection" },
      "the flat field is corrected", FALSE },
  };
  g_autoptr (GString) done = g_string_new (NULL);
  gboolean subtracted = FALSE;

  for (gsize k = 0; k < G_N_ELEMENTS (flags); k++)
    for (gsize n = 0; n < G_N_ELEMENTS (flags[k].keys); n++)
      {
        const char *value = g_hash_table_lookup (keys, flags[k].keys[n]);

        if (value == NULL || !says_yes (value))
          continue;
        subtracted |= flags[k].subtracts;
        g_string_append_printf (done, "%s%s", done->len > 0 ? " and " : "", flags[k].done);
        break;
      }
  if (done->len > 0)
    saxid_frame_note (info, "its header says that %s already", done->str);
  return subtracted;
}

/* --- lengths ---------------------------------------------------------------- */

/* What a number without a unit is if it lies between these, and what that is in m. */
typedef struct
{
  double from, to;
  const char *unit;
  double metre;
} Instead;

/* No camera for X-rays is longer than 45 m, and no detector stands nearer than 10 mm. */
#define MOST_METRES      45.0
#define LEAST_MILLIMETRES 10.0

static const Instead of_distance[] = { { MOST_METRES, 1e5, "mm", 1e-3 }, { 0, 0, NULL, 0 } };
static const Instead of_wavelength[] = { { 0.01, 100, "Å", 1e-10 }, { 0, 0, NULL, 0 } };
static const Instead of_pixels[] = { { 0.01, 5, "mm", 1e-3 }, { 5, 5000, "µm", 1e-6 }, { 0, 0, NULL, 0 } };

/* A length of the header in m. *foreign: that it is not in m becomes TRUE. */
static gboolean
length (GHashTable *keys, const char *key, const Instead *instead, SaxidFrameInfo *info, double *value, gboolean *foreign)
{
  g_autofree char *lower = g_ascii_strdown (key, -1);
  gboolean has_unit;

  if (!number_in_unit (SAXID_EDF_VALUE (keys, lower), value, &has_unit) || !(*value > 0))
    return FALSE;
  for (; !has_unit && instead->unit != NULL; instead++)
    if (*value > instead->from && *value <= instead->to)
      {
        saxid_frame_note (info, "%s = %g is taken as %s, it cannot be m", key, *value, instead->unit);
        *value *= instead->metre;
        *foreign = TRUE;
        break;
      }
  return TRUE;
}

/* --- geometry --------------------------------------------------------------- */

static gboolean
is_turned (GHashTable *keys)
{
  static const char *const names[] = { "detectorrotation_1", "detectorrotation_2", "detectorrotation_3" };

  for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
    {
      const char *text = g_hash_table_lookup (keys, names[k]);

      if (text != NULL && fabs (g_ascii_strtod (text, NULL)) > 1e-9)
        return TRUE;
    }
  return FALSE;
}

static void
describe_pixels (GHashTable *keys, SaxidFrameInfo *info, gboolean *foreign)
{
  double x, y;

  if (!length (keys, "PSize_1", of_pixels, info, &x, foreign) || !length (keys, "PSize_2", of_pixels, info, &y, foreign))
    {
      saxid_frame_lacks (info, "pixel size");
      return;
    }
  info->geometry.pixel2 = info->pixel2 = x;
  info->geometry.pixel1 = info->pixel1 = y;
}

/* In m; 0: none. */
static double
find_distance (GHashTable *keys, SaxidFrameInfo *info, gboolean foreign)
{
  const char *text = SAXID_EDF_VALUE (keys, "sampledistance");
  gboolean has_unit = FALSE, is_millimetres = FALSE;
  double value, written;

  if (!length (keys, "SampleDistance", of_distance, info, &value, &is_millimetres))
    {
      saxid_frame_lacks (info, "distance");
      return 0;
    }
  number_in_unit (text, &written, &has_unit);
  if (has_unit || is_millimetres || !foreign)
    return value;
  if (value >= LEAST_MILLIMETRES)
    {
      saxid_frame_lacks (info, "unit of SampleDistance (m or mm, other lengths of the header are not in m)");
      return 0;
    }
  saxid_frame_note (info, "SampleDistance = %g is taken as m", value);
  return value;
}

/* In m, of the energy of a photon; 0: none. */
static double
wavelength_of_energy (GHashTable *keys, SaxidFrameInfo *info)
{
  static const char *const names[] = { "PhotonEnergy", "Photon_Energy", "Energy", "IncidentEnergy", "Incident_Energy",
                                       "BeamEnergy", "Beam_Energy", "XrayEnergy", "Xray_Energy", "MonochromatorEnergy",
                                       "Mono_Energy" };

  for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
    {
      g_autofree char *lower = g_ascii_strdown (names[k], -1);
      const char *text = SAXID_EDF_VALUE (keys, lower), *unit, *assumed;
      double value, angstrom;

      if (!split_number (text, &value, &unit) || !(value > 0))
        continue;
      if (saxid_units_photon (value, unit, &assumed, &angstrom))
        {
          saxid_frame_note (info, "wavelength %.6g Å from %s = %s%s%s", angstrom, names[k], text,
                            assumed != NULL ? ", taken as " : "", assumed != NULL ? assumed : "");
          return 1e-10 * angstrom;
        }
      saxid_frame_lacks (info, "wavelength (its energy is neither in keV nor in eV for certain)");
      return 0;
    }
  saxid_frame_lacks (info, "wavelength");
  return 0;
}

static void
describe_geometry (GHashTable *keys, SaxidFrameInfo *info)
{
  double x = 0, y = 0, offset_x = 0, offset_y = 0, distance, wavelength;
  gboolean foreign = FALSE;

  describe_pixels (keys, info, &foreign);
  if (!length (keys, "WaveLength", of_wavelength, info, &wavelength, &foreign))
    wavelength = wavelength_of_energy (keys, info);
  distance = find_distance (keys, info, foreign);
  if (!saxid_edf_number (SAXID_EDF_VALUE (keys, "center_1"), &x)
      || !saxid_edf_number (SAXID_EDF_VALUE (keys, "center_2"), &y))
    saxid_frame_lacks (info, "beam centre");
  else if (saxid_frame_is_unset (distance, x, y, info->height, info->width))
    saxid_frame_lacks (info, SAXID_FRAME_UNSET);
  if (is_turned (keys))
    saxid_frame_lacks (info, "how the detector is turned but for its DetectorRotation");
  info->geometry.wavelength = wavelength;
  saxid_edf_number (SAXID_EDF_VALUE (keys, "offset_1"), &offset_x);
  saxid_edf_number (SAXID_EDF_VALUE (keys, "offset_2"), &offset_y);
  if (info->lacks == NULL)
    saxid_geometry_from_beam (&info->geometry, distance, y - offset_y, x - offset_x, 0, 0);
}

/* In the order of their names, for what counts is the first of some. */
static void
read_words (GHashTable *keys, SaxidTechniqueWords *words)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (keys), (GCompareFunc) strcmp);

  for (const GList *name = names; name != NULL; name = name->next)
    saxid_technique_word (words, "header", name->data, g_hash_table_lookup (keys, name->data), NULL);
  saxid_technique_motors (words, "motors of the header", SAXID_EDF_VALUE (keys, "motor_mne"),
                          SAXID_EDF_VALUE (keys, "motor_pos"));
}

gboolean
saxid_edf_describe (GHashTable *keys, SaxidFrameInfo *info, SaxidTechniqueWords *words)
{
  const gboolean subtracted = note_corrections (keys, info);

  info->title = g_strdup (SAXID_EDF_VALUE (keys, "title", "sampledescription", "samplename"));
  describe_geometry (keys, info);
  read_words (keys, words);
  return subtracted;
}

void
saxid_edf_compare (GHashTable *keys, SaxidTechniqueWords *first)
{
  SaxidTechniqueHeader header = { .has_angle = FALSE };
  SaxidTechniqueWords words = SAXID_TECHNIQUE_WORDS_INIT (&header);

  if (first->axis == 0 || first->rotates)
    return;
  read_words (keys, &words);
  first->rotates = fabs (words.axis - first->axis) >= SAXID_LEAST_GRAZING;
  saxid_technique_words_end (&words);
  saxid_technique_header_clear (&header);
}
