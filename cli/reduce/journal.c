/* Which frames need not be reduced again?
 *
 * Thread: see journal.h.
 */
#include "config.h"

#include "cli/reduce/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reducers/error.h"
#include "schemas/disk/write-all.h"

#define MAGIC "saxid-resume-1\n"
#define KEY_BYTES 64 /* SHA-256 in hexadecimal digits */
#define SUM_BYTES 16 /* of a row */
#define MOST_MESSAGE 4096
#define PLANES 5
#define CLIPPED 2 /* in the mask that the clip found */

/* What comes first in a row; then the sums, the clipped pixels and the message. */
typedef struct
{
  guint64 file, frame, n_clipped, n_message;
  double monitor;
  guint64 is_good;
} Head;

struct SaxidReduceJournal
{
  char *path;
  int fd;
  gsize n_sum, n_pixel;
  off_t given;     /* bytes: what stands behind is not given yet, or torn; -1: rows are put */
  GByteArray *row; /* the next that is to be given, where has_row */
  Head head;
  gboolean has_row;
};

static gboolean
fail (GError **error, const char *what, const SaxidReduceJournal *journal)
{
  const int saved = errno;

  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "%s: %s (%s)", what, g_strerror (saved), journal->path);
  return FALSE;
}

/* ---- which reduction it is of ---------------------------------------------------------- */

static void
add_bytes (GChecksum *sum, const void *bytes, gsize n)
{
  const guint64 length = bytes != NULL ? n : 0;

  g_checksum_update (sum, (const guchar *) &length, sizeof length);
  if (length > 0)
    g_checksum_update (sum, bytes, (gssize) n);
}

static void
add_file (GChecksum *sum, const char *path)
{
  struct stat about = { 0 };

  if (path == NULL || stat (path, &about) != 0)
    about = (struct stat) { 0 };
  add_bytes (sum, path, path != NULL ? strlen (path) : 0);
  add_bytes (sum, &about.st_size, sizeof about.st_size);
  add_bytes (sum, &about.st_mtim, sizeof about.st_mtim);
}

/* A file that grows is the same one as long as its name means it. */
static void
add_growing_file (GChecksum *sum, const char *path)
{
  struct stat about = { 0 };

  if (stat (path, &about) != 0)
    about = (struct stat) { 0 };
  add_bytes (sum, path, strlen (path));
  add_bytes (sum, &about.st_dev, sizeof about.st_dev);
  add_bytes (sum, &about.st_ino, sizeof about.st_ino);
}

/* All that the sums of a frame follow from, and which frames are left out. */
static char *
make_key (const SaxidReduceJob *job, const SaxidPreparedChain *prepared, char **paths, gboolean grow)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *chain = saxid_chain_to_string (job->chain);
  const SaxidBins *bins = saxid_prepared_chain_bins (prepared);
  const gsize n = job->map->n;
  const double numbers[] = { job->geometry.dist,   job->geometry.poni1,  job->geometry.poni2, job->geometry.rot1,
                             job->geometry.rot2,   job->geometry.rot3,   job->geometry.pixel1, job->geometry.pixel2,
                             job->geometry.wavelength, (double) job->geometry.orientation };

  add_bytes (sum, PACKAGE_VERSION, strlen (PACKAGE_VERSION));
  add_bytes (sum, chain, strlen (chain));
  add_bytes (sum, numbers, sizeof numbers);
  add_bytes (sum, bins->edge, (bins->grid.n + 1) * sizeof *bins->edge);
  add_bytes (sum, saxid_prepared_chain_recipe (prepared)->bad, n);
  add_bytes (sum, job->dark, n * sizeof *job->dark);
  add_bytes (sum, job->flat, n * sizeof *job->flat);
  add_bytes (sum, job->options.path, job->options.path != NULL ? strlen (job->options.path) : 0);
  add_bytes (sum, job->options.technique, job->options.technique != NULL ? strlen (job->options.technique) : 0);
  add_file (sum, job->options.variance);
  for (char **path = paths; *path != NULL; path++)
    (grow ? add_growing_file : add_file) (sum, *path);
  return g_strdup (g_checksum_get_string (sum));
}

/* ---- the file ------------------------------------------------------------------------------ */

static gboolean
read_all (int fd, void *bytes, gsize n)
{
  gsize done = 0;

  while (done < n)
    {
      const gssize got = read (fd, (char *) bytes + done, n - done);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        return FALSE;
      done += (gsize) got;
    }
  return TRUE;
}

