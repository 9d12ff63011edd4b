/* What does a NeXus file say of where a detector stands?
 *
 * Thread: see nexus-geometry.h.
 */
#include "schemas/frame/nexus-geometry.h"

#include <math.h>
#include <string.h>

#include "schemas/frame/format.h"
#include "schemas/frame/nexus.h"
#include "schemas/frame/transformations.h"
#include "schemas/units.h"

/* ---- numbers -------------------------------------------------------------- */

static gboolean
metres (const char *unit, double *factor)
{
  if (!saxid_units_length (unit, factor))
    return FALSE;
  *factor *= 1e-10;
  return TRUE;
}

/* What a unit is worth: in m, eV or rad. */
typedef gboolean (*Quantity) (const char *unit, double *factor);

/* The first number of a dataset and its unit, which may be NULL. */
static gboolean
read_number (SaxidInput *input, const char *path, double *value, char **unit)
{
  gsize n;
  g_autofree double *values
      = saxid_input_numbers_of (input, input->file, path, SAXID_FRAME_MAX_FRAMES, &n, unit);

  if (values == NULL || !isfinite (values[0]))
    return FALSE;
  *value = values[0];
  if (unit != NULL && *unit == NULL) /* areaDetector: "Distance to the detector, mm" */
    {
      g_auto (SaxidHid) dataset = saxid_input_dataset (input, input->file, path);
      g_autofree char *description = saxid_input_text (input, dataset, "NDAttrDescription");
      const char *comma = description != NULL ? strrchr (description, ',') : NULL;

      *unit = comma != NULL ? g_strstrip (g_strdup (comma + 1)) : NULL;
    }
  return TRUE;
}

/* A number in m, eV or rad. FALSE when it is missing or without a unit. */
static gboolean
read_quantity (SaxidInput *input, const char *group, const char *name, Quantity quantity,
               double *value)
{
  g_autofree char *path = g_strconcat (group, "/", name, NULL), *unit = NULL;
  double factor;

  if (!read_number (input, path, value, &unit) || unit == NULL || !quantity (unit, &factor))
    return FALSE;
  *value *= factor;
  return TRUE;
}

/* ---- geometry ------------------------------------------------------------- */

/* A beam centre in pixels, given in pixels or as a length. */
static gboolean
read_centre (SaxidInput *input, const char *detector, const char *name, double pixel, double *centre)
{
  g_autofree char *path = g_strconcat (detector, "/", name, NULL), *unit = NULL;
  double factor;

  if (!read_number (input, path, centre, &unit) || unit == NULL)
    return FALSE;
  if (g_ascii_strncasecmp (unit, "pixel", 5) == 0 || strcmp (unit, "px") == 0)
    return TRUE;
  if (!metres (unit, &factor) || !(pixel > 0))
    return FALSE;
  *centre *= factor / pixel;
  return TRUE;
}

#define HC 1.23984198433e-6 /* eV m, CODATA 2018 */

/* The groups of a class, and behind them one of the usual name, whatever class it says: programs
 * write NXcollection where they mean these. */
static void
add_sources (SaxidInput *input, const char *parent, const char *class_name, const char *usual, GPtrArray *sources)
{
  g_ptr_array_extend_and_steal (sources, saxid_nexus_groups (input, parent, class_name, usual));
  g_ptr_array_add (sources, g_strconcat (parent, "/", usual, NULL));
}

/* A wavelength is believed before an energy, and what the monochromator says before the beam. */
static gboolean
find_wavelength (SaxidInput *input, const GPtrArray *monochromators, const GPtrArray *beams, double *wavelength)
{
  const struct
  {
    const GPtrArray *groups;
    const char *name;
    Quantity quantity;
  } places[] = {
    { monochromators, "wavelength", metres },
    { beams, "incident_wavelength", metres },
    { monochromators, "energy", saxid_units_energy },
    { beams, "incident_energy", saxid_units_energy },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (places); k++)
    for (guint i = 0; i < places[k].groups->len; i++)
      {
        if (!read_quantity (input, places[k].groups->pdata[i], places[k].name, places[k].quantity, wavelength)
            || !(*wavelength > 0))
          continue;
        if (places[k].quantity == saxid_units_energy)
          *wavelength = HC / *wavelength;
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_wavelength (SaxidInput *input, const char *entry, const char *instrument, double *wavelength)
{
  g_autoptr (GPtrArray) monochromators = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) beams = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) samples = g_ptr_array_new_with_free_func (g_free);

  add_sources (input, instrument, "NXmonochromator", "monochromator", monochromators);
  add_sources (input, instrument, "NXbeam", "beam", beams);
  add_sources (input, entry, "NXsample", "sample", samples);
  for (guint k = 0; k < samples->len; k++)
    add_sources (input, samples->pdata[k], "NXbeam", "beam", beams);
  return find_wavelength (input, monochromators, beams, wavelength);
}

/* The tilts of Nika, in rad; FALSE for a file of another kind. */
static gboolean
read_nika_tilts (SaxidInput *input, const char *entry, double *tilt_x, double *tilt_y)
{
  static const char *const prefixes[] = { "pin_ccd", "waxs_ccd" };
  g_autofree char *metadata = g_strconcat (entry, "/Metadata", NULL);

  for (gsize k = 0; k < G_N_ELEMENTS (prefixes); k++)
    {
      g_autofree char *x = g_strconcat (prefixes[k], "_tilt_x", NULL);
      g_autofree char *y = g_strconcat (prefixes[k], "_tilt_y", NULL);

      if (read_quantity (input, metadata, x, saxid_units_angle, tilt_x)
          && read_quantity (input, metadata, y, saxid_units_angle, tilt_y))
        return TRUE;
    }
  return FALSE;
}

