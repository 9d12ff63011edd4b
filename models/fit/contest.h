/* Which form factor has the data on its side?
 *
 * Every measured curve departs from every form factor by more than its sigma, smoothly in
 * q, by an amount that nobody knows beforehand. So each class is fitted to the coarse curve
 * with sigma² + (tau I)², and the scale of that noise is unknown, too: integrated over it
 * (Jeffreys' prior), the likelihood is chi² to the power of minus half the number of
 * independent points. Smooth departures leave few of those. Each free parameter costs the
 * same, so that of nested form factors the simpler one wins where it does about as well
 * (Schwarz 1978, doi:10.1214/aos/1176344136); and widths that are rare count less.
 *
 * Units: q 1/Å. Thread: pure; an atlas may be shared.
 */
#pragma once

#include "models/fit/atlas.h"
#include "models/fit/refine.h"

G_BEGIN_DECLS

#define SAXID_CONTEST_MOST 16

/* The form factors that may describe a curve: the classes of a model. */
typedef struct
{
  SaxidAtlas *atlas; /* where fits begin; NULL: nothing can be fitted */
  guint n_class;
  char *const *class_name;
} SaxidForms;

/* What stands for a class: the nearest particle of the atlas, 3 ms a curve, or a fit that begins at it
 * and its neighbours, ten times as long. */
typedef enum
{
  SAXID_CONTEST_OF_TEMPLATES,
  SAXID_CONTEST_OF_FITS
} SaxidContestOf;

typedef struct
{
  guint class;
  const SaxidShape *shape;
  double probability; /* of the network */
  gboolean fitted;
  guint n_free;       /* parameters of the fit, scale and background among them */
  SaxidRefined fit;   /* to the coarse curve: chi2 with sigma² + (tau I)² */
  double misfit;      /* chi2 for each point */
  double log_weight;  /* ln of likelihood and probability, up to a constant; -INFINITY: not fitted */
  double seconds;     /* of one processor */
} SaxidContestant;

typedef struct
{
  guint n; /* the classes in their order; 0: there was no contest */
  SaxidContestOf of;
  SaxidContestant class[SAXID_CONTEST_MOST];
  guint n_point; /* of the coarse curve */
  double misfit; /* the least */
  gboolean is_flat; /* a constant describes the curve about as well: no particle is seen */
} SaxidContest;

/* With a least misfit above this no form factor here is anything like the curve. */
#define SAXID_CONTEST_MOST_MISFIT 45.0

/* Whether the curve is none of the classes', where the network gives it this outlier score: always
 * where no form factor comes near or a constant does as well, and rarer where one describes it. */
gboolean saxid_contest_outlier (const SaxidContest *contest, double score, double limit);

/* Compares or fits the classes that the network leaves possible. The curve must be clean. fit of a
 * contestant has no scale and no background where it is a template.
 * Shape: probability n_class.
 * Errors: SAXID_ERROR_DATA where nothing can be fitted. */
gboolean saxid_contest (const SaxidForms *forms, SaxidContestOf of, const SaxidCurve *curve, const float *probability,
                        SaxidContest *contest, GError **error);

/* The probabilities after the contest: the classes that were fitted share what they had by
 * their weights, and others keep theirs. Shape: probability n_class. */
void saxid_contest_apply (const SaxidContest *contest, float *probability);

/* The curve that the contest is about: coarse, its sigma with what is not held against any form
 * factor. blur and errors: saxid_coarse_curve. */
SaxidCurve *saxid_contest_curve (const SaxidCurve *curve, double *blur, GError **error);

/* ln of the weight of anything that is fitted to that curve. misfit: chi2 for each point. */
double saxid_contest_log_weight (double misfit, guint n_free, double probability);

G_END_DECLS
