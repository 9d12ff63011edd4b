/* saxid sort: which technique is each frame of, SAXS, WAXS, GISAXS or GIWAXS? */
#include "config.h"

#include <math.h>
#include <string.h>

#include "cli/archive/walk.h"
#include "cli/frame-technique.h"
#include "cli/interrupt.h"
#include "cli/ranges.h"
#include "cli/sort-archive.h"
#include "cli/sort-like.h"
#include "cli/tag-json.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "reducers/error.h"

#define VERB "sort"
#define MOST_WORKERS 256
#define NAME 40           /* columns of a file's name */

typedef struct
{
  SaxidFrameTechnique *image; /* NULL: headers alone */
  SaxidFrameOptions frames;
  gboolean json, all;
  const char *like_name; /* NULL: rows are printed */
  SaxidLike like;        /* the frames that look most like it */
  guint failed;
  gboolean has_heads;    /* of the table */
} Run;

/* All that is told of one frame. */
typedef struct
{
  const char *path;
  const SaxidFrameInfo *info;
  gsize frame;
  SaxidTechniqueHeader header;
  SaxidTechniqueRange range;
  SaxidTechniqueAnswer answer;
  gboolean asked; /* the image */
  SaxidTechniqueBelief belief;
  char *warning;
} Row;

static char *
find_warning (Run *run, const Row *row)
{
  g_autofree char *region = NULL;
  char *apart;

  if (row->asked && !row->answer.image.known)
    return g_strdup ("no scattering that is known: empty, dark, flat, saturated, the beam alone, or another image");
  if (row->asked && (saxid_technique_is_apart (&row->belief, SAXID_HALF_GRAZING)
                     || saxid_technique_is_apart (&row->belief, SAXID_HALF_WIDE)))
    region = saxid_frame_technique_region (run->image, row->info);
  apart = saxid_technique_disagreement (&row->belief, region);
  if (apart == NULL && row->info->lacks != NULL && strstr (row->info->lacks, "never set") != NULL)
    return g_strdup ("distance and beam centre were never set");
  if (apart == NULL && row->info->lacks != NULL && strstr (row->info->lacks, "turned") != NULL)
    return g_strdup_printf ("no range of q: the file does not say %s", row->info->lacks);
  if (apart == NULL && row->info->is_one_of_several)
    return g_strdup ("another detector of the file has images, too (--path)");
  return apart;
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static void
append_number (GString *line, const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (line, ",\"%s\":%s", name,
                          isfinite (value) ? g_ascii_formatd (text, sizeof text, "%.6g", value) : "null");
}

static void
append_text (GString *line, const char *name, const char *value)
{
  g_string_append_printf (line, ",\"%s\":", name);
  if (value != NULL)
    saxid_tag_json_text (line, value);
  else
    g_string_append (line, "null");
}

static const char *
name_or_null (SaxidTechnique technique)
{
  return technique != SAXID_TECHNIQUE_UNKNOWN ? saxid_technique_name (technique) : NULL;
}

/* Of the four techniques; p: NULL where nothing was asked. */
static void
append_four (GString *line, const char *name, const double *p)
{
  g_string_append_printf (line, ",\"%s\":%s", name, p != NULL ? "{" : "null");
  for (int k = 0; p != NULL && k < SAXID_N_TECHNIQUE; k++)
    {
      g_autofree char *lower = g_ascii_strdown (saxid_technique_name ((SaxidTechnique) k), -1);
      char text[G_ASCII_DTOSTR_BUF_SIZE];

      g_string_append_printf (line, "%s\"%s\":%s", k > 0 ? "," : "", lower, g_ascii_formatd (text, sizeof text, "%.6g", p[k]));
    }
  if (p != NULL)
    g_string_append_c (line, '}');
}

static void
print_json (const Row *row)
{
  g_autoptr (GString) line = g_string_new ("{\"file\":");

  saxid_tag_json_text (line, row->path);
  g_string_append_printf (line, ",\"frame\":%" G_GSIZE_FORMAT, row->frame);
  append_text (line, "technique", name_or_null (row->belief.best));
  append_four (line, "probability", row->belief.probability);
  append_number (line, "grazing", row->belief.half[SAXID_HALF_GRAZING]);
  append_number (line, "wide", row->belief.half[SAXID_HALF_WIDE]);
  append_text (line, "agreement", saxid_witness_name (row->belief.witness));
  append_text (line, "header", name_or_null (row->belief.header));
  append_text (line, "image", name_or_null (row->belief.image));
  append_four (line, "image_probability", row->asked && row->answer.image.known ? row->answer.probability : NULL);
  append_text (line, "source", row->belief.place);
  append_number (line, "incident_angle", row->header.has_angle ? row->header.incident_angle : NAN);
  append_number (line, "q_min", row->range.least);
  append_number (line, "q_max", row->range.most);
  append_number (line, "outlier", row->asked ? row->answer.outlier : NAN);
  g_string_append_printf (line, ",\"refused\":%s", saxid_technique_refuses (&row->belief) ? "true" : "false");
  append_text (line, "warning", row->warning);
  g_print ("%s}\n", line->str);
}

/* ---- table ---------------------------------------------------------------------------------- */

static void
print_heads (void)
{
  g_print ("%-*s %6s  %-8s %5s  %-9s %-8s %-8s %6s  %s\n", NAME, "file", "frame", "is", "graz.", "agreement", "header", "image",
           "angle", "");
}

static const char *
name_or_dash (SaxidTechnique technique)
{
  return technique != SAXID_TECHNIQUE_UNKNOWN ? saxid_technique_name (technique) : "-";
}

static void
print_row (const Row *row)
{
  g_autofree char *base = g_path_get_basename (row->path), *printable = saxid_text_printable (base);
  g_autofree char *shown = saxid_text_shortened (printable, NAME, "…");
  g_autofree char *angle = row->header.has_angle ? g_strdup_printf ("%.3g", row->header.incident_angle) : g_strdup ("-");
  g_autofree char *warning = row->warning != NULL ? saxid_text_printable (row->warning) : NULL;
  const gsize pad = NAME - MIN (saxid_text_width (shown), NAME);

  g_print ("%s%*s %6" G_GSIZE_FORMAT "  %-8s %5.2f  %-9s %-8s %-8s %6s  %s\n", shown, (int) pad, "", row->frame,
           name_or_dash (row->belief.best), row->belief.half[SAXID_HALF_GRAZING], saxid_witness_name (row->belief.witness),
           name_or_dash (row->belief.header), row->asked && !row->answer.image.known ? "none" : name_or_dash (row->belief.image),
           angle, warning != NULL ? warning : "");
}

/* ---- frames ----------------------------------------------------------------------------------- */

static void
fail (Run *run, const GError *error)
{
  run->failed++;
  saxid_verb_failed (VERB, error);
}

static void
sort_frame (Run *run, SaxidFrameFile *file, Row *row)
{
  g_autoptr (GError) error = NULL;

  row->asked = run->image != NULL;
  if (row->asked && !saxid_frame_technique_ask (run->image, file, row->frame, &row->answer, &error))
    {
      fail (run, error);
      return;
    }
  saxid_technique_believe (&row->header, row->asked ? &row->answer.image : NULL, &row->belief);
  row->warning = find_warning (run, row);
  if (run->like_name != NULL)
    saxid_like_add (&run->like, row->path, row->frame, row->belief.best, &row->answer);
  else if (run->json)
    print_json (row);
  else
    {
      if (!run->has_heads)
        print_heads ();
      run->has_heads = TRUE;
      print_row (row);
    }
  g_clear_pointer (&row->warning, g_free);
}

static void
sort_file (Run *run, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidFrameFile) file = saxid_frame_file_open (path, &run->frames, &error);
  Row row = { .path = path };

  if (file == NULL)
    {
      fail (run, error);
      return;
    }
  row.info = saxid_frame_file_info (file);
  saxid_frame_technique_range (row.info, &row.range);
  for (row.frame = 0; row.frame < (run->all ? row.info->n_frame : 1) && !saxid_interrupted (); row.frame++)
    {
      saxid_frame_technique_header (row.info, row.frame, row.range.q95, &row.header);
      sort_frame (run, file, &row);
      saxid_technique_header_clear (&row.header);
    }
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* ---- the nearest ------------------------------------------------------------------------------ */

/* Its first frame. */
static gboolean
begin_like (Run *run, GError **error)
{
  g_autoptr (SaxidFrameFile) file = saxid_frame_file_open (run->like_name, &run->frames, error);
  SaxidTechniqueAnswer answer;

  if (file == NULL || !saxid_frame_technique_ask (run->image, file, 0, &answer, error))
    return FALSE;
  if (saxid_like_begin (&run->like, &answer))
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "frame 0 is the same everywhere, nothing looks like it (%s)", run->like_name);
  return FALSE;
}

