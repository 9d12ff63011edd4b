/* How are boosted trees trained and asked?
 *
 * libxgboost's C API; DOI 10.1145/2939672.2939785. Objective: softmax.
 * Shape: features [rows × columns] with NaN for missing, margins [rows × n_class].
 * Thread: immutable once made; prediction is safe from many threads (it uses
 * xgboost's in-place path, whose result is thread-local and copied at once).
 */
#include "models/learn/trees.h"

#include <math.h>
#include <string.h>
#include <xgboost/c_api.h>

#include "models/learn/trees-check.h"
#include "reducers/error.h"

struct SaxidTrees
{
  BoosterHandle booster;
  guint n_class;
  gsize columns;
};

/* Why: xgboost's messages begin with "[12:34:56] source.cc:78: " and go on with a
 * stack trace; what lies between says it, and says it alike every time. */
static gboolean
fail (GError **error, const char *what)
{
  const char *message = XGBGetLastError ();
  const char *text = *message == '[' ? strstr (message, ".cc:") : NULL;

  if (*message == '[' && text == NULL)
    text = strstr (message, ".h:");
  text = text != NULL ? strstr (text, ": ") : NULL;
  text = text != NULL ? text + 2 : message;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "boosted trees: %s: %.*s", what,
               (int) strcspn (text, "\n"), text);
  return FALSE;
}

static gboolean
set_parameter (BoosterHandle booster, GError **error, const char *name, const char *format, ...)
  G_GNUC_PRINTF (4, 5);

static gboolean
set_parameter (BoosterHandle booster, GError **error, const char *name, const char *format, ...)
{
  g_autofree char *value = NULL;
  va_list arguments;

  va_start (arguments, format);
  value = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return XGBoosterSetParam (booster, name, value) == 0 || fail (error, name);
}

/* Numbers in parameters must not follow the user's decimal comma. */
static gboolean
set_number (BoosterHandle booster, GError **error, const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return set_parameter (booster, error, name, "%s", g_ascii_dtostr (text, sizeof text, value));
}

static gboolean
configure (BoosterHandle booster, guint n_class, const SaxidTreesOptions *options, GError **error)
{
  return set_parameter (booster, error, "verbosity", "0")
         && set_parameter (booster, error, "booster", "gbtree")
         && set_parameter (booster, error, "objective", n_class > 1 ? "multi:softprob" : "reg:squarederror")
         && (n_class == 1 || set_parameter (booster, error, "num_class", "%u", n_class))
         && set_parameter (booster, error, "tree_method", "hist")
         && set_parameter (booster, error, "disable_default_eval_metric", "1")
         && set_parameter (booster, error, "max_depth", "%u", options->depth)
         && set_parameter (booster, error, "max_bin", "%u", options->bins)
         && set_parameter (booster, error, "num_parallel_tree", "%u", MAX (options->forest, 1))
         && set_number (booster, error, "eta", options->learning_rate)
         && set_number (booster, error, "subsample", options->row_part)
         && set_number (booster, error, "colsample_bytree", options->column_part)
         && set_number (booster, error, "min_child_weight", options->min_weight)
         && set_parameter (booster, error, "nthread", "%u", options->threads)
         && set_parameter (booster, error, "seed", "%u", options->seed);
}

static gboolean
boost (BoosterHandle booster, DMatrixHandle matrix, guint rounds, SaxidTreesProgress progress,
       gpointer data, GError **error)
{
  for (guint round = 0; round < rounds; round++)
    {
      if (XGBoosterUpdateOneIter (booster, (int) round, matrix) != 0)
        return fail (error, "training");
      if (progress != NULL && !progress (round + 1, rounds, data))
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_CANCELLED,
                       "training stopped after %u of %u rounds", round + 1, rounds);
          return FALSE;
        }
    }
  return TRUE;
}

/* The first prediction configures the learner, which is not safe from two threads
 * at once; so it is made before anybody else can. It also shows whether the trees
 * know as many classes as they should. */
static gboolean
settle (const SaxidTrees *trees, GError **error)
{
  g_autofree float *features = g_new0 (float, trees->columns);
  g_autofree float *margin = g_new0 (float, trees->n_class);

  return saxid_trees_margin (trees, features, 1, margin, error);
}

