/* Does a text that a person made up name a technique, or an angle of incidence?
 *
 * "jg_gisaxs_4nm_ai0.14deg": runs of letters and of numbers are its words.
 *
 * Thread: pure.
 */
#pragma once

#include "reducers/technique.h"

G_BEGIN_DECLS

/* Claims what the text names; of two techniques that contradict, neither. */
void saxid_title_claim (SaxidTechniqueHeader *header, const char *text, double wrong, gboolean name, const char *place);

/* The name of a detector, or of the process variable from which its distance comes: "Pilatus2M_WAXS",
 * "12ID:SAXS:Distance". It claims small or wide alone, since films are measured with the same one. */
void saxid_title_claim_camera (SaxidTechniqueHeader *header, const char *text, const char *place);

/* "th0.150", "ai_0.14deg": an angle with a point in it, behind the name of one; degrees. */
gboolean saxid_title_angle (const char *text, double *angle);

G_END_DECLS
