/* What watch prints: rows of a table with times for a person, lines with tabs for a program.
 *
 * Thread: one thread.
 */
#pragma once

#include "cli/archive/ledger.h"

G_BEGIN_DECLS

typedef struct
{
  guint width; /* of the terminal on standard output; 0: it is none */
  guint n_row;
} SaxidWatchTable;

/* For standard output. */
SaxidWatchTable saxid_watch_table (void);

/* One curve of the file at path, and when it was judged: now. On a terminal the titles come
 * first, and again every forty rows. */
void saxid_watch_table_row (SaxidWatchTable *table, const char *path, const SaxidArchiveCurve *curve);

G_END_DECLS
