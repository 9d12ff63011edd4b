/* How do curves come from the process that reads a file to the one that has asked for it?
 *
 *   curve   8 bytes (the size of what follows), a GVariant of the type TYPE
 *
 * GVariant's serialised form is made for bytes that nobody trusts: a damaged one gives other
 * values, and never those of another place.
 *
 * Thread: see measurement-spool.h.
 */
#include "config.h"

#include "schemas/text/measurement-spool.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reducers/error.h"
#include "schemas/disk/write-all.h"

/* file, absolute, unit of q and of I, title, run, sample, notes, points left out, slit; q, I, sigma, dq */
#define TYPE "(sbmsmsmsmsmsastdadadadad)"

int
saxid_measurement_spool_open (GError **error)
{
  const int fd = memfd_create ("saxid-curves", MFD_CLOEXEC);

  if (fd < 0)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "room for curves cannot be had: %s", g_strerror (errno));
  return fd;
}

/* --- writing -------------------------------------------------------------------- */

static GVariant *
array_of (const double *values, gsize n)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, values, values != NULL ? n : 0, sizeof *values);
}

/* Words of files are UTF-8 already; a GVariant takes nothing else. */
static GVariant *
word_of (const char *word)
{
  return word != NULL ? g_variant_new_take_string (g_utf8_make_valid (word, -1)) : NULL;
}

static GVariant *
variant_of (const SaxidMeasurement *measurement)
{
  const SaxidCurve *curve = measurement->curve;
  GVariantBuilder notes;

  g_variant_builder_init (&notes, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint k = 0; k < measurement->notes->len; k++)
    g_variant_builder_add_value (&notes, word_of (measurement->notes->pdata[k]));
  return g_variant_new ("(@sb@ms@ms@ms@ms@msastd@ad@ad@ad@ad)", word_of (measurement->file), measurement->absolute,
                        g_variant_new_maybe (G_VARIANT_TYPE_STRING, word_of (measurement->q_unit)),
                        g_variant_new_maybe (G_VARIANT_TYPE_STRING, word_of (measurement->i_unit)),
                        g_variant_new_maybe (G_VARIANT_TYPE_STRING, word_of (measurement->title)),
                        g_variant_new_maybe (G_VARIANT_TYPE_STRING, word_of (measurement->run)),
                        g_variant_new_maybe (G_VARIANT_TYPE_STRING, word_of (measurement->sample)), &notes,
                        (guint64) curve->left_out, curve->slit, array_of (curve->q, curve->n), array_of (curve->intensity, curve->n),
                        array_of (curve->sigma, curve->n), array_of (curve->dq, curve->n));
}

gboolean
saxid_measurement_spool_put (int fd, const GPtrArray *measurements, GError **error)
{
  if (ftruncate (fd, 0) != 0 || lseek (fd, 0, SEEK_SET) != 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "room for curves cannot be emptied: %s", g_strerror (errno));
      return FALSE;
    }
  for (guint k = 0; k < measurements->len; k++)
    {
      g_autoptr (GVariant) variant = g_variant_ref_sink (variant_of (measurements->pdata[k]));
      const guint64 size = g_variant_get_size (variant);

      if (saxid_write_all (fd, &size, sizeof size) && saxid_write_all (fd, g_variant_get_data (variant), size))
        continue;
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "no room for the curves: %s", g_strerror (errno));
      return FALSE;
    }
  return TRUE;
}

/* --- reading -------------------------------------------------------------------- */

static gboolean
damaged (GError **error)
{
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "what was read came out damaged");
  return FALSE;
}

/* The bytes from..from + n. */
static gboolean
read_bytes (int fd, void *bytes, gsize n, goffset from, GError **error)
{
  char *to = bytes;

  while (n > 0)
    {
      const gssize got = pread (fd, to, n, from);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        return damaged (error);
      to += got;
      from += got;
      n -= (gsize) got;
    }
  return TRUE;
}

static char *
take_word (GVariant *variant, gsize place)
{
  g_autoptr (GVariant) maybe = g_variant_get_child_value (variant, place);
  g_autoptr (GVariant) word = g_variant_get_maybe (maybe);

  return word != NULL ? g_variant_dup_string (word, NULL) : NULL;
}

