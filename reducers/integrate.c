/* How do the pixels of frames become sums for each bin?
 *
 * Precision: sums are double; a bin of a million pixels is exact to 1e-10.
 * Thread: a binning is immutable; an integrator and sums belong to a thread.
 */
#include "reducers/integrate.h"

#include <math.h>
#include <string.h>

#include "reducers/error.h"

/* A grid that the detector itself gives ends one float step beyond its last
 * pixel, as pyFAI has it: that pixel is inside whatever the rounding. */
#define BEYOND_LAST (1 + 0x1p-23)

#define MOST_AZIMUTHS 3600
#define MOST_BINS (1u << 24) /* of a cake */

/* Less of a pixel than that is what rounding leaves of one that was taken off. */
#define LEAST_SHARE 1e-9

struct SaxidBinning
{
  SaxidBins bins;
  SaxidShareTable *table;
  SaxidBinningPixels pixels;
  float *ones;         /* a normalisation, where none was given */
  SaxidErrors errors;
  gboolean limited, below_zero;
  double least, low, high;
  SaxidSums *constant; /* signal and variance: what the dark adds */
};

struct SaxidIntegrator
{
  const SaxidBinning *binning;
  SaxidTileScratch *scratch;
  SaxidBank *eight, *one; /* made when they are needed */
  SaxidBank *bank;        /* the one in use */
};

/* ---- the binning ---------------------------------------------------------------- */

/* As many bins as pixels lie between the pixel of least radius and that of
 * greatest: finer bins would be empty, coarser ones would throw resolution away. */
static gsize
natural_bins (const SaxidGeometryMap *map, gsize least, gsize greatest)
{
  double rows = fabs ((double) (least / map->width) - (double) (greatest / map->width));
  double columns = fabs ((double) (least % map->width) - (double) (greatest % map->width));

  return CLAMP ((gsize) ceil (hypot (rows, columns)), 1, SAXID_GRID_MAX_BINS);
}

static gboolean
choose_azimuths (SaxidBins *bins, const SaxidBinningRequest *request, GError **error)
{
  const double width = request->chi_max - request->chi_min;

  bins->n_azimuth = MAX (request->n_azimuth, 1);
  bins->chi_min = request->chi_min;
  bins->chi_width = MIN (width, 2 * G_PI);
  if (request->chi_min == 0 && request->chi_max == 0)
    {
      bins->chi_min = -G_PI;
      bins->chi_width = 2 * G_PI;
    }
  else if (!(width > 0))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "sector goes from %g to %g deg, it must ascend",
                   request->chi_min * 180 / G_PI, request->chi_max * 180 / G_PI);
      return FALSE;
    }
  else if (width > 2 * G_PI * (1 + 1e-12))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "sector goes from %g to %g deg, 360 deg is all around",
                   request->chi_min * 180 / G_PI, request->chi_max * 180 / G_PI);
      return FALSE;
    }
  if (bins->n_azimuth > MOST_AZIMUTHS)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "cake has %" G_GSIZE_FORMAT " azimuths, 1 to %d are possible",
                   bins->n_azimuth, MOST_AZIMUTHS);
      return FALSE;
    }
  return TRUE;
}

static gboolean
choose_grid (SaxidBins *bins, const SaxidGeometryMap *map, const SaxidBinningRequest *request, GError **error)
{
  double low, high;
  gsize least, greatest;

  if (request->radial == SAXID_RADIAL_Q && !(map->geometry.wavelength > 0))
    {
      g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_DATA,
                           "geometry has no wavelength, q needs one; 2th_deg and r_mm do not");
      return FALSE;
    }
  saxid_split_reach (map, request->radial, request->splitting, &low, &high, &least, &greatest);
  if (request->spacing == SAXID_SPACING_LOG && !(low > 0)) /* the pixel of the beam reaches 0: its centre does not */
    saxid_geometry_line (&map->geometry, request->radial, (double) (least / map->width) + 0.5,
                         (double) (least % map->width) + 0.5, 1, &low, NULL);
  bins->ends = request->ends;
  bins->grid = (SaxidGrid) {
    .n = request->n_bin > 0 ? request->n_bin : natural_bins (map, least, greatest),
    .low = request->radial_min > 0 ? request->radial_min : low,
    .high = request->radial_max > 0 ? request->radial_max : high * BEYOND_LAST,
    .spacing = request->spacing,
  };
  if (!saxid_grid_check (&bins->grid, request->radial, error))
    return FALSE;
  if (bins->grid.n * bins->n_azimuth > MOST_BINS)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "cake has %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT " bins, %u are possible", bins->n_azimuth, bins->grid.n,
                   MOST_BINS);
      return FALSE;
    }
  bins->edge = g_new (double, bins->grid.n + 1);
  for (gsize k = 0; k <= bins->grid.n; k++)
    bins->edge[k] = saxid_grid_edge (&bins->grid, k);
  return TRUE;
}

