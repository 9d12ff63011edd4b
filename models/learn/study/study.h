/* The comparison of Monge et al. 2024, DOI 10.1107/S2053273324000950: which representation
 * and classifier tell nine shapes apart, and what is left on another instrument?
 *
 * A study is a list of units, each independent of the others and of their order: one
 * representation, learned on the training folds of one repeat, and what each classifier
 * then makes of the fold that was left out.
 *
 * Units: q 1/Å, I 1/cm. Thread: one unit at a time.
 */
#pragma once

#include "models/learn/evaluate.h"
#include "models/learn/study/classifier.h"
#include "models/learn/study/representation.h"
#include "models/simulate/population.h"
#include "reducers/curve.h"

G_BEGIN_DECLS

/* The two configurations of the paper. */
typedef enum
{
  SAXID_STUDY_XEUSS,
  SAXID_STUDY_NANO,
  SAXID_N_STUDY_CONFIGURATIONS
} SaxidStudyConfiguration;

const char *saxid_study_configuration_name (SaxidStudyConfiguration configuration);

/* What is trained on: "xeuss", "nano", "comp" (half of the particles each) or "full" (all
 * particles by both). */
typedef enum
{
  SAXID_STUDY_ON_XEUSS,
  SAXID_STUDY_ON_NANO,
  SAXID_STUDY_ON_COMP,
  SAXID_STUDY_ON_FULL,
  SAXID_N_STUDY_TRAININGS
} SaxidStudyTraining;

const char *saxid_study_training_name (SaxidStudyTraining training);

/* Simulated once: every particle by both configurations. */
typedef struct
{
  gsize n, width;           /* particles, points */
  guint n_class;
  char **class_name;
  double *q;                /* [(2 + n_measured) × width] */
  SaxidRows *by[SAXID_N_STUDY_CONFIGURATIONS];
  float *aspect;            /* [n] equatorial over polar radius of ellipsoids (of the core), else 0 */
  SaxidRows *measured;      /* real curves with labels, or NULL; grids from 2 on */
  GPtrArray *measured_name; /* char * */
} SaxidStudySet;

/* Errors: those of the form factors. */
SaxidStudySet *saxid_study_set_new (const SaxidPopulation *population, gsize per_class, guint64 seed, guint threads,
                                    GError **error);
void saxid_study_set_free (SaxidStudySet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidStudySet, saxid_study_set_free)

/* A real curve of known class: what lies within the window of the paper, on as many
 * points. Errors: SAXID_ERROR_DATA when that is less than half a decade,
 * SAXID_ERROR_ARGUMENT for a class that the set has not. */
gboolean saxid_study_set_add_measured (SaxidStudySet *set, const char *name, const char *class_name,
                                       const SaxidCurve *curve, GError **error);

typedef struct
{
  const char *experiment;  /* "table1", "table2", "franke", "preprocessing" */
  const char *preprocess;
  SaxidStudyTraining training;
  gboolean with_q;
  gboolean without_cylinders;
  const char *representation;
  const char *classifiers; /* "KNN,RF,XGBoost" */
  guint repeat, fold;
} SaxidStudyUnit;

/* "table1/xeuss/I/CNN/0/3": what a ledger knows a unit by. */
char *saxid_study_unit_name (const SaxidStudyUnit *unit);

typedef struct
{
  guint64 seed;
  guint folds;
  double effort;   /* of networks: 1 as in the report */
  guint threads;
} SaxidStudyOptions;

/* Bins of ln (equatorial / polar) for the success against the aspect. */
#define SAXID_STUDY_ASPECTS 16
#define SAXID_STUDY_MOST_ASPECT 8.0

typedef struct
{
  const SaxidStudyUnit *unit;
  const char *classifier; /* or "perceptron" */
  const char *choice;     /* its settings */
  const char *test;       /* configuration, or "measured" */
  const SaxidScores *scores;
  gsize aspect_right[2][SAXID_STUDY_ASPECTS]; /* [0] homogeneous, [1] core-shell ellipsoids */
  gsize aspect_all[2][SAXID_STUDY_ASPECTS];
  const guint8 *answer;   /* [n] of measured curves, else NULL */
  gsize n_answer;
  double seconds;         /* of representation and classifier together */
} SaxidStudyOutcome;

typedef struct
{
  /* The setting that was chosen earlier, or -1: it is then chosen on rows of the
   * training folds, and told. */
  int (*recall) (const SaxidStudyUnit *unit, const char *classifier, gpointer data);
  gboolean (*chosen) (const SaxidStudyUnit *unit, const char *classifier, guint choice, const double *accuracy,
                      guint n, gpointer data, GError **error);
  gboolean (*outcome) (const SaxidStudyOutcome *outcome, gpointer data, GError **error);
  SaxidFitHooks fit; /* of the network */
  gboolean (*going_on) (gpointer data); /* FALSE stops between steps */
  gpointer data;
} SaxidStudyHooks;

/* Errors: those of representation and classifier, and of the hooks. */
gboolean saxid_study_run (const SaxidStudySet *set, const SaxidStudyUnit *unit, const SaxidStudyOptions *options,
                          const SaxidStudyHooks *hooks, GError **error);

/* The paper's score of an answer for a real curve: 1 right, 0 a similar shape, -1 wrong. */
int saxid_study_score (const char *truth, const char *answer);

G_END_DECLS
