/* How often is the answer on particles of atoms right?
 *
 *   atoms-table CURVES SEED
 *
 * draws curves (models/atomic/population/draw.h) and asks (models/atomic/answer.h): with the element told, not told, not told and not
 * in the table either, with the true size of the shape left out of the atlas, and on a background of another kind. Prints how many are answered,
 * how often family and shape are right, how well probabilities, sets and intervals hold, tables of accuracy per quality of
 * the curve, and what becomes of strangers. Of curves that are not answered nothing is said.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "models/atomic/answer.h"
#include "models/atomic/population/draw.h"
#include "models/simulate/random.h"

#define BINS 10
#define MOST_CURVES 5000
#define CHANCES 400 /* how often the calibration error is drawn that a right answer would have */

enum
{
  TOLD,
  OPEN,
  UNSEEN,
  SIZES,
  OTHER_GROUND,
  MODES
};
static const char *const mode_names[MODES] = { "element told", "element open", "element unseen", "size unseen", "other background" };

typedef struct
{
  guint n, asked, answered, family, shape, in_set, element, weighed[BINS], right[BINS], inside[SAXID_CLUSTER_QUANTITIES];
  double sum[BINS], seconds;
  float probability[MOST_CURVES]; /* [answered] of the likeliest shape */
} Tally;

/* Of curves with the element told, by one property. */
typedef struct
{
  const char *name;
  gsize offset;
  double edge[6];
  Tally tally[5];
} Quality;

static Quality qualities[] = {
  { "counts beyond 1.5 1/A", G_STRUCT_OFFSET (SaxidAtomicDraw, counts), { 1e3, 1e4, 1e5, 1e6, 1e7, 1e9 }, { { 0 } } },
  { "last q, 1/A", G_STRUCT_OFFSET (SaxidAtomicDraw, q_last), { 2.5, 4, 6, 8, 10, 20 }, { { 0 } } },
  { "atoms", G_STRUCT_OFFSET (SaxidAtomicDraw, atoms), { 0, 50, 150, 500, 2000, 1e6 }, { { 0 } } },
  { "width of the sizes", G_STRUCT_OFFSET (SaxidAtomicDraw, width), { 0, 0.05, 0.1, 0.15, 0.2, 0.25 }, { { 0 } } },
  { "background / N f(0)^2", G_STRUCT_OFFSET (SaxidAtomicDraw, background), { 0, 0.02, 0.05, 0.1, 0.15, 0.2 }, { { 0 } } },
};

static double
seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Without the sizes of one page, of its polyhedron; the other tables are shared. */
static SaxidClusterAtlas
leave_out (const SaxidClusterAtlas *atlas, const SaxidClusterPage *page)
{
  SaxidClusterAtlas part = { .page = g_new (SaxidClusterPage, atlas->n), .last = atlas->last };

  for (guint k = 0; k < atlas->n; k++)
    if (atlas->page[k].polyhedron != page->polyhedron || atlas->page[k].size.n != page->size.n)
      part.page[part.n++] = atlas->page[k];
  return part;
}

static void
judge_numbers (const SaxidAtomicDraw *draw, const SaxidAtomsAnswer *answer, Tally *tally)
{
  const double truth[] = { draw->atoms, draw->d, draw->radius, draw->width };
  const SaxidAtomsInterval *const told[] = { &answer->atoms, &answer->d, &answer->radius, &answer->width };

  for (guint v = 0; v < SAXID_CLUSTER_QUANTITIES; v++)
    tally->inside[v] += truth[v] >= told[v]->lower && truth[v] <= told[v]->upper;
}

