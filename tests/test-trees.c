/* Do boosted trees learn, survive a file, and refuse what is none? */
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "models/learn/evaluate.h"
#include "models/learn/trees.h"
#include "models/simulate/random.h"
#include "reducers/error.h"

#define ROWS 300
#define COLUMNS 4
#define CLASSES 3

static const SaxidTreesOptions options = { .rounds = 8, .depth = 3, .learning_rate = 0.3, .row_part = 0.9,
                                           .column_part = 1, .min_weight = 1, .bins = 32, .threads = 1,
                                           .seed = 1 };

/* Class = which third of the first column; the others are noise and gaps. */
static void
draw (guint64 seed, float *features, guint8 *label)
{
  SaxidRandom random;

  saxid_random_init (&random, seed, 0, SAXID_STREAM_PARTICLE);
  for (gsize r = 0; r < ROWS; r++)
    {
      for (gsize k = 0; k < COLUMNS; k++)
        features[r * COLUMNS + k] = (float) saxid_random_unit (&random);
      label[r] = (guint8) (3 * features[r * COLUMNS]);
      if (r % 5 == 0)
        features[r * COLUMNS + 2] = NAN;
    }
}

static SaxidTrees *
grow (const SaxidTreesOptions *how)
{
  g_autoptr (GError) error = NULL;
  float features[ROWS * COLUMNS];
  guint8 label[ROWS];
  SaxidTrees *trees;

  draw (1, features, label);
  trees = saxid_trees_train (features, ROWS, COLUMNS, label, CLASSES, how, NULL, NULL, &error);
  g_assert_no_error (error);
  return trees;
}

static void
test_learns (void)
{
  g_autoptr (SaxidTrees) trees = grow (&options);
  float features[ROWS * COLUMNS], margin[ROWS * CLASSES];
  guint8 label[ROWS];
  gsize right = 0;

  draw (2, features, label);
  g_assert_true (saxid_trees_margin (trees, features, ROWS, margin, NULL));
  for (gsize r = 0; r < ROWS; r++)
    right += saxid_best_class (CLASSES, margin + r * CLASSES) == label[r];
  g_assert_cmpuint (right, >, ROWS * 95 / 100);
}

static void
test_same_after_a_file (void)
{
  g_autoptr (SaxidTrees) trees = grow (&options);
  g_autoptr (GBytes) bytes = saxid_trees_to_bytes (trees, NULL);
  g_autoptr (GBytes) again = NULL;
  g_autoptr (SaxidTrees) loaded = NULL;
  g_autoptr (GError) error = NULL;
  float features[ROWS * COLUMNS], before[ROWS * CLASSES], after[ROWS * CLASSES];
  guint8 label[ROWS];

  g_assert_nonnull (bytes);
  loaded = saxid_trees_from_bytes (bytes, CLASSES, COLUMNS, &error);
  g_assert_no_error (error);
  draw (3, features, label);
  g_assert_true (saxid_trees_margin (trees, features, ROWS, before, NULL));
  g_assert_true (saxid_trees_margin (loaded, features, ROWS, after, NULL));
  g_assert_cmpmem (before, sizeof before, after, sizeof after);
  /* one row by itself is judged as it is among others */
  g_assert_true (saxid_trees_margin (loaded, features + 7 * COLUMNS, 1, after, NULL));
  g_assert_cmpmem (before + 7 * CLASSES, CLASSES * sizeof (float), after, CLASSES * sizeof (float));
  again = saxid_trees_to_bytes (loaded, NULL);
  g_assert_nonnull (again);
}

static void
test_same_again_and_on_two_threads (void)
{
  SaxidTreesOptions two = options;
  g_autoptr (SaxidTrees) a = grow (&options);
  g_autoptr (SaxidTrees) b = grow (&options);
  g_autoptr (SaxidTrees) c = NULL;
  g_autoptr (GBytes) bytes_a = saxid_trees_to_bytes (a, NULL);
  g_autoptr (GBytes) bytes_b = saxid_trees_to_bytes (b, NULL);
  g_autoptr (GBytes) bytes_c = NULL;

  two.threads = 2;
  c = grow (&two);
  bytes_c = saxid_trees_to_bytes (c, NULL);
  g_assert_true (g_bytes_equal (bytes_a, bytes_b));
  g_assert_true (g_bytes_equal (bytes_a, bytes_c));
}

