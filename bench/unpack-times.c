/* How long does unpacking alone take: the floor under a stack that is read from its file?
 *
 * Reads chunks of bitshuffle and LZ4, each behind its length (8 bytes, least significant first),
 * and unpacks all of them, block by block, into memory that stays in the cache: by liblz4 alone,
 * and with bits turned back as the product does it. Nothing is summed. Answers with the seconds
 * of the processor of both, the least of REPEATS.
 *
 * unpack-times CHUNKS BYTES_OF_AN_IMAGE BYTES_OF_A_PIXEL REPEATS
 */
#include <lz4.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "schemas/frame/unpack.h"

#define HEAD 12
#define WINDOW (64 * 1024) /* bytes of the image, between two slides */

typedef struct
{
  const guint8 *bytes;
  gsize n;
} Chunk;

static double
used (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

static void
fail (const char *what)
{
  fprintf (stderr, "unpack-times: %s\n", what);
  exit (1);
}

static gsize
big_endian (const guint8 *at)
{
  return (gsize) at[0] << 24 | (gsize) at[1] << 16 | (gsize) at[2] << 8 | at[3];
}

/* liblz4 and nothing else. */
static void
decompress (const Chunk *chunk, gsize size, guint8 *out)
{
  const guint8 *at = chunk->bytes + HEAD, *end = chunk->bytes + chunk->n;
  const gsize block = big_endian (chunk->bytes + 8);

  for (gsize done = 0; done + 64 < size && end - at > 4;)
    {
      const gsize n = big_endian (at);
      const int got = n <= (gsize) (end - at - 4) ? LZ4_decompress_safe ((const char *) at + 4, (char *) out, (int) n, (int) block) : -1;

      if (got <= 0)
        fail ("LZ4 makes nothing of a block");
      done += (gsize) got;
      at += 4 + n;
    }
}

static void
unpack (const Chunk *chunk, const SaxidPacking *packing, SaxidUnpacker *unpacker, guint8 *out)
{
  if (!saxid_unpacker_begin (unpacker, packing, chunk->bytes, chunk->n, out, NULL))
    fail ("the head of a chunk is wrong");
  for (gsize done = 0; done < packing->size; done += WINDOW)
    {
      saxid_unpacker_slide (unpacker, done);
      if (!saxid_unpacker_until (unpacker, done + WINDOW, NULL))
        fail ("a chunk cannot be unpacked");
    }
}

static GArray *
split (const guint8 *bytes, gsize n)
{
  GArray *chunks = g_array_new (FALSE, FALSE, sizeof (Chunk));

  for (gsize at = 0; at + 8 <= n;)
    {
      Chunk chunk = { bytes + at + 8, 0 };
      guint64 length;

      memcpy (&length, bytes + at, sizeof length);
      chunk.n = (gsize) GUINT64_FROM_LE (length);
      if (chunk.n < HEAD || chunk.n > n - at - 8)
        fail ("a chunk is cut off");
      g_array_append_val (chunks, chunk);
      at += 8 + chunk.n;
    }
  return chunks;
}

int
main (int argc, char **argv)
{
  g_autofree char *bytes = NULL;
  g_autofree guint8 *out = NULL;
  g_autoptr (GArray) chunks = NULL;
  SaxidUnpacker *unpacker = saxid_unpacker_new ();
  SaxidPacking packing = { .kind = SAXID_PACKING_BITSHUFFLE_LZ4 };
  double least[2] = { INFINITY, INFINITY };
  gsize n;

  if (argc != 5 || !g_file_get_contents (argv[1], &bytes, &n, NULL))
    return 2;
  packing.size = (gsize) atol (argv[2]);
  packing.element = (gsize) atol (argv[3]);
  chunks = split ((const guint8 *) bytes, n);
  out = g_malloc0 (packing.size);
  for (int repeat = 0; repeat < atoi (argv[4]); repeat++)
    for (int whole = 0; whole < 2; whole++)
      {
        const double begin = used ();

        for (guint k = 0; k < chunks->len; k++)
          if (whole)
            unpack (&g_array_index (chunks, Chunk, k), &packing, unpacker, out);
          else
            decompress (&g_array_index (chunks, Chunk, k), packing.size, out);
        least[whole] = MIN (least[whole], used () - begin);
      }
  printf ("%.9f %.9f\n", least[0] / chunks->len, least[1] / chunks->len);
  saxid_unpacker_free (unpacker);
  return 0;
}
