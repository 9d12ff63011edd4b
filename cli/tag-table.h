/* The table that `saxid tag` prints: one row per curve, while they come.
 *
 * Thread: a table belongs to one thread.
 */
#pragma once

#include <stdio.h>

#include "cli/progress.h"
#include "cli/report-page/curve.h"

G_BEGIN_DECLS

typedef struct SaxidTagTable SaxidTagTable;

typedef struct
{
  FILE *out;                     /* stdout */
  const char *const *file;       /* all files to come, NULL-terminated: widths follow */
  const char *const *entry;      /* all entries to come, where files have several; NULL: no column */
  const char *const *class_name; /* all classes, NULL-terminated */
  gint64 max_frame;              /* highest frame to come; -1: single curves, no column; 0: not known */
  guint width;                   /* 0: that of the terminal; without one, as wide as needed */
  SaxidProgress *progress;       /* hidden before a row is printed; or NULL */
} SaxidTagTableOptions;

/* Prints nothing yet; the header comes with the first row. */
SaxidTagTable *saxid_tag_table_new (const SaxidTagTableOptions *options);
void saxid_tag_table_row (SaxidTagTable *table, const SaxidReportCurve *curve);
/* Prints the summary (number of curves, of each class, of each flag) and frees. */
void saxid_tag_table_end (SaxidTagTable *table);

G_END_DECLS
