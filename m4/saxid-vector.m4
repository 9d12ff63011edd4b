# SAXID_VECTOR
# VECTOR_CFLAGS: loops over numbers become vector code, and errno and traps are of no
# concern there. Compilers differ in what they call that (clang makes the fuzz targets).
AC_DEFUN([SAXID_VECTOR], [
  VECTOR_CFLAGS=
  saxid_save_CFLAGS=$CFLAGS
  for flag in -ftree-vectorize -fvect-cost-model=dynamic -fno-math-errno -fno-trapping-math
  do
    CFLAGS="$saxid_save_CFLAGS -Werror $flag"
    AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])],
                      [VECTOR_CFLAGS="$VECTOR_CFLAGS $flag"])
  done
  CFLAGS=$saxid_save_CFLAGS
  AC_SUBST([VECTOR_CFLAGS])
])
