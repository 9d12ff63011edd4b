/* What does the page of the study of materials say?
 *
 * Every number is of the study or of the paper; sentences that compare are computed.
 *
 * Thread: one thread.
 */
#include <math.h>

#include "cli/learn/materials-study.h"
#include "cli/learn/study-page.h"
#include "cli/plot/axes.h"
#include "cli/plot/canvas.h"
#include "cli/plot/plot.h"

#define FIGURE "found.svg"
#define PANEL 260.0
#define DOT 2.0
#define MOST_DOTS 600

static const char *const output_names[SAXID_MATERIALS_OUTPUTS] = { "a", "ε", "ν" };
/* Published spread of the case study: a nm, porosity, share. */
static const double case_truth[] = { 4, 0.7, 0.2 }, case_paper_mean[] = { 4.004, 0.701, 0.201 },
                    case_paper[] = { 0.025, 0.009, 0.005 };

char *
saxid_materials_table (const SaxidMaterialsStudy *study)
{
  GString *out = g_string_new ("| set | output | trees of the curve, MAPE % | trees of components, MAPE % | fit alone, MAPE % | "
                               "trees of the fit, MAPE % | its MSE | paper, MAPE % | paper, MSE | Cramér–Rao, MAPE % |\n"
                               "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");

  for (guint s = 0; s < SAXID_MATERIALS_SETS; s++)
    for (guint k = 0; k < study->set[s].n_output; k++)
      {
        const SaxidMaterialsSet *set = &study->set[s];
        const SaxidMaterialsScore *best = &set->trees[SAXID_MATERIALS_FITTED][k];

        g_string_append_printf (out, "| %s | %s | %.2f | %.2f | %.2f | %.2f | %.3g | %.2f | %.3g | %.2f |\n", set->name,
                                output_names[k], set->trees[SAXID_MATERIALS_CURVE][k].mape,
                                set->trees[SAXID_MATERIALS_COMPONENTS][k].mape, set->fit[k].mape, best->mape, best->mse,
                                set->paper[k].mape, set->paper[k].mse, set->bound[k]);
      }
  return g_string_free (out, FALSE);
}

/* Cubes beside curves of the same materials that were made without cubes. */
static void
append_cubes (GString *out, const SaxidMaterialsSettings *settings, const SaxidMaterialsStudy *study)
{
  if (settings->cubes == 0)
    return;
  g_string_append_printf (out,
                          "\n## Cubes of voxels\n\n%u cubes of each set, made voxel by voxel, and curves of the same materials that were "
                          "made without. MAPE %%, of the\nsame trees and the same fit.\n\n"
                          "| set | output | trees of components: cubes | without | fit: cubes | without | trees of the fit: cubes | without |\n"
                          "|---|---|---:|---:|---:|---:|---:|---:|\n",
                          settings->cubes);
  for (guint s = 0; s < SAXID_MATERIALS_SETS; s++)
    for (guint k = 0; k < study->set[s].n_output; k++)
      {
        const SaxidMaterialsSet *set = &study->set[s];

        g_string_append_printf (out, "| %s | %s | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |\n", set->name, output_names[k],
                                set->cubes[SAXID_MATERIALS_COMPONENTS][k].mape, set->twins[SAXID_MATERIALS_COMPONENTS][k].mape,
                                set->cube_fit[k].mape, set->twin_fit[k].mape, set->cubes[SAXID_MATERIALS_FITTED][k].mape,
                                set->twins[SAXID_MATERIALS_FITTED][k].mape);
      }
}

static void
append_case (GString *out, const SaxidMaterialsSettings *settings, const SaxidMaterialsStudy *study)
{
  g_string_append_printf (out,
                          "\n## The case study\n\n%u replicates of a = 4 nm, ε = 0.70, ν = 0.20, each a cube of its own.\n\n"
                          "| output | truth | here | paper | bound, one standard deviation |\n|---|---:|---:|---:|---:|\n",
                          settings->replicates);
  for (guint k = 0; k < SAXID_MATERIALS_OUTPUTS; k++)
    g_string_append_printf (out, "| %s | %g | %.3f ± %.4f | %.3f ± %.3f | %.4f |\n", output_names[k], case_truth[k], study->mean[k],
                            study->deviation[k], case_paper_mean[k], case_paper[k], study->case_bound[k]);
}

/* --- the figure --------------------------------------------------------------------------- */

static void
draw_panel (const SaxidMaterialsSet *set, guint output, SaxidBox box, SaxidCanvas *canvas)
{
  static const char *const titles[] = { "a (nm)", "porosity", "share of the layer" };
  const SaxidPen dot = { SAXID_BLUE, 0.5, DOT, FALSE }, line = { SAXID_MUTED, 1, 1, FALSE };
  const SaxidFont font = { SAXID_INK, 12, 0, 0, TRUE };
  const gsize n = MIN (set->n_test, MOST_DOTS);
  double low = INFINITY, high = -INFINITY;
  SaxidAxes axes = { .box = box, .x_title = titles[output], .y_title = "found" };

  for (gsize k = 0; k < n; k++)
    {
      low = fmin (low, (double)set->truth[k * set->n_output + output]);
      high = fmax (high, (double)set->truth[k * set->n_output + output]);
    }
  axes.x = axes.y = (SaxidScale) { .low = low, .high = high };
  saxid_axes_place (&axes);
  saxid_axes_draw (&axes, canvas);
  saxid_canvas_text (canvas, box.x, box.y - 8, &font, set->name);
  saxid_canvas_stroke (canvas,
                       (SaxidPoint[]) { { saxid_scale_place (&axes.x, low), saxid_scale_place (&axes.y, low) },
                                        { saxid_scale_place (&axes.x, high), saxid_scale_place (&axes.y, high) } },
                       2, 2, &line);
  for (gsize k = 0; k < n; k++)
    {
      const double truth = (double)set->truth[k * set->n_output + output], found = (double)set->found[k * set->n_output + output];
      const SaxidPoint point = { saxid_scale_place (&axes.x, truth), saxid_scale_place (&axes.y, CLAMP (found, low, high)) };

      saxid_canvas_stroke (canvas, &point, 1, 1, &dot);
    }
}

