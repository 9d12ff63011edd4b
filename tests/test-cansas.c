/* Is canSAS XML read, is NXcanSAS written so that our own reader gets every
 * number back, and is a file replaced whole or not at all? */
#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "reducers/error.h"
#include "schemas/curve/cansas-file.h"
#include "schemas/curve/reader.h"
#include "schemas/disk/atomic-file.h"
#include "schemas/text/cansas-xml.h"

#define N 20

static char *folder;

/* --- XML ------------------------------------------------------------------ */

#define HEAD "<?xml version=\"1.0\"?>\n<SASroot version=\"1.1\" xmlns=\"urn:cansas1d:1.1\">\n"

static void
add_entry (GString *xml, const char *name, const char *q_unit, const char *i_unit, double first, const char *more)
{
  g_string_append_printf (xml, "<SASentry name=\"%s\"><Title>%s &amp; more</Title><Run>7</Run><SASdata>\n", name,
                          name);
  for (int k = 0; k < N; k++)
    g_string_append_printf (xml,
                            "<Idata><Q unit=\"%s\">%.17g</Q><I unit=\"%s\">%.17g</I><Idev unit=\"%s\">%d</Idev>"
                            "%s</Idata>\n",
                            q_unit, 0.01 * (k + 1), i_unit, first + k, i_unit, k + 1, more);
  g_string_append (xml, "</SASdata><SASsample><ID> water </ID></SASsample></SASentry>\n");
}

static void
test_xml (void)
{
  g_autoptr (GString) xml = g_string_new (HEAD);
  g_autoptr (GPtrArray) curves = NULL;
  const SaxidMeasurement *one, *two;

  add_entry (xml, "one", "1/A", "1/cm", 5, "<Qdev unit=\"1/A\">0</Qdev>");
  add_entry (xml, "two", "1/nm", "1/m", 9, "<Qdev unit=\"1/nm\">0.001</Qdev>");
  g_string_append (xml, "</SASroot>");
  curves = saxid_cansas_xml_parse (xml->str, xml->len, "a/b.xml", NULL, NULL);
  g_assert_nonnull (curves);
  g_assert_cmpuint (curves->len, ==, 2);
  one = curves->pdata[0];
  two = curves->pdata[1];
  g_assert_cmpstr (one->title, ==, "one & more");
  g_assert_cmpstr (one->run, ==, "7");
  g_assert_cmpstr (one->sample, ==, "water");
  g_assert_cmpstr (one->file, ==, "b.xml");
  g_assert_cmpuint (one->curve->n, ==, N);
  g_assert_null (one->curve->dq);
  for (int k = 0; k < N; k++)
    {
      g_assert_cmpfloat (one->curve->q[k], ==, 0.01 * (k + 1));
      g_assert_cmpfloat (one->curve->intensity[k], ==, 5 + k);
      g_assert_cmpfloat (two->curve->q[k], ==, 0.01 * (k + 1) / 10);
      g_assert_cmpfloat (two->curve->dq[k], ==, 0.0001);
      g_assert_cmpfloat_with_epsilon (two->curve->intensity[k], (9 + k) / 100.0, 1e-15);
      g_assert_cmpfloat_with_epsilon (two->curve->sigma[k], (1 + k) / 100.0, 1e-15);
    }
  g_assert_true (two->absolute);
}

/* The length of a slit is in the unit of q, and a note has it in 1/Å. */
static void
test_xml_slit (void)
{
  g_autoptr (GString) xml = g_string_new (HEAD);
  g_autoptr (GPtrArray) curves = NULL;
  const SaxidMeasurement *one;

  add_entry (xml, "one", "1/nm", "1/cm", 5, "<dQw unit=\"1/nm\">0</dQw><dQl unit=\"1/nm\">0.45</dQl>");
  g_string_append (xml, "</SASroot>");
  curves = saxid_cansas_xml_parse (xml->str, xml->len, "b.xml", NULL, NULL);
  g_assert_nonnull (curves);
  one = curves->pdata[0];
  g_assert_cmpfloat_with_epsilon (one->curve->slit, 0.045, 1e-15);
  g_assert_cmpstr (one->notes->pdata[0], ==, "slit-smeared (slit length 0.045 1/Å): form factors are fitted as seen through it");
}

