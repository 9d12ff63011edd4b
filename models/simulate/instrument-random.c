/* What instruments might measure a curve one day?
 *
 * The domain: a table of ranges for each radiation, in the units of the table.
 * The detector gives what is possible (a pixel is k · pixel / distance wide,
 * k = 2π/λ), and the window of q, of half a decade to two and a half, is cut
 * from that. Points are spaced linearly or logarithmically. Some X-ray instruments have
 * a slit (crystal analysers, line collimation): half its height is some part of the last
 * q, points are few, and q is not known better than to half a per cent.
 *
 * Units: see instrument.h. Thread: pure.
 */
#include <math.h>

#include "models/simulate/instrument.h"

/* No window begins or ends beyond these, 1/Å. */
#define LEAST_Q 3e-4
#define MOST_Q 0.55
#define LEAST_DECADES 0.5
#define MOST_DECADES 2.5
#define LEAST_POINTS 60
#define NEUTRON_PART 0.3
#define LOGARITHMIC_PART 0.5
#define SLIT_PART 0.06
#define LEAST_SLIT_PART 0.1
#define MOST_SLIT_PART 1.0
#define MOST_SLIT 0.3 /* 1/Å */
#define MOST_SLIT_POINTS 300
#define LEAST_SLIT_SPREAD 5e-3

typedef struct
{
  double lower, upper; /* log-uniform between them */
} Range;

static const struct
{
  const char *title;
  Range distance;   /* m */
  Range wavelength; /* Å */
  Range pixel;      /* m */
  Range half;       /* detector from the beam to its edge, pixels */
  Range beam;       /* width of the beam on the detector, pixels */
  Range spread;     /* Δq/q */
  Range photons;    /* flux · time */
  Range buffer;     /* 1/cm */
} radiations[] = {
  { "X-rays", { 0.3, 10 }, { 0.5, 2 }, { 50e-6, 200e-6 }, { 400, 2000 }, { 1, 12 }, { 1e-4, 1e-2 }, { 3e6, 3e14 },
    { 0.01, 0.03 } },
  { "neutrons", { 1, 10 }, { 4, 12 }, { 3e-3, 8e-3 }, { 32, 128 }, { 1, 4 }, { 0.05, 0.15 }, { 3e6, 3e12 },
    { 0.03, 1 } },
};

static double
draw (SaxidRandom *random, Range range)
{
  return saxid_random_log_uniform (random, range.lower, range.upper);
}

/* Half the height of a slit, as part of the last q. */
static void
draw_slit (SaxidRandom *random, SaxidInstrument *instrument)
{
  if (saxid_random_unit (random) >= SLIT_PART)
    return;
  instrument->slit = fmin (instrument->q_max * saxid_random_log_uniform (random, LEAST_SLIT_PART, MOST_SLIT_PART),
                           MOST_SLIT);
  instrument->n_q = MIN (instrument->n_q, MOST_SLIT_POINTS);
  instrument->spread = fmax (instrument->spread, LEAST_SLIT_SPREAD);
}

void
saxid_instrument_draw (guint64 seed, guint64 index, SaxidInstrument *instrument)
{
  SaxidRandom random;
  guint kind;
  double wavelength, distance, pixel, reach, decades, beam;

  saxid_random_init (&random, seed, index, SAXID_STREAM_INSTRUMENT);
  kind = saxid_random_unit (&random) < NEUTRON_PART ? 1 : 0;
  wavelength = draw (&random, radiations[kind].wavelength);
  distance = draw (&random, radiations[kind].distance);
  pixel = 2 * G_PI / wavelength * draw (&random, radiations[kind].pixel) / distance; /* 1/Å */
  reach = pixel * draw (&random, radiations[kind].half);
  decades = saxid_random_uniform (&random, LEAST_DECADES, MOST_DECADES);
  beam = pixel * draw (&random, radiations[kind].beam);

  *instrument = (SaxidInstrument) { .name = SAXID_INSTRUMENT_RANDOM, .title = radiations[kind].title,
                                    .reference = "", .distance = distance, .wavelength = wavelength };
  instrument->q_max = CLAMP (reach, LEAST_Q * pow (10, LEAST_DECADES), MOST_Q);
  instrument->q_min = instrument->q_max * pow (10, -decades);
  /* nothing is measured below one and a half pixels or inside the beam */
  instrument->q_min = fmax (instrument->q_min, fmax (LEAST_Q, 1.5 * pixel));
  instrument->q_min = fmin (instrument->q_min, instrument->q_max * pow (10, -LEAST_DECADES));
  instrument->fwhm = fmin (beam, fmin (instrument->q_min, 0.1 * instrument->q_max));
  instrument->spread = draw (&random, radiations[kind].spread);
  instrument->n_q = (guint) saxid_random_log_uniform (&random, LEAST_POINTS, SAXID_INSTRUMENT_MOST_POINTS + 1);
  instrument->spacing
    = saxid_random_unit (&random) < LOGARITHMIC_PART ? SAXID_SPACING_LOGARITHMIC : SAXID_SPACING_LINEAR;
  instrument->time = 1;
  instrument->flux = draw (&random, radiations[kind].photons);
  instrument->thickness = saxid_random_uniform (&random, 0.05, 0.2);
  instrument->buffer = draw (&random, radiations[kind].buffer);
  if (kind == 0)
    draw_slit (&random, instrument);
}

char **
saxid_instrument_domain (void)
{
  const gsize n = G_N_ELEMENTS (radiations);
  char **lines = g_new0 (char *, n + 2);

  for (gsize k = 0; k < n; k++)
    {
      const double part = k == 1 ? NEUTRON_PART : 1 - NEUTRON_PART;

      lines[k] = g_strdup_printf (
        "%s, %.0f %%: distance %g to %g m, wavelength %g to %g Å, pixels of %g to %g mm, Δq/q %g to %g, flux · time %g "
        "to %g, solvent %g to %g 1/cm",
        radiations[k].title, 100 * part, radiations[k].distance.lower, radiations[k].distance.upper,
        radiations[k].wavelength.lower, radiations[k].wavelength.upper, 1e3 * radiations[k].pixel.lower,
        1e3 * radiations[k].pixel.upper, radiations[k].spread.lower, radiations[k].spread.upper,
        radiations[k].photons.lower, radiations[k].photons.upper, radiations[k].buffer.lower,
        radiations[k].buffer.upper);
    }
  lines[n] = g_strdup_printf ("windows of %g to %g decades between %g and %g 1/Å, %d to %d points, linear or logarithmic; "
                              "%.0f %% of the X-ray instruments have a slit, half as high as %g to %g of the last q, and "
                              "%d points at most",
                              LEAST_DECADES, MOST_DECADES, LEAST_Q, MOST_Q, LEAST_POINTS, SAXID_INSTRUMENT_MOST_POINTS,
                              100 * SLIT_PART, LEAST_SLIT_PART, MOST_SLIT_PART, MOST_SLIT_POINTS);
  return lines;
}
