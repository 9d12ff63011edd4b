/* What is kept of the frames whose technique was asked, for the file of curves.
 *
 * Thread: as the job's.
 */
#pragma once

#include "cli/frame-technique.h"
#include "schemas/curve/asked.h"

G_BEGIN_DECLS

typedef struct SaxidReduceAsked SaxidReduceAsked;

/* Frames of another file follow, or those of the last one again, which are then forgotten. */
SaxidReduceAsked *saxid_reduce_asked_begin (SaxidReduceAsked *asked, const char *file);
void saxid_reduce_asked_free (SaxidReduceAsked *asked);

/* What the header of the file claims. */
void saxid_reduce_asked_header (SaxidReduceAsked *asked, const SaxidTechniqueHeader *header);

/* A frame of the file. image: with which it was asked, or NULL; answer: of it, or NULL. */
void saxid_reduce_asked_frame (SaxidReduceAsked *asked, gsize frame, const SaxidTechniqueHeader *header, const SaxidTechniqueBelief *belief,
                               SaxidFrameTechnique *image, const SaxidTechniqueAnswer *answer, gboolean refused);

/* Whether this frame of the file is there already. asked: or NULL. */
gboolean saxid_reduce_asked_has (const SaxidReduceAsked *asked, gsize frame);

/* No curve is made of any frame of the file. */
void saxid_reduce_asked_refuse (SaxidReduceAsked *asked);

/* As the file of curves has it, where the rows of it are these frames; borrows. asked: or NULL. */
SaxidAsked saxid_reduce_asked_all (SaxidReduceAsked *asked, gsize n_row, const char *const *source, const gsize *source_frame,
                                   const char *model_checksum);

G_END_DECLS
