/* The steps from a frame to a curve, one table row each.
 *
 * A step is done in one of four phases, and phases never go back: what looks at
 * raw counts comes first, then what corrects pixels, then the integration, then
 * what works on curves. Within a phase the order is free, because corrections
 * multiply.
 *
 * To add one: an operation in a file of its own, and a row in reducer.c.
 *
 * Thread: the table is const; a prepared step may be shared by any number of
 *   threads; a state belongs to one.
 */
#pragma once

#include "reducers/curve.h"
#include "reducers/frame.h"
#include "reducers/geometry.h"
#include "reducers/integrate.h"

G_BEGIN_DECLS

#define SAXID_REDUCER_MAX_PARAMETERS 6

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
  /* made by prepare */
  float *plane;    /* a factor for each pixel, or NULL */
  SaxidPlan *plan; /* of the integration, or NULL */
  SaxidReducerInput input;
} SaxidStep;

/* What changes from frame to frame. */
typedef struct
{
  SaxidPixels *pixels;
  SaxidSums *sums;
  SaxidCurve *curve;
  double monitor; /* of this frame; NaN = not known */
} SaxidReducerState;

struct SaxidReducer
{
  const char *name;
  const char *title;     /* for people, half a line */
  const char *reference; /* equation or DOI */
  SaxidPhase phase;
  guint n_parameter;
  const SaxidReducerParameter *parameter;
  /* Once for a run: checks that the input is there and makes what does not
   * change from frame to frame. NULL = nothing to do. */
  gboolean (*prepare) (SaxidStep *step, GError **error);
  /* Once for a frame, or a curve. */
  gboolean (*apply) (const SaxidStep *step, SaxidReducerState *state, GError **error);
};

/* The table, in the order of a usual chain; NULL past the end. */
const SaxidReducer *saxid_reducer_at (guint index);
/* NULL when no reducer has this name. */
const SaxidReducer *saxid_reducer_find (const char *name);
/* Index of a parameter, or -1. */
int saxid_reducer_parameter_index (const SaxidReducer *reducer, const char *name);

G_END_DECLS
