/* What a study of representations has found so far, in a file that survives any kill (study-file.h).
 *
 * Thread: one thread at a time.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "models/learn/study/study.h"

G_BEGIN_DECLS

/* What all results of one ledger have in common. */
typedef struct
{
  gsize per_class;
  guint folds;
  guint64 seed;
  double effort;
  const char *population;       /* name and digest */
  const char *digest;
  char *const *class_name;
  const GPtrArray *measured;    /* char *: "NAME=CLASS" */
} SaxidStudySettings;

/* One classifier on one test set. */
typedef struct
{
  char *experiment, *preprocess, *training, *representation, *classifier, *choice, *test;
  gboolean with_q;
  guint repeat, fold;
  double accuracy, f1, matthews, seconds;
  gsize n;
  GArray *confusion;       /* gsize [n_class × n_class] */
  GArray *aspect;          /* gsize [2 kinds × (right, all) × bins] */
  GArray *answer;          /* gsize, the class of each measured curve */
} SaxidStudyRecord;

typedef struct
{
  char *representation, *classifier, *choice;
  guint index;
  GArray *accuracy; /* double, of each of the settings */
} SaxidStudyChoice;

typedef struct SaxidStudyLedger SaxidStudyLedger;

/* Opens or begins the ledger of a directory, which is made if it is not there.
 * settings: NULL to read only.
 * Errors: SAXID_ERROR_IO, SAXID_ERROR_FORMAT, SAXID_ERROR_ARGUMENT for one of other
 * settings. */
SaxidStudyLedger *saxid_study_ledger_open (const char *directory, const SaxidStudySettings *settings, GError **error);
void saxid_study_ledger_free (SaxidStudyLedger *ledger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidStudyLedger, saxid_study_ledger_free)

gboolean saxid_study_ledger_has (const SaxidStudyLedger *ledger, const char *unit);
/* The choice made earlier for a representation and a classifier; -1. */
int saxid_study_ledger_choice (const SaxidStudyLedger *ledger, const char *representation, const char *classifier);

/* Of the unit that is being worked on; written by finish. */
void saxid_study_ledger_add (SaxidStudyLedger *ledger, const SaxidStudyOutcome *outcome);
void saxid_study_ledger_choose (SaxidStudyLedger *ledger, const SaxidStudyUnit *unit, const char *classifier,
                                guint choice, const double *accuracy, guint n);
/* Errors: SAXID_ERROR_IO. */
gboolean saxid_study_ledger_finish (SaxidStudyLedger *ledger, const char *unit, double seconds, GError **error);
/* Forgets what was added for a unit that was not finished. */
void saxid_study_ledger_drop (SaxidStudyLedger *ledger);

const GPtrArray *saxid_study_ledger_records (const SaxidStudyLedger *ledger); /* SaxidStudyRecord */
const GPtrArray *saxid_study_ledger_choices (const SaxidStudyLedger *ledger); /* SaxidStudyChoice */
/* The first line: the settings. */
JsonObject *saxid_study_ledger_head (const SaxidStudyLedger *ledger);
double saxid_study_ledger_seconds (const SaxidStudyLedger *ledger);

G_END_DECLS
