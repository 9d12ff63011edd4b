/* Which members and attributes does saxid write? The tables of tag/layout.h, and what has a
 * value of its own in each file.
 *
 * Thread: as HDF5 itself.
 */
#include "schemas/tag/foreign.h"

#include <string.h>

#include "reducers/clean-text.h"
#include "schemas/tag/layout.h"
#include "schemas/tag/seeds.h"

#define SEED "seed_"

/* Of any object of ours; the NeXus API adds target. */
static const char *const attributes[] = { "NX_class",   "default",       "signal", "axes", "class_indices", "class_number_indices",
                                          "long_name",  "interpretation", "units",  "vary", "model",         "order",
                                          "target",     "canSAS_class",  NULL };

static const struct
{
  const char *group, *name;
} others[] = {
  { "", "sequence_index" }, { "", "description" }, { "result", "class_number" }, { "result", "label" },
  { "input", "frames" }, { "input", "smearing" },
};

static const char *const of_seed[] = { "chi2", "weight", "q_min", "q_max", NULL };
static const char *const suffixes[] = { "", "_errors", "_min", "_max" };

typedef struct
{
  const char *group; /* in ours: "", "result", "seed_sphere", … */
  char *order;       /* of a seed: names of the parameters */
  char *foreign;     /* what was found */
} Search;

static gboolean
is_in (const char *const *list, const char *name)
{
  for (; *list != NULL; list++)
    if (strcmp (*list, name) == 0)
      return TRUE;
  return FALSE;
}

/* Kept when the tags go, whatever is in it. */
static gboolean
is_technique (const Search *search, const char *name)
{
  return search->group[0] == '\0' && strcmp (name, SAXID_TAG_TECHNIQUE) == 0;
}

static gboolean
is_group (const Search *search, const char *name)
{
  if (is_technique (search, name))
    return TRUE;
  if (search->group[0] != '\0')
    return FALSE;
  for (const SaxidTagGroup *group = saxid_tag_groups; group->name != NULL; group++)
    if (strcmp (group->name, name) == 0)
      return TRUE;
  return g_str_has_prefix (name, SEED);
}

static gboolean
is_of_seed (const Search *search, const char *name)
{
  g_auto (GStrv) parameters = search->order != NULL ? g_strsplit (search->order, " ", SAXID_TAG_MOST_PARAMETERS + 1) : NULL;

  if (is_in (of_seed, name))
    return TRUE;
  for (char **parameter = parameters; parameter != NULL && *parameter != NULL; parameter++)
    for (gsize k = 0; k < G_N_ELEMENTS (suffixes); k++)
      if (g_str_has_prefix (name, *parameter) && strcmp (name + strlen (*parameter), suffixes[k]) == 0)
        return TRUE;
  return FALSE;
}

static gboolean
is_dataset (const Search *search, const char *name)
{
  if (g_str_has_prefix (search->group, SEED))
    return is_of_seed (search, name);
  for (const SaxidTagText *text = saxid_tag_texts; text->name != NULL; text++)
    if (strcmp (text->group, search->group) == 0 && strcmp (text->name, name) == 0)
      return TRUE;
  for (gsize k = 0; k < G_N_ELEMENTS (others); k++)
    if (strcmp (others[k].group, search->group) == 0 && strcmp (others[k].name, name) == 0)
      return TRUE;
  if (strcmp (search->group, "result") != 0)
    return FALSE;
  for (const SaxidTagArray *array = saxid_tag_arrays; array->name != NULL; array++)
    if (strcmp (array->name, name) == 0)
      return TRUE;
  for (const SaxidTagNames *names = saxid_tag_names; names->name != NULL; names++)
    if (strcmp (names->name, name) == 0)
      return TRUE;
  return FALSE;
}

static void
found (Search *search, const char *member, const char *attribute)
{
  g_autofree char *raw
    = g_strconcat (search->group, search->group[0] != '\0' && member[0] != '\0' ? "/" : "", member,
                   attribute != NULL ? "@" : "", attribute != NULL ? attribute : "", NULL);

  search->foreign = saxid_clean_text (raw, -1);
}

typedef struct
{
  Search *search;
  const char *member;
} Attributes;

static herr_t
look_at_attribute (hid_t object, const char *name, const H5A_info_t *info, void *data)
{
  const Attributes *of = data;

  (void) object, (void) info;
  if (is_in (attributes, name))
    return 0;
  found (of->search, of->member, name);
  return 1;
}

static gboolean
attributes_are_ours (hid_t object, Search *search, const char *member)
{
  Attributes of = { search, member };
  hsize_t at = 0;

  return H5Aiterate2 (object, H5_INDEX_NAME, H5_ITER_INC, &at, look_at_attribute, &of) == 0;
}

static gboolean look_into (hid_t group, Search *search);

static herr_t
look_at_link (hid_t group, const char *name, const H5L_info_t *link, void *data)
{
  Search *search = data;
  g_auto (SaxidHid) object = H5I_INVALID_HID;
  Search below = { .group = name };
  H5O_info_t about;
  gboolean ours = FALSE, deeper;

  if (link->type == H5L_TYPE_HARD && H5Oget_info_by_name2 (group, name, &about, H5O_INFO_BASIC, H5P_DEFAULT) >= 0
      && (about.type == H5O_TYPE_GROUP || about.type == H5O_TYPE_DATASET))
    {
      deeper = about.type == H5O_TYPE_GROUP;
      object = H5Oopen (group, name, H5P_DEFAULT);
      ours = object >= 0 && (deeper ? is_group (search, name) : is_dataset (search, name));
      if (ours && deeper)
        {
          below.order = g_str_has_prefix (name, SEED)
                            ? saxid_tag_read_attribute (object, "order", SAXID_TAG_MOST_PARAMETERS * SAXID_TAG_MAX_NAME)
                            : NULL;
          ours = is_technique (search, name) || look_into (object, &below);
          search->foreign = below.foreign;
          g_free (below.order);
        }
      else if (ours)
        ours = attributes_are_ours (object, search, name);
    }
  if (!ours && search->foreign == NULL)
    found (search, name, NULL);
  return ours ? 0 : 1;
}

static gboolean
look_into (hid_t group, Search *search)
{
  hsize_t at = 0;

  return attributes_are_ours (group, search, "")
         && H5Literate (group, H5_INDEX_NAME, H5_ITER_INC, &at, look_at_link, search) == 0;
}

char *
saxid_tag_foreign (hid_t group)
{
  Search search = { .group = "" };

  if (!look_into (group, &search) && search.foreign == NULL)
    search.foreign = g_strdup ("…");
  return search.foreign;
}
