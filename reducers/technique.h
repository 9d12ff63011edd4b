/* Which technique is a frame of: SAXS, WAXS, GISAXS or GIWAXS, and how sure is that?
 *
 * The answer has two independent halves: whether the beam grazes the sample, and whether the
 * angles are wide. Each half is the natural logarithm of odds: 0 where nothing is known, and
 * what independent witnesses say is added. A header makes claims; of claims that agree the
 * surest counts, since they are not independent, and those that contradict are weighed
 * against each other.
 *
 * Ushizima et al., camSortXS, has the four classes.
 * Units: angles in degrees, q in 1/Å. Thread: plain data.
 */
#pragma once

#include "reducers/geometry.h"

G_BEGIN_DECLS

typedef enum
{
  SAXID_TECHNIQUE_UNKNOWN = -1,
  SAXID_TECHNIQUE_SAXS = 0,
  SAXID_TECHNIQUE_WAXS,
  SAXID_TECHNIQUE_GISAXS,
  SAXID_TECHNIQUE_GIWAXS
} SaxidTechnique;

#define SAXID_N_TECHNIQUE 4

typedef enum
{
  SAXID_HALF_GRAZING,
  SAXID_HALF_WIDE
} SaxidTechniqueHalf;

#define SAXID_N_HALF 2

/* How often a claim is wrong: a field that speaks of incidence or technique; an axis of a
 * goniometer, a file's name or a title. */
#define SAXID_CLAIM_STATED  0.02
#define SAXID_CLAIM_HEARSAY 0.10

/* Probability of grazing from which an image stops a reduction alone, where no header speaks
 * against it. */
#define SAXID_IMAGE_SURE 0.99

/* Angles that are of grazing incidence, degrees; less is the noise of an encoder at 0. */
#define SAXID_LEAST_GRAZING 0.01
#define SAXID_MOST_GRAZING 5.0

typedef struct
{
  double wrong;   /* share of such claims that are wrong; 0: no claim is made */
  char *place;    /* what says so, and where: "incident_angle = 0.15 degree, sample"; or NULL */
  gboolean name;  /* it is a file's name or a title, on which alone nothing is decided */
} SaxidTechniqueClaim;

/* What stands beside a frame. */
typedef struct
{
  SaxidTechniqueClaim claim[SAXID_N_HALF][2]; /* [half][0 = no, 1 = yes] */
  gboolean has_angle;
  double incident_angle; /* degrees, where has_angle */
  double *angles;        /* degrees, one a frame, where they differ; or NULL */
  gsize n_angle;
  char *angles_name, *angles_place; /* of the field, and where it stands */
} SaxidTechniqueHeader;

void saxid_technique_header_clear (SaxidTechniqueHeader *header);
/* What a header says of one frame: a copy, with the claim of the frame's own angle. */
void saxid_technique_header_of (const SaxidTechniqueHeader *from, gsize frame, SaxidTechniqueHeader *to);
/* Takes the angles of incidence of n frames, degrees; NaN is none. */
void saxid_technique_header_angles (SaxidTechniqueHeader *header, const double *angles, gsize n, const char *name,
                                    const char *place);
/* Whether the angle of incidence grazes: from SAXID_LEAST_GRAZING to SAXID_MOST_GRAZING. */
gboolean saxid_technique_grazes (double angle);

/* Adds a claim, which counts where it is surer than the one that is there. */
void saxid_technique_claim (SaxidTechniqueHeader *header, SaxidTechniqueHalf half, gboolean yes, double wrong,
                            gboolean name, const char *place);

/* Claims small where 95 % of the pixels are below 0.5 1/Å, wide where they reach 1.2 1/Å, which is sure from 2 1/Å on. */
void saxid_technique_claim_q (SaxidTechniqueHeader *header, double q95);

/* The least and greatest q of a detector's pixels, and the q below which 95 % of its pixels are, 1/Å; all NaN where
 * the geometry is not sound or has no wavelength. */
typedef struct
{
  double least, q95, most;
} SaxidTechniqueRange;

void saxid_technique_q_range (const SaxidGeometry *geometry, gsize height, gsize width, SaxidTechniqueRange *range);

/* What an image says, in logarithms of odds; zeros: nothing is known of it. */
typedef struct
{
  double half[SAXID_N_HALF];
  gboolean known;
} SaxidTechniqueImage;

/* Who has said it: nobody, the header, the image, both alike, or both differently. */
typedef enum
{
  SAXID_WITNESS_NONE,
  SAXID_WITNESS_METADATA,
  SAXID_WITNESS_IMAGE,
  SAXID_WITNESS_AGREE,
  SAXID_WITNESS_DISAGREE
} SaxidWitness;

/* Header and image together. */
typedef struct
{
  double half[SAXID_N_HALF];             /* probability of grazing, of wide */
  double probability[SAXID_N_TECHNIQUE]; /* of the four; sum 1 */
  SaxidTechnique best, header, image;    /* UNKNOWN where a half is not known */
  SaxidWitness witness;                  /* of grazing, the half by which a curve is right or wrong */
  gboolean header_grazes;                /* the header says so, if only by a name */
  gboolean image_stops;                  /* the image alone is sure that it grazes, and no header says otherwise */
  gboolean only_name;                    /* nothing but a name does, and no image that is sure */
  const char *place;                     /* of the claim of the header that counts for grazing, or NULL */
  double from_header[SAXID_N_HALF], from_image[SAXID_N_HALF]; /* odds as they were said, before they were weighed */
  const SaxidTechniqueHeader *header_said;
} SaxidTechniqueBelief;

/* image may be NULL. The belief borrows from header. */
void saxid_technique_believe (const SaxidTechniqueHeader *header, const SaxidTechniqueImage *image,
                              SaxidTechniqueBelief *belief);

/* Whether no transmission curve may be made of it: it grazes, more likely than not, and that
 * is known from more than a name alone: from a field of the header, from a name that the image
 * bears out, or from an image that is sure (SAXID_IMAGE_SURE). */
gboolean saxid_technique_refuses (const SaxidTechniqueBelief *belief);

/* Whether header and image are ten to one apart in a half, or two fields of the header contradict each other. */
gboolean saxid_technique_is_apart (const SaxidTechniqueBelief *belief, SaxidTechniqueHalf half);

/* "header says grazing (0.98: alpha_i = 0.2 degree, sample), image transmission (0.995: rows 10 to 80, columns 0 to 99)":
 * of the half in which they are ten to one apart, grazing first; or that a header contradicts itself. NULL where nothing
 * is odd. region: where the image shows it, or NULL. g_free */
char *saxid_technique_disagreement (const SaxidTechniqueBelief *belief, const char *region);

/* Of the group of a curve in a file: the technique of its frames. */
#define SAXID_TECHNIQUE_ATTRIBUTE "technique"

/* "GISAXS", "unknown". */
const char *saxid_technique_name (SaxidTechnique technique);
/* In any case of letters; UNKNOWN for another word. */
SaxidTechnique saxid_technique_find (const char *name);
gboolean saxid_technique_is_grazing (SaxidTechnique technique);
gboolean saxid_technique_is_wide (SaxidTechnique technique);
/* Why a curve of such frames has no form factor; NULL where it may have one. g_free. */
char *saxid_technique_no_form_factor (SaxidTechnique technique);
/* "metadata", "image", "agree", "disagree", "none". */
const char *saxid_witness_name (SaxidWitness witness);

G_END_DECLS
