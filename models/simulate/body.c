/* Particles of other shapes than the classes: what do they scatter?
 *
 * Orientations by the midpoint rule over the octant that centrosymmetric bodies need.
 *
 * Units: lengths in units of one of the body's own. Thread: pure.
 */
#include "models/simulate/body.h"

#include <math.h>

#include "models/parallel.h"

/* q times the body's length, in equal steps of its logarithm. */
#define POINTS 640
#define FIRST 0.01
#define LAST 80.0
#define DIRECTIONS 40
/* Sizes of the distribution, up to so many standard deviations. */
#define SIZES 15
#define DEVIATIONS 2.5

#define MOST_NUMBERS 10

/* One body: what its numbers are is its kind's. */
typedef struct
{
  double number[MOST_NUMBERS];
} Body;

static double
sinc (double x)
{
  return fabs (x) < 1e-4 ? 1 - x * x / 6 : sin (x) / x;
}

static double
ball (double x)
{
  return x < 0.05 ? 1 - x * x / 10 : 3 * (sin (x) - x * cos (x)) / (x * x * x);
}

static double
disc (double x)
{
  return x < 1e-3 ? 1 - x * x / 8 : 2 * j1 (x) / x;
}

static void
draw_parallelepiped (SaxidRandom *random, Body *body)
{
  const gboolean cube = saxid_random_unit (random) < 0.25;

  body->number[0] = cube ? 1 : saxid_random_log_uniform (random, 1, 6);
  body->number[1] = cube ? 1 : saxid_random_log_uniform (random, 1, 10);
}

static double
parallelepiped (const Body *body, double x, double y, double z)
{
  return sinc (x) * sinc (body->number[0] * y) * sinc (body->number[1] * z);
}

static void
draw_triaxial_ellipsoid (SaxidRandom *random, Body *body)
{
  body->number[0] = saxid_random_uniform (random, 1.4, 4);
  body->number[1] = body->number[0] * saxid_random_uniform (random, 1.4, 4);
}

static double
triaxial_ellipsoid (const Body *body, double x, double y, double z)
{
  return ball (sqrt (x * x + body->number[0] * y * body->number[0] * y + body->number[1] * z * body->number[1] * z));
}

static void
draw_hollow_cylinder (SaxidRandom *random, Body *body)
{
  body->number[0] = 1 + saxid_random_log_uniform (random, 0.05, 1); /* outer over inner radius */
  body->number[1] = saxid_random_log_uniform (random, 0.3, 20);     /* half length */
}

static double
hollow_cylinder (const Body *body, double x, double y, double z)
{
  const double across = hypot (x, y), outer = body->number[0];

  return (outer * outer * disc (across * outer) - disc (across)) * sinc (z * body->number[1]);
}

static void
draw_stacked_disks (SaxidRandom *random, Body *body)
{
  body->number[0] = saxid_random_log_uniform (random, 2, 15); /* radius, in half thicknesses */
  body->number[1] = 2 * saxid_random_uniform (random, 1.2, 4); /* distance of the middles */
  body->number[2] = floor (saxid_random_uniform (random, 2, 10));
}

/* |sum of cos| of n at equal distances along one direction. */
static double
comb (double phase, double n)
{
  const double below = sin (phase / 2);

  return fabs (below) < 1e-6 ? n : sin (n * phase / 2) / below;
}

static double
stacked_disks (const Body *body, double x, double y, double z)
{
  return disc (hypot (x, y) * body->number[0]) * sinc (z) * comb (z * body->number[1], body->number[2]);
}

static void
draw_linear_pearls (SaxidRandom *random, Body *body)
{
  body->number[0] = 2 * saxid_random_uniform (random, 1, 3);
  body->number[1] = floor (saxid_random_uniform (random, 2, 8));
}

static double
linear_pearls (const Body *body, double x, double y, double z)
{
  return ball (sqrt (x * x + y * y + z * z)) * comb (z * body->number[0], body->number[1]);
}

/* Radii and contrasts of a core and three shells. */
static void
draw_core_multi_shell (SaxidRandom *random, Body *body)
{
  double radius = 1;

  for (guint k = 0; k < 4; k++)
    {
      body->number[2 * k] = radius;
      body->number[2 * k + 1] = saxid_random_uniform (random, -1, 1);
      radius += saxid_random_log_uniform (random, 0.1, 0.7);
    }
}

static double
core_multi_shell (const Body *body, double x, double y G_GNUC_UNUSED, double z G_GNUC_UNUSED)
{
  double sum = 0;

  for (guint k = 0; k < 4; k++)
    {
      const double outside = k < 3 ? body->number[2 * k + 3] : 0, radius = body->number[2 * k];

      sum += (body->number[2 * k + 1] - outside) * radius * radius * radius * ball (x * radius);
    }
  return sum;
}

/* Kuhn lengths and their number, in units of the radius. */
static void
draw_flexible_cylinder (SaxidRandom *random, Body *body)
{
  body->number[0] = saxid_random_log_uniform (random, 5, 60);
  body->number[1] = saxid_random_log_uniform (random, 4, 60);
}

/* The coil of its Kuhn segments where it is larger, the rod where that is; fourth powers
 * make the passage. */
static double
flexible_cylinder (const Body *body, double x, double y G_GNUC_UNUSED, double z G_GNUC_UNUSED)
{
  const double kuhn = body->number[0], n = body->number[1], u = x * x * n * kuhn * kuhn / 6;
  const double coil = u < 1e-4 ? 1 - u / 3 : 2 * (exp (-u) + u - 1) / (u * u), rod = G_PI / (x * n * kuhn);
  const double far = sqrt (sqrt (pow (coil, 4) + pow (MIN (rod, 1), 4) * (1 - exp (-x * kuhn / 2))));

  return sqrt (far) * disc (x);
}

