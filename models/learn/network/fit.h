/* How does a network learn?
 *
 * Adam with decoupled weight decay (Kingma & Ba 2015, arXiv:1412.6980; Loshchilov &
 * Hutter 2019, arXiv:1711.05101), a learning rate that rises and then falls as a cosine,
 * and early stopping: the weights of the epoch with the least validation loss are kept.
 *
 * Thread: one training at a time per network.
 */
#pragma once

#include "models/learn/network/loss.h"
#include "models/learn/network/network.h"

G_BEGIN_DECLS

typedef struct
{
  gsize rows;
  const float *input;  /* [rows × count (in)] */
  const float *target; /* [rows × count (out)] */
} SaxidExamples;

typedef struct
{
  SaxidLoss loss;
  guint batch, epochs;
  double rate;      /* the highest learning rate */
  double rise;      /* part of the steps in which it is reached */
  double decay;     /* of weights, per step and unit of rate; not of biases */
  guint patience;   /* epochs without a better validation loss before it stops; 0: never */
  guint threads;
  gboolean half;    /* activations in bfloat16, where the processor has it */
  guint64 seed;     /* of order and dropout */
  const char *about; /* NULL, or what else a training goes on with only when it is the same */
} SaxidFitOptions;

typedef struct
{
  guint epoch, epochs; /* finished, and of how many */
  guint step, steps;   /* of this epoch */
  double loss;         /* mean of the epoch so far */
  double validation;   /* loss after the last finished epoch, NAN before */
} SaxidFitState;

/* Called after every step. FALSE stops with SAXID_ERROR_CANCELLED. */
typedef gboolean (*SaxidFitProgress) (const SaxidFitState *state, gpointer data);
/* Called after every epoch with all that is needed to go on from there; FALSE stops. */
typedef gboolean (*SaxidFitCheckpoint) (GBytes *state, gpointer data, GError **error);

/* Called before every epoch: may replace the training rows by others of the same number.
 * They must depend on the epoch alone, or a training that is taken up again would not
 * become the same. */
typedef gboolean (*SaxidFitRenew) (guint epoch, gpointer data, GError **error);

typedef struct
{
  SaxidFitRenew renew;           /* or NULL */
  SaxidFitProgress progress;     /* or NULL */
  SaxidFitCheckpoint checkpoint; /* or NULL */
  GBytes *resume;                /* what checkpoint was given, or NULL */
  gpointer data;
} SaxidFitHooks;

/* Trains in place. validation: rows that early stopping looks at; NULL: none, and the
 * last weights are kept.
 * Errors: SAXID_ERROR_ARGUMENT (fewer rows than a batch; a state of another training),
 * SAXID_ERROR_MODEL, SAXID_ERROR_DATA when the loss is no longer finite. */
gboolean saxid_network_fit (SaxidNetwork *network, const SaxidExamples *training, const SaxidExamples *validation,
                            const SaxidFitOptions *options, const SaxidFitHooks *hooks, GError **error);

G_END_DECLS
