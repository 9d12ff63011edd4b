/* Which pixels add to which bins, in the order in which frames are read?
 *
 * Thread: see share-table.h; the threads that make a table have parts of it of
 * their own, which are joined in the order of the tiles.
 */
#include "reducers/share-table.h"

#include <math.h>
#include <string.h>

#include "reducers/error.h"

/* ---- where pixels are, row by row ------------------------------------------ */

typedef struct
{
  const SaxidGeometryMap *map;
  SaxidRadial kind;
  const SaxidSplitter *splitter;
  gboolean corners, chi;
  double *radial;         /* [width] of the centres, where the map has them not */
  double *edge[2];        /* [width + 1] corners above and below */
  double *edge_chi[2];
  gsize below;            /* the row of corners that edge[1] has, or G_MAXSIZE */
} Places;

static void
places_begin (Places *places, const SaxidGeometryMap *map, SaxidRadial kind, const SaxidSplitter *splitter, gboolean azimuth)
{
  *places = (Places) {
    .map = map,
    .kind = kind,
    .splitter = splitter,
    .corners = splitter->corners,
    .chi = splitter->corners && (splitter->chi || azimuth),
    .radial = g_new (double, map->width),
    .below = G_MAXSIZE,
  };
  for (int k = 0; k < 2; k++)
    {
      places->edge[k] = g_new (double, map->width + 1);
      places->edge_chi[k] = g_new (double, map->width + 1);
    }
}

static void
places_end (Places *places)
{
  g_free (places->radial);
  for (int k = 0; k < 2; k++)
    {
      g_free (places->edge[k]);
      g_free (places->edge_chi[k]);
    }
}

static void
fill_edge (Places *places, gsize row, int which)
{
  saxid_geometry_line (&places->map->geometry, places->kind, (double) row, 0, places->map->width + 1, places->edge[which],
                       places->chi ? places->edge_chi[which] : NULL);
}

static void
places_turn_to (Places *places, gsize row)
{
  if (places->kind == SAXID_RADIAL_Q)
    memcpy (places->radial, places->map->q + row * places->map->width, places->map->width * sizeof (double));
  else
    saxid_geometry_line (&places->map->geometry, places->kind, (double) row + 0.5, 0.5, places->map->width, places->radial,
                         NULL);
  if (!places->corners)
    return;
  if (places->below == row)
    {
      double *edge = places->edge[0], *chi = places->edge_chi[0];

      places->edge[0] = places->edge[1];
      places->edge_chi[0] = places->edge_chi[1];
      places->edge[1] = edge;
      places->edge_chi[1] = chi;
    }
  else
    fill_edge (places, row, 0);
  fill_edge (places, row + 1, 1);
  places->below = row + 1;
}

static SaxidPixelPlace
place_of (const Places *places, gsize row, gsize column)
{
  /* (r, c), (r + 1, c), (r + 1, c + 1), (r, c + 1) */
  static const int down[] = { 0, 1, 1, 0 }, right[] = { 0, 0, 1, 1 };
  SaxidPixelPlace place
      = { .radial = places->radial[column], .chi = places->map->chi[row * places->map->width + column] };

  for (int k = 0; places->corners && k < 4; k++)
    {
      place.corner[k] = places->edge[down[k]][column + (gsize) right[k]];
      if (places->chi)
        {
          const double chi = places->edge_chi[down[k]][column + (gsize) right[k]];

          place.corner_chi[k] = chi - 2 * G_PI * rint ((chi - place.chi) / (2 * G_PI));
        }
    }
  return place;
}

