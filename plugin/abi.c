/* How does the inside of saxid look from outside?
 *
 * This is the edge: GError becomes struct saxid_error, arguments are checked,
 * results are copied into what the caller allocated. No work is done here.
 *
 * Thread: the table is const; see saxid-plugin.h for the rest.
 */
#include "config.h"

#include <math.h>
#include <string.h>

#include "plugin/live.h"
#include "plugin/saxid-plugin.h"
#include "plugin/tag-file.h"
#include "plugin/tag-verdicts.h"
#include "models/materials/values.h"
#include "plugin/atoms.h"
#include "reducers/clean-text.h"
#include "reducers/error.h"
#include "reducers/repairs.h"

#define DONE 0
#define NOT_ALL 1
#define FAILED (-1)

static int32_t
fail (GError *cause, struct saxid_error *error)
{
  struct saxid_error flat = { .struct_size = sizeof flat };

  flat.code = cause->code > 0 ? cause->code : 1;
  saxid_text_fit (flat.domain, cause->domain == SAXID_ERROR ? "saxid" : g_quark_to_string (cause->domain),
             sizeof flat.domain);
  saxid_text_fit (flat.message, cause->message, sizeof flat.message);
  if (error != NULL && error->struct_size >= sizeof (uint32_t))
    {
      uint32_t size = error->struct_size;

      if (size > offsetof (struct saxid_error, message) && size < sizeof flat) /* a shorter struct ends with a NUL, too */
        saxid_text_fit (flat.message, cause->message, size - offsetof (struct saxid_error, message));
      memcpy (error, &flat, MIN (size, sizeof flat));
      error->struct_size = size;
    }
  g_error_free (cause);
  return FAILED;
}

static int32_t
refuse (struct saxid_error *error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static int32_t
refuse (struct saxid_error *error, const char *format, ...)
{
  va_list arguments;
  GError *cause;

  va_start (arguments, format);
  cause = g_error_new_valist (SAXID_ERROR, SAXID_ERROR_ARGUMENT, format, arguments);
  va_end (arguments);
  return fail (cause, error);
}

/* A flag that is not known would not be obeyed. */
#define TAG_FLAGS (SAXID_TAG_DRY_RUN | SAXID_TAG_FOLLOW_LINKS | SAXID_TAG_SIDE_FILE | SAXID_TAG_SEEDS | SAXID_TAG_KEEP_SAME \
                   | SAXID_TAG_ANY_TECHNIQUE)
#define WRITE_FLAGS (SAXID_TAG_SIDE_FILE | SAXID_TAG_KEEP_SAME)
#define LIVE_FLAGS (SAXID_LIVE_SLIT_SMEARED | SAXID_LIVE_CONTINUE)

/* Every struct of ABI 1.0 has to be there whole; later ones may be longer. */
#define CHECK_SIZE(pointer, error) CHECK_SIZE_SINCE (pointer, sizeof *(pointer), error)
#define CHECK_SIZE_SINCE(pointer, size, error)                                                       \
  do                                                                                                 \
    if ((pointer) == NULL || (pointer)->struct_size < (size))                                        \
      return refuse (error, "struct_size of '" #pointer "' is %u, %u is needed",                     \
                     (pointer) != NULL ? (pointer)->struct_size : 0, (guint) (size));                \
  while (0)

/* Whether the caller's struct is long enough to have the member. */
#define REACHES(pointer, member)                                                                     \
  ((pointer)->struct_size >= offsetof (__typeof__ (*(pointer)), member) + sizeof (pointer)->member)

static int32_t
plugin_open (const char *config_json, struct saxid_context **context, struct saxid_error *error)
{
  GError *cause = NULL;
  struct saxid_context *made;

  if (context == NULL)
    return refuse (error, "'context' is NULL");
  made = saxid_context_new (config_json, &cause);
  if (made == NULL)
    return fail (cause, error);
  *context = made;
  return DONE;
}

static int32_t
plugin_describe (const struct saxid_context *context, struct saxid_description *description,
                 struct saxid_error *error)
{
  struct saxid_description known;
  uint32_t size;

