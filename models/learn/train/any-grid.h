/* How does one model for any instrument come out of libraries?
 *
 * Every epoch the curves of the libraries are measured anew, each by a random instrument
 * (or all by one),
 * with whatever goes wrong, with other contrasts, scales and sizes; a network learns the
 * class from their portraits, and to tell strangers (stranger.h) from all of them
 * (lot.h). The last curves of each library are held out: they choose the epoch, the
 * temperature, the threshold of the sets and the limit of the outliers, and give the scores
 * (any-grid-calibrate.h).
 *
 * Thread: uses `threads` threads of its own; one training at a time.
 */
#pragma once

#include "models/learn/evaluate.h"
#include "models/learn/network/fit.h"
#include "models/learn/predictor.h"
#include "models/simulate/library.h"

G_BEGIN_DECLS

#define SAXID_ANY_GRID_MOST_SOURCES 8
#define SAXID_ANY_GRID_MOST_EPOCHS  100000

/* The population of a library may have fewer classes than the first one. */
typedef struct
{
  const SaxidLibrary *library; /* with labels, and contrasts where it has parts */
  const SaxidPopulation *population;
  double clean_part; /* of its curves is measured with nothing going wrong */
} SaxidAnyGridSource;

typedef struct
{
  guint n_source;
  SaxidAnyGridSource source[SAXID_ANY_GRID_MOST_SOURCES]; /* the first has all classes */
  guint epochs;                                           /* SAXID_ANY_GRID_MOST_EPOCHS at most */
  double rate;
  double held_part;                  /* of each library */
  double set_coverage;               /* of the prediction sets */
  double refused_part;               /* of curves of the classes that are flagged as outliers */
  guint bodies;                      /* different bodies of each kind among the strangers */
  const SaxidInstrument *instrument; /* that measures everything; NULL: any */
  gboolean clean_given;              /* the sources' clean parts are not the usual ones */
  const SaxidNetwork *start;         /* NULL, or what it begins with, of an earlier training */
  const SaxidNetwork *learned;       /* elsewhere, from saxid_any_grid_lots; NULL: it learns here */
  guint64 seed;
  guint threads;
} SaxidAnyGridOptions;

/* What of the held-out curves came out. */
typedef struct
{
  SaxidScores *all;            /* of the populations that have all classes */
  SaxidScores *merged;         /* of those that have fewer, answered with fewer; NULL: there are none */
  gsize n_stranger, n_refused; /* strangers, and how many of them are flagged */
  double stranger_area;        /* under the curve of rates: strangers against classes */
  SaxidNetwork *learned;       /* what another training may begin with; NULL: it learned elsewhere */
} SaxidAnyGridReport;

void saxid_any_grid_report_free (SaxidAnyGridReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidAnyGridReport, saxid_any_grid_report_free)

/* hooks: of the network, or NULL; renew is the trainer's.
 * Errors: SAXID_ERROR_ARGUMENT (libraries that are too small, or no libraries; a class
 * that the first one has not), those of networks. */
SaxidPredictor *saxid_train_any_grid (const SaxidAnyGridOptions *options, const SaxidFitHooks *hooks,
                                      SaxidAnyGridReport **report, GError **error);

/* The curves that a training would meet, for one elsewhere: first the held-out ones, then
 * those of each epoch. visit: called by this thread; epoch: `epochs` for the held-out ones;
 * FALSE stops.
 * Errors: as saxid_train_any_grid, and those of visit. */
struct SaxidLot;
typedef gboolean (*SaxidLotVisit) (const struct SaxidLot *lot, guint epoch, gpointer data, GError **error);
gboolean saxid_any_grid_lots (const SaxidAnyGridOptions *options, SaxidLotVisit visit, gpointer data, GError **error);

G_END_DECLS
