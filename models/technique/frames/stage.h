/* Where does a simulated frame stand: detector, distance, wavelength, beam?
 *
 * A scene is drawn as seen with the beam's way of scattering upwards, coarser than the
 * detector; then it is turned as the detector hangs, and its gaps are cut out. X is to the
 * right and Y upwards from the direct beam, on the detector.
 *
 * Units: lengths in mm, wavelength in Å, q and k in 1/Å, angles in rad.
 * Thread: plain data once made.
 */
#pragma once

#include "models/technique/frames/chance.h"
#include "reducers/technique.h"

G_BEGIN_DECLS

typedef struct
{
  SaxidTechnique technique;
  guint width, height; /* of the scene, drawn pixels */
  double pitch;        /* of a drawn pixel */
  double scale;        /* detector pixels along a drawn one */
  double wavelength, k, distance;
  double beam_x, beam_y; /* drawn pixels from the left and from the bottom edge */
  double tilt_x, tilt_y; /* by which the detector leans along X and Y */
  double cos_x, sin_x, cos_y, sin_y; /* of the tilts */
  guint turn;          /* quarters by which the detector hangs turned */
  gboolean mirror;
  gboolean aside;      /* one module of several: the beam is far outside */
  gboolean camera;     /* a CCD: pedestal, read noise, no gaps */
  gboolean round;      /* an image plate */
  gboolean neutrons;   /* long waves on pixels of some mm */
  gboolean mapped;     /* no detector: a picture over (q_r, q_z) that a program has made */
  guint n_column, n_row; /* of the detector as it is read out, drawn pixels */
  guint module_x, module_y, gap_x, gap_y; /* detector pixels; module 0: one sheet */
} SaxidStage;

/* Fills what follows from the tilts. */
void saxid_stage_lean (SaxidStage *stage, double tilt_x, double tilt_y);

/* Draws one for a technique. Some of small angles in transmission are of neutrons. */
void saxid_stage_draw (SaxidStage *stage, SaxidTechnique technique, SaxidRandom *random);

/* X and Y of the centre of a drawn pixel. */
double saxid_stage_x (const SaxidStage *stage, guint column);
double saxid_stage_y (const SaxidStage *stage, guint row);

/* |q| of a place on the detector, which may lean; *chi: azimuth, 0 along X; may be NULL. */
double saxid_stage_q (const SaxidStage *stage, double x, double y, double *chi);

/* Radius at which |q| lies on a detector that does not lean: L tan (2 asin (q λ / 4π)); 0
 * where there is none in front of it. */
double saxid_stage_radius (const SaxidStage *stage, double q);

/* The largest q that a pixel has. */
double saxid_stage_q_max (const SaxidStage *stage);

/* Share of a drawn pixel, as it is read out, that lies on a module. */
double saxid_stage_share (const SaxidStage *stage, guint column, guint row);

G_END_DECLS
