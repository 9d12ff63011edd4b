/* What does the name of a column say?
 *
 * A name is taken apart into a word and a unit ("q (nm-1)", "q*nm", "q / nm^-1", "q_nm"), the
 * word is looked up whole, and then by its parts: whoever writes an uncertainty has "err",
 * "sig", "std" or the like in it, whatever stands around.
 *
 * Thread: pure.
 */
#include "schemas/text/names.h"

#include <string.h>

#include "reducers/clean-text.h"
#include "schemas/units.h"

typedef struct
{
  const char *word; /* lower case; without blanks, "_", "-", "." and ":" */
  SaxidColumnKind kind;
  guint rank;
} Word;

static const Word words[] = {
  { "q", SAXID_COLUMN_Q, 3 },          { "|q|", SAXID_COLUMN_Q, 3 },        { "qmod", SAXID_COLUMN_Q, 3 },
  { "qvalue", SAXID_COLUMN_Q, 3 },     { "qvalues", SAXID_COLUMN_Q, 3 },    { "qvec", SAXID_COLUMN_Q, 3 },
  { "qvector", SAXID_COLUMN_Q, 3 },    { "qr", SAXID_COLUMN_Q, 2 },         { "qabs", SAXID_COLUMN_Q, 3 },
  { "qbin", SAXID_COLUMN_Q, 2 },       { "qbins", SAXID_COLUMN_Q, 2 },      { "modq", SAXID_COLUMN_Q, 3 },
  { "scatteringvector", SAXID_COLUMN_Q, 3 }, { "momentumtransfer", SAXID_COLUMN_Q, 3 },
  { "scatteringvectorq", SAXID_COLUMN_Q, 3 }, { "momentumtransferq", SAXID_COLUMN_Q, 3 },
  { "wavevector", SAXID_COLUMN_Q, 3 }, { "wavevectortransfer", SAXID_COLUMN_Q, 3 }, { "qtransfer", SAXID_COLUMN_Q, 3 },
  { "qscale", SAXID_COLUMN_Q, 2 },     { "sexp", SAXID_COLUMN_Q, 2 },       { "s", SAXID_COLUMN_Q, 1 },
  { "h", SAXID_COLUMN_Q, 1 },          { "x", SAXID_COLUMN_Q, 1 },
  { "i", SAXID_COLUMN_I, 3 },          { "i(q)", SAXID_COLUMN_I, 3 },       { "i(s)", SAXID_COLUMN_I, 3 },
  { "intensity", SAXID_COLUMN_I, 3 },  { "intensity(q)", SAXID_COLUMN_I, 3 }, { "int", SAXID_COLUMN_I, 3 },
  { "iq", SAXID_COLUMN_I, 3 },         { "iabs", SAXID_COLUMN_I, 3 },       { "iexp", SAXID_COLUMN_I, 2 },
  { "jexp", SAXID_COLUMN_I, 2 },       { "y", SAXID_COLUMN_I, 1 },          { "counts", SAXID_COLUMN_I, 2 },
  { "signal", SAXID_COLUMN_I, 2 },     { "ds/do", SAXID_COLUMN_I, 2 },      { "dsdo", SAXID_COLUMN_I, 2 },
  { "dsigma/do", SAXID_COLUMN_I, 2 },  { "dsigma/domega", SAXID_COLUMN_I, 2 }, { "dsigmadomega", SAXID_COLUMN_I, 2 },
  { "crosssection", SAXID_COLUMN_I, 2 },
  { "e", SAXID_COLUMN_SIGMA, 1 },      { "di", SAXID_COLUMN_SIGMA, 3 },     { "di(q)", SAXID_COLUMN_SIGMA, 3 },
  { "dy", SAXID_COLUMN_SIGMA, 1 },     { "sd", SAXID_COLUMN_SIGMA, 3 },     { "se", SAXID_COLUMN_SIGMA, 3 },
  { "sem", SAXID_COLUMN_SIGMA, 3 },    { "isd", SAXID_COLUMN_SIGMA, 3 },    { "sdi", SAXID_COLUMN_SIGMA, 3 },
  { "sd(i)", SAXID_COLUMN_SIGMA, 3 },  { "rms", SAXID_COLUMN_SIGMA, 1 },    { "+/", SAXID_COLUMN_SIGMA, 2 },
  { "diq", SAXID_COLUMN_SIGMA, 3 },    { "ei", SAXID_COLUMN_SIGMA, 3 },      { "e(i)", SAXID_COLUMN_SIGMA, 3 },
  { "d(i)", SAXID_COLUMN_SIGMA, 3 },   { "deli", SAXID_COLUMN_SIGMA, 3 },    { "si", SAXID_COLUMN_SIGMA, 2 },
  { "s(i)", SAXID_COLUMN_SIGMA, 3 },   { "u(i)", SAXID_COLUMN_SIGMA, 3 },    { "dr", SAXID_COLUMN_SIGMA, 1 },
  { "rmse", SAXID_COLUMN_SIGMA, 1 },   { "unc", SAXID_COLUMN_SIGMA, 2 },     { "iunc", SAXID_COLUMN_SIGMA, 3 },
  { "fehler", SAXID_COLUMN_SIGMA, 3 }, { "unsicherheit", SAXID_COLUMN_SIGMA, 3 },
  { "dint", SAXID_COLUMN_SIGMA, 3 },   { "dintensity", SAXID_COLUMN_SIGMA, 3 },
  { "var", SAXID_COLUMN_VARIANCE, 3 }, { "ivar", SAXID_COLUMN_VARIANCE, 3 }, { "vari", SAXID_COLUMN_VARIANCE, 3 },
  { "var(i)", SAXID_COLUMN_VARIANCE, 3 },
  { "dq", SAXID_COLUMN_DQ, 3 },        { "dx", SAXID_COLUMN_DQ, 1 },        { "dqx", SAXID_COLUMN_DQ, 1 },
  { "qres", SAXID_COLUMN_DQ, 3 },      { "resolution", SAXID_COLUMN_DQ, 2 }, { "qresolution", SAXID_COLUMN_DQ, 3 },
  { "2theta", SAXID_COLUMN_ANGLE, 3 }, { "2th", SAXID_COLUMN_ANGLE, 3 },    { "tth", SAXID_COLUMN_ANGLE, 3 },
  { "twotheta", SAXID_COLUMN_ANGLE, 3 }, { "2θ", SAXID_COLUMN_ANGLE, 3 },   { "2thetaangle", SAXID_COLUMN_ANGLE, 3 },
  { "theta", SAXID_COLUMN_ANGLE, 2 },  { "braggangle", SAXID_COLUMN_ANGLE, 3 },
  { "angle", SAXID_COLUMN_ANGLE, 2 },  { "scatteringangle", SAXID_COLUMN_ANGLE, 3 },
  { "shadowfactor", SAXID_COLUMN_SHADOW, 3 }, { "shadow", SAXID_COLUMN_SHADOW, 2 },
  { "fsubs", SAXID_COLUMN_SHADOW, 3 }, { "beamstopshadow", SAXID_COLUMN_SHADOW, 2 },
  { "qx", SAXID_COLUMN_QX, 3 },        { "qy", SAXID_COLUMN_QY, 3 },        { "qz", SAXID_COLUMN_OTHER, 3 },
  { "meanq", SAXID_COLUMN_OTHER, 3 },  { "qmean", SAXID_COLUMN_OTHER, 3 },  { "sigmaqpar", SAXID_COLUMN_OTHER, 3 },
  { "sigmaqparall", SAXID_COLUMN_OTHER, 3 }, { "sigmaqperp", SAXID_COLUMN_OTHER, 3 },
  { "mask", SAXID_COLUMN_OTHER, 3 },   { "npix", SAXID_COLUMN_OTHER, 3 },   { "pixels", SAXID_COLUMN_OTHER, 3 },
  { "index", SAXID_COLUMN_INDEX, 3 },  { "idx", SAXID_COLUMN_INDEX, 3 },    { "no", SAXID_COLUMN_INDEX, 3 },
  { "nr", SAXID_COLUMN_INDEX, 3 },     { "n", SAXID_COLUMN_INDEX, 3 },      { "point", SAXID_COLUMN_INDEX, 3 },
  { "points", SAXID_COLUMN_INDEX, 3 }, { "pt", SAXID_COLUMN_INDEX, 3 },     { "bin", SAXID_COLUMN_INDEX, 3 },
  { "channel", SAXID_COLUMN_INDEX, 3 }, { "unnamed0", SAXID_COLUMN_INDEX, 3 }, { "id", SAXID_COLUMN_INDEX, 3 },
  { "row", SAXID_COLUMN_INDEX, 3 },
  { "time", SAXID_COLUMN_FOREIGN, 3 }, { "temperature", SAXID_COLUMN_FOREIGN, 3 }, { "temp", SAXID_COLUMN_FOREIGN, 3 },
  { "lag", SAXID_COLUMN_FOREIGN, 3 },  { "lagtime", SAXID_COLUMN_FOREIGN, 3 }, { "tau", SAXID_COLUMN_FOREIGN, 3 },
  { "delay", SAXID_COLUMN_FOREIGN, 3 }, { "delaytime", SAXID_COLUMN_FOREIGN, 3 }, { "p(r)", SAXID_COLUMN_FOREIGN, 3 },
  { "distance", SAXID_COLUMN_FOREIGN, 3 }, { "radius", SAXID_COLUMN_FOREIGN, 3 }, { "diameter", SAXID_COLUMN_FOREIGN, 3 },
  { "energy", SAXID_COLUMN_FOREIGN, 3 }, { "wavelength", SAXID_COLUMN_FOREIGN, 3 }, { "frame", SAXID_COLUMN_FOREIGN, 3 },
  { "volume", SAXID_COLUMN_FOREIGN, 3 }, { "pressure", SAXID_COLUMN_FOREIGN, 3 }, { "date", SAXID_COLUMN_FOREIGN, 3 },
  { "q^2", SAXID_COLUMN_FOREIGN, 3 },  { "q²", SAXID_COLUMN_FOREIGN, 3 },
  { "log(q)", SAXID_COLUMN_FOREIGN, 3 }, { "logq", SAXID_COLUMN_FOREIGN, 3 }, { "log10(q)", SAXID_COLUMN_FOREIGN, 3 },
  { "ln(q)", SAXID_COLUMN_FOREIGN, 3 }, { "lnq", SAXID_COLUMN_FOREIGN, 3 }, { "ln(i)", SAXID_COLUMN_FOREIGN, 3 },
  { "lni", SAXID_COLUMN_FOREIGN, 3 },  { "log(i)", SAXID_COLUMN_FOREIGN, 3 }, { "log10(i)", SAXID_COLUMN_FOREIGN, 3 },
  { "s(q)", SAXID_COLUMN_FOREIGN, 3 }, { "p(q)", SAXID_COLUMN_FOREIGN, 3 }, { "transmission", SAXID_COLUMN_FOREIGN, 3 },
  { "absorbance", SAXID_COLUMN_FOREIGN, 3 }, { "absorption", SAXID_COLUMN_FOREIGN, 3 },
  { "structurefactor", SAXID_COLUMN_FOREIGN, 3 },
  { "current", SAXID_COLUMN_FOREIGN, 3 }, { "chi", SAXID_COLUMN_FOREIGN, 3 }, { "azimuth", SAXID_COLUMN_FOREIGN, 3 },
};

