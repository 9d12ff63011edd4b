/* Where do rows of curves lie? See rows.h. */
#include "models/learn/study/rows.h"

#include <string.h>

SaxidRows *
saxid_rows_new (gsize n, const SaxidRows *like)
{
  SaxidRows *rows = g_memdup2 (like, sizeof *like);

  rows->n = n;
  rows->curve = g_new0 (float, MAX (n * like->width, 1));
  rows->grid = g_new0 (guint8, MAX (n, 1));
  rows->label = g_new0 (guint8, MAX (n, 1));
  return rows;
}

void
saxid_rows_free (SaxidRows *rows)
{
  if (rows == NULL)
    return;
  g_free (rows->curve);
  g_free (rows->grid);
  g_free (rows->label);
  g_free (rows);
}

void
saxid_rows_copy (SaxidRows *rows, gsize at, const SaxidRows *other, gsize from)
{
  memcpy (rows->curve + at * rows->width, other->curve + from * rows->width, rows->width * sizeof (float));
  rows->grid[at] = other->grid[from];
  rows->label[at] = other->label[from];
}
