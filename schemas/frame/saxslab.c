/* What does the XML of SAXSLAB's cameras say of the geometry?
 *
 * <SAXSLABparameters><param name="detector_dist">536.7868</param>… in the tag of the artist of
 * their TIFF files. The distance is in mm, the wavelength in Å, pixelsize in mm and
 * det_pixel_size in m, the beam in pixels.
 *
 * beamcenter_actual has the row first, then the column, from the upper left corner of the image:
 * so do jscatter, which takes it as [height, width], and BioXTAS RAW, which turns the image until
 * it fits. Whether it counts from the edge of a pixel or its centre nobody says; the edge is taken.
 *
 * Thread: pure.
 */
#include <math.h>
#include <string.h>

#include "schemas/frame/format.h"
#include "schemas/technique/words.h"

#define MOST_NUMBERS   2
#define MOST_WIDTHS    3.0  /* of the detector, by which the beam may lie beside it */
#define MOST_DIFFERENT 0.01 /* of a pixel size of the detector's own text */

enum
{
  DISTANCE,
  WAVELENGTH,
  PIXEL,
  PIXEL_OF_DETECTOR, /* that may have been binned since */
  BEAM,
  ROTATION_X,
  ROTATION_Y,
  N_FIELD
};

static const struct
{
  const char *name;
  guint n;     /* numbers */
  double unit; /* m, or what else it is in */
} fields[N_FIELD] = {
  [DISTANCE] = { "detector_dist", 1, 1e-3 },           [WAVELENGTH] = { "wavelength", 1, 1e-10 },
  [PIXEL] = { "pixelsize", 2, 1e-3 },                  [PIXEL_OF_DETECTOR] = { "det_pixel_size", 2, 1 },
  [BEAM] = { "beamcenter_actual", 2, 1 },              [ROTATION_X] = { "saxsconf_det_rotx", 1, 1 },
  [ROTATION_Y] = { "saxsconf_det_roty", 1, 1 },
};

typedef struct
{
  gboolean known;
  double value[MOST_NUMBERS];
} Field;

/* As many finite numbers as it has, and nothing else. */
static gboolean
read_field (const char *text, guint n, double unit, Field *field)
{
  for (guint k = 0; k < n; k++)
    {
      char *end;

      field->value[k] = unit * g_ascii_strtod (text, &end);
      if (end == text || !isfinite (field->value[k]))
        return FALSE;
      text = end;
    }
  return text[strspn (text, " \t\r\n")] == '\0';
}

/* The first of two alike counts. */
static void
read_fields (const char *xml, Field field[N_FIELD])
{
  char *name, *value;

  while (saxid_technique_param (&xml, &name, &value))
    {
      for (guint k = 0; k < N_FIELD; k++)
        if (!field[k].known && strcmp (name, fields[k].name) == 0)
          field[k].known = read_field (value, fields[k].n, fields[k].unit, &field[k]);
      g_free (name);
      g_free (value);
    }
}

static gboolean
is_near (double place, gsize size)
{
  return place >= -MOST_WIDTHS * (double) size && place <= (1 + MOST_WIDTHS) * (double) size;
}

static gboolean
is_other (double pixel, double said)
{
  return said > 0 && fabs (pixel / said - 1) > MOST_DIFFERENT;
}

static gboolean
is_sound (const SaxidFrameInfo *info, const SaxidGeometry *geometry, const double beam[2])
{
  return saxid_geometry_check (geometry, NULL) && geometry->wavelength > 0 && is_near (beam[0], info->height)
         && is_near (beam[1], info->width) && (beam[0] != 0 || beam[1] != 0)
         && !saxid_frame_is_unset (geometry->dist, beam[1], beam[0], info->height, info->width)
         && !is_other (geometry->pixel1, info->pixel1) && !is_other (geometry->pixel2, info->pixel2);
}

void
saxid_frame_saxslab_parse (const char *xml, SaxidFrameInfo *info)
{
  Field field[N_FIELD] = { { FALSE, { 0, 0 } } };
  const Field *pixel = &field[PIXEL];
  const double *beam = field[BEAM].value;
  SaxidGeometry geometry = { 0 };

  if (info->lacks == NULL || strstr (info->lacks, SAXID_FRAME_TURNED) != NULL)
    return;
  read_fields (xml, field);
  if (!pixel->known)
    pixel = &field[PIXEL_OF_DETECTOR];
  if (!field[DISTANCE].known || !field[WAVELENGTH].known || !pixel->known || !field[BEAM].known)
    return;
  geometry.pixel1 = pixel->value[0];
  geometry.pixel2 = pixel->value[1];
  geometry.wavelength = field[WAVELENGTH].value[0];
  saxid_geometry_from_beam (&geometry, field[DISTANCE].value[0], beam[0], beam[1], 0, 0);
  if (!is_sound (info, &geometry, beam))
    return;
  info->geometry = geometry;
  info->pixel1 = geometry.pixel1;
  info->pixel2 = geometry.pixel2;
  g_clear_pointer (&info->lacks, g_free);
  for (guint k = ROTATION_X; k <= ROTATION_Y; k++)
    if (field[k].known)
      saxid_frame_turned (info, fields[k].name, field[k].value[0]);
}
