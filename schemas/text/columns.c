/* Which column of a table is q, which intensity, which its uncertainty?
 *
 * Thread: pure.
 */
#include "schemas/text/columns.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "reducers/clean-text.h"
#include "reducers/curve.h"
#include "reducers/error.h"
#include "schemas/text/names.h"
#include "schemas/text/signs.h"
#include "schemas/units.h"

#define MOST_HEADER 200 /* lines before the numbers that are looked at */
#define MOST_CURVES 512

/* A column that is so near another at so many points is a fit of it, or it once more. */
#define FOLLOWS 0.2
#define FOLLOWS_PART 0.75
/* Curves of one table without names are that near each other, … */
#define LIKE 2.0
/* … and those with names. A sigma is a smaller part of its I. */
#define LIKE_NAMED 10.0

typedef struct
{
  const double *values;
  gsize n;
  guint n_column;
} Numbers;

typedef struct
{
  guint n;
  SaxidColumnName *name;
  char **cell;
  guint known;
} Header;

static void
header_free (Header *header)
{
  if (header == NULL)
    return;
  for (guint k = 0; k < header->n; k++)
    saxid_column_name_clear (&header->name[k]);
  g_free (header->name);
  g_strfreev (header->cell);
  g_free (header);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Header, header_free)

/* --- what columns of numbers can be -------------------------------------- */

static double
at (const Numbers *numbers, gsize row, guint column)
{
  return numbers->values[row * numbers->n_column + column];
}

static gboolean
is_blank (const Numbers *numbers, guint column)
{
  for (gsize k = 0; k < numbers->n; k++)
    if (!isnan (at (numbers, k, column)))
      return FALSE;
  return TRUE;
}

/* 0, 1, 2 … or 1, 2, 3 … */
static gboolean
is_index (const Numbers *numbers, guint column)
{
  const double first = at (numbers, 0, column);

  if ((first != 0 && first != 1) || numbers->n < SAXID_CURVE_MIN_POINTS)
    return FALSE;
  for (gsize k = 1; k < numbers->n; k++)
    if (at (numbers, k, column) != first + (double) k)
      return FALSE;
  return TRUE;
}

/* 1 everywhere: a weight or an attenuation that is none. */
static gboolean
is_one (const Numbers *numbers, guint column)
{
  for (gsize k = 0; k < numbers->n; k++)
    if (at (numbers, k, column) != 1)
      return FALSE;
  return numbers->n >= SAXID_CURVE_MIN_POINTS;
}

static gboolean
follows (const Numbers *numbers, guint first, guint second)
{
  gsize near = 0;

  for (gsize k = 0; k < numbers->n; k++)
    near += fabs (at (numbers, k, second) - at (numbers, k, first)) <= FOLLOWS * fabs (at (numbers, k, first));
  return numbers->n >= SAXID_CURVE_MIN_POINTS && (double) near >= FOLLOWS_PART * (double) numbers->n;
}

