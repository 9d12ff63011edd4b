/* What does an instrument make of a true intensity?
 *
 * Resolution: at every point a Gaussian in q, of the beam on the detector, the
 * wavelength and (where points sum rings up to their neighbours) the ring:
 *   σ² = σ_beam² + (q σ_spread)² + Δq²/12
 * then, for a slit, the mean over its height, of q' = (q² + u²)^½, 0 < u < H;
 * I(-q) = I(q) near the beam.
 * Counting: a ring of width Δq at q subtends ΔΩ = 2π q Δq / k², k = 2π/λ
 * (exact, since q dq = k² sin 2θ d2θ), so N = flux · time · thickness · I · ΔΩ.
 * The ring is taken to lie whole on the detector.
 *
 * All that is linear in the true intensity is one sparse matrix.
 *
 * Units: q 1/Å, I 1/cm. Thread: a response is immutable once made.
 */
#include "models/simulate/response.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Beyond this many standard deviations the resolution kernel is cut: the
 * weight outside is 2.7e-3 at 3, 6e-5 at 4. */
#define KERNEL_SIGMAS 4.0
/* Nodes of the true intensity per standard deviation. The sum over a Gaussian in
 * steps of σ/2 aliases what turns faster than once in σ, and only that: 1e-9. */
#define NODES_PER_SIGMA 2.0
/* Steps of the Gaussian are longer than this part of q, or it would hold more nodes
 * than any curve has structure. */
#define LEAST_STEP 5e-4

static const double fwhm_per_sigma = 2.35482004503094938;

typedef struct
{
  double q;
  gsize step; /* on the extended grid */
} Node;

static int
compare_nodes (const void *a, const void *b)
{
  const Node *x = a, *y = b;

  return (x->q > y->q) - (x->q < y->q);
}

static double
linear_step (const SaxidInstrument *instrument)
{
  return (instrument->q_max - instrument->q_min) / (instrument->n_q - 1);
}

/* Distance of the points at q. */
static double
point_distance (const SaxidInstrument *instrument, double q)
{
  if (instrument->spacing == SAXID_SPACING_LINEAR)
    return linear_step (instrument);
  return q * log (instrument->q_max / instrument->q_min) / (instrument->n_q - 1);
}

double
saxid_instrument_resolution (const SaxidInstrument *instrument, double q)
{
  double beam = instrument->fwhm / fwhm_per_sigma;
  double spread = q * instrument->spread / fwhm_per_sigma;
  double ring = instrument->ring_width > 0 ? 0 : point_distance (instrument, q);

  return sqrt (beam * beam + spread * spread + ring * ring / 12);
}

static void
lay_points (SaxidResponse *response)
{
  const SaxidInstrument *instrument = response->instrument;
  double wave_number = 2 * G_PI / instrument->wavelength;
  double photons = instrument->flux * instrument->time * instrument->thickness;
  double step = linear_step (instrument);
  double ratio = log (instrument->q_max / instrument->q_min) / (instrument->n_q - 1);

  for (gsize k = 0; k < response->n_q; k++)
    {
      double ring;

      response->q[k] = instrument->spacing == SAXID_SPACING_LINEAR ? instrument->q_min + (double) k * step
                                                                   : instrument->q_min * exp ((double) k * ratio);
      ring = instrument->ring_width > 0 ? instrument->ring_width : point_distance (instrument, response->q[k]);
      response->counts[k] = photons * 2 * G_PI * response->q[k] * ring / (wave_number * wave_number);
    }
}

/* One kernel for all points, on the points themselves: where the resolution is the
 * beam's alone and the grid is linear and fine. Steps that fall at negative q are
 * the mirror images of positive ones; the shapes want ascending q, so the nodes
 * are sorted. */
