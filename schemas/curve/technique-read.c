/* Which frames were asked, by a file of curves?
 *
 * Thread: see technique-read.h.
 */
#include "schemas/curve/technique-read.h"

#include <math.h>

#include "schemas/curve/technique-group.h"
#include "schemas/hdf5/input.h"

#define MOST 1000000u /* frames */
#define MOST_CELLS (1u << 28)

void
saxid_asked_file_free (SaxidAskedFile *self)
{
  if (self == NULL)
    return;
  for (gsize k = 0; k < self->asked.n; k++)
    g_free (self->frame[k].source);
  g_free (self->frame);
  g_strfreev (self->file);
  g_free (self->evidence);
  g_free (self);
}

/* n numbers for each frame; NULL for another number of them. */
static double *
numbers (SaxidInput *input, hid_t group, const char *name, gsize wanted)
{
  gsize n = 0;
  double *found = saxid_input_numbers_of (input, group, name, wanted, &n, NULL);

  if (found != NULL && n == wanted)
    return found;
  g_free (found);
  return NULL;
}

static SaxidTechnique
technique_of (double index)
{
  return index >= 0 && index < SAXID_N_TECHNIQUE ? (SaxidTechnique) index : SAXID_TECHNIQUE_UNKNOWN;
}

static gboolean
fill (SaxidInput *input, hid_t group, SaxidAskedFile *self)
{
  const gsize n = self->asked.n;
  g_autofree double *probability = numbers (input, group, "probability", n * SAXID_N_TECHNIQUE), *frame = numbers (input, group, "frame", n);
  g_autofree double *grazing = numbers (input, group, "grazing", n), *index = numbers (input, group, "index", n);
  g_autofree double *outlier = numbers (input, group, "outlier", n), *refused = numbers (input, group, "refused", n);
  g_autofree double *angle = numbers (input, group, "incident_angle", n), *row = numbers (input, group, "row", n);
  g_auto (GStrv) source = saxid_input_texts_of (input, group, "source");

  if (probability == NULL || frame == NULL || grazing == NULL || index == NULL || outlier == NULL || refused == NULL || angle == NULL
      || row == NULL || source == NULL || g_strv_length (source) != n)
    return FALSE;
  for (gsize k = 0; k < n; k++)
    {
      SaxidAskedFrame *one = &self->frame[k];

      *one = (SaxidAskedFrame) { .file = self->file[k], .frame = frame[k] > 0 ? (gsize) frame[k] : 0, .row = (gint64) CLAMP (row[k], -1, 1e15),
                                 .refused = refused[k] > 0, .grazing = CLAMP (grazing[k], 0, 1), .best = technique_of (index[k]),
                                 .outlier = outlier[k], .incident_angle = angle[k],
                                 .source = source[k][0] != '\0' ? g_strdup (source[k]) : NULL };
      for (guint c = 0; c < SAXID_N_TECHNIQUE; c++)
        one->probability[c] = CLAMP (probability[k * SAXID_N_TECHNIQUE + c], 0, 1);
    }
  return TRUE;
}

static void
read_evidence (SaxidInput *input, hid_t group, SaxidAskedFile *self)
{
  gsize n = 0, cells;
  g_autofree double *found = saxid_input_numbers_of (input, group, "evidence", MOST_CELLS, &n, NULL);

  cells = n / self->asked.n;
  for (self->asked.side = 1; self->asked.side * self->asked.side < cells; self->asked.side++)
    ;
  if (found == NULL || self->asked.side * self->asked.side * self->asked.n != n)
    return;
  self->evidence = g_new (guint8, n);
  for (gsize k = 0; k < n; k++)
    self->evidence[k] = (guint8) CLAMP (found[k], 0, 255);
  self->asked.evidence = self->evidence;
}

static SaxidAskedFile *
read_group (SaxidInput *input, hid_t group)
{
  g_autoptr (SaxidAskedFile) self = g_new0 (SaxidAskedFile, 1);

  self->file = saxid_input_texts_of (input, group, "file_name");
  if (self->file == NULL || (self->asked.n = g_strv_length (self->file)) == 0 || self->asked.n > MOST)
    {
      self->asked.n = 0;
      return NULL;
    }
  self->asked.frame = self->frame = g_new0 (SaxidAskedFrame, self->asked.n);
  if (!fill (input, group, self))
    return NULL;
  read_evidence (input, group, self);
  return g_steal_pointer (&self);
}

SaxidAskedFile *
saxid_asked_file_read (const char *path)
{
  SaxidAskedFile *self = NULL;

  H5E_BEGIN_TRY
  {
    g_autoptr (SaxidInput) input = saxid_input_open (path, FALSE, &saxid_read_limits_default, NULL);
    g_auto (SaxidHid) group = input != NULL && input->is_hdf5 ? saxid_input_group (input, input->file, SAXID_TECHNIQUE_GROUP) : H5I_INVALID_HID;

    if (group >= 0)
      self = read_group (input, group);
  }
  H5E_END_TRY;
  return self;
}
