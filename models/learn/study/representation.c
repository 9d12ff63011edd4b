/* In which space are curves compared?
 *
 * All but Franke's begin with the preprocessed curve, which is learned (STD) from the
 * training rows alone. Networks are those of the paper where it tells them (CNN); the
 * auto-encoder of its supporting information could not be had, so that one is ours:
 * a convolutional encoder of the same window and pooling, and its mirror image.
 *
 * Shape: rows × width. Thread: see representation.h.
 */
#include "models/learn/study/representation.h"

#include <math.h>
#include <string.h>

#include "models/learn/components.h"
#include "models/learn/preprocess.h"
#include "models/learn/study/franke.h"
#include "models/learn/study/whiten.h"
#include "reducers/error.h"

#define MOST_COMPONENTS 200
/* Rows that a network works on at a time. */
#define PASS_BATCH 256
/* ln q has about this mean and deviation in the window of the paper. */
#define MEAN_LN_Q -3.2
#define DEVIATION_LN_Q 1.0

/* %u: what the table says, or the number of classes. The paper's network has no batch
 * normalisation; here it helps training and is then fused into the weights, so that what
 * remains has the paper's layers. */
#define CNN                                                                                            \
  "conv 64 7\nbatchnorm\nrelu\nconv 64 7\nbatchnorm\nrelu\nmaxpool 6\ndropout 0.25\n"                  \
  "conv 64 7\nbatchnorm\nrelu\nconv 256 7\nbatchnorm\nrelu\nmaxpool 6\ndropout 0.25\nglobalmax\n"      \
  "dense %u"
#define CAE                                                                                            \
  "conv 32 7\nrelu\nmaxpool 6\nconv 64 7\nrelu\nmaxpool 6\ndense %u\n"                                 \
  "dense 1536\nrelu\nreshape 64\nresize 148\nconv 32 7 same\nrelu\nresize 890\nconv 32 7 same\nrelu\nconv 1 7 same"

struct SaxidRepresentationInfo
{
  const char *name, *title;
  gboolean (*fit) (SaxidRepresentation *self, const SaxidRows *training, const SaxidRows *validation,
                   const SaxidRepresentationOptions *options, const SaxidFitHooks *hooks, GError **error);
  gboolean (*apply) (const SaxidRepresentation *self, const SaxidRows *rows, float *features, float *margin,
                     GError **error);
  gsize size;           /* of the latent vector, or points of Franke's integral */
  const char *network;  /* layers */
  SaxidLayerKind latent; /* the layer whose output is the latent vector: first of a kind */
  gboolean supervised;  /* learns the class; else the curve itself */
  SaxidFitOptions training;
};

struct SaxidRepresentation
{
  const SaxidRepresentationInfo *info;
  SaxidRepresentationOptions options;
  gsize width, n_class;
  guint n_grid;
  SaxidPreprocess **preprocess; /* [n_grid] */
  SaxidComponents *components;
  guint n_component;
  float *mean, *scale;          /* [width] of Franke's features */
  SaxidNetwork *network;
  guint latent;                 /* layer */
};

/* --- The curve itself ------------------------------------------------------------------ */

static gboolean
fit_preprocess (SaxidRepresentation *self, const SaxidRows *training, GError **error)
{
  self->n_grid = training->n_grid;
  self->preprocess = g_new0 (SaxidPreprocess *, training->n_grid);
  for (guint g = 0; g < training->n_grid; g++)
    {
      self->preprocess[g] = saxid_preprocess_new (self->options.preprocess, training->width,
                                                  training->q + g * training->width, error);
      if (self->preprocess[g] == NULL)
        return FALSE;
    }
  saxid_preprocess_fit_together (self->preprocess, self->n_grid, training->n, training->grid, training->curve);
  return TRUE;
}

/* channels: 2 puts ln q beside each curve. A measured curve comes with a grid that
 * training has not seen; the operators are then laid on that one. */
