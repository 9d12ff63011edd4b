/* Curves of particles and strangers as they are met, for a model for any instrument.
 *
 * Some rows of every library, each measured by the one instrument or by a random one, with
 * whatever goes wrong, and strangers (stranger.h) after them, as portraits (portrait.h).
 *
 * Thread: filled by `threads` threads of its own; one lot at a time.
 */
#pragma once

#include "models/learn/train/field.h"
#include "models/simulate/body.h"

G_BEGIN_DECLS

typedef struct SaxidFieldLot
{
  gsize first[SAXID_FIELD_MOST_SOURCES], count[SAXID_FIELD_MOST_SOURCES]; /* rows of the libraries */
  gsize n_known, n_stranger, rows;
  const SaxidBodies *bodies;
  float *input;  /* [rows × channels × width of a portrait] source after source, then strangers */
  float *target; /* [rows × saxid_field_target_width] */
  guint8 *label; /* [rows] n_class: strangers */
} SaxidFieldLot;

/* Classes of the first source, which has all. */
guint saxid_field_class_count (const SaxidFieldOptions *options);
/* Classes, strangers and the embedding of the contrast. */
guint saxid_field_target_width (const SaxidFieldOptions *options);
/* The seed of an epoch. */
guint64 saxid_field_seed (const SaxidFieldOptions *options, guint64 epoch);

/* Makes room; first and count are set. */
void saxid_field_lot_make (SaxidFieldLot *lot, const SaxidFieldOptions *options);
void saxid_field_lot_clear (SaxidFieldLot *lot);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SaxidFieldLot, saxid_field_lot_clear)

/* Measures all of it anew; bodies are set. The same seed, the same lot.
 * Errors: SAXID_ERROR_ARGUMENT: a class that the first population has not; those of
 * libraries. */
gboolean saxid_field_lot_fill (SaxidFieldLot *lot, const SaxidFieldOptions *options, guint64 seed, GError **error);

/* The portrait of a row. */
const float *saxid_field_lot_portrait (const SaxidFieldLot *lot, gsize row);

G_END_DECLS
