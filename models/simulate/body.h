/* Particles of other shapes than the classes: what do they scatter?
 *
 * Curves of one size each, averaged over orientations, on a grid of q times a length of
 * the body; a draw scales one of them and averages it over a distribution of sizes. They
 * serve as strangers, near to the classes: precise to a per cent or so.
 *
 * Their names are those of sasmodels:
 *
 *   parallelepiped      sinc (q_x a) sinc (q_y b) sinc (q_z c), cubes too
 *   triaxial_ellipsoid  three axes
 *   hollow_cylinder     open at the ends
 *   stacked_disks       without layers on them
 *   linear_pearls       spheres in a row, two at least
 *   core_multi_shell    a sphere in three shells
 *   flexible_cylinder   coil far away, rod nearby, its cross-section inside
 */
#pragma once

#include "models/simulate/random.h"

G_BEGIN_DECLS

typedef struct SaxidBodies SaxidBodies;

guint saxid_body_kind_count (void);
const char *saxid_body_kind_name (guint kind);

/* per_kind different ones of each kind. Uses `threads` threads. */
SaxidBodies *saxid_bodies_new (guint per_kind, guint64 seed, guint threads);
void saxid_bodies_free (SaxidBodies *bodies);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidBodies, saxid_bodies_free)

/* A body whose structure lies in the window from first to last.
 * Shape: q ascending and positive, q and out n. */
void saxid_bodies_draw (const SaxidBodies *bodies, guint kind, SaxidRandom *random, double first, double last,
                        gsize n, const double *q, double *out);

G_END_DECLS
