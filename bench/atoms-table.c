/* How often does the exhaustive fit find the particle that a curve is of?
 *
 *   atoms-table CURVES SEED KIND [MODE]
 *
 * draws curves (models/atomic/population/draw.h), fits them, and prints a line of numbers for each: what is true, whether the curve
 * shows peaks, what is answered, and all fits. MODE: "told" (the element is), "open" (it is not), "unseen" (nor is it in the
 * table), "sizes" (the atlas lacks the true size).
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "models/atomic/population/draw.h"
#include "models/atomic/spread.h"
#include "reducers/peaks.h"

#define MOST_RADIUS 12.0

static double
seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int
main (int argc, char **argv)
{
  g_autoptr (SaxidClusterAtlas) atlas = NULL;
  const guint kind = argc > 3 ? (guint)atoi (argv[3]) : 0;

  if (argc < 3)
    return 2;
  atlas = saxid_cluster_atlas_new (MOST_RADIUS, SAXID_CLUSTER_LAST, 1);
  saxid_cluster_atlas_make (atlas, 0, MOST_RADIUS, 1);
  for (int k = 0; k < atoi (argv[1]); k++)
    {
      SaxidAtomicDraw draw;
      g_autoptr (SaxidCurve) curve = saxid_atomic_draw (atlas, kind, (guint64)atoi (argv[2]), (guint64)k, &draw);
      SaxidCurveRepairs repairs;
      SaxidClusterFit fit[SAXID_CLUSTER_FITS];
      SaxidPeaks peaks = { 0 };
      const gboolean clean = saxid_curve_clean (curve, &repairs, NULL);
      const gboolean seen = clean && saxid_peaks_find (curve, &peaks);
      double begin = seconds ();
      guint n = clean ? saxid_cluster_fit (atlas, draw.element, curve, fit, NULL) : 0;

      printf ("{\"kind\":%u,\"el\":\"%s\",\"habit\":\"%s\",\"family\":\"%s\",\"atoms\":%g,\"d\":%g,\"radius\":%g,\"width\":%g,\"b\":%g,\"surface\":%d,"
              "\"bg\":%g,\"counts\":%g,\"q1\":%g,\"q2\":%g,\"res\":%g,\"need\":%g,\"seen\":%d,\"rise\":%g,\"rerr\":%g,\"pw\":%g,\"t\":%g,\"fits\":[",
              kind, draw.element->symbol, draw.polyhedron ? saxid_polyhedron_name (draw.polyhedron) : "", draw.polyhedron ? saxid_polyhedron_family (draw.polyhedron) : "",
              draw.atoms, draw.d, draw.radius, draw.width, draw.b, (int)draw.surface, draw.background, draw.counts, draw.q_first, draw.q_last, draw.resolution,
              saxid_peaks_needed (draw.element->d), seen && peaks.is_seen, peaks.rise, peaks.rise_error, peaks.width, seconds () - begin);
      for (guint j = 0; j < n; j++)
        {
          SaxidClusterSpread s;

          saxid_cluster_spread (atlas, draw.element, curve, &fit[j], &s);
          printf ("%s{\"h\":\"%s\",\"f\":\"%s\",\"m\":%g,\"w\":%g,\"occ\":%g,\"b\":%g,\"v\":[%g,%g,%g,%g],\"s\":[%g,%g,%g,%g]}", j ? "," : "",
                  saxid_polyhedron_name (atlas->page[fit[j].page].polyhedron), saxid_polyhedron_family (atlas->page[fit[j].page].polyhedron),
                  fit[j].misfit, fit[j].width, fit[j].occupancy, fit[j].b, s.value[0], s.value[1], s.value[2], s.value[3], s.error[0], s.error[1], s.error[2], s.error[3]);
        }
      printf ("]}\n");
      fflush (stdout);
    }
  return 0;
}
