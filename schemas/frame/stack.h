/* Which images does a data set of HDF5 hold, by its shape?
 *
 * [height × width], [frame × height × width], and of rank 4 what is a stack all the same:
 * [1 × frame × height × width] and [frame × 1 × height × width].
 *
 * Thread: any; HDF5 one at a time.
 */
#pragma once

#include <glib.h>

#include "schemas/hdf5/hid.h"

G_BEGIN_DECLS

#define SAXID_STACK_MOST_RANK 4

typedef struct
{
  int rank;
  int axis; /* of the frames; < 0: one image */
  guint64 n, height, width;
} SaxidStack;

/* FALSE where a data set of this shape is no stack of images. */
gboolean saxid_stack_of (hid_t space, SaxidStack *stack);

/* Where a frame begins in the data set, and what it takes of each axis. */
void saxid_stack_select (const SaxidStack *stack, guint64 frame, hsize_t start[SAXID_STACK_MOST_RANK],
                         hsize_t count[SAXID_STACK_MOST_RANK]);

G_END_DECLS