/* n_class 1: label has values. */
static SaxidTrees *
train (const float *features, gsize rows, gsize columns, const float *label, guint n_class, const SaxidTreesOptions *options,
       SaxidTreesProgress progress, gpointer data, GError **error)
{
  g_autoptr (SaxidTrees) trees = g_new0 (SaxidTrees, 1);
  DMatrixHandle matrix = NULL;
  gboolean done;

  trees->n_class = n_class;
  trees->columns = columns;
  done = (XGDMatrixCreateFromMat_omp (features, rows, columns, NAN, &matrix, (int) options->threads) == 0
          && XGDMatrixSetFloatInfo (matrix, "label", label, rows) == 0
          && XGBoosterCreate (&matrix, 1, &trees->booster) == 0)
         || fail (error, "training data");
  done = done && configure (trees->booster, n_class, options, error)
         && boost (trees->booster, matrix, options->rounds, progress, data, error);
  if (matrix != NULL)
    XGDMatrixFree (matrix);
  /* one thread from here on: the host owns parallelism */
  if (!done || !set_parameter (trees->booster, error, "nthread", "1") || !settle (trees, error))
    return NULL;
  return g_steal_pointer (&trees);
}

SaxidTrees *
saxid_trees_train (const float *features, gsize rows, gsize columns, const guint8 *label,
                   guint n_class, const SaxidTreesOptions *options, SaxidTreesProgress progress,
                   gpointer data, GError **error)
{
  g_autofree float *label_float = g_new (float, rows);

  for (gsize k = 0; k < rows; k++)
    label_float[k] = label[k];
  return train (features, rows, columns, label_float, n_class, options, progress, data, error);
}

SaxidTrees *
saxid_trees_train_values (const float *features, gsize rows, gsize columns, const float *value,
                          const SaxidTreesOptions *options, SaxidTreesProgress progress, gpointer data, GError **error)
{
  return train (features, rows, columns, value, 1, options, progress, data, error);
}

GBytes *
saxid_trees_to_bytes (const SaxidTrees *trees, GError **error)
{
  const char *bytes;
  bst_ulong size;

  if (XGBoosterSaveModelToBuffer (trees->booster, "{\"format\": \"ubj\"}", &size, &bytes) != 0)
    {
      fail (error, "saving");
      return NULL;
    }
  return g_bytes_new (bytes, size);
}

SaxidTrees *
saxid_trees_from_bytes (GBytes *bytes, guint n_class, gsize columns, GError **error)
{
  g_autoptr (SaxidTrees) trees = g_new0 (SaxidTrees, 1);
  bst_ulong found = 0;
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  if (!saxid_trees_check (bytes, n_class, columns, error))
    return NULL;
  trees->n_class = n_class;
  trees->columns = columns;
  if (XGBoosterCreate (NULL, 0, &trees->booster) != 0
      || XGBoosterSetParam (trees->booster, "verbosity", "0") != 0
      || XGBoosterSetParam (trees->booster, "nthread", "1") != 0 /* loading starts threads otherwise */
      || XGBoosterLoadModelFromBuffer (trees->booster, data, size) != 0
      || XGBoosterSetParam (trees->booster, "nthread", "1") != 0
      || XGBoosterGetNumFeature (trees->booster, &found) != 0)
    {
      fail (error, "loading");
      return NULL;
    }
  if (found != columns)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL,
                   "boosted trees take %" G_GUINT64_FORMAT " columns, %" G_GSIZE_FORMAT " are needed",
                   (guint64) found, columns);
      return NULL;
    }
  if (!settle (trees, error))
    return NULL;
  return g_steal_pointer (&trees);
}

void
saxid_trees_free (SaxidTrees *trees)
{
  if (trees == NULL)
    return;
  if (trees->booster != NULL)
    XGBoosterFree (trees->booster);
  g_free (trees);
}

gboolean
saxid_trees_margin (const SaxidTrees *trees, const float *features, gsize rows, float *margin,
                    GError **error)
{
  static const char config[] = "{\"type\": 1, \"training\": false, \"iteration_begin\": 0, "
                               "\"iteration_end\": 0, \"strict_shape\": true, \"missing\": NaN, "
                               "\"cache_id\": 0}";
  g_autofree char *array = NULL;
  const bst_ulong *shape;
  bst_ulong rank, count = 1;
  const float *result;

  array = g_strdup_printf ("{\"data\": [%" G_GUINT64_FORMAT ", true], \"shape\": [%" G_GSIZE_FORMAT
                           ", %" G_GSIZE_FORMAT "], \"typestr\": \"<f4\", \"version\": 3}",
                           (guint64) (guintptr) features, rows, trees->columns);
  if (XGBoosterPredictFromDense (trees->booster, array, config, NULL, &shape, &rank, &result) != 0)
    return fail (error, "prediction");
  for (bst_ulong k = 0; k < rank; k++)
    count *= shape[k];
  if (count != rows * trees->n_class)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL,
                   "boosted trees answer with %" G_GUINT64_FORMAT " values for %" G_GSIZE_FORMAT
                   " curves, %u classes are needed",
                   (guint64) count, rows, trees->n_class);
      return FALSE;
    }
  memcpy (margin, result, rows * trees->n_class * sizeof (float));
  return TRUE;
}
