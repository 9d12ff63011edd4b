/* A cut through one structure of a material, out of the many that have its curve.
 *
 * The field is a sum of plane waves of random phase and direction (Berk 1987,
 * doi:10.1103/PhysRevLett.58.2718), their lengths drawn from the spectrum, so no Fourier transform of a
 * volume is needed.
 *
 * Units: lengths Å. Thread: pure.
 */
#pragma once

#include "models/materials/material.h"

G_BEGIN_DECLS

#define SAXID_SLICE_EDGE 128
/* Edge of a slice in lengths a. */
#define SAXID_SLICE_LENGTHS 40.0

typedef enum
{
  SAXID_SLICE_PORE = 0,
  SAXID_SLICE_LAYER = 1,
  SAXID_SLICE_SOLID = 2
} SaxidSlicePhase;

/* The material must be one. The same seed gives the same slice. Shape: phase SAXID_SLICE_EDGE². Returns the size of a pixel, Å. */
double saxid_slice_fill (const SaxidMaterial *material, guint64 seed, guint8 *phase);

G_END_DECLS
