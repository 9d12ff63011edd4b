/* How does a long simulation go on after it was killed?
 *
 *   head    one line "saxid-spool-2 DIGEST", DIGEST of all that the curves depend on
 *   block   16 bytes (curves, reserved), the arrays one after the other, and the
 *           MD5 of all that
 *
 * HDF5 cannot be appended to safely: it changes what it wrote before. Here nothing
 * is changed, so what has a right checksum is right. The first block that has none
 * ends the spool.
 *
 * Thread: one thread at a time.
 */
#include "schemas/learn/dataset-spool.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reducers/error.h"
#include "schemas/disk/write-all.h"

#define HEAD "saxid-spool-2 "
#define DIGEST_BYTES 16
#define MOST_ARRAYS 6

typedef struct
{
  gsize size; /* bytes for each curve; 0: not in this set */
  gsize offset;
} Array;

struct SaxidDatasetSpool
{
  char *path, *part;
  SaxidDatasetHeader header;
  int file;
  gsize head_size, n_done;
  Array array[MOST_ARRAYS]; /* intensity, sigma, label, parameter, q, parts */
  guint8 *block;            /* room for one */
};

static gboolean
fail (const SaxidDatasetSpool *spool, const char *what, GError **error)
{
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "%s: %s (%s)", what, g_strerror (errno), spool->part);
  return FALSE;
}

/* Bytes that were read: fewer than n at the end of the file only. */
static gsize
read_all (int file, guint8 *bytes, gsize n)
{
  gsize sum = 0;

  while (sum < n)
    {
      gssize got = read (file, bytes + sum, n - sum);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        break;
      sum += (gsize) got;
    }
  return sum;
}

static void
copy_header (SaxidDatasetHeader *to, const SaxidDatasetHeader *from)
{
  *to = *from;
  to->q = g_memdup2 (from->q, from->n_q * sizeof *from->q);
  to->dq = g_memdup2 (from->dq, from->n_q * sizeof *from->dq);
  to->class_name = g_strdupv (from->class_name);
  to->parameter_name = g_strdupv (from->parameter_name);
  to->population = g_strdup (from->population);
  to->instrument = g_strdup (from->instrument);
  to->intensity_unit = g_strdup (from->intensity_unit);
  to->program_version = g_strdup (from->program_version);
}

/* One line that another set cannot have. */
static char *
make_head (const SaxidDatasetHeader *header, const char *identity)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *classes = g_strjoinv (",", header->class_name);
  g_autofree char *names = g_strjoinv (",", header->parameter_name);
  g_autofree char *rest = g_strdup_printf (
    "|%s|%s|%s|%s|%" G_GUINT64_FORMAT "|%d|%s|%" G_GSIZE_FORMAT "|%s|%d", classes, names, header->population,
    header->instrument, header->seed, header->noiseless, header->program_version, header->n_q, identity,
    G_BYTE_ORDER);

  if (header->q != NULL)
    g_checksum_update (sum, (const guchar *) header->q, (gssize) (header->n_q * sizeof *header->q));
  g_checksum_update (sum, (const guchar *) rest, -1);
  return g_strconcat (HEAD, g_checksum_get_string (sum), "\n", NULL);
}

static void
lay_arrays (SaxidDatasetSpool *spool)
{
  const SaxidDatasetHeader *header = &spool->header;
  const gboolean is_library = strcmp (header->instrument, SAXID_DATASET_LIBRARY) == 0;
  const gsize sizes[MOST_ARRAYS]
    = { header->n_q * sizeof (float), header->n_q * sizeof (float), 1, header->n_parameter * sizeof (double),
        header->q == NULL ? header->n_q * sizeof (double) : 0, is_library ? 2 * header->n_q * sizeof (float) : 0 };

  for (guint k = 0; k < MOST_ARRAYS; k++)
    spool->array[k].size = sizes[k];
}

/* Bytes of a block of `count` curves, checksum included; sets the offsets. */
static gsize
lay_block (SaxidDatasetSpool *spool, gsize count)
{
  gsize at = 16;

  for (guint k = 0; k < MOST_ARRAYS; k++)
    {
      spool->array[k].offset = at;
      at += (count * spool->array[k].size + 7) / 8 * 8;
    }
  return at + DIGEST_BYTES;
}

static void
digest_block (const guint8 *block, gsize size, guint8 *digest)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_MD5);
  gsize length = DIGEST_BYTES;

  g_checksum_update (sum, block, (gssize) (size - DIGEST_BYTES));
  g_checksum_get_digest (sum, digest, &length);
}

/* Reads the next block into spool->block; its curves, or 0 when there is none. */
static gsize
next_block (SaxidDatasetSpool *spool)
{
  guint8 digest[DIGEST_BYTES];
  guint64 count;
  gsize size;

  if (read_all (spool->file, spool->block, 16) < 16)
    return 0;
  memcpy (&count, spool->block, sizeof count);
  if (count < 1 || count > SAXID_SPOOL_BLOCK)
    return 0;
  size = lay_block (spool, (gsize) count);
  if (read_all (spool->file, spool->block + 16, size - 16) < size - 16)
    return 0;
  digest_block (spool->block, size, digest);
  return memcmp (digest, spool->block + size - DIGEST_BYTES, DIGEST_BYTES) == 0 ? (gsize) count : 0;
}

/* Counts what is sound, and cuts off what is not: a short block too, since a run
 * for more curves would not have it. */
