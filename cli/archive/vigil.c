/* When does one look at a growing file again, and when no more?
 *
 * Thread: see vigil.h.
 */
#include "config.h"

#include "cli/archive/vigil.h"

#include "cli/interrupt.h"
#include "schemas/disk/same-file.h"

#define NAP_MS 20

gboolean
saxid_vigil_is_over (const SaxidVigil *vigil)
{
  return vigil->deaf || saxid_interrupted ();
}

gboolean
saxid_vigil_is_late (const SaxidVigil *vigil)
{
  return 1e-6 * (double) (g_get_monotonic_time () - vigil->news) > vigil->options->idle;
}

void
saxid_vigil_remark (SaxidVigil *vigil, const char *text)
{
  vigil->deaf |= !vigil->listener->remark (text, vigil->listener->data);
}

static void
rest (const SaxidVigil *vigil)
{
  const gint64 end = g_get_monotonic_time () + (gint64) (1e6 * vigil->options->poll);

  while (!saxid_vigil_is_over (vigil) && g_get_monotonic_time () < end)
    g_usleep (NAP_MS * 1000);
}

/* Whether the file is gone; one of its name that is another one makes us start over. */
static gboolean
is_gone (SaxidVigil *vigil, const SaxidVigilWork *work, gpointer data)
{
  if (stat (vigil->path, &vigil->now) != 0)
    return TRUE;
  if (work->is_begun (data) && !saxid_same_file (&vigil->now, &vigil->about))
    work->start_over (data);
  return FALSE;
}

gboolean
saxid_vigil_keep (SaxidVigil *vigil, const SaxidVigilWork *work, gpointer data, GError **error)
{
  while (!vigil->done && !saxid_vigil_is_over (vigil))
    {
      if (is_gone (vigil, work, data))
        {
          saxid_vigil_remark (vigil, "it is gone");
          vigil->done = TRUE;
          return work->gone == NULL || work->gone (data, error);
        }
      vigil->deaf |= !vigil->listener->alive (vigil->listener->data);
      if (!work->look (data, error))
        return FALSE;
      if (!vigil->done)
        rest (vigil);
    }
  return TRUE;
}
