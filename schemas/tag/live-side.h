/* The side file of a file that grows: links to the curves, and a place for live tags.
 *
 *   open ─ link each set of curves ─ (live tags are prepared) ─ begin ─ (frames) ─ close
 *
 * A new one has a hidden name until it can be read, so that nobody meets half of it. The
 * file of the curves is not opened.
 *
 * Thread: one thread at a time. HDF5 error settings are left as found.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct SaxidLiveSide SaxidLiveSide;

/* What lies where the side file of a source would. */
typedef enum
{
  SAXID_LIVE_SIDE_NONE,
  SAXID_LIVE_SIDE_OURS,      /* tags and links to that source, nothing else */
  SAXID_LIVE_SIDE_OTHERS,    /* somebody else has put something into it */
  SAXID_LIVE_SIDE_BUSY,      /* somebody has it open for writing, or we may not read it */
  SAXID_LIVE_SIDE_UNREADABLE /* it is damaged: HDF5 cannot open it */
} SaxidLiveSideState;

SaxidLiveSideState saxid_live_side_state (const char *source);

/* source: the file that grows. anew: in place of a side file that is there; otherwise that
 * is opened to be gone on with.
 * Errors: SAXID_ERROR_IO (also when somebody else writes the side file, or makes it). */
SaxidLiveSide *saxid_live_side_open (const char *source, gboolean anew, GError **error);

/* Its identifier (hid_t) and its name at the moment, for live_prepare. */
gint64 saxid_live_side_file (const SaxidLiveSide *side);
const char *saxid_live_side_path (const SaxidLiveSide *side);

/* Makes the group `parent`, and links to the curves; what is there stays. Paths are those of
 * the source; sigma_path may be NULL. Errors: SAXID_ERROR_IO. */
gboolean saxid_live_side_link (SaxidLiveSide *side, const char *parent, const char *i_path, const char *q_path,
                               const char *sigma_path, GError **error);

/* From here on it can be read, and nothing can be made in it. Errors: SAXID_ERROR_IO. */
gboolean saxid_live_side_begin (SaxidLiveSide *side, GError **error);

/* One that never began is taken away. */
void saxid_live_side_close (SaxidLiveSide *side);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidLiveSide, saxid_live_side_close)

G_END_DECLS
