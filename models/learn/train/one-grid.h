/* From simulated curves to a predictor, with an honest account of its quality.
 *
 * Thread: one training at a time per set; the trees use options->trees.threads.
 */
#pragma once

#include "models/learn/evaluate.h"
#include "models/learn/predictor.h"

G_BEGIN_DECLS

/* Curves on one q grid, before preprocessing. */
typedef struct
{
  gsize width;
  double *grid;     /* [width] 1/Å */
  char **class_name;
  guint n_class;
  GPtrArray *origin_name; /* names of the sets that the curves came from */
  GArray *curves;   /* float, width per row, 1/cm, NaN = not covered */
  GArray *label;    /* guint8 per row */
  GArray *particle; /* guint64 per row: rows of one particle stay in one fold */
  GArray *origin;   /* guint8 per row, index into origin_name */
} SaxidTrainingSet;

SaxidTrainingSet *saxid_training_set_new (gsize width, const double *grid,
                                          const char *const *class_name);
void saxid_training_set_free (SaxidTrainingSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidTrainingSet, saxid_training_set_free)

/* Adds `count` curves that were measured on the grid q (resampled here).
 * particle[k] = what makes two measurements the same particle. Shape: intensity
 * count × n_q. Errors: SAXID_ERROR_ARGUMENT when the classes differ. */
gboolean saxid_training_set_add (SaxidTrainingSet *set, const char *origin, gsize n_q,
                                 const double *q, const char *const *class_name, gsize count,
                                 const float *intensity, const guint8 *label,
                                 const guint64 *particle, GError **error);

typedef struct
{
  const char *preprocess; /* operators, see preprocess.h */
  const char *representation; /* "I" or NULL: trees see the curve; "CNN": what a network makes of it */
  double effort;          /* epochs of the network, times this */
  SaxidTreesOptions trees;
  guint folds;            /* of the cross-validation, at least 2 */
  guint64 seed;           /* of the folds */
  guint n_component;      /* of the novelty score */
  double set_coverage;    /* of the prediction sets, 0.95 */
  double outlier_part;    /* of in-class curves that may be flagged, 0.01 */
  double least_coverage;  /* of the grid that a curve must cover, 0..1 */
} SaxidTrainOptions;

typedef struct
{
  GPtrArray *fold;    /* SaxidScores of each fold's held-out rows */
  SaxidScores *all;   /* of all rows, each judged by trees that never saw its particle */
  GPtrArray *origin;  /* SaxidScores of the rows of each set */
} SaxidTrainReport;

void saxid_train_report_free (SaxidTrainReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidTrainReport, saxid_train_report_free)

/* part: "fold 2 of 5" or "all curves". FALSE stops. */
typedef gboolean (*SaxidTrainProgress) (const char *part, guint done, guint all, gpointer data);

/* Cross-validates, calibrates on the held-out margins, trains on all rows.
 * Errors: SAXID_ERROR_ARGUMENT, SAXID_ERROR_CANCELLED, SAXID_ERROR_MODEL. */
SaxidPredictor *saxid_train (const SaxidTrainingSet *set, const SaxidTrainOptions *options,
                             SaxidTrainProgress progress, gpointer data, SaxidTrainReport **report,
                             GError **error);

G_END_DECLS