static gboolean
take_up (SaxidDatasetSpool *spool, GError **error)
{
  off_t sound = (off_t) spool->head_size;

  while (next_block (spool) == SAXID_SPOOL_BLOCK)
    {
      sound += (off_t) lay_block (spool, SAXID_SPOOL_BLOCK);
      spool->n_done += SAXID_SPOOL_BLOCK;
    }
  if (ftruncate (spool->file, sound) != 0 || lseek (spool->file, sound, SEEK_SET) != sound)
    return fail (spool, "spool cannot be taken up", error);
  return TRUE;
}

static gboolean
begin (SaxidDatasetSpool *spool, const char *head, GError **error)
{
  if (ftruncate (spool->file, 0) != 0 || lseek (spool->file, 0, SEEK_SET) != 0
      || !saxid_write_all (spool->file, head, spool->head_size))
    return fail (spool, "spool cannot be begun", error);
  return TRUE;
}

static gboolean
open_part (SaxidDatasetSpool *spool, GError **error)
{
  struct stat status;

  spool->file = g_open (spool->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (spool->file < 0)
    return fail (spool, "spool cannot be opened", error);
  if (fstat (spool->file, &status) != 0 || !S_ISREG (status.st_mode))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "spool is no plain file (%s)", spool->part);
      return FALSE;
    }
  if (flock (spool->file, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED, "another run is writing this set (%s)", spool->part);
  return FALSE;
}

SaxidDatasetSpool *
saxid_dataset_spool_open (const char *path, const SaxidDatasetHeader *header, const char *identity, gboolean anew,
                          gsize *n_done, GError **error)
{
  g_autoptr (SaxidDatasetSpool) spool = g_new0 (SaxidDatasetSpool, 1);
  g_autofree char *head = make_head (header, identity), *found = NULL;
  gsize length;

  spool->path = g_strdup (path);
  spool->part = g_strconcat (path, ".part", NULL);
  copy_header (&spool->header, header);
  spool->head_size = strlen (head);
  spool->n_done = G_MAXSIZE; /* not ours to remove yet */
  if (!open_part (spool, error))
    return NULL;
  lay_arrays (spool);
  spool->block = g_malloc (lay_block (spool, SAXID_SPOOL_BLOCK));
  found = g_malloc (spool->head_size);
  length = read_all (spool->file, (guint8 *) found, spool->head_size);
  if (!anew && length > 0 && (length < spool->head_size || memcmp (found, head, length) != 0))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "an interrupted run with other settings left %s; give its settings, or --restart", spool->part);
      return NULL;
    }
  spool->n_done = 0;
  if (!(anew || length == 0 ? begin (spool, head, error) : take_up (spool, error)))
    return NULL;
  *n_done = spool->n_done;
  return g_steal_pointer (&spool);
}

gboolean
saxid_dataset_spool_append (SaxidDatasetSpool *spool, const SaxidDatasetRows *rows, GError **error)
{
  const gconstpointer values[MOST_ARRAYS]
    = { rows->intensity, rows->sigma, rows->label, rows->parameter, rows->q, rows->parts };
  const gsize count = rows->count;
  guint64 n = count;
  gsize size;

  g_return_val_if_fail (count >= 1 && count <= SAXID_SPOOL_BLOCK, FALSE);

  size = lay_block (spool, count);
  memset (spool->block, 0, size);
  memcpy (spool->block, &n, sizeof n);
  for (guint k = 0; k < MOST_ARRAYS; k++)
    if (spool->array[k].size > 0)
      memcpy (spool->block + spool->array[k].offset, values[k], count * spool->array[k].size);
  digest_block (spool->block, size, spool->block + size - DIGEST_BYTES);
  if (!saxid_write_all (spool->file, spool->block, size))
    return fail (spool, "spool cannot be written", error);
  spool->n_done += count;
  return TRUE;
}

static gboolean
copy_block (const SaxidDatasetSpool *spool, SaxidDatasetWriter *writer, gsize count, GError **error)
{
  gpointer values[MOST_ARRAYS] = { NULL };

  for (guint k = 0; k < MOST_ARRAYS; k++)
    values[k] = spool->array[k].size > 0 ? spool->block + spool->array[k].offset : NULL;
  return saxid_dataset_writer_append (writer,
                                      &(SaxidDatasetRows) { .count = count, .intensity = values[0],
                                                            .sigma = values[1], .label = values[2],
                                                            .parameter = values[3], .q = values[4],
                                                            .parts = values[5] },
                                      error);
}

gboolean
saxid_dataset_spool_finish (SaxidDatasetSpool *spool, gsize n_curve, GError **error)
{
  g_autoptr (SaxidDatasetWriter) writer = saxid_dataset_writer_new (spool->path, &spool->header, error);

  if (writer == NULL)
    return FALSE;
  if (lseek (spool->file, (off_t) spool->head_size, SEEK_SET) != (off_t) spool->head_size)
    return fail (spool, "spool cannot be read", error);
  for (gsize done = 0, count; done < n_curve; done += count)
    {
      count = next_block (spool);
      if (count == 0)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                       "spool ends after %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " curves (%s)", done, n_curve,
                       spool->part);
          return FALSE;
        }
      if (!copy_block (spool, writer, MIN (count, n_curve - done), error))
        return FALSE;
    }
  if (!saxid_dataset_writer_finish (writer, error))
    return FALSE;
  g_unlink (spool->part);
  return TRUE;
}

const char *
saxid_dataset_spool_path (const SaxidDatasetSpool *spool)
{
  return spool->part;
}

void
saxid_dataset_spool_free (SaxidDatasetSpool *spool)
{
  if (spool == NULL)
    return;
  if (spool->file >= 0 && spool->n_done == 0)
    g_unlink (spool->part);
  if (spool->file >= 0)
    close (spool->file);
  saxid_dataset_header_clear (&spool->header);
  g_free (spool->block);
  g_free (spool->path);
  g_free (spool->part);
  g_free (spool);
}
