/* Where does room come from?
 *
 * Thread: see room.h.
 */
#include "schemas/frame/room.h"

#include <stdlib.h>
#include <sys/mman.h>

#define LARGE_PAGE ((gsize) 2 << 20)

gpointer
saxid_room_new (gsize size)
{
  void *room = NULL;

  if (size < LARGE_PAGE)
    return malloc (MAX (size, 1));
  size = (size + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
  if (posix_memalign (&room, LARGE_PAGE, size) != 0)
    return NULL;
#ifdef MADV_HUGEPAGE
  madvise (room, size, MADV_HUGEPAGE); /* a wish */
#endif
  return room;
}

void
saxid_room_free (gpointer room)
{
  free (room);
}
