/* What does the text header of a Pilatus or Eiger image say?
 *
 * Lines "# Key value unit", with or without a colon or an equals sign after the
 * key: the mini-CBF header of Dectris, which their TIFF files carry in the
 * image description too.
 *
 * Thread: pure.
 */
#include <string.h>

#include "schemas/frame/format.h"
#include "schemas/technique/words.h"

static const char *
value_of (const char *text, const char *key)
{
  gsize length = strlen (key);

  for (const char *at = strstr (text, key); at != NULL; at = strstr (at + 1, key))
    {
      gboolean word = at == text || at[-1] == ' ' || at[-1] == '#' || at[-1] == '\n';

      if (word && strchr (" :=\t", at[length]) != NULL && at[length] != '\0')
        return at + length + strspn (at + length, " :=\t(");
    }
  return NULL;
}

/* Reads a number at *at and moves past it. */
static gboolean
number (const char **at, double *value)
{
  char *end;

  *value = g_ascii_strtod (*at, &end);
  if (end == *at)
    return FALSE;
  *at = end;
  return TRUE;
}

static void
parse_pixel_size (const char *text, SaxidFrameInfo *info)
{
  const char *at = value_of (text, "Pixel_size");
  double x, y;

  if (at == NULL || !number (&at, &x))
    return;
  at += strspn (at, " mx\t");
  if (!number (&at, &y) || !(x > 0) || !(y > 0))
    return;
  info->geometry.pixel2 = info->pixel2 = x;
  info->geometry.pixel1 = info->pixel1 = y;
}

void
saxid_frame_header_parse (const char *text, SaxidFrameInfo *info)
{
  const char *at;
  double x = 0, y = 0, distance = 0, wavelength = 0;
  SaxidTechniqueWords words = SAXID_TECHNIQUE_WORDS_INIT (&info->technique);
  gboolean beam;

  saxid_technique_lines (&words, "header", text);
  saxid_technique_words_end (&words);
  parse_pixel_size (text, info);
  at = value_of (text, "Count_cutoff");
  if (at != NULL && number (&at, &x) && x > 0)
    info->saturation = x;

  at = value_of (text, "Wavelength");
  if (at == NULL || !number (&at, &wavelength) || !(wavelength > 0))
    saxid_frame_lacks (info, "wavelength");
  info->geometry.wavelength = wavelength * 1e-10;

  at = value_of (text, "Detector_distance");
  if (at == NULL || !number (&at, &distance) || !(distance > 0))
    saxid_frame_lacks (info, "distance");

  at = value_of (text, "Beam_xy");
  beam = at != NULL && number (&at, &x) && (at += strspn (at, " ,"), number (&at, &y));
  if (!beam)
    saxid_frame_lacks (info, "beam centre");
  else if (saxid_frame_is_unset (distance, x, y, info->height, info->width))
    saxid_frame_lacks (info, SAXID_FRAME_UNSET);
  if (!(info->pixel1 > 0))
    saxid_frame_lacks (info, "pixel size");
  if (info->lacks == NULL)
    saxid_geometry_from_beam (&info->geometry, distance, y, x, 0, 0);
}
