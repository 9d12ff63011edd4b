/* Which words of a header are of the technique?
 *
 * Names are compared without case and without what is neither letter nor digit, so that
 * "Incident Angle", "incident_angle" and "IncidentAngle" are one.
 *
 * Instruments: NXsas and NXmx (fields), Dectris (Alpha, Omega, Start_angle, Detector_2theta),
 * SAXSLAB (thsam, sample_angle1, sample_transfact), ALS ("Sample Alpha Stage"), ESRF (motors).
 *
 * Thread: see words.h.
 */
#include "schemas/technique/words.h"

#include <math.h>
#include <string.h>

#include "reducers/clean-text.h"
#include "schemas/technique/title.h"
#include "schemas/units.h"

#define LEAST_WIDE_DETECTOR 10.0 /* degrees by which a detector is turned only for wide angles */
#define MOST_NAME 64
#define SAME_ANGLE 0.01 /* degrees by which a motor that stands still may jitter */
#define MOST_SAID 80 /* bytes of a text that are quoted */

typedef void (*Take) (SaxidTechniqueWords *words, const char *said, double value);
typedef void (*Hear) (SaxidTechniqueWords *words, const char *said, const char *value);

/* ---- what a number means ------------------------------------------------------------------ */

static void
take_incidence (SaxidTechniqueWords *words, const char *said, double angle)
{
  if (!saxid_technique_grazes (angle))
    return;
  saxid_technique_claim (words->header, SAXID_HALF_GRAZING, TRUE, SAXID_CLAIM_STATED, FALSE, said);
  if (g_strcmp0 (words->header->claim[SAXID_HALF_GRAZING][TRUE].place, said) != 0)
    return; /* another field has said it before: its angle is the one that counts */
  words->header->incident_angle = angle;
  words->header->has_angle = TRUE;
}

/* A sample may stand at a small angle for another reason. */
static void
take_axis (SaxidTechniqueWords *words, const char *said, double angle)
{
  if (!saxid_technique_grazes (angle) || words->axis != 0)
    return;
  words->axis = angle;
  words->axis_place = g_strdup (said);
}

static void
take_step (SaxidTechniqueWords *words, G_GNUC_UNUSED const char *said, double angle)
{
  words->rotates |= angle != 0;
}

static void
take_transmission (SaxidTechniqueWords *words, const char *said, double share)
{
  if (share > 0 && share < 1)
    saxid_technique_claim (words->header, SAXID_HALF_GRAZING, FALSE, SAXID_CLAIM_STATED, FALSE, said);
}

static void
take_detector (SaxidTechniqueWords *words, const char *said, double angle)
{
  if (fabs (angle) >= LEAST_WIDE_DETECTOR && fabs (angle) < 180)
    saxid_technique_claim (words->header, SAXID_HALF_WIDE, TRUE, SAXID_CLAIM_STATED, FALSE, said);
}

/* ---- what a text means -------------------------------------------------------------------- */

static void
hear_technique (SaxidTechniqueWords *words, const char *said, const char *value)
{
  saxid_title_claim (words->header, value, SAXID_CLAIM_STATED, FALSE, said);
}

static void
hear_camera (SaxidTechniqueWords *words, const char *said, const char *value)
{
  saxid_title_claim_camera (words->header, value, said);
}

/* ---- the table -------------------------------------------------------------------------------- */

