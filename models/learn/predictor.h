/* A trained model in memory: from a curve to a verdict.
 *
 * Thread: a predictor is immutable once made and may be shared; each thread
 * brings its own SaxidScratch.
 */
#pragma once

#include "models/learn/network/network.h"
#include "models/learn/outlier/gallery.h"
#include "models/learn/outlier/novelty.h"
#include "models/learn/outlier/strangeness.h"
#include "models/learn/preprocess.h"
#include "models/learn/trees.h"
#include "reducers/curve.h"

G_BEGIN_DECLS

#define SAXID_PREDICTOR_MOST_CLASSES 100

/* Why a sound curve gets no label. */
typedef enum
{
  SAXID_REASON_NONE = 0,
  SAXID_REASON_WINDOW = 1 /* the curve covers too little of the model's q range */
} SaxidAbstention;

typedef struct
{
  char **class_name;      /* NULL-terminated */
  guint n_class;
  char *algorithm;        /* for people: "I∘XGBoost, TH,IntN,…" */
  gsize width;
  double *grid;           /* [width] 1/Å, or NULL: portraits, see below */
  double least_coverage;  /* of ln(q_max/q_min) of the grid, 0..1 */
  SaxidPreprocess *preprocess;
  SaxidNetwork *network;  /* NULL, or what makes features of the preprocessed curve: … */
  guint latent;           /* … what leaves this layer */
  SaxidTrees *trees;
  guint n_margin;         /* classes of the margins, where the classes are merged (merged.h); … */
  guint8 *merged;         /* … [n_margin] the class that each counts as; NULL: not merged */
  double temperature;     /* of the softmax */
  double set_threshold;   /* prediction set: every class with p >= this */
  double merged_temperature, merged_threshold; /* both where fewer classes are asked for; 0: the same */
  SaxidNovelty *novelty;
  SaxidGallery *gallery;        /* of a predictor that looks at portraits, of what leaves `latent`; … */
  SaxidStrangeness strangeness; /* … how its distance and the last margin are an outlier score */
  double outlier_limit;   /* outlier score above which a curve is flagged */
  double *prior;          /* [n_class] weights of the classes, mean 1 (prior.h); NULL: uniform */
} SaxidPredictor;

void saxid_predictor_free (SaxidPredictor *predictor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidPredictor, saxid_predictor_free)

/* A predictor without a grid looks at portraits (portrait.h) instead of resampled and
 * preprocessed curves: its network sees [SAXID_PORTRAIT_CHANNELS, 1,
 * SAXID_PORTRAIT_WIDTH] and gives a margin for each class, and one more for curves that
 * are of none of them. It has a gallery, and no preprocessing, trees and novelty. */
gboolean saxid_predictor_is_portrayed (const SaxidPredictor *predictor);

typedef struct
{
  double *values, *spare; /* [width] */
  float *curve;           /* [width] what a network sees */
  float *features;        /* [saxid_predictor_n_feature] */
  float *margin;          /* [classes of the margins + 1] */
  SaxidPass *pass;        /* of the network, or NULL */
} SaxidScratch;

/* Numbers that trees and novelty see of a curve. */
gsize saxid_predictor_n_feature (const SaxidPredictor *predictor);

/* Errors: those of the network. */
SaxidScratch *saxid_scratch_new (const SaxidPredictor *predictor, GError **error);
void saxid_scratch_free (SaxidScratch *scratch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidScratch, saxid_scratch_free)

typedef struct
{
  SaxidAbstention reason;
  int best;             /* class, -1 when abstained */
  double confidence;    /* probability that best is right */
  double coverage;      /* of the model's q range, 0..1 */
  double outlier_score; /* 0..1 */
  gboolean outlier;
} SaxidVerdict;

/* Features of one curve: preprocessed (NaN where it does not reach), or what the network
 * makes of that (0 where it does not reach: the mean of the training curves after STD).
 * Shape: features has saxid_predictor_n_feature values. The curve must be clean.
 * Errors: those of the network. */
gboolean saxid_predictor_features (const SaxidPredictor *predictor, const SaxidCurve *curve,
                                   SaxidScratch *scratch, float *features, GError **error);

/* What the model alone says of one clean curve: probabilities with the prior of the training,
 * and all of the verdict but best and confidence. probability is filled also when the model
 * abstains: then every class has the same.
 * Shape: probability has n_class elements.
 * Errors: SAXID_ERROR_MODEL from the trees, those of the network. */
gboolean saxid_predictor_ask (const SaxidPredictor *predictor, const SaxidCurve *curve, SaxidScratch *scratch,
                              SaxidVerdict *verdict, float *probability, GError **error);

/* From probabilities to the label: they get the predictor's prior, and say which class is
 * best, how sure that is, and which classes are in the set. Nothing is concluded where the
 * model abstained.
 * Shape: probability and in_set have n_class elements. */
void saxid_predictor_conclude (const SaxidPredictor *predictor, SaxidVerdict *verdict, float *probability,
                               guint8 *in_set);

/* The verdict on one clean curve: asked, and concluded.
 * Shape: probability and in_set have n_class elements.
 * Errors: SAXID_ERROR_MODEL from the trees. */
gboolean saxid_predictor_judge (const SaxidPredictor *predictor, const SaxidCurve *curve,
                                SaxidScratch *scratch, SaxidVerdict *verdict, float *probability,
                                guint8 *in_set, GError **error);

G_END_DECLS
