/* A periodic cube of voxels, and its Fourier transform in place.
 *
 * Row x is contiguous: value[(z n + y) row + x], row = n + 2, so that the half space of modes
 * 0 <= k_x <= n/2 fits the same memory as n/2 + 1 complex numbers a row.
 *
 * A plan of FFTW for each plane, and one for the third direction, whose columns are copied in
 * bundles to where they are contiguous: at powers of two this is several times faster than FFTW's own
 * plan for three dimensions, and needs no measured wisdom.
 *
 * FFTW is under the GPL: whatever is linked with this library is for simulation, never the module.
 *
 * Thread: a cube and a plan belong to one caller, who says how many threads work on them; the
 * result does not depend on their number.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SAXID_CUBE_LEAST 16
#define SAXID_CUBE_MOST 1024

typedef struct
{
  guint n;    /* even */
  gsize row;  /* floats from one row to the next: n + 2 */
  float *value;
} SaxidCube;

typedef struct SaxidCubePlan SaxidCubePlan;

/* n: even, SAXID_CUBE_LEAST to SAXID_CUBE_MOST. Errors: SAXID_ERROR_ARGUMENT; SAXID_ERROR_LIMIT without the memory
 * (4 n² (n + 2) bytes). */
SaxidCube *saxid_cube_new (guint n, GError **error);
void saxid_cube_free (SaxidCube *cube);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidCube, saxid_cube_free)

/* Planning takes up to a second; one plan serves every cube of n. */
SaxidCubePlan *saxid_cube_plan_new (guint n, guint threads);
void saxid_cube_plan_free (SaxidCubePlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidCubePlan, saxid_cube_plan_free)

guint saxid_cube_plan_threads (const SaxidCubePlan *plan);

/* Voxels to modes, sum value exp (-i k r), and modes to voxels, sum mode exp (i k r) over the
 * whole space (of which the cube holds half). Neither is normalised. */
void saxid_cube_to_modes (const SaxidCubePlan *plan, SaxidCube *cube);
/* With the modes of |k_x|, |k_y| or |k_z| > last all zero, which saves most of the work of a smooth field. */
void saxid_cube_to_voxels (const SaxidCubePlan *plan, SaxidCube *cube, guint last);

G_END_DECLS
