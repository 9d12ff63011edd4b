/* What is learned in the study of atomic nanoparticles: ridge, logistic regression, a convolutional network.
 *
 * Thread: one at a time; BLAS uses its own threads.
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

/* Each point to mean 0 and deviation 1 over the rows to learn from. */
void saxid_atomic_standardise (SaxidAtomicPart *learned, SaxidAtomicPart *tested);

/* Mean square errors, and 1 - error / variance of the tests. alpha is chosen for each target on the rows that are held.
 * Shape: mse and q2 SAXID_ATOMIC_TARGETS. */
gboolean saxid_atomic_ridge (const SaxidAtomicPart *learned, const SaxidAtomicPart *tested, double *mse, double *q2, GError **error);

/* Shapes that are right, %: C = 1, every fourth point. level: the mean of each curve is taken off. */
double saxid_atomic_logistic (const SaxidAtomicPart *learned, const SaxidAtomicPart *tested, gboolean level, guint steps);

typedef struct
{
  guint epochs, threads;
  guint64 seed;
} SaxidAtomicNetwork;

/* The published layers, on all points. sizes: the classes are the sizes, not the shapes. weights: NULL, or their number.
 * Errors: those of the network. */
gboolean saxid_atomic_network (const SaxidAtomicPart *learned, const SaxidAtomicPart *tested, gboolean sizes,
                               const SaxidAtomicNetwork *how, double *right, gsize *weights, GError **error);

G_END_DECLS
