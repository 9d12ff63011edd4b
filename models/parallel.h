/* Many independent pieces of work, by several threads.
 *
 * What a piece does depends on its number alone, so the result does not depend on how many
 * threads there are.
 *
 * Thread: it makes threads of its own, which are gone when it returns; the caller's works too.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One piece of the work; scratch belongs to the thread. FALSE: no further piece is begun. */
typedef gboolean (*SaxidPiece) (gsize at, gpointer scratch, gpointer data);

typedef struct
{
  const char *name;                    /* of the threads, for who looks at them */
  guint threads;                       /* 0 counts as 1 */
  SaxidPiece piece;
  gpointer (*scratch_new) (void);      /* NULL: none is needed */
  void (*scratch_free) (gpointer scratch);
  gpointer data;
} SaxidParallel;

/* piece (0 … n - 1); n < G_MAXINT / 2. */
void saxid_parallel (const SaxidParallel *self, gsize n);

G_END_DECLS