static void
lay_same_kernel (SaxidResponse *response, double step, double sigma)
{
  const gsize reach = (gsize) ceil (KERNEL_SIGMAS * sigma / step), width = 2 * reach + 1;
  g_autofree double *kernel = g_new (double, width);
  g_autofree Node *nodes = NULL;
  g_autofree guint32 *place = NULL;
  double sum = 0;

  response->n_true = response->n_q + 2 * reach;
  response->q_true = g_new (double, response->n_true);
  nodes = g_new (Node, response->n_true);
  place = g_new (guint32, response->n_true);
  for (gsize k = 0; k < response->n_true; k++)
    nodes[k] = (Node) { fabs (response->instrument->q_min + ((double) k - (double) reach) * step), k };
  qsort (nodes, response->n_true, sizeof *nodes, compare_nodes);
  for (gsize k = 0; k < response->n_true; k++)
    {
      response->q_true[k] = nodes[k].q;
      place[nodes[k].step] = (guint32) k;
    }
  for (gsize k = 0; k < width; k++)
    {
      double x = ((double) k - (double) reach) * step / sigma;

      kernel[k] = exp (-0.5 * x * x);
      sum += kernel[k];
    }
  for (gsize k = 0; k < width; k++)
    kernel[k] /= sum;

  response->node = g_new (guint32, response->n_q * width);
  response->weight = g_new (double, response->n_q *width);
  for (gsize k = 0; k <= response->n_q; k++)
    response->row[k] = k * width;
  for (gsize k = 0; k < response->n_q; k++)
    for (gsize j = 0; j < width; j++)
      {
        response->node[k * width + j] = place[k + j];
        response->weight[k * width + j] = kernel[j];
      }
}

/* Nodes from where the resolution of the first point begins to where that of the
 * last one (through the slit) ends, in steps of a part of the resolution there. */
static GArray *
lay_nodes (const SaxidInstrument *instrument)
{
  GArray *nodes = g_array_new (FALSE, FALSE, sizeof (double));
  double far = hypot (instrument->q_max, instrument->slit);
  double first = instrument->q_min - KERNEL_SIGMAS * saxid_instrument_resolution (instrument, instrument->q_min);
  double last = far + KERNEL_SIGMAS * saxid_instrument_resolution (instrument, far);
  double q = fmax (first, 0), step = 0;

  /* one step below and one above, so that every kernel lies inside */
  q = fmax (q - saxid_instrument_resolution (instrument, q), 0);
  while (q <= last + step)
    {
      g_array_append_val (nodes, q);
      step = fmax (saxid_instrument_resolution (instrument, q) / NODES_PER_SIGMA, LEAST_STEP * q);
      q += step;
    }
  g_array_append_val (nodes, q);
  return nodes;
}

/* What of the line a node stands for. */
static double
node_width (const GArray *nodes, gsize k)
{
  double here = g_array_index (nodes, double, k);
  double before = k > 0 ? g_array_index (nodes, double, k - 1) : here;
  double after = k + 1 < nodes->len ? g_array_index (nodes, double, k + 1) : here;

  return 0.5 * (after - before);
}

