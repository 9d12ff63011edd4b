/* How good is a model on measured curves?
 *
 * What counts as right is what bench/bench-measured.py counts.
 * Thread: see evaluate-measured.h.
 */
#include "cli/learn/evaluate-measured.h"

#include <string.h>

#include "models/learn/levels.h"
#include "plugin/prior.h"
#include "plugin/verdict.h"
#include "reducers/error.h"
#include "schemas/curve/reader.h"

#define SURE 0.9 /* a wrong answer of more is one that misleads */

static const struct
{
  SaxidFits fits;
  const char *title;
} ways[] = { { SAXID_FITS_NONE, "network" }, { SAXID_FITS_TEMPLATES, "with computed curves" }, { SAXID_FITS_WEIGHED, "with fits" } };
#define N_WAY G_N_ELEMENTS (ways)

typedef struct
{
  guint n, right, family, wrong, refused;
} Count;

typedef struct
{
  const SaxidModel *model;
  SaxidScratch *scratch;
  GString *rows;
  Count shape[N_WAY], none[N_WAY];
} Measured;

/* "FILE=CLASS,CLASS" in two. */
static gboolean
split (const char *word, char *const *class_name, char **path, char ***classes, GError **error)
{
  const char *equals = strrchr (word, '=');
  gboolean known = equals != NULL && equals[1] != '\0';

  if (known)
    {
      *path = g_strndup (word, (gsize) (equals - word));
      *classes = g_strsplit (equals + 1, ",", -1);
      for (char **class = *classes; *class != NULL; class++)
        known = known && (g_strv_contains ((const char *const *) class_name, *class) || (class == *classes && strcmp (*class, SAXID_MEASURED_NONE) == 0));
    }
  if (!known)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                 "measured curve '%s' has no class of the model: FILE=CLASS is needed, or FILE=" SAXID_MEASURED_NONE, word);
  return known;
}

