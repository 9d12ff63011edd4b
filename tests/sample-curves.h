/* Curves and verdicts for the tests of what a person sees. */
#pragma once

#include "cli/report-page/curve.h"

extern const char *const sample_classes[]; /* NULL-terminated */
#define SAMPLE_N_CLASS 4

/* Spheres of 50 Å in n points, with sigma; deterministic. */
SaxidCurve *sample_spheres (gsize n);

/* A verdict with probabilities 0.7, 0.2, 0.08, 0.02 from `best` on, of a curve
 * that the caller keeps. */
SaxidReportCurve sample_verdict (const char *file, gint64 frame, const SaxidCurve *curve, guint best);

/* The program as found by configure, or NULL: "xmllint" in XMLLINT. */
const char *sample_program (const char *variable);