#define POINT "<Idata><Q unit=\"1/A\">0.1</Q><I>1</I></Idata>"

static void
test_xml_labels_and_shadow (void)
{
  g_autoptr (GString) xml = g_string_new (HEAD);
  g_autoptr (GPtrArray) curves = NULL;
  const SaxidMeasurement *one, *two;

  add_entry (xml, "one", "\\rm{Q} | nm^{-1}", "\\rm{Intensity} | cm^{-1}", 5, "<Shadowfactor>1</Shadowfactor>");
  add_entry (xml, "two", "1/A", "1/cm", 5, "<Shadowfactor>1</Shadowfactor>");
  g_string_append (xml, "</SASroot>");
  for (guint k = 0; k < 3; k++) /* the first points of the second */
    {
      char *at = g_strrstr (xml->str, "<SASentry name=\"two\"");

      for (guint j = 0; j <= k; j++)
        at = strstr (at + 1, "<Shadowfactor>");
      at[strlen ("<Shadowfactor>")] = '0';
    }
  curves = saxid_cansas_xml_parse (xml->str, xml->len, "b.xml", NULL, NULL);
  g_assert_nonnull (curves);
  one = curves->pdata[0];
  two = curves->pdata[1];
  g_assert_cmpuint (one->curve->n, ==, N);
  g_assert_cmpfloat_with_epsilon (one->curve->q[0], 0.001, 1e-15);
  g_assert_true (one->absolute);
  g_assert_cmpuint (two->curve->n, ==, N - 3);
  g_assert_cmpfloat (two->curve->q[0], ==, 0.04);
  g_assert_cmpstr (two->notes->pdata[0], ==, "left out: 3 points behind the beam stop (ShadowFactor below 0.98)");
}

typedef struct
{
  const char *name, *xml;
  int code;
  const char *message;
} Bad;

static const Bad bad[] = {
  { "broken", "<SASroot><SASentry>", SAXID_ERROR_FORMAT, NULL },
  { "html", "<html><body/></html>", SAXID_ERROR_FORMAT, "XML begins with <html>, canSAS with <SASroot> (x.xml)" },
  { "no-entry", "<SASroot/>", SAXID_ERROR_NO_CURVE, "no SASdata in 0 SASentry (x.xml)" },
  { "no-data", "<SASroot><SASentry/></SASroot>", SAXID_ERROR_NO_CURVE, "no SASdata in 1 SASentry (x.xml)" },
  { "no-point", "<SASroot><SASentry><SASdata/></SASentry></SASroot>", SAXID_ERROR_NO_CURVE,
    "SASdata without a point (x.xml, line 1)" },
  { "unit", "<SASroot><SASentry><SASdata><Idata><Q unit=\"ell\">1</Q><I>1</I></Idata></SASdata></SASentry></SASroot>",
    SAXID_ERROR_UNIT, "unit of q is 'ell', known are 1/Å (1/A, 1/angstrom, A^-1), 1/nm, 1/µm, 1/m (x.xml)" },
  { "unit-changes",
    "<SASroot><SASentry><SASdata>" POINT "<Idata><Q unit=\"1/nm\">1</Q><I>1</I></Idata></SASdata></SASentry></SASroot>",
    SAXID_ERROR_UNIT, "unit of Q changes from '1/A' to '1/nm' at point 1 (x.xml)" },
  { "no-number", "<SASroot><SASentry><SASdata><Idata><Q>x</Q><I>1</I></Idata></SASdata></SASentry></SASroot>",
    SAXID_ERROR_DATA, "none of the 1 values of q is positive (x.xml)" },
  { "entity",
    "<!DOCTYPE SASroot [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><SASroot><SASentry><Title>&x;</Title>"
    "<SASdata>" POINT "</SASdata></SASentry></SASroot>",
    SAXID_ERROR_FORMAT, "XML brings a document type with it, which no canSAS file does (x.xml)" },
  { "laughs",
    "<!DOCTYPE z [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;\">]>"
    "<SASroot>&c;</SASroot>",
    SAXID_ERROR_FORMAT, NULL },
};

