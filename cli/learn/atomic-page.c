/* What does the page of the study of atomic nanoparticles say?
 *
 * Every number is of the study or was printed by Boissier & Gadji; sentences that compare are computed.
 *
 * Thread: one thread.
 */
#include <math.h>

#include "cli/learn/atomic-study.h"
#include "cli/learn/study-page.h"
#include "cli/plot/axes.h"
#include "cli/plot/canvas.h"
#include "cli/plot/marks.h"
#include "cli/plot/plot.h"

#define FIGURE "curves.svg"
#define FIGURE_SIZE 4
#define FIGURE_POINTS 600

static const char *const split_names[SAXID_SPLITS]
    = { "a fifth of the curves", "a fifth of the particles", "a fifth of the elements", "a fifth of the sizes" };
static const char *const target_names[SAXID_ATOMIC_TARGETS]
    = { "ln N", "n", "radius, 0 for three shapes", "radius of every shape" };

/* A number, or "–" where there is none. */
static void
append_number (GString *out, const char *format, double value)
{
  char text[32];

  if (isnan (value))
    g_string_append (out, " – |");
  else
    {
      g_ascii_formatd (text, sizeof text, format, value);
      g_string_append_printf (out, " %s |", text);
    }
}

/* A square error and the part of the variance that it leaves. */
static void
append_pair (GString *out, double mse, double q2)
{
  if (isnan (q2))
    g_string_append (out, " – |");
  else
    g_string_append_printf (out, " %.3g, %.4f |", mse, q2);
}

static void
append_ridge (GString *out, const SaxidAtomicStudy *study)
{
  g_string_append (out, "| curves | target | published MSE, Q² |");
  for (guint split = 0; split < SAXID_SPLITS; split++)
    g_string_append_printf (out, " unseen: %s |", split_names[split]);
  g_string_append (out, "\n|---|---|---:|---:|---:|---:|---:|\n");
  for (guint k = 0; k < study->n_case; k++)
    for (guint target = 0; study->result[k].part == 0 && target < SAXID_ATOMIC_TARGETS; target++)
      {
        const SaxidAtomicCase *at = &study->result[k];

        g_string_append_printf (out, "| %s | %s |", at->name, target_names[target]);
        if (target < 3)
          g_string_append_printf (out, " %.3g, %.3f |", at->published_mse[target], at->published_q2[target]);
        else
          g_string_append (out, " – |");
        for (guint split = 0; split < SAXID_SPLITS; split++)
          append_pair (out, at->split[split].linear.mse[target], at->split[split].linear.q2[target]);
        g_string_append_c (out, '\n');
      }
}

static void
append_shapes (GString *out, const SaxidAtomicStudy *study)
{
  g_string_append (out, "\n| curves | learner | published % |");
  for (guint split = 0; split < SAXID_SPLITS; split++)
    g_string_append_printf (out, " unseen: %s |", split_names[split]);
  g_string_append (out, "\n|---|---|---:|---:|---:|---:|---:|\n");
  for (guint k = 0; k < study->n_case; k++)
    {
      const SaxidAtomicCase *at = &study->result[k];

      for (guint learner = 0; at->part == 0 && learner < 4; learner++)
        {
          static const char *const names[]
              = { "shape, logistic regression", "the same, each curve's mean taken off", "shape, CNN", "size, CNN" };
          const double published[] = { at->published_shape, NAN, at->published_network[0], at->published_network[1] };

          g_string_append_printf (out, "| %s | %s |", at->name, names[learner]);
          append_number (out, "%.1f", published[learner]);
          for (guint split = 0; split < SAXID_SPLITS; split++)
            {
              const double found[] = { at->split[split].linear.shape, at->split[split].linear.shape_level,
                                       at->split[split].shapes.right, at->split[split].sizes.right };

              append_number (out, "%.1f", found[learner]);
            }
          g_string_append_c (out, '\n');
        }
    }
}

static void
append_others (GString *out, const SaxidAtomicStudy *study)
{
  g_string_append (out, "\n| curves | unseen | Q² of ln N | of n | of the radius | shape % | mean taken off |\n"
                        "|---|---|---:|---:|---:|---:|---:|\n");
  for (guint k = 0; k < study->n_case; k++)
    for (guint split = 0; study->result[k].part > 0 && split < SAXID_SPLITS; split++)
      if (study->result[k].tried[split])
        {
          const SaxidAtomicCase *at = &study->result[k];

          g_string_append_printf (out, "| %s | %s |", at->name, split_names[split]);
          for (guint target = 0; target < 3; target++)
            append_number (out, "%.3f", at->split[split].linear.q2[target]);
          append_number (out, "%.1f", at->split[split].linear.shape);
          append_number (out, "%.1f", at->split[split].linear.shape_level);
          g_string_append_c (out, '\n');
        }
}

