/* How many threads OpenBLAS may use.
 *
 * The program begins with one (cli/one-thread.c); what trains on large matrices asks for more.
 * Thread: process wide; before others use OpenBLAS.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void saxid_blas_set_threads (guint threads);

G_END_DECLS
