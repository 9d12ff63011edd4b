/* Every particle of an atlas fitted to a curve.
 *
 *   I(q) = scale f(q)² Σ_n w_n [N_n + exp (-B q² / 8π²) P_n (q d)] + background
 *
 * N_n and P_n with a part p of the sites of the surface taken, at random.
 *
 * Every page with every d in a range about that of the element, scale and background solved for (cluster-mining in I(q):
 * Banerjee et al. 2020, doi:10.1107/S2053273319013214); the best two pages of each polyhedron are then refined in d, B, p, mean
 * radius and width, the sizes of a row being log-normally distributed. What a model of one shape, one element and one B cannot
 * describe is taken as 3 % of I beside sigma.
 *
 * Units: q 1/Å, lengths Å, B Å². Thread: pure.
 */
#pragma once

#include "models/atomic/atlas.h"
#include "models/atomic/intensity.h"
#include "reducers/curve.h"

G_BEGIN_DECLS

#define SAXID_CLUSTER_FITS 16

typedef struct
{
  guint page;          /* the size nearest to the mean radius */
  double d, b;         /* Å, Å² */
  double radius;       /* mean radius of spheres of the same volume, Å */
  double width;        /* relative standard deviation of the radius */
  double occupancy;    /* part of the sites of the surface that is taken */
  double atoms;        /* mean number of atoms */
  double scale, background; /* background: unit of the data */
  double misfit;       /* chi² for each point, with 3 % of I beside sigma */
  double weight;       /* part of all polyhedra's; their sum is 1 */
} SaxidClusterFit;

/* One fit for each polyhedron, the heaviest first. Returns their number, 0 with error. The curve must be clean.
 * Errors: SAXID_ERROR_DATA where the curve has no point that the atlas reaches, or nothing can be fitted. */
guint saxid_cluster_fit (const SaxidClusterAtlas *atlas, const SaxidElement *element, const SaxidCurve *curve,
                         SaxidClusterFit fit[SAXID_CLUSTER_FITS], GError **error);

/* The fit at other places. Shape: q and out n; NAN beyond the atlas. */
void saxid_cluster_fit_intensity (const SaxidClusterAtlas *atlas, const SaxidElement *element, const SaxidClusterFit *fit, gsize n,
                                  const double *q, double *out);

/* Up to which x the tables must reach for a curve. */
double saxid_cluster_fit_last (const SaxidElement *element, const SaxidCurve *curve);

G_END_DECLS
