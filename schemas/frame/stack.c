/* Which images does a data set hold?
 *
 * Thread: see stack.h.
 */
#include "schemas/frame/stack.h"

gboolean
saxid_stack_of (hid_t space, SaxidStack *stack)
{
  hsize_t shape[SAXID_STACK_MOST_RANK] = { 1, 1, 1, 1 };
  const int rank = H5Sget_simple_extent_ndims (space);

  if (rank < 2 || rank > SAXID_STACK_MOST_RANK || H5Sget_simple_extent_dims (space, shape, NULL) < 0)
    return FALSE;
  *stack = (SaxidStack) { .rank = rank, .axis = rank - 3, .n = 1, .height = shape[rank - 2], .width = shape[rank - 1] };
  if (rank == 4 && shape[0] != 1)
    stack->axis = 0;
  if (stack->axis >= 0)
    stack->n = shape[stack->axis];
  return rank < 4 || shape[0] == 1 || shape[1] == 1;
}

void
saxid_stack_select (const SaxidStack *stack, guint64 frame, hsize_t start[SAXID_STACK_MOST_RANK],
                    hsize_t count[SAXID_STACK_MOST_RANK])
{
  for (int k = 0; k < stack->rank; k++)
    {
      start[k] = k == stack->axis ? frame : 0;
      count[k] = k < stack->rank - 2 ? 1 : k == stack->rank - 2 ? stack->height : stack->width;
    }
}
