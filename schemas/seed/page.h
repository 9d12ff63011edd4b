/* Fits to begin with, as other programs open them.
 *
 *   project    SasView's project (File > Open Project), one page for each fit
 *   clipboard  the text that SasView's Edit > Paste Params takes
 *   bumps      a script for bumps and sasmodels
 *
 * Units: q 1/Å, lengths Å, SLD 1e-6/Å², scale and background those of the data.
 * Thread: pure.
 */
#pragma once

#include "reducers/curve.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name;    /* sasmodels' */
  double value, error; /* error NAN: not known */
  double lower, upper; /* infinite: none */
  gboolean vary;
} SaxidSeedParameter;

typedef struct
{
  const char *file;    /* where the curve is from, without directory */
  const char *title;   /* of the page, "run.nxs 3 core_shell_sphere" */
  const char *curve_title; /* … and of the curve alone, as an export names it */
  const SaxidCurve *curve;
  double q_min, q_max; /* within which the fit holds, 1/Å */
  gboolean absolute;   /* intensity in 1/cm */
  const char *model, *category; /* sasmodels' name, SasView's category */
  guint n_parameter;   /* with scale and background first */
  const SaxidSeedParameter *parameter;
  SaxidSeedParameter width; /* of the size `width.name`, sigma/mean; NULL: nothing has a width */
  double reduced_chi2;
} SaxidSeedPage;

/* Free with g_free. Shape: page n. */
char *saxid_seed_project (guint n, const SaxidSeedPage *page);
/* One page for all curves, which SasView fits one after the other: each begins with the
 * parameters of the first; of the others only the curve counts. */
char *saxid_seed_batch (guint n, const SaxidSeedPage *page);
char *saxid_seed_clipboard (const SaxidSeedPage *page);
/* data: the name of a file that sasmodels can load, which the script reads where none is
 * given to it. */
char *saxid_seed_bumps (const SaxidSeedPage *page, const char *data);

G_END_DECLS
