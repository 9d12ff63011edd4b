/* What does a MarCCD image say of its geometry?
 *
 * It is a TIFF of 16-bit counts with a header of its own behind that of TIFF, from byte
 * 1024 on: integers of 32 bits in the byte order of the file. Lengths are in 1/1000 mm and nm, the beam in
 * 1/1000 pixels from the outer corner, the wavelength in fm, angles in 1/1000 degree.
 * The layout is that of frame_header_type, as marccd's manual and fabio have it.
 *
 * Thread: pure.
 */
#include <string.h>

#include "schemas/frame/format.h"

#define START 1024
#define NAME 4 /* "MMX" */
#define NFAST 80
#define NSLOW 84
#define SATURATED 104
#define DISTANCE 640
#define BEAM_X 644
#define BEAM_Y 648
#define START_DISTANCE 696
#define PIXEL_X 772
#define PIXEL_Y 776
#define WAVELENGTH 908

/* Turns of the detector, but for that about the beam, which changes no q. */
static const struct
{
  const char *name;
  gsize at;
} turns[] = { { "start_twotheta", 668 }, { "detector_rotx", 740 }, { "detector_roty", 744 } };

static gint32
number_at (const guint8 *header, gsize at, gboolean big)
{
  guint32 value;

  memcpy (&value, header + at, sizeof value);
  return (gint32) (big ? GUINT32_FROM_BE (value) : GUINT32_FROM_LE (value));
}

gboolean
saxid_frame_marccd_parse (const guint8 *head, gsize n, SaxidFrameInfo *info)
{
  const guint8 *header = head + START;
  const gboolean big = n > 0 && head[0] == 'M';
  double distance, x, y;

  if (n < SAXID_FRAME_MARCCD_HEAD || memcmp (header + NAME, "MMX", 3) != 0
      || number_at (header, NFAST, big) != (gint32) info->width || number_at (header, NSLOW, big) != (gint32) info->height)
    return FALSE;
  distance = number_at (header, DISTANCE, big) * 1e-6;
  if (!(distance > 0))
    distance = number_at (header, START_DISTANCE, big) * 1e-6;
  x = number_at (header, BEAM_X, big) * 1e-3;
  y = number_at (header, BEAM_Y, big) * 1e-3;
  info->geometry.pixel2 = info->pixel2 = number_at (header, PIXEL_X, big) * 1e-9;
  info->geometry.pixel1 = info->pixel1 = number_at (header, PIXEL_Y, big) * 1e-9;
  info->geometry.wavelength = number_at (header, WAVELENGTH, big) * 1e-15;
  info->saturation = MAX (number_at (header, SATURATED, big), 0);
  if (!(distance > 0))
    saxid_frame_lacks (info, "distance");
  if (x == 0 && y == 0)
    saxid_frame_lacks (info, "beam centre");
  if (!(info->pixel1 > 0 && info->pixel2 > 0))
    saxid_frame_lacks (info, "pixel size");
  if (!(info->geometry.wavelength > 0))
    saxid_frame_lacks (info, "wavelength");
  for (gsize k = 0; k < G_N_ELEMENTS (turns); k++)
    saxid_frame_turned (info, turns[k].name, number_at (header, turns[k].at, big) * 1e-3);
  if (info->lacks == NULL)
    saxid_geometry_from_beam (&info->geometry, distance, y, x, 0, 0);
  return TRUE;
}
