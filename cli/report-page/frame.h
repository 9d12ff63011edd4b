/* The card of a detector frame: the frame, where the network saw its answer, what header and image
 * say, and frames that look alike.
 *
 * Pictures are PNG inside the page. Whatever came from a file is escaped.
 *
 * Thread: pure.
 */
#pragma once

#include "cli/report-page/curve.h"
#include "reducers/technique.h"

G_BEGIN_DECLS

/* A frame that looks like it. */
typedef struct
{
  char *name; /* of the file and its number */
  SaxidTechnique technique;
  double distance;  /* 1 - cosine */
  GBytes *picture;  /* or NULL */
} SaxidReportNear;

/* Owned pointers are those of who fills it in. */
typedef struct
{
  const char *file;
  gint64 frame; /* -1: the only one */
  gsize height, width;
  GBytes *picture, *evidence; /* or NULL */
  SaxidTechnique best, header, image;
  double half[SAXID_N_HALF][3]; /* by the header, by the image, by both; NaN = nothing is said */
  double probability[SAXID_N_TECHNIQUE];
  double outlier;      /* NaN: the image was not asked */
  gboolean refused;    /* no curve is made of it */
  gboolean stored;     /* as a file of curves says, which keeps no word of header and image alone */
  const char *warning; /* or NULL */
  gsize n_pair;
  const SaxidReportPair *pair; /* what the header says, and where */
  gsize n_near;
  const SaxidReportNear *near;
} SaxidReportFrame;

/* Appends the card. index: of the page, from 0. */
void saxid_report_frame_append (GString *out, const SaxidReportFrame *frame, gsize index);

/* The rows of a table of all of them. */
void saxid_report_frame_row (GString *out, const SaxidReportFrame *frame, gsize index);

G_END_DECLS
