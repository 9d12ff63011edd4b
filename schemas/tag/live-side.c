/* Where do the tags of a file go that somebody else is writing?
 *
 * Thread: one thread at a time.
 */
#include "schemas/tag/live-side.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "reducers/error.h"
#include "schemas/hdf5/input.h"
#include "schemas/tag/layout.h"
#include "schemas/tag/side.h"
#include "schemas/tag/target.h"

#define READER_PAUSES 40
#define READER_PAUSE_US 50000

struct SaxidLiveSide
{
  hid_t file;
  char *source_name; /* without directory */
  char *path;        /* of the side file */
  char *hidden;      /* until it begins; NULL: it is gone on with */
};

static gboolean
refuse (GError **error, const SaxidLiveSide *side, const char *doing)
{
  g_autofree char *reason = saxid_tag_hdf5_reason ();

  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "cannot %s the side file: %s (%s)", doing, reason, side->path);
  return FALSE;
}

/* Whether we could have such a lock on it: HDF5 locks what it writes for itself alone, and what
 * it reads together with others. */
static gboolean
can_lock (const char *path, int kind)
{
  const int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  const gboolean can = fd >= 0 && (flock (fd, kind | LOCK_NB) == 0 || errno != EWOULDBLOCK);

  if (fd >= 0)
    close (fd);
  return can;
}

/* Readers come and go: one that looks just now is no reason to begin anew. */
static hid_t
open_again (const SaxidLiveSide *side, hid_t access)
{
  hid_t file = H5Fopen (side->path, H5F_ACC_RDWR, access);

  for (guint k = 0; file < 0 && k < READER_PAUSES && !can_lock (side->path, LOCK_EX); k++)
    {
      g_usleep (READER_PAUSE_US);
      file = H5Fopen (side->path, H5F_ACC_RDWR, access);
    }
  return file;
}

static hid_t
open_or_make (const SaxidLiveSide *side, GError **error)
{
  g_auto (SaxidHid) access = H5Pcreate (H5P_FILE_ACCESS);
  hid_t file = -1;

#if H5_VERSION_GE(1, 10, 7)
  H5Pset_file_locking (access, TRUE, TRUE);
#endif
  if (access >= 0 && H5Pset_libver_bounds (access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST) >= 0
      && H5Pset_fclose_degree (access, H5F_CLOSE_STRONG) >= 0)
    file = side->hidden != NULL ? H5Fcreate (side->hidden, H5F_ACC_EXCL, H5P_DEFAULT, access)
                                : open_again (side, access);
  if (file < 0) /* before a call that succeeds makes HDF5 forget why */
    refuse (error, side, side->hidden != NULL ? "make" : "go on with");
  return file;
}

SaxidLiveSideState
saxid_live_side_state (const char *source)
{
  g_autofree char *path = saxid_tag_side_path (source), *name = g_path_get_basename (source);
  SaxidLiveSideState state;

  if (!g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    return SAXID_LIVE_SIDE_NONE;
  H5E_BEGIN_TRY
  {
    /* one that a killed writer left can be read as one that grows */
    g_autoptr (SaxidInput) input = saxid_input_open (path, FALSE, NULL, NULL);

    if (input != NULL)
      state = saxid_tag_side_is_ours (input->file, name) ? SAXID_LIVE_SIDE_OURS : SAXID_LIVE_SIDE_OTHERS;
    else
      state = can_lock (path, LOCK_SH) ? SAXID_LIVE_SIDE_UNREADABLE : SAXID_LIVE_SIDE_BUSY;
  }
  H5E_END_TRY;
  return state;
}

/* Left by a kill; a link of that name is not followed. */
static gboolean
take_away_leftover (SaxidLiveSide *side, GError **error)
{
  if (g_file_test (side->hidden, G_FILE_TEST_IS_REGULAR) && !g_file_test (side->hidden, G_FILE_TEST_IS_SYMLINK)
      && !can_lock (side->hidden, LOCK_SH))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "another saxid is making the side file (%s)", side->path);
      g_clear_pointer (&side->hidden, g_free); /* not ours to remove */
      return FALSE;
    }
  g_unlink (side->hidden);
  return TRUE;
}

SaxidLiveSide *
saxid_live_side_open (const char *source, gboolean anew, GError **error)
{
  g_autoptr (SaxidLiveSide) side = g_new0 (SaxidLiveSide, 1);

  g_return_val_if_fail (source != NULL, NULL);

  side->file = -1;
  side->source_name = g_path_get_basename (source);
  side->path = saxid_tag_side_path (source);
  if (anew)
    {
      g_autofree char *directory = g_path_get_dirname (side->path), *base = g_path_get_basename (side->path);
      g_autofree char *name = g_strdup_printf (".%s.new", base);

      side->hidden = g_build_filename (directory, name, NULL);
      if (!take_away_leftover (side, error))
        return NULL;
    }
  H5E_BEGIN_TRY
  {
    side->file = open_or_make (side, error);
  }
  H5E_END_TRY;
  return side->file >= 0 ? g_steal_pointer (&side) : NULL;
}

gint64
saxid_live_side_file (const SaxidLiveSide *side)
{
  return (gint64) side->file;
}

const char *
saxid_live_side_path (const SaxidLiveSide *side)
{
  return side->hidden != NULL ? side->hidden : side->path;
}

gboolean
saxid_live_side_link (SaxidLiveSide *side, const char *parent, const char *i_path, const char *q_path,
                      const char *sigma_path, GError **error)
{
  const SaxidRecord record = { .parent = (char *) parent, .i_path = (char *) i_path, .q_path = (char *) q_path,
                               .sigma_path = (char *) sigma_path };
  gboolean done = FALSE;

  H5E_BEGIN_TRY
  {
    done = saxid_tag_link_curves (side->file, side->source_name, &record) || refuse (error, side, "link the curves into");
  }
  H5E_END_TRY;
  return done;
}

gboolean
saxid_live_side_begin (SaxidLiveSide *side, GError **error)
{
  gboolean done = FALSE;

  H5E_BEGIN_TRY
  {
    done = H5Fstart_swmr_write (side->file) >= 0 || refuse (error, side, "begin");
  }
  H5E_END_TRY;
  if (!done || side->hidden == NULL)
    return done;
  if (g_rename (side->hidden, side->path) != 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "cannot name the side file (%s)", side->path);
      return FALSE;
    }
  g_clear_pointer (&side->hidden, g_free);
  return TRUE;
}

void
saxid_live_side_close (SaxidLiveSide *side)
{
  if (side == NULL)
    return;
  H5E_BEGIN_TRY
  {
    if (side->file >= 0)
      H5Fclose (side->file);
  }
  H5E_END_TRY;
  if (side->hidden != NULL)
    g_unlink (side->hidden);
  g_free (side->hidden);
  g_free (side->path);
  g_free (side->source_name);
  g_free (side);
}
