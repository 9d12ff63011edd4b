/* How is a frame read from a CBF file?
 *
 * A text header, the four bytes 0C 1A 04 D5, then the differences between
 * neighbouring pixels in one byte, or in two, four or eight after an escape:
 * "byte offset" compression, the one that Pilatus detectors write.
 * Bernstein & Hammersley, International Tables G (2005) ch. 5.6; Ellis &
 * Bernstein, ibid. ch. 2.3.
 *
 * Thread: a file belongs to one thread at a time.
 */
#include <string.h>

#include "reducers/error.h"
#include "schemas/disk/door.h"
#include "schemas/frame/format.h"

#define MAX_FILE ((gsize) 1 << 30)
/* Headers are a few kilobytes; a mark further off is part of something else. */
#define MAX_HEADER 65536

static const guint8 mark[] = { 0x0c, 0x1a, 0x04, 0xd5 };

typedef struct
{
  char *bytes; /* the whole file, with a NUL behind it */
  gsize n;
  const guint8 *data; /* compressed pixels */
  gsize n_data;
} Cbf;

static gboolean
probe (const guint8 *head, gsize n)
{
  return n > 6 && memcmp (head, "###CBF", 6) == 0;
}

/* The number of a line "X-Binary-Size: 2486769". */
static gboolean
header_number (const char *header, const char *key, guint64 *value, GError **error)
{
  const char *at = strstr (header, key);
  g_autofree char *word = NULL;

  if (at != NULL)
    {
      at += strlen (key) + strspn (at + strlen (key), ": ");
      word = g_strndup (at, strspn (at, "0123456789"));
      if (g_ascii_string_to_unsigned (word, 10, 0, G_MAXUINT32, value, NULL))
        return TRUE;
    }
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "CBF header has no sound number '%s'", key);
  return FALSE;
}

static gboolean
check_encoding (const char *header, GError **error)
{
  static const struct
  {
    const char *text, *what;
  } needed[] = {
    { "x-CBF_BYTE_OFFSET", "byte-offset compression" },
    { "LITTLE_ENDIAN", "little-endian bytes" },
    { "signed 32-bit integer", "signed 32-bit integers" },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (needed); k++)
    if (strstr (header, needed[k].text) == NULL)
      {
        g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED,
                     "CBF image has an encoding without %s, "
                     "which is the one read",
                     needed[k].what);
        return FALSE;
      }
  return TRUE;
}

static gboolean
check_digest (const Cbf *cbf, const char *header, GError **error)
{
  const char *at = strstr (header, "Content-MD5:");
  g_autoptr (GChecksum) checksum = NULL;
  g_autofree char *found = NULL, *stated = NULL;
  guint8 digest[16];
  gsize length = sizeof digest;

  if (at == NULL)
    return TRUE;
  at += strlen ("Content-MD5:");
  at += strspn (at, " ");
  stated = g_strndup (at, strcspn (at, " \r\n"));
  checksum = g_checksum_new (G_CHECKSUM_MD5);
  g_checksum_update (checksum, cbf->data, (gssize) cbf->n_data);
  g_checksum_get_digest (checksum, digest, &length);
  found = g_base64_encode (digest, length);
  if (strcmp (found, stated) == 0)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
               "CBF image has the digest %s, its header says %s", found, stated);
  return FALSE;
}

static gboolean
open_cbf (SaxidFrameFile *file, GError **error)
{
  Cbf *cbf = g_new0 (Cbf, 1);
  g_autofree char *header = NULL;
  guint64 width, height, size;
  gsize at;

  file->handle = cbf;
  if (!saxid_door_read (file->path, MAX_FILE, &cbf->bytes, &cbf->n, error))
    return FALSE;
  for (at = 0;
       at + sizeof mark <= MIN (cbf->n, MAX_HEADER) && memcmp (cbf->bytes + at, mark, sizeof mark) != 0;
       at++)
    ;
  if (at + sizeof mark > MIN (cbf->n, MAX_HEADER))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                   "CBF file of %" G_GSIZE_FORMAT " bytes has no image in its first %d", cbf->n,
                   MAX_HEADER);
      return FALSE;
    }

  header = g_strndup (cbf->bytes, at);
  if (!check_encoding (header, error) || !header_number (header, "X-Binary-Size:", &size, error)
      || !header_number (header, "X-Binary-Size-Fastest-Dimension", &width, error)
      || !header_number (header, "X-Binary-Size-Second-Dimension", &height, error)
      || !saxid_frame_check_shape (height, width, 1, error))
    return FALSE;
  cbf->data = (const guint8 *) cbf->bytes + at + sizeof mark;
  cbf->n_data = (gsize) size;
  if (size > cbf->n - at - sizeof mark)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                   "CBF image has %" G_GSIZE_FORMAT " bytes, its header says %" G_GUINT64_FORMAT
                   ": the file is cut short",
                   cbf->n - at - sizeof mark, size);
      return FALSE;
    }
  if (!check_digest (cbf, header, error))
    return FALSE;

  file->info.height = (gsize) height;
  file->info.width = (gsize) width;
  file->info.n_frame = 1;
  file->info.type = SAXID_PIXEL_TYPE_INT32;
  saxid_frame_header_parse (header, &file->info);
  return TRUE;
}

/* The signed little-endian number of `size` bytes at *at, which moves past it. */
static gboolean
take (const Cbf *cbf, gsize *at, gsize size, gint64 *value)
{
  guint64 bits = 0;

  if (size > cbf->n_data - *at)
    return FALSE;
  for (gsize k = 0; k < size; k++)
    bits |= (guint64) cbf->data[*at + k] << (8 * k);
  *at += size;
  if (size < 8 && (bits >> (8 * size - 1)) != 0)
    bits |= G_MAXUINT64 << (8 * size);
  *value = (gint64) bits;
  return TRUE;
}

/* The least number of each size says that the next size follows. */
static gboolean
take_difference (const Cbf *cbf, gsize *at, gint64 *difference)
{
  for (gsize size = 1; size < 8; size *= 2)
    {
      if (!take (cbf, at, size, difference))
        return FALSE;
      if (*difference != -((gint64) 1 << (8 * size - 1)))
        return TRUE;
    }
  return take (cbf, at, 8, difference);
}

static gboolean
read_cbf (SaxidFrameFile *file, G_GNUC_UNUSED gsize index, void *out, GError **error)
{
  gint32 *pixel = out;
  const Cbf *cbf = file->handle;
  gsize n = file->info.height * file->info.width, at = 0;
  gint64 value = 0, difference;

  for (gsize k = 0; k < n; k++)
    {
      if (!take_difference (cbf, &at, &difference)
          || __builtin_add_overflow (value, difference, &value))
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                       "CBF image ends at pixel %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT, k, n);
          return FALSE;
        }
      pixel[k] = value >= 0 && value <= G_MAXINT32 ? (gint32) value : -1; /* no data */
    }
  return TRUE;
}

static void
close_cbf (SaxidFrameFile *file)
{
  Cbf *cbf = file->handle;

  if (cbf == NULL)
    return;
  g_free (cbf->bytes);
  g_free (cbf);
  file->handle = NULL;
}

const SaxidFrameFormat saxid_frame_cbf = { "CBF", probe, open_cbf, NULL, read_cbf, close_cbf, NULL, NULL };
