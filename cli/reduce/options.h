/* The options of reduce, as words.
 *
 * Thread: one thread.
 */
#pragma once

#include "cli/reduce/job.h"

G_BEGIN_DECLS

/* argv: the verb, options and paths; options: as of saxid_reduce_options (). *paths: what is no
 * option, g_strfreev. FALSE: the verb ends with *exit_code, as saxid_verb_parse says; what
 * options has is to be freed all the same. */
gboolean saxid_reduce_options_parse (int argc, char **argv, SaxidReduceOptions *options, char ***paths, int *exit_code);

G_END_DECLS
