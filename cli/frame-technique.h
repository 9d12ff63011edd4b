/* What does the image of a frame of a file say of its technique? reducers/technique.h weighs it and the header.
 *
 * Thread: belongs to one thread.
 */
#pragma once

#include "models/technique/judge.h"
#include "plugin/technique-model.h"
#include "schemas/frame/file.h"

G_BEGIN_DECLS

typedef struct
{
  SaxidTechniqueFile *file; /* the model */
  SaxidTechniqueJudge *judge;
  float *pixels;            /* room for a frame */
  guint8 *mask;
  gsize allocated;
} SaxidFrameTechnique;

/* Loads the model that ships. Errors: SAXID_ERROR_MODEL. */
SaxidFrameTechnique *saxid_frame_technique_new (GError **error);
void saxid_frame_technique_free (SaxidFrameTechnique *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidFrameTechnique, saxid_frame_technique_free)

/* What the image of one frame says. Errors: those of reading; SAXID_ERROR_DATA for what is no
 * image: fewer than SAXID_FRAME_LEAST_EDGE rows or columns. */
gboolean saxid_frame_technique_ask (SaxidFrameTechnique *self, SaxidFrameFile *file, gsize frame, SaxidTechniqueAnswer *answer,
                                    GError **error);

/* The range of q of a file's geometry; NaN where that is not complete. */
void saxid_frame_technique_range (const SaxidFrameInfo *info, SaxidTechniqueRange *range);

/* What the header of a file says of one frame; q95: of its range, or NaN. To be cleared. */
void saxid_frame_technique_header (const SaxidFrameInfo *info, gsize frame, double q95, SaxidTechniqueHeader *header);

/* Where in the frame that was asked last the network saw its answer: "rows 120 to 479, columns 0 to 249", or NULL. g_free */
char *saxid_frame_technique_region (SaxidFrameTechnique *self, const SaxidFrameInfo *info);

#define SAXID_FRAME_LEAST_EDGE 16

G_END_DECLS
