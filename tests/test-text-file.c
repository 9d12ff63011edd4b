/* Are the columns found in the texts that beamlines write, and bad ones refused? */
#include <locale.h>
#include <math.h>
#include <string.h>

#include "reducers/error.h"
#include "schemas/text/file.h"

#define N 20

/* Appends N rows: q = 0.01 k, I = 100 - k, sigma = 1 + k / 10, dq = q / 50. */
static void
add_rows (GString *text, const char *format, guint columns, char separator)
{
  for (int k = 1; k <= N; k++)
    {
      const double row[] = { 0.01 * k, 100.0 - k, 1 + 0.1 * k, 0.01 * k / 50, 7, 8 };

      for (guint c = 0; c < columns; c++)
        {
          char number[G_ASCII_DTOSTR_BUF_SIZE];

          g_ascii_formatd (number, sizeof number, format, row[c]);
          g_string_append_printf (text, "%s%c", number, c + 1 < columns ? separator : '\n');
        }
    }
}

static SaxidMeasurement *
parse (const char *text, const SaxidTextOptions *options)
{
  g_autoptr (GError) error = NULL;
  SaxidMeasurement *measurement = saxid_text_parse (text, strlen (text), "dir/run.dat", options, &error);

  g_assert_no_error (error);
  return measurement;
}

static void
check_rows (const SaxidMeasurement *measurement, double q_factor, gboolean sigma, gboolean dq)
{
  const SaxidCurve *curve = measurement->curve;

  g_assert_cmpuint (curve->n, ==, N);
  g_assert_cmpint (curve->sigma != NULL, ==, sigma);
  g_assert_cmpint (curve->dq != NULL, ==, dq);
  for (int k = 1; k <= N; k++)
    {
      g_assert_cmpfloat_with_epsilon (curve->q[k - 1], 0.01 * k * q_factor, 1e-12);
      g_assert_cmpfloat_with_epsilon (curve->intensity[k - 1], 100.0 - k, 1e-12);
      if (sigma)
        g_assert_cmpfloat_with_epsilon (curve->sigma[k - 1], 1 + 0.1 * k, 1e-12);
      if (dq)
        g_assert_cmpfloat_with_epsilon (curve->dq[k - 1], 0.01 * k / 50 * q_factor, 1e-12);
    }
}

typedef struct
{
  const char *name, *head, *format;
  guint columns;
  char separator;
  const char *from, *to; /* replaced in the rows, NULL: nothing */
  double q_factor;
  gboolean sigma, dq;
} Layout;

