/* Which technique is a frame of, by what its header and its image say?
 *
 * Thread: see technique.h.
 */
#include "reducers/technique.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reducers/order.h"

#define MOST_SMALL_Q  0.5 /* 1/Å, of 95 % of the pixels */
#define LEAST_WIDE_Q  1.2
#define SURE_WIDE_Q   2.0 /* between them cameras for small angles reach, too: wrong in a fifth, and less and less */
#define LEAST_SURE    0.2
#define LEAST_WITNESS 3.0 /* odds from which an image bears a name out */
/* A grazing frame that passes for transmission is a wrong curve without a word, the other way round it is a line
 * to read: odds beyond these an image does not have against a header that says grazing. */
#define MOST_DENIAL 5.0
/* Rings at 0.1 and at 2 1/Å are alike: a picture says little against a header that says where in q it was taken. */
#define MOST_DENIAL_OF_Q 2.0
#define MUCH 10.0      /* odds from which header and image are apart */
#define MOST_SAID 0.999 /* probability of an image that is printed */
#define GRID 64u /* of a detector, for its percentiles */

static const char *const names[SAXID_N_TECHNIQUE] = { "SAXS", "WAXS", "GISAXS", "GIWAXS" };
static const char *const witnesses[] = { "none", "metadata", "image", "agree", "disagree" };

const char *
saxid_technique_name (SaxidTechnique technique)
{
  return technique >= 0 && technique < SAXID_N_TECHNIQUE ? names[technique] : "unknown";
}

SaxidTechnique
saxid_technique_find (const char *name)
{
  for (int k = 0; k < SAXID_N_TECHNIQUE; k++)
    if (g_ascii_strcasecmp (name, names[k]) == 0)
      return (SaxidTechnique) k;
  return SAXID_TECHNIQUE_UNKNOWN;
}

gboolean
saxid_technique_is_grazing (SaxidTechnique technique)
{
  return technique >= SAXID_TECHNIQUE_GISAXS;
}

gboolean
saxid_technique_is_wide (SaxidTechnique technique)
{
  return technique == SAXID_TECHNIQUE_WAXS || technique == SAXID_TECHNIQUE_GIWAXS;
}

char *
saxid_technique_no_form_factor (SaxidTechnique technique)
{
  if (!saxid_technique_is_grazing (technique))
    return NULL;
  return g_strdup_printf ("its frames are %s: a form factor of this curve would be wrong", saxid_technique_name (technique));
}

const char *
saxid_witness_name (SaxidWitness witness)
{
  return witnesses[witness];
}

/* ---- claims --------------------------------------------------------------------------- */

void
saxid_technique_header_clear (SaxidTechniqueHeader *header)
{
  for (guint half = 0; half < SAXID_N_HALF; half++)
    for (guint yes = 0; yes < 2; yes++)
      g_free (header->claim[half][yes].place);
  g_free (header->angles);
  g_free (header->angles_name);
  g_free (header->angles_place);
  *header = (SaxidTechniqueHeader) { .has_angle = FALSE };
}

gboolean
saxid_technique_grazes (double angle)
{
  return angle >= SAXID_LEAST_GRAZING && angle <= SAXID_MOST_GRAZING;
}

void
saxid_technique_header_angles (SaxidTechniqueHeader *header, const double *angles, gsize n, const char *name, const char *place)
{
  if (header->angles != NULL)
    return;
  header->angles = g_memdup2 (angles, n * sizeof *angles);
  header->n_angle = n;
  header->angles_name = g_strdup (name);
  header->angles_place = g_strdup (place);
}

static void
claim_angle (SaxidTechniqueHeader *header, const SaxidTechniqueHeader *from, gsize frame)
{
  const double angle = from->angles[frame];
  g_autofree char *place = g_strdup_printf ("%s = %.4g degree in frame %" G_GSIZE_FORMAT ", %s", from->angles_name, angle, frame, from->angles_place);

  if (!saxid_technique_grazes (angle))
    return;
  saxid_technique_claim (header, SAXID_HALF_GRAZING, TRUE, SAXID_CLAIM_STATED, FALSE, place);
  header->incident_angle = angle;
  header->has_angle = TRUE;
}

