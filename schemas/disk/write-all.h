/* Writes all of it, however often the kernel takes less or a signal comes.
 *
 * Thread: no state.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* FALSE: errno says why. */
gboolean saxid_write_all (int fd, const void *bytes, gsize n);

G_END_DECLS
