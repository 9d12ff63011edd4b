/* Where in a NeXus/HDF5 file are the curves, and which of them are meant?
 *
 * The groups are walked from the root, and each is offered to the dialects. Whatever fails is
 * kept as a refusal with its reason, so that "no curve found" can say where it was looked.
 *
 * Thread: see reader.h.
 */
#include "schemas/curve/reader-private.h"

#include <math.h>
#include <string.h>

#include "reducers/clean-text.h"
#include "reducers/error.h"

/* --- the walk ----------------------------------------------------------- */

static void
offer (SaxidReader *reader, const SaxidPlace *place)
{
  const SaxidDialect *dialect = saxid_dialect_of (reader->input, place);
  g_auto (SaxidNames) names = { 0 };
  g_autoptr (GError) error = NULL;
  SaxidReaderSource *source;

  if (dialect == NULL || reader->sources->len >= reader->input->limits.sources)
    return;
  if (!saxid_dialect_names (dialect, reader->input, place, &names, &error)
      || (source = saxid_source_new (reader, place, &names, dialect->name, dialect->specific, &error)) == NULL)
    {
      saxid_reader_refuse (reader, place->path, error);
      return;
    }
  g_ptr_array_add (reader->sources, source);
}

/* A group at the top without a class counts as the entry of what is in it. */
gboolean
saxid_reader_is_entry (const char *nx_class, const char *sas_class)
{
  return g_strcmp0 (nx_class, "NXentry") == 0 || g_strcmp0 (nx_class, "NXsubentry") == 0
         || g_strcmp0 (nx_class, "SASentry") == 0 || g_strcmp0 (sas_class, "SASentry") == 0;
}

/* What saxid wrote itself is no curve: its tags, and the technique of frames. */
static gboolean
is_own (SaxidInput *input, hid_t group, const char *nx_class)
{
  g_autofree char *program = NULL;

  if (!(g_strcmp0 (nx_class, "NXprocess") == 0 && saxid_input_has (input, group, "result"))
      && !(g_strcmp0 (nx_class, "NXdata") == 0 && saxid_input_has (input, group, "grazing")))
    return FALSE;
  program = saxid_input_text_of (input, group, "program");
  return g_strcmp0 (program, "saxid") == 0;
}

typedef struct
{
  SaxidReader *reader;
  const SaxidPlace *place; /* of the group whose links are being looked at */
  guint depth;
} Walk;

static void walk_group (SaxidReader *reader, const SaxidPlace *above, hid_t group, const char *path,
                        guint depth);

/* Said once: the group above may have been refused for this very link. */
static void
note_external (SaxidReader *reader, const char *parent, const char *path)
{
  g_autoptr (GError) error = NULL;

  for (guint k = 0; k < reader->refusals->len; k++)
    {
      const SaxidRefusal *refusal = reader->refusals->pdata[k];

      if (strcmp (refusal->path, parent) == 0 && strstr (refusal->reason, reader->input->refused_file) != NULL)
        return;
    }
  error
    = g_error_new (SAXID_ERROR, SAXID_ERROR_UNSUPPORTED, "link into another file (%s), which is not followed",
                   reader->input->refused_file);

  saxid_reader_refuse (reader, path, error);
}

/* Paths go into messages, JSON and new files: all of them are sound text. */
static void
refuse_name (SaxidReader *reader, const char *parent, const char *name)
{
  g_autofree char *clean = saxid_clean_text (name, -1);
  g_autoptr (GError) error
    = g_error_new (SAXID_ERROR, SAXID_ERROR_UNSUPPORTED, "name '%s' is not UTF-8 or has characters that do not show", clean);

  saxid_reader_refuse (reader, parent, error);
}

static herr_t
walk_link (hid_t group, const char *name, const H5L_info_t *info, void *data)
{
  Walk *walk = data;
  SaxidReader *reader = walk->reader;
  g_auto (SaxidHid) object = H5I_INVALID_HID;
  g_autofree char *path = NULL;

  (void) info;
  if (++reader->looked_at > reader->input->limits.objects)
    {
      reader->stopped = TRUE;
      return 1;
    }
  object = saxid_input_group (reader->input, group, name);
  if (object < 0 && reader->input->refused_file == NULL)
    return 0;
  path = g_build_path ("/", walk->place->path, name, NULL);
  if (!saxid_text_is_clean (name))
    refuse_name (reader, walk->place->path, name);
  else if (object < 0)
    note_external (reader, walk->place->path, path);
  else
    walk_group (reader, walk->place, object, path, walk->depth + 1);
  return reader->stopped ? 1 : 0;
}

static gboolean
first_visit (SaxidReader *reader, hid_t group)
{
  guint64 identity[2];

  if (!saxid_input_identity (group, identity))
    return FALSE;
  return g_hash_table_add (reader->visited,
                           g_strdup_printf ("%" G_GINT64_MODIFIER "x:%" G_GINT64_MODIFIER "x", identity[0],
                                            identity[1]));
}

