# SAXID_PYTHON: where the Python module goes, for --prefix and the interpreter in PYTHON3.
# $(pythondir) is given by the caller (--with-pythondir=DIR), or found: Debian's interpreter
# looks into dist-packages, others into site-packages. "no": the module is not installed.
AC_DEFUN([SAXID_PYTHON],
[
  AC_ARG_WITH([pythondir],
    [AS_HELP_STRING([--with-pythondir=DIR], [where the Python module goes, "no": nowhere (found by the interpreter)])],
    [saxid_pythondir=$withval], [saxid_pythondir=found])
  AS_IF([test "x$saxid_pythondir" = xfound],
    [saxid_pythondir=no
     AS_IF([test "x$PYTHON3" != xno],
       [saxid_prefix=$prefix
        test "x$saxid_prefix" = xNONE && saxid_prefix=$ac_default_prefix
        saxid_pythondir=$("$PYTHON3" -c '
import sys, sysconfig
prefix, debian = sys.argv[[1]], "deb_system" in sysconfig.get_scheme_names()
if debian and prefix == "/usr":
    print("${prefix}/lib/python3/dist-packages")
else:
    print("${prefix}/lib/python%d.%d/%s-packages" % (*sys.version_info[[:2]], "dist" if debian else "site"))
' "$saxid_prefix" 2>/dev/null) || saxid_pythondir=no])])
  AC_SUBST([pythondir], [$saxid_pythondir])
  AM_CONDITIONAL([PYTHON_MODULE], [test "x$saxid_pythondir" != xno])
])
