/* Boosted trees, trained and asked through libxgboost. The one file that knows it.
 *
 * Chen & Guestrin 2016, DOI 10.1145/2939672.2939785.
 * Thread: trees are immutable once made; saxid_trees_margin may be called from
 * many threads at once. xgboost keeps results in thread-local memory that the
 * next call overwrites; they are copied before a call returns.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct SaxidTrees SaxidTrees;

typedef struct
{
  guint rounds;          /* boosting rounds, one tree a class each */
  guint depth;
  double learning_rate;
  double row_part;       /* of the rows, drawn for each tree, (0, 1] */
  double column_part;    /* of the columns, drawn for each tree, (0, 1] */
  double min_weight;     /* least hessian of a leaf */
  guint bins;            /* histogram bins of a column */
  guint forest;          /* trees that a round grows beside each other; 0 counts as 1. A random
                            forest is one round with many, and a learning rate of 1 */
  guint threads;
  guint32 seed;
} SaxidTreesOptions;

/* Called after every round; FALSE stops with SAXID_ERROR_CANCELLED. */
typedef gboolean (*SaxidTreesProgress) (guint round, guint rounds, gpointer data);

/* Shape: features rows × columns (NaN = missing), label rows. */
SaxidTrees *saxid_trees_train (const float *features, gsize rows, gsize columns,
                               const guint8 *label, guint n_class, const SaxidTreesOptions *options,
                               SaxidTreesProgress progress, gpointer data, GError **error);

/* The same for values instead of classes, by squared error: trees of one class, whose margin is the
 * value. Shape: value rows. */
SaxidTrees *saxid_trees_train_values (const float *features, gsize rows, gsize columns, const float *value,
                                      const SaxidTreesOptions *options, SaxidTreesProgress progress, gpointer data,
                                      GError **error);

/* UBJSON of xgboost. */
GBytes *saxid_trees_to_bytes (const SaxidTrees *trees, GError **error);
/* Errors: SAXID_ERROR_MODEL when the bytes are no model, or one of another
 * number of classes or columns. */
SaxidTrees *saxid_trees_from_bytes (GBytes *bytes, guint n_class, gsize columns, GError **error);
void saxid_trees_free (SaxidTrees *trees);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidTrees, saxid_trees_free)

/* The sum of the leaves per class, before softmax.
 * Shape: features rows × columns, margin rows × n_class. */
gboolean saxid_trees_margin (const SaxidTrees *trees, const float *features, gsize rows,
                             float *margin, GError **error);

G_END_DECLS
