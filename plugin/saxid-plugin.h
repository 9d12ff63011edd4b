/* saxid-plugin.h: the binary interface of the loadable module saxid.so.
 *
 * A host loads the module (dlopen, GModule, ctypes, …), looks up the one symbol
 * "saxid_plugin_query", asks for ABI major 1 and gets a table of functions:
 *
 *     const struct saxid_plugin *saxid = query (SAXID_ABI_MAJOR);
 *     struct saxid_error error = { .struct_size = sizeof error };
 *     struct saxid_context *context;
 *     if (saxid == NULL || saxid->open (NULL, &context, &error) < 0) …
 *
 * Rules
 *   - Nothing but fixed-width integers, float, double, char *, size_t and the
 *     structs below crosses. Strings are UTF-8.
 *   - struct_size comes first in every struct and is set by the caller; a member
 *     beyond the caller's struct_size is neither read nor written. Within a
 *     major, structs and the table only grow at their end. Elements of an array
 *     of structs lie struct_size bytes apart.
 *   - Every function returns 0 = done, > 0 = done, and at least one sound curve
 *     was abstained from or rejected (see saxid_verdict.status), < 0 = error:
 *     then *error is filled (it may be NULL) and no result is touched.
 *   - The caller allocates all results.
 *   - A context is immutable and may be shared by threads; a workspace, a job and live
 *     tags belong to one thread at a time. One thread does the work of one call.
 *   - Sizes are bounded, and one that is larger is an error. Memory that is not there is
 *     an error where much is asked for at once; where the process has none at all, GLib
 *     says so on standard error and ends it, as it does in any program that uses GLib. No
 *     file is harmed by that.
 *   - The module prints nothing, calls nothing back, and changes no signal,
 *     locale, floating-point or HDF5 state. It is never unloaded: dlclose is
 *     harmless and does nothing.
 *
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef SAXID_PLUGIN_H
#define SAXID_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SAXID_ABI_MAJOR 1
#define SAXID_ABI_MINOR 10
#define SAXID_PLUGIN_SYMBOL "saxid_plugin_query"

struct saxid_context;   /* a model and a configuration */
struct saxid_workspace; /* what one thread needs to use a context */
struct saxid_job;       /* one file that is being tagged */
struct saxid_live;      /* tags of one run that is being measured */

struct saxid_error
{
  uint32_t struct_size;
  int32_t code;      /* within the domain, > 0 */
  char domain[32];   /* "saxid", "gio", … */
  char message[476]; /* one line: subject, value, limit, place */
};

/* saxid_plugin.features */
#define SAXID_FEATURE_FRAMES (UINT64_C (1) << 0) /* process_frame */
#define SAXID_FEATURE_FILES  (UINT64_C (1) << 1) /* tag_file, job_… and write_tags */
#define SAXID_FEATURE_LIVE   (UINT64_C (1) << 2) /* live_… */

/* What a context can say. Filled by describe. */
struct saxid_description
{
  uint32_t struct_size;
  uint32_t n_class;       /* elements of saxid_verdict.probability */
  double q_min, q_max;    /* 1/Å, what the model looks at; 0 and infinity: any window */
  double least_coverage;  /* part of ln (q_max/q_min) that a curve must cover */
  uint32_t min_points;    /* of a curve */
  uint32_t n_bin;         /* points of a curve that process_frame integrates; 0 = no geometry */
  char model_name[128];
  char model_algorithm[128];
  char model_sha256[72];
  uint32_t n_family;      /* since 1.3: elements of saxid_verdict.family, … */
  uint32_t n_structure;   /* … and of saxid_verdict.structure */
};

#define SAXID_CURVE_POINTS (UINT32_C (1) << 24) /* of one curve, at most */
#define SAXID_BATCH_CURVES (UINT32_C (1) << 20) /* of one call, at most */

/* A curve that the host has integrated. Any order of q; points that are not
 * finite or have q <= 0 are left out. */