static void
walk_group (SaxidReader *reader, const SaxidPlace *above, hid_t group, const char *path, guint depth)
{
  g_autofree char *nx_class = NULL;
  g_autofree char *sas_class = NULL;
  g_autofree char *definition = NULL;
  SaxidPlace place;
  Walk walk = { reader, &place, depth };

  if (depth > reader->input->limits.depth || !first_visit (reader, group))
    return;
  reader->groups++;
  nx_class = saxid_input_text (reader->input, group, "NX_class");
  sas_class = saxid_input_text (reader->input, group, "canSAS_class");
  if (is_own (reader->input, group, nx_class))
    return;
  place = (SaxidPlace) { group, path, group, path, NULL, nx_class, sas_class };
  if (above != NULL && !saxid_reader_is_entry (nx_class, sas_class)
      && (depth > 1 || g_strcmp0 (nx_class, "NXdata") == 0 || sas_class != NULL))
    {
      place.entry = above->entry;
      place.entry_path = above->entry_path;
      place.definition = above->definition;
    }
  if (place.entry == group && above != NULL)
    place.definition = definition = saxid_input_text_of (reader->input, group, "definition");
  offer (reader, &place);
  H5Literate (group, H5_INDEX_NAME, H5_ITER_INC, NULL, walk_link, &walk);
}

/* --- what is kept ------------------------------------------------------- */

/* "/entry2" before "/entry10". */
static int
compare_natural (const char *a, const char *b)
{
  while (*a != '\0' && *b != '\0')
    {
      if (g_ascii_isdigit (*a) && g_ascii_isdigit (*b))
        {
          gsize la, lb;
          int order;

          for (; *a == '0'; a++)
            ;
          for (; *b == '0'; b++)
            ;
          la = strspn (a, "0123456789");
          lb = strspn (b, "0123456789");
          order = la != lb ? (la < lb ? -1 : 1) : strncmp (a, b, la);
          if (order != 0)
            return order;
          a += la;
          b += lb;
        }
      else if (*a != *b)
        return (guchar) *a < (guchar) *b ? -1 : 1;
      else
        {
          a++;
          b++;
        }
    }
  return *a == *b ? 0 : *a == '\0' ? -1 : 1;
}

static int
compare_sources (const void *a, const void *b)
{
  const SaxidReaderSource *x = *(SaxidReaderSource *const *) a, *y = *(SaxidReaderSource *const *) b;
  int order = compare_natural (x->public.i_path, y->public.i_path);

  return order != 0 ? order : strcmp (x->public.i_path, y->public.i_path);
}

static gboolean
same_identity (const guint64 *a, const guint64 *b)
{
  return a[0] == b[0] && a[1] == b[1];
}

/* The group that @default leads to, from the root through the entries. */
static gboolean
default_group (SaxidReader *reader, guint64 identity[2])
{
  SaxidInput *input = reader->input;
  g_auto (SaxidHid) at = saxid_input_group (input, input->file, "/");
  guint hops;

  for (hops = 0; at >= 0 && hops < 8; hops++)
    {
      g_autofree char *next = saxid_input_text (input, at, "default");
      hid_t group;

      if (next == NULL || next[0] == '\0')
        break;
      group = saxid_input_group (input, at, next);
      if (group < 0)
        return FALSE;
      saxid_hid_close (at);
      at = group;
    }
  return hops > 0 && at >= 0 && saxid_input_identity (at, identity);
}

/* The same intensity under two names is one source; plain NXdata groups count
 * only where no specific dialect found a curve, and then the default one alone. */
static void
keep_meant (SaxidReader *reader)
{
  guint64 meant[2];
  gboolean specific = FALSE, found_meant = FALSE;
  gboolean has_default = default_group (reader, meant);

  for (guint k = 0; k < reader->sources->len; k++)
    {
      const SaxidReaderSource *source = reader->sources->pdata[k];

      specific |= source->specific;
      found_meant |= has_default && same_identity (source->group_identity, meant);
    }
  for (guint k = 0; k < reader->sources->len;)
    {
      const SaxidReaderSource *source = reader->sources->pdata[k];
      gboolean keep = specific ? source->specific
                               : !found_meant || same_identity (source->group_identity, meant);

      for (guint before = 0; keep && before < k; before++)
        keep = !same_identity (((SaxidReaderSource *) reader->sources->pdata[before])->identity, source->identity);
      if (keep)
        k++;
      else
        g_ptr_array_remove_index (reader->sources, k);
    }
}

#define MOST_REASONS 4
#define MAX_COMPARED 64 /* sources; above, copies are not looked for */

/* BioXTAS RAW keeps each profile of a series as columns I, sigma, or q, I, sigma, and says that it
 * wrote the file. */
