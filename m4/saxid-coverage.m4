# SAXID_COVERAGE
# --enable-coverage: counts which lines are run, without optimisation.
# `make coverage` runs the suite and prints a figure for each room.
AC_DEFUN([SAXID_COVERAGE], [
  AC_ARG_ENABLE([coverage],
    [AS_HELP_STRING([--enable-coverage], [count which lines the tests run])],
    [], [enable_coverage=no])
  saxid_coverage=$enable_coverage
  COVERAGE_FLAGS=
  AS_IF([test "x$enable_coverage" = xyes], [
    COVERAGE_FLAGS="-O0 --coverage"
    AC_CHECK_PROGS([GCOV], [gcov], [no])
    AS_IF([test "x$GCOV" = xno], [AC_MSG_ERROR([--enable-coverage needs gcov])])
  ])
  AC_SUBST([COVERAGE_FLAGS])
])
