/* Particles of atoms as a report shows them: the fit over the data with its peaks named, the range of q that tells the shape, the
 * numbers, and the particle.
 *
 * Thread: pure.
 */
#pragma once

#include "cli/report-page/curve.h"

G_BEGIN_DECLS

#define SAXID_REPORT_PEAKS 8

struct SaxidReportAtoms
{
  SaxidPlotLine line[2];   /* best fit, and the next shape's; n_line = 0: no particle */
  guint n_line;
  guint n_mark;
  SaxidPlotMark mark[SAXID_REPORT_PEAKS];
  double q_from, q_to;     /* where the two best shapes are told apart; 0, 0: nowhere */
  char *told_from;         /* "octahedron from cubefcc" */
  gsize n_pair;
  SaxidReportPair *pair;
  gsize n_atom;            /* of the surface alone, of large ones */
  double *position;        /* [n_atom × 3] Å */
  double apart;            /* nearest neighbours, Å */
  char *title;             /* "Au, icosahedron n = 5" */
};

/* Asks again. element: as the user says, or NULL. The curve must be clean. Nothing where it is none of particles. */
void saxid_report_atoms (const SaxidCurve *curve, const char *element, gboolean insist, SaxidReportAtoms *atoms);
void saxid_report_atoms_clear (SaxidReportAtoms *atoms);

G_END_DECLS
