/* How good are predictions: accuracy, confusion, F1, Matthews, calibration.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gsize n;
  guint n_class;
  gsize *confusion; /* [n_class × n_class] row = truth, column = prediction */
  double *recall;   /* [n_class] part of a class that is recognised */
  double *precision; /* [n_class] NaN for a class that was never predicted */
  double accuracy;
  double f1;        /* mean over classes */
  double matthews;  /* Gorodkin 2004, 10.1016/j.compbiolchem.2004.09.006 */
  double log_loss;  /* mean of -ln p(truth) */
  double calibration_error; /* expected calibration error, 15 bins of equal width */
  double calibration_chance; /* what of it so many curves show where each confidence is true */
  double set_coverage; /* part of the curves whose class is in the prediction set */
  double set_size;     /* mean number of classes in the prediction set */
} SaxidScores;

/* Shape: probability n × n_class, label n.
 * A prediction set holds every class with p >= set_threshold, and the best. */
SaxidScores *saxid_evaluate (gsize n, guint n_class, const float *probability, const guint8 *label,
                             double set_threshold);
void saxid_scores_free (SaxidScores *scores);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidScores, saxid_scores_free)

/* The area under the curve of rates: the part of pairs in which the stranger has the larger
 * score; ties count half. NaN where one kind is not there. Any order. */
double saxid_rate_area (gsize n_known, const double *known, gsize n_stranger, const double *stranger);

/* Index of the largest of n values. */
guint saxid_best_class (guint n, const float *values);

G_END_DECLS
