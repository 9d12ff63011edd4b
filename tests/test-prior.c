/* Does a prior change probabilities as Bayes' rule has it, and is a file that is none refused? */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "models/learn/merged.h"
#include "models/learn/prior.h"
#include "reducers/error.h"
#include "schemas/learn/prior-file.h"

static SaxidPredictor *
named (const char *names)
{
  SaxidPredictor *predictor = g_new0 (SaxidPredictor, 1);

  predictor->class_name = g_strsplit (names, " ", -1);
  predictor->n_class = g_strv_length (predictor->class_name);
  return predictor;
}

static gboolean
set (SaxidPredictor *predictor, const char *name, double weight, GError **error)
{
  return saxid_predictor_set_prior (predictor, 1, &name, &weight, error);
}

static void
test_bayes (void)
{
  g_autoptr (SaxidPredictor) predictor = named ("sphere disc cylinder");
  float p[] = { 0.2f, 0.5f, 0.3f };

  g_assert_true (set (predictor, "sphere", 4, NULL));
  g_assert_cmpfloat_with_epsilon (saxid_prior_of (predictor, 0), 4.0 / 6, 1e-12);
  g_assert_cmpfloat_with_epsilon (saxid_prior_of (predictor, 2), 1.0 / 6, 1e-12);
  saxid_prior_apply (predictor, p);
  g_assert_cmpfloat_with_epsilon (p[0], 0.8 / 1.6, 1e-6);
  g_assert_cmpfloat_with_epsilon (p[1], 0.5 / 1.6, 1e-6);
  g_assert_cmpfloat_with_epsilon (p[2], 0.3 / 1.6, 1e-6);
}

/* To the last bit, or every verdict would change a little. */
static void
test_uniform (void)
{
  g_autoptr (SaxidPredictor) predictor = named ("sphere disc cylinder");
  const char *const name[] = { "sphere", "disc", "cylinder", "oblate" };
  const double weight[] = { 0.3, 0.3, 0.3, 7 }; /* the last one is of another model */
  float p[] = { 0.2f, 0.5f, 0.3f };
  const float before[] = { 0.2f, 0.5f, 0.3f };

  g_assert_true (saxid_predictor_set_prior (predictor, 4, name, weight, NULL));
  g_assert_null (predictor->prior);
  saxid_prior_apply (predictor, p);
  g_assert_cmpmem (p, sizeof p, before, sizeof before);
}

static void
test_ruled_out (void)
{
  g_autoptr (SaxidPredictor) predictor = named ("sphere disc cylinder");
  float p[] = { 0.6f, 0.1f, 0.3f }, all[] = { 1, 0, 0 };

  g_assert_true (set (predictor, "sphere", 0, NULL));
  saxid_prior_apply (predictor, p);
  g_assert_cmpfloat (p[0], ==, 0);
  g_assert_cmpfloat_with_epsilon (p[1], 0.25, 1e-6);
  saxid_prior_apply (predictor, all);
  g_assert_cmpfloat_with_epsilon (all[1], 0.5, 1e-6);
}

static void
test_extreme (void)
{
  g_autoptr (SaxidPredictor) predictor = named ("sphere disc");
  float p[] = { 0.5f, 0.5f };

  g_assert_true (set (predictor, "sphere", 1e308, NULL));
  saxid_prior_apply (predictor, p);
  g_assert_cmpfloat_with_epsilon (p[0], 1, 1e-6);
  g_assert_cmpfloat_with_epsilon (p[1], 0, 1e-6);
}

/* What counts as an oblate ellipsoid was half of it discs. */
static void
test_merged (void)
{
  g_autoptr (SaxidPredictor) predictor = named ("sphere disc oblate core_shell_disc core_shell_oblate");

  g_assert_true (set (predictor, "disc", 5, NULL));
  g_assert_true (saxid_predictor_merge (predictor, "nine", NULL));
  g_assert_cmpfloat_with_epsilon (predictor->prior[1] / predictor->prior[0], 3, 1e-9);
  g_assert_cmpfloat_with_epsilon (predictor->prior[2] / predictor->prior[0], 1, 1e-9);
}

static void
test_refused (void)
{
  static const struct
  {
    const char *name;
    double weight;
    const char *message;
  } cases[] = {
    { "spere", 1, "'spere'" }, { "sphere", -1, "-1" }, { "sphere", NAN, "nan" }, { "disc", INFINITY, "inf" },
    { "sphere", 0, "are 0" }, /* the only one */
  };

  for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autoptr (SaxidPredictor) predictor = named ("sphere");
      g_autoptr (GError) error = NULL;

      g_assert_false (set (predictor, cases[k].name, cases[k].weight, &error));
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
      g_assert_nonnull (strstr (error->message, cases[k].message));
      g_assert_null (strchr (error->message, '\n'));
      g_assert_null (predictor->prior);
    }
}

static void
test_file (void)
{
  static const struct
  {
    const char *text;
    int code; /* 0: sound */
  } cases[] = {
    { "# of one laboratory\n[prior]\nsphere = 2.5\ndisc = 0\n", 0 },
    { "[prior]\nsphere = 2,5\n", SAXID_ERROR_ARGUMENT },
    { "[prior]\nsphere = many\n", SAXID_ERROR_ARGUMENT },
    { "[prior]\nsphere =\n", SAXID_ERROR_ARGUMENT },
    { "[prior]\nsphere = 1\n[posterior]\ndisc = 1\n", SAXID_ERROR_ARGUMENT },
    { "[weights]\nsphere = 1\n", SAXID_ERROR_ARGUMENT },
    { "sphere = 1\n", SAXID_ERROR_ARGUMENT },
    { "", SAXID_ERROR_ARGUMENT },
    { "\211HDF\r\n\032\n", SAXID_ERROR_ARGUMENT },
  };
  g_autofree char *directory = g_dir_make_tmp ("saxid-prior-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "a.prior", NULL);
  g_autofree char *large = g_strnfill (100 << 10, '#');
  g_autoptr (GError) error = NULL;

  for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autoptr (SaxidPriorFile) file = NULL;

      g_assert_true (g_file_set_contents (path, cases[k].text, -1, NULL));
      file = saxid_prior_file_read (path, &error);
      if (cases[k].code == 0)
        {
          g_assert_no_error (error);
          g_assert_cmpuint (file->n, ==, 2);
          g_assert_cmpstr (file->name[1], ==, "disc");
          g_assert_cmpfloat (file->weight[0], ==, 2.5);
          continue;
        }
      g_assert_error (error, SAXID_ERROR, cases[k].code);
      g_assert_nonnull (strstr (error->message, path));
      g_clear_error (&error);
    }
  g_assert_true (g_file_set_contents (path, large, -1, NULL));
  g_assert_null (saxid_prior_file_read (path, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_null (saxid_prior_file_read (directory, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_IO);
  g_clear_error (&error);
  g_remove (path);
  g_assert_null (saxid_prior_file_read (path, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_IO);
  g_rmdir (directory);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/prior/bayes", test_bayes);
  g_test_add_func ("/prior/uniform", test_uniform);
  g_test_add_func ("/prior/ruled-out", test_ruled_out);
  g_test_add_func ("/prior/extreme", test_extreme);
  g_test_add_func ("/prior/merged", test_merged);
  g_test_add_func ("/prior/refused", test_refused);
  g_test_add_func ("/prior/file", test_file);
  return g_test_run ();
}
