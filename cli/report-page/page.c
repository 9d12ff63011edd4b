/* What would somebody want to see of a run that he did not tag himself?
 *
 * First the whole: a table of all curves, and for runs of frames the classes over
 * time. Then each curve, or representatives of many: I(q), the probabilities, and
 * where it all comes from.
 *
 * Thread: no state.
 */
#include "cli/report-page/page.h"

#include <math.h>
#include <string.h>

#include "cli/plot/plot.h"
#include "cli/plot/scale.h"
#include "cli/report-page/atoms.h"
#include "cli/report-page/choice.h"
#include "cli/report-page/put.h"
#include "cli/report-page/runs.h"
#include "cli/text.h"
#include "schemas/disk/atomic-file.h"

/* Of a plot with residuals below, CSS px. */
#define FIT_HEIGHT 540.0
#define LEAST_SHOWN 0.001f /* of the probability of a family */
#define EXAMPLE_COLUMNS 2
#define LONG_RUN        40 /* curves; from here on equal neighbours share a row */
#define OPEN_ROWS       40 /* a longer table is collapsed */

/* Nothing may be loaded or run, even if an escape were forgotten. */
static const char policy[] = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/* page.css */
static const char style[] =
#include "cli/report-page/style.h"
  ;

/* What a paper says of it; CITATION.cff of the sources. */
static const char cite[]
  = "<p class=\"muted\">To cite: saxid, with its version, model and checksum as above; classes and training follow "
    "Monge et al. 2024, doi:10.1107/S2053273324000950.</p>\n";

/* The overview ----------------------------------------------------------- */

static gboolean
same_row (const SaxidReportCurve *a, const SaxidReportCurve *b)
{
  return g_strcmp0 (a->file, b->file) == 0 && g_strcmp0 (a->entry, b->entry) == 0 && a->frame >= 0 && a->differs == b->differs
         && b->frame >= 0 && saxid_report_curve_same_best (a, b)
         && strcmp (saxid_report_curve_flag (a), saxid_report_curve_flag (b)) == 0
         && g_strcmp0 (a->reason, b->reason) == 0;
}

static void
append_flag (GString *out, const char *flag)
{
  if (*flag != '\0')
    g_string_append_printf (out, "<span class=\"flag %s\">%s</span>",
                            strcmp (flag, "not done") == 0 ? "" : flag, flag);
}

static void
append_probability (GString *out, double low, double high)
{
  if (low < 0)
    g_string_append (out, "–");
  else if (high - low < 0.001)
    g_string_append_printf (out, "%.1f %%", 100 * low);
  else
    g_string_append_printf (out, "%.1f – %.1f %%", 100 * low, 100 * high);
}

/* Another entry of the same file stands beside it. */
static gboolean
has_sibling (const SaxidReportPage *page, gsize index)
{
  const SaxidReportCurve *curve = &page->curve[index];
  gsize first = index > 0 ? index - 1 : 0, last = MIN (index + 1, page->n_curve - 1);

  for (gsize k = first; k <= last; k++)
    if (g_strcmp0 (curve->file, page->curve[k].file) == 0
        && g_strcmp0 (curve->entry, page->curve[k].entry) != 0)
      return TRUE;
  return FALSE;
}

static gboolean
page_has_frames (const SaxidReportPage *page)
{
  for (gsize k = 0; k < page->n_curve; k++)
    if (page->curve[k].frame >= 0)
      return TRUE;
  return FALSE;
}

static void
append_frames (GString *out, gint64 first, gint64 last)
{
  g_string_append (out, "<td class=\"n\">");
  if (first >= 0)
    g_string_append_printf (out, "%" G_GINT64_FORMAT, first);
  if (first >= 0 && last > first)
    g_string_append_printf (out, " – %" G_GINT64_FORMAT, last);
  g_string_append (out, "</td>");
}