void
saxid_technique_header_of (const SaxidTechniqueHeader *from, gsize frame, SaxidTechniqueHeader *to)
{
  *to = *from;
  to->angles = NULL;
  to->angles_name = to->angles_place = NULL;
  to->n_angle = 0;
  for (guint half = 0; half < SAXID_N_HALF; half++)
    for (guint yes = 0; yes < 2; yes++)
      to->claim[half][yes].place = g_strdup (from->claim[half][yes].place);
  if (frame < from->n_angle)
    claim_angle (to, from, frame);
}

void
saxid_technique_claim (SaxidTechniqueHeader *header, SaxidTechniqueHalf half, gboolean yes, double wrong, gboolean name,
                       const char *place)
{
  SaxidTechniqueClaim *claim = &header->claim[half][yes != FALSE];

  /* of two as sure, the one that is more than a name */
  if (claim->wrong > 0 && (wrong > claim->wrong || (wrong == claim->wrong && (name || !claim->name))))
    return;
  g_free (claim->place);
  *claim = (SaxidTechniqueClaim) { wrong, g_strdup (place), name };
}

/* How often a detector that reaches q95 is none for wide angles, or one below MOST_SMALL_Q is. */
static double
wrong_of_q (double q95)
{
  const double sure = log (fmin (fmax (q95, LEAST_WIDE_Q), SURE_WIDE_Q) / LEAST_WIDE_Q) / log (SURE_WIDE_Q / LEAST_WIDE_Q);

  return q95 < LEAST_WIDE_Q ? SAXID_CLAIM_STATED : LEAST_SURE * pow (SAXID_CLAIM_STATED / LEAST_SURE, sure);
}

void
saxid_technique_claim_q (SaxidTechniqueHeader *header, double q95)
{
  g_autofree char *place = NULL;

  if (!(q95 > 0) || (q95 > MOST_SMALL_Q && q95 < LEAST_WIDE_Q))
    return;
  place = g_strdup_printf ("q up to %.3g 1/Å, geometry", q95);
  saxid_technique_claim (header, SAXID_HALF_WIDE, q95 >= LEAST_WIDE_Q, wrong_of_q (q95), FALSE, place);
}

/* A pixel's q, at its centre; of a place off the detector that of the pixel next to it. */
static double
q_of (const SaxidGeometry *geometry, double *row, double *column)
{
  *row = CLAMP (floor (*row), 0, (double) geometry->height - 1);
  *column = CLAMP (floor (*column), 0, (double) geometry->width - 1);
  return saxid_geometry_q (geometry, *row + 0.5, *column + 0.5);
}

/* From a place on, to the pixel with the least (sign 1) or the greatest q (-1): on a flat detector q falls towards
 * the beam from everywhere. */
static double
follow_q (const SaxidGeometry *geometry, double row, double column, double sign)
{
  double best = q_of (geometry, &row, &column);

  for (gsize step = MAX (geometry->height, geometry->width) / GRID + 1; step >= 1;)
    {
      gboolean moved = FALSE;

      for (guint way = 0; way < 4; way++)
        {
          const double by = way % 2 == 0 ? (double) step : -(double) step;
          double to_row = row + (way < 2 ? by : 0), to_column = column + (way < 2 ? 0 : by);
          const double q = q_of (geometry, &to_row, &to_column);

          if (!(sign * q < sign * best))
            continue;
          best = q;
          row = to_row;
          column = to_column;
          moved = TRUE;
        }
      step = moved ? step : step / 2;
    }
  return best;
}

