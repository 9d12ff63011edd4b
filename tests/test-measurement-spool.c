/* Does a curve come through the spool as it was, and a damaged one not at all? */
#include <math.h>
#include <unistd.h>

#include "reducers/error.h"
#include "schemas/text/measurement-spool.h"

static SaxidMeasurement *
sample (gboolean rich)
{
  SaxidMeasurement *m = saxid_measurement_new ("run é.txt");

  m->curve = saxid_curve_new (20, rich, rich);
  for (gsize k = 0; k < m->curve->n; k++)
    {
      m->curve->q[k] = 0.01 * (double) (k + 1);
      m->curve->intensity[k] = k == 3 ? NAN : exp (-0.1 * (double) k);
      if (rich)
        m->curve->sigma[k] = m->curve->dq[k] = 1e-300;
    }
  m->curve->left_out = 1;
  m->curve->slit = rich ? 0.045 : 0;
  if (!rich)
    return m;
  m->absolute = TRUE;
  m->q_unit = g_strdup ("1/nm");
  m->title = g_strdup ("");
  m->sample = g_strdup ("gold \xff");
  saxid_measurement_note (m, "one");
  saxid_measurement_note (m, "two");
  return m;
}

static int
filled (void)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_measurement_free);
  g_autoptr (GError) error = NULL;
  const int fd = saxid_measurement_spool_open (&error);

  g_assert_no_error (error);
  for (guint k = 0; k < 2; k++) /* what was there before is gone */
    {
      g_ptr_array_set_size (all, 0);
      g_ptr_array_add (all, sample (TRUE));
      g_ptr_array_add (all, sample (FALSE));
      g_assert_true (saxid_measurement_spool_put (fd, all, &error));
    }
  return fd;
}

static void
test_whole (void)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_measurement_free);
  const int fd = filled ();
  g_autoptr (GError) error = NULL;
  const SaxidMeasurement *m;

  g_assert_true (saxid_measurement_spool_take (fd, all, &error));
  g_assert_cmpuint (all->len, ==, 2);
  m = all->pdata[0];
  g_assert_cmpstr (m->file, ==, "run é.txt");
  g_assert_true (m->absolute);
  g_assert_cmpstr (m->q_unit, ==, "1/nm");
  g_assert_null (m->i_unit);
  g_assert_cmpstr (m->title, ==, "");
  g_assert_cmpstr (m->sample, ==, "gold \xef\xbf\xbd");
  g_assert_cmpuint (m->notes->len, ==, 2);
  g_assert_cmpstr (m->notes->pdata[1], ==, "two");
  g_assert_cmpuint (m->curve->n, ==, 20);
  g_assert_cmpuint (m->curve->left_out, ==, 1);
  g_assert_cmpfloat (m->curve->slit, ==, 0.045);
  g_assert_cmpfloat (m->curve->q[19], ==, 0.01 * 20);
  g_assert_true (isnan (m->curve->intensity[3]));
  g_assert_cmpfloat (m->curve->dq[19], ==, 1e-300);
  m = all->pdata[1];
  g_assert_null (m->curve->sigma);
  g_assert_null (m->curve->dq);
  g_assert_false (m->absolute);
  close (fd);
}

static void
test_damaged (void)
{
  const int fd = filled ();
  const off_t end = lseek (fd, 0, SEEK_END);

  /* a number that changed is a number; nothing is half taken */
  for (off_t at = 0; at < end; at++)
    {
      g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_measurement_free);
      g_autoptr (GError) error = NULL;
      guint8 was, other;

      g_assert_cmpint (pread (fd, &was, 1, at), ==, 1);
      other = was ^ 0xff;
      g_assert_cmpint (pwrite (fd, &other, 1, at), ==, 1);
      if (!saxid_measurement_spool_take (fd, all, &error))
        g_assert_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT);
      g_assert_cmpuint (all->len, ==, error == NULL ? 2 : 0);
      if (at < 8)
        g_assert_nonnull (error);
      g_assert_cmpint (pwrite (fd, &was, 1, at), ==, 1);
    }
  for (off_t length = end - 1; length > 0; length -= 7)
    {
      g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_measurement_free);

      g_assert_cmpint (ftruncate (fd, length), ==, 0);
      g_assert_cmpint (saxid_measurement_spool_take (fd, all, NULL), ==, all->len == 1);
      g_assert_cmpuint (all->len, <, 2);
    }
  close (fd);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/measurement-spool/whole", test_whole);
  g_test_add_func ("/measurement-spool/damaged", test_damaged);
  return g_test_run ();
}