/* A range of runner-ups says little: that of a row of several frames is left out. */
static void
append_row (GString *out, const SaxidReportPage *page, const gboolean *shown, gboolean with_frames,
            gsize first, gsize end)
{
  const SaxidReportCurve *curve = &page->curve[first];
  gsize link = first;
  double low = INFINITY, high = -INFINITY;
  int best, next;
  g_autofree char *base = curve->file != NULL ? g_path_get_basename (curve->file) : NULL;

  for (gsize k = first; k < end; k++)
    {
      double p = saxid_report_curve_probability (&page->curve[k]);

      low = MIN (low, p);
      high = MAX (high, p);
      if (!shown[link] && shown[k])
        link = k;
    }
  saxid_report_curve_best (curve, &best, &next);
  g_string_append (out, "<tr><td>");
  if (shown[link])
    g_string_append_printf (out, "<a href=\"#c%" G_GSIZE_FORMAT "\">", link + 1);
  saxid_report_put_text (out, base);
  if (curve->entry != NULL && has_sibling (page, first))
    {
      g_string_append (out, " <span class=\"muted\">");
      saxid_report_put_text (out, curve->entry);
      g_string_append (out, "</span>");
    }
  g_string_append (out, shown[link] ? "</a></td>" : "</td>");
  if (with_frames)
    append_frames (out, curve->frame, page->curve[end - 1].frame);
  if (best >= 0 && curve->status != SAXID_STATUS_REJECTED)
    {
      g_autofree char *title = saxid_text_class_title (curve->class_name[best]);

      g_string_append_printf (out, "<td class=\"class%s\">%s", curve->outlier ? "" : " best",
                              curve->outlier ? "none; nearest: " : "");
      saxid_report_put_text (out, title);
      g_string_append (out, "</td><td class=\"n\">");
      append_probability (out, low, high);
      g_string_append (out, "</td>");
      if (next >= 0 && end - first == 1)
        {
          g_autofree char *title_next = saxid_text_class_title (curve->class_name[next]);

          g_string_append (out, "<td class=\"class more\">");
          saxid_report_put_text (out, title_next);
          g_string_append (out, "</td><td class=\"n more\">");
          append_probability (out, curve->probability[next], curve->probability[next]);
          g_string_append (out, "</td>");
        }
      else
        g_string_append (out, "<td class=\"more\"></td><td class=\"more\"></td>");
    }
  else
    {
      g_string_append (out, "<td colspan=\"4\" class=\"muted\">");
      saxid_report_put_text (out, curve->reason);
      g_string_append (out, "</td>");
    }
  g_string_append (out, "<td>");
  append_flag (out, saxid_report_curve_flag (curve));
  append_flag (out, curve->differs ? "differs" : "");
  g_string_append (out, "</td></tr>\n");
}

/* A long table is collapsed: what it says at length stands in the plots of the run. */
static void
append_overview (GString *out, const SaxidReportPage *page, const gboolean *shown)
{
  gboolean with_frames = page_has_frames (page);
  g_autoptr (GString) rows = g_string_new (NULL);
  gsize n_row = 0;

  for (gsize k = 0; k < page->n_curve; n_row++)
    {
      gsize end = k + 1;

      while (page->n_curve > LONG_RUN && end < page->n_curve
             && same_row (&page->curve[k], &page->curve[end]))
        end++;
      append_row (rows, page, shown, with_frames, k, end);
      k = end;
    }
  g_string_append (out, "<section class=\"card scroll\">");
  if (n_row > OPEN_ROWS)
    g_string_append_printf (out, "<details><summary>Table of all %" G_GSIZE_FORMAT " curves</summary>\n", page->n_curve);
  g_string_append_printf (out,
                          "<table class=\"overview\"><thead><tr><th>File</th>%s<th>Best class</th><th class=\"n\">Probability</th>"
                          "<th class=\"more\">Runner-up</th><th class=\"n more\">Probability</th><th>Flag</th></tr></thead><tbody>\n",
                          with_frames ? "<th class=\"n\">Frame</th>" : "");
  g_string_append_len (out, rows->str, (gssize) rows->len);
  g_string_append (out, "</tbody></table>");
  g_string_append (out, n_row > OPEN_ROWS ? "</details></section>\n" : "</section>\n");
}

/* One curve -------------------------------------------------------------- */

static void
append_number (GString *out, const char *key, double value, int decimals, const char *unit)
{
  g_autofree char *text = isfinite (value) ? g_strdup_printf ("%.*f%s", decimals, value, unit) : NULL;

  saxid_report_put_pair (out, key, text);
}

static void
append_points (GString *out, const SaxidCurve *curve)
{
  g_autofree char *count = NULL;
  g_autofree char *range = NULL;
  g_autofree char *low = NULL;
  g_autofree char *high = NULL;

  if (curve == NULL || curve->n == 0)
    return;
  count = g_strdup_printf ("%" G_GSIZE_FORMAT "%s", curve->n,
                           curve->sigma != NULL ? ", with σ" : ", without σ");
  low = saxid_scale_number (curve->q[0]);
  high = saxid_scale_number (curve->q[curve->n - 1]);
  range = g_strdup_printf ("%s – %s Å⁻¹", low, high);
  saxid_report_put_pair (out, "Points", count);
  saxid_report_put_pair (out, "q range", range);
}

