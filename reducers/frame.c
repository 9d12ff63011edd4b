/* What is a detector frame, before it is a curve?
 *
 * The four planes follow from I = Σ signal / Σ normalisation, the estimate of
 * least variance for counts of one rate seen with different efficiencies.
 * Kieffer, Valls, Blanc & Hennig, J. Synchrotron Rad. 27 (2020) 558,
 * doi:10.1107/S1600577520000776.
 *
 * Thread: no state; a frame belongs to one thread at a time.
 */
#include "reducers/frame.h"

#include <math.h>

SaxidPixels *
saxid_pixels_new (gsize height, gsize width)
{
  SaxidPixels *pixels = g_new0 (SaxidPixels, 1);

  pixels->height = height;
  pixels->width = width;
  pixels->n = height * width;
  pixels->signal = g_new0 (float, pixels->n);
  pixels->variance = g_new0 (float, pixels->n);
  pixels->normalisation = g_new0 (float, pixels->n);
  pixels->count = g_new0 (float, pixels->n);
  return pixels;
}

void
saxid_pixels_free (SaxidPixels *pixels)
{
  if (pixels == NULL)
    return;
  g_free (pixels->signal);
  g_free (pixels->variance);
  g_free (pixels->normalisation);
  g_free (pixels->count);
  g_free (pixels);
}

void
saxid_pixels_load (SaxidPixels *pixels, const float *counts)
{
  for (gsize k = 0; k < pixels->n; k++)
    {
      gboolean sound = isfinite (counts[k]);

      pixels->signal[k] = sound ? counts[k] : 0;
      pixels->variance[k] = 0;
      pixels->normalisation[k] = pixels->count[k] = sound ? 1 : 0;
    }
}

gsize
saxid_pixels_in_use (const SaxidPixels *pixels)
{
  gsize in_use = 0;

  for (gsize k = 0; k < pixels->n; k++)
    in_use += pixels->count[k] > 0;
  return in_use;
}
