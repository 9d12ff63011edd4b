/* Which libhdf5 is at work? The one that was loaded, not the one that was compiled with.
 *
 * Thread: as HDF5 itself.
 */
#include "schemas/hdf5/version.h"

#include "schemas/hdf5/hid.h"

const char *
saxid_hdf5_version (void)
{
  static char text[32];
  unsigned major, minor, release;

  if (H5get_libversion (&major, &minor, &release) < 0)
    return "unknown";
  g_snprintf (text, sizeof text, "%u.%u.%u", major, minor, release);
  return text;
}
