/* What a worker of the pool does, and how it tells it.
 *
 * It reads paths, each ended by a NUL, and answers each with lines of fields that are
 * separated by tabs (the reader lets no control character through):
 *   M sha256                                            once, when the model is loaded
 *   C entry data frame status label confidence outlier score   for each curve
 *   D                                                   the file is done, or
 *   F message                                           it is not
 *
 * Thread: a process of its own.
 */
#pragma once

#include "cli/archive/pool.h"

G_BEGIN_DECLS

/* Never returns. */
void saxid_archive_work (int from, int to, const SaxidArchivePoolOptions *options) G_GNUC_NORETURN;

G_END_DECLS