static void
judge (const SaxidAtomicDraw *draw, const SaxidAtomsAnswer *answer, double took, Tally *tally)
{
  const gboolean is_right = answer->n_habit > 0 && answer->habit[0].polyhedron == draw->polyhedron;
  guint bin;

  tally->n++;
  tally->asked += answer->n_habit > 0;
  if (answer->status != SAXID_ATOMS_FOUND)
    return;
  tally->probability[tally->answered++] = (float)answer->habit[0].fit.weight;
  tally->seconds += took;
  tally->shape += is_right;
  tally->element += answer->element[0].element == draw->element;
  tally->family += draw->polyhedron != NULL && strcmp (answer->family[0].name, saxid_polyhedron_family (draw->polyhedron)) == 0;
  for (guint k = 0; k < answer->n_habit; k++)
    tally->in_set += answer->habit[k].in_set && answer->habit[k].polyhedron == draw->polyhedron;
  bin = MIN ((guint)(answer->habit[0].fit.weight * BINS), BINS - 1);
  tally->weighed[bin]++;
  tally->right[bin] += is_right;
  tally->sum[bin] += answer->habit[0].fit.weight;
  judge_numbers (draw, answer, tally);
}

static double
calibration_error (const Tally *tally)
{
  double error = 0;

  for (guint k = 0; k < BINS; k++)
    error += fabs (tally->sum[k] - tally->right[k]) / MAX (tally->answered, 1);
  return error;
}

/* The mean calibration error where every probability is right: so few curves do not show less. */
static double
chance_error (const Tally *tally)
{
  SaxidRandom random;
  double sum = 0;

  saxid_random_init (&random, 1, 0, SAXID_STREAM_PARTICLE);
  for (guint c = 0; c < CHANCES; c++)
    {
      double off[BINS] = { 0 };

      for (guint k = 0; k < tally->answered; k++)
        {
          const double p = tally->probability[k];

          off[MIN ((guint)(p * BINS), BINS - 1)] += p - (saxid_random_unit (&random) < p ? 1 : 0);
        }
      for (guint b = 0; b < BINS; b++)
        sum += fabs (off[b]) / MAX (tally->answered, 1);
    }
  return sum / CHANCES;
}

static double
percent (guint part, guint all)
{
  return 100.0 * part / MAX (all, 1);
}

static SaxidCurve *
draw_clean (const SaxidClusterAtlas *atlas, SaxidAtomicKind kind, guint64 seed, guint64 sample, SaxidAtomicDraw *draw)
{
  SaxidCurve *curve = saxid_atomic_draw (atlas, kind, NULL, seed, sample, draw);
  SaxidCurveRepairs repairs;

  if (saxid_curve_clean (curve, &repairs, NULL))
    return curve;
  saxid_curve_free (curve);
  return NULL;
}

static void
ask (const SaxidCurve *curve, const SaxidAtomicDraw *draw, const SaxidAtomsQuestion *question, Tally *tally, gboolean by_quality)
{
  const double begin = seconds ();
  SaxidAtomsAnswer answer;
  double took;

  saxid_atoms_answer (curve, question, &answer, NULL);
  took = seconds () - begin;
  judge (draw, &answer, took, tally);
  for (guint k = 0; by_quality && k < G_N_ELEMENTS (qualities); k++)
    for (guint e = 0; e < 5; e++)
      if (G_STRUCT_MEMBER (double, draw, qualities[k].offset) >= qualities[k].edge[e]
          && G_STRUCT_MEMBER (double, draw, qualities[k].offset) < qualities[k].edge[e + 1])
        judge (draw, &answer, took, &qualities[k].tally[e]);
}

static void
ask_all (const SaxidClusterAtlas *atlas, guint64 seed, guint64 sample, Tally *tally)
{
  SaxidAtomicDraw draw;
  g_autoptr (SaxidCurve) curve = draw_clean (atlas, SAXID_ATOMIC_PARTICLE, seed, sample, &draw);
  g_autoptr (SaxidCurve) other = NULL;
  SaxidClusterAtlas part;

  if (curve == NULL)
    return;
  ask (curve, &draw, &(SaxidAtomsQuestion) { .element = draw.element->symbol, .atlas = atlas }, &tally[TOLD], TRUE);
  ask (curve, &draw, &(SaxidAtomsQuestion) { .atlas = atlas }, &tally[OPEN], FALSE);
  ask (curve, &draw, &(SaxidAtomsQuestion) { .atlas = atlas, .without = draw.element }, &tally[UNSEEN], FALSE);
  part = leave_out (atlas, &atlas->page[draw.page]);
  ask (curve, &draw, &(SaxidAtomsQuestion) { .element = draw.element->symbol, .atlas = &part }, &tally[SIZES], FALSE);
  g_free (part.page);
  other = draw_clean (atlas, SAXID_ATOMIC_UNKNOWN, seed, sample, &draw);
  if (other != NULL)
    ask (other, &draw, &(SaxidAtomsQuestion) { .element = draw.element->symbol, .atlas = atlas }, &tally[OTHER_GROUND], FALSE);
}

