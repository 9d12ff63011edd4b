/* Which words of a title or a file's name are of the technique?
 *
 * Thread: see title.h.
 */
#include "schemas/technique/title.h"

#include <string.h>

/* What a word says of each half: 1 yes, -1 no, 0 nothing. */
static const struct
{
  const char *word;
  int grazing, wide;
} words[] = {
  { "gisaxs", 1, -1 },  { "giusaxs", 1, -1 }, { "giwaxs", 1, 1 },  { "gixd", 1, 1 },    { "gid", 1, 1 },
  { "gixs", 1, 0 },     { "grazing", 1, 0 },  { "reflection", 1, 0 }, { "saxs", -1, -1 }, { "usaxs", -1, -1 },
  { "biosaxs", -1, -1 }, { "waxs", -1, 1 },   { "transmission", -1, 0 },
};

static const char *const angles[] = { "th", "theta", "ai", "alphai", "incidence", "incident", "inc", "angle" };

/* The next run of letters at or behind *at, and its length; NULL where there is none. */
static const char *
next_word (const char **at, gsize *length)
{
  const char *start = *at;

  while (*start != '\0' && !g_ascii_isalpha (*start))
    start++;
  for (*length = 0; g_ascii_isalpha (start[*length]); ++*length)
    ;
  *at = start + *length;
  return *length > 0 ? start : NULL;
}

static gboolean
is (const char *word, gsize length, const char *known)
{
  return strlen (known) == length && g_ascii_strncasecmp (word, known, length) == 0;
}

/* What the words of a text say of each half: [half][0 = no, 1 = yes]. */
static void
hear_words (const char *text, gboolean said[SAXID_N_HALF][2])
{
  const char *word;
  gsize length;

  while ((word = next_word (&text, &length)) != NULL)
    for (gsize k = 0; k < G_N_ELEMENTS (words); k++)
      if (is (word, length, words[k].word))
        {
          const int says[SAXID_N_HALF] = { words[k].grazing, words[k].wide };

          for (guint half = 0; half < SAXID_N_HALF; half++)
            if (says[half] != 0)
              said[half][says[half] > 0] = TRUE;
        }
}

void
saxid_title_claim (SaxidTechniqueHeader *header, const char *text, double wrong, gboolean name, const char *place)
{
  gboolean said[SAXID_N_HALF][2] = { { FALSE } };

  hear_words (text, said);
  for (guint half = 0; half < SAXID_N_HALF; half++)
    if (said[half][0] != said[half][1])
      saxid_technique_claim (header, (SaxidTechniqueHalf) half, said[half][1], wrong, name, place);
}

void
saxid_title_claim_camera (SaxidTechniqueHeader *header, const char *text, const char *place)
{
  gboolean said[SAXID_N_HALF][2] = { { FALSE } };

  hear_words (text, said);
  if (said[SAXID_HALF_WIDE][0] != said[SAXID_HALF_WIDE][1])
    saxid_technique_claim (header, SAXID_HALF_WIDE, said[SAXID_HALF_WIDE][1], SAXID_CLAIM_STATED, FALSE, place);
}

gboolean
saxid_title_angle (const char *text, double *angle)
{
  const char *word;
  gsize length;

  while ((word = next_word (&text, &length)) != NULL)
    {
      const char *number = text + strspn (text, "_=-");
      gsize known = 0, digits = strspn (number, "0123456789");
      char *end;

      while (known < G_N_ELEMENTS (angles) && !is (word, length, angles[known]))
        known++;
      /* "th2" numbers something, "th0.2" is an angle */
      if (known == G_N_ELEMENTS (angles) || digits == 0 || number[digits] != '.' || !g_ascii_isdigit (number[digits + 1]))
        continue;
      *angle = g_ascii_strtod (number, &end);
      if (g_ascii_isalpha (*end) && g_ascii_strncasecmp (end, "deg", 3) != 0)
        continue; /* "theta1.5nm" */
      if (*angle > 0 && *angle <= SAXID_MOST_GRAZING)
        return TRUE;
    }
  return FALSE;
}