/* Copies an array of n values, or of none where it is optional; FALSE: it has another length. */
static gboolean
take_array (GVariant *variant, gsize place, gsize n, double *to)
{
  g_autoptr (GVariant) array = g_variant_get_child_value (variant, place);
  gsize found;
  const double *values = g_variant_get_fixed_array (array, &found, sizeof *values);

  if (found != (to != NULL ? n : 0))
    return FALSE;
  if (found > 0)
    memcpy (to, values, n * sizeof *values);
  return TRUE;
}

static gsize
length_of (GVariant *variant, gsize place)
{
  g_autoptr (GVariant) array = g_variant_get_child_value (variant, place);

  return g_variant_n_children (array);
}

enum { FILE_NAME, ABSOLUTE, Q_UNIT, I_UNIT, TITLE, RUN, SAMPLE, NOTES, LEFT_OUT, SLIT, Q, INTENSITY, SIGMA, DQ };

/* NULL: it is none. */
static SaxidMeasurement *
measurement_of (GVariant *variant)
{
  const char *file;
  g_autoptr (SaxidMeasurement) measurement = NULL;
  g_autoptr (GVariant) notes = g_variant_get_child_value (variant, NOTES);
  const gsize n = length_of (variant, Q);
  guint64 left_out;
  SaxidCurve *curve;

  g_variant_get_child (variant, FILE_NAME, "&s", &file);
  g_variant_get_child (variant, LEFT_OUT, "t", &left_out);
  measurement = saxid_measurement_new (file);
  g_variant_get_child (variant, ABSOLUTE, "b", &measurement->absolute);
  measurement->q_unit = take_word (variant, Q_UNIT);
  measurement->i_unit = take_word (variant, I_UNIT);
  measurement->title = take_word (variant, TITLE);
  measurement->run = take_word (variant, RUN);
  measurement->sample = take_word (variant, SAMPLE);
  for (gsize k = 0; k < g_variant_n_children (notes); k++)
    {
      const char *note;

      g_variant_get_child (notes, k, "&s", &note);
      saxid_measurement_note (measurement, "%s", note);
    }
  if (n == 0)
    return NULL;
  measurement->curve = curve = saxid_curve_new (n, length_of (variant, SIGMA) > 0, length_of (variant, DQ) > 0);
  curve->left_out = left_out;
  g_variant_get_child (variant, SLIT, "d", &curve->slit);
  if (left_out > n || !take_array (variant, Q, n, curve->q) || !take_array (variant, INTENSITY, n, curve->intensity)
      || !take_array (variant, SIGMA, n, curve->sigma) || !take_array (variant, DQ, n, curve->dq))
    return NULL;
  return g_steal_pointer (&measurement);
}

/* The curve at *at, which becomes the place behind it; NULL with error. */
static SaxidMeasurement *
take_one (int fd, goffset *at, goffset end, GError **error)
{
  g_autofree void *bytes = NULL;
  g_autoptr (GVariant) variant = NULL;
  SaxidMeasurement *measurement;
  guint64 size;

  if (!read_bytes (fd, &size, sizeof size, *at, error))
    return NULL;
  *at += (goffset) sizeof size;
  if (size > (guint64) (end - *at))
    {
      damaged (error);
      return NULL;
    }
  bytes = g_malloc (size);
  if (!read_bytes (fd, bytes, size, *at, error))
    return NULL;
  *at += (goffset) size;
  variant = g_variant_ref_sink (g_variant_new_from_data (G_VARIANT_TYPE (TYPE), bytes, size, FALSE, NULL, NULL));
  measurement = g_variant_is_normal_form (variant) ? measurement_of (variant) : NULL;
  if (measurement == NULL)
    damaged (error);
  return measurement;
}

gboolean
saxid_measurement_spool_take (int fd, GPtrArray *measurements, GError **error)
{
  g_autoptr (GPtrArray) taken = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_measurement_free);
  struct stat about;
  goffset at = 0;

  if (fstat (fd, &about) != 0)
    return damaged (error);
  while (at < about.st_size)
    {
      SaxidMeasurement *measurement = take_one (fd, &at, about.st_size, error);

      if (measurement == NULL)
        return FALSE;
      g_ptr_array_add (taken, measurement);
    }
  while (taken->len > 0)
    g_ptr_array_add (measurements, g_ptr_array_steal_index (taken, 0));
  return TRUE;
}
