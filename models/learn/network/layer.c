/* What layers are there, and how large is what leaves them?
 *
 * Convolution and pooling: floor ((in - window) / step) + 1, no padding but for "same".
 *
 * Thread: pure.
 */
#include "models/learn/network/layer.h"

#include <string.h>

#include "reducers/error.h"

/* A model from outside must not ask for all the memory there is. */
#define MOST_SIZE  65536
#define MOST_COUNT (1u << 26)

gsize
saxid_extent_count (SaxidExtent extent)
{
  return (gsize) extent.channels * extent.height * extent.width;
}

static void
shape_same (SaxidLayer *layer)
{
  layer->out = layer->in;
}

static void
shape_conv (SaxidLayer *layer)
{
  layer->out.channels = layer->size;
  if (!layer->same)
    {
      layer->out.height = layer->in.height - layer->height + 1;
      layer->out.width = layer->in.width - layer->width + 1;
    }
  layer->n_weight = (gsize) layer->size * layer->in.channels * layer->height * layer->width + layer->size;
}

static void
shape_pool (SaxidLayer *layer)
{
  layer->out.height = layer->in.height / layer->height;
  layer->out.width = layer->in.width / layer->width;
}

static void
shape_global (SaxidLayer *layer)
{
  layer->height = layer->in.height;
  layer->width = layer->in.width;
  layer->out.height = layer->out.width = 1;
}

static void
shape_dense (SaxidLayer *layer)
{
  layer->out = (SaxidExtent) { layer->size, 1, 1 };
  layer->n_weight = layer->size * (saxid_extent_count (layer->in) + 1);
}

static void
shape_norm (SaxidLayer *layer)
{
  layer->n_weight = layer->n_state = 2 * (gsize) layer->in.channels;
}

static void
shape_reshape (SaxidLayer *layer)
{
  layer->out = (SaxidExtent) { layer->size, 1, (guint) (saxid_extent_count (layer->in) / layer->size) };
}

static void
shape_resize (SaxidLayer *layer)
{
  layer->out.height = layer->height;
  layer->out.width = layer->width;
}

/* What follows the name: a size, a window, a rate. */
enum
{
  TAKES_SIZE = 1 << 0,
  TAKES_WINDOW = 1 << 1,
  TAKES_RATE = 1 << 2,
  MAY_BE_SAME = 1 << 3,
  FITS_WINDOW = 1 << 4 /* the window lies within what comes in */
};

static const struct
{
  const char *name;
  guint takes;
  void (*shape) (SaxidLayer *layer); /* out starts as in */
} kinds[SAXID_N_LAYERS] = {
  [SAXID_LAYER_CONV] = { "conv", TAKES_SIZE | TAKES_WINDOW | MAY_BE_SAME | FITS_WINDOW, shape_conv },
  [SAXID_LAYER_RELU] = { "relu", 0, shape_same },
  [SAXID_LAYER_MAXPOOL] = { "maxpool", TAKES_WINDOW | FITS_WINDOW, shape_pool },
  [SAXID_LAYER_GLOBALMAX] = { "globalmax", 0, shape_global },
  [SAXID_LAYER_DENSE] = { "dense", TAKES_SIZE, shape_dense },
  [SAXID_LAYER_BATCHNORM] = { "batchnorm", 0, shape_norm },
  [SAXID_LAYER_DROPOUT] = { "dropout", TAKES_RATE, shape_same },
  [SAXID_LAYER_RESHAPE] = { "reshape", TAKES_SIZE, shape_reshape },
  [SAXID_LAYER_RESIZE] = { "resize", TAKES_WINDOW, shape_resize },
  [SAXID_LAYER_KEEP] = { "keep", 0, shape_same },
  [SAXID_LAYER_ADD] = { "add", 0, shape_same },
};

static gboolean
parse_number (const char *text, guint *value)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 1, MOST_SIZE, &number, NULL))
    return FALSE;
  *value = (guint) number;
  return TRUE;
}

/* "7" or "3x7". */
static gboolean
parse_window (const char *text, SaxidLayer *layer)
{
  const char *times = strchr (text, 'x');
  g_autofree char *height = times != NULL ? g_strndup (text, (gsize) (times - text)) : g_strdup ("1");

  return parse_number (height, &layer->height) && parse_number (times != NULL ? times + 1 : text, &layer->width);
}

static gboolean
parse_words (char **words, guint takes, SaxidLayer *layer)
{
  char *end;

  if ((takes & TAKES_SIZE) != 0 && (*words == NULL || !parse_number (*words++, &layer->size)))
    return FALSE;
  if ((takes & TAKES_WINDOW) != 0 && (*words == NULL || !parse_window (*words++, layer)))
    return FALSE;
  if ((takes & TAKES_RATE) != 0)
    {
      if (*words == NULL)
        return FALSE;
      layer->rate = g_ascii_strtod (*words, &end);
      if (end == *words++ || *end != '\0' || !(layer->rate >= 0 && layer->rate < 1))
        return FALSE;
    }
  if ((takes & MAY_BE_SAME) != 0 && *words != NULL && strcmp (*words, "same") == 0)
    {
      layer->same = TRUE;
      words++;
    }
  return *words == NULL;
}

gboolean
saxid_layer_parse (const char *text, SaxidExtent in, SaxidLayer *layer, GError **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  g_auto (GStrv) words = g_strsplit (stripped, " ", -1);
  guint kind = 0, takes;

  while (kind < SAXID_N_LAYERS && g_strcmp0 (words[0], kinds[kind].name) != 0)
    kind++;
  *layer = (SaxidLayer) { .kind = (SaxidLayerKind) kind, .in = in, .out = in };
  takes = kind < SAXID_N_LAYERS ? kinds[kind].takes : 0;
  if (kind == SAXID_N_LAYERS || !parse_words (words + 1, takes, layer))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "'%s' is no layer of a network", stripped);
      return FALSE;
    }
  if ((takes & FITS_WINDOW) != 0 && !layer->same && (layer->height > in.height || layer->width > in.width))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "window of layer '%s' is larger than the %u × %u places before it", stripped, in.height, in.width);
      return FALSE;
    }
  if (kind == SAXID_LAYER_RESHAPE && saxid_extent_count (in) % layer->size != 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "layer '%s' does not divide the %" G_GSIZE_FORMAT " numbers before it", stripped,
                   saxid_extent_count (in));
      return FALSE;
    }
  kinds[kind].shape (layer);
  if (saxid_extent_count (layer->out) > MOST_COUNT || layer->n_weight > MOST_COUNT)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "layer '%s' has %" G_GSIZE_FORMAT " values and %" G_GSIZE_FORMAT " weights, %u are the limit",
                   stripped, saxid_extent_count (layer->out), layer->n_weight, MOST_COUNT);
      return FALSE;
    }
  return TRUE;
}

void
saxid_layer_fans (const SaxidLayer *layer, double *fan_in, double *fan_out)
{
  double places = (double) layer->height * layer->width;

  *fan_in = *fan_out = 0;
  if (layer->kind == SAXID_LAYER_CONV)
    {
      *fan_in = layer->in.channels * places;
      *fan_out = layer->size * places;
    }
  else if (layer->kind == SAXID_LAYER_DENSE)
    {
      *fan_in = (double) saxid_extent_count (layer->in);
      *fan_out = layer->size;
    }
}
