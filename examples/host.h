/* Loads saxid.so and asks for its table: the same few lines in every host.
 *
 * SPDX-License-Identifier: BSD-3-Clause
 */
#pragma once

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include <saxid-plugin.h>

/* path: as `pkg-config --variable=plugindir saxid` says, with /saxid.so behind it. Ends the
 * program where there is no module, or none of this ABI. */
static inline const struct saxid_plugin *
host_load (const char *path)
{
  void *module = dlopen (path, RTLD_NOW | RTLD_LOCAL);
  saxid_plugin_query_function query
    = module ? (saxid_plugin_query_function) dlsym (module, SAXID_PLUGIN_SYMBOL) : NULL;
  const struct saxid_plugin *saxid = query ? query (SAXID_ABI_MAJOR) : NULL;

  if (saxid == NULL)
    {
      fprintf (stderr, "%s: no module of ABI %d (%s)\n", path, SAXID_ABI_MAJOR, module ? "other version" : dlerror ());
      exit (1);
    }
  return saxid;
}

/* Every function returns a number below 0 on failure, and has then filled the error. */
static inline void
host_check (int32_t result, const struct saxid_error *error)
{
  if (result >= 0)
    return;
  fprintf (stderr, "%s\n", error->message);
  exit (1);
}

/* "sphere, p = 0.97", or why not. */
static inline void
host_print (const struct saxid_plugin *saxid, const struct saxid_context *context,
            const struct saxid_verdict *verdict)
{
  struct saxid_error error = { .struct_size = sizeof error };
  char name[64];

  if (verdict->label < 0)
    {
      printf ("no class: %s\n", verdict->reason);
      return;
    }
  host_check (saxid->class_name (context, (uint32_t) verdict->label, name, sizeof name, &error), &error);
  printf ("%s, p = %.2f%s\n", name, verdict->confidence, verdict->outlier ? ", outlier" : "");
}
