/* Models beside each other, on data sets that none of them may have seen. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Prints a table: for each data set and each model accuracy, calibration, sets, outliers
 * and time. strangers: NULL, or a set whose classes are kinds of what is none of the
 * classes; it is judged against the first set. Returns the exit code of the verb. */
int saxid_model_compare (guint n_model, char *const *model, char *const *set, const char *strangers);

G_END_DECLS
