/* What each technique paints onto a detector, before anything stands in the way.
 *
 * Units: intensities are relative. Shape: image [height × width] of the stage, row 0 on top.
 * Thread: pure.
 */
#pragma once

#include "models/technique/frames/stage.h"

G_BEGIN_DECLS

/* random replays the same experiment for each of its frames; image is zero before. Returns what
 * kind of sample was drawn. */
typedef const char *(*SaxidScene) (const SaxidStage *stage, SaxidRandom *random, float *image);

const char *saxid_scene_saxs (const SaxidStage *stage, SaxidRandom *random, float *image);
const char *saxid_scene_waxs (const SaxidStage *stage, SaxidRandom *random, float *image);
const char *saxid_scene_gisaxs (const SaxidStage *stage, SaxidRandom *random, float *image);
const char *saxid_scene_giwaxs (const SaxidStage *stage, SaxidRandom *random, float *image);

/* Adds a spot of two widths, drawn pixels; x, y as of saxid_stage_x and _y. */
void saxid_scene_spot (const SaxidStage *stage, double x, double y, double width_x, double width_y, double height,
                       float *image);

/* What air, windows and the sample itself scatter beside all lines: it falls from the beam on. */
typedef struct
{
  double height, reach, power; /* reach 1/Å; power 0: exponential */
} SaxidDiffuse;

/* Of wide angles; height 0 in a fifth of them, where the beam runs in vacuum. shows_lines: where it is stronger than
 * the lines of the sample it does not reach far. */
SaxidDiffuse saxid_scene_diffuse_draw (SaxidRandom *random, gboolean shows_lines);
double saxid_scene_diffuse (const SaxidDiffuse *diffuse, double q);

/* The beam itself, as a stop lets a little of it through. */
void saxid_scene_beam (const SaxidStage *stage, SaxidRandom *random, float *image);

/* A line of half width 1 about 0, mixed from a Gaussian and a Lorentzian by share. */
double saxid_scene_line (double away, double share);

/* A curve over q that is looked up for every pixel: n values from 0 to q_max. */
typedef struct
{
  double q_max;
  guint n;
  double *value;
} SaxidRadialTable;

void saxid_radial_init (SaxidRadialTable *table, double q_max);
void saxid_radial_clear (SaxidRadialTable *table);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SaxidRadialTable, saxid_radial_clear)
double saxid_radial_q (const SaxidRadialTable *table, guint at);
double saxid_radial_at (const SaxidRadialTable *table, double q);
/* Adds a line at q. */
void saxid_radial_line (SaxidRadialTable *table, double q, double width, double height, double share);
/* Scales it so that its largest value is 1. */
void saxid_radial_norm (SaxidRadialTable *table);

G_END_DECLS
