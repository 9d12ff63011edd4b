/* In which order do numbers stand?
 *
 * Thread: pure.
 */
#include "reducers/order.h"

int
saxid_compare_doubles (const void *a, const void *b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

int
saxid_compare_ordered (const void *a, const void *b)
{
  const SaxidOrdered *x = a, *y = b;

  if (x->value != y->value)
    return x->value < y->value ? -1 : 1;
  return x->at < y->at ? -1 : 1;
}