struct saxid_curve
{
  uint32_t struct_size;
  uint32_t reserved;
  size_t n;
  const double *q;         /* [n] 1/Å */
  const double *intensity; /* [n] any scale */
  const double *sigma;     /* [n] one standard deviation of intensity, or NULL */
  const double *dq;        /* since 1.9: [n] 1/Å, one standard deviation of the resolution, with which
                              fits smear a form factor, or NULL */
  double slit_length;      /* since 1.10: 1/Å, of a slit through which fits see a form factor, the mean of I
                              over so much of q across from 0 on (dQl of NXcanSAS); 0: none */
};

/* saxid_verdict.status; also what the file holds */
#define SAXID_VERDICT_NOT_DONE  0
#define SAXID_VERDICT_OK        1
#define SAXID_VERDICT_ABSTAINED 2 /* a sound curve about which the model will not say */
#define SAXID_VERDICT_REJECTED  3 /* no sound curve */

#define SAXID_FIT_PARAMETERS 16

/* Where a fit should start, since 1.1: scale, background, the parameters of the form
 * factor, and last the relative width of one of its sizes (Schulz), "radius_pd". Lengths
 * in Å, densities in 1e-6/Å². It costs some 100 ms. */
struct saxid_fit
{
  uint32_t struct_size;
  uint32_t n_parameter; /* 0 = no fit: no label, or a model that has no atlas */
  int32_t label;        /* index of the class that was fitted: the best by probability and
                           chi-square together, of the three likeliest */
  uint32_t reserved;
  double chi2;          /* reduced */
  char model[64];       /* name in sasmodels */
  struct
  {
    char name[32];
    double value, error; /* error NaN = not known */
    double lower, upper; /* infinite = none */
    uint32_t vary, reserved;
  } parameter[SAXID_FIT_PARAMETERS];
};

#define SAXID_MATERIAL_NUMBERS 24

/* Since 1.6, what is known of a disordered material of two or three phases, where the curve is explained by no
 * particle: lengths, surface and porosity (nm, m^2/cm^3). It is asked for where the context weighs fits. */
struct saxid_material
{
  uint32_t struct_size;
  int32_t status;    /* 0 = not asked: a particle explains the curve, 1 = found, 2 = the window of q is too
                        short to say, 3 = not of this kind */
  uint32_t n_number; /* 0 unless it was found */
  uint32_t reserved;
  char kind[32];     /* "two_phase" or "three_phase", also where a particle is likelier */
  char basis[16];    /* of the porosity: "shape", "invariant", "given"; "" = withheld */
  char reason[160];  /* one line where it was asked for and not found, else "" */
  char warning[160]; /* one line where something is withheld, else "" */
  struct
  {
    char name[32], unit[32];
    double value, lower, upper; /* bounds of the 90 % interval; NaN = not known */
  } number[SAXID_MATERIAL_NUMBERS];
};

#define SAXID_ATOMS_HABITS 16
#define SAXID_ATOMS_NUMBERS 24

/* Since 1.8, what is known of particles of metal atoms, where the curve shows the first peaks of crystals and fits are
 * weighed. It stands beside the class and does not change it: the small-angle part is still that of a form factor. */
struct saxid_atoms
{
  uint32_t struct_size;
  int32_t status;      /* 0 = not asked: no peaks are seen, 1 = found, 2 = the window of q is too short, 3 = no
                          particle comes near */
  uint32_t n_habit;    /* 0 unless they were found */
  uint32_t n_number;   /* likewise */
  char element[8];     /* "Au" */
  uint32_t element_told; /* 1 = by configuration or file, 0 = found by d and misfit … */
  uint32_t reserved;
  double element_probability; /* … with this probability among those of the table */
  double misfit;       /* chi^2 for each point of the best fit, with 3 % of I beside sigma */
  double q_min, q_max; /* 1/Å, between which it was made */
  char reason[160];    /* one line where nothing was found or care is due, else "" */
  struct               /* the likeliest first; probabilities sum to 1 */
  {
    char name[32], family[16]; /* "icosahedron", "icosahedral" */
    uint32_t size_n, size_e, size_m; /* edges, of a decahedron P, E and M */
    uint32_t in_set;   /* 1 = in the 95 % set */
    double probability, misfit;
  } habit[SAXID_ATOMS_HABITS];
  struct               /* n_atoms, d, equivalent_radius, width and others */
  {
    char name[32], unit[32];
    double value, lower, upper; /* bounds of the 90 % interval; NaN = not known */
  } number[SAXID_ATOMS_NUMBERS];
};