static void
print_like (const Run *run)
{
  for (guint k = 0; k < run->like.n; k++)
    {
      const SaxidLikeFrame *frame = &run->like.frame[k];
      g_autofree char *printable = saxid_text_printable (frame->path);

      if (!run->json)
        g_print ("%8.4f  %-8s %6" G_GSIZE_FORMAT "  %s\n", frame->distance, name_or_dash (frame->technique), frame->frame, printable);
      else
        {
          g_autoptr (GString) line = g_string_new ("{\"file\":");

          saxid_tag_json_text (line, frame->path);
          g_string_append_printf (line, ",\"frame\":%" G_GSIZE_FORMAT, frame->frame);
          append_text (line, "technique", name_or_null (frame->technique));
          append_number (line, "distance", frame->distance);
          g_print ("%s}\n", line->str);
        }
    }
}

static int
sort_all (Run *run, int n, char **names)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  SaxidArchiveChoice choice = { .frames = TRUE };

  for (int k = 0; k < n; k++)
    {
      g_autoptr (GError) error = NULL;

      if (!saxid_archive_walk (names[k], &(SaxidArchiveShard) { 0, 1 }, &choice, paths, &error))
        fail (run, error);
    }
  if (paths->len == 0 && run->failed == 0)
    g_printerr ("saxid " VERB ": no detector frames were found there (.nxs, .h5, .hdf, .cbf, .tif, .edf, .img and the like)\n");
  g_ptr_array_sort (paths, compare_paths);
  for (guint k = 0; k < paths->len && !saxid_interrupted (); k++)
    sort_file (run, paths->pdata[k]);
  if (!saxid_interrupted ())
    print_like (run);
  return run->failed > 0 || paths->len == 0 || saxid_interrupted () ? SAXID_EXIT_FAILED : SAXID_EXIT_OK;
}

