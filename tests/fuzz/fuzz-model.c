/* Can any model file make the reader, or the predictor that comes out of it, do what they
 * must not?
 *
 * Input that begins as HDF5 does is a model file. The checksum stops most of what is changed
 * in one, so other input is the contents of a file, which gets its checksum here: entries of
 * one letter (t, a, b), a byte with the length of the name, the name, and
 *   t  two bytes with the length of the text, the text
 *   a  two bytes each for rows and columns (rows 0: a vector), the doubles
 *   b  four bytes with the length, the bytes
 * all little endian. make-corpus.py turns models into such input.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include <gmodule.h>

#include "plugin/model.h"
#include "schemas/curve/reader.h"
#include "schemas/learn/model-file.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

#define POINTS 60
#define MOST_VALUES 4096 /* of an array */

G_MODULE_EXPORT const char *__lsan_default_suppressions (void);

const char *
__lsan_default_suppressions (void)
{
  return "leak:libhdf5\nleak:libxgboost\nleak:libdnnl\n";
}

typedef struct
{
  const uint8_t *at, *end;
} Input;

static guint32
take_number (Input *input, guint n_byte)
{
  guint32 value = 0;

  for (guint k = 0; k < n_byte && input->at < input->end; k++)
    value |= (guint32) *input->at++ << 8 * k;
  return value;
}

/* As much as there is of it. */
static char *
take_bytes (Input *input, gsize n, gsize *got)
{
  char *bytes;

  *got = MIN (n, (gsize) (input->end - input->at));
  bytes = g_malloc (*got + 1);
  memcpy (bytes, input->at, *got);
  bytes[*got] = '\0';
  input->at += *got;
  return bytes;
}

static void
take_array (Input *input, SaxidModelFile *file, const char *name)
{
  const gsize rows = take_number (input, 2), columns = take_number (input, 2);
  const gsize n = MIN (MAX (rows, 1) * columns, MOST_VALUES);
  g_autofree double *values = g_new0 (double, n + 1);
  gsize got;
  g_autofree char *bytes = take_bytes (input, n * sizeof *values, &got);

  memcpy (values, bytes, got);
  if (columns > 0 && MAX (rows, 1) * columns <= MOST_VALUES)
    saxid_model_file_set_array (file, name, rows, columns, values);
}

static SaxidModelFile *
take_file (Input input)
{
  SaxidModelFile *file = saxid_model_file_new ();

  while (input.at < input.end)
    {
      const char kind = (char) *input.at++;
      gsize n;
      g_autofree char *name = take_bytes (&input, take_number (&input, 1), &n);

      if (name[0] == '\0' || strchr (name, '/') != NULL || strcmp (name, ".") == 0)
        continue;
      if (kind == 'a')
        take_array (&input, file, name);
      else
        {
          char *value = take_bytes (&input, take_number (&input, kind == 't' ? 2 : 4), &n);
          g_autoptr (GBytes) blob = g_bytes_new_take (value, n);

          if (kind == 't')
            saxid_model_file_set_text (file, name, value);
          else
            saxid_model_file_set_blob (file, name, blob);
        }
    }
  return file;
}

static void
judge (const SaxidPredictor *predictor)
{
  g_autoptr (SaxidCurve) curve = saxid_curve_new (POINTS, TRUE, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidScratch) scratch = saxid_scratch_new (predictor, &error);
  g_autofree float *probability = g_new0 (float, predictor->n_class);
  g_autofree guint8 *in_set = g_new0 (guint8, predictor->n_class);
  SaxidVerdict verdict;

  for (guint k = 0; k < POINTS; k++)
    {
      curve->q[k] = 0.005 * pow (60, k / (POINTS - 1.0));
      curve->intensity[k] = 1 / (1 + pow (curve->q[k] * 40, 4)) + 1e-4;
      curve->sigma[k] = 0.02 * curve->intensity[k];
    }
  if (scratch == NULL || !saxid_predictor_judge (predictor, curve, scratch, &verdict, probability, in_set, &error))
    {
      g_assert_nonnull (error);
      return;
    }
  g_assert_cmpint (verdict.best, >=, -1);
  g_assert_cmpint (verdict.best, <, (int) predictor->n_class);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  static const char signature[8] = "\211HDF\r\n\032\n";
  g_autofree char *path = memory_file (NULL, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidModel) model = NULL;
  gboolean written;

  be_strict ();
  saxid_reader_silence_program ();
  if (n >= sizeof signature && memcmp (bytes, signature, sizeof signature) == 0)
    written = g_file_set_contents (path, (const char *) bytes, (gssize) n, NULL);
  else
    {
      g_autoptr (SaxidModelFile) file = take_file ((Input) { bytes, bytes + n });
      g_autoptr (GError) unwritten = NULL;

      written = saxid_model_file_write (file, path, &unwritten);
      g_assert_true (written == (unwritten == NULL));
    }
  if (written)
    {
      model = saxid_model_load (path, &error);
      g_assert_true ((model == NULL) == (error != NULL));
      if (error != NULL)
        check_error (error);
    }
  if (model != NULL)
    judge (model->predictor);
  g_unlink (path);
  return 0;
}
