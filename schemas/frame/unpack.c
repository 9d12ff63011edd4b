/* What is in a packed image?
 *
 * Thread: see unpack.h.
 */
#include "schemas/frame/unpack.h"

#include <libdeflate.h>
#include <lz4.h>
#include <string.h>

#include "reducers/error.h"

#define HEAD 12             /* size of all and size of a block, most significant byte first */
#define LENGTH 4            /* in front of each block */
#define MOST_BLOCK (1 << 24)
#define GROUP 8             /* pixels whose bits are exchanged at once */

struct SaxidUnpacker
{
  SaxidPacking packing;
  const guint8 *in, *end;
  guint8 *out;
  gsize done;      /* bytes of the image */
  gsize base;      /* the byte of it that is at the front of out */
  gsize block;     /* bytes of a block */
  guint8 *scratch; /* one block, or one image */
  gsize allocated;
  struct libdeflate_decompressor *deflate;
};

SaxidUnpacker *
saxid_unpacker_new (void)
{
  return g_new0 (SaxidUnpacker, 1);
}

void
saxid_unpacker_free (SaxidUnpacker *unpacker)
{
  if (unpacker == NULL)
    return;
  if (unpacker->deflate != NULL)
    libdeflate_free_decompressor (unpacker->deflate);
  g_free (unpacker->scratch);
  g_free (unpacker);
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "its bytes are damaged or missing: %s", what);
  return FALSE;
}

static guint64
read_number (const guint8 *at, gsize n)
{
  guint64 value = 0;

  for (gsize k = 0; k < n; k++)
    value = value << 8 | at[k];
  return value;
}

static gboolean
allocate (SaxidUnpacker *unpacker, gsize n, GError **error)
{
  if (n <= unpacker->allocated)
    return TRUE;
  g_free (unpacker->scratch);
  unpacker->scratch = g_try_malloc (n);
  unpacker->allocated = unpacker->scratch != NULL ? n : 0;
  if (unpacker->scratch == NULL)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT, "there is no memory for %" G_GSIZE_FORMAT " bytes", n);
  return unpacker->scratch != NULL;
}

/* ---- plain, deflate -------------------------------------------------------------- */

static gboolean
until_plain (SaxidUnpacker *unpacker, gsize size, GError **error)
{
  if ((gsize) (unpacker->end - unpacker->in) < unpacker->packing.size)
    return refuse (error, "the image is cut off");
  if (unpacker->out != unpacker->in)
    memcpy (unpacker->out + unpacker->done, unpacker->in + unpacker->done, size - unpacker->done);
  unpacker->done = size;
  return TRUE;
}

/* HDF5's shuffle: all first bytes of pixels, then all second ones … */
static void
unshuffle_bytes (const guint8 *from, gsize size, gsize element, guint8 *out)
{
  const gsize n = size / element;

  for (gsize k = 0; k < n; k++)
    for (gsize b = 0; b < element; b++)
      out[k * element + b] = from[b * n + k];
  memcpy (out + n * element, from + n * element, size - n * element);
}

static gboolean
until_deflate (SaxidUnpacker *unpacker, G_GNUC_UNUSED gsize size, GError **error)
{
  const SaxidPacking *packing = &unpacker->packing;
  const gboolean apart = packing->shuffled && packing->element > 1;
  gsize got = 0;

  if (apart && !allocate (unpacker, packing->size, error))
    return FALSE;
  if (unpacker->deflate == NULL)
    unpacker->deflate = libdeflate_alloc_decompressor ();
  if (unpacker->deflate == NULL
      || libdeflate_zlib_decompress (unpacker->deflate, unpacker->in, (gsize) (unpacker->end - unpacker->in),
                                     apart ? unpacker->scratch : unpacker->out, packing->size, &got)
             != LIBDEFLATE_SUCCESS
      || got != packing->size)
    return refuse (error, "deflate does not make an image of them");
  if (apart)
    unshuffle_bytes (unpacker->scratch, packing->size, packing->element, unpacker->out);
  unpacker->done = packing->size;
  return TRUE;
}

/* ---- blocks ------------------------------------------------------------------------ */

static guint8 *
to (const SaxidUnpacker *unpacker)
{
  return unpacker->out + (unpacker->done - unpacker->base);
}

/* The packed bytes of the next block. */
static const guint8 *
next_block (SaxidUnpacker *unpacker, gsize *n, GError **error)
{
  const guint8 *block;

  if (unpacker->end - unpacker->in < LENGTH)
    {
      refuse (error, "a block is missing");
      return NULL;
    }
  *n = (gsize) read_number (unpacker->in, LENGTH);
  unpacker->in += LENGTH;
  if (*n > (gsize) (unpacker->end - unpacker->in))
    {
      refuse (error, "a block is cut off");
      return NULL;
    }
  block = unpacker->in;
  unpacker->in += *n;
  return block;
}

