/* Are the dates that programs write understood, and is what is none refused? */
#include <glib.h>

#include "schemas/dates.h"

static void
test_spellings (void)
{
  static const char *const rows[][2] = {
    { "2018-06-06T10:46:56", "2018-06-06T10:46:56" },
    { "2018-06-06T10:46:56.123+0000", "2018-06-06T10:46:56+0000" },
    { "2018-06-06T10:46:56-05:00", "2018-06-06T10:46:56-05:00" },
    { "2018-06-06T10:46:56Z", "2018-06-06T10:46:56Z" },
    { "2025-02-21 12:20:13.290068", "2025-02-21T12:20:13" },
    { " 2025-02-21 12:20 ", "2025-02-21T12:20:00" },
    { "2025-02-21", "2025-02-21" },
    { "Wed Jun 06 10:46:56 2018", "2018-06-06T10:46:56" },
    { "Sun Jun 10 11:49:48 2018", "2018-06-10T11:49:48" },
    { "11-May-2016 12:15:34", "2016-05-11T12:15:34" },
    { "11-may-2016", "2016-05-11" },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (rows); k++)
    {
      g_autofree char *date = saxid_date_iso (rows[k][0]);

      g_assert_cmpstr (date, ==, rows[k][1]);
    }
}

static void
test_none (void)
{
  static const char *const texts[]
    = { NULL, "", "yesterday", "2018", "2018-02-30", "2018-13-01", "2018-06-06T25:00:00", "2018-6-6", "2018-06-06x", "0000-00-00",
        "Wed Foo 06 10:46:56 2018", "11-Foo-2016", "06/06/2018",
        "2018-06-06T10:46:56                                                                        " };

  for (gsize k = 0; k < G_N_ELEMENTS (texts); k++)
    g_assert_null (saxid_date_iso (texts[k]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dates/spellings", test_spellings);
  g_test_add_func ("/dates/none", test_none);
  return g_test_run ();
}
