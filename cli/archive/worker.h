/* What does a worker of the pool do, and how does it tell it?
 *
 * It reads paths, each ended by a NUL, and answers each with lines of fields that are
 * separated by tabs (the reader lets no control character through). First, once:
 *   M sha256                                                   the model is loaded; empty: none is needed
 * For each curve of a file:
 *   C entry data frame status label confidence outlier score measured title sample instrument   a verdict
 *   O the same fields                                          one that the side file had already
 * While a file is followed:
 *   X                                                          what was said of it counts no more
 *   R message                                                  a remark for standard error
 *   L                                                          a sign of life
 * The last line of an answer is one of:
 *   D                                                          the file is done
 *   S                                                          stopped while it grows
 *   B message                                                  it is busy: try again later
 *   F message                                                  it failed (or, first of all, the model)
 *
 * Thread: a process of its own.
 */
#pragma once

#include "cli/archive/pool.h"

G_BEGIN_DECLS

/* Never returns. */
void saxid_archive_work (int from, int to, const SaxidArchivePoolOptions *options) G_GNUC_NORETURN;

G_END_DECLS