/* How a part of a name begins or ends, in the order in which they count. "err" alone inside a
 * part says nothing: ferritin has it, too. */
static const struct
{
  const char *begin, *end; /* NULL: does not count there */
  SaxidColumnKind kind;
  guint rank;
} parts[] = {
  { "signal", NULL, SAXID_COLUMN_I, 1 },       { "varianc", "variance", SAXID_COLUMN_VARIANCE, 2 },
  { "err", "err", SAXID_COLUMN_SIGMA, 2 },     { NULL, "error", SAXID_COLUMN_SIGMA, 2 },
  { NULL, "errors", SAXID_COLUMN_SIGMA, 2 },   { "sig", "sig", SAXID_COLUMN_SIGMA, 2 },
  { NULL, "sigma", SAXID_COLUMN_SIGMA, 2 },    { "std", "std", SAXID_COLUMN_SIGMA, 2 },
  { "stdev", "stdev", SAXID_COLUMN_SIGMA, 2 }, { NULL, "stddev", SAXID_COLUMN_SIGMA, 2 },
  { "dev", "dev", SAXID_COLUMN_SIGMA, 2 },     { NULL, "devs", SAXID_COLUMN_SIGMA, 2 },
  { NULL, "deviation", SAXID_COLUMN_SIGMA, 2 },
  { "delta", NULL, SAXID_COLUMN_SIGMA, 1 },    { "esd", "esd", SAXID_COLUMN_SIGMA, 2 },
  { "uncert", "uncertainty", SAXID_COLUMN_SIGMA, 2 }, { NULL, "uncertainties", SAXID_COLUMN_SIGMA, 2 },
  { NULL, "sd", SAXID_COLUMN_SIGMA, 1 },       { NULL, "var", SAXID_COLUMN_VARIANCE, 1 },
  { "resol", "resolution", SAXID_COLUMN_DQ, 1 }, { "fit", "fit", SAXID_COLUMN_FIT, 2 },
  { "calc", "calc", SAXID_COLUMN_FIT, 2 },     { "model", "model", SAXID_COLUMN_FIT, 2 },
  { NULL, "reg", SAXID_COLUMN_FIT, 1 },        { "theor", NULL, SAXID_COLUMN_FIT, 2 },
  { "resid", NULL, SAXID_COLUMN_OTHER, 2 },    { "intensit", "intensity", SAXID_COLUMN_I, 1 },
};