struct saxid_verdict
{
  uint32_t struct_size;
  int32_t status;
  int32_t label;           /* index of the best class, -1 = none */
  uint32_t n_class;        /* in: elements of the two arrays; at least describe's */
  float *probability;      /* [n_class] or NULL */
  uint8_t *prediction_set; /* [n_class] 1 = in the 95 % set, or NULL */
  float confidence;        /* probability that label is right */
  float outlier_score;     /* 0..1, high = unlike what the model learned from */
  uint32_t outlier;        /* 1 = flagged */
  float coverage;          /* of the model's q range, 0..1 */
  char reason[128];        /* one line where status is not OK, else "" */
  struct saxid_fit *fit;   /* since 1.1: NULL, or room for a fit, which is then made */

  /* Since 1.3, the verdict in levels: what the probabilities of the classes add up to. Of
   * each level they sum to 1, or to 0 where the curve is rejected. A class of a model that
   * is none of saxid's own form factors is of no family, and neither is a material. */
  uint32_t n_family, n_structure; /* in: elements of the two arrays; at least describe's */
  float *family;           /* [n_family] or NULL: globular, elongated, flat, hollow (family_name) */
  float *structure;        /* [n_structure] or NULL: homogeneous, core_shell (structure_name) */
  char note[160];          /* where the class is open and its family is not, one line such as
                              "flat: disc or core_shell_disc", else "" */
  char repairs[256];       /* since 1.5: what had to be done to the curve before it was judged, one
                              line such as "left out: 3 points without a number", else "" */
  struct saxid_material *material; /* since 1.6: NULL, or room for what is known of a material */
  struct saxid_atoms *atoms; /* since 1.8: NULL, or room for what is known of particles of atoms */
};

/* saxid_frame.pixel_type */
#define SAXID_PIXEL_FLOAT  1
#define SAXID_PIXEL_DOUBLE 2
#define SAXID_PIXEL_INT32  3
#define SAXID_PIXEL_UINT32 4
#define SAXID_PIXEL_UINT16 5
#define SAXID_PIXEL_UINT8  6 /* since 1.5 */
#define SAXID_PIXEL_INT16  7 /* since 1.5 */
#define SAXID_PIXEL_INT8   8 /* since 1.5 */

/* A detector image, row by row from the first pixel of the file. */
struct saxid_frame
{
  uint32_t struct_size;
  uint32_t pixel_type;
  uint32_t n_row, n_column; /* slow, fast */
  const void *pixels;       /* [n_row × n_column] counts */
  const uint8_t *mask;      /* [n_row × n_column] 1 = do not use, or NULL */
  double monitor;           /* incoming beam during the frame, for a chain with the
                               step "monitor"; 0 = not known */
};

/* What process_frame integrated; each array may be NULL. */
struct saxid_integrated
{
  uint32_t struct_size;
  uint32_t reserved;
  size_t capacity;   /* in: elements of the arrays, at least describe's n_bin */
  size_t n;          /* out: points of the curve (empty bins are left out) */
  double *q;         /* 1/Å */
  double *intensity;
  double *sigma;
};

/* saxid_tag_options.flags */
#define SAXID_TAG_DRY_RUN      (UINT32_C (1) << 0) /* read and judge, write nothing: texts and canSAS XML, too */
#define SAXID_TAG_FOLLOW_LINKS (UINT32_C (1) << 1) /* external links and virtual data sets */
#define SAXID_TAG_SIDE_FILE    (UINT32_C (1) << 2) /* write <stem>_saxid.nxs instead */
#define SAXID_TAG_SEEDS        (UINT32_C (1) << 3) /* since 1.1: fit, and write the fits too */
#define SAXID_TAG_KEEP_SAME    (UINT32_C (1) << 4) /* since 1.4: a file that has these tags already, but for
                                                      their date, is not written */
#define SAXID_TAG_ANY_TECHNIQUE (UINT32_C (1) << 5) /* since 1.7: judge the curves of grazing frames too, which
                                                      are rejected otherwise */

