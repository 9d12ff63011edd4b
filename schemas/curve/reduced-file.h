/* What a reduction leaves behind: a NeXus file that plots in any viewer and
 * opens in SasView.
 *
 *   /entry            NXentry and SASentry (NXcanSAS)
 *     sasdata         NXdata and SASdata: Q, I, Idev of all frames merged
 *     sasinstrument, sasprocess
 *     azint1d         NXsubentry (NXazint1d)
 *       data          NXdata: I[frame, q], I_errors, radial_axis
 *       instrument, reduction (NXprocess: program, version, date, chain, geometry)
 *
 * Units: q in 1/Å in memory; in the file as asked.
 * Thread: pure, but for the file.
 */
#pragma once

#include <glib.h>

#include "reducers/curve.h"
#include "reducers/geometry.h"

G_BEGIN_DECLS

typedef enum
{
  SAXID_Q_PER_ANGSTROM = 0,
  SAXID_Q_PER_NANOMETRE = 1
} SaxidQUnit;

/* Borrowed pointers; NULL where there is none. */
typedef struct
{
  gsize n_frame;
  SaxidCurve *const *frame;  /* [n_frame] curves of one q grid; NaN where nothing was measured */
  const SaxidCurve *merged;  /* all frames in one, on the same grid */
  const char *const *source; /* [n_frame] file of each frame */
  const gsize *source_frame; /* [n_frame] its place in that file, from 0 */
  const double *monitor;     /* [n_frame] counts, NaN = not known; or NULL */

  const char *title;
  const char *start_time;
  SaxidQUnit q_unit;
  gboolean absolute; /* intensity in 1/cm */

  const SaxidGeometry *geometry;
  const char *geometry_source;
  const char *mask_source, *dark_source, *flat_source, *background_source;
  const char *chain; /* key file text, all parameters spelled out */
  gboolean solid_angle, polarisation, monitor_applied;

  const char *program_version;
  const char *date; /* ISO 8601 */
} SaxidReduced;

/* Writes path: first beside it under another name, synced, then renamed over
 * it, so that a kill leaves the old file or the new one.
 * Errors: SAXID_ERROR_IO; SAXID_ERROR_DATA when the merged curve has no point. */
gboolean saxid_reduced_file_write (const char *path, const SaxidReduced *reduced, GError **error);

/* "1/angstrom" or "1/nm", and how many of the unit one 1/Å is. */
const char *saxid_q_unit_name (SaxidQUnit unit);
double saxid_q_unit_factor (SaxidQUnit unit);

G_END_DECLS
