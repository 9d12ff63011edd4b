/* How far is a word from those that are known?
 *
 * Damerau's distance (optimal string alignment): letters left out, put in, replaced, or changed
 * with the next one. DOI 10.1145/363958.363994.
 *
 * Thread: pure.
 */
#include "cli/nearest.h"

#include <string.h>

#define MOST_LETTERS 32
#define LETTERS_PER_SLIP 3

static guint
least (guint a, guint b, guint c)
{
  return MIN (MIN (a, b), c);
}

/* Both are shorter than MOST_LETTERS. */
static guint
distance (const char *a, const char *b)
{
  const gsize m = strlen (a), n = strlen (b);
  guint d[MOST_LETTERS + 1][MOST_LETTERS + 1];

  for (gsize i = 0; i <= m; i++)
    for (gsize j = 0; j <= n; j++)
      {
        const gboolean same = i > 0 && j > 0 && a[i - 1] == b[j - 1];

        if (i == 0 || j == 0)
          d[i][j] = (guint) (i + j);
        else
          d[i][j] = least (d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (same ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
          d[i][j] = MIN (d[i][j], d[i - 2][j - 2] + 1);
      }
  return d[m][n];
}

/* The only one of the words that begins so, of what has two letters at least. */
static const char *
completed (const char *word, gsize n, const char *const *words)
{
  const char *found = NULL;

  for (gsize k = 0; k < n && strlen (word) > 1; k++)
    if (g_str_has_prefix (words[k], word))
      {
        if (found != NULL)
          return NULL;
        found = words[k];
      }
  return found;
}

const char *
saxid_nearest (const char *word, gsize n, const char *const *words)
{
  const char *best = completed (word, n, words);
  guint nearest = (guint) (strlen (word) + LETTERS_PER_SLIP - 1) / LETTERS_PER_SLIP + 1;

  if (best != NULL || strlen (word) >= MOST_LETTERS)
    return best;
  for (gsize k = 0; k < n; k++)
    if (strlen (words[k]) < MOST_LETTERS && distance (word, words[k]) < nearest)
      {
        nearest = distance (word, words[k]);
        best = words[k];
      }
  return best;
}
