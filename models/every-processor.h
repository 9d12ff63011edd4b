/* Loops that are compiled for several generations of processors.
 *
 * A function with SAXID_EVERY_PROCESSOR before it has a copy for each. */
#pragma once

/* One binary for old and new processors: the loader picks the copy. Sanitizers
 * cannot stand the resolver, which runs before they are set up. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)  \
    && !defined(__SANITIZE_THREAD__)
#define SAXID_EVERY_PROCESSOR                                                                          \
  __attribute__ ((target_clones ("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define SAXID_EVERY_PROCESSOR
#endif
