/* Which classes are merged, for whoever asks a coarser question?
 *
 * Thread: see merged.h.
 */
#include "models/learn/merged.h"

#include <string.h>

#include "reducers/error.h"

static const struct
{
  const char *set, *from, *to; /* from NULL: nothing is merged */
} sets[] = {
  { "all", NULL, NULL },
  { "nine", "disc", "oblate" },
  { "nine", "core_shell_disc", "core_shell_oblate" },
};

const char *
saxid_merged_class (const char *set, const char *name)
{
  const char *other = NULL;

  for (guint k = 0; k < G_N_ELEMENTS (sets); k++)
    {
      if (strcmp (sets[k].set, set) != 0)
        continue;
      if (other == NULL)
        other = name;
      if (sets[k].from != NULL && strcmp (sets[k].from, name) == 0)
        other = sets[k].to;
    }
  return other;
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
saxid_merged_map (guint n, char *const *name, const char *set, guint8 *merged, GError **error)
{
  guint n_kept = 0;

  for (guint k = 0; k < n; k++)
    if (g_strcmp0 (saxid_merged_class (set, name[k]), name[k]) == 0)
      merged[k] = (guint8) n_kept++;
  for (guint k = 0; k < n; k++)
    {
      const char *other = saxid_merged_class (set, name[k]);
      const int to = other != NULL ? find (name, n, other) : -1;

      if (to < 0)
        {
          if (other == NULL)
            g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "set of classes '%s' is not known, all and nine are", set);
          else
            g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "model has the class %s, but not %s to count it as",
                         name[k], other);
          return 0;
        }
      merged[k] = merged[to];
    }
  return n_kept;
}

/* What counts as one class has learned from the curves of all of them: the mean of their
 * weights. */
static double *
merge_prior (const SaxidPredictor *self, const guint8 *merged, guint n_kept)
{
  double *prior = g_new0 (double, n_kept);

  for (guint to = 0; to < n_kept; to++)
    {
      guint n = 0;

      for (guint k = 0; k < self->n_class; k++)
        if (merged[k] == to)
          {
            prior[to] += self->prior[k];
            n++;
          }
      prior[to] /= n;
    }
  return prior;
}

gboolean
saxid_predictor_merge (SaxidPredictor *self, const char *set, GError **error)
{
  g_autofree guint8 *merged = g_new (guint8, self->n_class);
  g_auto (GStrv) kept = g_new0 (char *, self->n_class + 1);
  guint n_kept;

  g_return_val_if_fail (self->merged == NULL, FALSE);

  n_kept = saxid_merged_map (self->n_class, self->class_name, set, merged, error);
  if (n_kept == 0)
    return FALSE;
  for (guint k = 0; k < self->n_class; k++)
    if (kept[merged[k]] == NULL)
      kept[merged[k]] = g_strdup (saxid_merged_class (set, self->class_name[k]));
  if (n_kept < self->n_class && self->merged_temperature > 0)
    {
      self->temperature = self->merged_temperature;
      self->set_threshold = self->merged_threshold;
    }
  if (self->prior != NULL)
    {
      double *prior = merge_prior (self, merged, n_kept);

      g_free (self->prior);
      self->prior = prior;
    }
  self->n_margin = self->n_class;
  self->n_class = n_kept;
  self->merged = g_steal_pointer (&merged);
  g_strfreev (self->class_name);
  self->class_name = g_steal_pointer (&kept);
  return TRUE;
}