  if (context == NULL)
    return refuse (error, "'context' is NULL");
  CHECK_SIZE_SINCE (description, offsetof (struct saxid_description, n_family), error); /* as it was in 1.0 */
  saxid_context_describe (context, &known);
  size = description->struct_size;
  memcpy (description, &known, MIN (size, sizeof known));
  description->struct_size = size;
  return DONE;
}

static int32_t
plugin_class_name (const struct saxid_context *context, uint32_t index, char *name, size_t size,
                   struct saxid_error *error)
{
  if (context == NULL || name == NULL || size == 0)
    return refuse (error, "'context' or 'name' is NULL, or size is 0");
  if (index >= context->n_class)
    return refuse (error, "class index is %u, the model has %u classes", index,
                   context->n_class);
  saxid_text_fit (name, context->class_name[index], size);
  return DONE;
}

static int32_t
name_of_level (const struct saxid_context *context, SaxidLevel level, uint32_t index, char *name, size_t size,
               struct saxid_error *error)
{
  if (context == NULL || name == NULL || size == 0)
    return refuse (error, "'context' or 'name' is NULL, or size is 0");
  if (index >= saxid_level_count (level))
    return refuse (error, "index of a name is %u, the level has %u names", index, saxid_level_count (level));
  saxid_text_fit (name, saxid_level_names (level)[index], size);
  return DONE;
}

static int32_t
plugin_family_name (const struct saxid_context *context, uint32_t index, char *name, size_t size,
                    struct saxid_error *error)
{
  return name_of_level (context, SAXID_LEVEL_FAMILY, index, name, size, error);
}

static int32_t
plugin_structure_name (const struct saxid_context *context, uint32_t index, char *name, size_t size,
                       struct saxid_error *error)
{
  return name_of_level (context, SAXID_LEVEL_STRUCTURE, index, name, size, error);
}

static size_t
plugin_provenance (const struct saxid_context *context, char *json, size_t size)
{
  if (context == NULL)
    return 0;
  if (json != NULL && size > 0)
    saxid_text_fit (json, context->provenance, size);
  return strlen (context->provenance) + 1;
}

static int32_t
plugin_workspace_new (const struct saxid_context *context, struct saxid_workspace **workspace,
                      struct saxid_error *error)
{
  struct saxid_workspace *made;
  GError *cause = NULL;

  if (context == NULL || workspace == NULL)
    return refuse (error, "'context' or 'workspace' is NULL");
  made = saxid_workspace_new (context, &cause);
  if (made == NULL)
    return fail (cause, error);
  *workspace = made;
  return DONE;
}

static void
give_level (const SaxidJudgement *judgement, SaxidLevel level, float *out)
{
  if (out != NULL)
    memcpy (out, judgement->level[level], saxid_level_count (level) * sizeof *out);
}

/* Callers of 1.2 have no room for them. */
static void
give_levels (const SaxidJudgement *judgement, struct saxid_verdict *verdict)
{
  G_STATIC_ASSERT (sizeof verdict->note == SAXID_LEVEL_NOTE);
  if (!REACHES (verdict, note))
    return;
  give_level (judgement, SAXID_LEVEL_FAMILY, verdict->family);
  give_level (judgement, SAXID_LEVEL_STRUCTURE, verdict->structure);
  memcpy (verdict->note, judgement->note, sizeof verdict->note);
}

/* Callers of 1.5 have no room for it. */
static struct saxid_material *
material_of (const struct saxid_verdict *verdict)
{
  return REACHES (verdict, material) ? verdict->material : NULL;
}

static struct saxid_atoms *
atoms_of (const struct saxid_verdict *verdict)
{
  return REACHES (verdict, atoms) ? verdict->atoms : NULL;
}

