# SAXID_WARNINGS
# Every warning that finds defects in C11, as far as the compiler knows it.
# --enable-werror makes each of them an error; CI builds that way.
AC_DEFUN([SAXID_WARNINGS], [
  AC_ARG_ENABLE([werror],
    [AS_HELP_STRING([--enable-werror], [treat warnings as errors])],
    [], [enable_werror=no])
  saxid_warnings=
  saxid_save_CFLAGS=$CFLAGS
  for flag in -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes \
              -Wmissing-prototypes -Wold-style-definition -Wundef -Wformat=2 \
              -Wvla -Wwrite-strings -Wimplicit-fallthrough -Wlogical-op \
              -Werror=implicit-function-declaration -Werror=return-type
  do
    CFLAGS="$saxid_save_CFLAGS -Werror $flag"
    AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])],
                      [saxid_warnings="$saxid_warnings $flag"])
  done
  CFLAGS=$saxid_save_CFLAGS
  AS_IF([test "x$enable_werror" = xyes], [saxid_warnings="$saxid_warnings -Werror"])
  AC_SUBST([WARN_CFLAGS], ["$saxid_warnings"])
])