void
saxid_split_reach (const SaxidGeometryMap *map, SaxidRadial kind, SaxidSplitting splitting, double *low, double *high,
                   gsize *least, gsize *greatest)
{
  const SaxidSplitter *splitter = saxid_splitter (splitting);
  double nearest = INFINITY, farthest = -INFINITY;
  Places places;

  *low = INFINITY;
  *high = -INFINITY;
  *least = *greatest = 0;
  places_begin (&places, map, kind, splitter, FALSE);
  places.chi = FALSE;
  for (gsize row = 0; row < map->height; row++)
    {
      places_turn_to (&places, row);
      for (gsize column = 0; column < map->width; column++)
        {
          const SaxidPixelPlace place = place_of (&places, row, column);
          double from, to;

          splitter->reach (&place, &from, &to);
          *low = MIN (*low, from);
          *high = MAX (*high, to);
          if (place.radial < nearest)
            {
              nearest = place.radial;
              *least = row * map->width + column;
            }
          if (place.radial > farthest)
            {
              farthest = place.radial;
              *greatest = row * map->width + column;
            }
        }
    }
  places_end (&places);
}

/* ---- tiles ------------------------------------------------------------------ */

/* What a pixel adds to a bin. */
typedef struct
{
  guint32 bin;
  float share;
  guint8 pixel;
} Entry;

/* The tiles that one thread makes. */
typedef struct
{
  const SaxidGeometryMap *map;
  SaxidRadial kind;
  const SaxidBins *bins;
  SaxidSplitting splitting;
  const guint8 *bad;
  gsize first, last;        /* rows of tiles */
  GArray *n_span, *n_row;    /* of each tile, gsize */
  GArray *span;             /* of SaxidSpan */
  GByteArray *pixel;
  GArray *share;            /* of float */
  guint32 *place;           /* counting sort */
  gsize allocated_place;
  GArray *sorted;           /* of Entry */
} Part;

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *one = a, *other = b;

  return one->bin != other->bin ? (one->bin < other->bin ? -1 : 1) : (int) one->pixel - (int) other->pixel;
}

#define COUNTED (1u << 14) /* bins that a tile may spread over to be sorted by counting */

/* By bin; pixels of a bin stay in their order. */
static const Entry *
sort_entries (Part *part, GArray *entries)
{
  const Entry *from = (const Entry *) (gpointer) entries->data;
  guint32 least = G_MAXUINT32, greatest = 0;
  gsize n;
  Entry *to;

  for (guint k = 0; k < entries->len; k++)
    {
      least = MIN (least, from[k].bin);
      greatest = MAX (greatest, from[k].bin);
    }
  n = (gsize) greatest - least + 2;
  if (n > COUNTED)
    {
      g_array_sort (entries, compare_entries);
      return from;
    }
  if (n > part->allocated_place)
    {
      part->allocated_place = n;
      part->place = g_renew (guint32, part->place, n);
    }
  memset (part->place, 0, n * sizeof *part->place);
  g_array_set_size (part->sorted, entries->len);
  to = (Entry *) (gpointer) part->sorted->data;
  for (guint k = 0; k < entries->len; k++)
    part->place[from[k].bin - least + 1]++;
  for (gsize k = 1; k < n; k++)
    part->place[k] += part->place[k - 1];
  for (guint k = 0; k < entries->len; k++)
    to[part->place[from[k].bin - least]++] = from[k];
  return to;
}

static void
append_tile (Part *part, GArray *entries)
{
  const Entry *entry = entries->len > 0 ? sort_entries (part, entries) : NULL;
  const gsize n_row = entries->len, before = part->span->len;
  gsize n_span;

  for (gsize k = 0; k < n_row; k++)
    {
      SaxidSpan span = { entry[k].bin, 0 };

      for (gsize i = k; i < n_row && entry[i].bin == span.bin; i++)
        span.n++;
      for (guint i = 0; i < span.n; i++)
        {
          g_byte_array_append (part->pixel, &entry[k + i].pixel, 1);
          g_array_append_val (part->share, entry[k + i].share);
        }
      k += span.n - 1;
      g_array_append_val (part->span, span);
    }
  n_span = part->span->len - before;
  g_array_append_val (part->n_span, n_span);
  g_array_append_val (part->n_row, n_row);
}