static void
give_material (const SaxidMaterialAnswer *answer, struct saxid_material *material)
{
  SaxidMaterialValue value[SAXID_MATERIAL_VALUES];

  G_STATIC_ASSERT (SAXID_MATERIAL_VALUES <= SAXID_MATERIAL_NUMBERS);
  G_STATIC_ASSERT (sizeof material->reason == SAXID_MATERIAL_TEXT);
  *material = (struct saxid_material) { .struct_size = material->struct_size, .status = (int32_t) answer->status };
  if (answer->status == SAXID_MATERIAL_NOT_ASKED)
    return;
  g_strlcpy (material->kind, saxid_material_kind_class (answer->fit.kind), sizeof material->kind);
  g_strlcpy (material->basis, saxid_material_basis_name (answer->basis), sizeof material->basis);
  memcpy (material->reason, answer->reason, sizeof material->reason);
  memcpy (material->warning, answer->warning, sizeof material->warning);
  if (answer->status != SAXID_MATERIAL_FOUND)
    return;
  material->n_number = saxid_material_values (answer, value);
  for (guint k = 0; k < material->n_number; k++)
    {
      g_strlcpy (material->number[k].name, value[k].name, sizeof material->number[k].name);
      g_strlcpy (material->number[k].unit, value[k].unit, sizeof material->number[k].unit);
      material->number[k].value = value[k].value;
      material->number[k].lower = value[k].lower;
      material->number[k].upper = value[k].upper;
    }
}

/* Callers of 1.4 have no room for them. */
static void
give_repairs (const SaxidJudgement *judgement, struct saxid_verdict *verdict)
{
  g_autofree char *said = NULL;

  if (!REACHES (verdict, repairs))
    return;
  said = saxid_curve_repairs_say (&judgement->repairs);
  saxid_text_fit_words (verdict->repairs, said != NULL ? said : "", sizeof verdict->repairs);
}

static void
give_verdict (const SaxidJudgement *judgement, guint n_class, struct saxid_verdict *verdict)
{
  verdict->status = judgement->status;
  verdict->label = judgement->label;
  verdict->confidence = judgement->confidence;
  verdict->outlier_score = judgement->outlier_score;
  verdict->outlier = (uint32_t) judgement->outlier;
  verdict->coverage = judgement->coverage;
  if (verdict->probability != NULL)
    memcpy (verdict->probability, judgement->probability, n_class * sizeof (float));
  if (verdict->prediction_set != NULL)
    memcpy (verdict->prediction_set, judgement->in_set, n_class);
  memcpy (verdict->reason, judgement->reason, sizeof verdict->reason);
  give_levels (judgement, verdict);
  give_repairs (judgement, verdict);
  if (material_of (verdict) != NULL)
    give_material (&judgement->material, material_of (verdict));
  if (atoms_of (verdict) != NULL)
    saxid_atoms_give (&judgement->atoms, atoms_of (verdict));
}

/* Callers of 1.0 have no room for it. */
static struct saxid_fit *
fit_of (const struct saxid_verdict *verdict)
{
  return verdict != NULL && REACHES (verdict, fit) ? verdict->fit : NULL;
}

static void
give_fit (const SaxidSeed *seed, struct saxid_fit *fit)
{
  SaxidSeedValue value[SAXID_SEED_PARAMETERS];
  const uint32_t size = fit->struct_size;

  G_STATIC_ASSERT (SAXID_SEED_PARAMETERS <= SAXID_FIT_PARAMETERS);
  *fit = (struct saxid_fit) { .struct_size = size, .label = -1, .chi2 = NAN };
  if (seed == NULL)
    return;
  fit->label = (int32_t) seed->class;
  fit->chi2 = seed->fit.reduced_chi2;
  saxid_text_fit (fit->model, seed->shape->model, sizeof fit->model);
  fit->n_parameter = saxid_seed_values (seed, value);
  for (guint k = 0; k < fit->n_parameter; k++)
    {
      g_snprintf (fit->parameter[k].name, sizeof fit->parameter[k].name, "%s%s", value[k].name,
                  value[k].is_width ? "_pd" : "");
      fit->parameter[k].value = value[k].value;
      fit->parameter[k].error = value[k].error;
      fit->parameter[k].lower = value[k].lower;
      fit->parameter[k].upper = value[k].upper;
      fit->parameter[k].vary = (uint32_t) value[k].vary;
    }
}

