/* How are frames read from an EDF file?
 *
 * Blocks of a text header "{ key = value ; … }" and as many bytes of pixels as
 * it says, one block a frame: the format of the ESRF and of Xenocs. A block
 * without an image in front ("general block") holds what all others share; one
 * called "….Error" is no frame. The whole file, or the pixels of a block alone,
 * may be packed by gzip or zlib.
 * Boesecke, J. Appl. Cryst. 40 (2007) s423, doi:10.1107/S0021889807001100: the
 * keys and units of SAXS headers; Center is counted from the edge of the first
 * pixel that the detector has, which is Offset pixels before that of the image.
 *
 * Thread: a file belongs to one thread at a time.
 */
#include <gio/gio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "reducers/clean-text.h"
#include "reducers/error.h"
#include "schemas/disk/door.h"
#include "schemas/frame/edf-header.h"
#include "schemas/frame/format.h"
#include "schemas/frame/pixels.h"

#define MAX_HEADER   (256u << 10) /* ID02 writes some 10 kB */
#define FIRST_LOOK   (16u << 10)
#define MAX_UNPACKED ((gsize) 1 << 30)
#define MAX_PADDING  4096u        /* between two blocks */

/* Detectors mark gaps by -1 and bad pixels by -2: a Dummy of one of these says no more than that. */
#define LEAST_MARK -2.0

typedef enum
{
  PACKED_NONE,
  PACKED_GZIP,
  PACKED_ZLIB
} Packing;

typedef struct
{
  guint64 at, size; /* of the bytes of the pixels in the file */
} Block;

typedef struct
{
  int fd;
  char *whole;    /* unpacked contents, where the file itself is packed */
  guint64 size;   /* of the contents */
  GArray *blocks; /* Block, one a frame */
  SaxidPixelConvert convert;
  SaxidPixelType type; /* of pixels that are handed on as they are, or, */
  gboolean is_plain, is_widened; /* where what is none has no mark in it, as double */
  guint pixel;    /* bytes */
  gboolean swap;
  Packing packing;
  gboolean has_dummy;
  gboolean is_difference; /* pixels below zero are data */
  double dummy, ddummy;
  guint8 *pixels;
} Edf;

static gboolean
probe (const guint8 *head, gsize n)
{
  gsize at = 0;

  if (n > 2 && head[0] == 0x1f && head[1] == 0x8b)
    return TRUE;
  while (at < n && (g_ascii_isspace (head[at]) || head[at] == '\0'))
    at++;
  if (at == n || head[at] != '{')
    return FALSE;
  while (++at < n && g_ascii_isspace (head[at]))
    ;
  return at < n && (g_ascii_isalpha (head[at]) || head[at] == '}');
}

/* ---- bytes ---------------------------------------------------------------- */

/* Fewer than wanted only at the end. */
static gsize
get (const Edf *edf, guint64 at, gsize n, void *out)
{
  gsize got = 0;

  if (at >= edf->size)
    return 0;
  n = (gsize) MIN (n, edf->size - at);
  if (edf->whole != NULL)
    {
      memcpy (out, edf->whole + at, n);
      return n;
    }
  while (got < n)
    {
      gssize part = pread (edf->fd, (char *) out + got, n - got, (off_t) (at + got));

      if (part <= 0)
        break;
      got += (gsize) part;
    }
  return got;
}

/* Unpacks all of `in`; at most `most` bytes come out.
 * Errors: SAXID_ERROR_FORMAT, _LIMIT. */
static gboolean
unpack (Packing packing, const char *in, gsize n_in, gsize most, GByteArray *out, GError **error)
{
  g_autoptr (GZlibDecompressor) converter = g_zlib_decompressor_new (
    packing == PACKED_GZIP ? G_ZLIB_COMPRESSOR_FORMAT_GZIP : G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  GConverterResult result = G_CONVERTER_CONVERTED;
  guint8 piece[65536];
  gsize at = 0;

  while (result != G_CONVERTER_FINISHED)
    {
      g_autoptr (GError) cause = NULL;
      gsize taken = 0, made = 0;

      result = g_converter_convert (G_CONVERTER (converter), in + at, n_in - at, piece, sizeof piece,
                                    G_CONVERTER_INPUT_AT_END, &taken, &made, &cause);
      if (result == G_CONVERTER_ERROR)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "EDF data cannot be unpacked: %s", cause->message);
          return FALSE;
        }
      at += taken;
      if (made > most - out->len)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT,
                       "EDF data unpack to more than %" G_GSIZE_FORMAT " bytes", most);
          return FALSE;
        }
      g_byte_array_append (out, piece, (guint) made);
    }
  return TRUE;
}

