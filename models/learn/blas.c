/* How many threads OpenBLAS may use.
 *
 * Thread: see blas.h.
 */
#include "models/learn/blas.h"

#include <cblas.h>

void
saxid_blas_set_threads (guint threads)
{
  openblas_set_num_threads ((int) MAX (threads, 1));
}
