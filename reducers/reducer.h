/* The steps from a frame to a curve, one table row each.
 *
 * A step is done in one of four phases, and phases never go back: what looks at
 * raw counts comes first, then what corrects pixels, then the integration, then
 * what works on curves. Within a phase the order is free, because corrections
 * multiply.
 *
 * All that multiplies the normalisation becomes one plane when a run is prepared, and
 * all masks one mask: a frame is gone through once, whatever the chain.
 *
 * To add one: an operation in a file of its own, and a row in reducer.c.
 *
 * Thread: the table is const; a recipe belongs to the thread that prepares.
 */
#pragma once

#include "reducers/curve.h"
#include "reducers/geometry.h"
#include "reducers/integrate.h"
#include "reducers/recipe.h"

G_BEGIN_DECLS

#define SAXID_REDUCER_MAX_PARAMETERS 10

typedef enum
{
  SAXID_PHASE_COUNTS = 0,
  SAXID_PHASE_PIXELS,
  SAXID_PHASE_INTEGRATE,
  SAXID_PHASE_CURVE
} SaxidPhase;

/* What a run of frames has in common. Borrowed: must outlive what is prepared
 * from it. NULL = not there. */
typedef struct
{
  const SaxidGeometryMap *map; /* needed */
  const guint8 *mask;          /* [height × width], not 0 = bad */
  const float *dark;           /* counts */
  const float *flat;
  const SaxidCurve *background;
  SaxidCurve *const *background_of; /* [azimuths] the same of each azimuth, or NULL: the background is the same all around */
  gboolean below_zero;         /* negative counts of a signed type are data */
  gboolean variances;          /* frames come with a variance of each pixel */
  guint jobs;                  /* threads that may make the binning; 0 = one */
} SaxidReducerInput;

typedef struct
{
  const char *name;
  const char *unit;  /* "" where there is none */
  const char *title; /* for people, half a line */
  double initial;
  double lower, upper;
  const char *const *choices; /* NULL-terminated names of 0, 1, …; or NULL: a number */
} SaxidReducerParameter;

typedef struct SaxidReducer SaxidReducer;

typedef struct
{
  const SaxidReducer *reducer;
  double value[SAXID_REDUCER_MAX_PARAMETERS];
} SaxidStep;

struct SaxidReducer
{
  const char *name;
  const char *title;     /* for people, half a line */
  const char *reference; /* equation or DOI */
  SaxidPhase phase;
  guint n_parameter;
  const SaxidReducerParameter *parameter;
  /* Up to the integration: writes its part into the recipe, once for a run. */
  gboolean (*prepare) (const SaxidStep *step, const SaxidReducerInput *input, SaxidRecipe *recipe, GError **error);
  /* Behind it: changes a curve. */
  gboolean (*apply) (const SaxidStep *step, const SaxidReducerInput *input, SaxidCurve **curve, GError **error);
};

/* The table, in the order of a usual chain; NULL past the end. */
const SaxidReducer *saxid_reducer_at (guint index);
/* NULL when no reducer has this name. */
const SaxidReducer *saxid_reducer_find (const char *name);
/* Index of a parameter, or -1. */
int saxid_reducer_parameter_index (const SaxidReducer *reducer, const char *name);

G_END_DECLS