struct saxid_tag_options
{
  uint32_t struct_size;
  uint32_t flags;
  const char *i_path, *q_path, *sigma_path; /* NULL = found by dialect */
  const char *q_unit;                       /* NULL = as the file says */
  uint64_t max_copy_bytes;                  /* larger files get a side file; 0 = 4 GiB */
  const char *side_dir; /* since 1.7: side files go under this directory, into one for each directory of
                           the files that are tagged; implies SIDE_FILE. NULL = beside the file */
  double slit_length;   /* since 1.10: 1/Å, instead of what the file says; 0 = as the file says */
};

/* saxid_live_options.flags */
#define SAXID_LIVE_SLIT_SMEARED (UINT32_C (1) << 0) /* the curves are smeared by a slit */
#define SAXID_LIVE_CONTINUE     (UINT32_C (1) << 1) /* go on with the group, where it is there */

/* Since 1.2: a file that the host is about to write, and what will be in it. */
struct saxid_live_options
{
  uint32_t struct_size;
  uint32_t flags;
  int64_t file;           /* hid_t of the file, as the host opened it */
  const char *path;       /* its name, as the host opened it */
  const char *entry;      /* group that the tags go under, "/entry"; it is there */
  const char *name;       /* of the group of tags; NULL = "saxid" */
  const char *i_path, *q_path, *sigma_path; /* data sets of the curves, for the record: i_path
                             and q_path are needed, and need not be there yet */
  const char *q_unit, *i_unit; /* as that file spells them, or NULL */
  const char *source_file; /* name of the file that holds the curves; NULL = this one */
  const char *note;        /* since 1.5: what a person should know of the curves, or NULL */
};

/* Since 1.5: where verdicts go that the host has got from process_curves or process_frame. */
struct saxid_write_options
{
  uint32_t struct_size;
  uint32_t flags;         /* SAXID_TAG_SIDE_FILE and SAXID_TAG_KEEP_SAME */
  const char *name;       /* of the group of tags; NULL = "saxid" */
  const char *i_path, *q_path, *sigma_path; /* data sets of the curves, for the record: i_path
                             and q_path, or neither; then the entry has one set of curves in
                             this file, as many as there are verdicts, which is found as
                             tag_file finds it */
  const char *q_unit, *i_unit; /* as that file spells them; NULL = as found, or not said */
  const char *note;       /* what the host did to the curves before they were judged, or NULL */
  uint64_t max_copy_bytes; /* larger files get a side file; 0 = 4 GiB */
  uint32_t slit_smeared;  /* 1 = the curves are smeared by a slit */
  uint32_t reserved;
};

/* Where a curve came from. */
struct saxid_row
{
  uint32_t struct_size;
  uint32_t slit_smeared;  /* 1 = the file says so */
  uint64_t frame;         /* from 0, within its data */
  uint64_t n_frame;       /* of its data */
  uint64_t index, total;  /* of all curves of the file */
  char entry[256];        /* group that the tags go under */
  char data[256];         /* path of I */
  char note[256];         /* what a person should know, or "" */
  /* since 1.7: what the file says of the measurement, each "" where it says nothing */
  char title[256], sample[256], instrument[256];
  char measured[64];      /* when: ISO 8601 */
};

/* Members beyond the table's own struct_size do not exist; members of a feature
 * that is not there are NULL. */
struct saxid_plugin
{
  uint32_t struct_size;
  uint32_t abi_major, abi_minor;
  uint32_t reserved;
  uint64_t features;
  const char *name, *version;

