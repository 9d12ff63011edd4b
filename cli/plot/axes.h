/* A panel of two axes: its box, ticks, grid and titles.
 *
 * Thread: one canvas, one thread.
 */
#pragma once

#include "cli/plot/canvas.h"
#include "cli/plot/scale.h"

G_BEGIN_DECLS

#define SAXID_TICK_SIZE  11.0
#define SAXID_TITLE_SIZE 13.0

typedef struct
{
  SaxidBox box;                  /* of the data; titles and tick labels stand outside */
  SaxidScale x, y;                /* from and to are set by saxid_axes_place */
  const char *x_title, *y_title; /* NULL: no title and no tick labels either */
} SaxidAxes;

/* Lays both axes along the box. */
void saxid_axes_place (SaxidAxes *axes);
/* How far the labels of the y axis reach to the left of the box. */
double saxid_axes_left (const SaxidAxes *axes, SaxidCanvas *canvas);
/* Grid, axes, ticks, labels and titles. */
void saxid_axes_draw (const SaxidAxes *axes, SaxidCanvas *canvas);
/* Below the box, for the x axis with its title. */
double saxid_axes_bottom (void);

/* "I (cm⁻¹)" from what a file says of the unit: words that are not known are
 * kept, NULL and "" give "I (arbitrary units)". To be freed. */
char *saxid_axes_intensity_title (const char *unit);

G_END_DECLS
