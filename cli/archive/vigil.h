/* Watching over a file that grows: how long, and who is told.
 *
 * Both followers, of curves (follow.c) and of frames (follow-frames.c), look at their file
 * again and again until its writer has closed it.
 *
 * Thread: one thread.
 */
#pragma once

#include <sys/stat.h>

#include "cli/archive/follow.h"

G_BEGIN_DECLS

typedef struct
{
  const char *path;
  const SaxidFollowOptions *options;
  const SaxidFollowListener *listener;
  struct stat about; /* of the file, when it was begun */
  struct stat now;   /* and at this look */
  gboolean done;
  gboolean deaf;     /* nobody listens */
  gint64 news;       /* µs, when there was a new frame last */
} SaxidVigil;

/* What is done with the file. */
typedef struct
{
  gboolean (*is_begun) (gpointer data);
  void (*start_over) (gpointer data);            /* another file has its name */
  gboolean (*look) (gpointer data, GError **error); /* sets done when there is nothing to come */
  gboolean (*gone) (gpointer data, GError **error); /* the last thing that is done; or NULL */
} SaxidVigilWork;

/* Looks until the work is done, the program is stopped or nobody listens. Errors: those of the work. */
gboolean saxid_vigil_keep (SaxidVigil *vigil, const SaxidVigilWork *work, gpointer data, GError **error);

/* Whether nobody wants to know more. */
gboolean saxid_vigil_is_over (const SaxidVigil *vigil);

/* Whether no frame has come for so long that none is waited for. */
gboolean saxid_vigil_is_late (const SaxidVigil *vigil);

void saxid_vigil_remark (SaxidVigil *vigil, const char *text);

G_END_DECLS
