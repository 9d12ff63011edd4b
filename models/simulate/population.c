/* Which particles does a data set hold, and with which parameters?
 *
 * A population is drawn line by line, in the order of its file, so the order of
 * the lines belongs to what a seed means. The format is that of saxid-simulate(1):
 *
 *   [population]  title = …
 *   [all]         lines that stand before those of every class
 *   [SHAPE]       one group for each class; their order is that of the labels
 *   [SHAPE: S]    a variant of that class: a part (share) of its particles has the shape S
 *
 * Units: Å, 1e-6/Å², volume fraction.
 * Thread: immutable once parsed.
 */
#include "models/simulate/population.h"

#include <math.h>
#include <string.h>

#include "models/simulate/construction.h"
#include "models/simulate/law.h"
#include "reducers/error.h"

#define MOST_KEYS 32
#define MOST_CLASSES 64
#define WIDTH_PREFIX "width."
#define MOST_VARIANTS 4
#define SHARE "share"

/* A line of the file, in memory of the text's copy. */
typedef struct
{
  guint number;
  const char *group, *key, *value;
} Line;

typedef struct
{
  char *name;
  SaxidLaw *law;
  SaxidLawRange range;
  double *(*place) (SaxidParticle *particle, guint index); /* NULL: for a construction, or a number of others */
  guint index;
  gboolean is_distribution;
} Key;

typedef struct
{
  const SaxidConstruction *how;
  guint from[SAXID_CONSTRUCTION_MOST]; /* keys */
  int to[SAXID_CONSTRUCTION_MOST];     /* parameters */
} Build;

typedef struct Class Class;

/* A class, or a variant of one. */
struct Class
{
  const SaxidShape *shape;
  guint n_key;
  Key key[MOST_KEYS];
  guint n_build;
  Build build[MOST_KEYS];
  guint n_variant;
  Class *variant[MOST_VARIANTS];
  double share; /* of a variant: part of the particles of its class */
};

struct SaxidPopulation
{
  char *name, *place, *title, *digest;
  gboolean has_extras, has_variants;
  GPtrArray *class; /* Class */
};

static double *
place_value (SaxidParticle *particle, guint index)
{
  return &particle->value[index];
}

static double *
place_side_width (SaxidParticle *particle, guint index)
{
  return &particle->side_width[index];
}

static double *
place_width (SaxidParticle *particle, guint index G_GNUC_UNUSED)
{
  return &particle->width;
}

static double *
place_scale (SaxidParticle *particle, guint index G_GNUC_UNUSED)
{
  return &particle->scale;
}

static double *
place_second_share (SaxidParticle *particle, guint index G_GNUC_UNUSED)
{
  return &particle->second_share;
}

static double *
place_second_size (SaxidParticle *particle, guint index G_GNUC_UNUSED)
{
  return &particle->second_size;
}

/* What every class has besides the parameters of its shape. */
static const struct
{
  const char *name;
  double lower, upper;
  gboolean is_extra;
  double *(*place) (SaxidParticle *particle, guint index);
} commons[] = {
  { "width", 0, 1, FALSE, place_width },
  { "scale", 0, 1, FALSE, place_scale },
  { "distribution", 0, SAXID_N_DISTRIBUTIONS - 1, TRUE, NULL },
  { "second_share", 0, 1, TRUE, place_second_share },
  { "second_size", 1e-3, 1e3, TRUE, place_second_size },
};

static void
free_class (gpointer data)
{
  Class *class = data;

  for (guint k = 0; k < class->n_key; k++)
    {
      g_free (class->key[k].name);
      saxid_law_free (class->key[k].law);
    }
  for (guint k = 0; k < class->n_variant; k++)
    free_class (class->variant[k]);
  g_free (class);
}

void
saxid_population_free (SaxidPopulation *population)
{
  if (population == NULL)
    return;
  g_free (population->name);
  g_free (population->place);
  g_free (population->title);
  g_free (population->digest);
  g_ptr_array_unref (population->class);
  g_free (population);
}

