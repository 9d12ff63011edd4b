/* Which instruments are there?
 *
 * The two of the paper: Monge et al. 2024, DOI 10.1107/S2053273324000950. The
 * others are typical of their kind and of no place: round figures for flux,
 * distance, pixel and exposure.
 *
 * Units: see instrument.h. Thread: const table.
 */
#include "models/simulate/instrument.h"

static const SaxidInstrument instruments[] = {
  {
    .name = "Xeuss1800HR",
    .title = "Xenocs Xeuss at 1.8 m, Eiger 1M, copper",
    .reference = "10.1107/S2053273324000950",
    .q_min = 0.0031, .q_max = 0.1493, .n_q = 890, .ring_width = 1.7e-4, .fwhm = 0.0016,
    .flux = 3.43e6, .time = 1200, .distance = 1.8, .wavelength = 1.54, .thickness = 0.1,
    .buffer = 0.0165,
  },
  {
    .name = "NanoInXiderHR",
    .title = "Xenocs Nano-inXider at 0.938 m, copper",
    .reference = "10.1107/S2053273324000950",
    .q_min = 0.0019, .q_max = 0.4452, .n_q = 592, .ring_width = 7.5e-4, .fwhm = 0.0024,
    .flux = 7.22e6, .time = 1200, .distance = 0.938, .wavelength = 1.54, .thickness = 0.1,
    .buffer = 0.0165,
  },
  {
    .name = "BioSAXS",
    .title = "synchrotron, solutions, 2.8 m, 172 µm pixels, 1 s",
    .reference = "typical",
    .q_min = 0.006, .q_max = 0.5, .n_q = 1000, .fwhm = 9e-4, .spread = 2e-4,
    .flux = 1e12, .time = 1, .distance = 2.8, .wavelength = 0.99, .thickness = 0.1, .buffer = 0.0165,
  },
  {
    .name = "SAXS10m",
    .title = "synchrotron, 10 m, 75 µm pixels, 1 s",
    .reference = "typical",
    .q_min = 0.0012, .q_max = 0.08, .n_q = 700, .fwhm = 1.5e-4, .spread = 2e-4,
    .flux = 5e12, .time = 1, .distance = 10, .wavelength = 1.0, .thickness = 0.1, .buffer = 0.0165,
  },
  {
    .name = "USAXS",
    .title = "synchrotron, crystal analyser, slit-smeared",
    .reference = "typical",
    .q_min = 3e-4, .q_max = 0.1, .n_q = 250, .spacing = SAXID_SPACING_LOGARITHMIC, .fwhm = 1.4e-4,
    .slit = 0.03, .flux = 1e13, .time = 60, .distance = 1, .wavelength = 0.6, .thickness = 0.1,
    .buffer = 0.02,
  },
  {
    .name = "SANS2m",
    .title = "neutrons, 2 m, 6 Å, 10 % wavelength spread, 10 min",
    .reference = "typical",
    .q_min = 0.02, .q_max = 0.3, .n_q = 110, .fwhm = 0.006, .spread = 0.10,
    .flux = 3e6, .time = 600, .distance = 2, .wavelength = 6, .thickness = 0.1, .buffer = 0.06,
  },
  {
    .name = "SANS8m",
    .title = "neutrons, 8 m, 6 Å, 10 % wavelength spread, 30 min",
    .reference = "typical",
    .q_min = 0.0055, .q_max = 0.08, .n_q = 120, .fwhm = 0.0016, .spread = 0.10,
    .flux = 5e5, .time = 1800, .distance = 8, .wavelength = 6, .thickness = 0.1, .buffer = 0.06,
  },
  {
    .name = "TOFSANS",
    .title = "neutrons, time of flight, merged on a logarithmic grid, 30 min",
    .reference = "typical",
    .q_min = 0.005, .q_max = 0.5, .n_q = 90, .spacing = SAXID_SPACING_LOGARITHMIC, .fwhm = 0.0015, .spread = 0.08,
    .flux = 2e6, .time = 1800, .distance = 4, .wavelength = 5, .thickness = 0.1, .buffer = 0.06,
  },
  {
    .name = "LabPinhole",
    .title = "laboratory, microfocus copper, pinhole, 1 m, 30 min",
    .reference = "typical",
    .q_min = 0.008, .q_max = 0.35, .n_q = 500, .fwhm = 0.003,
    .flux = 2e7, .time = 1800, .distance = 1, .wavelength = 1.54, .thickness = 0.1, .buffer = 0.0165,
  },
  {
    .name = "LabKratky",
    .title = "laboratory, line-collimated camera, copper, slit-smeared, 30 min",
    .reference = "typical",
    .q_min = 0.006, .q_max = 0.5, .n_q = 800, .fwhm = 0.0025, .slit = 0.15,
    .flux = 5e7, .time = 1800, .distance = 0.3, .wavelength = 1.54, .thickness = 0.1, .buffer = 0.0165,
  },
};

const SaxidInstrument *
saxid_instrument_at (guint index)
{
  return index < G_N_ELEMENTS (instruments) ? &instruments[index] : NULL;
}

const SaxidInstrument *
saxid_instrument_find (const char *name)
{
  for (guint k = 0; k < G_N_ELEMENTS (instruments); k++)
    if (g_ascii_strcasecmp (instruments[k].name, name) == 0)
      return &instruments[k];
  return NULL;
}
