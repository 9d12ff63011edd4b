/* Which column of a table is q, which intensity, which its uncertainty?
 *
 * By names, where a line above the numbers has them; else by order, and then only where the
 * numbers can be what the order says.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

#include "schemas/text/table.h"

G_BEGIN_DECLS

/* Of one curve. */
typedef struct
{
  int q, intensity, sigma, dq; /* -1: none */
  gboolean variance;           /* sigma is the square of one */
  double relative;             /* sigma is a part of I, in this unit; 0: it is not */
  char *label;                 /* what the file calls the intensity, where there are several curves; or NULL */
} SaxidTextCurve;

typedef struct
{
  GPtrArray *curves; /* SaxidTextCurve, at least one */
  int shadow;        /* NIST's ShadowFactor: below 1 behind the beam stop; -1: none */
  gboolean named;
  gboolean angle;    /* q is a scattering angle … */
  gboolean half;     /* … or half of one */
  char *q_unit, *i_unit; /* of the columns, or NULL */
  GPtrArray *notes;  /* char * */
} SaxidTextColumns;

/* columns: as in SaxidTextOptions. values: the numbers of the block.
 * Errors: SAXID_ERROR_ARGUMENT (columns), SAXID_ERROR_NO_CURVE (what the names say). */
SaxidTextColumns *saxid_text_columns_find (const SaxidTextTable *table, const SaxidTextBlock *block,
                                           const double *values, const char *columns, const char *name,
                                           GError **error);
void saxid_text_columns_free (SaxidTextColumns *columns);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidTextColumns, saxid_text_columns_free)

G_END_DECLS
