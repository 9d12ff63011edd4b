/* What is learned in the study of atomic nanoparticles: ridge, logistic regression, a convolutional network.
 *
 * Thread: ridge and logistic regression one at a time, BLAS uses its own threads; networks side by side.
 */
#pragma once

#include "cli/learn/atomic-set.h"

G_BEGIN_DECLS

/* Rows to learn from, or to be judged. */
typedef struct
{
  gsize n, width;
  double *curve;      /* [n × width] ln I, later standardised */
  guint8 *class, *size; /* [n]; size: n - 1 */
  double *target;     /* [n × SAXID_ATOMIC_TARGETS] */
  gboolean *held;     /* [n] of those to learn from: settings are chosen on these */
} SaxidAtomicPart;

void saxid_atomic_part_clear (SaxidAtomicPart *part);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SaxidAtomicPart, saxid_atomic_part_clear)

/* What ridge and logistic regression said of one part. */
typedef struct
{
  double mse[SAXID_ATOMIC_TARGETS], q2[SAXID_ATOMIC_TARGETS]; /* mean square error, and 1 - it / variance */
  double shape, shape_level; /* % right; level: the mean of each curve is taken off */
} SaxidAtomicScore;

/* Each point to mean 0 and deviation 1 over the rows to learn from. Shape: tested n. */
void saxid_atomic_standardise (SaxidAtomicPart *learned, guint n, SaxidAtomicPart *tested);

/* alpha is chosen for each target on the rows that are held. Shape: tested and score n. Errors: those of LAPACK. */
gboolean saxid_atomic_ridge (const SaxidAtomicPart *learned, guint n, const SaxidAtomicPart *tested, SaxidAtomicScore *score,
                             GError **error);

/* Shapes: C = 1, every fourth point, of curves that are not standardised yet: it does that itself. Shape: as above. */
void saxid_atomic_logistic (const SaxidAtomicPart *learned, guint n, const SaxidAtomicPart *tested, guint steps,
                            SaxidAtomicScore *score);

typedef struct
{
  guint epochs;   /* at most: it ends when the rows that are held gain nothing more */
  guint patience; /* epochs without a gain */
  guint64 seed;
} SaxidAtomicNetwork;

/* What a network said of one part. */
typedef struct
{
  double right; /* %; NAN: it was not trained */
  guint epochs; /* learned, those without a gain included */
  gsize weights;
} SaxidAtomicNetworkScore;

/* The published layers, on all points, by one thread. sizes: the classes are the sizes, not the shapes.
 * Errors: those of the network; SAXID_ERROR_CANCELLED where the user interrupts. */
gboolean saxid_atomic_network (const SaxidAtomicPart *learned, const SaxidAtomicPart *tested, gboolean sizes,
                               const SaxidAtomicNetwork *how, SaxidAtomicNetworkScore *score, GError **error);

G_END_DECLS