/* What every frame has in common, summed once. */
static void
sum_constants (SaxidBinning *binning)
{
  SaxidSums *sums = binning->constant = saxid_sums_new (binning->table->n_bin);

  saxid_share_table_sum (binning->table, binning->pixels.normalisation, 1, NULL, sums->normalisation);
  saxid_share_table_sum (binning->table, binning->pixels.normalisation, 2, NULL, sums->normalisation2);
  saxid_share_table_sum (binning->table, NULL, 1, NULL, sums->count);
  if (binning->pixels.dark != NULL)
    {
      saxid_share_table_sum (binning->table, NULL, 1, binning->pixels.dark, sums->signal);
      saxid_share_table_sum (binning->table, NULL, 2, binning->pixels.dark_variance, sums->variance);
    }
}

static gboolean
is_counting (SaxidErrors errors)
{
  return errors == SAXID_ERRORS_POISSON || errors == SAXID_ERRORS_HYBRID;
}

SaxidBinning *
saxid_binning_new (const SaxidGeometryMap *map, const SaxidBinningPixels *pixels, const SaxidBinningRequest *request, GError **error)
{
  g_autoptr (SaxidBinning) binning = g_new0 (SaxidBinning, 1);
  g_autoptr (GError) cause = NULL;

  binning->pixels = pixels != NULL ? *pixels : (SaxidBinningPixels) { 0 };
  binning->errors = request->errors;
  binning->least = is_counting (request->errors) ? request->least : -INFINITY;
  binning->limited = request->limited;
  binning->below_zero = request->below_zero;
  binning->low = request->low;
  binning->high = request->high;
  if (!choose_azimuths (&binning->bins, request, error) || !choose_grid (&binning->bins, map, request, error))
    return NULL;
  binning->table = saxid_share_table_new (map, request->radial, &binning->bins, request->splitting, binning->pixels.bad,
                                          request->jobs, &cause);
  if (binning->table == NULL)
    {
      const SaxidRadialWords *words = saxid_radial_words (request->radial);

      g_set_error (error, SAXID_ERROR, cause->code,
                   "no pixel lies between %s = %g and %g %s, in its sector and outside of the mask", words->name,
                   binning->bins.grid.low * words->factor, binning->bins.grid.high * words->factor, words->unit);
      return NULL;
    }
  if (binning->pixels.normalisation == NULL)
    {
      binning->ones = g_new (float, map->n);
      for (gsize k = 0; k < map->n; k++)
        binning->ones[k] = 1;
      binning->pixels.normalisation = binning->ones;
    }
  sum_constants (binning);
  return g_steal_pointer (&binning);
}

void
saxid_binning_free (SaxidBinning *binning)
{
  if (binning == NULL)
    return;
  g_free (binning->bins.edge);
  g_free (binning->ones);
  saxid_share_table_free (binning->table);
  saxid_sums_free (binning->constant);
  g_free (binning);
}

const SaxidGrid *
saxid_binning_grid (const SaxidBinning *binning)
{
  return &binning->bins.grid;
}

const SaxidBins *
saxid_binning_bins (const SaxidBinning *binning)
{
  return &binning->bins;
}

gsize
saxid_binning_size (const SaxidBinning *binning)
{
  return binning->table->n_bin;
}

gsize
saxid_binning_pixels (const SaxidBinning *binning)
{
  return binning->table->height * binning->table->width;
}

gsize
saxid_binning_strip_pixels (const SaxidBinning *binning)
{
  return SAXID_TILE_ROWS * binning->table->width;
}

gsize
saxid_binning_strips (const SaxidBinning *binning)
{
  return binning->table->down;
}

gboolean
saxid_binning_needs_whole_frames (const SaxidBinning *binning)
{
  return binning->errors == SAXID_ERRORS_AZIMUTHAL;
}

/* ---- frames ------------------------------------------------------------------- */

SaxidIntegrator *
saxid_integrator_new (const SaxidBinning *binning)
{
  SaxidIntegrator *integrator = g_new0 (SaxidIntegrator, 1);

  integrator->binning = binning;
  integrator->scratch = saxid_tile_scratch_new (binning->table);
  return integrator;
}