/* First parts before "_", "-" or a blank, and what they make of the whole: Igor Pro's waves are
 * called q_SAMPLE, r_SAMPLE, s_SAMPLE and w_SAMPLE. */
static const Word begins[] = {
  { "q", SAXID_COLUMN_Q, 1 },         { "i", SAXID_COLUMN_I, 1 },     { "int", SAXID_COLUMN_I, 1 },
  { "iq", SAXID_COLUMN_I, 1 },        { "r", SAXID_COLUMN_I, 1 },     { "i(q)", SAXID_COLUMN_I, 1 },
  { "s", SAXID_COLUMN_SIGMA, 1 },     { "w", SAXID_COLUMN_DQ, 1 },    { "sd", SAXID_COLUMN_SIGMA, 1 },
  { "di", SAXID_COLUMN_SIGMA, 1 },    { "dq", SAXID_COLUMN_DQ, 1 },   { "intensity", SAXID_COLUMN_I, 1 },
  { "2th", SAXID_COLUMN_ANGLE, 3 },   { "tth", SAXID_COLUMN_ANGLE, 3 }, { "2theta", SAXID_COLUMN_ANGLE, 3 },
};

/* Lower case; Greek letters that stand for an uncertainty written out. */
static char *
plain (const char *text)
{
  g_autofree char *clean = saxid_clean_text (text, -1);
  GString *out = g_string_new (NULL);

  for (const char *c = clean; *c != '\0'; c = g_utf8_next_char (c))
    {
      const gunichar u = g_unichar_tolower (g_utf8_get_char (c));

      if (u == 0x3C3 || u == 0x3C2)
        g_string_append (out, "sigma");
      else if (u == 0x3B4 || u == 0x2206) /* δ, Δ, ∆ */
        g_string_append_c (out, 'd');
      else if (u == 0x3B8 || u == 0x3D1)
        g_string_append (out, "theta");
      else if (u == 0x3A9 || u == 0x3C9)
        g_string_append_c (out, 'o');
      else if (strchr ("${}\\<>\"'#", (int) u) == NULL || u > 127)
        g_string_append_unichar (out, u);
    }
  g_strstrip (out->str);
  return g_string_free (out, FALSE);
}

