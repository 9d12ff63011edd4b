/* Which fits belong to a curve?
 *
 * Thread: see seed-curve.h.
 */
#include "cli/seed-curve.h"

#include <math.h>

#include "models/materials/values.h"
#include "plugin/material.h"
#include "plugin/verdict.h"
#include "reducers/repairs.h"
#include "reducers/peaks.h"

void
saxid_seeded_curve_free (SaxidSeededCurve *self)
{
  if (self == NULL)
    return;
  for (guint k = 0; k < self->n_seed; k++)
    {
      g_free (self->seed[k].warning);
      g_free (self->seed[k].title);
    }
  g_free (self->file);
  g_free (self->title);
  g_free (self->reason);
  g_free (self->note);
  g_free (self->probability);
  g_free (self->material);
  saxid_curve_free (self->curve);
  g_free (self);
}

static SaxidSeedParameter
parameter_of (const SaxidSeedValue *value)
{
  return (SaxidSeedParameter) { value->name, value->value, value->error, value->lower, value->upper, value->vary };
}

static void
lay_page (SaxidCurveSeed *self, const SaxidSeededCurve *curve)
{
  const SaxidShape *shape = self->seed.shape;
  SaxidSeedValue value[SAXID_SEED_PARAMETERS];
  const guint n = saxid_seed_values (&self->seed, value) - 1;

  for (guint k = 0; k < n; k++)
    self->parameter[k] = parameter_of (&value[k]);
  self->page = (SaxidSeedPage) {
    .file = curve->file, .title = self->title, .curve_title = curve->title, .curve = curve->curve, .absolute = curve->absolute,
    .model = shape->model, .category = shape->category, .n_parameter = n, .parameter = self->parameter,
    .width = parameter_of (&value[n]), .reduced_chi2 = self->seed.fit.reduced_chi2, .q_min = self->seed.q_min, .q_max = self->seed.q_max,
  };
}

static char *
title_of (const SaxidSeededCurve *curve, const char *what)
{
  return curve->stands_for > 1 ? g_strdup_printf ("%s %s (stands for %" G_GSIZE_FORMAT " curves)", curve->title, what,
                                                  curve->stands_for)
                               : g_strdup_printf ("%s %s", curve->title, what);
}

/* The model of SasView that has the curve of the material, as the first seed; or a note that none has. */
static void
add_equivalent (SaxidSeededCurve *curve)
{
  SaxidCurveSeed *self = &curve->seed[0];
  SaxidEquivalent equivalent;
  g_autofree char *before = curve->note;

  if (!saxid_material_equivalent (curve->material, &equivalent))
    {
      curve->note = isfinite (equivalent.departure)
                      ? g_strdup_printf ("%s; no model of SasView has its curve: %s, the nearest, departs by %.0f %%", before,
                                         equivalent.model, 100 * equivalent.departure)
                      : g_strdup_printf ("%s; its window is too short for a model of SasView", before);
      return;
    }
  curve->note = equivalent.is_same
                  ? g_strdup_printf ("%s; %s of SasView is the same model", before, equivalent.model)
                  : g_strdup_printf ("%s; %s of SasView has its curve within %.2g %% from q = %.3g 1/Å on, and is another model",
                                     before, equivalent.model, 100 * equivalent.departure, equivalent.q_min);
  *self = (SaxidCurveSeed) { .is_equivalent = TRUE, .class_name = saxid_material_kind_class (curve->material->fit.kind) };
  self->seed.probability = self->seed.weight = curve->material_probability;
  self->title = title_of (curve, self->class_name);
  for (guint k = 0; k < equivalent.n_value; k++)
    {
      self->parameter[k] = parameter_of (&equivalent.value[k]);
      self->unit[k] = equivalent.value[k].unit;
    }
  self->page = (SaxidSeedPage) {
    .file = curve->file, .title = self->title, .curve_title = curve->title, .curve = curve->curve, .absolute = curve->absolute,
    .model = equivalent.model, .category = equivalent.category, .n_parameter = equivalent.n_value, .parameter = self->parameter,
    .reduced_chi2 = curve->material->fit.reduced_chi2, .q_min = equivalent.q_min, .q_max = equivalent.q_max,
  };
  curve->n_seed = 1;
}

void
saxid_seeded_curve_fit (SaxidSeededCurve *curve, const SaxidModel *model, guint candidates,
                        gboolean gaussian)
{
  const SaxidForms forms = saxid_model_forms (model);
  SaxidSeed seed[SAXID_SEEDS_MOST];
  guint n;

  if (curve->probability == NULL)
    return;
  if (curve->material != NULL)
    add_equivalent (curve);
  n = saxid_seeds_find (&forms, curve->curve, curve->probability, &curve->signs.contest, candidates, seed);
  for (guint k = 0; k < n; k++)
    {
      SaxidCurveSeed *self = &curve->seed[curve->n_seed++];

      *self = (SaxidCurveSeed) { .seed = seed[k], .class_name = model->predictor->class_name[seed[k].class] };
      self->title = title_of (curve, self->class_name);
      if (gaussian)
        saxid_seed_as_gaussian (&seed[k], curve->curve, &self->seed);
      self->warning = saxid_seed_warning (&self->seed);
      lay_page (self, curve);
    }
  if (curve->n_seed == 0)
    curve->reason = g_strdup ("none of the form factors can be fitted");
}

