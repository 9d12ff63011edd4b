/* Which groups of a file hold curves, and under which names?
 *
 * A dialect is one way in which programs lay out I(q) in HDF5. A const table
 * lists them, the specific ones first; a group is read by the first that
 * recognises it. Adding one = one row, and a match function where the usual
 * rules of NXdata do not tell it.
 *
 * Thread: pure but for the file.
 */
#pragma once

#include <glib.h>

#include "schemas/hdf5/input.h"

G_BEGIN_DECLS

/* A group that may hold a curve, and where it lies. */
typedef struct
{
  hid_t group;
  const char *path;  /* "/entry/data" */
  hid_t entry;       /* the nearest entry above, or the root */
  const char *entry_path;
  char *definition;  /* of that entry, or NULL */
  char *nx_class;    /* of the group, or NULL */
  char *sas_class;   /* canSAS_class of the group, or NULL */
} SaxidPlace;

/* Names below the group (or absolute paths). */
typedef struct
{
  char *signal;
  char *axis;
  char *sigma;       /* NULL: none */
  gboolean variance; /* that is sigma squared */
  char *resolution;  /* pinhole resolution of q, NULL: none */
  char *slit;        /* length of the slit per point, NULL: none */
  char *mask;        /* marks of points that do not count, NULL: none */
  char *shadow;      /* share of a point that no beam stop shades, NULL: none */
} SaxidNames;

typedef struct
{
  const char *name;
  const char *reference;
  gboolean specific; /* FALSE: taken only where no specific dialect finds a curve */
  gboolean (*match) (SaxidInput *input, const SaxidPlace *place);
  const char *const *signals; /* names to try after what the group says, NULL-terminated */
  const char *const *axes;
  const char *const *sigmas;
} SaxidDialect;

/* The table, ended by a row without a name. */
extern const SaxidDialect saxid_dialects[];

const SaxidDialect *saxid_dialect_of (SaxidInput *input, const SaxidPlace *place);

/* What the dialect's group calls its parts.
 * Errors: SAXID_ERROR_NO_CURVE with the reason, without the place. */
gboolean saxid_dialect_names (const SaxidDialect *dialect, SaxidInput *input, const SaxidPlace *place,
                              SaxidNames *names, GError **error);
void saxid_names_clear (SaxidNames *names);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SaxidNames, saxid_names_clear)

/* Adds the resolution of the axis, pinhole or slit, that the group of the place tells. */
void saxid_dialect_resolution (SaxidInput *input, const SaxidPlace *place, SaxidNames *names);

/* Whether a text is a name of q: "q", "Q", "Qmod", "q_abs", "scattering vector". */
gboolean saxid_dialect_is_q_name (const char *name);

/* Whether it is one of an intensity's logarithm: "log_I", "log10(I(q))", "lnI". */
gboolean saxid_dialect_is_logarithm (const char *name);

/* Whether it is one of θ, half the scattering angle: "theta", "theta (deg)", but not "two_theta". */
gboolean saxid_dialect_is_half_angle (const char *name);

G_END_DECLS
