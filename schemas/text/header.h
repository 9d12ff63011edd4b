/* What does a text say around its numbers: units, a wavelength, a title, a format that fixes
 * the unit?
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

#include "schemas/text/table.h"

G_BEGIN_DECLS

typedef struct
{
  char *fixed;       /* unit of q by the rules of the format; NULL: none */
  gboolean angle;    /* the axis is labelled 2 theta */
  gboolean angle_said; /* the text speaks of 2 theta as the axis: where nothing says that it is q */
  char *foreign;     /* the label of an axis that is no q and no angle; or NULL */
  char *row_unit;    /* unit of q in a line of units, one for each column */
  char *q_unit, *i_unit; /* the first in a sentence */
  double wavelength; /* Å; 0: none */
  char *energy;      /* of the photons, where the wavelength is of that, as a note says it; or NULL */
  char *title;       /* NULL: none */
} SaxidTextHeader;

/* q: the column of it. */
void saxid_text_header_read (const SaxidTextTable *table, const SaxidTextBlock *block, const char *file, guint q,
                             SaxidTextHeader *header);
void saxid_text_header_clear (SaxidTextHeader *header);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SaxidTextHeader, saxid_text_header_clear)

G_END_DECLS
