/* Which classes count as one, for whoever asks a coarser question?
 *
 * Thread: see fold.h.
 */
#include "models/learn/fold.h"

#include <string.h>

#include "reducers/error.h"

static const struct
{
  const char *set, *from, *to; /* from NULL: nothing is folded */
} folds[] = {
  { "all", NULL, NULL },
  { "nine", "disc", "oblate" },
  { "nine", "core_shell_disc", "core_shell_oblate" },
};

const char *
saxid_fold_class (const char *set, const char *name)
{
  const char *folded = NULL;

  for (guint k = 0; k < G_N_ELEMENTS (folds); k++)
    {
      if (strcmp (folds[k].set, set) != 0)
        continue;
      if (folded == NULL)
        folded = name;
      if (folds[k].from != NULL && strcmp (folds[k].from, name) == 0)
        folded = folds[k].to;
    }
  return folded;
}

static int
find (char *const *names, guint n, const char *name)
{
  for (guint k = 0; k < n; k++)
    if (strcmp (names[k], name) == 0)
      return (int) k;
  return -1;
}

guint
saxid_fold_map (guint n, char *const *name, const char *set, guint8 *fold, GError **error)
{
  guint n_kept = 0;

  for (guint k = 0; k < n; k++)
    if (g_strcmp0 (saxid_fold_class (set, name[k]), name[k]) == 0)
      fold[k] = (guint8) n_kept++;
  for (guint k = 0; k < n; k++)
    {
      const char *folded = saxid_fold_class (set, name[k]);
      const int to = folded != NULL ? find (name, n, folded) : -1;

      if (to < 0)
        {
          if (folded == NULL)
            g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "set of classes '%s' is not known, all and nine are", set);
          else
            g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "model has the class %s, but not %s to count it as",
                         name[k], folded);
          return 0;
        }
      fold[k] = fold[to];
    }
  return n_kept;
}

/* What counts as one class has learned from the curves of all of them: the mean of their
 * weights. */
static double *
fold_prior (const SaxidPredictor *self, const guint8 *fold, guint n_kept)
{
  double *prior = g_new0 (double, n_kept);

  for (guint to = 0; to < n_kept; to++)
    {
      guint n = 0;

      for (guint k = 0; k < self->n_class; k++)
        if (fold[k] == to)
          {
            prior[to] += self->prior[k];
            n++;
          }
      prior[to] /= n;
    }
  return prior;
}

gboolean
saxid_predictor_fold (SaxidPredictor *self, const char *set, GError **error)
{
  g_autofree guint8 *fold = g_new (guint8, self->n_class);
  g_auto (GStrv) kept = g_new0 (char *, self->n_class + 1);
  guint n_kept;

  g_return_val_if_fail (self->fold == NULL, FALSE);

  n_kept = saxid_fold_map (self->n_class, self->class_name, set, fold, error);
  if (n_kept == 0)
    return FALSE;
  for (guint k = 0; k < self->n_class; k++)
    if (kept[fold[k]] == NULL)
      kept[fold[k]] = g_strdup (saxid_fold_class (set, self->class_name[k]));
  if (n_kept < self->n_class && self->fold_temperature > 0)
    {
      self->temperature = self->fold_temperature;
      self->set_threshold = self->fold_threshold;
    }
  if (self->prior != NULL)
    {
      double *prior = fold_prior (self, fold, n_kept);

      g_free (self->prior);
      self->prior = prior;
    }
  self->n_margin = self->n_class;
  self->n_class = n_kept;
  self->fold = g_steal_pointer (&fold);
  g_strfreev (self->class_name);
  self->class_name = g_steal_pointer (&kept);
  return TRUE;
}