static gboolean
is_of (const SaxidReduceJournal *journal, const char *key)
{
  char begin[sizeof MAGIC - 1 + KEY_BYTES];

  return read_all (journal->fd, begin, sizeof begin) && memcmp (begin, MAGIC, sizeof MAGIC - 1) == 0
         && memcmp (begin + sizeof MAGIC - 1, key, KEY_BYTES) == 0;
}

static gboolean
begin (const SaxidReduceJournal *journal, const char *key, GError **error)
{
  return (ftruncate (journal->fd, 0) == 0 && lseek (journal->fd, 0, SEEK_SET) == 0
          && saxid_write_all (journal->fd, MAGIC, sizeof MAGIC - 1) && saxid_write_all (journal->fd, key, KEY_BYTES))
         || fail (error, "what is done cannot be kept", journal);
}

SaxidReduceJournal *
saxid_reduce_journal_open (const SaxidReduceJob *job, const SaxidPreparedChain *prepared, char **paths, gboolean grow,
                           gboolean *begun_anew, GError **error)
{
  g_autoptr (SaxidReduceJournal) journal = g_new0 (SaxidReduceJournal, 1);
  g_autofree char *key = make_key (job, prepared, paths, grow);
  struct stat about;

  *begun_anew = FALSE;
  journal->path = g_strconcat (job->options.output, SAXID_REDUCE_JOURNAL_SUFFIX, NULL);
  journal->n_sum = saxid_binning_size (saxid_prepared_chain_integration (prepared));
  journal->n_pixel = job->map->n;
  journal->row = g_byte_array_new ();
  journal->given = sizeof MAGIC - 1 + KEY_BYTES;
  journal->fd = open (journal->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW, 0600);
  if (journal->fd < 0 || fstat (journal->fd, &about) != 0)
    {
      fail (error, "what is done cannot be kept", journal);
      return NULL;
    }
  if (!S_ISREG (about.st_mode) || flock (journal->fd, LOCK_EX | LOCK_NB) != 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "%s (%s)",
                   S_ISREG (about.st_mode) ? "another saxid makes this output" : "it is no regular file", journal->path);
      return NULL;
    }
  if (is_of (journal, key))
    return g_steal_pointer (&journal);
  *begun_anew = about.st_size > 0;
  return begin (journal, key, error) ? g_steal_pointer (&journal) : NULL;
}

void
saxid_reduce_journal_close (SaxidReduceJournal *journal)
{
  if (journal == NULL)
    return;
  if (journal->fd >= 0)
    close (journal->fd);
  g_byte_array_unref (journal->row);
  g_free (journal->path);
  g_free (journal);
}

void
saxid_reduce_journal_done (SaxidReduceJournal *journal)
{
  unlink (journal->path);
  saxid_reduce_journal_close (journal);
}

/* ---- rows ---------------------------------------------------------------------------------- */

/* The same bytes for a row that is put and one that is read. */
static void
row_sum (const GByteArray *row, guint8 sum[SUM_BYTES])
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize n = sizeof digest;

  g_checksum_update (checksum, row->data, row->len);
  g_checksum_get_digest (checksum, digest, &n);
  memcpy (sum, digest, SUM_BYTES);
}

static void
add_sums (GByteArray *row, const SaxidSums *sums)
{
  const double *planes[PLANES] = { sums->signal, sums->variance, sums->normalisation, sums->normalisation2, sums->count };

  for (guint k = 0; k < PLANES; k++)
    g_byte_array_append (row, (const guint8 *) planes[k], (guint) (sums->n * sizeof (double)));
}

/* The first row that is put stands behind the last that was given. */
static gboolean
drop_rest (SaxidReduceJournal *journal, GError **error)
{
  if (journal->given < 0)
    return TRUE;
  if (ftruncate (journal->fd, journal->given) != 0 || lseek (journal->fd, journal->given, SEEK_SET) != journal->given)
    return fail (error, "what is done cannot be kept", journal);
  journal->has_row = FALSE;
  journal->given = -1;
  return TRUE;
}

