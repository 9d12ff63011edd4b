/* A host that has NeXus/HDF5 files: tags every curve of a file, and shows each on the way.
 *
 *   cc files.c -o files $(pkg-config --cflags saxid) -ldl
 *   ./files /usr/lib/saxid/saxid.so FILE
 *
 * Nothing is written before job_commit; tag_file does all of it in one call.
 *
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "host.h"

int
main (int argc, char **argv)
{
  const struct saxid_plugin *saxid = host_load (argc > 1 ? argv[1] : "saxid.so");
  const struct saxid_tag_options options = { .struct_size = sizeof options, .flags = SAXID_TAG_SIDE_FILE };
  struct saxid_error error = { .struct_size = sizeof error };
  struct saxid_context *context = NULL;
  struct saxid_workspace *workspace = NULL;
  struct saxid_job *job = NULL;
  struct saxid_row row = { .struct_size = sizeof row };
  struct saxid_verdict verdict = { .struct_size = sizeof verdict };
  int32_t step;

  if (argc < 3)
    return fprintf (stderr, "usage: files MODULE FILE\n"), 2;
  /* with fits, as the program has it; without them some 0.3 ms a curve */
  host_check (saxid->open ("{\"fits\": true}", &context, &error), &error);
  host_check (saxid->workspace_new (context, &workspace, &error), &error);
  host_check (saxid->job_open (context, argv[2], &options, &job, &error), &error);
  while ((step = saxid->job_next (job, workspace, &row, &verdict, &error)) != SAXID_JOB_END)
    {
      host_check (step, &error);
      printf ("%s, frame %llu: ", row.entry, (unsigned long long) row.frame);
      host_print (saxid, context, &verdict);
    }
  host_check (saxid->job_commit (job, &error), &error);

  saxid->job_free (job);
  saxid->workspace_free (workspace);
  saxid->close (context);
  return 0;
}
