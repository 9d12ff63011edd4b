# SAXID_FUZZING
# --enable-fuzzing: links the fuzz targets with libFuzzer (needs CC=clang).
# Without it the same targets are built as programs that replay a corpus.
AC_DEFUN([SAXID_FUZZING], [
  AC_ARG_ENABLE([fuzzing],
    [AS_HELP_STRING([--enable-fuzzing], [link fuzz targets with libFuzzer (CC=clang)])],
    [], [enable_fuzzing=no])
  saxid_fuzzing="replay only"
  AS_IF([test "x$enable_fuzzing" = xyes], [
    saxid_save_CFLAGS=$CFLAGS
    CFLAGS="$CFLAGS -fsanitize=fuzzer-no-link"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
                   [saxid_fuzzing=libFuzzer],
                   [AC_MSG_ERROR([--enable-fuzzing needs a compiler with libFuzzer: CC=clang])])
    CFLAGS=$saxid_save_CFLAGS
    SANITIZER_FLAGS="$SANITIZER_FLAGS -fsanitize=fuzzer-no-link,address"
  ])
  AM_CONDITIONAL([FUZZING], [test "x$saxid_fuzzing" = xlibFuzzer])
])