static void
append_guinier (GString *out, const SaxidGuinier *fit)
{
  g_autofree char *rg = NULL;
  g_autofree char *i0 = NULL;
  g_autofree char *range = NULL;
  g_autofree char *rg_value = NULL;
  g_autofree char *low = NULL;
  g_autofree char *high = NULL;

  if (fit->status != SAXID_GUINIER_OK)
    {
      saxid_report_put_pair (out, "Guinier", saxid_guinier_status_text (fit->status));
      return;
    }
  rg_value = saxid_scale_measure (fit->rg, fit->rg_error);
  rg = g_strdup_printf ("%s Å", rg_value);
  i0 = saxid_scale_measure (fit->i0, fit->i0_error);
  low = saxid_scale_number (fit->q_min);
  high = saxid_scale_number (fit->q_max);
  range = g_strdup_printf ("%s – %s Å⁻¹, %" G_GSIZE_FORMAT " points, q·Rg ≤ %.2f", low, high,
                           fit->n_point, fit->q_max * fit->rg);
  saxid_report_put_pair (out, "Guinier Rg", rg);
  saxid_report_put_pair (out, "Guinier I(0)", i0);
  saxid_report_put_pair (out, "Guinier range", range);
  append_number (out, "Guinier χ²/ν", fit->reduced_chi2, 2, "");
  if (fit->upturn)
    saxid_report_put_pair (out, "Low q", "upturn below the Guinier range: aggregates or direct beam");
  if (fit->downturn)
    saxid_report_put_pair (out, "Low q", "intensity is missing below the Guinier range: beamstop or repulsion");
}

/* "flat 95.0 %, globular 4.1 %": what is likely at all. */
static void
append_level (GString *out, const char *key, char *const *name, const float *probability)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint k = 0; name != NULL && probability != NULL && name[k] != NULL; k++)
    if (probability[k] >= LEAST_SHOWN)
      {
        g_autofree char *title = saxid_text_class_title (name[k]);

        g_string_append_printf (text, "%s%s %.1f %%", text->len > 0 ? ", " : "", title, 100 * (double) probability[k]);
      }
  saxid_report_put_pair (out, key, text->len > 0 ? text->str : NULL);
}

static void
append_verdict (GString *out, const SaxidReportCurve *curve, const SaxidGuinier *guinier)
{
  g_string_append (out, "<table class=\"meta\"><tbody>\n");
  saxid_report_put_pair (out, curve->outlier ? "Why none" : "In question", curve->open);
  saxid_report_put_pair (out, "Material", curve->told);
  saxid_report_put_pair (out, "In the file", curve->tagged);
  saxid_report_put_pair (out, "Fits in the file", curve->seeded);
  append_level (out, "Family", curve->family_name, curve->family);
  append_level (out, "Structure", curve->structure_name, curve->structure);
  append_number (out, "Confidence", 100 * curve->confidence, 1, " %");
  append_number (out, "Outlier score", curve->outlier_score, 3, "");
  if (guinier != NULL)
    append_guinier (out, guinier);
  saxid_report_put_pair (out, "Model", curve->model_name);
  saxid_report_put_pair (out, "Model version", curve->model_version);
  saxid_report_put_pair (out, "Model checksum", curve->model_checksum);
  g_string_append (out, "</tbody></table>\n");
}

static void
append_source (GString *out, const SaxidReportCurve *curve)
{
  g_string_append (out, "<table class=\"meta\"><tbody>\n");
  saxid_report_put_pair (out, "File", curve->file);
  saxid_report_put_pair (out, "Entry", curve->entry);
  saxid_report_put_pair (out, "Title", curve->title);
  saxid_report_put_pair (out, "Read as", curve->dialect);
  append_points (out, curve->curve);
  saxid_report_put_pair (out, "q unit found", curve->q_unit);
  saxid_report_put_pair (out, "I unit found", curve->i_unit);
  for (gsize k = 0; k < curve->n_metadata; k++)
    saxid_report_put_pair (out, curve->metadata[k].key, curve->metadata[k].value);
  g_string_append (out, "</tbody></table>\n");
}