static gsize
find_node (const GArray *nodes, double q)
{
  gsize low = 0, high = nodes->len;

  while (low < high)
    {
      gsize middle = (low + high) / 2;

      if (g_array_index (nodes, double, middle) < q)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* The Gaussian around q, part by part; *from is the first node. The image at
 * negative q is folded onto its mirror. A Gaussian narrower than the nodes is the
 * line between two of them. */
static void
gaussian_row (const GArray *nodes, double q, double sigma, gsize *from, GArray *weights)
{
  double first = q - KERNEL_SIGMAS * sigma, last = q + KERNEL_SIGMAS * sigma, sum = 0;
  gsize at = find_node (nodes, fmax (first, 0)), step = MIN (at, nodes->len - 2);
  double distance = g_array_index (nodes, double, step + 1) - g_array_index (nodes, double, step);

  g_array_set_size (weights, 0);
  if (sigma < 0.7 * distance)
    {
      gsize above = CLAMP (find_node (nodes, q), 1, nodes->len - 1);
      double low = g_array_index (nodes, double, above - 1), high = g_array_index (nodes, double, above);
      double part[] = { (high - q) / (high - low), (q - low) / (high - low) };

      *from = above - 1;
      g_array_append_vals (weights, part, 2);
      return;
    }
  *from = at;
  for (; at < nodes->len && g_array_index (nodes, double, at) <= last; at++)
    {
      double node = g_array_index (nodes, double, at);
      double x = (node - q) / sigma, image = (node + q) / sigma;
      double weight = exp (-0.5 * x * x) * node_width (nodes, at);

      if (image < KERNEL_SIGMAS)
        weight += exp (-0.5 * image * image) * node_width (nodes, at);
      sum += weight;
      g_array_append_val (weights, weight);
    }
  for (gsize k = 0; k < weights->len; k++)
    g_array_index (weights, double, k) /= sum;
}

static void
append_row (GArray *node, GArray *weight, gsize from, const double *part, gsize n)
{
  for (gsize k = 0; k < n; k++)
    {
      guint32 at = (guint32) (from + k);

      g_array_append_val (node, at);
    }
  g_array_append_vals (weight, part, (guint) n);
}

/* Mean over the slit of what is linear between the nodes: with s = (q'² - q²)^½,
 * P = s/H is the part of the slit below q', and the mean of q' up to there is
 * (q' s + q² ln ((q' + s)/q)) / 2 H. */
static void
slit_row (const GArray *nodes, double q, double slit, gsize *from, GArray *part)
{
  double far = hypot (q, slit), s_low = 0, moment_low = 0;
  gsize at = find_node (nodes, q);

  at = at > 0 ? at - 1 : 0;
  *from = at;
  g_array_set_size (part, 0);
  g_array_set_size (part, 1);
  g_array_index (part, double, 0) = 0;
  for (double low = q; low < far && at + 1 < nodes->len; at++)
    {
      double begin = g_array_index (nodes, double, at), end = g_array_index (nodes, double, at + 1);
      double high = fmin (end, far), s = sqrt (fmax (high * high - q * q, 0));
      double moment = 0.5 * (high * s + q * q * log ((high + s) / q));
      double mass = (s - s_low) / slit, mean = (moment - moment_low) / slit;
      double upper = (mean - begin * mass) / (end - begin);

      g_array_index (part, double, part->len - 1) += mass - upper;
      g_array_append_val (part, upper);
      low = high;
      s_low = s;
      moment_low = moment;
    }
}

/* The slit's row times the Gaussians of its nodes. */
static void
slit_times_gaussian (const SaxidInstrument *instrument, const GArray *nodes, const GArray *all, const gsize *begin,
                     const gsize *first, double q, gsize *from, double *sum, gsize *to)
{
  g_autoptr (GArray) part = g_array_new (FALSE, TRUE, sizeof (double));
  gsize slit_from;

  slit_row (nodes, q, instrument->slit, &slit_from, part);
  *from = nodes->len;
  *to = 0;
  memset (sum, 0, nodes->len * sizeof *sum);
  for (gsize k = 0; k < part->len; k++)
    {
      gsize node = slit_from + k;

      for (gsize j = begin[node]; j < begin[node + 1]; j++)
        sum[first[node] + j - begin[node]] += g_array_index (part, double, k) * g_array_index (all, double, j);
      *from = MIN (*from, first[node]);
      *to = MAX (*to, first[node] + begin[node + 1] - begin[node]);
    }
}

static void
lay_slit_rows (SaxidResponse *response, const GArray *nodes, GArray *node, GArray *weight)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) one = g_array_new (FALSE, FALSE, sizeof (double));
  g_autofree gsize *begin = g_new (gsize, nodes->len + 1), *first = g_new (gsize, nodes->len);
  g_autofree double *sum = g_new (double, nodes->len);

  for (gsize k = 0; k < nodes->len; k++)
    {
      double q = g_array_index (nodes, double, k);

      begin[k] = all->len;
      gaussian_row (nodes, q, saxid_instrument_resolution (response->instrument, q), &first[k], one);
      g_array_append_vals (all, one->data, one->len);
    }
  begin[nodes->len] = all->len;
  for (gsize k = 0; k < response->n_q; k++)
    {
      gsize from, to;

      response->row[k] = node->len;
      slit_times_gaussian (response->instrument, nodes, all, begin, first, response->q[k], &from, sum, &to);
      append_row (node, weight, from, sum + from, to - from);
    }
}

