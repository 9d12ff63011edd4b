/* What do the words of a header say of the technique: names, values, units?
 *
 * Every format hands its words over, one after the other, in whatever notation it has them; the
 * table of words.c knows which are angles of incidence, axes of a goniometer, transmissions of a
 * sample, angles of a detector, names of a detector or of a technique. When all are in, they become claims.
 *
 * An angle of 0, or none, does not say "transmission": many instruments write it always. A
 * sample transmission below 1, or a technique that is named, does.
 *
 * Units: angles in degrees. Thread: words belong to one thread.
 */
#pragma once

#include "reducers/technique.h"

G_BEGIN_DECLS

/* What has been read so far. */
typedef struct
{
  SaxidTechniqueHeader *header; /* where the claims go */
  gboolean rotates;             /* the sample turns, in a frame or between two: its axes say nothing of incidence */
  double axis;                  /* degrees of the first axis of a goniometer that has a small angle; 0: none */
  char *axis_place;
} SaxidTechniqueWords;

#define SAXID_TECHNIQUE_WORDS_INIT(header) { (header), FALSE, 0, NULL }

/* One word. place: where it stands, for a person ("EDF header", "/entry/sample"). unit: of a
 * number, or NULL; an angle without one is in degrees. Words that are not known are passed over. */
void saxid_technique_word (SaxidTechniqueWords *words, const char *place, const char *name, const char *value,
                           const char *unit);

/* A number; varies: it is not the same for all frames, so that an axis is a scan. */
void saxid_technique_number (SaxidTechniqueWords *words, const char *place, const char *name, double value,
                             const char *unit, gboolean varies);

/* Numbers of HDF5, one a frame: an angle of incidence may be another one in each. */
void saxid_technique_numbers (SaxidTechniqueWords *words, const char *place, const char *name, const double *values, gsize n,
                              const char *unit);

/* Whether a word of that name would be heeded. */
gboolean saxid_technique_knows (const char *name);

/* "# Key value unit" and "Key: value" and "key = value", a line each. */
void saxid_technique_lines (SaxidTechniqueWords *words, const char *place, const char *text);

/* Two lists of the same length, as EDF headers of ESRF have their motors. */
void saxid_technique_motors (SaxidTechniqueWords *words, const char *place, const char *names, const char *values);

/* <param name="thsam">0.15</param>, as SAXSLAB's instruments write them. */
void saxid_technique_xml (SaxidTechniqueWords *words, const char *place, const char *xml);

/* The next of these behind *xml, which moves past it; FALSE where none is whole. Free both with g_free. */
gboolean saxid_technique_param (const char **xml, char **name, char **value);

/* A text that a person made up, a file's name or a title: "film_GISAXS_th0.150". */
void saxid_technique_title (SaxidTechniqueWords *words, const char *place, const char *text);

/* What a detector is called: "Pilatus2M_WAXS". */
void saxid_technique_camera (SaxidTechniqueWords *words, const char *place, const char *text);

/* Turns what is left into claims, and frees. */
void saxid_technique_words_end (SaxidTechniqueWords *words);

G_END_DECLS
