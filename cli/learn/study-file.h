/* Where the results of a study are kept: a file that survives any kill.
 *
 * Lines of JSON: first the settings of the study, then one line for each unit that is
 * done, written at once. A last line that is not whole is cut off.
 *
 * Thread: one thread at a time.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct SaxidStudyFile SaxidStudyFile;

/* Called for each unit that is there already. */
typedef void (*SaxidStudyFileRead) (JsonObject *unit, gpointer data);

/* Opens or begins the file of a directory, which is made if it is not there.
 * format: its first member, which no other study has. settings: as saxid_study_file_begin_head began them, not
 * ended; NULL to read only. Takes settings.
 * Errors: SAXID_ERROR_IO, SAXID_ERROR_FORMAT, SAXID_ERROR_ARGUMENT for one of other settings. */
SaxidStudyFile *saxid_study_file_open (const char *directory, const char *format, JsonBuilder *settings, SaxidStudyFileRead read,
                                       gpointer data, GError **error);
void saxid_study_file_free (SaxidStudyFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidStudyFile, saxid_study_file_free)

/* The settings to be, with the format in front. */
JsonBuilder *saxid_study_file_begin_head (const char *format);
/* The line of a unit to be, to which more members are added. */
JsonBuilder *saxid_study_file_begin_unit (const char *unit, double seconds);
/* Ends the line and writes it. read: called on what was written, or NULL. Takes line. Errors: SAXID_ERROR_IO. */
gboolean saxid_study_file_add (SaxidStudyFile *file, const char *unit, double seconds, JsonBuilder *line, SaxidStudyFileRead read,
                               gpointer data, GError **error);

gboolean saxid_study_file_has (const SaxidStudyFile *file, const char *unit);
JsonObject *saxid_study_file_head (const SaxidStudyFile *file);
double saxid_study_file_seconds (const SaxidStudyFile *file); /* of all units */

/* Members, of lines to be and of lines that were read: absent ones are "", 0, NULL. */
void saxid_study_file_set_text (JsonBuilder *line, const char *name, const char *text);
void saxid_study_file_set_integer (JsonBuilder *line, const char *name, gint64 value);
void saxid_study_file_set_number (JsonBuilder *line, const char *name, double value);
char *saxid_study_file_text (JsonObject *object, const char *name);
double saxid_study_file_number (JsonObject *object, const char *name);
JsonArray *saxid_study_file_array (JsonObject *object, const char *name);

G_END_DECLS