void
saxid_technique_q_range (const SaxidGeometry *geometry, gsize height, gsize width, SaxidTechniqueRange *range)
{
  SaxidGeometry of = *geometry;
  g_autofree double *q = g_new (double, GRID * GRID);
  double least[2] = { 0 }, most[2] = { 0 }; /* row and column of those on the grid */
  double low = INFINITY, high = -INFINITY;
  gsize n = 0;

  *range = (SaxidTechniqueRange) { NAN, NAN, NAN };
  of.height = height;
  of.width = width;
  if (!(of.wavelength > 0) || !saxid_geometry_check (&of, NULL))
    return;
  for (guint j = 0; j < GRID; j++)
    for (guint i = 0; i < GRID; i++)
      {
        const double row = (j + 0.5) / GRID * (double) height, column = (i + 0.5) / GRID * (double) width;

        q[n] = saxid_geometry_q (&of, row, column);
        if (!isfinite (q[n]))
          continue;
        if (q[n] < low)
          memcpy (least, (double[2]) { row, column }, sizeof least);
        if (q[n] > high)
          memcpy (most, (double[2]) { row, column }, sizeof most);
        low = fmin (low, q[n]);
        high = fmax (high, q[n++]);
      }
  if (n == 0)
    return;
  qsort (q, n, sizeof *q, saxid_compare_doubles);
  *range = (SaxidTechniqueRange) { follow_q (&of, least[0], least[1], 1), q[MIN (n - 1, n * 95 / 100)],
                                   follow_q (&of, most[0], most[1], -1) };
}

/* ---- belief ------------------------------------------------------------------------------- */

static double
log_odds (double wrong)
{
  return wrong > 0 ? log ((1 - wrong) / wrong) : 0;
}

static double
header_odds (const SaxidTechniqueHeader *header, guint half)
{
  return log_odds (header->claim[half][1].wrong) - log_odds (header->claim[half][0].wrong);
}

/* A field says whether angles are small or wide, or the geometry does: more than a name. */
static gboolean
knows_q (const SaxidTechniqueHeader *header)
{
  const SaxidTechniqueClaim *claim = header->claim[SAXID_HALF_WIDE];

  return (claim[0].wrong > 0 && !claim[0].name) || (claim[1].wrong > 0 && !claim[1].name);
}

/* An axis that stands at a small angle: it may do so for another reason, and no person has called the frame grazing. */
static gboolean
is_hint (const SaxidTechniqueClaim *claim)
{
  return claim->wrong > SAXID_CLAIM_STATED && !claim->name;
}

/* The technique that odds of both halves name. */
static SaxidTechnique
named (const double odds[SAXID_N_HALF])
{
  if (odds[SAXID_HALF_GRAZING] == 0 || odds[SAXID_HALF_WIDE] == 0)
    return SAXID_TECHNIQUE_UNKNOWN;
  return (SaxidTechnique) (2 * (odds[SAXID_HALF_GRAZING] > 0) + (odds[SAXID_HALF_WIDE] > 0));
}

static SaxidWitness
find_witness (double header, double image)
{
  if (header == 0)
    return image == 0 ? SAXID_WITNESS_NONE : SAXID_WITNESS_IMAGE;
  if (image == 0)
    return SAXID_WITNESS_METADATA;
  return (header > 0) == (image > 0) ? SAXID_WITNESS_AGREE : SAXID_WITNESS_DISAGREE;
}

