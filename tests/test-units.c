/* Are units understood in every spelling, and is nothing else taken for one? */
#include "reducers/clean-text.h"
#include "schemas/units.h"

typedef struct
{
  const char *text;
  double value;
} Case;

static void
test_q (void)
{
  static const Case known[] = {
    { "1/A", 1 },        { "1/a", 1 },         { "1/angstrom", 1 },  { "1/Angstrom", 1 },  { "1/ANG", 1 },
    { "A^-1", 1 },       { "A-1", 1 },         { "A^{-1}", 1 },      { "A**-1", 1 },       { "angstrom^-1", 1 },
    { "Å⁻¹", 1 },        { "Å^-1", 1 },        { "1/Å", 1 },         { "1/\u212B", 1 },    { "\xC5^-1", 1 },
    { "1/\xC5", 1 },     { "\xC5-1", 1 },      { "\xC5\xAF\xB9", 0 }, { "inverse angstrom", 1 },
    { " 1 / Angstroms ", 1 }, { "1/ångström", 1 }, { "per angstrom", 1 }, { "1/(A)", 1 },  { "q_A^-1", 1 },
    { "1/nm", 10 },      { "nm^-1", 10 },      { "nm-1", 10 },       { "nm⁻¹", 10 },       { "q_nm^-1", 10 },
    { "1/nanometer", 10 }, { "(1/nm)", 10 },   { "[1/nm]", 10 },     { "10/nm", 1 },
    { "nm⁻¹", 10 },      { "$nm^{-1}$", 10 },  { "$\\mathrm{nm}^{-1}$", 10 }, { "\\AA$^{-1}$", 1 },
    { "\\rm{Q} | A^{-1}", 1 }, { "$\\mathring{A}^{-1}$", 1 }, { "Inverse Nanometres", 10 }, { "(Inverse Angstroms)", 1 },
    { "rad/nm", 10 },    { "1/Angs.", 1 },     { "nm_inv", 10 },    { "nm\\+(-1)", 10 }, { "10^-1 nm^-1", 100 },
    { "10^99 nm^-1", 0 }, { "rad", 0 },        { "inv", 0 },
    { "10/furlong", 0 }, { "0x1/nm", 0 },    { "1/um", 1e4 },      { "1/µm", 1e4 },      { "1/μm", 1e4 },
    { "1/\xB5m", 1e4 },  { "1/m", 1e10 },      { "m^-1", 1e10 },     { "1/meter", 1e10 },  { "1/pm", 0.01 },
    { "1/cm", 1e8 },     { "MomentumTransfer", 1 }, { "momentum transfer", 1 },
    { "", 0 },           { "A", 0 },           { "nm", 0 },          { "1", 0 },           { "1/", 0 },
    { "1/s", 0 },        { "deg", 0 },         { "furlong", 0 },     { "1/furlong", 0 },   { "^-1", 0 },
    { "-1", 0 },         { "1/1/A", 0 },       { "counts", 0 },      { "A^-2", 0 },        { "1/nm2", 0 },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (known); k++)
    {
      double angstrom = -1;
      gboolean found = saxid_units_q (known[k].text, &angstrom);

      if (found != (known[k].value > 0) || (found && angstrom != known[k].value))
        g_test_message ("'%s' gave %d %g", known[k].text, found, angstrom);
      g_assert_cmpint (found, ==, known[k].value > 0);
      if (found)
        g_assert_cmpfloat (angstrom, ==, known[k].value);
    }
}

static void
test_photon (void)
{
  static const struct { double energy; const char *unit, *assumed; double angstrom; } cases[] = {
    { 12.3984198433, "keV", NULL, 1 }, { 12398.4198433, "eV", NULL, 1 },     { 12.3984198433, "kev", NULL, 1 },
    { 12.3984198433, "", "keV", 1 },   { 12398.4198433, NULL, "eV", 1 },     { 0.0123984198433, "MeV", NULL, 1 },
    { 150, "keV", NULL, 12.3984198433 / 150 }, { 150, "", NULL, 0 },         { 0.5, "", NULL, 0 },
    { 5, "meV", NULL, 0 },             { 6, "GeV", NULL, 0 },                { 10, "A", NULL, 0 },
    { 0, "keV", NULL, 0 },             { -8, "keV", NULL, 0 },               { 1e9, "keV", NULL, 0 },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      const char *assumed = "?";
      double angstrom = 0;

      if (!saxid_units_photon (cases[k].energy, cases[k].unit, &assumed, &angstrom))
        {
          g_assert_cmpfloat (cases[k].angstrom, ==, 0);
          continue;
        }
      g_assert_cmpfloat_with_epsilon (angstrom, cases[k].angstrom, 1e-12);
      g_assert_cmpstr (assumed, ==, cases[k].assumed);
    }
}