static gboolean
refuse (GError **error, const char *where, const Line *line, const char *what)
{
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "%s (%s, line %u, [%s]%s%s)", what, where, line->number,
               line->group != NULL ? line->group : "", line->key != NULL ? " " : "",
               line->key != NULL ? line->key : "");
  return FALSE;
}

static Key *
find_key (Class *class, const char *name)
{
  for (guint k = 0; k < class->n_key; k++)
    if (g_str_equal (class->key[k].name, name))
      return &class->key[k];
  return NULL;
}

static gboolean
is_needed (const SaxidShape *shape, const char *name, gboolean *positive)
{
  const SaxidConstruction *construction;

  for (guint k = 0; (construction = saxid_construction_at (shape, k)) != NULL; k++)
    for (guint j = 0; j < SAXID_CONSTRUCTION_MOST && construction->needs[j] != NULL; j++)
      if (g_str_equal (construction->needs[j], name))
        {
          *positive = construction->positive;
          return TRUE;
        }
  return FALSE;
}

/* Where the value of a key goes, and between which bounds; NULL, or what is wrong. */
static const char *
place_key (const SaxidShape *shape, Key *key, SaxidLawRange *bounds)
{
  gboolean side = g_str_has_prefix (key->name, WIDTH_PREFIX), positive = FALSE;
  int parameter
    = saxid_shape_parameter_index (shape, key->name + (side ? strlen (WIDTH_PREFIX) : 0));

  *bounds = (SaxidLawRange) { -G_MAXDOUBLE, G_MAXDOUBLE };
  for (guint k = 0; k < G_N_ELEMENTS (commons); k++)
    if (g_str_equal (commons[k].name, key->name))
      {
        key->place = commons[k].place;
        key->is_distribution = commons[k].place == NULL;
        *bounds = (SaxidLawRange) { commons[k].lower, commons[k].upper };
        return NULL;
      }
  if (parameter >= 0)
    {
      if (side && !shape->parameter[parameter].is_size)
        return "only sizes may have a width";
      if (side && parameter == (int) shape->main_size)
        return "this is the main size, whose width is called 'width'";
      key->place = side ? place_side_width : place_value;
      key->index = (guint) parameter;
      *bounds = side ? (SaxidLawRange) { 0, 1 }
                     : (SaxidLawRange) { shape->parameter[parameter].lower, shape->parameter[parameter].upper };
      return NULL;
    }
  if (is_needed (shape, key->name, &positive))
    {
      if (positive)
        bounds->lower = G_MINDOUBLE;
      return NULL;
    }
  return "the shape has no parameter of this name";
}

static SaxidLaw *
parse_law (Class *class, const Key *key, const char *value, GError **error)
{
  SaxidLawSymbol symbol[MOST_KEYS + SAXID_N_DISTRIBUTIONS];
  gsize n = 0;

  if (key->is_distribution)
    for (guint k = 0; k < SAXID_N_DISTRIBUTIONS; k++)
      symbol[n++] = (SaxidLawSymbol) { saxid_distribution_name ((SaxidDistribution) k), -1,
                                       { (double) k, (double) k } };
  for (guint k = 0; k < class->n_key; k++)
    symbol[n++] = (SaxidLawSymbol) { class->key[k].name, (int) k, class->key[k].range };
  return saxid_law_parse (value, n, symbol, error);
}

