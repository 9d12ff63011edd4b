/* Why does OpenBLAS not start a thread for every processor when the program is loaded?
 *
 * Those threads wait for work by asking for it again and again, some 25 ms of each processor, in
 * programs that never give them any. OpenBLAS reads its variable when it is loaded, before main;
 * what stands in this section runs before that. A training asks for more (models/learn/blas.h).
 *
 * Thread: before there are any.
 */
#include "config.h"

#include <stdlib.h>

/* Sanitizers are not set up yet at that time. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
typedef void (*Before) (int argc, char **argv, char **environment);

static void
keep_one_thread (int argc, char **argv, char **environment)
{
  (void) argc;
  (void) argv;
  (void) environment;
  setenv ("OPENBLAS_NUM_THREADS", "1", 0);
}

__attribute__ ((section (".preinit_array"), used)) static const Before before_libraries = keep_one_thread;
#endif