static void
append_notes (GString *out, const SaxidReportCurve *curve)
{
  if (curve->note == NULL || curve->note[0] == NULL)
    return;
  g_string_append (out, "<ul class=\"notes\">\n");
  for (guint k = 0; curve->note[k] != NULL; k++)
    {
      g_string_append (out, "<li>");
      saxid_report_put_text (out, curve->note[k]);
      g_string_append (out, "</li>\n");
    }
  g_string_append (out, "</ul>\n");
}

static void
append_heading (GString *out, const SaxidReportCurve *curve)
{
  g_autofree char *base = curve->file != NULL ? g_path_get_basename (curve->file) : NULL;
  g_autofree char *headline = saxid_report_curve_headline (curve);

  g_string_append (out, "<h2>");
  saxid_report_put_text (out, base);
  if (curve->frame >= 0)
    g_string_append_printf (out, ", frame %" G_GINT64_FORMAT, curve->frame);
  g_string_append (out, ": ");
  saxid_report_put_text (out, headline);
  g_string_append (out, " ");
  append_flag (out, saxid_report_curve_flag (curve));
  append_flag (out, curve->differs ? "differs" : "");
  g_string_append (out, "</h2>\n");
}

/* Guinier, Kratky and Porod, side by side. guinier: or NULL. */
static void
append_views (GString *out, const SaxidReportCurve *curve, const SaxidGuinier *guinier)
{
  g_string_append (out, "<div class=\"views\">\n");
  for (guint kind = 0; kind < SAXID_N_VIEW; kind++)
    saxid_report_put_drawing (out, saxid_plot_view (&(SaxidViewPlot) { .kind = (SaxidView) kind, .curve = curve->curve,
                                                                      .guinier = guinier },
                                                   SAXID_CANVAS_SVG_INLINE));
  g_string_append (out, "</div>\n");
}

static void
append_explanation (GString *out, const SaxidReportCurve *curve)
{
  double most = 0;

  for (guint k = 0; k < curve->n_band; k++)
    most = MAX (most, curve->band_weight[k]);
  if (curve->n_band > 0)
    g_string_append_printf (out,
                            "<p class=\"muted\">%s</p>\n",
                            most > 0.02 ? "Shaded: where the curve, replaced by a straight line, would lose the "
                                          "label its probability."
                                        : "No single range of q carries the decision.");
}

static void
append_examples (GString *out, const SaxidReportCurve *curve)
{
  if (curve->n_example == 0)
    return;
  g_string_append (out, "<details><summary>Examples of the training that are most like it</summary>\n");
  saxid_report_put_drawing (out, saxid_plot_grid (&(SaxidGridPlot) { .n_panel = curve->n_example, .panel = curve->example,
                                                          .columns = EXAMPLE_COLUMNS, .intensity_unit = curve->i_unit },
                                        SAXID_CANVAS_SVG_INLINE));
  g_string_append_printf (out,
                          "<p class=\"muted\">Blue: this curve. Red: simulated curves, each moved along q and I onto "
                          "this one, since the model knows neither unit: their sizes are not told by the axis. Distances "
                          "%.3f to %.3f; 0 is the same to the model.</p></details>\n",
                          curve->example_near, curve->example_far);
}

static void
append_pairs (GString *out, gsize n, const SaxidReportPair *pair)
{
  if (n == 0)
    return;
  g_string_append (out, "<table class=\"meta\"><tbody>\n");
  for (gsize k = 0; k < n; k++)
    saxid_report_put_pair (out, pair[k].key, pair[k].value);
  g_string_append (out, "</tbody></table>\n");
}

static void
append_slice (GString *out, const SaxidReportCurve *curve)
{
  if (curve->slice_edge == 0)
    return;
  saxid_report_put_drawing (out, saxid_plot_slice (&(SaxidSlicePlot) { .title = "A structure with this curve", .n = curve->slice_edge,
                                                            .phase = curve->slice, .pixel = curve->slice_pixel },
                                         SAXID_CANVAS_SVG_INLINE));
  g_string_append (out, "<p class=\"muted\">A cut, solid in blue, a layer in orange: one of many structures with this curve, "
                        "as a Gaussian random field has them. It is no picture of the sample.</p>\n");
}

/* On a phone it scrolls sideways, because its numbers would be too small to read. */
static void
put_plot (GString *out, const SaxidCurvePlot *plot)
{
  g_string_append (out, "<div class=\"wide\">\n");
  saxid_report_put_drawing (out, saxid_plot_curve (plot, SAXID_CANVAS_SVG_INLINE));
  g_string_append (out, "</div>\n");
}