/* An angle of a detector that is not 0, in degrees where it has no unit; NULL: there is none. Of
 * frames the first that is not: the detector is turned in some. One a pixel is no angle of the detector. */
static char *
angle_that_turns (SaxidInput *input, const char *detector, const char *name, const SaxidFrameInfo *info, gboolean *is_there)
{
  g_autofree char *path = g_strconcat (detector, "/", name, NULL), *unit = NULL;
  gsize n = 0;
  double radian = G_PI / 180;
  g_autofree double *values
      = saxid_input_numbers_of (input, input->file, path, SAXID_FRAME_MAX_FRAMES, &n, &unit);

  if (unit != NULL && !saxid_units_angle (unit, &radian))
    radian = G_PI / 180;
  *is_there = values != NULL && isfinite (values[0]) && (n == 1 || n != info->height * info->width);
  for (gsize k = 0; *is_there && k < n; k++)
    if (isfinite (values[k]) && fabs (values[k]) * radian * 180 / G_PI >= SAXID_FRAME_LEAST_TURN)
      return g_strdup_printf ("%s of %g%s%s", name, values[k], unit != NULL ? " " : "", unit != NULL ? unit : "");
  return NULL;
}

/* NeXus names these angles and does not say about which point the detector turns, nor whether its
 * distance and beam centre are those of before or after: a detector that one of them turns stands
 * where nobody can tell. The azimuth alone is that of a point off the beam: on it, which a polar
 * angle of 0 says, it moves no pixel away from the beam or towards it. */
static gboolean
check_turns (SaxidInput *input, const char *detector, SaxidFrameInfo *info)
{
  static const char *const names[]
    = { "polar_angle", "aequatorial_angle", "rotation_angle", "tilt_angle", "azimuthal_angle" };
  gboolean on_beam = FALSE;

  for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
    {
      gboolean is_there;
      g_autofree char *angle = angle_that_turns (input, detector, names[k], info, &is_there);
      g_autofree char *what = g_strconcat ("how the detector is turned but for its ", angle, NULL);

      if (k == 0)
        on_beam = is_there && angle == NULL;
      if (angle != NULL && !(on_beam && strcmp (names[k], "azimuthal_angle") == 0))
        {
          saxid_frame_lacks (info, what);
          return TRUE;
        }
    }
  return FALSE;
}

/* What NXdetector says by itself, where the detector is not turned. TRUE: it is. */
static gboolean
read_beam (SaxidInput *input, const char *entry, const char *detector, SaxidFrameInfo *info)
{
  double x = 0, y = 0, distance = 0, size_x = 0, size_y = 0, tilt_x = 0, tilt_y = 0, sine;
  gboolean nika = read_nika_tilts (input, entry, &tilt_x, &tilt_y), turned;

  if (!read_quantity (input, detector, "x_pixel_size", metres, &size_x) || !(size_x > 0)
      || !read_quantity (input, detector, "y_pixel_size", metres, &size_y) || !(size_y > 0))
    saxid_frame_lacks (info, "pixel size");
  if (!read_quantity (input, detector, "distance", metres, &distance) || !(distance > 0))
    saxid_frame_lacks (info, "distance");
  if (!read_centre (input, detector, "beam_center_x", size_x, &x)
      || !read_centre (input, detector, "beam_center_y", size_y, &y))
    saxid_frame_lacks (info, "beam centre");
  else if (saxid_frame_is_unset (distance, x, y, info->height, info->width))
    saxid_frame_lacks (info, SAXID_FRAME_UNSET);
  turned = check_turns (input, detector, info);

  info->pixel1 = info->geometry.pixel1 = nika ? size_x : size_y;
  info->pixel2 = info->geometry.pixel2 = nika ? size_y : size_x;
  if (info->lacks != NULL)
    return turned;
  sine = hypot (sin (tilt_x), sin (tilt_y));
  saxid_geometry_from_beam (&info->geometry, distance, nika ? x : y, nika ? y : x, asin (MIN (sine, 1)),
                            atan2 (-sin (tilt_x), sin (tilt_y)));
  return FALSE;
}

/* Distance and centre are believed where the detector is not turned; the transformations count
 * where it is, or where those are missing. */
static void
place_detector (SaxidInput *input, const char *entry, const char *detector, SaxidFrameInfo *info)
{
  g_autoptr (GPtrArray) modules = saxid_nexus_groups (input, detector, "NXdetector_module", "module");
  SaxidGeometry moved = { 0 };
  gboolean whole, turned;
  const SaxidTransformed how
    = saxid_frame_transformed (input, detector, modules->len == 1 ? modules->pdata[0] : NULL, &moved, &whole);

  turned = read_beam (input, entry, detector, info);
  if (how == SAXID_TRANSFORMED_UNKNOWN)
    saxid_frame_lacks (info, "where its NXtransformations take the detector");
  else if (whole && (how == SAXID_TRANSFORMED_TURNED || (info->lacks != NULL && !turned)))
    {
      g_clear_pointer (&info->lacks, g_free);
      info->geometry = moved;
      info->pixel1 = moved.pixel1;
      info->pixel2 = moved.pixel2;
    }
}

void
saxid_nexus_geometry (SaxidInput *input, const char *entry, const char *instrument, const char *detector,
                      SaxidFrameInfo *info)
{
  if (detector != NULL)
    place_detector (input, entry, detector, info);
  if (!read_wavelength (input, entry, instrument, &info->geometry.wavelength))
    saxid_frame_lacks (info, "wavelength");
}
