/* How is a frame read from an SMV file (ADSC, d*TREK and others, often .img)?
 *
 * A text header of as many bytes as its first line says, "{HEADER_BYTES=  512;", with
 * lines "KEY=value;" up to "}", then the pixels, SIZE1 of them in each of SIZE2 rows.
 * Where the beam is has been written in so many ways (of which corner, along which axis)
 * that nothing is made of it: the pixel size is compared with that of a .poni file, which
 * is needed.
 *
 * Thread: a file belongs to one thread at a time.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reducers/error.h"
#include "schemas/disk/door.h"
#include "schemas/frame/format.h"
#include "schemas/frame/pixels.h"

#define MOST_HEADER 65536

typedef struct
{
  int fd;
  gsize header; /* bytes */
  gboolean swap;
} Smv;

/* Names of pixel types, of ADSC and of d*TREK, without blanks and in lower case. */
static const struct
{
  const char *name;
  SaxidPixelType type;
} types[] = {
  { "unsigned_short", SAXID_PIXEL_TYPE_UINT16 },   { "unsignedshortint", SAXID_PIXEL_TYPE_UINT16 },
  { "short", SAXID_PIXEL_TYPE_INT16 },             { "shortint", SAXID_PIXEL_TYPE_INT16 },
  { "signed_short", SAXID_PIXEL_TYPE_INT16 },      { "unsigned_char", SAXID_PIXEL_TYPE_UINT8 },
  { "unsignedchar", SAXID_PIXEL_TYPE_UINT8 },      { "unsigned_long", SAXID_PIXEL_TYPE_UINT32 },
  { "unsigned_int", SAXID_PIXEL_TYPE_UINT32 },     { "unsignedlongint", SAXID_PIXEL_TYPE_UINT32 },
  { "long", SAXID_PIXEL_TYPE_INT32 },              { "longint", SAXID_PIXEL_TYPE_INT32 },
  { "signed_long", SAXID_PIXEL_TYPE_INT32 },       { "int", SAXID_PIXEL_TYPE_INT32 },
  { "float", SAXID_PIXEL_TYPE_FLOAT },             { "floatieee", SAXID_PIXEL_TYPE_FLOAT },
};

static gboolean
probe (const guint8 *head, gsize n)
{
  gsize at = 1;

  if (n < 32 || head[0] != '{')
    return FALSE;
  while (at < 8 && g_ascii_isspace ((char) head[at]))
    at++;
  return memcmp (head + at, "HEADER_BYTES=", 13) == 0;
}

/* The value of "KEY=value;", without blanks at its ends; NULL where there is none. */
static char *
value_of (const char *header, const char *key)
{
  const gsize length = strlen (key);

  for (const char *at = header; (at = strstr (at, key)) != NULL; at += length)
    if (at[length] == '=' && (at == header || strchr ("{;\n\r \t", at[-1]) != NULL))
      return g_strstrip (g_strndup (at + length + 1, strcspn (at + length + 1, ";\n}")));
  return NULL;
}

static double
number_of (const char *header, const char *key)
{
  g_autofree char *text = value_of (header, key);

  return text != NULL ? g_ascii_strtod (text, NULL) : 0;
}

static gboolean
find_type (const char *header, SaxidFrameInfo *info, GError **error)
{
  g_autofree char *small = value_of (header, "TYPE"), *large = value_of (header, "Data_type");
  g_autofree char *name = g_ascii_strdown (large != NULL ? large : small != NULL ? small : "", -1);
  g_auto (GStrv) words = g_strsplit (name, " ", -1);
  g_autofree char *joined = g_strjoinv ("", words);

  for (gsize k = 0; k < G_N_ELEMENTS (types); k++)
    if (strcmp (joined, types[k].name) == 0)
      {
        info->type = types[k].type;
        info->below_zero = types[k].type == SAXID_PIXEL_TYPE_FLOAT;
        return TRUE;
      }
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED, "SMV image has pixels of type '%s', which is not known", joined);
  return FALSE;
}