static gboolean
preprocess_rows (const SaxidRepresentation *self, const SaxidRows *rows, guint channels, float *out, GError **error)
{
  const gsize width = rows->width;
  g_autofree double *values = g_new (double, width), *spare = g_new (double, width);

  for (gsize r = 0; r < rows->n; r++)
    {
      const double *q = rows->q + rows->grid[r] * width;
      g_autoptr (SaxidPreprocess) own = NULL;
      const SaxidPreprocess *preprocess;
      float *row = out + r * channels * width;

      if (rows->grid[r] >= self->n_grid)
        {
          own = saxid_preprocess_new (self->options.preprocess, width, q, error);
          if (own == NULL)
            return FALSE;
          saxid_preprocess_restore (own, saxid_preprocess_learned (self->preprocess[0]));
        }
      preprocess = own != NULL ? own : self->preprocess[rows->grid[r]];
      for (gsize k = 0; k < width; k++)
        values[k] = (double) rows->curve[r * width + k];
      saxid_preprocess_apply (preprocess, values, spare);
      for (gsize k = 0; k < width; k++)
        row[k] = isnan (values[k]) ? 0 : (float) values[k];
      for (gsize k = 0; channels > 1 && k < width; k++)
        row[width + k] = (float) ((log (saxid_preprocess_grid (preprocess)[k]) - MEAN_LN_Q) / DEVIATION_LN_Q);
    }
  return TRUE;
}

static gboolean
fit_curve (SaxidRepresentation *self, const SaxidRows *training, const SaxidRows *validation G_GNUC_UNUSED,
           const SaxidRepresentationOptions *options G_GNUC_UNUSED, const SaxidFitHooks *hooks G_GNUC_UNUSED,
           GError **error)
{
  self->width = training->width;
  return fit_preprocess (self, training, error);
}

static gboolean
apply_curve (const SaxidRepresentation *self, const SaxidRows *rows, float *features, float *margin G_GNUC_UNUSED,
             GError **error)
{
  return preprocess_rows (self, rows, 1, features, error);
}

/* --- Franke ----------------------------------------------------------------------------- */

static void
franke_rows (const SaxidRepresentation *self, const SaxidRows *rows, float *features)
{
  g_autoptr (SaxidCurve) curve = saxid_curve_new (rows->width, FALSE, FALSE);

  for (gsize r = 0; r < rows->n; r++)
    {
      memcpy (curve->q, rows->q + rows->grid[r] * rows->width, rows->width * sizeof (double));
      for (gsize k = 0; k < rows->width; k++)
        curve->intensity[k] = (double) rows->curve[r * rows->width + k];
      saxid_franke (curve, self->info->size, features + r * self->width);
    }
}

static gboolean
fit_franke (SaxidRepresentation *self, const SaxidRows *training, const SaxidRows *validation G_GNUC_UNUSED,
            const SaxidRepresentationOptions *options G_GNUC_UNUSED, const SaxidFitHooks *hooks G_GNUC_UNUSED,
            GError **error G_GNUC_UNUSED)
{
  g_autofree float *features = NULL;

  self->width = self->info->size + 1;
  features = g_new (float, training->n * self->width);
  self->mean = g_new0 (float, self->width);
  self->scale = g_new0 (float, self->width);
  franke_rows (self, training, features);
  for (gsize k = 0; k < self->width; k++)
    {
      double sum = 0, square = 0, n = (double) training->n;

      for (gsize r = 0; r < training->n; r++)
        {
          sum += (double) features[r * self->width + k];
          square += (double) features[r * self->width + k] * (double) features[r * self->width + k];
        }
      self->mean[k] = (float) (sum / n);
      self->scale[k] = (float) (1 / sqrt (fmax (square / n - sum / n * sum / n, 1e-30)));
    }
  return TRUE;
}

/* Integrals and a length are not of one size: distances need them standardised. */
static gboolean
apply_franke (const SaxidRepresentation *self, const SaxidRows *rows, float *features, float *margin G_GNUC_UNUSED,
              GError **error G_GNUC_UNUSED)
{
  franke_rows (self, rows, features);
  for (gsize r = 0; r < rows->n; r++)
    for (gsize k = 0; k < self->width; k++)
      features[r * self->width + k] = (features[r * self->width + k] - self->mean[k]) * self->scale[k];
  return TRUE;
}

/* --- Principal components ------------------------------------------------------------- */

static gboolean
fit_pca (SaxidRepresentation *self, const SaxidRows *training, const SaxidRows *validation G_GNUC_UNUSED,
         const SaxidRepresentationOptions *options G_GNUC_UNUSED, const SaxidFitHooks *hooks G_GNUC_UNUSED,
         GError **error)
{
  g_autofree float *curves = g_new (float, training->n * training->width);

  if (!fit_preprocess (self, training, error) || !preprocess_rows (self, training, 1, curves, error))
    return FALSE;
  self->components = saxid_components_fit (curves, training->n, training->width,
                                           (guint) MIN (MOST_COMPONENTS, MIN (training->width, training->n) - 1), error);
  if (self->components == NULL)
    return FALSE;
  self->n_component = saxid_components_holding (self->components, 0.9);
  self->width = self->n_component;
  return TRUE;
}

