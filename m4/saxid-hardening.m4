# SAXID_HARDENING
# The module parses hostile files inside a host that lives long: a defect in it is to end in a
# halt, not in control. HARDENING_CFLAGS and HARDENING_LDFLAGS; none with sanitizers, which have
# checks of their own, and no FORTIFY without optimisation, where it does nothing.
AC_DEFUN([SAXID_HARDENING], [
  HARDENING_CFLAGS=
  HARDENING_LDFLAGS=
  AS_IF([test "x$SANITIZER_FLAGS" = x], [
    saxid_save_CFLAGS=$CFLAGS
    saxid_save_LDFLAGS=$LDFLAGS
    for flag in -fstack-protector-strong -fstack-clash-protection
    do
      CFLAGS="$saxid_save_CFLAGS -Werror $flag"
      AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])], [HARDENING_CFLAGS="$HARDENING_CFLAGS $flag"])
    done
    CFLAGS="$saxid_save_CFLAGS -Werror -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([@%:@include <string.h>
@%:@ifndef __OPTIMIZE__
@%:@error no optimisation
@%:@endif], [])], [HARDENING_CFLAGS="$HARDENING_CFLAGS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"])
    CFLAGS=$saxid_save_CFLAGS
    for flag in -Wl,-z,relro -Wl,-z,now
    do
      LDFLAGS="$saxid_save_LDFLAGS $flag"
      AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])], [HARDENING_LDFLAGS="$HARDENING_LDFLAGS $flag"])
    done
    LDFLAGS=$saxid_save_LDFLAGS
  ])
  AC_SUBST([HARDENING_CFLAGS])
  AC_SUBST([HARDENING_LDFLAGS])
])
