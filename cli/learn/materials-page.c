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
  GString *out = g_string_new ("| set | output | MSE | MAPE % | on cubes of voxels, MAPE % | paper, MSE | paper, MAPE % | "
                               "Cramér–Rao, MAPE % |\n|---|---|---:|---:|---:|---:|---:|---:|\n");

  for (guint s = 0; s < SAXID_MATERIALS_SETS; s++)
    for (guint k = 0; k < study->set[s].n_output; k++)
      {
        const SaxidMaterialsSet *set = &study->set[s];

        g_string_append_printf (out, "| %s | %s | %.3g | %.2f | ", set->name, output_names[k], set->trees[k].mse, set->trees[k].mape);
        if (set->cubes[k].mse > 0)
          g_string_append_printf (out, "%.2f", set->cubes[k].mape);
        else
          g_string_append (out, "–");
        g_string_append_printf (out, " | %.3g | %.2f | %.2f |\n", set->paper[k].mse, set->paper[k].mape, set->bound[k]);
      }
  return g_string_free (out, FALSE);
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

static void
append_reach (GString *out, const SaxidMaterialsStudy *study)
{
  guint better = 0, all = 0;

  for (guint s = 0; s < SAXID_MATERIALS_SETS; s++)
    for (guint k = 0; k < study->set[s].n_output; k++, all++)
      better += study->set[s].trees[k].mape <= study->set[s].paper[k].mape;
  g_string_append_printf (out, "\nThe mean error is no larger than the published one for %u of %u outputs.\n", better, all);
}

gboolean
saxid_materials_page (const SaxidMaterialsSettings *settings, const SaxidMaterialsStudy *study, const char *directory, GError **error)
{
  g_autoptr (GString) out = g_string_new ("# Disordered materials by boosted trees\n\n");
  g_autofree char *table = saxid_materials_table (study);
  g_autoptr (GBytes) drawing = draw_figure (study);

  g_string_append_printf (
      out,
      "The study of Röding et al. 2022, [doi:10.3389/fmats.2022.956839](https://doi.org/10.3389/fmats.2022.956839), repeated by\n"
      "`saxid study --materials --curves %" G_GSIZE_FORMAT " --cubes %u --rounds %u --seed %" G_GUINT64_FORMAT "`: boosted trees (XGBoost, one\n"
      "model for each output) on %" G_GSIZE_FORMAT " curves of each set (paper: 524,288) and judged on %" G_GSIZE_FORMAT " others.\n\n"
      "Curves are those of cubes of 512 voxels of 0.5 nm: the mean curve of the material with aliasing, the scatter of modes and of\n"
      "the interface of a finite cube, and the paper's noise; divided by their invariant, and as %d components of the logarithm, those\n"
      "along which materials differ most beside how much two cubes of one material do.\n"
      "They differ from the paper's in two respects: the random field is not smoothed by 1 nm before it is cut (which matters below\n"
      "a = 2 nm), and the third phase is a band of the field, not a film of even thickness. \n"
      "The bound is that of an unbiased estimator that knows the covariance of all this; near ε = 0.5 two phases have none\n"
      "(the derivative vanishes there), so that an estimator that leans inward falls below it.\n\n",
      settings->curves, settings->cubes, settings->rounds, settings->seed, settings->curves, settings->tests, 24);
  if (settings->cubes > 0)
    g_string_append_printf (out, "The column of cubes is of real ones, made voxel by voxel without this short cut, %u of each set.\n\n",
                            settings->cubes);
  g_string_append (out, table);
  append_reach (out, study);
  append_case (out, settings, study);
  g_string_append (out, "\n![Found beside true for each output of each set](" FIGURE ")\n\n"
                        "A real sample is many million times as large as such a cube and has none of its scatter: there, least squares of the mean\n"
                        "curve (`saxid tag`, `saxid report`) err by 0.002 % (a) and 0.06 % (ε) on counting noise alone (tests/test-materials.c).\n");
  return saxid_study_page_save (directory, "README.md", out, FIGURE, drawing, error);
}