static int32_t
check_levels (const struct saxid_verdict *verdict, struct saxid_error *error)
{
  const guint n_family = saxid_level_count (SAXID_LEVEL_FAMILY), n_structure = saxid_level_count (SAXID_LEVEL_STRUCTURE);

  if (!REACHES (verdict, note))
    return DONE;
  if (verdict->family != NULL && verdict->n_family < n_family)
    return refuse (error, "verdict has room for %u families, the model has %u", verdict->n_family, n_family);
  if (verdict->structure != NULL && verdict->n_structure < n_structure)
    return refuse (error, "verdict has room for %u structures, the model has %u", verdict->n_structure, n_structure);
  return DONE;
}

static int32_t
check_verdict (const struct saxid_context *context, const struct saxid_verdict *verdict,
               struct saxid_error *error)
{
  guint n_class = context->n_class;

  CHECK_SIZE_SINCE (verdict, offsetof (struct saxid_verdict, fit), error); /* as it was in 1.0 */
  if ((verdict->probability != NULL || verdict->prediction_set != NULL)
      && verdict->n_class < n_class)
    return refuse (error, "verdict has room for %u classes, the model has %u", verdict->n_class,
                   n_class);
  if (fit_of (verdict) != NULL)
    CHECK_SIZE (fit_of (verdict), error);
  if (material_of (verdict) != NULL)
    CHECK_SIZE (material_of (verdict), error);
  if (atoms_of (verdict) != NULL)
    CHECK_SIZE (atoms_of (verdict), error);
  return check_levels (verdict, error);
}

static SaxidCurve *
take_curve (const struct saxid_curve *given)
{
  const double *dq = REACHES (given, dq) ? given->dq : NULL;
  SaxidCurve *curve = saxid_curve_new (given->n, given->sigma != NULL, dq != NULL);

  memcpy (curve->q, given->q, given->n * sizeof (double));
  memcpy (curve->intensity, given->intensity, given->n * sizeof (double));
  if (given->sigma != NULL)
    memcpy (curve->sigma, given->sigma, given->n * sizeof (double));
  if (dq != NULL)
    memcpy (curve->dq, dq, given->n * sizeof (double));
  curve->slit = REACHES (given, slit_length) ? given->slit_length : 0;
  return curve;
}

#define ELEMENT(base, stride, k) ((gpointer) ((char *) (gpointer) (base) + (k) * (gsize) (stride)))
#define CONST_ELEMENT(base, stride, k) ((gconstpointer) ((const char *) (base) + (k) * (gsize) (stride)))

static int32_t
check_slit (double length, struct saxid_error *error)
{
  return length >= 0 && isfinite (length) ? DONE : refuse (error, "slit_length is %g 1/Å, 0 or more is needed", length);
}

static int32_t
check_points (const struct saxid_curve *curve, struct saxid_error *error)
{
  if (curve->n > SAXID_CURVE_POINTS)
    return refuse (error, "a curve has %" G_GSIZE_FORMAT " points, %u are possible", curve->n, SAXID_CURVE_POINTS);
  return REACHES (curve, slit_length) ? check_slit (curve->slit_length, error) : DONE;
}

static int32_t
check_curves (const struct saxid_curve *curves, size_t n, struct saxid_error *error)
{
  CHECK_SIZE_SINCE (curves, offsetof (struct saxid_curve, dq), error); /* as it was in 1.0 */
  for (size_t k = 0; k < n; k++)
    {
      const struct saxid_curve *curve = CONST_ELEMENT (curves, curves->struct_size, k);

      if (curve->struct_size != curves->struct_size)
        return refuse (error, "struct_size of curve %" G_GSIZE_FORMAT " is %u, that of the first is %u", k,
                       curve->struct_size, curves->struct_size);
      if (curve->q == NULL || curve->intensity == NULL)
        return refuse (error, "q or intensity of curve %" G_GSIZE_FORMAT " is NULL", k);
      if (check_points (curve, error) != DONE)
        return FAILED;
    }
  return DONE;
}

