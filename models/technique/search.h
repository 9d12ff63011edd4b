/* Which of many vectors are nearest to one? All are compared.
 *
 * Vectors are kept with 16 bits a number (IEEE 754 binary16), of length 1, so that the scalar
 * product is the cosine. A million of 96 numbers are 192 MB, which is read once a question.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint16 saxid_half_from_float (float value);
float saxid_half_to_float (guint16 half);

/* A vector of length 1 in halves, numbers below 6e-5 being 0; FALSE where it has none: all 0, or not
 * finite.
 * Shape: vector and out n. */
gboolean saxid_search_vector (const float *vector, gsize n, guint16 *out);

typedef struct
{
  gsize row;
  float cosine;
} SaxidSearchHit;

/* The `most` rows of n with the greatest cosine to the query, the greatest first; of equal ones the
 * first. Returns how many there are. threads: 0 counts as 1.
 * Shape: rows [n × width], query [width] of length 1, hit [most]. */
guint saxid_search_nearest (const guint16 *rows, gsize n, gsize width, const float *query, guint most, guint threads,
                            SaxidSearchHit *hit);

G_END_DECLS