static gboolean
add_key (SaxidPopulation *population, Class *class, const Line *line, GError **error)
{
  Key key = { .name = (char *) line->key };
  g_autoptr (GError) cause = NULL;
  g_autofree char *range = NULL;
  SaxidLawRange bounds;
  const char *wrong = place_key (class->shape, &key, &bounds);

  if (wrong == NULL && find_key (class, line->key) != NULL)
    wrong = "the key is given twice";
  if (wrong == NULL && class->n_key == MOST_KEYS)
    wrong = "the class has more than " G_STRINGIFY (MOST_KEYS) " keys";
  if (wrong != NULL)
    return refuse (error, population->place, line, wrong);
  key.law = parse_law (class, &key, line->value, &cause);
  if (key.law == NULL)
    return refuse (error, population->place, line, cause->message);
  key.range = saxid_law_range (key.law);
  if (key.range.lower < bounds.lower || key.range.upper > bounds.upper)
    {
      range = g_strdup_printf ("%g to %g can be drawn, %g to %g is allowed", key.range.lower, key.range.upper,
                               bounds.lower, bounds.upper);
      saxid_law_free (key.law);
      return refuse (error, population->place, line, range);
    }
  key.name = g_strdup (line->key);
  class->key[class->n_key++] = key;
  if (key.place == place_side_width || key.place == place_second_share
      || (key.is_distribution && key.range.lower != key.range.upper))
    population->has_extras = TRUE;
  return TRUE;
}

/* Which constructions the keys of a class ask for; NULL, or what is missing. */
static char *
add_build (Class *class, const SaxidConstruction *how)
{
  Build build = { .how = how };
  guint found = 0, n = 0;

  for (; n < SAXID_CONSTRUCTION_MOST && how->needs[n] != NULL; n++)
    {
      Key *key = find_key (class, how->needs[n]);

      if (key != NULL)
        {
          build.from[n] = (guint) (key - class->key);
          found++;
        }
    }
  if (found == 0)
    return NULL;
  if (found < n)
    return g_strdup_printf ("%s and %s are needed together", how->needs[0], how->needs[1]);
  for (guint k = 0; k < SAXID_CONSTRUCTION_MOST && how->gives[k] != NULL; k++)
    {
      build.to[k] = saxid_shape_parameter_index (class->shape, how->gives[k]);
      if (find_key (class, how->gives[k]) != NULL)
        return g_strdup_printf ("%s follows from %s, and is given too", how->gives[k], how->needs[0]);
    }
  class->build[class->n_build++] = build;
  return NULL;
}

static gboolean
is_built (const Class *class, int parameter)
{
  for (guint k = 0; k < class->n_build; k++)
    for (guint j = 0; j < SAXID_CONSTRUCTION_MOST && class->build[k].how->gives[j] != NULL; j++)
      if (class->build[k].to[j] == parameter)
        return TRUE;
  return FALSE;
}

static gboolean
settle_class (const SaxidPopulation *population, Class *class, const Line *line, GError **error)
{
  Line place = { .number = line->number, .group = line->group };
  const SaxidConstruction *how;

  for (guint k = 0; (how = saxid_construction_at (class->shape, k)) != NULL; k++)
    {
      g_autofree char *wrong = add_build (class, how);

      if (wrong != NULL)
        return refuse (error, population->place, &place, wrong);
    }
  for (guint k = 0; k < class->shape->n_parameter; k++)
    if (find_key (class, class->shape->parameter[k].name) == NULL && !is_built (class, (int) k))
      {
        g_autofree char *wrong = g_strdup_printf ("%s is missing", class->shape->parameter[k].name);

        return refuse (error, population->place, &place, wrong);
      }
  for (guint k = 0; k < 2; k++) /* width and scale have no default */
    if (find_key (class, commons[k].name) == NULL)
      {
        g_autofree char *wrong = g_strdup_printf ("%s is missing", commons[k].name);

        return refuse (error, population->place, &place, wrong);
      }
  if ((find_key (class, "second_share") == NULL) != (find_key (class, "second_size") == NULL))
    return refuse (error, population->place, &place, "second_share and second_size are needed together");
  return TRUE;
}

static gboolean
is_given (const GArray *lines, const char *group, const char *key)
{
  for (guint k = 0; k < lines->len; k++)
    {
      const Line *line = &g_array_index (lines, Line, k);

      if (line->key != NULL && g_str_equal (line->group, group) && g_str_equal (line->key, key))
        return TRUE;
    }
  return FALSE;
}

