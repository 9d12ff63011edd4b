/* What does a text say around its numbers: units, a wavelength, a title, a format that fixes
 * the unit?
 *
 * Formats: PDH of Glatter's programs and Anton Paar's (q in 1/nm, unless an appendix in XML
 * says otherwise), FIT2D's .chi (a title, a label of each axis, the number of points; q in
 * 1/nm), SasView's text (<X> <Y> <dY>, 1/Å).
 *
 * Thread: pure.
 */
#include "schemas/text/header.h"

#include <math.h>
#include <string.h>

#include "reducers/clean-text.h"
#include "schemas/text/names.h"
#include "schemas/units.h"

#define MOST_HEADER 200 /* lines that are looked at */

static const char *
line_of (const SaxidTextTable *table, guint k)
{
  return k < table->lines->len ? table->lines->pdata[k] : "";
}

/* --- formats that fix their unit ----------------------------------------- */

/* Whether a line has so many whole numbers and nothing else. */
static gboolean
is_count (const char *line, guint n)
{
  g_auto (GStrv) words = g_strsplit_set (line, " \t", 100);
  guint found = 0;

  for (char **word = words; *word != NULL; word++)
    {
      if (**word == '\0')
        continue;
      if (strspn (*word, "0123456789") != strlen (*word))
        return FALSE;
      found++;
    }
  return found == n;
}

/* <parameter key="ScatteringVector"> … <value key="unit">n_m^-1</value>, behind the numbers. */
static char *
pdh_unit (const SaxidTextTable *table, const SaxidTextBlock *block)
{
  for (guint k = block->last; k < table->lines->len; k++)
    if (strstr (line_of (table, k), "\"ScatteringVector\"") != NULL)
      for (guint j = k; j < k + 6; j++)
        {
          const char *at = strstr (line_of (table, j), "key=\"unit\">");
          g_autofree char *raw = at != NULL ? g_strndup (at + 11, strcspn (at + 11, "<")) : NULL;
          g_autoptr (GString) unit = g_string_new (raw);
          double angstrom;

          g_string_replace (unit, "_", "", 0);
          if (saxid_units_q (unit->str, &angstrom))
            return g_strdup (unit->str);
        }
  return g_strdup ("1/nm");
}

static gboolean
is_pdh (const SaxidTextTable *table, const SaxidTextBlock *block)
{
  return block->first >= 3 && block->first <= 5 && strstr (line_of (table, 1), "SAXS") != NULL
         && is_count (line_of (table, 2), 8);
}

static gboolean
is_chi (const SaxidTextTable *table, const SaxidTextBlock *block, const char *file)
{
  g_autofree char *lower = g_ascii_strdown (file, -1);

  return block->first == 4 && (is_count (line_of (table, 3), 1) || is_count (line_of (table, 3), 2))
         && line_of (table, 0)[0] != '#' && (g_str_has_suffix (lower, ".chi") || strchr (line_of (table, 1), '(') != NULL);
}

/* Two theta, in a text of lower case. */
static gboolean
says_angle (const char *lower)
{
  static const char *const spellings[] = { "2-theta", "2theta", "2 theta", "2_theta", "two-theta", "twotheta", "two theta",
                                           "two_theta", "2θ", "2 θ", "scattering angle" };

  for (gsize k = 0; k < G_N_ELEMENTS (spellings); k++)
    if (strstr (lower, spellings[k]) != NULL)
      return TRUE;
  return FALSE;
}

/* Whether the label of an axis is one of q. */
static gboolean
says_q (const char *label)
{
  g_autofree char *lower = g_ascii_strdown (label, -1);
  SaxidColumnName name;
  double angstrom;
  gboolean q;

  saxid_column_name_read (label, &name);
  q = name.kind == SAXID_COLUMN_Q || (name.unit != NULL && saxid_units_q (name.unit, &angstrom));
  saxid_column_name_clear (&name);
  return q || lower[strspn (lower, " \t")] == '\0' || strstr (lower, "vector") != NULL || strstr (lower, "inverse") != NULL
         || strstr (lower, "momentum") != NULL;
}