static gboolean
open_contents (Edf *edf, const char *path, GError **error)
{
  guint8 magic[2] = { 0 };

  edf->fd = saxid_door_open (path, &edf->size, error);
  if (edf->fd < 0)
    return FALSE;
  if (get (edf, 0, sizeof magic, magic) == sizeof magic && magic[0] == 0x1f && magic[1] == 0x8b)
    {
      g_autoptr (GByteArray) out = g_byte_array_new ();
      g_autofree char *packed = NULL;
      gsize n;

      if (!saxid_door_read (path, MAX_UNPACKED, &packed, &n, error)
          || !unpack (PACKED_GZIP, packed, n, MAX_UNPACKED, out, error))
        return FALSE;
      edf->size = out->len;
      edf->whole = (char *) g_byte_array_free (g_steal_pointer (&out), FALSE);
      if (edf->whole == NULL)
        edf->whole = g_strdup ("");
    }
  return TRUE;
}

/* ---- the header ----------------------------------------------------------- */

/* Keys in lower case; the first of two alike counts, as a value of its own does
 * before that of the general block. */
static void
split_header (char *text, GHashTable *keys)
{
  for (char *line = text; line != NULL && *line != '\0';)
    {
      char *end = line, *equals;
      gboolean last;

      /* a value may have semicolons in it: the one at the end of a line ends it */
      while (*end != '\0' && !(*end == ';' && (end[1 + strspn (end + 1, " \t\r")] == '\n' || end[1] == '\0'))
             && *end != '\n')
        end++;
      last = *end == '\0';
      *end = '\0';
      equals = strchr (line, '=');
      if (equals != NULL)
        {
          g_autofree char *key = NULL;

          *equals = '\0';
          key = g_ascii_strdown (g_strstrip (line), -1);
          if (key[0] != '\0' && !g_hash_table_contains (keys, key))
            g_hash_table_insert (keys, g_steal_pointer (&key),
                                 saxid_clean_text (g_strstrip (equals + 1), -1));
        }
      line = last ? NULL : end + 1;
    }
}

/* The end of a header: a brace at the end of a line; n where there is none. */
static gsize
find_end (const char *text, gsize begin, gsize n)
{
  gsize end;

  for (end = begin; end < n; end++)
    if (text[end] == '}' && (end + 1 == n || text[end + 1] == '\n' || text[end + 1] == '\r'))
      break;
  return end;
}

/* The header that begins at *at, and where its pixels begin; padding before it is passed over.
 * NULL without an error: no header follows the frames there are. */
static GHashTable *
read_header (const Edf *edf, guint64 *at, GError **error)
{
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *text = g_malloc (MAX_HEADER + 1);
  gsize n, begin, end;

  n = get (edf, *at, FIRST_LOOK, text);
  for (begin = 0; begin < MIN (n, MAX_PADDING) && (g_ascii_isspace (text[begin]) || text[begin] == '\0'); begin++)
    ;
  if (begin == n || (edf->blocks->len > 0 && text[begin] != '{'))
    return NULL;
  end = find_end (text, begin, n);
  if (end + 1 >= n && n == FIRST_LOOK)
    {
      n = get (edf, *at, MAX_HEADER, text);
      end = find_end (text, begin, n);
    }
  text[n] = '\0';
  if (text[begin] != '{' || end >= n)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                   text[begin] != '{' ? "no EDF header at byte %" G_GUINT64_FORMAT
                                      : "EDF header at byte %" G_GUINT64_FORMAT " does not end",
                   *at + begin);
      return NULL;
    }
  *at += end + 1;
  if (text[end + 1] == '\r')
    ++*at;
  if (end + 1 < n)
    ++*at;
  text[end] = '\0';
  split_header (text + begin + 1, keys);
  return g_steal_pointer (&keys);
}

static gboolean
count (const char *text, guint64 *value)
{
  return text != NULL && g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, value, NULL);
}

