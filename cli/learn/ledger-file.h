/* A file of lines of JSON that survives any kill: first the settings of what it is about, then a
 * line for each unit that is done, written at once. A last line that is not whole is cut off.
 *
 * Thread: one thread at a time; one process at a time writes.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct SaxidLedgerFile SaxidLedgerFile;

/* A unit that is there already. */
typedef void (*SaxidLedgerUnit) (JsonObject *unit, gpointer data);

/* Opens path for writing, or makes it with its directory, and tells its units in their order.
 * head: one line of JSON, whose member "format" says what kind of ledger it is, and with which
 * a file that is there must agree; NULL: only read, whatever the settings are of this format.
 * Errors: SAXID_ERROR_IO, also where another process writes; SAXID_ERROR_FORMAT for what is no
 * such ledger; SAXID_ERROR_ARGUMENT for one of other settings. */
SaxidLedgerFile *saxid_ledger_file_open (const char *path, const char *format, const char *head, SaxidLedgerUnit take,
                                         gpointer data, GError **error);
void saxid_ledger_file_free (SaxidLedgerFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidLedgerFile, saxid_ledger_file_free)

/* The first line. */
JsonObject *saxid_ledger_file_head (const SaxidLedgerFile *file);

/* Adds a line, which is on the disk when this returns. Errors: SAXID_ERROR_IO. */
gboolean saxid_ledger_file_add (SaxidLedgerFile *file, JsonBuilder *unit, GError **error);

/* The text of a builder, one line without its end. Free with g_free. */
char *saxid_ledger_line (JsonBuilder *builder);

G_END_DECLS