static void
print_tallies (const Tally *tally)
{
  printf ("%-18s %7s %9s %8s %8s %7s %7s %9s | inside 90 %% intervals: %5s %5s %5s %5s %7s\n", "", "curves", "answered", "family", "shape", "ECE", "chance",
          "in set", "N", "d", "R", "width", "ms");
  for (guint m = 0; m < MODES; m++)
    {
      const Tally *t = &tally[m];

      printf ("%-18s %7u %7.1f %% %6.1f %% %6.1f %% %7.3f %7.3f %7.1f %% | %22s %5.1f %5.1f %5.1f %5.1f %7.0f\n", mode_names[m], t->n,
              percent (t->answered, t->n), percent (t->family, t->answered), percent (t->shape, t->answered), calibration_error (t), chance_error (t),
              percent (t->in_set, t->answered), "", percent (t->inside[0], t->answered), percent (t->inside[1], t->answered),
              percent (t->inside[2], t->answered), percent (t->inside[3], t->answered), 1000 * t->seconds / MAX (t->answered, 1));
    }
  printf ("element found where it was open: %.1f %%\n", percent (tally[OPEN].element, tally[OPEN].answered));
}

static void
print_qualities (void)
{
  for (guint k = 0; k < G_N_ELEMENTS (qualities); k++)
    {
      printf ("\n%s\n", qualities[k].name);
      for (guint e = 0; e < 5; e++)
        {
          const Tally *t = &qualities[k].tally[e];

          printf ("  %8.4g to %-8.4g curves %4u, answered %5.1f %%, family %5.1f %%, shape %5.1f %%\n", qualities[k].edge[e],
                  qualities[k].edge[e + 1], t->n, percent (t->answered, t->n), percent (t->family, t->answered), percent (t->shape, t->answered));
        }
    }
}

static void
print_strangers (const SaxidClusterAtlas *atlas, guint curves, guint64 seed)
{
  printf ("\nstrangers, element told\n");
  for (guint kind = SAXID_ATOMIC_POWDER; kind < SAXID_ATOMIC_KINDS; kind++)
    {
      Tally tally = { 0 };

      for (guint k = 0; k < curves; k++)
        {
          SaxidAtomicDraw draw;
          g_autoptr (SaxidCurve) curve = draw_clean (atlas, kind, seed, k, &draw);

          if (curve != NULL)
            ask (curve, &draw, &(SaxidAtomsQuestion) { .element = draw.element->symbol, .atlas = atlas }, &tally, FALSE);
        }
      printf ("  %-8s %4u: no peaks seen or too short %5.1f %%, refused by the fits %5.1f %%, taken for a particle %5.1f %%\n",
              saxid_atomic_kind_name (kind), tally.n, percent (tally.n - tally.asked, tally.n), percent (tally.asked - tally.answered, tally.n),
              percent (tally.answered, tally.n));
    }
}

int
main (int argc, char **argv)
{
  const SaxidClusterAtlas *atlas;
  static Tally tally[MODES];

  if (argc != 3 || atoi (argv[1]) > MOST_CURVES)
    {
      fprintf (stderr, "usage: atoms-table CURVES SEED (at most %d curves)\n", MOST_CURVES);
      return 2;
    }
  atlas = saxid_atoms_atlas ();
  /* tables that are shared are all made before pages are copied */
  saxid_cluster_atlas_make (atlas, 0, SAXID_ATOMS_MOST_RADIUS, g_get_num_processors ());
  for (int k = 0; k < atoi (argv[1]); k++)
    ask_all (atlas, (guint64)atoi (argv[2]), (guint64)k, tally);
  print_tallies (tally);
  print_qualities ();
  print_strangers (atlas, (guint)MAX (atoi (argv[1]) / 4, 1), (guint64)atoi (argv[2]));
  return 0;
}
