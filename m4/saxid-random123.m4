# SAXID_RANDOM123
# Random123 is headers only and has no .pc file.
AC_DEFUN([SAXID_RANDOM123], [
  AC_CHECK_HEADER([Random123/philox.h], [],
    [AC_MSG_ERROR([Random123 is not installed (Debian: librandom123-dev)])])
])
