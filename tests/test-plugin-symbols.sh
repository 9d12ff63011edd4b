#!/bin/sh
# Does the module export one symbol, refuse to be unloaded, stay free of what must
# stay out of it, and keep the layout of its structs?
number=0
ok() { # condition, name
  number=$((number + 1))
  if [ "$1" -eq 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}
exported=$(nm -D --defined-only "$SAXID_PLUGIN" | awk '{ print $3 }')
[ "$exported" = saxid_plugin_query ]; ok $? "one symbol is exported"
readelf -d "$SAXID_PLUGIN" | grep -q NODELETE; ok $? "the module is never unloaded"
! readelf -d "$SAXID_PLUGIN" | grep -q TEXTREL; ok $? "no text relocations"
needed=$(readelf -d "$SAXID_PLUGIN" | grep NEEDED)
! echo "$needed" | grep -qE 'fftw|openblas|lapack|cairo'; ok $? "neither FFTW nor BLAS nor cairo is linked"
! nm -D --undefined-only "$SAXID_PLUGIN" | awk '{ print $2 }' | sed 's/@.*//' | grep -qE '^(printf|puts|abort|exit|setlocale|signal|sigaction)$'
ok $? "no printing, aborting, locale or signal function is called"
# With sanitizers, or without optimisation, there are other checks or none.
if nm -D "$SAXID_PLUGIN" | grep -qE '__(asan|ubsan)_'; then
  number=$((number + 1)); echo "ok $number - hardened # SKIP sanitizers"
else
  for file in "$SAXID_PLUGIN" "$SAXID_BUILDDIR/saxid"; do
    [ -f "$SAXID_BUILDDIR/.libs/saxid" ] && [ "$file" = "$SAXID_BUILDDIR/saxid" ] && file=$SAXID_BUILDDIR/.libs/saxid
    readelf -d "$file" | grep -qE 'BIND_NOW|FLAGS.*NOW' && readelf -lW "$file" | grep -q GNU_RELRO
    ok $? "symbols are bound at once and read-only then: ${file##*/}"
    nm -D "$file" | grep -q __stack_chk_fail; ok $? "stacks are protected: ${file##*/}"
  done
  nm -D "$SAXID_PLUGIN" | grep -q '_chk\>' ; ok $? "calls of the C library know sizes (FORTIFY)"
fi
tests/abi-layout > abi-layout.now 2>&1
cmp -s abi-layout.now "$SAXID_SRCDIR/tests/golden/abi-1.layout"; ok $? "the structs have the layout of ABI 1"
diff "$SAXID_SRCDIR/tests/golden/abi-1.layout" abi-layout.now | sed 's/^/# /'
rm -f abi-layout.now
echo "1..$number"