char *
saxid_atomic_tables (const SaxidAtomicStudy *study)
{
  GString *out = g_string_new (NULL);
  gboolean has_others = FALSE;

  append_ridge (out, study);
  append_shapes (out, study);
  for (guint k = 0; k < study->n_case; k++)
    has_others = has_others || (study->result[k].part > 0 && study->result[k].tried[SAXID_SPLIT_CURVES]);
  if (has_others)
    append_others (out, study);
  return g_string_free (out, FALSE);
}

/* --- the figure --------------------------------------------------------------------------- */

/* One curve a shape, a factor of 1000 between two. */
static void
draw_shape (guint class, const SaxidAxes *axes, SaxidCanvas *canvas)
{
  const SaxidPolyhedron *polyhedron = saxid_polyhedron_at (class);
  const SaxidFont font = { SAXID_INK, 11, 1, 0, FALSE };
  const SaxidPen pen = { saxid_colour_of_series (class), 1, 1.4, FALSE };
  const SaxidElement *gold = saxid_element_find ("Au");
  g_autoptr (SaxidCluster) cluster = saxid_cluster_new (polyhedron, (SaxidClusterSize) { FIGURE_SIZE, 0, 0 }, NULL);
  g_autoptr (SaxidDistances) distances = saxid_distances_new (cluster, SAXID_DISTANCES_WIDTH);
  g_autoptr (SaxidDebyeTable) table = saxid_debye_table_new (distances, SAXID_DEBYE_LAST);
  double q[FIGURE_POINTS], intensity[FIGURE_POINTS];

  for (guint k = 0; k < FIGURE_POINTS; k++)
    q[k] = 0.02 * pow (500, (double)k / (FIGURE_POINTS - 1));
  saxid_atoms_intensity (&(SaxidAtoms) { gold, gold->d, 0.5 }, table, FIGURE_POINTS, q, intensity);
  for (guint k = 0; k < FIGURE_POINTS; k++)
    intensity[k] *= pow (1000, -(double)class) / pow ((double)cluster->n * 79, 2);
  saxid_marks_line (canvas, axes, FIGURE_POINTS, q, intensity, &pen);
  saxid_canvas_text (canvas, axes->box.x + 0.42 * axes->box.width, saxid_scale_place (&axes->y, intensity[0] * 2), &font,
                     saxid_polyhedron_name (polyhedron));
}

static GBytes *
draw_figure (void)
{
  g_autoptr (SaxidCanvas) canvas
      = saxid_canvas_new (SAXID_CANVAS_SVG, 640, 760, "Curves of nine gold particles of size 4, each a thousandth of the one above");
  SaxidAxes axes = { .box = { 80, 20, 540, 680 }, .x_title = "q (1/Å)", .y_title = "I / I(0), times 1000 to the power of -k" };

  axes.x = (SaxidScale) { .logarithmic = TRUE, .low = 0.02, .high = 10 };
  axes.y = (SaxidScale) { .logarithmic = TRUE, .low = 1e-30, .high = 30, .style = SAXID_LABEL_POWER };
  saxid_axes_place (&axes);
  saxid_axes_draw (&axes, canvas);
  for (guint class = 0; saxid_polyhedron_at (class) != NULL; class++)
    draw_shape (class, &axes, canvas);
  return saxid_canvas_finish (canvas);
}

/* --- the page ----------------------------------------------------------------------------- */

static void
append_head (GString *out, const SaxidAtomicSettings *settings, const SaxidAtomicStudy *study)
{
  g_string_append_printf (
      out,
      "# Atomic nanoparticles: shape and size of nine polyhedra\n\n"
      "The study of Boissier & Gadji, repeated by `saxid study --atomic --epochs %u --seed %" G_GUINT64_FORMAT "`: %" G_GSIZE_FORMAT
      " curves without noise,\n"
      "%" G_GSIZE_FORMAT " particles of %u elements with %u values of B, %u points from 0.01 to 19.99 1/Å. They took the curves from a data base\n"
      "([doi:10.5281/zenodo.18644730](https://doi.org/10.5281/zenodo.18644730)); here they are made anew, in seconds\n"
      "(`models/atomic`). Variances of ln N, n and radius: %.3f, %.3f, %.3f; of their test data 3.196, 7.106, 0.695.\n\n",
      settings->epochs, settings->seed, study->curves, study->particles, settings->elements, settings->displacements, settings->points,
      study->variance[0], study->variance[1], study->variance[2]);
  g_string_append (
      out,
      "Learned is ln I, each point standardised on the rows to learn from; the authors say neither their split nor the border of\n"
      "small and wide angles (2 1/Å here), nor alpha (chosen here on a fifth of the rows to learn from, divided as the test is),\n"
      "nor epochs and activation of their network. Logistic regression: C = 1, every fourth point of what there is (of coarser curves, too).\n\n"
      "**A random split leaks.** The four B of one particle then lie on both sides of it, and their curves are nearly the same.\n"
      "The columns to its right keep whole particles, elements or sizes out of what is learned.\n\n");
}

