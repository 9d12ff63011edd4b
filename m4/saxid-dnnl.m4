# SAXID_DNNL
# oneDNN has no .pc file on every system. Its second and its third version serve;
# onednn.c in models/learn/network asks DNNL_VERSION_MAJOR which of them it is. Sets DNNL_LIBS.
AC_DEFUN([SAXID_DNNL], [
  AC_CHECK_HEADER([oneapi/dnnl/dnnl.h], [],
    [AC_MSG_ERROR([oneDNN is not installed (Debian: libdnnl-dev)])])
  AC_COMPUTE_INT([saxid_dnnl], [DNNL_VERSION_MAJOR], [@%:@include <oneapi/dnnl/dnnl_version.h>], [saxid_dnnl=0])
  saxid_save_libs=$LIBS
  AS_CASE([$saxid_dnnl],
    [2], [AC_SEARCH_LIBS([dnnl_memory_desc_init_by_tag], [dnnl], [DNNL_LIBS=-ldnnl],
            [AC_MSG_ERROR([libdnnl has no dnnl_memory_desc_init_by_tag, but its header is of version 2])])],
    [3], [AC_SEARCH_LIBS([dnnl_memory_desc_create_with_tag], [dnnl], [DNNL_LIBS=-ldnnl],
            [AC_MSG_ERROR([libdnnl has no dnnl_memory_desc_create_with_tag, but its header is of version 3])])],
    [AC_MSG_ERROR([oneDNN is of version $saxid_dnnl, 2 or 3 is needed])])
  LIBS=$saxid_save_libs
  AC_SUBST([DNNL_LIBS])
])