static void
test_intensity (void)
{
  static const Case known[] = {
    { "1/cm", 1 },       { "cm^-1", 1 },      { "cm-1", 1 },    { "cm⁻¹", 1 },          { "cm2/cm3", 1 },
    { "1/m", 0.01 },     { "1/mm", 10 },      { "1/cm/sr", 1 }, { "arbitrary", 0 },     { "a.u.", 0 },
    { "Counts", 0 },     { "arb. units", 0 }, { "", 0 },        { "arbitrary units", 0 }, { "none", 0 },
    { "1/(m·sr)", 0.01 }, { "1/(m sr)", 0.01 }, { "1/m/sr", 0.01 }, { "m^-1 sr^-1", 0.01 }, { "m⁻¹ sr⁻¹", 0.01 },
    { "m-1sr-1", 0.01 }, { "1/(m*sr)", 0.01 }, { "(m sr)^-1", 0.01 }, { "m^{-1}sr^{-1}", 0.01 }, { "m^-1/sr", 0.01 },
    { "1/(cm·sr)", 1 },  { "cm-1 ster-1", 1 }, { "1/cm/sr", 1 }, { "1/cm/steradian", 1 }, { "1/(mm sr)", 10 },
    { "1/nm/sr", 1e7 },  { "1/sr", 0 },        { "K/sr", -1 },
    { "parsec", -1 },    { "cm", -1 },        { "K", -1 },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (known); k++)
    {
      double per_cm = -2;
      gboolean found = saxid_units_intensity (known[k].text, &per_cm);

      g_test_message ("'%s'", known[k].text);
      g_assert_cmpint (found, ==, known[k].value >= 0);
      if (found)
        g_assert_cmpfloat_with_epsilon (per_cm, known[k].value, 1e-15);
    }
}

static void
test_angles_and_lengths (void)
{
  double value;

  g_assert_true (saxid_units_angle ("2th_deg", &value));
  g_assert_cmpfloat_with_epsilon (value, G_PI / 180, 1e-17);
  g_assert_true (saxid_units_angle ("rad", &value));
  g_assert_cmpfloat (value, ==, 1);
  g_assert_false (saxid_units_angle ("1/nm", &value));
  g_assert_true (saxid_units_length ("Angstrom", &value));
  g_assert_cmpfloat (value, ==, 1);
  g_assert_true (saxid_units_length ("m", &value));
  g_assert_cmpfloat (value, ==, 1e10);
  g_assert_false (saxid_units_length ("keV", &value));
  g_assert_true (saxid_units_time ("ms", &value) && value == 1e-3);
  g_assert_true (saxid_units_time ("Seconds", &value) && value == 1);
  g_assert_false (saxid_units_time ("m", &value));
}

static void
test_text (void)
{
  g_autofree char *latin = saxid_clean_text ("caf\xE9\n\tbar  ", -1);
  g_autofree char *cut = saxid_clean_text ("  title    ", 7);
  g_autofree char *none = saxid_clean_text ("", 0);
  g_autofree char *acting = saxid_clean_text ("a\xC2\x9B" "31m\xE2\x80\xAE" "b", -1); /* CSI, and from right to left */

  g_assert_cmpstr (latin, ==, "café  bar");
  g_assert_cmpstr (cut, ==, "title");
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (acting, ==, "a 31m b");
  g_assert_true (saxid_text_is_clean ("1/Å, µm"));
  g_assert_true (saxid_text_is_clean ("\u0646\u0645\u0648\u0646\u0647\u200C\u0647\u0627")); /* a word with a joiner */
  g_assert_false (saxid_text_is_clean ("a\xC2\x9B"));
  g_assert_false (saxid_text_is_clean ("a\n"));
}

static void
test_cut_text (void)
{
  static const char sentence[] = "q reaches 12 1/Å: are the units right?";
  char all[sizeof sentence], some[24], one[8], little[3];

  saxid_text_fit_words (all, sentence, sizeof all);
  g_assert_cmpstr (all, ==, sentence);
  saxid_text_fit_words (some, sentence, sizeof some);
  g_assert_cmpstr (some, ==, "q reaches 12 1/Å: …");
  saxid_text_fit_words (one, "somewhere", sizeof one); /* no word is whole */
  g_assert_cmpstr (one, ==, "som…");
  saxid_text_fit_words (little, "somewhere", sizeof little);
  g_assert_cmpstr (little, ==, "so");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/units/q", test_q);
  g_test_add_func ("/units/intensity", test_intensity);
  g_test_add_func ("/units/photon", test_photon);
  g_test_add_func ("/units/angles-and-lengths", test_angles_and_lengths);
  g_test_add_func ("/units/text", test_text);
  g_test_add_func ("/units/cut-text", test_cut_text);
  return g_test_run ();
}
