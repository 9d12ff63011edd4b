/* Words from a file on their way to a person.
 *
 * Units: widths in columns of a terminal (wide characters take two).
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The text without anything that could act on a terminal or a page: control
 * characters, line breaks, direction overrides and bytes that are not UTF-8 are
 * shown as \x1b or \u202e. NULL gives "". */
char *saxid_text_printable (const char *text);

/* The same, ready to stand in HTML or SVG, in an attribute or between tags. */
char *saxid_text_markup (const char *text);

gsize saxid_text_width (const char *text);

/* Cut in the middle, where file names differ least, to at most `width` columns;
 * `mark` stands for what was cut ("…"). */
char *saxid_text_shortened (const char *text, gsize width, const char *mark);

/* A class name for people: core_shell_sphere -> core-shell sphere. */
char *saxid_text_class_title (const char *name);

G_END_DECLS