static GBytes *
draw_figure (const SaxidMaterialsStudy *study)
{
  const double side = PANEL + 80;
  g_autoptr (SaxidCanvas) canvas
      = saxid_canvas_new (SAXID_CANVAS_SVG, SAXID_MATERIALS_OUTPUTS * side, SAXID_MATERIALS_SETS * side,
                          "What the trees found beside what it was, for each output of each set");

  for (guint s = 0; s < SAXID_MATERIALS_SETS; s++)
    for (guint k = 0; k < study->set[s].n_output; k++)
      draw_panel (&study->set[s], k, (SaxidBox) { k * side + 62, s * side + 28, PANEL, PANEL }, canvas);
  return saxid_canvas_finish (canvas);
}

/* --- the page ----------------------------------------------------------------------------- */

/* For how many outputs trees of an input err no more than published ones, and by which factor they err in the mean. */
static void
append_reach (GString *out, const SaxidMaterialsStudy *study)
{
  guint all = 0, better[SAXID_MATERIALS_INPUTS] = { 0 };
  double ratio[SAXID_MATERIALS_INPUTS] = { 0 };

  for (guint s = 0; s < SAXID_MATERIALS_SETS; s++)
    for (guint k = 0; k < study->set[s].n_output; k++, all++)
      for (guint input = 0; input < SAXID_MATERIALS_INPUTS; input++)
        {
          const double mape = study->set[s].trees[input][k].mape, published = study->set[s].paper[k].mape;

          better[input] += mape <= published;
          ratio[input] += log (mape / published);
        }
  g_string_append (out, "\n| input | error no larger than the published one | times the published one (geometric mean) |\n|---|---:|---:|\n");
  for (guint input = 0; input < SAXID_MATERIALS_INPUTS; input++)
    g_string_append_printf (out, "| %s | %u of %u | %.2f |\n", saxid_materials_input_name (input), better[input], all,
                            exp (ratio[input] / all));
}

static void
append_protocol (GString *out, const SaxidMaterialsSettings *settings)
{
  g_string_append_printf (
      out,
      "The study of Röding et al. 2022, [doi:10.3389/fmats.2022.956839](https://doi.org/10.3389/fmats.2022.956839), repeated by\n"
      "`saxid study --materials --curves %" G_GSIZE_FORMAT " --cubes %u --rounds %u --seed %" G_GUINT64_FORMAT "`: boosted trees (XGBoost, one\n"
      "model for each output) on %" G_GSIZE_FORMAT " curves of each set (paper: 524,288) and judged on %" G_GSIZE_FORMAT " others.\n\n"
      "Curves are those of cubes of 512 voxels of 0.5 nm: the mean curve of the material with aliasing, the scatter of modes and of\n"
      "the interface of a finite cube, and the paper's noise. They differ from the paper's in two respects: the random field is not\n"
      "smoothed by 1 nm before it is cut (which matters below a = 2 nm), and the third phase is a band of the field, not a film of even\n"
      "thickness.\n\n",
      settings->curves, settings->cubes, settings->rounds, settings->seed, settings->curves, settings->tests);
  g_string_append (
      out,
      "Trees are given one of three things, of which the first is the published protocol and the others are ours:\n\n"
      "- *the curve*: the logarithm of 500 intensities, divided by their invariant;\n"
      "- *components*: 24 of these, along which materials differ most beside how much two cubes of one material do;\n"
      "- *the fit*: values and deviations of a fit of the cube's mean curve (Fisher's scoring with the covariance of modes, of the\n"
      "  interface and of the noise; the scale is free); trees then learn what the fit leaves. The fit has learned nothing.\n\n"
      "The bound is that of an unbiased estimator that knows the covariance of all this; near ε = 0.5 two phases have none\n"
      "(the derivative vanishes there), so that an estimator that leans inward falls below it.\n\n");
}

gboolean
saxid_materials_page (const SaxidMaterialsSettings *settings, const SaxidMaterialsStudy *study, const char *directory, GError **error)
{
  g_autoptr (GString) out = g_string_new ("# Disordered materials by boosted trees\n\n");
  g_autofree char *table = saxid_materials_table (study);
  g_autoptr (GBytes) drawing = draw_figure (study);

  append_protocol (out, settings);
  g_string_append (out, table);
  append_reach (out, study);
  append_cubes (out, settings, study);
  append_case (out, settings, study);
  g_string_append (out, "\n![Found by trees of the fit beside true for each output of each set](" FIGURE ")\n\n"
                        "A real sample is many million times as large as such a cube and has none of its scatter: there, least squares of the mean\n"
                        "curve (`saxid tag`, `saxid report`) err by 0.002 % (a) and 0.06 % (ε) on counting noise alone (tests/test-materials.c).\n");
  return saxid_study_page_save (directory, "README.md", out, FIGURE, drawing, error);
}