/* "nm" and "1/nm" alike: what stands behind "q*" or "q_" is the unit of q, either way. */
static char *
reciprocal (const char *text)
{
  double value;
  g_autofree char *trimmed = g_strstrip (g_strdup (text));

  if (saxid_units_q (trimmed, &value) || saxid_units_angle (trimmed, &value))
    return g_steal_pointer (&trimmed);
  /* a lone m is rather a sample than a metre */
  if (saxid_units_length (trimmed, &value) && (value == 1 || value == 10))
    return g_strconcat ("1/", trimmed, NULL);
  return NULL;
}

static gboolean
is_argument (const char *text)
{
  static const char *const arguments[] = { "q", "s", "i", "h", "r" };

  for (gsize k = 0; k < G_N_ELEMENTS (arguments); k++)
    if (g_ascii_strcasecmp (text, arguments[k]) == 0)
      return TRUE;
  return FALSE;
}

/* Takes the brackets out of a name: arguments stay in round ones, units go, and so does the rest. */
static void
cut_brackets (char *text, char **unit)
{
  char *open = text;

  while ((open = strpbrk (open, "([")) != NULL)
    {
      char *close = strchr (open, *open == '(' ? ')' : ']');
      g_autofree char *inner = NULL;
      int depth = 0;

      for (char *c = open; *c != '\0'; c++) /* "(1/(cm sr))" */
        {
          depth += (*c == '(' || *c == '[') - (*c == ')' || *c == ']');
          if (depth == 0)
            {
              close = c;
              break;
            }
        }
      inner = g_strstrip (close != NULL ? g_strndup (open + 1, (gsize) (close - open - 1)) : g_strdup (open + 1));
      if (*open == '(' && is_argument (inner))
        {
          open = close != NULL ? close + 1 : open + strlen (open);
          continue;
        }
      if (*unit == NULL && inner[0] != '\0')
        *unit = g_steal_pointer (&inner);
      if (close == NULL)
        *open = '\0';
      else
        memmove (open, close + 1, strlen (close + 1) + 1);
    }
}

