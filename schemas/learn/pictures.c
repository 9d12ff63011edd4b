/* How are pictures of frames kept?
 *
 * Thread: see pictures.h.
 */
#include "schemas/learn/pictures.h"

#include "reducers/error.h"
#include "schemas/disk/atomic-file.h"
#include "schemas/hdf5/store.h"

#define FORMAT "saxid-pictures-1"
#define DEFLATE 4

static gboolean
store_all (hid_t file, const SaxidPictures *pictures, GError **error)
{
  const hsize_t image[] = { pictures->n, pictures->side * pictures->side }, row[] = { pictures->n };

  return saxid_store_attribute (file, "format", FORMAT, error)
         && saxid_store_attribute (file, "techniques", pictures->techniques, error)
         && saxid_store_attribute (file, "source", pictures->source, error)
         && saxid_store_array (file, "picture", H5T_STD_U8LE, H5T_NATIVE_UINT8, 2, image, DEFLATE, pictures->picture, error)
         && saxid_store_array (file, "share", H5T_STD_U8LE, H5T_NATIVE_UINT8, 2, image, DEFLATE, pictures->share, error)
         && saxid_store_array (file, "technique", H5T_STD_U8LE, H5T_NATIVE_UINT8, 1, row, 0, pictures->technique, error)
         && saxid_store_array (file, "experiment", H5T_STD_U32LE, H5T_NATIVE_UINT32, 1, row, 0, pictures->experiment, error);
}

static gboolean
write_file (const char *path, const SaxidPictures *pictures, GError **error)
{
  const hid_t file = H5Fcreate (path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  const gboolean done = file >= 0 && store_all (file, pictures, error);

  if (file >= 0 && H5Fclose (file) >= 0)
    return done;
  if (error != NULL && *error == NULL)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "set of %" G_GSIZE_FORMAT " pictures cannot be written (%s)", pictures->n, path);
  return FALSE;
}

gboolean
saxid_pictures_write (const char *path, const SaxidPictures *pictures, GError **error)
{
  g_autoptr (SaxidAtomicFile) target = saxid_atomic_begin (path, error);
  gboolean done;

  if (target == NULL)
    return FALSE;
  H5E_BEGIN_TRY { done = write_file (saxid_atomic_path (target), pictures, error); }
  H5E_END_TRY
  return done && saxid_atomic_commit (g_steal_pointer (&target), error);
}
