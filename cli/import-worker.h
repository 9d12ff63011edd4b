/* Who reads what `saxid import` is given?
 *
 * A process of the pool that archives are gone through with: a text or XML that is made to do
 * harm costs at most the limits, and the run goes on.
 *
 * Thread: one thread, and no other in the process when the worker is made.
 */
#pragma once

#include "schemas/text/file.h"

G_BEGIN_DECLS

typedef struct
{
  SaxidTextOptions text;
  double time_limit;   /* s for one file */
  double memory_limit; /* GiB of address space */
} SaxidImportOptions;

typedef struct SaxidImportWorker SaxidImportWorker;

/* Errors: SAXID_ERROR_IO. */
SaxidImportWorker *saxid_import_worker_new (const SaxidImportOptions *options, GError **error);
void saxid_import_worker_free (SaxidImportWorker *worker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidImportWorker, saxid_import_worker_free)

/* Adds the curves of a file (SaxidMeasurement) to the end of `all`, or nothing.
 * Errors: SAXID_ERROR_IO, SAXID_ERROR_LIMIT (it took too long or too much), SAXID_ERROR_DATA
 * (what schemas/text/any.h says of it). */
gboolean saxid_import_worker_read (SaxidImportWorker *worker, const char *path, GPtrArray *all, GError **error);

G_END_DECLS
