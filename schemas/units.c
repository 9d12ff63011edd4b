/* Which unit does a text name, and what is it in the units of saxid?
 *
 * Thread: pure.
 */
#include "schemas/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reducers/clean-text.h"

typedef struct
{
  const char *spelling; /* lower case, without blanks, "Å" written as "a" */
  double value;
} Spelling;

/* Lengths in Å. */
static const Spelling lengths[] = {
  { "a", 1 },           { "ang", 1 },         { "angs", 1 },        { "angs.", 1 },       { "ang.", 1 },
  { "angstrom", 1 },
  { "angstroms", 1 },   { "angstroem", 1 },   { "angstrøm", 1 },    { "angström", 1 },
  { "nm", 10 },         { "nanometer", 10 },  { "nanometers", 10 }, { "nanometre", 10 },
  { "nanometres", 10 }, { "pm", 0.01 },       { "um", 1e4 },        { "µm", 1e4 },
  { "micron", 1e4 },    { "microns", 1e4 },   { "micrometer", 1e4 }, { "micrometre", 1e4 },
  { "mm", 1e7 },        { "millimeter", 1e7 }, { "millimetre", 1e7 }, { "cm", 1e8 },
  { "centimeter", 1e8 }, { "centimetre", 1e8 }, { "m", 1e10 },      { "meter", 1e10 },
  { "meters", 1e10 },   { "metre", 1e10 },    { "metres", 1e10 },
};

/* Times in s. */
static const Spelling times[] = {
  { "s", 1 },    { "sec", 1 },   { "secs", 1 }, { "second", 1 }, { "seconds", 1 }, { "ms", 1e-3 },  { "us", 1e-6 },
  { "µs", 1e-6 }, { "ns", 1e-9 }, { "min", 60 }, { "minute", 60 }, { "minutes", 60 }, { "h", 3600 }, { "hour", 3600 }, { "hours", 3600 },
};

/* Energies in eV. Many write kev and KeV, but a small m is another prefix. */
static const Spelling energies[] = { { "eV", 1 }, { "keV", 1e3 }, { "MeV", 1e6 }, { "J", 6.241509074e18 } };

/* Photons of which the number alone tells the unit: nobody measures with less than 200 eV, nor
 * with more than 100 keV. */
static const struct
{
  double from, to, electronvolt;
  const char *unit;
} by_number[] = { { 1, 100, 1e3, "keV" }, { 200, 1e5, 1, "eV" } };
#define HC 12398.4198433 /* eV Å, CODATA 2018 */

static const Spelling angles[] = {
  { "deg", G_PI / 180 }, { "degree", G_PI / 180 }, { "degrees", G_PI / 180 }, { "°", G_PI / 180 },
  { "rad", 1 },          { "radian", 1 },          { "radians", 1 },          { "mrad", 1e-3 },
};

/* Intensities that are no reciprocal length; 0 = arbitrary. */
static const Spelling intensities[] = {
  { "cm2/cm3", 1 },      { "cm^2/cm^3", 1 },     { "1/cm/sr", 1 },  { "1/(cmsr)", 1 },
  { "cm-1sr-1", 1 },     { "cm^-1sr^-1", 1 },    { "1/cm-sr", 1 },  { "arbitrary", 0 },
  { "arbitraryunit", 0 }, { "arbitraryunits", 0 }, { "arb.units", 0 }, { "arb.", 0 },
  { "arb", 0 },          { "arbunits", 0 },      { "arb.u.", 0 },   { "a.u.", 0 },
  { "a.u", 0 },          { "au", 0 },            { "counts", 0 },   { "count", 0 },
  { "cts", 0 },          { "counts/s", 0 },      { "cps", 0 },      { "photons", 0 },
  { "none", 0 },         { "unitless", 0 },      { "dimensionless", 0 }, { "", 0 },
  { "1", 0 },            { "relative", 0 },      { "unknown", 0 },  { "b/sr", 0 },
};

static const char *const reciprocal_prefixes[] = { "inverse", "reciprocal", "inv", "per", "/" };
static const char *const reciprocal_suffixes[] = { "**-1", "^(-1)", "_inv", "inv", "^{-1}", "^-1", "(-1)", "-1" };
/* pyFAI writes the name of the axis in front: "q_nm^-1", "2th_deg". */
static const char *const axis_prefixes[] = { "q_", "2th_", "2theta_", "tth_" };

static gboolean
look_up (const Spelling *table, gsize n, const char *text, double *value)
{
  for (gsize k = 0; k < n; k++)
    if (strcmp (table[k].spelling, text) == 0)
      {
        *value = table[k].value;
        return TRUE;
      }
  return FALSE;
}