/* Where tag calls the curve a material, that is said, and kept for its equivalent. */
static void
note_material (SaxidSeededCurve *curve, const SaxidVerdict *verdict)
{
  const SaxidMaterialKnown nothing = { 0 };
  SaxidMaterialAnswer answer;
  g_autofree char *before = NULL;
  double p;

  if (!saxid_material_weigh (&nothing, curve->curve, &curve->signs, &answer, &p)
      || p <= (1 - p) * verdict->confidence)
    return;
  curve->material = g_memdup2 (&answer, sizeof answer);
  curve->material_probability = p;
  before = g_steal_pointer (&curve->note);
  curve->note = g_strdup_printf ("%s is likelier (p = %.2f) than these form factors: saxid tag tells its lengths and pores%s%s",
                                 saxid_material_kind_class (answer.fit.kind), p, before != NULL ? "; " : "",
                                 before != NULL ? before : "");
}

static gboolean
judge (SaxidSeededCurve *curve, const SaxidModel *model, float *features, GError **error)
{
  const SaxidPredictor *predictor = model->predictor;
  g_autoptr (SaxidScratch) scratch = saxid_scratch_new (predictor, error);
  g_autofree float *probability = g_new (float, predictor->n_class);
  g_autofree guint8 *in_set = g_new (guint8, predictor->n_class);
  SaxidVerdict verdict;

  if (scratch == NULL
      || !saxid_verdict_find (model, SAXID_FITS_WEIGHED, curve->curve, scratch, &verdict, &curve->signs, probability, in_set,
                              error))
    return FALSE;
  if (verdict.reason != SAXID_REASON_NONE)
    {
      curve->reason = g_strdup ("the model says nothing of so narrow a window of q");
      return TRUE;
    }
  curve->probability = g_steal_pointer (&probability);
  note_material (curve, &verdict);
  return features == NULL || saxid_predictor_features (predictor, curve->curve, scratch, features, error);
}

/* As tag notes it: what was done to the curve, and then what is known of its source. */
static char *
note_of (const SaxidSource *source, const SaxidCurveRepairs *repairs)
{
  g_autoptr (GStrvBuilder) notes = g_strv_builder_new ();
  g_autofree char *said = saxid_curve_repairs_say (repairs);
  g_auto (GStrv) all = NULL;

  if (said != NULL)
    g_strv_builder_add (notes, said);
  g_strv_builder_addv (notes, (const char **) source->notes);
  if (source->doubt != NULL && repairs->peaks == 0)
    g_strv_builder_add (notes, source->doubt);
  all = g_strv_builder_end (notes);
  return all[0] != NULL ? g_strjoinv ("; ", all) : NULL;
}

/* Fitting programs make names of files of it: without a slash. */
static char *
name_of (const char *entry)
{
  return g_strdelimit (g_strdup (entry[0] == '/' && entry[1] != '\0' ? entry + 1 : entry), "/", '.');
}

SaxidSeededCurve *
saxid_seed_curve_read (SaxidReader *reader, const char *path, guint source, gsize frame, gboolean any_technique)
{
  const SaxidSource *from = saxid_reader_source (reader, source);
  g_autoptr (GError) unsound = NULL;
  SaxidSeededCurve *self = g_new0 (SaxidSeededCurve, 1);
  SaxidCurveRepairs repairs = { 0 };
  g_autofree char *entry = NULL, *grazing = any_technique ? NULL : saxid_technique_no_form_factor (from->technique);

  self->stands_for = 1;
  self->file = g_path_get_basename (path);
  entry = name_of (from->entry);
  self->title = from->n_frame > 1 ? g_strdup_printf ("%s %s %" G_GSIZE_FORMAT, self->file, entry, frame)
                                  : g_strdup_printf ("%s %s", self->file, entry);
  if (grazing != NULL)
    {
      self->reason = g_strdup_printf ("%s; --any-technique fits it all the same", grazing);
      return self;
    }
  self->curve = saxid_reader_curve (reader, source, frame, &unsound);
  if (self->curve != NULL && !saxid_curve_clean (self->curve, &repairs, &unsound))
    g_clear_pointer (&self->curve, saxid_curve_free);
  self->note = note_of (from, &repairs);
  if (self->curve == NULL)
    {
      self->reason = g_strdup (unsound->message);
      return self;
    }
  self->absolute = from->i_per_cm > 0;
  for (gsize k = 0; self->absolute && k < self->curve->n; k++)
    {
      self->curve->intensity[k] *= from->i_per_cm;
      if (self->curve->sigma != NULL)
        self->curve->sigma[k] *= from->i_per_cm;
    }
  return self;
}

SaxidSeededCurve *
saxid_seed_curve (const SaxidModel *model, SaxidReader *reader, const char *path, guint source, gsize frame,
                  gboolean any_technique, float *features, GError **error)
{
  SaxidSeededCurve *self = saxid_seed_curve_read (reader, path, source, frame, any_technique);
  SaxidCurve *part = self->curve != NULL ? saxid_peaks_small_angles (self->curve) : NULL;

  if (part != NULL)
    {
      saxid_curve_free (self->curve);
      self->curve = part;
    }
  if (self->curve == NULL || judge (self, model, features, error))
    return self;
  saxid_seeded_curve_free (self);
  return NULL;
}
