/* What does the text header of a Pilatus or Eiger image say?
 *
 * Lines "# Key value unit", with or without a colon or an equals sign after the
 * key: the mini-CBF header of Dectris, which their TIFF files carry in the
 * image description too. Numbers without a unit are in those of Dectris: m, the wavelength in Å,
 * the beam in pixels, angles in degrees. Programs of beamlines write others behind them.
 *
 * Thread: pure.
 */
#include <math.h>
#include <string.h>

#include "reducers/clean-text.h"
#include "schemas/frame/format.h"
#include "schemas/technique/words.h"
#include "schemas/units.h"

#define MOST_UNIT  24  /* bytes */
#define MOST_PIXEL 0.1 /* m */

static const char *
value_of (const char *text, const char *key)
{
  gsize length = strlen (key);

  for (const char *at = strstr (text, key); at != NULL; at = strstr (at + 1, key))
    {
      gboolean word = at == text || at[-1] == ' ' || at[-1] == '#' || at[-1] == '\n';

      if (word && strchr (" :=\t", at[length]) != NULL && at[length] != '\0')
        return at + length + strspn (at + length, " :=\t(");
    }
  return NULL;
}

/* A number with the word behind it, cleaned: its unit, or empty. */
typedef struct
{
  double value;
  char unit[MOST_UNIT];
} Quantity;

/* The word at *at, which moves past it. An "x" is none, but stands between two numbers; nor is another number or a remark. */
static void
take_unit (const char **at, char unit[MOST_UNIT])
{
  const char *word = *at + strspn (*at, " \t_*)");
  const gboolean is_none = g_ascii_tolower (*word) == 'x' || *word == '#' || strchr ("+-.0123456789", *word) != NULL;
  gsize n = is_none ? 0 : strcspn (word, " \t\r\n;,()");
  g_autofree char *clean = NULL;

  *at = word + n;
  while (n > 0 && word[n - 1] == '.') /* "deg." */
    n--;
  clean = saxid_clean_text (word, (gssize) MIN (n, MOST_UNIT - 1));
  saxid_text_fit (unit, clean, MOST_UNIT);
}

/* Reads a finite number and its unit, and moves past both. */
static gboolean
take_quantity (const char **at, Quantity *out)
{
  char *end;

  out->value = g_ascii_strtod (*at, &end);
  if (end == *at || !isfinite (out->value))
    return FALSE;
  *at = end;
  take_unit (at, out->unit);
  return TRUE;
}

/* The quantity of a key, if it is above zero. */
static gboolean
find_positive (const char *text, const char *key, Quantity *out)
{
  const char *at = value_of (text, key);

  return at != NULL && take_quantity (&at, out) && out->value > 0;
}

static void
lacks_unit (SaxidFrameInfo *info, const char *what, const char *unit)
{
  g_autofree char *said = g_strdup_printf ("%s in a unit that is known ('%s' is not)", what, unit);

  saxid_frame_lacks (info, said);
}

/* A length in m. FALSE: its unit is none of a length. */
static gboolean
in_metres (Quantity *length)
{
  double angstrom = 1e10;

  if (length->unit[0] != '\0' && !saxid_units_length (length->unit, &angstrom))
    return FALSE;
  length->value *= angstrom * 1e-10;
  return TRUE;
}

/* "172e-6 m x 172e-6 m"; one unit may stand for both. */
static void
parse_pixel_size (const char *text, SaxidFrameInfo *info)
{
  const char *at = value_of (text, "Pixel_size");
  Quantity x, y;

  if (at == NULL || !take_quantity (&at, &x) || (at += strspn (at, " xX,\t"), !take_quantity (&at, &y)))
    {
      saxid_frame_lacks (info, "pixel size");
      return;
    }
  if (x.unit[0] == '\0')
    g_strlcpy (x.unit, y.unit, sizeof x.unit);
  if (!in_metres (&x))
    lacks_unit (info, "pixel size", x.unit);
  else if (!in_metres (&y))
    lacks_unit (info, "pixel size", y.unit);
  else if (!(x.value > 0 && x.value < MOST_PIXEL && y.value > 0 && y.value < MOST_PIXEL))
    saxid_frame_lacks (info, "pixel size");
  else
    {
      info->geometry.pixel2 = info->pixel2 = x.value;
      info->geometry.pixel1 = info->pixel1 = y.value;
    }
}

