/* Measured curves in rows, of one grid or of several.
 *
 * Units: q 1/Å, I 1/cm. Thread: only read.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gsize n, width;
  float *curve;      /* [n × width] */
  guint8 *grid;      /* [n] index into q */
  guint8 *label;     /* [n] */
  guint n_class;
  guint n_grid;
  const double *q;   /* [n_grid × width], borrowed */
} SaxidRows;

/* Room for n rows that look like those of `like`. */
SaxidRows *saxid_rows_new (gsize n, const SaxidRows *like);
void saxid_rows_free (SaxidRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidRows, saxid_rows_free)

/* Copies row `from` of another as row `at`. */
void saxid_rows_copy (SaxidRows *rows, gsize at, const SaxidRows *other, gsize from);

G_END_DECLS
