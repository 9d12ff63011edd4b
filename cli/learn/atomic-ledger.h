/* What the study of atomic nanoparticles has found so far, in a file that survives any kill (study-file.h).
 *
 * A unit is one learner on one split of one case: ridge and logistic regression together with all cases that learn the
 * same, or one network.
 *
 * Thread: one at a time.
 */
#pragma once

#include "cli/learn/atomic-study.h"

G_BEGIN_DECLS

typedef enum
{
  SAXID_ATOMIC_LINES,  /* ridge and logistic regression */
  SAXID_ATOMIC_SHAPES, /* a network whose classes are the shapes */
  SAXID_ATOMIC_SIZES   /* or the sizes */
} SaxidAtomicLearner;

typedef struct
{
  SaxidAtomicLearner learner;
  SaxidAtomicSplit split;
  guint at, together; /* the first case, and how many learn the same */
} SaxidAtomicUnit;

#define SAXID_ATOMIC_MOST_TOGETHER 8

typedef struct
{
  SaxidAtomicScore score[SAXID_ATOMIC_MOST_TOGETHER]; /* of lines: of each case */
  SaxidAtomicNetworkScore network;
} SaxidAtomicFound;

typedef struct SaxidAtomicLedger SaxidAtomicLedger;

/* Opens or begins the ledger of a directory; what is in it comes into study, which is borrowed and has its cases.
 * Errors: those of saxid_study_file_open. */
SaxidAtomicLedger *saxid_atomic_ledger_open (const char *directory, const SaxidAtomicSettings *settings, SaxidAtomicStudy *study,
                                             GError **error);
void saxid_atomic_ledger_free (SaxidAtomicLedger *ledger);

/* "shapes/particles/full, 0.01 to 19.99". Free with g_free. */
char *saxid_atomic_unit_name (const SaxidAtomicUnit *unit, const SaxidAtomicStudy *study);
gboolean saxid_atomic_ledger_has (const SaxidAtomicLedger *ledger, const SaxidAtomicUnit *unit);
/* Notes a unit, in the file and in the study. Errors: SAXID_ERROR_IO. */
gboolean saxid_atomic_ledger_add (SaxidAtomicLedger *ledger, const SaxidAtomicUnit *unit, double seconds, const SaxidAtomicFound *found,
                                  GError **error);

G_END_DECLS
