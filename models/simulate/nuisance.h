/* What goes wrong with a measurement, each with its probability and strength.
 *
 * Thread: const table; drawn nuisances belong to the caller.
 */
#pragma once

#include <glib.h>

#include "models/simulate/random.h"

G_BEGIN_DECLS

/* In the order of the table, and of the draws: append only. */
typedef enum
{
  SAXID_NUISANCE_BACKGROUND,   /* flat, of either sign, in units of the buffer's intensity */
  SAXID_NUISANCE_SUBTRACTION,  /* part of the buffer that was subtracted too much */
  SAXID_NUISANCE_UPTURN,       /* of aggregates, at the first point, in units of the curve's highest */
  SAXID_NUISANCE_UPTURN_POWER, /* its exponent; follows SAXID_NUISANCE_UPTURN */
  SAXID_NUISANCE_SHADOW,       /* of the beam stop: ends at this multiple of the first q */
  SAXID_NUISANCE_DROPPED,      /* part of the points that is not there */
  SAXID_NUISANCE_FILLED,       /* part of the points that was interpolated */
  SAXID_NUISANCE_SIGMA_FACTOR, /* σ is wrong by this factor */
  SAXID_NUISANCE_SIGMA_PART,   /* σ is this part of the intensity, everywhere */
  SAXID_NUISANCE_SIGMA_ABSENT, /* no σ */
  SAXID_NUISANCE_SCALE,        /* the absolute scale is not known: a factor */
  SAXID_NUISANCE_REPULSION,    /* particles keep away from each other: 1 / S(0) - 1 */
  SAXID_NUISANCE_DISCREPANCY,  /* from the form factor, smooth in ln q: its rms (discrepancy.h) */
  SAXID_NUISANCE_DISCREPANCY_LENGTH, /* its length in ln q; follows SAXID_NUISANCE_DISCREPANCY */
  SAXID_NUISANCE_STRUCTURE,    /* hard spheres around the particles: volume fraction */
  SAXID_NUISANCE_STRUCTURE_RADIUS,   /* over that of the particle; follows SAXID_NUISANCE_STRUCTURE */
  SAXID_NUISANCE_ATTRACTION,   /* clusters: S(0) - 1 */
  SAXID_NUISANCE_BY_PRODUCT,   /* spheres of many sizes, in units of the curve where they bend */
  SAXID_NUISANCE_BY_PRODUCT_PLACE,   /* which part of the way of ln q that is; follows */
  SAXID_NUISANCE_POLYMER,      /* chains, coronas, inner structure: as by-products */
  SAXID_NUISANCE_POLYMER_PLACE,      /* follows SAXID_NUISANCE_POLYMER */
  SAXID_NUISANCE_POLYMER_POWER,      /* of q beyond; follows */
  SAXID_NUISANCE_STEP,         /* between two detector positions: relative */
  SAXID_NUISANCE_STEP_PLACE    /* part of the way of ln q; follows SAXID_NUISANCE_STEP */
} SaxidNuisance;

#define SAXID_N_NUISANCES (SAXID_NUISANCE_STEP_PLACE + 1)

typedef struct
{
  const char *name, *title;
  double probability;
  gboolean either_sign;
  gboolean logarithmic;
  double lower, upper; /* strength, uniform between them, or log-uniform */
} SaxidNuisanceInfo;

const SaxidNuisanceInfo *saxid_nuisance_info (SaxidNuisance nuisance);

typedef struct
{
  guint32 present; /* bit k: nuisance k */
  double strength[SAXID_N_NUISANCES];
} SaxidNuisances;

#define SAXID_HAS_NUISANCE(nuisances, which) ((((nuisances)->present) >> (which) & 1) != 0)

/* What goes wrong with one measurement. σ has one fault at most. */
void saxid_nuisances_draw (SaxidRandom *random, SaxidNuisances *nuisances);
/* Those of `given` beside what was drawn, with their own strengths. */
void saxid_nuisances_add (SaxidNuisances *drawn, const SaxidNuisances *given);

G_END_DECLS
