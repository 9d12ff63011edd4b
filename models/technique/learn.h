/* How does a network learn the technique of frames? From simulated experiments alone.
 *
 * Every epoch sees the pictures of the same experiments, each mirrored, cut, covered and
 * exposed otherwise. What judges it are experiments of another seed.
 *
 * Thread: one training at a time.
 */
#pragma once

#include "models/learn/network/fit.h"
#include "models/technique/judge.h"

G_BEGIN_DECLS

typedef struct
{
  guint n, n_judged; /* experiments to learn from, and to judge by */
  guint epochs, threads;
  double rate;
  guint64 seed;
  const SaxidTechniqueModel *start; /* to go on from, with frames of another seed; or NULL */
  gboolean grow;                    /* put residual blocks into it first, see grow.h */
} SaxidTechniqueLearning;

/* Of the experiments that judge: shares that are right. */
typedef struct
{
  double four, grazing, wide; /* of frames of scattering */
  double stopped, caught;     /* frames in transmission, and grazing ones, whose image stops a reduction alone */
  double passed;              /* grazing frames that are called transmission with 0.9 and more */
  double refused, kept;       /* of strangers that are refused, of frames that are not */
  double calibration;         /* error of the probability of the best, in ten bins */
  gsize confusion[SAXID_N_TECHNIQUE][SAXID_N_TECHNIQUE]; /* [truth][answer] */
} SaxidTechniqueScore;

/* progress: may be NULL. Errors: those of the network; SAXID_ERROR_CANCELLED. */
SaxidTechniqueModel *saxid_technique_learn (const SaxidTechniqueLearning *learning, SaxidFitProgress progress, gpointer data,
                                            SaxidTechniqueScore *score, GError **error);

/* The mean of n networks that learned one from the other (average.h), judged like one that has learned; of learning
 * n_judged, seed and threads count. Errors: SAXID_ERROR_ARGUMENT where their layers are not the same. */
SaxidTechniqueModel *saxid_technique_mean (const SaxidTechniqueLearning *learning, const SaxidTechniqueModel *const *of, guint n,
                                           SaxidTechniqueScore *score, GError **error);

G_END_DECLS