static const struct
{
  const char *name;
  SaxidPixelKind kind;
  guint bits;
} data_types[] = {
  { "signedbyte", SAXID_PIXELS_SIGNED, 8 },       { "signed8", SAXID_PIXELS_SIGNED, 8 },
  { "unsignedbyte", SAXID_PIXELS_UNSIGNED, 8 },   { "unsigned8", SAXID_PIXELS_UNSIGNED, 8 },
  { "signedshort", SAXID_PIXELS_SIGNED, 16 },     { "signed16", SAXID_PIXELS_SIGNED, 16 },
  { "signedshortinteger", SAXID_PIXELS_SIGNED, 16 },
  { "unsignedshort", SAXID_PIXELS_UNSIGNED, 16 }, { "unsigned16", SAXID_PIXELS_UNSIGNED, 16 },
  { "unsignedshortinteger", SAXID_PIXELS_UNSIGNED, 16 },
  { "signedinteger", SAXID_PIXELS_SIGNED, 32 },   { "signed32", SAXID_PIXELS_SIGNED, 32 },
  { "signedlong", SAXID_PIXELS_SIGNED, 32 },      { "signedlonginteger", SAXID_PIXELS_SIGNED, 32 },
  { "unsignedinteger", SAXID_PIXELS_UNSIGNED, 32 }, { "unsigned32", SAXID_PIXELS_UNSIGNED, 32 },
  { "unsignedlong", SAXID_PIXELS_UNSIGNED, 32 },  { "unsignedlonginteger", SAXID_PIXELS_UNSIGNED, 32 },
  { "signed64", SAXID_PIXELS_SIGNED, 64 },        { "signedlonglong", SAXID_PIXELS_SIGNED, 64 },
  { "unsigned64", SAXID_PIXELS_UNSIGNED, 64 },    { "unsignedlonglong", SAXID_PIXELS_UNSIGNED, 64 },
  { "float", SAXID_PIXELS_REAL, 32 },             { "floatvalue", SAXID_PIXELS_REAL, 32 },
  { "real", SAXID_PIXELS_REAL, 32 },              { "float32", SAXID_PIXELS_REAL, 32 },
  { "floatieee32", SAXID_PIXELS_REAL, 32 },       { "double", SAXID_PIXELS_REAL, 64 },
  { "doublevalue", SAXID_PIXELS_REAL, 64 },       { "float64", SAXID_PIXELS_REAL, 64 },
  { "doubleieee64", SAXID_PIXELS_REAL, 64 },      { "floatieee64", SAXID_PIXELS_REAL, 64 },
};

static const struct
{
  const char *name;
  Packing packing;
} packings[] = {
  { "none", PACKED_NONE },         { "uncompressed", PACKED_NONE },   { "no", PACKED_NONE },
  { "gzip", PACKED_GZIP },         { "gzipcompression", PACKED_GZIP }, { "gz", PACKED_GZIP },
  { "zlib", PACKED_ZLIB },         { "zcompression", PACKED_ZLIB },    { "z", PACKED_ZLIB },
};

/* How the pixels of a block are stored. */
typedef struct
{
  guint64 width, height, n_frame;
  SaxidPixelKind kind;
  guint bits;
  gboolean big_endian;
  Packing packing;
  guint64 stored; /* bytes */
} Layout;

static gboolean
find_type (GHashTable *keys, Layout *layout, GError **error)
{
  const char *said = SAXID_EDF_VALUE (keys, "datatype", "edf_datatype");

  for (gsize k = 0; said != NULL && k < G_N_ELEMENTS (data_types); k++)
    if (g_ascii_strcasecmp (said, data_types[k].name) == 0)
      {
        layout->kind = data_types[k].kind;
        layout->bits = data_types[k].bits;
        return TRUE;
      }
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED, "EDF image has DataType '%s', which is not known",
               said != NULL ? said : "none");
  return FALSE;
}

static gboolean
find_order (GHashTable *keys, Layout *layout, GError **error)
{
  const char *said = SAXID_EDF_VALUE (keys, "byteorder", "edf_byteorder");

  layout->big_endian = said != NULL && g_ascii_strcasecmp (said, "HighByteFirst") == 0;
  if (layout->bits == 8 || layout->big_endian || (said != NULL && g_ascii_strcasecmp (said, "LowByteFirst") == 0))
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED,
               "EDF image has ByteOrder '%s', LowByteFirst and HighByteFirst are read", said != NULL ? said : "none");
  return FALSE;
}