gboolean
saxid_reader_is_of_raw (SaxidReader *reader)
{
  g_auto (SaxidHid) root = saxid_input_group (reader->input, reader->input->file, "/");
  g_autofree char *type = root >= 0 ? saxid_input_text (reader->input, root, "file_type") : NULL;

  return type != NULL && g_str_has_prefix (type, "RAW");
}

static void
say_no_curve (SaxidReader *reader, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const SaxidRefusal *first = reader->refusals->len > 0 ? reader->refusals->pdata[0] : NULL;

  if (reader->refusals->len == 1)
    {
      g_set_error (error, SAXID_ERROR, first->code, "%s (%s, %s)", first->reason, reader->input->name,
                   first->path);
      return;
    }
  g_string_append_printf (text, "no curve found in %u group%s, looked for", reader->groups,
                          reader->groups == 1 ? "" : "s");
  for (const SaxidDialect *dialect = saxid_dialects; dialect->name != NULL; dialect++)
    g_string_append_printf (text, "%s %s", dialect == saxid_dialects ? "" : ",", dialect->name);
  for (guint k = 0; k < reader->refusals->len && k < MOST_REASONS; k++)
    {
      const SaxidRefusal *refusal = reader->refusals->pdata[k];

      g_string_append_printf (text, "; %s: %s", refusal->path, refusal->reason);
    }
  if (reader->refusals->len > MOST_REASONS)
    g_string_append_printf (text, "; and %u more", reader->refusals->len - MOST_REASONS);
  if (saxid_reader_is_of_raw (reader))
    g_string_append (text, "; a series of RAW: name a profile with --path I=/profiles/000000");
  if (reader->stopped)
    g_string_append_printf (text, "; stopped after %u objects", reader->input->limits.objects);
  g_set_error (error, SAXID_ERROR, reader->stopped ? SAXID_ERROR_LIMIT : SAXID_ERROR_NO_CURVE, "%s (%s)",
               text->str, reader->input->name);
}

gboolean
saxid_reader_find (SaxidReader *reader, GError **error)
{
  g_auto (SaxidHid) root = saxid_input_group (reader->input, reader->input->file, "/");

  if (root < 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "root group is damaged (%s)", reader->input->name);
      return FALSE;
    }
  walk_group (reader, NULL, root, "/", 0);
  keep_meant (reader);
  g_ptr_array_sort (reader->sources, compare_sources);
  if (reader->sources->len == 0)
    {
      say_no_curve (reader, error);
      return FALSE;
    }
  return TRUE;
}

/* Leaves out the points that nothing was measured in: one program writes them as NaN, another
 * not at all. */
static void
drop_holes (SaxidCurve *curve)
{
  gsize kept = 0;

  for (gsize k = 0; k < curve->n; k++)
    if (isfinite (curve->intensity[k]))
      {
        curve->q[kept] = curve->q[k];
        curve->intensity[kept++] = curve->intensity[k];
      }
  curve->n = kept;
}

/* Whether two sources of one curve each hold the same numbers. */
static gboolean
same_curve (SaxidReaderSource *a, SaxidReaderSource *b)
{
  g_autoptr (SaxidCurve) x = NULL, y = NULL;
  gboolean same;

  if (a->public.n_frame != 1 || b->public.n_frame != 1)
    return FALSE;
  x = saxid_curve_new (a->public.n_q, a->sigma != NULL, a->dq != NULL);
  y = saxid_curve_new (b->public.n_q, b->sigma != NULL, b->dq != NULL);
  same = saxid_source_read (a, 0, x, NULL) && saxid_source_read (b, 0, y, NULL);
  if (same)
    {
      drop_holes (x);
      drop_holes (y);
      same = x->n > 0 && x->n == y->n && memcmp (x->q, y->q, x->n * sizeof *x->q) == 0
             && memcmp (x->intensity, y->intensity, x->n * sizeof *x->intensity) == 0;
    }
  saxid_source_forget (a);
  saxid_source_forget (b);
  return same;
}

static gboolean
is_below (const char *path, const char *above)
{
  gsize length = strlen (above);

  return strlen (path) > length && strncmp (path, above, length) == 0
         && (path[length] == '/' || g_str_has_suffix (above, "/"));
}

/* An entry may hold one curve twice, in its own dialect and in that of a
 * subentry (as `saxid reduce` writes a single frame); it is read once, and the
 * outer entry is tagged. */
void
saxid_reader_drop_copies (SaxidReader *reader)
{
  for (guint outer = 0; outer < reader->sources->len && reader->sources->len <= MAX_COMPARED; outer++)
    for (guint inner = reader->sources->len; inner-- > 0;)
      {
        SaxidReaderSource *kept = reader->sources->pdata[outer], *copy = reader->sources->pdata[inner];

        if (!is_below (copy->public.entry, kept->public.entry) || !same_curve (kept, copy))
          continue;
        g_ptr_array_remove_index (reader->sources, inner);
        outer -= inner < outer;
      }
}
