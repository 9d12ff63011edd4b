/* How strongly do core and shell scatter beside the solvent?
 *
 * The amplitude of a particle with a core and a shell is
 *   F = contrast_core A(q) + contrast_shell B(q),
 * so curves of any contrasts follow from three of them: those of the core alone,
 * <A^2>, of the shell alone, <B^2>, and one more, which has the cross term.
 *
 * Units: contrasts 1e-6/Å^2. Thread: pure.
 */
#pragma once

#include "models/shapes/shape.h"

G_BEGIN_DECLS

typedef struct
{
  double core, shell; /* density less that of the solvent */
} SaxidContrast;

/* FALSE for a shape that has not both, and where the shell has two densities. Shape: value shape->n_parameter. */
gboolean saxid_contrast_of (const SaxidShape *shape, const double *value, SaxidContrast *contrast);
/* Sets the densities of core and shell (faces and rim are shell). */
void saxid_contrast_set (const SaxidShape *shape, double *value, const SaxidContrast *contrast);

/* With contrasts `wanted` a particle scatters
 *   weight[0] <A^2> + weight[1] <B^2> + weight[2] I,
 * I being what it scatters with contrasts `had`, neither of them 0. */
void saxid_contrast_mix (const SaxidContrast *had, const SaxidContrast *wanted, double weight[3]);

G_END_DECLS
