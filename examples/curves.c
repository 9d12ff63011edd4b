/* A host that has integrated curves: which form factor describes each?
 *
 *   cc curves.c -o curves $(pkg-config --cflags saxid) -ldl -lm
 *   ./curves /usr/lib/saxid/saxid.so
 *
 * A context (a model) may be shared by threads; each thread needs a workspace of its own.
 * Here one thread judges two curves in one call.
 *
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <math.h>

#include "host.h"

#define POINTS 300
#define CLASSES 64

/* Spheres of a radius [Å], or a Guinier law, which says less. */
static double
sphere (double q, double radius)
{
  const double x = q * radius;

  return 100 * pow (3 * (sin (x) - x * cos (x)) / (x * x * x), 2) + 0.01;
}

static double
guinier (double q, double radius)
{
  return 100 * exp (-pow (q * radius, 2) / 3) + 0.01;
}

int
main (int argc, char **argv)
{
  const struct saxid_plugin *saxid = host_load (argc > 1 ? argv[1] : "saxid.so");
  struct saxid_error error = { .struct_size = sizeof error };
  struct saxid_context *context = NULL;
  struct saxid_workspace *workspace = NULL;
  double q[POINTS], intensity[2][POINTS];
  float probability[2][CLASSES];
  struct saxid_curve curve[2];
  struct saxid_verdict verdict[2];
  struct saxid_description about = { .struct_size = sizeof about };

  host_check (saxid->open (NULL, &context, &error), &error); /* NULL: the shipped model */
  host_check (saxid->describe (context, &about, &error), &error);
  host_check (saxid->workspace_new (context, &workspace, &error), &error);
  printf ("model %s, %u classes\n", about.model_name, about.n_class);

  for (int k = 0; k < POINTS; k++)
    {
      q[k] = 0.0035 + 0.00048 * k;
      intensity[0][k] = sphere (q[k], 60);
      intensity[1][k] = guinier (q[k], 20);
    }
  for (int c = 0; c < 2; c++)
    {
      curve[c] = (struct saxid_curve) { .struct_size = sizeof curve[c], .n = POINTS, .q = q, .intensity = intensity[c] };
      verdict[c] = (struct saxid_verdict) { .struct_size = sizeof verdict[c], .n_class = CLASSES,
                                            .probability = probability[c] };
    }
  host_check (saxid->process_curves (context, workspace, curve, 2, verdict, &error), &error);
  for (int c = 0; c < 2; c++)
    host_print (saxid, context, &verdict[c]);

  saxid->workspace_free (workspace);
  saxid->close (context);
  return 0;
}