static int
compare (const void *a, const void *b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Whether most of two columns lie within that ratio of each other. */
static gboolean
is_like (const Numbers *numbers, guint first, guint second, double ratio)
{
  gsize near = 0;

  for (gsize k = 0; k < numbers->n; k++)
    {
      const double a = fabs (at (numbers, k, first)), b = fabs (at (numbers, k, second));

      near += b <= ratio * a && a <= ratio * b;
    }
  return near * 2 > numbers->n;
}

/* Whether a column goes one way, but for a few points where detectors overlap. */
static gboolean
can_be_axis (const Numbers *numbers, guint column)
{
  gsize up = 0, down = 0, good = 0;
  double before = NAN;

  for (gsize k = 0; k < numbers->n; k++)
    {
      const double x = at (numbers, k, column);

      if (isnan (x))
        continue;
      good++;
      up += x > before;
      down += x < before;
      before = x;
    }
  return good * 2 > numbers->n && (up + down) * 2 >= good && MIN (up, down) * 10 <= up + down;
}

/* Not negative but at few points, no copy of I, and below I where I is largest. */
static gboolean
can_be_sigma (const Numbers *numbers, guint intensity, guint sigma)
{
  g_autofree double *largest = NULL;
  gsize low = 0, all = 0, negative = 0;
  double limit;

  if (numbers->n < SAXID_CURVE_MIN_POINTS)
    return TRUE;
  if (follows (numbers, intensity, sigma))
    return FALSE;
  largest = g_new0 (double, numbers->n);
  for (gsize k = 0; k < numbers->n; k++)
    if (isfinite (at (numbers, k, intensity)))
      largest[k] = at (numbers, k, intensity);
  qsort (largest, numbers->n, sizeof *largest, compare);
  limit = largest[numbers->n - 1 - numbers->n / 4];
  for (gsize k = 0; k < numbers->n; k++)
    {
      negative += at (numbers, k, sigma) < 0 && at (numbers, k, sigma) != -1; /* -1: not known */
      if (!(at (numbers, k, intensity) >= limit))
        continue;
      all++;
      low += !(at (numbers, k, sigma) >= at (numbers, k, intensity));
    }
  return negative * 10 <= numbers->n && low * 2 >= all;
}

/* Positive, a part of q, no fit of I, and without the decades that an intensity has. */
static gboolean
can_be_resolution (const Numbers *numbers, guint q, guint intensity, guint dq)
{
  double least = INFINITY, most = 0;
  gsize good = 0;

  for (gsize k = 0; k < numbers->n; k++)
    {
      const double x = fabs (at (numbers, k, q)), width = at (numbers, k, dq);

      if (!(width > 0 && width < 2 * x))
        continue;
      good++;
      least = fmin (least, width);
      most = fmax (most, width);
    }
  if (good * 10 <= numbers->n * 9)
    return FALSE;
  return numbers->n < SAXID_CURVE_MIN_POINTS || (!follows (numbers, intensity, dq) && most < 1000 * least);
}

/* --- names --------------------------------------------------------------- */

/* "Data columns are Qx": what is before the first name. */
static const char *
after_prose (const char *cell)
{
  const char *are = strstr (cell, " are "), *colon = strrchr (cell, ':');

  if (are != NULL)
    return are + 5;
  return colon != NULL && colon[1] != '\0' && !g_ascii_isdigit (colon[1]) ? colon + 1 : cell;
}

/* n names from cells[from] on. */
static Header *
read_header (GStrv cells, guint from, guint n)
{
  Header *header = g_new0 (Header, 1);
  const guint count = g_strv_length (cells);

  header->n = n;
  header->name = g_new0 (SaxidColumnName, n);
  header->cell = g_new0 (char *, n + 1);
  for (guint k = 0; k < n; k++)
    {
      const char *cell = from + k < count ? cells[from + k] : "";

      header->cell[k] = g_strdup (cell);
      saxid_column_name_read (k == 0 ? after_prose (cell) : cell, &header->name[k]);
      header->known += header->name[k].kind != SAXID_COLUMN_UNKNOWN;
    }
  return header;
}

static gboolean
has (const Header *header, SaxidColumnKind kind)
{
  for (guint k = 0; k < header->n; k++)
    if (header->name[k].kind == kind)
      return TRUE;
  return FALSE;
}

static gboolean
has_number (const Header *header)
{
  for (guint k = 0; k < header->n; k++)
    {
      char *end;

      g_ascii_strtod (header->cell[k], &end);
      if (end != header->cell[k])
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_full_q (const Header *header)
{
  for (guint k = 0; k < header->n; k++)
    if ((header->name[k].kind == SAXID_COLUMN_Q || header->name[k].kind == SAXID_COLUMN_ANGLE) && header->name[k].rank > 1)
      return TRUE;
  return FALSE;
}

static gboolean
has_q_with_unit (const Header *header)
{
  double angstrom;

  for (guint k = 0; k < header->n; k++)
    if (header->name[k].kind == SAXID_COLUMN_Q && header->name[k].unit != NULL
        && saxid_units_q (header->name[k].unit, &angstrom))
      return TRUE;
  return FALSE;
}

/* The column that would be read as q; -1: none. */
static int
q_of (const Header *header)
{
  static const SaxidColumnKind kinds[] = { SAXID_COLUMN_Q, SAXID_COLUMN_ANGLE };
  int q = -1;

  for (gsize j = 0; j < G_N_ELEMENTS (kinds) && q < 0; j++)
    for (guint k = 0; k < header->n; k++)
      if (header->name[k].kind == kinds[j] && (q < 0 || header->name[k].rank > header->name[q].rank))
        q = (int) k;
  return q;
}

/* "unit: q_nm^-1" and "x-axis,q (1/nm)" have as many words as the table columns, and speak of q,
 * but they are a key and its value: a colon, or q behind a word that says nothing, where the
 * numbers of that column are as good an axis. */
static gboolean
is_contradicted (const Header *header, const Numbers *numbers)
{
  const int q = q_of (header);
  const gboolean named = has (header, SAXID_COLUMN_I);
  gboolean good;

  if (q < 0 || numbers->n < 3)
    return FALSE;
  for (guint k = 0; k + 1 < header->n && !named; k++)
    if (g_str_has_suffix (header->cell[k], ":"))
      return TRUE;
  good = can_be_axis (numbers, (guint) q);
  for (guint k = 0; k < header->n; k++)
    {
      const SaxidColumnKind kind = header->name[k].kind;
      const gboolean blank = header->cell[k][0] == '\0';

      if ((int) k == q || kind == SAXID_COLUMN_INDEX || (kind != SAXID_COLUMN_UNKNOWN && kind != SAXID_COLUMN_I))
        continue;
      if (is_blank (numbers, k) || is_index (numbers, k) || !can_be_axis (numbers, k))
        continue;
      if (!good || (!named && !blank && (int) k < q))
        return TRUE;
    }
  return FALSE;
}

/* "r (nm)", "Size (nm)", "lag time (ms)", "Time (min)": with its unit a first column that is no q. */
static gboolean
is_foreign_axis (const SaxidColumnName *name)
{
  static const char *const units[]
    = { "s", "ms", "us", "µs", "ns", "ps", "min", "h", "sec", "seconds", "minutes", "hours", "days", "°c", "c", "k", "ev",
        "kev", "hz", "khz", "mhz", "%", "bar", "mbar", "mpa", "pa", "v", "mv", "px", "pixel", "pixels", "ml" };
  g_autofree char *unit = name->unit != NULL ? g_utf8_strdown (name->unit, -1) : NULL;
  double value;

  if (unit == NULL || (name->kind != SAXID_COLUMN_FOREIGN && name->kind != SAXID_COLUMN_UNKNOWN))
    return FALSE;
  for (gsize k = 0; k < G_N_ELEMENTS (units); k++)
    if (strcmp (unit, units[k]) == 0)
      return TRUE;
  return saxid_units_length (unit, &value);
}

/* "R  P(R)" */
static gboolean
has_distances (const Header *header)
{
  for (guint k = 1; k < header->n; k++)
    if (g_ascii_strncasecmp (header->cell[k], "p(r)", 4) == 0)
      return TRUE;
  return FALSE;
}

/* Whether a line that could be names is one. By blanks a sentence would do, so that there it
 * takes more: q and I, or the line right above the numbers with a unit of q or half of its
 * words known. */
static gboolean
is_header (const Header *header, gboolean by_blanks, gboolean nearest)
{
  const gboolean q = has (header, SAXID_COLUMN_Q) || has (header, SAXID_COLUMN_ANGLE);

  if (has (header, SAXID_COLUMN_QX) && has (header, SAXID_COLUMN_QY))
    return TRUE;
  if (q && has (header, SAXID_COLUMN_I))
    return TRUE;
  if (nearest && !q && !has_number (header) && (is_foreign_axis (&header->name[0]) || has_distances (header)))
    return TRUE;
  if (has (header, SAXID_COLUMN_FOREIGN) && !q) /* "Temperature 25" names no columns */
    return nearest && !has_number (header) && header->known >= MAX (2, header->n - 1);
  return has_full_q (header) && (!by_blanks || (nearest && (has_q_with_unit (header) || header->known * 2 >= header->n)));
}

static void
take_better (Header **best, Header *other)
{
  if (*best != NULL && (*best)->known >= other->known)
    {
      header_free (other);
      return;
    }
  header_free (*best);
  *best = other;
}

/* The names in a line, cut in the way that makes most sense of it; NULL: it has none. */
static Header *
header_of_line (const char *line, const Numbers *numbers, gboolean nearest)
{
  static const char *const separators[] = { "|", "\t", ";", ",", " - ", "  ", " " };
  const char *start = line + strspn (line, "#!%;*/ \t");
  const guint n_column = numbers->n_column;
  Header *best = NULL;

  if (strchr (line, '\t') != NULL && line[0] == '\t')
    start = line; /* an index column without a name */
  for (gsize k = 0; k < G_N_ELEMENTS (separators); k++)
    for (guint keep = 0; keep < (k < 4 ? 2 : 1); keep++)
      {
        g_auto (GStrv) cells = strstr (start, separators[k]) != NULL ? saxid_text_cells (start, separators[k], keep) : NULL;
        const guint n = cells != NULL ? g_strv_length (cells) : 0;

        for (guint from = 0; from < 2 && n >= from + 2; from++)
          {
            Header *header;

            /* an empty last cell may be missing; what stands behind bars may be anything */
            if (n - from != n_column && !(k == 0 && n - from > n_column) && !(keep && from == 0 && n + 1 == n_column))
              continue;
            header = read_header (cells, from, n_column);
            if (is_header (header, k >= 5, nearest) && !is_contradicted (header, numbers))
              take_better (&best, header);
            else
              header_free (header);
          }
      }
  return best;
}

/* "q | I ± sigma (1/cm)" without the name of what has no column of its own. */
static char *
without_uncertainty (const char *line)
{
  GString *out = g_string_new (NULL);
  const char *sign;

  while ((sign = strstr (line, "±")) != NULL)
    {
      g_string_append_len (out, line, sign - line);
      line = sign + strlen ("±");
      line += strspn (line, " ");
      line += strcspn (line, " \t,;|");
    }
  g_string_append (out, line);
  return g_string_free (out, FALSE);
}

static Header *
find_header (const SaxidTextTable *table, const SaxidTextBlock *block, const Numbers *numbers)
{
  const guint from = block->first > MOST_HEADER ? block->first - MOST_HEADER : 0;
  gboolean nearest = TRUE;

  for (guint k = block->first; k-- > from;)
    {
      const char *line = table->lines->pdata[k];
      g_autofree char *bare = NULL;
      Header *header;

      if (line[strspn (line, "#!%;*/\"' \t")] == '\0')
        continue;
      if (numbers->n_column < block->n_column && strlen (line) < 65536)
        line = bare = without_uncertainty (line);
      header = strlen (line) < 65536 ? header_of_line (line, numbers, nearest) : NULL;
      if (header != NULL)
        return header;
      nearest = FALSE;
    }
  return NULL;
}

/* --- columns by names ---------------------------------------------------- */

static void
add_note (SaxidTextColumns *columns, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
add_note (SaxidTextColumns *columns, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (columns->notes, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

static SaxidTextCurve *
add_curve (SaxidTextColumns *columns, int q, int intensity, const char *label)
{
  SaxidTextCurve *curve = g_new (SaxidTextCurve, 1);

  *curve = (SaxidTextCurve) { .q = q, .intensity = intensity, .sigma = -1, .dq = -1, .label = g_strdup (label) };
  g_ptr_array_add (columns->curves, curve);
  return curve;
}

/* The columns of a kind that have the highest rank of it. */
static GArray *
columns_of_kind (const Header *header, const Numbers *numbers, SaxidColumnKind kind)
{
  GArray *out = g_array_new (FALSE, FALSE, sizeof (int));
  guint rank = 0;

  for (guint k = 0; k < header->n; k++)
    if (header->name[k].kind == kind && !is_blank (numbers, k))
      rank = MAX (rank, header->name[k].rank);
  for (int k = 0; k < (int) header->n; k++)
    if (header->name[k].kind == kind && header->name[k].rank == rank && !is_blank (numbers, (guint) k))
      g_array_append_val (out, k);
  return out;
}

static int
nth (const GArray *columns, guint k)
{
  return k < columns->len ? g_array_index (columns, int, k) : -1;
}

/* "s" is q in one tradition, and the uncertainty where q is there; "sigma(q)" is of I unless I
 * has one already. */
static void
settle_names (Header *header)
{
  gboolean q = FALSE, sigma = FALSE;

  for (guint k = 0; k < header->n; k++)
    {
      q |= header->name[k].kind == SAXID_COLUMN_Q && header->name[k].rank > 1;
      sigma |= header->name[k].kind == SAXID_COLUMN_VARIANCE
               || (header->name[k].kind == SAXID_COLUMN_SIGMA && !header->name[k].of_q);
    }
  for (guint k = 0; k < header->n; k++)
    {
      SaxidColumnName *name = &header->name[k];

      if (q && name->kind == SAXID_COLUMN_Q && name->rank == 1)
        name->kind = g_ascii_strcasecmp (header->cell[k], "s") == 0 ? SAXID_COLUMN_SIGMA : SAXID_COLUMN_OTHER;
      else if (name->kind == SAXID_COLUMN_SIGMA && name->of_q && sigma)
        name->kind = SAXID_COLUMN_DQ;
    }
}

/* The column of `others` that belongs to a curve of several: the one with its number, or the
 * next behind it before the next curve; of a single curve the first. */
static int
partner (const GArray *others, const GArray *own, guint k)
{
  const int column = nth (own, k), next = nth (own, k + 1);

  if (own->len == 1 || others->len == own->len)
    return nth (others, own->len == 1 ? 0 : k);
  for (guint j = 0; j < others->len; j++)
    if (nth (others, j) > column && (next < 0 || nth (others, j) < next))
      return nth (others, j);
  return -1;
}

static char *
label_of (const Header *header, int column)
{
  return saxid_clean_text (header->cell[column], -1);
}

static void
curves_of_names (SaxidTextColumns *columns, const Header *header, const Numbers *numbers, const GArray *q,
                 const GArray *intensity)
{
  g_autoptr (GArray) sigma = columns_of_kind (header, numbers, SAXID_COLUMN_SIGMA);
  g_autoptr (GArray) variance = columns_of_kind (header, numbers, SAXID_COLUMN_VARIANCE);
  g_autoptr (GArray) dq = columns_of_kind (header, numbers, SAXID_COLUMN_DQ);

  for (guint k = 0; k < MIN (intensity->len, MOST_CURVES); k++)
    {
      g_autofree char *label = intensity->len > 1 ? label_of (header, nth (intensity, k)) : NULL;
      const int own_q = q->len == intensity->len ? nth (q, k) : nth (q, 0);
      SaxidTextCurve *curve = add_curve (columns, own_q, nth (intensity, k), label);

      curve->variance = sigma->len == 0;
      curve->sigma = partner (curve->variance ? variance : sigma, intensity, k);
      curve->relative = curve->sigma >= 0 ? header->name[curve->sigma].relative : 0;
      curve->dq = dq->len == 1 ? nth (dq, 0) : partner (dq, intensity, k);
    }
}

/* q has a name, and what else there is has names that say nothing. */
static void
curves_of_unknown (SaxidTextColumns *columns, const Header *header, const Numbers *numbers, int q)
{
  g_autoptr (GArray) unknown = g_array_new (FALSE, FALSE, sizeof (int));
  SaxidTextCurve *curve;
  gboolean like = TRUE;
  guint first;

  for (int k = 0; k < (int) header->n; k++)
    if (k != q && header->name[k].kind == SAXID_COLUMN_UNKNOWN && !is_blank (numbers, (guint) k))
      g_array_append_val (unknown, k);
  if (unknown->len == 0)
    return;
  first = (guint) nth (unknown, 0);
  for (guint k = 1; k < unknown->len; k++)
    like &= is_like (numbers, first, (guint) nth (unknown, k), unknown->len > 2 ? LIKE_NAMED : LIKE);
  if ((unknown->len > 1 && like) || has (header, SAXID_COLUMN_SIGMA) || has (header, SAXID_COLUMN_VARIANCE))
    {
      g_autoptr (GArray) only = g_array_new (FALSE, FALSE, sizeof (int));

      g_array_append_val (only, q);
      curves_of_names (columns, header, numbers, only, unknown);
      return;
    }
  curve = add_curve (columns, q, (int) first, NULL);
  if (unknown->len > 1 && can_be_sigma (numbers, first, (guint) nth (unknown, 1)))
    curve->sigma = nth (unknown, 1);
}

/* I has a name and no column that of its uncertainty: the one behind I whose name says nothing,
 * where it can be that by its numbers. */
static void
take_unknown_sigma (SaxidTextColumns *columns, const Header *header, const Numbers *numbers)
{
  SaxidTextCurve *curve = columns->curves->len == 1 ? columns->curves->pdata[0] : NULL;
  const guint next = curve != NULL ? (guint) curve->intensity + 1 : 0;
  g_autofree char *label = NULL;

  if (curve == NULL || curve->sigma >= 0 || next >= header->n || header->name[next].kind != SAXID_COLUMN_UNKNOWN
      || is_blank (numbers, next) || numbers->n < SAXID_CURVE_MIN_POINTS || !can_be_sigma (numbers, (guint) curve->intensity, next))
    return;
  curve->sigma = (int) next;
  curve->variance = FALSE;
  label = label_of (header, (int) next);
  add_note (columns, "column '%s' behind the intensity is taken as sigma", label);
}

static gboolean
columns_by_name (SaxidTextColumns *columns, Header *header, const Numbers *numbers, const char *name, GError **error)
{
  g_autoptr (GArray) q = NULL, intensity = NULL, shadow = NULL;

  if (has (header, SAXID_COLUMN_QX) && has (header, SAXID_COLUMN_QY))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE,
                   "columns are Qx, Qy and more: a two-dimensional table is no curve (%s)", name);
      return FALSE;
    }
  settle_names (header);
  q = columns_of_kind (header, numbers, SAXID_COLUMN_Q);
  if (q->len == 0)
    {
      g_array_unref (q);
      q = columns_of_kind (header, numbers, SAXID_COLUMN_ANGLE);
      columns->angle = q->len > 0;
    }
  if (q->len == 0)
    {
      g_autofree char *first = label_of (header, 0);

      g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "first column is '%s' and none is q: no curve (%s)", first,
                   name);
      return FALSE;
    }
  intensity = columns_of_kind (header, numbers, SAXID_COLUMN_I);
  if (intensity->len > 0)
    {
      curves_of_names (columns, header, numbers, q, intensity);
      take_unknown_sigma (columns, header, numbers);
    }
  else
    curves_of_unknown (columns, header, numbers, nth (q, 0));
  if (columns->curves->len == 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "no column is an intensity (%s)", name);
      return FALSE;
    }
  shadow = columns_of_kind (header, numbers, SAXID_COLUMN_SHADOW);
  columns->shadow = nth (shadow, 0);
  columns->q_unit = g_strdup (header->name[nth (q, 0)].unit);
  columns->half = header->name[nth (q, 0)].half;
  if (intensity->len > 0)
    columns->i_unit = g_strdup (header->name[nth (intensity, 0)].unit);
  columns->named = TRUE;
  if (columns->curves->len > 1)
    add_note (columns, "table has %u columns of intensity: each is read as a curve", columns->curves->len);
  return TRUE;
}

/* --- columns by order ---------------------------------------------------- */

static gboolean
columns_by_order (SaxidTextColumns *columns, const Numbers *numbers, const char *name, GError **error)
{
  g_autofree guint *used = g_new (guint, numbers->n_column + 1);
  SaxidTextCurve *curve;
  guint n = 0;
  gboolean like = TRUE;

  for (guint k = 0; k < numbers->n_column; k++)
    if (!is_blank (numbers, k))
      used[n++] = k;
  if (n > 0 && is_index (numbers, used[0]))
    {
      if (n < 3)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE,
                       "first column counts the points and the file has %u in all: none is q (%s)", n, name);
          return FALSE;
        }
      add_note (columns, "the first column counts the points: left out");
      memmove (used, used + 1, --n * sizeof *used);
    }
  if (n < 2)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "all columns but one are empty or uncertainties (%s)", name);
      return FALSE;
    }
  for (guint k = 2; k < n; k++)
    like &= is_like (numbers, used[1], used[k], LIKE);
  if (n > 3 && like && numbers->n >= SAXID_CURVE_MIN_POINTS)
    {
      for (guint k = 1; k < n && k <= MOST_CURVES; k++)
        {
          g_autofree char *label = g_strdup_printf ("column %u", used[k] + 1);

          add_curve (columns, (int) used[0], (int) used[k], label);
        }
      add_note (columns, "table has %u columns of like size and without names: each is read as a curve", n - 1);
      return TRUE;
    }
  curve = add_curve (columns, (int) used[0], (int) used[1], NULL);
  if (n > 2 && is_one (numbers, used[2]))
    add_note (columns, "the third column is 1 everywhere and no sigma: left out");
  else if (n > 2 && can_be_sigma (numbers, used[1], used[2]))
    curve->sigma = (int) used[2];
  else if (n > 2)
    add_note (columns, "the third column is no sigma, for it is as large as the intensity: left out");
  if (n == 4 && can_be_resolution (numbers, used[0], used[1], used[3]))
    curve->dq = (int) used[3];
  else if (n == 4)
    add_note (columns, "the fourth column is no resolution of q: left out");
  if (n > 4) /* what a fifth column is says nothing of the fourth */
    add_note (columns, "file has %u columns without names: the first three are taken as q, I, sigma", n);
  return TRUE;
}