/* Atoms answer beside the form factors, with a plot of their own. */
static void
append_atoms (GString *out, const SaxidReportCurve *curve)
{
  const SaxidReportAtoms *atoms = curve->atoms;

  if (atoms == NULL || atoms->n_line == 0)
    return;
  g_string_append (out, "<h3>As a particle of atoms</h3>\n<div class=\"curve\"><div>\n");
  put_plot (out, &(SaxidCurvePlot) { .curve = curve->curve, .intensity_unit = curve->i_unit, .n_line = atoms->n_line, .line = atoms->line,
                                     .residuals = TRUE, .n_mark = atoms->n_mark, .mark = atoms->mark, .window_min = atoms->q_from,
                                     .window_max = atoms->q_to, .window_label = "decides", .height = FIT_HEIGHT });
  if (atoms->told_from != NULL)
    g_string_append_printf (out, "<p class=\"muted\">Shaded: four fifths of what tells %s, %.3g to %.3g Å⁻¹.</p>\n", atoms->told_from, atoms->q_from,
                            atoms->q_to);
  g_string_append (out, "<p class=\"muted\">Dashed: peaks of the lattice with the d of the fit; those of twinned particles are displaced.</p>\n"
                        "</div><div>\n");
  saxid_report_put_drawing (out, saxid_plot_particle (&(SaxidParticlePlot) { .title = atoms->title, .n = atoms->n_atom, .position = atoms->position,
                                                                  .apart = atoms->apart },
                                            SAXID_CANVAS_SVG_INLINE));
  append_pairs (out, atoms->n_pair, atoms->pair);
  g_string_append (out, "</div></div>\n");
}

static void
append_curve (GString *out, const SaxidReportCurve *curve, gsize index)
{
  SaxidGuinier guinier;
  gboolean sound = curve->curve != NULL && curve->status != SAXID_STATUS_REJECTED;

  g_string_append_printf (out, "<section class=\"card one\" id=\"c%" G_GSIZE_FORMAT "\">\n", index + 1);
  append_heading (out, curve);
  if (curve->reason != NULL)
    {
      g_string_append (out, "<p class=\"reason\">");
      saxid_report_put_text (out, curve->reason);
      g_string_append (out, "</p>\n");
    }
  if (sound)
    saxid_guinier_fit (curve->curve, &guinier);
  g_string_append (out, "<div class=\"curve\"><div>\n");
  if (curve->curve != NULL)
    put_plot (out, &(SaxidCurvePlot) { .title = curve->title,
                                       .curve = curve->curve,
                                       .intensity_unit = curve->i_unit,
                                       .n_line = curve->n_line, .line = curve->line,
                                       .residuals = curve->n_line > 0,
                                       .n_band = curve->n_band, .band_q = curve->band_q,
                                       .band_weight = curve->band_weight,
                                       .height = curve->n_line > 0 ? FIT_HEIGHT : 0,
                                       .guinier = sound && curve->n_line == 0 ? &guinier : NULL });
  if (sound)
    append_views (out, curve, &guinier);
  append_explanation (out, curve);
  append_examples (out, curve);
  append_source (out, curve);
  g_string_append (out, "</div><div>\n");
  if (curve->probability != NULL && curve->n_class > 0)
    saxid_report_put_drawing (out, saxid_plot_classes (&(SaxidClassPlot) { .n = curve->n_class,
                                                                .name = curve->class_name,
                                                                .probability = curve->probability,
                                                                .in_set = curve->prediction_set },
                                             SAXID_CANVAS_SVG_INLINE));
  append_verdict (out, curve, sound ? &guinier : NULL);
  if (curve->unfitted)
    g_string_append (out, "<p class=\"muted\">No fits: the time for them was over (--time-limit).</p>\n");
  append_pairs (out, curve->n_fit, curve->fit);
  append_slice (out, curve);
  append_notes (out, curve);
  g_string_append (out, "</div></div>\n");
  append_atoms (out, curve);
  g_string_append (out, "</section>\n");
}

/* The page --------------------------------------------------------------- */

