/* A warning of GLib is a mistake of ours: it ends a fuzz target in a way that libFuzzer sees. */
#pragma once

#include <stdio.h>
#include <stdlib.h>

#include <glib.h>

static void
stop_at_warning (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  (void) data;
  fprintf (stderr, "%s: %s\n", domain != NULL ? domain : "-", message);
  if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)) != 0)
    abort ();
}

static void
be_strict (void)
{
  g_log_set_default_handler (stop_at_warning, NULL);
}
