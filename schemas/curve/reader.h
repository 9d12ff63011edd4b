/* The curves of a NeXus/HDF5 file, whatever dialect it is written in; on request of a text, too.
 *
 * A file has sources; a source is one set of curves on one kind of q: one
 * NXcanSAS SASdata, one pyFAI result, one I[frame, q]. Opening looks at names,
 * shapes and units; intensities are read frame by frame, so that memory does
 * not grow with the file. The file is opened read-only and never altered.
 *
 * Units: q and dq of a curve in 1/Å; intensity and sigma as the file has them.
 * Thread: one thread at a time per reader. HDF5's error stack stays silent and
 * its error handler is what it was before.
 */
#pragma once

#include <glib.h>

#include "reducers/curve.h"
#include "reducers/technique.h"

G_BEGIN_DECLS

/* All texts are UTF-8 without control characters, paths included. */
typedef struct
{
  char *entry;   /* the group under which saxid's own group goes, "/entry" */
  char *data;    /* the group that holds the curve, "/entry/data" */
  char *i_path, *q_path;
  char *sigma_path;   /* NULL: the file has none */
  char *dq_path;      /* NULL: the file has none */
  char *q_unit;       /* as found; NULL: the file says nothing, 1/Å was assumed */
  char *i_unit;       /* as found; NULL: the file says nothing */
  double i_per_cm;    /* intensity times that is in 1/cm; 0 where the scale is arbitrary */
  const char *dialect; /* "NXcanSAS", …, or "paths" where they were given; static */
  gsize n_frame, n_q;
  gboolean slit_smeared;
  double slit_length; /* 1/Å; 0 where it is not known */
  SaxidTechnique technique; /* of the frames, where the file says so */
  char *title, *sample, *instrument; /* NULL: none */
  char *formula;                     /* of the sample, as Hill's system writes it; NULL: none */
  char *measured;       /* when, as schemas/dates.h writes it; NULL: the file does not say */
  GStrv notes;        /* what a person should know; never NULL, may be empty */
  char *doubt;        /* a further note, on the unit of q, which peaks of a crystal answer; NULL: none */
} SaxidSource;

/* How a curve was measured; 0: the file does not say. */
typedef struct
{
  double wavelength; /* Å */
  double exposure;   /* s */
} SaxidConditions;

/* Why something that looked like a curve is not read. */
typedef struct
{
  char *path;
  char *reason;
  int code; /* SaxidErrorCode */
} SaxidRefusal;

typedef struct
{
  /* Given by hand: absolute paths of data sets. q_path may be NULL when a field
   * named Q, q or radial lies beside intensity; the others may be NULL. */
  const char *i_path, *q_path, *sigma_path, *dq_path;
  const char *q_unit;     /* instead of what the file says; NULL: the file's */
  double slit;            /* 1/Å, instead of what the file says; 0: the file's */
  gboolean follow_links;  /* external links, virtual data sets, external storage */
  gboolean growing;       /* a writer is at work: sigma may have fewer frames than the
                             intensity, or more, and those that both have count */
  gboolean texts;         /* columns of text and canSAS XML are read, too */
  /* Limits; 0 = as in schemas/hdf5/input.c. */
  guint max_objects;
  gsize max_points, max_frames;
} SaxidReadOptions;

typedef struct SaxidReader SaxidReader;

/* options may be NULL.
 * Errors: SAXID_ERROR_IO, _FORMAT, _ARGUMENT (paths), _NO_CURVE (says where it
 * looked); where exactly one thing was refused, its own code (_UNIT, _DATA, …). */
SaxidReader *saxid_reader_open (const char *path, const SaxidReadOptions *options, GError **error);
void saxid_reader_free (SaxidReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidReader, saxid_reader_free)

/* At least 1. Sources come in the natural order of their paths. */
guint saxid_reader_source_count (const SaxidReader *reader);
const SaxidSource *saxid_reader_source (const SaxidReader *reader, guint source);

guint saxid_reader_refusal_count (const SaxidReader *reader);
const SaxidRefusal *saxid_reader_refusal (const SaxidReader *reader, guint refusal);

/* What the entry of a source says of it; of a text nothing. It goes through the groups of the entry. */
SaxidConditions saxid_reader_conditions (SaxidReader *reader, guint source);

/* One curve, n_q points in the file's order; NaN, zeros and descending q are
 * still in it: saxid_curve_clean is the caller's next step.
 * Errors: SAXID_ERROR_IO, SAXID_ERROR_UNIT (implausible q of this frame). */
SaxidCurve *saxid_reader_curve (SaxidReader *reader, guint source, gsize frame, GError **error);

/* Whether it is a regular file and no HDF5; into what is none no tags can be written. */
gboolean saxid_reader_may_be_text (const char *path);

/* Whether a writer has the file open in SWMR mode, or died so. FALSE where there is no file. */
gboolean saxid_reader_is_growing (const char *path);

/* For a program of our own, never for a module in somebody else's: turns HDF5's
 * error printing off for good. The library may otherwise complain on stderr at
 * the end of the process about memory that it lost over a damaged file. */
void saxid_reader_silence_program (void);

G_END_DECLS