static int32_t
check_batch (const struct saxid_context *context, const struct saxid_curve *curves, size_t n,
             struct saxid_verdict *verdicts, struct saxid_error *error)
{
  if (check_curves (curves, n, error) != DONE || check_verdict (context, verdicts, error) != DONE)
    return FAILED;
  for (size_t k = 0; k < n; k++)
    {
      const struct saxid_verdict *verdict = ELEMENT (verdicts, verdicts->struct_size, k);

      if (verdict->struct_size != verdicts->struct_size)
        return refuse (error, "struct_size of verdict %" G_GSIZE_FORMAT " is %u, that of the first is %u",
                       k, verdict->struct_size, verdicts->struct_size);
      if (check_verdict (context, verdict, error) != DONE)
        return FAILED;
    }
  return DONE;
}

/* The judgements of a batch are kept apart until the last one is there, so that
 * a failure leaves every verdict as it was. */
static int32_t
plugin_process_curves (const struct saxid_context *context, struct saxid_workspace *workspace,
                       const struct saxid_curve *curves, size_t n, struct saxid_verdict *verdicts,
                       struct saxid_error *error)
{
  g_autofree SaxidJudgement *judgements = NULL;
  g_autofree SaxidSeed *seeds = NULL;
  g_autofree gboolean *has_seed = NULL;
  SaxidSeed candidate[SAXID_PIPELINE_CANDIDATES];
  g_autofree float *probability = NULL;
  g_autofree guint8 *in_set = NULL;
  GError *cause = NULL;
  guint n_class;
  int32_t result = DONE;

  if (context == NULL || workspace == NULL || workspace->context != context)
    return refuse (error, "'context' is NULL, or 'workspace' is not one of it");
  if (n == 0)
    return DONE;
  if (n > SAXID_BATCH_CURVES)
    return refuse (error, "there are %" G_GSIZE_FORMAT " curves, %u are possible in one call", n, SAXID_BATCH_CURVES);
  if (check_batch (context, curves, n, verdicts, error) != DONE)
    return FAILED;

  n_class = context->n_class;
  judgements = g_new (SaxidJudgement, n);
  seeds = g_new (SaxidSeed, n);
  has_seed = g_new0 (gboolean, n);
  probability = g_new (float, n * n_class);
  in_set = g_new (guint8, n * n_class);
  for (size_t k = 0; k < n; k++)
    {
      g_autoptr (SaxidCurve) curve = take_curve (CONST_ELEMENT (curves, curves->struct_size, k));

      if (!saxid_pipeline_curve (workspace, curve, &judgements[k], &cause))
        return fail (cause, error);
      if (fit_of (ELEMENT (verdicts, verdicts->struct_size, k)) != NULL)
        {
          has_seed[k] = saxid_pipeline_seeds (workspace, curve, &judgements[k], candidate) > 0;
          seeds[k] = candidate[0];
        }
      memcpy (probability + k * n_class, judgements[k].probability, n_class * sizeof (float));
      memcpy (in_set + k * n_class, judgements[k].in_set, n_class);
      judgements[k].probability = probability + k * n_class;
      judgements[k].in_set = in_set + k * n_class;
      if (judgements[k].status != SAXID_VERDICT_OK)
        result = NOT_ALL;
    }
  for (size_t k = 0; k < n; k++)
    {
      struct saxid_verdict *verdict = ELEMENT (verdicts, verdicts->struct_size, k);

      give_verdict (&judgements[k], n_class, verdict);
      if (fit_of (verdict) != NULL)
        give_fit (has_seed[k] ? &seeds[k] : NULL, fit_of (verdict));
    }
  return result;
}

static int32_t
check_frame (const struct saxid_workspace *workspace, const struct saxid_frame *frame,
             const struct saxid_integrated *integrated, struct saxid_error *error)
{
  const SaxidReduction *reduction = workspace->context->reduction;

  CHECK_SIZE (frame, error);
  if (frame->pixels == NULL)
    return refuse (error, "pixels of the frame are NULL");
  if (integrated == NULL)
    return DONE;
  CHECK_SIZE (integrated, error);
  if (reduction != NULL && integrated->capacity < saxid_reduction_bins (reduction))
    return refuse (error, "integrated curve has room for %" G_GSIZE_FORMAT " points, %" G_GSIZE_FORMAT
                   " are needed", integrated->capacity, saxid_reduction_bins (reduction));
  return DONE;
}

