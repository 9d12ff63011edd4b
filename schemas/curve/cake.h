/* Intensity over azimuth and radius: an NXazint2d, or the sectors of a reduced file.
 *
 * Of several frames their mean, where a bin weighs as much as the pixels that it had (norm).
 *
 * Units: azimuth in degrees; the radial coordinate as the file has it.
 * Thread: as HDF5 itself.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *group;          /* in the file */
  char *radial_title;   /* "q (1/Å)" */
  char *intensity_unit; /* or NULL */
  gsize n_frame, n_azimuth, n_radial;
  double *azimuth_edge, *radial_edge; /* [n + 1] ascending */
  double *intensity;    /* [n_azimuth × n_radial]; NAN where no pixel was */
} SaxidCake;

/* The first cake of a file; frame < 0: the mean of all.
 * Errors: SAXID_ERROR_NO_CURVE where there is none, SAXID_ERROR_DATA for a frame that is not
 * there and axes that cannot be, SAXID_ERROR_FORMAT, SAXID_ERROR_LIMIT, SAXID_ERROR_IO. */
SaxidCake *saxid_cake_read (const char *path, gboolean follow_links, gint64 frame, GError **error);
void saxid_cake_free (SaxidCake *cake);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidCake, saxid_cake_free)

G_END_DECLS