static char *
squeeze (const char *text)
{
  GString *out = g_string_new (NULL);

  for (const char *c = text; *c != '\0'; c++)
    if (strchr (" \t_-.:*", *c) == NULL)
      g_string_append_c (out, *c);
  return g_string_free (out, FALSE);
}

static const Word *
look_up (const Word *table, gsize n, const char *word)
{
  for (gsize k = 0; k < n; k++)
    if (strcmp (table[k].word, word) == 0)
      return &table[k];
  return NULL;
}

static gboolean
look_up_part (const char *text, SaxidColumnName *name)
{
  g_auto (GStrv) tokens = g_strsplit_set (text, " \t_-.:()[]/*", -1);

  for (gsize k = 0; k < G_N_ELEMENTS (parts); k++)
    for (char **token = tokens; *token != NULL; token++)
      if ((parts[k].begin != NULL && g_str_has_prefix (*token, parts[k].begin))
          || (parts[k].end != NULL && g_str_has_suffix (*token, parts[k].end)))
        {
          name->kind = parts[k].kind;
          name->rank = parts[k].rank;
          return TRUE;
        }
  return FALSE;
}

static const Word *
look_up_begin (const char *text)
{
  g_autofree char *begin = g_strndup (text, strcspn (text, "_- ."));
  gsize letters = strcspn (begin, "0123456789");

  if (strlen (begin) == strlen (text) && begin[letters] == '\0')
    return NULL;
  if (letters > 0 && strspn (begin + letters, "0123456789") == strlen (begin + letters))
    begin[letters] = '\0'; /* "I2" */
  return look_up (begins, G_N_ELEMENTS (begins), begin);
}

