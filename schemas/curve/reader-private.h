/* What the files of the reader share; for them alone.
 *
 * reader.c opens a file and gives its curves, find.c walks its groups and keeps what is
 * meant, given-paths.c takes what the caller has named, source.c makes a source of a place
 * and reads its frames, source-q.c turns its axis into q; source-text.c takes texts.
 *
 * Units: q in 1/Å. Thread: see reader.h.
 */
#pragma once

#include "schemas/curve/dialect.h"
#include "schemas/curve/reader.h"
#include "schemas/hdf5/array.h"
#include "schemas/hdf5/input.h"

G_BEGIN_DECLS

/* Marks that a file gives its points. */
enum
{
  MARK_MASK,
  MARK_SHADOW,
  N_MARKS
};

/* A source and the open arrays behind it. */
typedef struct
{
  SaxidSource public;
  SaxidArray *i, *q, *sigma, *dq; /* sigma and dq may be NULL */
  gboolean q_shared;     /* one q for all frames, in q_values */
  double *q_values;      /* converted; only when shared */
  gboolean q_edges;      /* q holds n + 1 bin edges */
  gboolean sigma_shared, dq_shared;
  gboolean variance;     /* what is there is sigma squared */
  struct
  {
    SaxidArray *array; /* or NULL */
    gboolean of_frame;  /* one mark for a whole frame */
    gboolean shared;
    gboolean said;      /* in a note */
    double least, most; /* a point counts where its mark is between, both included */
  } marks[N_MARKS];
  double q_angstrom;     /* q [1/Å] = q / that; 0 where q comes from an angle */
  double radian, wavelength; /* 2θ [rad] = angle · that; Å */
  gboolean half_angle;       /* that angle is θ */
  double dq_angstrom;        /* dq [1/Å] = dq / that; 0 where it is of an angle */
  double dq_radian;          /* of 2θ */
  gboolean specific;
  guint64 identity[2];       /* of the intensity */
  guint64 group_identity[2]; /* of its group */
} SaxidReaderSource;

struct SaxidReader
{
  SaxidInput *input;
  GPtrArray *sources;  /* SaxidReaderSource */
  GPtrArray *refusals; /* SaxidRefusal */
  char *q_unit;        /* given by hand */
  double slit;         /* given by hand; 0: not */
  guint looked_at;     /* objects */
  guint groups;
  gboolean stopped;    /* by the limit on objects */
  gboolean growing;    /* see SaxidReadOptions */
  gsize n_q;           /* of all sources */
  SaxidReaderSource *at; /* that was read last */
  GHashTable *visited; /* identities of groups */
  GPtrArray *texts;    /* SaxidMeasurement of each source, where the file is a text; else NULL, and there is an input */
};

/* --- reader.c: what is not read is kept with its reason. */
void saxid_reader_refuse (SaxidReader *reader, const char *path, const GError *error);

/* --- find.c */

/* Walks the file, keeps the sources that are meant.
 * Errors: SAXID_ERROR_FORMAT, SAXID_ERROR_NO_CURVE, or that of the one refusal. */
gboolean saxid_reader_find (SaxidReader *reader, GError **error);
/* Leaves out sources that an entry has twice. */
void saxid_reader_drop_copies (SaxidReader *reader);
gboolean saxid_reader_is_entry (const char *nx_class, const char *sas_class);
/* Whether BioXTAS RAW wrote the file, which keeps many profiles in one. */
gboolean saxid_reader_is_of_raw (SaxidReader *reader);

/* --- given-paths.c: the one source whose paths are given by hand.
 * Errors: SAXID_ERROR_ARGUMENT, and those of saxid_source_new. */
gboolean saxid_reader_take_paths (SaxidReader *reader, const SaxidReadOptions *options, GError **error);

/* --- source.c */

/* The source at a place, by the names that its dialect gives.
 * Errors: SAXID_ERROR_FORMAT, _UNIT, _DATA, _LIMIT, _NO_CURVE, without the place. */
SaxidReaderSource *saxid_source_new (SaxidReader *reader, const SaxidPlace *place, const SaxidNames *names,
                                     const char *dialect, gboolean specific, GError **error);
void saxid_source_free (SaxidReaderSource *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidReaderSource, saxid_source_free)
/* A note of what a person should know. */
void saxid_source_note (SaxidReaderSource *source, const char *format, ...) G_GNUC_PRINTF (2, 3);
char *saxid_source_path (const char *group, const char *name);
gboolean saxid_source_read (SaxidReaderSource *source, gsize frame, SaxidCurve *curve, GError **error);
/* Frames that lie beside each other are unpacked together: of one source at a time. */
void saxid_source_forget (SaxidReaderSource *source);

/* --- source-text.c: the sources of a file that is no HDF5.
 * Errors: those of saxid_text_any_read; SAXID_ERROR_ARGUMENT where paths are given. */
gboolean saxid_reader_take_text (SaxidReader *reader, const char *path, const SaxidReadOptions *options,
                                 GError **error);
SaxidCurve *saxid_reader_text_curve (const SaxidReader *reader, guint source);

/* --- source-q.c */

/* What is found of the instrument, whatever its groups are called. */
typedef struct
{
  SaxidInput *input;
  guint depth, looked_at;
  double wavelength; /* Å, 0 = not found */
  double exposure;   /* s, of the first that is said; 0 = not found */
  double slit;       /* in units of q as said there, converted to 1/Å; 0 = not found */
} SaxidInstrumentFound;

SaxidInstrumentFound saxid_instrument_of (SaxidInput *input, hid_t entry);
/* The attribute that has the unit of a data set; NULL. */
char *saxid_source_unit_of (SaxidInput *input, hid_t dataset);
/* Decides how the numbers of the axis become 1/Å.
 * Errors: SAXID_ERROR_UNIT; SAXID_ERROR_NO_CURVE where the axis is no q at all. */
gboolean saxid_source_understand_q (SaxidReader *reader, SaxidReaderSource *source, const SaxidPlace *place, hid_t q,
                                    const char *axis, GError **error);
/* q of a frame in 1/Å; room for one value more than there are points.
 * Errors: SAXID_ERROR_IO. */
gboolean saxid_source_read_q (SaxidReaderSource *source, gsize frame, double *q, GError **error);
/* Whether these can be q of small angles; *largest gets the largest of them.
 * Errors: SAXID_ERROR_UNIT. */
gboolean saxid_source_check_q (const SaxidReaderSource *source, gsize n, const double *q, double *largest,
                               GError **error);

G_END_DECLS
