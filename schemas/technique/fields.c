/* Which groups of a NeXus file hold words of the technique?
 *
 * Thread: see fields.h.
 */
#include "schemas/technique/fields.h"

#include <string.h>

#define MOST_LINKS 2048
#define MOST_VALUES 1000000

typedef enum
{
  IN_ENTRY,
  IN_INSTRUMENT,
  IN_DETECTOR,
  N_PARENT
} Parent;

/* prefix: what goes before a field that is a word only in that group. */
static const struct
{
  Parent parent;
  const char *group, *prefix;
} groups[] = {
  { IN_ENTRY, "", NULL },
  { IN_ENTRY, "/sample", "sample_" },
  { IN_ENTRY, "/sample/goniometer", NULL },
  { IN_ENTRY, "/sample/transformations", NULL },
  { IN_ENTRY, "/sample/positioner", NULL },
  { IN_ENTRY, "/Metadata", NULL },
  { IN_ENTRY, "/metadata", NULL },
  { IN_INSTRUMENT, "", NULL },
  { IN_INSTRUMENT, "/NDAttributes", NULL },
  { IN_INSTRUMENT, "/goniometer", NULL },
  { IN_INSTRUMENT, "/sample_stage", NULL },
  { IN_INSTRUMENT, "/motors", NULL },
  { IN_INSTRUMENT, "/positioners", NULL },
  { IN_DETECTOR, "", "detector_" },
};

static void
read_field (SaxidTechniqueWords *words, SaxidInput *input, const char *group, const char *field, const char *name)
{
  g_autofree char *path = g_strconcat (group, "/", field, NULL), *unit = NULL, *text = NULL;
  gsize n;
  g_autofree double *values = saxid_input_numbers_of (input, input->file, path, MOST_VALUES, &n, &unit);

  if (values != NULL)
    {
      saxid_technique_numbers (words, group, name, values, n, unit);
      return;
    }
  text = saxid_input_text_of (input, input->file, path);
  if (text != NULL)
    {
      g_auto (SaxidHid) dataset = saxid_input_dataset (input, input->file, path);

      unit = dataset >= 0 ? saxid_input_text (input, dataset, "units") : NULL;
      saxid_technique_word (words, group, name, text, unit);
    }
}

static void
read_group (SaxidTechniqueWords *words, SaxidInput *input, const char *path, const char *prefix)
{
  g_auto (SaxidHid) group = saxid_input_group (input, input->file, path);
  H5G_info_t info;

  if (group < 0 || H5Gget_info (group, &info) < 0)
    return;
  for (hsize_t k = 0; k < MIN (info.nlinks, MOST_LINKS); k++)
    {
      char name[64];
      const ssize_t length
        = H5Lget_name_by_idx (group, ".", H5_INDEX_NAME, H5_ITER_INC, k, name, sizeof name, H5P_DEFAULT);
      g_autofree char *long_name = NULL;

      if (length <= 0 || (gsize) length >= sizeof name)
        continue;
      long_name = g_strconcat (prefix != NULL ? prefix : "", name, NULL);
      if (saxid_technique_knows (name))
        read_field (words, input, path, name, name);
      else if (prefix != NULL && saxid_technique_knows (long_name))
        read_field (words, input, path, name, long_name);
    }
}

/* A beamline with a detector each for small and wide angles calls them so, and the process
 * variables that their distance and centre come from (areaDetector's attribute of a data set). */
static void
read_camera (SaxidTechniqueWords *words, SaxidInput *input, const char *detector)
{
  static const char *const measured[] = { "distance", "beam_center_x", "beam_center_y", "x_pixel_size" };
  const char *name = strrchr (detector, '/');

  if (name != NULL)
    saxid_technique_camera (words, "name of the detector's group", name + 1);
  for (gsize k = 0; k < G_N_ELEMENTS (measured); k++)
    {
      g_autofree char *path = g_strconcat (detector, "/", measured[k], NULL);
      g_auto (SaxidHid) field = saxid_input_dataset (input, input->file, path);
      g_autofree char *variable = field >= 0 ? saxid_input_text (input, field, "NDAttrSource") : NULL;
      g_autofree char *place = g_strconcat ("process variable of ", path, NULL);

      if (variable != NULL)
        saxid_technique_camera (words, place, variable);
    }
}

void
saxid_technique_fields (SaxidTechniqueWords *words, SaxidInput *input, const char *entry, const char *instrument,
                        const char *detector)
{
  const char *const parent[N_PARENT] = { entry, instrument, detector };
  const gboolean is_own = strcmp (detector, instrument) != 0; /* the name of an instrument is not that of its detector */

  for (gsize k = 0; k < G_N_ELEMENTS (groups); k++)
    {
      g_autofree char *path = g_strconcat (parent[groups[k].parent], groups[k].group, NULL);

      if (groups[k].parent == IN_DETECTOR && !is_own)
        continue;
      read_group (words, input, path, groups[k].prefix);
    }
  if (is_own)
    read_camera (words, input, detector);
}