/* Labels of plots come in LaTeX: "\\rm{Q} | A^{-1}", "$\\mathrm{nm}^{-1}$", "\\AA$^{-1}$". */
static const struct
{
  const char *latex, *plain;
} commands[] = {
  { "\\mathrm", "" }, { "\\mathring{A}", "a" }, { "\\mathring", "" }, { "\\mathit", "" }, { "\\textrm", "" },
  { "\\text", "" },   { "\\rm", "" },           { "\\AA", "a" },      { "\\aa", "a" },   { "\\r{A}", "a" },
  { "\\angstrom", "a" }, { "\\cdot", "" },      { "\\mu", "µ" },      { "\\,", "" },     { "\\ ", "" },
  { "\\;", "" },     { "\\+(", "^(" }, /* Origin: nm\+(-1) */
};

static char *
without_latex (const char *text)
{
  g_autofree char *clean = saxid_clean_text (text, -1);
  const char *bar = strrchr (clean, '|');
  GString *plain = g_string_new (bar != NULL && bar[1] != '\0' ? bar + 1 : clean);

  if (strchr (plain->str, '\\') != NULL)
    for (gsize k = 0; k < G_N_ELEMENTS (commands); k++)
      g_string_replace (plain, commands[k].latex, commands[k].plain, 0);
  return g_string_free (plain, FALSE);
}

/* "(1/nm)" and "[1/nm]", where the brackets belong to each other. */
static void
strip_brackets (GString *text)
{
  while (text->len > 2 && (text->str[0] == '(' || text->str[0] == '[')
         && strchr (text->str, text->str[0] == '(' ? ')' : ']') == text->str + text->len - 1)
    {
      g_string_truncate (text, text->len - 1);
      g_string_erase (text, 0, 1);
    }
}

/* Lower case, no blanks, braces or outer brackets; superscripts and minus signs as ASCII,
 * Å (letter and sign) as "a", µ (letter and sign) as U+00B5. */
static char *
canonical (const char *text)
{
  g_autofree char *clean = without_latex (text);
  GString *out = g_string_new (NULL);

  for (const char *c = clean; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar u = g_utf8_get_char (c);

      if (u == 0x207B || u == 0x2212 || u == 0x2013)
        g_string_append_c (out, '-');
      else if (u == 0xB9)
        g_string_append_c (out, '1');
      else if (u == 0xC5 || u == 0xE5 || u == 0x212B || u == 0x1FA || u == 0x1FB)
        g_string_append_c (out, 'a');
      else if (u == 0x3BC || u == 0xB5)
        g_string_append_unichar (out, 0xB5);
      else if (u == 0xB7 || u == 0x22C5 || u == '$' || u == '{' || u == '}' || u == '~' || g_unichar_isspace (u))
        continue;
      else
        g_string_append_unichar (out, g_unichar_tolower (u));
    }
  strip_brackets (out);
  return g_string_free (out, FALSE);
}

static const char *
after_axis_name (const char *text)
{
  for (gsize k = 0; k < G_N_ELEMENTS (axis_prefixes); k++)
    if (g_str_has_prefix (text, axis_prefixes[k]))
      return text + strlen (axis_prefixes[k]);
  return text;
}

/* "10^-1nm^-1" is "nm^-1", of which there are so many in one; a radian is a number: "rad/nm". */
static const char *
after_factor (const char *text, double *count)
{
  static const char *const radians[] = { "radians", "radian", "rad" };
  char *end;

  *count = 1;
  for (gsize k = 0; k < G_N_ELEMENTS (radians); k++)
    if (g_str_has_prefix (text, radians[k]) && text[strlen (radians[k])] == '/')
      return text + strlen (radians[k]);
  if (g_str_has_prefix (text, "10^") && (g_ascii_isdigit (text[3]) || text[3] == '-'))
    {
      const long exponent = strtol (text + 3, &end, 10);

      if (labs (exponent) > 10)
        return text;
      *count = pow (10, (double) exponent);
      return end + (*end == '*' || *end == '.' || *end == 'x');
    }
  return text;
}

/* The length in "1/length" or "length^-1", in Å. */
static gboolean
reciprocal_length (const char *text, double *angstrom)
{
  g_autofree char *inner = NULL;
  double count = 1, factor;
  char *slash;

  text = after_factor (text, &factor);
  if (g_ascii_isdigit (text[0])) /* "10/nm" */
    {
      count = g_ascii_strtod (text, &slash);
      if (*slash == '/' && count >= 1 && count <= 1e10 && strpbrk (text, "xXpP") != text + 1)
        inner = g_strdup (slash + 1);
      else
        count = 1;
    }
  for (gsize k = 0; k < G_N_ELEMENTS (reciprocal_prefixes) && inner == NULL; k++)
    if (g_str_has_prefix (text, reciprocal_prefixes[k]))
      inner = g_strdup (text + strlen (reciprocal_prefixes[k]));
  for (gsize k = 0; k < G_N_ELEMENTS (reciprocal_suffixes) && inner == NULL; k++)
    if (g_str_has_suffix (text, reciprocal_suffixes[k]))
      inner = g_strndup (text, strlen (text) - strlen (reciprocal_suffixes[k]));
  if (inner == NULL)
    return FALSE;
  if (inner[0] == '(' && g_str_has_suffix (inner, ")"))
    {
      inner[strlen (inner) - 1] = '\0';
      memmove (inner, inner + 1, strlen (inner));
    }
  if (!look_up (lengths, G_N_ELEMENTS (lengths), inner[0] == '_' ? inner + 1 : inner, angstrom))
    return FALSE;
  *angstrom /= count * factor;
  return TRUE;
}