static gboolean
is_sasview (const SaxidTextTable *table, const SaxidTextBlock *block)
{
  for (guint k = 0; k < block->first && k < MOST_HEADER; k++)
    if (strstr (line_of (table, k), "<X>") != NULL && strstr (line_of (table, k), "<Y>") != NULL)
      return TRUE;
  return FALSE;
}

static void
find_format (const SaxidTextTable *table, const SaxidTextBlock *block, const char *file, SaxidTextHeader *header)
{
  if (is_pdh (table, block))
    header->fixed = pdh_unit (table, block);
  else if (is_sasview (table, block))
    header->fixed = g_strdup ("1/A");
  else if (is_chi (table, block, file))
    {
      g_autofree char *lower = g_utf8_strdown (line_of (table, 1), -1);

      header->angle = says_angle (lower);
      if (!header->angle && !says_q (line_of (table, 1)))
        header->foreign = saxid_clean_text (line_of (table, 1), -1);
      else if (!header->angle && header->q_unit == NULL)
        header->fixed = g_strdup ("1/nm");
    }
}

/* "integrated versus 2theta", "axis: two theta", Rigaku's *MEAS_SCAN_AXIS_X "TwoThetaTheta"; and
 * what diffractometers write as .xye is a function of nothing else. */
static void
find_angle (const SaxidTextTable *table, const SaxidTextBlock *block, const char *file, SaxidTextHeader *header)
{
  static const char *const axes[] = { "axis", "versus", "vs", "function of", "abscissa", "column", "unit" };
  g_autofree char *suffix = g_ascii_strdown (file, -1);

  header->angle_said = g_str_has_suffix (suffix, ".xye");
  for (guint k = 0; k < block->first && k < MOST_HEADER; k++)
    {
      g_autofree char *lower = g_utf8_strdown (line_of (table, k), -1);

      for (gsize j = 0; j < G_N_ELEMENTS (axes); j++)
        header->angle_said |= says_angle (lower) && strstr (lower, axes[j]) != NULL;
    }
}

/* --- units --------------------------------------------------------------- */

/* What a line speaks of. */
typedef struct
{
  gboolean q, intensity;
} Subject;

/* Whether all words of a line are units: one for each column. */
static gboolean
is_row_of_units (char **words)
{
  guint n = 0;
  double value;

  for (; *words != NULL; words++)
    {
      if ((*words)[strspn (*words, "#!%;*/()")] == '\0')
        continue;
      if (!saxid_units_q (*words, &value) && !saxid_units_intensity (*words, &value) && !saxid_units_angle (*words, &value))
        return FALSE;
      n++;
    }
  return n > 0;
}

/* "q", "q_nm", "|Q|", "I(q)", but not "quartz" or "iron". */
static gboolean
is_symbol (const char *word, const char *symbols)
{
  word += strspn (word, "(|#");
  return *word != '\0' && strchr (symbols, *word) != NULL && !g_ascii_isalnum (word[1]) && word[1] != '-';
}

static Subject
subject_of (const char *line, char **words)
{
  static const char *const of_q[] = { "scattering vector", "momentum", "wave vector", "wavevector", "qvec", "x-axis", "xaxis" };
  static const char *const of_i[] = { "intensit", "cross", "absolute", "y-axis", "yaxis" };
  g_autofree char *lower = g_ascii_strdown (line, -1);
  Subject subject = { FALSE, FALSE };

  if (strstr (lower, "unit") != NULL || is_row_of_units (words))
    return (Subject) { TRUE, TRUE };
  for (gsize k = 0; k < G_N_ELEMENTS (of_q); k++)
    subject.q |= strstr (lower, of_q[k]) != NULL;
  for (gsize k = 0; k < G_N_ELEMENTS (of_i); k++)
    subject.intensity |= strstr (lower, of_i[k]) != NULL;
  for (char **word = words; *word != NULL; word++)
    {
      subject.q |= is_symbol (*word, "qQ") || g_str_has_prefix (*word, "q(") || g_str_has_prefix (*word, "Q(");
      subject.intensity |= is_symbol (*word, "I");
    }
  return subject;
}