  /* config_json: NULL, or an object with any of "model" (name or path),
   * "geometry" (text of a .poni file that states the detector's shape; without
   * it process_frame refuses; the gaps of a detector that it names are masked), "chain" (text
   * of a chain key file whose steps need no dark, flat, variance or background, and whose
   * integration is one curve over q), "bins" (points of the integrated curve),
   * "classes" ("nine": discs count as oblate ellipsoids), "prior" (since 1.3: an object
   * with a weight for each class, of those that are met more often or less than others;
   * without it the shipped file default.prior is taken),
   * "fits" (since 1.4: true = fits of the form factors are weighed beside the network, some
   * 0.1 s a curve; since 1.8: "templates" = the nearest computed curve of each class is, some 3 ms;
   * without it the network is asked alone; with true disordered materials are classes, too, since 1.6),
   * "material" (since 1.6: an object with what is known of one: "porosity" 0 to 1, "contrast" of solid
   * and pore in 1e-6/Å², "density" of the sample in g/cm³ with "per_density", what a g/cm³ of its
   * solid scatters in 1e-6/Å²; with one of the last two I is taken for absolute, in 1/cm),
   * "element" (since 1.8: "Au", of particles of metal atoms; without it what the file says, or d decides).
   * The models "auto" and "atomic" (since 1.8) are the shipped one; the second asks for atoms whether or not
   * the curve shows peaks. */
  int32_t (*open) (const char *config_json, struct saxid_context **context,
                   struct saxid_error *error);
  void (*close) (struct saxid_context *context);
  int32_t (*describe) (const struct saxid_context *context, struct saxid_description *description,
                       struct saxid_error *error);
  /* The name of class `index` into `name`, NUL-terminated and cut to size. */
  int32_t (*class_name) (const struct saxid_context *context, uint32_t index, char *name,
                         size_t size, struct saxid_error *error);
  /* JSON that says which program, model and configuration made the verdicts.
   * Returns the bytes needed with the NUL; writes at most `size` of them. */
  size_t (*provenance_json) (const struct saxid_context *context, char *json, size_t size);

  int32_t (*workspace_new) (const struct saxid_context *context, struct saxid_workspace **workspace,
                            struct saxid_error *error);
  void (*workspace_free) (struct saxid_workspace *workspace);

  int32_t (*process_curves) (const struct saxid_context *context, struct saxid_workspace *workspace,
                             const struct saxid_curve *curves, size_t n,
                             struct saxid_verdict *verdicts, struct saxid_error *error);
  int32_t (*process_frame) (const struct saxid_context *context, struct saxid_workspace *workspace,
                            const struct saxid_frame *frame, struct saxid_integrated *integrated,
                            struct saxid_verdict *verdict, struct saxid_error *error);

  /* Judges every curve of a NeXus/HDF5 file and writes the result into it. */
  int32_t (*tag_file) (const struct saxid_context *context, struct saxid_workspace *workspace,
                       const char *path, const struct saxid_tag_options *options,
                       struct saxid_error *error);

  /* The same in steps, for a host that wants to see each curve: open, next until
   * it returns SAXID_JOB_END, commit (writes), free (without commit nothing is
   * written). */
  int32_t (*job_open) (const struct saxid_context *context, const char *path,
                       const struct saxid_tag_options *options, struct saxid_job **job,
                       struct saxid_error *error);
  int32_t (*job_next) (struct saxid_job *job, struct saxid_workspace *workspace,
                       struct saxid_row *row, struct saxid_verdict *verdict,
                       struct saxid_error *error);
  int32_t (*job_commit) (struct saxid_job *job, struct saxid_error *error);
  void (*job_free) (struct saxid_job *job);

  /* Since 1.2: tags into an HDF5 file that the host itself writes and others read
   * meanwhile (SWMR). See "Live tags" below. */
  int32_t (*live_prepare) (const struct saxid_context *context, const struct saxid_live_options *options,
                           struct saxid_live **live, struct saxid_error *error);
  int32_t (*live_append) (struct saxid_live *live, struct saxid_workspace *workspace, uint64_t frame,
                          const struct saxid_curve *curve, struct saxid_verdict *verdict,
                          struct saxid_error *error);
  int32_t (*live_finish) (struct saxid_live *live, struct saxid_error *error);
  void (*live_free) (struct saxid_live *live);

  /* Since 1.3: the names of the levels, as class_name has those of the classes. */
  int32_t (*family_name) (const struct saxid_context *context, uint32_t index, char *name,
                          size_t size, struct saxid_error *error);
  int32_t (*structure_name) (const struct saxid_context *context, uint32_t index, char *name,
                             size_t size, struct saxid_error *error);

