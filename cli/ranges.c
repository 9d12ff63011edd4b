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

gboolean
saxid_ranges_check (const char *verb, gsize n, const SaxidOptionRange *ranges, int *exit_code)
{
  for (gsize k = 0; k < n; k++)
    {
      const SaxidOptionRange *range = &ranges[k];
      const double value = value_of (range);
      const gboolean above = range->kind == SAXID_RANGE_ABOVE;

      /* what is no number is in no range */
      if ((above ? value > range->low : value >= range->low) && value <= range->high)
        continue;
      if (above)
        *exit_code = saxid_verb_usage (verb, "%s is %.10g, more than %.10g and at most %.10g is possible", range->option,
                                       value, range->low, range->high);
      else
        *exit_code = saxid_verb_usage (verb, "%s is %.10g, %.10g to %.10g is possible", range->option, value, range->low,
                                       range->high);
      return FALSE;
    }
  return TRUE;
}
