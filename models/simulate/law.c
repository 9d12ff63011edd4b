/* What numbers may a line of a population file give, and which one now?
 *
 * Ranges are followed by interval arithmetic while a law is parsed, so a file
 * that could leave the bounds of its shape is refused before the first draw.
 *
 * Thread: a law is immutable once parsed.
 */
#include "models/simulate/law.h"

#include <math.h>
#include <string.h>

#include "reducers/error.h"

#define MOST_ARGUMENTS 32
#define MOST_DEPTH 8

typedef struct
{
  const char *name;
  guint least, most; /* arguments */
  gboolean weighted;
  double (*draw) (const SaxidLaw *law, SaxidRandom *random, const double *drawn);
  /* NULL, or what is wrong with the ranges of the arguments. */
  const char *(*refuse) (const SaxidLaw *law);
  SaxidLawRange (*range) (const SaxidLaw *law);
} Function;

struct SaxidLaw
{
  const Function *function; /* NULL: a number or a name */
  int slot;                 /* of the name; below 0: number */
  double number;
  SaxidLawRange range;
  guint n_argument;
  SaxidLaw *argument[MOST_ARGUMENTS];
  double weight[MOST_ARGUMENTS];
};

static double
draw_argument (const SaxidLaw *law, guint k, SaxidRandom *random, const double *drawn)
{
  return saxid_law_draw (law->argument[k], random, drawn);
}

static double
draw_product (const SaxidLaw *law, SaxidRandom *random, const double *drawn)
{
  double product = draw_argument (law, 0, random, drawn);

  for (guint k = 1; k < law->n_argument; k++)
    product *= draw_argument (law, k, random, drawn);
  return product;
}

static double
draw_uniform (const SaxidLaw *law, SaxidRandom *random, const double *drawn)
{
  double lower = draw_argument (law, 0, random, drawn);
  double upper = draw_argument (law, 1, random, drawn);

  return saxid_random_uniform (random, lower, upper);
}

static double
draw_log_uniform (const SaxidLaw *law, SaxidRandom *random, const double *drawn)
{
  double lower = draw_argument (law, 0, random, drawn);
  double upper = draw_argument (law, 1, random, drawn);

  return saxid_random_log_uniform (random, lower, upper);
}

static double
draw_choice (const SaxidLaw *law, SaxidRandom *random, const double *drawn)
{
  double sum = 0, at;
  guint k = 0;

  for (guint j = 0; j < law->n_argument; j++)
    sum += law->weight[j];
  at = sum * saxid_random_unit (random);
  while (k + 1 < law->n_argument && at >= law->weight[k])
    at -= law->weight[k++];
  return draw_argument (law, k, random, drawn);
}

static double
draw_maximum (const SaxidLaw *law, SaxidRandom *random, const double *drawn)
{
  double first = draw_argument (law, 0, random, drawn);

  return fmax (first, draw_argument (law, 1, random, drawn));
}

static double
draw_minimum (const SaxidLaw *law, SaxidRandom *random, const double *drawn)
{
  double first = draw_argument (law, 0, random, drawn);

  return fmin (first, draw_argument (law, 1, random, drawn));
}

static SaxidLawRange
range_of_product (const SaxidLaw *law)
{
  SaxidLawRange range = law->argument[0]->range;

  for (guint k = 1; k < law->n_argument; k++)
    {
      SaxidLawRange other = law->argument[k]->range;
      double corner[] = { range.lower * other.lower, range.lower * other.upper,
                          range.upper * other.lower, range.upper * other.upper };

      range = (SaxidLawRange) { corner[0], corner[0] };
      for (guint j = 1; j < G_N_ELEMENTS (corner); j++)
        {
          range.lower = fmin (range.lower, corner[j]);
          range.upper = fmax (range.upper, corner[j]);
        }
    }
  return range;
}

static SaxidLawRange
range_of_all (const SaxidLaw *law)
{
  SaxidLawRange range = law->argument[0]->range;

  for (guint k = 1; k < law->n_argument; k++)
    {
      range.lower = fmin (range.lower, law->argument[k]->range.lower);
      range.upper = fmax (range.upper, law->argument[k]->range.upper);
    }
  return range;
}

static SaxidLawRange
range_of_maximum (const SaxidLaw *law)
{
  SaxidLawRange a = law->argument[0]->range, b = law->argument[1]->range;

  return (SaxidLawRange) { fmax (a.lower, b.lower), fmax (a.upper, b.upper) };
}

