/* Which technique does the network see in a frame?
 *
 * Thread: see judge.h.
 */
#include "models/technique/judge.h"

#include <math.h>
#include <string.h>

#include "models/learn/calibrate.h"

#define MOST_ODDS 12.0 /* |ln odds| that an image is believed */
#define SURE 0.9f       /* of the greatest output: below, the mirror image is asked as well */

struct SaxidTechniqueJudge
{
  const SaxidTechniqueModel *model;
  SaxidPass *pass;
  guint vector_layer;
  gsize n_vector;
  float *vector; /* [n_vector] */
  gboolean has_picture; /* was asked last */
  gboolean has_passed;  /* the pass is that of input */
  guint greatest;       /* of its outputs */
  float input[SAXID_PICTURE_INPUT], mirrored[SAXID_PICTURE_INPUT];
};

/* The last layer but for dropout, which does nothing here, and the dense one that answers. */
static guint
find_vector_layer (const SaxidNetwork *network)
{
  guint layer = network->n_layer - 1;

  while (layer > 0 && (layer == network->n_layer - 1 || network->layer[layer].kind == SAXID_LAYER_DROPOUT))
    layer--;
  return layer;
}

SaxidExtent
saxid_technique_extent (void)
{
  return (SaxidExtent) { SAXID_PICTURE_CHANNELS, SAXID_PICTURE_SIDE / SAXID_PICTURE_BLOCK, SAXID_PICTURE_SIDE / SAXID_PICTURE_BLOCK };
}

void
saxid_technique_model_free (SaxidTechniqueModel *model)
{
  if (model == NULL)
    return;
  saxid_network_free (model->network);
  g_free (model);
}

SaxidTechniqueJudge *
saxid_technique_judge_new (const SaxidTechniqueModel *model, guint threads, GError **error)
{
  SaxidTechniqueJudge *judge = g_new0 (SaxidTechniqueJudge, 1);

  judge->model = model;
  judge->vector_layer = find_vector_layer (model->network);
  judge->n_vector = saxid_extent_count (model->network->layer[judge->vector_layer].out);
  judge->vector = g_new (float, judge->n_vector);
  judge->pass = saxid_pass_new (model->network, 1, threads, error);
  if (judge->pass != NULL)
    return judge;
  g_free (judge->vector);
  g_free (judge);
  return NULL;
}

void
saxid_technique_judge_free (SaxidTechniqueJudge *judge)
{
  if (judge == NULL)
    return;
  saxid_pass_free (judge->pass);
  g_free (judge->vector);
  g_free (judge);
}

gsize
saxid_technique_vector_width (const SaxidNetwork *network)
{
  return saxid_extent_count (network->layer[find_vector_layer (network)].out);
}

gsize
saxid_technique_judge_width (const SaxidTechniqueJudge *judge)
{
  return judge->n_vector;
}

/* From the probabilities of the outputs. */
static void
make_answer (const float *p, SaxidTechniqueAnswer *answer)
{
  double yes[SAXID_N_HALF] = { 0 }, all = 0;

  for (guint k = 0; k < SAXID_N_TECHNIQUE; k++)
    all += (double) p[k];
  *answer = (SaxidTechniqueAnswer) { .outlier = (double) p[SAXID_N_TECHNIQUE] };
  for (guint k = 0; k < SAXID_N_TECHNIQUE; k++)
    {
      answer->probability[k] = (double) p[k] / fmax (all, 1e-300);
      yes[SAXID_HALF_GRAZING] += saxid_technique_is_grazing ((SaxidTechnique) k) ? answer->probability[k] : 0;
      yes[SAXID_HALF_WIDE] += saxid_technique_is_wide ((SaxidTechnique) k) ? answer->probability[k] : 0;
    }
  answer->image.known = answer->outlier < 0.5;
  for (guint half = 0; half < SAXID_N_HALF && answer->image.known; half++)
    answer->image.half[half] = CLAMP (log (fmax (yes[half], 1e-9) / fmax (1 - yes[half], 1e-9)), -MOST_ODDS, MOST_ODDS);
}

