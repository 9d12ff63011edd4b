/* What the steps of a chain come to, before the first frame: one mask, one
 * normalisation, one dark, and how to integrate.
 *
 * Thread: a recipe belongs to one thread until its binning is made.
 */
#pragma once

#include "reducers/clip.h"
#include "reducers/integrate.h"

G_BEGIN_DECLS

/* Planes are [height × width], and NULL until a step needs them. */
typedef struct
{
  guint8 *bad;
  float *normalisation;
  float *dark, *dark_variance; /* counts, counts² */
  double factor;               /* of the normalisation of the whole frame */
  gboolean by_monitor;
  double monitor;              /* counts, 0 = that of the frame */
  gboolean clip;
  SaxidClipRequest clipping;
  guint n_errors;              /* steps that say what errors are */
  SaxidBinningRequest binning;
} SaxidRecipe;

/* The mask, made where there is none yet. n: pixels. */
guint8 *saxid_recipe_bad (SaxidRecipe *recipe, gsize n);

/* normalisation × plane; a pixel that comes to 0, less, or no number is bad. */
void saxid_recipe_multiply (SaxidRecipe *recipe, const float *plane, gsize n);

/* Frees the planes. */
void saxid_recipe_clear (SaxidRecipe *recipe);

G_END_DECLS