static void
test_bad_xml (gconstpointer data)
{
  const Bad *b = data;
  g_autoptr (GError) error = NULL;

  g_assert_null (saxid_cansas_xml_parse (b->xml, strlen (b->xml), "x.xml", NULL, &error));
  g_assert_error (error, SAXID_ERROR, b->code);
  g_assert_null (strchr (error->message, '\n'));
  if (b->message != NULL)
    g_assert_cmpstr (error->message, ==, b->message);
}

/* A tag with very many attributes takes a parser the square of their number; a long comment is none. */
static void
test_long_tag (void)
{
  g_autoptr (GString) xml = g_string_new ("<SASroot><!--");
  g_autoptr (GError) error = NULL;

  for (guint k = 0; k < 20000; k++)
    g_string_append (xml, "a='1' ");
  g_string_append (xml, "--><SASentry><SASdata><x></x></SASdata></SASentry></SASroot>");
  g_assert_null (saxid_cansas_xml_parse (xml->str, xml->len, "x.xml", NULL, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE);
  g_clear_error (&error);
  g_string_truncate (xml, strlen ("<SASroot>"));
  g_string_append (xml, "<SASentry");
  for (guint k = 0; k < 200000; k++)
    g_string_append_printf (xml, " a%u='1'", k);
  g_string_append (xml, "/></SASroot>");
  g_assert_null (saxid_cansas_xml_parse (xml->str, xml->len, "x.xml", NULL, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT);
  g_assert_cmpstr (error->message, ==, "XML has a tag of more than 65536 bytes, at byte 9 (x.xml)");
}

/* --- NXcanSAS --------------------------------------------------------------- */

static SaxidMeasurement *
measurement (gboolean sigma, const double *dq)
{
  SaxidMeasurement *m = saxid_measurement_new ("/data/run é.txt");

  m->curve = saxid_curve_new (N, sigma, dq != NULL);
  m->absolute = sigma;
  m->title = g_strdup ("gold, 5 nm é");
  m->sample = g_strdup ("gold");
  for (int k = 0; k < N; k++)
    {
      m->curve->q[k] = 0.01 * (k + 1);
      m->curve->intensity[k] = 1.0 / (k + 3);
      if (sigma)
        m->curve->sigma[k] = 0.1 / (k + 7);
      if (dq != NULL)
        m->curve->dq[k] = dq[k];
    }
  saxid_measurement_note (m, "said by the test");
  return m;
}

static void
test_round_trip (void)
{
  g_autofree char *path = g_build_filename (folder, "out.nxs", NULL);
  double dq[N] = { 0 }, zero[N] = { 0 };
  SaxidMeasurement *all[3];
  g_autoptr (SaxidReader) reader = NULL;

  for (int k = 2; k < N; k++)
    dq[k] = 0.001 * k;
  dq[9] = NAN;
  all[0] = measurement (TRUE, dq);
  all[1] = measurement (FALSE, NULL);
  all[2] = measurement (TRUE, zero);
  all[2]->curve->slit = 0.045;
  g_assert_true (saxid_cansas_write (path, all, 3, "saxid test", NULL));
  reader = saxid_reader_open (path, NULL, NULL);
  g_assert_nonnull (reader);
  g_assert_cmpuint (saxid_reader_source_count (reader), ==, 3);
  g_assert_cmpuint (saxid_reader_refusal_count (reader), ==, 0);
  for (guint s = 0; s < 3; s++)
    {
      const SaxidSource *source = saxid_reader_source (reader, s);
      g_autoptr (SaxidCurve) curve = saxid_reader_curve (reader, s, 0, NULL);
      gsize bytes = N * sizeof (double);

      g_assert_cmpstr (source->dialect, ==, "NXcanSAS");
      g_assert_cmpstr (source->title, ==, "gold, 5 nm é");
      g_assert_cmpstr (source->sample, ==, "gold");
      g_assert_cmpstr (source->q_unit, ==, "1/angstrom");
      g_assert_cmpstr (source->i_unit, ==, s == 1 ? "arbitrary" : "1/cm");
      g_assert_true (s == 2 ? strstr (source->notes[0], "slit length 0.045 1/Å") != NULL : source->notes[0] == NULL);
      g_assert_cmpfloat (curve->slit, ==, s == 2 ? 0.045 : 0);
      g_assert_cmpmem (curve->q, bytes, all[s]->curve->q, bytes);
      g_assert_cmpmem (curve->intensity, bytes, all[s]->curve->intensity, bytes);
      if (s == 1)
        g_assert_null (curve->sigma);
      else
        g_assert_cmpmem (curve->sigma, bytes, all[s]->curve->sigma, bytes);
      g_assert_cmpint (curve->dq != NULL, ==, s == 0);
      for (int k = 0; s == 0 && k < N; k++) /* zero and NaN take their neighbour's */
        g_assert_cmpfloat (curve->dq[k], ==, k < 2 ? dq[2] : k == 9 ? dq[8] : dq[k]);
    }
  for (guint s = 0; s < 3; s++)
    saxid_measurement_free (all[s]);
}

/* --- replacing ---------------------------------------------------------------- */

static guint
files_in_folder (void)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  g_dir_close (dir);
  return n;
}

static void
test_atomic (void)
{
  g_autofree char *path = g_build_filename (folder, "kept", NULL);
  g_autofree char *link = g_build_filename (folder, "link", NULL);
  g_autofree char *text = NULL;
  guint before;
  struct stat st;
  SaxidAtomicFile *file;

  g_assert_true (g_file_set_contents (path, "old", -1, NULL));
  g_assert_cmpint (g_chmod (path, 0640), ==, 0);
  g_assert_cmpint (symlink ("kept", link), ==, 0);
  before = files_in_folder ();

  file = saxid_atomic_begin (path, NULL);
  g_assert_true (g_file_set_contents (saxid_atomic_path (file), "half", -1, NULL));
  saxid_atomic_abort (file);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "old");
  g_assert_cmpuint (files_in_folder (), ==, before);

  file = saxid_atomic_begin (link, NULL);
  {
    FILE *out = fopen (saxid_atomic_path (file), "w");

    fputs ("new", out);
    fclose (out);
  }
  g_assert_true (saxid_atomic_commit (file, NULL));
  g_clear_pointer (&text, g_free);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "new");
  g_assert_cmpint (g_lstat (link, &st), ==, 0);
  g_assert_true (S_ISLNK (st.st_mode));
  g_assert_cmpint (g_stat (path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0640);
  g_assert_cmpuint (files_in_folder (), ==, before);
}

