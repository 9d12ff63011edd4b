/* The populations that ship, for tests. */
#pragma once

#include "models/simulate/population.h"

static inline SaxidPopulation *
shipped_population (const char *name, GError **error)
{
  g_autofree char *base = g_strconcat (name, ".population", NULL), *text = NULL;
  g_autofree char *path = g_build_filename (g_getenv ("SAXID_SRCDIR"), "models", "populations", base, NULL);

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return saxid_population_parse (name, path, text, error);
}

/* The population of the study; stays until the program ends. */
static inline const SaxidPopulation *
paper_population (void)
{
  static SaxidPopulation *paper;
  GError *error = NULL;

  if (paper == NULL)
    paper = shipped_population ("paper", &error);
  g_assert_no_error (error);
  return paper;
}