static void
append_lead (GString *out, const SaxidReportPage *page, guint n_shown)
{
  gsize flagged = 0, with_curve = 0, differ = 0;

  for (gsize k = 0; k < page->n_curve; k++)
    {
      differ += page->curve[k].differs;
      flagged += *saxid_report_curve_flag (&page->curve[k]) != '\0';
      with_curve += page->curve[k].curve != NULL;
    }
  g_string_append (out, "<h1>");
  saxid_report_put_text (out, page->heading != NULL ? page->heading : "saxid report");
  g_string_append (out, "</h1>\n<p class=\"lead muted\">");
  if (page->n_frame > 0)
    g_string_append_printf (out, "%" G_GSIZE_FORMAT " frame%s%s", page->n_frame, page->n_frame == 1 ? "" : "s", page->n_curve > 0 ? ", " : "");
  if (page->n_curve > 0 || page->n_frame + page->n_cake == 0)
    g_string_append_printf (out, "%" G_GSIZE_FORMAT " %s, %" G_GSIZE_FORMAT " flagged", page->n_curve,
                            page->n_curve == 1 ? "curve" : "curves", flagged);
  if (page->program_version != NULL)
    {
      g_string_append (out, " · saxid ");
      saxid_report_put_text (out, page->program_version);
    }
  if (page->date != NULL)
    {
      g_string_append (out, " · ");
      saxid_report_put_text (out, page->date);
    }
  if (differ > 0)
    g_string_append_printf (out, "<br/><span class=\"reason\">The tags in the file say otherwise of %" G_GSIZE_FORMAT
                                 " of the curves.</span>", differ);
  if (n_shown < with_curve)
    g_string_append_printf (out,
                            "<br/>Plots stand for %u of %" G_GSIZE_FORMAT
                            " curves: the first and the last, "
                            "the farthest outliers, the most and the least certain of every class, "
                            "and others evenly spaced.",
                            n_shown, with_curve);
  g_string_append (out, "</p>\n");
}

static void
append_frame_cards (GString *out, const SaxidReportPage *page)
{
  if (page->n_frame > 1)
    {
      g_string_append (out, "<section class=\"card scroll\"><table class=\"overview\"><thead><tr><th>Frame</th><th>Technique</th>"
                            "<th class=\"n\">Grazes</th><th class=\"more\">Header</th><th class=\"more\">Image</th><th></th></tr></thead><tbody>\n");
      for (gsize k = 0; k < page->n_frame; k++)
        saxid_report_frame_row (out, &page->frame[k], k);
      g_string_append (out, "</tbody></table></section>\n");
    }
  for (gsize k = 0; k < page->n_frame; k++)
    saxid_report_frame_append (out, &page->frame[k], k);
}

static void
append_cakes (GString *out, const SaxidReportPage *page)
{
  for (guint k = 0; k < page->n_cake; k++)
    {
      GBytes *drawing = saxid_report_cake_draw (page->cake[k], SAXID_CANVAS_SVG_INLINE);

      if (drawing == NULL)
        continue;
      g_string_append (out, "<section class=\"card wide\">\n");
      saxid_report_put_drawing (out, drawing);
      g_string_append (out, "</section>\n");
    }
}

char *
saxid_report_page_html (const SaxidReportPage *page)
{
  GString *out = g_string_new ("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n");
  g_autofree char *plot_style = saxid_canvas_css ();
  guint n_shown;
  g_autofree gboolean *shown = saxid_report_choice (page, &n_shown);

  g_string_append_printf (out,
                          "<meta http-equiv=\"Content-Security-Policy\" content=\"%s\"/>\n"
                          "<meta name=\"viewport\" content=\"width=device-width\"/>\n<title>",
                          policy);
  saxid_report_put_text (out, page->heading != NULL ? page->heading : "saxid report");
  g_string_append_printf (out, "</title>\n<style>\n%s%s</style></head>\n<body><main>\n", style,
                          plot_style);
  append_lead (out, page, n_shown);
  append_cakes (out, page);
  saxid_report_runs (out, page);
  if (page->n_curve > 0 || page->n_frame + page->n_cake == 0)
    append_overview (out, page, shown);
  for (gsize k = 0; k < page->n_curve; k++)
    if (shown[k] || (page->curve[k].curve == NULL && page->n_curve <= SAXID_REPORT_PLOTS))
      append_curve (out, &page->curve[k], k);
  append_frame_cards (out, page);
  g_string_append (out, cite);
  g_string_append (out, "</main></body></html>\n");
  return g_string_free (out, FALSE);
}

gboolean
saxid_report_page_write (const SaxidReportPage *page, const char *path, GError **error)
{
  g_autofree char *html = saxid_report_page_html (page);
  SaxidAtomicFile *file = saxid_atomic_begin (path, error);

  if (file == NULL)
    return FALSE;
  if (saxid_atomic_write (file, html, strlen (html), error))
    return saxid_atomic_commit (file, error);
  saxid_atomic_abort (file);
  return FALSE;
}
