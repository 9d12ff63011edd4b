/* A function of one variable that is asked for at very many places.
 *
 * Thread: const once made; a table belongs to its caller.
 */
#pragma once

#include "models/shapes/elementary.h"
#include "models/shapes/sampling.h"

G_BEGIN_DECLS

#define SAXID_TABLE_ORDER 6

/* Polynomials in equal intervals: in interval i, at y = x per_unit - i, the
 * function is sum_j coefficient[j][i] y^j. */
typedef struct
{
  double per_unit;
  double *coefficient[SAXID_TABLE_ORDER];
} SaxidTable;

/* f from 0 to `upper`, where f is of the kind that saxid_sample takes; error
 * below 1e-7 of the largest value nearby. */
SaxidTable *saxid_table_new (SaxidCurveFunction f, gconstpointer data, double extent, double upper);
void saxid_table_free (SaxidTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidTable, saxid_table_free)

/* The place of x in a table, and the value there: apart, as tables of the same
 * extent and range share their places. */
typedef struct
{
  int interval;
  double y;
} SaxidTablePlace;

SAXID_INLINE SaxidTablePlace
saxid_table_place (double per_unit, double x)
{
  const double along = x * per_unit;
  const int interval = (int) along;

  return (SaxidTablePlace){ interval, along - (double) interval };
}

SAXID_INLINE double
saxid_table_at (double *const *coefficient, SaxidTablePlace place)
{
  double sum = coefficient[5][place.interval];

  sum = sum * place.y + coefficient[4][place.interval];
  sum = sum * place.y + coefficient[3][place.interval];
  sum = sum * place.y + coefficient[2][place.interval];
  sum = sum * place.y + coefficient[1][place.interval];
  sum = sum * place.y + coefficient[0][place.interval];
  return sum;
}

G_END_DECLS