static char *
read_header (Smv *smv, GError **error)
{
  char start[64] = "";
  char *header;
  ssize_t n = pread (smv->fd, start, sizeof start - 1, 0);
  const char *at = n > 0 ? strstr (start, "HEADER_BYTES=") : NULL;
  const guint64 bytes = at != NULL ? g_ascii_strtoull (at + 13 + strspn (at + 13, " "), NULL, 10) : 0;

  if (bytes < 32 || bytes > MOST_HEADER)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "SMV header has %" G_GUINT64_FORMAT " bytes, 32 to %d are read",
                   bytes, MOST_HEADER);
      return NULL;
    }
  header = g_malloc0 (bytes + 1);
  smv->header = (gsize) bytes;
  if (pread (smv->fd, header, bytes, 0) == (ssize_t) bytes)
    return header;
  g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "SMV header is cut short");
  g_free (header);
  return NULL;
}

static void
find_geometry (const char *header, SaxidFrameInfo *info)
{
  info->pixel1 = info->pixel2 = number_of (header, "PIXEL_SIZE") * 1e-3;
  info->saturation = MAX (number_of (header, "SATURATED_VALUE"), number_of (header, "CCD_IMAGE_SATURATION"));
  if (!(info->pixel1 > 0 && info->pixel1 < 0.1))
    info->pixel1 = info->pixel2 = 0;
  if (!(info->saturation > 0))
    info->saturation = 0;
  saxid_frame_lacks (info, "beam centre in a way that all programs agree on");
}

static gboolean
check_packing (const char *header, GError **error)
{
  g_autofree char *packing = value_of (header, "COMPRESSION");

  if (packing == NULL || g_ascii_strcasecmp (packing, "none") == 0)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED, "SMV image is packed by '%s', plain ones are read", packing);
  return FALSE;
}

static gboolean
open_smv (SaxidFrameFile *file, GError **error)
{
  Smv *smv = g_new0 (Smv, 1);
  SaxidFrameInfo *info = &file->info;
  g_autofree char *header = NULL, *order = NULL;
  double width, height;
  guint64 size;

  file->handle = smv;
  smv->fd = saxid_door_open (file->path, &size, error);
  if (smv->fd < 0)
    return FALSE;
  header = read_header (smv, error);
  if (header == NULL || !find_type (header, info, error) || !check_packing (header, error))
    return FALSE;
  width = number_of (header, "SIZE1");
  height = number_of (header, "SIZE2");
  if (!saxid_frame_check_shape ((guint64) CLAMP (height, 0, 1e9), (guint64) CLAMP (width, 0, 1e9), 1, error))
    return FALSE;
  info->height = (gsize) height;
  info->width = (gsize) width;
  info->n_frame = 1;
  if (size < smv->header || size - smv->header < info->height * info->width * saxid_pixel_size (info->type))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                   "SMV image has %" G_GSIZE_FORMAT " bytes, the file %" G_GUINT64_FORMAT " behind its header: it is cut short",
                   info->height * info->width * saxid_pixel_size (info->type), size > smv->header ? size - smv->header : 0);
      return FALSE;
    }
  order = value_of (header, "BYTE_ORDER");
  smv->swap = (order != NULL && g_ascii_strncasecmp (order, "big", 3) == 0) == (G_BYTE_ORDER == G_LITTLE_ENDIAN);
  find_geometry (header, info);
  return TRUE;
}

static gboolean
read_smv (SaxidFrameFile *file, G_GNUC_UNUSED gsize index, void *out, GError **error)
{
  const Smv *smv = file->handle;
  const gsize n = file->info.height * file->info.width, size = saxid_pixel_size (file->info.type);
  gsize done = 0;

  while (done < n * size)
    {
      const ssize_t got = pread (smv->fd, (guint8 *) out + done, n * size - done, (off_t) (smv->header + done));

      if (got <= 0 && errno == EINTR)
        continue;
      if (got <= 0)
        {
          g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_IO, "SMV image cannot be read to its end");
          return FALSE;
        }
      done += (gsize) got;
    }
  if (smv->swap)
    saxid_pixels_swap (out, n, (guint) size);
  return TRUE;
}

static void
close_smv (SaxidFrameFile *file)
{
  Smv *smv = file->handle;

  if (smv == NULL)
    return;
  if (smv->fd >= 0)
    close (smv->fd);
  g_free (smv);
  file->handle = NULL;
}

const SaxidFrameFormat saxid_frame_smv = { "SMV", probe, open_smv, NULL, read_smv, close_smv, NULL, NULL };
