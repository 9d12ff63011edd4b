/* What can be said of a particle where its class is open?
 *
 * A sum over the classes of a family: P(family) = Σ P(class), which is calibrated where the
 * classes are.
 *
 * Thread: pure.
 */
#include "models/learn/levels.h"

#include <string.h>

/* Part of the family's probability that the classes of a note make up. */
#define NAMED_PART 0.9f

static const char *const family_names[] = { "globular", "elongated", "flat", "hollow", NULL };
static const char *const structure_names[] = { "homogeneous", "core_shell", NULL };

static const struct
{
  const char *const *names;
  guint n;
} levels[SAXID_N_LEVEL] = {
  [SAXID_LEVEL_FAMILY] = { family_names, G_N_ELEMENTS (family_names) - 1 },
  [SAXID_LEVEL_STRUCTURE] = { structure_names, G_N_ELEMENTS (structure_names) - 1 },
};

G_STATIC_ASSERT (G_N_ELEMENTS (family_names) - 1 <= SAXID_LEVEL_MOST_NAMES);

/* An oblate ellipsoid and a disc are one family, for a curve with a width tells them apart
 * badly, a prolate one and a rod another. A hollow sphere is a shell around nothing. */
static const struct
{
  const char *class_name;
  const char *name[SAXID_N_LEVEL];
} classes[] = {
  { "sphere", { "globular", "homogeneous" } },
  { "core_shell_sphere", { "globular", "core_shell" } },
  { "cylinder", { "elongated", "homogeneous" } },
  { "core_shell_cylinder", { "elongated", "core_shell" } },
  { "prolate", { "elongated", "homogeneous" } },
  { "core_shell_prolate", { "elongated", "core_shell" } },
  { "disc", { "flat", "homogeneous" } },
  { "core_shell_disc", { "flat", "core_shell" } },
  { "oblate", { "flat", "homogeneous" } },
  { "core_shell_oblate", { "flat", "core_shell" } },
  { "hollow_sphere", { "hollow", "core_shell" } },
};

const char *const *
saxid_level_names (SaxidLevel level)
{
  return levels[level].names;
}

guint
saxid_level_count (SaxidLevel level)
{
  return levels[level].n;
}

static int
name_index (SaxidLevel level, const char *name)
{
  for (guint k = 0; k < levels[level].n; k++)
    if (strcmp (levels[level].names[k], name) == 0)
      return (int) k;
  return -1;
}

const char *
saxid_level_class (guint index)
{
  return index < G_N_ELEMENTS (classes) ? classes[index].class_name : NULL;
}

int
saxid_level_of (SaxidLevel level, const char *class_name)
{
  for (guint k = 0; k < G_N_ELEMENTS (classes); k++)
    if (strcmp (classes[k].class_name, class_name) == 0)
      return name_index (level, classes[k].name[level]);
  return -1;
}

void
saxid_level_sum (SaxidLevel level, guint n_class, const char *const *class_name, const float *probability,
                 float *out)
{
  memset (out, 0, levels[level].n * sizeof *out);
  for (guint k = 0; k < n_class; k++)
    {
      const int at = saxid_level_of (level, class_name[k]);

      if (at >= 0)
        out[at] += probability[k];
    }
  for (guint k = 0; k < levels[level].n; k++) /* a sum of roundings */
    if (out[k] > 1)
      out[k] = 1;
}

/* The likeliest class of the family that is not `taken`; -1: none is left. */
static int
likeliest (guint n_class, const char *const *class_name, const float *probability, int family, const gboolean *taken)
{
  int best = -1;

  for (guint k = 0; k < n_class; k++)
    if (!taken[k] && saxid_level_of (SAXID_LEVEL_FAMILY, class_name[k]) == family
        && (best < 0 || probability[k] > probability[best]))
      best = (int) k;
  return best;
}

static int
best_of (guint n, const float *probability)
{
  guint best = 0;

  for (guint k = 1; k < n; k++)
    if (probability[k] > probability[best])
      best = k;
  return (int) best;
}

/* "disc", "disc or oblate", "disc, oblate or core_shell_disc". */
static void
name_classes (guint n_class, const char *const *class_name, const float *probability, int family, float enough, char *note)
{
  g_autofree gboolean *taken = g_new0 (gboolean, n_class);
  int next = likeliest (n_class, class_name, probability, family, taken);
  const char *joint = ": ";
  float named = 0;

  while (next >= 0)
    {
      const int at = next;

      taken[at] = TRUE;
      named += probability[at];
      g_strlcat (note, joint, SAXID_LEVEL_NOTE);
      g_strlcat (note, class_name[at], SAXID_LEVEL_NOTE);
      next = named < enough ? likeliest (n_class, class_name, probability, family, taken) : -1;
      joint = next >= 0 && named + probability[next] < enough ? ", " : " or ";
    }
}

void
saxid_level_note (guint n_class, const char *const *class_name, const float *probability, char *note)
{
  float family[SAXID_LEVEL_MOST_NAMES];
  int best;

  note[0] = '\0';
  saxid_level_sum (SAXID_LEVEL_FAMILY, n_class, class_name, probability, family);
  best = best_of (levels[SAXID_LEVEL_FAMILY].n, family);
  if (!((double) family[best] >= SAXID_LEVEL_SURE_FAMILY)
      || (double) probability[best_of (n_class, probability)] >= SAXID_LEVEL_OPEN_CLASS)
    return;
  g_strlcpy (note, family_names[best], SAXID_LEVEL_NOTE);
  name_classes (n_class, class_name, probability, best, NAMED_PART * family[best], note);
}
