/* Are digests those of FIPS 180-4, whichever way they are made and in whatever pieces the data come?
 */
#include <string.h>

#include "schemas/learn/sha256.h"

#define MOST 1000u

static void
test_known (void)
{
  static const struct
  {
    const char *text, *digest;
  } known[] = {
    { "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
    { "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
    { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
  };

  for (guint k = 0; k < G_N_ELEMENTS (known); k++)
    for (guint plain = 0; plain < 2; plain++)
      {
        SaxidSha256 *sum = plain ? saxid_sha256_new_plain () : saxid_sha256_new ();
        g_autofree char *digest = NULL;

        saxid_sha256_add (sum, known[k].text, strlen (known[k].text));
        digest = saxid_sha256_end (sum);
        g_assert_cmpstr (digest, ==, known[k].digest);
      }
}

static void
test_pieces (void)
{
  guint8 data[MOST];

  for (guint k = 0; k < MOST; k++)
    data[k] = (guint8) (k * 2654435761u >> 13);
  for (guint size = 0; size < MOST; size++)
    {
      SaxidSha256 *whole = saxid_sha256_new_plain (), *parts = saxid_sha256_new ();
      g_autofree char *one = NULL, *two = NULL;

      saxid_sha256_add (whole, data, size);
      for (guint from = 0, step = 0; from < size; from += step)
        {
          step = MIN (1 + (from * 7 + size) % 150, size - from);
          saxid_sha256_add (parts, data + from, step);
        }
      one = saxid_sha256_end (whole);
      two = saxid_sha256_end (parts);
      g_assert_cmpstr (one, ==, two);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sha256/known", test_known);
  g_test_add_func ("/sha256/pieces", test_pieces);
  return g_test_run ();
}