void
saxid_integrator_free (SaxidIntegrator *integrator)
{
  if (integrator == NULL)
    return;
  saxid_tile_scratch_free (integrator->scratch);
  saxid_bank_free (integrator->eight);
  saxid_bank_free (integrator->one);
  g_free (integrator);
}

void
saxid_integrate_begin (SaxidIntegrator *integrator, guint n)
{
  SaxidBank **bank = n > 1 ? &integrator->eight : &integrator->one;

  g_return_if_fail (n >= 1 && n <= SAXID_LANES);
  if (*bank == NULL)
    *bank = saxid_bank_new (integrator->binning->table->n_bin, n > 1 ? SAXID_LANES : 1);
  else
    saxid_bank_clear (*bank);
  integrator->bank = *bank;
}

/* Counts of the strip; lanes beyond the last frame see that again, and nobody looks. */
static SaxidStrip
strip_of (const SaxidBinning *binning, const SaxidFrames *frames, gsize strip, guint lanes)
{
  const gsize first = strip * SAXID_TILE_ROWS * binning->table->width;
  const gssize size = (gssize) saxid_pixel_size (frames->type);
  SaxidStrip result = { .type = frames->type, .least = binning->least };

  saxid_pixel_range (frames->type, binning->below_zero, &result.low, &result.high);
  if (binning->limited)
    {
      result.low = MAX (result.low, binning->low);
      result.high = MIN (result.high, binning->high);
    }
  for (guint lane = 0; lane < lanes; lane++)
    {
      const guint from = MIN (lane, frames->n - 1);

      result.counts[lane] = (const guint8 *) frames->counts[from] + ((gssize) first - (gssize) frames->origin[from]) * size;
      result.bad[lane] = frames->bad[from] != NULL ? frames->bad[from] + first : NULL;
      if (binning->errors == SAXID_ERRORS_VARIANCE)
        result.variance[lane] = frames->variance[from] + first;
    }
  return result;
}

static SaxidPlanes
planes_of (const SaxidBinning *binning)
{
  return (SaxidPlanes) { binning->pixels.normalisation, binning->pixels.dark, binning->pixels.dark_variance };
}

void
saxid_integrate_strip (SaxidIntegrator *integrator, gsize strip, const SaxidFrames *frames)
{
  const SaxidBinning *binning = integrator->binning;
  const SaxidStrip rows = strip_of (binning, frames, strip, integrator->bank->lanes);
  const SaxidPlanes planes = planes_of (binning);

  saxid_tile_sum (binning->table, strip, &rows, &planes, integrator->scratch, integrator->bank);
}

/* What one lane of the bank has, with what is constant. */
static void
give_sums (const SaxidBinning *binning, const SaxidBank *bank, guint lane, gboolean variance_is_signal, SaxidSums *sums)
{
  const SaxidSums *constant = binning->constant;
  const gsize n = bank->n_bin, lanes = bank->lanes;
  const double *lost = bank->lost + lane * n * SAXID_N_LOST;

  for (gsize k = 0; k < n; k++)
    {
      const double signal = bank->sum[2 * k * lanes + lane], variance = bank->sum[(2 * k + 1) * lanes + lane];

      sums->signal[k] = signal - constant->signal[k];
      sums->variance[k] = (variance_is_signal ? signal : variance) + constant->variance[k];
      sums->normalisation[k] = constant->normalisation[k];
      sums->normalisation2[k] = constant->normalisation2[k];
      sums->count[k] = constant->count[k];
    }
  for (gsize k = 0; bank->lacks[lane] && k < n; k++, lost += SAXID_N_LOST)
    {
      sums->signal[k] += lost[SAXID_LOST_DARK];
      sums->variance[k] -= lost[SAXID_LOST_DARK_VARIANCE];
      sums->normalisation[k] -= lost[SAXID_LOST_NORMALISATION];
      sums->normalisation2[k] -= lost[SAXID_LOST_NORMALISATION2];
      sums->count[k] -= lost[SAXID_LOST_COUNT];
    }
  for (gsize k = 0; binning->errors == SAXID_ERRORS_NONE && k < n; k++)
    sums->variance[k] = 0;
}

void
saxid_integrate_end (SaxidIntegrator *integrator, const SaxidFrames *frames, SaxidSums *const *sums)
{
  const SaxidBinning *binning = integrator->binning;
  const SaxidStrip rows = strip_of (binning, frames, 0, 1);
  const gboolean variance_is_signal = binning->table->share == NULL && saxid_strip_is_poisson (&rows);

  for (guint k = 0; k < frames->n; k++)
    give_sums (binning, integrator->bank, k, variance_is_signal, sums[k]);
}

