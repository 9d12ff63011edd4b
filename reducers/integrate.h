/* Azimuthal integration: four planes in, four sums for each bin of q out.
 *
 * What does not change from frame to frame (which pixel adds to which bin) is
 * in an immutable plan; what does change is in sums that belong to a thread.
 * How a plan shares a pixel between bins is its own business.
 *
 * Units: q in 1/Å, sums as in reducers/frame.h.
 * Thread: a plan may be shared by any number of threads; sums belong to one.
 */
#pragma once

#include "reducers/curve.h"
#include "reducers/frame.h"
#include "reducers/geometry.h"
#include "reducers/grid.h"

G_BEGIN_DECLS

typedef struct SaxidPlan SaxidPlan;

/* What is asked of a plan. */
typedef struct
{
  gsize n_bin;  /* 0 = as many as there are pixels from the least q to the greatest */
  double q_min; /* 1/Å, 0 = the least of the detector, masked or not */
  double q_max; /* 1/Å, 0 = the greatest */
  SaxidSpacing spacing;
  double chi_min, chi_max; /* sector, rad; whole turns are taken off, both 0 = all around */
} SaxidPlanRequest;

/* One double for each bin and plane. */
typedef struct
{
  gsize n;
  double *signal, *variance, *normalisation, *count;
} SaxidSums;

/* bad: [height × width], not 0 = the pixel takes no part; NULL = all do.
 * Errors: SAXID_ERROR_ARGUMENT for a grid that cannot be; SAXID_ERROR_DATA when
 * no pixel falls into it. */
SaxidPlan *saxid_plan_new (const SaxidGeometryMap *map, const guint8 *bad,
                           const SaxidPlanRequest *request, GError **error);
void saxid_plan_free (SaxidPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidPlan, saxid_plan_free)

const SaxidGrid *saxid_plan_grid (const SaxidPlan *plan);

/* Sums of n bins, all zero. */
SaxidSums *saxid_sums_new (gsize n);
void saxid_sums_free (SaxidSums *sums);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidSums, saxid_sums_free)

/* into += from: how frames of one sample are merged. Both have the same n. */
void saxid_sums_add (SaxidSums *into, const SaxidSums *from);

/* Overwrites sums with those of one frame; pixels has the shape of the plan. */
void saxid_integrate (const SaxidPlan *plan, const SaxidPixels *pixels, SaxidSums *sums);

/* I = Σ signal / Σ normalisation, σ = √ Σ variance / Σ normalisation, q at the
 * centre of each bin; I and σ are NaN where no pixel was. A bin in which
 * nothing was counted gets the σ of one count, not 0. */
SaxidCurve *saxid_sums_curve (const SaxidSums *sums, const SaxidGrid *grid);

G_END_DECLS
