/* The table of reducers as a person reads it.
 *
 * Thread: pure, but for standard output.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Prints every step with its parameters, their units, bounds and usual values, and where
 * it is from. Returns the exit code. */
int saxid_reduce_steps_print (void);

G_END_DECLS
