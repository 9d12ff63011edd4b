/* Room for a frame, in pages as large as the kernel gives them.
 *
 * A page of 4 KB that is touched for the first time costs more than to fill it, and a frame has a
 * thousand; of those of 2 MB it has a few.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Contents are not defined. NULL where there is no memory. To be given back with saxid_room_free. */
gpointer saxid_room_new (gsize size);
void saxid_room_free (gpointer room);

G_END_DECLS