static SaxidLawRange
range_of_minimum (const SaxidLaw *law)
{
  SaxidLawRange a = law->argument[0]->range, b = law->argument[1]->range;

  return (SaxidLawRange) { fmin (a.lower, b.lower), fmin (a.upper, b.upper) };
}

static const char *
refuse_order (const SaxidLaw *law)
{
  return law->argument[0]->range.upper <= law->argument[1]->range.lower
           ? NULL
           : "the lower bound may lie above the upper one";
}

static const char *
refuse_logarithm (const SaxidLaw *law)
{
  return law->argument[0]->range.lower > 0 ? refuse_order (law) : "both bounds must be positive";
}

static const Function product = { "*", 2, MOST_ARGUMENTS, FALSE, draw_product, NULL, range_of_product };

static const Function functions[] = {
  { "uniform", 2, 2, FALSE, draw_uniform, refuse_order, range_of_all },
  { "log-uniform", 2, 2, FALSE, draw_log_uniform, refuse_logarithm, range_of_all },
  { "choice", 1, MOST_ARGUMENTS, TRUE, draw_choice, NULL, range_of_all },
  { "max", 2, 2, FALSE, draw_maximum, NULL, range_of_maximum },
  { "min", 2, 2, FALSE, draw_minimum, NULL, range_of_minimum },
};

typedef struct
{
  const char *at;
  gsize n_symbol;
  const SaxidLawSymbol *symbol;
  guint depth;
} Parser;

static SaxidLaw *parse_value (Parser *parser, GError **error);

static void
skip_space (Parser *parser)
{
  while (*parser->at == ' ' || *parser->at == '\t')
    parser->at++;
}

/* The next character that counts, taken when it is the one that is meant. */
static gboolean
take (Parser *parser, char wanted)
{
  skip_space (parser);
  if (*parser->at != wanted)
    return FALSE;
  parser->at++;
  return TRUE;
}

static gboolean
refuse (const Parser *parser, const char *what, GError **error)
{
  if (*parser->at == '\0')
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "%s is needed at the end", what);
  else
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "%s is needed at '%.20s'", what, parser->at);
  return FALSE;
}

static SaxidLaw *
new_number (double number)
{
  SaxidLaw *law = g_new0 (SaxidLaw, 1);

  law->slot = -1;
  law->number = number;
  law->range = (SaxidLawRange) { number, number };
  return law;
}

static gboolean
take_number (Parser *parser, double *number)
{
  char *end;

  skip_space (parser);
  if (strchr ("+-.0123456789", *parser->at) == NULL || *parser->at == '\0')
    return FALSE;
  *number = g_ascii_strtod (parser->at, &end);
  if (end == parser->at || !isfinite (*number))
    return FALSE;
  parser->at = end;
  return TRUE;
}

static char *
take_word (Parser *parser)
{
  const char *from;

  skip_space (parser);
  from = parser->at;
  while (g_ascii_isalnum (*parser->at) || *parser->at == '_' || *parser->at == '-' || *parser->at == '.')
    parser->at++;
  return g_strndup (from, (gsize) (parser->at - from));
}

/* "3: value", or a value of weight 1. */
static gboolean
parse_argument (Parser *parser, SaxidLaw *law, GError **error)
{
  const char *from = parser->at;
  double weight = 1;

  if (law->n_argument == law->function->most)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "%s has more than %u arguments",
                   law->function->name, law->function->most);
      return FALSE;
    }
  if (law->function->weighted && !(take_number (parser, &weight) && take (parser, ':')))
    {
      parser->at = from;
      weight = 1;
    }
  if (!(weight > 0))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "a weight of %s is %g, more than 0 is needed",
                   law->function->name, weight);
      return FALSE;
    }
  law->argument[law->n_argument] = parse_value (parser, error);
  if (law->argument[law->n_argument] == NULL)
    return FALSE;
  law->weight[law->n_argument++] = weight;
  return TRUE;
}

