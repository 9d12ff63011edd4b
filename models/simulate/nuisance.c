/* How often does what go wrong, and how badly?
 *
 * The one place that says so. The kinds are those that measured curves of known
 * shape showed; the two of σ that are not the first to be drawn give way to it.
 *
 * Thread: const table.
 */
#include "models/simulate/nuisance.h"

static const SaxidNuisanceInfo nuisances[SAXID_N_NUISANCES] = {
  [SAXID_NUISANCE_BACKGROUND]
  = { "background", "flat background that was left", 0.5, TRUE, TRUE, 1e-3, 1 },
  [SAXID_NUISANCE_SUBTRACTION]
  = { "subtraction", "buffer over- or under-subtracted", 0.5, FALSE, FALSE, -0.02, 0.02 },
  [SAXID_NUISANCE_UPTURN] = { "upturn", "upturn at low q", 0.2, FALSE, TRUE, 0.01, 3 },
  [SAXID_NUISANCE_UPTURN_POWER] = { "upturn_power", "its exponent", 1, FALSE, FALSE, 2, 4 },
  [SAXID_NUISANCE_SHADOW] = { "shadow", "shadow of the beam stop", 0.2, FALSE, TRUE, 1.05, 1.6 },
  [SAXID_NUISANCE_DROPPED] = { "dropped", "points that are not there", 0.2, FALSE, TRUE, 0.005, 0.2 },
  [SAXID_NUISANCE_FILLED] = { "filled", "points that were interpolated", 0.1, FALSE, TRUE, 0.005, 0.1 },
  [SAXID_NUISANCE_SIGMA_FACTOR] = { "sigma_factor", "sigma wrong by a factor", 0.3, FALSE, TRUE, 0.01, 3 },
  [SAXID_NUISANCE_SIGMA_PART] = { "sigma_part", "sigma a part of I", 0.15, FALSE, TRUE, 0.005, 0.1 },
  [SAXID_NUISANCE_SIGMA_ABSENT] = { "sigma_absent", "no sigma", 0.2, FALSE, FALSE, 0, 1 },
  [SAXID_NUISANCE_SCALE] = { "scale", "absolute scale not known", 0.5, FALSE, TRUE, 1e-4, 1e4 },
  [SAXID_NUISANCE_REPULSION] = { "repulsion", "particles that repel each other", 0.15, FALSE, TRUE, 0.03, 1.5 },
  [SAXID_NUISANCE_DISCREPANCY]
  = { "discrepancy", "smooth departure from the form factor", 0.75, FALSE, TRUE, 0.003, 0.25 },
  [SAXID_NUISANCE_DISCREPANCY_LENGTH] = { "discrepancy_length", "its length in ln q", 1, FALSE, TRUE, 0.12, 1.2 },
  [SAXID_NUISANCE_STRUCTURE] = { "structure", "structure factor of hard spheres", 0.1, FALSE, TRUE, 0.02, 0.2 },
  [SAXID_NUISANCE_STRUCTURE_RADIUS] = { "structure_radius", "their radius", 1, FALSE, FALSE, 0.9, 1.6 },
  [SAXID_NUISANCE_ATTRACTION] = { "attraction", "particles in small clusters", 0.08, FALSE, TRUE, 0.05, 2 },
  [SAXID_NUISANCE_BY_PRODUCT] = { "by_product", "broad by-product", 0.12, FALSE, TRUE, 0.01, 0.5 },
  [SAXID_NUISANCE_BY_PRODUCT_PLACE] = { "by_product_place", "where it bends", 1, FALSE, FALSE, 0.1, 1 },
  [SAXID_NUISANCE_POLYMER] = { "polymer", "chains, coronas or inner structure", 0.15, FALSE, TRUE, 0.003, 0.3 },
  [SAXID_NUISANCE_POLYMER_PLACE] = { "polymer_place", "where they bend", 1, FALSE, FALSE, 0.2, 1 },
  [SAXID_NUISANCE_POLYMER_POWER] = { "polymer_power", "their exponent", 1, FALSE, FALSE, 1.5, 2.5 },
  [SAXID_NUISANCE_STEP] = { "step", "two detector positions that do not meet", 0.15, TRUE, TRUE, 0.005, 0.08 },
  [SAXID_NUISANCE_STEP_PLACE] = { "step_place", "where", 1, FALSE, FALSE, 0.1, 0.9 },
};

const SaxidNuisanceInfo *
saxid_nuisance_info (SaxidNuisance nuisance)
{
  return (guint) nuisance < SAXID_N_NUISANCES ? &nuisances[nuisance] : NULL;
}

void
saxid_nuisances_draw (SaxidRandom *random, SaxidNuisances *drawn)
{
  const guint32 of_sigma = 1u << SAXID_NUISANCE_SIGMA_FACTOR | 1u << SAXID_NUISANCE_SIGMA_PART
                           | 1u << SAXID_NUISANCE_SIGMA_ABSENT;

  drawn->present = 0;
  /* the same number of draws whatever is there, so that one does not move another */
  for (guint k = 0; k < SAXID_N_NUISANCES; k++)
    {
      const SaxidNuisanceInfo *info = &nuisances[k];
      double chance = saxid_random_unit (random), sign = saxid_random_unit (random);
      double strength = info->logarithmic ? saxid_random_log_uniform (random, info->lower, info->upper)
                                          : saxid_random_uniform (random, info->lower, info->upper);

      drawn->strength[k] = info->either_sign && sign < 0.5 ? -strength : strength;
      if (chance < info->probability && !((of_sigma >> k & 1) != 0 && (drawn->present & of_sigma) != 0))
        drawn->present |= 1u << k;
    }
}

void
saxid_nuisances_add (SaxidNuisances *drawn, const SaxidNuisances *given)
{
  for (guint k = 0; k < SAXID_N_NUISANCES; k++)
    if (SAXID_HAS_NUISANCE (given, k))
      drawn->strength[k] = given->strength[k];
  drawn->present |= given->present;
}
