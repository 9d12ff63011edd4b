/* Is a curve that of particles of metal atoms, and what does it tell of them?
 *
 * It is asked where the curve reaches the first peaks of crystals and shows them (reducers/peaks.h), or where it is told to.
 * Fits of all polyhedra (fit.h) are weighed by their misfits; the weights are probabilities of the shape, and their sums those
 * of the family. Of an element that is not known, d decides: those whose first fits are near the best are all fitted.
 * Intervals are of all shapes together, each with its weight (spread.h). A curve to which no particle comes near is refused.
 *
 * Below some 50 atoms shapes hardly exist; of large particles the peaks tell the family alone; one element, no ligands.
 *
 * Units: q 1/Å, lengths Å, B Å². Thread: any number; the tables are made once for a process.
 */
#pragma once

#include "models/atomic/spread.h"

G_BEGIN_DECLS

typedef enum
{
  SAXID_ATOMS_NOT_ASKED,
  SAXID_ATOMS_FOUND,
  SAXID_ATOMS_SHORT,  /* q ends before the peaks, or nothing stands out there */
  SAXID_ATOMS_REFUSED /* no particle comes near */
} SaxidAtomsStatus;

/* "", "found", "window too short", "not of this kind". */
const char *saxid_atoms_status_name (SaxidAtomsStatus status);

#define SAXID_ATOMS_TEXT 160
#define SAXID_ATOMS_FAMILIES 8
#define SAXID_ATOMS_ELEMENTS 4
/* Name of the model of a fit, in files. */
#define SAXID_ATOMS_MODEL "debye"

/* A misfit above this is none of a particle: 98 of 100 simulated ones, with imperfect surfaces, stay below it. */
#define SAXID_ATOMS_MOST_MISFIT 8.0
/* Beside a misfit at the peaks (peak-misfit.h) of this at most. Mixtures and other lattices depart there first. Of an element
 * that is not told the form factor may be another one. */
#define SAXID_ATOMS_MOST_PEAK_MISFIT 1.3
#define SAXID_ATOMS_MOST_PEAK_MISFIT_OPEN 1.6

typedef struct
{
  const SaxidPolyhedron *polyhedron;
  SaxidClusterSize size; /* nearest to the mean radius */
  SaxidClusterFit fit;   /* its weight is the probability of the shape */
  gboolean in_set;       /* of 95 % */
} SaxidAtomsHabit;

typedef struct
{
  double value, lower, upper; /* bounds of the 90 % interval; NAN: not known */
} SaxidAtomsInterval;

typedef struct
{
  SaxidAtomsStatus status;
  char reason[SAXID_ATOMS_TEXT]; /* why nothing was found, or what to be careful with, or "" */
  guint n_element;
  struct
  {
    const SaxidElement *element;
    double probability; /* of those of the table */
  } element[SAXID_ATOMS_ELEMENTS]; /* the likeliest first; the fits are of it */
  gboolean is_told;   /* the element is */
  guint n_habit;
  SaxidAtomsHabit habit[SAXID_CLUSTER_FITS]; /* the likeliest first */
  guint n_family;
  struct
  {
    const char *name;
    double probability;
  } family[SAXID_ATOMS_FAMILIES]; /* the likeliest first */
  SaxidAtomsInterval atoms, d, radius, width;
  double misfit, peak_misfit; /* of the best fit, of the whole curve and at the peaks */
  double q_first, q_last; /* between which the fit was made */
  double peak, rise;      /* place of the highest peak between 1.5 and 4 1/Å, and how far ln I rises there */
} SaxidAtomsAnswer;

typedef struct
{
  const char *element; /* symbol; NULL: not known */
  gboolean insist;     /* ask whatever the curve shows, where it reaches far enough */
  const SaxidClusterAtlas *atlas; /* NULL: that of the process */
  const SaxidElement *without;    /* an element that is not in the table; NULL: all are */
} SaxidAtomsQuestion;

/* Particles of all shapes up to a radius of SAXID_ATOMS_MOST_RADIUS d: some 50 Å. */
#define SAXID_ATOMS_MOST_RADIUS 18.0
const SaxidClusterAtlas *saxid_atoms_atlas (void);

/* Takes 0.1 to 0.2 s for an element that is known, up to three times as long for one that is not, and for the first curve of a process
 * some seconds more. The curve must be clean.
 * Errors: SAXID_ERROR_ARGUMENT for an element that is not in the table. */
gboolean saxid_atoms_answer (const SaxidCurve *curve, const SaxidAtomsQuestion *question, SaxidAtomsAnswer *answer, GError **error);

/* Adds a part of the probability to a family, which goes where it then belongs: the likeliest first. */
void saxid_atoms_add_to_family (SaxidAtomsAnswer *answer, const char *name, double probability);

G_END_DECLS