static void
give_plane (const double *from, gsize n, double *to)
{
  for (gsize k = 0; to != NULL && k < n; k++)
    to[k] = from != NULL ? from[k] : 0;
}

static int32_t
plugin_process_frame (const struct saxid_context *context, struct saxid_workspace *workspace,
                      const struct saxid_frame *frame, struct saxid_integrated *integrated,
                      struct saxid_verdict *verdict, struct saxid_error *error)
{
  g_autoptr (SaxidCurve) curve = NULL;
  SaxidJudgement judgement;
  SaxidSeed seed[SAXID_PIPELINE_CANDIDATES];
  GError *cause = NULL;

  if (context == NULL || workspace == NULL || workspace->context != context)
    return refuse (error, "'context' is NULL, or 'workspace' is not one of it");
  if (check_frame (workspace, frame, integrated, error) != DONE
      || check_verdict (context, verdict, error) != DONE)
    return FAILED;
  if (!saxid_pipeline_frame (workspace, frame, &curve, &judgement, &cause))
    return fail (cause, error);
  if (integrated != NULL)
    {
      integrated->n = curve->n;
      give_plane (curve->q, curve->n, integrated->q);
      give_plane (curve->intensity, curve->n, integrated->intensity);
      give_plane (curve->sigma, curve->n, integrated->sigma);
    }
  give_verdict (&judgement, context->n_class, verdict);
  if (fit_of (verdict) != NULL)
    give_fit (saxid_pipeline_seeds (workspace, curve, &judgement, seed) > 0 ? seed : NULL, fit_of (verdict));
  return judgement.status == SAXID_VERDICT_OK ? DONE : NOT_ALL;
}

static int32_t
plugin_job_open (const struct saxid_context *context, const char *path,
                 const struct saxid_tag_options *options, struct saxid_job **job,
                 struct saxid_error *error)
{
  GError *cause = NULL;
  struct saxid_job *made;

  if (context == NULL || path == NULL || job == NULL)
    return refuse (error, "'context', 'path' or 'job' is NULL");
  if (options != NULL)
    CHECK_SIZE_SINCE (options, offsetof (struct saxid_tag_options, side_dir), error); /* as it was in 1.0 */
  if (options != NULL && REACHES (options, slit_length) && check_slit (options->slit_length, error) != DONE)
    return FAILED;
  if (options != NULL && (options->flags & ~TAG_FLAGS) != 0)
    return refuse (error, "flags of the options are 0x%x, 0x%x are known", options->flags, TAG_FLAGS);
  made = saxid_job_new (context, path, options, &cause);
  if (made == NULL)
    return fail (cause, error);
  *job = made;
  return DONE;
}

static SaxidCurve *
take_element (gconstpointer curves, gsize k)
{
  const struct saxid_curve *first = curves;

  return take_curve (CONST_ELEMENT (first, first->struct_size, k));
}

static int32_t
plugin_job_curves (struct saxid_job *job, const char *i_path, const struct saxid_curve *curves, size_t n,
                   struct saxid_error *error)
{
  GError *cause = NULL;

  if (job == NULL || i_path == NULL || curves == NULL)
    return refuse (error, "'job', 'i_path' or 'curves' is NULL");
  if (check_curves (curves, n, error) != DONE)
    return FAILED;
  return saxid_job_hold (job, i_path, curves, n, take_element, &cause) ? DONE : fail (cause, error);
}

static int32_t
plugin_job_next (struct saxid_job *job, struct saxid_workspace *workspace, struct saxid_row *row,
                 struct saxid_verdict *verdict, struct saxid_error *error)
{
  SaxidJudgement judgement;
  struct saxid_row known;
  SaxidSeed seed;
  GError *cause = NULL;
  gboolean done, has_seed = FALSE;

