/* A panel of two axes: its box, ticks, grid and titles.
 *
 * Thread: one canvas, one thread.
 */
#pragma once

#include "cli/axis.h"
#include "cli/canvas.h"

G_BEGIN_DECLS

#define SAXID_TICK_SIZE  11.0
#define SAXID_TITLE_SIZE 13.0

typedef struct
{
  SaxidBox box;                  /* of the data; titles and tick labels stand outside */
  SaxidAxis x, y;                /* from and to are set by saxid_frame_place */
  const char *x_title, *y_title; /* NULL: no title and no tick labels either */
} SaxidFrame;

/* Lays both axes along the box. */
void saxid_frame_place (SaxidFrame *frame);
/* How far the labels of the y axis reach to the left of the box. */
double saxid_frame_left (const SaxidFrame *frame, SaxidCanvas *canvas);
/* Grid, frame, ticks, labels and titles. */
void saxid_frame_draw (const SaxidFrame *frame, SaxidCanvas *canvas);
/* Below the box, for the x axis with its title. */
double saxid_frame_bottom (void);

/* "I (cm⁻¹)" from what a file says of the unit: words that are not known are
 * kept, NULL and "" give "I (arbitrary units)". To be freed. */
char *saxid_frame_intensity_title (const char *unit);

G_END_DECLS