static const struct
{
  const char *name;
  guint dimensions; /* of the directions: 0 none, 1 angle to z, 2 both angles */
  void (*draw) (SaxidRandom *random, Body *body);
  double (*amplitude) (const Body *body, double x, double y, double z);
} kinds[] = {
  { "parallelepiped", 2, draw_parallelepiped, parallelepiped },
  { "triaxial_ellipsoid", 2, draw_triaxial_ellipsoid, triaxial_ellipsoid },
  { "hollow_cylinder", 1, draw_hollow_cylinder, hollow_cylinder },
  { "stacked_disks", 1, draw_stacked_disks, stacked_disks },
  { "linear_pearls", 1, draw_linear_pearls, linear_pearls },
  { "core_multi_shell", 0, draw_core_multi_shell, core_multi_shell },
  { "flexible_cylinder", 0, draw_flexible_cylinder, flexible_cylinder },
};

struct SaxidBodies
{
  guint per_kind;
  guint64 seed;
  float *curve; /* [kinds × per_kind × POINTS] ln of the squared amplitude */
};

guint
saxid_body_kind_count (void)
{
  return G_N_ELEMENTS (kinds);
}

const char *
saxid_body_kind_name (guint kind)
{
  return kind < G_N_ELEMENTS (kinds) ? kinds[kind].name : NULL;
}

static double
average (guint kind, const Body *body, double x)
{
  const guint n_polar = kinds[kind].dimensions > 0 ? 4 * DIRECTIONS : 1;
  const guint n_around = kinds[kind].dimensions > 1 ? DIRECTIONS : 1;
  const guint polar = kinds[kind].dimensions > 1 ? DIRECTIONS : n_polar;
  double sum = 0;

  if (kinds[kind].dimensions == 0)
    return pow (kinds[kind].amplitude (body, x, 0, 0), 2);
  for (guint i = 0; i < polar; i++)
    {
      const double u = (i + 0.5) / polar, v = sqrt (1 - u * u);

      for (guint j = 0; j < n_around; j++)
        {
          const double angle = n_around > 1 ? (j + 0.5) / n_around * G_PI_2 : 0;
          const double f = kinds[kind].amplitude (body, x * v * cos (angle), x * v * sin (angle), x * u);

          sum += f * f;
        }
    }
  return sum / (polar * n_around);
}

static gboolean
make_piece (gsize at, gpointer scratch G_GNUC_UNUSED, gpointer data)
{
  SaxidBodies *self = data;
  const guint kind = (guint) at / self->per_kind;
  SaxidRandom random;
  Body body;

  saxid_random_init (&random, self->seed, at, SAXID_STREAM_PARTICLE);
  kinds[kind].draw (&random, &body);
  for (guint k = 0; k < POINTS; k++)
    {
      const double x = FIRST * pow (LAST / FIRST, (double) k / (POINTS - 1));

      self->curve[at * POINTS + k] = (float) log (average (kind, &body, x) + 1e-30);
    }
  return TRUE;
}

SaxidBodies *
saxid_bodies_new (guint per_kind, guint64 seed, guint threads)
{
  SaxidBodies *self = g_new0 (SaxidBodies, 1);

  self->per_kind = MAX (per_kind, 1);
  self->seed = seed;
  self->curve = g_new (float, G_N_ELEMENTS (kinds) * self->per_kind * POINTS);
  saxid_parallel (&(SaxidParallel) { .name = "saxid-body", .threads = threads, .piece = make_piece, .data = self },
                  G_N_ELEMENTS (kinds) * self->per_kind);
  return self;
}

void
saxid_bodies_free (SaxidBodies *self)
{
  if (self == NULL)
    return;
  g_free (self->curve);
  g_free (self);
}

/* Below the table as at its beginning, above as its envelope goes on: q^-4. */
static double
look_up (const float *curve, double x)
{
  const double at = log (x / FIRST) / log (LAST / FIRST) * (POINTS - 1);
  double part;
  gsize left;

  if (at <= 0)
    return exp ((double) curve[0]);
  if (at >= POINTS - 1)
    return exp ((double) curve[POINTS - 1]) * pow (x / LAST, -4);
  left = MIN ((gsize) at, POINTS - 2);
  part = at - (double) left;
  return exp ((1 - part) * (double) curve[left] + part * (double) curve[left + 1]);
}

void
saxid_bodies_draw (const SaxidBodies *self, guint kind, SaxidRandom *random, double first, double last, gsize n,
                   const double *q, double *out)
{
  const guint which = MIN ((guint) (saxid_random_unit (random) * self->per_kind), self->per_kind - 1);
  const float *curve = self->curve + ((gsize) kind * self->per_kind + which) * POINTS;
  const double most = 0.5 * LAST / last, least = fmin (1 / (2 * last), most / 2);
  const double length = saxid_random_log_uniform (random, least, fmax (fmin (2 / first, most), 1.01 * least));
  const double width = saxid_random_uniform (random, 0.02, 0.3);

  g_return_if_fail (kind < G_N_ELEMENTS (kinds));

  for (gsize k = 0; k < n; k++)
    {
      double sum = 0, whole = 0;

      /* numbers that are normal in ln size, and amplitudes that go as the volume */
      for (guint s = 0; s < SIZES; s++)
        {
          const double t = DEVIATIONS * (2.0 * s / (SIZES - 1) - 1), size = exp (width * t);
          const double weight = exp (-0.5 * t * t) * pow (size, 6);

          sum += weight * look_up (curve, q[k] * length * size);
          whole += weight;
        }
      out[k] = sum / whole;
    }
}
