/* Where are the vectors of an archive, and which are nearest to one?
 *
 * Thread: see archive/vectors.h.
 */
#include "cli/archive/vectors.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "models/technique/search.h"
#include "reducers/error.h"
#include "schemas/disk/write-all.h"

#define SUFFIX ".vectors"
#define MAGIC "saxid-vectors-1\n"
#define HEAD 128
#define AT_WIDTH 16
#define AT_MODEL 20
#define SPARE 64 /* rows beyond those that are wanted: of some the ledger knows nothing any more */

struct SaxidArchiveVectors
{
  char *path;
  int fd;
  gsize width;
  gint64 n; /* rows */
};

static gboolean
fail (const SaxidArchiveVectors *self, const char *doing, GError **error)
{
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "cannot %s the vectors: %s (%s)", doing, g_strerror (errno), self->path);
  return FALSE;
}

static gsize
row_bytes (const SaxidArchiveVectors *self)
{
  return self->width * sizeof (guint16);
}

static void
make_head (const SaxidArchiveVectors *self, const char *model, guint8 *head)
{
  const guint32 width = GUINT32_TO_LE ((guint32) self->width);

  memset (head, 0, HEAD);
  memcpy (head, MAGIC, strlen (MAGIC));
  memcpy (head + AT_WIDTH, &width, sizeof width);
  g_strlcpy ((char *) head + AT_MODEL, model, HEAD - AT_MODEL);
}

/* What is there of this network stays; a row that is not whole is cut off. */
static gboolean
check_head (SaxidArchiveVectors *self, const char *model, gboolean writing, GError **error)
{
  guint8 wanted[HEAD], found[HEAD];
  struct stat about;
  gssize got;

  make_head (self, model, wanted);
  if (fstat (self->fd, &about) != 0 || (got = pread (self->fd, found, HEAD, 0)) < 0)
    return fail (self, "read", error);
  if (got == HEAD && memcmp (found, MAGIC, strlen (MAGIC)) != 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "file is none of saxid's vectors, and left alone (%s)", self->path);
      return FALSE;
    }
  if (got == HEAD && memcmp (found, wanted, HEAD) == 0)
    {
      self->n = (gint64) (((guint64) about.st_size - HEAD) / row_bytes (self));
      return !writing || ftruncate (self->fd, HEAD + self->n * (gint64) row_bytes (self)) == 0 || fail (self, "cut", error);
    }
  if (!writing)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "vectors are of another network: sort the archive again (%s)", self->path);
      return FALSE;
    }
  return (ftruncate (self->fd, 0) == 0 && lseek (self->fd, 0, SEEK_SET) == 0 && saxid_write_all (self->fd, wanted, HEAD))
         || fail (self, "write", error);
}

SaxidArchiveVectors *
saxid_archive_vectors_open (const char *ledger, const char *model, gsize width, gboolean writing, GError **error)
{
  g_autoptr (SaxidArchiveVectors) self = g_new0 (SaxidArchiveVectors, 1);

  self->path = g_strconcat (ledger, SUFFIX, NULL);
  self->width = width;
  self->fd = open (self->path, (writing ? O_RDWR | O_CREAT : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (self->fd < 0)
    {
      fail (self, "open", error);
      return NULL;
    }
  if (!check_head (self, model, writing, error))
    return NULL;
  if (writing && lseek (self->fd, 0, SEEK_END) < 0)
    {
      fail (self, "write", error);
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
saxid_archive_vectors_free (SaxidArchiveVectors *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->path);
  g_free (self);
}

/* ---- rows --------------------------------------------------------------------------------------- */

char *
saxid_archive_vectors_say (const float *vector, gsize width)
{
  g_autofree guint16 *row = g_new (guint16, width);

  if (vector == NULL || !saxid_search_vector (vector, width, row))
    return NULL;
  for (gsize k = 0; k < width; k++)
    row[k] = GUINT16_TO_LE (row[k]);
  return g_base64_encode ((const guchar *) row, width * sizeof *row);
}

gboolean
saxid_archive_vectors_add (SaxidArchiveVectors *self, const char *said, gint64 *row, GError **error)
{
  gsize n = 0;
  g_autofree guchar *bytes = said != NULL ? g_base64_decode (said, &n) : NULL;

  *row = -1;
  if (bytes == NULL || n != row_bytes (self))
    return TRUE;
  if (!saxid_write_all (self->fd, bytes, n))
    return fail (self, "write", error);
  *row = self->n++;
  return TRUE;
}

gboolean
saxid_archive_vectors_sync (SaxidArchiveVectors *self, GError **error)
{
  return fsync (self->fd) == 0 || fail (self, "sync", error);
}

/* ---- the nearest ---------------------------------------------------------------------------------- */

void
saxid_archive_near_clear (SaxidArchiveNear *near)
{
  g_free (near->path);
  g_free (near->label);
  *near = (SaxidArchiveNear) { 0 };
}

typedef struct
{
  SaxidArchiveNear *near;
  gboolean known;
} Answer;

static gboolean
take_frame (guint n G_GNUC_UNUSED, const char *const *name G_GNUC_UNUSED, const char *const *value, gpointer data)
{
  Answer *answer = data;

  answer->known = TRUE;
  answer->near->path = g_strdup (value[0]);
  answer->near->frame = value[1] != NULL ? g_ascii_strtoll (value[1], NULL, 10) : 0;
  answer->near->label = g_strdup (value[2]);
  return FALSE;
}

/* Those that the ledger knows. */
static int
name_hits (SaxidArchiveLedger *ledger, const SaxidSearchHit *hit, guint n_hit, guint most, SaxidArchiveNear *near, GError **error)
{
  guint n = 0;

  for (guint k = 0; k < n_hit && n < most; k++)
    {
      Answer answer = { &near[n], FALSE };

      near[n] = (SaxidArchiveNear) { .distance = fmax (1 - (double) hit[k].cosine, 0) }; /* of 16 bits */
      if (!saxid_archive_ledger_vector (ledger, (gint64) hit[k].row, take_frame, &answer, error))
        return -1;
      n += answer.known;
    }
  return (int) n;
}

int
saxid_archive_vectors_nearest (SaxidArchiveVectors *self, SaxidArchiveLedger *ledger, const float *vector, guint most,
                               SaxidArchiveNear *near, GError **error)
{
  const gsize bytes = HEAD + (gsize) self->n * row_bytes (self);
  g_autofree guint16 *half = g_new (guint16, self->width);
  g_autofree float *query = g_new (float, self->width);
  g_autofree SaxidSearchHit *hit = g_new (SaxidSearchHit, most + SPARE);
  guint8 *map;
  guint n_hit;

  if (!saxid_search_vector (vector, self->width, half))
    {
      g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_DATA, "frame is the same everywhere, nothing looks like it");
      return -1;
    }
  for (gsize k = 0; k < self->width; k++)
    query[k] = saxid_half_to_float (half[k]);
  if (self->n == 0)
    return 0;
  map = mmap (NULL, bytes, PROT_READ, MAP_SHARED, self->fd, 0);
  if (map == MAP_FAILED)
    {
      fail (self, "map", error);
      return -1;
    }
  n_hit = saxid_search_nearest ((const guint16 *) (gconstpointer) (map + HEAD), (gsize) self->n, self->width, query, most + SPARE,
                                g_get_num_processors (), hit);
  munmap (map, bytes);
  return name_hits (ledger, hit, n_hit, most, near, error);
}
