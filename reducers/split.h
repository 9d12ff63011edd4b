/* Into which bins does a pixel fall, and with which share of it?
 *
 *   none  whole, into the bin of its centre: points stay independent
 *   bbox  a box in the radial coordinate, and in χ where that counts: as wide as
 *         the farthest corner is from the centre, on both sides
 *   full  the quadrilateral of its corners in the plane of both, with straight
 *         sides: the area in each bin
 * Kieffer et al., J. Synchrotron Rad. 27 (2020) 558, doi:10.1107/S1600577520000776.
 *
 * What hangs over the ends of the range is left out; pyFAI gives it to the first
 * and the last bin (bbox) or weighs what is inside as a whole pixel (full), and
 * counts a pixel that touches a sector (bbox) as inside: SAXID_ENDS_PYFAI does so.
 * A pixel over the cut at ±π goes on on the other side. One that holds the beam
 * has all azimuths and every radius from 0 on: it is a box.
 *
 * Units: those of the radial coordinate; χ in rad.
 * Thread: pure; shares belong to one thread.
 */
#pragma once

#include "reducers/geometry.h"
#include "reducers/grid.h"

G_BEGIN_DECLS

typedef enum
{
  SAXID_SPLIT_NONE = 0,
  SAXID_SPLIT_BOX,
  SAXID_SPLIT_FULL
} SaxidSplitting;

typedef enum
{
  SAXID_ENDS_EXACT = 0,
  SAXID_ENDS_PYFAI
} SaxidEnds;

/* Bin k of azimuth a is a × grid.n + k. */
typedef struct
{
  SaxidGrid grid;
  double *edge; /* [grid.n + 1] */
  gsize n_azimuth;
  double chi_min, chi_width; /* rad; a width of 2π is all around */
  SaxidEnds ends;
} SaxidBins;

/* Where a pixel is. Corners go around it: (r, c), (r + 1, c), (r + 1, c + 1), (r, c + 1). */
typedef struct
{
  double radial, chi;
  double corner[4];     /* radial; not set for none */
  double corner_chi[4]; /* within π of chi; set where azimuths count */
} SaxidPixelPlace;

typedef struct
{
  guint32 bin;
  float share;
} SaxidShare;

typedef struct
{
  SaxidShare *share;
  gsize n, allocated;
  double *area, *part; /* scratch, [allocated_area]; [allocated_part] */
  gsize allocated_area, allocated_part;
} SaxidShares;

typedef struct
{
  const char *name;
  gboolean corners; /* whether the corners are looked at */
  gboolean chi;     /* whether χ of the corners is, even where all azimuths are one bin */
  /* The part of the radial coordinate that the pixel covers. */
  void (*reach) (const SaxidPixelPlace *place, double *low, double *high);
  /* Fills shares, which begin empty. */
  void (*share) (const SaxidBins *bins, const SaxidPixelPlace *place, SaxidShares *shares);
} SaxidSplitter;

const SaxidSplitter *saxid_splitter (SaxidSplitting splitting);

/* Whether χ counts at all. */
gboolean saxid_bins_have_azimuth (const SaxidBins *bins);

/* Makes room for n doubles; what is there is lost. */
double *saxid_shares_area (SaxidShares *shares, gsize n);
void saxid_shares_add (SaxidShares *shares, gsize bin, double share);
void saxid_shares_clear (SaxidShares *shares);

extern const SaxidSplitter saxid_split_none, saxid_split_box, saxid_split_full;

/* The parts of an interval of azimuth low … high (rad, not wider than 2π) in each
 * of bins->n_azimuth: part[a]. *first and *last are the outermost that have any. FALSE
 * where it touches none. */
gboolean saxid_split_azimuth (const SaxidBins *bins, double low, double high, double *part, gsize *first,
                              gsize *last);

/* The parts of an interval of the radial coordinate: part[k - *first]. */
gboolean saxid_split_radial (const SaxidBins *bins, double low, double high, SaxidShares *shares, gsize *first,
                             gsize *last);

G_END_DECLS