void
saxid_technique_answer (const float *margin, double temperature, SaxidTechniqueAnswer *answer)
{
  float p[SAXID_TECHNIQUE_OUTPUTS];

  saxid_softmax (SAXID_TECHNIQUE_OUTPUTS, margin, temperature, p);
  make_answer (p, answer);
}

static guint
find_greatest (const float *p)
{
  guint greatest = 0;

  for (guint k = 1; k < SAXID_TECHNIQUE_OUTPUTS; k++)
    greatest = p[k] > p[greatest] ? k : greatest;
  return greatest;
}

/* The mean of the probabilities of both; the vector stays that of the picture. */
static gboolean
ask_mirror (SaxidTechniqueJudge *judge, const SaxidPicture *picture, float *p, GError **error)
{
  g_autofree SaxidPicture *mirrored = g_new (SaxidPicture, 1);
  float margin[SAXID_TECHNIQUE_OUTPUTS], other[SAXID_TECHNIQUE_OUTPUTS];

  saxid_picture_mirror (picture, mirrored);
  saxid_picture_input (mirrored, judge->mirrored);
  judge->has_passed = FALSE;
  if (!saxid_pass_run (judge->pass, judge->mirrored, 1, 0, NULL, margin, error))
    return FALSE;
  saxid_softmax (SAXID_TECHNIQUE_OUTPUTS, margin, judge->model->temperature, other);
  for (guint k = 0; k < SAXID_TECHNIQUE_OUTPUTS; k++)
    p[k] = (p[k] + other[k]) / 2;
  return TRUE;
}

gboolean
saxid_technique_judge_ask (SaxidTechniqueJudge *judge, const SaxidPicture *picture, SaxidTechniqueAnswer *answer, GError **error)
{
  float margin[SAXID_TECHNIQUE_OUTPUTS], p[SAXID_TECHNIQUE_OUTPUTS];

  *answer = (SaxidTechniqueAnswer) { .probability = { 0.25, 0.25, 0.25, 0.25 }, .outlier = 1 };
  judge->has_picture = FALSE;
  if (picture == NULL)
    return TRUE;
  saxid_picture_input (picture, judge->input);
  if (!saxid_pass_run (judge->pass, judge->input, 1, judge->vector_layer, judge->vector, margin, error))
    return FALSE;
  judge->has_picture = judge->has_passed = TRUE;
  saxid_softmax (SAXID_TECHNIQUE_OUTPUTS, margin, judge->model->temperature, p);
  if (p[find_greatest (p)] < SURE && !ask_mirror (judge, picture, p, error))
    return FALSE;
  make_answer (p, answer);
  judge->greatest = find_greatest (p);
  answer->vector = judge->vector;
  answer->n_vector = judge->n_vector;
  return TRUE;
}

gboolean
saxid_technique_judge_evidence (SaxidTechniqueJudge *judge, guint8 *evidence, GError **error)
{
  const SaxidNetwork *network = judge->model->network;
  g_autofree float *maps = NULL, *weight = NULL;
  SaxidExtent extent;
  float margin[SAXID_TECHNIQUE_OUTPUTS];
  guint layer;

  memset (evidence, 0, SAXID_EVIDENCE_CELLS);
  if (!judge->has_picture)
    return TRUE;
  if (!saxid_evidence_layer (network, &layer, error))
    return FALSE;
  extent = network->layer[layer].out;
  if (!judge->has_passed && !saxid_pass_run (judge->pass, judge->input, 1, 0, NULL, margin, error))
    return FALSE;
  judge->has_passed = TRUE;
  maps = g_new (float, saxid_extent_count (extent));
  weight = g_new (float, extent.channels);
  if (!saxid_pass_read (judge->pass, layer, maps, error)
      || !saxid_evidence_weights (network, judge->pass, layer, judge->greatest, weight, error))
    return FALSE;
  saxid_evidence_map (extent, maps, weight, SAXID_EVIDENCE_SIDE, evidence);
  return TRUE;
}