static char *
list_shapes (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint k = 0; k < saxid_shape_count (); k++)
    g_string_append_printf (text, "%s%s", k > 0 ? ", " : "", saxid_shape_at (k)->name);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* The lines of [all], but for those that the group gives itself, and then its own. */
static gboolean
add_lines (SaxidPopulation *population, Class *class, const GArray *lines, const Line *head, GError **error)
{
  for (guint k = 0; k < lines->len; k++)
    {
      const Line *line = &g_array_index (lines, Line, k);

      if (line->key != NULL && g_str_equal (line->group, "all") && !is_given (lines, head->group, line->key)
          && !add_key (population, class, line, error))
        {
          g_prefix_error (error, "class %s: ", head->group);
          return FALSE;
        }
    }
  for (guint k = 0; k < lines->len; k++)
    {
      const Line *line = &g_array_index (lines, Line, k);

      if (line->key != NULL && g_str_equal (line->group, head->group) && !g_str_equal (line->key, SHARE)
          && !add_key (population, class, line, error))
        return FALSE;
    }
  return settle_class (population, class, head, error);
}

static const SaxidShape *
find_shape (const SaxidPopulation *population, const Line *head, const char *name, GError **error)
{
  const SaxidShape *shape = saxid_shape_find (name);
  g_autofree char *shapes = NULL, *wrong = NULL;

  if (shape != NULL)
    return shape;
  shapes = list_shapes ();
  wrong = g_strdup_printf ("class '%s' has no shape here; there are %s", name, shapes);
  refuse (error, population->place, head, wrong);
  return NULL;
}

/* The part of its class that a variant is; all variants together are less than all. */
static gboolean
read_share (const SaxidPopulation *population, const Class *class, const GArray *lines, const Line *head, double *share,
            GError **error)
{
  double sum = 0;

  *share = NAN;
  for (guint k = 0; k < lines->len; k++)
    {
      const Line *line = &g_array_index (lines, Line, k);
      char *end = NULL;

      if (line->key == NULL || !g_str_equal (line->group, head->group) || !g_str_equal (line->key, SHARE))
        continue;
      *share = g_ascii_strtod (line->value, &end);
      if (*end != '\0')
        *share = NAN;
    }
  for (guint k = 0; k < class->n_variant; k++)
    sum += class->variant[k]->share;
  return (*share > 0 && sum + *share < 1)
         || refuse (error, population->place, head, "a variant needs 'share', a number above 0, all of a class below 1");
}

/* [CLASS: SHAPE] */
static gboolean
add_variant (SaxidPopulation *population, const GArray *lines, const Line *head, GError **error)
{
  g_auto (GStrv) name = g_strsplit (head->group, ":", 2);
  const SaxidShape *of = find_shape (population, head, g_strstrip (name[0]), error);
  const SaxidShape *shape = of != NULL ? find_shape (population, head, g_strstrip (name[1]), error) : NULL;
  Class *class = NULL, *variant;
  double share;

  if (shape == NULL)
    return FALSE;
  for (guint k = 0; k < population->class->len; k++)
    if (((Class *) population->class->pdata[k])->shape == of)
      class = population->class->pdata[k];
  if (class == NULL)
    return refuse (error, population->place, head, "a variant stands after its class");
  if (class->n_variant == MOST_VARIANTS)
    return refuse (error, population->place, head, "the class has more than " G_STRINGIFY (MOST_VARIANTS) " variants");
  if (!read_share (population, class, lines, head, &share, error))
    return FALSE;
  variant = class->variant[class->n_variant++] = g_new0 (Class, 1);
  variant->shape = shape;
  variant->share = share;
  population->has_variants = TRUE;
  return add_lines (population, variant, lines, head, error);
}