static gboolean
settle (SaxidLaw *law, GError **error)
{
  const Function *function = law->function;
  const char *wrong;

  if (law->n_argument < function->least)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "%s has %u arguments, %u are needed",
                   function->name, law->n_argument, function->least);
      return FALSE;
    }
  wrong = function->refuse != NULL ? function->refuse (law) : NULL;
  law->range = function->range (law);
  if (wrong == NULL && !(isfinite (law->range.lower) && isfinite (law->range.upper)))
    wrong = "the result may be too large";
  if (wrong == NULL)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "%s: %s", function->name, wrong);
  return FALSE;
}

static SaxidLaw *
parse_function (Parser *parser, const char *name, GError **error)
{
  SaxidLaw *law = new_number (0);
  gboolean done = FALSE;

  for (guint k = 0; k < G_N_ELEMENTS (functions); k++)
    if (g_str_equal (functions[k].name, name))
      law->function = &functions[k];
  if (law->function == NULL)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                 "function '%s' is not known; there are uniform, log-uniform, choice, min and max", name);
  else
    {
      do
        done = parse_argument (parser, law, error);
      while (done && take (parser, ','));
      done = done && (take (parser, ')') || refuse (parser, "',' or ')'", error)) && settle (law, error);
    }
  if (done)
    return law;
  saxid_law_free (law);
  return NULL;
}

static SaxidLaw *
parse_name (const Parser *parser, const char *name, GError **error)
{
  for (gsize k = 0; k < parser->n_symbol; k++)
    if (g_str_equal (parser->symbol[k].name, name))
      {
        SaxidLaw *law = new_number (parser->symbol[k].range.lower);

        law->slot = parser->symbol[k].slot;
        law->range = parser->symbol[k].range;
        return law;
      }
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "'%s' is no name that was given before", name);
  return NULL;
}

static SaxidLaw *
parse_factor (Parser *parser, GError **error)
{
  g_autofree char *word = NULL;
  double number;

  if (take_number (parser, &number))
    return new_number (number);
  word = take_word (parser);
  if (*word == '\0')
    {
      refuse (parser, "a number, a name or a function", error);
      return NULL;
    }
  return take (parser, '(') ? parse_function (parser, word, error) : parse_name (parser, word, error);
}

static gboolean
parse_operand (Parser *parser, SaxidLaw *law, GError **error)
{
  if (law->n_argument == MOST_ARGUMENTS)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "a product has more than %d factors",
                   MOST_ARGUMENTS);
      return FALSE;
    }
  law->argument[law->n_argument] = parse_factor (parser, error);
  if (law->argument[law->n_argument] == NULL)
    return FALSE;
  law->n_argument++;
  return TRUE;
}

static SaxidLaw *
parse_product (Parser *parser, GError **error)
{
  SaxidLaw *first = parse_factor (parser, error), *law;
  gboolean done = TRUE;

  if (first == NULL || !take (parser, '*'))
    return first;
  law = new_number (0);
  law->function = &product;
  law->argument[law->n_argument++] = first;
  do
    done = parse_operand (parser, law, error);
  while (done && take (parser, '*'));
  if (done && settle (law, error))
    return law;
  saxid_law_free (law);
  return NULL;
}

static SaxidLaw *
parse_value (Parser *parser, GError **error)
{
  SaxidLaw *law = NULL;

  if (++parser->depth > MOST_DEPTH)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "functions are nested deeper than %d", MOST_DEPTH);
  else
    law = parse_product (parser, error);
  parser->depth--;
  return law;
}

SaxidLaw *
saxid_law_parse (const char *text, gsize n_symbol, const SaxidLawSymbol *symbol, GError **error)
{
  Parser parser = { .at = text, .n_symbol = n_symbol, .symbol = symbol };
  SaxidLaw *law = parse_value (&parser, error);

  if (law == NULL)
    return NULL;
  skip_space (&parser);
  if (*parser.at == '\0')
    return law;
  refuse (&parser, "'*' or the end of the line", error);
  saxid_law_free (law);
  return NULL;
}

void
saxid_law_free (SaxidLaw *law)
{
  if (law == NULL)
    return;
  for (guint k = 0; k < law->n_argument; k++)
    saxid_law_free (law->argument[k]);
  g_free (law);
}

SaxidLawRange
saxid_law_range (const SaxidLaw *law)
{
  return law->range;
}

double
saxid_law_draw (const SaxidLaw *law, SaxidRandom *random, const double *drawn)
{
  if (law->function != NULL)
    return law->function->draw (law, random, drawn);
  return law->slot < 0 ? law->number : drawn[law->slot];
}
