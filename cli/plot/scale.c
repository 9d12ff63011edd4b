/* Which ticks let a reader read values off an axis?
 *
 * On a logarithmic axis the decades, every second or third of them where they
 * are too dense, 1-2-5 or all digits where they are too few; steps of 1, 2 or 5
 * on a linear one. Minor ticks without labels fill the decades.
 *
 * Thread: no state.
 */
#include "cli/plot/scale.h"

#include <math.h>
#include <string.h>

/* Log ticks from dense to sparse: the digits within a decade, and every how many
 * decades. */
typedef struct
{
  const char *digits;
  int decades;
} Density;

static const Density densities[] = {
  { "123456789", 1 }, { "125", 1 }, { "1", 1 },  { "1", 2 },  { "1", 3 },
  { "1", 5 },         { "1", 10 },  { "1", 20 }, { "1", 50 }, { "1", 100 },
};
#define DENSITY_125     1
#define DENSITY_DECADES 2

/* A minor tick closer to the next than this is a smear. */
#define MIN_MINOR_PLACES 2.5

/* Labels on a panel that is too low for more than one are no closer than half of that. */
#define LEAST_SPACE 12.0

/* Values at the very end of the axis count as on it. */
#define SLACK 1e-9

double
saxid_scale_place (const SaxidScale *axis, double value)
{
  double share = axis->logarithmic
                     ? (log (value) - log (axis->low)) / (log (axis->high) - log (axis->low))
                     : (value - axis->low) / (axis->high - axis->low);

  return axis->from + share * (axis->to - axis->from);
}