gboolean
saxid_reduce_journal_put (SaxidReduceJournal *journal, guint file, const SaxidRunFrame *frame, GError **error)
{
  g_autoptr (GByteArray) row = g_byte_array_new ();
  const char *message = frame->error != NULL ? frame->error->message : "";
  Head head = { .file = file, .frame = frame->frame, .n_message = MIN (strlen (message), MOST_MESSAGE),
                .monitor = frame->monitor, .is_good = frame->sums != NULL };
  guint8 sum[SUM_BYTES];

  g_byte_array_append (row, (const guint8 *) &head, sizeof head);
  if (frame->sums != NULL)
    add_sums (row, frame->sums);
  for (gsize k = 0; frame->found != NULL && k < journal->n_pixel; k++)
    if (frame->found[k] == CLIPPED)
      {
        const guint32 pixel = (guint32) k;

        g_byte_array_append (row, (const guint8 *) &pixel, sizeof pixel);
        head.n_clipped++;
      }
  memcpy (row->data, &head, sizeof head);
  g_byte_array_append (row, (const guint8 *) message, (guint) head.n_message);
  row_sum (row, sum);
  g_byte_array_append (row, sum, SUM_BYTES);
  return drop_rest (journal, error)
         && (saxid_write_all (journal->fd, row->data, row->len)
             || fail (error, "what is done cannot be kept", journal));
}

/* Reads one row whole; FALSE where there is none. */
static gboolean
read_row (SaxidReduceJournal *journal)
{
  GByteArray *row = journal->row;
  Head *head = &journal->head;
  guint8 sum[SUM_BYTES], meant[SUM_BYTES];
  gsize n;

  if (!read_all (journal->fd, head, sizeof *head) || head->n_clipped > journal->n_pixel || head->n_message > MOST_MESSAGE)
    return FALSE;
  n = (head->is_good ? PLANES * journal->n_sum * sizeof (double) : 0) + head->n_clipped * sizeof (guint32) + head->n_message;
  g_byte_array_set_size (row, 0);
  g_byte_array_append (row, (const guint8 *) head, sizeof *head);
  g_byte_array_set_size (row, (guint) (sizeof *head + n));
  if (!read_all (journal->fd, row->data + sizeof *head, n) || !read_all (journal->fd, meant, SUM_BYTES))
    return FALSE;
  row_sum (row, sum);
  return memcmp (sum, meant, SUM_BYTES) == 0;
}

static gboolean
give_row (const SaxidReduceJournal *journal, SaxidReduceJournalTake take, gpointer data, GError **error)
{
  const Head *head = &journal->head;
  const guint8 *at = journal->row->data + sizeof *head;
  g_autoptr (SaxidSums) sums = head->is_good ? saxid_sums_new (journal->n_sum) : NULL;
  g_autofree guint8 *found = head->n_clipped > 0 ? g_new0 (guint8, journal->n_pixel) : NULL;
  g_autofree char *message = NULL;
  g_autoptr (GError) cause = NULL;
  SaxidRunFrame frame = { .frame = (gsize) head->frame, .sums = sums, .found = found, .monitor = head->monitor };

  if (sums != NULL)
    {
      double *const planes[PLANES] = { sums->signal, sums->variance, sums->normalisation, sums->normalisation2, sums->count };

      for (guint k = 0; k < PLANES; k++, at += journal->n_sum * sizeof (double))
        memcpy (planes[k], at, journal->n_sum * sizeof (double));
    }
  for (guint64 k = 0; k < head->n_clipped; k++, at += sizeof (guint32))
    {
      guint32 pixel;

      memcpy (&pixel, at, sizeof pixel);
      found[pixel % journal->n_pixel] = CLIPPED;
    }
  if (sums == NULL)
    {
      message = g_strndup ((const char *) at, head->n_message);
      frame.error = cause = g_error_new_literal (SAXID_ERROR, SAXID_ERROR_IO, message);
    }
  return take (&frame, data, error);
}

gboolean
saxid_reduce_journal_has_more (SaxidReduceJournal *journal)
{
  if (!journal->has_row && journal->given >= 0)
    journal->has_row = lseek (journal->fd, journal->given, SEEK_SET) == journal->given && read_row (journal);
  return journal->has_row;
}

gboolean
saxid_reduce_journal_read (SaxidReduceJournal *journal, guint file, SaxidReduceJournalTake take, gpointer data,
                           GError **error)
{
  while (saxid_reduce_journal_has_more (journal) && journal->head.file == file)
    {
      if (!give_row (journal, take, data, error))
        return FALSE;
      journal->given += (off_t) (journal->row->len + SUM_BYTES);
      journal->has_row = FALSE;
    }
  return TRUE;
}