/* Somebody puts a link in the place of the temporary file, to have another file replaced. */
static void
test_atomic_exchanged (void)
{
  g_autofree char *path = g_build_filename (folder, "target", NULL), *kept = g_build_filename (folder, "kept", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  SaxidAtomicFile *file = saxid_atomic_begin (path, NULL);

  g_assert_nonnull (file);
  g_assert_cmpint (g_unlink (saxid_atomic_path (file)), ==, 0);
  g_assert_cmpint (symlink ("kept", saxid_atomic_path (file)), ==, 0);
  g_assert_true (saxid_atomic_write (file, "new", 3, NULL));
  g_assert_false (saxid_atomic_commit (file, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_IO);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_get_contents (kept, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "new");
}

static void
test_atomic_nowhere (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (saxid_atomic_begin ("/nonexistent/dir/x.nxs", &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_IO);
  g_assert_cmpstr (error->message, ==,
                   "file cannot be written: No such file or directory (/nonexistent/dir/x.nxs)");
}

static void
remove_all (void)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_remove (path);
    }
  g_dir_close (dir);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("saxid-cansas-XXXXXX", NULL);
  g_test_add_func ("/cansas/xml", test_xml);
  g_test_add_func ("/cansas/xml/slit", test_xml_slit);
  g_test_add_func ("/cansas/xml/labels-and-shadow", test_xml_labels_and_shadow);
  for (gsize k = 0; k < G_N_ELEMENTS (bad); k++)
    {
      g_autofree char *name = g_strconcat ("/cansas/xml/bad/", bad[k].name, NULL);

      g_test_add_data_func (name, &bad[k], test_bad_xml);
    }
  g_test_add_func ("/cansas/xml/long-tag", test_long_tag);
  g_test_add_func ("/cansas/round-trip", test_round_trip);
  g_test_add_func ("/atomic-file/replace", test_atomic);
  g_test_add_func ("/atomic-file/exchanged", test_atomic_exchanged);
  g_test_add_func ("/atomic-file/nowhere", test_atomic_nowhere);
  result = g_test_run ();
  remove_all ();
  g_free (folder);
  return result;
}
