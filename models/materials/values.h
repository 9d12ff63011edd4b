/* What is known of a material, as a list: for files, tables and hosts alike.
 *
 * Thread: pure.
 */
#pragma once

#include "models/materials/answer.h"

G_BEGIN_DECLS

#define SAXID_MATERIAL_VALUES 22

/* The model that a fit of a material names in a file: none that another program has. The value "covariance" says
 * which law each curve has (SaxidMaterialLaw). */
#define SAXID_MATERIAL_MODEL "gaussian_field"

typedef struct
{
  const char *name, *unit; /* "length", "nm" */
  double value, lower, upper; /* bounds of the 90 % interval; NAN: not known */
} SaxidMaterialValue;

/* All values of a material that was found, those that are not known among them, in a fixed order; their number.
 * Shape: value SAXID_MATERIAL_VALUES. */
guint saxid_material_values (const SaxidMaterialAnswer *answer, SaxidMaterialValue *value);

/* The same from the values alone, as a file has them; nothing where they tell no length. */
void saxid_material_say_values (const SaxidMaterialValue *value, guint n, char *text, gsize size);

/* "0.573 nm (0.560 to 0.586)", with two digits of what the bounds are apart; "0.573 nm" without bounds. Times a factor. Free with
 * g_free. */
char *saxid_material_say_interval (const SaxidMaterialValue *value, double factor, const char *unit);

/* One line for people: "a 0.573 +- 0.013 nm, pores 28.5 % (invariant), 661 m2/cm3, …". Shape: text size. */
void saxid_material_say (const SaxidMaterialAnswer *answer, char *text, gsize size);

G_END_DECLS