static gboolean
find_packing (GHashTable *keys, Layout *layout, GError **error)
{
  const char *said = SAXID_EDF_VALUE (keys, "compression", "edf_compression");

  layout->packing = PACKED_NONE;
  if (said == NULL)
    return TRUE;
  for (gsize k = 0; k < G_N_ELEMENTS (packings); k++)
    if (g_ascii_strcasecmp (said, packings[k].name) == 0)
      {
        layout->packing = packings[k].packing;
        return TRUE;
      }
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED, "EDF image is packed by '%s', gzip and zlib are read",
               said);
  return FALSE;
}

/* Errors: SAXID_ERROR_FORMAT, _LIMIT, _UNSUPPORTED. */
static gboolean
find_layout (GHashTable *keys, Layout *layout, GError **error)
{
  guint64 plain;

  if (SAXID_EDF_VALUE (keys, "edf_binaryfilename") != NULL)
    {
      g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED,
                           "EDF image lies in another file (EDF_BinaryFileName), which is not followed");
      return FALSE;
    }
  if (!count (SAXID_EDF_VALUE (keys, "dim_1"), &layout->width) || !count (SAXID_EDF_VALUE (keys, "dim_2"), &layout->height))
    {
      g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "EDF header has no sound Dim_1 and Dim_2");
      return FALSE;
    }
  if (!count (SAXID_EDF_VALUE (keys, "dim_3"), &layout->n_frame))
    layout->n_frame = 1;
  if (!saxid_frame_check_shape (layout->height, layout->width, layout->n_frame, error)
      || !find_type (keys, layout, error) || !find_order (keys, layout, error)
      || !find_packing (keys, layout, error))
    return FALSE;
  plain = layout->width * layout->height * (layout->bits / 8) * layout->n_frame;
  if (!count (SAXID_EDF_VALUE (keys, "edf_binarysize", "size"), &layout->stored))
    layout->stored = plain;
  if ((layout->packing == PACKED_NONE && layout->stored < plain)
      || (layout->packing != PACKED_NONE && (layout->n_frame > 1 || SAXID_EDF_VALUE (keys, "edf_binarysize", "size") == NULL)))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                   "EDF image has %" G_GUINT64_FORMAT " bytes, its header says %" G_GUINT64_FORMAT, plain,
                   layout->stored);
      return FALSE;
    }
  return TRUE;
}

static void
describe (Edf *edf, GHashTable *keys, SaxidFrameInfo *info, SaxidTechniqueWords *words)
{
  edf->has_dummy = saxid_edf_number (SAXID_EDF_VALUE (keys, "dummy"), &edf->dummy) && edf->dummy != 0;
  if (!saxid_edf_number (SAXID_EDF_VALUE (keys, "ddummy"), &edf->ddummy) || !(edf->ddummy >= 0))
    edf->ddummy = 1e-6 * fabs (edf->dummy);
  edf->is_difference = saxid_edf_describe (keys, info, words)
                       || (edf->has_dummy && !(edf->dummy >= LEAST_MARK && edf->dummy < 0));
}

/* The monitor of each frame, where every one has it. */
static void
add_monitor (GHashTable *keys, GArray *monitor, gboolean *known)
{
  double value;

  *known = *known && saxid_edf_number (SAXID_EDF_VALUE (keys, "monitor", "intensity1", "transmittedflux"), &value) && value > 0;
  if (*known)
    g_array_append_val (monitor, value);
}

/* ---- frames --------------------------------------------------------------- */

/* "1.Image.Error" belongs to the frame before it. */
static gboolean
is_no_frame (GHashTable *keys)
{
  const char *id = SAXID_EDF_VALUE (keys, "edf_datablockid");
  g_autofree char *lower = id != NULL ? g_ascii_strdown (id, -1) : NULL;

  return lower != NULL && g_str_has_suffix (lower, ".error");
}

static gboolean
same_layout (const Layout *a, const Layout *b)
{
  return a->width == b->width && a->height == b->height && a->kind == b->kind && a->bits == b->bits
         && a->big_endian == b->big_endian && a->packing == b->packing;
}

/* What a general block says counts for all others. */
static void
inherit (GHashTable *keys, GHashTable *general)
{
  static const char *const own[] = { "edf_headersize", "edf_binarysize", "size", "edf_datablockid" };
  GHashTableIter iter;
  gpointer key, value;

  if (general == NULL)
    return;
  for (gsize k = 0; k < G_N_ELEMENTS (own); k++)
    g_hash_table_remove (general, own[k]);
  g_hash_table_iter_init (&iter, general);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (!g_hash_table_contains (keys, key))
      g_hash_table_insert (keys, g_strdup (key), g_strdup (value));
}