static void
assert_refused (GBytes *bytes, guint n_class, gsize columns)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (saxid_trees_from_bytes (bytes, n_class, columns, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_MODEL);
  g_assert_null (strchr (error->message, '\n'));
}

static void
test_wrong_size_is_refused (void)
{
  g_autoptr (SaxidTrees) trees = grow (&options);
  g_autoptr (GBytes) bytes = saxid_trees_to_bytes (trees, NULL);

  assert_refused (bytes, CLASSES, COLUMNS + 1);
  assert_refused (bytes, CLASSES, COLUMNS - 1);
  assert_refused (bytes, CLASSES + 1, COLUMNS);
  assert_refused (bytes, CLASSES - 1, COLUMNS);
}

/* Where the array of that name begins in the first tree, and its bytes in *n. */
static gsize
find_array (const guint8 *data, gsize size, const char *name, gsize *n)
{
  const gsize length = strlen (name);
  gsize count = 0, at = 0;

  while (at + length + 12 < size && memcmp (data + at, name, length) != 0)
    at++;
  g_assert_cmpint (data[at + length], ==, '[');
  for (gsize k = 0; k < 8; k++)
    count = count << 8 | data[at + length + 5 + k];
  *n = 9 + length + 13 + count * (data[at + length + 2] == 'U' ? 1 : 4);
  return at - 9;
}

/* The checker and xgboost are two parsers: of a key that comes twice one takes the first and the
 * other the last. */
static void
test_repeated_keys_are_refused (void)
{
  static const char *const names[] = { "left_children", "split_indices", "parents", "split_type", "default_left" };
  g_autoptr (SaxidTrees) trees = grow (&options);
  g_autoptr (GBytes) bytes = saxid_trees_to_bytes (trees, NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
    for (guint after = 0; after < 2; after++)
      {
        gsize n;
        const gsize at = find_array (data, size, names[k], &n), where = after ? at + n : at;
        g_autoptr (GByteArray) made = g_byte_array_new ();
        g_autofree guint8 *copy = g_memdup2 (data + at, n);
        g_autoptr (GBytes) twice = NULL;
        g_autoptr (GError) error = NULL;

        memset (copy + n - 4, 0x7f, 4);
        g_byte_array_append (made, data, (guint) where);
        g_byte_array_append (made, copy, (guint) n);
        g_byte_array_append (made, data + where, (guint) (size - where));
        twice = g_byte_array_free_to_bytes (g_steal_pointer (&made));
        g_assert_null (saxid_trees_from_bytes (twice, CLASSES, COLUMNS, &error));
        g_assert_error (error, SAXID_ERROR, SAXID_ERROR_MODEL);
        g_assert_nonnull (strstr (error->message, after && k < 2 ? "" : "twice"));
      }
}

static void
refuse_garbage (void)
{
  static const char *const texts[] = { "", "{", "{}", "{\"learner\": 3}", "garbage", "binf", "bs64\t",
                                       "{L", "[[[[", "\x7f" "ELF" };
  guchar noise[4096];
  SaxidRandom random;
  g_autoptr (SaxidTrees) trees = grow (&options);
  g_autoptr (GBytes) bytes = saxid_trees_to_bytes (trees, NULL);
  gsize size = g_bytes_get_size (bytes);

  for (guint k = 0; k < G_N_ELEMENTS (texts); k++)
    {
      g_autoptr (GBytes) wrong = g_bytes_new (texts[k], strlen (texts[k]));

      assert_refused (wrong, CLASSES, COLUMNS);
    }
  saxid_random_init (&random, 9, 0, SAXID_STREAM_PARTICLE);
  for (guint trial = 0; trial < 20; trial++)
    {
      g_autoptr (GBytes) wrong = NULL;

      for (gsize k = 0; k < sizeof noise; k++)
        noise[k] = (guchar) (256 * saxid_random_unit (&random));
      wrong = g_bytes_new (noise, sizeof noise);
      assert_refused (wrong, CLASSES, COLUMNS);
    }
  for (guint part = 1; part < 40; part++) /* cut off anywhere */
    {
      g_autoptr (GBytes) wrong = g_bytes_new_from_bytes (bytes, 0, size * part / 40);

      assert_refused (wrong, CLASSES, COLUMNS);
    }
  for (guint trial = 0; trial < 1000; trial++) /* one byte changed: refused, or still trees */
    {
      float curve[COLUMNS] = { 0.4f, 0.1f, NAN, 0.9f }, margin[CLASSES];
      guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), size);
      g_autoptr (GBytes) other = g_bytes_new_take (copy, size);
      g_autoptr (SaxidTrees) found = NULL;

      copy[(gsize) (saxid_random_unit (&random) * (double) size)] ^= (guint8) (1 + trial % 255);
      found = saxid_trees_from_bytes (other, CLASSES, COLUMNS, NULL);
      if (found != NULL)
        g_assert_true (saxid_trees_margin (found, curve, 1, margin, NULL));
    }
}

