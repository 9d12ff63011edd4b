/* How does SasView find a fit on its page?
 *
 * As SasView 5.0.5 and 6 read it: every scalar is a text in a list; a parameter is
 * [fit?, value, error, min, max, []], a width [fit?, value, error, min, max, points,
 * deviations, distribution]. The distribution is not restored (a width comes back as
 * Gaussian): pages are of fits with a Gaussian.
 *
 * Thread: pure.
 */
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "schemas/seed/page.h"

/* More of the tail than SasView takes by itself: I goes with the sixth power of a size. */
#define WIDTH_POINTS "45"
#define WIDTH_DEVIATIONS "5"

static char *
number (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (isinf (value))
    return g_strdup (value > 0 ? "inf" : "-inf");
  return g_strdup (g_ascii_formatd (text, sizeof text, "%.7g", value));
}

static void
add_text (JsonBuilder *builder, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  json_builder_add_string_value (builder, valid);
}

static void
add_number (JsonBuilder *builder, double value)
{
  g_autofree char *text = number (value);

  add_text (builder, text);
}

/* "name": ["text"] */
static void
add_single (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  add_text (builder, text);
  json_builder_end_array (builder);
}

/* "name": [["text", …]] */
static void
begin_double (JsonBuilder *builder, const char *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  json_builder_begin_array (builder);
}

static void
end_double (JsonBuilder *builder)
{
  json_builder_end_array (builder);
  json_builder_end_array (builder);
}

static void
begin_parameter (JsonBuilder *builder, const char *name, const SaxidSeedParameter *parameter)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  add_text (builder, parameter->vary ? "True" : "False");
  add_number (builder, parameter->value);
  if (isfinite (parameter->error))
    add_number (builder, parameter->error);
  else
    json_builder_add_null_value (builder);
  add_number (builder, parameter->lower);
  add_number (builder, parameter->upper);
}

static void
add_parameters (JsonBuilder *builder, const SaxidSeedPage *page)
{
  g_autofree char *width = g_strconcat (page->width.name, ".width", NULL);

  for (guint k = 0; k < page->n_parameter; k++)
    {
      begin_parameter (builder, page->parameter[k].name, &page->parameter[k]);
      json_builder_begin_array (builder);
      json_builder_end_array (builder);
      json_builder_end_array (builder);
    }
  if (page->width.name == NULL)
    return;
  begin_parameter (builder, width, &page->width);
  add_text (builder, WIDTH_POINTS);
  add_text (builder, WIDTH_DEVIATIONS);
  add_text (builder, "gaussian");
  json_builder_end_array (builder);
}

static void
add_array (JsonBuilder *builder, const char *name, gsize n, const double *values)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "__type__");
  add_text (builder, "ndarray");
  json_builder_set_member_name (builder, "data");
  json_builder_begin_array (builder);
  for (gsize k = 0; k < n; k++)
    json_builder_add_double_value (builder, values[k]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
add_member (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  add_text (builder, text);
}

/* SasView takes a slit, or a resolution of every point. Its slit has no width. */
static void
add_slit (JsonBuilder *builder, const SaxidCurve *curve)
{
  g_autofree double *length = g_new (double, curve->n), *width = g_new0 (double, curve->n);

  for (gsize k = 0; k < curve->n; k++)
    length[k] = curve->slit;
  add_array (builder, "dxl", curve->n, length);
  add_array (builder, "dxw", curve->n, width);
}

static void
add_data (JsonBuilder *builder, const char *id, const SaxidSeedPage *page)
{
  const SaxidCurve *curve = page->curve;

  json_builder_set_member_name (builder, "fit_data");
  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  add_member (builder, "__type__", "Data1D");
  add_member (builder, "id", id);
  add_member (builder, "group_id", id);
  add_member (builder, "name", page->title);
  add_member (builder, "filename", page->file);
  add_array (builder, "x", curve->n, curve->q);
  add_array (builder, "y", curve->n, curve->intensity);
  if (curve->sigma != NULL)
    add_array (builder, "dy", curve->n, curve->sigma);
  if (curve->slit > 0)
    add_slit (builder, curve);
  else if (curve->dq != NULL)
    add_array (builder, "dx", curve->n, curve->dq);
  json_builder_set_member_name (builder, "is_data");
  json_builder_add_boolean_value (builder, TRUE);
  add_member (builder, "_xaxis", "Q");
  add_member (builder, "_xunit", "A^{-1}");
  add_member (builder, "_yaxis", "Intensity");
  add_member (builder, "_yunit", page->absolute ? "cm^{-1}" : "a.u.");
  json_builder_end_object (builder);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "checked");
  json_builder_add_int_value (builder, 2);
  json_builder_end_object (builder);
  json_builder_begin_array (builder);
  json_builder_end_array (builder);
  json_builder_end_array (builder);
}