/* A number, which may be an angle, or a text. */
static const struct
{
  const char *name;
  Take take;
  gboolean is_angle;
  Hear hear;
} known[] = {
  { "incidentangle", take_incidence, TRUE, NULL },
  { "incidenceangle", take_incidence, TRUE, NULL },
  { "angleofincidence", take_incidence, TRUE, NULL },
  { "grazingangle", take_incidence, TRUE, NULL },
  { "grazingincidenceangle", take_incidence, TRUE, NULL },
  { "alphai", take_incidence, TRUE, NULL },
  { "ai", take_incidence, TRUE, NULL },
  { "thsam", take_incidence, TRUE, NULL },
  { "sampleangle1", take_incidence, TRUE, NULL },
  { "samplealphastage", take_incidence, TRUE, NULL },
  { "sampletheta", take_incidence, TRUE, NULL },
  { "samth", take_incidence, TRUE, NULL },
  { "sth", take_axis, TRUE, NULL },
  { "th", take_axis, TRUE, NULL },
  { "theta", take_axis, TRUE, NULL },
  { "om", take_axis, TRUE, NULL },
  { "omega", take_axis, TRUE, NULL },
  { "eta", take_axis, TRUE, NULL },
  { "alpha", take_axis, TRUE, NULL },
  { "startangle", take_axis, TRUE, NULL },
  { "angleincrement", take_step, TRUE, NULL },
  { "omegaincrement", take_step, TRUE, NULL },
  { "phiincrement", take_step, TRUE, NULL },
  { "alphaincrement", take_step, TRUE, NULL },
  { "sampletransfact", take_transmission, FALSE, NULL },
  { "sampletransmission", take_transmission, FALSE, NULL },
  { "detector2theta", take_detector, TRUE, NULL },
  { "detectoraequatorialangle", take_detector, TRUE, NULL },
  { "detectorpolarangle", take_detector, TRUE, NULL },
  { "technique", NULL, FALSE, hear_technique },
  { "scatteringtechnique", NULL, FALSE, hear_technique },
  { "experimenttechnique", NULL, FALSE, hear_technique },
  { "experimenttype", NULL, FALSE, hear_technique },
  { "measurementtype", NULL, FALSE, hear_technique },
  { "scatteringgeometry", NULL, FALSE, hear_technique },
  { "samplegeometry", NULL, FALSE, hear_technique },
  { "measurementgeometry", NULL, FALSE, hear_technique },
  { "detectorname", NULL, FALSE, hear_camera },
  { "detectorlocalname", NULL, FALSE, hear_camera },
  { "detectordescription", NULL, FALSE, hear_camera },
  { "detectoralias", NULL, FALSE, hear_camera },
};

/* Row of known, or their number. */
static guint
find (const char *name)
{
  char bare[MOST_NAME];
  gsize n = 0;
  guint k;

  for (; *name != '\0' && n + 1 < sizeof bare; name++)
    if (g_ascii_isalnum (*name))
      bare[n++] = g_ascii_tolower (*name);
  bare[n] = '\0';
  for (k = 0; k < G_N_ELEMENTS (known) && strcmp (bare, known[k].name) != 0; k++)
    ;
  return k;
}

gboolean
saxid_technique_knows (const char *name)
{
  return find (name) < G_N_ELEMENTS (known);
}

void
saxid_technique_number (SaxidTechniqueWords *words, const char *place, const char *name, double value, const char *unit,
                        gboolean varies)
{
  const guint k = find (name);
  g_autofree char *said = NULL;
  double radian = G_PI / 180;

  if (k == G_N_ELEMENTS (known) || known[k].take == NULL || !isfinite (value))
    return;
  if (known[k].is_angle && unit != NULL && *unit != '\0' && !saxid_units_angle (unit, &radian))
    return;
  if (known[k].is_angle)
    value *= radian * 180 / G_PI;
  if (varies && known[k].take == take_axis)
    return;
  said = g_strdup_printf ("%s = %.4g%s, %s", name, value, known[k].is_angle ? " degree" : "", place);
  known[k].take (words, said, value);
}

void
saxid_technique_word (SaxidTechniqueWords *words, const char *place, const char *name, const char *value, const char *unit)
{
  const guint k = find (name);
  g_autofree char *said = NULL, *word = NULL;
  double number;
  char *end;

  if (k == G_N_ELEMENTS (known) || value == NULL)
    return;
  if (known[k].hear != NULL)
    {
      word = saxid_clean_text (value, (gssize) strnlen (value, MOST_SAID));
      said = g_strdup_printf ("%s = '%s', %s", name, word, place);
      known[k].hear (words, said, value);
      return;
    }
  number = g_ascii_strtod (value, &end);
  if (end == value)
    return;
  end += strspn (end, " \t_*");
  word = g_strndup (end, strcspn (end, " \t\r\n;.,()")); /* "0.15 deg." */
  saxid_technique_number (words, place, name, number, unit != NULL ? unit : word, FALSE);
}

void
saxid_technique_numbers (SaxidTechniqueWords *words, const char *place, const char *name, const double *values, gsize n,
                         const char *unit)
{
  const guint k = find (name);
  gboolean varies = FALSE;
  double radian = G_PI / 180;
  g_autofree double *degrees = NULL;

  if (n == 0 || k == G_N_ELEMENTS (known))
    return;
  if (known[k].is_angle && unit != NULL && *unit != '\0' && !saxid_units_angle (unit, &radian))
    return;
  for (gsize i = 1; i < n; i++)
    varies |= !(fabs (values[i] - values[0]) * (known[k].is_angle ? radian * 180 / G_PI : 1) < SAME_ANGLE);
  if (!varies || known[k].take != take_incidence)
    {
      saxid_technique_number (words, place, name, values[0], unit, varies);
      return;
    }
  degrees = g_new (double, n);
  for (gsize i = 0; i < n; i++)
    degrees[i] = values[i] * radian * 180 / G_PI;
  saxid_technique_header_angles (words->header, degrees, n, name, place);
}