static void
append_superscript (GString *out, int exponent)
{
  static const char *const digit[] = { "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
  char text[16];

  g_snprintf (text, sizeof text, "%d", exponent);
  for (const char *at = text; *at != '\0'; at++)
    g_string_append (out, *at == '-' ? "⁻" : digit[*at - '0']);
}

/* g_ascii_formatd wants the precision in the format. */
static char *
fixed (double value, int decimals)
{
  char format[8], text[G_ASCII_DTOSTR_BUF_SIZE];

  g_snprintf (format, sizeof format, "%%.%df", CLAMP (decimals, 0, 12));
  return g_strdup (g_ascii_formatd (text, sizeof text, format, value));
}

static char *
with_power (int digit, int exponent)
{
  GString *out = g_string_new (NULL);

  if (digit != 1)
    g_string_append_printf (out, "%d·", digit);
  g_string_append (out, "10");
  append_superscript (out, exponent);
  return g_string_free (out, FALSE);
}

static char *
log_label (int digit, int exponent, SaxidLabelStyle style)
{
  gboolean readable = exponent >= -5 && exponent <= 4;

  if (style == SAXID_LABEL_DECIMAL && readable)
    return fixed (digit * pow (10, exponent), MAX (-exponent, 0));
  return with_power (digit, exponent);
}

static void
add_tick (GArray *ticks, const SaxidScale *axis, double value, char *label)
{
  SaxidTick tick = { value, saxid_scale_place (axis, value), "" };

  if (label != NULL)
    g_strlcpy (tick.label, label, sizeof tick.label);
  g_free (label);
  g_array_append_val (ticks, tick);
}

static int
floor_mod (int a, int b)
{
  return ((a % b) + b) % b;
}

static void
log_ticks (const SaxidScale *axis, const Density *density, GArray *ticks)
{
  int first = (int) floor (log10 (axis->low)), last = (int) ceil (log10 (axis->high));
  double decade = fabs (axis->to - axis->from) / (log10 (axis->high) - log10 (axis->low));
  gboolean minor = decade * log10 (10.0 / 9) >= MIN_MINOR_PLACES;

  for (int exponent = first; exponent <= last; exponent++)
    for (int digit = 1; digit <= 9; digit++)
      {
        double value = digit * pow (10, exponent);
        gboolean labelled = floor_mod (exponent, density->decades) == 0
                            && strchr (density->digits, '0' + digit) != NULL;
        gboolean shown = labelled || (digit == 1 && decade >= MIN_MINOR_PLACES) || minor;

        if (shown && value >= axis->low * (1 - SLACK) && value <= axis->high * (1 + SLACK))
          add_tick (ticks, axis, value, labelled ? log_label (digit, exponent, axis->style) : NULL);
      }
}

/* Number of labels, and whether all of them are far enough apart. */
static guint
judge (const GArray *ticks, double space, gboolean *fits)
{
  double last = -INFINITY;
  guint count = 0;

  *fits = TRUE;
  for (guint k = 0; k < ticks->len; k++)
    {
      const SaxidTick *tick = &g_array_index (ticks, SaxidTick, k);

      if (tick->label[0] == '\0')
        continue;
      *fits = *fits && (count == 0 || fabs (tick->place - last) >= space);
      last = tick->place;
      count++;
    }
  return count;
}

static void
linear_ticks (const SaxidScale *axis, double space, GArray *ticks)
{
  static const double nice[] = { 1, 2, 5, 10 };
  double span = axis->high - axis->low;
  /* on a logarithmic axis the upper end is the dense one */
  double squeeze = axis->logarithmic ? span / axis->high / (log (axis->high) - log (axis->low)) : 1;
  double least = span * space / (fabs (axis->to - axis->from) * squeeze);
  double unit = pow (10, floor (log10 (least)));
  double step = 10 * unit;
  double largest = MAX (fabs (axis->low), fabs (axis->high));
  int decimals;

  for (guint k = 0; k < G_N_ELEMENTS (nice); k++)
    if (nice[k] * unit >= least * (1 - SLACK))
      {
        step = nice[k] * unit;
        break;
      }
  decimals = (int) MAX (0, -floor (log10 (step) + SLACK));
  for (double k = ceil (axis->low / step - SLACK); k * step <= axis->high + SLACK * span; k++)
    {
      double value = k == 0 ? 0 : k * step;
      gboolean readable = largest < 1e5 && decimals <= 7;

      if (k * step == (k + 1) * step)
        break; /* a span below the precision of its values */
      add_tick (ticks, axis, value, readable ? fixed (value, decimals) : saxid_scale_number (value));
    }
}

GArray *
saxid_scale_ticks (const SaxidScale *axis, double space)
{
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (SaxidTick));
  guint start = axis->style == SAXID_LABEL_DECIMAL ? DENSITY_125 : DENSITY_DECADES;
  gboolean fits;

  if (axis->logarithmic)
    {
      for (guint k = start; k < G_N_ELEMENTS (densities); k++)
        {
          g_array_set_size (ticks, 0);
          log_ticks (axis, &densities[k], ticks);
          if (judge (ticks, space, &fits) >= 2 && fits)
            return ticks;
        }
      /* too narrow for that: the sparsest of the denser sets */
      for (guint k = start; k-- > 0;)
        {
          g_array_set_size (ticks, 0);
          log_ticks (axis, &densities[k], ticks);
          if (judge (ticks, space, &fits) >= 2 && fits)
            return ticks;
        }
      g_array_set_size (ticks, 0);
    }
  linear_ticks (axis, space, ticks);
  while (judge (ticks, space, &fits) < 2 && space > LEAST_SPACE)
    { /* one value says nothing of a scale */
      space /= 2;
      g_array_set_size (ticks, 0);
      linear_ticks (axis, space, ticks);
    }
  return ticks;
}

char *
saxid_scale_number (double value)
{
  double size = fabs (value);
  char text[G_ASCII_DTOSTR_BUF_SIZE], *at;
  GString *out;

  if (!isfinite (value))
    return g_strdup ("–");
  if (value == 0 || (size >= 1e-4 && size < 1e5))
    {
      g_ascii_formatd (text, sizeof text, size >= 1e4 ? "%.5g" : "%.4g", value);
      return g_strdup (text);
    }
  g_ascii_formatd (text, sizeof text, "%.2e", value);
  at = strchr (text, 'e');
  out = g_string_new_len (text, at - text);
  g_string_append (out, "·10");
  append_superscript (out, (int) g_ascii_strtoll (at + 1, NULL, 10));
  return g_string_free (out, FALSE);
}

char *
saxid_scale_measure (double value, double error)
{
  double larger = MAX (fabs (value), error);
  g_autofree char *a = NULL;
  g_autofree char *b = NULL;
  int decimals;

  if (!isfinite (value) || !isfinite (error) || !(error > 0) || larger >= 1e5 || larger < 1e-3)
    {
      a = saxid_scale_number (value);
      b = saxid_scale_number (error);
    }
  else
    {
      decimals = MAX (0, 1 - (int) floor (log10 (error)));
      a = fixed (value, decimals);
      b = fixed (error, decimals);
    }
  return g_strdup_printf ("%s ± %s", a, b);
}