/* An uncertainty is of q where q is in its name; where that is an argument, and no I is there,
 * it may be of either. */
static void
settle_sigma (const char *word, SaxidColumnName *name)
{
  g_autoptr (GString) rest = g_string_new (word);
  const guint arguments = g_string_replace (rest, "(q)", "", 0) + g_string_replace (rest, "(s)", "", 0);

  if (strchr (rest->str, 'q') != NULL && !g_str_has_prefix (rest->str, "iq") && !g_str_has_suffix (rest->str, "iq"))
    name->kind = SAXID_COLUMN_DQ;
  g_string_replace (rest, "sig", "", 0);
  g_string_replace (rest, "deviation", "", 0);
  name->of_q = name->kind == SAXID_COLUMN_SIGMA && arguments > 0 && strpbrk (rest->str, "iy") == NULL;
}

/* "q^2*I(q)", "I*q^4", "qI(q)": an intensity times a power of q. */
static gboolean
is_product (const char *word)
{
  static const char *const intensities[] = { "i(q)", "iq", "i" };
  gboolean q = FALSE, intensity = FALSE;

  for (guint k = 0; k < 2 && *word != '\0'; k++)
    {
      if (!q && *word == 'q')
        {
          q = TRUE;
          word += 1 + strspn (word + 1, "^");
          word += strspn (word, "0123456789");
          word += g_str_has_prefix (word, "²") ? strlen ("²") : 0;
        }
      for (gsize j = 0; j < G_N_ELEMENTS (intensities) && !intensity; j++)
        if (g_str_has_prefix (word, intensities[j]) && (j != 1 || word[2] != '^'))
          {
            intensity = TRUE;
            word += strlen (intensities[j]);
          }
    }
  if (!q && intensity && *word == 'q') /* "iq^4" */
    return word[1] == '^' && word[2 + strspn (word + 2, "0123456789")] == '\0';
  if (q && intensity && word[0] == '^')
    return FALSE;
  return q && intensity && *word == '\0';
}

/* "log10 I", "ln q", "lg(I(q))", of which the brackets are gone. */
static gboolean
is_logarithm (const char *word)
{
  static const char *const logs[] = { "log10", "log", "lg", "ln" };
  static const char *const of[] = { "", "i", "q", "i(q)", "iq", "intensity", "s" };

  for (gsize k = 0; k < G_N_ELEMENTS (logs); k++)
    for (gsize j = 0; j < G_N_ELEMENTS (of); j++)
      if (g_str_has_prefix (word, logs[k]) && strcmp (word + strlen (logs[k]), of[j]) == 0)
        return TRUE;
  return FALSE;
}

/* Mantid's "Y0", "E0", "Y1", "E1". */
static const Word *
look_up_numbered (const char *word)
{
  g_autofree char *letter = g_strndup (word, 1);

  if ((*letter != 'y' && *letter != 'e') || word[1] == '\0' || word[1 + strspn (word + 1, "0123456789")] != '\0')
    return NULL;
  return look_up (words, G_N_ELEMENTS (words), letter);
}