/* The entries of a row of tiles, tile by tile. */
static void
gather_row (const Part *part, Places *places, gsize down, GArray **entries, SaxidShares *shares)
{
  const gsize width = part->map->width, end = MIN ((down + 1) * SAXID_TILE_ROWS, part->map->height);

  for (gsize row = down * SAXID_TILE_ROWS; row < end; row++)
    {
      places_turn_to (places, row);
      for (gsize column = 0; column < width; column++)
        {
          SaxidPixelPlace place;

          if (part->bad != NULL && part->bad[row * width + column] != 0)
            continue;
          place = place_of (places, row, column);
          shares->n = 0;
          places->splitter->share (part->bins, &place, shares);
          for (gsize k = 0; k < shares->n; k++)
            {
              const Entry entry = { shares->share[k].bin, shares->share[k].share,
                                    (guint8) (row % SAXID_TILE_ROWS * SAXID_TILE_COLUMNS + column % SAXID_TILE_COLUMNS) };

              g_array_append_val (entries[column / SAXID_TILE_COLUMNS], entry);
            }
        }
    }
}

static gpointer
make_part (gpointer data)
{
  Part *part = data;
  const gsize across = (part->map->width + SAXID_TILE_COLUMNS - 1) / SAXID_TILE_COLUMNS;
  g_autofree GArray **entries = g_new (GArray *, across);
  SaxidShares shares = { 0 };
  Places places;

  for (gsize k = 0; k < across; k++)
    entries[k] = g_array_sized_new (FALSE, FALSE, sizeof (Entry), SAXID_TILE_PIXELS);
  places_begin (&places, part->map, part->kind, saxid_splitter (part->splitting), saxid_bins_have_azimuth (part->bins));
  for (gsize down = part->first; down < part->last; down++)
    {
      gather_row (part, &places, down, entries, &shares);
      for (gsize k = 0; k < across; k++)
        {
          append_tile (part, entries[k]);
          g_array_set_size (entries[k], 0);
        }
    }
  places_end (&places);
  saxid_shares_clear (&shares);
  for (gsize k = 0; k < across; k++)
    g_array_unref (entries[k]);
  return NULL;
}

static void
part_begin (Part *part)
{
  part->n_span = g_array_new (FALSE, FALSE, sizeof (gsize));
  part->n_row = g_array_new (FALSE, FALSE, sizeof (gsize));
  part->span = g_array_new (FALSE, FALSE, sizeof (SaxidSpan));
  part->pixel = g_byte_array_new ();
  part->share = g_array_new (FALSE, FALSE, sizeof (float));
  part->sorted = g_array_new (FALSE, FALSE, sizeof (Entry));
}

static void
part_end (Part *part)
{
  g_array_unref (part->n_span);
  g_array_unref (part->n_row);
  g_array_unref (part->span);
  g_byte_array_unref (part->pixel);
  g_array_unref (part->share);
  g_array_unref (part->sorted);
  g_free (part->place);
}

/* ---- the table -------------------------------------------------------------- */

static void
count_parts (const Part *parts, guint n, gsize *runs, gsize *rows)
{
  *runs = *rows = 0;
  for (guint k = 0; k < n; k++)
    {
      *runs += parts[k].span->len;
      *rows += parts[k].pixel->len;
    }
}

static void
join_parts (SaxidShareTable *table, const Part *parts, guint n, gboolean whole)
{
  gsize runs, rows, tile = 0;

  count_parts (parts, n, &runs, &rows);
  table->span = g_new (SaxidSpan, runs);
  table->pixel = g_new (guint8, rows);
  table->share = whole ? NULL : g_new (float, rows);
  table->span_of_tile = g_new0 (gsize, table->down * table->across + 1);
  table->row_of_tile = g_new0 (gsize, table->down * table->across + 1);
  runs = rows = 0;
  for (guint k = 0; k < n; k++)
    {
      const Part *part = &parts[k];

      if (part->pixel->len > 0) /* where there are none there is no memory either */
        {
          memcpy (table->span + runs, part->span->data, part->span->len * sizeof (SaxidSpan));
          memcpy (table->pixel + rows, part->pixel->data, part->pixel->len);
          if (!whole)
            memcpy (table->share + rows, part->share->data, part->share->len * sizeof (float));
        }
      runs += part->span->len;
      rows += part->pixel->len;
      for (guint i = 0; i < part->n_span->len; i++, tile++)
        {
          const gsize n_row = g_array_index (part->n_row, gsize, i);

          table->span_of_tile[tile + 1] = table->span_of_tile[tile] + g_array_index (part->n_span, gsize, i);
          table->row_of_tile[tile + 1] = table->row_of_tile[tile] + n_row;
          table->most_rows = MAX (table->most_rows, n_row);
        }
    }
}

