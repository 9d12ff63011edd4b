/* A detector frame on its way to a curve: four planes.
 *
 * Intensity is signal / normalisation and its variance is variance /
 * normalisation², so every correction but the dark multiplies the
 * normalisation, never the signal. Sums over pixels, frames and detectors are
 * then sums of planes, and their error bars stay those of counting.
 *
 * Units: signal in counts, variance in counts², normalisation in what one
 *   unit of intensity is worth in counts; count is 1 for a pixel that takes
 *   part and 0 for one that does not.
 * Shape: every plane is [height × width], columns fastest. A pixel with count 0
 *   is 0 in all four.
 * Precision: planes are float, like the counters of detectors (24 bits are
 *   exact up to 16.7 million counts, where counting alone is uncertain by
 *   4000); every sum over pixels is double.
 * Thread: a frame belongs to one thread at a time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gsize height, width; /* rows (slow, axis 1 of a PONI), columns (fast, axis 2) */
  gsize n;             /* height × width */
  float *signal, *variance, *normalisation, *count;
} SaxidPixels;

/* All four planes zero. height × width must not overflow. */
SaxidPixels *saxid_pixels_new (gsize height, gsize width);
void saxid_pixels_free (SaxidPixels *pixels);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidPixels, saxid_pixels_free)

/* Starts a frame from its counts: variance 0, normalisation 1, count 1. A
 * pixel that is not finite takes no part. Shape: counts has n elements. */
void saxid_pixels_load (SaxidPixels *pixels, const float *counts);

/* Pixels that take part. */
gsize saxid_pixels_in_use (const SaxidPixels *pixels);

static inline void
saxid_pixels_drop (SaxidPixels *pixels, gsize k)
{
  pixels->signal[k] = pixels->variance[k] = pixels->normalisation[k] = pixels->count[k] = 0;
}

G_END_DECLS
