/* Noiseless curves on one fine grid, to be measured again and again.
 *
 * The curves are those of scale 1; the grid (logarithmic but for its beginning) is so fine that what
 * lies between its points is interpolated to 1e-3 of I and better where I > 1e-6
 * I(0), below which form factors are not that precise either (a test holds that). Form factors are computed once; a measurement of a row costs an
 * interpolation, a smearing and its random numbers.
 *
 * Units: q 1/Å, I 1/cm.
 * Thread: a library is only read; any thread may measure any row.
 */
#pragma once

#include "models/simulate/contrast.h"
#include "models/simulate/curve.h"
#include "models/simulate/population.h"

G_BEGIN_DECLS

/* The grid of the libraries that saxid makes. */
#define SAXID_LIBRARY_POINTS 2500
#define SAXID_LIBRARY_FIRST 5e-5
#define SAXID_LIBRARY_LAST 0.75
/* Equal steps of ln (q + knee): logarithmic above it, linear below. */
#define SAXID_LIBRARY_KNEE 2e-3

/* How much smaller a particle may become that is measured again. */
#define SAXID_LIBRARY_LEAST_SIZE 0.6

/* Fills q [n] with the grid from first to last. */
void saxid_library_grid (gsize n, double first, double last, double *q);

/* What is borrowed from whoever holds the curves. */
typedef struct
{
  gsize n_q;
  const double *q;        /* [n_q] of the kind that saxid_library_grid makes */
  gsize n_curve;
  const float *intensity; /* [n_curve × n_q] of scale 1 */
  const double *scale;    /* [n_curve], every `scale_stride` numbers */
  gsize scale_stride;
  const float *parts;     /* NULL, or [n_curve × 2 n_q] core alone, shell alone; NaN without */
  const guint8 *label;    /* [n_curve] class of the population; for what follows */
  const SaxidContrast *contrast; /* [n_curve] of the curves that have parts */
} SaxidLibrary;

/* Errors: SAXID_ERROR_ARGUMENT when the grid is another one or has fewer than
 * 16 points. */
gboolean saxid_library_check (const SaxidLibrary *library, GError **error);

typedef struct
{
  const SaxidInstrument *instrument; /* NULL: random ones, drawn with `seed` */
  gsize per_instrument;              /* samples that share a random one; 0 = 1 */
  const SaxidPopulation *redraw;     /* NULL, or that of the library: particles get another
                                        scale, contrasts of core and shell where they have
                                        parts, and those of one random instrument are all
                                        smaller by a factor (SAXID_LIBRARY_LEAST_SIZE … 1) */
  SaxidMeasureFlags flags;
  const SaxidNuisances *given;       /* NULL, or what goes wrong with every curve */
  double clean_part;                 /* of the curves has no nuisances whatever the flags say */
  guint64 seed;                      /* another epoch: another seed */
  guint threads;
} SaxidRemeasureOptions;

/* Called from any of the threads, in no order. nuisances: what went wrong. */
typedef void (*SaxidRemeasured) (gsize row, const SaxidInstrument *instrument, const SaxidSimulatedCurve *curve,
                                 const SaxidNuisances *nuisances, gpointer data);

/* Measures `count` rows from `first` on; row k is sample k of the seed, so the
 * result does not depend on threads, blocks or order.
 * Errors: SAXID_ERROR_ARGUMENT: an instrument that the grid does not hold. */
gboolean saxid_library_measure (const SaxidLibrary *library, gsize first, gsize count,
                                const SaxidRemeasureOptions *options, SaxidRemeasured take, gpointer data,
                                GError **error);

/* The true intensity on other points, scale 1. Below the first point of the grid
 * Guinier's law of its beginning. Shape: row n_q, q and out n; q within the grid. */
void saxid_library_interpolate (const SaxidLibrary *library, const float *row, gsize n, const double *q,
                                double *out);

G_END_DECLS
