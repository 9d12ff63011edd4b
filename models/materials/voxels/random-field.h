/* A Gaussian random field in a periodic cube, drawn mode by mode.
 *
 * Each mode of the half space is a complex Gaussian number times an amplitude that depends on
 * |k| alone; no noise is transformed forward. Modes with no amplitude cost no random number.
 *
 * Thread: the numbers depend on seed, sample and mode alone.
 */
#pragma once

#include "models/materials/voxels/cube.h"
#include "models/materials/material.h"

G_BEGIN_DECLS

/* The amplitude sqrt (Gamma) of spectrum.h at n² = n_x² + n_y² + n_z², k = 2 pi n / (edge in Å), up to where it has
 * fallen below 1e-7 of its size. Orders between whole ones are none. Shape: the array has *n_shell
 * elements. Free with g_free. */
float *saxid_random_field_amplitude (int order, double length, double edge, guint n, gsize *n_shell);

/* Fills the cube with the field in real space. Shape: amplitude n_shell; modes beyond are 0. */
void saxid_random_field_draw (const SaxidCubePlan *plan, SaxidCube *cube, const float *amplitude, gsize n_shell,
                              guint64 seed, guint64 sample);

G_END_DECLS