/* "NM-1", "A-1", "1/A": samples are called so, too. */
static gboolean
may_be_a_name (const char *word)
{
  for (const char *c = word; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr ("-/()", *c) == NULL)
      return FALSE;
  return g_ascii_strncasecmp (word + strspn (word, "("), "1/nm", 4) != 0;
}

/* A word of a sentence that is a unit of that kind. Reciprocals of cm, mm and m are
 * intensities, those of Å and nm are q. What may be a name or a number of something else
 * counts beside what it would be the unit of. */
static void
take_unit (const char *word, Subject subject, SaxidTextHeader *header)
{
  double angstrom;

  if (strlen (word) > 40)
    return;
  if (header->q_unit == NULL && (g_str_has_prefix (word, "2th") || g_str_has_prefix (word, "tth"))
      && saxid_units_angle (word, &angstrom)) /* pyFAI's "2th_deg" */
    header->q_unit = saxid_clean_text (word, -1);
  if (!saxid_units_q (word, &angstrom))
    return;
  if (angstrom < 1e6 && header->q_unit == NULL && (subject.q || !may_be_a_name (word)))
    header->q_unit = saxid_clean_text (word, -1);
  else if (angstrom >= 1e6 && header->i_unit == NULL && subject.intensity)
    header->i_unit = saxid_clean_text (word, -1);
}

/* "q(nm-1)": what is in the brackets behind a symbol. */
static void
take_unit_in_brackets (const char *word, SaxidTextHeader *header)
{
  const char *open = strchr (word, '(');
  g_autofree char *inner = open != NULL && open > word ? g_strdup (open) : NULL;
  const Subject subject = { is_symbol (word, "qQ"), is_symbol (word, "I") };

  if (inner != NULL)
    take_unit (inner, subject, header);
}

static void
find_units (const SaxidTextTable *table, const SaxidTextBlock *block, SaxidTextHeader *header)
{
  for (guint k = 0; k < block->first && k < MOST_HEADER; k++)
    {
      g_auto (GStrv) words = g_strsplit_set (line_of (table, k), " \t,;|=:[]<>\"", 200);
      const Subject subject = subject_of (line_of (table, k), words);

      for (gsize w = 0; words[w] != NULL; w++)
        {
          g_autofree char *lower = g_ascii_strdown (words[w], -1);
          g_autofree char *both = words[w + 1] != NULL ? g_strconcat (words[w], words[w + 1], NULL) : NULL;

          if (strchr (words[w], '1') != NULL || strstr (words[w], "¹") != NULL || g_str_has_suffix (lower, "_deg")
              || g_str_has_suffix (lower, "_rad"))
            {
              take_unit (words[w], subject, header);
              take_unit_in_brackets (words[w], header);
            }
          else if (both != NULL && (g_str_has_suffix (lower, "inverse") || g_str_has_suffix (lower, "reciprocal")))
            take_unit (both, subject, header); /* "(Inverse Nanometres)" */
        }
    }
}

/* A line below the names with the unit of each column. */
static char *
unit_in_row (const char *line, guint n_column, guint q)
{
  static const char *const separators[] = { "\t", ";", ",", "  ", " " };
  const char *start = line + strspn (line, "#!%;*/ ");

  for (gsize k = 0; k < G_N_ELEMENTS (separators); k++)
    {
      g_auto (GStrv) cells = saxid_text_cells (start, separators[k], k < 3);
      double value;

      if (g_strv_length (cells) == n_column && q < n_column
          && (saxid_units_q (cells[q], &value) || saxid_units_angle (cells[q], &value)))
        return saxid_clean_text (cells[q], -1);
    }
  return NULL;
}

static void
find_row_unit (const SaxidTextTable *table, const SaxidTextBlock *block, guint q, SaxidTextHeader *header)
{
  guint looked = 0;

  for (guint k = block->first; k-- > 0 && looked < 3 && header->row_unit == NULL; looked++)
    if (strlen (line_of (table, k)) < 65536)
      header->row_unit = unit_in_row (line_of (table, k), block->n_column, q);
}

/* --- wavelength ---------------------------------------------------------- */

