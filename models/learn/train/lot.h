/* Curves of particles and strangers as they are met, for a model for any instrument.
 *
 * Some rows of every library, each measured by the one instrument or by a random one, with
 * whatever goes wrong, and strangers (stranger.h) after them, as portraits (portrait.h).
 *
 * Thread: filled by `threads` threads of its own; one lot at a time.
 */
#pragma once

#include "models/learn/train/any-grid.h"
#include "models/simulate/body.h"

G_BEGIN_DECLS

typedef struct SaxidLot
{
  gsize first[SAXID_ANY_GRID_MOST_SOURCES], count[SAXID_ANY_GRID_MOST_SOURCES]; /* rows of the libraries */
  gsize n_known, n_stranger, rows;
  const SaxidBodies *bodies;
  float *input;  /* [rows × channels × width of a portrait] source after source, then strangers */
  float *target; /* [rows × saxid_any_grid_target_width] */
  guint8 *label; /* [rows] n_class: strangers */
} SaxidLot;

/* Classes of the first source, which has all. */
guint saxid_any_grid_class_count (const SaxidAnyGridOptions *options);
/* Classes, strangers and the embedding of the contrast. */
guint saxid_any_grid_target_width (const SaxidAnyGridOptions *options);
/* The seed of an epoch. */
guint64 saxid_any_grid_random_seed (const SaxidAnyGridOptions *options, guint64 epoch);

/* Makes room; first and count are set. */
void saxid_lot_make (SaxidLot *lot, const SaxidAnyGridOptions *options);
void saxid_lot_clear (SaxidLot *lot);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SaxidLot, saxid_lot_clear)

/* Measures all of it anew; bodies are set. The same seed, the same lot.
 * Errors: SAXID_ERROR_ARGUMENT: a class that the first population has not; those of
 * libraries. */
gboolean saxid_lot_fill (SaxidLot *lot, const SaxidAnyGridOptions *options, guint64 seed, GError **error);

/* The portrait of a row. */
const float *saxid_lot_portrait (const SaxidLot *lot, gsize row);

G_END_DECLS
