/* What an EDF header says in its keys, for the format alone: title, corrections, geometry.
 *
 * keys: value by key, both char *, keys in lower case.
 * Thread: no state.
 */
#pragma once

#include "schemas/frame/format.h"
#include "schemas/technique/words.h"

G_BEGIN_DECLS

/* The value of the first of the keys (ended by NULL) that has one; or NULL. */
const char *saxid_edf_value (GHashTable *keys, const char *const *names);
#define SAXID_EDF_VALUE(keys, ...) saxid_edf_value (keys, (const char *const[]){ __VA_ARGS__, NULL })

/* "0.000172", "172_um", "1.2 m": a number, a length in m where its unit stands behind it. */
gboolean saxid_edf_number (const char *text, double *value);

/* Of the first frame: fills title, geometry, notes and what is missing, and adds its words, which are ended by the
 * caller when all frames are known. Whether a dark current was subtracted. */
gboolean saxid_edf_describe (GHashTable *keys, SaxidFrameInfo *info, SaxidTechniqueWords *words);

/* Of any other frame: where its axis stands at another angle than in the words of the first, the sample is scanned. */
void saxid_edf_compare (GHashTable *keys, SaxidTechniqueWords *first);

G_END_DECLS
