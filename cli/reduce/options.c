/* What can be said on the command line of reduce?
 *
 * Thread: see options.h.
 */
#include "config.h"

#include "cli/reduce/options.h"

#include "cli/ranges.h"
#include "cli/verb.h"

#define VERB "reduce"

gboolean
saxid_reduce_options_parse (int argc, char **argv, SaxidReduceOptions *options, char ***paths, int *exit_code)
{
  const SaxidOptionRange ranges[] = { { "--jobs", SAXID_RANGE_INT, &options->jobs, 0, G_MAXINT } };
  const GOptionEntry entries[] = {
    { "geometry", 'g', 0, G_OPTION_ARG_FILENAME, &options->geometry, "Geometry, a .poni file", "FILE" },
    { "also", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->also,
      "Frames of another detector or position, merged into the curve of all", "GEOMETRY=FRAMES" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output, "Where the curves go", "FILE" },
    { "chain", 'c', 0, G_OPTION_ARG_FILENAME, &options->chain, "Steps and parameters, a key file",
      "FILE" },
    { "detector", 0, 0, G_OPTION_ARG_STRING, &options->detector, "Its name, for its pixels and gaps", "NAME" },
    { "mask", 'm', 0, G_OPTION_ARG_FILENAME, &options->mask, "Image of what is bad: not 0", "FILE" },
    { "dark", 'd', 0, G_OPTION_ARG_FILENAME, &options->dark, "Dark frame, or several: their mean",
      "FILE" },
    { "dark-scale", 0, 0, G_OPTION_ARG_DOUBLE, &options->dark_scale,
      "Exposure of a frame over the dark's", "F" },
    { "flat", 'f', 0, G_OPTION_ARG_FILENAME, &options->flat,
      "Flat field, or 'file' for the detector's own", "FILE" },
    { "background", 'b', 0, G_OPTION_ARG_FILENAME, &options->background, "Frames of the background, or its curve",
      "FILE" },
    { "background-factor", 0, 0, G_OPTION_ARG_DOUBLE, &options->background_factor,
      "Its share in the sample", "F" },
    { "background-monitor", 0, 0, G_OPTION_ARG_STRING, &options->background_monitor, "Its monitor",
      "V" },
    { "background-transmission", 0, 0, G_OPTION_ARG_DOUBLE, &options->background_transmission,
      "Its transmission", "T" },
    { "bins", 'n', 0, G_OPTION_ARG_INT, &options->bins,
      "Points of a curve; 0 = as many as pixels along it", "N" },
    { "unit", 'u', 0, G_OPTION_ARG_STRING, &options->unit,
      "A^-1 (default), nm^-1, 2th_deg, 2th_rad, r_mm or r_m", "UNIT" },
    { "q-min", 0, 0, G_OPTION_ARG_DOUBLE, &options->radial_min, "Where the curve starts, in UNIT", "Q" },
    { "q-max", 0, 0, G_OPTION_ARG_DOUBLE, &options->radial_max, "Where it ends, in UNIT", "Q" },
    { "spacing", 0, 0, G_OPTION_ARG_STRING, &options->spacing, "Of points: linear (default) or log", "KIND" },
    { "splitting", 's', 0, G_OPTION_ARG_STRING, &options->splitting,
      "Of pixels among points: none (default), bbox or full", "KIND" },
    { "pyfai-ends", 0, 0, G_OPTION_ARG_NONE, &options->pyfai,
      "What hangs over the ends of the range counts as in pyFAI", NULL },
    { "sector", 0, 0, G_OPTION_ARG_STRING, &options->sector, "Azimuths in degrees, over ±180 too", "FROM,TO" },
    { "sectors", 0, 0, G_OPTION_ARG_INT, &options->sectors, "So many curves, each of its part of the azimuths", "N" },
    { "cake", 0, 0, G_OPTION_ARG_INT, &options->cake, "Also the intensity over azimuth and q, of N azimuths", "N" },
    { "errors", 'e', 0, G_OPTION_ARG_STRING, &options->errors,
      "poisson (default), pyfai, azimuthal, hybrid, variance or none", "MODEL" },
    { "variance", 0, 0, G_OPTION_ARG_FILENAME, &options->variance, "Frames of the variance of each pixel", "FILE" },
    { "clip", 0, 0, G_OPTION_ARG_DOUBLE, &options->clip, "Drop pixels farther than S sigma from their median", "S" },
    { "clip-rule", 0, 0, G_OPTION_ARG_STRING, &options->clip_rule,
      "Of the clip: median (default), or mean, which is pyFAI's", "RULE" },
    { "absorption", 0, 0, G_OPTION_ARG_DOUBLE, &options->absorption, "Transmission of the sensor at normal incidence", "T" },
    { "jobs", 'j', 0, G_OPTION_ARG_INT, &options->jobs, "Threads; 0 (default) = one for each processor", "N" },
    { "polarisation", 'p', 0, G_OPTION_ARG_DOUBLE, &options->polarisation,
      "Factor, -1 to 1: synchrotrons 0.95", "F" },
    { "monitor", 0, 0, G_OPTION_ARG_STRING, &options->monitor,
      "Incoming beam, or 'file' for the file's own", "V" },
    { "transmission", 't', 0, G_OPTION_ARG_DOUBLE, &options->transmission, "Of the sample, up to 1",
      "T" },
    { "thickness", 0, 0, G_OPTION_ARG_DOUBLE, &options->thickness, "Of the sample in cm", "D" },
    { "calibration", 0, 0, G_OPTION_ARG_DOUBLE, &options->calibration, "Factor to 1/cm", "F" },
    { "standard", 0, 0, G_OPTION_ARG_FILENAME, &options->standard,
      "The factor, from a curve of glassy-carbon or water", "NAME=FILE" },
    { "path", 0, 0, G_OPTION_ARG_STRING, &options->path, "Of the images inside an HDF5 file", "PATH" },
    { "follow-links", 0, 0, G_OPTION_ARG_NONE, &options->follow_links,
      "Read images that lie in other files", NULL },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &options->resume,
      "Keep what is done beside the output, and go on from it after a stop", NULL },
    { "technique", 0, 0, G_OPTION_ARG_STRING, &options->technique,
      "Of the frames: auto (default), saxs, waxs, gisaxs, giwaxs, or off", "NAME" },
    { "steps", 0, 0, G_OPTION_ARG_NONE, &options->steps, "Print the table of steps, and do nothing else", NULL },
    { "model", 0, 0, G_OPTION_ARG_FILENAME, &options->model, "With --tag: the model to ask", "NAME|FILE" },
    { "classes", 0, 0, G_OPTION_ARG_STRING, &options->classes, "With --tag: all or nine", "SET" },
    { "seeds", 0, 0, G_OPTION_ARG_NONE, &options->seeds, "With --tag: fit, and write the fits too", NULL },
    { "tag", 0, 0, G_OPTION_ARG_NONE, &options->tag, "Then tag the curves, as saxid tag does", NULL },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &options->quiet, "Say nothing of what went well", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, paths, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };

  return saxid_verb_parse (VERB, "RAW…",
                           "Reduces detector frames (NeXus, TIFF, MarCCD, CBF, EDF, SMV) to curves with error bars.",
                           entries, &argc, &argv, exit_code)
         && saxid_ranges_check (VERB, G_N_ELEMENTS (ranges), ranges, exit_code);
}
