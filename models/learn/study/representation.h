/* In which space are curves compared?
 *
 * The representations of Monge et al. 2024, DOI 10.1107/S2053273324000950, section 2.2,
 * in one table: I, Franke5, Franke200, PCA90, CAE10, CAE50, CAE200, CNN. Adding one =
 * one row, and what it learns.
 *
 * Thread: a fitted representation is immutable.
 */
#pragma once

#include "models/learn/network/fit.h"
#include "models/learn/study/rows.h"

G_BEGIN_DECLS

typedef struct SaxidRepresentationInfo SaxidRepresentationInfo;
typedef struct SaxidRepresentation SaxidRepresentation;

typedef struct
{
  const char *preprocess; /* operators, see preprocess.h */
  gboolean with_q;        /* networks see ln q beside the curve */
  double effort;          /* epochs of the networks, times this */
  guint threads;
  guint64 seed;
} SaxidRepresentationOptions;

/* NULL where none has this name. */
const SaxidRepresentationInfo *saxid_representation_find (const char *name);

/* A network alone, for who has preprocessed curves already: learns the class of each row
 * (CNN) or the row itself. latent: the layer whose output is the representation.
 * Shape: input and watched rows × (channels × width).
 * Errors: SAXID_ERROR_ARGUMENT for one that has no network, and those of the network. */
typedef struct
{
  gsize rows;
  const float *input;
  const guint8 *label;
} SaxidLabelled;

SaxidNetwork *saxid_representation_learn (const SaxidRepresentationInfo *info, guint channels, gsize width,
                                          guint n_class, const SaxidLabelled *training, const SaxidLabelled *watched,
                                          double effort, guint threads, guint64 seed, const SaxidFitHooks *hooks,
                                          guint *latent, GError **error);

/* validation: rows that networks watch to stop early. hooks: of the network, or NULL.
 * Errors: those of preprocessing, components and networks. */
SaxidRepresentation *saxid_representation_fit (const SaxidRepresentationInfo *info, const SaxidRows *training,
                                               const SaxidRows *validation, const SaxidRepresentationOptions *options,
                                               const SaxidFitHooks *hooks, GError **error);
void saxid_representation_free (SaxidRepresentation *representation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidRepresentation, saxid_representation_free)

/* Numbers in a row of features. */
gsize saxid_representation_width (const SaxidRepresentation *representation);
/* Whether it is a classifier of its own: a perceptron layer on the latent vector. */
gboolean saxid_representation_classifies (const SaxidRepresentation *representation);
/* Shape: features rows × width; margin rows × n_class of the perceptron layer, or NULL. */
gboolean saxid_representation_apply (const SaxidRepresentation *representation, const SaxidRows *rows, float *features,
                                     float *margin, GError **error);

G_END_DECLS
