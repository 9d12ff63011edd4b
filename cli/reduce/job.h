/* What a run of frames is reduced with: from options, chain and the first file to a prepared chain.
 *
 * Thread: a job belongs to one thread.
 */
#pragma once

#include "cli/frame-technique.h"
#include "cli/reduce/asked.h"
#include "cli/reduce/doubt.h"
#include "reducers/chain.h"
#include "reducers/technique.h"
#include "schemas/curve/reduced-file.h"
#include "schemas/frame/file.h"

G_BEGIN_DECLS

/* As the command line has it; NaN, -1 and NULL = not given. */
#define SAXID_NOT_GIVEN G_MININT

typedef struct
{
  char *geometry, *output, *chain, *mask, *dark, *flat, *background, *variance, *path, *unit;
  char *monitor, *background_monitor, *splitting, *spacing, *sector, *errors, *detector, *standard;
  char *model, *classes, *technique, *clip_rule;
  char **also; /* "GEOMETRY=FRAMES": of other detectors or positions */
  double polarisation, transmission, background_transmission, thickness, calibration, absorption;
  double radial_min, radial_max, dark_scale, background_factor, clip;
  int bins, cake, sectors; /* SAXID_NOT_GIVEN: as the chain has it */
  int jobs;
  gboolean follow_links, quiet, tag, seeds, pyfai, steps, resume;
} SaxidReduceOptions;

/* Options that nobody has given. */
SaxidReduceOptions saxid_reduce_options (void);
void saxid_reduce_options_clear (SaxidReduceOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SaxidReduceOptions, saxid_reduce_options_clear)
SaxidReduceOptions saxid_reduce_options_copy (const SaxidReduceOptions *options);

/* Of what the curve is. */
typedef struct
{
  gboolean off;            /* nobody asks */
  SaxidTechnique told;     /* by the user, or UNKNOWN */
  SaxidTechnique of_curve; /* of all files so far, or UNKNOWN */
  SaxidWitness witness;
  double grazing;          /* its probability, of the last file */
  guint n_file;
  gboolean blind;          /* the image cannot be asked */
  GArray *odd;             /* of gsize: frames of the last file that graze while most do not; or NULL */
  SaxidReduceDoubt *doubt;    /* of the file at work, where its images can be asked; or NULL */
  SaxidFrameTechnique *image; /* of the program, from the first file on; or NULL */
  SaxidReduceAsked *asked;    /* what was asked, for the file of curves; or NULL */
} SaxidCurveTechnique;

typedef struct
{
  SaxidReduceOptions options;
  SaxidCurveTechnique technique;
  SaxidFrameOptions frame_options;
  SaxidQUnit unit;
  SaxidChain *chain;
  SaxidGeometry geometry;
  char *geometry_source, *mask_source, *flat_source;
  SaxidGeometryMap *map;
  guint8 *mask;
  float *dark, *flat;
  SaxidCurve *background;
  SaxidCurve **background_of; /* [n_background_of] of each azimuth, or NULL */
  gsize n_background_of;
  SaxidReducerInput input;
  gsize height, width;
  guint jobs;
} SaxidReduceJob;

/* Options and chain, before a file is looked at. Errors: SAXID_ERROR_ARGUMENT. */
gboolean saxid_reduce_job_begin (SaxidReduceJob *job, GError **error);

/* All that has to be known before the first frame: from the first file. What a person
 * should know of it is said on standard error.
 * Errors: those of the files that go with the frames, of geometry and mask. */
gboolean saxid_reduce_job_prepare (SaxidReduceJob *job, SaxidFrameFile *file, GError **error);

/* A job as this one for frames of another detector or position: its own geometry, and none
 * of the planes that go with the frames of this one. Errors: SAXID_ERROR_ARGUMENT. */
gboolean saxid_reduce_job_other (const SaxidReduceJob *job, const char *geometry, SaxidReduceJob *other, GError **error);

/* What a pixel at normal incidence sees of the sphere, sr. */
double saxid_reduce_job_solid_angle (const SaxidReduceJob *job);

void saxid_reduce_job_clear (SaxidReduceJob *job);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SaxidReduceJob, saxid_reduce_job_clear)

/* Refuses frames of another shape than the first. */
gboolean saxid_reduce_job_check (const SaxidReduceJob *job, const SaxidFrameFile *file, GError **error);

G_END_DECLS
