/* In which order do numbers stand? For qsort, and for who wants one of them alone.
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

/* The number that would stand at `rank`, from 0, if all n were sorted; they are moved about
 * (Hoare 1961, doi:10.1145/366622.366647). None may be NaN. */
double saxid_order_select (double *values, gsize n, gsize rank);

G_END_DECLS
