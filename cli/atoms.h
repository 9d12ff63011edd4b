/* What is known of particles of atoms, from a verdict or from the fits of a file, as people and programs read it.
 *
 * Thread: pure.
 */
#pragma once

#include "plugin/saxid-plugin.h"

#include "schemas/tag/record.h"

G_BEGIN_DECLS

#define SAXID_ATOMS_LINE 160

/* Whether a fit of a file is one of particles of atoms. */
gboolean saxid_atoms_is_seed (const SaxidRecordSeed *seed);

/* As a verdict has it, from the fits of a file; status 0 where it has none. Reasons are not in files. */
void saxid_atoms_of_record (const SaxidRecord *record, gsize frame, struct saxid_atoms *atoms);

/* One line; "" where nothing was asked. Shape: text size. */
void saxid_atoms_line (const struct saxid_atoms *atoms, char *text, gsize size);

/* The member "atoms" of an object of JSON, with a comma before it. */
void saxid_atoms_json (const struct saxid_atoms *atoms, GString *line);

G_END_DECLS
