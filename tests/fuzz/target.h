/* What the fuzz targets share: warnings that end them, errors that are looked at, and a
 * file that holds the input. */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "reducers/error.h"

static inline void
stop_at_warning (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  (void) data;
  fprintf (stderr, "%s: %s\n", domain != NULL ? domain : "-", message);
  if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)) != 0)
    abort ();
}

/* A warning of GLib is a mistake of ours: it ends a target in a way that libFuzzer sees. */
static inline void
be_strict (void)
{
  g_log_set_default_handler (stop_at_warning, NULL);
}

/* One of ours, one line, nothing in it that acts on a terminal. */
static inline void
check_error (const GError *error)
{
  g_assert_nonnull (error);
  g_assert_true (error->domain == SAXID_ERROR);
  for (const char *c = error->message; *c != '\0'; c++)
    g_assert_false (g_ascii_iscntrl (*c));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

/* The input and a terminator that is not part of it. g_free. */
static inline char *
terminated (const uint8_t *bytes, size_t n)
{
  char *text = g_malloc (n + 1);

  if (n > 0)
    memcpy (text, bytes, n);
  text[n] = '\0';
  return text;
}

/* Reads every byte, for the sanitizer to see whether it is there. */
static inline void
touch (const void *bytes, gsize n)
{
  const volatile guint8 *at = bytes;

  for (gsize k = 0; at != NULL && k < n; k++)
    (void) at[k];
}

/* A file with a name, because HDF5 resolves the name that it opens, in memory where the
 * system has such a directory. Unlink it, and g_free the name. */
static inline char *
memory_file (const uint8_t *bytes, size_t n)
{
  const char *shared = g_access ("/dev/shm", W_OK) == 0 ? "/dev/shm" : g_get_tmp_dir ();
  char *path = g_build_filename (shared, "saxid-fuzz-XXXXXX", NULL);
  const int fd = g_mkstemp (path);

  if (fd < 0 || write (fd, bytes, n) != (ssize_t) n)
    abort ();
  close (fd);
  return path;
}