void
saxid_technique_believe (const SaxidTechniqueHeader *header, const SaxidTechniqueImage *image, SaxidTechniqueBelief *belief)
{
  double from_header[SAXID_N_HALF], from_image[SAXID_N_HALF] = { 0 }, both[SAXID_N_HALF];
  const SaxidTechniqueClaim *claim;

  for (guint half = 0; half < SAXID_N_HALF; half++)
    {
      belief->from_header[half] = from_header[half] = header_odds (header, half);
      if (image != NULL && image->known)
        from_image[half] = image->half[half];
      belief->from_image[half] = from_image[half];
      if (half == SAXID_HALF_GRAZING && from_header[half] > 0 && !is_hint (&header->claim[half][1]))
        from_image[half] = fmax (from_image[half], -log (MOST_DENIAL));
      if (half == SAXID_HALF_WIDE && knows_q (header) && from_image[half] * from_header[half] < 0)
        from_image[half] = CLAMP (from_image[half], -log (MOST_DENIAL_OF_Q), log (MOST_DENIAL_OF_Q));
      both[half] = from_header[half] + from_image[half];
      belief->half[half] = 1 / (1 + exp (-both[half]));
    }
  for (int k = 0; k < SAXID_N_TECHNIQUE; k++)
    {
      const double grazing = belief->half[SAXID_HALF_GRAZING], wide = belief->half[SAXID_HALF_WIDE];

      belief->probability[k] = (saxid_technique_is_grazing ((SaxidTechnique) k) ? grazing : 1 - grazing)
                               * (saxid_technique_is_wide ((SaxidTechnique) k) ? wide : 1 - wide);
    }
  belief->header_said = header;
  belief->best = named (both);
  belief->header = named (from_header);
  belief->image = named (from_image);
  belief->witness = find_witness (from_header[SAXID_HALF_GRAZING], from_image[SAXID_HALF_GRAZING]);
  claim = &header->claim[SAXID_HALF_GRAZING][from_header[SAXID_HALF_GRAZING] > 0];
  belief->place = claim->wrong > 0 ? claim->place : NULL;
  belief->header_grazes = from_header[SAXID_HALF_GRAZING] > 0;
  belief->image_stops = from_header[SAXID_HALF_GRAZING] >= 0 && from_image[SAXID_HALF_GRAZING] >= log_odds (1 - SAXID_IMAGE_SURE);
  belief->only_name = claim->wrong > 0 && claim->name && !(from_image[SAXID_HALF_GRAZING] > log (LEAST_WITNESS));
}

gboolean
saxid_technique_refuses (const SaxidTechniqueBelief *belief)
{
  return belief->image_stops || (belief->header_grazes && belief->half[SAXID_HALF_GRAZING] > 0.5 && !belief->only_name);
}

/* ---- what is odd --------------------------------------------------------------------------- */

static const char *const yes_and_no[SAXID_N_HALF][2] = {
  [SAXID_HALF_GRAZING] = { "transmission", "grazing" },
  [SAXID_HALF_WIDE] = { "small angles", "wide angles" },
};

static double
sure_of (double odds)
{
  return 1 / (1 + exp (-fabs (odds)));
}

static char *
say_apart (const SaxidTechniqueBelief *belief, guint half, const char *region)
{
  const gboolean yes = belief->from_header[half] > 0;
  const SaxidTechniqueClaim *claim = &belief->header_said->claim[half][yes];

  return g_strdup_printf ("header says %s (%.2f: %s), image %s (%.3f%s%s)", yes_and_no[half][yes], sure_of (belief->from_header[half]),
                          claim->place, yes_and_no[half][!yes], fmin (sure_of (belief->from_image[half]), MOST_SAID),
                          region != NULL ? ": " : "", region != NULL ? region : "");
}

static gboolean
image_denies (const SaxidTechniqueBelief *belief, guint half)
{
  return belief->from_header[half] * belief->from_image[half] < 0 && fabs (belief->from_image[half]) > log (MUCH);
}

/* Two fields do, not a name. */
static gboolean
header_denies (const SaxidTechniqueBelief *belief, guint half)
{
  const SaxidTechniqueClaim *claim = belief->header_said->claim[half];

  return claim[0].wrong > 0 && claim[1].wrong > 0 && !claim[0].name && !claim[1].name;
}

gboolean
saxid_technique_is_apart (const SaxidTechniqueBelief *belief, SaxidTechniqueHalf half)
{
  return image_denies (belief, half) || header_denies (belief, half);
}

char *
saxid_technique_disagreement (const SaxidTechniqueBelief *belief, const char *region)
{
  for (guint half = 0; half < SAXID_N_HALF; half++)
    if (image_denies (belief, half))
      return say_apart (belief, half, region);
  for (guint half = 0; half < SAXID_N_HALF; half++)
    if (header_denies (belief, half))
      return g_strdup_printf ("header says %s (%s) and %s (%s)", yes_and_no[half][0], belief->header_said->claim[half][0].place,
                              yes_and_no[half][1], belief->header_said->claim[half][1].place);
  return NULL;
}
