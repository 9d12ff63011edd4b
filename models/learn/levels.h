/* A verdict in levels: shape family and structure of a particle, from the probabilities of
 * its classes.
 *
 * A class of which the table knows nothing is of no family and of no structure, so the
 * probabilities of a level add up to 1 only where all classes are known.
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SAXID_LEVEL_FAMILY,    /* globular, elongated, flat, hollow */
  SAXID_LEVEL_STRUCTURE, /* homogeneous, core_shell */
  SAXID_N_LEVEL
} SaxidLevel;

#define SAXID_LEVEL_MOST_NAMES 4
#define SAXID_LEVEL_NOTE 160 /* bytes of a note, with its NUL */

/* Below the first the class is open: it is wrong in two of five cases, and no more than a
 * guess. From the second on the family is not: it is wrong in one of five at most. */
#define SAXID_LEVEL_OPEN_CLASS 0.6
#define SAXID_LEVEL_SURE_FAMILY 0.8

/* Names of a level, NULL-terminated, and their number. */
const char *const *saxid_level_names (SaxidLevel level);
guint saxid_level_count (SaxidLevel level);

/* The classes of which the table knows, from 0; NULL behind the last. */
const char *saxid_level_class (guint index);

/* Which name of the level the class has; -1: none, or a class that is not known. */
int saxid_level_of (SaxidLevel level, const char *class_name);

/* The probability of each name of the level. Shape: class_name and probability n_class, out
 * saxid_level_count. */
void saxid_level_sum (SaxidLevel level, guint n_class, const char *const *class_name, const float *probability,
                      float *out);

/* Where the best class is open and its family is not: "flat: disc or core_shell_disc", the
 * classes that make up most of the family, the likeliest first. "" elsewhere.
 * Shape: note SAXID_LEVEL_NOTE. */
void saxid_level_note (guint n_class, const char *const *class_name, const float *probability, char *note);

G_END_DECLS