/* A Gaussian for each point, on nodes that follow the resolution. */
static void
lay_own_kernels (SaxidResponse *response)
{
  g_autoptr (GArray) nodes = lay_nodes (response->instrument);
  g_autoptr (GArray) one = g_array_new (FALSE, FALSE, sizeof (double));
  GArray *node = g_array_new (FALSE, FALSE, sizeof (guint32)), *weight = g_array_new (FALSE, FALSE, sizeof (double));

  if (response->instrument->slit > 0)
    lay_slit_rows (response, nodes, node, weight);
  else
    for (gsize k = 0; k < response->n_q; k++)
      {
        gsize from;

        response->row[k] = node->len;
        gaussian_row (nodes, response->q[k], saxid_instrument_resolution (response->instrument, response->q[k]), &from, one);
        append_row (node, weight, from, (const double *) (gconstpointer) one->data, one->len);
      }
  response->row[response->n_q] = node->len;
  response->n_true = nodes->len;
  response->q_true = (double *) (gpointer) g_array_free (g_steal_pointer (&nodes), FALSE);
  response->node = (guint32 *) (gpointer) g_array_free (node, FALSE);
  response->weight = (double *) (gpointer) g_array_free (weight, FALSE);
}

SaxidResponse *
saxid_response_new (const SaxidInstrument *instrument)
{
  SaxidResponse *response = g_new0 (SaxidResponse, 1);
  double sigma = instrument->fwhm / fwhm_per_sigma, step = linear_step (instrument);

  response->instrument = instrument;
  response->n_q = instrument->n_q;
  response->q = g_new (double, response->n_q);
  response->counts = g_new (double, response->n_q);
  response->row = g_new (gsize, response->n_q + 1);
  lay_points (response);
  if (instrument->ring_width > 0 && instrument->spacing == SAXID_SPACING_LINEAR && !(instrument->spread > 0)
      && !(instrument->slit > 0))
    lay_same_kernel (response, step, sigma);
  else
    lay_own_kernels (response);
  return response;
}

void
saxid_response_free (SaxidResponse *response)
{
  if (response == NULL)
    return;
  g_free (response->q);
  g_free (response->q_true);
  g_free (response->row);
  g_free (response->node);
  g_free (response->weight);
  g_free (response->counts);
  g_free (response);
}

void
saxid_response_smear (const SaxidResponse *response, const double *truth, double *out)
{
  for (gsize k = 0; k < response->n_q; k++)
    {
      double sum = 0;

      for (gsize j = response->row[k]; j < response->row[k + 1]; j++)
        sum += response->weight[j] * truth[response->node[j]];
      out[k] = sum;
    }
}

void
saxid_response_measure (const SaxidResponse *response, const double *truth, SaxidRandom *random, double *intensity,
                        double *sigma)
{
  saxid_response_smear (response, truth, intensity);
  for (gsize k = 0; k < response->n_q; k++)
    {
      double counts = response->counts[k], buffer = response->instrument->buffer;
      double with_sample = saxid_random_poisson (random, counts * (intensity[k] + buffer));
      double without = saxid_random_poisson (random, counts * buffer);

      intensity[k] = (with_sample - without) / counts;
      sigma[k] = sqrt (fmax (with_sample + without, 1)) / counts;
    }
}
