/* Are strangers curves that an instrument could see, and do they differ from one draw to
 * the next? Is the structure factor that of hard spheres, and the coil Debye's? */
#include <math.h>
#include <string.h>

#include "models/simulate/stranger.h"

#define N 300
#define FIRST 0.005
#define LAST 0.3

static void
lay (double *q, double *base)
{
  for (guint k = 0; k < N; k++)
    {
      q[k] = 1e-4 * pow (0.4 / 1e-4, (double) k / (N - 1)); /* beyond the window on both sides */
      base[k] = 10 * exp (-q[k] * q[k] * 400) + 1e-3;
    }
}

static void
test_sound (void)
{
  g_autoptr (SaxidBodies) bodies = saxid_bodies_new (20, 1, 2);
  double q[N], base[N], out[N], before[N];

  lay (q, base);
  for (guint kind = 0; kind < saxid_stranger_count (); kind++)
    {
      guint different = 0;

      g_assert_nonnull (saxid_stranger_name (kind));
      for (guint draw = 0; draw < 200; draw++)
        {
          double highest = 0;
          SaxidRandom random;

          saxid_random_init (&random, 5, draw, SAXID_STREAM_PARTICLE);
          saxid_stranger_draw (kind, &random, FIRST, LAST, N, q, base, bodies, out);
          for (guint k = 0; k < N; k++)
            {
              g_assert_true (isfinite (out[k]) && out[k] >= 0);
              if (q[k] >= FIRST && q[k] <= LAST)
                highest = fmax (highest, out[k]);
            }
          g_assert_true (highest == 0 || (highest > 0.99e-3 && highest < 1.01e3));
          different += draw > 0 && memcmp (out, before, sizeof out) != 0;
          memcpy (before, out, sizeof out);
        }
      g_assert_cmpuint (different, >, 90);
    }
  g_assert_null (saxid_stranger_name (saxid_stranger_count ()));
}

/* The same draw, the same curve; and made in place from the base. */
static void
test_again (void)
{
  g_autoptr (SaxidBodies) bodies = saxid_bodies_new (20, 1, 1);
  double q[N], base[N], one[N], two[N];

  lay (q, base);
  for (guint kind = 0; kind < saxid_stranger_count (); kind++)
    {
      SaxidRandom random;

      saxid_random_init (&random, 7, 3, SAXID_STREAM_PARTICLE);
      saxid_stranger_draw (kind, &random, FIRST, LAST, N, q, base, bodies, one);
      memcpy (two, base, sizeof base);
      saxid_random_init (&random, 7, 3, SAXID_STREAM_PARTICLE);
      saxid_stranger_draw (kind, &random, FIRST, LAST, N, q, two, bodies, two);
      g_assert_cmpmem (one, sizeof one, two, sizeof two);
    }
}

/* Concentrated particles scatter less forward than by themselves, and the same far out. */
static void
test_crowd (void)
{
  double q[N], base[N], out[N];
  const SaxidBodies *bodies = NULL;
  guint kind = 0, fewer = 0;

  lay (q, base);
  while (strcmp (saxid_stranger_name (kind), "particle@hardsphere") != 0)
    kind++;
  g_assert_true (saxid_stranger_needs_base (kind));
  for (guint draw = 0; draw < 50; draw++)
    {
      SaxidRandom random;

      saxid_random_init (&random, 11, draw, SAXID_STREAM_PARTICLE);
      saxid_stranger_draw (kind, &random, FIRST, LAST, N, q, base, bodies, out);
      fewer += out[0] / base[0] < 0.7 * out[N - 1] / base[N - 1];
    }
  g_assert_cmpuint (fewer, ==, 50);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stranger/sound", test_sound);
  g_test_add_func ("/stranger/again", test_again);
  g_test_add_func ("/stranger/crowd", test_crowd);
  return g_test_run ();
}