static gboolean
add_block (Edf *edf, const Layout *layout, guint64 at, GError **error)
{
  const guint64 frame = layout->width * layout->height * (layout->bits / 8);

  if (at > edf->size || layout->stored > edf->size - at)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                   "EDF image has %" G_GUINT64_FORMAT " bytes, its header says %" G_GUINT64_FORMAT
                   ": the file is cut short",
                   at > edf->size ? 0 : edf->size - at, layout->stored);
      return FALSE;
    }
  if (edf->blocks->len + layout->n_frame > SAXID_FRAME_MAX_FRAMES)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT, "EDF file has more than %u frames", SAXID_FRAME_MAX_FRAMES);
      return FALSE;
    }
  for (guint64 k = 0; k < layout->n_frame; k++)
    {
      const Block block = { at + k * frame, layout->packing == PACKED_NONE ? frame : layout->stored };

      g_array_append_val (edf->blocks, block);
    }
  return TRUE;
}

/* Heeds the header of a frame, which must be of the kind that the first is of. */
static gboolean
take_header (Edf *edf, GHashTable *keys, const Layout *layout, const Layout *first, SaxidFrameInfo *info,
             SaxidTechniqueWords *words, GError **error)
{
  if (edf->blocks->len == 0)
    {
      info->height = (gsize) layout->height;
      info->width = (gsize) layout->width;
      describe (edf, keys, info, words);
      return TRUE;
    }
  if (same_layout (layout, first))
    {
      saxid_edf_compare (keys, words);
      return TRUE;
    }
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
               "EDF frame %u has %" G_GUINT64_FORMAT " × %" G_GUINT64_FORMAT " pixels, or another type than the first",
               edf->blocks->len, layout->height, layout->width);
  return FALSE;
}

/* A block that does not belong to a run as the first one began it ends the walk. */
static gboolean
walk_blocks (Edf *edf, SaxidFrameInfo *info, Layout *first, GArray *monitor, SaxidTechniqueWords *words, GError **error)
{
  g_autoptr (GHashTable) general = NULL;
  g_autoptr (GError) cause = NULL;
  gboolean has_monitor = TRUE;
  guint64 at = 0;

  for (;;)
    {
      g_autoptr (GHashTable) keys = read_header (edf, &at, &cause);
      Layout layout;

      if (keys == NULL)
        break;
      if (SAXID_EDF_VALUE (keys, "dim_1") == NULL && general == NULL && edf->blocks->len == 0)
        {
          guint64 skip = 0;

          if (count (SAXID_EDF_VALUE (keys, "edf_binarysize", "size"), &skip))
            at += MIN (skip, edf->size);
          general = g_steal_pointer (&keys);
          continue;
        }
      inherit (keys, general);
      if (!find_layout (keys, &layout, &cause))
        break;
      if (!is_no_frame (keys))
        {
          if (!take_header (edf, keys, &layout, first, info, words, &cause) || !add_block (edf, &layout, at, &cause))
            break;
          *first = layout;
          for (guint64 k = 0; k < layout.n_frame; k++)
            add_monitor (keys, monitor, &has_monitor);
        }
      at += MIN (layout.stored, edf->size);
    }
  if (!has_monitor)
    g_array_set_size (monitor, 0);
  if (cause == NULL && edf->blocks->len > 0)
    return TRUE;
  if (cause == NULL)
    g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "EDF file has no image");
  else
    g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static gboolean