/* The curves of a fit page: ids count from `first`. */
typedef struct
{
  guint first, n;
  gboolean batch;
  const SaxidSeedPage *page; /* [n] the first has the parameters */
} Tab;

static char *
id_of (guint at)
{
  return g_strdup_printf ("f%04u", at + 1);
}

static void
add_fit (JsonBuilder *builder, const Tab *tab)
{
  const SaxidSeedPage *page = tab->page;
  const SaxidCurve *curve = page->curve;
  const guint number_of_tab = tab->batch ? 1 : tab->first + 1;
  g_autofree char *index = g_strdup_printf ("%u", number_of_tab);
  g_autofree char *name = g_strdup_printf ("%s%u", tab->batch ? "BatchPage" : "M", number_of_tab);
  g_autofree char *first = number (page->q_min), *last = number (page->q_max);
  const char *const single[][2] = {
    { "model_name", page->model }, { "fitpage_category", page->category }, { "fitpage_model", page->model },
    { "fitpage_structure", "None" }, { "is_batch_fitting", tab->batch ? "True" : "False" }, { "is_data", "True" },
    { "tab_index", index }, { "tab_name", name }, { "polydisperse_params", page->width.name != NULL ? "True" : "False" }, { "magnetic_params", "False" },
    { "chainfit_params", "False" }, { "2D_params", "False" }, { "q_range_min", first }, { "q_range_max", last },
    { "q_weighting", curve->sigma != NULL ? "1" : "0" }, { "weighting", curve->sigma != NULL ? "1" : "0" },
    { "smearing", curve->dq != NULL || curve->slit > 0 ? "1" : "0" }, { "smearing_min", "None" }, { "smearing_max", "None" },
  };

  json_builder_set_member_name (builder, "fit_params");
  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  for (guint k = 0; k < G_N_ELEMENTS (single); k++)
    add_single (builder, single[k][0], single[k][1]);
  begin_double (builder, "data_id");
  for (guint k = 0; k < tab->n; k++)
    {
      g_autofree char *id = id_of (tab->first + k);

      add_text (builder, id);
    }
  end_double (builder);
  begin_double (builder, "data_name");
  for (guint k = 0; k < tab->n; k++)
    add_text (builder, page[k].title);
  end_double (builder);
  add_parameters (builder, page);
  json_builder_end_object (builder);
  json_builder_end_array (builder);
}

static char *
project (guint n, const SaxidSeedPage *page, gboolean batch)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  for (guint k = 0; k < n; k++)
    {
      g_autofree char *id = id_of (k);
      const Tab single = { k, 1, FALSE, &page[k] }, all = { 0, n, TRUE, page };

      json_builder_set_member_name (builder, id);
      json_builder_begin_object (builder);
      add_data (builder, id, &page[k]);
      add_fit (builder, batch ? &all : &single);
      json_builder_end_object (builder);
    }
  add_member (builder, "is_batch", batch ? "True" : "False");
  json_builder_set_member_name (builder, "batch_grid");
  json_builder_begin_object (builder);
  json_builder_end_object (builder);
  add_member (builder, "visible_perspective", "Fitting");
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, TRUE);
}

char *
saxid_seed_project (guint n, const SaxidSeedPage *page)
{
  return project (n, page, FALSE);
}

char *
saxid_seed_batch (guint n, const SaxidSeedPage *page)
{
  return project (n, page, TRUE);
}

static void
append_parameter (GString *text, const char *name, const SaxidSeedParameter *parameter, const char *rest)
{
  g_autofree char *value = number (parameter->value), *lower = number (parameter->lower);
  g_autofree char *upper = number (parameter->upper);
  g_autofree char *error = isfinite (parameter->error) ? number (parameter->error) : g_strdup ("None");

  g_string_append_printf (text, "%s,%s,%s,%s,%s,%s,%s:", name, parameter->vary ? "True" : "False", value, error, lower,
                          upper, rest);
}

char *
saxid_seed_clipboard (const SaxidSeedPage *page)
{
  g_autofree char *width = g_strconcat (page->width.name, ".width", NULL);
  GString *text = g_string_new ("sasview_parameter_values:");

  g_string_append_printf (text, "model_name,%s:", page->model);
  for (guint k = 0; k < page->n_parameter; k++)
    append_parameter (text, page->parameter[k].name, &page->parameter[k], "()");
  if (page->width.name != NULL)
    append_parameter (text, width, &page->width, WIDTH_POINTS "," WIDTH_DEVIATIONS ",gaussian");
  g_string_append_printf (text,
                          "polydisperse_params,%s:magnetic_params,False:chainfit_params,False:2D_params,False:"
                          "fitpage_category,%s:fitpage_model,%s:fitpage_structure,None:",
                          page->width.name != NULL ? "True" : "False", page->category, page->model);
  return g_string_free (text, FALSE);
}
