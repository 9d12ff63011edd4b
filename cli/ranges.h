/* Which numbers may an option have? One row for each, instead of a comparison and a message.
 *
 * Thread: one thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SAXID_RANGE_INT,    /* gint */
  SAXID_RANGE_INT64,  /* gint64 */
  SAXID_RANGE_DOUBLE, /* double */
  SAXID_RANGE_ABOVE   /* double, and the lower end is not possible itself */
} SaxidRangeKind;

typedef struct
{
  const char *option; /* "--folds" */
  SaxidRangeKind kind;
  gconstpointer value;
  double low, high;
} SaxidOptionRange;

/* Rows for what one file may take: addresses of double, s and GiB. */
#define SAXID_LIMIT_RANGES(seconds_, gib_)                   \
  { "--time-limit", SAXID_RANGE_ABOVE, seconds_, 0, 1e6 },   \
  { "--memory-limit", SAXID_RANGE_DOUBLE, gib_, 0.25, 1e4 }

/* Whether all of them are in their ranges; otherwise *exit_code is that of the usage error
 * that was printed: "--folds is 1, 2 to 100 is possible". */
gboolean saxid_ranges_check (const char *verb, gsize n, const SaxidOptionRange *ranges, int *exit_code);

G_END_DECLS