gboolean
saxid_evaluate_measured_check (char *const *measured, char *const *class_name, GError **error)
{
  for (guint k = 0; measured != NULL && measured[k] != NULL; k++)
    {
      g_autofree char *path = NULL;
      g_auto (GStrv) classes = NULL;
      g_autoptr (SaxidReader) reader = NULL;

      if (!split (measured[k], class_name, &path, &classes, error))
        return FALSE;
      reader = saxid_reader_open (path, &(SaxidReadOptions) { .texts = TRUE }, error);
      if (reader == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
same_family (char *const *classes, const char *label)
{
  const int family = saxid_level_of (SAXID_LEVEL_FAMILY, label);
  gboolean same = FALSE;

  for (char *const *class = classes; *class != NULL; class++)
    same = same || saxid_level_of (SAXID_LEVEL_FAMILY, *class) == family;
  return same && family >= 0;
}

static void
count (Measured *self, guint way, char *const *classes, const SaxidVerdict *verdict)
{
  const gboolean is_none = strcmp (classes[0], SAXID_MEASURED_NONE) == 0, refused = verdict->best < 0 || verdict->outlier;
  const char *label = verdict->best < 0 ? "" : self->model->predictor->class_name[verdict->best];
  const gboolean named = g_strv_contains ((const char *const *) classes, label);
  const gboolean right = is_none ? refused || named || verdict->confidence <= SAXID_LEVEL_OPEN_CLASS : named && !refused;
  Count *to = is_none ? &self->none[way] : &self->shape[way];

  to->n++;
  to->right += right;
  to->family += !refused && same_family (classes, label);
  to->wrong += !right && !refused && verdict->confidence > SURE;
  to->refused += refused;
  if (verdict->best < 0)
    g_string_append (self->rows, " abstains |");
  else
    g_string_append_printf (self->rows, " %s %.2f%s |", label, verdict->confidence, verdict->outlier ? ", refused" : "");
}

/* A curve that is none gets a row that says so. */
static gboolean
judge_curve (Measured *self, SaxidCurve *curve, char *const *classes, GError **error)
{
  float probability[SAXID_PREDICTOR_MOST_CLASSES];
  guint8 in_set[SAXID_PREDICTOR_MOST_CLASSES];
  g_autoptr (GError) cause = NULL;

  g_string_append_printf (self->rows, " %s |", classes[0]);
  if (!saxid_curve_clean (curve, NULL, &cause))
    {
      g_string_append_printf (self->rows, " – | – | %s |\n", cause->message);
      return TRUE;
    }
  for (guint way = 0; way < N_WAY; way++)
    {
      SaxidVerdict verdict;
      SaxidFitSigns signs;

      if (!saxid_verdict_find (self->model, ways[way].fits, curve, self->scratch, &verdict, &signs, probability, in_set, error))
        return FALSE;
      count (self, way, classes, &verdict);
    }
  g_string_append (self->rows, "\n");
  return TRUE;
}

static gboolean
judge_file (Measured *self, const char *word, GError **error)
{
  g_autofree char *path = NULL, *base = NULL;
  g_auto (GStrv) classes = NULL;
  g_autoptr (SaxidReader) reader = NULL;

  if (!split (word, self->model->predictor->class_name, &path, &classes, error))
    return FALSE;
  reader = saxid_reader_open (path, &(SaxidReadOptions) { .texts = TRUE }, error);
  if (reader == NULL)
    return FALSE;
  base = g_path_get_basename (path);
  for (guint s = 0; s < saxid_reader_source_count (reader); s++)
    for (gsize frame = 0; frame < saxid_reader_source (reader, s)->n_frame; frame++)
      {
        const SaxidSource *source = saxid_reader_source (reader, s);
        g_autoptr (SaxidCurve) curve = saxid_reader_curve (reader, s, frame, error);

        if (curve == NULL)
          return FALSE;
        g_string_append_printf (self->rows, "| %s, %s", base, source->entry);
        if (source->n_frame > 1)
          g_string_append_printf (self->rows, ", frame %" G_GSIZE_FORMAT, frame);
        g_string_append (self->rows, " |");
        if (!judge_curve (self, curve, classes, error))
          return FALSE;
      }
  return TRUE;
}

static void
add_counts (const Measured *self, GString *page)
{
  g_string_append_printf (page, "## Measured curves\n\nOf %u curves of known shape and %u of none, with the prior that ships. Right of none: "
                          "refused, or no class above %.1f.\n\n"
                          "| | class right | shape family right | wrong with p > %.1f | refused | of none: right | wrong with p > %.1f |\n"
                          "|---|---:|---:|---:|---:|---:|---:|\n", self->shape[0].n, self->none[0].n, SAXID_LEVEL_OPEN_CLASS, SURE, SURE);
  for (guint way = 0; way < N_WAY; way++)
    g_string_append_printf (page, "| %s | %u | %u | %u | %u | %u | %u |\n", ways[way].title, self->shape[way].right,
                            self->shape[way].family, self->shape[way].wrong, self->shape[way].refused, self->none[way].right,
                            self->none[way].wrong);
}

gboolean
saxid_evaluate_measured (const char *model_path, char *const *measured, GString *page, GError **error)
{
  g_autoptr (SaxidModel) model = saxid_model_load (model_path, error);
  g_autoptr (SaxidScratch) scratch = model != NULL ? saxid_scratch_new (model->predictor, error) : NULL;
  g_autoptr (GString) rows = g_string_new (NULL);
  Measured self = { .model = model, .scratch = scratch, .rows = rows };

  if (scratch == NULL || !saxid_prior_from_file (model->predictor, NULL, error))
    return FALSE;
  for (guint k = 0; measured[k] != NULL; k++)
    if (!judge_file (&self, measured[k], error))
      return FALSE;
  add_counts (&self, page);
  g_string_append (page, "\n| curve | is |");
  for (guint way = 0; way < N_WAY; way++)
    g_string_append_printf (page, " %s, p |", ways[way].title);
  g_string_append_printf (page, "\n|---|---|---|---|---|\n%s\n", rows->str);
  return TRUE;
}