typedef gboolean (*Quantity) (const char *unit, double *factor);

/* The number in the text behind a name, and what its unit is worth, which stands before or
 * behind it; 0: none. *strange: what stands where a unit would is none. */
static gboolean
value_in (const char *text, Quantity quantity, double *value, double *factor, gboolean *strange)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t,;|=:[]()<>\"", 30);
  gboolean unit = FALSE;

  *value = *factor = 0;
  *strange = FALSE;
  for (char **word = words; *word != NULL; word++)
    {
      const char *at = *word;
      char *end = NULL;
      double found;

      if (*at == '\0')
        continue;
      if (*value == 0)
        {
          found = g_ascii_strtod (at, &end);
          if (end != at)
            {
              *value = found;
              at = end;
            }
        }
      if (!unit && *at != '\0' && strchr (at, '-') == NULL)
        unit = quantity (at, factor);
      if (*value != 0 && *at != '\0')
        {
          *strange = !unit;
          break;
        }
    }
  return *value > 0 && isfinite (*value);
}

/* In Å, of the text behind the word; 0: none. Without a unit it is in m where it is as small
 * as that, else in Å. */
static double
wavelength_in (const char *text, gboolean *with_unit)
{
  double value, angstrom;
  gboolean strange;

  if (!value_in (text, saxid_units_length, &value, &angstrom, &strange))
    return 0;
  *with_unit = angstrom > 0;
  value *= angstrom > 0 ? angstrom : value < 1e-7 ? 1e10 : 1;
  return value > 0.01 && value < 100 ? value : 0;
}

/* Whether the word at `at` of a line is of something else than the wavelength itself: its
 * spread, or a detector of that name. */
static gboolean
is_other_wavelength (const char *lower, const char *at, const char *behind)
{
  static const char *const others[] = { "spread", "resolution", "width", "error", "uncert", "sigma", "range", "min", "max" };
  const char *word = behind + strspn (behind, " \t_-.:=(");

  for (gsize k = 0; k < G_N_ELEMENTS (others); k++)
    if (g_str_has_prefix (word, others[k]))
      return TRUE;
  while (at > lower && strchr (" \t_-.(/", at[-1]) != NULL)
    at--;
  if (at - lower >= 5 && strncmp (at - 5, "delta", 5) == 0)
    return TRUE;
  return at > lower && (at[-1] == 'd') && (at - 1 == lower || !g_ascii_isalpha (at[-2]));
}

/* The first value with a unit, else the first. */
static void
find_wavelength (const SaxidTextTable *table, const SaxidTextBlock *block, SaxidTextHeader *header)
{
  static const char *const names[] = { "wavelength", "wave length", "wave_length", "lambda" };
  gboolean sure = FALSE;

  for (guint k = 0; k < block->first && k < MOST_HEADER && !sure; k++)
    {
      const char *line = line_of (table, k);
      g_autofree char *lower = g_ascii_strdown (line, -1);

      for (gsize j = 0; j < G_N_ELEMENTS (names) && !sure; j++)
        for (const char *at = strstr (lower, names[j]); at != NULL && !sure; at = strstr (at + 1, names[j]))
          {
            const char *behind = at + strlen (names[j]);
            gboolean unit = FALSE;
            double value;

            if (is_other_wavelength (lower, at, behind) || (j == 3 && strstr (lower, "detector") != NULL))
              continue;
            if (g_str_has_prefix (behind, "_alpha1")) /* Rigaku */
              behind += strlen ("_alpha1");
            value = wavelength_in (line + (behind - lower), &unit);
            if (value == 0 || (header->wavelength != 0 && !unit))
              continue;
            header->wavelength = value;
            sure = unit;
          }
    }
}

/* Whether the word "energy" at `at` of a line is that of the photons: nothing is before it, or what
 * says so; behind it is nothing that makes it another one. */