/* --- values with their uncertainties --------------------------------------- */

/* A table without the columns that are the uncertainties of others. */
typedef struct
{
  Numbers numbers;
  double *values;
  int *column, *uncertainty; /* of each column that is left: in the table; -1: none */
  gboolean brackets;         /* numbers in brackets are among them */
} Plain;

static void
plain_clear (Plain *plain)
{
  g_free (plain->values);
  g_free (plain->column);
  g_free (plain->uncertainty);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Plain, plain_clear)

static void
make_plain (const Numbers *numbers, const char *marks, Plain *plain)
{
  guint n = 0;

  plain->column = g_new (int, numbers->n_column);
  plain->uncertainty = g_new (int, numbers->n_column);
  plain->values = g_new (double, numbers->n * numbers->n_column);
  for (guint k = 0; k < numbers->n_column; k++)
    if (marks[k] == '\0')
      {
        plain->uncertainty[n] = -1;
        plain->column[n++] = (int) k;
      }
    else
      {
        plain->uncertainty[n - 1] = (int) k; /* the first column is none */
        plain->brackets |= marks[k] == SAXID_TEXT_BRACKET;
      }
  for (gsize row = 0; row < numbers->n; row++)
    for (guint k = 0; k < n; k++)
      plain->values[row * n + k] = at (numbers, row, (guint) plain->column[k]);
  plain->numbers = (Numbers) { plain->values, numbers->n, n };
}