  if (job == NULL || workspace == NULL)
    return refuse (error, "'job' or 'workspace' is NULL");
  if (row != NULL)
    CHECK_SIZE_SINCE (row, offsetof (struct saxid_row, title), error); /* as it was in 1.0 */
  if (verdict != NULL && check_verdict (workspace->context, verdict, error) != DONE)
    return FAILED;
  if (!saxid_job_next (job, workspace, &known, &judgement, fit_of (verdict) != NULL ? &seed : NULL, &has_seed, &done,
                       &cause))
    return fail (cause, error);
  if (done)
    return SAXID_JOB_END;
  if (row != NULL)
    {
      known.struct_size = row->struct_size;
      memcpy (row, &known, MIN (row->struct_size, sizeof known));
    }
  if (verdict != NULL)
    give_verdict (&judgement, workspace->context->n_class, verdict);
  if (fit_of (verdict) != NULL)
    give_fit (has_seed ? &seed : NULL, fit_of (verdict));
  return judgement.status == SAXID_VERDICT_OK ? DONE : NOT_ALL;
}

static int32_t
plugin_job_commit (struct saxid_job *job, struct saxid_error *error)
{
  GError *cause = NULL;

  if (job == NULL)
    return refuse (error, "'job' is NULL");
  return saxid_job_commit (job, &cause) ? DONE : fail (cause, error);
}

static int32_t
plugin_tag_file (const struct saxid_context *context, struct saxid_workspace *workspace,
                 const char *path, const struct saxid_tag_options *options,
                 struct saxid_error *error)
{
  struct saxid_job *job;
  int32_t step, result = DONE;

  if (plugin_job_open (context, path, options, &job, error) != DONE)
    return FAILED;
  while ((step = plugin_job_next (job, workspace, NULL, NULL, error)) != SAXID_JOB_END && step >= 0)
    result = MAX (result, step);
  if (step < 0 || plugin_job_commit (job, error) != DONE)
    result = FAILED;
  saxid_job_free (job);
  return result;
}

static int32_t
plugin_live_prepare (const struct saxid_context *context, const struct saxid_live_options *options,
                     struct saxid_live **live, struct saxid_error *error)
{
  GError *cause = NULL;
  struct saxid_live *made;

  if (context == NULL || live == NULL)
    return refuse (error, "'context' or 'live' is NULL");
  CHECK_SIZE_SINCE (options, offsetof (struct saxid_live_options, note), error); /* as it was in 1.2 */
  if (options->path == NULL || options->entry == NULL)
    return refuse (error, "'path' or 'entry' of the options is NULL");
  if ((options->flags & ~LIVE_FLAGS) != 0)
    return refuse (error, "flags of the options are 0x%x, 0x%x are known", options->flags, LIVE_FLAGS);
  made = saxid_live_new (context, options, REACHES (options, note) ? options->note : NULL, &cause);
  if (made == NULL)
    return fail (cause, error);
  *live = made;
  return DONE;
}

static int32_t
plugin_live_append (struct saxid_live *live, struct saxid_workspace *workspace, uint64_t frame,
                    const struct saxid_curve *given, struct saxid_verdict *verdict, struct saxid_error *error)
{
  g_autoptr (SaxidCurve) curve = NULL;
  SaxidJudgement judgement;
  SaxidSeed seed[SAXID_PIPELINE_CANDIDATES];
  GError *cause = NULL;

  if (live == NULL || workspace == NULL || workspace->context != saxid_live_context (live))
    return refuse (error, "'live' is NULL, or 'workspace' is not one of its context");
  if (given != NULL)
    {
      CHECK_SIZE_SINCE (given, offsetof (struct saxid_curve, dq), error);
      if (given->n > 0 && (given->q == NULL || given->intensity == NULL))
        return refuse (error, "q or intensity of frame %" G_GUINT64_FORMAT " is NULL", frame);
      if (check_points (given, error) != DONE)
        return FAILED;
      if (given->n > 0)
        curve = take_curve (given);
    }
  if (verdict != NULL && check_verdict (workspace->context, verdict, error) != DONE)
    return FAILED;
  if (!saxid_live_append (live, workspace, frame, curve, &judgement, &cause))
    return fail (cause, error);
  if (verdict != NULL)
    give_verdict (&judgement, workspace->context->n_class, verdict);
  if (fit_of (verdict) != NULL)
    give_fit (curve != NULL && saxid_pipeline_seeds (workspace, curve, &judgement, seed) > 0 ? seed : NULL,
              fit_of (verdict));
  return judgement.status == SAXID_VERDICT_OK ? DONE : NOT_ALL;
}