static gboolean
is_photon_energy (const char *lower, const char *at, const char *behind)
{
  static const char *const before[] = { "photon", "ray", "xray", "beam", "incident", "mono", "monochromator", "source" };
  static const char *const others[] = { "spread", "resol", "width", "error", "uncert", "sigma", "range", "min", "max", "thresh",
                                        "cut", "transfer", "gain", "loss", "unit" };
  const char *word = behind + strspn (behind, " \t_-.");

  for (gsize k = 0; k < G_N_ELEMENTS (others); k++)
    if (g_str_has_prefix (word, others[k]))
      return FALSE;
  while (at > lower && strchr (" \t_-.", at[-1]) != NULL)
    at--;
  for (gsize k = 0; k < G_N_ELEMENTS (before); k++)
    {
      const gsize length = strlen (before[k]);

      if ((gsize) (at - lower) >= length && strncmp (at - length, before[k], length) == 0)
        return !g_ascii_isalpha (*behind);
    }
  return !g_ascii_isalpha (*behind) && (at == lower || strchr ("#!%;,|*/\"'([", at[-1]) != NULL);
}

/* The first energy that can be that of photons, where the text has no wavelength. */
static void
find_energy (const SaxidTextTable *table, const SaxidTextBlock *block, SaxidTextHeader *header)
{
  for (guint k = 0; k < block->first && k < MOST_HEADER && header->wavelength == 0; k++)
    {
      const char *line = line_of (table, k);
      g_autofree char *lower = g_ascii_strdown (line, -1);

      for (const char *at = strstr (lower, "energy"); at != NULL; at = strstr (at + 1, "energy"))
        {
          const char *behind = at + strlen ("energy"), *assumed;
          double value, electronvolt, angstrom;
          gboolean strange;

          if (!is_photon_energy (lower, at, behind)
              || !value_in (line + (behind - lower), saxid_units_energy, &value, &electronvolt, &strange)
              || (electronvolt == 0 && strange)
              || !saxid_units_photon (electronvolt > 0 ? value * electronvolt : value, electronvolt > 0 ? "eV" : NULL, &assumed,
                                      &angstrom))
            continue;
          header->wavelength = angstrom;
          header->energy = electronvolt > 0 ? g_strdup_printf ("%g keV", 1e-3 * value * electronvolt)
                                            : g_strdup_printf ("%g, taken as %s", value, assumed);
          break;
        }
    }
}

/* --- title --------------------------------------------------------------- */

/* ISIS programs write "SANS2D <date> Workspace:" and the title below. */
static void
find_title (const SaxidTextTable *table, const SaxidTextBlock *block, SaxidTextHeader *header)
{
  const char *first = block->first > 0 ? line_of (table, 0) : "";

  if (block->first > 1 && strstr (first, "Workspace:") != NULL)
    header->title = saxid_clean_text (line_of (table, 1), -1);
  for (guint k = 0; k < block->first && k < MOST_HEADER && header->title == NULL; k++)
    {
      const char *line = line_of (table, k);

      line += strspn (line, "#!%;*/\"' \t");
      if (strlen (line) < 6 || g_ascii_strncasecmp (line, "title", 5) != 0)
        continue;
      line += 5;
      if (strpbrk (line, ":=") == line + strspn (line, " \t"))
        header->title = saxid_clean_text (line + strspn (line, " \t:="), -1);
    }
  if (header->title != NULL && header->title[0] == '\0')
    g_clear_pointer (&header->title, g_free);
}

void
saxid_text_header_read (const SaxidTextTable *table, const SaxidTextBlock *block, const char *file, guint q,
                        SaxidTextHeader *header)
{
  *header = (SaxidTextHeader) { 0 };
  find_units (table, block, header);
  find_row_unit (table, block, q, header);
  find_format (table, block, file, header);
  find_angle (table, block, file, header);
  find_wavelength (table, block, header);
  find_energy (table, block, header);
  find_title (table, block, header);
}

void
saxid_text_header_clear (SaxidTextHeader *header)
{
  g_clear_pointer (&header->fixed, g_free);
  g_clear_pointer (&header->foreign, g_free);
  g_clear_pointer (&header->row_unit, g_free);
  g_clear_pointer (&header->q_unit, g_free);
  g_clear_pointer (&header->i_unit, g_free);
  g_clear_pointer (&header->energy, g_free);
  g_clear_pointer (&header->title, g_free);
}
