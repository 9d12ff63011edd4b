/* What does a sample scatter besides its particles, and because they are not alone?
 *
 * Thread: pure.
 */
#include "models/simulate/surroundings.h"

#include <math.h>

#include "models/simulate/broad-spheres.h"
#include "models/simulate/structure-factor.h"

/* (q Rg)²/3 of the first node, where it is to tell I(0). */
#define MOST_GUINIER 4.0
/* Squared radius of a sphere over its Rg². */
#define SPHERE (5.0 / 3.0)
/* sigma/mean of by-products: broad, without fringes. */
#define BLUR 0.25

/* Guinier's law of the first two nodes: Rg² / 3, Å². */
static double
slope_of (const SaxidResponse *response, const double *truth)
{
  const double a = response->q_true[0] * response->q_true[0], b = response->q_true[1] * response->q_true[1];

  return truth[0] > 0 && truth[1] > 0 && b > a ? fmax (log (truth[0] / truth[1]) / (b - a), 0) : 0;
}

/* I(0) by that law, or the highest I where the contrasts nearly cancel at q = 0. */
static double
forward_of (const SaxidResponse *response, const double *truth)
{
  double forward = truth[0] * exp (fmin (slope_of (response, truth) * response->q_true[0] * response->q_true[0], MOST_GUINIER));

  for (gsize k = 0; k < response->n_true; k++)
    forward = fmax (forward, truth[k]);
  return forward;
}

/* Particles that are not quite dilute, in the approximation of single contacts, which
 * needs to know nothing of the shape: 1/I = (1/P + ν) / I(0), ν = 2 A2 M c (Zimm 1948,
 * doi:10.1063/1.1746738). Nothing is pressed down by more than 1 + ν. */
static void
repel (const SaxidResponse *response, const SaxidNuisances *nuisances, const double *truth, double *apart)
{
  const double forward = forward_of (response, truth), strength = nuisances->strength[SAXID_NUISANCE_REPULSION];

  for (gsize k = 0; forward > 0 && k < response->n_true; k++)
    apart[k] /= 1 + strength * apart[k] / forward;
}

/* Hard spheres around the particles: of their radius of gyration, and somewhat larger. */
static void
order (const SaxidResponse *response, const SaxidNuisances *nuisances, const double *truth, double *apart)
{
  const double phi = nuisances->strength[SAXID_NUISANCE_STRUCTURE];
  const double radius = nuisances->strength[SAXID_NUISANCE_STRUCTURE_RADIUS] * sqrt (SPHERE * 3 * slope_of (response, truth));

  for (gsize k = 0; radius > 0 && k < response->n_true; k++)
    apart[k] *= saxid_structure_hard_spheres (2 * response->q_true[k] * radius, phi);
}

/* Clusters of a few particles: S(q) = 1 + A / (1 + q² ξ²), ξ some radii (Ornstein & Zernike). */
static void
attract (const SaxidResponse *response, const SaxidNuisances *nuisances, const double *truth, double *apart)
{
  const double strength = nuisances->strength[SAXID_NUISANCE_ATTRACTION];
  const double reach = 4 * 3 * slope_of (response, truth); /* (2 Rg)² */

  for (gsize k = 0; reach > 0 && k < response->n_true; k++)
    apart[k] *= 1 + strength / (1 + response->q_true[k] * response->q_true[k] * reach);
}

static const struct
{
  SaxidNuisance nuisance;
  void (*apply) (const SaxidResponse *response, const SaxidNuisances *nuisances, const double *truth, double *apart);
} interactions[] = {
  { SAXID_NUISANCE_REPULSION, repel },
  { SAXID_NUISANCE_STRUCTURE, order },
  { SAXID_NUISANCE_ATTRACTION, attract },
};

double *
saxid_surroundings_interact (const SaxidResponse *response, const SaxidNuisances *nuisances, const double *truth)
{
  double *apart = NULL;

  for (guint k = 0; k < G_N_ELEMENTS (interactions); k++)
    {
      if (!SAXID_HAS_NUISANCE (nuisances, interactions[k].nuisance))
        continue;
      if (apart == NULL)
        apart = g_memdup2 (truth, response->n_true * sizeof *truth);
      interactions[k].apply (response, nuisances, truth, apart);
    }
  return apart;
}

/* --- Besides the particles --------------------------------------------------------------- */

/* The q of the window where something of 1/q happens: part 0..1 of its logarithm. */
static double
place_in_window (const SaxidResponse *response, double part)
{
  return response->q[0] * pow (response->q[response->n_q - 1] / response->q[0], part);
}

static double
intensity_at (const SaxidResponse *response, const double *intensity, double q)
{
  gsize k = 0;

  while (k + 1 < response->n_q && response->q[k] < q)
    k++;
  return fmax (intensity[k], 0);
}

/* As strong as a part of the particles where its own curve bends. */
static void
add_by_product (const SaxidResponse *response, const SaxidNuisances *nuisances, double *intensity)
{
  const double at = place_in_window (response, nuisances->strength[SAXID_NUISANCE_BY_PRODUCT_PLACE]);
  const double height
      = nuisances->strength[SAXID_NUISANCE_BY_PRODUCT] * intensity_at (response, intensity, at) / saxid_broad_spheres (2, BLUR);

  for (gsize k = 0; k < response->n_q; k++)
    intensity[k] += height * saxid_broad_spheres (2 * response->q[k] / at, BLUR);
}

/* Chains, coronas and inner structure: flat, and then a power of q. */
static void
add_polymer (const SaxidResponse *response, const SaxidNuisances *nuisances, double *intensity)
{
  const double at = place_in_window (response, nuisances->strength[SAXID_NUISANCE_POLYMER_PLACE]);
  const double height = 2 * nuisances->strength[SAXID_NUISANCE_POLYMER] * intensity_at (response, intensity, at);
  const double power = nuisances->strength[SAXID_NUISANCE_POLYMER_POWER];

  for (gsize k = 0; k < response->n_q; k++)
    intensity[k] += height / (1 + pow (response->q[k] / at, power));
}

static void
add_upturn (const SaxidResponse *response, const SaxidNuisances *nuisances, double *intensity)
{
  double highest = 0;

  for (gsize k = 0; k < response->n_q; k++)
    highest = fmax (highest, intensity[k]);
  for (gsize k = 0; k < response->n_q; k++)
    intensity[k] += highest * nuisances->strength[SAXID_NUISANCE_UPTURN]
                    * pow (response->q[k] / response->q[0], -nuisances->strength[SAXID_NUISANCE_UPTURN_POWER]);
}

static void
add_background (const SaxidResponse *response, const SaxidNuisances *nuisances, double *intensity)
{
  for (gsize k = 0; k < response->n_q; k++)
    intensity[k] += response->instrument->buffer * nuisances->strength[SAXID_NUISANCE_BACKGROUND];
}

static const struct
{
  SaxidNuisance nuisance;
  void (*add) (const SaxidResponse *response, const SaxidNuisances *nuisances, double *intensity);
} additions[] = {
  { SAXID_NUISANCE_BY_PRODUCT, add_by_product },
  { SAXID_NUISANCE_POLYMER, add_polymer },
  { SAXID_NUISANCE_UPTURN, add_upturn },
  { SAXID_NUISANCE_BACKGROUND, add_background },
};

void
saxid_surroundings_add (const SaxidResponse *response, const SaxidNuisances *nuisances, double *intensity)
{
  for (guint k = 0; k < G_N_ELEMENTS (additions); k++)
    if (SAXID_HAS_NUISANCE (nuisances, additions[k].nuisance))
      additions[k].add (response, nuisances, intensity);
}
