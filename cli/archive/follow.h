/* Tags of a file that somebody else is writing (SWMR), in a side file, frame by frame.
 *
 * The side file <stem>_saxid.nxs is an SWMR file of its own, with links to the curves. It is
 * gone on with where it was left, if it holds the tags of the same curves by the same model;
 * otherwise it is begun anew. A file whose writer closes it is done; one that does not grow
 * for a while counts as done too, whatever became of its writer. One that is replaced or
 * made shorter is begun anew.
 *
 * Thread: one thread.
 */
#pragma once

#include "cli/module.h"
#include "schemas/curve/reader.h"

G_BEGIN_DECLS

typedef enum
{
  SAXID_FOLLOW_NEW,  /* a frame was judged */
  SAXID_FOLLOW_KNOWN /* it was judged before, and its tags stay */
} SaxidFollowNews;

/* What somebody wants to hear of it. Each returns FALSE when nobody listens any more, which
 * ends it as a signal does. */
typedef struct
{
  gboolean (*curve) (SaxidFollowNews news, const SaxidSource *source, gsize frame, const struct saxid_verdict *verdict,
                     gpointer data);
  gboolean (*anew) (gpointer data); /* what was told before is of no worth */
  gboolean (*remark) (const char *text, gpointer data);
  gboolean (*alive) (gpointer data); /* at every look, whatever it brings */
  gpointer data;
} SaxidFollowListener;

/* What became of a file. */
typedef struct
{
  gboolean stopped; /* the program was told to stop before the file was done */
  gboolean crystal; /* a curve shows peaks of a crystal: fits may tell of its particles more than templates do */
} SaxidFollowEnd;

typedef struct
{
  double poll; /* s between two looks */
  double idle; /* s without a new frame after which it is done */
} SaxidFollowOptions;

/* Returns when the file is done, or, with stopped, when the program is told to stop: all
 * is then flushed and closed.
 * Errors: SAXID_ERROR_IO, and those of the reader and of live_prepare and live_append. */
gboolean saxid_follow (const SaxidModule *module, const char *path, const SaxidFollowOptions *options,
                       const SaxidFollowListener *listener, SaxidFollowEnd *end, GError **error);

G_END_DECLS
