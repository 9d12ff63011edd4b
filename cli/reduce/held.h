/* The curves of a reduction in memory, as the module takes them.
 *
 * Units: q in 1/Å. Thread: one thread.
 */
#pragma once

#include "cli/reduce/result.h"
#include "plugin/saxid-plugin.h"

G_BEGIN_DECLS

/* All curves of one data set of a file. */
typedef struct
{
  const char *i_path;
  struct saxid_curve *curves;
  gsize n;
} SaxidHeldSet;

typedef struct
{
  SaxidHeldSet set[2]; /* of the frames and of all merged, as the file of curves has them */
  guint n_set;         /* 0: a radius of the detector that tells no q, the file is read */
  SaxidCurve *points;  /* of the merged curve, or NULL */
  GPtrArray *q;        /* of double * */
  GArray *frames, *merged; /* of struct saxid_curve */
} SaxidReduceHeld;

/* Lives no longer than the result. */
SaxidReduceHeld *saxid_reduce_held_new (const SaxidReduceResult *result);
void saxid_reduce_held_free (SaxidReduceHeld *held);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidReduceHeld, saxid_reduce_held_free)

G_END_DECLS
