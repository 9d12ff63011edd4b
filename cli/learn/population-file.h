/* Where do populations come from?
 *
 * A name is looked for in $SAXID_POPULATION_PATH, beside an uninstalled program,
 * and where populations are installed; what has a slash or ends in .population is
 * a path.
 *
 * Thread: pure.
 */
#pragma once

#include "models/simulate/population.h"

G_BEGIN_DECLS

/* Errors: SAXID_ERROR_IO, SAXID_ERROR_LIMIT and those of saxid_population_parse. */
SaxidPopulation *saxid_population_load (const char *name, GError **error);

/* "  NAME   TITLE" for each that is found by its name; a line of its own says what
 * is wrong with one that cannot be read. */
char *saxid_population_list (void);

G_END_DECLS
