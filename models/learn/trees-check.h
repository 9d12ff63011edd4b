/* Are these bytes boosted trees that can be handed to xgboost?
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* xgboost follows the lengths and indices of a model wherever they lead. So the
 * bytes are walked once before: every length ends inside of them, every child
 * lies in its tree and after its parent, every split is on one of the columns,
 * every tree adds to one of the classes.
 * Errors: SAXID_ERROR_MODEL. */
gboolean saxid_trees_check (GBytes *bytes, guint n_class, gsize columns, GError **error);

G_END_DECLS
