/* Bytes that lie deflated in chunks.
 *
 * Thread: see deflated.h.
 */
#include "schemas/hdf5/deflated.h"

#include <libdeflate.h>
#include <string.h>

#include "schemas/hdf5/hid.h"

#define HEAD 64u /* bytes, and a thousandth, by which what does not become smaller may grow */

/* Room for one chunk. */
typedef struct
{
  gsize n, most; /* bytes unpacked; most that they may be packed */
  guint8 *packed, *bytes;
  struct libdeflate_decompressor *unpacker;
} Chunk;

static H5Z_filter_t
filter_at (hid_t creation, guint at)
{
  size_t n_value = 0;
  guint flags;

  return H5Pget_filter2 (creation, at, &flags, &n_value, NULL, 0, NULL, NULL);
}

/* A shuffle before it leaves single bytes as they are. */
static gboolean
is_deflated (hid_t set, hsize_t *edge)
{
  g_auto (SaxidHid) creation = H5Dget_create_plist (set);
  g_auto (SaxidHid) type = H5Dget_type (set);
  const int n = H5Pget_layout (creation) == H5D_CHUNKED ? H5Pget_nfilters (creation) : 0;

  return (n == 1 || (n == 2 && filter_at (creation, 0) == H5Z_FILTER_SHUFFLE))
         && filter_at (creation, (guint) n - 1) == H5Z_FILTER_DEFLATE && H5Pget_chunk (creation, 1, edge) == 1 && *edge > 0
         && H5Tequal (type, H5T_STD_U8LE) > 0;
}

static gboolean
read_chunk (hid_t set, gsize first, const Chunk *chunk)
{
  const hsize_t at = first;
  hsize_t n = 0;
  guint32 skipped = 0;

  return H5Dget_chunk_storage_size (set, &at, &n) >= 0 && n > 0 && n <= chunk->most
         && H5Dread_chunk (set, H5P_DEFAULT, &at, &skipped, chunk->packed) >= 0 && skipped == 0
         && libdeflate_zlib_decompress (chunk->unpacker, chunk->packed, (gsize) n, chunk->bytes, chunk->n, NULL) == LIBDEFLATE_SUCCESS;
}

gboolean
saxid_deflated_read (hid_t set, gsize n, guint8 *bytes)
{
  Chunk chunk = { .n = 0 };
  hsize_t edge = 0;
  gboolean done = is_deflated (set, &edge) && edge <= n;

  if (!done)
    return FALSE;
  chunk.n = (gsize) edge;
  chunk.most = chunk.n + chunk.n / 1000 + HEAD;
  chunk.packed = g_try_malloc (chunk.most);
  chunk.bytes = g_try_malloc (chunk.n);
  chunk.unpacker = libdeflate_alloc_decompressor ();
  done = chunk.packed != NULL && chunk.bytes != NULL && chunk.unpacker != NULL;
  for (gsize first = 0; first < n && done; first += chunk.n)
    {
      done = read_chunk (set, first, &chunk);
      if (done)
        memcpy (bytes + first, chunk.bytes, MIN (chunk.n, n - first));
    }
  if (chunk.unpacker != NULL)
    libdeflate_free_decompressor (chunk.unpacker);
  g_free (chunk.packed);
  g_free (chunk.bytes);
  return done;
}