static gboolean
apply_pca (const SaxidRepresentation *self, const SaxidRows *rows, float *features, float *margin G_GNUC_UNUSED,
           GError **error)
{
  g_autofree float *curves = g_new (float, rows->n * rows->width);

  if (!preprocess_rows (self, rows, 1, curves, error))
    return FALSE;
  saxid_components_project (self->components, self->n_component, curves, rows->n, features);
  return TRUE;
}

/* --- Networks --------------------------------------------------------------------------- */

static guint
channels_of (const SaxidRepresentation *self)
{
  return self->options.with_q ? 2 : 1;
}

/* What the network has to answer: the class, or the first channel of its input. */
static float *
targets (const SaxidRepresentationInfo *info, guint channels, gsize width, guint n_class, const SaxidLabelled *rows)
{
  float *target;

  if (info->supervised)
    {
      target = g_new0 (float, MAX (rows->rows * n_class, 1));
      for (gsize r = 0; r < rows->rows; r++)
        target[r * n_class + rows->label[r]] = 1;
      return target;
    }
  target = g_new (float, MAX (rows->rows * width, 1));
  for (gsize r = 0; r < rows->rows; r++)
    memcpy (target + r * width, rows->input + r * channels * width, width * sizeof (float));
  return target;
}

static SaxidNetwork *
make_network (const SaxidRepresentationInfo *info, guint channels, gsize width, guint n_class, guint64 seed,
              GError **error)
{
  g_autoptr (GString) text = g_string_new (info->network);
  g_autofree char *number = g_strdup_printf ("%u", info->supervised ? n_class : (guint) info->size);

  g_string_replace (text, "%u", number, 1);
  return saxid_network_new (text->str, (SaxidExtent) { channels, 1, (guint) width }, seed, error);
}

static guint
find_latent (const SaxidRepresentationInfo *info, const SaxidNetwork *network)
{
  guint latent = 0;

  while (network->layer[latent].kind != info->latent)
    latent++;
  return latent;
}

SaxidNetwork *
saxid_representation_learn (const SaxidRepresentationInfo *info, guint channels, gsize width, guint n_class,
                            const SaxidLabelled *training, const SaxidLabelled *watched, double effort, guint threads,
                            guint64 seed, const SaxidFitHooks *hooks, guint *latent, GError **error)
{
  g_autoptr (SaxidNetwork) network = NULL;
  SaxidNetwork *fused;
  g_autofree float *target = NULL, *watched_target = NULL;
  SaxidFitOptions fit = info->training;
  SaxidExamples examples = { training->rows, training->input, NULL }, watch = { watched->rows, watched->input, NULL };

  if (info->network == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "representation '%s' has no network", info->name);
      return NULL;
    }
  network = make_network (info, channels, width, n_class, seed, error);
  if (network == NULL || !saxid_network_whiten (network, training->input, training->rows, seed, error))
    return NULL;
  examples.target = target = targets (info, channels, width, n_class, training);
  watch.target = watched_target = targets (info, channels, width, n_class, watched);
  fit.loss = info->supervised ? saxid_loss_cross_entropy : saxid_loss_squared;
  fit.epochs = (guint) fmax (1, round (fit.epochs * effort));
  fit.threads = threads;
  fit.seed = seed;
  fit.batch = (guint) MIN (fit.batch, MAX (training->rows / 4, 1));
  if (!saxid_network_fit (network, &examples, watched->rows > 0 ? &watch : NULL, &fit, hooks, error))
    return NULL;
  fused = saxid_network_fuse (network);
  *latent = find_latent (info, fused);
  return fused;
}

