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

double
saxid_order_select (double *values, gsize n, gsize rank)
{
  gssize left = 0, right = (gssize) n - 1;

  while (left < right)
    {
      const double pivot = values[rank];
      gssize i = left, j = right;

      while (i <= j)
        {
          while (values[i] < pivot)
            i++;
          while (pivot < values[j])
            j--;
          if (i <= j)
            {
              const double other = values[i];

              values[i++] = values[j];
              values[j--] = other;
            }
        }
      if (j < (gssize) rank)
        left = i;
      if ((gssize) rank < i)
        right = j;
    }
  return values[rank];
}