/* The class, or the variant of one, that the head line opens. */
static gboolean
add_class (SaxidPopulation *population, const GArray *lines, const Line *head, GError **error)
{
  Class *class;

  if (strchr (head->group, ':') != NULL)
    return add_variant (population, lines, head, error);
  class = g_new0 (Class, 1);
  g_ptr_array_add (population->class, class);
  class->shape = find_shape (population, head, head->group, error);
  if (class->shape == NULL)
    return FALSE;
  if (population->class->len > MOST_CLASSES)
    return refuse (error, population->place, head, "more than " G_STRINGIFY (MOST_CLASSES) " classes");
  return add_lines (population, class, lines, head, error);
}

/* Cuts the text into groups and keys: comments begin with '#'. */
static gboolean
split (const char *place, char *text, GArray *lines, GError **error)
{
  char *save = text;
  const char *group = NULL;

  for (guint number = 1; save != NULL; number++)
    {
      char *raw = strsep (&save, "\n"), *equal;
      Line line = { .number = number };

      if (strchr (raw, '#') != NULL)
        *strchr (raw, '#') = '\0';
      raw = g_strstrip (raw);
      line.group = group;
      if (*raw == '\0')
        continue;
      if (*raw == '[')
        {
          gsize length = strlen (raw);

          if (length < 3 || raw[length - 1] != ']')
            return refuse (error, place, &line, "a group is written [NAME]");
          raw[length - 1] = '\0';
          line.group = group = raw + 1;
          for (guint k = 0; k < lines->len; k++)
            if (g_array_index (lines, Line, k).key == NULL
                && g_str_equal (g_array_index (lines, Line, k).group, group))
              return refuse (error, place, &line, "the group is given twice");
        }
      else
        {
          equal = strchr (raw, '=');
          if (group == NULL || equal == NULL)
            return refuse (error, place, &line,
                           group == NULL ? "a [group] is needed before the first key" : "KEY = VALUE is needed");
          *equal = '\0';
          line.key = g_strchomp (raw);
          line.value = g_strchug (equal + 1);
        }
      g_array_append_val (lines, line);
    }
  return TRUE;
}

static gboolean
read_population_group (SaxidPopulation *population, const GArray *lines, GError **error)
{
  for (guint k = 0; k < lines->len; k++)
    {
      const Line *line = &g_array_index (lines, Line, k);

      if (line->key == NULL || !g_str_equal (line->group, "population"))
        continue;
      if (!g_str_equal (line->key, "title"))
        return refuse (error, population->place, line, "the group [population] has the key title only");
      g_free (population->title);
      population->title = g_strdup (line->value);
    }
  return TRUE;
}

static SaxidPopulation *
parse (const char *name, const char *place, const char *text, GError **error)
{
  g_autoptr (SaxidPopulation) population = g_new0 (SaxidPopulation, 1);
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (Line));
  g_autofree char *copy = g_strdup (text);

  population->name = g_strdup (name);
  population->place = g_strdup (place);
  population->title = g_strdup ("");
  population->digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  population->class = g_ptr_array_new_with_free_func (free_class);
  if (!g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "population is no UTF-8 text (%s)", place);
      return NULL;
    }
  if (!split (place, copy, lines, error) || !read_population_group (population, lines, error))
    return NULL;
  for (guint k = 0; k < lines->len; k++)
    {
      const Line *line = &g_array_index (lines, Line, k);

      if (line->key == NULL && !g_str_equal (line->group, "population") && !g_str_equal (line->group, "all")
          && !add_class (population, lines, line, error))
        return NULL;
    }
  if (population->class->len == 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "population has no class, 1 is needed (%s)", place);
      return NULL;
    }
  return g_steal_pointer (&population);
}

SaxidPopulation *
saxid_population_parse (const char *name, const char *place, const char *text, GError **error)
{
  SaxidPopulation *population = parse (name, place, text, error);

  saxid_error_clean (error);
  return population;
}

const char *
saxid_population_name (const SaxidPopulation *population)
{
  return population->name;
}

const char *
saxid_population_title (const SaxidPopulation *population)
{
  return population->title;
}