static void
read_word (const char *text, SaxidColumnName *name)
{
  static const Word foreign = { "", SAXID_COLUMN_FOREIGN, 3 };
  g_autofree char *lower = plain (text);
  g_autofree char *word = squeeze (lower);
  const Word *found = look_up (words, G_N_ELEMENTS (words), word);

  if (found == NULL)
    found = look_up_numbered (word);
  if (found == NULL && (is_product (word) || is_logarithm (word)))
    found = &foreign;

  if (found == NULL && g_str_has_suffix (word, "(s)")) /* rather seconds than an argument */
    {
      word[strlen (word) - 3] = '\0';
      found = look_up (words, G_N_ELEMENTS (words), word);
      found = found != NULL && found->kind == SAXID_COLUMN_FOREIGN ? found : NULL;
      if (found == NULL)
        word[strlen (word)] = '(';
    }
  if (found == NULL && look_up_part (lower, name))
    {
      if (name->kind == SAXID_COLUMN_SIGMA)
        settle_sigma (word, name);
      return;
    }
  if (found == NULL)
    found = look_up_begin (lower);
  if (found == NULL)
    return;
  name->kind = found->kind;
  name->rank = found->rank;
  name->half = strcmp (found->word, "theta") == 0 || strcmp (found->word, "braggangle") == 0;
}

/* A unit without brackets, behind one of these in this order: it counts where what is before
 * it is a q or an angle, and the first three where it is an intensity. */
static void
cut_unit (const char *text, SaxidColumnName *name)
{
  static const char *const marks[] = { "|", ",", "/", "*", "·", "⋅", " ", "_", "." };

  for (gsize k = 0; k < G_N_ELEMENTS (marks); k++)
    {
      const char *at = strstr (text, marks[k]);
      g_autofree char *before = at != NULL ? g_strndup (text, (gsize) (at - text)) : NULL;
      g_autofree char *unit = at != NULL ? reciprocal (at + strlen (marks[k])) : NULL;
      SaxidColumnName head = { .kind = SAXID_COLUMN_UNKNOWN };
      double per_cm;

      if (at == NULL)
        continue;
      read_word (before, &head);
      if (head.kind == SAXID_COLUMN_I && k < 3 && saxid_units_intensity (at + 1, &per_cm) && per_cm > 0)
        {
          *name = head;
          name->unit = g_strdup (at + 1);
          return;
        }
      if (unit == NULL)
        continue;
      if (head.kind != SAXID_COLUMN_Q && head.kind != SAXID_COLUMN_ANGLE)
        continue;
      *name = head;
      name->unit = g_steal_pointer (&unit);
      return;
    }
}

/* "err (%)", "relative error", "rel_err". */
static double
relative_of (const char *text)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);
  const char *percent = strchr (lower, '%');

  if ((percent != NULL && (percent == lower || !g_ascii_isdigit (percent[-1]))) /* not "95% interval" */
      || strstr (lower, "percent") != NULL)
    return 0.01;
  return strstr (lower, "relative") != NULL || g_str_has_prefix (lower, "rel_") || g_str_has_prefix (lower, "rel ")
                 || g_str_has_prefix (lower, "rel.") || g_str_has_suffix (lower, "/i") || g_str_has_suffix (lower, "/i(q)")
             ? 1
             : 0;
}

void
saxid_column_name_read (const char *text, SaxidColumnName *name)
{
  g_autofree char *cut = g_strdup (text), *bracketed = NULL;

  *name = (SaxidColumnName) { .kind = SAXID_COLUMN_UNKNOWN };
  cut_brackets (cut, &bracketed);
  read_word (cut, name);
  if (name->kind == SAXID_COLUMN_Q || name->kind == SAXID_COLUMN_ANGLE)
    name->unit = bracketed != NULL ? reciprocal (bracketed) : NULL;
  if (bracketed != NULL && name->unit == NULL)
    name->unit = g_steal_pointer (&bracketed);
  if (name->unit == NULL)
    cut_unit (cut, name);
  if (name->kind == SAXID_COLUMN_SIGMA)
    name->relative = relative_of (text);
}

void
saxid_column_name_clear (SaxidColumnName *name)
{
  g_clear_pointer (&name->unit, g_free);
}
