/* Models beside each other, on data sets that none of them may have seen. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Prints a table: for each data set and each model accuracy, calibration, sets, outliers
 * and time. Returns the exit code of the verb. */
int saxid_model_compare (guint n_model, char *const *model, char *const *set);

G_END_DECLS