  /* Since 1.5, for a host that holds its curves already: n verdicts of this context, in the
   * order of the curves, into the group `entry` ("/entry") of a file that is there and that
   * nobody has open for writing. The group is the one that tag_file writes, and the file is
   * replaced in the same way, at once or not at all; a group of this name that saxid did not
   * write is left alone, and the file refused. Each verdict has probability and
   * prediction_set; families and structures are summed anew. Of a curve of which there is no
   * verdict the status is NOT DONE, or REJECTED. Fits of form factors are not written; what is known of
   * particles of atoms is, where a verdict has it (since 1.8): the numbers of the likeliest shape,
   * probability and size of the others. */
  int32_t (*write_tags) (const struct saxid_context *context, const char *path, const char *entry,
                         const struct saxid_verdict *verdicts, size_t n,
                         const struct saxid_write_options *options, struct saxid_error *error);

  /* Since 1.7, for a host that has just written the curves of a job's file, and holds them: n of
   * them, all of the data set i_path, in its order. job_next judges these and does not read the
   * file for them; everything else is as without. Between job_open and the first job_next; the
   * curves stay as they are until job_free. A data set that the job does not judge is an error,
   * as is another number of curves than it has. */
  int32_t (*job_curves) (struct saxid_job *job, const char *i_path, const struct saxid_curve *curves,
                         size_t n, struct saxid_error *error);
};

/* Live tags
 *
 *   H5Fcreate with library version bounds 'latest'    (the host)
 *   groups and data sets of the curves                (the host)
 *   live_prepare                    makes the group of tags, whole but without a row
 *   H5Fstart_swmr_write                               (the host)
 *   for each frame: write the curve, H5Dflush         (the host)
 *                   live_append     judges the curve, writes its row, flushes it
 *   live_finish                     notes date and number of curves, lets go of the file
 *   H5Fclose, live_free
 *
 * The group is the one that tag_file writes. After live_prepare nothing is created, for
 * HDF5 loses what is created after H5Fstart_swmr_write. live_prepare refuses a file in
 * which SWMR has begun, or which cannot have it, and a group that is there already, so it
 * is called once for a name: unless the file was opened again to be gone on with
 * (SAXID_LIVE_CONTINUE), and the group is one of live tags, of the same model and curves.
 * Other rules of SWMR are the host's: H5Fstart_swmr_write wants no open attribute, and so
 * on.
 *
 * A hid_t means something to one copy of libhdf5 only. Host and module share it when both
 * are linked with the system's; a host that brings its own (wheels of h5py) is refused,
 * and can have its file followed by "saxid watch" instead.
 *
 * Frames may come in any order, and again, which replaces the row array by array. A frame
 * that never comes keeps the status NOT DONE. A frame without a sound curve gets a row too,
 * REJECTED; the host may say so itself with curve NULL or n 0. Frames are counted from 0, to
 * 2^24 - 1. q is in 1/Å whatever the file has; sigma may be NULL. verdict may be NULL; a fit
 * for which it has room is made, and not written.
 *
 * A reader that refreshes the array status before the others sees a status other than NOT
 * DONE only when the whole row can be read. It sees input/frames 0 until live_finish; where
 * that stays so, the host died or closed the file too early, and the rows that have a status
 * are good nevertheless. Where it died, "h5clear -s --increment=0" frees the file, and
 * tag_file writes the group anew.
 *
 * input/note has the note of the options from the beginning; live_finish puts before it what
 * had to be done to the curves of all frames that were appended since live_prepare. Of a frame
 * that comes again only the first counts there.
 *
 * live_finish comes before H5Fclose: after that there is no file (an error), or, with
 * HDF5's weak close degree, the file stays open until live_free. A second live_finish does
 * nothing; live_append after it is an error.
 *
 * These functions call HDF5: from one thread at a time, and never beside another call of
 * HDF5 unless the library is thread-safe. The context outlives the live tags. */

#define SAXID_JOB_END 2 /* job_next: there are no more curves */

/* NULL when this ABI major is not served. */
const struct saxid_plugin *saxid_plugin_query (uint32_t abi_major);

typedef const struct saxid_plugin *(*saxid_plugin_query_function) (uint32_t abi_major);

#ifdef __cplusplus
}
#endif

#endif /* SAXID_PLUGIN_H */
