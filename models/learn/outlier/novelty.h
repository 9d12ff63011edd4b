/* Is a curve like those that the model learned from?
 *
 * Principal components of the preprocessed training curves span what the model
 * has seen. A curve is scored by its distance inside that space (T²) and its
 * distance from it (Q), both relative to the training curves, and the score is
 * the part of the training curves that are less unusual.
 * Source: Jackson & Mudholkar 1979, DOI 10.1080/00401706.1979.10489779.
 *
 * Thread: immutable once made.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Points of the table that turns a distance into a score. */
#define SAXID_NOVELTY_QUANTILES 401

typedef struct
{
  gsize width;
  guint n_component;
  double *mean;      /* [width] */
  double *component; /* [n_component × width] orthonormal */
  double *variance;  /* [n_component] along each component */
  double *residual;  /* [width] variance that is left at each feature */
  double *quantile;  /* [SAXID_NOVELTY_QUANTILES] of the distance, training curves */
} SaxidNovelty;

SaxidNovelty *saxid_novelty_new (gsize width, guint n_component);
void saxid_novelty_free (SaxidNovelty *novelty);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidNovelty, saxid_novelty_free)

/* Shape: features has width values, NaN = missing. At least 0. */
double saxid_novelty_distance (const SaxidNovelty *novelty, const float *features);
/* 0 = as usual as can be, 1 = further out than every training curve. */
double saxid_novelty_score (const SaxidNovelty *novelty, const float *features);

/* Learns mean, components, variances and quantiles (training only).
 * Shape: features rows × width.
 * Errors: SAXID_ERROR_ARGUMENT with fewer rows than components. */
SaxidNovelty *saxid_novelty_fit (const float *features, gsize rows, gsize width,
                                 guint n_component, GError **error);

G_END_DECLS
