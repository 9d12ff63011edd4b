/* Which class does a vector belong to?
 *
 * Thread: see classifier.h.
 */
#include "models/learn/study/classifier.h"

#include <string.h>

#include "models/learn/calibrate.h"
#include "models/learn/study/neighbours.h"
#include "models/learn/trees.h"

#define MOST_CHOICES 3
/* A tree that sees few of a few columns cannot combine them: it gets as many at least. */
#define LEAST_COLUMNS 16.0

/* What the settings of the grid are made of. */
typedef struct
{
  const char *title;
  guint neighbours;
  SaxidTreesOptions trees;
} Choice;

struct SaxidClassifierInfo
{
  const char *name;
  gboolean has_trees;
  guint n_choice;
  Choice choice[MOST_CHOICES];
};

struct SaxidClassifier
{
  const SaxidClassifierInfo *info;
  const Choice *choice;
  SaxidVectors training;
  SaxidTrees *trees;
};

#define FOREST(depth_, part_)                                                                          \
  {                                                                                                    \
    .rounds = 1, .forest = 40, .depth = depth_, .learning_rate = 1, .row_part = 0.63,                  \
    .column_part = part_, .min_weight = 0.01, .bins = 64,                                              \
  }
#define BOOSTED(rounds_, depth_, rate_)                                                                \
  {                                                                                                    \
    .rounds = rounds_, .depth = depth_, .learning_rate = rate_, .row_part = 0.8, .column_part = 0.2,   \
    .min_weight = 1, .bins = 64,                                                                       \
  }

static const SaxidClassifierInfo table[] = {
  { "KNN", FALSE, 3, { { .title = "k = 1", .neighbours = 1 }, { .title = "k = 5", .neighbours = 5 },
                       { .title = "k = 15", .neighbours = 15 } } },
  { "RF", TRUE, 2, { { .title = "40 trees of depth 12, 10 % of the columns", .trees = FOREST (12, 0.1) },
                     { .title = "40 trees of depth 12, 30 % of the columns", .trees = FOREST (12, 0.3) } } },
  { "XGBoost", TRUE, 2, { { .title = "100 rounds of depth 6, rate 0.2", .trees = BOOSTED (100, 6, 0.2) },
                          { .title = "300 rounds of depth 6, rate 0.15", .trees = BOOSTED (300, 6, 0.15) } } },
};

const SaxidClassifierInfo *
saxid_classifier_find (const char *name)
{
  for (guint k = 0; k < G_N_ELEMENTS (table); k++)
    if (strcmp (table[k].name, name) == 0)
      return &table[k];
  return NULL;
}

const char *
saxid_classifier_name (const SaxidClassifierInfo *info)
{
  return info->name;
}

guint
saxid_classifier_choice_count (const SaxidClassifierInfo *info)
{
  return info->n_choice;
}

const char *
saxid_classifier_choice (const SaxidClassifierInfo *info, guint choice)
{
  return info->choice[choice].title;
}

SaxidClassifier *
saxid_classifier_train (const SaxidClassifierInfo *info, guint choice, const SaxidVectors *training, guint threads,
                        guint32 seed, SaxidClassifierProgress progress, gpointer data, GError **error)
{
  g_autoptr (SaxidClassifier) self = g_new0 (SaxidClassifier, 1);
  SaxidTreesOptions trees;

  g_return_val_if_fail (choice < info->n_choice, NULL);

  self->info = info;
  self->choice = &info->choice[choice];
  self->training = *training;
  if (!info->has_trees)
    return g_steal_pointer (&self);
  trees = self->choice->trees;
  trees.column_part = CLAMP (LEAST_COLUMNS / (double) training->width, trees.column_part, 1);
  trees.threads = threads;
  trees.seed = seed;
  self->trees = saxid_trees_train (training->features, training->n, training->width, training->label,
                                   training->n_class, &trees, progress, data, error);
  return self->trees != NULL ? g_steal_pointer (&self) : NULL;
}

void
saxid_classifier_free (SaxidClassifier *self)
{
  if (self == NULL)
    return;
  saxid_trees_free (self->trees);
  g_free (self);
}

gboolean
saxid_classifier_ask (const SaxidClassifier *self, const float *features, gsize n, float *probability, GError **error)
{
  const SaxidVectors *training = &self->training;

  if (n == 0)
    return TRUE;
  if (self->trees == NULL)
    {
      saxid_neighbours_vote (training->n, training->width, training->features, training->label, training->n_class,
                             self->choice->neighbours, n, features, probability);
      return TRUE;
    }
  if (!saxid_trees_margin (self->trees, features, n, probability, error))
    return FALSE;
  for (gsize r = 0; r < n; r++)
    saxid_softmax (training->n_class, probability + r * training->n_class, 1, probability + r * training->n_class);
  return TRUE;
}