/* The scatter of the pixels about their bins: a second way through one frame, whose
 * variances are then known, pixel by pixel and bin by bin. */
static void
scatter_of (const SaxidBinning *binning, const SaxidFrames *frames, guint lane, SaxidTileScratch *scratch, SaxidSums *sums)
{
  const SaxidPlanes planes = planes_of (binning);
  g_autofree double *mean = g_new (double, sums->n);

  for (gsize k = 0; k < sums->n; k++)
    {
      mean[k] = sums->count[k] > LEAST_SHARE ? sums->signal[k] / sums->normalisation[k] : 0;
      sums->variance[k] = 0;
    }
  for (gsize down = 0; down < binning->table->down; down++)
    {
      SaxidFrames one = { .type = frames->type, .n = 1, .counts = { frames->counts[lane] }, .bad = { frames->bad[lane] } };
      const SaxidStrip rows = strip_of (binning, &one, down, 1);

      saxid_tile_scatter (binning->table, down, &rows, &planes, mean, scratch, sums->variance);
    }
}

void
saxid_integrate (SaxidIntegrator *integrator, const SaxidFrames *frames, SaxidSums *const *sums)
{
  const SaxidBinning *binning = integrator->binning;

  saxid_integrate_begin (integrator, frames->n);
  for (gsize down = 0; down < binning->table->down; down++)
    saxid_integrate_strip (integrator, down, frames);
  saxid_integrate_end (integrator, frames, sums);
  for (guint k = 0; binning->errors == SAXID_ERRORS_AZIMUTHAL && k < frames->n; k++)
    scatter_of (binning, frames, k, integrator->scratch, sums[k]);
}

/* ---- sums ---------------------------------------------------------------------- */

SaxidSums *
saxid_sums_new (gsize n)
{
  SaxidSums *sums = g_new0 (SaxidSums, 1);

  sums->n = n;
  sums->signal = g_new0 (double, n);
  sums->variance = g_new0 (double, n);
  sums->normalisation = g_new0 (double, n);
  sums->normalisation2 = g_new0 (double, n);
  sums->count = g_new0 (double, n);
  return sums;
}

void
saxid_sums_free (SaxidSums *sums)
{
  if (sums == NULL)
    return;
  g_free (sums->signal);
  g_free (sums->variance);
  g_free (sums->normalisation);
  g_free (sums->normalisation2);
  g_free (sums->count);
  g_free (sums);
}

void
saxid_sums_copy (SaxidSums *into, const SaxidSums *from)
{
  const gsize bytes = into->n * sizeof (double);

  g_return_if_fail (into->n == from->n);

  memcpy (into->signal, from->signal, bytes);
  memcpy (into->variance, from->variance, bytes);
  memcpy (into->normalisation, from->normalisation, bytes);
  memcpy (into->normalisation2, from->normalisation2, bytes);
  memcpy (into->count, from->count, bytes);
}

void
saxid_sums_add (SaxidSums *into, const SaxidSums *from)
{
  g_return_if_fail (into->n == from->n);

  for (gsize k = 0; k < into->n; k++)
    {
      into->signal[k] += from->signal[k];
      into->variance[k] += from->variance[k];
      into->normalisation[k] += from->normalisation[k];
      into->normalisation2[k] += from->normalisation2[k];
      into->count[k] += from->count[k];
    }
}

void
saxid_sums_weigh (SaxidSums *sums, double factor)
{
  for (gsize k = 0; k < sums->n; k++)
    {
      sums->normalisation[k] *= factor;
      sums->normalisation2[k] *= factor * factor;
    }
}

SaxidCurve *
saxid_sums_curve (const SaxidSums *sums, const SaxidGrid *grid, gsize azimuth)
{
  SaxidCurve *curve = saxid_curve_new (grid->n, TRUE, FALSE);

  for (gsize k = 0; k < grid->n; k++)
    {
      const gsize at = azimuth * grid->n + k;
      const gboolean empty = !(sums->count[at] > LEAST_SHARE && sums->normalisation[at] > 0);
      const double variance = sums->variance[at] > 0 ? sums->variance[at] : 1;

      curve->q[k] = saxid_grid_centre (grid, k);
      curve->intensity[k] = empty ? NAN : sums->signal[at] / sums->normalisation[at];
      curve->sigma[k] = empty ? NAN : sqrt (variance) / sums->normalisation[at];
    }
  return curve;
}
