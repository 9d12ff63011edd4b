/* Where do the packed bytes of each image lie?
 *
 * Thread: see chunks.h.
 */
#include "schemas/frame/chunks.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reducers/error.h"
#include "schemas/disk/door.h"
#include "schemas/frame/stack.h"

#define MOST_LISTED 1024 /* images; of more HDF5 takes seconds to tell the places */

#define FILTER_LZ4 32004
#define FILTER_BITSHUFFLE 32008
#define BITSHUFFLE_WITH_LZ4 2 /* its fifth value */

/* One image. */
typedef struct
{
  guint64 offset, n; /* n 0: read by HDF5 */
} Place;

struct SaxidChunks
{
  SaxidPacking packing;
  SaxidStack stack;
  int fd;
  Place *places; /* [n_frame], or NULL: HDF5 is asked for the bytes of each */
  gsize n_frame;
};

/* ---- how it is packed ---------------------------------------------------------- */

static gboolean
take_filter (hid_t creation, unsigned index, SaxidPacking *packing)
{
  unsigned flags, config, values[8] = { 0 };
  size_t n = G_N_ELEMENTS (values);
  const H5Z_filter_t filter = H5Pget_filter2 (creation, index, &flags, &n, values, 0, NULL, &config);

  if (packing->kind != SAXID_PACKING_PLAIN)
    return FALSE; /* something behind the packing: a checksum */
  if (filter == H5Z_FILTER_SHUFFLE && index == 0)
    packing->shuffled = TRUE;
  else if (filter == H5Z_FILTER_DEFLATE)
    packing->kind = SAXID_PACKING_DEFLATE;
  else if (filter == FILTER_LZ4 && !packing->shuffled)
    packing->kind = SAXID_PACKING_LZ4;
  else if (filter == FILTER_BITSHUFFLE && !packing->shuffled && n >= 5 && values[4] == BITSHUFFLE_WITH_LZ4)
    packing->kind = SAXID_PACKING_BITSHUFFLE_LZ4;
  else
    return FALSE;
  return TRUE;
}

static gboolean
find_packing (hid_t creation, SaxidPacking *packing)
{
  const int n = H5Pget_nfilters (creation);

  for (int k = 0; k < n; k++)
    if (!take_filter (creation, (unsigned) k, packing))
      return FALSE;
  return n >= 0 && !(packing->shuffled && packing->kind == SAXID_PACKING_PLAIN);
}

/* Whether a chunk is one image. */
static gboolean
is_by_image (hid_t creation, const SaxidStack *stack)
{
  hsize_t edge[SAXID_STACK_MOST_RANK], start[SAXID_STACK_MOST_RANK], image[SAXID_STACK_MOST_RANK];

  saxid_stack_select (stack, 0, start, image);
  return H5Pget_chunk (creation, SAXID_STACK_MOST_RANK, edge) == stack->rank
         && memcmp (edge, image, (gsize) stack->rank * sizeof *edge) == 0;
}

static gboolean
is_native (hid_t dataset, hid_t memory)
{
  g_auto (SaxidHid) type = H5Dget_type (dataset);

  return type >= 0 && H5Tequal (type, memory) > 0;
}

/* The file that has the data set, which a link may have led to. A block in front of the
 * HDF5 file would move every place. */
static int
open_file (hid_t dataset)
{
  g_auto (SaxidHid) file = H5Iget_file_id (dataset);
  g_auto (SaxidHid) creation = H5Fget_create_plist (file);
  hsize_t in_front = 0;
  char name[4096];
  guint64 size;
  const ssize_t n = H5Fget_name (file, name, sizeof name);

  if (H5Pget_userblock (creation, &in_front) < 0 || in_front != 0 || n <= 0 || (gsize) n >= sizeof name)
    return -1;
  return saxid_door_open (name, &size, NULL);
}

/* ---- where it lies ---------------------------------------------------------------- */

static guint64
size_of (int fd)
{
  struct stat state;

  return fstat (fd, &state) == 0 ? (guint64) state.st_size : 0;
}

/* Every chunk that lies within the file and went through all filters. */
static void
list_chunks (SaxidChunks *chunks, hid_t dataset, hid_t space)
{
  const guint64 size = size_of (chunks->fd);
  const gsize most = saxid_packing_most (&chunks->packing);
  hsize_t n_chunk = 0;

  if (H5Dget_num_chunks (dataset, space, &n_chunk) < 0)
    return;
  for (hsize_t k = 0; k < n_chunk; k++)
    {
      hsize_t at[SAXID_STACK_MOST_RANK] = { 0 }, n = 0;
      haddr_t address = HADDR_UNDEF;
      unsigned skipped = 0;
      gsize frame;

      if (H5Dget_chunk_info (dataset, space, k, at, &skipped, &address, &n) < 0)
        continue;
      frame = chunks->stack.axis >= 0 ? (gsize) at[chunks->stack.axis] : 0;
      if (skipped == 0 && address != HADDR_UNDEF && n > 0 && n <= most && address <= size && n <= size - address
          && frame < chunks->n_frame)
        chunks->places[frame] = (Place) { address, n };
    }
}

