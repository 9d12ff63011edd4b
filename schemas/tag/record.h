/* All that one run of curves gets written into a file, without an HDF5 type.
 *
 * Shape: arrays of n_curve, or of n_curve × n_class with the class fastest.
 * Thread: a record belongs to one thread at a time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The name of the group where nobody wants another. */
#define SAXID_TAG_GROUP "saxid"

/* SaxidRecord.status; the values are what the file holds. */
typedef enum
{
  SAXID_STATUS_NOT_DONE = 0,
  SAXID_STATUS_OK = 1,
  SAXID_STATUS_ABSTAINED = 2, /* a sound curve about which the model will not say */
  SAXID_STATUS_REJECTED = 3   /* no sound curve */
} SaxidStatus;

/* "not done", "ok", "abstained", "rejected"; "" of a number that is none of them. The ABI's
 * SAXID_VERDICT_… are the same numbers. */
const char *saxid_status_name (int status);

/* A parameter of a fit, for all curves of a record. */
typedef struct
{
  char *name, *unit;     /* sasmodels' name; "angstrom", "1e-6/angstrom^2" or "" */
  gboolean vary;
  double *value, *error; /* [n_curve] NaN: not fitted; error NaN: not known */
  double *lower, *upper; /* [n_curve] infinite: none */
} SaxidRecordParameter;

/* Fits of one form factor. */
typedef struct
{
  char *class_name, *model; /* "oblate", and "ellipsoid" as sasmodels calls it */
  double *chi2;             /* [n_curve] reduced; NaN: not fitted */
  double *weight;           /* [n_curve] probability and chi-square together; 0: not fitted */
  double *q_min, *q_max;    /* [n_curve] within which the fit holds, 1/Å; NaN: not fitted */
  guint n_parameter;
  SaxidRecordParameter *parameter;
} SaxidRecordSeed;

typedef struct
{
  /* where: the group is <parent>/<name>, for example "/entry" and "saxid" */
  char *parent;
  char *name;

  gsize n_curve;
  guint n_class;
  char **class_name;      /* n_class names, NULL-terminated */
  float *probability;     /* [n_curve × n_class] */
  gint8 *class_index;     /* [n_curve], -1 = none */
  float *confidence;      /* [n_curve] probability that class_index is right */
  guint8 *prediction_set; /* [n_curve × n_class] 1 = in the 95 % set */
  guint n_family, n_structure;           /* 0: not known, as in files of older versions */
  char **family_name, **structure_name;  /* NULL-terminated, or NULL */
  float *family, *structure;             /* [n_curve × n_family], [n_curve × n_structure], or NULL */
  float *outlier_score;   /* [n_curve] 0..1, high = unlike anything learned from */
  guint8 *outlier;        /* [n_curve] */
  guint8 *status;         /* [n_curve] SaxidStatus */

  GPtrArray *seed; /* of SaxidRecordSeed, in the order in which they came; may be empty */

  /* with what */
  char *program_version;
  char *date; /* ISO 8601 */
  char *model_file_name;
  char *model_sha256; /* 64 hexadecimal digits */
  char *model_algorithm;

  /* from what: paths inside the file, NULL where there is none */
  char *i_path, *q_path, *sigma_path;
  char *q_unit, *i_unit; /* as found; NULL when the file says nothing */
  char *note;            /* what was assumed, left out or mended, over all curves; NULL = nothing */
  gboolean slit_smeared;
  char *source_file; /* name of the file that holds the curves, NULL = this one */

  char *configuration_json;
  int sequence_index; /* place among the NXprocess groups of parent, from 1;
                       * the writer finds it, the reader tells it */
} SaxidRecord;

/* Bytes that a record's arrays may have: what is larger is not written, nor read back. */
#define SAXID_RECORD_MOST_BYTES ((guint64) 2 << 30)

/* Bytes that the arrays of a record have, with the fits of so many classes. */
guint64 saxid_record_bytes (guint64 n_curve, guint n_class, guint n_seed);

/* A record of n_curve curves, all of status NOT_DONE, class_index -1. */
SaxidRecord *saxid_record_new (gsize n_curve, const char *const *class_name);
void saxid_record_free (SaxidRecord *record);

/* Gives a new record probabilities of families and structures, all 0. Each may be NULL. */
void saxid_record_add_levels (SaxidRecord *record, const char *const *family_name, const char *const *structure_name);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidRecord, saxid_record_free)

/* The seed of that class, made where it is not there yet, with every curve not fitted.
 * Shape: name and unit n_parameter. */
SaxidRecordSeed *saxid_record_seed (SaxidRecord *record, const char *class_name, const char *model, guint n_parameter,
                                    const char *const *name, const char *const *unit);

/* Whether two records say the same to the last bit. sequence_index and
 * source_file are left out: they tell where a record lies, not what it says. */
gboolean saxid_record_equal (const SaxidRecord *a, const SaxidRecord *b);

/* The name of the group that gets the tags of a set of curves: "saxid", or "saxid_NAME" with
 * the name of their group where the entry holds several sets or that is taken, and then
 * "saxid_NAME_2" and so on. data: the path of the group with the curves. */
char *saxid_record_group_name (const char *data, guint sets_in_entry,
                               gboolean (*is_taken) (const char *name, gpointer user), gpointer user);

G_END_DECLS
