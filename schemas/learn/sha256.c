/* How is a digest made quickly?
 *
 * Thread: see sha256.h.
 */
#include "schemas/learn/sha256.h"

#include <string.h>

#define BLOCK 64u
#define WORDS 8u

struct SaxidSha256
{
  GChecksum *plain; /* or NULL: the rest */
  guint32 state[WORDS];
  guint64 size; /* of what came */
  guint8 block[BLOCK];
};

#if defined(__x86_64__) && defined(__GNUC__)
#include <cpuid.h>
#include <immintrin.h>

#define HAS_SHA (1u << 29) /* leaf 7, ebx */
#define HAS_SSE (1u << 19 | 1u << 9) /* leaf 1, ecx: SSE4.1 and SSSE3 */

static const guint32 constants[BLOCK] = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
  0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
  0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
  0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
  0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
  0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static gboolean
has_instructions (void)
{
  guint a, b, c, d;

  return __get_cpuid (1, &a, &b, &c, &d) != 0 && (c & HAS_SSE) == HAS_SSE && __get_cpuid_count (7, 0, &a, &b, &c, &d) != 0
         && (b & HAS_SHA) != 0;
}

/* The state is kept as the instructions have it: ABEF and CDGH. */
__attribute__ ((target ("sha,sse4.1,ssse3"))) static void
take_blocks (guint32 *state, const guint8 *data, gsize n)
{
  const __m128i turned = _mm_set_epi64x (0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  const __m128i dcba = _mm_shuffle_epi32 (_mm_loadu_si128 ((const __m128i *) (gconstpointer) state), 0xb1);
  const __m128i hgfe = _mm_shuffle_epi32 (_mm_loadu_si128 ((const __m128i *) (gconstpointer) (state + 4)), 0x1b);
  __m128i abef = _mm_alignr_epi8 (dcba, hgfe, 8), cdgh = _mm_blend_epi16 (hgfe, dcba, 0xf0);
  __m128i feba, dchg;

  for (; n > 0; n--, data += BLOCK)
    {
      const __m128i abef_before = abef, cdgh_before = cdgh;
      __m128i word[4];

      for (guint round = 0; round < 16; round++)
        {
          __m128i *now = &word[round % 4], sum;

          if (round < 4)
            *now = _mm_shuffle_epi8 (_mm_loadu_si128 ((const __m128i *) (gconstpointer) (data + 16 * round)), turned);
          else
            {
              const __m128i last = word[(round + 3) % 4], before = word[(round + 2) % 4];

              *now = _mm_add_epi32 (_mm_sha256msg1_epu32 (*now, word[(round + 1) % 4]), _mm_alignr_epi8 (last, before, 4));
              *now = _mm_sha256msg2_epu32 (*now, last);
            }
          sum = _mm_add_epi32 (*now, _mm_loadu_si128 ((const __m128i *) (gconstpointer) (constants + 4 * round)));
          cdgh = _mm_sha256rnds2_epu32 (cdgh, abef, sum);
          abef = _mm_sha256rnds2_epu32 (abef, cdgh, _mm_shuffle_epi32 (sum, 0x0e));
        }
      abef = _mm_add_epi32 (abef, abef_before);
      cdgh = _mm_add_epi32 (cdgh, cdgh_before);
    }
  feba = _mm_shuffle_epi32 (abef, 0x1b);
  dchg = _mm_shuffle_epi32 (cdgh, 0xb1);
  _mm_storeu_si128 ((__m128i *) (gpointer) state, _mm_blend_epi16 (feba, dchg, 0xf0));
  _mm_storeu_si128 ((__m128i *) (gpointer) (state + 4), _mm_alignr_epi8 (dchg, feba, 8));
}
#else
static gboolean
has_instructions (void)
{
  return FALSE;
}

static void
take_blocks (G_GNUC_UNUSED guint32 *state, G_GNUC_UNUSED const guint8 *data, G_GNUC_UNUSED gsize n)
{
}
#endif

SaxidSha256 *
saxid_sha256_new_plain (void)
{
  SaxidSha256 *self = g_new0 (SaxidSha256, 1);

  self->plain = g_checksum_new (G_CHECKSUM_SHA256);
  return self;
}

SaxidSha256 *
saxid_sha256_new (void)
{
  static const guint32 begin[WORDS] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
  SaxidSha256 *self;

  if (!has_instructions ())
    return saxid_sha256_new_plain ();
  self = g_new0 (SaxidSha256, 1);
  memcpy (self->state, begin, sizeof begin);
  return self;
}

void
saxid_sha256_add (SaxidSha256 *self, gconstpointer data, gsize size)
{
  const guint8 *bytes = data;
  const gsize held = self->size % BLOCK, some = MIN (size, held > 0 ? BLOCK - held : 0);

  if (self->plain != NULL)
    {
      g_checksum_update (self->plain, data, (gssize) size);
      return;
    }
  self->size += size;
  if (some > 0)
    {
      memcpy (self->block + held, bytes, some);
      if (held + some < BLOCK)
        return;
      take_blocks (self->state, self->block, 1);
    }
  bytes += some;
  size -= some;
  take_blocks (self->state, bytes, size / BLOCK);
  memcpy (self->block, bytes + size / BLOCK * BLOCK, size % BLOCK);
}

/* A bit 1, zeros, and how many bits came. */
static void
add_end (SaxidSha256 *self)
{
  const guint64 bits = GUINT64_TO_BE (8 * self->size);
  const gsize held = self->size % BLOCK, zeros = (held < BLOCK - sizeof bits ? BLOCK : 2 * BLOCK) - held - sizeof bits;
  guint8 end[2 * BLOCK] = { 0x80 };

  memcpy (end + zeros, &bits, sizeof bits);
  saxid_sha256_add (self, end, zeros + sizeof bits);
}

char *
saxid_sha256_end (SaxidSha256 *self)
{
  char *digits;

  if (self->plain != NULL)
    {
      digits = g_strdup (g_checksum_get_string (self->plain));
      g_checksum_free (self->plain);
    }
  else
    {
      add_end (self);
      digits = g_strdup_printf ("%08x%08x%08x%08x%08x%08x%08x%08x", self->state[0], self->state[1], self->state[2], self->state[3],
                                self->state[4], self->state[5], self->state[6], self->state[7]);
    }
  g_free (self);
  return digits;
}
