/* What do the fields of a NeXus file say of the technique of its frames?
 *
 * NXsas covers transmission and grazing incidence by its definition, which therefore says
 * nothing; it has no field for the angle of incidence, and instruments put theirs into the
 * sample, a goniometer or a collection of their own.
 * https://manual.nexusformat.org/classes/applications/NXsas.html
 *
 * Thread: as the input's. HDF5's error stack is silent already.
 */
#pragma once

#include "schemas/hdf5/input.h"
#include "schemas/technique/words.h"

G_BEGIN_DECLS

/* entry, instrument, detector: paths of groups. */
void saxid_technique_fields (SaxidTechniqueWords *words, SaxidInput *input, const char *entry, const char *instrument,
                             const char *detector);

G_END_DECLS