/* In m, of the energy of a photon; 0: none. */
static double
wavelength_of_energy (const char *text, SaxidFrameInfo *info)
{
  static const char *const names[] = { "Photon_energy", "Beam_energy", "Energy" };
  Quantity energy;
  const char *name = NULL, *assumed;
  double angstrom;

  for (gsize k = 0; k < G_N_ELEMENTS (names) && name == NULL; k++)
    if (find_positive (text, names[k], &energy))
      name = names[k];
  if (name == NULL)
    saxid_frame_lacks (info, "wavelength");
  else if (!saxid_units_photon (energy.value, energy.unit, &assumed, &angstrom))
    saxid_frame_lacks (info, "wavelength (its energy is neither in keV nor in eV for certain)");
  else
    {
      saxid_frame_note (info, "wavelength %.6g Å from %s = %g %s%s", angstrom, name, energy.value,
                        assumed != NULL ? "taken as " : energy.unit, assumed != NULL ? assumed : "");
      return 1e-10 * angstrom;
    }
  return 0;
}

/* In m; 0: none. It is 0 in the text where nobody has set it. */
static double
find_wavelength (const char *text, SaxidFrameInfo *info)
{
  Quantity wavelength;
  const char *assumed;
  double angstrom = 1;

  if (!find_positive (text, "Wavelength", &wavelength))
    return wavelength_of_energy (text, info);
  if (wavelength.unit[0] == '\0' || saxid_units_length (wavelength.unit, &angstrom))
    return wavelength.value * (angstrom * 1e-10);
  if (saxid_units_photon (wavelength.value, wavelength.unit, &assumed, &angstrom)) /* "12.4 keV" */
    return angstrom * 1e-10;
  lacks_unit (info, "wavelength", wavelength.unit);
  return 0;
}

/* In m; 0: none. */
static double
find_distance (const char *text, SaxidFrameInfo *info)
{
  Quantity distance;

  if (!find_positive (text, "Detector_distance", &distance))
    saxid_frame_lacks (info, "distance");
  else if (!in_metres (&distance))
    lacks_unit (info, "distance", distance.unit);
  else
    return distance.value;
  return 0;
}

/* "(487.00, 619.50) pixels". */
static gboolean
find_beam (const char *text, SaxidFrameInfo *info, double *x, double *y)
{
  const char *at = value_of (text, "Beam_xy");
  Quantity first, second;

  if (at == NULL || !take_quantity (&at, &first) || (at += strspn (at, " ,\t"), !take_quantity (&at, &second)))
    {
      saxid_frame_lacks (info, "beam centre");
      return FALSE;
    }
  if (second.unit[0] != '\0' && g_ascii_strncasecmp (second.unit, "pix", 3) != 0 && g_ascii_strncasecmp (second.unit, "px", 2) != 0)
    {
      lacks_unit (info, "beam centre", second.unit);
      return FALSE;
    }
  *x = first.value;
  *y = second.value;
  return TRUE;
}

/* Dectris has one angle of the detector; others are what programs of beamlines call it. */
static void
find_turn (const char *text, SaxidFrameInfo *info)
{
  static const char *const names[] = { "Detector_2theta", "Detector_two_theta", "Two_theta", "2theta" };

  for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
    {
      const char *at = value_of (text, names[k]);
      double radian;
      Quantity angle;

      if (at == NULL || !take_quantity (&at, &angle))
        continue;
      if (angle.unit[0] == '\0' || !saxid_units_angle (angle.unit, &radian))
        radian = G_PI / 180;
      saxid_frame_turned (info, names[k], angle.value * radian * 180 / G_PI);
    }
}

void
saxid_frame_header_parse (const char *text, SaxidFrameInfo *info)
{
  SaxidTechniqueWords words = SAXID_TECHNIQUE_WORDS_INIT (&info->technique);
  double x = 0, y = 0, distance;
  Quantity cutoff;

  saxid_technique_lines (&words, "header", text);
  saxid_technique_words_end (&words);
  if (find_positive (text, "Count_cutoff", &cutoff))
    info->saturation = cutoff.value;
  info->geometry.wavelength = find_wavelength (text, info);
  distance = find_distance (text, info);
  if (find_beam (text, info, &x, &y) && saxid_frame_is_unset (distance, x, y, info->height, info->width))
    saxid_frame_lacks (info, SAXID_FRAME_UNSET);
  parse_pixel_size (text, info);
  find_turn (text, info);
  if (info->lacks == NULL)
    saxid_geometry_from_beam (&info->geometry, distance, y, x, 0, 0);
}