static int
in_table (const Plain *plain, int column)
{
  return column >= 0 ? plain->column[column] : -1;
}

/* From the columns of the plain table to those of the table; what stands behind ± is the
 * uncertainty, whatever else may be. */
static void
put_back (const Plain *plain, SaxidTextColumns *columns)
{
  for (guint k = 0; k < columns->curves->len; k++)
    {
      SaxidTextCurve *curve = columns->curves->pdata[k];
      const int sigma = plain->uncertainty[curve->intensity], dq = plain->uncertainty[curve->q];

      curve->sigma = sigma >= 0 ? sigma : in_table (plain, curve->sigma);
      curve->dq = dq >= 0 ? dq : in_table (plain, curve->dq);
      curve->variance = curve->variance && sigma < 0;
      curve->relative = sigma < 0 ? curve->relative : 0;
      curve->q = in_table (plain, curve->q);
      curve->intensity = in_table (plain, curve->intensity);
    }
  columns->shadow = in_table (plain, columns->shadow);
  if (plain->brackets)
    add_note (columns, "numbers in brackets are taken as the uncertainty of those before them");
}

/* --- columns as given ---------------------------------------------------- */

static gboolean
columns_given (SaxidTextColumns *columns, const char *text, guint n_column, const char *name, GError **error)
{
  g_auto (GStrv) cells = g_strsplit (text, ",", SAXID_TEXT_MOST_COLUMNS);
  const guint n = g_strv_length (cells);
  SaxidTextCurve curve = { -1, -1, -1, -1, FALSE, 0, NULL };

  for (guint k = 0; k < n; k++)
    {
      SaxidColumnName given;
      SaxidColumnKind kind;

      saxid_column_name_read (g_strstrip (cells[k]), &given);
      kind = given.kind;
      if (kind == SAXID_COLUMN_SIGMA)
        curve.relative = given.relative;
      saxid_column_name_clear (&given);
      if (kind == SAXID_COLUMN_Q)
        curve.q = (int) k;
      else if (kind == SAXID_COLUMN_I)
        curve.intensity = (int) k;
      else if (kind == SAXID_COLUMN_SIGMA || kind == SAXID_COLUMN_VARIANCE)
        {
          curve.sigma = (int) k;
          curve.variance = kind == SAXID_COLUMN_VARIANCE;
        }
      else if (kind == SAXID_COLUMN_DQ)
        curve.dq = (int) k;
      else if (strcmp (cells[k], "-") != 0)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                       "column '%s' is none of q, I, sigma, dq and - (columns '%s')", cells[k], text);
          return FALSE;
        }
    }
  if (n > n_column || curve.q < 0 || curve.intensity < 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   n > n_column ? "columns '%s' are more than the %u of the file (%s)"
                                : "columns '%s' lack q or I, the file has %u (%s)",
                   text, n_column, name);
      return FALSE;
    }
  *add_curve (columns, curve.q, curve.intensity, NULL) = curve;
  columns->named = TRUE;
  return TRUE;
}

