/* How is a frame read from a TIFF file?
 *
 * One sample a pixel, integer or float of 8 to 64 bits, any lossless
 * compression that libtiff knows, one frame a page. Dectris detectors put their
 * text header into the image description, SAXSLAB's cameras their XML into the artist.
 * TIFF 6.0, https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf.
 *
 * Thread: a file belongs to one thread at a time.
 */
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <tiffio.h>
#include <unistd.h>

#include "reducers/error.h"
#include "schemas/disk/door.h"
#include "schemas/frame/format.h"
#include "schemas/frame/pixels.h"
#include "schemas/technique/words.h"

#define MAX_ALLOCATION (512 << 20)

typedef struct
{
  TIFF *tiff;
  char message[256]; /* the last error of libtiff */
  tmsize_t n_row;    /* bytes of one row */
  guint8 *row;
  SaxidPixelConvert convert;
  gboolean is_real;
  gboolean is_plain; /* pixels are handed on as they are, in this type */
  SaxidPixelType type;
} Tiff;

static gboolean
probe (const guint8 *head, gsize n)
{
  static const guint8 magic[][4]
      = { { 'I', 'I', 42, 0 }, { 'M', 'M', 0, 42 }, { 'I', 'I', 43, 0 }, { 'M', 'M', 0, 43 } };

  for (gsize k = 0; k < G_N_ELEMENTS (magic) && n >= 4; k++)
    if (memcmp (head, magic[k], 4) == 0)
      return TRUE;
  return FALSE;
}

static const struct
{
  guint16 sample;
  SaxidPixelKind kind;
} samples_known[] = {
  { SAMPLEFORMAT_UINT, SAXID_PIXELS_UNSIGNED },
  { SAMPLEFORMAT_INT, SAXID_PIXELS_SIGNED },
  { SAMPLEFORMAT_IEEEFP, SAXID_PIXELS_REAL },
};

static int G_GNUC_PRINTF (4, 0)
keep_message (G_GNUC_UNUSED TIFF *tiff, void *user, G_GNUC_UNUSED const char *module,
              const char *format, va_list arguments)
{
  Tiff *handle = user;

  g_vsnprintf (handle->message, sizeof handle->message, format, arguments);
  return 1; /* done: nothing is printed */
}

static int G_GNUC_PRINTF (4, 0)
drop_message (G_GNUC_UNUSED TIFF *tiff, G_GNUC_UNUSED void *user, G_GNUC_UNUSED const char *module,
              G_GNUC_UNUSED const char *format, G_GNUC_UNUSED va_list arguments)
{
  return 1;
}

static gboolean
damaged (const Tiff *handle, const char *what, GError **error)
{
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "TIFF %s: %s", what,
               handle->message[0] != '\0' ? handle->message : "damaged");
  return FALSE;
}

/* Shape and encoding of the page at hand. */
static gboolean
look_at_page (Tiff *handle, guint32 *height, guint32 *width, GError **error)
{
  guint16 samples = 1, bits = 1, sample = SAMPLEFORMAT_UINT;

  *height = *width = 0;
  TIFFGetField (handle->tiff, TIFFTAG_IMAGELENGTH, height);
  TIFFGetField (handle->tiff, TIFFTAG_IMAGEWIDTH, width);
  TIFFGetFieldDefaulted (handle->tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
  TIFFGetFieldDefaulted (handle->tiff, TIFFTAG_BITSPERSAMPLE, &bits);
  TIFFGetFieldDefaulted (handle->tiff, TIFFTAG_SAMPLEFORMAT, &sample);
  if (!saxid_frame_check_shape (*height, *width, 1, error))
    return FALSE;

  handle->convert = NULL;
  for (gsize k = 0; k < G_N_ELEMENTS (samples_known); k++)
    if (samples_known[k].sample == sample)
      {
        handle->convert = saxid_pixels_converter (samples_known[k].kind, bits);
        handle->is_real = samples_known[k].kind == SAXID_PIXELS_REAL;
        handle->is_plain = saxid_pixels_type (samples_known[k].kind, bits, &handle->type);
        if (!handle->is_plain)
          handle->type = SAXID_PIXEL_TYPE_FLOAT;
      }
  if (handle->convert == NULL || samples != 1 || TIFFIsTiled (handle->tiff))
    {
      g_set_error (
          error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED,
          "TIFF image has %u samples of %u bits, format %u%s: one sample of 8 to 64 bits in strips "
          "is read",
          samples, bits, sample, TIFFIsTiled (handle->tiff) ? ", in tiles" : "");
      return FALSE;
    }
  handle->n_row = TIFFScanlineSize (handle->tiff);
  if (handle->n_row != (tmsize_t) *width * bits / 8)
    return damaged (handle, "has rows of another length than its width", error);
  return TRUE;
}

/* An image that is not compressed cannot be larger than its file. */
static gboolean
check_file_size (const SaxidFrameFile *file, const Tiff *handle, guint32 height, GError **error)
{
  guint16 compression = COMPRESSION_NONE;
  struct stat status;

  TIFFGetFieldDefaulted (handle->tiff, TIFFTAG_COMPRESSION, &compression);
  if (compression != COMPRESSION_NONE || stat (file->path, &status) != 0
      || (guint64) status.st_size >= (guint64) handle->n_row * height)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
               "TIFF image has %" G_GUINT64_FORMAT " bytes, the file %" G_GINT64_FORMAT
               ": it is cut short",
               (guint64) handle->n_row * height, (gint64) status.st_size);
  return FALSE;
}

