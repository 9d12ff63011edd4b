/* Is an option in its range?
 *
 * Thread: one thread.
 */
#include "config.h"

#include "cli/ranges.h"

#include "cli/verb.h"

static double
value_of (const SaxidOptionRange *range)
{
  switch (range->kind)
    {
    case SAXID_RANGE_INT:
      return *(const gint *) range->value;
    case SAXID_RANGE_INT64:
      return (double) *(const gint64 *) range->value;
    case SAXID_RANGE_DOUBLE:
    case SAXID_RANGE_ABOVE:
    default:
      return *(const double *) range->value;
    }
}

/* Free with g_free. */
static char *
bounds_of (const SaxidOptionRange *range)
{
  const double most = range->kind == SAXID_RANGE_INT ? G_MAXINT : (double) G_MAXINT64;

  if (range->kind == SAXID_RANGE_ABOVE)
    return g_strdup_printf ("more than %.10g and at most %.10g", range->low, range->high);
  if (range->kind != SAXID_RANGE_DOUBLE && range->high >= most) /* the type has no more */
    return g_strdup_printf ("%.10g or more", range->low);
  return g_strdup_printf ("%.10g to %.10g", range->low, range->high);
}

gboolean
saxid_ranges_check (const char *verb, gsize n, const SaxidOptionRange *ranges, int *exit_code)
{
  for (gsize k = 0; k < n; k++)
    {
      const SaxidOptionRange *range = &ranges[k];
      const double value = value_of (range);
      g_autofree char *bounds = NULL;

      /* what is no number is in no range */
      if ((range->kind == SAXID_RANGE_ABOVE ? value > range->low : value >= range->low) && value <= range->high)
        continue;
      bounds = bounds_of (range);
      *exit_code = saxid_verb_usage (verb, "%s is %.10g, %s is possible", range->option, value, bounds);
      return FALSE;
    }
  return TRUE;
}