static gboolean
until_lz4 (SaxidUnpacker *unpacker, gsize size, GError **error)
{
  while (unpacker->done < size)
    {
      const gsize want = MIN (unpacker->block, unpacker->packing.size - unpacker->done);
      gsize n;
      const guint8 *block = next_block (unpacker, &n, error);

      if (block == NULL)
        return FALSE;
      if (n == want) /* what could not be packed stands there as it is */
        memcpy (to (unpacker), block, want);
      else if (LZ4_decompress_safe ((const char *) block, (char *) to (unpacker), (int) n, (int) want)
               != (int) want)
        return refuse (error, "LZ4 does not make a block of them");
      unpacker->done += want;
    }
  return TRUE;
}

/* Less than eight pixels stand behind the last block as they are. */
static gboolean
copy_rest (SaxidUnpacker *unpacker, GError **error)
{
  const gsize rest = unpacker->packing.size - unpacker->done;

  if ((gsize) (unpacker->end - unpacker->in) < rest)
    return refuse (error, "the last pixels are missing");
  memcpy (to (unpacker), unpacker->in, rest);
  unpacker->done += rest;
  return TRUE;
}

static gboolean
until_bitshuffle (SaxidUnpacker *unpacker, gsize size, GError **error)
{
  const gsize element = unpacker->packing.element;

  while (unpacker->done < size)
    {
      const gsize left = (unpacker->packing.size - unpacker->done) / element / GROUP * GROUP * element;
      const gsize want = MIN (unpacker->block, left);
      const guint8 *block;
      gsize n;

      if (want == 0)
        return copy_rest (unpacker, error);
      block = next_block (unpacker, &n, error);
      if (block == NULL)
        return FALSE;
      if (LZ4_decompress_safe ((const char *) block, (char *) unpacker->scratch, (int) n, (int) want) != (int) want)
        return refuse (error, "LZ4 does not make a block of them");
      saxid_unshuffle_bits (unpacker->scratch, want / element, element, to (unpacker));
      unpacker->done += want;
    }
  return TRUE;
}

/* ---- any of them --------------------------------------------------------------------- */

static const struct
{
  gboolean has_head;
  gboolean (*until) (SaxidUnpacker *unpacker, gsize size, GError **error);
} kinds[] = {
  [SAXID_PACKING_PLAIN] = { FALSE, until_plain },
  [SAXID_PACKING_DEFLATE] = { FALSE, until_deflate },
  [SAXID_PACKING_LZ4] = { TRUE, until_lz4 },
  [SAXID_PACKING_BITSHUFFLE_LZ4] = { TRUE, until_bitshuffle },
};

gsize
saxid_packing_most (const SaxidPacking *packing)
{
  /* LZ4 grows by 1/255 at most, deflate by less; every block has a length, and is of some
   * hundred bytes at least where anybody means to pack */
  return packing->size + packing->size / 16 + 4096;
}

gboolean
saxid_unpacker_begin (SaxidUnpacker *unpacker, const SaxidPacking *packing, const guint8 *in, gsize n, guint8 *out,
                      GError **error)
{
  unpacker->packing = *packing;
  unpacker->in = in;
  unpacker->end = in + n;
  unpacker->out = out;
  unpacker->done = unpacker->base = 0;
  if (!kinds[packing->kind].has_head)
    return TRUE;
  if (n < HEAD || read_number (in, 8) != packing->size)
    return refuse (error, "the head says another size");
  unpacker->block = (gsize) read_number (in + 8, LENGTH);
  unpacker->in += HEAD;
  if (unpacker->block == 0 || unpacker->block > MOST_BLOCK
      || (packing->kind == SAXID_PACKING_BITSHUFFLE_LZ4 && unpacker->block % (GROUP * packing->element) != 0))
    return refuse (error, "the head says blocks that cannot be");
  return allocate (unpacker, unpacker->block, error);
}

gsize
saxid_unpacker_slide (SaxidUnpacker *unpacker, gsize from)
{
  if (!kinds[unpacker->packing.kind].has_head || from <= unpacker->base || from > unpacker->done)
    return unpacker->base;
  memmove (unpacker->out, unpacker->out + (from - unpacker->base), unpacker->done - from);
  unpacker->base = from;
  return from;
}

gboolean
saxid_unpacker_until (SaxidUnpacker *unpacker, gsize size, GError **error)
{
  size = MIN (size, unpacker->packing.size);
  return unpacker->done >= size || kinds[unpacker->packing.kind].until (unpacker, size, error);
}
