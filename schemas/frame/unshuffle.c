/* How do bits that lie apart become pixels again?
 *
 * Of one byte of eight pixels there are eight bits in eight rows. Rows become bytes next
 * to each other by three rounds of interleaving, 16 groups of pixels at once; then each
 * group is an 8 × 8 matrix of bits in 64, which is turned by exchanging ever larger parts
 * (Warren, Hacker's Delight, 2003, section 7-3), or by one instruction where the CPU has it. Bytes that are 0 in all pixels of a block,
 * as the upper ones of counts nearly always are, are passed over.
 *
 * Thread: pure.
 */
#include "schemas/frame/unpack.h"

#include <string.h>

#define GROUPS 16 /* of eight pixels, at once */

typedef guint8 Bytes __attribute__ ((vector_size (16)));
typedef guint64 Pair __attribute__ ((vector_size (16)));

/* Byte j of the result has the j-th bits of the bytes of x. */
#define TURN_BITS(x) \
  do \
    { \
      __typeof__ (x) t = ((x) ^ ((x) >> 7)) & 0x00AA00AA00AA00AA; \
      (x) ^= t ^ (t << 7); \
      t = ((x) ^ ((x) >> 14)) & 0x0000CCCC0000CCCC; \
      (x) ^= t ^ (t << 14); \
      t = ((x) ^ ((x) >> 28)) & 0x00000000F0F0F0F0; \
      (x) ^= t ^ (t << 28); \
    } \
  while (0)

/* Groups that are done; used: bytes of a pixel that are not 0 everywhere. */
typedef gsize (*Unshuffle) (const guint8 *rows, gsize n, const gboolean *used, guint8 *out);

#define KERNEL(name) plain_##name
#include "schemas/frame/unshuffle-kernel.h"
#undef KERNEL

/* Clang has no such pragma; it makes the fuzz targets, where nobody waits. */
#if defined __x86_64__ && !defined __clang__
#include <immintrin.h>
#define HAVE_TARGETS 1
#pragma GCC push_options
#pragma GCC target("arch=x86-64-v3")
#define KERNEL(name) v3_##name
#include "schemas/frame/unshuffle-kernel.h"
#undef KERNEL
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("arch=x86-64-v4,prefer-vector-width=512")
#define KERNEL(name) v4_##name
#include "schemas/frame/unshuffle-kernel.h"
#undef KERNEL
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("arch=x86-64-v4,gfni,prefer-vector-width=512")
#include "schemas/frame/unshuffle-gfni.h"
#pragma GCC pop_options
#endif

static const Unshuffle *
choose_kernel (void)
{
#ifdef HAVE_TARGETS
  __builtin_cpu_init ();
  if (__builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512bw") && __builtin_cpu_supports ("avx512vl")
      && __builtin_cpu_supports ("avx512dq") && __builtin_cpu_supports ("avx512cd"))
    return __builtin_cpu_supports ("gfni") ? gfni_unshuffle : v4_unshuffle;
  if (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma") && __builtin_cpu_supports ("bmi2"))
    return v3_unshuffle;
#endif
  return plain_unshuffle;
}

#define AT_ONCE 4 /* vectors of 16 bytes, between two looks whether it is over */

static gboolean
is_zero (const guint8 *bytes, gsize n)
{
  guint8 rest = 0;
  gsize k = 0;

  for (; k + AT_ONCE * sizeof (Pair) <= n; k += AT_ONCE * sizeof (Pair))
    {
      Pair part[AT_ONCE], any;

      memcpy (part, bytes + k, sizeof part);
      any = (part[0] | part[1]) | (part[2] | part[3]);
      if ((any[0] | any[1]) != 0)
        return FALSE;
    }
  for (; k < n; k++)
    rest |= bytes[k];
  return rest == 0;
}

/* One group by hand: what is left over, and pixels of any size. */
static void
turn_group (const guint8 *rows, gsize n, gsize element, gsize group, guint8 *out)
{
  const gsize stride = n / 8;

  for (gsize b = 0; b < element; b++)
    {
      guint64 bits = 0;

      for (gsize k = 0; k < 8; k++)
        bits |= (guint64) rows[(8 * b + k) * stride + group] << (8 * k);
      TURN_BITS (bits);
      for (gsize k = 0; k < 8; k++)
        out[(8 * group + k) * element + b] = (guint8) (bits >> (8 * k));
    }
}

#define MOST_ELEMENT 8

void
saxid_unshuffle_bits (const guint8 *rows, gsize n, gsize element, guint8 *out)
{
  gboolean used[MOST_ELEMENT];
  gsize group = 0;

  g_return_if_fail (element <= MOST_ELEMENT && n % 8 == 0);

  for (gsize b = 0; b < element; b++)
    used[b] = !is_zero (rows + b * n, n);
  if (element < G_N_ELEMENTS (plain_unshuffle) && plain_unshuffle[element] != NULL)
    group = choose_kernel ()[element](rows, n, used, out);
  for (; group < n / 8; group++)
    turn_group (rows, n, element, group, out);
}
