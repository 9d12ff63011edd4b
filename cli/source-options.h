/* The options that several verbs share: where the curves of a file are, which model is asked,
 * how tags are written.
 *
 * Thread: one thread.
 */
#pragma once

#include <glib.h>

#include "plugin/saxid-plugin.h"

G_BEGIN_DECLS

typedef struct
{
  char **path; /* of --path: "I=/entry/data/I", "q=…", "sigma=…" */
  char *q_unit;
  double slit; /* 1/Å */
  gboolean follow_links;
} SaxidSourceOptions;

/* Four rows for a table of options: --path, --q-unit, --slit, --follow-links. */
#define SAXID_SOURCE_OPTION_ENTRIES(options)                                                        \
  { "path", 0, 0, G_OPTION_ARG_STRING_ARRAY, &(options).path,                                       \
    "Where I, q or sigma lies; may be repeated", "I=PATH" },                                        \
  { "q-unit", 0, 0, G_OPTION_ARG_STRING, &(options).q_unit,                                         \
    "Unit of q, instead of what the file says", "UNIT" },                                           \
  { "slit", 0, 0, G_OPTION_ARG_DOUBLE, &(options).slit,                                             \
    "Length of the slit, in 1/Å, instead of what the file says", "L" },                             \
  {                                                                                                 \
    "follow-links", 0, 0, G_OPTION_ARG_NONE, &(options).follow_links,                               \
      "Follow links out of the file", NULL                                                          \
  }

/* The options of every verb that asks a model, as rows for a table of options: addresses of
 * char * for --model, --classes and --prior. */
#define SAXID_MODEL_OPTION_ENTRIES(model_, classes_, prior_)                                         \
  { "model", 'm', 0, G_OPTION_ARG_FILENAME, model_, "Model to ask (the shipped one)", "NAME|FILE" }, \
  { "classes", 0, 0, G_OPTION_ARG_STRING, classes_, "Classes to answer with: all or nine (all)", "SET" }, \
  { "prior", 0, 0, G_OPTION_ARG_FILENAME, prior_, "Weights of the classes (the shipped ones)", "FILE" }

/* The metal of particles of atoms, for verbs that ask for them: address of a char *. */
#define SAXID_ELEMENT_OPTION_ENTRY(element_)                                                         \
  { "element", 0, 0, G_OPTION_ARG_STRING, element_, "Metal of particles of atoms (as the file says, or found)", "SYMBOL" }

/* And of every verb that writes tags: of gboolean for --seeds and --side-file. */
#define SAXID_TAG_OPTION_ENTRIES(seeds_, side_file_)                                                 \
  { "seeds", 0, 0, G_OPTION_ARG_NONE, seeds_, "Fit the likeliest form factors, and write the fits too", NULL }, \
  { "side-file", 0, 0, G_OPTION_ARG_NONE, side_file_, "Write STEM_saxid.nxs beside each file", NULL }

/* What a verdict weighs beside the network, of gboolean: for verbs that fit unless they are told not to, … */
#define SAXID_NETWORK_OPTION_ENTRY(network_)                                                         \
  { "network", 0, 0, G_OPTION_ARG_NONE, network_, "Ask the network alone", NULL }
#define SAXID_FAST_OPTION_ENTRIES(fast_, network_)                                                   \
  { "fast", 0, 0, G_OPTION_ARG_NONE, fast_, "Compare with computed curves of the form factors, instead of fits", NULL }, \
  SAXID_NETWORK_OPTION_ENTRY (network_)

/* … and, with the two of every verb that writes tags, for those that do not unless they are asked to. */
#define SAXID_ARCHIVE_TAG_OPTION_ENTRIES(seeds_, side_file_, fits_, network_)                        \
  SAXID_TAG_OPTION_ENTRIES (seeds_, side_file_),                                                     \
  { "fits", 0, 0, G_OPTION_ARG_NONE, fits_, "Weigh fits of the form factors, as saxid tag does", NULL }, \
  SAXID_NETWORK_OPTION_ENTRY (network_)

void saxid_source_options_clear (SaxidSourceOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SaxidSourceOptions, saxid_source_options_clear)

/* Fills the paths, the unit, the slit and the flag of tag; it points into options.
 * Errors: SAXID_ERROR_ARGUMENT. */
gboolean saxid_source_options_apply (const SaxidSourceOptions *options,
                                     struct saxid_tag_options *tag, GError **error);

G_END_DECLS