/* MarCCD's own header stands behind that of TIFF. */
static gboolean
look_for_marccd (SaxidFrameFile *file)
{
  guint8 head[SAXID_FRAME_MARCCD_HEAD];
  guint64 size;
  const int fd = saxid_door_open (file->path, &size, NULL);
  const ssize_t n = fd >= 0 ? pread (fd, head, sizeof head, 0) : -1;

  if (fd >= 0)
    close (fd);
  return n > 0 && saxid_frame_marccd_parse (head, (gsize) n, &file->info);
}

/* SAXSLAB's instruments put XML into the tag of the artist. */
static void
look_for_saxslab (SaxidFrameFile *file, const Tiff *handle)
{
  SaxidTechniqueWords words = SAXID_TECHNIQUE_WORDS_INIT (&file->info.technique);
  char *artist = NULL;

  if (TIFFGetField (handle->tiff, TIFFTAG_ARTIST, &artist) && artist != NULL)
    {
      saxid_technique_xml (&words, "header", artist);
      saxid_frame_saxslab_parse (artist, &file->info);
    }
  saxid_technique_words_end (&words);
}

static gboolean
open_tiff (SaxidFrameFile *file, GError **error)
{
  Tiff *handle = g_new0 (Tiff, 1);
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc ();
  guint32 height, width;
  char *description = NULL;

  file->handle = handle;
  TIFFOpenOptionsSetErrorHandlerExtR (options, keep_message, handle);
  TIFFOpenOptionsSetWarningHandlerExtR (options, drop_message, handle);
  TIFFOpenOptionsSetMaxSingleMemAlloc (options, MAX_ALLOCATION);
  handle->tiff = TIFFOpenExt (file->path, "rm", options); /* m: a file cut short must not be a SIGBUS */
  TIFFOpenOptionsFree (options);
  if (handle->tiff == NULL)
    return damaged (handle, "cannot be opened", error);
  if (!look_at_page (handle, &height, &width, error) || !check_file_size (file, handle, height, error))
    return FALSE;

  file->info.below_zero = handle->is_real;
  file->info.type = handle->type;
  file->info.height = height;
  file->info.width = width;
  file->info.n_frame = TIFFNumberOfDirectories (handle->tiff);
  if (!saxid_frame_check_shape (height, width, file->info.n_frame, error))
    return FALSE;
  if (!TIFFSetDirectory (handle->tiff, 0)
      || !TIFFGetField (handle->tiff, TIFFTAG_IMAGEDESCRIPTION, &description))
    description = NULL;
  if (!look_for_marccd (file))
    saxid_frame_header_parse (description != NULL ? description : "", &file->info);
  look_for_saxslab (file, handle);
  handle->row = g_malloc ((gsize) handle->n_row);
  return TRUE;
}

/* libtiff finds a page from the first one on: the next page is one step, and a run stays linear. */
static gboolean
turn_to_page (Tiff *handle, tdir_t page)
{
  const tdir_t at = TIFFCurrentDirectory (handle->tiff);

  if (page == at)
    return TRUE;
  return (page == at + 1 ? TIFFReadDirectory (handle->tiff) : TIFFSetDirectory (handle->tiff, page)) != 0;
}

static gboolean
read_tiff (SaxidFrameFile *file, gsize index, void *out, GError **error)
{
  Tiff *handle = file->handle;
  tmsize_t n_row = handle->n_row;
  guint32 height, width;

  handle->message[0] = '\0';
  if (!turn_to_page (handle, (tdir_t) index))
    return damaged (handle, "page cannot be read", error);
  if (!look_at_page (handle, &height, &width, error))
    {
      handle->n_row = n_row; /* of the memory that a row has */
      return FALSE;
    }
  if (height != file->info.height || width != file->info.width || handle->n_row != n_row || handle->type != file->info.type)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                   "TIFF page %" G_GSIZE_FORMAT " has %u × %u pixels, the first %" G_GSIZE_FORMAT
                   " × %" G_GSIZE_FORMAT ", or of another type",
                   index, height, width, file->info.height, file->info.width);
      handle->n_row = n_row;
      return FALSE;
    }
  for (guint32 row = 0; row < height; row++)
    {
      if (TIFFReadScanline (handle->tiff, handle->row, row, 0) != 1)
        return damaged (handle, "row cannot be read", error);
      if (handle->is_plain)
        memcpy ((guint8 *) out + (gsize) row * (gsize) n_row, handle->row, (gsize) n_row);
      else
        handle->convert (handle->row, width, (float *) out + (gsize) row * width);
    }
  return TRUE;
}

static void
close_tiff (SaxidFrameFile *file)
{
  Tiff *handle = file->handle;

  if (handle == NULL)
    return;
  if (handle->tiff != NULL)
    TIFFClose (handle->tiff);
  g_free (handle->row);
  g_free (handle);
  file->handle = NULL;
}

const SaxidFrameFormat saxid_frame_tiff = { "TIFF", probe, open_tiff, NULL, read_tiff, close_tiff, NULL, NULL };
