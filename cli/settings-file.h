/* Options of a verb from a key file, for programs that nobody types.
 *
 *   [watch]
 *   directories = /data/saxs;/data/waxs
 *   settle = 5
 *   side-file = true
 *
 * The group has the name of the verb, its keys are those of the long options, and
 * `directories` are the arguments. What is given on the command line counts more.
 *
 * Thread: one thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where the words have an option --config FILE, all words with those of the file in front of
 * them and without that option, else a copy. argv: NULL-terminated, the first word is the
 * verb. Errors: SAXID_ERROR_IO, SAXID_ERROR_ARGUMENT (no key file, no such group). */
GStrv saxid_settings_words (const char *verb, char **argv, GError **error);

/* The options of that group of one such file as words, the first is the verb. What it may have
 * as `directories` is an error. Errors: as above. */
GStrv saxid_settings_file_words (const char *verb, const char *path, GError **error);

G_END_DECLS