/* ---- notations --------------------------------------------------------------------------------- */

void
saxid_technique_lines (SaxidTechniqueWords *words, const char *place, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      char *at = *line + strspn (*line, "# \t"), *value = at;
      gsize length = strcspn (at, ":=");

      /* "Sample Alpha Stage: 0.2", and with a blank alone "Alpha 0.2000 deg." */
      if (at[length] == '\0')
        length = strcspn (at, " \t");
      if (length == 0 || length >= MOST_NAME || at[length] == '\0')
        continue;
      value = at + length + strspn (at + length, " :=\t(");
      at[length] = '\0';
      saxid_technique_word (words, place, g_strchomp (at), value, NULL);
    }
}

void
saxid_technique_motors (SaxidTechniqueWords *words, const char *place, const char *names, const char *values)
{
  g_auto (GStrv) name = g_strsplit_set (names != NULL ? names : "", " \t,", -1);
  g_auto (GStrv) value = g_strsplit_set (values != NULL ? values : "", " \t,", -1);
  char **at = value;

  for (char **one = name; *one != NULL; one++)
    {
      if (**one == '\0')
        continue;
      while (*at != NULL && **at == '\0')
        at++;
      if (*at == NULL)
        return;
      saxid_technique_word (words, place, *one, *at++, "degree");
    }
}

gboolean
saxid_technique_param (const char **xml, char **name, char **value)
{
  static const char open[] = "<param name=\"";

  while ((*xml = strstr (*xml, open)) != NULL)
    {
      const char *begin = *xml + strlen (open), *quote = strchr (begin, '"');
      const char *close = quote != NULL ? strchr (quote, '>') : NULL, *end = close != NULL ? strchr (close, '<') : NULL;

      if (end == NULL)
        return FALSE;
      *xml = end;
      if (quote - begin >= MOST_NAME || close[-1] == '/')
        continue;
      *name = g_strndup (begin, (gsize) (quote - begin));
      *value = g_strstrip (g_strndup (close + 1, (gsize) (end - close - 1)));
      return TRUE;
    }
  return FALSE;
}

void
saxid_technique_xml (SaxidTechniqueWords *words, const char *place, const char *xml)
{
  char *name, *value;

  while (saxid_technique_param (&xml, &name, &value))
    {
      saxid_technique_word (words, place, name, value, NULL);
      g_free (name);
      g_free (value);
    }
}

void
saxid_technique_title (SaxidTechniqueWords *words, const char *place, const char *text)
{
  g_autofree char *clean = saxid_clean_text (text, (gssize) strnlen (text, MOST_SAID));
  g_autofree char *said = g_strdup_printf ("'%s', %s", clean, place);
  double angle;

  saxid_title_claim (words->header, text, SAXID_CLAIM_HEARSAY, TRUE, said);
  if (!saxid_title_angle (text, &angle))
    return;
  saxid_technique_claim (words->header, SAXID_HALF_GRAZING, TRUE, SAXID_CLAIM_HEARSAY, TRUE, said);
  if (words->header->has_angle)
    return;
  words->header->incident_angle = angle;
  words->header->has_angle = TRUE;
}

void
saxid_technique_camera (SaxidTechniqueWords *words, const char *place, const char *text)
{
  g_autofree char *clean = saxid_clean_text (text, (gssize) strnlen (text, MOST_SAID));
  g_autofree char *said = g_strdup_printf ("'%s', %s", clean, place);

  saxid_title_claim_camera (words->header, text, said);
}

void
saxid_technique_words_end (SaxidTechniqueWords *words)
{
  SaxidTechniqueHeader *header = words->header;

  if (words->axis != 0 && !words->rotates)
    {
      saxid_technique_claim (header, SAXID_HALF_GRAZING, TRUE, SAXID_CLAIM_HEARSAY, FALSE, words->axis_place);
      if (!header->has_angle)
        header->incident_angle = words->axis;
      header->has_angle = TRUE;
    }
  g_clear_pointer (&words->axis_place, g_free);
}