static gboolean
fit_network (SaxidRepresentation *self, const SaxidRows *training, const SaxidRows *validation,
             const SaxidRepresentationOptions *options, const SaxidFitHooks *hooks, GError **error)
{
  const guint channels = channels_of (self);
  const gsize width = channels * training->width;
  g_autofree float *input = g_new (float, MAX (training->n * width, 1));
  g_autofree float *watched = g_new (float, MAX (validation->n * width, 1));
  const SaxidLabelled rows = { training->n, input, training->label };
  const SaxidLabelled watched_rows = { validation->n, watched, validation->label };

  if (!fit_preprocess (self, training, error) || !preprocess_rows (self, training, channels, input, error)
      || !preprocess_rows (self, validation, channels, watched, error))
    return FALSE;
  self->network = saxid_representation_learn (self->info, channels, training->width, training->n_class, &rows,
                                              &watched_rows, options->effort, options->threads, options->seed, hooks,
                                              &self->latent, error);
  if (self->network == NULL)
    return FALSE;
  self->width = saxid_extent_count (self->network->layer[self->latent].out);
  return TRUE;
}

static gboolean
apply_network (const SaxidRepresentation *self, const SaxidRows *rows, float *features, float *margin, GError **error)
{
  g_autofree float *input = g_new (float, MAX (rows->n, 1) * channels_of (self) * rows->width);
  g_autoptr (SaxidPass) pass = NULL;

  if (!preprocess_rows (self, rows, channels_of (self), input, error))
    return FALSE;
  pass = saxid_pass_new (self->network, PASS_BATCH, self->options.threads, error);
  return pass != NULL
         && saxid_pass_run (pass, input, rows->n, self->latent, features, self->info->supervised ? margin : NULL,
                            error);
}

/* --- The table --------------------------------------------------------------------------- */

static const SaxidRepresentationInfo table[] = {
  { .name = "I", .title = "the preprocessed curve", .fit = fit_curve, .apply = apply_curve },
  { .name = "Franke5", .title = "V' at 5 points and R_g", .fit = fit_franke, .apply = apply_franke, .size = 5 },
  { .name = "Franke200", .title = "V' at 200 points and R_g", .fit = fit_franke, .apply = apply_franke, .size = 200 },
  { .name = "PCA90", .title = "principal components with 90 % of the variance", .fit = fit_pca, .apply = apply_pca },
#define AUTO_ENCODER(size_)                                                                            \
  {                                                                                                    \
    .name = "CAE" #size_, .title = "convolutional auto-encoder, latent " #size_, .fit = fit_network,   \
    .apply = apply_network, .size = size_, .network = CAE, .latent = SAXID_LAYER_DENSE,                \
    .training = { .batch = 64, .epochs = 4, .rate = 2e-3, .rise = 0.1, .half = TRUE },                 \
  }
  AUTO_ENCODER (10),
  AUTO_ENCODER (50),
  AUTO_ENCODER (200),
  { .name = "CNN", .title = "convolutional network that has learned the classes", .fit = fit_network,
    .apply = apply_network, .network = CNN, .latent = SAXID_LAYER_GLOBALMAX, .supervised = TRUE,
    .training = { .batch = 64, .epochs = 16, .rate = 5e-3, .rise = 0.15, .half = TRUE } },
};

const SaxidRepresentationInfo *
saxid_representation_find (const char *name)
{
  for (guint k = 0; k < G_N_ELEMENTS (table); k++)
    if (strcmp (table[k].name, name) == 0)
      return &table[k];
  return NULL;
}

SaxidRepresentation *
saxid_representation_fit (const SaxidRepresentationInfo *info, const SaxidRows *training, const SaxidRows *validation,
                          const SaxidRepresentationOptions *options, const SaxidFitHooks *hooks, GError **error)
{
  g_autoptr (SaxidRepresentation) self = g_new0 (SaxidRepresentation, 1);

  self->info = info;
  self->options = *options;
  self->n_class = training->n_class;
  if (!info->fit (self, training, validation, options, hooks, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
saxid_representation_free (SaxidRepresentation *self)
{
  if (self == NULL)
    return;
  for (guint g = 0; g < self->n_grid; g++)
    saxid_preprocess_free (self->preprocess[g]);
  g_free (self->preprocess);
  saxid_components_free (self->components);
  g_free (self->mean);
  g_free (self->scale);
  saxid_network_free (self->network);
  g_free (self);
}

gsize
saxid_representation_width (const SaxidRepresentation *self)
{
  return self->width;
}

gboolean
saxid_representation_classifies (const SaxidRepresentation *self)
{
  return self->info->supervised;
}

gboolean
saxid_representation_apply (const SaxidRepresentation *self, const SaxidRows *rows, float *features, float *margin,
                            GError **error)
{
  return self->info->apply (self, rows, features, margin, error);
}
