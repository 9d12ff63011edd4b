/* How do the packed bytes of a frame come into memory?
 *
 * Thread: see format.h.
 */
#include "schemas/frame/format.h"

#include <errno.h>
#include <unistd.h>

#include "reducers/error.h"

gboolean
saxid_packed_frame_load (SaxidPackedFrame *packed, GError **error)
{
  gsize done = 0;

  if (packed->fd < 0)
    return TRUE;
  if (packed->n > packed->allocated)
    {
      g_free (packed->bytes);
      packed->bytes = g_try_malloc (packed->n);
      packed->allocated = packed->bytes != NULL ? packed->n : 0;
    }
  while (packed->bytes != NULL && done < packed->n)
    {
      const ssize_t n = pread (packed->fd, packed->bytes + done, packed->n - done, (off_t) (packed->offset + done));

      if (n <= 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      done += (gsize) n;
    }
  close (packed->fd);
  packed->fd = -1;
  if (packed->bytes != NULL && done == packed->n)
    return TRUE;
  g_set_error_literal (error, SAXID_ERROR, packed->bytes != NULL ? SAXID_ERROR_IO : SAXID_ERROR_LIMIT,
                       packed->bytes != NULL ? "its bytes cannot be read" : "there is no memory for its bytes");
  return FALSE;
}

gboolean
saxid_packed_frame_unpack (SaxidPackedFrame *packed, SaxidUnpacker *unpacker, guint8 *out, GError **error)
{
  return saxid_packed_frame_load (packed, error)
         && saxid_unpacker_begin (unpacker, &packed->packing, packed->bytes, packed->n, out, error)
         && saxid_unpacker_until (unpacker, packed->packing.size, error);
}
