/* What do the steps of a chain come to, before the first frame?
 *
 * Thread: a recipe belongs to one thread until its binning is made.
 */
#include "reducers/recipe.h"

#include <math.h>

guint8 *
saxid_recipe_bad (SaxidRecipe *recipe, gsize n)
{
  if (recipe->bad == NULL)
    recipe->bad = g_new0 (guint8, n);
  return recipe->bad;
}

void
saxid_recipe_multiply (SaxidRecipe *recipe, const float *plane, gsize n)
{
  if (recipe->normalisation == NULL)
    {
      recipe->normalisation = g_new (float, n);
      for (gsize k = 0; k < n; k++)
        recipe->normalisation[k] = 1;
    }
  for (gsize k = 0; k < n; k++)
    {
      recipe->normalisation[k] *= plane[k];
      if (!(recipe->normalisation[k] > 0 && isfinite (recipe->normalisation[k])))
        {
          recipe->normalisation[k] = 0;
          saxid_recipe_bad (recipe, n)[k] = 1;
        }
    }
}

void
saxid_recipe_clear (SaxidRecipe *recipe)
{
  g_clear_pointer (&recipe->bad, g_free);
  g_clear_pointer (&recipe->normalisation, g_free);
  g_clear_pointer (&recipe->dark, g_free);
  g_clear_pointer (&recipe->dark_variance, g_free);
}
