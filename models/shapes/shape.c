/* Which form factors does saxid know? */
#include "models/shapes/shape.h"

#include <string.h>

#include "reducers/error.h"

static const SaxidShape *const shapes[] = {
  NULL
};

guint
saxid_shape_count (void)
{
  return G_N_ELEMENTS (shapes) - 1;
}

const SaxidShape *
saxid_shape_at (guint index)
{
  return index < saxid_shape_count () ? shapes[index] : NULL;
}

const SaxidShape *
saxid_shape_find (const char *name)
{
  for (guint k = 0; k < saxid_shape_count (); k++)
    if (strcmp (shapes[k]->name, name) == 0)
      return shapes[k];
  return NULL;
}
