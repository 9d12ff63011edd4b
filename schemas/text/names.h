/* What does the name of a column say?
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SAXID_COLUMN_UNKNOWN,
  SAXID_COLUMN_Q,
  SAXID_COLUMN_I,
  SAXID_COLUMN_SIGMA,
  SAXID_COLUMN_VARIANCE,
  SAXID_COLUMN_DQ,
  SAXID_COLUMN_ANGLE,  /* 2 theta */
  SAXID_COLUMN_SHADOW, /* NIST: the part of the bin that the beam stop leaves free */
  SAXID_COLUMN_QX,
  SAXID_COLUMN_QY,
  SAXID_COLUMN_INDEX,
  SAXID_COLUMN_FIT,    /* calculated: a fit, a regularised curve */
  SAXID_COLUMN_OTHER,  /* something else of a curve: to be left out */
  SAXID_COLUMN_FOREIGN /* what no curve is a function of: time, temperature, distance */
} SaxidColumnKind;

typedef struct
{
  SaxidColumnKind kind;
  guint rank;    /* of two columns of one kind the higher rank is meant: 3 by its full name, 1 by a part */
  gboolean half; /* an angle that is theta, not 2 theta */
  gboolean of_q; /* "sigma(q)": of I where no other column is, else of q */
  double relative; /* an uncertainty is so much times its number times I: 0.01 for %; 0: it is absolute */
  char *unit;    /* NULL: none */
} SaxidColumnName;

void saxid_column_name_read (const char *text, SaxidColumnName *name);
void saxid_column_name_clear (SaxidColumnName *name);

G_END_DECLS
