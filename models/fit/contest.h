/* Which form factor has the data on its side?
 *
 * All classes are fitted to the coarse curve, with the same discrepancy, and weighed by
 * their evidence. Units: q 1/Å. Thread: pure; an atlas may be shared.
 */
#pragma once

#include "models/fit/atlas.h"
#include "models/fit/evidence.h"
#include "models/fit/refine.h"

G_BEGIN_DECLS

#define SAXID_CONTEST_MOST 16
#define SAXID_CONTEST_RIVALS 12
#define SAXID_CONTEST_VARIANTS 5

/* The form factors that may describe a curve: the classes of a model. */
typedef struct
{
  SaxidAtlas *atlas; /* where fits begin; NULL: nothing can be fitted */
  guint n_class;
  char *const *class_name;
} SaxidForms;

typedef struct
{
  guint class;
  const SaxidShape *shape;
  double probability;  /* of the network */
  double log_evidence; /* -INFINITY: it cannot be fitted */
  double weight;       /* of both; 1 over the classes */
  SaxidSpacePoint point;
  double scale;
  double tau, length;  /* of the discrepancy that it needs */
  double reduced_chi2; /* with sigma, of the coarse curve */
  double at[SAXID_CONTEST_VARIANTS][SAXID_DISCREPANCY_PAIRS]; /* ln Z if variant and discrepancy were known */
  guint evaluations;
  double seconds;
} SaxidContestant;

typedef struct
{
  guint n; /* the classes in their order */
  SaxidContestant class[SAXID_CONTEST_MOST];
  double log_evidence_none;                  /* that the curve is none of them */
  double rival[SAXID_CONTEST_RIVALS];        /* log evidences of rival.h */
  double rival_at[SAXID_CONTEST_RIVALS][SAXID_DISCREPANCY_PAIRS];
  double rival_seconds;
  guint n_point; /* of the coarse curve */
} SaxidContest;

/* probability: of the network, or NULL. The curve must be clean. Shape: probability n_class.
 * Errors: SAXID_ERROR_DATA where nothing can be fitted. */
gboolean saxid_contest (const SaxidForms *forms, const SaxidCurve *curve, const float *probability,
                        SaxidContest *contest, GError **error);

G_END_DECLS
