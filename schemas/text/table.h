/* Where in a text are blocks of numbers?
 *
 * A block is a run of lines with one and the same number of numbers; comments and empty
 * lines do not end one, nor does a row with a remark behind it or a cell that is no number
 * (NaN) where q goes on. A comment with names of columns ends one that has begun only.
 * Columns are told by blanks, tabs, commas or semicolons, or by signs (signs.h); where a
 * reading by cells finds a longer block, an empty cell is a hole (NaN). Numbers may be quoted,
 * have decimal commas, commas between thousands and Fortran exponents, and are read without
 * regard to the locale.
 *
 * Shape: value is [n_row × n_column], row after row. Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SAXID_TEXT_MOST_COLUMNS 1024

typedef struct
{
  guint first, last; /* lines of the block, last exclusive */
  guint n_column;
  gsize n_row;
  gsize n_damaged; /* rows with something in or behind them that is no number */
} SaxidTextBlock;

typedef struct
{
  char *text;
  GPtrArray *lines;   /* char *, into the text or resolved */
  GStringChunk *resolved; /* rows without the signs between their numbers (signs.h) */
  gboolean has_marks; /* some of them have marks of signs.h */
  gboolean cells;     /* columns are told by single commas, semicolons or tabs */
  GArray *blocks;     /* SaxidTextBlock of SAXID_CURVE_MIN_POINTS rows and more in the order of the file;
                         where there is none, the longest */
} SaxidTextTable;

/* Errors: SAXID_ERROR_FORMAT (no text), SAXID_ERROR_NO_CURVE (no two columns of numbers). */
SaxidTextTable *saxid_text_table_new (const char *bytes, gsize n, const char *name, GError **error);
void saxid_text_table_free (SaxidTextTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidTextTable, saxid_text_table_free)

/* The numbers of a block; NULL with SAXID_ERROR_LIMIT where there are too many. g_free. */
double *saxid_text_table_read (const SaxidTextTable *table, const SaxidTextBlock *block, const char *name,
                               GError **error);

/* What stands before each of the n_column numbers of every row: a mark of signs.h behind
 * which it is the uncertainty of the one before, or 0. FALSE: nothing, or not in every row the same. */
gboolean saxid_text_table_marks (const SaxidTextTable *table, const SaxidTextBlock *block, char *marks);

/* The cells of a line, without outer blanks and quotes, that a separator tells apart: "|", "\t",
 * ";", ",", " - ", two blanks or one. keep_empty: with the empty ones. */
GStrv saxid_text_cells (const char *line, const char *separator, gboolean keep_empty);

G_END_DECLS
