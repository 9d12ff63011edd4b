/* The module saxid.so, loaded as any host loads it.
 *
 * Thread: one thread at a time.
 */
#pragma once

#include <glib.h>

#include "plugin/saxid-plugin.h"
#include "reducers/curve.h"

G_BEGIN_DECLS

typedef struct
{
  const struct saxid_plugin *table;
  struct saxid_context *context;
  struct saxid_workspace *workspace;
  struct saxid_description description;
  char **class_name, **family_name, **structure_name; /* NULL-terminated */
  gboolean material_told; /* the person says what the material is made of */
} SaxidModule;

/* What is weighed beside the network: nothing (0.3 ms a curve), the nearest computed curve of each form
 * factor (3 ms), or fits of each (0.1 s). */
typedef enum
{
  SAXID_EVIDENCE_NONE,
  SAXID_EVIDENCE_TEMPLATES,
  SAXID_EVIDENCE_FITS
} SaxidEvidence;

typedef struct
{
  const char *model;   /* name or path; NULL: the shipped one */
  const char *classes; /* the set of classes to answer with ("nine"); NULL: all of the model */
  const char *prior;   /* key file of weights; NULL: the shipped one */
  const char *material; /* what is known of a material, as an object of JSON (material-options.h); NULL: nothing */
  SaxidEvidence evidence;
  const char *element; /* of particles of atoms; NULL: not said */
} SaxidModuleOptions;

/* As options say: the network alone, or no fits. */
SaxidEvidence saxid_evidence (gboolean network, gboolean without_fits);

/* Errors: SAXID_ERROR_IO when there is no module, or one of another ABI; and
 * whatever the module says; those of saxid_prior_file_read. */
SaxidModule *saxid_module_open (const SaxidModuleOptions *options, GError **error);
void saxid_module_close (SaxidModule *module);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidModule, saxid_module_close)

/* A curve as hosts hand it over; it points into the curve. */
struct saxid_curve saxid_module_curve (const SaxidCurve *curve);

/* Turns the module's error into a GError; returns FALSE. */
gboolean saxid_module_fail (const struct saxid_error *flat, GError **error);

/* A verdict whose arrays have room for the module's classes, families and structures. */
typedef struct
{
  struct saxid_verdict verdict;
  float *probability, *family, *structure;
  guint8 *in_set;
  struct saxid_material material;
  struct saxid_atoms atoms;
} SaxidModuleVerdict;

void saxid_module_verdict_init (SaxidModuleVerdict *answer, const SaxidModule *module);
void saxid_module_verdict_clear (SaxidModuleVerdict *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SaxidModuleVerdict, saxid_module_verdict_clear)

/* The note of a verdict tells of a material, of which the best class is; otherwise which
 * classes are open. */
gboolean saxid_module_is_material (const SaxidModule *module, const struct saxid_verdict *verdict);

/* "no material: window too short: …", of a curve that the person says is one and the module does not find to be; else "". */
#define SAXID_MODULE_LINE 256
void saxid_module_no_material (const SaxidModule *module, const struct saxid_verdict *verdict, char line[SAXID_MODULE_LINE]);

G_END_DECLS