static int32_t
plugin_live_finish (struct saxid_live *live, struct saxid_error *error)
{
  GError *cause = NULL;

  if (live == NULL)
    return refuse (error, "'live' is NULL");
  return saxid_live_finish (live, &cause) ? DONE : fail (cause, error);
}

/* The numbers of a verdict come back from the host, who may have changed them. */
static int32_t
check_given (const struct saxid_context *context, const struct saxid_verdict *verdicts, size_t n, struct saxid_error *error)
{
  for (size_t k = 0; k < n; k++)
    {
      const struct saxid_verdict *verdict = CONST_ELEMENT (verdicts, verdicts->struct_size, k);

      if (verdict->struct_size != verdicts->struct_size)
        return refuse (error, "struct_size of verdict %" G_GSIZE_FORMAT " is %u, that of the first is %u", k,
                       verdict->struct_size, verdicts->struct_size);
      if (check_verdict (context, verdict, error) != DONE)
        return FAILED;
      if (verdict->probability == NULL || verdict->prediction_set == NULL)
        return refuse (error, "probability or prediction_set of verdict %" G_GSIZE_FORMAT " is NULL", k);
    }
  return DONE;
}

static int32_t
plugin_write_tags (const struct saxid_context *context, const char *path, const char *entry,
                   const struct saxid_verdict *verdicts, size_t n, const struct saxid_write_options *options,
                   struct saxid_error *error)
{
  GError *cause = NULL;

  if (context == NULL || path == NULL || entry == NULL)
    return refuse (error, "'context', 'path' or 'entry' is NULL");
  CHECK_SIZE (options, error);
  if ((options->flags & ~WRITE_FLAGS) != 0)
    return refuse (error, "flags of the options are 0x%x, 0x%x are possible", options->flags, WRITE_FLAGS);
  if (n == 0 || n > SAXID_BATCH_CURVES)
    return refuse (error, "there are %" G_GSIZE_FORMAT " verdicts, 1 to %u are possible", n, SAXID_BATCH_CURVES);
  if (check_verdict (context, verdicts, error) != DONE || check_given (context, verdicts, n, error) != DONE)
    return FAILED;
  return saxid_tag_verdicts (context, path, entry, verdicts, n, options, &cause) ? DONE : fail (cause, error);
}

static const struct saxid_plugin plugin = {
  .struct_size = sizeof plugin,
  .abi_major = SAXID_ABI_MAJOR,
  .abi_minor = SAXID_ABI_MINOR,
  .features = SAXID_FEATURE_FRAMES | SAXID_FEATURE_FILES | SAXID_FEATURE_LIVE,
  .name = "saxid",
  .version = PACKAGE_VERSION,
  .open = plugin_open,
  .close = saxid_context_free,
  .describe = plugin_describe,
  .class_name = plugin_class_name,
  .provenance_json = plugin_provenance,
  .workspace_new = plugin_workspace_new,
  .workspace_free = saxid_workspace_free,
  .process_curves = plugin_process_curves,
  .process_frame = plugin_process_frame,
  .tag_file = plugin_tag_file,
  .job_open = plugin_job_open,
  .job_next = plugin_job_next,
  .job_commit = plugin_job_commit,
  .job_free = saxid_job_free,
  .live_prepare = plugin_live_prepare,
  .live_append = plugin_live_append,
  .live_finish = plugin_live_finish,
  .live_free = saxid_live_free,
  .family_name = plugin_family_name,
  .structure_name = plugin_structure_name,
  .write_tags = plugin_write_tags,
  .job_curves = plugin_job_curves,
};

__attribute__ ((visibility ("default"))) const struct saxid_plugin *
saxid_plugin_query (uint32_t abi_major)
{
  return abi_major == SAXID_ABI_MAJOR ? &plugin : NULL;
}