static void
find_live (SaxidShareTable *table)
{
  table->live = g_new0 (guint64, table->down * table->across * SAXID_TILE_WORDS);
  for (gsize tile = 0; tile < table->down * table->across; tile++)
    for (gsize k = table->row_of_tile[tile]; k < table->row_of_tile[tile + 1]; k++)
      table->live[tile * SAXID_TILE_WORDS + table->pixel[k] / 64] |= G_GUINT64_CONSTANT (1) << table->pixel[k] % 64;
}

SaxidShareTable *
saxid_share_table_new (const SaxidGeometryMap *map, SaxidRadial kind, const SaxidBins *bins, SaxidSplitting splitting,
                       const guint8 *bad, guint jobs, GError **error)
{
  g_autoptr (SaxidShareTable) table = g_new0 (SaxidShareTable, 1);
  g_autofree Part *parts = NULL;
  g_autofree GThread **threads = NULL;

  table->height = map->height;
  table->width = map->width;
  table->n_bin = bins->grid.n * bins->n_azimuth;
  table->down = (map->height + SAXID_TILE_ROWS - 1) / SAXID_TILE_ROWS;
  table->across = (map->width + SAXID_TILE_COLUMNS - 1) / SAXID_TILE_COLUMNS;
  jobs = (guint) CLAMP ((gsize) jobs, 1, MAX (table->down, 1));
  parts = g_new0 (Part, jobs);
  threads = g_new0 (GThread *, jobs);
  for (guint k = 0; k < jobs; k++)
    {
      parts[k] = (Part) { .map = map, .kind = kind, .bins = bins, .splitting = splitting, .bad = bad,
                          .first = k * table->down / jobs, .last = (k + 1) * table->down / jobs };
      part_begin (&parts[k]);
      if (k > 0)
        threads[k] = g_thread_new ("shares", make_part, &parts[k]);
    }
  make_part (&parts[0]);
  for (guint k = 1; k < jobs; k++)
    g_thread_join (threads[k]);
  join_parts (table, parts, jobs, splitting == SAXID_SPLIT_NONE);
  for (guint k = 0; k < jobs; k++)
    part_end (&parts[k]);
  find_live (table);
  if (table->most_rows == 0)
    {
      g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_DATA, "no pixel falls into a bin");
      return NULL;
    }
  return g_steal_pointer (&table);
}

void
saxid_share_table_free (SaxidShareTable *table)
{
  if (table == NULL)
    return;
  g_free (table->span_of_tile);
  g_free (table->row_of_tile);
  g_free (table->span);
  g_free (table->pixel);
  g_free (table->share);
  g_free (table->live);
  g_free (table);
}

void
saxid_share_table_sum (const SaxidShareTable *table, const float *first, int power, const float *second, double *out)
{
  for (gsize tile = 0; tile < table->down * table->across; tile++)
    {
      const gsize corner = tile / table->across * SAXID_TILE_ROWS * table->width + tile % table->across * SAXID_TILE_COLUMNS;
      gsize row = table->row_of_tile[tile];

      for (gsize k = table->span_of_tile[tile]; k < table->span_of_tile[tile + 1]; k++)
        for (guint i = 0; i < table->span[k].n; i++, row++)
          {
            const guint8 pixel = table->pixel[row];
            const gsize at = corner + (gsize) (pixel / SAXID_TILE_COLUMNS) * table->width + pixel % SAXID_TILE_COLUMNS;
            const double share = (table->share != NULL ? table->share[row] : 1.0) * (first != NULL ? first[at] : 1.0);

            out[table->span[k].bin] += (power == 2 ? share * share : share) * (second != NULL ? second[at] : 1.0);
          }
    }
}
