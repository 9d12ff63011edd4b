/* Is a curve that of a disordered material rather than of a particle?
 *
 * Thread: see material.h.
 */
#include "plugin/material.h"

#include <math.h>
#include <string.h>

#include "models/fit/contest.h"
#include "models/materials/values.h"
#include "reducers/error.h"

/* Form factors that come nearer than this have explained the curve. */
#define EXPLAINED 0.5
/* … unless they are particles of rare widths or of many parameters. */
#define FAR_FETCHED -6.0
/* How often a curve is that of a material before anything is known, of those that are outliers to the network, and of others. */
#define OF_OUTLIERS 0.5
#define OF_OTHERS 0.05
/* … and where the user says what the material is made of. */
#define OF_TOLD 1.0
/* A curve without a feature may be of many things: random phases are told where noise is no more than this part of I. */
#define MOST_NOISE 0.03
/* Part of the probability that a class needs to be in the set. */
#define IN_SET 0.05f

#define N_KNOWN 4
static const struct
{
  const char *name;
  gsize offset;
} keys[N_KNOWN] = {
  { "porosity", G_STRUCT_OFFSET (SaxidMaterialKnown, porosity) },
  { "contrast", G_STRUCT_OFFSET (SaxidMaterialKnown, contrast) },
  { "density", G_STRUCT_OFFSET (SaxidMaterialKnown, density) },
  { "per_density", G_STRUCT_OFFSET (SaxidMaterialKnown, per_density) },
};

void
saxid_material_add_classes (struct saxid_context *context, gboolean wanted)
{
  static const SaxidMaterialKind kinds[] = { SAXID_MATERIAL_TWO, SAXID_MATERIAL_THREE };
  const SaxidForms forms = saxid_model_forms (context->model);
  GPtrArray *names = g_ptr_array_new ();

  context->materials = wanted && context->fits == SAXID_FITS_WEIGHED && saxid_seeds_possible (&forms);
  for (guint k = 0; k < forms.n_class; k++)
    g_ptr_array_add (names, g_strdup (forms.class_name[k]));
  for (guint k = 0; context->materials && k < G_N_ELEMENTS (kinds); k++)
    g_ptr_array_add (names, g_strdup (saxid_material_kind_class (kinds[k])));
  context->n_class = names->len;
  g_ptr_array_add (names, NULL);
  context->class_name = (char **) g_ptr_array_free (names, FALSE);
}

/* Whether the user says anything of a material: then it is one. */
static gboolean
is_told (const SaxidMaterialKnown *known)
{
  for (gsize k = 0; k < N_KNOWN; k++)
    if (G_STRUCT_MEMBER (double, known, keys[k].offset) != 0)
      return TRUE;
  return FALSE;
}

static guint
class_of (const struct saxid_context *context, SaxidMaterialKind kind)
{
  guint class = 0;

  while (strcmp (context->class_name[class], saxid_material_kind_class (kind)) != 0)
    class++;
  return class;
}

/* The classes of particles share what is left, and the best of all becomes the label. */
static void
share_out (const struct saxid_context *context, guint class, double p, SaxidJudgement *judgement, float *probability,
           guint8 *in_set)
{
  const guint n_particle = context->model->predictor->n_class;

  for (guint k = 0; k < n_particle; k++)
    {
      probability[k] *= (float) (1 - p);
      in_set[k] = in_set[k] != 0 && p < 1 - (double) IN_SET;
    }
  probability[class] = (float) p;
  in_set[class] = p > (double) IN_SET;
  judgement->label = 0;
  for (guint k = 1; k < context->n_class; k++)
    if (probability[k] > probability[judgement->label])
      judgement->label = (int) k;
  judgement->confidence = probability[judgement->label];
  if (judgement->label != (int) class)
    return;
  judgement->outlier = FALSE; /* of the particles it is one, and its score still says so */
  saxid_material_say (&judgement->material, judgement->note, sizeof judgement->note);
}

gboolean
saxid_material_weigh (const SaxidMaterialKnown *known, const SaxidCurve *curve, const SaxidFitSigns *signs,
                      SaxidMaterialAnswer *answer, double *p)
{
  const gboolean told = is_told (known);
  double weight;

  if ((!told && !signs->is_strange && signs->misfit < EXPLAINED && signs->log_weight > FAR_FETCHED) || !saxid_material_answer (curve, known, answer, NULL)
      || answer->status != SAXID_MATERIAL_FOUND
      || (!told && answer->fit.kind == SAXID_MATERIAL_RANDOM && answer->noise > MOST_NOISE))
    return FALSE;
  weight = saxid_contest_log_weight (answer->misfit, answer->fit.n_free, told ? OF_TOLD : signs->is_strange ? OF_OUTLIERS : OF_OTHERS);
  *p = 1 / (1 + exp (signs->log_weight - weight));
  return TRUE;
}

gboolean
saxid_material_judge (const struct saxid_context *context, const SaxidCurve *curve, const SaxidFitSigns *signs,
                      SaxidJudgement *judgement, float *probability, guint8 *in_set)
{
  SaxidMaterialAnswer *answer = &judgement->material;
  double p;

  memset (probability + context->model->predictor->n_class, 0,
          (context->n_class - context->model->predictor->n_class) * sizeof *probability);
  memset (in_set + context->model->predictor->n_class, 0, context->n_class - context->model->predictor->n_class);
  if (!context->materials || judgement->status != SAXID_VERDICT_OK
      || !saxid_material_weigh (&context->known, curve, signs, answer, &p))
    return FALSE;
  share_out (context, class_of (context, answer->fit.kind), p, judgement, probability, in_set);
  return TRUE;
}

gboolean
saxid_material_from_json (JsonNode *node, SaxidMaterialKnown *known, GError **error)
{
  JsonObjectIter member;
  const char *name;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "configuration 'material' is no object");
      return FALSE;
    }
  *known = (SaxidMaterialKnown) { 0 };
  json_object_iter_init (&member, json_node_get_object (node));
  while (json_object_iter_next (&member, &name, &value))
    {
      gsize k = 0;

      while (k < N_KNOWN && strcmp (keys[k].name, name) != 0)
        k++;
      if (k == N_KNOWN || !JSON_NODE_HOLDS_VALUE (value)
          || (json_node_get_value_type (value) != G_TYPE_DOUBLE && json_node_get_value_type (value) != G_TYPE_INT64))
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                       "configuration 'material' has '%.40s', numbers of porosity, contrast, density and per_density are possible",
                       name);
          return FALSE;
        }
      G_STRUCT_MEMBER (double, known, keys[k].offset) = json_node_get_double (value);
    }
  return saxid_material_known_check (known, error);
}

void
saxid_material_to_json (const SaxidMaterialKnown *known, JsonBuilder *builder)
{
  if (!is_told (known))
    return;
  json_builder_set_member_name (builder, "material");
  json_builder_begin_object (builder);
  for (gsize k = 0; k < N_KNOWN; k++)
    if (G_STRUCT_MEMBER (double, known, keys[k].offset) != 0)
      {
        json_builder_set_member_name (builder, keys[k].name);
        json_builder_add_double_value (builder, G_STRUCT_MEMBER (double, known, keys[k].offset));
      }
  json_builder_end_object (builder);
}
