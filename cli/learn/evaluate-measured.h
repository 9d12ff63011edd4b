/* Measured curves on the page of a model: what the network says of each, what it says with computed
 * curves, and with fits, and how often that is right.
 *
 * Thread: one thread at a time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* measured: NULL, or "FILE=CLASS" or "FILE=CLASS,CLASS…", NULL-terminated; the first class is what it is, and the
 * others are right, too; SAXID_MEASURED_NONE as the first: it is none of the classes. Is everything there that is asked for?
 * Errors: SAXID_ERROR_ARGUMENT; those of the reader. */
#define SAXID_MEASURED_NONE "none"
gboolean saxid_evaluate_measured_check (char *const *measured, char *const *class_name, GError **error);

/* Adds the section to the page. The prior is the shipped one.
 * Errors: those of the model and of the reader. */
gboolean saxid_evaluate_measured (const char *model_path, char *const *measured, GString *page, GError **error);

G_END_DECLS
