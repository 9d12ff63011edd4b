/* A curve that particles of atoms are fitted to, and what a distribution of sizes scatters at its points.
 *
 *   M(q) = f(q)² Σ_n w_n [N_n + exp (-B q² / 8π²) P_n (q d)]
 *
 * N_n and P_n with a part p of the sites of the surface taken, at random; the sizes of a row are log-normally distributed
 * in their radius. P is smeared by the resolution of the instrument, which goes unnoticed in f.
 *
 * Units: q 1/Å, d Å, B Å², radii ln of d. Thread: a row belongs to one thread, the data to any number.
 */
#pragma once

#include "models/atomic/atlas.h"
#include "models/atomic/element.h"
#include "models/atomic/ground.h"
#include "reducers/curve.h"

G_BEGIN_DECLS

/* d about that of the element. */
#define SAXID_CLUSTER_STRAIN 0.04
/* What lies beyond this q d only dilutes: the first eight peaks of close packing lie before it. */
#define SAXID_CLUSTER_LAST 30.0

/* The part of I that no such model is believed to describe: it is in sigma. */
#define SAXID_CLUSTER_TAU 0.03

/* Coordinates of a fit. */
enum
{
  SAXID_CLUSTER_D,
  SAXID_CLUSTER_B,
  SAXID_CLUSTER_RADIUS, /* ln of the mean radius in d */
  SAXID_CLUSTER_WIDTH,
  SAXID_CLUSTER_OCCUPANCY,
  SAXID_CLUSTER_SMEAR, /* resolution: standard deviation of q, times d */
  SAXID_CLUSTER_COORDINATES
};

typedef struct
{
  const SaxidClusterAtlas *atlas;
  gsize n;
  double *q, *data, *sigma, *square; /* [n]; sigma with the part of I that is not believed, square: f² */
  SaxidGround *ground;
  double element_d;
} SaxidClusterData;

/* P of the pages of a row at one d, occupancy and resolution, kept from call to call. */
typedef struct
{
  double d, occupancy, smear;
  guint first, n;
  SaxidDebyeTable **table; /* [n] or NULL each: of the occupancy and smear */
  double **value;          /* [n] or NULL each: of d, too */
} SaxidClusterRow;

/* Points that the atlas reaches, at most `most`: neighbours are averaged in groups. */
void saxid_cluster_data_init (SaxidClusterData *self, const SaxidClusterAtlas *atlas, const SaxidElement *element,
                              const SaxidCurve *curve, gsize most);
void saxid_cluster_data_clear (SaxidClusterData *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SaxidClusterData, saxid_cluster_data_clear)

/* The row of a page. */
void saxid_cluster_row_init (SaxidClusterRow *row, const SaxidClusterAtlas *atlas, guint page);
void saxid_cluster_row_clear (SaxidClusterRow *row);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SaxidClusterRow, saxid_cluster_row_clear)

/* How many particles of each size, as parts (shares.h). Shape: share n of the row. */
void saxid_cluster_row_shares (const SaxidClusterRow *row, const SaxidClusterAtlas *atlas, double radius, double width, double *share);
/* Mean number of atoms. Shape: at SAXID_CLUSTER_COORDINATES. */
double saxid_cluster_row_atoms (const SaxidClusterRow *row, const SaxidClusterAtlas *atlas, const double *at);
/* Whether a size adds next to nothing. */
gboolean saxid_cluster_is_faint (const SaxidClusterPage *page, double share, double radius);

/* M at the points. Shape: at SAXID_CLUSTER_COORDINATES, out n. */
void saxid_cluster_model (const SaxidClusterData *self, SaxidClusterRow *row, const double *at, double *out);

G_END_DECLS