static void
curve_free (SaxidTextCurve *curve)
{
  g_free (curve->label);
  g_free (curve);
}

void
saxid_text_columns_free (SaxidTextColumns *columns)
{
  if (columns == NULL)
    return;
  g_ptr_array_unref (columns->curves);
  g_ptr_array_unref (columns->notes);
  g_free (columns->q_unit);
  g_free (columns->i_unit);
  g_free (columns);
}

SaxidTextColumns *
saxid_text_columns_find (const SaxidTextTable *table, const SaxidTextBlock *block, const double *values,
                         const char *given, const char *name, GError **error)
{
  const Numbers all = { values, block->n_row, block->n_column };
  g_autofree char *marks = g_new (char, block->n_column);
  g_autoptr (SaxidTextColumns) columns = g_new0 (SaxidTextColumns, 1);
  g_autoptr (Header) header = NULL;
  g_auto (Plain) plain = { 0 };
  gboolean marked = given == NULL && saxid_text_table_marks (table, block, marks), done;
  const Numbers *numbers = &all;

  if (marked)
    {
      make_plain (&all, marks, &plain);
      header = find_header (table, block, &plain.numbers);
    }
  if (header == NULL) /* "q I sigma" above "0.01 100 ± 2" */
    header = find_header (table, block, &all);
  marked = marked && (header == NULL || header->n < all.n_column);
  if (marked)
    numbers = &plain.numbers;
  columns->curves = g_ptr_array_new_with_free_func ((GDestroyNotify) curve_free);
  columns->notes = g_ptr_array_new_with_free_func (g_free);
  columns->shadow = -1;
  if (given != NULL)
    done = columns_given (columns, given, block->n_column, name, error);
  else if (header != NULL)
    done = columns_by_name (columns, header, numbers, name, error);
  else
    done = columns_by_order (columns, numbers, name, error);
  if (!done)
    return NULL;
  if (marked)
    put_back (&plain, columns);
  if (given != NULL && header != NULL)
    for (guint k = 0; k < header->n; k++) /* the unit of the column that was named as q */
      if ((int) k == ((SaxidTextCurve *) columns->curves->pdata[0])->q && columns->q_unit == NULL)
        columns->q_unit = g_strdup (header->name[k].unit);
  return g_steal_pointer (&columns);
}