int
saxid_verb_sort (int argc, char **argv)
{
  g_autoptr (SaxidFrameTechnique) image = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *like = NULL, *ledger = NULL, *path = NULL;
  SaxidSortArchive archive = { .time_limit = 300, .memory_limit = 4 };
  gint jobs = (gint) g_get_num_processors ();
  gboolean headers = FALSE;
  Run run = { .image = NULL };
  int exit_code;
  const GOptionEntry entries[] = {
    { "json", 'j', 0, G_OPTION_ARG_NONE, &run.json, "Print one JSON object per frame", NULL },
    { "all", 'a', 0, G_OPTION_ARG_NONE, &run.all, "All frames of a file, not the first alone", NULL },
    { "like", 0, 0, G_OPTION_ARG_FILENAME, &like, "Print the ten frames that look most like this one", "FRAME" },
    { "ledger", 0, 0, G_OPTION_ARG_FILENAME, &ledger, "Note all in this ledger, with vectors beside it, and go on from there", "FILE" },
    { "jobs", 0, 0, G_OPTION_ARG_INT, &jobs, "With --ledger: processes", "N" },
    { "retry", 0, 0, G_OPTION_ARG_NONE, &archive.retry, "With --ledger: try again what has failed", NULL },
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &archive.quiet, "With --ledger: show no progress", NULL },
    { "time-limit", 0, 0, G_OPTION_ARG_DOUBLE, &archive.time_limit, "With --ledger: seconds that one file may take (300)", "S" },
    { "memory-limit", 0, 0, G_OPTION_ARG_DOUBLE, &archive.memory_limit, "With --ledger: GiB of memory that a process may have (4)", "G" },
    { "path", 0, 0, G_OPTION_ARG_STRING, &path, "Of the images inside HDF5 files", "PATH" },
    { "follow-links", 0, 0, G_OPTION_ARG_NONE, &run.frames.follow_links, "Read images that lie in other files", NULL },
    { "headers", 0, 0, G_OPTION_ARG_NONE, &headers, "Believe headers alone, look at no image", NULL },
    G_OPTION_ENTRY_NULL,
  };
  const SaxidOptionRange ranges[] = {
    { "--jobs", SAXID_RANGE_INT, &jobs, 1, MOST_WORKERS },
    SAXID_LIMIT_RANGES (&archive.time_limit, &archive.memory_limit),
  };

  if (!saxid_verb_parse (VERB, "FRAME|DIR…",
                         "Tells of which technique detector frames are, SAXS, WAXS, GISAXS or GIWAXS: what their "
                         "headers\nsay, what their images look like, and whether the two agree.",
                         entries, &argc, &argv, &exit_code))
    return exit_code;
  if (argc < 2 && !(ledger != NULL && like != NULL))
    return saxid_verb_usage (VERB, "no frame was given");
  if (!saxid_ranges_check (VERB, G_N_ELEMENTS (ranges), ranges, &exit_code))
    return exit_code;
  run.frames.path = path;
  if (ledger != NULL && headers)
    return saxid_verb_usage (VERB, "--ledger notes what images look like: without --headers");
  if (ledger != NULL)
    {
      archive.ledger = ledger;
      archive.like = like;
      archive.jobs = (guint) jobs;
      archive.frames = run.frames;
      archive.all = run.all;
      archive.json = run.json;
      return saxid_sort_archive (&archive, argc - 1, argv + 1);
    }
  if (!headers && !saxid_technique_file_ships ())
    g_printerr ("saxid " VERB ": note: no model of images is installed, headers alone are asked\n");
  else if (!headers)
    {
      run.image = image = saxid_frame_technique_new (&error);
      if (image == NULL)
        return saxid_verb_failed (VERB, error);
    }
  if (like != NULL && run.image == NULL)
    return saxid_verb_usage (VERB, headers ? "--like looks at images: without --headers" : "--like needs the model of images");
  run.like_name = like;
  if (like != NULL && !begin_like (&run, &error))
    return saxid_verb_failed (VERB, error);
  saxid_interrupt_watch ();
  exit_code = sort_all (&run, argc - 1, argv + 1);
  saxid_like_clear (&run.like);
  return exit_code;
}
