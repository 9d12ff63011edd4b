/* How is work shared by threads?
 *
 * Each takes the next piece when it is done with one, since pieces last differently long.
 *
 * Thread: see parallel.h.
 */
#include "config.h"

#include "models/parallel.h"

typedef struct
{
  const SaxidParallel *how;
  gsize n;
  gint next; /* atomic: the piece that is not begun yet */
} Work;

static gpointer
run_worker (gpointer data)
{
  Work *work = data;
  const SaxidParallel *how = work->how;
  gpointer scratch = how->scratch_new != NULL ? how->scratch_new () : NULL;

  for (;;)
    {
      const gsize at = (gsize) g_atomic_int_add (&work->next, 1);

      if (at >= work->n)
        break;
      if (!how->piece (at, scratch, how->data))
        g_atomic_int_set (&work->next, (gint) work->n);
    }
  if (scratch != NULL)
    how->scratch_free (scratch);
  return NULL;
}

void
saxid_parallel (const SaxidParallel *self, gsize n)
{
  Work work = { .how = self, .n = n };
  g_autofree GThread **pool = g_new0 (GThread *, MAX (self->threads, 1));

  g_return_if_fail (n < G_MAXINT / 2);

  for (guint k = 1; k < self->threads; k++)
    pool[k] = g_thread_new (self->name, run_worker, &work);
  run_worker (&work);
  for (guint k = 1; k < self->threads; k++)
    g_thread_join (pool[k]);
}
