/* In which order do numbers stand? For qsort.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A number and where it stood. */
typedef struct
{
  double value;
  gsize at;
} SaxidOrdered;

/* Of double. */
int saxid_compare_doubles (const void *a, const void *b);

/* Of SaxidOrdered: stable, equal numbers keep the order in which they stood. */
int saxid_compare_ordered (const void *a, const void *b);

G_END_DECLS
