/* Curves of metal particles as laboratories measure them.
 *
 * Nine polyhedra, radius 4 to 50 Å or that of the atlas, sizes mixed with a width of 0 to 0.25, any element, d 3 % about the element's,
 * B 0.1 to 1.5; surfaces complete, with sites missing at random, or of one size whose last shell has grown from one side. On a flat
 * background of 0 to 20 % of N f(0)² (less often a rising one and the halo of a solvent, whose place and width differ from
 * those that are fitted); 200 to 4000 points from q = 0.01 … 0.1 to 2.5 … 20, in half of them two detectors with a gap and a step of
 * up to 5 % where they meet; resolution 0.005 to 0.05 1/Å; 10³ to 10⁹ counts beyond q = 1.5.
 *
 * Units: q 1/Å, lengths Å, B Å². Thread: pure; the same seed and sample give the same curve.
 */
#pragma once

#include "models/atomic/fit.h"

G_BEGIN_DECLS

typedef enum
{
  SAXID_ATOMIC_PARTICLE,   /* of the nine, as above */
  SAXID_ATOMIC_UNKNOWN,    /* the same on a background of another kind: a power law, and a broad hump beyond the halo */
  SAXID_ATOMIC_POWDER,     /* none of them: rings of a powder, as narrow as the instrument, */
  SAXID_ATOMIC_HALO,       /* a liquid or a glass, */
  SAXID_ATOMIC_MIXED,      /* two polyhedra at once, */
  SAXID_ATOMIC_HCP,        /* spheres cut from hexagonal close packing */
  SAXID_ATOMIC_KINDS
} SaxidAtomicKind;

typedef enum
{
  SAXID_SURFACE_COMPLETE,
  SAXID_SURFACE_RANDOM,
  SAXID_SURFACE_ONE_SIDED
} SaxidAtomicSurface;

typedef struct
{
  const SaxidElement *element;
  const SaxidPolyhedron *polyhedron; /* NULL: none of the nine */
  guint page;                        /* of the mean radius */
  SaxidAtomicSurface surface;
  double d, b, width;
  double atoms;      /* mean number */
  double radius;     /* of the sphere of so many atoms, Å */
  double background; /* flat, part of N f(0)² */
  double counts;     /* beyond q = 1.5 */
  double q_first, q_last, resolution;
} SaxidAtomicDraw;

/* "particle", "unknown background", … */
const char *saxid_atomic_kind_name (SaxidAtomicKind kind);

#define SAXID_ATOMIC_MOST_POINTS 4000

/* element: NULL, one that is drawn. */
SaxidCurve *saxid_atomic_draw (const SaxidClusterAtlas *atlas, SaxidAtomicKind kind, const SaxidElement *element, guint64 seed,
                               guint64 sample, SaxidAtomicDraw *draw);

G_END_DECLS
