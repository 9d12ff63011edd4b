/* The page on how good a model is, on data sets that it may not have seen. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *model;      /* name or file; NULL: the shipped one */
  char **set;             /* data sets, NULL-terminated */
  const char *strangers;  /* NULL, or a set whose classes are kinds of strangers */
  char **measured;        /* NULL, or see evaluate-measured.h */
  const char *directory;  /* where the page and its plots are put */
  char *const *words;     /* the command, for the page */
} SaxidEvaluation;

/* Writes NAME-evaluation.md, NAME-calibration.svg and NAME-counts.svg: measured curves with what
 * is said of each, each set as a whole, by class and by decade of counts, and strangers kind by
 * kind against every set. Returns the exit code of the verb. */
int saxid_model_evaluate (const SaxidEvaluation *evaluation);

G_END_DECLS