/* What was printed, what came out, and by how much that is more. */
static void
append_beside (GString *out, const char *what, double published, double found)
{
  if (!isnan (published) && !isnan (found))
    g_string_append_printf (out, "| %s | %.1f | %.1f | %+.1f |\n", what, published, found, found - published);
}

/* Networks: their weights, how long they learned, and the published figures beside ours. */
static void
append_networks (GString *out, const SaxidAtomicStudy *study)
{
  guint least = G_MAXUINT, most = 0;

  for (guint k = 0; k < study->n_case; k++)
    for (guint split = 0; split < SAXID_SPLITS; split++)
      for (guint of_sizes = 0; of_sizes < 2; of_sizes++)
        {
          const SaxidAtomicNetworkScore *score = of_sizes ? &study->result[k].split[split].sizes : &study->result[k].split[split].shapes;

          if (isnan (score->right))
            continue;
          least = MIN (least, score->epochs);
          most = MAX (most, score->epochs);
        }
  if (most == 0)
    {
      g_string_append (out, "No network was trained for this page.\n");
      return;
    }
  g_string_append_printf (
      out,
      "\nThe network of shapes has %" G_GSIZE_FORMAT " weights (published: 293,193). A tenth of the rows to learn from, divided as the test is, is kept\n"
      "from it: it has learned when these gain nothing for eight epochs, here after %u to %u, and keeps the weights of the best one. Random\n"
      "split, %% right:\n\n"
      "| | published | here | |\n|---|---:|---:|---:|\n",
      study->result[0].split[SAXID_SPLIT_CURVES].shapes.weights, least, most);
  for (guint k = 0; k < study->n_case; k++)
    {
      const SaxidAtomicCase *at = &study->result[k];
      g_autofree char *shape = g_strdup_printf ("%s: shape", at->name), *size = g_strdup_printf ("%s: size", at->name);

      append_beside (out, shape, at->published_network[0], at->split[SAXID_SPLIT_CURVES].shapes.right);
      append_beside (out, size, at->published_network[1], at->split[SAXID_SPLIT_CURVES].sizes.right);
    }
}

/* Nothing of what is not learned yet. */
static void
append_lines (GString *out, const SaxidAtomicCase *full)
{
  double level[SAXID_SPLITS];

  for (guint split = 0; split < SAXID_SPLITS; split++)
    {
      if (!full->tried[split])
        return;
      level[split] = full->split[split].linear.shape_level;
    }
  g_string_append_printf (
      out,
      "\nShapes by logistic regression on full curves: %.1f %% by the random split, %.1f %% when whole particles are kept together,\n"
      "%.1f %% for elements and %.1f %% for sizes that were not seen. The radius: Q² = %.3f as in the data base, where it is 0 for three\n"
      "shapes, and %.3f where it is the radius of the circumscribed sphere for all: the former measures the zeros.\n",
      level[SAXID_SPLIT_CURVES], level[SAXID_SPLIT_PARTICLES], level[SAXID_SPLIT_ELEMENTS], level[SAXID_SPLIT_SIZES],
      full->split[SAXID_SPLIT_CURVES].linear.q2[SAXID_ATOMIC_RADIUS], full->split[SAXID_SPLIT_CURVES].linear.q2[SAXID_ATOMIC_TRUE_RADIUS]);
}

static void
append_words (GString *out, const SaxidAtomicStudy *study)
{
  append_lines (out, &study->result[0]);
  g_string_append (out, "Elements that were not seen, in the column that keeps them out:");
  for (guint k = 0; saxid_element_at (k) != NULL; k++)
    if (study->unseen_elements >> k & 1)
      g_string_append_printf (out, " %s", saxid_element_at (k)->symbol);
  g_string_append (out, ".\n");
  append_networks (out, study);
  g_string_append_printf (out, "\n%u of %u units are learned, in %.1f hours of one thread; their figures are in `ledger.jsonl`, one line for each, and this\n"
                               "page is made of them.\n", study->n_done, study->n_unit, study->seconds / 3600);
  g_string_append (out, "\n![Curves of nine gold particles](" FIGURE ")\n\n"
                        "None of this is a measurement: no background, no noise beyond what is said, one size, one shape, one crystal. `saxid seed\n"
                        "--format xyz` fits the same particles to a measured curve.\n");
}

gboolean
saxid_atomic_page (const SaxidAtomicSettings *settings, const SaxidAtomicStudy *study, const char *directory, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *tables = saxid_atomic_tables (study);
  g_autoptr (GBytes) drawing = draw_figure ();

  append_head (out, settings, study);
  g_string_append (out, tables);
  append_words (out, study);
  return saxid_study_page_save (directory, "README.md", out, FIGURE, drawing, error);
}
