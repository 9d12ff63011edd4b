/* Which class does a vector belong to?
 *
 * The classifiers of Monge et al. 2024, DOI 10.1107/S2053273324000950, in one table: KNN,
 * RF, XGBoost. (The fourth, a perceptron layer, is the end of a network and comes with
 * the representation.) Each has a small grid of settings to choose from.
 *
 * Thread: a trained classifier is immutable.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct SaxidClassifierInfo SaxidClassifierInfo;
typedef struct SaxidClassifier SaxidClassifier;

typedef struct
{
  gsize n, width;
  const float *features; /* [n × width] */
  const guint8 *label;   /* [n] */
  guint n_class;
} SaxidVectors;

const SaxidClassifierInfo *saxid_classifier_find (const char *name);
const char *saxid_classifier_name (const SaxidClassifierInfo *info);
guint saxid_classifier_choice_count (const SaxidClassifierInfo *info);
/* "k = 5". */
const char *saxid_classifier_choice (const SaxidClassifierInfo *info, guint choice);

/* FALSE stops. */
typedef gboolean (*SaxidClassifierProgress) (guint done, guint all, gpointer data);

/* The vectors must outlive the classifier.
 * Errors: SAXID_ERROR_MODEL, SAXID_ERROR_CANCELLED. */
SaxidClassifier *saxid_classifier_train (const SaxidClassifierInfo *info, guint choice, const SaxidVectors *training,
                                         guint threads, guint32 seed, SaxidClassifierProgress progress, gpointer data,
                                         GError **error);
void saxid_classifier_free (SaxidClassifier *classifier);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidClassifier, saxid_classifier_free)

/* Shape: features n × width, probability n × n_class. */
gboolean saxid_classifier_ask (const SaxidClassifier *classifier, const float *features, gsize n, float *probability,
                               GError **error);

G_END_DECLS
