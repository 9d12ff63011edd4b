# SAXID_SANITIZERS
# --enable-sanitizers: the whole tree with AddressSanitizer and UBSan.
# `make check-asan` configures a second build tree that way.
AC_DEFUN([SAXID_SANITIZERS], [
  AC_ARG_ENABLE([sanitizers],
    [AS_HELP_STRING([--enable-sanitizers], [build with address and undefined-behaviour sanitizers])],
    [], [enable_sanitizers=no])
  saxid_sanitizers=$enable_sanitizers
  SANITIZER_FLAGS=
  AS_IF([test "x$enable_sanitizers" = xyes], [
    SANITIZER_FLAGS="-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer"
  ])
  AC_SUBST([SANITIZER_FLAGS])
  AM_CONDITIONAL([SANITIZERS], [test "x$enable_sanitizers" = xyes])
])
