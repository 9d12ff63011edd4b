/* The law of one number of a population: "radius * log-uniform(4, 100)".
 *
 *   value    = factor { "*" factor }
 *   factor   = number | name | function "(" argument { "," argument } ")"
 *   argument = [ number ":" ] value            the weight is for choice only
 *   function = uniform | log-uniform | choice | min | max
 *
 * A name is a key that stands earlier in the same class, or a constant word.
 * There are no sums, loops or calls: whatever a file says ends at once, and its
 * range is known before anything is drawn.
 *
 * Thread: a law is immutable once parsed.
 */
#pragma once

#include "models/simulate/random.h"

G_BEGIN_DECLS

typedef struct SaxidLaw SaxidLaw;

/* Where a law may fall. */
typedef struct
{
  double lower, upper;
} SaxidLawRange;

/* A number that a law may name: the drawn value at `slot`, or, below 0, the
 * constant range.lower. */
typedef struct
{
  const char *name;
  int slot;
  SaxidLawRange range;
} SaxidLawSymbol;

/* Errors: SAXID_ERROR_ARGUMENT: not the grammar, an unknown name, bounds in the
 * wrong order or not positive where a logarithm is taken. */
SaxidLaw *saxid_law_parse (const char *text, gsize n_symbol, const SaxidLawSymbol *symbol, GError **error);
void saxid_law_free (SaxidLaw *law);

SaxidLawRange saxid_law_range (const SaxidLaw *law);

/* drawn: the values that came before, by slot. Products are taken from left to
 * right and arguments drawn in order, so that a file means the same bits
 * everywhere. */
double saxid_law_draw (const SaxidLaw *law, SaxidRandom *random, const double *drawn);

G_END_DECLS