/* Units of q that are called by what they measure; in Å. */
static const Spelling named_q[] = { { "momentumtransfer", 1 } }; /* Mantid */

gboolean
saxid_units_q (const char *text, double *angstrom)
{
  g_autofree char *plain = NULL;

  g_return_val_if_fail (text != NULL, FALSE);
  plain = canonical (text);
  return look_up (named_q, G_N_ELEMENTS (named_q), plain, angstrom)
         || reciprocal_length (after_axis_name (plain), angstrom);
}

gboolean
saxid_units_angle (const char *text, double *radian)
{
  g_autofree char *plain = NULL;

  g_return_val_if_fail (text != NULL, FALSE);
  plain = canonical (text);
  return look_up (angles, G_N_ELEMENTS (angles), after_axis_name (plain), radian);
}

gboolean
saxid_units_length (const char *text, double *angstrom)
{
  g_autofree char *plain = NULL;

  g_return_val_if_fail (text != NULL, FALSE);
  plain = canonical (text);
  return look_up (lengths, G_N_ELEMENTS (lengths), plain, angstrom);
}

gboolean
saxid_units_time (const char *text, double *second)
{
  g_autofree char *plain = NULL;

  g_return_val_if_fail (text != NULL, FALSE);
  plain = canonical (text);
  return look_up (times, G_N_ELEMENTS (times), plain, second);
}

static gboolean
cut_suffix (char *text, const char *const *suffixes, gsize n)
{
  for (gsize k = 0; k < n; k++)
    if (g_str_has_suffix (text, suffixes[k]))
      {
        text[strlen (text) - strlen (suffixes[k])] = '\0';
        return TRUE;
      }
  return FALSE;
}

/* "1/m/sr", "m^-1sr^-1", "1/(m*sr)" and "(msr)^-1" are "1/m" and "m^-1": a solid angle is a number. */
static char *
without_steradian (const char *plain)
{
  static const char *const steradians[] = { "steradian", "ster", "sr" };
  static const char *const signs[] = { "*", ".", "/", "-", "_", "x" };
  static const char *const close[] = { ")" };
  char *text = g_strdup (plain), *open;
  gboolean reciprocal = cut_suffix (text, reciprocal_suffixes, G_N_ELEMENTS (reciprocal_suffixes));
  gboolean bracket = cut_suffix (text, close, G_N_ELEMENTS (close));

  if (!cut_suffix (text, steradians, G_N_ELEMENTS (steradians)))
    {
      g_free (text);
      return g_strdup (plain);
    }
  cut_suffix (text, signs, G_N_ELEMENTS (signs));
  open = bracket ? strrchr (text, '(') : NULL;
  if (open != NULL)
    memmove (open, open + 1, strlen (open));
  if (open == text && reciprocal) /* the exponent was that of the bracket */
    {
      g_autofree char *inner = text;

      text = g_strconcat (inner, "^-1", NULL);
    }
  return text;
}

gboolean
saxid_units_energy (const char *text, double *electronvolt)
{
  for (gsize k = 0; k < G_N_ELEMENTS (energies); k++)
    if (g_ascii_strcasecmp (energies[k].spelling, text) == 0
        && (energies[k].value != 1e6 || g_str_has_prefix (text, "M")))
      {
        *electronvolt = energies[k].value;
        return TRUE;
      }
  return FALSE;
}

gboolean
saxid_units_photon (double energy, const char *unit, const char **assumed, double *angstrom)
{
  double electronvolt = 0;

  *assumed = NULL;
  if (unit != NULL && unit[0] != '\0' && !saxid_units_energy (unit, &electronvolt))
    return FALSE;
  for (gsize k = 0; electronvolt == 0 && k < G_N_ELEMENTS (by_number); k++)
    if (energy >= by_number[k].from && energy <= by_number[k].to)
      {
        electronvolt = by_number[k].electronvolt;
        *assumed = by_number[k].unit;
      }
  *angstrom = HC / (energy * electronvolt);
  return electronvolt > 0 && *angstrom > 0.01 && *angstrom < 100;
}

gboolean
saxid_units_intensity (const char *text, double *per_cm)
{
  g_autofree char *plain = NULL, *bare = NULL;
  double angstrom;

  g_return_val_if_fail (text != NULL, FALSE);
  plain = canonical (text);
  bare = without_steradian (plain);
  if (look_up (intensities, G_N_ELEMENTS (intensities), plain, per_cm)
      || look_up (intensities, G_N_ELEMENTS (intensities), bare, per_cm))
    return TRUE;
  if (!reciprocal_length (bare, &angstrom))
    return FALSE;
  *per_cm = 1e8 / angstrom;
  return TRUE;
}

const char *
saxid_units_q_known (void)
{
  return "1/Å (1/A, 1/angstrom, A^-1), 1/nm, 1/µm, 1/m";
}
