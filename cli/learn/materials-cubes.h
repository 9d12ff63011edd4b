/* Curves of real cubes of the study, voxel by voxel, and the file that remembers them.
 *
 * A cube of 512 voxels takes seconds. The file of the study (study-file.h) has a line for each, with the intensity without noise.
 *
 * Thread: one thread; cubes use as many as the population says.
 */
#pragma once

#include "cli/learn/materials-rows.h"

G_BEGIN_DECLS

/* Fills rows 0 … n - 1 with n cubes of the population. directory: made where it is not there; NULL: nothing is remembered.
 * Errors: SAXID_ERROR_LIMIT without memory for a cube, those of saxid_study_file_open, SAXID_ERROR_CANCELLED where `may_go_on` says FALSE. */
gboolean saxid_materials_cubes_fill (const SaxidMaterialsPopulation *population, const char *directory, SaxidMaterialsProgress may_go_on,
                                     gpointer data, SaxidMaterialsRows *rows, GError **error);

G_END_DECLS
