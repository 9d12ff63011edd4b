/* How fast is the module, from being loaded to a verdict?
 *
 *   model-times MODULE CURVES THREADS [MODEL]
 *
 * Prints "NAME SECONDS": `open` (load, open, workspace, first verdict), `single` (one curve
 * on one thread, everything included), `batch` (one curve of a batch, on THREADS threads),
 * and "memory BYTES" (resident at most).
 */
#include <dlfcn.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "plugin/saxid-plugin.h"

#define POINTS 400
#define MOST_CLASSES 100

static double
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return (double) time.tv_sec + 1e-9 * (double) time.tv_nsec;
}

typedef struct
{
  const struct saxid_plugin *table;
  struct saxid_context *context;
  struct saxid_workspace *workspace;
  struct saxid_curve curve;
  size_t n;
  int failed;
} Job;

static int
judge (Job *job)
{
  float probability[MOST_CLASSES];
  uint8_t in_set[MOST_CLASSES];
  struct saxid_error error = { .struct_size = sizeof error };
  struct saxid_verdict verdict = { .struct_size = sizeof verdict, .n_class = MOST_CLASSES,
                                   .probability = probability, .prediction_set = in_set };

  if (job->table->process_curves (job->context, job->workspace, &job->curve, 1, &verdict, &error) >= 0)
    return 1;
  fprintf (stderr, "model-times: %s\n", error.message);
  return 0;
}

static void *
run (void *data)
{
  Job *job = data;

  for (size_t k = 0; k < job->n && !job->failed; k++)
    job->failed = !judge (job);
  return NULL;
}

/* A polydisperse-looking curve of spheres, with noise. */
static void
fill (double *q, double *intensity, double *sigma)
{
  for (int k = 0; k < POINTS; k++)
    {
      q[k] = 0.005 * pow (60, k / (POINTS - 1.0));
      intensity[k] = 1 / (1 + pow (q[k] * 40, 4)) + 1e-4 * (1 + 0.1 * sin (k * k));
      sigma[k] = 0.01 * intensity[k] + 1e-5;
    }
}

/* Of this program alone: what getrusage knows begins with its parent's. */
static void
print_memory (void)
{
  FILE *status = fopen ("/proc/self/status", "r");
  char line[256];
  long size;

  while (status != NULL && fgets (line, sizeof line, status) != NULL)
    if (sscanf (line, "VmHWM: %ld kB", &size) == 1)
      printf ("memory %ld\n", size * 1024);
  if (status != NULL)
    fclose (status);
}

int
main (int argc, char **argv)
{
  static double q[POINTS], intensity[POINTS], sigma[POINTS];
  char config[1024] = "{}";
  struct saxid_error error = { .struct_size = sizeof error };
  size_t curves, threads;
  double start = now ();
  void *module;
  const struct saxid_plugin *(*query) (uint32_t);
  Job job = { 0 }, jobs[64];
  pthread_t thread[64];

  if (argc < 4 || (threads = strtoul (argv[3], NULL, 10)) < 1 || threads > 64)
    {
      fprintf (stderr, "model-times: MODULE CURVES THREADS [MODEL] are needed\n");
      return 2;
    }
  curves = strtoul (argv[2], NULL, 10);
  if (argc > 4)
    snprintf (config, sizeof config, "{\"model\": \"%s\"}", argv[4]);
  fill (q, intensity, sigma);
  module = dlopen (argv[1], RTLD_NOW | RTLD_LOCAL);
  if (module == NULL)
    {
      fprintf (stderr, "model-times: %s\n", dlerror ());
      return 1;
    }
  *(void **) &query = dlsym (module, SAXID_PLUGIN_SYMBOL);
  job.table = query (SAXID_ABI_MAJOR);
  job.curve = (struct saxid_curve) { .struct_size = sizeof job.curve, .n = POINTS, .q = q, .intensity = intensity,
                                     .sigma = sigma };
  if (job.table->open (config, &job.context, &error) < 0
      || job.table->workspace_new (job.context, &job.workspace, &error) < 0)
    {
      fprintf (stderr, "model-times: %s\n", error.message);
      return 1;
    }
  if (!judge (&job))
    return 1;
  printf ("open %.6f\n", now () - start);

  job.n = curves;
  start = now ();
  run (&job);
  printf ("single %.9f\n", (now () - start) / (double) curves);

  for (size_t k = 0; k < threads; k++)
    {
      jobs[k] = job;
      if (job.table->workspace_new (job.context, &jobs[k].workspace, &error) < 0)
        return 1;
    }
  start = now ();
  for (size_t k = 0; k < threads; k++)
    pthread_create (&thread[k], NULL, run, &jobs[k]);
  for (size_t k = 0; k < threads; k++)
    {
      pthread_join (thread[k], NULL);
      job.failed |= jobs[k].failed;
    }
  printf ("batch %.9f\n", (now () - start) / (double) (curves * threads));
  print_memory ();
  return job.failed;
}
