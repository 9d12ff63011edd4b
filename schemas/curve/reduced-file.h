/* What a reduction leaves behind: a NeXus file that plots in any viewer and
 * opens in SasView.
 *
 *   /entry            NXentry and SASentry (NXcanSAS)
 *     sasdata         NXdata and SASdata: Q, I, Idev of all frames merged
 *     sasinstrument, sasprocess
 *     azint1d         NXsubentry (NXazint1d)
 *       data          NXdata: I[frame, q], I_errors, norm, radial_axis and its edges;
 *                     of sectors I[frame × sector, q]
 *     azint2d         NXsubentry (NXazint2d), of a cake
 *       data          NXdata: I[frame, azimuth, q], I_errors, norm, both axes and their edges
 *       instrument, reduction (NXprocess: program, version, date, chain, geometry)
 *
 * The groups of curves have the attribute technique ("SAXS", …) where that of the frames is
 * known, and reduction/input says from what.
 *
 * What each frame that was asked is, and why, stands in /entry/saxid/technique
 * (technique-group.h).
 *
 * sasdata is over q whatever the axis of azint1d is, and missing where that is a radius
 * on a detector that is turned.
 *
 * Units: the radial coordinate in memory as of SaxidRadial; in the file as asked.
 * Thread: pure, but for the file.
 */
#pragma once

#include <glib.h>

#include "reducers/curve.h"
#include "reducers/geometry.h"
#include "schemas/curve/asked.h"

G_BEGIN_DECLS

/* What the radial axis of a file counts in. */
typedef enum
{
  SAXID_Q_PER_ANGSTROM = 0,
  SAXID_Q_PER_NANOMETRE = 1,
  SAXID_TWO_THETA_DEGREE,
  SAXID_TWO_THETA_RADIAN,
  SAXID_RADIUS_MILLIMETRE,
  SAXID_RADIUS_METRE
} SaxidQUnit;

/* Borrowed pointers; NULL where there is none. */
typedef struct
{
  gsize n_frame, n_sector;   /* n_sector: curves of each frame; 0 = 1 */
  SaxidCurve *const *frame;  /* [n_frame × n_sector] curves of one q grid; NaN where nothing was measured */
  const double *norm;        /* [n_frame × n_sector × n_radial] Σ of the normalisation; or NULL */
  gsize n_radial;
  const double *radial_edge; /* [n_radial + 1] of the bins, where the curves have them; or NULL */
  gsize n_azimuth;           /* of the cake; 0 = there is none */
  const double *azimuth_edge; /* [n_azimuth + 1], or of the sectors; degrees */
  const double *cake_radial, *cake_radial_edge; /* [n_radial], [n_radial + 1]: what curves are made of, before any rebinning */
  const double *cake, *cake_sigma, *cake_norm; /* [n_frame × n_azimuth × n_radial]; cake_sigma: or NULL */
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
  const char *mask_source, *dark_source, *flat_source, *background_source, *variance_source;
  const char *mask_checksum; /* SHA-256 of a byte for each pixel, 1 = takes no part */
  gsize n_masked;
  const guint32 *found_mask; /* [height × width] in how many frames the clip dropped a pixel */
  gsize height, width;
  const char *chain; /* key file text, all parameters spelled out */
  gboolean solid_angle, polarisation, monitor_applied;
  const char *technique;        /* of the frames, "SAXS"; NULL: not known */
  const char *technique_source; /* who says so */
  const SaxidAsked *asked;      /* frames of which the technique was asked */

  const char *program_version;
  const char *date; /* ISO 8601 */
} SaxidReduced;

/* Where the curves of frames and sectors, and that of all frames, are in the file. */
#define SAXID_REDUCED_FRAMES_PATH "/entry/azint1d/data/I"
#define SAXID_REDUCED_MERGED_PATH "/entry/sasdata/I"

/* The merged curve as sasdata has it: over q in 1/Å, without the points that nothing was
 * measured at; NULL where the geometry tells no q of a radius. */
SaxidCurve *saxid_reduced_points (const SaxidCurve *merged, const SaxidGeometry *geometry, SaxidRadial radial);

/* Writes path: first beside it under another name, synced, then renamed over
 * it, so that a kill leaves the old file or the new one.
 * Errors: SAXID_ERROR_IO; SAXID_ERROR_DATA when the merged curve has no point. */
gboolean saxid_reduced_file_write (const char *path, const SaxidReduced *reduced, GError **error);

/* "1/angstrom" and the like, how many of the unit one of SaxidRadial's is, and "q", "2θ", "r". */
const char *saxid_q_unit_name (SaxidQUnit unit);
double saxid_q_unit_factor (SaxidQUnit unit);
const char *saxid_q_unit_symbol (SaxidQUnit unit);

G_END_DECLS
