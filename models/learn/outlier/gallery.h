/* Which curves of the training is a curve like, and how far from all of them?
 *
 * Some curves that the network learned from, as it saw them (portrait.h), and the vectors
 * that it made of them, scaled to length one: what lies near in angle looks alike to the
 * network. Supervised contrast in training (loss.h) spreads the classes over the sphere;
 * what is far from all examples was never met, whatever the margins say (Sun et al. 2022,
 * arXiv:2204.06507).
 *
 * Units: distances are 1 - cosine, 0 … 2.
 * Thread: a gallery is only read once it is filled.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Examples whose mean distance is the distance of a curve. */
#define SAXID_GALLERY_NEAREST 10

typedef struct
{
  gsize n, width;
  float *vector;  /* [n × width] of length one */
  float *level;   /* [n × SAXID_PORTRAIT_WIDTH] first channel of the portrait */
  float *range;   /* [n] ln (q_max / q_min) */
  guint8 *label;  /* [n] */
} SaxidGallery;

/* Of n examples, to be filled with saxid_gallery_set. n: SAXID_GALLERY_NEAREST at least. */
SaxidGallery *saxid_gallery_new (gsize n, gsize width);
void saxid_gallery_free (SaxidGallery *gallery);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidGallery, saxid_gallery_free)

/* Whether there is something to be like: a blank portrait is like all others that are blank,
 * and a vector of zeros (or one too long to be measured) has no direction. Shapes: as below. */
gboolean saxid_gallery_can_hold (gsize width, const float *portrait, const float *features);

/* Shape: portrait [SAXID_PORTRAIT_CHANNELS × SAXID_PORTRAIT_WIDTH], features [width]. */
void saxid_gallery_set (SaxidGallery *gallery, gsize at, guint8 label, const float *portrait, const float *features);

/* The examples most like these features, the nearest first; distance may be NULL.
 * Returns how far all of them are, in the mean. Shape: features [width], example and
 * distance [n], n at most that of the gallery. */
double saxid_gallery_nearest (const SaxidGallery *gallery, const float *features, gsize n, gsize *example,
                              double *distance);

/* ln I (relative) of an example at ln q less the middle of its window: what channel 0 of
 * its portrait has, undone. Shape: log_q and log_i [SAXID_PORTRAIT_WIDTH]. */
void saxid_gallery_curve (const SaxidGallery *gallery, gsize example, double *log_q, double *log_i);

GBytes *saxid_gallery_to_bytes (const SaxidGallery *gallery);
/* Errors: SAXID_ERROR_MODEL: no gallery of vectors of this width, or of other classes. */
SaxidGallery *saxid_gallery_from_bytes (gsize width, guint n_class, GBytes *bytes, GError **error);

G_END_DECLS
