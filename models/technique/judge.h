/* What does a network make of the picture of a frame?
 *
 * Five outputs: the four techniques, and what is no scattering at all (empty, dark, flat,
 * saturated, the direct beam alone, a radiograph). The halves are sums of the techniques.
 *
 * Thread: a model is immutable; each thread has a judge of its own.
 */
#pragma once

#include "models/learn/network/network.h"
#include "models/technique/evidence.h"
#include "models/technique/picture.h"
#include "reducers/technique.h"

G_BEGIN_DECLS

#define SAXID_TECHNIQUE_OUTPUTS (SAXID_N_TECHNIQUE + 1)
#define SAXID_TECHNIQUE_LAYERS                                                                                         \
  "conv 64 3x3 same\nbatchnorm\nrelu\nmaxpool 2x2\n"                                                                   \
  "conv 64 3x3 same\nbatchnorm\nrelu\nconv 64 3x3 same\nbatchnorm\nrelu\nmaxpool 2x2\n"                                \
  "conv 96 3x3 same\nbatchnorm\nrelu\nconv 96 3x3 same\nbatchnorm\nrelu\nmaxpool 2x2\n"                                \
  "dropout 0.25\ndense 96\nbatchnorm\nrelu\ndropout 0.25\ndense 5"

/* What goes into the network. */
SaxidExtent saxid_technique_extent (void);

typedef struct
{
  SaxidNetwork *network;
  double temperature; /* of the softmax */
} SaxidTechniqueModel;

void saxid_technique_model_free (SaxidTechniqueModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidTechniqueModel, saxid_technique_model_free)

/* Of one picture. */
typedef struct
{
  double probability[SAXID_N_TECHNIQUE]; /* where it is a frame of scattering; sum 1 */
  double outlier;                        /* probability that it is none */
  SaxidTechniqueImage image;             /* odds of the halves; not known where it is none */
  const float *vector;                   /* what the last layer looks at; the judge's, until it is asked again; or NULL */
  gsize n_vector;
} SaxidTechniqueAnswer;

typedef struct SaxidTechniqueJudge SaxidTechniqueJudge;

/* Errors: SAXID_ERROR_MODEL. */
SaxidTechniqueJudge *saxid_technique_judge_new (const SaxidTechniqueModel *model, guint threads, GError **error);
void saxid_technique_judge_free (SaxidTechniqueJudge *judge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidTechniqueJudge, saxid_technique_judge_free)

/* How many numbers the vector of an answer has. */
gsize saxid_technique_vector_width (const SaxidNetwork *network);
gsize saxid_technique_judge_width (const SaxidTechniqueJudge *judge);

/* Where the network is not sure, the answer is the mean of those on picture and mirror image. Errors: SAXID_ERROR_MODEL.
 * picture: NULL: a frame of which none can be made, which is an outlier. */
gboolean saxid_technique_judge_ask (SaxidTechniqueJudge *judge, const SaxidPicture *picture, SaxidTechniqueAnswer *answer,
                                    GError **error);

/* Where in the picture that was asked last the network sees its answer (evidence.h): of the output
 * that is greatest. All 0 where there was no picture. Shape: evidence [SAXID_EVIDENCE_CELLS].
 * Errors: SAXID_ERROR_MODEL. */
gboolean saxid_technique_judge_evidence (SaxidTechniqueJudge *judge, guint8 *evidence, GError **error);

/* From the outputs of the network. Shape: margin SAXID_TECHNIQUE_OUTPUTS. */
void saxid_technique_answer (const float *margin, double temperature, SaxidTechniqueAnswer *answer);

G_END_DECLS
