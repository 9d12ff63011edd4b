/* Every particle of an atlas fitted to a curve.
 *
 *   I(q) = scale M(q) + background,   M as in model.h, the background as in ground.h
 *
 * How large the particles are is found with every third size of a row of each family. Every page of about that size is then tried with
 * every d in a range about that of the element, scale and background solved for (cluster-mining in I(q): Banerjee et al. 2020,
 * doi:10.1107/S2053273319013214); the best two pages of each polyhedron are then refined in d, B, occupancy, mean
 * radius, width and resolution. What a model of one shape, one element and one B cannot describe is taken as 3 % of I beside sigma.
 *
 * Units: q 1/Å, lengths Å, B Å². Thread: pure; tables of the atlas are made as they are needed.
 */
#pragma once

#include "models/atomic/model.h"

G_BEGIN_DECLS

#define SAXID_CLUSTER_FITS 16

typedef struct
{
  guint page;          /* the size nearest to the mean radius */
  double d, b;         /* Å, Å² */
  double radius;       /* mean radius of spheres of the same volume, of whole particles, Å */
  double width;        /* relative standard deviation of the radius */
  double occupancy;    /* part of the sites of the surface that is taken */
  double resolution;   /* of the instrument: standard deviation of q, 1/Å */
  double atoms;        /* mean number of atoms */
  double scale, ground[SAXID_GROUND_TERMS]; /* ground: unit of the data */
  double misfit;       /* chi² for each point, with 3 % of I beside sigma */
  double weight;       /* part of all polyhedra's; their sum is 1 */
} SaxidClusterFit;

/* One fit for each polyhedron, the heaviest first. Returns their number, 0 with error. The curve must be clean.
 * Errors: SAXID_ERROR_DATA where the curve has no point that the atlas reaches, or nothing can be fitted. */
guint saxid_cluster_fit (const SaxidClusterAtlas *atlas, const SaxidElement *element, const SaxidCurve *curve,
                         SaxidClusterFit fit[SAXID_CLUSTER_FITS], GError **error);

/* How likely a particle of this misfit is beside the best one, which is no larger. */
double saxid_cluster_weight (double misfit, double best);

/* The least misfit of the sizes that are tried first: which of several elements are worth all of them. INFINITY where
 * nothing fits. */
double saxid_cluster_fit_quick (const SaxidClusterAtlas *atlas, const SaxidElement *element, const SaxidCurve *curve);

/* Mean number of atoms of what a fit says of radius, width and occupancy. */
double saxid_cluster_fit_atoms (const SaxidClusterAtlas *atlas, const SaxidClusterFit *fit);

/* The fit at other places. Shape: q and out n; NAN beyond the atlas. */
void saxid_cluster_fit_intensity (const SaxidClusterAtlas *atlas, const SaxidElement *element, const SaxidClusterFit *fit, gsize n,
                                  const double *q, double *out);

G_END_DECLS
