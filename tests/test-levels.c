/* Are family and structure what the classes add up to, and is the family told only where it
 * is known and the class is not? */
#include <math.h>

#include "models/learn/levels.h"

static const char *const eleven[] = { "sphere", "cylinder", "oblate", "prolate", "core_shell_sphere", "hollow_sphere",
                                "core_shell_cylinder", "core_shell_oblate", "core_shell_prolate", "disc",
                                "core_shell_disc" };

enum
{
  SPHERE, CYLINDER, OBLATE, PROLATE, CS_SPHERE, HOLLOW, CS_CYLINDER, CS_OBLATE, CS_PROLATE, DISC, CS_DISC, ELEVEN
};
enum
{
  GLOBULAR, ELONGATED, FLAT, HOLLOW_FAMILY
};

static void
test_tables (void)
{
  guint of_family[SAXID_LEVEL_MOST_NAMES] = { 0 };

  for (guint k = 0; k < ELEVEN; k++)
    {
      of_family[saxid_level_of (SAXID_LEVEL_FAMILY, eleven[k])]++;
      g_assert_cmpint (saxid_level_of (SAXID_LEVEL_STRUCTURE, eleven[k]), >=, 0);
    }
  g_assert_cmpuint (of_family[GLOBULAR], ==, 2);
  g_assert_cmpuint (of_family[ELONGATED], ==, 4);
  g_assert_cmpuint (of_family[FLAT], ==, 4);
  g_assert_cmpuint (of_family[HOLLOW_FAMILY], ==, 1);
  g_assert_cmpint (saxid_level_of (SAXID_LEVEL_STRUCTURE, "hollow_sphere"), ==, 1);
  g_assert_cmpint (saxid_level_of (SAXID_LEVEL_FAMILY, "core_shell"), ==, -1);
  g_assert_cmpint (saxid_level_of (SAXID_LEVEL_FAMILY, "vesicle"), ==, -1);
  for (int level = 0; level < SAXID_N_LEVEL; level++)
    g_assert_null (saxid_level_names (level)[saxid_level_count (level)]);
}

static void
test_sums (void)
{
  float p[ELEVEN] = { 0 }, family[4], structure[2];
  static const char *const odd[] = { "sphere", "banana" };
  const float half[] = { 0.5f, 0.5f };

  p[DISC] = 0.4f;
  p[CS_OBLATE] = 0.3f;
  p[HOLLOW] = 0.2f;
  p[SPHERE] = 0.1f;
  saxid_level_sum (SAXID_LEVEL_FAMILY, ELEVEN, eleven, p, family);
  saxid_level_sum (SAXID_LEVEL_STRUCTURE, ELEVEN, eleven, p, structure);
  g_assert_cmpfloat_with_epsilon (family[FLAT], 0.7, 1e-6);
  g_assert_cmpfloat_with_epsilon (family[HOLLOW_FAMILY], 0.2, 1e-6);
  g_assert_cmpfloat_with_epsilon (family[GLOBULAR], 0.1, 1e-6);
  g_assert_cmpfloat_with_epsilon (family[ELONGATED], 0, 1e-6);
  g_assert_cmpfloat_with_epsilon (structure[0], 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon (structure[1], 0.5, 1e-6);
  saxid_level_sum (SAXID_LEVEL_FAMILY, 2, odd, half, family);
  g_assert_cmpfloat (family[GLOBULAR] + family[ELONGATED] + family[FLAT] + family[HOLLOW_FAMILY], ==, 0.5f);
}

static void
test_notes (void)
{
  /* first class, p, second, p, third, p: what is said */
  static const struct
  {
    guint a, b, c;
    float p, q, r;
    const char *note;
  } cases[] = {
    { CS_DISC, DISC, SPHERE, 0.41f, 0.55f, 0.04f, "flat: disc or core_shell_disc" },
    { DISC, CS_DISC, OBLATE, 0.4f, 0.3f, 0.3f, "flat: disc, oblate or core_shell_disc" },
    { SPHERE, CS_SPHERE, DISC, 0.5f, 0.45f, 0.05f, "globular: sphere or core_shell_sphere" },
    { DISC, CS_DISC, OBLATE, 0.59f, 0.4f, 0.01f, "flat: disc or core_shell_disc" },
    { DISC, CS_DISC, SPHERE, 0.6f, 0.4f, 0, "" },       /* the class is known well enough */
    { DISC, CS_DISC, SPHERE, 0.42f, 0.37f, 0.21f, "" }, /* both are open */
    { DISC, SPHERE, CYLINDER, 0.34f, 0.33f, 0.33f, "" },
    { HOLLOW, DISC, SPHERE, 0.85f, 0.1f, 0.05f, "" },
  };
  char note[SAXID_LEVEL_NOTE];

  for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      float p[ELEVEN] = { 0 };

      p[cases[k].a] = cases[k].p;
      p[cases[k].b] = cases[k].q;
      p[cases[k].c] = cases[k].r;
      saxid_level_note (ELEVEN, eleven, p, note);
      g_assert_cmpstr (note, ==, cases[k].note);
    }
}

/* With nine classes, or with such as nobody knows. */
static void
test_other_models (void)
{
  static const char *const odd[] = { "oblate", "banana", "core_shell_oblate" };
  const float flat[] = { 0.5f, 0.1f, 0.4f }, banana[] = { 0.1f, 0.8f, 0.1f }, nan[] = { NAN, NAN, NAN },
              none[] = { 0, 0, 0 };
  char note[SAXID_LEVEL_NOTE];

  saxid_level_note (3, odd, flat, note);
  g_assert_cmpstr (note, ==, "flat: oblate or core_shell_oblate");
  saxid_level_note (3, odd, banana, note);
  g_assert_cmpstr (note, ==, "");
  saxid_level_note (3, odd, nan, note);
  g_assert_cmpstr (note, ==, "");
  saxid_level_note (3, odd, none, note);
  g_assert_cmpstr (note, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/levels/tables", test_tables);
  g_test_add_func ("/levels/sums", test_sums);
  g_test_add_func ("/levels/notes", test_notes);
  g_test_add_func ("/levels/other-models", test_other_models);
  return g_test_run ();
}
