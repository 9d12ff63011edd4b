/* A model's verdicts on a whole data set.
 *
 * Thread: one thread at a time.
 */
#pragma once

#include "models/learn/evaluate.h"
#include "models/learn/predictor.h"
#include "schemas/learn/dataset.h"

G_BEGIN_DECLS

typedef struct
{
  gsize n_curve;        /* of the set */
  double *strangeness;  /* [n_curve] outlier scores; 2 where there was no verdict … */
  guint8 *refused;      /* [n_curve] … which is a refusal, too */
  gsize n;              /* curves that got a verdict, for what follows */
  guint n_class;        /* of the model */
  float *probability;   /* [n × n_class] */
  guint8 *label;        /* [n] the model's class that is the truth; of a set of strangers 0 */
  double *counts;       /* [n] Σ (I / sigma)², the counts of an experiment without background; NaN
                           without sigma */
  gsize n_abstained, n_outlier;
  double seconds;
} SaxidJudged;

void saxid_judged_clear (SaxidJudged *judged);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SaxidJudged, saxid_judged_clear)

/* A set of measured curves. Errors: those of the file; SAXID_ERROR_ARGUMENT for a library. */
SaxidDataset *saxid_judge_read (const char *path, GError **error);

/* Nine classes are asked of a model that has more, where the set has none of the others.
 * Errors: SAXID_ERROR_ARGUMENT for a class that the model has not, those of the model. */
gboolean saxid_judge (const SaxidDataset *set, SaxidPredictor *predictor, SaxidJudged *judged, GError **error);
/* Of a set whose classes are kinds of strangers. */
gboolean saxid_judge_strangers (const SaxidDataset *set, const SaxidPredictor *predictor, SaxidJudged *judged,
                                GError **error);

/* The part of pairs in which a stranger of this kind is the stranger one; ties count half. */
double saxid_judged_area (const SaxidJudged *known, const SaxidDataset *strangers, const SaxidJudged *strange,
                          guint kind);

/* The part of the curves of this kind that is refused. */
double saxid_judged_refused (const SaxidDataset *strangers, const SaxidJudged *strange, guint kind);

/* Scores of the curves that `chosen` is TRUE for; NULL: of all. NULL where there are none. */
typedef gboolean (*SaxidChosen) (const SaxidJudged *judged, gsize k, gpointer data);
SaxidScores *saxid_judged_scores (const SaxidJudged *judged, double set_threshold, SaxidChosen chosen, gpointer data);

G_END_DECLS
