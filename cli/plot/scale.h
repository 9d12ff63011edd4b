/* An axis: from values to places on the canvas, and where its ticks stand.
 *
 * Units: values those of the data, places those of the canvas.
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SAXID_LABEL_DECIMAL, /* 0.05 */
  SAXID_LABEL_POWER    /* 10⁻²; 2·10⁻² where a decade is not enough */
} SaxidLabelStyle;

typedef struct
{
  gboolean logarithmic;
  double low, high; /* low < high; both positive when logarithmic */
  double from, to;  /* places of low and high */
  SaxidLabelStyle style;
} SaxidScale;

typedef struct
{
  double value, place;
  char label[24]; /* "" for a minor tick */
} SaxidTick;

double saxid_scale_place (const SaxidScale *axis, double value);

/* Ticks in ascending order; labels at least `space` apart. Element: SaxidTick. */
GArray *saxid_scale_ticks (const SaxidScale *axis, double space);

/* A number for people in at most 4 digits: 0.0123, 4.56·10⁻⁷. */
char *saxid_scale_number (double value);

/* A value with its standard deviation, which gets two digits: 38.71 ± 0.12. */
char *saxid_scale_measure (double value, double error);

G_END_DECLS
