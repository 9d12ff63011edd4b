/* Is the number that would stand at a rank the one that sorting puts there? */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reducers/order.h"

#define MOST 200

static void
check_all_ranks (const double *values, gsize n)
{
  double sorted[MOST], moved[MOST];

  memcpy (sorted, values, n * sizeof *sorted);
  qsort (sorted, n, sizeof *sorted, saxid_compare_doubles);
  for (gsize rank = 0; rank < n; rank++)
    {
      memcpy (moved, values, n * sizeof *moved);
      g_assert_cmpfloat (saxid_order_select (moved, n, rank), ==, sorted[rank]);
      qsort (moved, n, sizeof *moved, saxid_compare_doubles);
      g_assert_cmpmem (moved, n * sizeof *moved, sorted, n * sizeof *sorted); /* moved about, none lost */
    }
}

/* Few different numbers, many, sorted either way, all the same, infinities. */
static void
test_select (void)
{
  double values[MOST];

  for (guint different = 1; different <= 10000; different *= 10)
    for (gsize n = 1; n <= MOST; n += 1 + n / 7)
      {
        for (gsize k = 0; k < n; k++)
          values[k] = g_test_rand_int_range (0, (gint32) different);
        check_all_ranks (values, n);
        qsort (values, n, sizeof *values, saxid_compare_doubles);
        check_all_ranks (values, n);
        for (gsize k = 0; k < n; k++)
          values[k] = -values[k];
        check_all_ranks (values, n);
        values[n / 2] = HUGE_VAL;
        values[n / 3] = -HUGE_VAL;
        check_all_ranks (values, n);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/order/select", test_select);
  return g_test_run ();
}