static const Layout layouts[] = {
  { "plain", "", "%.6g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "two", "", "%.6g", 2, '\t', NULL, NULL, 1, FALSE, FALSE },
  { "four", "", "%.8e", 4, ' ', NULL, NULL, 1, TRUE, TRUE },
  { "csv", "q,I,sigma\n", "%.6g", 3, ',', NULL, NULL, 1, TRUE, FALSE },
  { "csv-units", "\"q [1/nm]\",\"I [1/cm]\",\"err\"\n", "%.6g", 3, ',', NULL, NULL, 0.1, TRUE, FALSE },
  { "semicolon", "q;I;dI\n", "%.6f", 3, ';', NULL, NULL, 1, TRUE, FALSE },
  { "decimal-comma", "q;I;dI\n", "%.6f", 3, ';', ".", ",", 1, TRUE, FALSE },
  { "decimal-comma-blank", "", "%.6f", 3, ' ', ".", ",", 1, TRUE, FALSE },
  { "decimal-comma-tab", "", "%.6f", 3, '\t', ".", ",", 1, TRUE, FALSE },
  { "fortran", "", "%.8E", 3, ' ', "E", "D", 1, TRUE, FALSE },
  { "crlf", "# a\r\n# b\r\n", "%.6g", 3, ' ', "\n", "\r\n", 1, TRUE, FALSE },
  { "cr", "title\r", "%.6g", 3, ' ', "\n", "\r", 1, TRUE, FALSE },
  { "empty-lines", "\n\n", "%.6g", 3, ' ', "\n", "\n\n", 1, TRUE, FALSE },
  { "comments-between", "", "%.6g", 3, ' ', "\n", "\n# \n", 1, TRUE, FALSE },
  { "pyfai", "# == pyFAI ==\n# --> x.dat\n#       q_nm^-1             I           sigma\n", "%.7e", 3, ' ', NULL,
    NULL, 0.1, TRUE, FALSE },
  { "latin-1", "q (\xC5\x2D\x31) \xB1 \xE9\n", "%.6g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "nist",
    "FILE: A.ABS CREATED: 1-JAN\nThe 6 columns are | Q (1/A) | I(Q) (1/cm) | std. dev. I(Q) (1/cm) | sigmaQ |"
    " meanQ | ShadowFactor|\n",
    "%.8g", 6, ' ', NULL, NULL, 1, TRUE, TRUE },
  { "isis", " SANS2D Wed Workspace: \n Sample_SANS\n   20    0    0    0    1   20    0\n"
            "         0         0         0         0\n 3 (F12.5,2E16.6)\n",
    "%.8e", 4, ' ', NULL, NULL, 1, TRUE, TRUE },
  { "unit-glued", "q(nm-1)\tI(q)\tSig(q)\n", "%.6g", 3, '\t', NULL, NULL, 0.1, TRUE, FALSE },
  { "unit-product", "#L q*nm  I_sample  stddev\n", "%.6g", 3, ' ', NULL, NULL, 0.1, TRUE, FALSE },
  { "unit-dot", "q·nm,I(q),ΔI\n", "%.6g", 3, ',', NULL, NULL, 0.1, TRUE, FALSE },
  { "unit-quotient", "# q/nm-1 I σ\n", "%.6g", 3, ' ', NULL, NULL, 0.1, TRUE, FALSE },
  { "unit-underscore", "q_nm I_q I_err\n", "%.6g", 3, ' ', NULL, NULL, 0.1, TRUE, FALSE },
  { "unit-brackets", "# q (1/nm) I (1/cm) SD\n", "%.6g", 3, ' ', NULL, NULL, 0.1, TRUE, FALSE },
  { "unit-latex", "$q$ [$\\mathrm{nm}^{-1}$];$I$;error\n", "%.6g", 3, ';', NULL, NULL, 0.1, TRUE, FALSE },
  { "unit-ten", "q (10/nm)\tI\tErr\n", "%.6g", 3, '\t', NULL, NULL, 1, TRUE, FALSE },
  { "unit-words", "# Q in Inverse Nanometres\n", "%.6g", 3, ' ', NULL, NULL, 0.1, TRUE, FALSE },
  { "unit-below", "q\tI\tISigma\nnm^-1\ta.u.\ta.u.\n", "%.6g", 3, '\t', NULL, NULL, 0.1, TRUE, FALSE },
  { "unit-of-column-first", "# was in 1/nm once\nq (A-1)\tI\tErr\n", "%.6g", 3, '\t', NULL, NULL, 1, TRUE, FALSE },
  { "pdh",
    "spheres\nSAXS BOX\n 20 0 0 0 0 0 0 0\n 0.0 261.2 0.0 1.0 0.15\n 30.0 5.6 0.0 0.0 0.0\n", "%.8e", 3, ' ', NULL,
    NULL, 0.1, TRUE, FALSE },
  { "chi", "frame 1\n Q (Inverse Nanometres)\n Intensity\n    20\n", "%.8e", 2, ' ', NULL, NULL, 0.1, FALSE, FALSE },
  { "sasview", "<X>   <Y>   <dY>   <dX>\n", "%.8g", 4, ' ', NULL, NULL, 1, TRUE, TRUE },
  { "sigma-of-q", "# q[A-1]   I(q)   sigma(q)\n", "%.8g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "sigmas-of-both", "q,I(q),err,sigma(q)\n", "%.8g", 4, ',', NULL, NULL, 1, TRUE, TRUE },
  { "igor", "Q_gold R_gold S_gold W_gold\n", "%.8g", 4, ' ', NULL, NULL, 1, TRUE, TRUE },
  { "prefixes", "Qvec Int Error_I\n", "%.8g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "bars-and-more", "  sExp |  iExp | Err | iFit(+Const) | Chi^2= 1.2\n", "%.8g", 4, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "quoted", "\"q\",\"I\",\"sigma\"\n\"", "%.6f", 3, ',', NULL, NULL, 1, TRUE, FALSE },
  /* a key and its value are no names of columns */
  { "key-unit", "# unit: q_nm^-1\n", "%.6g", 2, ' ', NULL, NULL, 0.1, FALSE, FALSE },
  { "key-unit-brackets", "# unit q(nm-1)\n", "%.6g", 2, ' ', NULL, NULL, 0.1, FALSE, FALSE },
  { "key-axis", "# Axis q\n", "%.6g", 2, ' ', NULL, NULL, 1, FALSE, FALSE },
  { "key-radial", "# Radial: q\n", "%.6g", 2, ' ', NULL, NULL, 1, FALSE, FALSE },
  { "key-radial-unit", "# radial unit: q_nm^-1\n", "%.6g", 3, ' ', NULL, NULL, 0.1, TRUE, FALSE },
  { "key-list", "# polydisperse, q, nm\n", "%.6g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "key-csv", "Sample,gold\nx-axis,q (1/nm)\ny-axis,I (1/cm)\n", "%.6g", 2, ',', NULL, NULL, 0.1, FALSE, FALSE },
  /* nor is a name a unit */
  { "name-nm", "Sample: NM-1 in water\nq I sigma\n", "%.6g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "name-m", "# Sample: M-1\nq I sigma\n", "%.6g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "name-mm", "# capillary 1/mm\n# exposure 1/m dilution\nq I sigma\n", "%.6g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "name-a", "# Sample A-1\n# Q in nm-1\nq I sigma\n", "%.6g", 3, ' ', NULL, NULL, 0.1, TRUE, FALSE },
  { "unit-in-words", "# data are in 1/nm\n", "%.6g", 3, ' ', NULL, NULL, 0.1, TRUE, FALSE },
  { "numbers-above-names", "150, 3, 0.01\n\"q(nm-1)\",\"I(q)\",\"Sig(q)\"\n", "%.6g", 3, ',', NULL, NULL, 0.1, TRUE, FALSE },
  { "sigma-diq", "q I dIQ\n", "%.6g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "sigma-i_unc", "q I I_unc\n", "%.6g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "sigma-unc", "q I unc\n", "%.6g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "sigma-ei", "q I eI\n", "%.6g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "sigma-e-i", "q I e(I)\n", "%.6g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "sigma-d-i", "q I d(I)\n", "%.6g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "sigma-deli", "q I delI\n", "%.6g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "sigma-si", "q I sI\n", "%.6g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "sigma-dr", "q I dR\n", "%.6g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "sigma-rmse", "q I rmse\n", "%.6g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "sigma-idevs", "q I Idevs\n", "%.6g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "sigma-sqrt-var", "q I sqrt(var)\n", "%.6g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "sigma-fehler", "q I Fehler\n", "%.6g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "sigma-unsicherheit", "q I Unsicherheit\n", "%.6g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "sigma-sonstwas", "q I Sonstwas\n", "%.6g", 3, ' ', NULL, NULL, 1, TRUE, FALSE },
  { "sigma-sans", "Q IQ dIQ dQ\n", "%.6g", 4, ' ', NULL, NULL, 1, TRUE, TRUE },
  { "unit-radian", "q (rad/nm)\tI\tErr\n", "%.6g", 3, '\t', NULL, NULL, 0.1, TRUE, FALSE },
  { "unit-tenth", "q (10^-1 nm^-1)\tI\tErr\n", "%.6g", 3, '\t', NULL, NULL, 0.01, TRUE, FALSE },
  { "unit-point", "q.nm\tI\tErr\n", "%.6g", 3, '\t', NULL, NULL, 0.1, TRUE, FALSE },
  { "unit-angs", "# was in 1/nm once\nq (1/Angs.)\tI\tErr\n", "%.6g", 3, '\t', NULL, NULL, 1, TRUE, FALSE },
  { "unit-inv", "q_nm_inv\tI\tErr\n", "%.6g", 3, '\t', NULL, NULL, 0.1, TRUE, FALSE },
  { "unit-origin", "q (nm\\+(-1))\tI\tErr\n", "%.6g", 3, '\t', NULL, NULL, 0.1, TRUE, FALSE },
  { "five-unnamed", "", "%.8g", 5, ' ', NULL, NULL, 1, TRUE, FALSE },
};

static char *
text_of_layout (const Layout *layout)
{
  GString *rows = g_string_new (NULL);
  char *text;

  add_rows (rows, layout->format, layout->columns, layout->separator);
  if (layout->from != NULL)
    g_string_replace (rows, layout->from, layout->to, 0);
  if (g_str_has_suffix (layout->head, "\n\"")) /* each number quoted */
    {
      g_string_replace (rows, ",", "\",\"", 0);
      g_string_replace (rows, "\n", "\"\n\"", 0);
      g_string_truncate (rows, rows->len - 1);
    }
  text = g_strconcat (layout->head, rows->str, NULL);
  g_string_free (rows, TRUE);
  return text;
}

static char *
text_named (const char *name)
{
  for (gsize k = 0; k < G_N_ELEMENTS (layouts); k++)
    if (strcmp (layouts[k].name, name) == 0)
      return text_of_layout (&layouts[k]);
  g_assert_not_reached ();
}

static void
test_layout (gconstpointer data)
{
  const Layout *layout = data;
  g_autofree char *text = text_of_layout (layout);
  g_autoptr (SaxidMeasurement) measurement = parse (text, NULL);

  check_rows (measurement, layout->q_factor, layout->sigma, layout->dq);
}

/* A locale with decimal commas must change nothing. */
static void
test_locale (void)
{
  g_autofree char *text = text_named ("plain");
  g_autofree char *before = g_strdup (setlocale (LC_ALL, NULL));
  const char *set = setlocale (LC_ALL, "de_DE.UTF-8");

  if (set == NULL)
    {
      g_test_skip ("locale de_DE.UTF-8 is not installed");
      return;
    }
  {
    g_autoptr (SaxidMeasurement) measurement = parse (text, NULL);

    setlocale (LC_ALL, before);
    check_rows (measurement, 1, TRUE, FALSE);
  }
}

static void
test_titles (void)
{
  g_autofree char *isis = text_named ("isis");
  g_autofree char *rows = text_named ("plain");
  g_autofree char *commented = g_strconcat ("# Title: gold, 5 nm\n", rows, NULL);
  g_autoptr (SaxidMeasurement) first = parse (isis, NULL);
  g_autoptr (SaxidMeasurement) second = parse (commented, NULL);
  g_autoptr (SaxidMeasurement) third = parse (rows, NULL);

  g_assert_cmpstr (first->title, ==, "Sample_SANS");
  g_assert_cmpstr (second->title, ==, "gold, 5 nm");
  g_assert_cmpstr (third->title, ==, "run");
  g_assert_cmpstr (third->file, ==, "run.dat");
  g_assert_cmpstr (third->notes->pdata[0], ==, "q has no unit: 1/Å assumed");
}

static void
test_options (void)
{
  g_autofree char *text = text_named ("nist");
  const SaxidTextOptions swapped = { "1/nm", "1/m", "I,q,-,sigma" };
  const SaxidTextOptions unit = { "1/nm", NULL, NULL };
  g_autoptr (SaxidMeasurement) converted = parse (text, &unit);
  g_autoptr (SaxidMeasurement) chosen = NULL;
  GString *rows = g_string_new (NULL);

  check_rows (converted, 0.1, TRUE, TRUE);
  g_assert_true (converted->absolute);
  for (int k = 1; k <= N; k++)
    g_string_append_printf (rows, "%d 0.%02d 5 %d\n", 1000 * k, k, k);
  chosen = parse (rows->str, &swapped);
  g_assert_cmpfloat_with_epsilon (chosen->curve->q[1], 0.002, 1e-15);
  g_assert_cmpfloat_with_epsilon (chosen->curve->intensity[1], 20, 1e-12);
  g_assert_cmpfloat_with_epsilon (chosen->curve->sigma[1], 0.02, 1e-15);
  g_assert_null (chosen->curve->dq);
  g_string_free (rows, TRUE);
}

static void
test_not_a_number (void)
{
  g_autoptr (GString) text = g_string_new ("0.01 nan 1\n0.02 5 ****\n0.03 --- inf\n");
  g_autoptr (SaxidMeasurement) measurement = NULL;

  add_rows (text, "%.6g", 3, ' ');
  measurement = parse (text->str, NULL);
  g_assert_cmpuint (measurement->curve->n, ==, N + 3);
  g_assert_true (isnan (measurement->curve->intensity[0]));
  g_assert_true (isnan (measurement->curve->sigma[1]));
  g_assert_true (isnan (measurement->curve->intensity[2]));
}

static void
test_several_blocks (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (SaxidMeasurement) measurement = NULL;

  for (int k = 0; k < 17; k++)
    g_string_append_printf (text, "%d %d\n", k, k);
  g_string_append (text, "second block\n");
  add_rows (text, "%.6g", 3, ' ');
  measurement = parse (text->str, NULL);
  check_rows (measurement, 1, TRUE, FALSE);
  g_assert_cmpstr (measurement->notes->pdata[0], ==, "file holds 2 blocks of numbers: the longest is read");
}

/* … but a small table is no measurement. */
static void
test_small_table_is_none (void)
{
  g_autoptr (GString) text = g_string_new ("q I\n");
  g_autoptr (SaxidMeasurement) measurement = NULL;

  for (int k = 1; k <= 900; k++)
    g_string_append_printf (text, "0.%04d %d.5\n", k, 1000 - k);
  g_string_append (text, "peaks: position height error\n");
  for (int k = 1; k <= 20; k++)
    g_string_append_printf (text, "%d %d 1.5\n", 10 * k, 300 - k);
  measurement = parse (text->str, NULL);
  g_assert_cmpuint (measurement->curve->n, ==, 900);
  g_assert_cmpfloat (measurement->curve->intensity[0], ==, 999.5);
}

/* Mantid's tables: a spectrum in each pair of columns, or one below the other. */
static void
test_spectra (void)
{
  g_autoptr (GString) wide = g_string_new ("# X , Y0 , E0 , Y1 , E1\n"), tall = g_string_new ("# X , Y , E\n");
  g_autoptr (GPtrArray) beside = NULL, below = NULL;

  for (int k = 1; k <= N; k++)
    g_string_append_printf (wide, "0.%03d,%d,%d.5,%d,%d.25\n", 10 * k, 100 - k, k, 200 - k, k);
  for (int s = 1; s <= 2; s++)
    {
      g_string_append_printf (tall, "%d\n", s);
      for (int k = 1; k <= N; k++)
        g_string_append_printf (tall, "0.%03d,%d,%d.5\n", 10 * k, 100 * s - k, k);
    }
  beside = saxid_text_parse_all (wide->str, wide->len, "run.dat", NULL, NULL);
  below = saxid_text_parse_all (tall->str, tall->len, "run.dat", NULL, NULL);
  g_assert_nonnull (beside);
  g_assert_nonnull (below);
  g_assert_cmpuint (beside->len, ==, 2);
  g_assert_cmpuint (below->len, ==, 2);
  for (guint s = 0; s < 2; s++)
    {
      const SaxidMeasurement *one = beside->pdata[s], *other = below->pdata[s];

      g_assert_cmpfloat (one->curve->q[9], ==, 0.1);
      g_assert_cmpfloat (one->curve->intensity[9], ==, s == 0 ? 90 : 190);
      g_assert_cmpfloat (one->curve->sigma[9], ==, s == 0 ? 10.5 : 10.25);
      g_assert_cmpuint (other->curve->n, ==, N);
      g_assert_cmpfloat (other->curve->intensity[9], ==, s == 0 ? 90 : 190);
      g_assert_cmpfloat (other->curve->sigma[9], ==, 10.5);
      g_assert_cmpstr (other->title, ==, s == 0 ? "run, spectrum 1" : "run, spectrum 2");
    }
}

/* A row that something is wrong with is no end of a curve. */
static void
test_damaged_rows (void)
{
  static const struct
  {
    const char *from, *to;
    int row; /* that has a hole; 0: none */
    gboolean said;
  } damages[] = {
    { "0.1 90 2\n", "0.1 <0.1 2\n", 10, TRUE }, { "0.1 90 2\n", "0.1 90 2 *\n", 0, TRUE },
    { "0.01 99 1.1\n0.02 98 1.2\n", "0.01 99 1.1 *\n0.02 98 1.2 beam stop\n", 0, TRUE },
    { "0.1 90 2\n", "0.1 90.000 2.0\n# a remark\n", 0, FALSE },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (damages); k++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (SaxidMeasurement) measurement = NULL;

      add_rows (text, "%.6g", 3, ' ');
      g_assert_cmpuint (g_string_replace (text, damages[k].from, damages[k].to, 1), ==, 1);
      g_string_prepend (text, "q I sigma\n");
      measurement = parse (text->str, NULL);
      if (damages[k].row > 0)
        {
          g_assert_true (isnan (measurement->curve->intensity[damages[k].row - 1]));
          measurement->curve->intensity[damages[k].row - 1] = 100 - damages[k].row;
        }
      check_rows (measurement, 1, TRUE, FALSE);
      g_assert_cmpint (g_str_has_suffix (measurement->notes->pdata[0], "no number: it is left out"), ==, damages[k].said);
    }
}

/* "1.234,56", and Fortran's fields that fill their width. */
static void
test_numbers_of_others (void)
{
  g_autoptr (GString) text = g_string_new ("q;I;sigma\n"), glued = g_string_new (NULL);
  g_autoptr (SaxidMeasurement) continental = NULL, fixed = NULL;

  for (int k = 1; k <= N; k++)
    {
      if (k < 10)
        g_string_append_printf (text, "0,%02d;%d.%03d,50;%d,25\n", k, 10 - k, k, k);
      else
        g_string_append_printf (text, "0,%02d;%d,50;%d,25\n", k, 100 - k, k);
      g_string_append_printf (glued, " 1.%02dE-02%s5.123E-03 1.000E-04\n", k, k % 3 == 0 ? "-" : " ");
    }
  continental = parse (text->str, NULL);
  g_assert_cmpuint (continental->curve->n, ==, N);
  g_assert_cmpfloat_with_epsilon (continental->curve->intensity[2], 7003.5, 1e-9);
  g_assert_cmpfloat_with_epsilon (continental->curve->intensity[14], 85.5, 1e-9);
  g_assert_cmpfloat_with_epsilon (continental->curve->sigma[2], 3.25, 1e-9);
  fixed = parse (glued->str, NULL);
  g_assert_cmpuint (fixed->curve->n, ==, N);
  g_assert_cmpfloat_with_epsilon (fixed->curve->q[2], 1.03e-2, 1e-12);
  g_assert_cmpfloat_with_epsilon (fixed->curve->intensity[2], -5.123e-3, 1e-12);
  g_assert_cmpfloat_with_epsilon (fixed->curve->sigma[2], 1e-4, 1e-12);
}

/* A block with uncertainties goes before a longer one without, which is calculated. */
static void
test_block_with_errors_first (void)
{
  g_autoptr (GString) text = g_string_new ("S J EXP ERROR\n");
  g_autoptr (SaxidMeasurement) measurement = NULL;

  add_rows (text, "%.6g", 3, ' ');
  g_string_append (text, "fit\n");
  for (int k = 1; k <= 90; k++)
    g_string_append_printf (text, "0.%03d %d\n", k, 100 - k);
  measurement = parse (text->str, NULL);
  check_rows (measurement, 1, TRUE, FALSE);
  g_assert_cmpstr (measurement->notes->pdata[0], ==,
                   "file holds 2 blocks of numbers: the longest with uncertainties is read");
}

/* Rows of q, I, three columns that are made of I, with a hole in I at every tenth point. */
static char *
make_rows (const char *head, const double factor[3], gboolean index, gboolean holes, char separator)
{
  GString *text = g_string_new (head);

  for (int k = 0; k < 50; k++)
    {
      const double q = 0.005 * (k + 2), i = 100 * exp (-q * q * 300) + 0.2;

      if (index)
        g_string_append_printf (text, "%d%c", k, separator);
      g_string_append_printf (text, "0.%03d%c", 5 * (k + 2), separator);
      if (!holes || k % 10 != 9)
        g_string_append_printf (text, "%d.%06d", (int) i, (int) (1e6 * (i - floor (i))));
      for (int c = 0; c < 3 && factor[c] > 0; c++)
        {
          const double value = factor[c] * i * (1 + 0.03 * (k % 3));

          g_string_append_printf (text, "%c%d.%06d", separator, (int) value, (int) (1e6 * (value - floor (value))));
        }
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

static void
test_empty_cells (void)
{
  static const char separators[] = { ',', ';', '\t' };

  for (gsize k = 0; k < G_N_ELEMENTS (separators); k++)
    {
      g_autofree char *text = make_rows ("", (const double[3]) { 0.02 }, FALSE, TRUE, separators[k]);
      g_autoptr (SaxidMeasurement) measurement = parse (text, NULL);

      g_assert_cmpuint (measurement->curve->n, ==, 50);
      g_assert_true (isnan (measurement->curve->intensity[9]));
      g_assert_cmpfloat (measurement->curve->q[49], ==, 0.255);
      g_assert_nonnull (measurement->curve->sigma);
    }
}

static void
test_third_column_may_be_a_fit (void)
{
  g_autofree char *fit = make_rows ("", (const double[3]) { 1 }, FALSE, FALSE, ' ');
  g_autofree char *all = make_rows ("", (const double[3]) { 0.02, 1 }, FALSE, FALSE, ' ');
  g_autofree char *calculated = make_rows ("", (const double[3]) { 12, 7, 0.3 }, FALSE, FALSE, ' ');
  g_autoptr (SaxidMeasurement) of_fit = parse (fit, NULL), of_all = parse (all, NULL), of_calculated = parse (calculated, NULL);

  g_assert_null (of_fit->curve->sigma);
  g_assert_nonnull (of_all->curve->sigma);
  g_assert_null (of_all->curve->dq);
  g_assert_null (of_calculated->curve->sigma);
}

static void
test_index_is_left_out (void)
{
  static const char *const heads[] = { "", ",q,I,sigma\n", "Unnamed: 0,q,I,sigma\n", "point,q,I,sigma\n" };

  for (gsize k = 0; k < G_N_ELEMENTS (heads); k++)
    {
      g_autofree char *text = make_rows (heads[k], (const double[3]) { 0.02 }, TRUE, FALSE, ',');
      g_autoptr (SaxidMeasurement) measurement = parse (text, NULL);

      g_assert_cmpfloat (measurement->curve->q[0], ==, 0.01);
      g_assert_cmpfloat_with_epsilon (measurement->curve->sigma[0] / measurement->curve->intensity[0], 0.02, 1e-4);
    }
}

typedef struct
{
  const char *head;
  double factor[3];
  guint curves;
  gboolean sigma;
} Several;

static void
test_several_curves (void)
{
  static const Several cases[] = {
    { "", { 1.1, 0.9, 0.8 }, 4, FALSE },
    { "q(1/nm) A B C D\n", { 1.5, 2, 3 }, 4, FALSE },
    { "q I_1 err_1 I_2 err_2\n", { 0.02, 2, 0.04 }, 2, TRUE },
    { "q I_a I_b sigma_a sigma_b\n", { 2, 0.02, 0.04 }, 2, TRUE },
    { "q I sigma I_raw fit\n", { 0.02, 2, 1 }, 1, TRUE },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autofree char *text = make_rows (cases[k].head, cases[k].factor, FALSE, FALSE, ' ');
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) all = saxid_text_parse_all (text, strlen (text), "run.dat", NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (all->len, ==, cases[k].curves);
      for (guint c = 0; c < all->len; c++)
        {
          const SaxidMeasurement *measurement = all->pdata[c];

          g_assert_cmpint (measurement->curve->sigma != NULL, ==, cases[k].sigma);
          if (cases[k].sigma)
            g_assert_cmpfloat_with_epsilon (measurement->curve->sigma[0] / measurement->curve->intensity[0], 0.02, 1e-4);
        }
    }
}

static void
test_variance (void)
{
  g_autofree char *text = make_rows ("q,I,Variance\n", (const double[3]) { 0.02 }, FALSE, FALSE, ',');
  g_autoptr (SaxidMeasurement) measurement = parse (text, NULL);

  g_assert_cmpfloat_with_epsilon (measurement->curve->sigma[0], sqrt (0.02 * measurement->curve->intensity[0]), 1e-5);
}

static void
test_shadow (void)
{
  g_autoptr (GString) text = g_string_new ("| Q (1/A) | I(Q) (1/cm) | std. dev. I(Q) (1/cm) | sigmaQ | meanQ | ShadowFactor|\n");
  g_autoptr (SaxidMeasurement) measurement = NULL;

  for (int k = 1; k <= 40; k++)
    g_string_append_printf (text, "0.%03d %d 1 0.001 0.%03d %s\n", k, 100 - k, k,
                            k == 1 ? "1e-10" : k == 2 ? "0.41" : k == 3 ? "0.985" : "1");
  measurement = parse (text->str, NULL);
  g_assert_cmpuint (measurement->curve->n, ==, 38);
  g_assert_cmpfloat (measurement->curve->q[0], ==, 0.003);
  g_assert_nonnull (measurement->curve->dq);
  g_assert_cmpstr (measurement->notes->pdata[0], ==,
                   "left out: 2 points behind the beam stop (ShadowFactor below 0.98)");
}

static char *
fill_in (const char *row, int k)
{
  GString *text = g_string_new (row);
  const struct
  {
    const char *letter, *format;
    double value;
  } parts[] = { { "Q", "%.2f", 0.01 * k }, { "I", "%.1f", 100.0 - k }, { "S", "%.1f", 1 + 0.1 * k }, { "N", "%.0f", 100.0 - k } };

  for (gsize p = 0; p < G_N_ELEMENTS (parts); p++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      g_string_replace (text, parts[p].letter, g_ascii_formatd (number, sizeof number, parts[p].format, parts[p].value), 0);
    }
  return g_string_free (text, FALSE);
}

/* Signs between the numbers of every row: q = 0.01 k, I = 100 - k, sigma = 1 + k / 10. */
static void
test_signs (void)
{
  static const struct
  {
    const char *head, *row; /* Q, I and S stand for the numbers, N for I without a point */
    double q_factor;
    gboolean comma;
  } cases[] = {
    { "", "Q I ± S\n", 1, FALSE },
    { "# q (1/nm)  I(q) ± sigma\n", "Q I±S\n", 0.1, FALSE },
    { "q I sigma\n", "Q\tI +/- S\n", 1, FALSE },
    { "q;I\n", "Q;I +- S\n", 1, FALSE },
    { "q;I\n", "Q;I ± S\n", 1, TRUE },
    { "", "Q, I ± S\n", 1, FALSE },
    { "| q (1/nm) | I | err |\n|---|---:|:--|\n", "| Q | I | S |\n", 0.1, FALSE },
    { "q|I|sigma\n", "Q|I|S\n", 1, FALSE },
    { "+---+---+---+\n| q | I | SD |\n+===+===+===+\n", "| Q | I | S |\n+---+---+---+\n", 1, FALSE },
    { "| q | I ± sigma |\n", "| Q | I ± S |\n", 1, FALSE },
    { "", "Q:I:S\n", 1, FALSE },
    { "", "Q : N : S\n", 1, FALSE },
    { "", "Q I (S)\n", 1, FALSE },
    { "", "Q,I(S)\n", 1, FALSE },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autoptr (GString) text = g_string_new (cases[k].head);
      g_autoptr (SaxidMeasurement) measurement = NULL;

      for (int row = 1; row <= N; row++)
        {
          g_autofree char *line = fill_in (cases[k].row, row);

          g_string_append (text, cases[k].comma ? g_strdelimit (line, ".", ',') : line);
        }
      measurement = parse (text->str, NULL);
      check_rows (measurement, cases[k].q_factor, TRUE, FALSE);
    }
}

/* 1.234(5) is 1.234 with 0.005. */
static void
test_last_digits (void)
{
  g_autoptr (GString) plain = g_string_new ("q I(err)\n"), power = g_string_new ("q,I\n"), both = g_string_new (NULL),
                      counted = g_string_new (NULL);
  g_autoptr (SaxidMeasurement) a = NULL, b = NULL, c = NULL, d = NULL;

  for (int k = 1; k <= N; k++)
    {
      g_string_append_printf (plain, "%.2f %.3f(%d)\n", 0.01 * k, 100.0 - k, 1000 + 100 * k);
      g_string_append_printf (power, "%.2f,%.2f(%d)e-3\n", 0.01 * k, 1e3 * (100.0 - k), 100000 + 10000 * k);
      g_string_append_printf (both, "%.2f ± %.6f %.3f(%d)\n", 0.01 * k, 0.01 * k / 50, 100.0 - k, 1000 + 100 * k);
      g_string_append_printf (counted, "%d: %.2f %d %.1f\n", k, 0.01 * k, 100 - k, 1 + 0.1 * k);
    }
  a = parse (plain->str, NULL);
  check_rows (a, 1, TRUE, FALSE);
  g_assert_cmpstr (a->notes->pdata[0], ==, "numbers in brackets are taken as the uncertainty of those before them");
  b = parse (power->str, NULL);
  check_rows (b, 1, TRUE, FALSE);
  c = parse (both->str, NULL);
  check_rows (c, 1, TRUE, TRUE);
  d = parse (counted->str, NULL);
  check_rows (d, 1, TRUE, FALSE);
}

/* What may be two things is neither, and a hole is none of the borders. */
static void
test_unclear_signs (void)
{
  static const char *const rows[] = {
    "Q 1.234 (5)\n", "Q 5 ± 2 ± 1\n", "Q 5 ± 2 %\n", "1:Q 2:5.5\n", "12:30:N 5.5\n",
    "Q 1.2e3(5)\n",  "Q ± 5\t±\n", "Q 5 (2)(3)\n",
  };
  g_autoptr (GString) hole = g_string_new ("q|I|sigma\n");
  g_autoptr (SaxidMeasurement) measurement = NULL;

  for (gsize k = 0; k < G_N_ELEMENTS (rows); k++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GError) error = NULL;

      for (int row = 10; row < 40; row++)
        {
          g_autofree char *line = fill_in (rows[k], row);

          g_string_append (text, line);
        }
      g_assert_null (saxid_text_parse (text->str, text->len, "run.dat", NULL, &error));
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE);
      g_assert_cmpstr (error->message, ==, "no two columns of numbers in 30 lines of text: the signs between the numbers may"
                                           " mean several things, blanks or tabs do not (run.dat)");
    }
  for (int k = 1; k <= N; k++)
    g_string_append_printf (hole, k == 5 ? "0.%02d|%d|\n" : "0.%02d|%d|1.5\n", k, 100 - k);
  measurement = parse (hole->str, NULL);
  g_assert_cmpuint (measurement->curve->n, ==, N);
  g_assert_true (isnan (measurement->curve->sigma[4]));
}

/* q = 4 pi / wavelength sin (2 theta / 2), whatever the wavelength is given in. */
static void
test_angles (void)
{
  static const char *const heads[] = {
    "# Wavelength: 1.5e-10 m\n# 2th_deg I sigma\n", "# wavelength = 0.15 nm\n2theta (deg)\tI\terr\n",
    "# Lambda (A): 1.5\n# 2th_deg I sigma\n",       "# WaveLength = 1.5e-10\n# 2th_deg I sigma\n",
    "# Wavelength: 1.5e-10 m\n# unit: 2th_deg\n",
    "# wavelength spread 0.1\n# wavelength 1.5 A\n# integrated versus 2theta\n",
    "# Detector: Lambda 60K\n# dlambda 0.1\n# lambda 1.5\n# axis: two theta\n",
    "*HW_XG_WAVE_LENGTH_ALPHA1 \"1.5\"\n*MEAS_SCAN_AXIS_X \"TwoThetaTheta\"\n*MEAS_SCAN_UNIT_X \"deg\"\n",
    "# wavelength: 1.5 A\n2θ;I;sigma\n",
    "# Energy resolution 0.1 keV\n# Photon energy: 8.26561322887 keV\n# 2th_deg I sigma\n",
    "# Energy (eV) = 8265.61322887\n# 2th_deg I sigma\n", "# beam_energy: 8.26561322887\n# 2th_deg I sigma\n",
    "# ring energy 6 GeV\n# x-ray energy = 8265.61322887\n# 2th_deg I sigma\n",
    "# energy: 20 keV\n# wavelength: 1.5 A\n# 2th_deg I sigma\n",
  };
  static const char *const no_photons[] = {
    "# threshold energy 8 keV\n# 2th_deg I sigma\n", "# incident energy 5 meV\n# 2th_deg I sigma\n",
    "# beam energy 150\n# 2th_deg I sigma\n",        "# beam energy 6 GeV\n# 2th_deg I sigma\n",
    "# energy transfer 10 eV\n# 2th_deg I sigma\n",  "# energy 20 steps\n# 2th_deg I sigma\n",
  };
  g_autofree char *bragg = make_rows ("# wavelength: 1.5 A\ntheta (deg)\tI\tsigma\n", (const double[3]) { 0.02 }, FALSE, FALSE, '\t');
  g_autoptr (SaxidMeasurement) half = parse (bragg, NULL);

  for (gsize k = 0; k < G_N_ELEMENTS (heads); k++)
    {
      g_autofree char *text = make_rows (heads[k], (const double[3]) { 0.02 }, FALSE, FALSE, '\t');
      g_autoptr (SaxidMeasurement) measurement = parse (text, NULL);

      g_assert_cmpfloat_with_epsilon (measurement->curve->q[49], 4 * G_PI / 1.5 * sin (0.255 * G_PI / 360), 1e-9);
    }
  g_assert_cmpfloat_with_epsilon (half->curve->q[49], 4 * G_PI / 1.5 * sin (0.255 * G_PI / 180), 1e-9);
  for (gsize k = 0; k < G_N_ELEMENTS (no_photons); k++)
    {
      g_autofree char *text = make_rows (no_photons[k], (const double[3]) { 0.02 }, FALSE, FALSE, '\t');
      g_autoptr (GError) error = NULL;

      g_assert_null (saxid_text_parse (text, strlen (text), "run.dat", NULL, &error));
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_UNIT);
    }
}

/* What was assumed of an energy is said. */
static void
test_energy_note (void)
{
  static const struct { const char *head, *note; } cases[] = {
    { "# photon energy 12.4 keV\n# 2th_deg I sigma\n", "the wavelength 0.999873 Å, which is of the photon energy 12.4 keV" },
    { "# energy: 12400\n# 2th_deg I sigma\n", "the wavelength 0.999873 Å, which is of the photon energy 12400, taken as eV" },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autofree char *text = make_rows (cases[k].head, (const double[3]) { 0.02 }, FALSE, FALSE, '\t');
      g_autoptr (SaxidMeasurement) measurement = parse (text, NULL);

      g_assert_true (g_str_has_suffix (measurement->notes->pdata[0], cases[k].note));
    }
}

/* sigma in parts of I. */
static void
test_relative (void)
{
  static const char *const heads[] = { "q,I,relative_error(%)\n", "q,I,err(%)\n", "q,I,rel_err\n" };

  for (gsize k = 0; k < G_N_ELEMENTS (heads); k++)
    {
      g_autoptr (GString) text = g_string_new (heads[k]);
      g_autoptr (SaxidMeasurement) measurement = NULL;

      add_rows (text, "%.6g", 3, ',');
      measurement = parse (text->str, NULL);
      g_assert_cmpfloat_with_epsilon (measurement->curve->sigma[9], 2 * 90 * (k < 2 ? 0.01 : 1), 1e-12);
    }
}

static void
test_unit_of_intensity (void)
{
  static const char *const heads[] = { "q/nm^{-1}\tI/cm^{-1}\tsigma\n", "q/nm-1\tI/cm-1\tsigma\n", "q (1/nm)\tI, 1/cm\tsigma\n" };

  for (gsize k = 0; k < G_N_ELEMENTS (heads); k++)
    {
      g_autoptr (GString) text = g_string_new (heads[k]);
      g_autoptr (SaxidMeasurement) measurement = NULL;

      add_rows (text, "%.6g", 3, '\t');
      measurement = parse (text->str, NULL);
      check_rows (measurement, 0.1, TRUE, FALSE);
      g_assert_true (measurement->absolute);
    }
}

static void
test_utf16 (void)
{
  g_autofree char *text = text_named ("csv-units");
  gsize n;
  g_autofree char *wide = g_convert (text, -1, "UTF-16", "UTF-8", NULL, &n, NULL);
  g_autoptr (SaxidMeasurement) measurement = saxid_text_parse (wide, n, "x", NULL, NULL);

  g_assert_nonnull (measurement);
  check_rows (measurement, 0.1, TRUE, FALSE);
}

typedef struct
{
  const char *name, *text;
  gsize n; /* 0: strlen */
  SaxidTextOptions options;
  int code;
  const char *message;
} Bad;

#define ROWS "0.1 1 1\n0.2 1 1\n0.3 1 1\n"

static const Bad bad[] = {
  { "binary", "\x7F\x45\x4C\x46\0\0\0\x01", 8, { 0 }, SAXID_ERROR_FORMAT, "neither text nor HDF5 (run.dat)" },
  { "prose", "It was\na dark night\n", 0, { 0 }, SAXID_ERROR_NO_CURVE,
    "no two columns of numbers in 2 lines of text (run.dat)" },
  { "nothing", "", 0, { 0 }, SAXID_ERROR_NO_CURVE, "no two columns of numbers in 0 lines of text (run.dat)" },
  { "one-column", "1\n2\n3\n", 0, { 0 }, SAXID_ERROR_NO_CURVE,
    "no two columns of numbers in 3 lines of text (run.dat)" },
  { "unit", ROWS, 0, { "parsec", NULL, NULL }, SAXID_ERROR_UNIT,
    "unit of q is 'parsec', known are 1/Å (1/A, 1/angstrom, A^-1), 1/nm, 1/µm, 1/m (run.dat)" },
  { "implausible", ROWS, 0, { "1/m", NULL, NULL }, SAXID_ERROR_UNIT,
    "q would run from 1e-11 to 3e-11 1/Å with the unit '1/m', no small-angle curve does (run.dat)" },
  { "angles", "5 1 1\n6 1 1\n7 1 1\n", 0, { 0 }, SAXID_ERROR_UNIT,
    "q would run from 5 to 7 1/Å with the unit '1/Å', no small-angle curve does (run.dat)" },
  { "beyond", NULL, 0, { 0 }, SAXID_ERROR_UNIT,
    "q would run from 0.5 to 399.5 1/Å with the unit '1/Å', no small-angle curve does (run.dat)" },
  { "lag-times", NULL, 0, { 0 }, SAXID_ERROR_UNIT,
    "q would run from 1e-06 to 1 1/Å with the unit '1/Å', no small-angle curve does (run.dat)" },
  { "image", NULL, 0, { 0 }, SAXID_ERROR_NO_CURVE,
    "q goes up and down, 19 times in 400 points: an image or a log is no curve (run.dat)" },
  { "table", NULL, 0, { 0 }, SAXID_ERROR_NO_CURVE,
    "q has 20 values in 400 points: a two-dimensional table is no curve (run.dat)" },
  { "qx-qy", NULL, 0, { 0 }, SAXID_ERROR_NO_CURVE,
    "columns are Qx, Qy and more: a two-dimensional table is no curve (run.dat)" },
  { "log", NULL, 0, { 0 }, SAXID_ERROR_NO_CURVE,
    "first column is 'Time (s)' and none is q: no curve (run.dat)" },
  { "distances", NULL, 0, { 0 }, SAXID_ERROR_NO_CURVE, "first column is 'R' and none is q: no curve (run.dat)" },
  { "index-alone", NULL, 0, { 0 }, SAXID_ERROR_NO_CURVE,
    "first column counts the points and the file has 2 in all: none is q (run.dat)" },
  { "angle-alone", NULL, 0, { 0 }, SAXID_ERROR_UNIT,
    "the axis is an angle ('deg') and the file gives no wavelength (or photon energy) to make it q (run.dat)" },
  { "p-of-r", NULL, 0, { 0 }, SAXID_ERROR_NO_CURVE, "first column is 'r(nm)' and none is q: no curve (run.dat)" },
  { "p-of-r-bare", NULL, 0, { 0 }, SAXID_ERROR_NO_CURVE, "first column is 'R' and none is q: no curve (run.dat)" },
  { "sizes", NULL, 0, { 0 }, SAXID_ERROR_NO_CURVE, "first column is 'Size (nm)' and none is q: no curve (run.dat)" },
  { "lags", NULL, 0, { 0 }, SAXID_ERROR_NO_CURVE, "first column is 'lag time (ms)' and none is q: no curve (run.dat)" },
  { "elution", NULL, 0, { 0 }, SAXID_ERROR_NO_CURVE, "first column is 'Time (min)' and none is q: no curve (run.dat)" },
  { "absorbance", NULL, 0, { 0 }, SAXID_ERROR_NO_CURVE, "first column is 'Wavelength (um)' and none is q: no curve (run.dat)" },
  { "kratky", NULL, 0, { 0 }, SAXID_ERROR_NO_CURVE, "no column is an intensity (run.dat)" },
  { "holtzer", NULL, 0, { 0 }, SAXID_ERROR_NO_CURVE, "no column is an intensity (run.dat)" },
  { "logarithm", NULL, 0, { 0 }, SAXID_ERROR_NO_CURVE, "no column is an intensity (run.dat)" },
  { "structure", NULL, 0, { 0 }, SAXID_ERROR_NO_CURVE, "no column is an intensity (run.dat)" },
  { "transmission", NULL, 0, { 0 }, SAXID_ERROR_NO_CURVE, "no column is an intensity (run.dat)" },
  { "porod", NULL, 0, { 0 }, SAXID_ERROR_NO_CURVE, "no column is an intensity (run.dat)" },
  { "chi-mm", "frame\n Radial Distance (mm)\n Intensity\n  4\n 0.1 4\n 0.2 3\n 0.3 2\n 0.4 1\n", 0, { 0 }, SAXID_ERROR_NO_CURVE,
    "the axis is 'Radial Distance (mm)', which is no q: no curve (run.dat)" },
  { "chi-pixels", "frame\n Radius (pixels)\n Intensity\n  4\n 0.1 4\n 0.2 3\n 0.3 2\n 0.4 1\n", 0, { 0 }, SAXID_ERROR_NO_CURVE,
    "the axis is 'Radius (pixels)', which is no q: no curve (run.dat)" },
  { "chi-azimuth", "frame\n Azimuthal Angle (Degrees)\n Intensity\n  4\n 0.1 4\n 0.2 3\n 0.3 2\n 0.4 1\n", 0, { 0 }, SAXID_ERROR_NO_CURVE,
    "the axis is 'Azimuthal Angle (Degrees)', which is no q: no curve (run.dat)" },
  { "negative", "-1 1\n-2 1\n", 0, { 0 }, SAXID_ERROR_DATA, "none of the 2 values of q is positive (run.dat)" },
  { "column-name", ROWS, 0, { NULL, NULL, "q,I,temperature" }, SAXID_ERROR_ARGUMENT,
    "column 'temperature' is none of q, I, sigma, dq and - (columns 'q,I,temperature')" },
  { "too-many-columns", ROWS, 0, { NULL, NULL, "q,I,sigma,dq" }, SAXID_ERROR_ARGUMENT,
    "columns 'q,I,sigma,dq' are more than the 3 of the file (run.dat)" },
  { "no-q", ROWS, 0, { NULL, NULL, "I,sigma" }, SAXID_ERROR_ARGUMENT,
    "columns 'I,sigma' lack q or I, the file has 3 (run.dat)" },
};

/* Texts that are too long to be written here: a head, and q of the point k. */
static double
image (int k)
{
  return k % 20 - 9.9;
}

static double
table (int k)
{
  return k / 20 - 9.9;
}

static double
halves (int k)
{
  return k + 0.5;
}

static double
decades (int k)
{
  return pow (10, -6 + 6 * k / 399.0);
}

static double
count (int k)
{
  return k;
}

static const struct
{
  const char *name, *head, *more;
  double (*q) (int k);
} long_ones[] = {
  { "beyond", "", "", halves },         { "lag-times", "", "", decades },
  { "image", "", " 1", image },         { "table", "", " 1", table },
  { "qx-qy", "Data are Qx - Qy - I(Qx,Qy)\n", " 1", image },
  { "log", "Time (s)\tTemperature (K)\n", "", halves }, { "distances", "  R   P(R)   ERROR\n", " 1", decades },
  { "p-of-r", "r(nm)\tP(r)\n", "", halves }, { "p-of-r-bare", "# R   P(R)\n", "", halves }, { "sizes", "Size (nm)\tNumber (%)\n", "", halves },
  { "lags", "lag time (ms)\tg2-1\n", "", halves }, { "elution", "Time (min),mAU\n", "", halves },
  { "absorbance", "Wavelength (um),Absorbance\n", "", halves }, { "kratky", "q, q^2*I(q)\n", "", halves },
  { "holtzer", "q, q*I(q)\n", "", halves }, { "logarithm", "q, log10 I\n", "", halves },
  { "structure", "q, S(q)\n", "", halves }, { "transmission", "q, Transmission\n", "", halves },
  { "porod", "q, I*q^4\n", "", halves },
  { "index-alone", "", "", count },     { "angle-alone", "2th_deg\tI\n", "", halves },
};

static char *
make_bad (const char *name)
{
  guint at = 0;
  GString *text;

  while (strcmp (long_ones[at].name, name) != 0)
    at++;
  text = g_string_new (long_ones[at].head);
  for (int k = 0; k < 400; k++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      g_ascii_formatd (number, sizeof number, "%.8g", long_ones[at].q (k));
      g_string_append_printf (text, "%s\t%d%s\n", number, 1000 - k, long_ones[at].more);
    }
  return g_string_free (text, FALSE);
}

static void
test_bad (gconstpointer data)
{
  const Bad *b = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *made = b->text == NULL ? make_bad (b->name) : NULL;
  const char *text = made != NULL ? made : b->text;

  g_assert_null (saxid_text_parse (text, b->n > 0 ? b->n : strlen (text), "run.dat", &b->options, &error));
  g_assert_error (error, SAXID_ERROR, b->code);
  g_assert_cmpstr (error->message, ==, b->message);
}

static void
test_bad_path (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (saxid_text_read ("/nonexistent/run.dat", NULL, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_IO);
  g_assert_cmpstr (error->message, ==, "file cannot be opened: No such file or directory (/nonexistent/run.dat)");
  g_clear_error (&error);
  g_assert_null (saxid_text_read ("/", NULL, &error));
  g_assert_cmpstr (error->message, ==, "a directory is no data file (/)");
}

static void
test_measured (void)
{
  const char *data = g_getenv ("SAXID_DATA");
  g_autofree char *path = data != NULL ? g_build_filename (data, "curves", "apoferritin.txt", NULL) : NULL;
  g_autoptr (SaxidMeasurement) measurement = NULL;

  if (path == NULL || !g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("SAXID_DATA is not set");
      return;
    }
  measurement = saxid_text_read (path, NULL, NULL);
  g_assert_nonnull (measurement);
  g_assert_cmpuint (measurement->curve->n, ==, 395);
  g_assert_cmpfloat (measurement->curve->q[0], ==, 0.0055);
  g_assert_cmpfloat (measurement->curve->intensity[0], ==, 6.648618e-01);
  g_assert_cmpfloat (measurement->curve->sigma[0], ==, 1.143732e-01);
  g_assert_cmpfloat (measurement->curve->dq[0], ==, 8.935321e-04);
  g_assert_cmpstr (measurement->title, ==, "Ferritin_SANS");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize k = 0; k < G_N_ELEMENTS (layouts); k++)
    {
      g_autofree char *name = g_strconcat ("/text/layout/", layouts[k].name, NULL);

      g_test_add_data_func (name, &layouts[k], test_layout);
    }
  for (gsize k = 0; k < G_N_ELEMENTS (bad); k++)
    {
      g_autofree char *name = g_strconcat ("/text/bad/", bad[k].name, NULL);

      g_test_add_data_func (name, &bad[k], test_bad);
    }
  g_test_add_func ("/text/locale", test_locale);
  g_test_add_func ("/text/titles", test_titles);
  g_test_add_func ("/text/options", test_options);
  g_test_add_func ("/text/not-a-number", test_not_a_number);
  g_test_add_func ("/text/several-blocks", test_several_blocks);
  g_test_add_func ("/text/small-table-is-none", test_small_table_is_none);
  g_test_add_func ("/text/spectra", test_spectra);
  g_test_add_func ("/text/damaged-rows", test_damaged_rows);
  g_test_add_func ("/text/numbers-of-others", test_numbers_of_others);
  g_test_add_func ("/text/block-with-errors-first", test_block_with_errors_first);
  g_test_add_func ("/text/empty-cells", test_empty_cells);
  g_test_add_func ("/text/third-column-may-be-a-fit", test_third_column_may_be_a_fit);
  g_test_add_func ("/text/index-is-left-out", test_index_is_left_out);
  g_test_add_func ("/text/several-curves", test_several_curves);
  g_test_add_func ("/text/variance", test_variance);
  g_test_add_func ("/text/shadow", test_shadow);
  g_test_add_func ("/text/angles", test_angles);
  g_test_add_func ("/text/energy-note", test_energy_note);
  g_test_add_func ("/text/signs", test_signs);
  g_test_add_func ("/text/last-digits", test_last_digits);
  g_test_add_func ("/text/unclear-signs", test_unclear_signs);
  g_test_add_func ("/text/relative", test_relative);
  g_test_add_func ("/text/unit-of-intensity", test_unit_of_intensity);
  g_test_add_func ("/text/utf-16", test_utf16);
  g_test_add_func ("/text/bad/path", test_bad_path);
  g_test_add_func ("/text/measured", test_measured);
  return g_test_run ();
}