const char *
saxid_population_digest (const SaxidPopulation *population)
{
  return population->digest;
}

guint
saxid_population_class_count (const SaxidPopulation *population)
{
  return population->class->len;
}

static const Class *
class_at (const SaxidPopulation *population, guint index)
{
  return g_ptr_array_index (population->class, index);
}

const SaxidShape *
saxid_population_class (const SaxidPopulation *population, guint index)
{
  g_return_val_if_fail (index < population->class->len, NULL);
  return class_at (population, index)->shape;
}

gboolean
saxid_population_has_extras (const SaxidPopulation *population)
{
  return population->has_extras;
}

gboolean
saxid_population_has_variants (const SaxidPopulation *population)
{
  return population->has_variants;
}

/* The class itself, or the variant whose turn it is. */
static const Class *
choose_variant (const Class *class, SaxidRandom *random, guint *variant)
{
  double left = class->n_variant > 0 ? saxid_random_unit (random) : 0;

  *variant = 0;
  for (guint k = 0; k < class->n_variant; k++)
    {
      if (left < class->variant[k]->share)
        {
          *variant = k + 1;
          return class->variant[k];
        }
      left -= class->variant[k]->share;
    }
  return class;
}

void
saxid_population_draw (const SaxidPopulation *population, guint index, SaxidRandom *random,
                       SaxidParticle *particle)
{
  const Class *class;
  double drawn[MOST_KEYS];
  guint variant;

  g_return_if_fail (index < population->class->len);

  class = choose_variant (class_at (population, index), random, &variant);
  *particle = (SaxidParticle) { .shape = class->shape, .distribution = SAXID_DISTRIBUTION_SCHULZ,
                                .second_size = 1, .variant = variant };
  for (guint k = 0; k < class->n_key; k++)
    {
      const Key *key = &class->key[k];

      drawn[k] = saxid_law_draw (key->law, random, drawn);
      if (key->place != NULL)
        *key->place (particle, key->index) = drawn[k];
      else if (key->is_distribution)
        particle->distribution = (SaxidDistribution) drawn[k];
    }
  for (guint k = 0; k < class->n_build; k++)
    {
      const Build *build = &class->build[k];
      double given[SAXID_CONSTRUCTION_MOST] = { 0 };

      for (guint j = 0; j < SAXID_CONSTRUCTION_MOST && build->how->needs[j] != NULL; j++)
        given[j] = drawn[build->from[j]];
      build->how->build (class->shape, given, build->to, particle->value);
    }
}

static gboolean
one_population (const SaxidParticle *particle, const double *value, gsize n, const double *q, double *out,
                GError **error)
{
  double width[SAXID_SHAPE_MAX_PARAMETERS];
  SaxidDistribution distribution[SAXID_SHAPE_MAX_PARAMETERS];

  memcpy (width, particle->side_width, sizeof width);
  width[particle->shape->main_size] = particle->width;
  for (guint k = 0; k < SAXID_SHAPE_MAX_PARAMETERS; k++)
    distribution[k] = particle->distribution;
  return saxid_shape_intensity_widths (particle->shape, value, width, distribution, n, q, out, error);
}

gboolean
saxid_particle_intensity (const SaxidParticle *particle, gsize n, const double *q, double *out,
                          GError **error)
{
  const double second = particle->second_share;
  double value[SAXID_SHAPE_MAX_PARAMETERS];
  g_autofree double *more = NULL;

  if (!one_population (particle, particle->value, n, q, out, error))
    return FALSE;
  if (second > 0)
    {
      more = g_new (double, n);
      memcpy (value, particle->value, sizeof value);
      value[particle->shape->main_size] *= particle->second_size;
      if (!one_population (particle, value, n, q, more, error))
        return FALSE;
      for (gsize k = 0; k < n; k++)
        out[k] = (1 - second) * out[k] + second * more[k];
    }
  for (gsize k = 0; k < n; k++)
    out[k] *= particle->scale;
  return TRUE;
}