open_edf (SaxidFrameFile *file, GError **error)
{
  Edf *edf = g_new0 (Edf, 1);
  g_autoptr (GArray) monitor = g_array_new (FALSE, FALSE, sizeof (double));
  SaxidTechniqueWords words = SAXID_TECHNIQUE_WORDS_INIT (&file->info.technique);
  Layout layout = { 0 };
  gboolean done;

  file->handle = edf;
  edf->fd = -1;
  edf->blocks = g_array_new (FALSE, FALSE, sizeof (Block));
  done = open_contents (edf, file->path, error) && walk_blocks (edf, &file->info, &layout, monitor, &words, error);
  saxid_technique_words_end (&words);
  if (!done)
    return FALSE;
  edf->convert = saxid_pixels_converter (
    layout.kind == SAXID_PIXELS_SIGNED && edf->is_difference ? SAXID_PIXELS_DIFFERENCE : layout.kind, layout.bits);
  edf->is_plain = saxid_pixels_type (layout.kind, layout.bits, &edf->type);
  edf->is_widened = edf->is_plain && edf->is_difference && edf->has_dummy; /* negative ones are data */
  if (edf->is_plain)
    file->info.type = edf->is_widened ? SAXID_PIXEL_TYPE_DOUBLE : edf->type;
  edf->pixel = layout.bits / 8;
  edf->swap = layout.big_endian != (G_BYTE_ORDER == G_BIG_ENDIAN);
  edf->packing = layout.packing;
  file->info.below_zero = layout.kind == SAXID_PIXELS_REAL || edf->is_difference;
  file->info.height = (gsize) layout.height;
  file->info.width = (gsize) layout.width;
  file->info.n_frame = edf->blocks->len;
  if (monitor->len == edf->blocks->len)
    {
      file->info.n_monitor = monitor->len;
      file->info.monitor = g_memdup2 (monitor->data, monitor->len * sizeof (double));
    }
  edf->pixels = g_try_malloc (file->info.height * file->info.width * edf->pixel);
  if (edf->pixels != NULL)
    return TRUE;
  g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_LIMIT, "there is no memory for an image");
  return FALSE;
}

/* The bytes of a frame, unpacked, into edf->pixels. */
static gboolean
fetch (Edf *edf, const Block *block, gsize n, GError **error)
{
  g_autoptr (GByteArray) out = NULL;
  g_autofree char *packed = NULL;

  if (edf->packing == PACKED_NONE)
    {
      if (get (edf, block->at, n, edf->pixels) == n)
        return TRUE;
    }
  else
    {
      out = g_byte_array_new ();
      packed = g_try_malloc (block->size);
      if (packed != NULL && get (edf, block->at, block->size, packed) == block->size
          && !unpack (edf->packing, packed, block->size, n, out, error))
        return FALSE;
      if (out->len == n)
        {
          memcpy (edf->pixels, out->data, n);
          return TRUE;
        }
    }
  g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "EDF image has fewer bytes than pixels");
  return FALSE;
}

/* Dummies become what marks a pixel without data: all bits are set, the greatest value of an
 * unsigned type and a negative one of a signed. */
static gboolean
mark_dummies (const Edf *edf, SaxidPixelType type, gsize n, guint8 *out, GError **error)
{
  g_autofree double *value = g_try_new (double, n);

  if (value == NULL)
    {
      g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_LIMIT, "there is no memory for the frame");
      return FALSE;
    }
  memcpy (out, edf->pixels, n * edf->pixel);
  saxid_pixel_widen (type, out, n, value);
  for (gsize k = 0; k < n; k++)
    if (fabs (value[k] - edf->dummy) <= edf->ddummy)
      memset (out + k * edf->pixel, 0xFF, edf->pixel);
  return TRUE;
}

static gboolean
widen (const Edf *edf, gsize n, double *out)
{
  saxid_pixel_widen (edf->type, edf->pixels, n, out);
  for (gsize k = 0; k < n; k++)
    if (fabs (out[k] - edf->dummy) <= edf->ddummy)
      out[k] = NAN;
  return TRUE;
}

static gboolean
read_edf (SaxidFrameFile *file, gsize index, void *out, GError **error)
{
  Edf *edf = file->handle;
  float *real = out;
  const gsize n = file->info.height * file->info.width;

  if (!fetch (edf, &g_array_index (edf->blocks, Block, index), n * edf->pixel, error))
    return FALSE;
  if (edf->swap)
    saxid_pixels_swap (edf->pixels, n, edf->pixel);
  if (edf->is_widened)
    return widen (edf, n, out);
  if (edf->is_plain)
    return edf->has_dummy ? mark_dummies (edf, file->info.type, n, out, error) : memcpy (out, edf->pixels, n * edf->pixel) != NULL;
  edf->convert (edf->pixels, n, real);
  for (gsize k = 0; edf->has_dummy && k < n; k++)
    if (fabs ((double) real[k] - edf->dummy) <= edf->ddummy)
      real[k] = NAN;
  return TRUE;
}

static void
close_edf (SaxidFrameFile *file)
{
  Edf *edf = file->handle;

  if (edf == NULL)
    return;
  if (edf->fd >= 0)
    close (edf->fd);
  g_array_unref (edf->blocks);
  g_free (edf->whole);
  g_free (edf->pixels);
  g_free (edf);
  file->handle = NULL;
}

const SaxidFrameFormat saxid_frame_edf = { "EDF", probe, open_edf, NULL, read_edf, close_edf, NULL, NULL };
