/* How do bumps and sasmodels go on from a seed?
 *
 * The one way that keeps the kind of distribution.
 *
 * Thread: pure.
 */
#include <math.h>
#include <string.h>

#include "schemas/seed/page.h"

/* A Python literal of any text. */
static char *
quote (const char *text)
{
  GString *out = g_string_new ("'");

  for (const char *c = text; *c != '\0'; c++)
    if (*c == '\\' || *c == '\'' || (guchar) *c < 0x20 || (guchar) *c == 0x7f)
      g_string_append_printf (out, "\\x%02x", (guint) (guchar) *c);
    else
      g_string_append_c (out, *c);
  return g_string_free (g_string_append_c (out, '\''), FALSE);
}

static void
append_number (GString *script, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (isinf (value))
    g_string_append (script, value > 0 ? "inf" : "-inf");
  else
    g_string_append (script, g_ascii_formatd (text, sizeof text, "%.7g", value));
}

static void
append_range (GString *script, const char *name, const SaxidSeedParameter *parameter)
{
  if (!parameter->vary)
    return;
  g_string_append_printf (script, "model.%s.range(", name);
  append_number (script, parameter->lower);
  g_string_append (script, ", ");
  append_number (script, parameter->upper);
  g_string_append (script, ")\n");
}

/* Not every file that has a slit has it where SasView looks. */
static char *
slit_lines (const SaxidCurve *curve)
{
  if (!(curve->slit > 0))
    return g_strdup ("");
  return g_strdup_printf ("data.dx, data.dxl, data.dxw = None, %.7g + 0 * data.x, 0 * data.x  # seen through a slit\n", curve->slit);
}

char *
saxid_seed_bumps (const SaxidSeedPage *page, const char *data)
{
  g_autofree char *name = quote (page->title), *file = quote (data), *wanted = quote (page->curve_title);
  g_autofree char *width = g_strconcat (page->width.name, "_pd", NULL);
  g_autofree char *slit = slit_lines (page->curve);
  GString *script = g_string_new (NULL);

  g_string_append_printf (script,
                          "# A fit to begin with, by saxid. Run: bumps THIS.py [DATA.h5] --fit=lm --batch --store=out\n"
                          "import sys\n\nimport numpy\n\n"
                          "for name, kind in (('float', float), ('int', int), ('bool', bool)):\n"
                          "    if name not in vars(numpy):\n"
                          "        setattr(numpy, name, kind)  # bumps 0.9.0 asks for it\n\n"
                          "from bumps.names import *\n"
                          "from sasmodels.bumps_model import Experiment, Model\n"
                          "from sasmodels.core import load_model\n"
                          "from sasmodels.data import load_data\n\n"
                          "curves = load_data(sys.argv[1] if len(sys.argv) > 1 else %s, index='all')\n"
                          "wanted = %s\n"
                          "named = [each for each in curves if str(getattr(each, 'title', '')).strip() == wanted]\n"
                          "if len(curves) > 1 and len(named) != 1:\n"
                          "    sys.exit(f'{len(curves)} curves, and not one of them is {wanted}')\n"
                          "data = (named or curves)[0]\n"
                          "data.qmin, data.qmax = %.7g, %.7g\n"
                          "title = %s\n"
                          "%s"
                          "model = Model(\n    load_model('%s'),\n",
                          file, wanted, page->q_min * (1 - 1e-6), page->q_max * (1 + 1e-6), name, slit, page->model);
  for (guint k = 0; k < page->n_parameter; k++)
    {
      g_string_append_printf (script, "    %s=", page->parameter[k].name);
      append_number (script, page->parameter[k].value);
      g_string_append (script, ",\n");
    }
  if (page->width.name != NULL)
    {
      g_string_append_printf (script, "    %s=", width);
      append_number (script, page->width.value);
      g_string_append_printf (script, ",\n    %s_n=80,\n    %s_nsigma=8,\n    %s_type='schulz',\n", width, width, width);
    }
  g_string_append (script, ")\n");
  for (guint k = 0; k < page->n_parameter; k++)
    append_range (script, page->parameter[k].name, &page->parameter[k]);
  if (page->width.name != NULL)
    append_range (script, width, &page->width);
  g_string_append (script, "problem = FitProblem(Experiment(data=data, model=model, name=title))\n");
  return g_string_free (script, FALSE);
}