/* In a process of its own: a crash there fails this test, and so does a word on
 * standard error. */
static void
test_garbage_is_refused (void)
{
  if (g_test_subprocess ())
    {
      refuse_garbage ();
      return;
    }
  g_test_trap_subprocess (NULL, 30 * G_USEC_PER_SEC, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("");
}

typedef struct
{
  const SaxidTrees *trees;
  const float *features;
  const float *expected;
  gboolean same;
} Asking;

static gpointer
ask (gpointer data)
{
  Asking *asking = data;
  float margin[CLASSES];

  asking->same = TRUE;
  for (guint k = 0; k < 2000; k++)
    {
      gsize row = k % ROWS;

      asking->same &= saxid_trees_margin (asking->trees, asking->features + row * COLUMNS, 1, margin, NULL)
                      && memcmp (margin, asking->expected + row * CLASSES, sizeof margin) == 0;
    }
  return NULL;
}

/* Trees fresh from training, and trees from a file, asked from several threads
 * before anybody else asked them. */
static void
test_many_threads_ask (void)
{
  g_autoptr (SaxidTrees) trees = grow (&options);
  g_autoptr (SaxidTrees) reference = grow (&options);
  g_autoptr (GBytes) bytes = saxid_trees_to_bytes (trees, NULL);
  g_autoptr (SaxidTrees) loaded = saxid_trees_from_bytes (bytes, CLASSES, COLUMNS, NULL);
  const SaxidTrees *const both[] = { trees, loaded };
  float features[ROWS * COLUMNS], expected[ROWS * CLASSES];
  guint8 label[ROWS];

  draw (4, features, label);
  g_assert_true (saxid_trees_margin (reference, features, ROWS, expected, NULL));
  for (guint b = 0; b < 2; b++)
    {
      Asking asking[4];
      GThread *thread[4];

      for (guint k = 0; k < 4; k++)
        {
          asking[k] = (Asking) { both[b], features, expected, FALSE };
          thread[k] = g_thread_new ("ask", ask, &asking[k]);
        }
      for (guint k = 0; k < 4; k++)
        g_thread_join (thread[k]);
      for (guint k = 0; k < 4; k++)
        g_assert_true (asking[k].same);
    }
}

static gboolean
stop_after_three (guint round, guint rounds, gpointer data)
{
  g_assert_cmpuint (round, ==, ++*(guint *) data);
  g_assert_cmpuint (rounds, ==, options.rounds);
  return round < 3;
}

static void
test_stops_on_request (void)
{
  g_autoptr (GError) error = NULL;
  float features[ROWS * COLUMNS];
  guint8 label[ROWS];
  guint calls = 0;

  draw (1, features, label);
  g_assert_null (saxid_trees_train (features, ROWS, COLUMNS, label, CLASSES, &options, stop_after_three,
                                    &calls, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_CANCELLED);
  g_assert_cmpuint (calls, ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trees/learns", test_learns);
  g_test_add_func ("/trees/same-after-a-file", test_same_after_a_file);
  g_test_add_func ("/trees/same-again-and-on-two-threads", test_same_again_and_on_two_threads);
  g_test_add_func ("/trees/wrong-size-is-refused", test_wrong_size_is_refused);
  g_test_add_func ("/trees/repeated-keys-are-refused", test_repeated_keys_are_refused);
  g_test_add_func ("/trees/garbage-is-refused", test_garbage_is_refused);
  g_test_add_func ("/trees/many-threads-ask", test_many_threads_ask);
  g_test_add_func ("/trees/stops-on-request", test_stops_on_request);
  return g_test_run ();
}
