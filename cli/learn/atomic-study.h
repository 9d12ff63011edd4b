/* The study of atomic nanoparticles: shape and size by ridge, logistic regression and a small CNN, as Boissier & Gadji
 * did, beside what they printed, and with splits that do not leak.
 *
 * A case is what is done with the curves (bounds, step, noise, missing points), a split is what of the set is
 * kept for the test. Learned: ln I, each point standardised on the training rows.
 *
 * Thread: the caller's, and as many as it says; BLAS uses its own.
 */
#pragma once

#include "cli/learn/atomic-learners.h"

G_BEGIN_DECLS

/* What is not seen in training: a fifth of … */
typedef enum
{
  SAXID_SPLIT_CURVES,    /* the curves: B of one particle lie on both sides */
  SAXID_SPLIT_PARTICLES, /* the particles of an element, with all their B */
  SAXID_SPLIT_ELEMENTS,  /* the elements */
  SAXID_SPLIT_SIZES,     /* the sizes of the shapes */
  SAXID_SPLITS
} SaxidAtomicSplit;

typedef struct
{
  guint elements, displacements; /* of the set */
  guint points;                  /* of a full curve: 1999 */
  guint steps;                   /* of the logistic regression */
  guint epochs;                  /* of the networks, at most; 0: none is trained */
  gboolean with_all_cases;       /* noise, missing points, steps, bounds, too */
  guint threads;
  guint64 seed;
} SaxidAtomicSettings;

typedef struct
{
  const char *name;
  guint part;                    /* 0: bounds, 1: noise and missing points, 2: step, 3: other bounds */
  gboolean tried[SAXID_SPLITS];  /* by ridge and logistic regression */
  struct
  {
    SaxidAtomicScore linear;
    SaxidAtomicNetworkScore shapes, sizes;
  } split[SAXID_SPLITS];
  double published_mse[3], published_q2[3], published_shape, published_network[2]; /* NAN: not printed */
} SaxidAtomicCase;

typedef struct
{
  gsize curves, particles;
  double variance[SAXID_ATOMIC_TARGETS]; /* over all curves */
  guint32 unseen_elements;               /* a bit for each */
  double seconds;                        /* of all that was learned */
  guint n_unit, n_done;                  /* what is learned, and what of it is done */
  guint n_case;
  SaxidAtomicCase *result; /* [n_case] */
} SaxidAtomicStudy;

/* Keeps what each learner found in a ledger (study-file.h) of the directory, and goes on behind what is there.
 * done: called after each unit, by one thread at a time, with its name and what there is so far; once with NULL
 * where nothing was left to do. FALSE stops with SAXID_ERROR_CANCELLED.
 * Errors: those of network and LAPACK; SAXID_ERROR_IO, SAXID_ERROR_FORMAT, SAXID_ERROR_ARGUMENT of the ledger. */
typedef gboolean (*SaxidAtomicProgress) (const char *unit, const SaxidAtomicStudy *study, gpointer data);
gboolean saxid_atomic_study (const SaxidAtomicSettings *settings, const char *directory, SaxidAtomicProgress done, gpointer data,
                             SaxidAtomicStudy *study, GError **error);
void saxid_atomic_study_clear (SaxidAtomicStudy *study);

/* The page with its figure, into a directory that is made where it is not there. Errors: SAXID_ERROR_IO. */
gboolean saxid_atomic_page (const SaxidAtomicSettings *settings, const SaxidAtomicStudy *study, const char *directory, GError **error);
/* The tables alone, as Markdown. Free with g_free. */
char *saxid_atomic_tables (const SaxidAtomicStudy *study);

G_END_DECLS