/* One run of bytes, image after image. */
static void
list_run (SaxidChunks *chunks, hid_t dataset)
{
  const haddr_t address = H5Dget_offset (dataset);
  const guint64 size = size_of (chunks->fd), image = chunks->packing.size;

  for (gsize k = 0; address != HADDR_UNDEF && address <= size && k < chunks->n_frame; k++)
    if ((k + 1) <= (size - address) / image)
      chunks->places[k] = (Place) { address + k * image, image };
}

SaxidChunks *
saxid_chunks_new (hid_t dataset, const SaxidFrameInfo *info, hid_t memory)
{
  g_auto (SaxidHid) creation = H5Dget_create_plist (dataset);
  g_auto (SaxidHid) space = H5Dget_space (dataset);
  const H5D_layout_t layout = H5Pget_layout (creation);
  const gsize element = saxid_pixel_size (info->type);
  SaxidChunks made = {
    .packing = { .element = element, .size = info->height * info->width * element },
    .fd = -1,
  };

  if (!saxid_stack_of (space, &made.stack) || made.stack.height != info->height || made.stack.width != info->width
      || !is_native (dataset, memory) || H5Pget_external_count (creation) != 0)
    return NULL;
  if (layout == H5D_CHUNKED ? !is_by_image (creation, &made.stack) || !find_packing (creation, &made.packing)
                            : layout != H5D_CONTIGUOUS)
    return NULL;
  made.n_frame = (gsize) made.stack.n;
  if (layout == H5D_CONTIGUOUS || made.n_frame <= MOST_LISTED)
    {
      made.fd = open_file (dataset);
      if (made.fd < 0)
        return NULL;
      made.places = g_new0 (Place, made.n_frame);
      if (layout == H5D_CONTIGUOUS)
        list_run (&made, dataset);
      else
        list_chunks (&made, dataset, space);
    }
  return g_memdup2 (&made, sizeof made);
}

void
saxid_chunks_free (SaxidChunks *chunks)
{
  if (chunks == NULL)
    return;
  if (chunks->fd >= 0)
    close (chunks->fd);
  g_free (chunks->places);
  g_free (chunks);
}

/* ---- one image ---------------------------------------------------------------------- */

static gboolean
allocate (SaxidPackedFrame *packed, gsize n)
{
  if (n <= packed->allocated)
    return TRUE;
  g_free (packed->bytes);
  packed->bytes = g_try_malloc (n);
  packed->allocated = packed->bytes != NULL ? n : 0;
  return packed->bytes != NULL;
}

static gboolean
read_chunk (const SaxidChunks *chunks, hid_t dataset, gsize frame, SaxidPackedFrame *packed)
{
  hsize_t at[SAXID_STACK_MOST_RANK], image[SAXID_STACK_MOST_RANK], n = 0;
  guint32 skipped = 0;

  saxid_stack_select (&chunks->stack, frame, at, image);
  if (H5Dget_chunk_storage_size (dataset, at, &n) < 0 || n == 0 || n > saxid_packing_most (&chunks->packing)
      || !allocate (packed, (gsize) n) || H5Dread_chunk (dataset, H5P_DEFAULT, at, &skipped, packed->bytes) < 0
      || skipped != 0)
    return FALSE;
  packed->fd = -1;
  packed->n = (gsize) n;
  return TRUE;
}

gboolean
saxid_chunks_fetch (const SaxidChunks *chunks, hid_t dataset, gsize frame, SaxidPackedFrame *packed, GError **error)
{
  const Place *place;

  packed->packing = chunks->packing;
  if (chunks->places == NULL)
    return read_chunk (chunks, dataset, frame, packed);
  place = frame < chunks->n_frame ? &chunks->places[frame] : NULL;
  if (place == NULL || place->n == 0)
    return FALSE;
  /* the reader has it as long as it likes, whatever is closed here */
  packed->fd = fcntl (chunks->fd, F_DUPFD_CLOEXEC, 0);
  if (packed->fd < 0)
    {
      g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_IO, "there are too many open files");
      return FALSE;
    }
  packed->offset = place->offset;
  packed->n = (gsize) place->n;
  return TRUE;
}
